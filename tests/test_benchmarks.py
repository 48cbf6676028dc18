"""The benchmarks run; what they measure is for people to judge, not for a test."""

import subprocess
import sys
from pathlib import Path

import pytest

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
