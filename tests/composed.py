"""A composed world for the codes of standards and resources: small tables in memory, a graph, and what a rule finds.

The tables are those of a plan on each track; a test changes cells of them and asks one rule again.
"""

from collections import Counter

from in_rdflib import prepared
from rdflib import URIRef
from small_workbook import change, rows_of, write_csv

from zhiji_kg.analysis import find_programme, load_profile
from zhiji_kg.analysis.rules import rule_findings
from zhiji_kg.build import draft
from zhiji_kg.knowledge import KnowledgeGraph
from zhiji_kg.queries import ask_query, catalogue
from zhiji_kg.rdf import Iri
from zhiji_kg.store.oxigraph import EmbeddedStore

ABOUT = "项,值\n工作簿标识,composed\n标题,【示例】合成\n来源,合成\n证据等级,示例\n"


def world(folder, sheets, **changes):
    """The graph of some sheets, given as CSV texts by name, with the changes of ``small_workbook.change``."""
    rows = {name: rows_of(text.strip() + "\n") for name, text in {"说明": ABOUT, **sheets}.items()}
    made = draft([write_csv(folder, change(rows, **changes))])
    assert [problem.code for problem in made.problems if problem.severity == "error"] == []
    return EmbeddedStore.in_memory(made.complete.quads())


def found(store, code, programme="EX", profile=None):
    """The findings of one rule about a programme."""
    plan = Iri(find_programme(store, programme).thing.iri)
    return list(rule_findings(store, plan, profile or load_profile(), [code]))


def told(findings):
    """Subject and object of findings, by code or else by Chinese name."""
    return [(name(f.subject), name(f.object)) for f in findings]


def name(thing):
    """The code of a thing, its Chinese name where it has none."""
    return None if thing is None else thing.code or thing.name("zh")


def same_in_rdflib(store, programme, stems):
    """Ask each query of both engines; gives how many rows each has, to see that something was compared."""
    graph, counted = KnowledgeGraph(store).graph(), {}
    for stem in stems:
        query = catalogue()[stem]
        bound = {"programme": Iri(find_programme(store, programme).thing.iri)} if query.parameters else {}
        here = ask_query(store, query, bound).rows
        given = {name: URIRef(value.value) for name, value in bound.items()}
        there = graph.query(prepared(query.text, bound), initBindings=given)
        rows = Counter(tuple(None if t is None else str(t) for t in row) for row in there)
        assert rows == Counter(tuple(None if t is None else text_of(t) for t in row) for row in here), stem
        counted[stem] = len(here)
    return counted


def text_of(term):
    """The value of a term without its quotes and type, as rdflib writes it."""
    return term.value if hasattr(term, "value") else str(term)
