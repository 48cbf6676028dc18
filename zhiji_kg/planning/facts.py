"""What a plan consists of, as the planner sees it: courses with their load, what each covers, what waits for what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from ..findings import Thing
from ..queries import Row, run
from ..rdf import Iri
from ..store.port import Store
from ..texts import Text


@dataclass(frozen=True, slots=True)
class Course:
    """A course of a plan: its terms, its hours and its credits (``None`` where the plan does not tell)."""

    thing: Thing
    offering: str
    terms: tuple[int, ...]
    theory: Fraction | None
    practice: Fraction | None
    total: Fraction
    credits: Fraction | None


@dataclass(frozen=True, slots=True)
class Covering:
    """One coverage: which course covers which point, how deep, for how many hours, done by which term if stated."""

    iri: str
    course: str
    point: str
    depth: int | None
    hours: Fraction | None
    completion: int | None
    assessed: bool

    def finished(self, terms: Iterable[int]) -> int:
        """The term in which the point is finished when the course runs in these terms.

        A term of completion that is none of them says nothing any more: then it is the last of them.
        """
        known = tuple(terms)
        return self.completion if self.completion in known and self.completion else max(known)


@dataclass(frozen=True, slots=True)
class Requisite:
    """A course (by IRI) asks for another: ``pre`` before it, ``co`` not after it, ``strict`` in the same term."""

    course: str
    requisite: str
    kind: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme edition as the planner sees it; courses by IRI."""

    terms: int
    courses: dict[str, Course]
    coverings: tuple[Covering, ...]
    requisites: tuple[Requisite, ...] = ()
    labels: dict[str, Thing] = field(default_factory=dict)

    def load(self, term: int) -> tuple[Fraction, Fraction]:
        """Hours and credits of a term; a course that runs in several is spread evenly over them."""
        there = [course for course in self.courses.values() if term in course.terms]
        hours = sum((course.total / len(course.terms) for course in there), Fraction(0))
        points = sum(((course.credits or Fraction(0)) / len(course.terms) for course in there), Fraction(0))
        return hours, points

    def slack(self, course: str) -> Fraction:
        """Hours of a course that are given to no point."""
        given = sum((c.hours or Fraction(0) for c in self.coverings if c.course == course), Fraction(0))
        return max(Fraction(0), self.courses[course].total - given)


def plan_of(store: Store, programme: Iri, terms: int) -> Plan:
    """The plan of a programme edition.

    Args:
        store: the graph.
        programme: the edition.
        terms: its number of terms.
    """
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in run(store, "plan-courses", programme=programme):
        rows[str(row["course"])].append(row)
    coverings = {
        str(row["coverage"]): _covering(row) for row in run(store, "plan-coverages", programme=programme)
    }  # fmt: skip
    return Plan(
        terms=terms,
        courses={course: _course(course, found) for course, found in rows.items()},
        coverings=tuple(coverings.values()),
        requisites=tuple(
            Requisite(str(row["course"]), str(row["requisite"]), str(row["kind"]))
            for row in run(store, "plan-requisites", programme=programme)
        ),
        labels={
            str(row["point"]): Thing(str(row["point"]), str(row["pointCode"]))
            for row in run(store, "plan-coverages", programme=programme)
        },
    )


def _course(iri: str, rows: list[Row]) -> Course:
    first = rows[0]
    return Course(
        thing=Thing(iri, str(first["courseCode"]), Text(str(first["courseLabel"]), str(first["courseLabelEn"] or ""))),
        offering=str(first["offering"]),
        terms=tuple(sorted({int(row["term"] or 0) for row in rows})),
        theory=_exact(first["theory"]),
        practice=_exact(first["practice"]),
        total=_exact(first["total"]) or Fraction(0),
        credits=_exact(first["credits"]),
    )


def _covering(row: Row) -> Covering:
    return Covering(
        iri=str(row["coverage"]),
        course=str(row["course"]),
        point=str(row["point"]),
        depth=None if row["depth"] is None else int(row["depth"]),
        hours=_exact(row["hours"]),
        completion=None if row["completion"] is None else int(row["completion"]),
        assessed=bool(row["assessed"]),
    )


def _exact(value: object) -> Fraction | None:
    return None if value is None else Fraction(Decimal(str(value)))
