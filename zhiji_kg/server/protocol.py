"""What a request asks of the endpoint, as the SPARQL 1.1 Protocol has it: the three ways to send one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import request

from ..errors import UnreadableError, unreadable

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_LONGEST_NAMES = 100
_CHARSETS = {"", "utf-8", "utf8"}
_ASKING = {"query", "update", "default-graph-uri", "named-graph-uri"}
_DESCRIBING = {"format", "lang"}  # what may be said without a query: the language was chosen on some page

Parameters = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One query, the dataset it is asked over (empty: that of the service), and the form by name, if one is named."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    form: str = ""


def read_request() -> Asked | None:
    """What the request in hand asks; ``None`` where it asks nothing, and so wants to know what this service is.

    Raises:
        UnreadableError: no query or several, an update, a body of another kind, bytes that are not UTF-8.
    """
    parameters = _decoded(request.query_string)
    if request.method != "POST":
        if not _ASKING & {name for name, _ in parameters}:
            return None
        return _asked(parameters, ())
    _demand_utf8()
    if request.mimetype == FORM:
        return _asked(parameters + _decoded(request.get_data(cache=False)), ())
    if request.mimetype == QUERY:
        return _asked(parameters, (_text(request.get_data(cache=False)),))
    if request.mimetype == UPDATE:
        raise unreadable("query-not-read-only")
    raise unreadable("wrong-media-type", written=request.mimetype or "-", known=f"{QUERY}, {FORM}")


def demand_nothing_meant() -> None:
    """Let a request without a query pass that says nothing else either; ``?qurey=…`` is no question what this is.

    Raises:
        UnreadableError: when there are parameters that only a query would have, or that nobody knows.
    """
    given = [name for name, _ in _decoded(request.query_string)]
    if set(given) - _DESCRIBING:
        raise _missing(given)


def named_form() -> str:
    """The form that the address of the request in hand names with ``?format=``."""
    return request.args.get("format", "")


def _demand_utf8() -> None:
    charset = request.mimetype_params.get("charset", "").lower()
    if charset not in _CHARSETS:
        written = f"{request.mimetype}; charset={charset}"
        raise unreadable("wrong-media-type", written=written, known=f"{QUERY}, {FORM} (UTF-8)")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable("not-utf8") from None


def _decoded(raw: bytes) -> Parameters:
    try:
        return parse_qsl(_text(raw), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise unreadable("not-utf8") from None


def _asked(parameters: Parameters, queries: Iterable[str]) -> Asked:
    found: dict[str, list[str]] = {"query": list(queries)}
    for name, value in parameters:
        found.setdefault(name, []).append(value)
    if "update" in found:
        raise unreadable("query-not-read-only")
    if len(found["query"]) > 1:
        raise unreadable("several-queries", count=len(found["query"]))
    if not "".join(found["query"]).strip():
        raise _missing(name for name, values in found.items() if values)
    return Asked(
        found["query"][0],
        tuple(found.get("default-graph-uri", ())),
        tuple(found.get("named-graph-uri", ())),
        "".join(found.get("format", ())[:1]),
    )


def _missing(given: Iterable[str]) -> UnreadableError:
    """A request that gives this and no query; what strangers wrote is cut short."""
    return unreadable("missing-query", given=", ".join(dict.fromkeys(given))[:_LONGEST_NAMES] or "–")
