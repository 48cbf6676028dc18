"""What the request in hand stands on: the pool of workers that answers it, and who else may read the answer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, current_app

if TYPE_CHECKING:
    from ..workers.pool import Pool

_PLACE = "zhiji"


@dataclass(frozen=True, slots=True)
class Service:
    """The workers, and the origin that may read the data from its own pages (empty for none, ``*`` for all)."""

    pool: "Pool"
    cors: str = ""


def install(app: Flask, service: Service) -> None:
    """Let every request of this application find the service."""
    app.extensions[_PLACE] = service


def service() -> Service:
    """The service behind the request in hand."""
    found: Service = current_app.extensions[_PLACE]
    return found


def pool() -> "Pool":
    """The workers behind the request in hand."""
    return service().pool
