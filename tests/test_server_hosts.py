"""Under which names the service may be asked, and that no page of a stranger reads it through another."""

import http.client
from urllib.parse import urlsplit

import pytest
from test_server_headers import GUARDS
from test_server_protocol import QUERY, assert_readable

from zhiji_kg.server.hosts import LOOPBACK, name_in, names_of

OURS = ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:1", "localhost.", "[::1]", "[::1]:8000", "::1", ""]
STRANGE = [
    "example.org",
    "example.org:8000",
    "localhost.example.org",
    "localhost:1,x",
    "127.0.0.1.example.org",
    "xlocalhost",
    "a b",
    "课程",
    "[",
    ":1",
    ".",
]
ROOMS = ["/", QUERY, "/sparql", "/id/programme/460103", "/api/search?q=a", "/static/report.css", "/healthz", "/nowhere"]


def asked_as(site, host, target=QUERY, accept="*/*"):
    """A request that calls the service by a name; the answer and its body."""
    place = urlsplit(site)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    try:
        connection.putrequest("GET", target, skip_host=True)
        connection.putheader("Host", host.encode())
        connection.putheader("Accept", accept)
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("host", OURS)
def test_its_own_names(example_site, host):
    assert asked_as(example_site, host)[0].status == 200


@pytest.mark.parametrize("host", STRANGE)
def test_a_strange_name(example_site, host):
    answer, body = asked_as(example_site, host, accept="text/html")
    assert answer.status == 421
    assert_readable(answer, body, "hosts")
    assert {name: answer.headers[name] for name in GUARDS} == GUARDS


@pytest.mark.parametrize("target", ROOMS)
def test_nothing_is_told_under_a_strange_name(example_site, target):
    answer, body = asked_as(example_site, "rebound.example.org", target)
    assert answer.status == 421
    assert b"rebound.example.org" in body
    assert len(body) < 600


def test_names_that_are_set(example_kg, serve_site):
    site = serve_site(example_kg, hosts=names_of("192.0.2.7", ["KG.Example.org"]))
    for host in ("kg.example.org", "KG.example.ORG:8000", "192.0.2.7:1", *LOOPBACK):
        assert asked_as(site, host)[0].status == 200
    assert asked_as(site, "example.org")[0].status == 421


def test_a_long_name_is_cut_short(example_site):
    assert len(asked_as(example_site, "x" * 5000)[1]) < 800


def test_any_name_where_that_is_wanted(example_kg, serve_site):
    site = serve_site(example_kg, hosts=None)
    assert all(asked_as(site, host)[0].status in (200, 400) for host in (*OURS, *STRANGE))


@pytest.mark.parametrize(
    ("address", "named", "names"),
    [
        ("127.0.0.1", (), {"127.0.0.1"}),
        ("localhost", (), {"localhost"}),
        ("192.0.2.7", (), {"192.0.2.7"}),
        ("127.0.0.1", ("KG.example.org",), {"127.0.0.1", "kg.example.org"}),
        ("0.0.0.0", (), None),
        ("::", (), None),
        ("", (), None),
        ("0.0.0.0", ("kg.example.org",), {"0.0.0.0", "kg.example.org"}),
        ("::1", ("*",), None),
    ],
)
def test_the_names_of_an_address(address, named, names):
    assert names_of(address, named) == names


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("A:80", "a"),
        ("a.:80", "a"),
        ("[::1]:80", "::1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        (" a ", "a"),
        (":", ""),
        ("a:80,b", "a:80,b"),
    ],
)
def test_the_name_in_a_header(written, name):
    assert name_in(written) == name
