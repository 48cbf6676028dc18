"""A plan as the fusion sees it: its frame, its courses, and what each of them teaches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..analysis import Programme
from ..analysis.measure import thing
from ..findings import Thing
from ..queries import Row, run
from ..rdf import Iri
from ..sources.workbook.layout import Column, workbook_layout
from ..store.port import Store
from ..vocabulary import DATA, zj


@dataclass(frozen=True, slots=True)
class Taught:
    """One point that a course teaches: how deep, for how many hours, and which points that supports (codes).

    ``hours`` and ``depth`` are ``None`` where nobody states them; ``delivery`` are scheme values.
    """

    point: Thing
    supports: frozenset[str]
    depth: int | None = None
    hours: float | None = None
    completion: int | None = None
    assessed: bool = False
    delivery: tuple[str, ...] = ()

    def with_more(self, other: "Taught") -> "Taught":
        """What both teach of one point, put together: the greater depth and hours, assessed where either is."""
        return Taught(
            self.point,
            self.supports | other.supports,
            _most(self.depth, other.depth),
            _most(self.hours, other.hours),
            self.completion,
            self.assessed or other.assessed,
            tuple(sorted({*self.delivery, *other.delivery})),
        )


@dataclass(frozen=True, slots=True)
class Course:
    """A course of a plan: its cells as the sheet 课程 has them (by column key), its terms, and what it teaches."""

    thing: Thing
    cells: Mapping[str, str]
    terms: tuple[int, ...]
    hours: float | None
    taught: tuple[Taught, ...] = ()

    @property
    def code(self) -> str:
        """Its code."""
        return self.thing.code

    @property
    def last_term(self) -> int:
        """The term in which it ends; 0 where none is stated."""
        return max(self.terms, default=0)

    def supports(self) -> dict[str, Taught]:
        """For each point that it supports, by code, the deepest and then longest that it teaches of it."""
        best: dict[str, Taught] = {}
        for one in self.taught:
            for code in sorted(one.supports):
                known = best.get(code)
                if known is None or _reach(one, code) > _reach(known, code):
                    best[code] = one
        return best


@dataclass(frozen=True, slots=True)
class Frame:
    """What the sheet 专业 says of a plan, and the grades and documents its statements rest on."""

    programme: Programme
    year: int | None
    school: str
    track: str
    duration: str
    occupations: tuple[str, ...]
    grades: frozenset[str]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme edition with its courses, by code."""

    frame: Frame
    courses: tuple[Course, ...]

    @property
    def programme(self) -> Programme:
        """The programme edition."""
        return self.frame.programme

    def course(self, code: str) -> Course:
        """The course of a code.

        Raises:
            KeyError: when the plan has none of that code.
        """
        for course in self.courses:
            if course.code == code:
                return course
        raise KeyError(code)


def read_plan(store: Store, programme: Programme) -> Plan:
    """A plan out of the graph.

    Args:
        store: the graph.
        programme: from ``analysis.find_programme``.
    """
    iri = Iri(programme.thing.iri)
    taught = _taught(run(store, "fusion-coverage", programme=iri))
    by_course: dict[str, list[Row]] = defaultdict(list)
    for row in run(store, "fusion-courses", programme=iri):
        by_course[str(row["courseCode"])].append(row)
    courses = tuple(_course(rows, taught.get(code, ())) for code, rows in sorted(by_course.items()))
    return Plan(_frame(programme, run(store, "fusion-frame", programme=iri)), courses)


def offered_word(words: str, value: str) -> str:
    """The word of a workbook cell for a scheme value (an IRI or its path); the value itself where there is none."""
    path = value.removeprefix(DATA)
    return next((word for word, known in workbook_layout().words[words].items() if known == path), path)


def number(value: float | None) -> str:
    """A figure as a cell shows it: without a needless ``.0``."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else str(round(value, 2))


def _frame(programme: Programme, rows: Sequence[Row]) -> Frame:
    first = rows[0] if rows else {}
    return Frame(
        programme=programme,
        year=int(first["year"]) if first.get("year") is not None else None,  # type: ignore[arg-type]
        school=str(first.get("school") or programme.school),
        track=str(first.get("track") or ""),
        duration=str(first.get("duration") or ""),
        occupations=_each(row.get("occupationCode") for row in rows),
        grades=frozenset(str(row["grade"]).rpartition("/")[2] for row in rows),
        documents=_each(str(row["document"]).rpartition("/")[2] for row in rows),
    )


def _each(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted({str(value) for value in values if value}))


def _taught(rows: Sequence[Row]) -> dict[str, tuple[Taught, ...]]:
    """What each course teaches, by the course's code."""
    by_coverage: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_coverage[str(row["coverage"])].append(row)
    found: dict[str, list[Taught]] = defaultdict(list)
    for of_coverage in by_coverage.values():
        first = of_coverage[0]
        found[str(first["courseCode"])].append(
            Taught(
                point=thing(first, "point"),
                supports=frozenset(str(row["supportedCode"]) for row in of_coverage),
                depth=None if first["depth"] is None else int(first["depth"]),
                hours=None if first["hours"] is None else float(first["hours"]),
                completion=None if first["completionTerm"] is None else int(first["completionTerm"]),
                assessed=bool(first["assessed"]),
                delivery=_each(row["delivery"] for row in of_coverage),
            )
        )
    return {course: tuple(sorted(taught, key=lambda one: one.point.code)) for course, taught in found.items()}


def _course(rows: Sequence[Row], taught: tuple[Taught, ...]) -> Course:
    values: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        values[str(row["property"])].append(row)
    first = rows[0]
    sheet = workbook_layout().by_key["courses"]
    cells = {
        column.key: _cell(column, values.get(zj(column.property).value, ()))
        for column in sheet.columns
        if column.property
    }
    total = next((row["value"] for row in values.get(zj("totalHours").value, ())), None)
    terms = sorted({int(row["value"]) for row in values.get(zj("inTerm").value, ())})  # type: ignore[arg-type]
    course = thing(first, "course")
    name = {"course": course.code, "name": course.label.zh, "name_en": course.label.en}
    whole = "" if cells["theory"] and cells["practice"] else number(None if total is None else float(total))
    return Course(
        course, {**cells, **name, "total": whole}, tuple(terms), None if total is None else float(total), taught
    )


def _cell(column: Column, rows: Sequence[Row]) -> str:
    """A cell of the sheet 课程 from what the graph states for its column."""
    shown = []
    for row in rows:
        value = row["value"]
        if column.words:
            shown.append(offered_word(column.words, str(value)))
        elif column.refers:
            shown.append(str(row["valueCode"] or ""))
        elif isinstance(value, bool):
            shown.append(offered_word("boolean", "true" if value else "false"))
        else:
            shown.append(str(value))
    ordered = sorted(set(shown), key=lambda one: (len(one), one)) if column.type == "integers" else sorted(set(shown))
    return "、".join(ordered)


def _reach(one: Taught, code: str) -> tuple[int, float, bool]:
    return one.depth or 0, one.hours or 0.0, one.point.code == code


def _most(one: Any, other: Any) -> Any:  # noqa: ANN401 - both depths or both hours
    stated = [value for value in (one, other) if value is not None]
    return max(stated) if stated else None
