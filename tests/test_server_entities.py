"""Everything named by an IRI of ours has an address here: as a page, and as data in four forms."""

from dataclasses import replace

import pytest
import rdflib
from test_server_negotiation import FIREFOX, GRAPH_READERS
from test_server_protocol import ask, assert_readable

from zhiji_kg.documentation import documentation
from zhiji_kg.server.entities import entities
from zhiji_kg.server.negotiation import GRAPHS
from zhiji_kg.vocabulary import DATA, ONTOLOGY

PROGRAMME = "/id/programme/460103"
IN_THE_GRAPH = {
    PROGRAMME: DATA + "programme/460103",
    "/id/course/460103-GG004": DATA + "course/460103-GG004",
    "/id/source/example-std-cnc-turner-2005": DATA + "source/example-std-cnc-turner-2005",
    "/id/evidence-grade/inferred": DATA + "evidence-grade/inferred",
    "/ontology/Course": ONTOLOGY + "Course",
    "/ontology/hasCoverage": ONTOLOGY + "hasCoverage",
}
NOT_IN_THE_GRAPH = [
    "/id/",
    "/id/programme",
    "/id/programme/",
    "/id/programme/460103/",
    "/id/programme/460103.docx",
    "/id/programme/NOBODY",
    "/id/programme/460103%20",
    "/id/课程/1",
    "/id/%E8%AF%BE",
    "/id/a%20b",
    "/id/a%3Eb",
    "/id/%22%7D%20ASK%20%7B%22",
    "/id/..",
    "/id/../../etc/passwd",
    "/id/course/..%2F..%2Fx",
    "/id/%2e%2e/x",
    "/id/%00",
    "/id/a%0d%0aSet-Cookie:%20x=1",
    "/id/%ff%fe",
    "/id/%ed%a0%80",
    "/id/" + "x" * 5000,
    "/id/.ttl",
    "/ontology/NoSuchTerm",
    "/ontology/course",
    "/module/none",
]


def triples_of(body, media_type):
    return set(rdflib.Graph().parse(data=body, format=GRAPH_READERS[media_type]))


@pytest.mark.parametrize("target", IN_THE_GRAPH)
def test_all_that_the_graph_says(example_site, example_store, target):
    answer, body = ask(example_site, "GET", target, {"Accept": "application/n-triples"})
    assert answer.status == 200
    found = triples_of(body, "application/n-triples")
    iri = IN_THE_GRAPH[target]
    stated = example_store.construct(f"CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ <{iri}> ?p ?o }}", {})
    assert stated
    assert {str(p) for s, p, _ in found if str(s) == iri} == {t.predicate.value for t in stated}
    assert any(str(s) == iri for s, _, _ in found)


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.short)
def test_the_same_in_every_form(example_site, form):
    expected = triples_of(ask(example_site, "GET", PROGRAMME + ".nt")[1], "application/n-triples")
    by_accept = ask(example_site, "GET", PROGRAMME, {"Accept": form.media_type})
    by_name = ask(example_site, "GET", f"{PROGRAMME}?format={form.short}", {"Accept": "text/html"})
    by_suffix = ask(example_site, "GET", f"{PROGRAMME}.{form.short}", {"Accept": "text/html"})
    for answer, body in (by_accept, by_name, by_suffix):
        assert answer.headers.get_content_type() == form.media_type
        assert triples_of(body, form.media_type) == expected
        assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("target", IN_THE_GRAPH)
def test_a_browser_gets_a_page(example_site, target):
    for asked, accept in ((target, FIREFOX), (target + "?format=html", "*/*"), (target + ".html", "*/*")):
        answer, body = ask(example_site, "GET", asked, {"Accept": accept})
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert body.startswith(b"<!doctype html>")
        assert 'type="text/turtle"' in answer.headers["Link"]


def test_each_form_is_linked_and_the_links_lead_there(example_site):
    answer, _ = ask(example_site, "GET", PROGRAMME + ".ttl")
    links = answer.headers["Link"].split(", ")
    assert len(links) == 5
    for link in links:
        address, relation, media_type = link.split("; ")
        assert relation == 'rel="alternate"'
        there, _ = ask(example_site, "GET", address.strip("<>"))
        assert there.headers.get_content_type() == media_type[6:-1]


@pytest.mark.parametrize("target", NOT_IN_THE_GRAPH)
def test_what_is_not_in_the_graph(example_site, target):
    answer, body = ask(example_site, "GET", target)
    assert answer.status == 404
    assert "Set-Cookie" not in answer.headers
    assert_readable(answer, body, "")
    assert ask(example_site, "GET", target, {"Accept": FIREFOX})[0].status == 404


def test_no_form_of_that_kind(example_site):
    assert ask(example_site, "GET", PROGRAMME, {"Accept": "text/csv"})[0].status == 406
    answer, body = ask(example_site, "GET", PROGRAMME + "?format=docx")
    assert answer.status == 400
    assert_readable(answer, body, "docx")


def test_a_term_shows_what_the_shipped_ontology_says(example_site):
    _, body = ask(example_site, "GET", "/ontology/Course", {"Accept": FIREFOX, "Accept-Language": "en"})
    page = body.decode("utf-8")
    assert 'href="/module/core#Course"' in page
    assert "as shipped with this software" in page
    assert "Excludes the other" in page
    _, body = ask(example_site, "GET", PROGRAMME, {"Accept": FIREFOX, "Accept-Language": "en"})
    assert "as shipped with this software" not in body.decode("utf-8")


def test_a_term_that_the_graph_does_not_hold_yet_leads_to_its_documentation(example_site, monkeypatch):
    """A graph that was published with an older ontology: the term is shipped, the graph knows nothing of it."""
    known = documentation()
    older = replace(known.term(ONTOLOGY + "Course"), ref=replace(known.term(ONTOLOGY + "Course").ref, iri="x"))
    monkeypatch.setattr("zhiji_kg.server.entities.described", lambda iri: older if iri.endswith("/Newer") else None)
    answer, _ = ask(example_site, "GET", "/ontology/Newer", {"Accept": FIREFOX})
    assert (answer.status, answer.headers["Location"]) == (303, "/module/core#Course")
    assert ask(example_site, "GET", "/ontology/Newer", {"Accept": "text/turtle"})[0].status == 404
    assert ask(example_site, "GET", "/ontology/None", {"Accept": FIREFOX})[0].status == 404
    assert entities.name == "entities"
