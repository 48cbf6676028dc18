"""The embedded store and the door that opens one."""

import pytest

from zhiji_kg.errors import CannotRunError, ExitStatus, UnreadableError
from zhiji_kg.rdf import Iri, Literal, Quad, Triple
from zhiji_kg.store import open_store
from zhiji_kg.store.loader import load
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.store.port import GraphIdentity
from zhiji_kg.store.remote import RemoteStore

A, B, C, P = (Iri(f"http://e/{name}") for name in "abcp")
IDENTITY = GraphIdentity("v7", "f" * 64, "somewhere")


@pytest.fixture
def store():
    return EmbeddedStore.in_memory([Quad(A, P, B), Quad(A, P, Literal("x")), Quad(B, P, C, Iri("http://e/graph"))])


def test_select_gives_the_variables_in_order_and_nothing_for_what_is_unbound(store):
    found = store.select("SELECT ?o ?s ?nothing WHERE { ?s <http://e/p> ?o } ORDER BY ?o", {})
    assert found.variables == ("o", "s", "nothing")
    assert sorted(found.rows, key=str) == [(Literal("x"), A, None), (B, A, None)]


def test_terms_are_bound_and_not_pasted(store):
    query = "SELECT ?s ?o WHERE { ?s <http://e/p> ?o }"
    assert store.select(query, {"o": B}).rows == [(A, B)]
    assert store.select(query, {"o": Literal('x" } UNION { ?s ?p ?o } #')}).rows == []
    assert store.ask("ASK { ?s <http://e/p> ?o }", {"s": A})
    assert not store.ask("ASK { ?s <http://e/p> ?o }", {"s": C})
    assert store.construct("CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o }", {"o": B}) == [Triple(B, P, A)]


def test_questions_see_the_default_graph_and_quads_show_all(store):
    assert not store.ask("ASK { <http://e/b> ?p ?o }", {})
    assert len(list(store.quads())) == 3
    store.add([Triple(C, P, A)])
    assert store.ask("ASK { <http://e/c> ?p <http://e/a> }", {})


@pytest.mark.parametrize("method", ["select", "ask", "construct"])
@pytest.mark.parametrize("query", ["SELECT ?s WHERE {", "gibberish", "SELECT ?s WHERE { ?s zj:p ?o }", ""])
def test_a_query_that_is_not_well_formed(store, method, query):
    with pytest.raises(UnreadableError) as caught:
        getattr(store, method)(query, {})
    (problem,) = caught.value.problems
    assert problem.code == "bad-query"
    assert len(problem.line("en").splitlines()) == 1


def test_a_store_in_memory_has_no_version(store):
    assert store.identity == GraphIdentity("", "", "memory")


def test_the_loader_fills_a_directory_that_opens_read_only(tmp_path):
    dump = tmp_path / "图 graph.nq"
    dump.write_text("<http://e/a> <http://e/p> <http://e/b> .\n<http://e/b> <http://e/p> <http://e/c> <http://e/g> .\n")
    load(str(dump), str(tmp_path / "店 store"))
    opened = EmbeddedStore.over(tmp_path / "店 store", IDENTITY)
    assert opened.identity == IDENTITY
    assert len(list(opened.quads())) == 2
    with pytest.raises(RuntimeError, match="read-write"):
        opened.add([Triple(A, P, C)])
    again = EmbeddedStore.over(tmp_path / "店 store", IDENTITY)
    assert again.ask("ASK { <http://e/a> ?p ?o }", {}), "two readers at once"


def test_a_directory_that_is_no_store(tmp_path):
    with pytest.raises(CannotRunError) as caught:
        EmbeddedStore.over(tmp_path / "nothing", IDENTITY)
    (problem,) = caught.value.problems
    assert (problem.code, problem.values["version"]) == ("damaged-version", "v7")
    assert caught.value.status is ExitStatus.CANNOT_RUN


def test_the_door_opens_what_is_named(example_kg, tmp_path):
    assert open_store(example_kg).identity.version == "v1"
    assert isinstance(open_store(example_kg, "http://127.0.0.1:1/query"), RemoteStore)
    with pytest.raises(UnreadableError) as caught:
        open_store(tmp_path)
    assert caught.value.problems[0].code == "no-version"


def test_without_a_name_it_is_the_folder_kg(example_kg, monkeypatch):
    monkeypatch.chdir(example_kg.parent)
    assert open_store().identity == GraphIdentity(*_of(example_kg))


def _of(kg):
    identity = open_store(kg).identity
    return identity.version, identity.sha256, str(kg.relative_to(kg.parent) / "v1")
