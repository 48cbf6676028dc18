"""Findings about the plan itself: redundancy and the order of prerequisites, on real graphs."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiji_kg.analysis import find_programme, load_profile
from zhiji_kg.analysis.plan import courses_that_wait, prerequisites_out_of_order, redundancies
from zhiji_kg.findings import Provenance
from zhiji_kg.graph import assemble
from zhiji_kg.inference import infer
from zhiji_kg.rdf import Iri
from zhiji_kg.resources import EXAMPLES
from zhiji_kg.sources.tables import Table
from zhiji_kg.sources.workbook import read_workbook

PROVENANCE = Provenance("redundancy", (), "v1", "")


def found(judge, store, code):
    programme = Iri(find_programme(store, code).thing.iri)
    return list(judge(store, programme, load_profile(), PROVENANCE))


def test_redundancies_name_courses_depth_and_hours(example_store):
    safety, cutting = found(redundancies, example_store, "460103")
    assert (safety.subject.code, safety.measured, safety.threshold) == ("B-2-7", 3, 3)
    for word in ("SX001", "SX002", "SX003", "深度 3", "共 12 学时"):
        assert word in safety.suggestion.zh
    assert "depth 3, 12 hours in all" in safety.suggestion.en
    assert len(safety.evidence) == 3
    assert "共 14 学时" in cutting.suggestion.zh
    assert {finding.severity for finding in (safety, cutting)} == {"note"}
    assert {finding.basis for finding in (safety, cutting)} == {"plan"}


ORDER = [
    ("460103", "ZH001", "ZJ007", 3, 3, "note"),
    ("460103", "SX003", "ZH002", 3, 3, "note"),
    ("460103", "SX004", "ZH005", 4, 4, "note"),
    ("460103", "TZ002", "TZ001", 5, 4, "error"),
]


def test_prerequisites_out_of_order(example_store):
    told = [
        ("460103", f.subject.code, f.object.code, f.measured, f.threshold, f.severity)
        for f in found(prerequisites_out_of_order, example_store, "460103")
    ]
    assert sorted(told) == sorted(ORDER)


SMALL = [("P1@2023", []), ("P1@2024", []), ("P2", [("C", "A", 3, 3)])]


@pytest.mark.parametrize(("code", "expected"), SMALL)
def test_the_order_is_that_of_the_edition(two_plans, code, expected):
    """P2's C begins in term 3, though its cell names 4 first, and A of P2 ends in term 3."""
    told = [
        (f.subject.code, f.object.code, f.measured, f.threshold)
        for f in found(prerequisites_out_of_order, two_plans, code)
    ]
    assert told == expected


def test_points_shared_by_two_plans_are_not_redundant_in_either(two_plans):
    for code in ("P1@2023", "P1@2024", "P2"):
        assert found(redundancies, two_plans, code) == []


# Courses that wait for each other

BONDS = ("先修课程", "并修课程", "同修课程")


def waiting(bonds):
    """What is found in a plan of four courses bound as told: ``{(course, bond): [others]}``."""
    headings = ("专业代码", "课程代码", "课程名称", "模块", "总学时", "学期", *BONDS)
    courses = [("P", c, c, "专业", "60", "1", *("、".join(bonds.get((c, b), ())) for b in BONDS)) for c in "ABCD"]
    plan = (("专业代码", "版本年", "专业名称", "学校", "轨道", "学制", "学期数"),
            ("P", "2024", "专业", "学校", "高职", "三年", "6"))  # fmt: skip
    about = (("项", "值"), ("工作簿标识", "generated"), ("证据等级", "推断"))
    sheets = {"说明": about, "专业": plan, "课程": (headings, *courses)}
    store = infer(assemble([read_workbook(EXAMPLES, [Table("w", name, rows) for name, rows in sheets.items()])]))[1]
    return found(courses_that_wait, store, "P")


PRE, CO, STRICT = BONDS
RINGS = {
    "nothing bound": ({}, []),
    "a chain": ({("B", PRE): "A", ("C", PRE): "B", ("D", PRE): "AC"}, []),
    "two wait for each other": ({("A", PRE): "B", ("B", PRE): "A"}, [("A", 2)]),
    "three in a ring": ({("A", PRE): "B", ("B", PRE): "D", ("D", PRE): "A"}, [("A", 3)]),
    "two rings": ({("A", PRE): "B", ("B", PRE): "A", ("C", PRE): "D", ("D", PRE): "C"}, [("A", 2), ("C", 2)]),
    "corequisites may be taken together": ({("A", CO): "B", ("B", CO): "A"}, []),
    "in one term, and one before": ({("A", STRICT): "B", ("B", PRE): "A"}, [("A", 2)]),
    "in one term, told by the other": ({("B", STRICT): "A", ("B", PRE): "A"}, [("A", 2)]),
    "no later, and before": ({("A", CO): "B", ("B", PRE): "A"}, [("A", 2)]),
    "by way of a third": ({("A", CO): "B", ("B", STRICT): "C", ("C", PRE): "A"}, [("A", 3)]),
}


@pytest.mark.parametrize(("bonds", "expected"), RINGS.values(), ids=RINGS)
def test_courses_that_wait_for_each_other(bonds, expected):
    findings = waiting(bonds)
    assert [(f.subject.code, f.measured) for f in findings] == expected
    for finding in findings:
        assert (finding.code, finding.severity, finding.basis) == ("ZJ-C08", "error", "plan")
        assert len(finding.evidence) == len(set(finding.evidence)) <= finding.measured
        assert finding.subject.code in finding.suggestion.en


links = st.tuples(st.sampled_from("ABCD"), st.sampled_from(BONDS), st.sampled_from("ABCD")).filter(
    lambda link: link[0] != link[2]
)


@settings(max_examples=15)
@given(st.lists(links, max_size=5, unique=True))
def test_they_wait_exactly_where_no_terms_can_be_found(given_links):
    """The independent way: try every placing of the four courses in four terms."""
    bonds = {}
    for course, bond, other in given_links:
        bonds.setdefault((course, bond), []).append(other)
    possible = any(
        all({PRE: t[o] < t[c], CO: t[o] <= t[c], STRICT: t[o] == t[c]}[b] for c, b, o in given_links)
        for t in (dict(zip("ABCD", terms, strict=True)) for terms in itertools.product(range(4), repeat=4))
    )
    assert bool(waiting(bonds)) != possible
