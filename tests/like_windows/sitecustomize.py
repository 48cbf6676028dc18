"""A Python with this folder on its path plays Windows: what Windows lacks is not there, and ``sys.platform`` says so.

It shows that ours asks for nothing that is not there and takes the ways that are for Windows. How
Windows itself behaves it cannot show.
"""

import ctypes  # noqa: F401  # these look at the platform as they are imported
import os
import pathlib  # noqa: F401
import select
import shutil  # noqa: F401
import signal
import socket
import subprocess
import sys
import tempfile  # noqa: F401
import types

import click  # noqa: F401
import werkzeug.serving  # noqa: F401

os.name = "nt"
import waitress.server  # noqa: E402, F401  # which wakes itself up over sockets there

os.name = "posix"

LACKING = {
    os: ("fork", "set_blocking", "killpg", "getpgid", "setsid", "getuid", "geteuid", "wait4"),
    select: ("poll", "epoll"),
    signal: ("SIGKILL", "SIGALRM", "SIGSTOP", "SIGHUP", "setitimer", "alarm", "ITIMER_REAL", "pthread_sigmask"),
}


def _become_windows():
    for name in ("fcntl", "resource", "pwd", "grp", "termios", "pty", "tty"):
        sys.modules[name] = None
    for module, names in LACKING.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    subprocess.Popen.kill = subprocess.Popen.terminate = lambda self: self.send_signal(9)
    os.O_BINARY = 0
    socket.SO_EXCLUSIVEADDRUSE = socket.SO_KEEPALIVE  # any that does no harm: a port taken is refused here anyhow
    played = types.ModuleType("msvcrt")
    played.LK_NBLCK, played.setmode, played.locking = 2, lambda *_: 0, lambda *_: None
    sys.modules["msvcrt"] = played
    sys.platform = "win32"


_become_windows()
