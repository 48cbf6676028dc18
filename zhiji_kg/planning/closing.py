"""The closing plan: the cheapest edits that leave a plan without known gaps, with proof of their cost.

Exact: an integer program solved by CP-SAT. Where time runs out, the best edits known and the bound under
which none can cost are given; where it is impossible, reasons of which none can be left out.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..analysis import GapAnalysis, Profile, Programme, analyse
from ..findings import Coverage
from ..rdf import Iri
from ..store.port import GraphIdentity, Store
from .costs import Costs, costs_of
from .edits import Edit
from .facts import Course, plan_of
from .model import Closing, Deepened, Want, moved_terms
from .solver import Solution, Status, irreducible, solve

NEW_COURSE = "GAP"
"""The code of the project course that a plan may propose, before the number of its term."""


@dataclass(frozen=True, slots=True)
class ClosingPlan:
    """The edits of a closing plan, or why there is none.

    ``cost`` and ``bound`` are in the units of ``[plan]`` in the profile; they are equal where the cost is
    proved least. ``gaps`` is how many known gaps there are to close. ``reasons`` are codes of the kind
    ``close|REQUIREMENT|FOR``, ``hours|TERM``, ``credits|TERM``, ``order|EARLIER|LATER``; ``irreducible`` says
    that none of them can be left out.
    """

    programme: Programme
    graph: GraphIdentity
    status: Status
    gaps: int
    edits: tuple[Edit, ...] = ()
    cost: Fraction | None = None
    bound: Fraction | None = None
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()
    irreducible: bool = False

    def plain(self) -> dict[str, Any]:
        """The plan as plain data; ``zhiji whatif`` reads its edits."""
        return {
            "programme": self.programme.thing.code,
            "graph": {"version": self.graph.version, "sha256": self.graph.sha256},
            "status": self.status,
            "gaps": self.gaps,
            "cost": _figure(self.cost),
            "bound": _figure(self.bound),
            "secondsAllowed": self.seconds,
            "edits": [edit.plain() for edit in self.edits],
            "reasons": list(self.reasons),
            "irreducible": self.irreducible,
        }


def closing_plan(
    store: Store, programme: Programme, profile: Profile, source: str | None = None,
    seconds: float | None = None, *, stages: bool = False,
) -> ClosingPlan:  # fmt: skip
    """The cheapest edits that close the known gaps of a plan.

    Args:
        store: the graph.
        programme: the plan.
        profile: what counts as a gap, and what changes cost.
        source: close the gaps against this source alone.
        seconds: how long to look; what the profile says when not given.
        stages: close what comes too late for a stage as well; without it nothing gets worse there.

    Raises:
        UnreadableError: when the source is not known, or ``[plan]`` is not sound.
        CannotRunError: when OR-tools is not installed.
    """
    costs = costs_of(profile)
    allowed = float(costs.seconds) if seconds is None else seconds
    analysis = analyse(store, programme, profile)
    asked = analysis if source is None else analyse(store, programme, profile, source)
    wants = [want for one in asked.coverages if stages or one.target.basis != "stage" for want in _wants(one, False)]
    kept = [want for one in analysis.coverages for want in _wants(one, True)]
    plan = plan_of(store, Iri(programme.thing.iri), programme.terms)
    program = Closing(plan, costs, wants, kept).build(_all(analysis, asked))
    found = solve(program.model, allowed)
    reasons, sure = irreducible(program.model, allowed) if found.status == "impossible" else ([], False)
    return ClosingPlan(
        programme=programme,
        graph=store.identity,
        status=found.status,
        gaps=len(wants),
        edits=tuple(_edits(program, found)) if found.values else (),
        cost=found.cost,
        bound=found.bound,
        seconds=allowed,
        reasons=tuple(reasons),
        irreducible=sure,
    )


def _all(analysis: GapAnalysis, asked: GapAnalysis) -> Sequence[Coverage]:
    known = {coverage.target.source.iri for coverage in analysis.coverages}
    return [*analysis.coverages, *(one for one in asked.coverages if one.target.source.iri not in known)]


def _wants(coverage: Coverage, covered: bool) -> Iterator[Want]:
    """The covered cells of a target, or its known gaps."""
    for cell in coverage.cells:
        if (cell.verdict.state == "covered") if covered else (cell.verdict.state in ("partial", "no-match")):
            yield Want(cell, f"close|{cell.requirement.thing.code}|{coverage.target.due_for.code}")


def _edits(program: Closing, found: Solution) -> Iterator[Edit]:
    """What the values say, in the order in which it is done: courses first, then what they cover."""
    values, plan = found.values, program.plan
    by_code = sorted(plan.courses.items(), key=lambda pair: pair[1].thing.code)
    for iri, course in by_code:
        by = next(by for by, one in program.shifts[iri].items() if values[one])
        if by:
            yield Edit("move-course", course.thing.code, term=moved_terms(course, by))
        grown = sum(values[one] for (of, _), one in program.growth.items() if of == iri)
        if grown:
            yield _grown(course, grown * program.costs.growth_step, program.costs)
    yield from _new_courses(program, values)
    codes = {iri: course.thing.code for iri, course in plan.courses.items()}
    for change in program.deepened.values():
        yield from _deepened(program, change, codes, values)
    for (iri, point), one in sorted(program.taken.items(), key=str):
        if values[one]:
            yield _added(program, codes[iri], point)


def _grown(course: Course, hours: Fraction, costs: Costs) -> Edit:
    """More hours for a course: of practice where it has any, with the credits that go with them."""
    said: dict[str, Decimal] = {}
    part = "practice" if course.practice else "theory" if course.theory else "total"
    said[part] = _decimal((getattr(course, part) or Fraction(0)) + hours)
    if course.credits is not None:
        said["credits"] = _decimal(course.credits + hours / costs.hours_per_credit)
    return Edit("set-course-hours", course.thing.code, **said)  # type: ignore[arg-type]


def _new_courses(program: Closing, values: Sequence[int]) -> Iterator[Edit]:
    for term, (opened, size) in program.opened.items():
        if not values[opened]:
            continue
        hours, code = values[size] * program.costs.growth_step, f"{NEW_COURSE}-{term}"
        yield Edit(
            "add-course", code, name=f"综合项目（第{term}学期）", module="module/professional", term=(term,),
            theory=Decimal(0), practice=_decimal(hours), credits=_decimal(hours / program.costs.hours_per_credit),
        )  # fmt: skip
        for (of, point), one in program.in_new.items():
            if of == term and values[one]:
                yield _added(program, code, point)


def _added(program: Closing, course: str, point: str) -> Edit:
    taken = program.points[point]
    return Edit(
        "add-coverage", course, taken.code, taken.depth, _decimal(taken.hours) if taken.hours else None,
        assessed=taken.assessed or None, why=_why(program, point),
    )  # fmt: skip


def _deepened(program: Closing, change: Deepened, codes: dict[str, str], values: Sequence[int]) -> Iterator[Edit]:
    covering = change.covering
    course, point = codes[covering.course], program.plan.labels[covering.point].code
    levels = [level for level, one in change.levels.items() if values[one]]
    if levels:
        yield Edit("set-depth", course, point, max(levels))
    if change.assessed is not None and values[change.assessed]:
        yield Edit("set-assessed", course, point, assessed=True)
    per_level = program.costs.hours_per_level if covering.hours is not None else Fraction(0)
    extra = max([per_level * len(levels), *(hours for way, hours in change.needs if values[way])], default=Fraction(0))
    if extra:
        yield Edit("set-hours", course, point, hours=_decimal((covering.hours or Fraction(0)) + extra))


def _why(program: Closing, point: str) -> str:
    asking: dict[str, list[str]] = defaultdict(list)
    for want in program.wants:
        asking[want.cell.requirement.point.iri].append(want.cell.requirement.thing.code)
    return "、".join(dict.fromkeys(asking[point]))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _figure(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
