"""``/id/…`` and ``/ontology/…``: whatever the graph names with an IRI of ours, as a page or as data."""

import re
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request

from ..errors import UnreadableError, unreadable
from ..vocabulary import DATA, MODULE, ONTOLOGY
from .current import pool
from .headers import etag, is_held, may_be_held, not_modified, page, whole
from .negotiation import GRAPHS, HTML, PAGE, Chosen, agreed, short_names
from .ontology import about_term, address, described, is_module, module_answer
from .pages import entity_html
from .protocol import named_form

entities = Blueprint("entities", __name__)

_FORMS = (*GRAPHS, PAGE)
_NOT_IN_AN_IRI = re.compile(r'[\x00-\x20\x7f<>"{}|\\^`\ufffd]')
_VARY = "Accept, Accept-Language, Cookie"


@entities.get("/id/<path:rest>")
def data(rest: str) -> Response:
    """Something of the graph: a course, a programme, a required point, a document."""
    return _described(DATA, rest)


@entities.get("/ontology/<path:rest>")
def term(rest: str) -> Response:
    """A term of the ontology; the name of a module, which is no term, leads to the module."""
    if is_module(_without_suffix(rest)[0]):
        asked = request.query_string.decode("latin-1")
        return cast(Response, redirect(f"/module/{quote(rest)}{'?' if asked else ''}{asked}", 303))
    return _described(ONTOLOGY, rest)


@entities.get("/module/<path:rest>")
def module(rest: str) -> Response:
    """A module of the ontology: the shipped one as its page or its file, else what the graph says of its IRI."""
    name, named = _without_suffix(rest)
    (form,) = agreed(request.headers.get("Accept", ""), named or named_form(), _FORMS)
    return module_answer(name, form) or _described(MODULE, rest)


def _described(namespace: str, rest: str) -> Response:
    rest, named = _without_suffix(rest)
    iri = namespace + rest
    if _NOT_IN_AN_IRI.search(iri) or {".", ".."} & set(rest.split("/")):
        raise unreadable("no-such-entity", entity=iri)
    (form,) = agreed(request.headers.get("Accept", ""), named or named_form(), _FORMS)
    response = _page(iri) if form.media_type == HTML else _rdf(iri, form)
    if response.location:
        return response
    response.headers["Vary"] = _VARY
    response.headers["Link"] = _alternates(request.path.removesuffix(f".{named}"))
    return response


def _without_suffix(rest: str) -> tuple[str, str]:
    """``course/x.ttl`` is ``course/x`` as Turtle."""
    before, _, suffix = rest.rpartition(".")
    return (before, suffix) if before and suffix in short_names(_FORMS) else (rest, "")


def _page(iri: str) -> Response:
    term = described(iri)
    try:
        found = pool().answer("entity", iri=iri).json()
    except UnreadableError:
        if term is None:
            raise
        # shipped, but not in a graph that was published before it: its page in the documentation says so
        return cast(Response, redirect(address(term.ref), 303))
    return page(entity_html(found, about_term(term) if term else {}))


def _rdf(iri: str, form: Chosen) -> Response:
    if may_be_held() and is_held(tag := etag(pool().version().sha256, iri, form.content_type)):
        return not_modified(tag, _VARY)
    answer = pool().answer("describe", iri=iri, media=form.media_type)
    return whole(answer.body, form.content_type, etag(answer.sha256, iri, form.content_type), _VARY)


def _alternates(path: str) -> str:
    """A Link header with every form in which this can be had."""
    address = quote(path)
    return ", ".join(f'<{address}?format={form.short}>; rel="alternate"; type="{form.media_type}"' for form in _FORMS)
