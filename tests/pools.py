"""What the tests of the workers share: asking a pool, what it said, and which processes there are."""

import json
import time
from pathlib import Path

from zhiji_kg.errors import ZhijiError
from zhiji_kg.workers.limits import Limits

JSON = "application/sparql-results+json"
SIMPLE = "SELECT (COUNT(*) AS ?n) { ?s a ?class }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SHORT = Limits(query_seconds=0.8, quick_seconds=0.3, memory_mb=1024, answer_mb=1, cache_mb=0)


def given(query, **more):
    return {"query": query, "default_graphs": [], "named_graphs": [], "results": JSON, "rdf": "text/turtle", **more}


def ask(pool, query=SIMPLE, **more):
    return pool.answer("sparql", **given(query, **more))


def code_of(pool, query):
    """The code of the problem that a query ends in; empty for an answer."""
    try:
        ask(pool, query)
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


def wait_until(true, seconds=20):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)
