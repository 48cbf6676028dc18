"""Two editions of an occupational standard: what was added, dropped, moved or changed, and which courses that touches.

Editions seldom keep their numbers, so requirements are matched by what they say, the surest first: the same
words at the same level, the same words, the same point at the same level, the same point, and last words alike
at the same level (``[compare] similar`` of the profile). The last is a suggestion that somebody has to look at,
and says so.
"""

import difflib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ..analysis import Profile, Programme, programmes
from ..analysis.measure import Measurements
from ..findings import Thing
from ..fusion.plan import Course, number, read_plan
from ..queries import Row, entity_by_code, run
from ..rdf import Iri
from ..store.port import GraphIdentity, Store
from ..texts import Text, folded
from ..vocabulary import curie
from .values import Change, changed

Kind = Literal["added", "removed", "changed"]
_STANDARD, _LEVEL = "zj:OccupationalStandard", "zj:StandardLevel"
_LEVELS, _WORDS = Text("等级", "level"), Text("要求", "requirement")
_DEPTH, _HOURS, _ASSESSED = Text("最低深度", "least depth"), Text("最少学时", "least hours"), Text("须考核", "assessed")
_FUNCTION, _WORK, _POINTS = Text("职业功能", "function"), Text("工作内容", "work content"), Text("要素点", "points")


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement of a standard as its row says it; ``points`` are codes."""

    code: str
    level: str
    kind: str
    function: str
    work: str
    text: str
    points: tuple[str, ...]
    depth: int | None = None
    hours: float | None = None
    assessed: bool = False


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """A requirement of both editions or of one; ``likeness`` below 1 where only their likeness matches them."""

    first: Asked | None
    second: Asked | None
    changes: tuple[Change, ...] = ()
    likeness: float = 1.0

    @property
    def kind(self) -> Kind:
        """What became of it."""
        if self.first is None or self.second is None:
            return "added" if self.first is None else "removed"
        return "changed"

    @property
    def asked(self) -> Asked:
        """The requirement, as the second edition has it where it does."""
        return self.second or self.first  # type: ignore[return-value]

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "kind": self.kind,
            "first": self.first.code if self.first else None,
            "second": self.second.code if self.second else None,
            "text": self.asked.text,
            "changes": [change.plain() for change in self.changes],
            "likeness": round(self.likeness, 3),
        }


@dataclass(frozen=True, slots=True)
class WeightChange:
    """The weight of a function in a table of a level, in percent points; ``None`` where an edition has none."""

    level: str
    table: str
    function: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Touched:
    """A course that teaches what a changed requirement asks for, and how deep.

    ``enough`` tells whether that depth is what the second edition asks; ``None`` where nobody can say:
    it asks no depth, the course states none, or the requirement is gone.
    """

    programme: Thing
    course: Thing
    change: RequirementChange
    depth: int | None
    enough: bool | None

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        asked = self.change.asked
        return {"programme": self.programme.code, "course": self.course.code, "requirement": asked.code,
                "kind": self.change.kind, "depth": self.depth, "enough": self.enough}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandardComparison:
    """Two editions: the requirements that differ, how many do not, the weights, and the courses touched."""

    first: Thing
    second: Thing
    requirements: tuple[RequirementChange, ...]
    same: int
    of_first: int
    of_second: int
    weights: tuple[WeightChange, ...]
    touched: tuple[Touched, ...]
    graph: GraphIdentity = field(default=GraphIdentity("", "", ""))

    def plain(self) -> dict[str, Any]:
        """As plain data, for ``--json``."""
        return {
            "first": {"standard": self.first.code, "requirements": self.of_first},
            "second": {"standard": self.second.code, "requirements": self.of_second},
            "version": self.graph.version,
            "sha256": self.graph.sha256,
            "same": self.same,
            "requirements": [one.plain() for one in self.requirements],
            "weights": [
                {"level": w.level, "table": w.table, "function": w.function, "before": w.before, "after": w.after}
                for w in self.weights
            ],
            "courses": [one.plain() for one in self.touched],
        }


def is_standard(store: Store, code: str) -> bool:
    """Whether a graph holds a standard of that code."""
    rows = run(store, "entities-of-class", of_class=curie(_STANDARD))
    return any(folded(str(row["code"])) == folded(code) or str(row["entity"]) == code for row in rows)


def compare_standards(store: Store, first: str, second: str, profile: Profile) -> StandardComparison:
    """Compare two standards of a graph, the elder first.

    Args:
        store: the graph.
        first: the code of a standard.
        second: the code of another.
        profile: says from which likeness on words count as reworded.

    Raises:
        UnreadableError: when the graph holds no such standard.
    """
    things = [_standard(store, code) for code in (first, second)]
    levels = [_levels(store, one) for one in things]
    asked = [[requirement for level in some for requirement in _asked(store, *level)] for some in levels]
    pairs, same = _paired(asked[0], asked[1], float(profile.sections["compare"]["similar"]))
    weights = _weights_changed(*(_weights(store, some) for some in levels))
    touched = tuple(_touched(store, pairs, {iri for iri, _ in levels[0]}, profile))
    return StandardComparison(
        things[0], things[1], tuple(pairs), same, len(asked[0]), len(asked[1]), weights, touched, store.identity
    )


def _standard(store: Store, code: str) -> Thing:
    iri = entity_by_code(store, _STANDARD, code).value
    rows = run(store, "entities-of-class", of_class=curie(_STANDARD))
    row = next(row for row in rows if str(row["entity"]) == iri)
    return Thing(iri, str(row["code"]), Text(str(row["label"] or ""), ""))


def _levels(store: Store, standard: Thing) -> list[tuple[str, str]]:
    """The levels of a standard, each with what stands after its code: ``4`` of ``CODE@4``."""
    rows = run(store, "entities-of-class", of_class=curie(_LEVEL))
    coded = sorted((str(row["code"]), str(row["entity"])) for row in rows)
    return [(iri, code.rpartition("@")[2]) for code, iri in coded if code.rpartition("@")[0] == standard.code]


def _asked(store: Store, level: str, name: str) -> Iterator[Asked]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in run(store, "requirements", source=Iri(level)):
        rows[str(row["code"])].append(row)  # a row of several points is a requirement for each of them
    for some in rows.values():
        row = some[0]
        yield Asked(
            code=str(row["code"]),
            level=name,
            kind=str(row["kind"]).rpartition("/")[2],
            function=str(row["functionLabel"] or ""),
            work=str(row["workLabel"] or ""),
            text=str(row["label"]),
            points=tuple(sorted({str(one["pointCode"]) for one in some})),
            depth=None if row["leastDepth"] is None else int(row["leastDepth"]),
            hours=None if row["leastHours"] is None else float(row["leastHours"]),
            assessed=bool(row["mustBeAssessed"]),
        )


def _weights(store: Store, levels: Iterable[tuple[str, str]]) -> dict[tuple[str, str, str], float]:
    return {
        (name, str(row["table"]).rpartition("/")[2], str(row["functionLabel"])): float(row["weight"] or 0)
        for iri, name in levels
        for row in run(store, "weights", source=Iri(iri))
    }


def _weights_changed(
    before: dict[tuple[str, str, str], float], after: dict[tuple[str, str, str], float]
) -> tuple[WeightChange, ...]:
    keys = sorted({*before, *after})
    return tuple(
        WeightChange(*key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    )


def _paired(first: list[Asked], second: list[Asked], least: float) -> tuple[list[RequirementChange], int]:
    """The requirements that differ, and how many are the same in both."""
    ours, theirs = list(first), list(second)
    pairs: list[tuple[Asked, Asked, float]] = []
    for key in _KEYS:
        pairs += [(one, other, 1.0) for one, other in _matched(ours, theirs, key)]
    pairs += _alike(ours, theirs, least)
    changes = [RequirementChange(one, other, _differences(one, other), like) for one, other, like in pairs]
    different = [change for change in changes if change.changes]
    gone = [RequirementChange(one, None) for one in ours]
    new = [RequirementChange(None, one) for one in theirs]
    place = {id(asked): index for index, asked in enumerate([*second, *first])}
    ordered = sorted([*different, *new], key=lambda change: place[id(change.asked)])
    return [*ordered, *gone], len(changes) - len(different)


_KEYS: tuple[Callable[[Asked], Hashable], ...] = (
    lambda asked: (asked.level, asked.kind, folded(asked.text)),
    lambda asked: (asked.kind, folded(asked.text)),
    lambda asked: (asked.level, asked.kind, asked.points),
    lambda asked: (asked.kind, asked.points),
)


def _matched(ours: list[Asked], theirs: list[Asked], key: Callable[[Asked], Hashable]) -> Iterator[tuple[Asked, Asked]]:
    """Take out of both lists those that are alone with their key on both sides."""
    left, right = _alone(ours, key), _alone(theirs, key)
    for shared in [one for one in left if one in right]:
        ours.remove(left[shared])
        theirs.remove(right[shared])
        yield left[shared], right[shared]


def _alone(asked: Iterable[Asked], key: Callable[[Asked], Hashable]) -> dict[Hashable, Asked]:
    found: dict[Hashable, list[Asked]] = defaultdict(list)
    for one in asked:
        found[key(one)].append(one)
    return {shared: some[0] for shared, some in found.items() if len(some) == 1}


def _alike(ours: list[Asked], theirs: list[Asked], least: float) -> list[tuple[Asked, Asked, float]]:
    """Take out of both lists the pairs whose words are most alike, at one level and of one kind."""
    likeness = [
        (difflib.SequenceMatcher(None, one.text, other.text, autojunk=False).ratio(), one, other)
        for one in ours
        for other in theirs
        if (one.level, one.kind) == (other.level, other.kind)
    ]
    found = []
    for ratio, one, other in sorted(likeness, key=lambda pair: (-pair[0], pair[1].code, pair[2].code)):
        if ratio >= least and one in ours and other in theirs:
            ours.remove(one)
            theirs.remove(other)
            found.append((one, other, ratio))
    return found


def _differences(first: Asked, second: Asked) -> tuple[Change, ...]:
    return changed(
        [
            (_LEVELS, first.level, second.level),
            (_WORDS, first.text, second.text),
            (_FUNCTION, first.function, second.function),
            (_WORK, first.work, second.work),
            (_POINTS, _common_points(first), _common_points(second)),
            (_DEPTH, number(first.depth), number(second.depth)),
            (_HOURS, number(first.hours), number(second.hours)),
            (_ASSESSED, "+" if first.assessed else "", "+" if second.assessed else ""),
        ]
    )


def _common_points(asked: Asked) -> str:
    """The points, but for one of its own, whose code says nothing but which requirement it is."""
    own = len(asked.points) == 1 and asked.points[0].endswith(f"/{asked.code}")
    return "" if own else "、".join(asked.points)


def _touched(
    store: Store, changes: Iterable[RequirementChange], levels: set[str], profile: Profile
) -> Iterator[Touched]:
    """The courses of the plans that aim at the first edition and teach a point of what changed."""
    changes = list(changes)
    for programme in programmes(store):
        if not _aims(store, programme, levels, profile):
            continue
        for course in read_plan(store, programme).courses:
            for change in changes:
                yield from _touch(programme, course, change)


def _aims(store: Store, programme: Programme, levels: set[str], profile: Profile) -> bool:
    measurements = Measurements(store, Iri(programme.thing.iri), programme.terms, profile)
    return any(target.source.iri in levels for target in measurements.targets)


def _touch(programme: Programme, course: Course, change: RequirementChange) -> Iterator[Touched]:
    taught = course.supports()
    points = {point for one in (change.first, change.second) if one for point in one.points}
    reached = [taught[point].depth for point in sorted(points & taught.keys())]
    if not reached:
        return
    stated = [depth for depth in reached if depth is not None]
    depth = max(stated) if stated else None
    wanted = change.second.depth if change.second else None
    enough = None if depth is None or wanted is None else depth >= wanted
    yield Touched(programme.thing, course.thing, change, depth, enough)
