"""The fenced processes that hold the store and answer, and the pool through which the web process asks them."""
