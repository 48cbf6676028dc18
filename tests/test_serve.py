"""``zhiji serve``: a real process, its address, its settings, new versions while it runs, and its end."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from conftest import GOLDEN, environment, run_zhiji

from zhiji_kg.cli.serve import Place, place_of
from zhiji_kg.errors import UnreadableError

WORKBOOK = GOLDEN / "two-plans" / "workbook"
PLACE = re.compile(r"http://127\.0\.0\.1:\d+/")
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?o a <https://w3id.org/zhiji/ontology/CourseOffering> }"


@contextmanager
def serving(*arguments, cwd=None, **more):
    """The command as a user starts it; gives the process, what it said first, and its URL."""
    command = [sys.executable, "-m", "zhiji_kg", *map(str, arguments)]
    given = environment(PYTHONUNBUFFERED="1", **more)
    server = subprocess.Popen(command, cwd=cwd, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        said = next((line for line in server.stdout if PLACE.search(line)), "")
        assert said, server.stderr.read()
        yield server, said, PLACE.search(said)[0]
    finally:
        server.kill()
        server.wait(timeout=20)
        server.stdout.close()
        server.stderr.close()


def fetch(url, accept="application/sparql-results+json"):
    request = urllib.request.Request(url, headers={"Accept": accept, "Accept-Language": "en"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def ask(url, query):
    status, body = fetch(f"{url}sparql?query={urllib.request.quote(query)}")
    assert status == 200, body
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A project with one published version, built once: every test gets a copy of it."""
    folder = tmp_path_factory.mktemp("built") / "我的 专业"
    folder.mkdir()
    shutil.copytree(WORKBOOK, folder / "簿")
    (folder / "zhiji.toml").write_text('sources = ["簿"]\n[serve]\nport = 0\nworkers = 2\n', encoding="utf-8")
    done = run_zhiji("build", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def project(built, tmp_path):
    """A folder with a Chinese name and a space: one published version and its settings."""
    return shutil.copytree(built, tmp_path / built.name, symlinks=True)


def test_it_says_where_it_is_and_ends_when_told(project):
    with serving("serve", cwd=project) as (server, said, url):
        assert f"{url}sparql" in said
        assert "Graph v1" in said
        assert "2 processes" in said
        assert fetch(url, "text/html")[0] == 200
        workers = children(server.pid)
        assert sys.platform != "linux" or len(workers) == 2
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
        assert server.stderr.read() == ""
        assert not [pid for pid in workers if is_alive(pid)]


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_when_busy_and_says_so(project, sent):
    """Whoever waits is told that it is stopping, and nothing is left on stderr."""
    with serving("serve", cwd=project, ZHIJI_QUERY_SECONDS="60") as (server, _, url):
        said = []
        target = f"{url}sparql?query={urllib.request.quote(ENDLESS)}"
        askers = [threading.Thread(target=lambda: said.append(fetch(target))) for _ in range(4)]
        for asker in askers:
            asker.start()
        time.sleep(1)  # until they are asked, two of them by a worker
        server.send_signal(sent)
        assert server.wait(timeout=20) == 0
        for asker in askers:
            asker.join()
        assert server.stderr.read() == ""
        assert {status for status, _ in said} == {503}


def test_ctrl_c_ends_it_without_a_traceback(project):
    with serving("serve", cwd=project) as (server, _, _):
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) in (0, 130)
        assert "Traceback" not in server.stderr.read()


def test_a_new_version_is_taken_up_without_a_restart(project):
    with serving("serve", cwd=project) as (_, _, url):
        before = ask(url, COUNT)
        courses = project / "簿" / "课程.csv"
        lines = courses.read_text(encoding="utf-8").splitlines()
        courses.write_text("\n".join([*lines, lines[-1].replace(lines[-1].split(",")[1], "NEW1", 1)]) + "\n", "utf-8")
        done = run_zhiji("build", cwd=project)
        assert done.returncode == 0, done.stderr
        assert ask(url, COUNT) == before + 1
        assert run_zhiji("rollback", "v1", cwd=project).returncode == 0
        assert ask(url, COUNT) == before


def test_the_environment_goes_before_the_settings(project):
    with serving("serve", cwd=project, ZHIJI_QUERY_KB="1") as (_, _, url):
        long = "SELECT * WHERE { ?s ?p ?o } LIMIT 1 #" + "x" * 2000
        request = urllib.request.Request(f"{url}sparql", long.encode(), {"Content-Type": "application/sparql-query"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=30)
        assert caught.value.code == 413
        said = caught.value.read().decode()
        assert "query_kb" in said
        assert re.search("[一-鿿]", said)
        caught.value.close()


def test_the_demo_serves_when_asked_to(tmp_path):
    with serving("demo", "--out", tmp_path / "d", "--serve", "--port", "0") as (_, _, url):
        status, page = fetch(url, "text/html")
        assert status == 200
        assert "460103" in page
        assert fetch(f"{url}gaps/460103", "text/html")[0] == 200


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal is wanted")
def test_the_demo_serves_who_sits_before_a_terminal(tmp_path):
    import pty

    master, slave = pty.openpty()
    command = [sys.executable, "-m", "zhiji_kg", "demo", "--out", str(tmp_path / "d"), "--port", "0"]
    server = subprocess.Popen(command, env=environment(), stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    try:
        said = b""
        while not PLACE.search(said.decode("utf-8", "replace")):
            said += os.read(master, 65536)
        url = PLACE.search(said.decode("utf-8", "replace"))[0]
        assert fetch(url, "text/html")[0] == 200
    finally:
        server.terminate()
        server.wait(timeout=20)
        os.close(master)


def test_nothing_published_is_said_in_one_line(tmp_path):
    done = run_zhiji("serve", "--kg", tmp_path / "kg", "--port", "0")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "zhiji build" in done.stderr


def test_a_port_that_is_taken_is_said_in_one_line(project):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_zhiji("serve", "--port", port, cwd=project)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert str(port) in done.stderr
    assert "--port" in done.stderr


WRONG = [
    ("[serve]\nport = '8000'", "port"),
    ("[serve]\nport = true", "port"),
    ("[serve]\nhost = 1", "host"),
    ("[serve]\nhosts = 'kg.example.org'", "hosts"),
    ("[serve]\nhosts = [1]", "hosts"),
    ("[serve]\nworkers = 0", "workers"),
    ("[serve]\nworkers = 'many'", "workers"),
    ("[serve]\nmemory_mb = 100", "memory_mb"),
    ("[serve]\nspeed = 9", "speed"),
    ("serve = 8000", "serve"),
]


@pytest.mark.parametrize(("text", "named"), WRONG)
def test_a_wrong_setting_is_named_in_one_line(project, text, named):
    (project / "zhiji.toml").write_text(text, encoding="utf-8")
    done = run_zhiji("serve", cwd=project)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert named in done.stderr


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_no_such_port(project, port):
    done = run_zhiji("serve", "--port", port, cwd=project)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


ADDRESSES = [
    ({}, None, None, Place(), {}),
    ({"host": "0.0.0.0", "port": 80, "cors": "*", "workers": 4}, None, None, Place("0.0.0.0", 80, "*"), {"workers": 4}),
    ({"hosts": ["kg.example.org"]}, None, None, Place(hosts=("kg.example.org",)), {}),
    ({"host": "::1", "port": 80}, "127.0.0.2", 0, Place("127.0.0.2", 0), {}),
]


@pytest.mark.parametrize(("table", "host", "port", "place", "rest"), ADDRESSES)
def test_the_address(table, host, port, place, rest):
    assert place_of(table, host, port) == (place, rest)


def test_an_address_of_the_wrong_kind():
    with pytest.raises(UnreadableError, match="cors"):
        place_of({"cors": ["*"]}, None, None)


def children(pid):
    """The worker processes of a server, by pid."""
    if sys.platform != "linux":
        return []
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            found += [int(stat.parent.name)] if parent == pid else []
    return found


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
