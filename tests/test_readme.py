"""The README's commands and Python, run in order in one folder; ``…`` stands for any lines."""

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.S)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def console_sessions():
    for language, body in BLOCKS:
        if language == "console":
            yield from re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, flags=re.M)


def matches(output, expected):
    pattern = "".join("(?s:.*)" if line == "…" else re.escape(line) + r"\s*\n" for line in expected.splitlines())
    return re.fullmatch(pattern, output)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    sparql = next(body for language, body in BLOCKS if language == "sparql")
    (folder / "top.rq").write_text(sparql, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ran(folder):
    """Every command of the README, run in order: (command, what the README shows, what came out)."""
    done = []
    for command, expected in console_sessions():
        words = shlex.split(command)
        assert words[0] == "zhiji", command
        run = subprocess.run(
            [sys.executable, "-m", "zhiji_kg", *words[1:]],
            cwd=folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert "Traceback" not in run.stderr, run.stderr
        done.append((command, expected, run.stdout))
    return done


def test_there_are_commands_to_run():
    assert len(list(console_sessions())) >= 5


@pytest.mark.parametrize("index", range(len(list(console_sessions()))))
def test_command_gives_what_the_readme_shows(ran, index):
    command, expected, output = ran[index]
    assert matches(output, expected), f"$ {command}\n{output}"


def test_python_gives_what_the_readme_shows(ran, folder, monkeypatch):
    monkeypatch.chdir(folder)
    for language, body in BLOCKS:
        if language == "python":
            test = doctest.DocTestParser().get_doctest(body, {}, "README", "README.md", 0)
            result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test)
            assert result.attempted >= 5
            assert result.failed == 0


def test_the_two_commands_are_the_makefile_s():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in ("demo", "test"):
        assert f"make {verb} " in README
        assert re.search(rf"^{verb}:", makefile, flags=re.M)


def test_the_files_the_readme_names_are_there():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_a_changed_output_would_be_noticed():
    assert matches("a\nb\nc\n", "a\n…\nc\n")
    assert not matches("a\nb\nd\n", "a\n…\nc\n")


def shell_lines(word):
    """The commands for a shell that hold a word."""
    lines = (line for language, body in BLOCKS if language == "sh" for line in body.splitlines())
    return [shlex.split(line, comments=True) for line in lines if word in line]


@pytest.fixture(scope="module")
def served(ran, folder):
    """The service that the README starts; its address."""
    (words,) = (line for line in shell_lines("serve") if line[:2] == ["zhiji", "serve"])
    command = [sys.executable, "-m", "zhiji_kg", *words[1:], "--port", "0"]
    environment = ENVIRONMENT | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        yield re.search(r"http://\S+/", server.stdout.readline())[0]
        server.terminate()


def test_the_pages_of_the_readme_answer(served):
    pages = re.findall(r"^\| `(/[a-z0-9/]*)` ", README, flags=re.M)
    assert len(pages) >= 5
    for path in pages:
        with urllib.request.urlopen(served + path.lstrip("/"), timeout=60) as answer:
            assert answer.status == 200, path


def test_the_endpoint_of_the_readme_answers(served):
    asked = shell_lines("127.0.0.1:8000")
    assert {words[0] for words in asked} == {"curl", "zhiji"}
    for words in asked:
        here = [word.replace("http://127.0.0.1:8000/", served) for word in words]
        if here[0] == "zhiji":
            here[:1] = [sys.executable, "-m", "zhiji_kg"]
        elif shutil.which("curl") is None:
            continue
        done = subprocess.run(here, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8", timeout=60)
        assert done.returncode == 0, done.stderr
        assert "S-3-3-5-1" in done.stdout or re.match(r"n\s+\d+", done.stdout)
