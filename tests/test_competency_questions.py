"""The competency questions: each is answered by one file, and its answer is the one worked out by hand.

A case is a file of ``golden/cq``: the question, the graph it is asked of, its parameters, how the rows
were checked, and the rows. Three graphs answer: ``scheme`` is the ontology with the source's own world
and nothing else, ``examples`` the shipped example, ``extended`` the example with what it lacks (posts,
projects, a second edition of plan and standard), which ``golden/cq/data`` holds, and ``two-plans`` a small one.
"""

import json
import re
from collections import Counter

import pytest
import rdflib
from conftest import GOLDEN
from in_rdflib import prepared

from zhiji_kg.build import build
from zhiji_kg.graph import assemble
from zhiji_kg.inference import infer
from zhiji_kg.knowledge import KnowledgeGraph
from zhiji_kg.queries import Column, ask_query, bind, competency_questions, plain
from zhiji_kg.rdf import Iri, Literal
from zhiji_kg.resources import examples
from zhiji_kg.store import open_store
from zhiji_kg.vocabulary import PREFIXES, curie

pytestmark = pytest.mark.xdist_group("competency-questions")  # four graphs, each in two engines
HERE = GOLDEN / "cq"
NUMBERS = [f"CQ-{number:02}" for number in range(1, 60)]
CASES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("CQ-*.json"))}
# rdflib takes ten seconds and more for each of these. Of the same questions it answers, on a smaller graph, another
# case here or the settings of test_query_files.
SLOW_IN_RDFLIB = {"CQ-09", "CQ-19", "CQ-28", "CQ-29", "CQ-29-examples", "CQ-58-examples", "CQ-59-examples"}
GRAPHS = ("scheme", "examples", "extended", "two-plans")


@pytest.fixture(scope="session")
def scheme_store():
    """The ontology alone, which holds the source's world, with what follows from it."""
    _dataset, store = infer(assemble([]))
    return store


@pytest.fixture(scope="session")
def extended_store(tmp_path_factory):
    """The example with workbooks beside it that hold what it lacks."""
    directory = tmp_path_factory.mktemp("extended") / "kg"
    build([*examples(), *sorted((HERE / "data").iterdir())], directory)
    return open_store(directory)


@pytest.fixture(scope="session")
def stores(scheme_store, example_store, extended_store, two_plans):
    return dict(zip(GRAPHS, (scheme_store, example_store, extended_store, two_plans), strict=True))


@pytest.fixture(scope="session")
def in_rdflib(stores):
    """The default graph of each in rdflib's own engine, each loaded once."""
    loaded = {}

    def load(graph):
        if graph not in loaded:
            loaded[graph] = KnowledgeGraph(stores[graph]).graph()
        return loaded[graph]

    return load


def asked(stores, case):
    query = competency_questions()[case["question"]]
    store = stores[case["graph"]]
    given = {name: str(value) for name, value in case.get("parameters", {}).items()}
    return query, bind(store, query, given), store


def written(row, query):
    """A golden row with every column, and its IRIs in full."""
    types = {column.name: column.type for column in query.answer}
    assert set(row) <= set(types), "a column that the question does not have"
    return {name: in_full(row.get(name)) if kind == "iri" else row.get(name) for name, kind in types.items()}


def in_full(value):
    known = value is not None and "://" not in value and value.partition(":")[0] in PREFIXES
    return curie(value).value if known else value


# The files


def test_each_question_is_answered_by_one_file():
    assert list(competency_questions()) == NUMBERS


def test_each_question_is_pinned_by_a_golden_file():
    assert sorted({case["question"] for case in CASES.values()}) == NUMBERS


@pytest.mark.parametrize("name", CASES)
def test_a_golden_file_says_what_it_is(name):
    case = CASES[name]
    assert re.fullmatch(rf"{case['question']}(-[a-z0-9]+)*", name)
    assert case["graph"] in GRAPHS
    assert len(case["checked"]) > 20, "how the rows were checked"
    assert case.keys() <= {"question", "graph", "parameters", "checked", "rows"}


@pytest.mark.parametrize("number", competency_questions())
def test_a_question_names_the_facts_it_rests_on_and_the_columns_it_gives(number):
    query = competency_questions()[number]
    assert query.facts
    assert query.answer


# The answers


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_the_one_worked_out_by_hand(stores, name):
    query, bound, store = asked(stores, CASES[name])
    found = ask_query(store, query, bound)
    assert found.variables == tuple(column.name for column in query.answer)
    rows = [dict(zip(found.variables, map(plain, row), strict=True)) for row in found.rows]
    assert rows == [written(row, query) for row in CASES[name]["rows"]]
    assert rows or CASES[name].get("rows") == []


@pytest.mark.parametrize("name", CASES)
def test_the_answer_has_the_declared_types(stores, name):
    query, bound, store = asked(stores, CASES[name])
    for row in ask_query(store, query, bound).rows:
        for column, term in zip(query.answer, row, strict=True):
            assert fits(term, column), f"{column}: {term}"


def fits(term, column):
    """Whether a value is of the type that its column declares; every integer is a decimal too."""
    if term is None:
        return column.optional
    if column.type == "iri":
        return isinstance(term, Iri)
    if not isinstance(term, Literal):
        return False
    kind = term.datatype.value.removeprefix(PREFIXES["xsd"])
    if column.type == "string":
        return kind == "string" or term.language is not None
    return kind == column.type or (column.type, kind) == ("decimal", "integer")


def test_what_is_left_out_of_rdflib_is_there():
    assert set(CASES) >= SLOW_IN_RDFLIB


@pytest.mark.parametrize("name", [name for name in CASES if name not in SLOW_IN_RDFLIB])
def test_rdflib_answers_the_same(stores, in_rdflib, name):
    query, bound, store = asked(stores, CASES[name])
    here = ask_query(store, query, bound)
    bindings = {key: to_rdflib(term) for key, term in bound.items()}
    there = in_rdflib(CASES[name]["graph"]).query(prepared(query.text, bound), initBindings=bindings)
    assert tuple(map(str, there.vars)) == here.variables
    of_there = Counter(tuple(of_rdflib(term) for term in row) for row in there)
    assert of_there == Counter(tuple(map(plain, row)) for row in here.rows)


def to_rdflib(term):
    return rdflib.URIRef(term.value) if isinstance(term, Iri) else rdflib.Literal(plain(term))


def of_rdflib(term):
    """The plain value of an rdflib term, by the same reading as of ours."""
    if term is None:
        return None
    if isinstance(term, rdflib.URIRef):
        return str(term)
    kind = Iri(str(term.datatype)) if term.datatype is not None else None
    return plain(Literal(str(term), language=term.language) if kind is None else Literal(str(term), datatype=kind))


# The checks above can fail


WRONG = [
    ("integer", False, None),
    ("integer", False, Literal("1.5", datatype=curie("xsd:decimal"))),
    ("integer", False, Literal("1")),
    ("iri", False, Literal("http://e/")),
    ("string", False, Iri("http://e/")),
    ("string", False, Literal("1", datatype=curie("xsd:integer"))),
    ("boolean", True, Literal("true")),
]
FINE = [
    ("integer", True, None),
    ("decimal", False, Literal("1", datatype=curie("xsd:integer"))),
    ("decimal", False, Literal("1.5", datatype=curie("xsd:decimal"))),
    ("string", False, Literal("字", language="zh")),
    ("string", False, Literal("x")),
    ("boolean", False, Literal("true", datatype=curie("xsd:boolean"))),
    ("dateTime", False, Literal("2026-11-23T00:00:00Z", datatype=curie("xsd:dateTime"))),
]


CHECKED = [(*case, False) for case in WRONG] + [(*case, True) for case in FINE]


@pytest.mark.parametrize(("kind", "optional", "term", "expected"), CHECKED)
def test_a_value_fits_its_column_or_not(kind, optional, term, expected):
    assert fits(term, Column("x", kind, optional)) is expected
