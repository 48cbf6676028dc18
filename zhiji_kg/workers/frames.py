"""Frames over pipes: how the web process and a worker talk.

A frame is two lengths, a header as JSON and a body as bytes. Nothing is buffered between two
frames, so that what is left of a failed answer cannot become the head of the next one.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any

from .pipes import Pipes

_LENGTHS = struct.Struct(">II")
_WHOLE = 1 << 16  # below this, header and body go in one write
MOST_HEADER = 1 << 28


class BrokenFrameError(Exception):
    """What came is no frame, is larger than allowed, or has something after its end."""


class Channel:
    """One end of the line: a pipe to read from and a pipe to write to, one frame at a time."""

    def __init__(self, pipes: Pipes, most: int) -> None:
        """Take over two pipes.

        Args:
            pipes: where frames come from and go.
            most: the largest body that is taken, in bytes.
        """
        self._pipes, self._most = pipes, most

    def close(self) -> None:
        """Close both pipes."""
        self._pipes.close()

    def send(self, header: Mapping[str, Any] | bytes, body: bytes = b"", until: float | None = None) -> None:
        """Send a frame.

        Args:
            header: what JSON can say, or JSON already written.
            body: any bytes.
            until: the moment of ``time.monotonic`` at which to give up; never when not given.

        Raises:
            TimeoutError: when the other side does not take it in time.
            BrokenPipeError: when the other side is gone.
        """
        head = header if isinstance(header, bytes) else json.dumps(header).encode()
        lengths = _LENGTHS.pack(len(head), len(body))
        if len(head) + len(body) < _WHOLE:
            self._pipes.write(lengths + head + body, until)
        else:
            for part in (lengths + head, body):
                self._pipes.write(part, until)

    def receive(self, until: float | None = None) -> tuple[dict[str, Any], bytes]:
        """The next frame: its header and its body. The writer waits for an answer to each, so nothing lies behind it.

        Args:
            until: the moment of ``time.monotonic`` at which to give up; never when not given.

        Raises:
            TimeoutError: when it has not come whole in time.
            EOFError: when the other side is gone.
            BrokenFrameError: when it is no frame, or too large.
        """
        got = bytearray()
        while len(got) < _LENGTHS.size:
            got += self._pipes.read(until)
        of_header, of_body = _LENGTHS.unpack_from(got)
        if of_header > MOST_HEADER or of_body > self._most:
            raise BrokenFrameError(f"{of_header} + {of_body} bytes")
        end = _LENGTHS.size + of_header
        while len(got) < end + of_body:
            got += self._pipes.read(until)
        if len(got) > end + of_body:
            raise BrokenFrameError("something after the end")
        return _header(got[_LENGTHS.size : end]), bytes(got[end:])


def _header(data: bytes | bytearray) -> dict[str, Any]:
    try:
        header = json.loads(data)
    except ValueError as error:
        raise BrokenFrameError(str(error)) from None
    if not isinstance(header, dict):
        raise BrokenFrameError("a header that is no object")
    return header
