"""The latest term in which a learner can join a programme and still finish with it: an exact integer program.

Courses of the term of entry and after it keep their terms, if that can be; courses of earlier terms that are
not spared are made up later. A course is given once a year, so each part of it (a term of a course that runs
in several) moves by whole years of two terms (profile: ``[recognition] terms_between``). What is left of a
course that is proved in part may instead be made up in a bridging class before the entry, of at most so many
hours (``[recognition] bridging_hours``). No course comes before what it presupposes, no term carries more hours than
``[plan] hours_per_term`` or than the plan itself puts there, and nothing comes after the last term.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from ..planning.costs import Costs
from ..planning.facts import Course, Plan
from ..planning.solver import Model, irreducible, solve
from .exemption import CourseDecision


@dataclass(frozen=True, slots=True)
class Rounds:
    """After how many terms a course is given again, and how many hours a bridging class before the entry holds."""

    terms_between: int
    bridging_hours: Fraction


@dataclass(frozen=True, slots=True)
class Placed:
    """A course to be taken: pairs of the term that the plan gives a part of it, and the term it is taken in.

    ``bridged``: what is left of it is made up in the bridging class before the term of entry; it has no parts then.
    """

    decision: CourseDecision
    parts: tuple[tuple[int, int], ...]
    bridged: bool = False

    @property
    def terms(self) -> tuple[int, ...]:
        """The terms in which it is taken."""
        return tuple(taken for _, taken in self.parts)

    @property
    def later(self) -> int:
        """By how many terms its parts are put off, all together."""
        return sum(taken - planned for planned, taken in self.parts)


@dataclass(frozen=True, slots=True)
class Entry:
    """The latest term of entry with the terms of every course to be taken; ``term`` is ``None`` without an answer.

    ``status`` is ``optimal`` where no later entry is possible and no plan of that entry puts courses off by
    fewer terms or bridges fewer; ``feasible`` where time ran out before that was proved; ``unknown`` where it
    ran out before anything was found (the plan as it stands is always possible); ``nothing`` where no course
    is left to be taken; ``no-solver`` without OR-Tools. ``reasons`` tell why the next later entry is impossible:
    codes ``fits|COURSE``, ``hours|TERM``, ``bridging|HOURS`` and ``order|EARLIER|LATER``, of which none can be
    left out if ``irreducible``.
    """

    term: int | None
    last_term: int
    status: str
    courses: tuple[Placed, ...] = ()
    reasons: tuple[str, ...] = ()
    irreducible: bool = True
    seconds: float = 0.0

    @property
    def put_off(self) -> int:
        """By how many terms courses are put off, all together."""
        return sum(placed.later for placed in self.courses)


def latest_entry(
    plan: Plan, decisions: Sequence[CourseDecision], costs: Costs, first: int, rounds: Rounds, seconds: float
) -> Entry:
    """The latest term of entry.

    Args:
        plan: the plan.
        decisions: what becomes of each course.
        costs: ``hours_per_term`` of the profile.
        first: the earliest term of entry; parts of courses before it are done.
        rounds: when a course is given again, and how much a bridging class holds.
        seconds: how long each question to the solver may take.

    Raises:
        CannotRunError: when OR-tools is not installed.
    """
    if not any(one.taken for one in decisions):
        return Entry(None, plan.terms, "nothing", seconds=seconds)
    sure, blocked = True, None
    for term in range(plan.terms, first - 1, -1):
        program = _Program(plan, decisions, costs, first, term, rounds).build()
        found = solve(program.model, seconds)
        if found.values:
            reasons, proven = irreducible(blocked.model, seconds) if blocked else (list[str](), True)
            status = "optimal" if sure and found.status == "optimal" else "feasible"
            return Entry(term, plan.terms, status, tuple(program.placed(found.values)), tuple(reasons), proven, seconds)
        sure = sure and found.status == "impossible"
        blocked = program if found.status == "impossible" else blocked
    return Entry(None, plan.terms, "unknown", seconds=seconds)


@dataclass
class _Program:
    """The integer program of one term of entry, with the meaning of its variables."""

    plan: Plan
    decisions: Sequence[CourseDecision]
    costs: Costs
    first: int
    entry: int
    rounds: Rounds
    model: Model = field(default_factory=Model)
    shifts: dict[tuple[str, int], dict[int, int]] = field(default_factory=dict)
    bridged: dict[str, int] = field(default_factory=dict)

    def build(self) -> "_Program":
        """State the whole program."""
        for one in self.decisions:
            parts = [term for term in one.course.terms if one.taken and term >= self.first]
            if one.decision == "partly" and one.remaining_hours <= self.rounds.bridging_hours:
                self.bridged[one.thing.iri] = self.model.variable(cost=1)
            for term in parts:
                self._place(one.course, term)
            for earlier, later in pairwise(parts):  # parts of a course are taken one after the other
                self._after(one.course, earlier, one.course, later, -1, f"fits|{one.thing.code}")
        self._order()
        self._loads()
        return self

    def placed(self, values: Sequence[int]) -> list[Placed]:
        """The terms of every course to be taken, in their order."""
        found = []
        for one in self.decisions:
            parts = tuple(
                (term, term + by)
                for term in one.course.terms
                for by, variable in self.shifts.get((one.thing.iri, term), {}).items()
                if values[variable]
            )
            bridged = one.thing.iri in self.bridged and bool(values[self.bridged[one.thing.iri]])
            if parts or bridged:
                found.append(Placed(one, parts, bridged))
        return sorted(found, key=lambda placed: (placed.terms, placed.decision.thing.code))

    def _place(self, course: Course, term: int) -> None:
        """A part may be put off by whole rounds, to a term from the entry to the last."""
        rounds = range(0, self.plan.terms - term + 1, self.rounds.terms_between)
        ways = {by: self.model.variable(cost=by) for by in rounds if term + by >= self.entry}
        self.shifts[course.thing.iri, term] = ways
        every = [(one, 1) for one in (*ways.values(), *self._bridging(course))]
        self.model.at_least(every, 1, f"fits|{course.thing.code}")
        self.model.at_most(every, 1)

    def _bridging(self, course: Course) -> list[int]:
        return [self.bridged[course.thing.iri]] if course.thing.iri in self.bridged else []

    def _after(self, course: Course, term: int, next_course: Course, next_term: int, gap: int, reason: str) -> None:
        """The term of one part less that of another is at most a figure; a bridging class takes one after another."""
        before, after = self._positions(course, term), self._positions(next_course, next_term)
        difference = [*before, *((one, -by) for one, by in after)]
        classes = [*self._bridging(course), *self._bridging(next_course)]
        if len(classes) == 2 and gap < 0:
            both = self.model.variable()
            for one in classes:
                self.model.at_least([(one, 1), (both, -1)], 0)
            difference.append((both, gap))
        self.model.at_most([(one, by) for one, by in difference if by], gap, reason)

    def _positions(self, course: Course, term: int) -> list[tuple[int, int]]:
        """The variables that place a part, with the term each puts it in; the class is before the entry."""
        ways = [(one, term + by) for by, one in self.shifts[course.thing.iri, term].items()]
        return [*ways, *((one, self.entry - 1) for one in self._bridging(course))]

    def _order(self) -> None:
        """What presupposes a course comes after it; an order that the plan itself breaks need not get better."""
        for requisite in self.plan.requisites:
            course, other = self.plan.courses[requisite.course], self.plan.courses[requisite.requisite]
            last, begun = max(other.terms), min(course.terms)
            if (other.thing.iri, last) not in self.shifts or (course.thing.iri, begun) not in self.shifts:
                continue
            reason = f"order|{other.thing.code}|{course.thing.code}"
            least = max(-1 if requisite.kind == "pre" else 0, last - begun)
            self._after(other, last, course, begun, least, reason)
            if requisite.kind == "strict":
                self._after(course, begun, other, last, begun - last, reason)

    def _loads(self) -> None:
        left = {one.thing.iri: one.remaining_hours for one in self.decisions}
        parts_of = Counter(course for course, _ in self.shifts)
        shares = {course: left[course] / count for course, count in parts_of.items()}
        for term in range(self.entry, self.plan.terms + 1):
            most = max(self.costs.hours_per_term, self.plan.load(term)[0])
            parts = [
                (ways[term - planned], shares[course])
                for (course, planned), ways in self.shifts.items()
                if term - planned in ways and shares[course]
            ]
            self.model.at_most(parts, most, f"hours|{term}")
        held = self.rounds.bridging_hours
        self.model.at_most([(one, left[iri]) for iri, one in self.bridged.items()], held, f"bridging|{held}")
