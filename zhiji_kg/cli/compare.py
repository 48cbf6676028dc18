"""``zhiji compare``: two versions of a graph, two plans, or two editions of a standard, and what follows."""

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ExitStatus, Problem, UnreadableError
from ..findings import TABLES, Coverage, Grid, Tally, Verdict
from ..texts import LIST_MARK, say
from . import console
from .ask import open_graph
from .options import LANGUAGE, Parser, misuse, told
from .settings import read_settings

if TYPE_CHECKING:
    from ..analysis import GapAnalysis, Profile
    from ..comparison.plans import CourseChange, PlanComparison
    from ..comparison.standards import RequirementChange, StandardComparison
    from ..store.port import Store
    from ..store.versions import Version

FORMS = (".json", ".docx", ".md")
"""What a comparison can be written as, by the ending of the file."""
_SHOWN = 12  # how many points or consequences a cell of a table names
_PARTS = ("covered", "known_gap", "upper_bound", "denominator")


def compare_arguments(parser: Parser) -> Parser:
    """``zhiji compare A B --kg DIR [--programme ID] [--json] [-o FILE]``."""
    parser.add_argument("first", metavar="A", help=told("option.compare_first"))
    parser.add_argument("second", metavar="B", help=told("option.compare_second"))
    parser.graph()
    parser.option("--programme", metavar="ID")
    parser.option("--json", action="store_true")
    parser.output()
    return parser


def compare(given: Namespace) -> ExitStatus:
    """Show what differs between A and B; with ``-o`` as a file."""
    form = given.output.suffix.lower() if given.output else ""
    if given.output and form not in FORMS:
        raise misuse("zhiji compare", told("compare.forms", forms=LIST_MARK[LANGUAGE].join(FORMS)))
    made, tables = _compared(given)
    as_json = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    if given.output:
        _write(given.output, form, as_json, tables, told("compare.title", first=given.first, second=given.second))
        console.line(told("compare.written", path=given.output))
    elif given.json:
        console.line(as_json.rstrip("\n"))
    else:
        for line, grids in tables:
            console.line(line)
            for grid in grids:
                console.table(grid)
    return ExitStatus.FINE


_Tables = list[tuple[str, list[Grid]]]
"""What is shown: a line that says how it is, and the tables under it; again for each plan of two versions."""


def _compared(given: Namespace) -> tuple[Any, _Tables]:
    """The comparison as plain data and as tables.

    Raises:
        UnreadableError: when A and B are not two of a kind that the graph holds.
    """
    from ..analysis import find_programme  # the analysis is slow to import
    from ..comparison.plans import compare_plans
    from ..comparison.standards import compare_standards, is_standard

    if found := _versions(given):
        return _of_versions(*found, given.programme)
    store, profile = open_graph(given).store, _profile()
    standards = [is_standard(store, code) for code in (given.first, given.second)]
    if all(standards):
        both = compare_standards(store, given.first, given.second, profile)
        return both.plain(), [(_standards_line(both), list(_standard_grids(both)))]
    if any(standards):
        raise UnreadableError(Problem("two-of-a-kind", None, {"first": given.first, "second": given.second}))
    sides = [(store, find_programme(store, code)) for code in (given.first, given.second)]
    plans = compare_plans(sides[0], sides[1], profile)
    return plans.plain(), [(_plans_line(plans), list(_plan_grids(plans)))]


def _versions(given: Namespace) -> "tuple[Version, Version] | None":
    """The two versions that A and B name, if both name versions of the folder."""
    from ..store.versions import versions

    if given.endpoint:
        return None
    known = {version.name: version for version in versions(given.kg or read_settings().kg)}
    first, second = known.get(given.first), known.get(given.second)
    return (first, second) if first and second else None


def _of_versions(first: "Version", second: "Version", code: str | None) -> tuple[Any, _Tables]:
    from ..compare import between

    stores = first.open(), second.open()
    entities = between(*stores)
    compared = list(_plans_of(*stores, code))
    lines = tuple((entity.line(LANGUAGE),) for entity in entities)
    head = told("compare.versions", first=first.name, second=second.name, count=len(entities))
    shown: _Tables = [(head, [Grid(told("compare.entities"), (told("compare.entity"),), lines)] if lines else [])]
    shown += [(_plans_line(one), list(_plan_grids(one))) for one in compared]
    plain = {
        "first": {"version": first.name, "sha256": first.identity.sha256},
        "second": {"version": second.name, "sha256": second.identity.sha256},
        "entities": [entity.line("en") for entity in entities],
        "programmes": [one.plain() for one in compared],
    }
    return plain, shown


def _plans_of(first: "Store", second: "Store", code: str | None) -> "Iterator[PlanComparison]":
    """The programme editions that both versions hold, or the one asked for."""
    from ..analysis import find_programme, programmes
    from ..comparison.plans import compare_plans

    known = {programme.thing.iri: programme for programme in programmes(first)}
    wanted = [find_programme(second, code)] if code else programmes(second)
    for programme in wanted:
        if programme.thing.iri in known:
            yield compare_plans((first, known[programme.thing.iri]), (second, programme), _profile())


def _profile() -> "Profile":
    from ..analysis import load_profile

    chosen = read_settings().profile
    return load_profile(chosen) if chosen else load_profile()


def _plans_line(found: "PlanComparison") -> str:
    counts = {
        kind: sum(course.kind == kind for course in found.courses) for kind in ("added", "removed", "changed", "same")
    }
    first, second = (_side(one) for one in (found.first, found.second))
    mark = told("compare.example") if found.first.example_documents or found.second.example_documents else ""
    key = "compare.plans" if found.of_one_programme else "compare.two_plans"
    return mark + told(key, first=first, second=second, whole=len(found.courses), **counts)


def _side(analysis: "GapAnalysis") -> str:
    programme, graph = analysis.programme, analysis.graph
    return f"{programme.thing.name(LANGUAGE)} ({programme.thing.code}, {graph.version or graph.place})"


def _plan_grids(found: "PlanComparison") -> Iterator[Grid]:
    rows = [row for one, other in found.targets() for row in _target_rows(one, other)]
    headings = tuple(told("compare.target_headings").split("|"))
    yield Grid(told("compare.targets"), headings, tuple(rows), frozenset(range(2, len(headings))))
    codes = tuple(
        (code, found.second.profile.codes[code].title(LANGUAGE), str(one), str(two))
        for code, (one, two) in found.codes.items()
    )
    yield Grid(told("compare.codes"), tuple(told("compare.code_headings").split("|")), codes, frozenset({2, 3}))
    different = tuple(
        _course_row(course, found.of_one_programme)
        for course in found.courses
        if course.kind != "same" or course.consequences
    )
    if different:
        yield Grid(told("compare.courses"), tuple(told("compare.course_headings").split("|")), different)
    if found.requirements:
        cells = tuple(
            (one.target.source.code, one.cell.requirement.thing.code, one.cell.requirement.point.name(LANGUAGE),
             _state(one.before), _state(one.after))
            for one in found.requirements
        )  # fmt: skip
        yield Grid(told("compare.requirements"), tuple(told("compare.requirement_headings").split("|")), cells)


def _target_rows(one: Coverage | None, other: Coverage | None) -> Iterator[tuple[str, ...]]:
    for table in TABLES:
        tallies = [side.totals.all.get(table) if side else None for side in (one, other)]
        if any(tallies):
            source = (one or other).target.source.code  # type: ignore[union-attr]
            figures = (" → ".join(_figure(tally, part) for tally in tallies) for part in _PARTS)
            yield (source, say(f"report.table.{table}")(LANGUAGE), *figures)


def _figure(tally: Tally | None, part: str) -> str:
    from ..report.summary import as_shown, figure

    return figure(getattr(as_shown(tally), part)) if tally else "–"


def _state(verdict: Verdict | None) -> str:
    if verdict is None:
        return "–"
    codes = [one.code.removeprefix("ZJ-") for one in verdict.shortfalls]
    course = f" {verdict.chosen.course.code}" if verdict.chosen else ""
    return say(f"report.state.{verdict.state}")(LANGUAGE) + course + (f" ({' '.join(codes)})" if codes else "")


def _course_row(one: "CourseChange", of_one_programme: bool) -> tuple[str, ...]:
    first, second = one.first, one.second
    codes = " → ".join(dict.fromkeys(course.code for course in (first, second) if course))
    changes = [change.told(LANGUAGE) for change in one.changes]
    points = []
    for point in one.points:
        sign = "+" if point.before is None else "-" if point.after is None else "~"
        points.append(" ".join([sign + point.code, *(change.told(LANGUAGE) for change in point.changes)]))
    follows = [
        f"{told('compare.better') if each.better else told('compare.worse') if each.better is False else ''}"
        f"{each.cell.requirement.point.code} {_state(each.before)} → {_state(each.after)}"
        for each in one.consequences
    ]
    mark = LIST_MARK[LANGUAGE]
    kind = told(f"compare.{'kind' if of_one_programme else 'side'}.{one.kind}")
    taught, then = (mark.join(console.cut(some, _SHOWN)) for some in (points, follows))
    return kind, f"{codes} {one.course.thing.name(LANGUAGE)}", mark.join(changes), taught, then


def _standards_line(found: "StandardComparison") -> str:
    counts = {kind: sum(one.kind == kind for one in found.requirements) for kind in ("added", "removed", "changed")}
    return told(
        "compare.standards", first=found.first.code, second=found.second.code, of_first=found.of_first,
        of_second=found.of_second, same=found.same, **counts,
    )  # fmt: skip


def _standard_grids(found: "StandardComparison") -> Iterator[Grid]:
    if found.requirements:
        rows = tuple(_requirement_row(one) for one in found.requirements)
        yield Grid(told("compare.asked"), tuple(told("compare.asked_headings").split("|")), rows)
    if found.weights:
        weights = tuple(
            (one.level, say(f"report.table.{one.table}")(LANGUAGE), one.function,
             f"{_shown(one.before)} → {_shown(one.after)}")
            for one in found.weights
        )  # fmt: skip
        yield Grid(told("compare.weights"), tuple(told("compare.weight_headings").split("|")), weights, frozenset({3}))
    touched = tuple(
        (one.programme.code, f"{one.course.code} {one.course.name(LANGUAGE)}", one.change.asked.code,
         told(f"compare.kind.{one.change.kind}"), _shown(one.depth), told(f"compare.enough.{_enough(one.enough)}"))
        for one in found.touched
    )  # fmt: skip
    yield Grid(told("compare.touched"), tuple(told("compare.touched_headings").split("|")), touched)


def _requirement_row(one: "RequirementChange") -> tuple[str, ...]:
    codes = " → ".join(dict.fromkeys(asked.code for asked in (one.first, one.second) if asked))
    changes = [change.told(LANGUAGE) for change in one.changes]
    if one.likeness < 1:
        changes.append(told("compare.alike", share=f"{one.likeness:.0%}"))
    return told(f"compare.kind.{one.kind}"), one.asked.level, codes, one.asked.text, LIST_MARK[LANGUAGE].join(changes)


def _enough(enough: bool | None) -> str:
    return "unknown" if enough is None else "yes" if enough else "no"


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _write(path: Path, form: str, as_json: str, tables: _Tables, title: str) -> None:
    from ..writers.blocks import Block, Column, Cover, Heading, Paper, Paragraph, Table, row
    from ..writers.docx import docx_bytes  # writers are slow to import
    from ..writers.files import write_whole
    from ..writers.markdown import markdown_text

    if form == ".json":
        write_whole(path, as_json)
        return
    blocks: list[Block] = [Cover(told("compare.kicker"), title)]
    for line, grids in tables:
        blocks.append(Paragraph(line, "lead"))
        for grid in grids:
            columns = tuple(Column(heading, number=place in grid.right) for place, heading in enumerate(grid.headings))
            blocks += [Heading(grid.caption), Table(grid.caption, columns, tuple(row(*cells) for cells in grid.rows))]
    paper = Paper(title=title, language=LANGUAGE, blocks=tuple(blocks), header=title, footer="",
                  page_of=say("report.paper.page_of")(LANGUAGE))  # fmt: skip
    write_whole(path, docx_bytes(paper) if form == ".docx" else markdown_text(paper))
