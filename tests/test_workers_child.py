"""A worker alone, over its own pipes: what it says first, how it ends, and that nothing leaks between answers."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT
from pools import ENDLESS, JSON, SHORT, given, wait_until

from zhiji_kg.store.versions import serving
from zhiji_kg.workers import child
from zhiji_kg.workers.frames import Channel
from zhiji_kg.workers.pipes import Polled
from zhiji_kg.workers.worker import CutError, LostError, Worker, _environment


@pytest.fixture
def worker():
    worker = Worker(SHORT, kept=False)
    worker.wait_until_ready()
    yield worker
    worker.end()


def question(kg, query, seconds=5.0, **more):
    version = serving(kg)
    about = {"directory": str(version.directory), "sha256": version.manifest["sha256"], "seconds": seconds}
    return json.dumps({**about, "task": "sparql", "given": given(query, **more)}).encode()


def test_it_says_how_it_is_fenced_and_answers(worker, example_kg):
    assert worker.is_ready
    assert worker.fenced == ("full" if sys.platform == "linux" else "memory")
    header, body = worker.ask(question(example_kg, "ASK {}"), 5.0)
    assert header == {"media_type": JSON, "keep": True}
    assert json.loads(body)["boolean"] is True


def test_a_failed_answer_leaves_nothing_in_the_next(worker, example_kg):
    header, body = worker.ask(question(example_kg, "SELECT * { ?a ?b ?c . ?d ?e ?f }"), 20.0)
    assert (header["problems"][0]["code"], body) == ("answer-too-large", b"")
    assert worker.ask(question(example_kg, "ASK {}"), 5.0)[0]["media_type"] == JSON
    header, body = worker.ask(json.dumps({"seconds": 1}).encode(), 5.0)
    assert (header["failed"], body) == ("worker-lost", b"")
    assert "KeyError" in header["traceback"]
    assert worker.ask(question(example_kg, "ASK {}"), 5.0)[0]["media_type"] == JSON


def test_memory_that_python_runs_out_of_is_said_and_the_worker_stays(worker, example_kg, monkeypatch):
    class Full:
        closed = 0

        def answer(self, question):
            raise MemoryError

        def close(self):
            self.closed += 1

    full = Full()
    assert child._answer(full, {}) == ({"failed": "out-of-memory"}, b"")
    assert full.closed == 1


def test_one_that_is_late_is_cut_and_one_that_is_gone_is_lost(example_kg):
    worker = Worker(SHORT, kept=False)
    worker.wait_until_ready()
    with pytest.raises(CutError):
        worker.ask(question(example_kg, ENDLESS), 0.3)
    worker.kill()
    with pytest.raises(LostError) as caught:
        worker.ask(question(example_kg, "ASK {}"), 0.3)
    assert caught.value.untouched
    assert not worker.is_alive()
    worker.end()
    worker.end()
    with pytest.raises(LostError):
        worker.ask(b"{}", 0.3)
    with pytest.raises(LostError):
        worker.wait_until_ready()


def test_one_that_speaks_nonsense_is_lost(worker):
    with pytest.raises(LostError) as caught:
        worker.ask(b"nonsense", 5.0)
    assert not caught.value.memory


def test_where_no_process_can_be_started_none_is(monkeypatch):
    monkeypatch.setattr(sys, "executable", str(ROOT / "no-such-python"))
    worker = Worker(SHORT, kept=True)
    assert (worker.pid, worker.is_alive(), worker.is_ready) == (0, False, False)
    with pytest.raises(LostError):
        worker.wait_until_ready()
    worker.end()


@pytest.fixture
def alone():
    """A worker that somebody else started, and the line to it."""
    command = [sys.executable, "-m", "zhiji_kg.workers.child", "1024", "1"]
    process = subprocess.Popen(
        command, env=_environment(), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    channel = Channel(Polled(os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno())), 1 << 20)
    process.stdout.close()
    process.stdin.close()
    assert channel.receive(time.monotonic() + 20)[0]["fenced"]
    yield process, channel
    process.kill()
    process.wait()


def test_it_ends_with_its_input(alone):
    process, channel = alone
    channel.close()
    assert process.wait(20) == 0


def test_ctrl_c_of_the_terminal_is_for_the_server(alone):
    process, channel = alone
    process.send_signal(signal.SIGINT)
    with pytest.raises(TimeoutError):
        channel.receive(time.monotonic() + 0.3)
    assert process.poll() is None


def test_an_endless_query_of_a_server_that_is_gone_ends_by_itself(alone, example_kg):
    process, channel = alone
    channel.send(question(example_kg, ENDLESS, seconds=0.01))
    channel.close()
    wait_until(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGALRM
