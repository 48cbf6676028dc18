"""All earlier courses by bitsets, against networkx and against a closure written out plainly."""

import itertools

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_workbook import small

from zhiji_kg.build import build
from zhiji_kg.prerequisites import Closure, prerequisites
from zhiji_kg.store import open_store
from zhiji_kg.vocabulary import entity

NAMES = [f"c{number}" for number in range(12)]
LINKS = st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=40)


def plainly(links):
    """The least transitive relation that holds the links: step after step until nothing is new."""
    closed = set(links)
    while new := {(a, d) for a, b in closed for c, d in closed if b == c} - closed:
        closed |= new
    return closed


@given(LINKS)
def test_it_is_the_transitive_closure(links):
    closure = Closure.of(links)
    assert set(closure.pairs()) == plainly(links)
    assert len(closure) == len(plainly(links))
    assert all(closure.holds(one, other) == ((one, other) in plainly(links)) for one in NAMES for other in NAMES)


@given(LINKS)
def test_it_agrees_with_networkx(links):
    graph = networkx.DiGraph(sorted(links))
    closure = Closure.of(links)
    assert set(closure.pairs()) == set(networkx.transitive_closure(graph, reflexive=False).edges)
    circles = {node for part in networkx.strongly_connected_components(graph) if len(part) > 1 for node in part}
    assert set(closure.circular()) == circles | {one for one, other in links if one == other}


@given(st.lists(st.sampled_from(NAMES), max_size=6).map(lambda names: list(itertools.pairwise(names))))
def test_the_order_of_the_links_does_not_matter(links):
    assert Closure.of(links) == Closure.of(reversed(links)) == Closure.of([*links, *links])


CASES = [
    ("nothing", [], "a", []),
    ("a chain", [("a", "b"), ("b", "c"), ("c", "d")], "a", ["b", "c", "d"]),
    ("its end", [("a", "b")], "b", []),
    ("two ways", [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")], "a", ["b", "c", "d"]),
    ("a course before itself", [("a", "a")], "a", ["a"]),
    ("a circle of two and what is before it", [("a", "b"), ("b", "a"), ("b", "c")], "a", ["a", "b", "c"]),
    ("a way into a circle", [("z", "a"), ("a", "b"), ("b", "a")], "z", ["a", "b"]),
    ("unknown", [("a", "b")], "q", []),
]


@pytest.mark.parametrize(("name", "links", "thing", "reached"), CASES, ids=[case[0] for case in CASES])
def test_cases_worked_by_hand(name, links, thing, reached):
    assert Closure.of(links).reached(thing) == reached


def test_a_long_chain_needs_no_recursion():
    links = [(f"{number:05}", f"{number + 1:05}") for number in range(5_000)]
    closure = Closure.of(links)
    assert len(closure) == 5_000 * 5_001 // 2
    assert closure.circular() == []
    assert closure.holds("00000", "05000")


def test_those_of_a_graph(tmp_path):
    """ZY2 comes after ZY1, that after GG1 and GG2, and GG2 after GG1: the sheet says the direct ones."""
    course = {code: entity("course", f"460103-{code}").value for code in ("GG1", "GG2", "ZY1", "ZY2", "ZY4")}
    build([small(tmp_path / "book")], tmp_path / "kg")
    found = prerequisites(open_store(tmp_path / "kg"))
    assert found.reached(course["GG1"]) == []
    assert found.reached(course["ZY2"]) == [course["GG1"], course["GG2"], course["ZY1"]]
    assert found.holds(course["ZY4"], course["GG2"])
    assert not found.holds(course["GG2"], course["ZY4"])
    assert found.circular() == []
