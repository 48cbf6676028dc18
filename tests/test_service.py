"""The service as its users meet it: abuse over HTTP, and the question of somebody else right after it."""

import json
import re
import socket
import threading
import urllib.error
import urllib.request
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from abusive import cases, text_of

SIMPLE = b"SELECT (COUNT(*) AS ?n) { ?s a ?class }"
STATUS = {
    "query-too-deep": 400,
    "query-too-branched": 400,
    "query-too-chained": 400,
    "bad-query": 400,
    "query-asks-elsewhere": 403,
    "query-not-read-only": 403,
    "query-cut": 504,
    "out-of-memory": 507,
    "answer-too-large": 507,
    "": 200,
}
ABUSE = [pytest.param(case, id=case["name"]) for case in cases("queries")["case"]]


@pytest.fixture(scope="module")
def site(example_kg, serve_site):
    """The example with limits that are met soon."""
    return serve_site(example_kg, workers=2, query_seconds=1.0, quick_seconds=0.5, memory_mb=1024, answer_mb=2)


@pytest.fixture(scope="module")
def listener():
    """A listener on the loopback: its address, and who came."""
    came = []

    def listen(server):
        while True:
            try:
                came.append(server.accept()[1])
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=listen, args=(server,), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}", came


def post(site, query, **headers):
    """Status, headers and body of a query that is sent as such."""
    given = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json", **headers}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{site}/sparql", query, given), timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@pytest.mark.parametrize("case", ABUSE)
def test_abuse_gets_its_status_and_words_and_others_go_on(site, listener, case):
    place, came = listener
    status, headers, body = post(site, text_of(case["text"], place).encode())
    assert status in {STATUS[code] for code in case["codes"]}
    if status != 200:
        zh, en = body.decode().splitlines()
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert re.search("[一-鿿]", zh)
        assert not re.search("[一-鿿]", en)
        assert "Traceback" not in en
    status, _, body = post(site, SIMPLE)
    assert status == 200
    assert int(json.loads(body)["results"]["bindings"][0]["n"]["value"]) > 1000
    assert not came


LIMITS = {"query-too-deep": "nesting", "query-too-branched": "branches", "query-too-chained": "operators",
          "query-cut": "query_seconds", "answer-too-large": "answer_mb", "out-of-memory": "memory_mb"}  # fmt: skip


@pytest.mark.parametrize("case", [case for case in ABUSE if set(case.values[0]["codes"]) <= set(LIMITS)])
def test_the_words_name_the_limit(site, case):
    _, _, body = post(site, text_of(case["text"]).encode())
    for line in body.decode().splitlines():
        assert any(LIMITS[code] in line for code in case["codes"]), line


def test_two_megabytes_are_refused_and_the_client_reads_why(site):
    status, _, body = post(site, b"#" + b"x" * 2_000_000)
    assert status == 413
    assert b"query_kb" in body
    assert post(site, SIMPLE)[0] == 200


def test_who_is_turned_away_is_told_when_to_come_again(example_kg, serve_site):
    """More endless questions at once than there are workers."""
    site = serve_site(example_kg, workers=2, query_seconds=2.0, quick_seconds=0.2, queue_seconds=0.2)
    endless = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    said = []
    askers = [threading.Thread(target=lambda: said.append(post(site, endless))) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert {status for status, _, _ in said} == {503, 504}
    assert all(int(headers["Retry-After"]) >= 1 for status, headers, _ in said if status == 503)
    assert post(site, SIMPLE)[0] == 200


def test_a_connection_stays_open_for_the_next_question(site):
    parts = urlsplit(site)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
    for query, wanted in ((SIMPLE, 200), (b"nonsense", 400), (SIMPLE, 200)):
        connection.request("POST", "/sparql", query, {"Content-Type": "application/sparql-query"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == wanted
    connection.close()
