"""Who gets which worker: free ones at once, the others in the order in which they came."""

import threading
import time
from collections import deque
from typing import Generic, Protocol, TypeVar


class _Member(Protocol):
    kept: bool

    @property
    def is_ready(self) -> bool:
        """Whether it can answer at once."""


Member = TypeVar("Member", bound=_Member)


class _Waiting(Generic[Member]):
    """Somebody who waits; the lock is let go when a worker was handed over."""

    __slots__ = ("given", "rank", "signal", "takes_kept")

    def __init__(self, takes_kept: bool, rank: int) -> None:
        self.takes_kept, self.rank = takes_kept, rank
        self.given: Member | None = None
        self.signal = threading.Lock()
        self.signal.acquire()


class Queue(Generic[Member]):
    """The free workers, and the queue of who waits for one.

    Whoever waits is handed a worker directly: nobody is woken up in vain, and nobody is overtaken
    by another of the same rank.
    """

    def __init__(self) -> None:
        """Without any worker."""
        self._lock = threading.Lock()
        self._free: list[Member] = []
        self._waiting: deque[_Waiting[Member]] = deque()

    def take(self, takes_kept: bool, until: float, *, rank: int = 0) -> Member | None:
        """A worker, as soon as there is one; a general one before the one that is kept.

        Args:
            takes_kept: whether the one that is kept will do.
            until: the moment of ``time.monotonic`` at which to give up.
            rank: who waits with a lower one is served before.

        Returns:
            The worker, which has to be given back, or ``None`` when none came free in time.
        """
        with self._lock:
            member = self._best(takes_kept)
            if member is not None:
                self._free.remove(member)
                return member
            waiting = _Waiting[Member](takes_kept, rank)
            self._waiting.append(waiting)
        if waiting.signal.acquire(timeout=max(0.0, until - time.monotonic())):
            return waiting.given
        with self._lock:
            if waiting.given is None and waiting in self._waiting:
                self._waiting.remove(waiting)
            return waiting.given

    def give(self, member: Member) -> None:
        """Hand a worker to the first who waits and can use it, or keep it free."""
        with self._lock:
            for waiting in sorted(self._waiting, key=lambda one: one.rank):
                if waiting.takes_kept or not member.kept:
                    self._waiting.remove(waiting)
                    waiting.given = member
                    waiting.signal.release()
                    return
            self._free.append(member)

    def clear(self) -> list[Member]:
        """Take away all that are free, and send away all who wait."""
        with self._lock:
            free, self._free = self._free, []
            for waiting in self._waiting:
                waiting.signal.release()
            self._waiting.clear()
            return free

    def _best(self, takes_kept: bool) -> Member | None:
        """The free worker to take: one that is ready before one that starts, a general one before the kept.

        Of several the one that answered last: it holds what it made for that answer.
        """
        fit = [member for member in reversed(self._free) if takes_kept or not member.kept]
        return max(fit, key=lambda member: (member.is_ready, not member.kept), default=None)
