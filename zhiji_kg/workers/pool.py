"""The pool of workers: the web process asks it, and whatever a question does, the next one is answered.

At the deadline a worker is killed and another started; nobody waits for its start who can be
served by another. A question is tried on the worker that is kept for quick ones when all others
are busy, and asked again when it was not quick: questions only read, so that is safe. Clients whose
queries prove slow leave it to the others.
"""

import json
import logging
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import Address, CannotRunError, Problem, SourceError, UnreadableError, ZhijiError, cannot_run
from ..texts import Text
from .admission import Admission
from .cache import Answer, Cache
from .current import Pointer, Serving
from .limits import Limits
from .pipes import Pipes
from .queue import Queue
from .worker import CutError, LostError, Worker

_ERRORS = {"unread": UnreadableError, "cannot": CannotRunError, "source": SourceError}
_LOG = logging.getLogger("zhiji_kg.workers")
_TRIES = 2  # how often a question is asked when it is not to blame for the loss of its worker
_REPLACED = 8  # how many workers found dead are replaced before a question is given up


class Pool:
    """Workers that answer questions about the version that serves. Thread-safe."""

    def __init__(self, directory: Path, limits: Limits, pipes: type[Pipes] | None = None) -> None:
        """Start the workers and wait until all are ready.

        Args:
            directory: the folder of versions.
            limits: what a question may cost.
            pipes: how to talk to the workers; as the system offers when not given.

        Raises:
            UnreadableError: when nothing is published in the folder.
            CannotRunError: when the version is damaged, or the workers do not start.
        """
        self.limits = limits
        self._pipes = pipes
        self._pointer = Pointer(directory)
        self._pointer.read()
        self._cache = Cache(limits.cache_mb << 20)
        self._admission = Admission(limits)
        self._queue: Queue[Worker] = Queue()
        self._all: set[Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        try:
            self.fenced = self._start()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Pool":
        """The pool itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def version(self) -> Serving:
        """The version that serves now.

        Raises:
            UnreadableError: when nothing is published.
            CannotRunError: when the version is damaged.
        """
        return self._pointer.read()

    def answer(  # each task takes its own
        self, task: str, *, client: str = "", at: Serving | None = None, **given: Any,  # noqa: ANN401
    ) -> Answer:  # fmt: skip
        """The answer to a question, wholly about one version.

        Args:
            task: a name of ``workers.tasks.TASKS``.
            client: the address of who asks, whose slow questions are kept within its share; empty where nobody counts.
            at: the version it is to be about; when not given, the one that serves as a worker takes it up.
            **given: what the task takes, as JSON can say it.

        Raises:
            ZhijiError: whatever is wrong with the question, and ``query-cut``, ``all-busy``, ``too-many-slow``,
                ``out-of-memory`` and ``worker-lost`` when it could not be answered.
        """
        written = json.dumps({"task": task, "given": given}, sort_keys=True).encode()
        serving = at or self.version()
        found = self._cache.get((serving.name, serving.sha256, written))
        if found is not None:
            return found
        holds = "query" not in given or self._admission.guarded(given["query"])
        with self._admission.inside(client):
            answer = self._answered(written, client, at) if at else self._asked(written, serving, client)
        if not holds:
            return replace(answer, holds=False)
        if answer.holds:
            self._cache.put((answer.version, answer.sha256, written), answer)
        return answer

    def close(self) -> None:
        """End all workers; no process is left."""
        with self._lock:
            self._closed = True
            workers, self._all = self._all, set()
        for worker in workers:  # who waits for one of them closes its pipes
            worker.kill()
        for worker in self._queue.clear():
            worker.end()

    def _asked(self, written: bytes, about: Serving, client: str) -> Answer:
        """Ask a worker; where the version was pruned meanwhile, ask about the one that serves now."""
        try:
            return self._answered(written, client)
        except CannotRunError as error:
            now = self.version()
            if error.problems[0].code != "damaged-version" or (now.name, now.sha256) == (about.name, about.sha256):
                raise
            return self._answered(written, client)

    def _answered(self, written: bytes, client: str, at: Serving | None = None) -> Answer:
        for _ in range(_TRIES):
            try:
                return self._tried(written, client, at)
            except CutError:
                raise cannot_run("query-cut", seconds=self.limits.query_seconds) from None
            except LostError as error:
                if error.memory:
                    raise cannot_run("out-of-memory", megabytes=self.limits.memory_mb) from None
                if not error.untouched and not self._closed:
                    raise cannot_run("worker-lost") from None
        raise cannot_run("stopping" if self._closed else "worker-lost")

    def _tried(self, written: bytes, client: str, at: Serving | None) -> Answer:
        """Ask the first worker that comes free; what the kept one cannot answer quickly waits for another.

        Both tries together may take the time of a query, and both waits together that of the queue.
        """
        whole, quick = self.limits.query_seconds, self.limits.quick_seconds
        until = time.monotonic() + self.limits.queue_seconds
        worker = self._first(until, written, client)
        started = time.monotonic()
        try:
            return self._with(worker, written, quick if worker.kept and quick < whole else whole, at)
        except CutError:
            if not worker.kept or quick >= whole:
                raise
        finally:
            self._admission.note(client, written, time.monotonic() - started)
        until += time.monotonic() - started
        worker = self._taken(until, takes_kept=False, rank=self._admission.rank(client))
        return self._with(worker, written, whole - quick, at)

    def _first(self, until: float, written: bytes, client: str) -> Worker:
        """The worker for a first try: the kept one is not for who has been slow, or proves so while waiting for it."""
        takes_kept = not self._admission.was_slow(written) and not self._admission.is_heavy(client)
        worker = self._taken(until, takes_kept=takes_kept, rank=self._admission.rank(client))
        if worker.kept and self._admission.is_heavy(client):
            self._queue.give(worker)
            return self._taken(until, takes_kept=False, rank=self._admission.rank(client))
        return worker

    def _taken(self, until: float, *, takes_kept: bool, rank: int) -> Worker:
        """A worker that is there and ready; it has to be given back."""
        for _ in range(_REPLACED):
            worker = None if self._closed else self._queue.take(takes_kept, until, rank=rank)
            if worker is None and self._closed:
                break
            if worker is None:
                raise cannot_run("all-busy", seconds=self.limits.queue_seconds)
            try:
                if not worker.is_ready:
                    worker.wait_until_ready()
                if worker.is_alive():
                    return worker
            except LostError:
                pass
            self._replace(worker)
        raise cannot_run("stopping" if self._closed else "worker-lost")

    def _with(self, worker: Worker, written: bytes, seconds: float, at: Serving | None) -> Answer:
        """Ask this worker about a version or the one that serves now, and give it or another in its place back."""
        answered = False
        try:
            serving = at or self.version()
            header, body = worker.ask(_question(serving, seconds, written), seconds)
            answered = True
        except ZhijiError:
            answered = True
            raise
        finally:
            self._queue.give(worker) if answered else self._replace(worker)
        if "media_type" not in header:
            raise self._error(header)
        return Answer(serving.name, serving.sha256, header["media_type"], body, header["keep"], serving)

    def _start(self) -> str:
        """Start all workers at once and wait; how they are fenced, the weakest of them."""
        count = self.limits.workers
        workers = [self._launched(kept=number == count - 1) for number in range(count)]
        for worker in workers:
            with suppress(LostError):
                worker.wait_until_ready()
        said = {worker.fenced for worker in workers}
        if "" in said:
            raise cannot_run("worker-lost")
        for worker in workers:
            self._queue.give(worker)
        return next(fenced for fenced in ("none", "memory", "full") if fenced in said)

    def _launched(self, *, kept: bool) -> Worker:
        worker = Worker(self.limits, kept=kept, pipes=self._pipes)
        with self._lock:
            self._all.add(worker)
            closed = self._closed
        if closed:
            worker.end()
        return worker

    def _replace(self, worker: Worker) -> None:
        """Put another worker in the place of one that is gone; it starts while others answer."""
        with self._lock:
            self._all.discard(worker)
            closed = self._closed
        worker.end()
        if not closed:
            self._queue.give(self._launched(kept=worker.kept))

    def _error(self, header: dict[str, Any]) -> ZhijiError:
        if "raised" in header:
            return _ERRORS[header["raised"]](*map(_problem, header["problems"]))
        if "traceback" in header:
            _LOG.error("%s", header["traceback"])
        if header["failed"] == "out-of-memory":
            return cannot_run("out-of-memory", megabytes=self.limits.memory_mb)
        return cannot_run("worker-lost")


def _question(serving: Serving, seconds: float, written: bytes) -> bytes:
    about = {"directory": str(serving.directory), "sha256": serving.sha256, "seconds": seconds}
    return json.dumps(about).encode()[:-1] + b", " + written[1:]


def _problem(plain: dict[str, Any]) -> Problem:
    where = Address(*plain["where"]) if plain["where"] else None
    values = {name: Text(**value) if isinstance(value, dict) else value for name, value in plain["values"].items()}
    return Problem(plain["code"], where, values)
