"""What the terminal sees."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zhiji_kg.cli import console
from zhiji_kg.cli.console import cut
from zhiji_kg.errors import Address, CannotRunError, Problem, SourceError
from zhiji_kg.findings import Grid

ROOT = Path(__file__).resolve().parent.parent
PLACE = Address("簿.xlsx", "课程", "A5")
ERROR = Problem("no-sources", PLACE)
WARNING = Problem("sheet-without-rows", PLACE, severity="warning")
NOTE = Problem("columns-left-out", PLACE, {"columns": "x"}, "note")


def test_a_problem_is_a_line_and_says_how_bad_it_is(capsys):
    console.problems([ERROR, WARNING, NOTE], "zh", err=False)
    console.problems([ERROR, WARNING, NOTE], "en")
    out, err = capsys.readouterr()
    assert [line.partition("簿")[0] for line in out.splitlines()] == ["", "警告 ", "提示 "]
    assert [line.partition("簿")[0] for line in err.splitlines()] == ["", "warning ", "note "]
    assert out.splitlines()[0].startswith("簿.xlsx:课程!A5: ")


def test_a_failure_goes_to_stderr_and_gives_its_status(capsys):
    assert console.fail(SourceError(ERROR, WARNING), "en") == 1
    assert console.fail(CannotRunError(ERROR), "en") == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 3


def test_a_step_is_said_only_to_somebody_who_watches(capsys):
    console.step("read", "en")
    assert capsys.readouterr() == ("", "")


TABLE = Grid("标题 [bold]", ("名称", "数"), (("[red]数控[/red] :smile:", "1"), ("x" * 200, "23")), frozenset({1}))


def test_a_table_shows_text_as_it_is(capsys):
    console.table(TABLE)
    out = capsys.readouterr().out
    assert "标题 [bold]" in out
    assert "[red]数控[/red] :smile:" in out
    assert out.count("x") == 200, "folded and not cut"
    assert max(map(len, out.splitlines())) <= 140
    assert "\x1b" not in out, "no colours in a pipe"


def test_numbers_stand_at_the_right(capsys):
    console.table(Grid("", ("n", "数"), (("a", "1"), ("b", "1000")), frozenset({1})))
    rows = [line for line in capsys.readouterr().out.splitlines() if line.strip().startswith(("a ", "b "))]
    assert rows[0].rstrip().endswith("1")
    assert rows[0].rindex("1") == rows[1].rindex("0")


def test_an_empty_table_has_its_headings(capsys):
    console.table(Grid("", ("名称", "数"), ()))
    assert "名称" in capsys.readouterr().out


def on_a_terminal(code, columns):
    """What a program shows on a real pseudo-terminal of a width."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": str(columns), "TERM": "xterm"}
    done = subprocess.Popen([sys.executable, "-c", code], stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    assert done.wait(timeout=30) == 0, shown.decode()
    return shown.decode()


@pytest.mark.parametrize("columns", [60, 100])
def test_a_table_is_as_wide_as_the_terminal(columns):
    code = (
        "from zhiji_kg.cli.console import *; from zhiji_kg.findings import Grid\n"
        "table(Grid('', ('名称', '说明'), (('数控' * 40, '车工' * 40),)))"
    )
    from rich.cells import cell_len
    from rich.text import Text

    lines = [Text.from_ansi(line).plain for line in on_a_terminal(code, columns).splitlines()]
    assert max(map(cell_len, lines)) == columns, "Chinese counts double"


def test_a_step_on_a_terminal():
    shown = on_a_terminal("from zhiji_kg.cli.console import *; step('read', 'zh')", 80)
    assert shown.strip() == "· 读取来源"


CUTS = [([], []), (["a"], ["a"]), (["a", "b"], ["a", "b"]), (["a", "b", "c"], ["a", "b", "…"])]


@pytest.mark.parametrize(("words", "shown"), CUTS)
def test_a_long_list_is_cut(words, shown):
    assert cut(words, 2) == shown
