"""What starting costs, and the whole demo: CPU seconds of the process and its children.

``start``: ``zhiji --help`` as a multiple of ``python -c pass`` on the same machine, at most 6.
``demo``: ``zhiji demo --no-serve`` into an empty folder, at most 5 s of CPU.

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

ROOT = Path(__file__).resolve().parent.parent
ZHIJI = (sys.executable, "-m", "zhiji_kg")
START_TARGET = 6.0
DEMO_TARGET = 5.0


def spent(command, folder):
    """CPU and wall seconds of a command with all its children (user and system).

    Raises:
        SystemExit: when the command fails; its own words are shown.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": path}, capture_output=True)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr.decode(errors='replace')}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended - began


def medians(commands, times):
    """The median (CPU, wall) of each command; they take turns, after one round that warms the disk."""
    with tempfile.TemporaryDirectory() as folder:
        for command in commands.values():
            spent(command, folder)
        rounds = [{name: spent(command, folder) for name, command in commands.items()} for _ in range(times)]
    return {name: tuple(statistics.median(pair) for pair in zip(*(r[name] for r in rounds), strict=True))
            for name in commands}  # fmt: skip


def start(times):
    """What ``zhiji --help`` costs beside an empty Python."""
    found = medians(
        {"python -c pass": (sys.executable, "-c", "pass"), "zhiji --help": (*ZHIJI, "--help")}, times
    )
    base = found["python -c pass"][0]
    table([(name, cpu, wall, f"{cpu / base:.1f} ×") for name, (cpu, wall) in found.items()])
    verdict(found["zhiji --help"][0] / base, START_TARGET, "×")


def demo(times):
    """What the whole demo costs: read, build, publish, all reports."""
    runs = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(spent((*ZHIJI, "demo", "--out", "demo", "--no-serve"), folder))
    cpu, wall = (statistics.median(values) for values in zip(*runs, strict=True))
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
    parser.add_argument("what", choices=("start", "demo"))
    parser.add_argument("-n", type=int, help="runs, of which the median counts (start 15, demo 3)")
    options = parser.parse_args()
    if options.what == "start":
        start(options.n or 15)
    else:
        demo(options.n or 3)


if __name__ == "__main__":
    main()
