"""What the scripts of the pages ask for, as JSON: a neighbourhood, what a search found, an entity, the terms."""

from typing import Any

from flask import Blueprint, Response, json, request

from ..errors import unreadable
from ..vocabulary import PREFIXES
from .current import pool
from .headers import etag, is_held, not_modified, whole
from .language import language

data = Blueprint("data", __name__, url_prefix="/api")

MOST_DRAWN = 300
"""How many entities the picture holds."""

MOST_OPENED = 20
"""How many of them may be opened at once: each brings all its neighbours."""

MOST_HITS = 500

_JSON = "application/json"
_VARY = "Accept, Accept-Language, Cookie"  # the boxes of the picture are made to their names


@data.get("/graph")
def around() -> Response:
    """``/api/graph?focus=…&open=…``: what lies around one entity and those that were opened."""
    return _answer("around", **asked_around(_wanted("focus")))


@data.get("/search")
def search() -> Response:
    """``/api/search?q=…&kind=…&limit=…``: entities by their name or code."""
    words, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    return _answer("search", words=words, limit=limit_of_hits(20), kind=kind)


@data.get("/entity")
def entity() -> Response:
    """``/api/entity?iri=…``: all that the graph says of one entity."""
    return _answer("entity", iri=as_iri(_wanted("iri")))


@data.get("/terms")
def terms() -> Response:
    """``/api/terms``: prefixes, classes and properties, for the editor to complete."""
    found = pool().answer("table", name="classes-and-properties", written={})
    table = found.json()
    rows = [dict(zip(table["columns"], (cell[0] for cell in row), strict=True)) for row in table["rows"]]
    iris = [row[0][1] for row in table["rows"]]
    said = [_term(iri, row) for iri, row in zip(iris, rows, strict=True)]
    return _as_json(json.dumps({"prefixes": PREFIXES, "terms": said}).encode(), found.sha256)


def as_iri(written: str) -> str:
    """The IRI of what somebody wrote: an IRI as it stands, else that of the entity with this code or prefixed name."""
    return written if "://" in written else str(pool().answer("resolve", written=written).json())


def asked_around(focus: str) -> dict[str, Any]:
    """What the picture of this request is asked for with: its middle, what is opened, and the language of its names."""
    opened = wanted_open()[-MOST_OPENED:]
    return {"focus": as_iri(focus), "opened": opened, "limit": MOST_DRAWN, "language": language()}


def wanted_open() -> list[str]:
    """What the request in hand wants to see opened, each once, what was opened last at the end."""
    asked = request.args.getlist("open")
    return list(dict.fromkeys(reversed(asked)))[::-1]


def limit_of_hits(usual: int) -> int:
    """How many hits are asked for with ``?limit=``, within reason."""
    written = request.args.get("limit", "")
    return min(max(int(written), 1), MOST_HITS) if written.isdecimal() and len(written) < 9 else usual


def _term(iri: str, row: dict[str, Any]) -> dict[str, object]:
    return {"iri": iri, "kind": row["kind"], "label": {"zh": row["label"], "en": row["labelEn"]}}


def _wanted(name: str) -> str:
    value = request.args.get(name, "").strip()
    if not value:
        raise unreadable("missing-parameter", query=request.path, missing=name, add=f"?{name}=…")
    return value


def _answer(task: str, **given: object) -> Response:
    found = pool().answer(task, **given)
    return _as_json(found.body, found.sha256)


def _as_json(body: bytes, version: str) -> Response:
    tag = etag(version, request.full_path, language(), _JSON)
    return not_modified(tag, _VARY) if is_held(tag) else whole(body, _JSON, tag, _VARY)
