"""The HTML report before it is drawn: what stands where, with its footnotes.

Nothing is judged here; the template draws what this module arranges.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..analysis import GapAnalysis
from ..analysis.profile import CodePolicy
from ..analysis.shape import HOURS, INDICATORS
from ..findings import (
    STATES,
    Coverage,
    Finding,
    Group,
    Provenance,
    Requirement,
    Severity,
    State,
    Table,
    Tally,
    Thing,
)
from ..queries import find_query
from ..texts import Text
from .summary import WeightyGap, as_shown, target_name, weightiest

_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
_STANDARD_DATA = "ZJ-D"


@dataclass(frozen=True, slots=True)
class Footnote:
    """A named query with the parameters that gave a number: ``Q3``, what it answers, and how to ask it."""

    mark: str
    summary: Text
    query: str
    given: tuple[tuple[str, str], ...]

    @property
    def command(self) -> str:
        """How it is asked on the command line."""
        return " ".join(("zhiji query", self.query, *(f"--param {name}={value}" for name, value in self.given)))


class Footnotes:
    """The footnotes of a report, numbered in the order in which they are first asked for."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        """Footnotes that write an entity by its code where ``codes`` (by IRI) knows one."""
        self._codes = codes
        self._marks: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}

    def mark(self, query: str, parameters: Iterable[tuple[str, str]]) -> str:
        """The mark of a query with its parameters; those that the query does not take are left out."""
        taken = {parameter.name for parameter in find_query(query).parameters}
        bound = tuple((name, value) for name, value in parameters if name in taken)
        return self._marks.setdefault((query, bound), f"Q{len(self._marks) + 1}")

    def of(self, provenance: Provenance) -> str:
        """The mark of what gave a finding."""
        return self.mark(provenance.query, provenance.parameters)

    def listed(self) -> list[Footnote]:
        """All of them, in order."""
        return [
            Footnote(mark, find_query(query).summary, query, self._given(bound))
            for (query, bound), mark in self._marks.items()
        ]

    def _given(self, bound: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((name, self._codes.get(value) or value) for name, value in bound)


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one code and severity. ``suggestion`` is what all of them suggest, if it is one thing."""

    code: str
    severity: Severity
    policy: CodePolicy
    mark: str
    findings: tuple[Finding, ...]
    suggestion: Text | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a bar: its state, its figure, and where it begins and how long it is, in percent."""

    state: State
    figure: Fraction
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the matrix: a function (depth 0) or one of its work contents (depth 1)."""

    group: Group
    depth: int


@dataclass(frozen=True, slots=True)
class Part:
    """A target as the report shows it: its coverage, its matrix, its findings and its footnotes."""

    anchor: str
    name: Text
    coverage: Coverage
    marks: tuple[str, ...]
    groups: tuple[FindingGroup, ...]
    data_groups: tuple[FindingGroup, ...]
    requirements: Mapping[str, Requirement]
    certificate: Coverage | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The matrix row by row; a work content named like its only function is not repeated."""
        rows: list[Line] = []
        for function in self.coverage.functions:
            rows.append(Line(function, 0))
            if [work.thing.label for work in function.groups] != [function.thing.label]:
                rows.extend(Line(work, 1) for work in function.groups)
        return tuple(rows)

    @property
    def bars(self) -> tuple[tuple[Table, Tally, tuple[Stretch, ...]], ...]:
        """A bar for each table that has a denominator."""
        tallies = self.coverage.totals.all.items()
        return tuple((table, tally, stretches(tally)) for table, tally in tallies if tally.denominator)


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report: what it aims at, the stages apart, the plan's own findings, the footnotes."""

    analysis: GapAnalysis
    targets: tuple[Part, ...]
    stages: tuple[Part, ...]
    weightiest: tuple[WeightyGap, ...]
    plan: tuple[FindingGroup, ...]
    policy: tuple[FindingGroup, ...]
    group: tuple[FindingGroup, ...]
    shape_marks: tuple[str, ...]
    footnotes: tuple[Footnote, ...]


def arrange(analysis: GapAnalysis) -> Page:
    """Put a gap analysis in the order in which it is read.

    Args:
        analysis: what was found.

    Returns:
        The page; every finding of the analysis stands on it exactly once.
    """
    notes = Footnotes(_codes(analysis))
    parts = [_part(analysis, coverage, number, notes) for number, coverage in enumerate(analysis.coverages, 1)]
    return Page(
        analysis=analysis,
        targets=tuple(part for part in parts if part.coverage.target.basis != "stage"),
        stages=tuple(part for part in parts if part.coverage.target.basis == "stage"),
        weightiest=tuple(weightiest(analysis)),
        plan=grouped(analysis, (f for f in analysis.findings if f.basis == "plan"), notes),
        policy=grouped(analysis, (f for f in analysis.findings if f.basis == "policy"), notes),
        group=grouped(analysis, (f for f in analysis.findings if f.basis == "group"), notes),
        shape_marks=_shape_marks(analysis, notes),
        footnotes=tuple(notes.listed()),
    )


def _shape_marks(analysis: GapAnalysis, notes: Footnotes) -> tuple[str, ...]:
    if not analysis.shape.courses:
        return ()
    bound = (("programme", analysis.programme.thing.iri),)
    return tuple(notes.mark(query, bound) for query in (HOURS, INDICATORS))


def grouped(analysis: GapAnalysis, findings: Iterable[Finding], notes: Footnotes) -> tuple[FindingGroup, ...]:
    """Findings by code and severity, the severest first."""
    groups: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((_RANK[finding.severity], finding.code), []).append(finding)
    return tuple(_group(analysis, groups[key], notes) for key in sorted(groups))


def stretches(tally: Tally) -> tuple[Stretch, ...]:
    """The states of a tally that are not nothing, as parts of a bar that is 100 long."""
    parts: list[Stretch] = []
    start = Fraction(0)
    for state in STATES:
        figure = tally.of(state)
        if figure:
            length = 100 * figure / tally.denominator
            parts.append(Stretch(state, as_shown(tally).of(state), round(float(start), 3), round(float(length), 3)))
            start += length
    return tuple(parts)


def _group(analysis: GapAnalysis, findings: Sequence[Finding], notes: Footnotes) -> FindingGroup:
    first = findings[0]
    suggestions = {finding.suggestion for finding in findings}
    return FindingGroup(
        code=first.code,
        severity=first.severity,
        policy=analysis.profile.codes[first.code],
        mark=notes.of(first.provenance),
        findings=tuple(findings),
        suggestion=first.suggestion if len(suggestions) == 1 else None,
    )


def _part(analysis: GapAnalysis, coverage: Coverage, number: int, notes: Footnotes) -> Part:
    marks = _marks(analysis, coverage, notes)
    own = [finding for finding in analysis.findings if _belongs(finding, coverage)]
    of_data = [finding for finding in own if finding.code.startswith(_STANDARD_DATA)]
    of_cells = [finding for finding in own if not finding.code.startswith(_STANDARD_DATA)]
    return Part(
        anchor=f"t{number}",
        name=target_name(coverage.target),
        coverage=coverage,
        marks=marks,
        groups=grouped(analysis, of_cells, notes),
        data_groups=grouped(analysis, of_data, notes),
        requirements={cell.requirement.thing.iri: cell.requirement for cell in coverage.cells},
        certificate=_certificate(analysis, coverage) if coverage.target.basis == "stage" else None,
    )


def _belongs(finding: Finding, coverage: Coverage) -> bool:
    target = coverage.target
    source = target.due_for if target.basis == "stage" else target.source
    return (finding.basis, finding.source, finding.due_for) == (target.basis, source, target.due_for)


def _certificate(analysis: GapAnalysis, stage: Coverage) -> Coverage | None:
    same = (c for c in analysis.coverages if c.target.source == stage.target.source)
    return next((coverage for coverage in same if coverage.target.basis == "certificate"), None)


def _marks(analysis: GapAnalysis, coverage: Coverage, notes: Footnotes) -> tuple[str, ...]:
    bound = (("programme", analysis.programme.thing.iri), ("source", coverage.target.source.iri))
    queries = ["coverage", "requirements", "examinations", *(["weights"] if coverage.weighted else [])]
    return tuple(notes.mark(query, bound) for query in queries)


def _codes(analysis: GapAnalysis) -> dict[str, str]:
    named: list[Thing] = [analysis.programme.thing]
    named += [thing for c in analysis.coverages for thing in (c.target.source, c.target.due_for)]
    return {thing.iri: thing.code for thing in named}
