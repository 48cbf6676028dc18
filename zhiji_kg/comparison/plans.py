"""Two plans side by side: two versions of one, two editions, or those of two schools.

Courses of one programme are matched by their code; those of two programmes where the crosswalk finds them
equivalent. A requirement that both aim at is compared by what the gap model says of it on each side, so that
the consequence of a change stands with the course it comes from.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ..analysis import GapAnalysis, Profile, Programme, analyse
from ..findings import Cell, Coverage, Target, Verdict
from ..fusion.crosswalk import crosswalk
from ..fusion.plan import Course, Plan, Taught, number, read_plan
from ..sources.workbook.layout import workbook_layout
from ..store.port import Store
from ..texts import Text
from .values import Change, changed

Kind = Literal["added", "removed", "changed", "same"]
_TAUGHT = (
    Text("深度", "depth"),
    Text("学时", "hours"),
    Text("考核", "assessed"),
    Text("完成学期", "completed in term"),
)


@dataclass(frozen=True, slots=True)
class PointChange:
    """What a course teaches of a point on each side; ``None`` where it does not teach it."""

    code: str
    before: Taught | None
    after: Taught | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class CellChange:
    """A requirement that both sides are measured against, and how each meets it; ``None`` where it has no such."""

    target: Target
    cell: Cell
    before: Verdict | None
    after: Verdict | None

    @property
    def better(self) -> bool | None:
        """Whether the second side meets it better; ``None`` where the state is the same or one has none."""
        order = ("no-match", "not-examined", "partial", "covered")
        if self.before is None or self.after is None or self.before.state == self.after.state:
            return None
        return order.index(self.after.state) > order.index(self.before.state)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "source": self.target.source.code,
            "requirement": self.cell.requirement.thing.code,
            "point": self.cell.requirement.point.code,
            "before": _verdict(self.before),
            "after": _verdict(self.after),
        }


@dataclass(frozen=True, slots=True)
class CourseChange:
    """A course on both sides: what its row says, what it teaches, and which requirements that decides otherwise."""

    first: Course | None
    second: Course | None
    changes: tuple[Change, ...] = ()
    points: tuple[PointChange, ...] = ()
    consequences: tuple[CellChange, ...] = ()

    @property
    def kind(self) -> Kind:
        """What became of it."""
        if self.first is None or self.second is None:
            return "added" if self.first is None else "removed"
        return "changed" if self.changes or self.points else "same"

    @property
    def course(self) -> Course:
        """The course, as the second side has it where it does."""
        return self.second or self.first  # type: ignore[return-value]

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "kind": self.kind,
            "first": self.first.code if self.first else None,
            "second": self.second.code if self.second else None,
            "changes": [change.plain() for change in self.changes],
            "points": [
                {"point": one.code, "before": one.before is not None, "after": one.after is not None,
                 "changes": [change.plain() for change in one.changes]}
                for one in self.points
            ],
            "consequences": [one.plain() for one in self.consequences],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """Both analyses, the courses that differ (and those that do not), and every requirement met otherwise."""

    first: GapAnalysis
    second: GapAnalysis
    courses: tuple[CourseChange, ...]
    requirements: tuple[CellChange, ...]

    @property
    def of_one_programme(self) -> bool:
        """Whether both are plans of one programme, so that a course can be new or dropped."""
        return _programme_code(self.first.programme) == _programme_code(self.second.programme)

    @property
    def codes(self) -> dict[str, tuple[int, int]]:
        """How many findings of each code each side has, in the order of the codes."""
        before, after = (Counter(f.code for f in one.findings) for one in (self.first, self.second))
        return {code: (before[code], after[code]) for code in sorted({*before, *after})}

    def targets(self) -> list[tuple[Coverage | None, Coverage | None]]:
        """The requirement sources of either side, each with its coverage on both; stages, which repeat them, apart."""
        before, after = _by_source(self.first), _by_source(self.second)
        return [(before.get(source), after.get(source)) for source in dict.fromkeys([*before, *after])]

    def plain(self) -> dict[str, Any]:
        """As plain data, for ``--json``; every count with what it is a part of."""
        return {
            "first": _side(self.first),
            "second": _side(self.second),
            "targets": [
                {"source": (one or other).target.source.code, "before": _tally(one), "after": _tally(other)}  # type: ignore[union-attr]
                for one, other in self.targets()
            ],
            "findings": [{"code": code, "before": one, "after": two} for code, (one, two) in self.codes.items()],
            "courses": [course.plain() for course in self.courses if course.kind != "same"],
            "coursesTheSame": sum(course.kind == "same" for course in self.courses),
            "requirements": [one.plain() for one in self.requirements],
        }


def compare_plans(first: tuple[Store, Programme], second: tuple[Store, Programme], profile: Profile) -> PlanComparison:
    """Compare two plans, perhaps of two graphs.

    Args:
        first: a graph and a programme edition in it.
        second: another, or the same graph with another edition.
        profile: judges both sides.
    """
    sides = [analyse(store, programme, profile) for store, programme in (first, second)]
    plans = [read_plan(store, programme) for store, programme in (first, second)]
    requirements = tuple(_cells(*sides))
    same = _programme_code(first[1]) == _programme_code(second[1])
    pairs = _by_code(*plans) if same else _equivalent(plans[0], plans[1], profile)
    courses = tuple(_course(one, other, requirements) for one, other in pairs)
    return PlanComparison(sides[0], sides[1], courses, requirements)


def _programme_code(programme: Programme) -> str:
    return programme.thing.code.partition("@")[0]


def _by_code(first: Plan, second: Plan) -> Iterator[tuple[Course | None, Course | None]]:
    ours, theirs = ({course.code: course for course in plan.courses} for plan in (first, second))
    for code in sorted({*ours, *theirs}):
        yield ours.get(code), theirs.get(code)


def _equivalent(first: Plan, second: Plan, profile: Profile) -> Iterator[tuple[Course | None, Course | None]]:
    """Each course with its equivalent, the pairs that share most first, and those that have none alone."""
    taken: dict[str, str] = {}
    for pair in crosswalk(first, second, profile):
        free = pair.first.code not in taken and pair.second.code not in taken.values()
        if pair.relation == "equivalent" and free:
            taken[pair.first.code] = pair.second.code
    for course in first.courses:
        yield course, second.course(taken[course.code]) if course.code in taken else None
    yield from ((None, course) for course in second.courses if course.code not in taken.values())


def _course(first: Course | None, second: Course | None, requirements: tuple[CellChange, ...]) -> CourseChange:
    touched = tuple(one for one in requirements if _decides(first, one.before) or _decides(second, one.after))
    if first is None or second is None:
        return CourseChange(first, second, consequences=touched)
    columns = [column for column in workbook_layout().by_key["courses"].columns if column.key in first.cells]
    said = ((Text(c.zh, c.en), first.cells.get(c.key, ""), second.cells.get(c.key, "")) for c in columns)
    return CourseChange(first, second, changed(said), tuple(_points(first, second)), touched)


def _points(first: Course, second: Course) -> Iterator[PointChange]:
    ours, theirs = ({one.point.code: one for one in course.taught} for course in (first, second))
    for code in sorted({*ours, *theirs}):
        one, other = ours.get(code), theirs.get(code)
        if one is None or other is None:
            yield PointChange(code, one, other)
        elif changes := changed(zip(_TAUGHT, _said(one), _said(other), strict=True)):
            yield PointChange(code, one, other, changes)


def _said(one: Taught) -> tuple[str, ...]:
    return number(one.depth), number(one.hours), "+" if one.assessed else "", number(one.completion)


def _by_source(analysis: GapAnalysis) -> dict[str, Coverage]:
    """The coverage of each requirement source, the first of those that are due at several terms."""
    found: dict[str, Coverage] = {}
    for coverage in analysis.coverages:
        if coverage.target.basis != "stage":
            found.setdefault(coverage.target.source.iri, coverage)
    return found


def _cells(first: GapAnalysis, second: GapAnalysis) -> Iterator[CellChange]:
    """The requirements of common sources that are met otherwise, and those that one side alone has there."""
    before, after = _by_source(first), _by_source(second)
    for source in [one for one in before if one in after]:
        ours, theirs = (_of(coverage) for coverage in (before[source], after[source]))
        for key in dict.fromkeys([*ours, *theirs]):
            one, other = ours.get(key), theirs.get(key)
            change = CellChange(
                after[source].target, other or one,  # type: ignore[arg-type]
                one.verdict if one else None, other.verdict if other else None,
            )  # fmt: skip
            if _verdict(change.before) != _verdict(change.after):
                yield change


def _of(coverage: Coverage) -> dict[tuple[str, str], Cell]:
    return {(cell.requirement.thing.iri, cell.requirement.point.iri): cell for cell in coverage.cells}


def _decides(course: Course | None, verdict: Verdict | None) -> bool:
    """Whether a course is the one that a verdict rests on."""
    return bool(course and verdict and verdict.chosen and verdict.chosen.course.iri == course.thing.iri)


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {"state": verdict.state, "shortfalls": [one.code for one in verdict.shortfalls]}


def _side(analysis: GapAnalysis) -> dict[str, Any]:
    programme = analysis.programme
    return {
        "programme": programme.thing.code,
        "version": analysis.graph.version,
        "sha256": analysis.graph.sha256,
        "courses": programme.courses,
        "examples": [document.title for document in analysis.example_documents],
    }


def _tally(coverage: Coverage | None) -> dict[str, dict[str, float]] | None:
    if coverage is None:
        return None
    parts = ("covered", "partial", "no_match", "not_examined", "known_gap", "upper_bound", "denominator")
    return {
        table: {part: round(float(getattr(tally, part)), 4) for part in parts}
        for table, tally in coverage.totals.all.items()
    }
