"""What starting costs, and the whole demo: CPU seconds of the process and its children.

``start``: ``zhiji --help`` as a multiple of ``python -c pass`` on the same machine, at most 6.
``demo``: ``zhiji demo --no-serve`` into an empty folder, at most 5 s of CPU.
``http``: 200 clients on one named question, beside ``oxigraph serve``; at least half of its answers a second.
``abuse``: what each abusive query is answered, and how long the next simple one waits; less than a second.
``inference``: materialising 10,000 individuals in at most 1.5 s, and at least 20 × faster than owlrl.
``report``: one programme's report on a graph of 1,000,000 triples, at most 1.5 × what it takes on 100,000.
``gaps``: the queries of all finding codes, same rows as plain rdflib and at least 100 × faster.
``planted``: precision and recall of every finding code on made-up plans with known gaps; both 1 (``planted/``).

A figure of one machine says little; the ratio and the target say more. Wall time is shown beside it.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .abuse import abuse
from .gaps import report, rules
from .http import http
from .inference import inference
from .planted.score import SIZES, planted

ROOT = Path(__file__).resolve().parent.parent
ZHIJI = (sys.executable, "-c", "from zhiji_kg.cli import main; main()")  # what the script `zhiji` does
START_TARGET = 6.0
DEMO_TARGET = 5.0


def spent(command, scratch):
    """CPU and wall seconds of a command with all its children (user and system), in a folder of its own.

    Compiled modules are kept in the scratch folder, so that neither a setting nor a fresh checkout counts.

    Raises:
        SystemExit: when the command fails; its own words are shown.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
    environment["PYTHONPYCACHEPREFIX"] = str(scratch / "compiled")
    folder = tempfile.mkdtemp(dir=scratch)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr.decode(errors='replace')}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended - began


def medians(commands, times):
    """The median (CPU, wall) of each command; they take turns, after one round that warms the disk."""
    with tempfile.TemporaryDirectory(prefix="zhiji-bench-") as name:
        scratch = Path(name)
        rounds = [[spent(command, scratch) for command in commands] for _ in range(times + 1)][1:]
    return [tuple(map(statistics.median, zip(*runs, strict=True))) for runs in zip(*rounds, strict=True)]


def start(times):
    """What ``zhiji --help`` costs beside an empty Python."""
    empty, ours = medians([(sys.executable, "-c", "pass"), (*ZHIJI, "--help")], times)
    ratio = ours[0] / empty[0]
    table([("python -c pass", *empty, "1.0 ×"), ("zhiji --help", *ours, f"{ratio:.1f} ×")])
    verdict(ratio, START_TARGET, "×")


def demo(times):
    """What the whole demo costs: read, build, publish, all reports."""
    [(cpu, wall)] = medians([(*ZHIJI, "demo", "--out", "demo", "--no-serve")], times)
    table([("zhiji demo", cpu, wall, f"{cpu / DEMO_TARGET:.2f} × {DEMO_TARGET:.0f} s")])
    verdict(cpu, DEMO_TARGET, "s CPU")


def table(rows):
    """Name, CPU, wall, ratio."""
    print(f"{'':16} {'CPU s':>8} {'wall s':>8}  {'ratio'}")
    for name, cpu, wall, ratio in rows:
        print(f"{name:16} {cpu:8.3f} {wall:8.3f}  {ratio}")


def verdict(value, target, unit):
    """One line: kept, or how far off."""
    print(f"{'kept' if value <= target else 'MISSED'}: {value:.2f} {unit} (target ≤ {target:.0f})")


def main():
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("start", "demo", "http", "abuse", "inference", "report", "gaps", "planted"))
    parser.add_argument(
        "-n",
        type=int,
        help="runs, of which the median counts (start 15, demo 3); http: seconds (20); inference: individuals (500); "
        "report: runs (3); gaps: CPU seconds that rdflib has for one query (10)",
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="planted: one world each")
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), choices=SIZES, help="planted: how big")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="planted: leave the workbooks and their truth here")
    options = parser.parse_args()
    if options.what == "start":
        start(options.n or 15)
    elif options.what == "http":
        http(options.n or 20)
    elif options.what == "abuse":
        abuse()
    elif options.what == "report":
        report(options.n or 3)
    elif options.what == "gaps":
        rules(options.n or 10)
    elif options.what == "planted":
        sys.exit(planted(options.seeds, options.sizes, options.keep))
    elif options.what == "inference":
        inference(options.n)
    else:
        demo(options.n or 3)


if __name__ == "__main__":
    main()
