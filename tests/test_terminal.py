"""The report for the terminal: every figure is one of the analysis."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.report.summary import fraction
from zhiji_kg.report.terminal import findings_grid, opening, totals_grids, weightiest_grid
from zhiji_kg.writers.xlsx import width_of

LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def higher(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


@pytest.fixture(scope="module")
def small(two_plans):
    return analyse(two_plans, find_programme(two_plans, "P1"))


def in_figures(value):
    return f"{round(float(value), 2):g}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_comes_first_with_the_sums_over_the_certificates(higher, language):
    sentence = opening(higher, language)[0]
    certificates = [c.totals.all["items"] for c in higher.coverages if c.target.basis == "certificate"]
    for part in ("covered", "denominator", "known_gap", "partial", "no_match", "not_examined"):
        total = in_figures(sum(getattr(tally, part) for tally in certificates))
        assert re.search(rf"(?<!\d){total}(?!\d)", sentence), part
    assert ("数控技术" if language == "zh" else "CNC Technology") in sentence


def test_an_example_is_said_to_be_one(higher, small):
    assert len(opening(higher, "zh")) == 2
    assert "示例" in opening(higher, "zh")[1]
    assert "Example" in opening(higher, "en")[1]
    assert len(opening(small, "zh")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_totals_are_those_of_the_analysis(higher, language):
    grids = totals_grids(higher, language)
    assert len(grids) == len(higher.coverages) == 5
    for grid, coverage in zip(grids, higher.coverages, strict=True):
        assert all(len(row) == len(grid.headings) == 9 for row in grid.rows)
        for row, (table, tally) in zip(grid.rows, coverage.totals.all.items(), strict=True):
            reviewed = coverage.totals.reviewed[table]
            states = (tally.covered, tally.partial, tally.no_match, tally.not_examined)
            assert [float(cell) for cell in row[2:6]] == pytest.approx([float(state) for state in states], abs=0.01)
            assert sum(map(Fraction, row[2:6])) == Fraction(row[1].split("/")[0])
            assert row[6] == fraction("known_gap", tally)
            assert row[7] == fraction("upper_bound", tally)
            assert row[8] == f"{in_figures(reviewed.covered)}/{in_figures(reviewed.denominator)}"
            assert row[1].split("/")[0] == in_figures(tally.denominator)


def test_what_a_weight_column_states_stands_beside_what_has_items(higher):
    cells = {row[:2] for grid in totals_grids(higher, "en") for row in grid.rows}
    assert ("theory weight", "95/100") in cells
    assert ("theory weight", "100") in cells


def test_a_target_is_named_with_its_term(higher):
    named = [grid.caption for grid in totals_grids(higher, "en")]
    assert named[0] == "certificate 数控车工四级 (due in term 3)"
    assert [re.search(r"term (\d)", name)[1] for name in named] == ["3", "4", "6", "2", "4"]


def test_the_totals_fit_a_narrow_terminal(higher):
    """Eighty columns, Chinese counting two."""
    for grid in totals_grids(higher, "zh"):
        columns = zip(grid.headings, *grid.rows, strict=True)
        widest = [max(width_of(cell) for cell in column) for column in columns]
        assert sum(widest) + len(widest) + 2 <= 80


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weightiest_gaps_are_no_lighter_than_any_other(higher, language):
    grid = weightiest_grid(higher, language)
    assert len(grid.rows) == higher.profile.weightiest == 5
    shown = [float(row[0].split("/")[0]) for row in grid.rows]
    assert shown == sorted(shown, reverse=True)
    weights = sorted(
        (
            round(float(cell.weight), 2)
            for coverage in higher.coverages
            if coverage.target.basis != "stage"
            for cell in coverage.cells
            if cell.weight is not None and cell.verdict.state in ("partial", "no-match")
        ),
        reverse=True,
    )
    assert shown == weights[:5]
    assert all(row[3] for row in grid.rows), "each with its reason"


@pytest.mark.parametrize(("language", "said"), [("zh", "没有已知缺口。"), ("en", "There is no known gap.")])
def test_without_a_gap_there_are_words_and_no_table(higher, language, said):
    grid = weightiest_grid(replace(higher, coverages=()), language)
    assert (grid.caption, grid.headings, grid.rows) == ("", (said,), ())


def test_english_lists_are_english(higher):
    for grid in (weightiest_grid(higher, "en"), findings_grid(higher, higher.findings, "en")):
        assert not [cell for row in grid.rows for cell in row if "；" in cell or "、" in cell]


def test_without_weights_a_gap_is_one_of_so_many(small):
    rows = weightiest_grid(small, "en").rows
    assert len(rows) == 3
    assert {re.search(r"\d+", row[0].replace("1 of", ""))[0] for row in rows} == {"5", "1"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_finding_is_a_row_with_its_evidence(higher, language):
    grid = findings_grid(higher, higher.findings, language)
    assert [row[0] for row in grid.rows] == [finding.code for finding in higher.findings]
    assert str(len(higher.findings)) in grid.caption
    for row, finding in zip(grid.rows, higher.findings, strict=True):
        assert row[3].startswith(finding.subject.code)
        assert row[4]
        assert row[5].split() == [f"{e.source}:{e.locator}" for e in finding.evidence]
        for value in (finding.measured, finding.threshold):
            if finding.code in ("ZJ-C03", "ZJ-C14", "ZJ-C07"):
                assert re.search(rf"(?<!\d){value:g}(?!\d)", row[4])


def test_no_findings_give_an_empty_grid(small):
    grid = findings_grid(small, (), "zh")
    assert grid.rows == ()
    assert len(grid.headings) == 6
