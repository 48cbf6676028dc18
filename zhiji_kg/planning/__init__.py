"""What would be if: edits of a plan tried on a scenario graph, and the cheapest set of them that closes its gaps."""
