"""Planted gaps: programmes and standards made up by a seed, with known gaps, and what an engine finds of them.

``plan`` makes a programme and its standard in which nothing is wrong, with decoys that come close; ``gaps`` plants
one gap after another and writes down what must be found; ``score`` lets the engine look and counts. Nothing here
but ``score`` knows the engine: what is planted follows from the definitions of the finding codes alone. See README.md.
"""
