"""Two pipes, one to read from and one to write to, and a moment at which to give up.

Where the system can wait for a pipe (``poll``), it is asked to. Where it cannot, on Windows, a
thread for each pipe makes the calls that may never come back, and whoever waits for it can give up.
"""

import os
import select
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Protocol

_AT_ONCE = 1 << 20
_LAST_CALL = 2.0  # seconds in which a call comes back once the other side is gone


class Pipes(Protocol):
    """What a channel needs of the system; after any error it is of no more use and has to be closed."""

    def __init__(self, reading: int, writing: int) -> None:
        """Take over two file descriptors."""

    def read(self, until: float | None) -> bytes:
        """Some bytes, as soon as there are any.

        Raises:
            TimeoutError: when none came until this moment of ``time.monotonic``.
            EOFError: when the other side is gone.
        """

    def write(self, data: bytes, until: float | None) -> None:
        """Write all of it.

        Raises:
            TimeoutError: when the other side has not taken it until then.
            BrokenPipeError: when the other side is gone.
        """

    def close(self) -> None:
        """Close both."""


def chosen() -> type[Pipes]:
    """The pipes of this system."""
    if sys.platform != "win32":
        return Polled
    return Handed


class Handed:
    """Pipes that block; each has a thread for its calls as soon as anybody waits with a moment to give up."""

    def __init__(self, reading: int, writing: int) -> None:
        """Take over two file descriptors."""
        self._reading, self._writing = _Hand(reading), _Hand(writing)

    def read(self, until: float | None) -> bytes:
        """Some bytes."""
        data = self._reading.do(lambda pipe: os.read(pipe, _AT_ONCE), until)
        if not data:
            raise EOFError
        return data

    def write(self, data: bytes, until: float | None) -> None:
        """Write all of it."""
        try:
            self._writing.do(lambda pipe: _write_all(pipe, data), until)
        except TimeoutError:
            raise
        except OSError as error:  # Windows has other names for a pipe that nobody reads
            raise BrokenPipeError(str(error)) from None

    def close(self) -> None:
        """Close both: first ours to write to, for the other side may end by that."""
        self._writing.close()
        self._reading.close()


class _Hand:
    """One pipe, and the thread that makes the calls on it: one at a time, and it alone closes the pipe.

    To close a pipe under a call that reads it would wait for the call on Windows, and may hit
    somebody else's file elsewhere.
    """

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._calls: SimpleQueue[Callable[[int], bytes] | None] = SimpleQueue()
        self._results: SimpleQueue[bytes | OSError] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._late = False

    def do(self, call: Callable[[int], bytes], until: float | None) -> bytes:
        """What a call on the pipe gives, if it comes back in time."""
        left = None if until is None else until - time.monotonic()
        if self._late or (left is not None and left <= 0):
            raise TimeoutError
        if left is None and self._thread is None:
            return call(self._pipe)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="zhiji-pipe", daemon=True)
            self._thread.start()
        self._calls.put(call)
        try:
            result = self._results.get(timeout=left)
        except Empty:
            self._late = True  # its result would be taken for that of the next call
            raise TimeoutError from None
        if isinstance(result, OSError):
            raise result
        return result

    def close(self) -> None:
        """Close the pipe, as soon as the call under way has come back."""
        if self._thread is None:
            os.close(self._pipe)
        else:
            self._calls.put(None)
            self._thread.join(_LAST_CALL)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                self._results.put(call(self._pipe))
            except OSError as error:
                self._results.put(error)
        with suppress(OSError):
            os.close(self._pipe)


def _write_all(pipe: int, data: bytes) -> bytes:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(pipe, rest[:_AT_ONCE]) :]
    return b""


if sys.platform != "win32":

    class Polled:
        """Pipes that never block: the system is asked when there is something to do."""

        def __init__(self, reading: int, writing: int) -> None:
            """Take over two file descriptors."""
            self._reading, self._writing = reading, writing
            self._may_read, self._may_write = _waiter(reading, select.POLLIN), _waiter(writing, select.POLLOUT)
            os.set_blocking(reading, False)
            os.set_blocking(writing, False)

        def read(self, until: float | None) -> bytes:
            """Some bytes."""
            while True:
                _wait(self._may_read, until)
                try:
                    data = os.read(self._reading, _AT_ONCE)
                except BlockingIOError:
                    continue
                if not data:
                    raise EOFError
                return data

        def write(self, data: bytes, until: float | None) -> None:
            """Write all of it."""
            rest = memoryview(data)
            while rest:
                try:
                    rest = rest[os.write(self._writing, rest[:_AT_ONCE]) :]
                except BlockingIOError:
                    _wait(self._may_write, until)

        def close(self) -> None:
            """Close both."""
            os.close(self._reading)
            os.close(self._writing)

    def _waiter(descriptor: int, event: int) -> "select.poll":
        poll = select.poll()
        poll.register(descriptor, event)
        return poll

    def _wait(poll: "select.poll", until: float | None) -> None:
        if until is None:
            poll.poll()
            return
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError
