"""The gap report as lines and tables for a terminal."""

from collections.abc import Sequence

from ..analysis import GapAnalysis
from ..findings import STATES, Coverage, Evidence, Finding, Grid, Table, Tally
from ..texts import Language, say
from .summary import as_shown, figure, fraction, headline, notice, reason, target_name, weightiest


def opening(analysis: GapAnalysis, language: Language) -> list[str]:
    """The answer in one sentence, and what has to be said about the data."""
    lines = [headline(analysis)(language)]
    if said := notice(analysis):
        lines.append(said(language))
    return lines


def totals_grids(analysis: GapAnalysis, language: Language) -> list[Grid]:
    """For each target the four states and the three readings, counted in items and by weight."""
    return [_totals_grid(coverage, language) for coverage in analysis.coverages]


def _totals_grid(coverage: Coverage, language: Language) -> Grid:
    target = coverage.target
    states = tuple(say(f"report.terminal.{state}")(language) for state in STATES)
    readings = tuple(say(f"report.reading.{name}")(language) for name in ("known_gap", "upper_bound", "reviewed"))
    first = tuple(say(f"report.terminal.{key}")(language) for key in ("table", "of"))
    headings = (*first, *states, *readings)
    caption = say("report.terminal.due")(language, name=target_name(target), term=target.due_term)
    rows = tuple(_totals_row(coverage, table, language) for table in coverage.totals.all)
    return Grid(caption, headings, rows, frozenset(range(1, len(headings))))


def _totals_row(coverage: Coverage, table: Table, language: Language) -> tuple[str, ...]:
    tally, reviewed = coverage.totals.all[table], coverage.totals.reviewed[table]
    return (
        say(f"report.table.{table}")(language),
        _denominator(tally),
        *(figure(as_shown(tally).of(state)) for state in STATES),
        fraction("known_gap", tally),
        fraction("upper_bound", tally),
        fraction("covered", reviewed),
    )


def _denominator(tally: Tally) -> str:
    plain = figure(tally.denominator)
    return plain if tally.stated in (None, tally.denominator) else f"{plain}/{figure(tally.stated)}"


def weightiest_grid(analysis: GapAnalysis, language: Language) -> Grid:
    """The gaps that weigh most, each with its reason; where there is none, the words for that and no rows."""
    apart = "；" if language == "zh" else "; "
    rows = tuple(
        (
            _weight(gap.cell.weight, gap.cell.requirement.table, gap.coverage, language),
            target_name(gap.coverage.target)(language),
            gap.cell.requirement.thing.name(language),
            apart.join(reason(finding, language) for finding in gap.findings),
        )
        for gap in weightiest(analysis)
    )
    if not rows:
        return Grid("", (say("report.page.weightiest_none")(language),), ())
    keys = ("weight", "target", "requirement", "why")
    headings = tuple(say(f"report.terminal.{key}")(language) for key in keys)
    return Grid(say("report.terminal.weightiest")(language, count=len(rows)), headings, rows)


def _weight(weight: object, table: Table, coverage: Coverage, language: Language) -> str:
    if weight is None:
        return say("report.terminal.one_of")(language, count=len(coverage.cells))
    of = coverage.totals.all[table].denominator
    return f"{figure(weight)}/{figure(of)} {say(f'report.table.{table}')(language)}"  # type: ignore[arg-type]


def findings_grid(analysis: GapAnalysis, findings: Sequence[Finding], language: Language) -> Grid:
    """Findings with their reasons and the cells that prove them."""
    rows = tuple(
        (
            finding.code,
            analysis.profile.codes[finding.code].title(language),
            finding.source.name(language) if finding.source else "",
            _named(finding, language),
            reason(finding, language),
            " ".join(_place(evidence) for evidence in finding.evidence),
        )
        for finding in findings
    )
    keys = ("code", "finding", "target", "requirement", "why", "evidence")
    headings = tuple(say(f"report.terminal.{key}")(language) for key in keys)
    return Grid(say("report.terminal.findings")(language, count=len(rows)), headings, rows)


def _named(finding: Finding, language: Language) -> str:
    code = finding.subject.code
    return f"{code} {finding.subject.name(language)}" if code else finding.subject.name(language)


def _place(evidence: Evidence) -> str:
    return f"{evidence.source}:{evidence.locator}"
