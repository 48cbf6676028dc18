"""The benchmarks run; what they measure is for people to judge, not for a test."""

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph
from rdflib import XSD, Literal

from benchmarks import gaps
from benchmarks.abuse import cases as abuse_cases
from benchmarks.http import Tally, question
from benchmarks.inference import made_up
from benchmarks.oracle import of_ours, premises
from zhiji_kg.analysis import load_profile
from zhiji_kg.graph import Dataset, shipped
from zhiji_kg.inference import infer
from zhiji_kg.rdf import Triple, text
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.vocabulary import LABEL, RDF_TYPE, curie, entity, zj

pytest.importorskip("resource", reason="CPU time of children is told on Unix only")
ROOT = Path(__file__).resolve().parent.parent


def test_the_start_benchmark_runs():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "start", "-n", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    heading, *rows, verdict = done.stdout.splitlines()
    assert "CPU" in heading
    assert [row[:14].strip() for row in rows] == ["python -c pass", "zhiji --help"]
    assert verdict.split(":")[0] in ("kept", "MISSED")


def test_an_unknown_benchmark_is_named():
    done = subprocess.run([sys.executable, "-m", "benchmarks", "speed"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "speed" in done.stderr


def test_the_benchmark_of_the_service_runs():
    """One second each: both servers give the same rows, no client meets an error, and the ratios are printed."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "http", "-n", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    heading, _, *rows = done.stdout.splitlines()
    assert heading.startswith("200 clients")
    assert sum("zhiji serve " in row for row in rows) == 2
    assert [row.split(":")[0] in ("kept", "MISSED") for row in rows[-2:]] == [True, True]


def test_the_tally_of_a_load():
    tally = Tally(4, [], [0.004, 0.001, 0.003, 0.002], 2)
    assert tally.rate == 2
    assert [round(tally.wait(share)) for share in (0, 0.5, 1)] == [1, 2, 4]
    assert "VALUES ?course {" in question().replace("(?course)", "?course")


def test_the_cases_of_abuse_are_those_of_the_tests():
    named = dict(abuse_cases())
    assert {"SERVICE", "LOAD", "an endless query", "3,000 nested groups"} <= set(named)
    assert "{listener}" in named["SERVICE"]


def test_what_the_benchmark_of_inference_makes_up():
    """As many individuals as asked for, always the same, and something for every stage and chain to conclude."""
    asserted = made_up(400)
    assert asserted == made_up(400)
    individuals = {triple.subject for triple in asserted if triple.predicate == RDF_TYPE}
    assert abs(len(individuals) - 400) < 10
    axioms = {triple for triples in shipped().values() for triple in triples}
    concluded = {triple.predicate for triple in infer(Dataset(axioms | asserted, {}))[0].default - axioms - asserted}
    assert {zj(name) for name in ("develops", "contributesTo", "servesDimension", "holdsSkillLevel")} <= concluded


def test_the_oracle_is_given_no_labels_and_compares_ours_alone():
    course, other = entity("course", "A"), entity("course", "B")
    label = Triple(course, LABEL, text("name"))
    link = Triple(course, zj("hasDirectPrerequisite"), other)
    assert premises([label, link]) & {label, link} == {link}
    assert of_ours(link)
    assert not of_ours(label)
    assert not of_ours(Triple(course, zj("hasPrerequisite"), other))
    assert not of_ours(Triple(course, RDF_TYPE, curie("prov:Entity")))


@pytest.fixture
def example_triples(example_store, monkeypatch):
    """The benchmarks of the gap rules work on the graph that the other tests have built."""
    triples = [quad.triple for quad in example_store.quads() if isinstance(quad.graph_name, DefaultGraph)]
    monkeypatch.setattr(gaps, "example_triples", lambda: triples)
    monkeypatch.setattr(gaps, "rule_triples", lambda: triples)
    return triples


def test_the_rules_are_timed_on_one_plan_with_its_standard():
    triples = gaps.rule_triples()
    assert 10_000 <= len(triples) <= 20_000
    plans = [t.subject for t in triples if t.predicate == RDF_TYPE and t.object == zj("ProgrammeEdition")]
    assert [plan.value.rpartition("/")[2] for plan in plans] == ["460103-2024"]
    store = EmbeddedStore.holding(triples)
    assert all(gaps.asked(name, store) for name in gaps.questions())


def test_a_graph_grows_by_copies_of_its_own(example_triples):
    """As many triples as asked for, none twice; the copies have plans of their own and share the documents."""
    size = 2 * len(example_triples)
    grown = list(gaps.grown(example_triples, size))
    assert len(set(grown)) == len(grown) == size
    counted = {
        kind: len({t.subject for t in grown if t.predicate == RDF_TYPE and t.object == zj(kind)})
        for kind in ("ProgrammeEdition", "SourceDocument")
    }
    before = {
        kind: len({t.subject for t in example_triples if t.predicate == RDF_TYPE and t.object == zj(kind)})
        for kind in counted
    }
    assert counted["ProgrammeEdition"] > before["ProgrammeEdition"]
    assert counted["SourceDocument"] == before["SourceDocument"] > 0


def test_the_benchmark_of_the_report_runs(example_triples, capsys):
    """The same report comes from both graphs; otherwise it ends with what differs."""
    gaps.report(1, (len(example_triples), len(example_triples) + 5_000))
    heading, small, large, verdict = capsys.readouterr().out.splitlines()
    assert "CPU" in heading
    assert small.split()[1] == large.split()[1] != "0"
    assert verdict.split(":")[0] in ("kept", "MISSED")


def test_the_benchmark_of_the_report_names_what_differs(example_triples, monkeypatch):
    reports = iter([({"findings": [1], "graph": 0}, 1.0), ({"findings": [2], "graph": 0}, 1.0)])
    monkeypatch.setattr(gaps, "timed_report", lambda *_: next(reports))
    with pytest.raises(SystemExit, match=r"differ in: findings$"):
        gaps.report(1, (1, 2))


def test_the_benchmark_of_the_rules_runs(example_triples, capsys):
    gaps.rules(20, ["policy-total-hours", "weights"])
    size, _, hours, weights, compared, verdict = capsys.readouterr().out.splitlines()
    assert size == f"{len(example_triples):,} triples"
    assert (hours.split()[0], weights.split()[0]) == ("policy-total-hours", "weights")
    assert compared.startswith("2 of 2 compared")
    assert verdict.split(":")[0] in ("kept", "MISSED")


def test_the_benchmark_of_the_rules_ends_where_rows_differ(example_triples, monkeypatch):
    monkeypatch.setattr(gaps, "same_graph", lambda _: None)
    monkeypatch.setattr(gaps, "in_rdflib", lambda *_: ([], 1.0))
    with pytest.raises(SystemExit, match="policy-total-hours"):
        gaps.rules(1, ["policy-total-hours"])


def test_rdflib_is_stopped_and_then_counts_with_the_limit_alone(example_triples):
    store = EmbeddedStore.holding(example_triples)
    query, bound = gaps.asked("course-orders", store)
    assert gaps.in_rdflib(gaps.same_graph(example_triples), query, bound, 0.2) == (None, 0.2)


def test_every_finding_code_is_asked_and_numbers_are_compared_as_numbers():
    assert {policy.query for policy in load_profile().codes.values()} == set(gaps.questions())
    assert gaps.comparable([(Literal("0.50", datatype=XSD.decimal), None)]) == gaps.comparable([(0.5, None)])
    assert gaps.comparable([("a",), ("a",)]) != gaps.comparable([("a",)])
