"""Which courses of two plans teach the same: pairs of them, and the points that decide it.

The relation is this project's rule, its thresholds stand in ``queries/profile.toml`` under ``[crosswalk]``:
of the points that each of two courses teaches (those that a larger point holds included) the share that
both teach. *Equivalent*: most of both. *Contains* and *within*: most of one only. *Overlaps*: some.
*Conflicts*: where the depths of most shared points lie apart, so that neither can stand for the other.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from ..analysis import Profile
from ..findings import Thing
from .plan import Course, Plan, Taught

Relation = Literal["equivalent", "contains", "within", "conflicts", "overlaps"]
RELATIONS: tuple[Relation, ...] = ("equivalent", "contains", "within", "conflicts", "overlaps")


@dataclass(frozen=True, slots=True)
class SharedPoint:
    """A point that both courses teach, by its code, and how each teaches it."""

    code: str
    first: Taught
    second: Taught

    @property
    def depths_apart(self) -> int:
        """By how many depths they differ; 0 where one states none, for then nobody knows."""
        if self.first.depth is None or self.second.depth is None:
            return 0
        return abs(self.first.depth - self.second.depth)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two courses that share points: how many points each teaches, which both, and how they relate."""

    relation: Relation
    first: Thing
    second: Thing
    of_first: int
    of_second: int
    shared: tuple[SharedPoint, ...]

    @property
    def apart(self) -> tuple[SharedPoint, ...]:
        """The shared points whose depths differ."""
        return tuple(point for point in self.shared if point.depths_apart)

    def hours(self, which: Literal["first", "second"]) -> float:
        """The hours that a course states for what both teach; what it teaches as one is counted once."""
        teaching = {one.point.code: one.hours or 0.0 for one in (getattr(point, which) for point in self.shared)}
        return sum(teaching.values())

    def plain(self) -> dict[str, Any]:
        """As plain data, for ``--json``."""
        return {
            "relation": self.relation,
            "first": self.first.code,
            "second": self.second.code,
            "points": {"shared": len(self.shared), "first": self.of_first, "second": self.of_second},
            "hours": {"first": self.hours("first"), "second": self.hours("second")},
            "deciding": [
                {"point": p.code, "depthFirst": p.first.depth, "depthSecond": p.second.depth} for p in self.shared
            ],
        }


def crosswalk(first: Plan, second: Plan, profile: Profile) -> list[Pair]:
    """The pairs of courses of two plans that share a point, the closest relation first.

    Args:
        first: a plan.
        second: another.
        profile: holds the thresholds under ``[crosswalk]``.
    """
    pairs = (_pair(one, other, profile) for one in first.courses for other in second.courses)
    found = [pair for pair in pairs if pair is not None]
    return sorted(found, key=lambda p: (RELATIONS.index(p.relation), -len(p.shared), p.first.code, p.second.code))


def _pair(one: Course, other: Course, profile: Profile) -> Pair | None:
    ours, theirs = one.supports(), other.supports()
    shared = tuple(SharedPoint(code, ours[code], theirs[code]) for code in sorted(ours.keys() & theirs.keys()))
    if not shared:
        return None
    relation = _relation(shared, len(ours), len(theirs), profile)
    return Pair(relation, one.thing, other.thing, len(ours), len(theirs), shared)


def _relation(shared: tuple[SharedPoint, ...], of_first: int, of_second: int, profile: Profile) -> Relation:
    limits = profile.sections["crosswalk"]
    apart = sum(point.depths_apart >= limits["depths_apart"] for point in shared)
    if Fraction(apart, len(shared)) >= Fraction(str(limits["conflict_share"])):
        return "conflicts"
    most = Fraction(str(limits["most"]))
    of_ours, of_theirs = Fraction(len(shared), of_first) >= most, Fraction(len(shared), of_second) >= most
    if of_ours and of_theirs:
        return "equivalent"
    if of_theirs:
        return "contains"
    return "within" if of_ours else "overlaps"
