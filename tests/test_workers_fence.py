"""The fence, in processes of their own: what the kernel refuses, and that everything else works."""

import platform
import subprocess
import sys
import time

import pytest
from conftest import ROOT, environment

from zhiji_kg.workers import fence

LINUX = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")
pytestmark = pytest.mark.skipif(not LINUX, reason="the fence is Linux's")


def fenced(code, memory_mb=1024, **how):
    """Run a line in a fenced process and give how it ended and what it printed."""
    text = f"from zhiji_kg.workers import fence; print(fence.put_up({memory_mb}), flush=True)\n{code}"
    command = [sys.executable, "-c", text]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, cwd=ROOT, **how)


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import socket; socket.socketpair()",
        "import os; os.execv('/bin/true', ['true'])",
        "open('{place}', 'w')",
        "open('{place}', 'a')",
        "open('{place}', 'r+')",
        "import os; os.open('{place}', os.O_RDONLY | os.O_CREAT)",
        "import os; os.open('{place}', os.O_RDONLY | os.O_TRUNC)",
        "import os; os.truncate('{place}', 0)",
        "import os; os.unlink('{place}')",
        "import os; os.rename('{place}', '{place}.other')",
    ],
)
def test_what_a_worker_never_needs_is_refused(code, tmp_path):
    place = tmp_path / "file"
    place.write_text("content", encoding="utf-8")
    done = fenced(code.format(place=place))
    assert done.stdout == "full\n"
    assert "PermissionError" in done.stderr
    assert place.read_text(encoding="utf-8") == "content"


def test_no_program_is_started():
    done = fenced("import subprocess; subprocess.run(['/bin/true'])")
    assert "PermissionError" in done.stderr


def test_reading_threads_and_printing_go_on(tmp_path):
    place = tmp_path / "file"
    place.write_text("content", encoding="utf-8")
    done = fenced(
        f"import threading; t = threading.Thread(target=lambda: print(open('{place}').read())); t.start(); t.join()"
    )
    assert (done.returncode, done.stdout) == (0, "full\ncontent\n")


def test_memory_is_bounded():
    done = fenced("bytearray(1 << 30)")
    assert "MemoryError" in done.stderr
    assert fenced("print(len(bytearray(1 << 29)))").stdout == f"full\n{1 << 29}\n"


def test_a_process_that_hangs_ends_by_itself():
    started = time.monotonic()
    done = fenced("fence.end_after(0.2)\nwhile True: pass")
    assert done.returncode == -14  # SIGALRM, nobody catches it
    assert time.monotonic() - started < 20
    assert fenced(
        "import time; fence.end_after(0.1); fence.end_after(0); time.sleep(0.3); print('here')"
    ).stdout.endswith("here\n")


def test_another_machine_has_half_a_fence(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert not fence._refuse_calls()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_jump_of_the_filter_lands_in_it(machine):
    program = fence._program(fence._MACHINES[machine])
    lines = [fence._LINE.unpack_from(program, at) for at in range(0, len(program), fence._LINE.size)]
    assert [line[3] for line in lines[-2:]] == [fence._ALLOW, fence._REFUSE]
    for number, (code, yes, no, _) in enumerate(lines):
        if code in (fence._IF_EQUAL, fence._IF_AT_LEAST):
            assert number + 1 + max(yes, no) < len(lines)
    refused = [number + 1 + yes for number, (code, yes, _, value) in enumerate(lines) if value in (198, 41) and yes]
    assert set(refused) == {len(lines) - 1}
