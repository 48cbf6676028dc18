"""The fence around a worker: little memory, no network, no files written, no program started.

A query language has doors to the outside (``SERVICE``), and engines have bugs; what the guard
before the worker does not see, the kernel refuses here. The fence is put up before the store
is opened, and nothing in the process can take it down again.
"""

import ctypes
import faulthandler
import os
import platform
import signal
import struct
import sys
from functools import cache
from typing import Literal, NamedTuple, TextIO

Fenced = Literal["full", "memory", "none"]

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _AND, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCH_AT, _SECOND, _THIRD = 0, 4, 24, 32  # where they stand in what the kernel shows to a filter
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 13  # EACCES
_OTHER_ABI = 0x40000000  # x32 calls on x86_64: the same door under another number
_CHANGING = 0o3 | 0o100 | 0o1000  # to open for writing, to create, to truncate


class _Machine(NamedTuple):
    """A processor: how the kernel names it, its calls that open files and where their flags stand, those refused."""

    arch: int
    opening: tuple[tuple[int, int], ...]
    refused: tuple[int, ...]


_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        ((257, _THIRD), (2, _SECOND)),  # openat, open
        (
            *(41, 42, 53, 425, 426, 427),  # socket, connect, socketpair, io_uring_setup, _enter, _register
            *(59, 322, 101),  # execve, execveat, ptrace
            *(85, 437, 76, 77),  # creat, openat2, truncate, ftruncate
            *(82, 264, 316, 87, 263, 84),  # rename, renameat, renameat2, unlink, unlinkat, rmdir
        ),
    ),
    "aarch64": _Machine(
        0xC00000B7,
        ((56, _THIRD),),
        (
            *(198, 203, 199, 425, 426, 427),
            *(221, 281, 117),
            *(437, 45, 46),
            *(38, 276, 35),  # renameat, renameat2, unlinkat
        ),
    ),
}


def put_up(memory_mb: int) -> Fenced:
    """Fence this process in for the rest of its life.

    Args:
        memory_mb: the address space it may have.

    Returns:
        ``full``: memory and system calls; ``memory``: memory alone; ``none``: this system has neither.
    """
    if sys.platform == "win32":
        return "none"
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # a server that ignores it would have left that to us
    if not _limit_resources(memory_mb):
        return "none"
    return "full" if _refuse_calls() else "memory"


def end_after(seconds: float) -> None:
    """Let this process end after a time, even when the engine never comes back; 0 takes it back.

    The kernel sees to it; where it does not, a thread that needs nothing of Python does.
    """
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)
    elif seconds:
        faulthandler.dump_traceback_later(seconds, exit=True, file=_nowhere())
    else:
        faulthandler.cancel_dump_traceback_later()


@cache
def _nowhere() -> TextIO:
    """Where the farewell of a process that ends late goes: nobody is left to read it."""
    return open(os.devnull, "w")  # noqa: PTH123  # for the rest of its life


def _limit_resources(memory_mb: int) -> bool:
    if sys.platform == "win32":
        return False
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    except (OSError, ValueError):  # macOS knows RLIMIT_AS and refuses it
        return False
    return True


def _refuse_calls() -> bool:
    """Whether the kernel took a filter that refuses the calls a worker never needs."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    program = _program(machine)
    held = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // _LINE.size, ctypes.addressof(held))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_ulong]
    if prctl(_NO_NEW_PRIVILEGES, 1, None, 0, 0) != 0:
        return False
    return bool(prctl(_SECCOMP, _FILTER, described, 0, 0) == 0)


_LINE = struct.Struct("HBBI")


def _program(machine: _Machine) -> bytes:
    """The filter: another architecture ends the process, a refused call fails with EACCES, the rest passes."""
    opening = [line for number, flags_at in machine.opening for line in _if_it_changes_nothing(number, flags_at)]
    refused = machine.refused
    to_the_end = len(refused) + len(opening) + 1
    lines = [(_LOAD, 0, 0, _ARCH_AT), (_IF_EQUAL, 1, 0, machine.arch), (_RETURN, 0, 0, _KILL)]
    lines += [(_LOAD, 0, 0, _NUMBER_AT), (_IF_AT_LEAST, to_the_end, 0, _OTHER_ABI)]
    lines += [(_IF_EQUAL, to_the_end - 1 - place, 0, number) for place, number in enumerate(refused)]
    lines += [*opening, (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(_LINE.pack(*line) for line in lines)


def _if_it_changes_nothing(number: int, flags_at: int) -> list[tuple[int, int, int, int]]:
    """Allow a call that opens a file for reading; refuse it when it would write, create or truncate."""
    return [
        *((_IF_EQUAL, 0, 5, number), (_LOAD, 0, 0, flags_at), (_AND, 0, 0, _CHANGING)),
        *((_IF_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)),
    ]
