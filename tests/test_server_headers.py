"""What stands above every answer; what is held need not be sent again; who else may read."""

import shutil

import pytest
from conftest import GOLDEN
from test_server_protocol import QUERY, ask

from zhiji_kg.build import build
from zhiji_kg.resources import examples
from zhiji_kg.server.headers import GUARDS, POLICY, etag

EVERYWHERE = [
    ("GET", "/", 200),
    ("GET", "/?lang=en", 200),
    ("GET", "/search?q=数控", 200),
    ("GET", "/gaps/460103", 200),
    ("GET", "/graph", 200),
    ("GET", "/ask", 200),
    ("GET", "/query", 200),
    ("GET", "/healthz", 200),
    ("GET", "/static/report.css", 200),
    ("GET", "/static/nothing.js", 404),
    ("GET", "/sparql", 200),
    ("GET", QUERY, 200),
    ("GET", "/sparql?query=x", 400),
    ("GET", "/sparql?update=x", 403),
    ("PUT", "/sparql", 405),
    ("OPTIONS", "/sparql", 200),
    ("POST", "/sparql", 415),
    ("HEAD", QUERY, 200),
    ("GET", "/id/programme/460103", 200),
    ("GET", "/id/programme/460103?format=html", 200),
    ("GET", "/id/nothing/x", 404),
    ("GET", "/ontology/Course", 200),
    ("GET", "/ask/no-such-question", 404),
    ("GET", "/gaps/no-such-programme", 404),
    ("GET", "/nowhere", 404),
    ("DELETE", "/", 405),
    ("TRACE", "/", 405),
    ("BREW", "/pot", 404),
]


@pytest.mark.parametrize(("method", "target", "status"), EVERYWHERE)
def test_on_every_answer(example_site, method, target, status):
    body = b"" if method == "POST" else None
    answer, _ = ask(example_site, method, target, body=body)
    assert answer.status == status
    assert {name: answer.headers.get_all(name) for name in GUARDS} == {name: [text] for name, text in GUARDS.items()}
    assert "Server" not in answer.headers
    assert "Via" not in answer.headers
    assert answer.headers["Content-Length"]
    assert answer.headers["Cache-Control"] == ("no-store" if status >= 400 else "no-cache")
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_policy_lets_nothing_in_from_outside():
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert {"default-src", "script-src", "style-src", "connect-src", "form-action"} <= {
        name for name, sources in rules.items() if sources.split()[0] == "'self'"
    }
    assert {name for name, sources in rules.items() if sources == "'none'"} == {
        "object-src",
        "base-uri",
        "frame-ancestors",
    }
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


# What the client holds already

HELD = [QUERY, "/sparql", "/id/programme/460103", "/id/programme/460103?format=html", "/ontology/Course", "/"]


@pytest.mark.parametrize("target", HELD)
def test_what_is_held_is_not_sent_again(example_site, target):
    first, _ = ask(example_site, "GET", target)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    for method in ("GET", "HEAD"):
        for held in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            again, body = ask(example_site, method, target, {"If-None-Match": held})
            assert (again.status, body) == (304, b""), held
            for name in ("ETag", "Vary", "Cache-Control"):
                assert again.headers[name] == first.headers[name]
            assert again.headers["Content-Security-Policy"] == POLICY
    other, body = ask(example_site, "GET", target, {"If-None-Match": '"other"'})
    assert other.status == 200
    assert body


@pytest.mark.parametrize(("target", "status"), [("/sparql?query=x", 400), ("/id/no/such", 404), ("/ontology/no", 404)])
def test_what_there_is_not_is_not_held(example_site, target, status):
    assert ask(example_site, "GET", target, {"If-None-Match": "*"})[0].status == status


def test_each_representation_has_its_tag(example_site):
    tags = {
        ask(example_site, "GET", target, {"Accept": accept})[0].headers["ETag"]
        for target in (QUERY, "/sparql?query=ASK%20%7B%7D", QUERY + "&default-graph-uri=http%3A%2F%2Fexample.org%2F")
        for accept in ("application/json", "application/sparql-results+json", "application/sparql-results+xml")
    }
    assert len(tags) == 9
    assert etag("a", "bc") != etag("ab", "c")


@pytest.mark.parametrize("call", ["RAND()", "NOW()", "UUID()", "BNODE()"])
def test_what_chance_and_time_say_bears_no_tag_and_is_said_anew(example_site, call):
    target = f"/sparql?query=SELECT%20({call}%20AS%20%3Fn)%20%7B%7D"
    first, body = ask(example_site, "GET", target)
    assert first.status == 200
    assert "ETag" not in first.headers
    assert first.headers["Cache-Control"] == "no-store"
    assert first.headers["Vary"] == "Accept"
    again, other = ask(example_site, "GET", target, {"If-None-Match": "*"})
    assert again.status == 200
    assert other != body or call in ("NOW()", "BNODE()")


def test_a_post_bears_no_tag(example_site):
    sent = {"Content-Type": "application/sparql-query", "If-None-Match": "*"}
    answer, body = ask(example_site, "POST", "/sparql", sent, b"ASK {}")
    assert answer.status == 200
    assert body
    assert "ETag" not in answer.headers


def test_a_new_version_has_new_tags(tmp_path, serve_site):
    build([GOLDEN / "two-plans" / "workbook"], tmp_path / "kg")
    site = serve_site(tmp_path / "kg")
    count = "/sparql?query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20%3Fp%20%3Fo%7D&format=csv"
    first, few = ask(site, "GET", count)
    assert ask(site, "GET", count, {"If-None-Match": first.headers["ETag"]})[0].status == 304
    build(examples(), tmp_path / "kg")
    second, many = ask(site, "GET", count, {"If-None-Match": first.headers["ETag"]})
    assert second.status == 200
    assert int(many.split()[1]) > int(few.split()[1])
    assert second.headers["ETag"] != first.headers["ETag"]
    assert ask(site, "GET", count, {"If-None-Match": second.headers["ETag"]})[0].status == 304


def test_nothing_published_any_more(tmp_path, serve_site):
    build([GOLDEN / "two-plans" / "workbook"], tmp_path / "kg")
    site = serve_site(tmp_path / "kg")
    shutil.rmtree(tmp_path / "kg")
    for target in (QUERY, "/", "/healthz", "/id/programme/460103", "/sparql", "/query?query=ASK%7B%7D"):
        answer, body = ask(site, "GET", target, {"Accept": "text/plain"} if target == "/" else None)
        assert answer.status == 503, target
        assert int(answer.headers["Retry-After"]) > 0
        assert str(tmp_path) not in body.decode()


# Who else may read


def test_one_origin_may_read(example_kg, serve_site):
    site = serve_site(example_kg, cors="https://example.org")
    for target in (
        QUERY,
        "/sparql",
        "/id/programme/460103",
        "/ontology/Course",
        "/api/search?q=数控",
        "/sparql?query=x",
    ):
        answer, _ = ask(site, "GET", target, {"Origin": "https://example.org"})
        assert answer.headers["Access-Control-Allow-Origin"] == "https://example.org"
        assert "Origin" in answer.headers["Vary"]
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
    for target in ("/", "/query", "/healthz", "/static/report.css"):
        assert (
            "Access-Control-Allow-Origin" not in ask(site, "GET", target, {"Origin": "https://example.org"})[0].headers
        )


def test_every_origin_may_read_and_asks_before(example_kg, serve_site):
    site = serve_site(example_kg, cors="*")
    before = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer, body = ask(site, "OPTIONS", "/sparql", before)
    assert (answer.status, body) == (200, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    held = ask(site, "GET", QUERY)[0].headers["ETag"]
    again, _ = ask(site, "GET", QUERY, {"If-None-Match": held})
    assert (again.status, again.headers["Access-Control-Allow-Origin"]) == (304, "*")
