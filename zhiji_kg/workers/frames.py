"""Frames over pipes: how the web process and a worker talk.

A frame is two lengths, a header as JSON and a body as bytes. Nothing is buffered between two
frames, so that what is left of a failed answer cannot become the head of the next one.
"""

import json
import os
import select
import struct
import time
from collections.abc import Mapping
from typing import Any

_LENGTHS = struct.Struct(">II")
_AT_ONCE = 1 << 20
_WHOLE = 1 << 16  # below this, header and body go in one write
MOST_HEADER = 1 << 28


class BrokenFrameError(Exception):
    """What came is no frame, is larger than allowed, or has something after its end."""


class Channel:
    """One end of the line: a pipe to read from and a pipe to write to, one frame at a time."""

    def __init__(self, reading: int, writing: int, most: int) -> None:
        """Take over two file descriptors.

        Args:
            reading: where frames come from.
            writing: where frames go.
            most: the largest body that is taken, in bytes.
        """
        self._reading, self._writing, self._most = reading, writing, most
        self._may_read, self._may_write = _waiter(reading, writing=False), _waiter(writing, writing=True)
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)

    def close(self) -> None:
        """Close both pipes."""
        os.close(self._reading)
        os.close(self._writing)

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
            self._write(lengths + head + body, until)
        else:
            for part in (lengths + head, body):
                self._write(part, until)

    def receive(self, until: float | None = None) -> tuple[dict[str, Any], bytes]:
        """The next frame: its header and its body.

        Args:
            until: the moment of ``time.monotonic`` at which to give up; never when not given.

        Raises:
            TimeoutError: when it has not come whole in time.
            EOFError: when the other side is gone.
            BrokenFrameError: when it is no frame, or too large.
        """
        got = bytearray()
        while len(got) < _LENGTHS.size:
            self._read(got, until)
        of_header, of_body = _LENGTHS.unpack_from(got)
        if of_header > MOST_HEADER or of_body > self._most:
            raise BrokenFrameError(f"{of_header} + {of_body} bytes")
        end = _LENGTHS.size + of_header
        while len(got) < end + of_body:
            self._read(got, until)
        if len(got) > end + of_body:
            raise BrokenFrameError("something after the end")
        return _header(got[_LENGTHS.size : end]), bytes(got[end:])

    def _write(self, data: bytes, until: float | None) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._writing, rest[:_AT_ONCE]) :]
            except BlockingIOError:
                _wait(self._may_write, until)

    def _read(self, got: bytearray, until: float | None) -> None:
        """Read some more. The writer waits for an answer to each frame, so nothing lies behind this one."""
        while True:
            _wait(self._may_read, until)
            try:
                data = os.read(self._reading, _AT_ONCE)
            except BlockingIOError:
                continue
            if not data:
                raise EOFError
            got += data
            return


def _header(data: bytes | bytearray) -> dict[str, Any]:
    try:
        header = json.loads(data)
    except ValueError as error:
        raise BrokenFrameError(str(error)) from None
    if not isinstance(header, dict):
        raise BrokenFrameError("a header that is no object")
    return header


def _waiter(descriptor: int, *, writing: bool) -> "select.poll":
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT if writing else select.POLLIN)
    return poll


def _wait(poll: "select.poll", until: float | None) -> None:
    if until is None:
        poll.poll()
        return
    left = until - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError
