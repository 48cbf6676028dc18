"""The service without poll, timer and fence: the pool on pipes with threads, and a Python that plays Windows."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, environment
from pools import (
    ENDLESS,
    SHORT,
    ask,
    at_once,
    children,
    code_of,
    given,
    is_running,
    kill_all,
    nothing_left,
    number,
    pids,
    standing_still,
    wait_until,
)  # fmt: skip

from zhiji_kg.workers.pipes import Handed, Polled
from zhiji_kg.workers.pool import Pool

LIKE_WINDOWS = ROOT / "tests" / "like_windows"
MANY = "SELECT * { ?a ?b ?c } LIMIT {}"
SIZES = (1, 3000, 0, 40, 1500)


@pytest.fixture(scope="module")
def pool(example_kg):
    with nothing_left(), Pool(example_kg, replace(SHORT, answer_mb=4), Handed) as pool:
        yield pool


def rows(answer):
    return len(json.loads(answer.body)["results"]["bindings"])


# The pool on pipes with threads


def test_it_answers_and_the_question_may_be_large(pool):
    assert number(ask(pool)) > 0
    assert number(ask(pool, "SELECT (1 AS ?n) {} #" + "x" * 900_000)) == 1


def test_large_and_small_answers_follow_each_other_whole(pool):
    assert [rows(ask(pool, MANY.replace("{}", str(size)))) for size in SIZES] == list(SIZES)


def test_what_is_late_is_cut_and_nothing_of_it_comes_after(pool):
    started = time.monotonic()
    assert code_of(pool, ENDLESS) == "query-cut"
    assert time.monotonic() - started < 10
    assert [number(ask(pool, f"SELECT ({n} AS ?n) {{}}")) for n in range(5)] == list(range(5))


def test_a_failed_answer_leaves_nothing_in_the_next(pool):
    assert code_of(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f }") in ("answer-too-large", "query-cut")
    assert code_of(pool, "SELECT * {") == "bad-query"
    assert number(ask(pool, "SELECT (7 AS ?n) {}")) == 7


def test_workers_that_were_killed_are_replaced(pool):
    kill_all(pool)
    assert number(ask(pool)) > 0
    assert len(pids(pool)) == SHORT.workers


def test_a_worker_that_reads_nothing_is_cut(pool):
    with standing_still(pool):
        assert code_of(pool, "SELECT * {} #" + "x" * 200_000) == "query-cut"
    assert number(ask(pool)) > 0


def test_many_threads_get_their_own_answers(pool):
    threads, codes = at_once(pool, 12, "SELECT (1 AS ?n) {}")
    for thread in threads:
        thread.join(30)
    assert codes == [""] * 12


# Whatever the pipes: what is left after many ends


@pytest.mark.parametrize("kind", [Polled, Handed])
def test_many_workers_killed_one_after_the_other_leave_nothing(example_kg, kind):
    limits = replace(SHORT, workers=2, query_seconds=0.1, quick_seconds=0.1)
    with nothing_left(), Pool(example_kg, limits, kind) as pool:
        for query, code in [("ASK {}", ""), (ENDLESS, "query-cut")] * 2:
            kill_all(pool)
            assert code_of(pool, query) == code
        assert len(pool._all) == limits.workers


STARTING = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background has it ignored, and hands that on
from zhiji_kg.workers.limits import Limits
from zhiji_kg.workers.pool import Pool
class Told(Pool):
    def _launched(self, *, kept):
        print("starting", flush=True)
        return super()._launched(kept=kept)
try:
    with Told(Path(sys.argv[1]), Limits(memory_mb=1024)) as pool:
        print("ready", flush=True)
        pool.answer("sparql", **{given})
except KeyboardInterrupt:
    print("ended", *(worker.pid for worker in pool._all) if "pool" in globals() else ())
"""


@pytest.mark.parametrize("when", ["starting", "ready"])
def test_ctrl_c_in_the_terminal_ends_all_without_a_word(example_kg, when):
    """A terminal sends it to every process of the group, whatever each is doing."""
    command = [sys.executable, "-c", STARTING.replace("{given}", repr(given(ENDLESS))), str(example_kg)]
    with subprocess.Popen(
        command, env=environment(), cwd=ROOT, stdout=-1, stderr=-1, text=True, start_new_session=True
    ) as server:
        while server.stdout.readline().strip() != when:
            assert server.poll() is None
        os.killpg(server.pid, signal.SIGINT)
        said, complained = server.communicate(timeout=20)
        assert (server.returncode, complained, "ended" in said) == (0, "", True)


# Python that plays Windows


def like_windows(**more):
    path = os.pathsep.join(map(str, (LIKE_WINDOWS, ROOT, ROOT / "tests")))
    return {**environment(PYTHONUNBUFFERED="1", **more), "PYTHONPATH": path}


IMPORTING = """
import importlib, pkgutil, sys
import zhiji_kg.server, zhiji_kg.workers
assert sys.platform == "win32"
for package in (zhiji_kg.workers, zhiji_kg.server):
    for found in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{found.name}")
import zhiji_kg.cli.serve
from zhiji_kg.workers.pipes import Handed, chosen
from zhiji_kg.server import serving
print(chosen() is Handed, serving._CONNECTIONS)
"""


def test_nothing_that_windows_lacks_is_imported():
    done = subprocess.run(
        [sys.executable, "-c", IMPORTING], env=like_windows(), capture_output=True, text=True, timeout=60
    )
    assert (done.stderr, done.stdout) == ("", "True 400\n")


@pytest.fixture(scope="module")
def windows(example_kg):
    """``zhiji serve`` on Python that plays Windows: the process, what it said, and its address."""
    command = [sys.executable, "-m", "zhiji_kg", "serve", "--kg", str(example_kg), "--port", "0"]
    limits = {"ZHIJI_QUERY_SECONDS": "1", "ZHIJI_WORKERS": "2", "ZHIJI_QUICK_SECONDS": "0.3"}
    with subprocess.Popen(command, env=like_windows(**limits), stdout=-1, stderr=-1, text=True) as server:
        said = next((line for line in server.stdout if "http://" in line), "")
        assert said, server.stderr.read()
        yield server, said, re.search(r"http://[^/]*/", said)[0]
        server.kill()


def status(url, query=""):
    address = f"{url}sparql?query={urllib.request.quote(query)}" if query else url
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_the_service_runs_there_and_says_that_it_is_not_fenced(windows):
    server, said, url = windows
    assert "not fenced" in said
    asked = [("ASK {}", 200), (ENDLESS, 504), ("ASK {", 400), ("ASK { SERVICE <urn:x> {} }", 403)]
    assert [status(url, query) for query, _ in asked] == [wanted for _, wanted in asked]
    assert status(f"{url}ask") == 200
    assert len(children(server.pid)) == 2


def test_a_port_that_another_has_is_refused_there(windows, example_kg):
    port = windows[2].rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "zhiji_kg", "serve", "--kg", str(example_kg), "--port", port]
    done = subprocess.run(command, env=like_windows(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert port in done.stderr


def test_when_the_server_is_killed_there_busy_workers_end_by_themselves(windows):
    server, _, url = windows
    workers = children(server.pid)
    assert len(workers) == 2
    with subprocess.Popen(
        [sys.executable, "-c", f"import urllib.request as r; r.urlopen({endless(url)!r})"], stderr=-3
    ):
        wait_until(lambda: any(busy(pid) for pid in workers))
        server.kill()
        wait_until(lambda: not any(map(is_running, workers)))


def endless(url):
    return f"{url}sparql?query={urllib.request.quote(ENDLESS)}"


def busy(pid):
    """Whether a thread of a process computes just now."""
    return any(
        stat.read_text().rpartition(")")[2].split()[0] == "R" for stat in Path(f"/proc/{pid}/task").glob("*/stat")
    )
