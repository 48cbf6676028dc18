"""The gap report as an xlsx workbook: one sheet a view, one heading a column, the same in every run.

Which sheets and columns there are, and what they are called in zh and en, stands in
``layouts/report.toml``. Numbers are numbers; everything else is text and never a formula.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from ..analysis import GapAnalysis
from ..analysis.shape import HOURS, INDICATORS
from ..findings import STATES, Cell, Coverage, Evidence, Finding, Group, Tally, Thing, Totals
from ..resources import LAYOUTS, package_version
from ..texts import LIST_MARK, Language, Text, say, text_of
from ..writers.files import write_whole
from ..writers.xlsx import Book, Role, Sheet
from ..writers.xlsx import Cell as Value
from .summary import as_shown, headline, notice, reason, state_name, target_name
from .words import place_name, profile_name

Row = dict[str, Value]
Asked = tuple[str, tuple[tuple[str, str], ...]]
"""A query by its name, with its parameters."""
_PLACES = 6  # decimals of a figure; one third of a percent point is no number of Excel's
_HEADING_ROWS = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its heading in zh and en, its width in half-width characters."""

    key: str
    heading: Text
    width: float


@dataclass(frozen=True, slots=True)
class View:
    """A sheet: its key, its name in zh and en, and its columns in order."""

    key: str
    name: Text
    columns: tuple[Column, ...]


@cache
def views() -> tuple[View, ...]:
    """The sheets of the report, as ``layouts/report.toml`` lists them."""
    data = tomllib.loads((LAYOUTS / "report.toml").read_text(encoding="utf-8"))
    return tuple(
        View(
            sheet["key"],
            text_of(sheet["name"]),
            tuple(Column(column["key"], text_of(column), column["width"]) for column in sheet["columns"]),
        )
        for sheet in data["sheet"]
    )


def write_xlsx(analysis: GapAnalysis, path: Path, language: Language) -> None:
    """Write the gap report as a workbook.

    Args:
        analysis: what was found.
        path: the file; it is replaced in one step.
        language: of names, headings and words.

    Raises:
        CannotRunError: when the file cannot be written; an old file is then untouched.
    """
    write_whole(path, report_book(analysis, language))


def report_book(analysis: GapAnalysis, language: Language) -> bytes:
    """The gap report as a workbook in memory.

    Args:
        analysis: what was found.
        language: of names, headings and words.
    """
    book = Book()
    for view in views():
        _fill(book.sheet(view.name(language)), view, _ROWS[view.key](analysis, language), language)
    return book.content()


def _fill(sheet: Sheet, view: View, rows: Iterable[Row], language: Language) -> None:
    sheet.widths([column.width for column in view.columns])
    sheet.row(0, [column.heading(language) for column in view.columns], "heading")
    last = 0
    for last, row in enumerate(rows, start=_HEADING_ROWS):
        for place, column in enumerate(view.columns):
            value = row[column.key]
            sheet.cell(last, place, value, _role(column.key, value, row))
    sheet.freeze(_HEADING_ROWS)
    sheet.autofilter(0, 0, last, len(view.columns) - 1)


def _role(key: str, value: Value, row: Row) -> Role:
    if key in ("state", "reviewed_state"):
        return row[f"_{key}"]  # type: ignore[return-value]  # the state's own code is the role of its look
    if isinstance(value, str):
        return "wrap"
    return "number"


def _summary(analysis: GapAnalysis, language: Language) -> Iterator[Row]:
    for coverage in analysis.coverages:
        parameters = {"programme": analysis.programme.thing.iri, "source": coverage.target.source.iri}
        for counted in _counted(coverage.totals, language):
            yield {
                **_target(coverage, language),
                "due_term": coverage.target.due_term,
                **counted,
                "grade": _grades(_evidence_of(coverage.cells), language),
                "query": "coverage",
                "parameters": _parameters(parameters.items()),
                "version": analysis.graph.version or analysis.graph.place,
            }


def _functions(analysis: GapAnalysis, language: Language) -> Iterator[Row]:
    for coverage in analysis.coverages:
        for function in coverage.functions:
            yield from _group(coverage, function, None, language)
            for work in function.groups:
                yield from _group(coverage, function, work, language)


def _group(coverage: Coverage, function: Group, work: Group | None, language: Language) -> Iterator[Row]:
    own = [cell for cell in coverage.cells if cell.requirement.function == function.thing]
    if work:
        own = [cell for cell in own if cell.requirement.work == work.thing]
    for counted in _counted((work or function).totals, language):
        yield {
            **_target(coverage, language),
            "level": _word("work" if work else "function", language),
            "function": function.thing.name(language),
            "work": work.thing.name(language) if work else None,
            **counted,
            "grade": _grades(_evidence_of(own), language),
        }


def _cells(analysis: GapAnalysis, language: Language) -> Iterator[Row]:
    for coverage in analysis.coverages:
        for cell in coverage.cells:
            yield {
                **_target(coverage, language),
                **_required(cell, language),
                **_judged(cell, language),
                **_weighed(coverage, cell, language),
                **_proved(_evidence_of([cell]), language),
            }


def _required(cell: Cell, language: Language) -> Row:
    requirement, demand = cell.requirement, cell.demand
    depth_from = "stated" if demand.depth_is_stated else "rule"
    return {
        "requirement": requirement.thing.code,
        "label": requirement.thing.name(language),
        "kind": say(f"report.kind.{requirement.kind}")(language),
        "function": _name(requirement.function, language),
        "work": _name(requirement.work, language),
        "point": requirement.point.code,
        "least_depth": demand.least_depth,
        "least_depth_from": None if demand.least_depth is None else _word(depth_from, language),
        "due_term": demand.due_term,
        "least_hours": demand.least_hours,
        "must_be_assessed": _yes(demand.must_be_assessed, language),
    }


def _judged(cell: Cell, language: Language) -> Row:
    chosen = cell.verdict.chosen
    return {
        "state": state_name(cell.verdict.state)(language),
        "_state": cell.verdict.state,
        "reviewed_state": state_name(cell.reviewed.state)(language),
        "_reviewed_state": cell.reviewed.state,
        "reasons": " ".join(shortfall.code for shortfall in cell.verdict.shortfalls),
        "course": chosen.course.code if chosen else None,
        "course_label": _name(chosen.course, language) if chosen else None,
        "depth": chosen.depth if chosen else None,
        "last_term": chosen.last_term if chosen else None,
        "hours": chosen.hours if chosen else None,
        "assessed": _yes(chosen.assessed, language) if chosen else None,
    }


def _weighed(coverage: Coverage, cell: Cell, language: Language) -> Row:
    tally = coverage.totals.all.get(cell.requirement.table)
    weighed = cell.weight is not None and tally is not None
    return {
        "weight": _number(cell.weight),
        "weight_of": _number(tally.denominator) if weighed and tally else None,
        "table": say(f"report.table.{cell.requirement.table}" if weighed else "report.weight.none")(language),
    }


def _findings(analysis: GapAnalysis, language: Language) -> Iterator[Row]:
    for finding in analysis.findings:
        yield {
            "code": finding.code,
            "severity": say(f"report.severity.{finding.severity}")(language),
            "title": analysis.profile.codes[finding.code].title(language),
            "basis": _word(f"basis_{finding.basis}", language),
            "source": finding.source.code if finding.source else None,
            "due_for": finding.due_for.code if finding.due_for else None,
            "subject": finding.subject.code,
            "subject_label": finding.subject.name(language),
            "point": finding.point.code if finding.point else None,
            "object": finding.object.code if finding.object else None,
            "object_label": _name(finding.object, language),
            "reason": reason(finding, language),
            "suggestion": finding.suggestion(language),
            **_measured(finding, language),
            **_proved(finding.evidence, language),
            "query": finding.provenance.query,
            "parameters": _parameters(finding.provenance.parameters),
            "version": finding.provenance.version,
            "sha256": finding.provenance.sha256,
        }


def _measured(finding: Finding, language: Language) -> Row:
    weighed = finding.weight is not None
    return {
        "measured": _plain(finding.measured, language),
        "threshold": _plain(finding.threshold, language),
        "weight": _number(finding.weight),
        "table": say(f"report.table.{finding.table}" if weighed else "report.weight.none")(language),
    }


def _documents(analysis: GapAnalysis, language: Language) -> Iterator[Row]:
    for document in analysis.documents:
        yield {
            "identifier": document.identifier,
            "title": document.title,
            "grade": say(f"report.grade.{document.grade}")(language),
            "source": document.source,
            "licence": document.licence,
        }


def _hours(analysis: GapAnalysis, language: Language) -> Iterator[Row]:
    shape = analysis.shape
    for load in shape.loads if shape.courses else ():
        yield {
            "stage": place_name(load.stage, "no_stage", language),
            "module": place_name(load.module, "no_module", language),
            "courses": load.courses,
            "of_courses": shape.courses,
            "hours": _number(load.hours),
            "of_hours": _number(shape.hours),
        }


def _indicators(analysis: GapAnalysis, language: Language) -> Iterator[Row]:
    shape = analysis.shape
    for support in shape.supports if shape.courses else ():
        yield {
            "code": support.indicator.code,
            "indicator": support.indicator.name(language),
            "courses": support.courses,
            "of_courses": shape.courses,
            "points": support.points,
        }


def _about(analysis: GapAnalysis, language: Language) -> Iterator[Row]:
    programme = analysis.programme
    told: list[tuple[str, str]] = [(say("report.title")(language), headline(analysis)(language))]
    if said := notice(analysis):
        told.append((say("report.page.notice")(language), said(language)))
    told += [
        (say("report.page.programme")(language), f"{programme.thing.code} {programme.thing.name(language)}"),
        (say("report.page.school")(language), programme.school),
        *([(say("report.page.asked")(language), analysis.asked)] if analysis.asked else []),
        (say("report.page.version")(language), analysis.graph.version or analysis.graph.place),
        (say("report.page.hash")(language), analysis.graph.sha256),
        (say("report.page.profile")(language), profile_name(analysis.profile, language)),
        (_word("tool", language), f"zhiji-kg {package_version()}"),
        *_origins(analysis, language),
        *_definitions(analysis, language),
    ]
    for what, value in told:
        yield {"what": what, "value": value}


def _origins(analysis: GapAnalysis, language: Language) -> Iterator[tuple[str, str]]:
    """For each sheet the queries with their parameters, and the graph, that give it."""
    graph = f"{analysis.graph.version or analysis.graph.place} · {analysis.graph.sha256}"
    asked = _asked(analysis)
    for view in views():
        if queries := asked.get(view.key):
            lines = [" ".join((query, *(f"{k}={v}" for k, v in bound))) for query, bound in dict.fromkeys(queries)]
            yield say("report.sheet.from")(language, sheet=view.name), "\n".join([*lines, graph])


def _asked(analysis: GapAnalysis) -> dict[str, list[Asked]]:
    """The queries with their parameters behind each sheet, by its key."""
    programme = ("programme", analysis.programme.thing.iri)
    sources = {coverage.target.source.iri: coverage.weighted for coverage in analysis.coverages}
    cells: list[Asked] = [("targets", (programme,)), ("examinations", (programme,))]
    documents: list[Asked] = [("sources", ())]
    for source, weighted in sources.items():
        bound = ("source", source)
        cells += [("coverage", (programme, bound)), ("requirements", (bound,))]
        cells += [("weights", (bound,))] if weighted else []
        documents.append(("evidence", (programme, bound)))
    findings = [*cells, *((f.provenance.query, f.provenance.parameters) for f in analysis.findings)]
    shape: dict[str, list[Asked]] = {"hours": [(HOURS, (programme,))], "indicators": [(INDICATORS, (programme,))]}
    return {"summary": cells, "functions": cells, "cells": cells, "findings": findings, "documents": documents, **shape}


def _definitions(analysis: GapAnalysis, language: Language) -> Iterator[tuple[str, str]]:
    for state in STATES:
        yield state_name(state)(language), say(f"report.means.{state}")(language)
    for reading in ("known_gap", "upper_bound", "reviewed"):
        yield say(f"report.reading.{reading}")(language), say(f"report.means.{reading}")(language)
    words = " · ".join(f"{depth} {say(f'report.depth.{depth}')(language)}" for depth in (1, 2, 3, 4))
    rule = say("report.means.depth")(language, **analysis.profile.depth)
    yield say("report.page.depths_is")(language), f"{words}。{rule}" if language == "zh" else f"{words}. {rule}"
    shown = say("report.table.stated_short")(language, denominator=95, stated=100)
    yield say("report.page.weights_is")(language), say("report.means.weight")(language, example=shown)
    for grade in ("direct", "rule", "inferred", "example"):
        yield say(f"report.grade.{grade}")(language), say(f"report.means.{grade}")(language)


def _target(coverage: Coverage, language: Language) -> Row:
    target = coverage.target
    return {
        "basis": _word(f"basis_{target.basis}", language),
        "target": target_name(target)(language),
        "source": target.source.code,
    }


def _counted(totals: Totals, language: Language) -> Iterator[Row]:
    for reading, tallies in (("all", totals.all), ("reviewed", totals.reviewed)):
        for table, tally in tallies.items():
            yield {
                "table": say(f"report.table.{table}")(language),
                "reading": say(f"report.reading.{reading}")(language),
                **_tally(tally),
            }


def _tally(tally: Tally) -> Row:
    tally = as_shown(tally)
    return {
        "required": _number(tally.denominator),
        "covered": _number(tally.covered),
        "partial": _number(tally.partial),
        "no_match": _number(tally.no_match),
        "not_examined": _number(tally.not_examined),
        "known_gap": _number(tally.known_gap),
        "upper_bound": _number(tally.upper_bound),
        "stated": _number(tally.stated),
    }


def _evidence_of(cells: Iterable[Cell]) -> list[Evidence]:
    found: list[Evidence] = []
    for cell in cells:
        chosen = [cell.verdict.chosen.coverage] if cell.verdict.chosen else []
        found += [cell.requirement.evidence, *chosen, *cell.examinations]
    return found


def _proved(evidence: Iterable[Evidence], language: Language) -> Row:
    told = list(evidence)
    reviewers = dict.fromkeys(e.reviewer for e in told if e.reviewer)
    return {
        "evidence": "\n".join(f"{e.source} · {e.locator}" for e in told),
        "grade": _grades(told, language),
        "reviewer": LIST_MARK[language].join(reviewers),
    }


def _grades(evidence: Iterable[Evidence], language: Language) -> str:
    grades = dict.fromkeys(e.grade for e in evidence if e.grade)
    return LIST_MARK[language].join(say(f"report.grade.{grade}")(language) for grade in sorted(grades))


def _parameters(parameters: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name}={value}" for name, value in parameters)


def _word(key: str, language: Language) -> str:
    return say(f"report.sheet.{key}")(language)


def _name(thing: Thing | None, language: Language) -> str | None:
    return thing.name(language) if thing else None


def _yes(value: bool, language: Language) -> str:
    return say(f"report.{'yes' if value else 'no'}")(language)


def _plain(value: float | bool | str | None, language: Language) -> Value:
    if isinstance(value, bool):
        return _yes(value, language)
    return _number(value) if isinstance(value, (int, float)) else value


def _number(value: Fraction | float | None) -> float | None:
    return None if value is None else round(float(value), _PLACES)


_ROWS: Mapping[str, Callable[[GapAnalysis, Language], Iterator[Row]]] = {
    "summary": _summary,
    "functions": _functions,
    "cells": _cells,
    "findings": _findings,
    "documents": _documents,
    "hours": _hours,
    "indicators": _indicators,
    "about": _about,
}
