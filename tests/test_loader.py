"""The child that fills a store: all or nothing, in a process of its own."""

import os
import signal
import subprocess
import sys

import pytest
from pyoxigraph import Store
from small_workbook import ROOT

from zhiji_kg.store.loader import load

LINES = [f'<http://x/s> <http://x/p> "{n:06d}" <http://x/g> .\n' for n in range(5000)]


def dump(tmp_path, lines):
    path = tmp_path / "图 谱.nq"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def child(path, store):
    command = [sys.executable, "-m", "zhiji_kg.store.loader", str(path), str(store)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_every_line_is_in_the_store(tmp_path):
    load(str(dump(tmp_path, LINES)), str(tmp_path / "存 储"))
    store = Store.read_only(str(tmp_path / "存 储"))
    assert sorted(f"{quad} .\n" for quad in store) == LINES


def test_as_a_process(tmp_path):
    process = child(dump(tmp_path, LINES[:10]), tmp_path / "store")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, b"", b"")
    assert len(list(Store.read_only(str(tmp_path / "store")))) == 10


@pytest.mark.parametrize("lines", [[*LINES[:100], "no quad\n"], ["<http://x/s> <http://x/p> .\n"]])
def test_a_bad_line_and_nothing_is_loaded(tmp_path, lines):
    process = child(dump(tmp_path, lines), tmp_path / "store")
    assert process.wait(60) == 1
    assert process.stderr.read().splitlines()[-1].startswith(b"SyntaxError")
    process.stdout.close()
    process.stderr.close()
    assert list(Store.read_only(str(tmp_path / "store"))) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_killed_child_says_so_by_its_status(tmp_path):
    process = child(dump(tmp_path, LINES), tmp_path / "store")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
