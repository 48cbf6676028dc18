"""How the service says that something is wrong: statuses, the three forms, two languages, and never a traceback."""

import json
import tomllib

import pytest
from flask import Flask
from test_server_negotiation import FIREFOX
from test_server_protocol import QUERY, ask, assert_readable

from zhiji_kg.errors import ZhijiError, cannot_run, unreadable
from zhiji_kg.resources import LAYOUTS
from zhiji_kg.server import app, current, problems
from zhiji_kg.workers.limits import Limits
from zhiji_kg.workers.pool import Pool

PLAN = {
    400: "missing-query several-queries not-utf8 bad-query query-too-long query-too-deep query-too-branched "
    "query-too-chained bad-parameter not-an-iri missing-parameter unknown-parameter several-of-code "
    "bad-request no-such-format",
    403: "query-not-read-only query-asks-elsewhere",
    404: "unknown-page no-such-entity unknown-code unknown-question unknown-number",
    405: "method-not-allowed",
    406: "not-acceptable cannot-be-said",
    413: "request-too-large",
    421: "wrong-host",
    414: "address-too-long",
    415: "wrong-media-type",
    500: "worker-lost our-fault",
    503: "all-busy too-many-slow no-version damaged-version stopping",
    504: "query-cut",
    507: "out-of-memory answer-too-large",
}


def test_statuses():
    assert {code: status for status, codes in PLAN.items() for code in codes.split()} == problems.STATUS
    words = tomllib.loads((LAYOUTS / "problems.toml").read_text(encoding="utf-8"))
    assert problems.STATUS.keys() <= words.keys()


def test_a_problem_of_no_known_status():
    assert problems.status_of(unreadable("empty-file")) == 400
    assert problems.status_of(cannot_run("no-java")) == 500
    assert problems.status_of(ZhijiError()) == 500


def test_a_browser_gets_a_page(example_site):
    for target, status in (("/nowhere", 404), ("/id/x", 404), (QUERY + "&update=x", 403)):
        answer, _ = ask(example_site, "GET", target, {"Accept": FIREFOX})
        assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
        assert "ETag" not in answer.headers
    assert "没有页面" in ask(example_site, "GET", "/nowhere", {"Accept": FIREFOX})[1].decode()
    english = ask(example_site, "GET", "/nowhere", {"Accept": FIREFOX, "Accept-Language": "en"})[1].decode()
    assert "there is no page" in english


def test_what_a_client_writes_is_escaped(example_site):
    for target in ("/%3Cscript%3Ealert(1)%3C/script%3E", "/id/%3Cscript%3E", "/ask/%3Cscript%3E"):
        answer, body = ask(example_site, "GET", target, {"Accept": FIREFOX})
        assert answer.status == 404
        assert b"<script>" not in body
        assert b"&lt;script&gt;" in body


@pytest.mark.parametrize(
    "accept", ["application/problem+json, */*;q=0.1", "application/json", "application/json, text/html;q=0.1"]
)
@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_a_program_gets_json(example_site, accept, spoken):
    answer, body = ask(example_site, "GET", "/sparql?query=x", {"Accept": accept, "Accept-Language": spoken})
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    told = json.loads(body)
    assert {"type", "title", "status", "detail", "code", "zh", "en"} == told.keys()
    assert (told["status"], told["code"]) == (400, "bad-query")
    assert told["detail"] == told[spoken][0]
    assert told["zh"] != told["en"]


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "text/plain, text/csv", "application/sparql-results+json", "image/*, */*;q=0.1", "text/turtle"],
)
def test_everybody_else_gets_two_lines(example_site, accept):
    answer, body = ask(example_site, "GET", "/sparql?query=x", {"Accept": accept})
    assert answer.status == 400
    assert_readable(answer, body, "")


def test_limits_are_named(example_kg, serve_site):
    """Each limit that can be met over HTTP, in zh and en, by the name that it has in the settings."""
    site = serve_site(
        example_kg, query_kb=20, nesting=20, branches=5, query_seconds=0.5, quick_seconds=0.3, answer_mb=1
    )
    all_pairs = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    cases = {
        "query_kb": (413, "ASK {} #" + "x" * 21000),
        "nesting": (400, "ASK " + "{" * 30 + "}" * 30),
        "branches": (400, "ASK {" + " OPTIONAL { ?s ?p ?o }" * 9 + "}"),
        "query_seconds": (504, all_pairs + "} ORDER BY ?a ?e ?i"),
        "answer_mb": (507, "SELECT * { ?a ?b ?c . ?d a ?f } LIMIT 30000"),
    }
    for limit, (status, query) in cases.items():
        sent = {"Content-Type": "application/sparql-query"}
        answer, body = ask(site, "POST", "/sparql", sent, query.encode())
        assert answer.status == status, (limit, body.decode())
        assert_readable(answer, body, limit)
        assert ask(site, "GET", QUERY)[0].status == 200


@pytest.fixture(scope="module")
def workers(example_kg):
    with Pool(example_kg, Limits(workers=2, query_kb=1)) as pool:
        yield pool


def slip():
    raise AssertionError("a mistake of ours")


def test_a_mistake_of_ours_shows_no_traceback(workers, caplog):
    web = app.application(workers, "")
    web.add_url_rule("/slip", view_func=slip)
    with caplog.at_level("ERROR", logger="zhiji_kg.server"):
        answer = web.test_client().get("/slip")
    assert answer.status_code == 500
    assert "mistake of ours" not in answer.text
    assert len(answer.text.splitlines()) == 2
    assert "AssertionError: a mistake of ours" in caplog.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_that_cannot_be_drawn_becomes_two_lines(workers, caplog):
    web = app.application(workers, "")
    web.context_processor(slip)
    with caplog.at_level("ERROR", logger="zhiji_kg.server"):
        answers = [web.test_client().get(target, headers={"Accept": "text/html"}) for target in ("/", "/nowhere")]
    assert [answer.status_code for answer in answers] == [500, 404]
    for answer in answers:
        assert answer.mimetype == "text/plain"
        assert "mistake of ours" not in answer.text


def test_a_body_over_the_limit_without_the_web_server(workers):
    web = app.application(workers, "")
    answer = web.test_client().post("/sparql", data=b"x" * 2000, content_type="application/sparql-query")
    assert answer.status_code == 413
    assert_readable(answer, answer.data, "1 KB")


def test_no_folder_of_the_machine_is_told(tmp_path):
    with Flask("x").test_request_context("/"):
        answer = problems.problem(unreadable("no-version", str(tmp_path), directory=tmp_path))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert tmp_path.name in answer.get_data(as_text=True)
    assert str(tmp_path) not in answer.get_data(as_text=True)


def test_the_service_is_found_from_a_request(workers):
    web = Flask("x")
    current.install(web, current.Service(workers, "*"))
    with web.test_request_context("/"):
        assert current.service().pool is workers
        assert current.service().cors == "*"
        assert current.service().hosts == ()
        asking = current.pool()
        assert current.pool() is asking
        assert (asking.limits, asking.fenced) == (workers.limits, workers.fenced)
        assert asking.version() == workers.version()


def test_why_a_version_is_damaged_is_for_the_log(caplog):
    reason = "IO error: /srv/someone/kg/v1/store: list indices must be integers"
    error = cannot_run("damaged-version", "/srv/someone/kg/v1", version="v1", reason=reason)
    with Flask("x").test_request_context("/", headers={"Accept-Language": "zh"}):
        told = problems.problem(error).get_data(as_text=True) + problems.line_of(error)
        again = problems.stamped(problems.Response("x"), error)
    assert "someone" not in told
    assert "indices" not in told
    assert "v1" in told
    assert (again.status_code, again.headers["Retry-After"]) == (503, "30")
    assert reason in caplog.text
