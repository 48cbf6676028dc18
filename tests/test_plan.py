"""Findings about the plan itself: redundancy and the order of prerequisites, on real graphs."""

import pytest

from zhiji_kg.analysis import find_programme, load_profile
from zhiji_kg.analysis.plan import prerequisites_out_of_order, redundancies
from zhiji_kg.findings import Provenance
from zhiji_kg.rdf import Iri

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
