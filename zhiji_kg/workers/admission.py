"""Who is let in: no text and no client takes the service from the others.

The guard reads texts in the web process, where all threads share one processor: long ones have to
wait for each other. A client is known by its address; only one whose queries were slow, several in
the last minute and few quick ones beside them, is kept within its share.
"""

import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import cannot_run
from . import guard
from .limits import Limits

_LONG = 8_000  # letters; the guard reads fewer in the time in which one thread gives way to another
_MINUTE = 60.0
_REMEMBERED = 10_000  # clients with slow queries, and questions that were slow
_COUNTED = 50  # slow queries of a client
_MANY_QUICK = 20  # for each slow one: on a busy machine a quick query is slow now and then


class Admission:
    """What is known of the texts and clients that are being served. Thread-safe."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        """Nobody is known yet.

        Args:
            limits: of the service.
            now: the clock, in seconds.
        """
        self._limits, self._now = limits, now
        self._general = limits.workers - 1
        self._long_text = threading.Lock()
        self._lock = threading.Lock()
        self._inside: Counter[str] = Counter()
        self._slow: OrderedDict[str, deque[float]] = OrderedDict()
        self._slow_questions: set[int] = set()
        self._quick: Counter[str] = Counter()  # of the minute that runs
        self._quick_before: Counter[str] = Counter()  # of the minute before it
        self._quick_since = now()

    def guarded(self, query: str) -> bool:
        """Let the guard read a query; long ones one after the other.

        Returns:
            Whether the answer holds, as the guard says.

        Raises:
            UnreadableError: what the guard says.
            CannotRunError: ``all-busy`` when other long texts took all the time for waiting.
        """
        if len(query) <= _LONG:
            return guard.check(query, self._limits)
        if not self._long_text.acquire(timeout=self._limits.queue_seconds):
            raise cannot_run("all-busy", seconds=self._limits.queue_seconds)
        try:
            return guard.check(query, self._limits)
        finally:
            self._long_text.release()

    def is_heavy(self, client: str) -> bool:
        """Whether the client had, within a minute, a slow query for each general worker, and few quick ones."""
        with self._lock:
            return self._has_its_share_of_slow(client)

    def rank(self, client: str) -> int:
        """Who waits before whom: the pages first, then the queries of those who had fewer slow ones within a minute."""
        with self._lock:
            return 1 + min(self._slow_of(client), self._general) if client else 0

    def was_slow(self, question: bytes) -> bool:
        """Whether this question was slow before: who asks it again does not take the kept worker from quick ones."""
        return hash(question) in self._slow_questions

    def note(self, client: str, question: bytes, seconds: float) -> None:
        """What a question took, the first time a worker tried it."""
        if seconds < self._limits.quick_seconds:
            self.note_quick(client)
            return
        self.note_slow(client)
        with self._lock:
            if len(self._slow_questions) >= _REMEMBERED:
                self._slow_questions.clear()
            self._slow_questions.add(hash(question))

    def note_slow(self, client: str) -> None:
        """A query of this client was not quick."""
        if not client:
            return
        with self._lock:
            times = self._slow.setdefault(client, deque(maxlen=_COUNTED))
            times.append(self._now())
            self._slow.move_to_end(client)
            if len(self._slow) > _REMEMBERED:
                self._slow.popitem(last=False)

    def note_quick(self, client: str) -> None:
        """A query of this client was quick."""
        if not client:
            return
        with self._lock:
            if self._now() - self._quick_since > _MINUTE:
                self._quick_before, self._quick = self._quick, Counter()
                self._quick_since = self._now()
            self._quick[client] += 1

    @contextmanager
    def inside(self, client: str) -> Iterator[None]:
        """While a query of this client waits and runs.

        Raises:
            CannotRunError: ``too-many-slow`` at once when the client is heavy and has its share in here already:
                for each general worker a query that runs and one that waits.
        """
        share = 2 * self._general
        with self._lock:
            if self._inside[client] >= share and self._has_its_share_of_slow(client):
                raise cannot_run("too-many-slow", most=share)
            self._inside[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside[client] -= 1
                if not self._inside[client]:
                    del self._inside[client]

    def _has_its_share_of_slow(self, client: str) -> bool:
        slow = self._slow_of(client)
        quick = self._quick[client] + self._quick_before[client]
        return slow >= self._general and quick < _MANY_QUICK * slow

    def _slow_of(self, client: str) -> int:
        """How many slow queries the client had within a minute; no more than are counted."""
        return sum(at > self._now() - _MINUTE for at in self._slow.get(client, ()))
