"""Which form of an answer a client wants: the Accept header with its q-values, as RFC 9110 has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..errors import unreadable

HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which an answer can be had.

    Attributes:
        short: its name in ``?format=``.
        media_type: what it is called by its standard, and what a worker is asked for.
        aliases: other names by which clients ask for it; the answer then bears that name.
        charset: whether the name is followed by its charset.
        iri: the name that the W3C gave it, for the service description.
    """

    short: str
    media_type: str
    aliases: tuple[str, ...] = ()
    charset: bool = False
    iri: str = ""


_W3 = "http://www.w3.org/ns/formats/"
RESULTS = (
    Format("json", "application/sparql-results+json", ("application/json",), iri=_W3 + "SPARQL_Results_JSON"),
    Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml"), iri=_W3 + "SPARQL_Results_XML"),
    Format("csv", "text/csv", charset=True, iri=_W3 + "SPARQL_Results_CSV"),
    Format("tsv", "text/tab-separated-values", charset=True, iri=_W3 + "SPARQL_Results_TSV"),
)
"""What a SELECT or an ASK can be answered with; the first where the client does not mind."""

GRAPHS = (
    Format("ttl", "text/turtle", charset=True, iri=_W3 + "Turtle"),
    Format("nt", "application/n-triples", iri=_W3 + "N-Triples"),
    Format("jsonld", "application/ld+json", ("application/json",), iri=_W3 + "JSON-LD"),
    Format("rdf", "application/rdf+xml", ("application/xml", "text/xml"), iri=_W3 + "RDF_XML"),
)
"""What a graph can be had as: of a CONSTRUCT or DESCRIBE, of an entity, of the service description."""

PAGE = Format("html", HTML, charset=True)
"""The page that a browser shows."""

_ALSO_CALLED = {"json": "jsonld", "xml": "rdf", "turtle": "ttl"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A form that was chosen: what a worker is asked for, and the Content-Type of the answer."""

    media_type: str = ""
    content_type: str = ""

    def __bool__(self) -> bool:
        """Whether anything was acceptable."""
        return bool(self.media_type)


NONE = Chosen()
"""Nothing that we have is acceptable."""


@lru_cache(maxsize=512)
def choose(accept: str, offered: tuple[Format, ...]) -> Chosen:
    """The form that the client likes best; of equals the first offered.

    Args:
        accept: the Accept header; empty when there is none, and then everything is fine.
        offered: what there is, our own favourite first.
    """
    best, quality = NONE, 0.0
    for form in offered:
        for name in (form.media_type, *form.aliases):
            q = quality_of(accept, name)
            if q > quality:
                best, quality = _chosen(form, name), q
    return best


@lru_cache(maxsize=64)
def by_name(short: str, offered: tuple[Format, ...]) -> Chosen:
    """The form of this short name, as ``?format=`` gives it."""
    names = {short, _ALSO_CALLED.get(short, short)}
    return next((_chosen(form, form.media_type) for form in offered if form.short in names), NONE)


def agreed(accept: str, named: str, *offers: tuple[Format, ...]) -> tuple[Chosen, ...]:
    """The form for each kind of answer that there may be: the one that is named, else the one that is liked best.

    Args:
        accept: the Accept header.
        named: what ``?format=`` says; it goes before the header.
        offers: for each kind, what there is.

    Raises:
        UnreadableError: when there is nothing to agree on for any of them.
    """
    forms = tuple(by_name(named, offered) if named else choose(accept, offered) for offered in offers)
    if any(forms):
        return forms
    if named:
        raise unreadable("no-such-format", form=named, known=", ".join(short_names(*offers)))
    raise unreadable("not-acceptable", known=media_types(*offers))


def short_names(*offers: Sequence[Format]) -> list[str]:
    """The short names of what is offered, each once."""
    return list(dict.fromkeys(form.short for offered in offers for form in offered))


def media_types(*offers: Sequence[Format]) -> str:
    """The media types of what is offered, for a person to read."""
    return ", ".join(form.media_type for offered in offers for form in offered)


def wants_page(accept: str, *offers: tuple[Format, ...]) -> bool:
    """Whether this is a browser: HTML is what it likes better than all else that is offered."""
    return choose(accept, (*(form for offered in offers for form in offered), PAGE)).media_type == HTML


def quality_of(accept: str, media_type: str) -> float:
    """How much a client wants a media type, 0 for not at all; the most specific range decides."""
    ranges = _ranges(accept)
    for name in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


def _chosen(form: Format, name: str) -> Chosen:
    return Chosen(form.media_type, f"{name}; charset=utf-8" if form.charset else name)


@lru_cache(maxsize=256)
def _ranges(accept: str) -> dict[str, float]:
    """The media ranges of an Accept header with their q-values.

    Other parameters (a charset, a JSON-LD profile) are passed over: there is one form of each of ours.
    """
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            ranges[name] = max(ranges.get(name, 0.0), _q(parameters))
    return ranges or {"*/*": 1.0}


def _q(parameters: list[str]) -> float:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
