"""Who gets which worker: the order, the one that is kept, and that nobody is forgotten."""

import threading
import time
from dataclasses import dataclass

from zhiji_kg.workers.queue import Queue


@dataclass(eq=False)
class Member:
    name: str
    kept: bool = False
    is_ready: bool = True


def in_a_moment():
    return time.monotonic() + 0.05


def later():
    return time.monotonic() + 20


def test_general_before_kept_and_ready_before_starting():
    queue = Queue()
    members = [Member("starting", is_ready=False), Member("kept", kept=True), Member("first"), Member("last")]
    for member in members:
        queue.give(member)
    taken = [queue.take(True, later()).name for _ in members]
    assert taken == ["last", "first", "kept", "starting"]
    assert queue.take(True, in_a_moment()) is None


def test_the_kept_one_is_not_for_all():
    queue = Queue()
    queue.give(Member("kept", kept=True))
    assert queue.take(False, in_a_moment()) is None
    assert queue.take(True, in_a_moment()).name == "kept"


def test_who_waits_is_served_in_order_and_passed_over_only_for_a_worker_they_cannot_use():
    queue, served = Queue(), []

    def wait(name, takes_kept):
        member = queue.take(takes_kept, later())
        served.append((name, member.name))

    threads = []
    for name, takes_kept in (("a", False), ("b", True), ("c", True), ("d", False)):
        threads.append(threading.Thread(target=wait, args=(name, takes_kept)))
        threads[-1].start()
        while len(queue._waiting) < len(threads):
            time.sleep(0.001)
    for number, member in enumerate([Member("kept", kept=True), *map(Member, "123")], start=1):
        queue.give(member)
        while len(served) < number:
            time.sleep(0.001)
    for thread in threads:
        thread.join(20)
    assert served == [("b", "kept"), ("a", "1"), ("c", "2"), ("d", "3")]


def test_the_lower_rank_is_served_before_and_the_same_in_order():
    queue, served = Queue(), []

    def wait(name):
        served.append((name, queue.take(False, later(), rank="bac".index(name.lower())).name))

    threads = [threading.Thread(target=wait, args=(name,)) for name in "caBAbC"]
    for count, thread in enumerate(threads, start=1):
        thread.start()
        while len(queue._waiting) < count:
            time.sleep(0.001)
    for number in range(6):
        queue.give(Member(str(number)))
        while len(served) <= number:
            time.sleep(0.001)
    for thread in threads:
        thread.join(20)
    assert served == [("B", "0"), ("b", "1"), ("a", "2"), ("A", "3"), ("c", "4"), ("C", "5")]


def test_who_gave_up_gets_nothing():
    queue = Queue()
    assert queue.take(True, in_a_moment()) is None
    queue.give(Member("one"))
    assert [member.name for member in queue.clear()] == ["one"]
    assert queue.clear() == []


def test_many_threads_lose_no_worker():
    queue = Queue()
    members = [Member(str(number), kept=number == 3) for number in range(4)]
    held, wrong = set(), []
    for member in members:
        queue.give(member)

    def work():
        for turn in range(200):
            member = queue.take(turn % 2 == 0, later())
            if member is None or member in held or (turn % 2 and member.kept):
                wrong.append(member)
                return
            held.add(member)
            held.remove(member)
            queue.give(member)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
    assert sorted(member.name for member in queue.clear()) == ["0", "1", "2", "3"]
