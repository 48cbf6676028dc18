"""The embedded engine: it answers, it writes nothing, and what it cannot understand is one line."""

import pytest

from zhiji_kg.errors import CannotRunError, UnreadableError
from zhiji_kg.rdf import Iri, Quad, Triple, integer, text
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.store.port import GraphIdentity, Solutions
from zhiji_kg.store.versions import publish

S, P, Q = Iri("http://x/s"), Iri("http://x/p"), Iri("http://x/q")
QUADS = [
    Quad(S, P, integer(1)),
    Quad(S, P, integer(2)),
    Quad(S, Q, text("车工", "zh")),
    Quad(Q, P, S, Iri("http://x/g")),
]


@pytest.fixture
def store():
    return EmbeddedStore.in_memory(QUADS)


def test_rows_have_their_variables_in_the_order_asked_for(store):
    found = store.select("SELECT ?o ?s ?none WHERE { ?s <http://x/p> ?o } ORDER BY ?o", {})
    assert found == Solutions(("o", "s", "none"), [(integer(1), S, None), (integer(2), S, None)])


@pytest.mark.parametrize(
    ("bindings", "rows"),
    [({}, 3), ({"p": P}, 2), ({"p": P, "o": integer(2)}, 1), ({"o": text("车工", "zh")}, 1), ({"o": text("车工")}, 0)],
)
def test_values_are_bound_as_terms(store, bindings, rows):
    assert len(store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }", bindings).rows) == rows


def test_what_looks_like_a_query_is_only_a_value(store):
    assert store.select("SELECT ?s ?o WHERE { ?s ?p ?o }", {"o": text('" } DELETE WHERE { ?s ?p ?o')}).rows == []
    assert len(list(store.quads())) == 4


def test_questions_read_the_default_graph_only(store):
    assert store.ask("ASK { ?s <http://x/p> <http://x/s> }", {}) is False
    assert store.ask("ASK { GRAPH ?g { ?s <http://x/p> <http://x/s> } }", {}) is True
    assert store.ask("ASK { ?s <http://x/p> ?o }", {"o": integer(9)}) is False


def test_constructed_triples(store):
    found = store.construct(
        "CONSTRUCT { ?o <http://x/of> ?s } WHERE { ?s <http://x/q> ?o . ?s <http://x/p> ?n }", {"n": integer(1)}
    )
    assert found == [] or found[0].predicate == Iri("http://x/of")
    inverse = store.construct("CONSTRUCT { ?s <http://x/r> ?o } WHERE { ?s <http://x/p> ?o }", {})
    assert set(inverse) == {Triple(S, Iri("http://x/r"), integer(n)) for n in (1, 2)}


def test_triples_added_in_memory_are_seen(store):
    store.add([Triple(Q, Q, Q)])
    assert store.ask("ASK { <http://x/q> <http://x/q> <http://x/q> }", {})


BAD = ["SELECT", "SELECT ?s WHERE { ?s ?p }", "", "SELECT ?x { x:y ?p ?x }", "ASK { ?s ?p ?o", "nonsense\n" * 50]


@pytest.mark.parametrize("query", BAD)
@pytest.mark.parametrize("form", ["select", "ask", "construct"])
def test_a_query_that_is_none_is_one_short_line(store, form, query):
    with pytest.raises(UnreadableError) as caught:
        getattr(store, form)(query, {})
    (problem,) = caught.value.problems
    assert problem.code == "bad-query"
    assert len(problem.line("en").splitlines()) == 1
    assert len(problem.line("en")) < 300


def test_a_published_store_is_read_only(tmp_path):
    version, _ = publish(tmp_path / "kg", [b'<http://x/s> <http://x/p> "1" .\n'], {})
    first, second = version.open(), version.open()  # many at once
    assert len(list(first.quads())) == len(list(second.quads())) == 1
    assert first.identity == GraphIdentity("v1", version.manifest["sha256"], str(version.directory))
    with pytest.raises(RuntimeError, match="read-write"):
        first.add([Triple(Q, Q, Q)])
    assert len(list(version.open().quads())) == 1


def test_a_directory_that_is_no_store(tmp_path):
    with pytest.raises(CannotRunError) as caught:
        EmbeddedStore.over(tmp_path / "none", GraphIdentity("v1", "", ""))
    (problem,) = caught.value.problems
    assert (problem.code, problem.values["version"]) == ("damaged-version", "v1")
    assert "\n" not in problem.line("zh")


def test_a_store_in_memory_has_no_place(store):
    assert store.identity == GraphIdentity("", "", "memory")


def test_a_variable_that_is_bound_need_not_be_projected(store):
    bound = store.select("SELECT ?p WHERE { ?s ?p ?o } ORDER BY ?p", {"s": Q})
    shown = store.select("SELECT ?s ?p WHERE { ?s ?p ?o } ORDER BY ?p", {"s": Q})
    assert [(Q, *row) for row in bound.rows] == shown.rows
