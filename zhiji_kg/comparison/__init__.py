"""Two of a kind side by side: what differs, and what follows from it for each course."""
