"""The service: a SPARQL 1.1 endpoint and the pages, in one web process that holds no graph itself."""

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from ..workers.pool import Pool

__all__ = ["create_app"]


def create_app(pool: "Pool", cors: str = "", hosts: Collection[str] | None = ()) -> "Flask":
    """The web application that answers from a pool of workers.

    Args:
        pool: the workers; whoever gives them closes them.
        cors: the one origin (or ``*``) whose pages may read ``/sparql``, ``/id`` and ``/api``; empty for none.
        hosts: the names under which it may be asked besides those of every machine for itself; ``None`` for any.
    """
    from .app import application  # Flask is slow to import, and only a server needs it

    return application(pool, cors, hosts)
