"""Which courses of a plan a learner need not take, by what is proved of what they teach."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ..analysis import Profile
from ..errors import unreadable
from ..findings import Thing
from ..planning.facts import Course, Covering, Plan
from ..texts import Text
from .proof import Proof

Decision = Literal["exempt", "partly", "take", "unknown", "studied", "waived"]
DECISIONS: tuple[Decision, ...] = ("exempt", "partly", "take", "unknown", "studied", "waived")
"""``exempt``: everything it teaches is proved. ``partly``: some of it, or all that the plan tells of a course of
which it tells too little. ``take``: none of it. ``unknown``: the plan does not say what it teaches.
``studied``: it was taken already. ``waived``: the caller decided so."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A point that a course teaches, the depth it is taught to, and the proof where it is proved as deep."""

    point: str
    depth: int | None
    hours: Fraction | None
    proof: Proof | None

    @property
    def proved(self) -> bool:
        """Whether it is proved as deep as it is taught; what is taught to no stated depth is not."""
        return self.proof is not None and self.depth is not None and self.proof.depth >= self.depth


@dataclass(frozen=True, slots=True)
class CourseDecision:
    """What becomes of a course. ``described`` is the share of its hours that the plan gives to points (0–1).

    ``remaining_hours`` are those still to be taken: of a course that is taken in part, without the hours
    that the plan gives to what is proved.
    """

    course: Course
    decision: Decision
    points: tuple[Reached, ...]
    described: Fraction | None
    remaining_hours: Fraction

    @property
    def thing(self) -> Thing:
        """The course."""
        return self.course.thing

    @property
    def taken(self) -> bool:
        """Whether it has to be taken, whole or in part."""
        return self.decision in ("partly", "take", "unknown")

    @property
    def left(self) -> tuple[Reached, ...]:
        """The points that are not proved."""
        return tuple(point for point in self.points if not point.proved)


def decide(
    plan: Plan, proofs: Mapping[str, Proof], profile: Profile, studied: int = 0, waived: Collection[str] = ()
) -> tuple[CourseDecision, ...]:
    """What becomes of every course of a plan, in the order of their terms.

    Args:
        plan: the plan.
        proofs: by the code of the point, from ``deepest``.
        profile: ``[recognition] described`` is the least share of a course's hours that must be given to points
            before the course can be spared.
        studied: the last term of this plan that the learner has finished.
        waived: codes of courses that are spared by a decision from outside.

    Raises:
        UnreadableError: when the profile is not sound, or a course to be waived is not in the plan.
    """
    least = _least_described(profile)
    codes = {course.thing.code for course in plan.courses.values()}
    for code in waived:
        if code not in codes:
            what = Text("课程代码", "course code")
            raise unreadable("unknown-code", "--waive", code=code, what=what, known="、".join(sorted(codes)))
    taught: dict[str, list[Covering]] = {iri: [] for iri in plan.courses}
    for covering in plan.coverings:
        taught[covering.course].append(covering)
    ordered = sorted(plan.courses.items(), key=lambda pair: (pair[1].terms, pair[1].thing.code))
    found = []
    for iri, course in ordered:
        points = tuple(_reached(covering, plan, proofs) for covering in taught[iri])
        if max(course.terms) <= studied:
            found.append(CourseDecision(course, "studied", points, None, Fraction(0)))
        elif course.thing.code in waived:
            found.append(CourseDecision(course, "waived", points, None, Fraction(0)))
        else:
            found.append(_decided(course, points, least, studied))
    return tuple(found)


def _decided(course: Course, points: tuple[Reached, ...], least: Fraction, studied: int) -> CourseDecision:
    """Decide on a course that is not finished; of one that has begun, the terms after those studied are left."""
    share = Fraction(sum(term > studied for term in course.terms), len(course.terms))
    given = sum((point.hours or Fraction(0) for point in points), Fraction(0))
    described = min(given / course.total, Fraction(1)) if course.total else None
    spared = sum((point.hours or Fraction(0) for point in points if point.proved), Fraction(0))
    proved = [point for point in points if point.proved]
    decision: Decision
    if not points:
        decision = "unknown"
    elif len(proved) == len(points):
        decision = "exempt" if described is not None and described >= least else "partly"
    else:
        decision = "partly" if proved else "take"
    left = {"exempt": Fraction(0), "partly": max(course.total - spared, Fraction(0))}.get(decision, course.total)
    return CourseDecision(course, decision, points, described, left * share)


def _reached(covering: Covering, plan: Plan, proofs: Mapping[str, Proof]) -> Reached:
    code = plan.labels[covering.point].code
    return Reached(code, covering.depth, covering.hours, proofs.get(code))


def _least_described(profile: Profile) -> Fraction:
    share = figure(profile, "described")
    if share > 1:
        raise unreadable("bad-settings", "[recognition]", reason=f"described = {share}")
    return share


def figure(profile: Profile, key: str) -> Fraction:
    """A figure of the section ``[recognition]`` of a profile.

    Raises:
        UnreadableError: when it is missing, is none or is negative.
    """
    value = profile.sections["recognition"].get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise unreadable("bad-settings", "[recognition]", reason=f"{key} = {value!r}")
    return Fraction(str(value))
