"""The quality of a graph, on a graph written by hand and on the examples."""

import json
from datetime import date
from fractions import Fraction

import pytest
from hand_made import store_of
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import run_zhiji
from zhiji_kg.cli.quality import quality_plain
from zhiji_kg.quality import Measure, months_before, quality

GRADE = "<https://w3id.org/zhiji/id/evidence-grade/{}>"


def coverage(number, grade, point, *, reviewer="", day="", located=True):
    """A coverage in TriG, with what is known of it."""
    said = [f"<urn:coverage-{number}> a zj:Coverage ; zj:coversPoint <urn:point-{point}>"]
    said += [f"zj:evidenceGrade {GRADE.format(grade)}"] if grade else []
    said += [f'zj:locator "覆盖!A{number}" ; prov:wasDerivedFrom <urn:document>'] if located else []
    said += [f'zj:reviewer "{reviewer}"'] if reviewer else []
    said += [f'zj:reviewDate "{day}"'] if day else []
    return " ; ".join(said) + f" . <urn:course-1> zj:hasCoverage <urn:coverage-{number}> ."


GRAPH = "\n".join([
    *(f'<urn:point-{n}> a zj:CompetencyPoint ; skos:notation "P{n}" .' for n in (1, 2, 3)),
    *(f'<urn:course-{n}> a zj:Course ; skos:notation "C{n}" .' for n in (1, 2)),
    coverage(1, "direct", 1, reviewer="张老师", day="2026-01-15"),
    coverage(2, "inferred", 1, reviewer="李老师", day="2022-01-15"),
    coverage(3, "inferred", 2),
    coverage(4, "example", 2, reviewer="王老师", day="2026-01-15"),
    coverage(5, "direct", 2, located=False),
])  # fmt: skip
# Five statements: 4 say where they stand; 2 direct; 3 direct or reviewed (the example is not); of these one was
# reviewed in the 36 months before 2026-09-01. Point 3 and course 2 are orphans. No plan, so nothing to examine.
BY_HAND = {
    "evidenced": (4, 5),
    "direct": (2, 5),
    "reviewed": (3, 5),
    "fresh": (1, 5),
    "orphans CompetencyPoint": (1, 3),
    "orphans Course": (1, 2),
    "unexamined": (0, 0),
}


def told(found):
    return {
        " ".join([one.key, *([one.of.iri.rpartition("/")[2]] if one.of else [])]): (one.part, one.whole)
        for one in found.measures
    }


@pytest.fixture(scope="module")
def of_the_examples(example_store):
    return quality(example_store)


def test_the_figures_are_those_counted_by_hand():
    assert told(quality(store_of(GRAPH), date(2026, 9, 1))) == BY_HAND


def test_without_a_day_freshness_is_not_measured():
    found = quality(store_of(GRAPH))
    assert told(found) == {key: value for key, value in BY_HAND.items() if key != "fresh"}
    assert found.day is None


def test_a_review_after_the_day_is_not_fresh():
    found = told(quality(store_of(GRAPH), date(2025, 12, 31)))
    assert found["fresh"] == (0, 5)


def test_each_kind_adds_up_to_all(of_the_examples):
    found = of_the_examples
    for key in ("evidenced", "direct", "reviewed"):
        (whole,) = [one for one in found.measures if one.key == key]
        kinds = [one for one in found.by_kind if one.key == key]
        assert (sum(k.part for k in kinds), sum(k.whole for k in kinds)) == (whole.part, whole.whole)


def test_of_the_examples_nothing_is_reviewed_and_everything_has_its_cell(of_the_examples):
    figures = told(of_the_examples)
    evidenced, reviewed, unexamined = (figures[key] for key in ("evidenced", "reviewed", "unexamined"))
    assert evidenced[0] == evidenced[1] > 500
    assert reviewed == (0, evidenced[1])
    assert 0 < unexamined[0] < unexamined[1]


def test_as_plain_data_a_share_of_nothing_is_null():
    said = quality_plain(quality(store_of(GRAPH), date(2026, 9, 1)))
    figures = {(one["measure"], (one["of"] or "").rpartition("/")[2]): one for one in said["measures"]}
    assert (figures["reviewed", ""]["share"], figures["unexamined", ""]["share"]) == (0.6, None)
    assert figures["orphans", "Course"] == {
        "measure": "orphans", "of": "https://w3id.org/zhiji/ontology/Course", "part": 1, "whole": 2, "share": 0.5,
        "moreIsBetter": False,
    }  # fmt: skip


def test_a_share_of_nothing_is_none():
    assert Measure("unexamined", 0, 0).share is None
    assert Measure("direct", 1, 3).share == Fraction(1, 3)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 9, 1), 36, date(2023, 9, 1)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_before(day, months, before):
    assert months_before(day, months) == before


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 600))
def test_months_before_goes_back_by_months(day, months):
    before = months_before(day, months)
    assert (day.year - before.year) * 12 + day.month - before.month == months
    assert before.day <= day.day


def test_the_command_gives_part_and_whole(two_plans_kg):
    done = run_zhiji("quality", "--kg", two_plans_kg, "--date", "2026-09-01", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["date"], said["freshMonths"]) == ("2026-09-01", 36)
    assert all({"measure", "of", "part", "whole", "share"} <= set(one) for one in said["measures"] + said["byKind"])


def test_the_command_in_words(two_plans_kg):
    done = run_zhiji("quality", "--kg", two_plans_kg, lang="zh")
    assert done.returncode == 0, done.stderr
    assert "没有给出 --date" in done.stdout
    assert "尚未审查的要求" in done.stdout


def test_a_day_that_is_none(two_plans_kg):
    done = run_zhiji("quality", "--kg", two_plans_kg, "--date", "soon")
    assert done.returncode == 2
    assert "2026-09-01" in done.stderr
