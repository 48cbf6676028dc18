"""The web server on its socket: what a hostile or broken client sends, and how the service starts and stops."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from conftest import environment, free_port
from test_server_protocol import QUERY, ask

from zhiji_kg.errors import CannotRunError
from zhiji_kg.server import create_app, serving
from zhiji_kg.server.headers import POLICY
from zhiji_kg.server.serving import listen
from zhiji_kg.workers.limits import Limits
from zhiji_kg.workers.pool import Pool

GET = b"GET " + QUERY.encode() + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
BODY = b"ASK {}"


def chunked(*chunks):
    return b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(b"%x\r\n%b\r\n" % (len(c), c) for c in (*chunks, b""))


def sent(site, raw):
    """The status and all that comes back on a connection over which these bytes were sent."""
    place = urlsplit(site)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        for piece in [raw] if isinstance(raw, bytes) else raw:
            connection.sendall(piece)
        back = b""
        while part := connection.recv(65536):
            back += part
    return int(back.split(b" ", 2)[1]), back


WHOLE = {
    "a chunked body": POST + chunked(BODY[:2], BODY[2:]),
    "a chunked body in one piece": POST + chunked(BODY),
    "a body of a stated length": POST + b"Content-Length: 6\r\n\r\n" + BODY,
    "no header but what is needed": GET + b"\r\n",
    "empty lines before": b"\r\n\r\n" + GET + b"\r\n",
    "the address in full": GET.replace(b"GET /", b"GET http://localhost/") + b"\r\n",
    "HTTP/1.0": GET.replace(b"1.1", b"1.0") + b"\r\n",
    "a header twice": GET + b"Accept: text/csv\r\nAccept: */*\r\n\r\n",
}
BROKEN = {
    "a chunk of no length": (POST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
    "a chunk of negative length": (POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", 400),
    "a chunk longer than it says": (POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n", 400),
    "another transfer coding": (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
    "two lengths": (POST + b"Content-Length: 6\r\nContent-Length: 9\r\n\r\n" + BODY, 400),
    "a length that is no number": (POST + b"Content-Length: six\r\n\r\n", 400),
    "a negative length": (POST + b"Content-Length: -6\r\n\r\n", 400),
    "a header without a colon": (GET + b"nonsense\r\n\r\n", 400),
    "a header with a line break": (GET + b"X: a\rb\r\n\r\n", 400),
    "no request at all": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
    "raw letters in the address": ("GET /search?q=课程 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), 400),
    "headers without end": (GET + b"X: " + b"x" * 100_000, 431),
    "many headers": (GET + b"".join(b"X-%d: x\r\n" % n for n in range(9000)), 431),
    "a very long address": (GET.replace(b"ASK", b"ASK" + b"%20" * 40_000) + b"\r\n", 414),
}


@pytest.mark.parametrize("raw", WHOLE.values(), ids=WHOLE)
def test_every_way_to_send_it(example_site, raw):
    status, back = sent(example_site, raw)
    assert status == 200
    assert b"true" in back


@pytest.mark.parametrize(("raw", "status"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read(example_site, raw, status):
    got, back = sent(example_site, raw)
    head, _, body = back.partition(b"\r\n\r\n")
    assert got == status, back
    assert POLICY.encode() in head
    assert b"Server:" not in head
    zh, en = body.decode().splitlines()
    assert "请" in zh
    assert ";" in en
    assert "waitress" not in body.decode()
    assert ask(example_site, "GET", QUERY)[0].status == 200


def test_who_sends_too_long_an_address_is_told_to_post(example_site):
    _, back = sent(example_site, BROKEN["a very long address"][0])
    assert back.count(b"POST") == 2
    assert back.count(b"64 KB") == 2


# A body over the limit


@pytest.mark.parametrize("megabytes", [1, 2, 9])
def test_a_large_body_is_refused_and_the_client_reads_why(example_site, megabytes):
    body = b"ASK {} #" + b"x" * (megabytes * 1024 * 1024)
    answer, told = ask(example_site, "POST", "/sparql", {"Content-Type": "application/sparql-query"}, body)
    assert answer.status == 413
    assert len([line for line in told.decode().splitlines() if "1000 KB" in line and "query_kb" in line]) == 2
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_a_body_just_under_the_limit_is_taken(example_site):
    body = b"ASK {} #" + b"x" * (1000 * 1024 - 8)
    sparql = {"Content-Type": "application/sparql-query"}
    assert ask(example_site, "POST", "/sparql", sparql, body)[0].status == 200
    assert ask(example_site, "POST", "/sparql", sparql, body + b"x")[0].status == 413


def test_who_asks_before_sending_is_told_before_sending(example_site):
    large = POST + b"Content-Length: 5000000\r\nExpect: 100-continue\r\n\r\n"
    status, back = sent(example_site, large)
    assert status == 413
    assert b"100 Continue" not in back
    place = urlsplit(example_site)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall(POST + b"Content-Length: 6\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(BODY)
        assert b"200 OK" in connection.recv(65536)


def test_a_stated_length_beyond_all_bounds_is_not_waited_for(example_site):
    place = urlsplit(example_site)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall(POST + b"Content-Length: 99999999999999\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")
        with pytest.raises(OSError, match=r"reset|[Bb]roken pipe|forcibly|aborted"):
            send_on(connection)


def send_on(connection):
    for _ in range(2000):
        connection.sendall(b"x" * 65536)


def test_chunks_over_the_limit(example_site):
    status, back = sent(example_site, POST + chunked(*[b"#" + b"x" * 65535] * 40))
    assert status == 413
    assert b"query_kb" in back


# Clients that break off, dawdle or come in crowds


def test_clients_that_break_off_harm_nobody(example_site):
    place = urlsplit(example_site)
    for raw in (b"", b"GET", GET, POST + b"Content-Length: 600\r\n\r\nASK", GET + b"\r\n", POST + chunked(BODY)[:-9]):
        for _ in range(10):
            connection = socket.create_connection((place.hostname, place.port), timeout=30)
            connection.sendall(raw)
            connection.close()
    assert ask(example_site, "GET", QUERY)[0].status == 200


def test_dawdling_clients_keep_nobody_waiting(example_site):
    place = urlsplit(example_site)
    dawdling = [socket.create_connection((place.hostname, place.port), timeout=30) for _ in range(120)]
    for connection in dawdling:
        connection.sendall(GET[:20])
    try:
        assert ask(example_site, "GET", QUERY)[0].status == 200
    finally:
        for connection in dawdling:
            connection.close()


def test_a_crowd(example_site):
    """200 connections at once: all are answered."""
    place = urlsplit(example_site)
    connections = [socket.create_connection((place.hostname, place.port), timeout=60) for _ in range(200)]
    for number, connection in enumerate(connections):
        target = QUERY.replace("%7B%7D", f"%7B%7D%23{number % 20}")
        connection.sendall(GET.replace(QUERY.encode(), target.encode()) + b"\r\n")
    with ThreadPoolExecutor(20) as readers:
        answers = list(readers.map(lambda one: one.recv(65536), connections))
    for connection in connections:
        connection.close()
    assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 200 OK"}


# Start and stop


@pytest.fixture
def workers(two_plans_kg):
    with Pool(two_plans_kg, Limits(workers=2)) as pool:
        yield pool


def test_a_port_that_is_taken(workers):
    web = create_app(workers)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotRunError, match=f"127.0.0.1:{port}"):
            listen(web, "127.0.0.1", port, workers.limits)


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "::zz"])
def test_an_address_that_is_not_ours(workers, host):
    with pytest.raises(CannotRunError) as refused:
        listen(create_app(workers), host, 0, workers.limits)
    assert refused.value.problems[0].code == "bad-address"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_where_it_listens(workers, host):
    server = listen(create_app(workers), host, free_port() if host == "localhost" else 0, workers.limits)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        assert server.url.startswith("http://")
        assert ask(server.url, "GET", QUERY)[0].status == 200
        assert sent(server.url, b"nonsense\r\n\r\n")[0] == 400
    finally:
        server.close()


SERVE = """
import sys
from pathlib import Path
from zhiji_kg.server import create_app, serving
from zhiji_kg.server.serving import serve_until_stopped
from zhiji_kg.workers.limits import Limits
from zhiji_kg.workers.pool import Pool

if __name__ == "__main__":
    with Pool(Path(sys.argv[1]), Limits(workers=2)) as pool:
        app = create_app(pool)
        serve_until_stopped(app, "127.0.0.1", 0, pool.limits, lambda url: print(url, flush=True))
    print("ended", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_in_order(tmp_path, two_plans_kg, number):
    script = tmp_path / "serve.py"
    script.write_text(SERVE, encoding="utf-8")
    command = [sys.executable, script, two_plans_kg]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as running:
        site = running.stdout.readline().strip()
        assert ask(site, "GET", QUERY)[0].status == 200
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(running.pid)], capture_output=True, text=True)
        os.kill(running.pid, getattr(signal, number))
        assert running.stdout.read().strip() == "ended"
        assert running.wait(timeout=20) == 0
    for pid in map(int, children.stdout.split()):
        assert is_gone(pid)


def is_gone(pid):
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


# Clients that take threads or connections from others


QUICK = b"GET " + QUERY.encode() + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
LARGE = "/sparql?format=csv&query=" + "SELECT%20*%20%7B%3Fa%20%3Fp%20%3Fb%20.%20%3Fc%20%3Fq%20%3Fd%7D%20LIMIT%20100000"


@pytest.fixture(scope="module")
def narrow(example_kg, serve_site):
    """Four threads, so that a few clients that hold one each would be noticed."""
    return serve_site(example_kg, threads=4, quick_seconds=30.0)  # nothing here counts as slow


def many(site, number):
    place = urlsplit(site)
    for _ in range(number):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        connection.connect((place.hostname, place.port))
        yield connection


def test_who_reads_nothing_holds_no_thread(narrow):
    assert sent(narrow, f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())[0] == 200
    silent = list(many(narrow, 12))
    for connection in silent:
        connection.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 6)
    assert sent(narrow, QUICK)[0] == 200
    for connection in silent:
        connection.close()


def test_who_stands_still_is_cut_off(narrow, monkeypatch):
    monkeypatch.setattr(serving, "_REQUEST_SECONDS", 0.5)
    monkeypatch.setattr(serving, "_STALLED_SECONDS", 0.5)
    half, unread = many(narrow, 2)
    half.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
    unread.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert half.recv(10) == b""
    received = len(unread.recv(12))  # the answer has begun
    time.sleep(2.5)  # longer than it may stand still, and the server looks about once a second
    with contextlib.suppress(ConnectionResetError):
        while part := unread.recv(65536):
            received += len(part)
    assert received < 9_000_000
    assert sent(narrow, QUICK)[0] == 200


def test_one_address_has_no_more_than_its_share(narrow, monkeypatch):
    monkeypatch.setattr(serving, "_OF_ONE_ADDRESS", 3)
    held = list(many(narrow, 6))
    for connection in held:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(b"GET /static/site/icon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answered = []
    for connection in held:
        with contextlib.suppress(ConnectionResetError):
            answered.append(connection.recv(12))
        connection.close()
    assert 1 <= answered.count(b"HTTP/1.1 200") <= 3  # others of this address may not be closed yet
