"""The pool with real workers: whatever one question does, the next one is answered."""

import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import count

import pytest
from abusive import cases, text_of
from conftest import ROOT, environment
from pools import (
    ENDLESS,
    SHORT,
    SIMPLE,
    ask,
    at_once,
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

from zhiji_kg.errors import CannotRunError, UnreadableError
from zhiji_kg.workers.limits import Limits
from zhiji_kg.workers.pool import Pool
from zhiji_kg.workers.worker import Worker

CASES = cases("queries")["case"]
GUARDED = [case for case in CASES if case["codes"][0].startswith("query-") and case["codes"] != ["query-cut"]]
SOON = 5.0  # seconds in which a simple question is answered however busy the machine is


@pytest.fixture(scope="module")
def pool(example_kg):
    with Pool(example_kg, replace(SHORT, quick_seconds=SHORT.query_seconds)) as pool:  # nothing is asked twice
        yield pool


@pytest.fixture(scope="module")
def hasty(example_kg):
    """A pool whose deadline is met even sooner."""
    with Pool(example_kg, replace(SHORT, query_seconds=0.3, quick_seconds=0.3)) as pool:
        yield pool


@pytest.fixture
def asked(monkeypatch):
    """For how long the workers were asked."""
    seconds, ask = [], Worker.ask
    monkeypatch.setattr(Worker, "ask", lambda self, question, most: seconds.append(most) or ask(self, question, most))
    return seconds


@pytest.fixture
def listener():
    """An address of this machine that nobody may call, and who did."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        yield server


def hits(server):
    """How many called."""
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except TimeoutError:
            return count
        count += 1


def address(server):
    return "{}:{}".format(*server.getsockname())


# Abuse


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_abuse_has_its_answer_and_the_next_question_too(pool, listener, case):
    assert code_of(pool, text_of(case["text"], address(listener))) in case["codes"]
    started = time.monotonic()
    assert number(ask(pool)) > 0
    assert time.monotonic() - started < SOON
    assert hits(listener) == 0


@pytest.mark.parametrize("case", GUARDED, ids=[case["name"] for case in GUARDED])
def test_without_the_guard_the_fence_and_the_deadline_hold(hasty, listener, monkeypatch, case):
    monkeypatch.setattr("zhiji_kg.workers.guard.check", lambda query, limits: None)
    code = code_of(hasty, text_of(case["text"], address(listener)))
    if "SERVICE" in case["name"]:
        assert code == ("query-asks-elsewhere" if case["name"] == "SERVICE" else "")
    else:
        assert code in {
            *case["codes"],
            "",
            "bad-query",
            "query-cut",
            "worker-lost",
            "out-of-memory",
            "answer-too-large",
        }
    assert number(ask(hasty)) > 0
    assert hits(listener) == 0


def test_a_query_that_takes_all_memory_is_ended_and_told_so(example_kg):
    bomb = next(case["text"] for case in CASES if case["name"] == "a memory bomb")
    with Pool(example_kg, replace(SHORT, query_seconds=60.0, workers=2)) as pool:
        with pytest.raises(CannotRunError) as caught:
            ask(pool, text_of(bomb))
        assert caught.value.problems[0].code == "out-of-memory"
        assert "1024 MB" in caught.value.problems[0].line("zh")
        assert "memory_mb" in caught.value.problems[0].line("en")
        assert number(ask(pool)) > 0


def test_a_cut_query_says_after_how_long_and_by_which_limit(pool):
    started = time.monotonic()
    with pytest.raises(CannotRunError) as caught:
        ask(pool, ENDLESS)
    assert SHORT.query_seconds <= time.monotonic() - started < SHORT.query_seconds + SOON
    assert "0.5 seconds" in caught.value.problems[0].line("en")
    assert "query_seconds" in caught.value.problems[0].line("zh")


def test_a_problem_of_the_worker_arrives_as_it_was_raised(pool):
    with pytest.raises(UnreadableError) as caught:
        ask(pool, "SELECT *", default_graphs=["no iri"])
    (problem,) = caught.value.problems
    assert (problem.code, problem.values["value"]) == ("bad-parameter", "no iri")


# Workers that end


def test_idle_workers_that_were_killed_are_replaced(pool):
    kill_all(pool)
    assert number(ask(pool)) > 0
    assert len(pids(pool)) == SHORT.workers


def test_a_busy_worker_that_was_killed_is_replaced_once(pool):
    for tries in (1, 2):  # killed once it is asked again, for it only reads; twice, it is lost
        threads, codes = at_once(pool, 1, ENDLESS)
        killed = set()
        while len(killed) < tries:
            busy = [worker for worker in pool._all - set(pool._queue._free) if worker.is_ready and worker.is_alive()]
            for worker in busy:
                killed.add(worker.pid)
                worker.kill()
            time.sleep(0.01)
        threads[0].join(20)
        assert codes == ["query-cut" if tries == 1 else "worker-lost"]
    assert number(ask(pool)) > 0
    assert len(pids(pool)) == SHORT.workers


def test_an_unknown_task_is_our_fault_and_not_the_next_ones(pool, caplog):
    with pytest.raises(CannotRunError) as caught:
        pool.answer("nonsense")
    assert caught.value.problems[0].code == "worker-lost"
    assert "KeyError" in caplog.text  # for the log, never for the client
    assert number(ask(pool)) > 0


def test_a_worker_that_stands_still_is_cut(pool):
    with standing_still(pool):
        assert code_of(pool, "SELECT * {} #" + "x" * 200_000) == "query-cut"
    assert number(ask(pool)) > 0


# Who is served


def test_heavy_users_cannot_take_the_worker_that_is_kept(example_kg):
    with Pool(example_kg, replace(SHORT, query_seconds=3.0)) as pool:
        threads, codes = at_once(pool, 2, ENDLESS)
        wait_until(lambda: len(pool._queue._free) == 1)
        started = time.monotonic()
        for _ in range(20):
            assert number(ask(pool)) > 0
        assert time.monotonic() - started < 2.0
        assert not codes  # both others are still at it
        pool.close()
        for thread in threads:
            thread.join(20)
        assert codes == ["stopping"] * 2


def test_what_is_not_quick_waits_for_a_general_worker(example_kg, asked):
    limits = replace(SHORT, workers=2, quick_seconds=0.1, query_seconds=0.3)
    with Pool(example_kg, limits) as pool:
        threads, codes = at_once(pool, 3, ENDLESS)
        for thread in threads:
            thread.join(30)
        assert codes == ["query-cut"] * 3
        whole, quick = limits.query_seconds, limits.quick_seconds
        assert sorted(asked) == sorted([whole, quick, whole - quick, quick, whole - quick])  # each had its full time
        kept = next(worker.pid for worker in pool._all if worker.kept)
        assert code_of(pool, ENDLESS) == "query-cut"
        assert kept == next(worker.pid for worker in pool._all if worker.kept)  # it is known not to be quick


def test_slow_queries_of_one_address_leave_the_others_their_answers(example_kg):
    limits = replace(SHORT, query_seconds=3.0, quick_seconds=0.3, queue_seconds=2.0)
    over, codes, took = threading.Event(), [], []

    def attack(name):
        for turn in count():
            if over.is_set():
                return
            codes.append(code_of(pool, f"{ENDLESS} #{name}-{turn}", client="a"))
            time.sleep(0.05 * (codes[-1] == "too-many-slow"))

    with Pool(example_kg, limits) as pool:
        threads = [threading.Thread(target=attack, args=(name,)) for name in range(16)]
        for thread in threads:
            thread.start()
        wait_until(lambda: pool._admission.is_heavy("a"))
        while len(took) < 30 or "too-many-slow" not in codes:
            started = time.monotonic()
            assert code_of(pool, f"ASK {{}} #{len(took)}", client="b") == ""
            took.append(time.monotonic() - started)
            time.sleep(0.05)
        over.set()
        for thread in threads:
            thread.join(30)
    assert sorted(took)[len(took) // 2] < 1.0
    assert set(codes) <= {"query-cut", "all-busy", "too-many-slow"}


def test_quick_questions_of_one_address_are_not_counted(pool):
    codes = []
    ask_one = lambda n: codes.append(code_of(pool, f"ASK {{}} #q{n}", client="c"))  # noqa: E731
    threads = [threading.Thread(target=ask_one, args=(n,)) for n in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes == [""] * 100
    assert not pool._admission.is_heavy("c")


def test_who_waits_too_long_is_told_to_come_back(example_kg):
    with Pool(example_kg, replace(SHORT, workers=2, queue_seconds=0.2)) as pool:
        threads, codes = at_once(pool, 6, ENDLESS)
        for thread in threads:
            thread.join(30)
        assert set(codes) == {"query-cut", "all-busy"}
        assert number(ask(pool)) > 0


def test_many_threads_get_their_own_answers(pool):
    wrong = []

    def work(start):
        asked = range(start, start + 40)
        wrong.extend(n for n in asked if number(ask(pool, f"SELECT ?n {{ BIND({n} AS ?n) }}")) != n)

    threads = [threading.Thread(target=work, args=(1000 * n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong


def test_answers_are_kept_and_problems_are_not(example_kg):
    with Pool(example_kg, replace(SHORT, cache_mb=1)) as pool:
        assert ask(pool).holds
        by_chance = [ask(pool, "SELECT (STRUUID() AS ?u) {}") for _ in range(2)]
        assert by_chance[0].body != by_chance[1].body
        assert not any(answer.holds for answer in by_chance)
        first = ask(pool)
        assert ask(pool) is first
        assert ask(pool, SIMPLE, results="text/csv") is not first
        assert code_of(pool, "SELECT * {") == code_of(pool, "SELECT * {") == "bad-query"
        assert (first.version, first.sha256) == (pool.version().name, pool.version().sha256)


# The beginning and the end


def test_nothing_published_is_said_before_any_worker_starts(tmp_path):
    with pytest.raises(UnreadableError) as caught:
        Pool(tmp_path / "kg", SHORT)
    assert caught.value.problems[0].code == "no-version"


def test_all_say_how_they_are_fenced(pool):
    assert pool.fenced == ("full" if sys.platform == "linux" else "memory")


def test_closing_leaves_no_process_and_no_one_waiting(example_kg):
    with nothing_left():
        pool = Pool(example_kg, replace(SHORT, query_seconds=60.0))
        workers = pids(pool)
        threads, codes = at_once(pool, 2, ENDLESS)
        wait_until(lambda: len(pool._queue._free) == 1)
        pool.close()
        for thread in threads:
            thread.join(20)
        assert codes == ["stopping"] * 2
        assert not any(map(is_running, workers))
        assert not pids(pool)
        pool.close()


SERVER = f"""
import sys, threading, time
from pathlib import Path
from zhiji_kg.workers.limits import Limits
from zhiji_kg.workers.pool import Pool
pool = Pool(Path(sys.argv[1]), Limits(query_seconds=0.3, memory_mb=1024))
given = {given(ENDLESS)!r}
threading.Thread(target=lambda: pool.answer("sparql", **given), daemon=True).start()
while len(pool._queue._free) == 3:
    time.sleep(0.01)
print(*(worker.pid for worker in pool._all), flush=True)
time.sleep(60)
"""


def test_a_server_that_was_killed_leaves_no_worker(example_kg):
    command = [sys.executable, "-c", SERVER, str(example_kg)]
    with subprocess.Popen(command, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        workers = list(map(int, server.stdout.readline().split()))
        assert len(workers) == Limits().workers
        assert all(map(is_running, workers))
        server.kill()
    wait_until(lambda: not any(map(is_running, workers)))
