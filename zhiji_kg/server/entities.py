"""``/id/…`` and ``/ontology/…``: whatever the graph names with an IRI of ours, as a page or as data."""

import re
from functools import cache
from urllib.parse import quote

from flask import Blueprint, Response, request

from .. import resources
from ..errors import unreadable
from ..rdf import parse_turtle, write_rdf
from ..vocabulary import DATA, MODULE, ONTOLOGY, PREFIXES
from .current import pool
from .headers import etag, is_held, may_be_held, not_modified, page, whole
from .negotiation import GRAPHS, HTML, PAGE, Chosen, agreed, short_names, wants_page
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
    """A term of the ontology."""
    return _described(ONTOLOGY, rest)


@entities.get("/module/<path:rest>")
def module(rest: str) -> Response:
    """A module of the ontology."""
    return _described(MODULE, rest)


@entities.get("/ontology/")
def ontology() -> Response:
    """The whole ontology, to be taken home; a browser gets it as Turtle."""
    accept = request.headers.get("Accept", "")
    named = named_form() or ("ttl" if wants_page(accept, GRAPHS) else "")
    (form,) = agreed(accept, named, GRAPHS)
    tag = etag("ontology", form.content_type)
    return not_modified(tag) if is_held(tag) else whole(_ontology(form.media_type), form.content_type, tag)


@cache
def _ontology(media_type: str) -> bytes:
    triples = [triple for path in sorted(resources.ONTOLOGY.glob("*.ttl")) for triple in parse_turtle(path)]
    return write_rdf(dict.fromkeys(triples), media_type, PREFIXES)


def _described(namespace: str, rest: str) -> Response:
    rest, named = _without_suffix(rest)
    iri = namespace + rest
    if _NOT_IN_AN_IRI.search(iri) or {".", ".."} & set(rest.split("/")):
        raise unreadable("no-such-entity", entity=iri)
    (form,) = agreed(request.headers.get("Accept", ""), named or named_form(), _FORMS)
    response = _page(iri) if form.media_type == HTML else _rdf(iri, form)
    response.headers["Vary"] = _VARY
    response.headers["Link"] = _alternates(request.path.removesuffix(f".{named}"))
    return response


def _without_suffix(rest: str) -> tuple[str, str]:
    """``course/x.ttl`` is ``course/x`` as Turtle."""
    before, _, suffix = rest.rpartition(".")
    return (before, suffix) if before and suffix in short_names(_FORMS) else (rest, "")


def _page(iri: str) -> Response:
    return page(entity_html(pool().answer("entity", iri=iri).json()))


def _rdf(iri: str, form: Chosen) -> Response:
    if may_be_held() and is_held(tag := etag(pool().version().sha256, iri, form.content_type)):
        return not_modified(tag, _VARY)
    answer = pool().answer("describe", iri=iri, media=form.media_type)
    return whole(answer.body, form.content_type, etag(answer.sha256, iri, form.content_type), _VARY)


def _alternates(path: str) -> str:
    """A Link header with every form in which this can be had."""
    address = quote(path)
    return ", ".join(f'<{address}?format={form.short}>; rel="alternate"; type="{form.media_type}"' for form in _FORMS)
