"""Values at the head of each group: where they go, where they do not, and that the rows stay what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg import rdf
from zhiji_kg.errors import UnreadableError
from zhiji_kg.rdf import Iri, Literal, Triple
from zhiji_kg.store.binding import with_values
from zhiji_kg.store.oxigraph import EmbeddedStore

P = {"p": Iri("http://e/1")}
V = "VALUES ?p { <http://e/1> }"
PLACES = [
    ("SELECT ?p WHERE {@ ?p a ?c }", "the outermost"),
    ("SELECT * {@ ?x ?y ?z }", "the outermost, though nothing there names it"),
    ("ASK {@ ?p a ?c }", "ask"),
    ("CONSTRUCT { ?p a ?c } WHERE {@ ?p a ?c }", "no template"),
    ("SELECT * {@ ?x ?y ?z OPTIONAL {@ ?p ?a ?b } OPTIONAL { ?q ?a ?b } }", "groups that name it"),
    ("SELECT * {@ {@ ?p a ?c } UNION { ?q a ?c } MINUS {@ $p a ?d } }", "branches"),
    ("SELECT * {@ { SELECT ?p WHERE {@ ?p a ?x } GROUP BY ?p } }", "a subselect that projects it"),
    ("SELECT * {@ { SELECT * WHERE {@ ?p a ?x } } }", "a subselect of everything"),
    ("SELECT * {@ { SELECT (COUNT(?p) AS ?n) WHERE { ?p a ?x { ?p a ?y } } } }", "a variable of another meaning"),
    ("SELECT * {@ { SELECT (MAX(?x) AS ?p) WHERE { ?q a ?x } } }", "a subselect that makes it"),
    ("SELECT * {@ ?p a ?c FILTER NOT EXISTS { ?p a ?y { ?p a ?z } } }", "nothing inside EXISTS"),
    ("SELECT * {@ VALUES ?p { 1 2 } VALUES (?p ?q) { (1 2) } }", "no data"),
    ('SELECT * {@ ?p a "{ ?p }", \'{\', """{ " ?p""" # { ?p }\n }', "no strings or comments"),
    ("SELECT * {@ ?p <http://e/?p#x> e:select ; e:select.all ?o . {@ ?p a ?o } }", "no names"),
    ("SELECT ?p { @?p a ?c".replace("{ @", "{@ ") + " {@ ?p a ?d } } VALUES ?q { 1 }", "data at the end"),
]


@pytest.mark.parametrize(("query", "where"), PLACES, ids=lambda one: one if len(one) < 50 and "{" not in one else "")
def test_values_stand_where_patterns_speak_of_the_variable(query, where):
    expected = " ".join(query.replace("@", f" {V} ").split())
    assert " ".join(with_values(query.replace("@", ""), P).split()) == expected, where


def test_nothing_bound_leaves_the_query_alone():
    assert with_values("SELECT * { ?s ?p ?o }", {}) == "SELECT * { ?s ?p ?o }"


@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?p a ?c }", "SELECT", "}", "{ ?p"])
def test_a_query_that_can_take_no_values_is_said_to_be_one(query):
    with pytest.raises(UnreadableError) as caught:
        with_values(query, P)
    assert "?p" in caught.value.problems[0].line("en")


def test_terms_are_written_as_terms():
    hostile = {"a": rdf.integer(3), "b": Literal('"; } DROP', language="zh")}
    written = with_values("SELECT * { ?a ?b ?c }", hostile)
    assert 'VALUES ?a { "3"^^<http://www.w3.org/2001/XMLSchema#integer> }' in written
    assert 'VALUES ?b { "\\"; } DROP"@zh }' in written


@given(st.text(max_size=30))
def test_no_text_breaks_out_of_its_value(text):
    store = EmbeddedStore.holding([Triple(P["p"], Iri("http://e/says"), Literal(text))])
    found = store.select("SELECT ?s WHERE { ?s <http://e/says> ?o }", {"o": Literal(text)})
    assert found.rows == [(P["p"],)]


NODES = st.integers(0, 4).map(lambda number: Iri(f"http://e/{number}"))
GRAPHS = st.lists(st.tuples(NODES, st.sampled_from("ab"), NODES), max_size=12)
SHAPES = [
    "SELECT ?p ?x ?y WHERE { ?p <http://e/a> ?x OPTIONAL { ?x <http://e/b> ?y . ?p <http://e/a> ?y } }",
    "SELECT ?p ?x WHERE { { ?p <http://e/a> ?x } UNION { ?x <http://e/b> ?p } }",
    "SELECT ?p ?n WHERE { { SELECT ?p (COUNT(?x) AS ?n) WHERE { ?p <http://e/a> ?x } GROUP BY ?p } }",
    "SELECT ?p ?x WHERE { ?p <http://e/a> ?x MINUS { ?p <http://e/b> ?x } }",
    "SELECT ?p ?x WHERE { ?p <http://e/a> ?x FILTER NOT EXISTS { ?x <http://e/b> ?p } }",
    "SELECT ?p ?x ?n WHERE { ?p <http://e/a> ?x { SELECT (COUNT(?p) AS ?n) WHERE { ?p <http://e/b> ?q } } }",
]


@pytest.mark.parametrize("query", SHAPES)
@given(graph=GRAPHS, chosen=NODES)
def test_the_rows_are_those_in_which_the_variable_has_the_value(query, graph, chosen):
    store = EmbeddedStore.holding({Triple(s, Iri(f"http://e/{p}"), o) for s, p, o in graph})
    unbound = store.select(query, {})
    place = unbound.variables.index("p")
    expected = sorted((row for row in unbound.rows if row[place] == chosen), key=str)
    assert sorted(store.select(query, {"p": chosen}).rows, key=str) == expected
