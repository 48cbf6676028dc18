"""One worker as the web process sees it: a process, a line to it, and how it ended."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from .frames import BrokenFrameError, Channel
from .limits import Limits
from .pipes import Pipes, chosen

START_SECONDS = 20.0
_LAST_WORD = 1.0  # seconds from the end of a pipe to the end of its process
_KILLED = -9  # SIGKILL, for which Windows has no name
_ABORTED = (-signal.SIGABRT, 0xC0000409)  # the second is what Windows says of a program that gives up
_OWN_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # Windows' word for a session of its own


class CutError(Exception):
    """The answer did not come in time; the worker has to be ended."""


class LostError(Exception):
    """The worker is gone, or spoke nonsense.

    ``untouched`` is true where the question is not to blame: it cannot have been read, or somebody
    killed the process; ``memory`` where it ended as the engine does when it gets no more.
    """

    def __init__(self, *, untouched: bool = False, memory: bool = False) -> None:
        """Say how it was lost."""
        super().__init__()
        self.untouched, self.memory = untouched, memory


class Worker:
    """A process that answers one question at a time; used by one thread at a time, but for ``kill``."""

    def __init__(self, limits: Limits, *, kept: bool, pipes: type[Pipes] | None = None) -> None:
        """Start the process; whether it is ready is asked for later.

        Args:
            limits: of memory and answers.
            kept: whether it is kept for quick questions.
            pipes: how to talk to it; as the system offers when not given.
        """
        self.kept = kept
        self.fenced = ""
        self._started = time.monotonic()
        self._process: subprocess.Popen[bytes] | None
        self._channel: Channel | None
        self._process, self._channel = _launch(limits, pipes or chosen())

    @property
    def pid(self) -> int:
        """The number of the process; 0 where none could be started."""
        return self._process.pid if self._process else 0

    @property
    def is_ready(self) -> bool:
        """Whether it has said ready."""
        return bool(self.fenced)

    def is_alive(self) -> bool:
        """Whether the process is still there."""
        return self._process is not None and self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait for the worker's first word: how it is fenced.

        Raises:
            LostError: when it does not come.
        """
        if self._channel is None:
            raise LostError(untouched=True)
        try:
            self.fenced = str(self._channel.receive(self._started + START_SECONDS)[0]["fenced"])
        except (TimeoutError, EOFError, OSError, BrokenFrameError, KeyError):
            raise self._lost(untouched=True) from None

    def ask(self, question: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Ask and wait for the answer. After any error the worker is of no use and has to be ended.

        Args:
            question: the header, as JSON.
            seconds: how long to wait.

        Raises:
            CutError: when the answer did not come in time.
            LostError: when the process is gone.
        """
        if self._channel is None:
            raise LostError(untouched=True)
        until, sent = time.monotonic() + seconds, False
        try:
            self._channel.send(question, until=until)
            sent = True
            return self._channel.receive(until)
        except TimeoutError:
            raise CutError from None
        except (EOFError, OSError, BrokenFrameError):
            raise self._lost(untouched=not sent) from None

    def kill(self) -> None:
        """End the process at once; from any thread."""
        if self._process is not None:
            with suppress(PermissionError):  # Windows, of one that is ending just now
                self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """End the process at once and leave nothing of it."""
        self.kill()
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _lost(self, *, untouched: bool) -> LostError:
        """How the worker was lost: it may be there and speak nonsense, too."""
        code = 0
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                code = self._process.wait(timeout=_LAST_WORD)
        return LostError(untouched=untouched or code == _KILLED, memory=code in _ABORTED)


def _launch(limits: Limits, pipes: type[Pipes]) -> "tuple[subprocess.Popen[bytes] | None, Channel | None]":
    """The process and the line to it; nothing where the machine has none to give just now.

    It gets a session of its own: Ctrl-C in the terminal is for the server, whatever the worker does at that moment.
    """
    command = [sys.executable, "-P", "-m", "zhiji_kg.workers.child", str(limits.memory_mb), str(limits.answer_mb)]
    ends: list[int] = []
    try:
        ends += os.pipe()
        ends += os.pipe()
        process = subprocess.Popen(
            command,
            env=_environment(),
            stdin=ends[0],
            stdout=ends[3],
            start_new_session=True,
            creationflags=_OWN_GROUP,
        )
    except OSError:
        for end in ends:
            os.close(end)
        return None, None
    os.close(ends[0])
    os.close(ends[3])
    return process, Channel(pipes(ends[2], ends[1]), (limits.answer_mb << 20) + 1024)


def _environment() -> dict[str, str]:
    """Ours, with the package where the child finds it, and what the native libraries make of the limits.

    Address space is what is limited, and malloc would reserve much of it for every thread of the
    store; and an engine that runs out of memory is to end in one line, at once.
    """
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"}
