"""Frames over real pipes: whole or not at all, and nothing of one in the next."""

import os
import struct
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from zhiji_kg.workers.frames import MOST_HEADER, BrokenFrameError, Channel
from zhiji_kg.workers.pipes import Handed, Polled

MOST = 1 << 22
PLAIN = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=5,
)


KINDS = pytest.mark.parametrize("kind", [Polled, Handed])


@pytest.fixture(params=[Polled, Handed])
def line(request):
    """Both ends of a line, and the raw descriptors that the other side would hold."""
    to_read, to_write = os.pipe(), os.pipe()
    ours = Channel(request.param(to_read[0], to_write[1]), MOST)
    yield ours, to_read[1], to_write[0]
    for descriptor in (to_read[1], to_write[0]):
        os.close(descriptor)
    ours.close()


def loop(kind):
    """A channel that reads what it wrote."""
    return Channel(kind(*os.pipe()), MOST)


def soon():
    return time.monotonic() + 0.05


@KINDS
@settings(max_examples=30, deadline=None)
@given(some.lists(some.tuples(some.dictionaries(some.text(), PLAIN), some.binary(max_size=3000)), max_size=4))
def test_what_is_sent_is_received_frame_by_frame(kind, frames):
    channel = loop(kind)
    for header, body in frames:
        channel.send(header, body, soon())
        assert channel.receive(soon() + 5) == (header, body)
    channel.close()


@KINDS
@settings(max_examples=10, deadline=None)
@given(some.integers(0, MOST), some.integers(1, 5))
def test_frames_larger_than_a_pipe_holds_pass_whole(kind, size, times):
    channel = loop(kind)
    body = os.urandom(97) * (size // 97)
    for number in range(times):
        sender = threading.Thread(target=channel.send, args=({"number": number}, body))
        sender.start()
        assert channel.receive(time.monotonic() + 20) == ({"number": number}, body)
        sender.join()
    channel.close()


def frame(header=b"{}", body=b"", lengths=None):
    return struct.pack(">II", *(lengths or (len(header), len(body)))) + header + body


@pytest.mark.parametrize(
    "data",
    [
        frame(lengths=(2, MOST + 1)),
        frame(lengths=(MOST_HEADER + 1, 0)),
        frame(b"nonsense"),
        frame(b"[1]"),
        frame(b"\xff\xfe"),
        frame(b'{"a": 1}') + b"x",
        frame() + frame(),
    ],
)
def test_what_is_no_frame_is_refused(line, data):
    channel, writing, _ = line
    os.write(writing, data)
    with pytest.raises(BrokenFrameError):
        channel.receive(soon())


@pytest.mark.parametrize("data", [b"", b"\0\0", frame(b'{"a": 1}', b"body")[:-1]])
def test_half_a_frame_is_none(line, data):
    channel, writing, _ = line
    os.write(writing, data)
    with pytest.raises(TimeoutError):
        channel.receive(soon())


@KINDS
def test_the_end_of_the_other_side_is_the_end(kind):
    reading, writing = os.pipe()
    spare, ours = os.pipe()
    channel = Channel(kind(reading, ours), MOST)
    os.write(writing, frame(lengths=(2, 5)) + b"{}")
    os.close(writing)
    with pytest.raises(EOFError):
        channel.receive()
    os.close(spare)
    for until in (None, time.monotonic() + 5):
        with pytest.raises(BrokenPipeError):
            channel.send({}, until=until)
    channel.close()


def test_a_side_that_does_not_read_is_not_waited_for(line):
    channel, _, _ = line
    with pytest.raises(TimeoutError):
        channel.send({}, b"x" * MOST, soon())


def test_a_moment_that_has_passed_is_no_time_at_all(line):
    channel, writing, _ = line
    os.write(writing, frame())
    with pytest.raises(TimeoutError):
        channel.receive(time.monotonic() - 1)
