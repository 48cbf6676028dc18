"""What this service is, in SPARQL 1.1 Service Description and VoID: read by clients before they ask."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request

from ..rdf import Iri, Term, Triple, integer, text, write_rdf
from ..vocabulary import DATA, ONTOLOGY, PREFIXES, RDF_TYPE
from .current import pool
from .headers import etag, is_held, may_be_held, not_modified, whole
from .negotiation import GRAPHS, RESULTS, agreed
from .protocol import demand_nothing_meant

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_PREFIXES = {"sd": _SD, "void": _VOID, "rdf": PREFIXES["rdf"], "dcterms": PREFIXES["dcterms"], "xsd": PREFIXES["xsd"]}
_LANGUAGES = ("SPARQL10Query", "SPARQL11Query")
_COUNTS = """
SELECT ?graph (COUNT(*) AS ?triples)
WHERE { { ?s ?p ?o } UNION { GRAPH ?graph { ?s ?p ?o } } }
GROUP BY ?graph ORDER BY ?graph
"""


def describe_service(accept: str, named: str) -> Response:
    """The description in the form that is asked for.

    Raises:
        UnreadableError: when none of the RDF forms is acceptable, or a query was meant and is not there.
    """
    demand_nothing_meant()
    (form,) = agreed(accept, named, GRAPHS)

    def tag_in(version: str) -> str:
        return etag(version, request.base_url, form.content_type)

    if may_be_held() and is_held(tag := tag_in(pool().version().sha256)):
        return not_modified(tag)
    asked = {"query": _COUNTS, "default_graphs": [], "named_graphs": []}
    counted = pool().answer("sparql", **asked, results=RESULTS[0].media_type, rdf="")
    described = _described(request.base_url, counted.version, _triples_by_graph(counted.json()))
    return whole(write_rdf(described, form.media_type, _PREFIXES), form.content_type, tag_in(counted.sha256))


def _triples_by_graph(counted: dict[str, Any]) -> dict[str, int]:
    """How many triples each graph holds; the default graph is named by nothing."""
    rows = counted["results"]["bindings"]
    return {row.get("graph", {}).get("value", ""): int(row["triples"]["value"]) for row in rows}


def _described(endpoint: str, version: str, triples: dict[str, int]) -> Iterator[Triple]:
    service, dataset, default = Iri(endpoint), Iri(f"{endpoint}#dataset"), Iri(f"{endpoint}#default-graph")
    yield _said(service, RDF_TYPE, _sd("Service"))
    yield _said(service, _sd("endpoint"), service)
    for language in _LANGUAGES:
        yield _said(service, _sd("supportedLanguage"), _sd(language))
    for form in (*RESULTS, *GRAPHS):
        yield _said(service, _sd("resultFormat"), Iri(form.iri))
    yield _said(service, _sd("defaultDataset"), dataset)
    yield _said(dataset, RDF_TYPE, _sd("Dataset"))
    yield _said(dataset, RDF_TYPE, Iri(_VOID + "Dataset"))
    yield _said(dataset, Iri(_VOID + "sparqlEndpoint"), service)
    for namespace in (DATA, ONTOLOGY):
        yield _said(dataset, Iri(_VOID + "uriSpace"), text(namespace))
    yield _said(dataset, Iri(_VOID + "vocabulary"), Iri(ONTOLOGY))
    yield _said(dataset, Iri(_VOID + "triples"), integer(triples.get("", 0)))
    yield _said(dataset, Iri(PREFIXES["dcterms"] + "hasVersion"), text(version))
    yield _said(dataset, _sd("defaultGraph"), default)
    yield from _graph(default, triples.get("", 0))
    for number, (name, count) in enumerate((pair for pair in triples.items() if pair[0]), start=1):
        entry, graph = Iri(f"{endpoint}#named-{number}"), Iri(f"{endpoint}#graph-{number}")
        yield _said(dataset, _sd("namedGraph"), entry)
        yield _said(entry, RDF_TYPE, _sd("NamedGraph"))
        yield _said(entry, _sd("name"), Iri(name))
        yield _said(entry, _sd("graph"), graph)
        yield from _graph(graph, count)


def _graph(graph: Iri, count: int) -> Iterator[Triple]:
    yield _said(graph, RDF_TYPE, _sd("Graph"))
    yield _said(graph, Iri(_VOID + "triples"), integer(count))


def _said(subject: Iri, predicate: Iri, value: Term) -> Triple:
    return Triple(subject, predicate, value)


def _sd(name: str) -> Iri:
    return Iri(_SD + name)
