"""What a record spares a learner who enters a programme, and how the rest is made up: this project's own rule."""
