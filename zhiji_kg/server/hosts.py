"""Under which names the service is asked: no page of a stranger reads it through a name that leads here.

A browser lets a page read whatever bears the page's own name, and who owns a name can let it lead to
this machine at any time. The name stands in the request, so one that is not ours is refused.
"""

import re
from collections.abc import Collection

from flask import Response, request

from ..errors import unreadable
from .current import service
from .problems import as_text, stamped

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""What every machine calls itself."""

_EVERYWHERE = ("0.0.0.0", "::", "")
_WITH_PORT = re.compile(r"(?:\[([^\]]*)\]|([^:\[\]]*))(?::\d*)?")
_LONGEST = 100


def names_of(address: str, named: Collection[str] = ()) -> frozenset[str] | None:
    """The names besides ``LOOPBACK`` under which a service may be asked that listens at an address; ``None`` for any.

    Args:
        address: where it listens; who opens it to all networks and names nothing is asked under any name.
        named: the names of the settings; ``*`` stands for any.
    """
    if "*" in named or (address in _EVERYWHERE and not named):
        return None
    return frozenset(name_in(one) for one in (address, *named))


def name_in(host: str) -> str:
    """The name in a ``Host`` header, without port and brackets, as names are compared."""
    found = _WITH_PORT.fullmatch(host.strip())
    alone = (found[1] or found[2] or "") if found else host.strip()
    return alone.casefold().removesuffix(".")


def refuse_strange_names() -> Response | None:
    """421 for a request under a name that is not ours; lines of text, for a page would tell of the graph."""
    written = str(request.environ.get("HTTP_HOST", ""))  # browsers always say it
    allowed = service().hosts
    if allowed is None or not written or name_in(written) in LOOPBACK.union(allowed):
        return None
    told = name_in(written.encode("latin-1", "replace").decode("utf-8", "replace"))[:_LONGEST]
    error = unreadable("wrong-host", host=told)
    return stamped(Response(as_text(error), content_type="text/plain; charset=utf-8"), error)
