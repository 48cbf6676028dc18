"""Findings from judged cells and from weight tables."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.analysis import load_profile
from zhiji_kg.analysis.cells import judge, shortfalls
from zhiji_kg.analysis.gaps import codes_of, coverage_findings, weight_findings
from zhiji_kg.analysis.measure import judge_cells
from zhiji_kg.analysis.totals import totals
from zhiji_kg.findings import Coverage, Demand, Evidence, Offer, Provenance, Requirement, Target, Thing
from zhiji_kg.texts import Text

PROVENANCE = Provenance("coverage", (("source", "iri:s"),), "v1", "0" * 64)
PROFILE = load_profile()
SOURCE, STAGE = Thing("iri:s", "S@4"), Thing("iri:g", "S2")


def required(name, **more):
    return Requirement(Thing(f"iri:{name}", name), "skill", Thing(f"iri:p-{name}"), Evidence(f"r-{name}"), **more)


def offered(course, depth, term, **more):
    return Offer(Evidence(f"c-{course}", grade="direct"), Thing(f"iri:{course}", course), term, depth=depth, **more)


REQUIRED = [
    required("taught"),
    required("shallow"),
    required("late"),
    required("both"),
    required("hours", least_hours=10),
    required("assessed", must_be_assessed=True),
    required("nothing"),
    required("searched"),
    required("contradicted"),
]
OFFERS = {
    "iri:taught": [offered("A", 3, 2)],
    "iri:shallow": [offered("B", 1, 2)],
    "iri:late": [offered("C", 3, 4)],
    "iri:both": [offered("D", 2, 5)],
    "iri:hours": [offered("E", 3, 1, hours=4.0)],
    "iri:assessed": [offered("F", 3, 1)],
    "iri:contradicted": [offered("G", 4, 1)],
}
EXAMINED = {"iri:p-searched": [Evidence("x-1")], "iri:p-contradicted": [Evidence("x-2")]}

EXPECTED = [
    # code, subject, object, measured, threshold, evidence
    ("ZJ-C02", "shallow", "B", 1, 3, ("r-shallow", "c-B")),
    ("ZJ-C03", "late", "C", 4, 3, ("r-late", "c-C")),
    ("ZJ-C02", "both", "D", 2, 3, ("r-both", "c-D")),
    ("ZJ-C03", "both", "D", 5, 3, ("r-both", "c-D")),
    ("ZJ-C14", "hours", "E", 4.0, 10, ("r-hours", "c-E")),
    ("ZJ-C04", "assessed", "F", False, True, ("r-assessed", "c-F")),
    ("ZJ-C11", "nothing", None, None, None, ("r-nothing",)),
    ("ZJ-C01", "searched", None, None, None, ("r-searched", "x-1")),
    ("ZJ-D04", "contradicted", "G", None, None, ("r-contradicted", "c-G", "x-2")),
]


def coverage(basis="certificate", due_for=SOURCE, weights=None):
    cells = judge_cells(REQUIRED, OFFERS, EXAMINED, weights or {}, 3, PROFILE)
    target = Target(Thing("iri:t"), SOURCE, due_for, basis, 3)
    return Coverage(target, tuple(cells), totals(cells, weights or {}), (), weighted=bool(weights))


def told(finding):
    return (
        finding.code, finding.subject.code, finding.object.code if finding.object else None,
        finding.measured, finding.threshold, tuple(evidence.iri for evidence in finding.evidence),
    )  # fmt: skip


def test_each_reason_is_a_finding_with_its_measure_and_evidence():
    found = list(coverage_findings(coverage(), PROFILE, PROVENANCE))
    assert [told(finding) for finding in found] == EXPECTED
    for finding in found:
        assert finding.severity == PROFILE.codes[finding.code].severity
        assert finding.suggestion == PROFILE.codes[finding.code].suggestion
        assert (finding.basis, finding.source, finding.provenance) == ("certificate", SOURCE, PROVENANCE)
        assert finding.due_for == SOURCE
        assert finding.point == Thing(f"iri:p-{finding.subject.code}")


def test_a_stage_adds_only_what_comes_too_late():
    found = list(coverage_findings(coverage("stage", STAGE), PROFILE, PROVENANCE))
    assert [(f.code, f.subject.code) for f in found] == [("ZJ-C03", "late"), ("ZJ-C03", "both")]
    assert {finding.source for finding in found} == {STAGE}


def test_a_covered_cell_has_no_code():
    assert codes_of(coverage().cells[0]) == []


FUNCTIONS = {"iri:f1": Thing("iri:f1", "", Text("功能一", "")), "iri:f2": Thing("iri:f2", "", Text("功能二", ""))}
COLUMNS = {
    "sound": ({"skills": {"iri:f1": 60, "iri:f2": 40}}, []),
    "not 100": ({"skills": {"iri:f1": 60, "iri:f2": 35}}, [("ZJ-D02", "S@4", "skills", 95.0, 100.0)]),
    "one third thrice": ({"theory": {"iri:f1": Fraction(100)}}, [("ZJ-D03", "", "theory", 100.0, 0.0)]),
    "empty function": (
        {"skills": {"iri:f1": 60, "iri:f2": 40}, "theory": {"iri:f1": 90, "iri:f2": 5}},
        [
            ("ZJ-D02", "S@4", "theory", 95.0, 100.0),
            ("ZJ-D03", "", "theory", 90.0, 0.0),
            ("ZJ-D03", "", "theory", 5.0, 0.0),
        ],
    ),
}


@pytest.mark.parametrize(("columns", "expected"), COLUMNS.values(), ids=COLUMNS)
def test_findings_of_a_weight_table(columns, expected):
    weights = {table: {f: Fraction(w) for f, w in column.items()} for table, column in columns.items()}
    items = [required("a", function=FUNCTIONS["iri:f1"]), required("b", function=FUNCTIONS["iri:f2"])]
    cells = tuple(judge_cells(items, {}, {}, weights, 3, PROFILE))
    of = Coverage(
        Target(Thing("t"), SOURCE, SOURCE, "certificate", 3), cells, totals(cells, weights), (), weighted=True
    )
    places = {(table, f): Evidence(f"{table}-{f}") for table, column in weights.items() for f in column}
    found = list(weight_findings(of, weights, FUNCTIONS, places, PROFILE, PROVENANCE))
    assert [(f.code, f.subject.code, f.object.code, f.measured, f.threshold) for f in found] == expected
    for finding in found:
        assert finding.evidence
        assert all(evidence.iri.startswith(f"{finding.table}-") for evidence in finding.evidence)
        assert (finding.weight is None) == (finding.code == "ZJ-D02")


# The judge itself, as laws; the worked cases stand in ``test_cells``

demands = st.builds(
    Demand,
    least_depth=st.none() | st.integers(1, 4),
    due_term=st.integers(1, 6),
    least_hours=st.none() | st.integers(1, 20).map(float),
    must_be_assessed=st.booleans(),
)
offers = st.builds(
    Offer,
    coverage=st.uuids().map(lambda name: Evidence(str(name))),
    course=st.sampled_from("ABC").map(lambda code: Thing(code, code)),
    last_term=st.integers(1, 6),
    depth=st.none() | st.integers(1, 4),
    hours=st.none() | st.integers(0, 20).map(float),
    assessed=st.booleans(),
)


@given(demands, st.lists(offers, min_size=1, max_size=4), st.booleans())
def test_the_offer_that_decides_fails_the_fewest_tests(demand, found, examined):
    verdict = judge(demand, found, examined=examined)
    fewest = min(len(shortfalls(demand, offer)) for offer in found)
    assert len(verdict.shortfalls) == fewest
    assert verdict.state == ("partial" if fewest else "covered")
    assert verdict.shortfalls == shortfalls(demand, verdict.chosen)
    assert judge(demand, found[::-1], examined=examined) == verdict, "whatever the order of the rows"


@given(demands, offers)
def test_reasons_stand_in_one_order(demand, offer):
    codes = [shortfall.code for shortfall in shortfalls(demand, offer)]
    assert codes == [code for code in ("ZJ-C02", "ZJ-C03", "ZJ-C14", "ZJ-C04") if code in codes]
