"""``zhiji serve``: the viewer and the SPARQL endpoint, until it is told to stop."""

import os
import re
import sys
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
_EVERYWHERE = re.compile(r"//(0\.0\.0\.0|\[::\]):")  # no address that a browser could open
_KINDS: dict[str, type] = {"host": str, "port": int, "cors": str, "hosts": list}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service listens, and for whom its answers are meant.

    Args:
        host: the address to listen at.
        port: likewise.
        cors: the origin of the one other site that may read them, or ``*``.
        hosts: names under which it may be asked besides its address; ``*`` for any.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    cors: str = ""
    hosts: tuple[str, ...] = ()


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
    from ..server.hosts import names_of
    from ..server.serving import serve_until_stopped
    from ..workers.limits import Limits
    from ..workers.pool import Pool

    place, table = place_of(settings.serve, host, port)
    limits = Limits.of(table, os.environ)
    console.step("workers", LANGUAGE)
    with Pool(directory, limits) as pool:
        app = create_app(pool, cors=place.cors, hosts=names_of(place.host, place.hosts))
        serve_until_stopped(app, place.host, place.port, limits, lambda url: _say_where(f"{url}/", pool), pool.close)


def place_of(table: Mapping[str, Any], host: str | None, port: int | None) -> tuple[Place, dict[str, Any]]:
    """The address out of the table ``serve`` of the settings, and what else stands in it: the limits.

    Raises:
        UnreadableError: when host, port, cors or hosts are of the wrong kind.
    """
    rest = dict(table)
    named = {name: rest.pop(name) for name in _KINDS if name in rest}
    for name, value in named.items():
        if type(value) is not _KINDS[name] or not all(isinstance(one, str) for one in named.get("hosts", ())):
            raise unreadable("bad-settings", NAME, reason=f"[serve] {name} = {value!r}")
    place = Place(**named | {"hosts": tuple(named.get("hosts", ()))})
    place = replace(place, host=place.host if host is None else host, port=place.port if port is None else port)
    if not 0 <= place.port <= _LAST_PORT:
        raise misuse("zhiji serve", told("serve.bad_port", port=place.port))
    return place, rest


def _say_where(url: str, pool: "Pool") -> None:
    seen = _EVERYWHERE.sub("//127.0.0.1:", url)
    version = pool.version()
    fence = told(f"serve.fenced.{pool.fenced}")
    console.line(told("serve.listening", url=seen, version=version.name, workers=pool.limits.workers, fence=fence))
    if seen != url:
        console.line(told("serve.shared"))
    console.line()
    console.line(told("serve.open", url=seen))
    sys.stdout.flush()  # into a file or a pipe it would otherwise come at the end
