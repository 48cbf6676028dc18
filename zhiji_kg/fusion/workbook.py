"""The draft as a workbook that ``zhiji check`` accepts, together with the workbooks of its standard and points.

Its sheets are those of the layout; the columns at the end of 课程 tell the decision of each row, and the sheet
融合一览 tells it stage by module with what the figures were before and are now. Every row is marked: a draft
is *inferred*, and an *example* where anything it rests on is one; it names no reviewer.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..sources.workbook.layout import workbook_layout
from ..texts import LIST_MARK, Text, say
from ..writers.xlsx import Book, Cell, fitting_widths
from .draft import Draft, FusedCourse
from .plan import Course, Taught, number, offered_word

_NUMBERS = frozenset(("integer", "number", "year"))
Rows = list[dict[str, str]]


def write_draft(draft: Draft, path: Path) -> None:
    """Write the draft as xlsx.

    Raises:
        CannotRunError: when the file cannot be written.
    """
    with Book.create(path) as book:
        for key, rows in sheets_of(draft).items():
            sheet = workbook_layout().by_key[key]
            columns = [*sheet.columns, *(workbook_layout().evidence[:1] if key != "about" else ())]
            extra = [heading for heading in dict.fromkeys(h for row in rows for h in row) if heading not in
                     {column.key for column in columns}]  # fmt: skip
            headings = [column.zh for column in columns] + extra
            kinds = [column.type for column in columns] + ["text"] * len(extra)
            keys = [column.key for column in columns] + extra
            _write(book, sheet.zh, headings, [[_value(row.get(k, ""), t) for k, t in zip(keys, kinds, strict=True)]
                                              for row in rows])  # fmt: skip
        _write(book, say("fusion.overview").zh, *overview(draft))


def sheets_of(draft: Draft) -> dict[str, Rows]:
    """The rows of each sheet, by the key of the sheet and the keys of its columns."""
    courses = [_course_row(draft, row) for row in draft.rows if row.decision != "exempt"]
    return {
        "about": list(_about(draft)),
        "programmes": [_programme(draft)],
        "courses": courses,
        "coverage": [_coverage_row(draft, c, one) for c in draft.courses for one in c.taught],
        "certificates": list(_certificates(draft)),
    }


def overview(draft: Draft) -> tuple[list[str], list[list[Cell]]]:
    """Headings and rows of the sheet 融合一览: stage, module, decision, course, where from, the deciding points."""
    headings = say("fusion.headings").zh.split("|")
    rows = sorted(draft.rows, key=lambda r: (r.course.last_term, r.course.cells.get("module", ""), r.course.code))
    return headings, [[*told(row)] for row in rows]


def told(row: FusedCourse) -> tuple[str, ...]:
    """A row of the draft as words: stage or term, module, decision, course, origins, points, where instead."""
    stage = row.course.cells.get("stage") or say("fusion.term").zh.format(term=row.course.last_term)
    return (
        stage,
        row.course.cells.get("module", ""),
        say(f"fusion.decision.{row.decision}").zh,
        f"{row.course.code} {row.course.thing.label.zh}",
        _codes(row.first),
        _codes(row.second),
        number(row.course.hours),
        LIST_MARK["zh"].join(f"{point.code} {point.label.zh}" for point in row.points),
        _codes(row.instead),
    )


def _about(draft: Draft) -> Iterator[dict[str, str]]:
    names = Text(*(say("fusion.title")(said, first=draft.first.programme.thing.name(said),
                   second=draft.second.programme.thing.name(said)) for said in ("zh", "en")))  # fmt: skip
    version = draft.graph.version or draft.graph.place
    told_source = say("fusion.source")("zh", standard=draft.standard, version=version, sha256=draft.graph.sha256[:16])
    rests = sorted({*draft.first.frame.documents, *draft.second.frame.documents})
    mark = say("fusion.example").zh if draft.grade == "example" else ""
    items = {
        "identifier": draft.code.lower(),
        "title": mark + names.zh,
        "source": told_source + LIST_MARK["zh"].join(rests),
        "grade": offered_word("evidence_grade", f"evidence-grade/{draft.grade}"),
    }
    for key, value in items.items():
        yield {"item": workbook_layout().about[key][0], "value": value}


def _programme(draft: Draft) -> dict[str, str]:
    frame, other = draft.first.frame, draft.second.frame
    label = draft.first.programme.thing.label
    return {
        "programme": draft.code,
        "year": str(frame.year or ""),
        "name": say("fusion.programme").zh.format(name=label.zh),
        "name_en": say("fusion.programme").en.format(name=label.en or label.zh),
        "school": LIST_MARK["zh"].join(dict.fromkeys((frame.school, other.school))),
        "track": offered_word("track", frame.track),
        "duration": frame.duration,
        "terms": str(frame.programme.terms),
        "occupations": "、".join(frame.occupations),
        "grade": _grade(draft),
    }


def _course_row(draft: Draft, row: FusedCourse) -> dict[str, str]:
    where = _codes((*row.first, *row.second))
    return {
        **row.course.cells,
        "programme": draft.code,
        "grade": _grade(draft),
        "融合结论": say(f"fusion.decision.{row.decision}").zh,
        "来源课程": where,
        "依据要素点": _codes(row.points),
    }


def _coverage_row(draft: Draft, course: Course, taught: Taught) -> dict[str, str]:
    deep = {value: word for word, value in reversed(workbook_layout().words["depth"].items())}
    return {
        "programme": draft.code,
        "course": course.code,
        "point": taught.point.code,
        "state": offered_word("coverage_state", "covered"),
        "depth": deep.get(str(taught.depth), ""),
        "hours": number(taught.hours),
        "completion": str(taught.completion or ""),
        "delivery": "、".join(offered_word("delivery", mode) for mode in taught.delivery),
        "assessed": offered_word("boolean", "true" if taught.assessed else "false"),
        "grade": _grade(draft),
    }


def _certificates(draft: Draft) -> Iterator[dict[str, str]]:
    for figures in draft.figures:
        target = figures.target
        yield {
            "programme": draft.code,
            "certificate": target.due_for.code,
            "name": target.due_for.label.zh,
            "standard": target.source.code.partition("@")[0],
            "level": target.level,
            "due": str(target.due_term),
            "grade": _grade(draft),
        }


def _grade(draft: Draft) -> str:
    return offered_word("evidence_grade", f"evidence-grade/{draft.grade}")


def _codes(things: Sequence[object]) -> str:
    return LIST_MARK["zh"].join(str(getattr(thing, "code", "")) for thing in things)


def _value(written: str, kind: str) -> Cell:
    return float(written) if written and kind in _NUMBERS else written


def _write(book: Book, name: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    page = book.sheet(name)
    page.widths(fitting_widths([headings, *rows], least=10))
    page.row(0, headings, "heading")
    for index, row in enumerate(rows, 1):
        page.row(index, row, ["number" if isinstance(value, float) else "text" for value in row])
    page.freeze(1)


def counts(draft: Draft) -> Mapping[str, int]:
    """How many rows of each decision the draft has."""
    return {row.decision: sum(r.decision == row.decision for r in draft.rows) for row in draft.rows}
