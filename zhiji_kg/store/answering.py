"""A SPARQL query as it came over HTTP, answered in the bytes that go out.

Rows become one of the four result formats, graphs one of four RDF formats. An ASK is answered
in CSV and TSV too, by ``true`` or ``false`` alone: the standard leaves it open, and the engine
does so. What a format cannot say is refused before anything went out: an XML that no parser reads is
no answer. Nothing is put before a cell that begins like a formula: this is data for programs, which
must come back as it is; what people open in a spreadsheet is written by ``report.files``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from xml.parsers import expat

from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, serialize

from ..errors import unreadable
from ..rdf import Triple
from ..vocabulary import PREFIXES
from .oxigraph import EmbeddedStore

RESULTS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")  # characters that XML 1.0 has no way to write
_PREFIXED = (RdfFormat.TURTLE, RdfFormat.JSON_LD, RdfFormat.RDF_XML)


def answer(
    store: EmbeddedStore,
    query: str,
    default_graphs: Sequence[str],
    named_graphs: Sequence[str],
    results_media: str,
    rdf_media: str,
    most_bytes: int,
) -> tuple[str, bytes]:
    """Answer a query.

    Args:
        store: the open version.
        query: plain SPARQL 1.1; prefixes have to be declared.
        default_graphs: IRIs whose merge is the default graph.
        named_graphs: IRIs of the named graphs. Where either is given, both replace what the query itself says
            in FROM and FROM NAMED, as the protocol wants it; with named graphs alone the default graph is empty.
        results_media: the media type for SELECT and ASK; empty where none is acceptable.
        rdf_media: the media type for CONSTRUCT and DESCRIBE; likewise.
        most_bytes: the largest answer.

    Returns:
        The media type and the bytes.

    Raises:
        UnreadableError: when the query is not well formed, its answer is too large or cannot be said in the
            format, or nobody wants its kind.
        CannotRunError: when the store cannot be read.
    """
    dataset: dict[str, list[NamedNode]] = {}
    if default_graphs or named_graphs:
        dataset["default_graph"] = [_graph("default-graph-uri", iri) for iri in default_graphs]
        dataset["named_graphs"] = [_graph("named-graph-uri", iri) for iri in named_graphs]
    with store.results(query, **dataset) as found:
        if isinstance(found, QueryTriples):
            media_type = _wanted(rdf_media, GRAPHS)
            return media_type, written(found, media_type, most_bytes)
        media_type, output = _wanted(results_media, RESULTS), _Output(most_bytes)
        found.serialize(output, format=RESULTS[media_type])
    body = output.getvalue()
    if media_type.endswith("xml") and _NO_XML.search(body):
        raise _unsaid(media_type, RESULTS)
    return media_type, body


def written(triples: Iterable[Triple], media_type: str, most_bytes: int) -> bytes:
    """Triples in an RDF format, with the prefixes that the package uses.

    Raises:
        UnreadableError: when it would be larger than ``most_bytes``, or the format cannot say it.
        RuntimeError: when the triples cannot be read.
    """
    output, form = _Output(most_bytes), GRAPHS[media_type]
    try:
        serialize(_read(triples), output, format=form, prefixes=PREFIXES if form in _PREFIXED else None)
        if form == RdfFormat.RDF_XML:
            expat.ParserCreate(namespace_separator=" ").Parse(output.getbuffer(), True)
    except (OSError, expat.ExpatError):
        raise _unsaid(media_type, GRAPHS) from None
    return output.getvalue()


def _read(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples; the engine says by the same exception that it cannot read them and that it cannot write them."""
    try:
        yield from triples
    except OSError as error:
        raise RuntimeError(str(error)) from None


class _Output(BytesIO):
    """Takes what the engine writes, and stops it when it is too much."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the engine writes nothing else
        taken = super().write(data)
        if self.tell() > self._most:
            raise unreadable("answer-too-large", megabytes=self._most / (1 << 20))
        return taken


def _wanted(media_type: str, known: Iterable[str]) -> str:
    if not media_type:
        raise unreadable("not-acceptable", known=", ".join(known))
    return media_type


def _unsaid(media_type: str, known: Iterable[str]) -> Exception:
    """The first of the formats, ours, can say everything."""
    return unreadable("cannot-be-said", format=media_type, other=next(iter(known)))


def _graph(parameter: str, iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        raise unreadable("bad-parameter", name=parameter, value=iri, type="IRI") from None
