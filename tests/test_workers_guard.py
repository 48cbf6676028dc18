"""The guard: what it lets pass, what it refuses and by which name, and that it is done soon."""

import time
import tracemalloc

import pytest
from abusive import cases, text_of
from hypothesis import given
from hypothesis import strategies as some
from pyoxigraph import Store

from zhiji_kg.errors import UnreadableError
from zhiji_kg.resources import QUERIES
from zhiji_kg.workers.guard import check
from zhiji_kg.workers.limits import Limits

CASES = cases("guard")
SMALL = Limits(nesting=10, branches=5, operators=100, tokens=2_000_000)
LONG = 250_000
LONGEST = 1_000_000


def said(text, limits=SMALL):
    """The code that the guard refuses a text by; empty where it lets it pass."""
    try:
        check(text, limits)
    except UnreadableError as error:
        (problem,) = error.problems
        return problem.code if problem.line("zh") and problem.line("en") else "no words"
    return ""


@pytest.mark.parametrize("text", [case["text"] for case in CASES["passes"]])
def test_what_is_no_harm_passes(text):
    assert said(text) == ""


@pytest.mark.parametrize(
    ("code", "text"), [(group["code"], text) for group in CASES["refused"] for text in group["texts"]]
)
def test_what_is_refused_is_refused_by_its_name(code, text):
    assert said(text_of(text)) == code


@pytest.mark.parametrize("path", sorted(QUERIES.rglob("*.rq")), ids=lambda path: path.stem)
def test_every_question_of_ours_passes(path):
    assert said(path.read_text(encoding="utf-8"), Limits()) == ""


@pytest.mark.parametrize(
    ("name", "most", "text"),
    [
        ("nesting", 10, lambda n: "SELECT * " + "{" * n + "}" * n),
        ("branches", 5, lambda n: "SELECT * {" + "OPTIONAL{} " * n + "}"),
        ("operators", 100, lambda n: "ASK {FILTER(1" + "+1" * (n - 1) + "=1)}"),
        ("tokens", 1000, lambda n: "ASK {" + ";?a " * (n - 3) + "}"),
        ("tokens", 1000, lambda n: "ASK {" + "~" * (n - 4) + "}#"),
    ],
)
def test_the_limit_itself_is_allowed_and_is_named_when_it_is_passed(name, most, text):
    assert said(text(most), Limits(**{name: most})) == ""
    with pytest.raises(UnreadableError) as caught:
        check(text(most + 1), Limits(**{name: most}))
    for language in ("zh", "en"):
        line = caught.value.problems[0].line(language)
        assert name in line
        assert str(most) in line


@pytest.mark.parametrize(
    "part",
    [
        *(
            "a.",
            " ",
            "<",
            "<a",
            '"""\\"',
            "'\\",
            "\"\"\"'''",
            ":",
            "a ",
            "?a ",
            "\\u0041",
            "\\",
            "#\n",
            "-",
            ")",
            "?",
            "@",
        ),
        *(":%", '""', "<'>", "a-", "''", "'''", "('", "é", "<<(", "1e", "_:", "^^", "a:b\\", "\0"),
    ],
)
def test_a_long_text_is_read_in_linear_time(part):
    started = time.process_time()
    said("SELECT * { " + part * (LONG // len(part)))
    assert time.process_time() - started < 5  # half a second at most; quadratic would be minutes


@pytest.mark.parametrize(
    "part", ["<a", "<", "1 ", "{}", "a ", ": ", ";", "\\", ".", "#\n", "\\u0020", "w{n} ", "('", "~"]
)
def test_the_longest_text_is_refused_or_read_soon(part):
    times = LONGEST // len(part)
    text = "".join(part.replace("{n}", str(n)) for n in range(times)) if "{n}" in part else part * times
    started = time.process_time()
    said(text, Limits())
    assert time.process_time() - started < 2  # a quarter of a second


def test_words_that_no_query_has_leave_nothing_behind():
    said("SELECT * { ?s ?p ?o }")
    tracemalloc.start()
    try:
        for number in range(40):
            said("ASK { " + "x" * 100_000 + f"{number} " + "y" * 30 + f"{number} }}")
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert left < 200_000  # of eight million letters


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        *((text, False) for text in CASES["volatile"]["texts"]),
        *((text, True) for text in CASES["volatile"]["not"]),
    ],
)
def test_it_says_whether_the_answer_holds(text, holds):
    assert check(text, SMALL) is holds


@given(some.text(alphabet="<>'\"#?$:.\\()[]{}aAeSERVICE \n^@-|&!u0", max_size=60))
def test_any_text_is_read_to_its_end(text):
    assert said(text) in {
        *("", "query-asks-elsewhere", "query-not-read-only", "query-too-deep"),
        *("query-too-branched", "query-too-chained", "bad-query"),
    }


@given(some.text(alphabet="<>'\"#?:.\\()aA \n^-|&!=,1", max_size=25))
def test_service_is_seen_behind_anything_that_the_engine_understands(before):
    """Whatever expression stands before it: if the engine takes the query, the guard has seen SERVICE in it."""
    text = f"SELECT * {{ FILTER({before}) SERVICE <http://127.0.0.1:1/> {{ ?s ?p ?o }} FILTER(?o = 'z') #'\n}}"
    if is_a_query(text) and not is_a_query(text.replace("SERVICE", "SERVES")):  # so it is neither comment nor string
        assert said(text) == "query-asks-elsewhere"


def is_a_query(text):
    try:
        Store().query(text)
    except (SyntaxError, ValueError, OSError):
        return False
    return True
