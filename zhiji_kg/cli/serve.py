"""``zhiji serve``: the viewer and the SPARQL endpoint, until it is told to stop."""

import os
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ExitStatus, unreadable
from . import console
from .options import LANGUAGE, Parser, misuse, told
from .settings import NAME, Settings, read_settings

if TYPE_CHECKING:
    from ..workers.pool import Pool

_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service listens, and for which other sites its answers are meant (``cors``: an origin or ``*``)."""

    host: str = "127.0.0.1"
    port: int = 8000
    cors: str = ""


def serve_arguments(parser: Parser) -> Parser:
    """``zhiji serve [--kg DIR] [--host 127.0.0.1] [--port 8000]``."""
    parser.graph(endpoint=False)
    parser.option("--host", metavar="ADDRESS")
    parser.option("--port", type=int, metavar="N")
    return parser


def serve(given: Namespace) -> ExitStatus:
    """Serve a published graph."""
    settings = read_settings()
    run_service(given.kg or settings.kg, settings, given.host, given.port)
    return ExitStatus.FINE


def run_service(directory: Path, settings: Settings, host: str | None = None, port: int | None = None) -> None:
    """Start the workers, listen, say where, and go on until SIGINT or SIGTERM.

    Args:
        directory: the folder of versions.
        settings: whose table ``serve`` holds address and limits.
        host: goes before what the settings say.
        port: likewise; 0 takes any that is free.

    Raises:
        UnreadableError: when a setting is wrong or nothing is published in the folder.
        CannotRunError: when the workers do not start or the port is taken.
    """
    from ..server import create_app  # the web stack is slow to import
    from ..server.serving import serve_until_stopped
    from ..workers.limits import Limits
    from ..workers.pool import Pool

    place, table = place_of(settings.serve, host, port)
    limits = Limits.of(table, os.environ)
    console.step("workers", LANGUAGE)
    with Pool(directory, limits) as pool:
        app = create_app(pool, cors=place.cors)
        serve_until_stopped(app, place.host, place.port, limits, lambda url: _say_where(f"{url}/", pool))


def place_of(table: Mapping[str, Any], host: str | None, port: int | None) -> tuple[Place, dict[str, Any]]:
    """The address out of the table ``serve`` of the settings, and what else stands in it: the limits.

    Raises:
        UnreadableError: when host, port or cors are of the wrong kind.
    """
    rest = dict(table)
    named = {name: rest.pop(name) for name in ("host", "port", "cors") if name in rest}
    for name, value in named.items():
        wanted = int if name == "port" else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise unreadable("bad-settings", NAME, reason=f"[serve] {name} = {value!r}")
    place = Place(**named)
    place = replace(place, host=place.host if host is None else host, port=place.port if port is None else port)
    if not 0 <= place.port <= _LAST_PORT:
        raise misuse("zhiji serve", f"--port {place.port}")
    return place, rest


def _say_where(url: str, pool: "Pool") -> None:
    version = pool.version()
    fence = told(f"serve.fenced.{pool.fenced}")
    console.line(told("serve.listening", url=url, version=version.name, workers=pool.limits.workers, fence=fence))
