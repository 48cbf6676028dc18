"""The draft as a paper for a committee: a Word file or Markdown, marked a draft on every page."""

from collections.abc import Iterator
from fractions import Fraction

from ..findings import TABLES, Totals
from ..texts import LIST_MARK, Language, say
from ..writers.blocks import Block, Cell, Column, Cover, Heading, Paper, Paragraph, Table, row
from .draft import DECISIONS, Draft, FusedCourse
from .plan import number


def draft_paper(draft: Draft, language: Language) -> Paper:
    """The draft as a paper.

    Args:
        draft: from ``fuse``.
        language: of all words; the names of modules and stages stay as the plan has them.
    """
    names = {"first": draft.first.programme.thing.name(language), "second": draft.second.programme.thing.name(language)}
    mark = say("fusion.example")(language) if draft.grade == "example" else ""
    title = mark + say("fusion.title")(language, **names)
    return Paper(
        title=title,
        language=language,
        blocks=tuple(_blocks(draft, title, language)),
        header=title,
        footer=f"{draft.graph.version or draft.graph.place} · {draft.graph.sha256[:12]}",
        page_of=say("report.paper.page_of")(language),
    )


def _blocks(draft: Draft, title: str, language: Language) -> Iterator[Block]:
    version = draft.graph.version or draft.graph.place
    rests = LIST_MARK[language].join(sorted({*draft.first.frame.documents, *draft.second.frame.documents}))
    source = say("fusion.source")(
        language, standard=draft.standard, version=version, sha256=draft.graph.sha256[:16]
    )  # fmt: skip
    notice = say("fusion.no_real_school")(language) if draft.grade == "example" else ""
    yield Cover(say("fusion.kicker")(language), title, notice=notice)
    yield Paragraph(source + rests, "note")
    yield Heading(say("fusion.gap")(language))
    yield _figures(draft, language)
    left = LIST_MARK[language].join(f"{thing.code} {thing.name(language)}" for _, thing in draft.remaining)
    yield Paragraph(left or "–", label=say("fusion.remaining")(language))
    for decision in DECISIONS:
        rows = [one for one in draft.rows if one.decision == decision]
        if rows:
            yield Heading(f"{say(f'fusion.decision.{decision}')(language)} ({len(rows)})")
            yield Paragraph(say(f"fusion.meaning.{decision}")(language))
            yield _courses(rows, language)


def _figures(draft: Draft, language: Language) -> Table:
    headings = say("fusion.figure_headings")(language).split("|")
    rows = []
    for one in draft.figures:
        tables = [table for table in TABLES if table in one.draft.all]
        for table in tables:
            cells = [_gap(side, table) for side in (one.first, one.second, one.without_new, one.draft)]
            words = say(f"fusion.table.{table}")(language)
            rows.append(row(one.target.source.code, str(one.target.due_term), words, *map(Cell, cells)))
    columns = tuple(Column(heading, share=2 if index == 0 else 1) for index, heading in enumerate(headings))
    return Table(say("fusion.figures")(language), columns, tuple(rows))


def _gap(totals: Totals | None, table: str) -> str:
    """Known gap, upper bound and denominator of a table."""
    tally = totals.all.get(table) if totals else None  # type: ignore[call-overload]
    if tally is None:
        return "–"
    known, bound, of = (number(float(Fraction(one))) for one in (tally.known_gap, tally.upper_bound, tally.denominator))
    return f"{known} – {bound} / {of}"


def _courses(rows: list[FusedCourse], language: Language) -> Table:
    headings = say("fusion.headings")(language).split("|")
    kept = [0, 1, 3, 4, 5, 6, 7, 8]
    shares = {3: 2, 7: 4}
    shown = []
    for one in sorted(rows, key=lambda r: (r.course.last_term, r.course.cells.get("module", ""), r.course.code)):
        stage = one.course.cells.get("stage") or say("fusion.term")(language, term=one.course.last_term)
        points = LIST_MARK[language].join(f"{point.code} {point.name(language)}" for point in one.points)
        codes = [LIST_MARK[language].join(t.code for t in side) for side in (one.first, one.second, one.instead)]
        name = f"{one.course.code} {one.course.thing.name(language)}"
        module = one.course.cells.get("module", "")
        shown.append(row(stage, module, name, codes[0], codes[1], number(one.course.hours), points, codes[2]))
    columns = tuple(Column(headings[index], shares.get(index, 1), index == 6) for index in kept)
    return Table(say(f"fusion.decision.{rows[0].decision}")(language), columns, tuple(shown))
