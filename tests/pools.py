"""What the tests of the workers share: asking a pool, what it said, and which processes there are."""

import json
import os
import signal
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from zhiji_kg.errors import ZhijiError
from zhiji_kg.workers.limits import Limits

JSON = "application/sparql-results+json"
SIMPLE = "SELECT (COUNT(*) AS ?n) { ?s a ?class }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SHORT = Limits(query_seconds=0.5, quick_seconds=0.2, memory_mb=1024, answer_mb=1, cache_mb=0)


def given(query, **more):
    return {"query": query, "default_graphs": [], "named_graphs": [], "results": JSON, "rdf": "text/turtle", **more}


def ask(pool, query=SIMPLE, **more):
    return pool.answer("sparql", **given(query, **more))


def code_of(pool, query, **more):
    """The code of the problem that a query ends in; empty for an answer."""
    try:
        ask(pool, query, **more)
    except ZhijiError as error:
        (problem,) = error.problems
        return problem.code if problem.line("zh") and problem.line("en") else "no words"
    return ""


def number(answer):
    """The one number of an answer."""
    (row,) = json.loads(answer.body)["results"]["bindings"]
    (value,) = row.values()
    return int(value["value"])


def pids(pool):
    return sorted(worker.pid for worker in pool._all)


def is_running(pid):
    """Whether a process is there and not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill_all(pool):
    """Kill the workers of a pool, ready or not, and wait until they are gone: a signal takes its time."""
    killed = pids(pool)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(map(is_running, killed)))


@contextmanager
def standing_still(pool):
    """All workers are there, ready and stopped; those that are left go on afterwards."""
    until = time.monotonic() + 20
    taken = [pool._taken(until, takes_kept=True, rank=0) for _ in range(pool.limits.workers)]
    for worker in taken:
        pool._queue.give(worker)
        os.kill(worker.pid, signal.SIGSTOP)
    yield
    for worker in pool._queue._free:
        os.kill(worker.pid, signal.SIGCONT)


def wait_until(true, seconds=20):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def at_once(pool, count, query):
    """Ask from several threads at once; the threads, and the codes when all have ended."""
    codes = []
    threads = [threading.Thread(target=lambda: codes.append(code_of(pool, query))) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, codes


def children(pid="self"):
    """The processes that a process has started and not buried, whichever of its threads started them."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for one in lists for child in one.read_text().split()]


def held():
    """What this process holds: open files, threads, and children that are not buried."""
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), sorted(children())


@contextmanager
def nothing_left():
    """At the end this process holds what it held at the beginning."""
    before = held()
    yield
    assert held() == before
