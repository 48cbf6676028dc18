"""Problems: an address, what is wrong, what to do, in one line and two languages."""

import string
import tomllib

import pytest

from zhiji_kg.errors import (
    Address,
    CannotRunError,
    ExitStatus,
    Problem,
    SourceError,
    UnreadableError,
    ZhijiError,
    cannot_run,
    unreadable,
)
from zhiji_kg.resources import LAYOUTS
from zhiji_kg.texts import Text

PROBLEMS = tomllib.loads((LAYOUTS / "problems.toml").read_text(encoding="utf-8"))

ADDRESSES = [
    (Address("a b.xlsx", "课程", "A5"), "a b.xlsx:课程!A5"),
    (Address("a.csv", cell="12"), "a.csv:12"),
    (Address("a.xlsx", "课程"), "a.xlsx:课程"),
    (Address("a.xlsx"), "a.xlsx"),
]


@pytest.mark.parametrize(("address", "shown"), ADDRESSES, ids=[a[1] for a in ADDRESSES])
def test_an_address_as_people_read_it(address, shown):
    assert str(address) == shown


def test_addresses_have_an_order():
    assert sorted([Address("b"), Address("a", "x"), Address("a")]) == [Address("a"), Address("a", "x"), Address("b")]


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("code", PROBLEMS)
def test_both_languages_tell_the_same_of_a_problem(code):
    entry = PROBLEMS[code]
    assert set(entry) == {"wrong", "do"}
    for part in entry.values():
        assert set(part) == {"zh", "en"}
        assert all(part.values())
    together = {
        language: set().union(*(fields(part[language]) for part in entry.values())) for language in ("zh", "en")
    }
    assert together["zh"] == together["en"]
    assert not any("\n" in part[language] for part in entry.values() for language in part)


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_can_be_said(code):
    values = {name: f"<{name}>" for part in PROBLEMS[code].values() for text in part.values() for name in fields(text)}
    for language, stop in (("zh", "；"), ("en", "; ")):
        line = Problem(code, Address("f.csv", "课程", "A5"), values).line(language)
        assert line.startswith("f.csv:课程!A5: ")
        assert stop in line
        assert all(value in line for value in values.values())


def test_a_value_is_said_in_the_language_of_the_line():
    problem = Problem("unknown-entity", None, {"code": "P9", "what": Text("要素点", "competency point")})
    assert problem.line("zh") == "没有代码为“P9”的要素点；请改正代码，或把定义它的工作簿一起给出"
    assert problem.line("en").startswith("there is no competency point with the code “P9”; ")


def test_braces_in_a_value_are_only_braces():
    assert "“{code}”" in Problem("unknown-column", None, {"column": "{code}"}).line("en")


STATUSES = [
    (SourceError, ExitStatus.WRONG, 1),
    (UnreadableError, ExitStatus.UNREADABLE, 2),
    (CannotRunError, ExitStatus.CANNOT_RUN, 3),
]


@pytest.mark.parametrize(("kind", "status", "number"), STATUSES, ids=[s[0].__name__ for s in STATUSES])
def test_each_kind_of_error_has_its_exit_status(kind, status, number):
    error = kind(Problem("no-java"), Problem("no-sources"))
    assert isinstance(error, ZhijiError)
    assert (error.status, int(error.status)) == (status, number)
    assert str(error).splitlines() == [problem.line("en") for problem in error.problems]


def test_short_ways_to_an_error():
    one, other = unreadable("missing-file", "a b.xlsx"), cannot_run("no-java")
    assert (type(one), str(one.problems[0].where)) == (UnreadableError, "a b.xlsx")
    assert (type(other), other.problems[0].where) == (CannotRunError, None)
    assert unreadable("unknown-query", name="x", near="y").problems[0].values == {"name": "x", "near": "y"}
    assert Problem("no-java").severity == "error"
