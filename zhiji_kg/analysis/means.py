"""What a group of bodies has for teaching a point: resources of courses that teach it, and equipment it needs."""

from collections import defaultdict
from dataclasses import dataclass

from ..findings import Evidence, Thing
from ..queries import Row, run
from ..rdf import Iri
from ..store.port import Store
from .measure import evidence, thing

QUERY = "point-means"


@dataclass(frozen=True, slots=True)
class Means:
    """A learning resource, or a body that has equipment, for teaching a point.

    ``built_by`` and ``shared_with`` are the bodies of a resource, ``course`` a course that uses it;
    ``equipment`` what a body has, which is empty for a resource.
    """

    thing: Thing
    course: Thing | None
    built_by: tuple[Thing, ...]
    shared_with: tuple[Thing, ...]
    equipment: tuple[str, ...]
    evidence: Evidence

    @property
    def bodies(self) -> tuple[Thing, ...]:
        """All bodies that have to do with it, each once."""
        return tuple(dict.fromkeys([*self.built_by, *self.shared_with] or ([self.thing] if self.equipment else [])))


def means_of(store: Store, source: str) -> dict[str, list[Means]]:
    """The means for each point that a requirement source requires, by the point's IRI.

    Args:
        store: the graph.
        source: IRI of the requirement source.
    """
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in run(store, QUERY, source=Iri(source)):
        rows[str(row["point"]), str(row["means"])].append(row)
    found: dict[str, list[Means]] = defaultdict(list)
    for (point, _), of_one in rows.items():
        found[point].append(_means(of_one))
    return dict(found)


def _means(rows: list[Row]) -> Means:
    first = rows[0]
    courses = [thing(row, "what") for row in rows if row["what"]]
    return Means(
        thing=thing(first, "means"),
        course=courses[0] if courses else None,
        built_by=_bodies(rows, "builtBy"),
        shared_with=_bodies(rows, "sharedWith"),
        equipment=tuple(dict.fromkeys(str(row["equipment"]) for row in rows if row["equipment"])),
        evidence=evidence(first, "means"),
    )


def _bodies(rows: list[Row], role: str) -> tuple[Thing, ...]:
    given = (thing(row, "body") for row in rows if str(row["role"] or "").endswith(f"/{role}"))
    return tuple(dict.fromkeys(given))
