"""The shape of a plan: where its hours lie, and which indicators its courses support. It counts and judges nothing."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from ..findings import Thing
from ..queries import run
from ..rdf import Iri
from ..store.port import Store
from .measure import thing

HOURS = "plan-hours"
INDICATORS = "plan-indicators"


@dataclass(frozen=True, slots=True)
class Load:
    """How many courses stand in one stage and module, with how many hours; ``None``: in none.

    A course without stated hours counts as a course with 0 hours.
    """

    stage: Thing | None
    module: Thing | None
    courses: int
    hours: Fraction


@dataclass(frozen=True, slots=True)
class Support:
    """How many courses of a plan support an indicator, and by how many points."""

    indicator: Thing
    courses: int
    points: int


@dataclass(frozen=True, slots=True)
class PlanShape:
    """Where the hours of a plan lie, stage by stage and module by module, and what supports each indicator.

    ``loads`` hold every stage with every module in order, with 0 where there is no course; then the
    courses that stand in no stage or in no module, where there are any. ``courses`` and ``hours`` are
    those of the whole plan, the denominators.
    """

    loads: tuple[Load, ...] = ()
    supports: tuple[Support, ...] = ()
    courses: int = 0
    hours: Fraction = Fraction(0)

    @property
    def stages(self) -> tuple[Thing | None, ...]:
        """The rows: the stages in order, and none where courses stand in none."""
        return tuple(dict.fromkeys(load.stage for load in self.loads))

    @property
    def modules(self) -> tuple[Thing | None, ...]:
        """The columns: the modules in order, and none where courses stand in none."""
        return tuple(dict.fromkeys(load.module for load in self.loads))

    def load(self, stage: Thing | None, module: Thing | None) -> Load:
        """What stands in one stage and module."""
        found = (load for load in self.loads if (load.stage, load.module) == (stage, module))
        return next(found, Load(stage, module, 0, Fraction(0)))


def plan_shape(store: Store, programme: Iri) -> PlanShape:
    """Count the hours and the support of a plan.

    Args:
        store: the graph.
        programme: the programme edition.
    """
    frame: dict[str, list[Thing]] = defaultdict(list)
    for row in run(store, "plan-frame"):
        frame[str(row["kind"])].append(thing({**row, "itemCode": row["itemCode"] or ""}, "item"))
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    hours: dict[str, Fraction] = {}
    placed: set[str] = set()
    for row in run(store, HOURS, programme=programme):
        offering = str(row["offering"])
        hours[offering] = Fraction(str(row["hours"] or 0))
        if offering not in placed:  # one that names two stages counts once, in the first
            places[str(row["stage"] or ""), str(row["module"] or "")].add(offering)
            placed.add(offering)
    return PlanShape(
        loads=_loads(frame, places, hours),
        supports=_supports(store, programme, frame["indicator"]),
        courses=len(hours),
        hours=sum(hours.values(), Fraction(0)),
    )


def _loads(
    frame: dict[str, list[Thing]], places: dict[tuple[str, str], set[str]], hours: dict[str, Fraction]
) -> tuple[Load, ...]:
    stages: list[Thing | None] = [*frame["stage"]]
    modules: list[Thing | None] = [*frame["module"]]
    stages += [None] if any(not stage for stage, _ in places) else []
    modules += [None] if any(not module for _, module in places) else []
    loads = []
    for stage in stages:
        for module in modules:
            offerings = places.get((stage.iri if stage else "", module.iri if module else ""), set())
            loads.append(Load(stage, module, len(offerings), sum((hours[each] for each in offerings), Fraction(0))))
    return tuple(loads)


def _supports(store: Store, programme: Iri, indicators: list[Thing]) -> tuple[Support, ...]:
    courses: dict[str, set[str]] = defaultdict(set)
    points: dict[str, set[str]] = defaultdict(set)
    for row in run(store, INDICATORS, programme=programme):
        courses[str(row["indicator"])].add(str(row["course"]))
        points[str(row["indicator"])].add(str(row["point"]))
    return tuple(Support(each, len(courses[each.iri]), len(points[each.iri])) for each in indicators)
