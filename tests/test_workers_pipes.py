"""The two kinds of pipes: what the one with threads must hold to, for no system sees to it there."""

import os
import threading
import time

import pytest
from pools import nothing_left, wait_until

from zhiji_kg.workers.pipes import Handed, Polled, chosen


def soon():
    return time.monotonic() + 0.05


@pytest.fixture
def ends():
    """Pipes with threads, and the descriptors of the other side: one to write to, one to read from."""
    with nothing_left():
        here, there = os.pipe(), os.pipe()
        pipes = Handed(here[0], there[1])
        yield pipes, here[1], there[0]
        for descriptor in (here[1], there[0]):
            os.close(descriptor)
        pipes.close()


def test_where_the_system_can_wait_it_is_asked_to():
    assert chosen() is Polled


def test_who_has_time_needs_no_thread(ends):
    pipes, writing, reading = ends
    before = threading.active_count()
    os.write(writing, b"here")
    assert pipes.read(None) == b"here"
    pipes.write(b"there", None)
    assert os.read(reading, 99) == b"there"
    assert threading.active_count() == before


def test_a_moment_that_has_passed_touches_nothing(ends):
    pipes, writing, _ = ends
    os.write(writing, b"here")
    with pytest.raises(TimeoutError):
        pipes.read(time.monotonic() - 1)
    assert pipes.read(soon() + 5) == b"here"


def test_what_comes_too_late_is_not_taken_for_the_next(ends):
    pipes, writing, _ = ends
    with pytest.raises(TimeoutError):
        pipes.read(soon())
    os.write(writing, b"late")
    for until in (soon(), None):
        with pytest.raises(TimeoutError):
            pipes.read(until)


def test_a_write_that_nobody_takes_ends_with_the_pipe(ends):
    pipes, _, reading = ends
    with pytest.raises(TimeoutError):
        pipes.write(b"x" * (1 << 20), soon())
    with pytest.raises(TimeoutError):
        pipes.write(b"y", None)
    assert os.read(reading, 1) == b"x"


def test_with_and_without_a_moment_one_after_the_other(ends):
    pipes, writing, reading = ends
    for until in (soon() + 5, None, soon() + 5):
        os.write(writing, b"here")
        assert pipes.read(until) == b"here"
        pipes.write(b"there", until)
        assert os.read(reading, 99) == b"there"


def test_closing_does_not_wait_for_a_side_that_stays(monkeypatch):
    """The call under way comes back when it can, and closes its pipe then."""
    monkeypatch.setattr("zhiji_kg.workers.pipes._LAST_CALL", 0.1)
    with nothing_left():
        here, there = os.pipe(), os.pipe()
        pipes = Handed(here[0], there[1])
        with pytest.raises(TimeoutError):
            pipes.read(soon())
        before = threading.active_count()
        pipes.close()
        assert os.read(there[0], 1) == b""  # ours to write to is closed at once
        assert threading.active_count() == before
        os.close(here[1])
        wait_until(lambda: threading.active_count() < before)
        os.close(there[0])
