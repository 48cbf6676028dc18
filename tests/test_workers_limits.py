"""The limits: defaults, configuration, environment, and one clear problem for what does not fit."""

from dataclasses import fields

import pytest

from zhiji_kg.errors import UnreadableError
from zhiji_kg.workers.limits import Limits


def refused(table, environment=None, code="bad-limit"):
    with pytest.raises(UnreadableError) as caught:
        Limits.of(table, environment or {})
    (problem,) = caught.value.problems
    assert problem.code == code
    return problem


def test_nothing_said_means_the_defaults_and_they_are_in_their_ranges():
    assert Limits.of({}, {}) == Limits()
    said = {field.name: getattr(Limits(), field.name) for field in fields(Limits)}
    assert Limits.of(said, {}) == Limits()


def test_the_environment_wins():
    assert Limits.of({"workers": 4, "nesting": 50}, {"ZHIJI_WORKERS": "5", "ZHIJI_LANG": "zh"}) == Limits(
        workers=5, nesting=50
    )
    assert Limits.of({"workers": 4}, {"ZHIJI_WORKERS": ""}) == Limits(workers=4)
    assert Limits.of({}, {"ZHIJI_QUERY_SECONDS": "2.5"}).query_seconds == 2.5
    assert Limits.of({"query_seconds": 3}, {}).query_seconds == 3.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("workers", 1), ("workers", 17), ("workers", "three"), ("workers", True), ("workers", 2.5), ("workers", [3])),
        *(("memory_mb", 512), ("query_seconds", 0), ("query_seconds", "nan"), ("query_seconds", float("inf"))),
        *(("queue_seconds", -1), ("cache_mb", None), ("threads", 0)),
    ],
)
def test_a_value_out_of_range_is_named_with_its_range(name, value):
    problem = refused({name: value})
    for language in ("zh", "en"):
        assert name in problem.line(language)
        assert "–" in problem.line(language)


def test_a_value_of_the_environment_out_of_range_is_named_too():
    line = refused({}, {"ZHIJI_NESTING": "1e9"}).line("en")
    assert "nesting" in line
    assert "10–2000" in line


def test_an_unknown_name_is_named_with_the_nearest_or_with_all():
    line = refused({"worker": 3}, code="unknown-limit").line("zh")
    assert "名为 worker 的" in line
    assert "是不是 workers" in line
    line = refused({"zzz": 3}, code="unknown-limit").line("en")
    assert all(field.name in line for field in fields(Limits))
