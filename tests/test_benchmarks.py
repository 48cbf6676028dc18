"""The benchmarks run; what they measure is for people to judge, not for a test."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.abuse import cases as abuse_cases
from benchmarks.http import Tally, question

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
