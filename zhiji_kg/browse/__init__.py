"""What the pages show, as plain values: the overview, a search, an entity, its surroundings, a question's form."""
