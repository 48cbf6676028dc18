"""The service: a SPARQL 1.1 endpoint and the pages, in one web process that holds no graph itself."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from ..workers.pool import Pool

__all__ = ["create_app"]


def create_app(pool: "Pool", cors: str = "") -> "Flask":
    """The web application that answers from a pool of workers.

    Args:
        pool: the workers; whoever gives them closes them.
        cors: the one origin (or ``*``) whose pages may read ``/sparql``, ``/id`` and ``/api``; empty for none.
    """
    from .app import application  # Flask is slow to import, and only a server needs it

    return application(pool, cors)
