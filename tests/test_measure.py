"""From rows to requirements, offers, targets and cells, on real graphs."""

from fractions import Fraction

import pytest

from zhiji_kg.analysis import find_programme, load_profile
from zhiji_kg.analysis.measure import Measurements, demand_of, evidence, judge_cells, measure, thing
from zhiji_kg.findings import Evidence, Offer, Requirement, Thing
from zhiji_kg.rdf import Iri
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import DATA

LEVEL = DATA + "standard-level/CNC-TURNER-2005-4"
LEVEL_3 = DATA + "standard-level/CNC-TURNER-2005-3"


def measurements(store, code):
    programme = find_programme(store, code)
    return Measurements(store, Iri(programme.thing.iri), programme.terms, load_profile())


@pytest.fixture(scope="module")
def higher(example_store):
    return measurements(example_store, "460103")


def test_requirements_stand_in_the_order_of_the_standard(higher):
    found = higher.requirements(LEVEL)
    assert len(found) == 77
    assert [r.thing.code for r in found[:3]] == ["R4-0-1", "R4-0-2", "R4-0-3"]
    assert [r.thing.code for r in found] != sorted(r.thing.code for r in found), "not that of the codes"
    first = found[0]
    assert (first.kind, first.table, first.point.code) == ("basic", "theory", "B-1-1")
    assert first.function.label.zh == "职业道德"
    assert first.evidence.locator == "职业标准!A2"
    assert first.evidence.source == "example-std-cnc-turner-2005"
    assert first.evidence.grade == "example"
    assert first.evidence.stated_in.startswith("凭记忆整理")


def test_what_a_requirement_states_beside_its_words(higher):
    stated = {r.thing.code: r for r in higher.requirements(LEVEL_3)}
    assert stated["R3-3-2-S1"].least_hours == 12
    assert stated["R3-3-5-S1"].must_be_assessed is True
    assert stated["R3-0-7"].must_be_assessed is False


def test_offers_come_by_requirement_with_term_depth_and_hours(higher):
    offers = higher.offers(LEVEL)
    (english,) = offers[DATA + "requirement/CNC-TURNER-2005-R4-0-7"]
    assert (english.course.code, english.depth, english.hours, english.last_term) == ("GG008", 1, 6.0, 2)
    whole = offers[DATA + "requirement/CNC-TURNER-2005-R4-3-1-S1"]
    assert "ZH002" in [offer.course.code for offer in whole], "through A-4-3-1, which it is part of"


def test_the_term_of_the_coverage_goes_before_that_of_the_course(higher):
    """GG013 runs in two terms; its coverage row says that the point is finished in the first."""
    terms = {o.last_term for offers in higher.offers(LEVEL).values() for o in offers if o.course.code == "GG013"}
    assert terms == {1}


def test_weights_are_exact_and_have_a_place(higher):
    weights, functions, places = higher.weights(LEVEL)
    assert {table: sum(column.values()) for table, column in weights.items()} == {"theory": 100, "skills": 100}
    assert all(isinstance(value, Fraction) for column in weights.values() for value in column.values())
    for table, column in weights.items():
        for function in column:
            assert functions[function].label.zh
            assert places[table, function].locator.startswith("权重!A")


def test_targets_are_sorted_certificates_first(higher, two_plans):
    assert [t.basis for t in higher.targets] == ["certificate", "certificate", "occupation", "stage", "stage"]
    occupation = higher.targets[2]
    assert occupation.due_term == higher.terms == 6, "without a term of its own it is due at the end"
    assert [t.due_for.code for t in measurements(two_plans, "P1@2024").targets] == ["K1", "K2"]
    assert [t.due_for.code for t in measurements(two_plans, "P1@2023").targets] == ["K1"]


def test_examinations_are_those_of_the_edition(two_plans):
    found = {code: set(measurements(two_plans, code).examinations) for code in ("P1@2023", "P1@2024", "P2")}
    assert found == {"P1@2023": {DATA + "point/Y"}, "P1@2024": {DATA + "point/Z"}, "P2": set()}


def test_stage_and_certificate_on_one_level_share_rows_and_differ_by_term(higher):
    coverages = {(c.target.basis, c.target.source.code): c for c in measure(higher, higher.targets)}
    certificate = coverages["certificate", "CNC-TURNER-2005@4"]
    stage = coverages["stage", "CNC-TURNER-2005@4"]
    assert [c.requirement for c in certificate.cells] == [c.requirement for c in stage.cells]
    assert {c.demand.due_term for c in certificate.cells} == {3}
    assert {c.demand.due_term for c in stage.cells} == {2}
    assert certificate.weighted
    assert not coverages["occupation", "6-18-01-01"].weighted


def test_groups_follow_the_standard(higher):
    first = measure(higher, higher.targets[:1])[0]
    names = [group.thing.label.zh for group in first.functions]
    assert names[:3] == ["职业道德", "基础知识", "加工准备"]
    preparation = first.functions[2]
    assert next(work.thing.label.zh for work in preparation.groups) == "读图与绘图"
    assert sum(g.totals.all["items"].denominator for g in first.functions) == 77


def wanted(kind, **more):
    return Requirement(Thing("r"), kind, Thing("p"), Evidence("e"), **more)


DEMANDS = [
    (wanted("skill"), 3, False),
    (wanted("knowledge"), 2, False),
    (wanted("basic"), 2, False),
    (wanted("task"), None, False),
    (wanted("skill", least_depth=1), 1, True),
    (wanted("task", least_depth=4), 4, True),
]


@pytest.mark.parametrize(("requirement", "depth", "stated"), DEMANDS)
def test_demand_by_rule_or_as_stated(requirement, depth, stated):
    demand = demand_of(requirement, 5, load_profile())
    assert (demand.least_depth, demand.depth_is_stated, demand.due_term) == (depth, stated, 5)


def test_the_reviewed_reading_counts_reviewed_coverage_only():
    offers = {"r": [Offer(Evidence("c", grade="inferred"), Thing("C"), 1, depth=4)]}
    (cell,) = judge_cells([wanted("skill")], offers, {}, {}, 5, load_profile())
    assert (cell.verdict.state, cell.reviewed.state) == ("covered", "not-examined")
    offers["r"].append(Offer(Evidence("d", grade="inferred", reviewer="李"), Thing("D"), 9, depth=4))
    (cell,) = judge_cells([wanted("skill")], offers, {"p": [Evidence("x")]}, {}, 5, load_profile())
    assert (cell.verdict.state, cell.reviewed.state) == ("covered", "partial")
    assert cell.weight is None


def test_a_thing_and_its_evidence_from_a_row():
    row = {"x": "iri:x", "xCode": "X", "xLabel": "名", "xLabelEn": None, "document": "http://e/doc/d1",
           "grade": "http://e/g/direct", "locator": "表!A2", "reviewer": None}  # fmt: skip
    assert thing(row, "x") == Thing("iri:x", "X", Text("名", ""))
    assert evidence(row, "x") == Evidence("iri:x", "d1", "表!A2", "direct")
