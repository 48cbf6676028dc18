"""A worker: ``python -m zhiji_kg.workers.child MEMORY_MB ANSWER_MB``.

It takes a question from its input, answers it from the store of the version that the question
names, and ends when its input does. Started by the pool only.
"""

import os
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

from ..errors import CannotRunError, Problem, SourceError, ZhijiError
from ..texts import Text
from . import fence
from .frames import Channel
from .pipes import chosen

if TYPE_CHECKING:
    from .tasks import Desk

_STACK = 255 << 20  # the engine calls itself for every bracket; a thread's stack can be made large, the main one's not
_GRACE = 1.0  # seconds after the deadline at which a worker whose server is gone ends by itself
_MOST_QUESTION = 64 << 20


def answer_all(channel: Channel, fenced: str, answer_mb: int) -> None:
    """Say ready, then answer until the server is gone."""
    from .tasks import Desk  # loads the engine: after the fence, and inside the thread that has the stack

    desk = Desk(answer_mb << 20)
    channel.send({"fenced": fenced})
    while True:
        question, _ = channel.receive()
        fence.end_after(question["seconds"] + _GRACE)
        header, body = _answer(desk, question)
        channel.send(header, body)
        fence.end_after(0)


def _answer(desk: "Desk", question: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The answer to one question; whatever goes wrong becomes a header that says so."""
    try:
        reply = desk.answer(question)
        return {"media_type": reply.media_type, "keep": reply.keep}, reply.body
    except ZhijiError as error:
        if isinstance(error, CannotRunError):
            desk.close()
        return {"raised": _kind(error), "problems": [_plain(problem) for problem in error.problems]}, b""
    except MemoryError:
        desk.close()
        return {"failed": "out-of-memory"}, b""
    except BaseException:  # the engine's own panics are no Exception
        desk.close()
        return {"failed": "worker-lost", "traceback": traceback.format_exc()}, b""


def _kind(error: ZhijiError) -> str:
    return "cannot" if isinstance(error, CannotRunError) else "source" if isinstance(error, SourceError) else "unread"


def _plain(problem: Problem) -> dict[str, Any]:
    where = problem.where and [problem.where.file, problem.where.sheet, problem.where.cell]
    values = {name: _value(value) for name, value in problem.values.items()}
    return {"code": problem.code, "where": where, "values": values}


def _value(value: object) -> object:
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    return value if isinstance(value, str | int | float) else str(value)


def main(memory_mb: int, answer_mb: int) -> None:
    """Put up the fence and answer over the pipes that were input and output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    pipes = chosen()(*_taken_over())
    fenced = fence.put_up(memory_mb + (_STACK >> 20))
    threading.stack_size(_STACK)  # Windows takes no more than just below 256 MB
    channel = Channel(pipes, _MOST_QUESTION)
    thread = threading.Thread(target=_until_the_end, args=(channel, fenced, answer_mb), daemon=True)
    thread.start()
    threading.stack_size(0)
    thread.join()


def _taken_over() -> tuple[int, int]:
    """The pipes that were input and output; what anything prints must not come between the frames."""
    reading, writing = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(reading, os.O_BINARY)
        msvcrt.setmode(writing, os.O_BINARY)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return reading, writing


def _until_the_end(channel: Channel, fenced: str, answer_mb: int) -> None:
    """Answer, and end at once when the server is gone: there is nobody left to tidy up for."""
    try:
        answer_all(channel, fenced, answer_mb)
    except (EOFError, BrokenPipeError):
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
