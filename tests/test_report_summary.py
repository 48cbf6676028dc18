"""What a report says first: the sentence, the weightiest gaps, figures and reasons in words."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.findings import STATES, Finding, Tally, Target, Thing
from zhiji_kg.report.summary import (
    as_shown,
    depth_name,
    figure,
    fraction,
    headline,
    listed,
    reason,
    share,
    state_name,
    target_name,
    weightiest,
)
from zhiji_kg.texts import LANGUAGES, Text


@pytest.fixture(scope="module")
def analysis(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


def test_the_headline_counts_the_certificates_and_not_the_stages(analysis):
    said = headline(analysis)
    for number in ("136", "96", "30", "7", "23", "10"):
        assert number in said.zh
        assert number in said.en
    assert "数控技术" in said.zh
    assert "CNC Technology" in said.en
    assert "学徒" not in said.zh


def test_the_headline_adds_up(analysis):
    certificates = [c.totals.all["items"] for c in analysis.coverages if c.target.basis == "certificate"]
    assert sum(t.denominator for t in certificates) == 136
    assert sum(t.covered + t.known_gap + t.not_examined for t in certificates) == 136


def test_the_headline_without_certificates_is_of_what_else_was_asked(analysis):
    tasks = tuple(c for c in analysis.coverages if c.target.basis in ("occupation", "stage"))
    said = headline(replace(analysis, coverages=tasks))
    assert "6-18-01-01" in said.zh
    assert "的 6 条要求" in said.zh


def test_the_headline_of_nothing_says_what_to_do(analysis):
    said = headline(replace(analysis, coverages=()))
    assert "证书" in said.zh
    assert "证书" in said.en


def test_the_five_that_weigh_most(analysis):
    gaps = weightiest(analysis)
    assert [gap.cell.requirement.thing.code for gap in gaps] == [
        "R4-4-5-S1", "R3-3-3-S1", "R3-3-2-S1", "R3-3-5-S1", "R3-3-3-K1",
    ]  # fmt: skip
    assert [gap.cell.weight for gap in gaps] == [10, Fraction(15, 2), Fraction(15, 2), Fraction(15, 2), Fraction(30, 7)]


def test_the_weightiest_are_known_gaps_of_certificates_and_occupations(analysis):
    everything = weightiest(replace(analysis, profile=replace(analysis.profile, weightiest=1000)))
    known = [
        cell
        for coverage in analysis.coverages
        if coverage.target.basis != "stage"
        for cell in coverage.cells
        if cell.verdict.state in ("partial", "no-match")
    ]
    assert len(everything) == len(known)
    weights = [gap.cell.weight for gap in everything]
    weighed = [weight for weight in weights if weight is not None]
    assert weighed == sorted(weighed, reverse=True)
    assert weights[: len(weighed)] == weighed  # what has no weight comes after all that has


def test_each_weighty_gap_brings_the_findings_that_explain_it(analysis):
    for gap in weightiest(analysis):
        assert gap.findings
        for finding in gap.findings:
            assert finding.subject == gap.cell.requirement.thing
            assert finding.source == gap.coverage.target.source
            assert (finding.due_for, finding.point) == (gap.coverage.target.due_for, gap.cell.requirement.point)


def test_what_two_certificates_share_counts_once(analysis):
    first = next(c for c in analysis.coverages if c.target.basis == "certificate")
    later = replace(first.target, due_for=Thing("urn:later", "LATER", Text("另一证书", "Other")), due_term=6)
    second = replace(first, target=later)
    twins = [replace(f, due_for=later.due_for) for f in analysis.findings if f.due_for == first.target.due_for]
    both = replace(analysis, coverages=(first, second), findings=(*analysis.findings, *twins))
    alone = replace(analysis, coverages=(first,))
    assert "的 77 条要求" in headline(both).zh
    assert "证书“另一证书”" in headline(both).zh
    assert headline(both).zh.partition("：")[2] == headline(alone).zh.partition("：")[2]
    assert weightiest(both) == weightiest(alone), "with the findings of the one certificate only"


def test_without_a_gap_the_sentence_says_so(analysis):
    first = analysis.coverages[0]
    covered = tuple(cell for cell in first.cells if cell.verdict.state == "covered")
    said = headline(replace(analysis, coverages=(replace(first, cells=covered),)))
    assert "没有已知缺口" in said.zh
    assert "there is no known gap" in said.en


@pytest.mark.parametrize(("names", "said"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_names_as_english_lists_them(names, said):
    assert listed(names) == said


@pytest.mark.parametrize(
    ("basis", "zh", "en"),
    [
        ("certificate", "证书 四级", "certificate Level 4"),
        ("stage", "阶段 四级", "stage Level 4"),
        ("occupation", "职业 车工 6-18 的主要工作任务", "main tasks of occupation Turner 6-18"),
        ("asked", "来源 车工", "source Turner"),
    ],
)
def test_what_a_target_is_called(basis, zh, en):
    source = Thing("urn:s", "6-18", Text("车工", "Turner"))
    due_for = Thing("urn:d", "C4", Text("四级", "Level 4"))
    assert target_name(Target(Thing("urn:t"), source, due_for, basis, 3)) == Text(zh, en)


def test_every_state_has_a_word_of_its_own():
    for language in LANGUAGES:
        assert len({state_name(state)(language) for state in STATES}) == len(STATES)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0"),
        (3.0, "3"),
        (7.5, "7.5"),
        (Fraction(30, 7), "4.29"),
        (Fraction(1, 3), "0.33"),
        (Fraction(100), "100"),
        (1000, "1000"),
        (Fraction(1, 1000), "0"),
    ],
)
def test_figures(value, shown):
    assert figure(value) == shown


def test_a_figure_with_no_places_keeps_its_zeros():
    assert figure(120, 0) == "120"


def test_a_share_has_its_denominator():
    tally = Tally(covered=Fraction(65), partial=Fraction(12))
    assert share("partial", tally) == "12/77 (15.6 %)"
    assert share("partial", Tally()) == "0/0"


@given(st.lists(st.fractions(0, 100, max_denominator=60), min_size=4, max_size=4))
def test_figures_that_are_shown_add_up(parts):
    exact = Tally(*parts)
    shown = as_shown(exact)
    assert shown.denominator == round(exact.denominator, 2)
    for state in STATES:
        assert abs(shown.of(state) - exact.of(state)) <= Fraction(1, 100)
        assert (shown.of(state) * 100).denominator == 1


def test_a_third_thrice_is_one():
    tally = Tally(Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))
    assert [figure(as_shown(tally).of(state)) for state in STATES] == ["0.34", "0.33", "0.33", "0"]
    assert fraction("known_gap", tally) == "0.66/1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_a_reason_in_words(analysis, language):
    for finding in analysis.findings:
        said = reason(finding, language)
        assert said
        assert "{" not in said
        assert "None" not in said
        of_table = finding.code in ("ZJ-C13", "ZJ-D03")
        if finding.object and finding.object.code and not of_table:
            assert finding.object.code in said


def test_a_depth_has_its_word():
    assert depth_name(3, "zh") == "3（掌握）"
    assert depth_name(3.0, "en") == "3 (masters)"
    assert depth_name(None, "zh") == "未写明"


def finding(code, measured, threshold):
    course = Thing("urn:c", "C1", Text("车工", "Turning"))
    return Finding(
        code, "warning", Thing("urn:x"), "certificate", object=course, measured=measured, threshold=threshold
    )


def test_reasons_name_measured_value_and_threshold():
    assert reason(finding("ZJ-C02", 1, 3), "zh") == "车工（C1）达到深度 1（了解），要求 3（掌握）"
    assert reason(finding("ZJ-C02", None, 3), "en") == "Turning (C1) reaches depth not stated; 3 (masters) is required"
    assert reason(finding("ZJ-C03", 5, 3), "zh") == "车工（C1）第 5 学期才学完，应在第 3 学期学完"
    assert reason(finding("ZJ-C14", 8.0, 12.0), "en") == "Turning (C1) gives it 8 hours; 12 are required"
    assert reason(finding("ZJ-C14", None, 12.0), "zh") == "车工（C1）用 未写明 学时，要求 12"
    assert reason(finding("ZJ-C04", False, True), "zh") == "车工（C1）不考核，要求考核"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.25", "1.3"), ("1.35", "1.4"), ("0.05", "0.1"), ("-1.25", "-1.3"),
        ("2", "2"), ("0", "0"), ("0.04", "0"), ("99.95", "100"),
    ],
)  # fmt: skip
def test_figures_are_rounded_as_people_round(value, shown):
    assert figure(Fraction(value), 1) == shown


def test_a_depth_that_only_a_rule_asks_for_says_so(example_store):
    analysis = analyse(example_store, find_programme(example_store, "460103"))
    shallow = [finding for finding in analysis.findings if finding.code == "ZJ-C02"]
    by_rule = [finding for finding in shallow if finding.threshold_by_rule]
    assert by_rule
    for finding in by_rule:
        assert "标准未写明" in reason(finding, "zh")
        assert "rule of ours" in reason(finding, "en")
    assert not any("标准未写明" in reason(f, "zh") for f in analysis.findings if not f.threshold_by_rule)
