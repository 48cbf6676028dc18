"""A SPARQL endpoint: a real one, one that is down, and servers that are none."""

import http.server
import socket
import threading

import pytest

from zhiji_kg.errors import CannotRunError, ExitStatus, UnreadableError
from zhiji_kg.knowledge import KnowledgeGraph
from zhiji_kg.rdf import Literal
from zhiji_kg.store.remote import RemoteStore

QUERY = "SELECT ?s ?o WHERE { ?s <http://www.w3.org/2004/02/skos/core#notation> ?o } ORDER BY ?s ?o"


@pytest.fixture(scope="module")
def remote(two_plans_endpoint):
    return RemoteStore(two_plans_endpoint)


def test_the_three_methods_over_http(remote, two_plans):
    here, there = two_plans.select(QUERY, {}), remote.select(QUERY, {})
    assert there == here
    assert len(there.rows) > 20
    bound = {"o": Literal("甲课")}
    label = "{ ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o }"
    assert remote.ask(f"ASK {label}", {"o": Literal("甲课", language="zh")}) is True
    assert remote.ask(f"ASK {label}", bound) is False
    made = f"CONSTRUCT {label} WHERE {label}"
    triples = remote.construct(made, {"o": Literal("甲课", language="zh")})
    assert sorted(map(str, triples)) == sorted(
        map(str, two_plans.construct(made, {"o": Literal("甲课", language="zh")}))
    )
    assert len(triples) >= 1


def test_the_default_graph_comes_over_whole(two_plans, two_plans_endpoint):
    here, there = KnowledgeGraph(two_plans).graph(), KnowledgeGraph.at(two_plans_endpoint).graph()
    assert len(there) == len(here)
    assert set(there) == set(here)


def test_an_endpoint_does_not_tell_version_and_hash(remote, two_plans_endpoint):
    assert (remote.identity.version, remote.identity.sha256, remote.identity.place) == ("", "", two_plans_endpoint)


def test_a_query_that_the_endpoint_cannot_read_is_one_line(remote):
    with pytest.raises(UnreadableError) as caught:
        remote.select("SELECT ?s WHERE {", {})
    (problem,) = caught.value.problems
    assert problem.code == "endpoint-refused"
    assert problem.values["reason"].startswith("400 ")
    assert len(problem.line("en").splitlines()) == 1


NO_URL = ["ftp://example.org/", "example.org/query", "", "http://[bad", "http://", "file:///etc/hosts"]


@pytest.mark.parametrize("url", NO_URL)
def test_an_endpoint_is_a_web_address(url):
    with pytest.raises(UnreadableError) as caught:
        RemoteStore(url)
    assert caught.value.problems[0].code == "bad-parameter"


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "no-such-host.invalid"])
def test_an_endpoint_that_is_down(host):
    with socket.socket() as held:  # bound and not listening: nothing answers there
        held.bind(("127.0.0.1", 0))
        store = RemoteStore(f"http://{host.format(port=held.getsockname()[1])}/query")
        for call in (store.select, store.ask, store.construct):
            with pytest.raises(CannotRunError) as caught:
                call("ASK {}", {})
            assert caught.value.problems[0].code == "endpoint-down"
            assert caught.value.status is ExitStatus.CANNOT_RUN


# Servers that answer, and are no endpoint

ANSWERS = {
    "a web page": (200, "text/html", b"<!doctype html><title>Welcome</title>"),
    "nothing": (200, "application/sparql-results+json", b""),
    "cut short": (200, "application/sparql-results+json", b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s"'),
    "other JSON": (200, "application/json", b'{"fine": true}'),
    "no such page": (404, "text/plain", "没有\n这一页".encode()),
    "an error": (500, "text/html", b"<h1>oops</h1>\n" * 50),
    "not HTTP": (None, "", b"SSH-2.0-OpenSSH_9.2\r\n"),
    "hung up": (None, "", b""),
}
METHODS = {"select": "SELECT ?s WHERE { ?s ?p ?o }", "ask": "ASK { ?s ?p ?o }",
           "construct": "CONSTRUCT WHERE { ?s ?p ?o }"}  # fmt: skip


@pytest.fixture
def server():
    """A real HTTP server that says what it is told to."""
    started = []

    def start(status, kind, content):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                if status is None:
                    self.wfile.write(content)
                    return
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                """Say nothing."""

        started.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=started[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{started[-1].server_port}/"

    yield start
    for one in started:
        one.shutdown()
        one.server_close()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_what_is_no_endpoint_is_said_in_one_line(server, answer, method):
    store = RemoteStore(server(*answer))
    if answer[2] == b"" and method == "construct" and answer[0]:
        assert store.construct(METHODS[method], {}) == [], "no triples at all is an answer"
        return
    with pytest.raises((UnreadableError, CannotRunError)) as caught:
        getattr(store, method)(METHODS[method], {})
    (problem,) = caught.value.problems
    assert problem.code in ("endpoint-refused", "endpoint-down")
    for language in ("zh", "en"):
        assert len(problem.line(language).splitlines()) == 1
