"""The closing plan as an integer program: every change that may be made, and what has to hold afterwards.

What may be made: a course moves by whole terms; a coverage goes deeper, gets more hours or is assessed; a
course that already teaches the same work content or the same function takes up a point; one project course
is added. What has to hold: every gap is closed; what is covered stays covered; no requisite gets worse than
it is; no term carries more hours or credits than the profile allows, or than it carries already.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..findings import Cell, Coverage, Demand
from .costs import Costs
from .facts import Course, Covering, Plan
from .solver import Model

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Want:
    """A cell that has to be covered: its demand, and what it is called as a reason."""

    cell: Cell
    reason: str

    @property
    def demand(self) -> Demand:
        """What the requirement asks."""
        return self.cell.demand


@dataclass(frozen=True, slots=True)
class Taken:
    """A point that a course, or the new one, would take up: how deep, for how many hours, assessed or not."""

    point: str
    code: str
    depth: int | None
    hours: Fraction
    assessed: bool


@dataclass(slots=True)
class Deepened:
    """What may be changed in a coverage: a variable for each level, for assessment, and the hours it needs."""

    covering: Covering
    levels: dict[int, int] = field(default_factory=dict)
    assessed: int | None = None
    needs: list[tuple[int, Fraction]] = field(default_factory=list)


@dataclass
class Closing:
    """The program of a plan, with the meaning of its variables."""

    plan: Plan
    costs: Costs
    wants: Sequence[Want]
    kept: Sequence[Want]
    model: Model = field(default_factory=Model)
    shifts: dict[str, dict[int, int]] = field(default_factory=dict)
    growth: dict[tuple[str, int], int] = field(default_factory=dict)
    deepened: dict[str, Deepened] = field(default_factory=dict)
    taken: dict[tuple[str, str], int] = field(default_factory=dict)
    points: dict[str, Taken] = field(default_factory=dict)
    opened: dict[int, tuple[int, int]] = field(default_factory=dict)
    in_new: dict[tuple[int, str], int] = field(default_factory=dict)

    def build(self, coverages: Sequence[Coverage]) -> "Closing":
        """State the whole program.

        Args:
            coverages: all targets, to know which courses teach near which requirement.
        """
        self.coverings = {covering.iri: covering for covering in self.plan.coverings}
        self.points = {want.cell.requirement.point.iri: self._taken(want) for want in self.wants}
        self._shift_variables()
        self._growth_variables()
        self._new_course()
        near = _Near(coverages)
        for want in self.wants:
            self._close(want, near)
        for want in self.kept:
            self._keep(want)
        self._hours_of_courses()
        self._order()
        self._loads()
        return self

    def _taken(self, want: Want) -> Taken:
        """How a point would be taken up: so that everything that asks for it is content."""
        point = want.cell.requirement.point
        asking = [one.demand for one in self.wants if one.cell.requirement.point.iri == point.iri]
        depths = [demand.least_depth for demand in asking if demand.least_depth is not None]
        usual = self.costs.point_hours.get(want.cell.requirement.kind, _ZERO)
        hours = max([usual, *(_exact(demand.least_hours) for demand in asking)])
        return Taken(point.iri, point.code, max(depths, default=None), hours, any(d.must_be_assessed for d in asking))

    # Variables

    def _shift_variables(self) -> None:
        for iri, course in self.plan.courses.items():
            reach = range(1 - min(course.terms), self.plan.terms - max(course.terms) + 1)
            self.shifts[iri] = {by: self.model.variable(cost=abs(by) * self.costs.move_term) for by in reach}
            every = [(one, 1) for one in self.shifts[iri].values()]
            self.model.at_least(every, 1)
            self.model.at_most(every, 1)

    def _growth_variables(self) -> None:
        """Steps by which a course grows, apart for each shift: the load falls into the terms it runs in."""
        steps = int(self.costs.growth_hours / self.costs.growth_step)
        for iri in self.plan.courses:
            for by, moved in self.shifts[iri].items():
                one = self.model.variable(steps, self.costs.growth_step * self.costs.add_hour)
                self.model.at_least([(moved, steps), (one, -1)], 0)
                self.growth[iri, by] = one

    def _new_course(self) -> None:
        """In each term a project course may be opened, of so many steps of hours, that takes up points."""
        steps = int(self.costs.new_course_hours / self.costs.growth_step)
        last = max((want.demand.due_term for want in self.wants), default=0)
        for term in range(1, min(last, self.plan.terms) + 1):
            opened = self.model.variable(cost=self.costs.new_course)
            size = self.model.variable(steps, self.costs.growth_step * self.costs.add_hour)
            self.model.at_least([(opened, steps), (size, -1)], 0)
            self.model.at_least([(size, 1), (opened, -1)], 0)
            self.opened[term] = (opened, size)
            hours = [(size, self.costs.growth_step)]
            for point, taken in self.points.items():
                one = self.model.variable(cost=self.costs.add_point)
                self.model.at_least([(opened, 1), (one, -1)], 0)
                self.in_new[term, point] = one
                hours.append((one, -taken.hours))
            self.model.at_least(hours, 0)
        self.model.at_most([(opened, 1) for opened, _ in self.opened.values()], self.costs.new_courses)

    # What has to hold

    def _close(self, want: Want, near: "_Near") -> None:
        point = want.cell.requirement.point.iri
        ways = [self._by_offer(want, self.coverings[offer.coverage.iri]) for offer in want.cell.offers]
        exact = {covering.course for covering in self.plan.coverings if covering.point == point}
        for course, cost in near.courses(want.cell, self.costs):
            if course not in exact and course in self.plan.courses:
                ways.append(self._by_taking(want, course, point, cost))
        due = want.demand.due_term
        ways += [one for (term, taken), one in self.in_new.items() if taken == point and term <= due]
        self.model.at_least([(way, 1) for way in ways], 1, want.reason)

    def _by_offer(self, want: Want, covering: Covering) -> int:
        """A coverage that is there is made to do: deeper, longer, assessed, in time."""
        demand, change = want.demand, self.deepened.setdefault(covering.iri, Deepened(covering))
        way = self.model.variable()
        for level in range((covering.depth or 0) + 1, (demand.least_depth or 0) + 1):
            if level not in change.levels:
                change.levels[level] = self.model.variable(cost=self.costs.raise_depth)
            self._only_if(way, change.levels[level])
        if demand.must_be_assessed and not covering.assessed:
            if change.assessed is None:
                change.assessed = self.model.variable(cost=self.costs.assess)
            self._only_if(way, change.assessed)
        if demand.least_hours is not None and (covering.hours is None or covering.hours < _exact(demand.least_hours)):
            change.needs.append((way, _exact(demand.least_hours) - (covering.hours or _ZERO)))
        self._in_time(way, covering.course, self._timely(covering, demand.due_term))
        return way

    def _by_taking(self, want: Want, course: str, point: str, cost: Fraction) -> int:
        """A course that teaches near takes the point up."""
        taken = self.points[point]
        if (course, point) not in self.taken:
            extra = self.costs.assess if taken.assessed else _ZERO
            self.taken[course, point] = self.model.variable(cost=cost + extra)
        way = self.model.variable()
        self._only_if(way, self.taken[course, point])
        last = max(self.plan.courses[course].terms)
        timely = [one for by, one in self.shifts[course].items() if last + by <= want.demand.due_term]
        self._in_time(way, course, timely)
        return way

    def _only_if(self, way: int, needed: int) -> None:
        self.model.at_least([(needed, 1), (way, -1)], 0)

    def _in_time(self, way: int, course: str, timely: Sequence[int]) -> None:
        if len(timely) < len(self.shifts[course]):
            self.model.at_least([*((one, 1) for one in timely), (way, -1)], 0)

    def _timely(self, covering: Covering, due: int) -> list[int]:
        terms = self.plan.courses[covering.course].terms
        shifts = self.shifts[covering.course]
        return [one for by, one in shifts.items() if covering.finished([term + by for term in terms]) <= due]

    def _keep(self, want: Want) -> None:
        """What is covered stays so: one of the offers that do for it is still in time."""
        good = [self.coverings[o.coverage.iri] for o in want.cell.offers if does(self.coverings[o.coverage.iri], want)]
        timely = [one for covering in good for one in self._timely(covering, want.demand.due_term)]
        self.model.at_least([(one, 1) for one in timely], 1)

    def _hours_of_courses(self) -> None:
        """What a course gives to points in addition fits into what it gives to none, and into what it grows by."""
        needed: dict[str, list[tuple[int, Fraction]]] = defaultdict(list)
        for change in self.deepened.values():
            extra = self._extra(change)
            if extra is not None:
                needed[change.covering.course].append((extra, Fraction(-1, 2)))
        for (course, point), one in self.taken.items():
            needed[course].append((one, -self.points[point].hours))
        for course, terms in needed.items():
            grown = [(one, self.costs.growth_step) for (of, _), one in self.growth.items() if of == course]
            self.model.at_least([*terms, *grown], -self.plan.slack(course))

    def _extra(self, change: Deepened) -> int | None:
        """Half hours that a changed coverage takes in addition; none where the plan states no hours for it."""
        per_level = self.costs.hours_per_level if change.covering.hours is not None else _ZERO
        most = max([per_level * len(change.levels), *(hours for _, hours in change.needs)], default=_ZERO)
        if not most:
            return None
        extra = self.model.variable(int(-(-most * 2 // 1)))
        if per_level and change.levels:
            levels = [(one, -2 * per_level) for one in change.levels.values()]
            self.model.at_least([(extra, Fraction(1)), *levels], 0)
        for way, hours in change.needs:
            self.model.at_least([(extra, 1), (way, -2 * hours)], 0)
        return extra

    def _order(self) -> None:
        for requisite in self.plan.requisites:
            course, other = self.plan.courses[requisite.course], self.plan.courses[requisite.requisite]
            reason = f"order|{other.thing.code}|{course.thing.code}"
            before, after = self._shift_of(requisite.requisite), self._shift_of(requisite.course)
            if requisite.kind == "strict":
                if course.terms == other.terms:
                    both = [*before, *((one, -by) for one, by in after)]
                    self.model.at_least(both, 0, reason)
                    self.model.at_most(both, 0, reason)
                continue
            now = max(other.terms) - min(course.terms)
            allowed = max(-1 if requisite.kind == "pre" else 0, now)
            self.model.at_most([*before, *((one, -by) for one, by in after)], allowed - now, reason)

    def _shift_of(self, course: str) -> list[tuple[int, int]]:
        return [(one, by) for by, one in self.shifts[course].items() if by]

    def _loads(self) -> None:
        for term in range(1, self.plan.terms + 1):
            hours, earned = self.plan.load(term)
            parts = list(self._parts(term))
            per_credit = 1 / self.costs.hours_per_credit
            self.model.at_most(
                [(one, h) for one, h, _ in parts], max(hours, self.costs.hours_per_term), f"hours|{term}"
            )
            if earned:
                most = max(earned, self.costs.credits_per_term)
                spent = [(one, h * per_credit if c is None else c) for one, h, c in parts]
                self.model.at_most(spent, most, f"credits|{term}")

    def _parts(self, term: int) -> Iterator[tuple[int, Fraction, Fraction | None]]:
        """Variables that load a term, with the hours and the credits of one; no credits: those of its hours."""
        step = self.costs.growth_step
        for iri, course in self.plan.courses.items():
            for by, moved in self.shifts[iri].items():
                if term - by in course.terms:
                    share = Fraction(1, len(course.terms))
                    yield moved, course.total * share, (course.credits or _ZERO) * share
                    yield self.growth[iri, by], step * share, None
        for opened_in, (_, size) in self.opened.items():
            if opened_in == term:
                yield size, step, None


def does(covering: Covering, want: Want) -> bool:
    """Whether a coverage does for a demand in everything but its term."""
    demand = want.demand
    deep = demand.least_depth is None or (covering.depth or 0) >= demand.least_depth
    long = demand.least_hours is None or (covering.hours is not None and covering.hours >= _exact(demand.least_hours))
    return deep and long and (covering.assessed or not demand.must_be_assessed)


def moved_terms(course: Course, by: int) -> tuple[int, ...]:
    """The terms of a course that moves by so many."""
    return tuple(term + by for term in course.terms)


class _Near:
    """Which courses teach near a requirement: the same work content, or else the same function of its standard."""

    def __init__(self, coverages: Sequence[Coverage]) -> None:
        self.of: dict[str, set[str]] = defaultdict(set)
        for coverage in coverages:
            for cell in coverage.cells:
                for place in self._places(cell):
                    self.of[place].update(offer.course.iri for offer in cell.offers)

    def courses(self, cell: Cell, costs: Costs) -> Iterator[tuple[str, Fraction]]:
        """Courses that may take a point up, each at its cost, in the order of their names."""
        narrow, wide = self._places(cell)
        for course in sorted(self.of[narrow] | self.of[wide]):
            yield course, costs.add_point if course in self.of[narrow] else costs.add_point_apart

    @staticmethod
    def _places(cell: Cell) -> tuple[str, str]:
        function, work = cell.requirement.function, cell.requirement.work
        wide = function.iri if function else cell.requirement.kind
        return work.iri if work else wide, wide


def _exact(value: float | None) -> Fraction:
    return _ZERO if value is None else Fraction(str(value))
