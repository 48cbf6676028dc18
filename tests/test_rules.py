"""The rules engine: when a row is a finding, what a finding is made of, and that every rule keeps its form."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.analysis import analyse, find_programme, load_profile
from zhiji_kg.analysis.profile import CodePolicy
from zhiji_kg.analysis.rules import figure, findings_of_rule, holds, judge_rows, rule_findings
from zhiji_kg.findings import Evidence, Provenance, Thing
from zhiji_kg.graph import assemble
from zhiji_kg.inference import infer
from zhiji_kg.queries import find_query
from zhiji_kg.rdf import Iri
from zhiji_kg.texts import Text

NOTHING = Provenance("q", (), "v1", "")
RULES = {code: policy for code, policy in load_profile().codes.items() if policy.holds is not None}


def policy(test="always", *threshold, **more):
    words = {"title": Text("题", "title"), "why": Text("因", "why"), "suggestion": Text("做", "do")}
    limits = tuple(Fraction(str(limit)) for limit in threshold)
    return CodePolicy(severity="note", group="data", query="q", holds=test, threshold=limits, **{**words, **more})


def row(subject="s", **more):
    return {"subject": f"iri:{subject}", "subjectCode": subject, "subjectLabel": "名", "subjectLabelEn": "name", **more}


def judged(test, *threshold, **columns):
    return judge_rows([row(**columns)], "ZJ-X01", policy(test, *threshold), "plan", NOTHING)


HOLDS = [
    # test, threshold, columns of the row, whether it is a finding
    ("always", (), {}, True),
    ("always", (), {"measured": 0}, True),
    ("below", (0.1,), {"measured": 0.1}, False),
    ("below", (0.1,), {"measured": 0.09}, True),
    ("below", (0.1,), {"part": 1, "whole": 10}, False),
    ("below", (0.1,), {"part": 9, "whole": 100}, True),
    ("below", (0.25,), {"part": 0, "whole": 8}, True),
    ("below", (0.25,), {"part": 0, "whole": 0}, False),
    ("below", (0.25,), {"part": None, "whole": 8}, False),
    ("below", (2500,), {"measured": None}, False),
    ("below", (2500,), {}, False),
    ("above", (2,), {"measured": 2}, False),
    ("above", (2,), {"measured": 3}, True),
    ("above", (1,), {"part": 90, "whole": 80}, True),
    ("outside", (16, 18), {"measured": 16}, False),
    ("outside", (16, 18), {"measured": 18}, False),
    ("outside", (16, 18), {"measured": 15.9}, True),
    ("outside", (16, 18), {"measured": 18.1}, True),
    ("outside", (16, 18), {"part": 289, "whole": 17}, False),
    ("differs", (), {"measured": 0.3, "expected": 0.3}, False),
    ("differs", (), {"measured": 96, "expected": 100}, True),
    ("differs", (4,), {"measured": 96, "expected": 100}, False),
    ("differs", (4,), {"measured": 105, "expected": 100}, True),
    ("differs", (), {"measured": 96, "expected": None}, False),
    ("differs", (), {"measured": None, "expected": 100}, False),
]


@pytest.mark.parametrize(("test", "threshold", "columns", "expected"), HOLDS)
def test_when_a_row_is_a_finding(test, threshold, columns, expected):
    assert (judged(test, *threshold, **columns) is not None) == expected


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 99))
def test_a_share_is_compared_exactly(part, whole, percent):
    """Whatever floating point makes of a share: below means that the part is smaller than the share of the whole."""
    found = judged("below", percent / 100, part=part, whole=whole)
    assert (found is not None) == (part * 100 < percent * whole)
    if found is not None:
        assert (found.part, found.whole) == (part, whole)
        assert found.measured == pytest.approx(part / whole)


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 20))
def test_a_figure_is_below_above_or_within(measured, low, width):
    """Of three tests with one range at most one holds, and outside is below its low or above its high end."""
    below, above = (judged(test, low + (width if test == "above" else 0), measured=measured) is not None
                    for test in ("below", "above"))  # fmt: skip
    assert not (below and above)
    assert (judged("outside", low, low + width, measured=measured) is not None) == (below or above)


SHOWN = [
    ("below", (0.5,), {"part": 1, "whole": 4}, 0.25, 0.5),
    ("outside", (16, 18), {"measured": 20}, 20.0, "16–18"),
    ("outside", (16.5, 18), {"measured": 20}, 20.0, "16.5–18"),
    ("differs", (1,), {"measured": 90, "expected": 80}, 90.0, 80.0),
    ("always", (), {"measured": 2, "expected": 3}, 2.0, 3.0),
    ("always", (), {}, None, None),
]


@pytest.mark.parametrize(("test", "threshold", "columns", "measured", "limit"), SHOWN)
def test_what_was_measured_stands_beside_its_threshold(test, threshold, columns, measured, limit):
    found = judged(test, *threshold, **columns)
    assert (found.measured, found.threshold) == (measured, limit)


def test_a_threshold_of_the_profile_is_a_rule_and_one_of_a_clause_is_stated():
    clause = Text("第一条", "clause 1")
    for given_clause, by_rule in ((None, True), (clause, False)):
        found = judge_rows([row(measured=1)], "ZJ-X01", policy("below", 2, clause=given_clause), "plan", NOTHING)
        assert found.threshold_by_rule == by_rule
    assert not judged("differs", 0, measured=1, expected=2).threshold_by_rule


def stated(name, **more):
    given = {
        "evidence": f"iri:{name}",
        "document": "https://x/doc",
        "locator": f"表!{name}",
        "grade": "https://x/direct",
    }
    return {**given, "reviewer": None, "statedIn": None, **more}


def test_rows_of_one_subject_and_object_are_one_finding_with_all_their_evidence():
    rows = [
        row(object="iri:o", objectCode="O", objectLabel="物", **stated("A1")),
        row(object="iri:o", objectCode="O", objectLabel="物", **stated("A2", reviewer="张三")),
        row(object="iri:o", objectCode="O", objectLabel="物", **stated("A2", reviewer="张三")),
    ]
    found = judge_rows(rows, "ZJ-X01", policy(), "group", NOTHING)
    assert found.subject == Thing("iri:s", "s", Text("名", "name"))
    assert found.object == Thing("iri:o", "O", Text("物", ""))
    assert found.evidence == (
        Evidence("iri:A1", "doc", "表!A1", "direct"),
        Evidence("iri:A2", "doc", "表!A2", "direct", "张三"),
    )
    assert (found.basis, found.code, found.severity) == ("group", "ZJ-X01", "note")


def test_details_stand_in_brackets_after_the_suggestion_each_once():
    rows = [row(detail="甲", detailEn="A"), row(detail="乙"), row(detail="甲", detailEn="A"), row(detail=None)]
    found = judge_rows(rows, "ZJ-X01", policy(), "plan", NOTHING)
    assert found.suggestion == Text("做（甲、乙）", "do (A, 乙)")
    assert judged("always").suggestion == Text("做", "do")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), (True, None), ("3", None), (3, 3), (0.1, Fraction(1, 10)), (-2.5, Fraction(-5, 2))],
)
def test_a_figure_of_a_row(value, expected):
    assert figure(value) == expected


def test_without_a_threshold_only_a_difference_counts():
    assert holds(policy("differs"), Fraction(1), Fraction(2))
    assert not holds(policy("differs"), Fraction(2), Fraction(2))


# The rules of the profile


@pytest.mark.parametrize("code", RULES)
def test_every_rule_asks_about_a_programme_or_about_nothing_and_has_its_columns(code):
    query = find_query(RULES[code].query)
    assert {parameter.name for parameter in query.parameters} <= {"programme"}
    assert query.form == "SELECT"
    nothing = infer(assemble([]))[1]
    bound = {parameter.name: Iri("https://example.org/none") for parameter in query.parameters}
    columns = set(nothing.select(query.text, bound).variables)
    assert {"subject", "subjectLabel", "evidence", "grade", "document", "locator"} <= columns
    assert ("part" in columns) == ("whole" in columns)
    if RULES[code].holds != "always":
        assert columns & {"measured", "part"}
    assert ("expected" in columns) or RULES[code].holds != "differs"
    for one in ("object", "point", "source"):
        assert one not in columns or f"{one}Label" in columns
    assert list(findings_of_rule(nothing, Iri("https://example.org/none"), code, RULES[code])) == [], "nothing to find"


def test_the_rules_run_are_those_asked_for_and_enabled(example_store, tmp_path):
    programme = Iri(find_programme(example_store, "TE-CNC").thing.iri)
    profile = load_profile()
    found = list(rule_findings(example_store, programme, profile, ["ZJ-C09", "ZJ-C12"]))
    assert [finding.code for finding in found] == ["ZJ-C09"] * 6 + ["ZJ-C12"]
    own = tmp_path / "own.toml"
    own.write_text("[code.ZJ-C09]\nenabled = false\n", "utf-8")
    assert {f.code for f in rule_findings(example_store, programme, load_profile(own), ["ZJ-C09", "ZJ-C12"])} == {
        "ZJ-C12"
    }


def test_a_code_switched_off_gives_no_finding_whoever_makes_it(example_store, tmp_path):
    own = tmp_path / "own.toml"
    off = ("ZJ-C02", "ZJ-C05", "ZJ-C09", "ZJ-C13", "ZJ-D03")
    own.write_text("".join(f"[code.{code}]\nenabled = false\n" for code in off), "utf-8")
    programme = find_programme(example_store, "460103")
    shipped, ours = (analyse(example_store, programme, load_profile(*path)) for path in ((), (own,)))
    assert [f for f in shipped.findings if f.code not in off] == list(ours.findings)
    assert set(off) <= {finding.code for finding in shipped.findings}
    assert ours.coverages == shipped.coverages, "the states are what they are"


def test_a_rule_says_what_gives_it(example_store):
    programme = find_programme(example_store, "TE-CNC")
    for finding in rule_findings(example_store, Iri(programme.thing.iri), load_profile(), ["ZJ-C12"]):
        assert finding.basis == "plan"
        assert finding.provenance.query == "steps-without-course"
        assert dict(finding.provenance.parameters) == {"programme": programme.thing.iri}
        assert (finding.part, finding.whole) == (0, 4)
        assert all(evidence.source and "!" in evidence.locator for evidence in finding.evidence)
