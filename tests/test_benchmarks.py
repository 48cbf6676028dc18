"""The benchmarks run; what they measure is for people to judge, not for a test."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.abuse import cases as abuse_cases
from benchmarks.http import Tally, question
from benchmarks.inference import made_up
from benchmarks.oracle import of_ours, premises
from zhiji_kg.graph import Dataset, shipped
from zhiji_kg.inference import infer
from zhiji_kg.rdf import Triple, text
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
    assert question().count("VALUES") == 1


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
