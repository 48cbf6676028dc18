"""The child that fills a store: ``python -m zhiji_kg.store.loader GRAPH.nq STORE``.

A process of its own, because a native engine that runs out of memory or disk takes its
process with it.
"""

import sys

from pyoxigraph import RdfFormat, Store


def load(dump: str, directory: str) -> None:
    """Load an N-Quads file into a new store and flush it to disk."""
    store = Store(directory)
    store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
    store.optimize()
    store.flush()


if __name__ == "__main__":
    load(sys.argv[1], sys.argv[2])
