"""Content negotiation: the choice by itself, then all eight forms over a socket, each read back by another reader."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree

import pytest
import rdflib
from test_server_protocol import ask

from zhiji_kg.errors import UnreadableError
from zhiji_kg.server.negotiation import (
    GRAPHS,
    NONE,
    PAGE,
    RESULTS,
    agreed,
    by_name,
    choose,
    media_types,
    quality_of,
    short_names,
    wants_page,
)

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OLD_FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "rows", "graph"),
    [
        ("", JSON, "text/turtle"),
        ("*/*", JSON, "text/turtle"),
        (JSON, JSON, ""),
        ("application/json", "application/json", "application/json"),
        ("application/xml", "application/xml", "application/xml"),
        ("text/*", "text/xml", "text/turtle"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.9", "text/tab-separated-values", ""),
        ("text/csv, text/tab-separated-values", "text/csv", ""),
        (f"*/*;q=0.1, {XML}", XML, "text/turtle"),
        (f"{JSON};q=0, */*", "application/json", "text/turtle"),
        (f"{JSON};q=0, application/json;q=0, */*;q=0.3", XML, "text/turtle"),
        ("text/turtle;q=0, */*", JSON, "application/n-triples"),
        ("text/turtle; charset=utf-8", "", "text/turtle"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', "", "application/ld+json"),
        ("TEXT/CSV", "text/csv", ""),
        ("text/csv;Q=0.3,text/turtle; q = 0.7", "text/csv", "text/turtle"),
        ("text/csv;q=wrong", "", ""),
        ("text/csv;q=0.000", "", ""),
        ("image/png", "", ""),
        (",,;q=1,", JSON, "text/turtle"),
        ("application/rdf+xml, application/n-triples;q=0.9", "", "application/rdf+xml"),
        ("application/n-triples;q=2", "", "application/n-triples"),
    ],
)
def test_the_best_of_what_is_offered(accept, rows, graph):
    assert choose(accept, RESULTS).content_type.partition(";")[0] == rows
    assert choose(accept, GRAPHS).content_type.partition(";")[0] == graph


def test_the_most_specific_range_decides():
    accept = "text/*;q=0.3, text/csv;q=0.7, */*;q=0.5"
    assert [quality_of(accept, name) for name in ("text/csv", "text/html", "image/png")] == [0.7, 0.3, 0.5]


def test_an_alias_is_what_the_answer_is_called():
    chosen = choose("application/json", RESULTS)
    assert (chosen.media_type, chosen.content_type) == (JSON, "application/json")
    assert by_name("json", GRAPHS).media_type == "application/ld+json"
    assert by_name("xml", GRAPHS).media_type == "application/rdf+xml"
    assert by_name("docx", RESULTS) == NONE
    assert not NONE


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (FIREFOX, True),
        (OLD_FIREFOX, True),
        ("text/html", True),
        ("text/html;q=0.5, text/turtle", False),
        ("text/turtle;q=0.5, text/html", True),
        ("*/*", False),
        ("", False),
        ("application/json, text/plain, */*", False),
    ],
)
def test_who_is_a_browser(accept, page):
    assert wants_page(accept, RESULTS, GRAPHS) is page


def test_nothing_to_agree_on_lists_what_there_is():
    with pytest.raises(UnreadableError) as refused:
        agreed("image/png", "", RESULTS, GRAPHS)
    assert media_types(RESULTS, GRAPHS) in str(refused.value)
    with pytest.raises(UnreadableError, match="json, xml, csv, tsv, ttl, nt, jsonld, rdf, html"):
        agreed("", "docx", RESULTS, GRAPHS, (PAGE,))
    assert short_names(RESULTS) == ["json", "xml", "csv", "tsv"]
    assert agreed("image/png", "csv", RESULTS, GRAPHS) == (by_name("csv", RESULTS), NONE)


# Over a socket

ROWS = "SELECT ?s ?l WHERE { ?s a <https://w3id.org/zhiji/ontology/Course> ; rdfs:label ?l } ORDER BY ?s ?l LIMIT 7"
TRIPLES = (
    "CONSTRUCT { ?s rdfs:label ?l } "
    "WHERE { SELECT ?s ?l { ?s a <https://w3id.org/zhiji/ontology/Course> ; rdfs:label ?l } ORDER BY ?s ?l LIMIT 7 }"
)
RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"


def of_json(body):
    return [(row["s"]["value"], row["l"]["value"]) for row in json.loads(body)["results"]["bindings"]]


def of_xml(body):
    found = ElementTree.fromstring(body).iter("{http://www.w3.org/2005/sparql-results#}result")
    return [tuple(binding[0].text for binding in result) for result in found]


def of_csv(body):
    return [tuple(row) for row in csv.reader(io.StringIO(body.decode()))][1:]


def of_tsv(body):
    terms = [line.split("\t") for line in body.decode().splitlines()[1:]]
    return [(s.strip("<>"), label[1 : label.rindex('"')]) for s, label in terms]


READERS = {JSON: of_json, XML: of_xml, "text/csv": of_csv, "text/tab-separated-values": of_tsv}
GRAPH_READERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}


def post(site, query, **headers):
    given = {"Content-Type": "application/sparql-query", **headers}
    return ask(site, "POST", "/sparql", given, (RDFS + query).encode())


@pytest.mark.parametrize("media_type", READERS)
def test_rows_in_every_form(example_site, example_store, media_type):
    answer, body = post(example_site, ROWS, Accept=media_type)
    assert answer.headers.get_content_type() == media_type
    assert answer.headers["Vary"] == "Accept"
    expected = [tuple(term.value for term in row) for row in example_store.select(RDFS + ROWS, {}).rows]
    assert len(expected) == 7
    assert READERS[media_type](body) == expected


@pytest.mark.parametrize("media_type", GRAPH_READERS)
def test_graphs_in_every_form(example_site, example_store, media_type):
    answer, body = post(example_site, TRIPLES, Accept=media_type)
    assert answer.headers.get_content_type() == media_type
    expected = {(t.subject.value, t.object.value) for t in example_store.construct(RDFS + TRIPLES, {})}
    assert len(expected) == 7
    read = rdflib.Graph().parse(data=body, format=GRAPH_READERS[media_type])
    assert {(str(s), str(o)) for s, _, o in read} == expected


@pytest.mark.parametrize("form", [*RESULTS, *GRAPHS], ids=lambda form: form.short)
def test_every_form_by_its_name_and_by_its_other_names(example_site, form):
    query = "SELECT (1 AS ?x) {}" if form in RESULTS else "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"
    _, by_accept = post(example_site, query, Accept=form.media_type)
    target = f"/sparql?format={form.short}"
    answer, named = ask(
        example_site, "POST", target, {"Content-Type": "application/sparql-query"}, (RDFS + query).encode()
    )
    assert answer.headers.get_content_type() == form.media_type
    assert named == by_accept
    for alias in form.aliases:
        answer, called = post(example_site, query, Accept=alias)
        assert answer.headers["Content-Type"] == alias
        assert called == by_accept


@pytest.mark.parametrize("media_type", [JSON, XML])
def test_ask_in_both_forms_that_have_it(example_site, media_type):
    answer, body = post(example_site, "ASK {}", Accept=media_type)
    assert answer.headers.get_content_type() == media_type
    assert b"true" in body
