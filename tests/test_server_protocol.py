"""The SPARQL 1.1 Protocol over a real socket: each case of ``protocol/cases.toml`` is one request."""

import http.client
import json
import tomllib
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from zhiji_kg.server import endpoint, protocol

CASES = tomllib.loads((Path(__file__).parent / "protocol" / "cases.toml").read_text(encoding="utf-8"))["case"]
QUERY = "/sparql?query=ASK%7B%7D"


def ask(site, method="GET", target="/sparql", headers=None, body=None):
    """One request as it stands, nothing added to it and nothing followed; the answer and its body."""
    place = urlsplit(site)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    try:
        connection.putrequest(method, quote(target, safe="/?&=%+.~-_!$'()*,;:@"), skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def body_of(case):
    if "body" not in case:
        return b"" if case.get("method") == "POST" else None
    written = case["body"].replace("{query}", quote(case.get("query", ""), safe=""))
    if "repeat" in case:
        written = written * case["repeat"] + case["after"] * case["repeat"]
    return written.encode(case.get("encoding", "utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_protocol(example_site, case):
    target = case.get("target", "/sparql").replace("{query}", quote(case.get("query", ""), safe=""))
    answer, body = ask(example_site, case.get("method", "GET"), target, case.get("headers"), body_of(case))
    assert answer.status == case["status"], body.decode()
    assert int(answer.headers["Content-Length"]) == len(body)
    if "type" in case:
        assert answer.headers.get_content_type() == case["type"]
    if "allow" in case:
        assert answer.headers["Allow"] == case["allow"]
    if "boolean" in case:
        assert json.loads(body)["boolean"] is case["boolean"]
    if "rows" in case:
        assert len(json.loads(body)["results"]["bindings"]) == case["rows"]
    if case["status"] >= 400:
        assert_readable(answer, body, case.get("says", ""))


def assert_readable(answer, body, word):
    """Two lines of text, zh and en, and the word in both."""
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    zh, en = body.decode().splitlines()
    assert any("一" <= letter <= "鿿" for letter in zh)
    assert word in zh
    assert word in en


@pytest.mark.parametrize("target", [QUERY, "/sparql", "/id/programme/460103", "/", "/static/report.css"])
def test_head_is_get_without_the_body(example_site, target):
    got, body = ask(example_site, "GET", target)
    head, nothing = ask(example_site, "HEAD", target)
    assert nothing == b""
    assert head.status == got.status
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control", "Link"):
        assert head.headers[name] == got.headers[name], name
    assert int(head.headers["Content-Length"]) == len(body)


def test_options_tells_the_methods(example_site):
    answer, body = ask(example_site, "OPTIONS", "/sparql")
    assert (answer.status, body) == (200, b"")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_browser_gets_the_page_for_people(example_site):
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    for target, place in (("/sparql", "/query"), (QUERY, "/query?query=ASK%7B%7D")):
        answer, _ = ask(example_site, "GET", target, browser)
        assert (answer.status, answer.headers["Location"]) == (303, place)
        assert answer.headers["Vary"] == "Accept"
    answer, _ = ask(example_site, "GET", QUERY + "&format=json", browser)
    assert answer.headers.get_content_type() == "application/sparql-results+json"
    answer, _ = ask(example_site, "GET", place, browser)
    assert answer.headers.get_content_type() == "text/html"


def test_several_requests_over_one_connection(example_site):
    place = urlsplit(example_site)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    for target, status in ((QUERY, 200), ("/sparql?query=x", 400), ("/nowhere", 404), (QUERY, 200)):
        connection.request("GET", target)
        answer = connection.getresponse()
        assert answer.status == status
        answer.read()
    connection.close()


def test_what_a_request_asks_is_a_value():
    asked = protocol.Asked("ASK {}", ("http://example.org/a",))
    assert asked == protocol.Asked("ASK {}", ("http://example.org/a",), (), "")
    assert endpoint.endpoint.name == "endpoint"
