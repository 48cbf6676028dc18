"""A query as it came, answered in bytes: every format, the dataset, and what is refused."""

import json
import xml.etree.ElementTree as ET

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from zhiji_kg.errors import UnreadableError
from zhiji_kg.rdf import DefaultGraph, Iri, Literal, Quad, Triple
from zhiji_kg.store import answering
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.vocabulary import ONTOLOGY

MUCH = 1 << 20
JSON, TURTLE = "application/sparql-results+json", "text/turtle"
G1, G2 = "http://e/g1", "http://e/g2"
A, B, P = Iri("http://e/a"), Iri("http://e/b"), Iri(ONTOLOGY + "p")
RESULTS = {
    JSON: QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPHS = {
    TURTLE: RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def store():
    quads = [
        Quad(A, P, Literal("=1+1, 甲"), DefaultGraph()),
        Quad(A, P, B, Iri(G1)),
        Quad(B, P, Literal("x", language="en"), Iri(G2)),
    ]
    return EmbeddedStore.in_memory(quads)


def ask(store, query, default=(), named=(), results=JSON, rdf=TURTLE, most=MUCH):
    return answering.answer(store, query, default, named, results, rdf, most)


def rows(store, query, **how):
    return json.loads(ask(store, query, **how)[1])["results"]["bindings"]


def refused(*arguments, **how):
    with pytest.raises(UnreadableError) as caught:
        ask(*arguments, **how)
    assert caught.value.problems[0].line("zh")
    return caught.value.problems[0].code


@pytest.mark.parametrize("media", RESULTS)
def test_rows_in_every_format_are_the_same(store, media):
    said, body = ask(store, "SELECT ?o { ?s ?p ?o }", results=media)
    assert said == media
    (row,) = parse_query_results(body, format=RESULTS[media])
    assert row["o"] == Literal("=1+1, 甲")


def test_csv_is_data_and_comes_back_as_it_is(store):
    assert ask(store, "SELECT ?o { ?s ?p ?o }", results="text/csv") == (
        "text/csv",
        b'"o"\r\n'[1:2] + b'\r\n"=1+1, \xe7\x94\xb2"\r\n',
    )


@pytest.mark.parametrize(
    ("media", "body"),
    [("text/csv", b"true"), ("text/tab-separated-values", b"true"), (JSON, b'{"head":{},"boolean":true}')],
)
def test_yes_or_no_in_every_format(store, media, body):
    assert ask(store, "ASK { ?s ?p ?o }", results=media) == (media, body)
    xml = ask(store, "ASK {}", results="application/sparql-results+xml")[1]
    assert ET.fromstring(xml).findtext("{*}boolean") == "true"


@pytest.mark.parametrize("media", GRAPHS)
@pytest.mark.parametrize("query", ["CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }", "DESCRIBE <http://e/a>"])
def test_graphs_in_every_format_are_the_same(store, query, media):
    said, body = ask(store, query, rdf=media)
    assert said == media
    found = {(quad.subject, quad.predicate, quad.object) for quad in parse(body, format=GRAPHS[media])}
    assert found == (
        {(A, P, B), (B, P, Literal("x", language="en"))} if "?g" in query else {(A, P, Literal("=1+1, 甲"))}
    )


def test_turtle_is_written_with_our_prefixes(store):
    body = ask(store, "DESCRIBE <http://e/a>")[1].decode()
    assert "@prefix zj:" in body
    assert " zj:p " in body


@pytest.mark.parametrize(
    ("query", "default", "named", "found"),
    [
        ("SELECT ?s { ?s ?p ?o }", [], [], [A]),
        ("SELECT ?s { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s", [], [], [A, B]),
        ("SELECT ?s { ?s ?p ?o }", [G2], [], [B]),
        ("SELECT ?s { ?s ?p ?o } ORDER BY ?s", [G1, G2], [], [A, B]),
        ("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", [G2], [], []),
        ("SELECT ?s { ?s ?p ?o }", [], [G1], []),
        ("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", [], [G2], [B]),
        (f"SELECT ?s FROM <{G1}> {{ ?s ?p ?o }}", [], [], [A]),
        (f"SELECT ?s FROM <{G1}> {{ ?s ?p ?o }}", [G2], [], [B]),
        (f"SELECT ?s FROM NAMED <{G1}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", [], [G2], [B]),
        (f"SELECT ?s FROM <{G1}> {{ ?s ?p ?o }}", [], [G2], []),
        ("SELECT ?s { ?s ?p ?o }", ["http://e/none"], [], []),
    ],
)
def test_the_dataset_of_the_protocol_wins_over_that_of_the_query(store, query, default, named, found):
    assert [row["s"]["value"] for row in rows(store, query, default=default, named=named)] == [s.value for s in found]


@pytest.mark.parametrize(
    ("query", "how", "code"),
    [
        ("SELECT ?s { ?s ?p", {}, "bad-query"),
        ("SELECT * { zj:a ?p ?o }", {}, "bad-query"),  # plain SPARQL: nothing is declared beforehand
        ("SELECT * { <a> ?p ?o }", {}, "bad-query"),
        ("SELECT * { <http://e/\ud800> ?p ?o }", {}, "bad-query"),
        ("LOAD <http://127.0.0.1:1/>", {}, "bad-query"),
        ("SELECT * {}", {"results": ""}, "not-acceptable"),
        ("ASK {}", {"results": ""}, "not-acceptable"),
        ("DESCRIBE <http://e/a>", {"rdf": ""}, "not-acceptable"),
        ("SELECT * {}", {"default": ["not an iri"]}, "bad-parameter"),
        ("SELECT * {}", {"named": ["a b"]}, "bad-parameter"),
        ("SELECT * { ?s ?p ?o }", {"most": 20}, "answer-too-large"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", {"most": 20}, "answer-too-large"),
    ],
)
def test_what_is_wrong_has_a_name(store, query, how, code):
    assert refused(store, query, **how) == code


TRIPLE_TERM = "CONSTRUCT { <http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> } {}"
OF_LITERAL = "CONSTRUCT { <http://e/a> <http://e/p> ?o } { BIND('%s' AS ?o) }"
OF_PREDICATE = "CONSTRUCT { <http://e/a> <%s> 1 } {}"
XML, RDF_XML, JSON_LD = "application/sparql-results+xml", "application/rdf+xml", "application/ld+json"
LI = "http://www.w3.org/1999/02/22-rdf-syntax-ns#li"


@pytest.mark.parametrize(
    ("query", "how", "said"),
    [
        (TRIPLE_TERM, {"rdf": JSON_LD}, False),
        (TRIPLE_TERM, {"rdf": RDF_XML}, True),
        (TRIPLE_TERM, {"rdf": TURTLE}, True),
        *((OF_PREDICATE % p, {"rdf": RDF_XML}, False) for p in (LI, "http://e/1", "urn:9", "http://e/")),
        *((OF_PREDICATE % p, {"rdf": RDF_XML}, True) for p in ("http://e/1a", "http://e/课程", "urn:a-1.b", LI + "x")),
        *((OF_PREDICATE % LI, {"rdf": media}, True) for media in GRAPHS if media != RDF_XML),
        *((OF_LITERAL % text, {"rdf": RDF_XML}, False) for text in ("a\\u0001", "\\f", "\\b", "\\uFFFE", "\\uFFFF")),
        *(
            (OF_LITERAL % text, {"rdf": RDF_XML}, True)
            for text in ("a\\t\\r\\n<&>]]>", "\\u0085\\u007f", "\\U0001FFFE", "�")
        ),
        *((f"SELECT ('{text}' AS ?o) {{}}", {"results": XML}, False) for text in ("\\u0001", "\\u001f", "\\uFFFE")),
        *(
            (f"SELECT ('{text}' AS ?o) {{}}", {"results": XML}, True)
            for text in ("\\r\\t", "甲\\u007f\\uFFFD", "&#x1;")
        ),
        *(("SELECT ('\\u0001\\uFFFE' AS ?o) {}", {"results": media}, True) for media in (JSON, "text/csv")),
    ],
)
def test_what_a_format_cannot_say_is_refused_and_what_it_can_is_well_formed(store, query, how, said):
    if not said:
        assert refused(store, query, **how) == "cannot-be-said"
        return
    media, body = ask(store, query, **how)
    if media.endswith("xml"):
        ET.fromstring(body)


def test_what_cannot_be_said_names_the_format_and_one_that_can():
    with pytest.raises(UnreadableError) as caught:
        answering.written([Triple(A, Iri(LI), B)], RDF_XML, MUCH)
    for language in ("zh", "en"):
        line = caught.value.problems[0].line(language)
        assert RDF_XML in line
        assert TURTLE in line


@pytest.mark.parametrize("broken", [OSError("block checksum mismatch"), RuntimeError("corrupted")])
def test_what_cannot_be_read_is_no_fault_of_the_format(broken):
    def triples():
        yield Triple(A, P, B)
        raise broken

    with pytest.raises(RuntimeError):
        answering.written(triples(), JSON_LD, MUCH)


def test_an_answer_of_just_the_size_is_given(store):
    body = ask(store, "SELECT * { ?s ?p ?o }")[1]
    assert ask(store, "SELECT * { ?s ?p ?o }", most=len(body))[1] == body
    assert refused(store, "SELECT * { ?s ?p ?o }", most=len(body) - 1) == "answer-too-large"


def test_an_endless_answer_is_stopped_when_it_is_too_large(example_store):
    endless = "{ ?a ?b ?c . ?d ?e ?f }"
    assert refused(example_store, f"SELECT * {endless}") == "answer-too-large"
    assert refused(example_store, f"CONSTRUCT {{ ?d ?b ?c }} {endless}", most=10_000) == "answer-too-large"
