"""The report over many programmes as a workbook: a table a sheet, a fact a row, for whoever sorts and filters."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from ..analysis.group import GroupAnalysis, Standing
from ..analysis.means import QUERY, Means
from ..findings import GRADES, Evidence, Tally, Thing
from ..resources import package_version
from ..texts import LIST_MARK, Language, Text, say
from ..writers.xlsx import Book, Cell, Sheet, fitting_widths
from .group import group_headline, group_notice
from .summary import as_shown, reason, state_name
from .words import profile_name
from .xlsx import Column, View

_PLACES = 6  # decimals of a figure; a third of a percent point is no number of Excel's


def group_book(group: GroupAnalysis, language: Language) -> bytes:
    """The report over many programmes as a workbook in memory.

    Args:
        group: what was found.
        language: of names, headings and words.
    """
    book = Book()
    for view in group_views():
        _fill(book.sheet(view.name(language)), view, list(_ROWS[view.key](group, language)), language)
    return book.content()


@cache
def group_views() -> tuple[View, ...]:
    """The sheets of the workbook with their columns, whose keys are the English headings."""
    return tuple(_view(key) for key in _ROWS)


def _view(key: str) -> View:
    said = say(f"group.heading.{key}")
    pairs = zip(said.zh.split("|"), said.en.split("|"), strict=True)
    return View(key, say(f"group.sheet.{key}"), tuple(Column(en, Text(zh, en), 0) for zh, en in pairs))


def _fill(sheet: Sheet, view: View, rows: Sequence[Sequence[Cell]], language: Language) -> None:
    headings = [column.heading(language) for column in view.columns]
    sheet.widths(fitting_widths([headings, *rows]))
    sheet.row(0, headings, "heading")
    for place, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.cell(place, column, value, "wrap" if isinstance(value, str) else "number")
    sheet.freeze(1)
    sheet.autofilter(0, 0, len(rows), len(headings) - 1)


def _about(group: GroupAnalysis, language: Language) -> Iterator[Sequence[Cell]]:
    yield say("group.title")(language), group_headline(group)(language)
    if said := group_notice(group):
        yield say("group.notice")(language), said(language)
    yield say("group.members")(language), "\n".join(member.programme.thing.code for member in group.members)
    yield say("report.page.version")(language), group.graph.version or group.graph.place
    yield say("report.page.hash")(language), group.graph.sha256
    yield say("report.page.profile")(language), profile_name(group.profile, language)
    yield say("report.sheet.tool")(language), f"zhiji-kg {package_version()}"
    yield say("group.column.place")(language), say("group.said.place")(language)
    yield say("group.column.lenders")(language), say("group.said.gaps")(language)
    yield say("group.section.method")(language), say("group.said.method")(language, means=QUERY)
    for reading in ("known_gap", "upper_bound", "reviewed"):
        yield say(f"report.reading.{reading}")(language), say(f"report.means.{reading}")(language)


def _standings(group: GroupAnalysis, language: Language) -> Iterator[Sequence[Cell]]:
    for standing in group.standings:
        yield from _standing(standing, language)


def _sources(group: GroupAnalysis, language: Language) -> Iterator[Sequence[Cell]]:
    for ranking in group.rankings:
        for standing in ranking.standings:
            for row in _standing(standing, language):
                yield ranking.source.code, ranking.source.name(language), *row


def _standing(standing: Standing, language: Language) -> Iterator[Sequence[Cell]]:
    programme = standing.programme
    placed = (standing.place, standing.best, standing.worst, programme.thing.code, programme.thing.name(language),
              programme.school, programme.track(language))  # fmt: skip
    for reading, tallies in (("all", standing.totals.all), ("reviewed", standing.totals.reviewed)):
        for table, tally in tallies.items():
            words = say(f"report.table.{table}")(language), say(f"report.reading.{reading}")(language)
            yield *placed, *words, *_counted(tally)


def _counted(tally: Tally) -> Iterator[Cell]:
    shown = as_shown(tally)
    yield from (
        round(float(value), _PLACES)
        for value in (shown.denominator, shown.covered, shown.partial, shown.no_match, shown.not_examined,
                      shown.known_gap, shown.upper_bound)
    )  # fmt: skip


def _gaps(group: GroupAnalysis, language: Language) -> Iterator[Sequence[Cell]]:
    for gap in group.gaps:
        for one in gap.open:
            cell = one.cell
            chosen = [cell.verdict.chosen.coverage] if cell.verdict.chosen else []
            weighed = cell.weight is not None
            yield (
                gap.point.code, gap.point.name(language), one.programme.thing.code, one.coverage.target.source.code,
                cell.requirement.thing.code, state_name(cell.verdict.state)(language),
                " ".join(shortfall.code for shortfall in cell.verdict.shortfalls),
                round(float(cell.weight or 0), _PLACES) if weighed else None,
                say(f"report.table.{cell.requirement.table}" if weighed else "report.weight.none")(language),
                len(gap.open), len(gap.required_by), len(gap.unexamined), len(gap.lenders),
                *_proved([cell.requirement.evidence, *chosen, *cell.examinations], language),
            )  # fmt: skip


def _lenders(group: GroupAnalysis, language: Language) -> Iterator[Sequence[Cell]]:
    for gap in group.gaps:
        for lender in gap.lenders:
            offer = lender.offer
            yield (
                gap.point.code, gap.point.name(language), lender.programme.thing.code, lender.programme.school,
                offer.course.code, offer.course.name(language), offer.depth,
                None if offer.hours is None else round(float(offer.hours), _PLACES), offer.last_term,
                say(f"report.{'yes' if offer.assessed else 'no'}")(language),
                LIST_MARK[language].join(programme.thing.code for programme in lender.closes),
                *_proved([offer.coverage], language), offer.coverage.reviewer,
            )  # fmt: skip


def _means(group: GroupAnalysis, language: Language) -> Iterator[Sequence[Cell]]:
    for gap in group.gaps:
        for means in gap.means:
            yield gap.point.code, gap.point.name(language), *_means_row(means, language)


def _means_row(means: Means, language: Language) -> tuple[Cell, ...]:
    def names(bodies: Iterable[Thing]) -> str:
        return LIST_MARK[language].join(body.name(language) for body in bodies)

    return (
        means.thing.code, means.thing.name(language), means.course.code if means.course else None,
        names(means.built_by), names(means.shared_with), LIST_MARK[language].join(means.equipment),
        *_proved([means.evidence], language),
    )  # fmt: skip


def _findings(group: GroupAnalysis, language: Language) -> Iterator[Sequence[Cell]]:
    for code, counts in group.counts().items():
        for member in group.members:
            thing = member.programme.thing
            title = group.profile.codes[code].title(language)
            yield code, title, thing.code, thing.name(language), counts.get(thing.iri, 0)


def _of_group(group: GroupAnalysis, language: Language) -> Iterator[Sequence[Cell]]:
    for finding in group.findings:
        yield (
            finding.code, say(f"report.severity.{finding.severity}")(language), finding.subject.code,
            finding.subject.name(language), finding.object.name(language) if finding.object else None,
            reason(finding, language), finding.suggestion(language), *_proved(finding.evidence, language),
            finding.provenance.query,
        )  # fmt: skip


def _documents(group: GroupAnalysis, language: Language) -> Iterator[Sequence[Cell]]:
    for document in group.documents:
        grade = say(f"report.grade.{document.grade}")(language) if document.grade else None
        yield document.identifier, document.title, grade, document.source, document.licence


def _proved(evidence: Iterable[Evidence], language: Language) -> tuple[str, str]:
    """Where it stands, and the grades of what stands there, each once, the strongest first."""
    told = list(evidence)
    grades = sorted({one.grade for one in told if one.grade}, key=GRADES.index)
    words = LIST_MARK[language].join(say(f"report.grade.{grade}")(language) for grade in grades)
    return "\n".join(f"{one.source} · {one.locator}" for one in told), words


_ROWS: dict[str, Callable[[GroupAnalysis, Language], Iterator[Sequence[Cell]]]] = {
    "about": _about,
    "standings": _standings,
    "sources": _sources,
    "gaps": _gaps,
    "lenders": _lenders,
    "means": _means,
    "findings": _findings,
    "of_group": _of_group,
    "documents": _documents,
}
