"""Stores: a published version on disk, or any SPARQL 1.1 endpoint that holds the same graph."""

from pathlib import Path

from .port import Bindings, GraphIdentity, Solutions, Store

__all__ = ["Bindings", "GraphIdentity", "Solutions", "Store", "open_store"]


def open_store(directory: Path | None = None, endpoint: str | None = None) -> Store:
    """The store to ask: an endpoint where one is named, else the version that serves in a folder.

    Raises:
        UnreadableError: when nothing is published there.
        CannotRunError: when the version is damaged.
    """
    if endpoint:
        from .remote import RemoteStore  # only who asks for it pays for the HTTP stack

        return RemoteStore(endpoint)
    from .versions import serving

    return serving(directory or Path("kg")).open()
