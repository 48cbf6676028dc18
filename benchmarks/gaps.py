"""The gap rules beside plain rdflib, and one programme's report on a graph that grows around it.

Both work on the graph of the shipped examples, which is composed. ``report``: the graph gets copies of itself
under other names (other trades with plans and standards of their own; documents and the ontology stay one),
up to 100,000 and to 1,000,000 triples. The report of one programme must be the same in both; how much longer it
takes in the second is the figure. ``rules``: the query of every finding code of the profile, in the store and in
rdflib, as the file states it, on one plan with its standard and the ontology's core (16,000 triples). The rows
must be equal. A query that rdflib does not finish within the limit counts with the limit alone: the ratio is then
a lower bound, and how many were compared is said.
"""

import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import rdflib
from pyoxigraph import DefaultGraph

from zhiji_kg.analysis import analyse, find_programme, load_profile
from zhiji_kg.build import build
from zhiji_kg.graph import shipped
from zhiji_kg.queries import entity_by_code, find_query, plain
from zhiji_kg.rdf import Iri, Literal, Triple
from zhiji_kg.report.plain import report_plain
from zhiji_kg.resources import examples
from zhiji_kg.store import open_store
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.vocabulary import DATA, RDF_TYPE, zj

PROGRAMME, LEVEL = "460103", "CNC-TURNER-2005@4"
SMALL, LARGE = 100_000, 1_000_000
REPORT_TARGET, RULES_TARGET = 1.5, 100
KEPT_WHOLE = tuple(Iri(f"https://w3id.org/zhiji/module/{name}") for name in ("core", "schemes", "stages"))
"""The shipped graphs with the classes and values of plans; the scheme's facts and mappings are left aside."""
KEPT = (zj("SourceDocument"),)
"""What copies share: a document is listed in every report whose statements stand in it."""
OF_THE_GROUP = (zj("Commitment"), zj("OutcomeFigure"))
"""What is found for the whole group and in every report: copies have none, for the report must stay the same."""


def example_triples():
    """The default graph of the shipped examples, with what follows from it."""
    with tempfile.TemporaryDirectory(prefix="zhiji-bench-") as name:
        build(examples(), Path(name) / "kg")
        quads = open_store(Path(name) / "kg").quads()
        return [quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)]


def rule_triples():
    """One plan with its standard and occupation, what follows from them, and the classes and values they use."""
    chosen = [folder for folder in examples() if not folder.name.startswith("tech-")]
    with tempfile.TemporaryDirectory(prefix="zhiji-bench-") as name:
        build(chosen, Path(name) / "kg")
        quads = open_store(Path(name) / "kg").quads()
        triples = [quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)]
    aside = {t.subject for graph, stated in shipped().items() if graph not in KEPT_WHOLE for t in stated}
    values = {t.subject for graph, stated in shipped().items() if graph in KEPT_WHOLE for t in stated}
    return [triple for triple in triples if triple.subject not in aside - values]


def own(triples):
    """The entities that a copy has of its own, and the triples about them."""
    trades = {t.subject for t in triples if t.predicate == RDF_TYPE and t.object == zj("Occupation")}
    common = {triple.subject for graph in shipped().values() for triple in graph} - trades
    unlike = {t.subject for t in triples if t.predicate == RDF_TYPE and t.object in (*KEPT, *OF_THE_GROUP)}
    about = [t for t in triples if t.subject not in common and t.subject not in unlike and t.object not in unlike]
    shared = [t for t in triples if t.object in unlike and t.subject not in common | unlike]
    names = {t.subject for t in about if isinstance(t.subject, Iri) and t.subject.value.startswith(DATA)}
    kept = {t.subject for t in triples if t.predicate == RDF_TYPE and t.object in KEPT}
    return names, [*about, *(t for t in shared if t.object in kept)]


def grown(triples, size):
    """The triples with as many renamed copies as make up ``size``; the last one may be cut short."""
    yield from triples
    left, number = size - len(triples), 0
    names, about = own(triples)
    while left > 0:
        number += 1
        other = {name: Iri(f"{name.value}-copy{number}") for name in names}
        for triple in about[:left]:
            subject, thing = other.get(triple.subject, triple.subject), triple.object
            yield Triple(subject, triple.predicate, other.get(thing, thing) if isinstance(thing, Iri) else thing)
        left -= len(about)


def timed_report(store, programme, times):
    """The report as plain data, and the median CPU seconds of some after one that warms up."""
    seconds = []
    for _ in range(times + 1):
        began = time.process_time()
        found = report_plain(analyse(store, programme))
        seconds.append(time.process_time() - began)
    return found, statistics.median(seconds[1:])


def report(times=3, sizes=(SMALL, LARGE)):
    """Print what one programme's report takes in a small and in a large graph.

    Raises:
        SystemExit: when the two reports differ.
    """
    triples = example_triples()
    programme = find_programme(EmbeddedStore.holding(triples), PROGRAMME)
    print(f"{'triples':>12} {'findings':>9} {'CPU s':>8}")
    made, took = [], []
    for size in sizes:
        found, seconds = timed_report(EmbeddedStore.holding(grown(triples, size)), programme, times)
        print(f"{size:12,} {len(found['findings']):9,} {seconds:8.3f}")
        made.append(found)
        took.append(seconds)
    if made[0] != made[1]:
        sys.exit(f"the two reports differ in: {', '.join(key for key in made[0] if made[0][key] != made[1][key])}")
    verdict(took[1] / took[0], REPORT_TARGET, took[1] / took[0] <= REPORT_TARGET, "≤")


def questions():
    """The names of the queries of all finding codes of the profile, each once."""
    return list(dict.fromkeys(policy.query for policy in load_profile().codes.values()))


def asked(name, store):
    """A query and what is bound in it: the programme, and a level of the standard that it aims at."""
    query = find_query(name)
    known = {
        "programme": entity_by_code(store, "zj:ProgrammeEdition", PROGRAMME),
        "source": entity_by_code(store, "zj:StandardLevel", LEVEL),
    }
    return query, {parameter.name: known[parameter.name] for parameter in query.parameters}


def comparable(rows):
    """Rows as a bag, with numbers as numbers: two engines may write 0.5 and 0.50."""
    return Counter(tuple(map(_comparable, row)) for row in rows)


def _comparable(value):
    if isinstance(value, (rdflib.Literal, rdflib.URIRef)):
        value = value.toPython() if isinstance(value, rdflib.Literal) else str(value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return round(float(value), 9)
    return value if value is None or isinstance(value, bool) else str(value)


class OutOfTimeError(Exception):
    """What rdflib is stopped by."""


def _stop(_signal, _frame):
    raise OutOfTimeError


def in_rdflib(graph, query, bound, limit):
    """The rows and the CPU seconds of a query as it stands; no rows (None) when the limit is reached."""
    bindings = {name: rdflib.URIRef(value.value) for name, value in bound.items()}
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, limit)  # seconds of CPU, not of the clock
    began = time.process_time()
    try:
        rows = [tuple(row) for row in graph.query(query.text, initBindings=bindings)]
    except OutOfTimeError:
        return None, limit
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return rows, time.process_time() - began


def in_store(store, query, bound, least=0.1):
    """The rows and the mean CPU seconds of a query, asked until ``least`` is spent: the clock is coarse."""
    began, times, spent = time.process_time(), 0, 0.0
    while spent < least:
        rows = [tuple(map(plain, row)) for row in store.select(query.text, bound).rows]
        times, spent = times + 1, time.process_time() - began
    return rows, spent / times


def same_graph(triples):
    """The triples in rdflib's own store."""
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(tuple(map(_in_rdflib, (triple.subject, triple.predicate, triple.object))))
    return graph


def _in_rdflib(term):
    if isinstance(term, Iri):
        return rdflib.URIRef(term.value)
    if isinstance(term, Literal):
        kind = None if term.language else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=kind)
    return rdflib.BNode(term.value)


def rules(limit=10, names=None):
    """Print what every rule takes in the store and in rdflib, and both sums.

    Args:
        limit: CPU seconds that rdflib has for one query.
        names: the queries; those of all finding codes when not given.

    Raises:
        SystemExit: when the rows of a query differ.
    """
    triples = rule_triples()
    store, graph = EmbeddedStore.holding(triples), same_graph(triples)
    print(f"{len(triples):,} triples\n{'rule':28} {'rows':>6} {'ours ms':>9} {'rdflib ms':>10}  ratio")
    fast, slow, unfinished, wrong, count = 0.0, 0.0, [], [], 0
    for name in names or questions():
        ask = asked(name, store)
        rows, ours = in_store(store, *ask)
        others, theirs = in_rdflib(graph, *ask, limit)
        fast, slow, count = fast + ours, slow + theirs, count + 1
        stopped = "" if others is not None else " or more"
        print(f"{name:28} {len(rows):6,} {ours * 1000:9.2f} {theirs * 1000:10.1f}  {theirs / ours:.0f} ×{stopped}")
        if others is None:
            unfinished.append(name)
        elif comparable(rows) != comparable(others):
            wrong.append(name)
    if wrong:
        sys.exit(f"the rows differ: {', '.join(wrong)}")
    print(f"{count - len(unfinished)} of {count} compared, equal; stopped after {limit} s: {len(unfinished)}")
    verdict(slow / fast, RULES_TARGET, slow / fast >= RULES_TARGET, "≥")


def verdict(ratio, target, kept, sign):
    """One line: kept, or how far off."""
    print(f"{'kept' if kept else 'MISSED'}: {ratio:.2f} × (target {sign} {target})")
