"""Who is let in: long texts one by one, and of a client with slow queries no more than its share."""

import threading
import time

import pytest

from zhiji_kg.errors import CannotRunError, UnreadableError
from zhiji_kg.workers.admission import Admission
from zhiji_kg.workers.limits import Limits

LONG = "SELECT * {} #" + "x" * 100_000


class Clock:
    """A clock that stands until somebody sets it."""

    seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def admission(clock):
    return Admission(Limits(workers=3, queue_seconds=0.05), clock)


def said(caught):
    (problem,) = caught.value.problems
    assert problem.line("zh")
    assert problem.line("en")
    return problem.code


def test_the_guard_says_what_it_says(admission):
    assert admission.guarded("ASK {}") is True
    assert admission.guarded(LONG) is True
    assert admission.guarded("ASK { FILTER(RAND() > 0.5) }") is False
    for text in ("", LONG):
        with pytest.raises(UnreadableError):
            admission.guarded("SELECT * { SERVICE ?x {} } #" + text)
    assert admission.guarded(LONG) is True  # one that was refused keeps nobody out


def test_long_texts_wait_for_each_other_and_short_ones_for_nobody(admission, monkeypatch):
    reading, read = threading.Event(), threading.Event()

    def slow(query, limits):
        if query != "ASK {}":
            reading.set()
            read.wait(20)
        return True

    monkeypatch.setattr("zhiji_kg.workers.guard.check", slow)
    first = threading.Thread(target=admission.guarded, args=(LONG,))
    first.start()
    reading.wait(20)
    with pytest.raises(CannotRunError) as caught:
        admission.guarded(LONG)
    assert said(caught) == "all-busy"
    assert admission.guarded("ASK {}") is True
    read.set()
    first.join(20)
    assert admission.guarded(LONG) is True


def test_a_client_is_heavy_from_the_second_slow_query_of_a_minute(admission, clock):
    for seconds, heavy in ((0, False), (61, False), (30, True), (29, True), (62, False), (0, True)):
        clock.seconds += seconds
        admission.note_slow("a")
        assert admission.is_heavy("a") is heavy
    assert not admission.is_heavy("b")
    clock.seconds += 60
    assert not admission.is_heavy("a")


def test_who_says_no_address_is_never_heavy(admission):
    for _ in range(5):
        admission.note_slow("")
    assert not admission.is_heavy("")
    assert admission.rank("") == 0


def test_the_fewer_slow_queries_the_sooner_a_client_is_served(admission, clock):
    ranks = [admission.rank("a")]
    for _ in range(4):
        admission.note_slow("a")
        ranks.append(admission.rank("a"))
    clock.seconds += 60
    ranks.append(admission.rank("a"))
    assert ranks == [1, 2, 3, 3, 3, 1]


def entered(admission, client, count):
    held = [admission.inside(client) for _ in range(count)]
    for one in held:
        one.__enter__()
    return held


def test_a_heavy_client_has_its_share_and_the_others_have_theirs(admission, clock):
    quick = entered(admission, "quick", 200)
    before = entered(admission, "a", 6)  # nothing is known of it yet
    admission.note_slow("a")
    admission.note_slow("a")
    for one in before[:3]:
        with pytest.raises(CannotRunError) as caught, admission.inside("a"):
            pass
        assert said(caught) == "too-many-slow"
        one.__exit__(None, None, None)
    with admission.inside("a"), admission.inside("b"), pytest.raises(CannotRunError), admission.inside("a"):
        pass
    clock.seconds += 61
    after = entered(admission, "a", 50)
    for one in (*quick, *before[3:], *after):
        one.__exit__(None, None, None)
    assert not admission._inside


def test_it_remembers_so_many_and_no_more(admission, monkeypatch):
    monkeypatch.setattr("zhiji_kg.workers.admission._REMEMBERED", 10)
    for number in range(100):
        admission.note_slow(str(number))
        admission.note_slow(str(number))
    assert [client for client in map(str, range(100)) if admission.is_heavy(client)] == [str(n) for n in range(90, 100)]


def test_many_threads_come_and_go(admission):
    def work():
        until = time.monotonic() + 0.2
        while time.monotonic() < until:
            with admission.inside("a"):
                admission.note_slow("b")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not admission._inside


def test_a_crowd_behind_one_address_is_not_heavy_for_a_slow_query_now_and_then(admission, clock):
    """A school behind one address: many quick questions, and on a busy machine a few that were slow."""
    for _ in range(3):
        admission.note_slow("school")
    assert admission.is_heavy("school")
    for _ in range(60):
        admission.note_quick("school")
    assert not admission.is_heavy("school")


def test_a_crowd_is_remembered_when_a_minute_is_over(admission, clock):
    for _ in range(100):
        admission.note_quick("school")
    clock.seconds += 61
    admission.note_slow("school")
    admission.note_slow("school")
    admission.note_quick("school")
    assert not admission.is_heavy("school")
    clock.seconds += 122  # two minutes of silence: what was quick then says nothing any more
    admission.note_quick("other")
    clock.seconds += 61
    admission.note_quick("other")
    for _ in range(3):
        admission.note_slow("school")
    assert admission.is_heavy("school")


def test_a_question_that_was_slow_is_known_again(admission, monkeypatch):
    admission.note("a", b"quick", admission._limits.quick_seconds / 2)
    admission.note("a", b"slow", admission._limits.quick_seconds)
    assert [admission.was_slow(question) for question in (b"quick", b"slow", b"new")] == [False, True, False]
    assert not admission.is_heavy("a")
    admission.note("a", b"slow too", 60.0)
    assert admission.is_heavy("a")
    monkeypatch.setattr("zhiji_kg.workers.admission._REMEMBERED", 2)
    admission.note("b", b"another", 60.0)
    assert [admission.was_slow(question) for question in (b"slow", b"another")] == [False, True]
