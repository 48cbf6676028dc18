"""From the rows of the gap queries to requirements, offers, targets and judged cells."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..findings import Cell, Coverage, Demand, Evidence, Group, Offer, Requirement, Table, Target, Thing
from ..queries import Row, run
from ..rdf import Iri
from ..store.port import Store
from ..texts import Text
from .cells import judge
from .profile import Profile
from .totals import Weights, item_weights, totals

_BASIS = {"SkillCertificate": "certificate", "GrowthStage": "stage", "Occupation": "occupation"}
_SOURCE_ORDER = {"certificate": 0, "occupation": 1, "asked": 2, "stage": 3}


@dataclass(frozen=True)
class Measurements:
    """What the store says of one programme edition; asked once for each source, judged as often as needed."""

    store: Store
    programme: Iri
    terms: int
    profile: Profile

    @cached_property
    def targets(self) -> list[Target]:
        """What the programme aims at: certificates first, then occupations, then stages."""
        rows = run(self.store, "targets", programme=self.programme)
        found = {str(row["target"]): self._target(row) for row in rows}
        order = sorted(found.values(), key=lambda t: (_SOURCE_ORDER[t.basis], t.due_term, t.source.code))
        return list(order)

    @cached_property
    def examinations(self) -> dict[str, list[Evidence]]:
        """Examinations that found no match, by the IRI of the point."""
        by_point: dict[str, list[Evidence]] = defaultdict(list)
        for row in run(self.store, "examinations", programme=self.programme):
            by_point[str(row["point"])].append(evidence(row, "examination"))
        return by_point

    def requirements(self, source: str) -> list[Requirement]:
        """The requirements of a source in the order of the standard."""
        rows = run(self.store, "requirements", source=Iri(source))
        first: dict[str, Row] = {}
        for row in rows:
            first.setdefault(str(row["requirement"]), row)
        return [_requirement(row) for row in first.values()]

    def offers(self, source: str) -> dict[str, list[Offer]]:
        """The offers of the programme's courses, by the IRI of the requirement."""
        by_requirement: dict[str, dict[str, Offer]] = defaultdict(dict)
        for row in run(self.store, "coverage", programme=self.programme, source=Iri(source)):
            if row["coverage"] is not None:
                by_requirement[str(row["requirement"])].setdefault(str(row["coverage"]), _offer(row))
        return {requirement: list(offers.values()) for requirement, offers in by_requirement.items()}

    def weights(self, source: str) -> tuple[Weights, dict[str, Thing], dict[tuple[Table, str], Evidence]]:
        """The weight tables of a source, the functions they name, and where each weight stands."""
        columns: dict[Table, dict[str, Fraction]] = defaultdict(dict)
        functions: dict[str, Thing] = {}
        places: dict[tuple[Table, str], Evidence] = {}
        for row in run(self.store, "weights", source=Iri(source)):
            table: Table = "theory" if str(row["table"]).endswith("/theory") else "skills"
            function = str(row["function"])
            columns[table][function] = Fraction(Decimal(str(row["weight"])))
            functions[function] = Thing(function, "", Text(str(row["functionLabel"]), ""))
            places[table, function] = evidence(row, "entry")
        return columns, functions, places

    def _target(self, row: Row) -> Target:
        basis = _BASIS[str(row["basis"]).rpartition("/")[2]]
        due = row["dueTerm"]
        return Target(
            thing=Thing(str(row["target"])),
            source=thing(row, "source"),
            due_for=thing(row, "dueFor"),
            basis=basis,  # type: ignore[arg-type]
            due_term=int(due) if due is not None else self.terms,
            level=str(row["level"] or ""),
        )


def measure(measurements: Measurements, targets: Sequence[Target]) -> list[Coverage]:
    """Judge every cell of every target; targets on one source share its rows."""
    by_source: dict[str, tuple[list[Requirement], dict[str, list[Offer]], Weights]] = {}
    coverages = []
    for target in targets:
        source = target.source.iri
        if source not in by_source:
            weights = measurements.weights(source)[0]
            by_source[source] = (measurements.requirements(source), measurements.offers(source), weights)
        coverages.append(_judge_target(measurements, target, *by_source[source]))
    return coverages


def judge_cells(
    requirements: Sequence[Requirement], offers: Mapping[str, Sequence[Offer]],
    examinations: Mapping[str, Sequence[Evidence]], weights: Weights, due_term: int, profile: Profile,
) -> list[Cell]:  # fmt: skip
    """The cells of one source, judged with all coverage and with the reviewed coverage only.

    Args:
        requirements: the requirements of the source.
        offers: by requirement IRI.
        examinations: those that found no match, by point IRI.
        weights: the source's weight tables.
        due_term: the term by which the source is due.
        profile: gives the least depth where a requirement states none.
    """
    shares = item_weights(requirements, weights)
    cells = []
    for requirement in requirements:
        demand = demand_of(requirement, due_term, profile)
        found = tuple(offers.get(requirement.thing.iri, ()))
        examined = tuple(examinations.get(requirement.point.iri, ()))
        reviewed = tuple(offer for offer in found if offer.reviewed)
        cells.append(
            Cell(
                requirement,
                demand,
                found,
                examined,
                verdict=judge(demand, found, examined=bool(examined)),
                reviewed=judge(demand, reviewed, examined=bool(examined)),
                weight=shares.get(requirement.thing.iri),
            )
        )
    return cells


def demand_of(requirement: Requirement, due_term: int, profile: Profile) -> Demand:
    """What a requirement asks; where it states no depth the profile's rule for its kind holds, if it has one."""
    stated = requirement.least_depth is not None
    return Demand(
        least_depth=requirement.least_depth if stated else profile.depth.get(requirement.kind),
        due_term=due_term,
        least_hours=requirement.least_hours,
        must_be_assessed=requirement.must_be_assessed,
        depth_is_stated=stated,
    )


def _judge_target(
    measurements: Measurements, target: Target, requirements: Sequence[Requirement],
    offers: Mapping[str, Sequence[Offer]], weights: Weights,
) -> Coverage:  # fmt: skip
    cells = judge_cells(requirements, offers, measurements.examinations, weights, target.due_term, measurements.profile)
    return Coverage(
        target=target,
        cells=tuple(cells),
        totals=totals(cells, weights),
        functions=_groups(cells, weights),
        weighted=any(weights.values()),
    )


def _groups(cells: Sequence[Cell], weights: Weights) -> tuple[Group, ...]:
    """Function by function, and within each its work contents, in the order of the standard."""
    groups = []
    for function, of_function in _by(cells, "function").items():
        own: Weights = {
            table: {iri: w for iri, w in column.items() if iri == function.iri} for table, column in weights.items()
        }
        works = tuple(
            Group(work, totals(of_work, own)) for work, of_work in _by(of_function, "work").items()
        )  # fmt: skip
        groups.append(Group(function, totals(of_function, own), works))
    return tuple(groups)


def _by(cells: Iterable[Cell], part: str) -> dict[Thing, list[Cell]]:
    grouped: dict[Thing, list[Cell]] = defaultdict(list)
    for cell in cells:
        key = getattr(cell.requirement, part)
        if key is not None:
            grouped[key].append(cell)
    return grouped


def thing(row: Row, name: str) -> Thing:
    """The entity of a column, with its code and labels from the columns named after it."""
    text = Text(str(row.get(f"{name}Label") or ""), str(row.get(f"{name}LabelEn") or ""))
    return Thing(str(row[name]), str(row.get(f"{name}Code") or ""), text)


def evidence(row: Row, name: str) -> Evidence:
    """Where the entity of a column stands, from the evidence columns of the row."""

    def last(key: str) -> str:
        return str(row.get(key) or "").rpartition("/")[2]

    return Evidence(
        iri=str(row[name]),
        source=last("document"),
        locator=str(row.get("locator") or ""),
        grade=last("grade"),
        reviewer=str(row.get("reviewer") or ""),
        stated_in=str(row.get("statedIn") or ""),
    )


def _requirement(row: Row) -> Requirement:
    point = thing(row, "point")
    label = Text(str(row["label"]), point.label.en)
    return Requirement(
        thing=Thing(str(row["requirement"]), str(row["code"]), label),
        kind=str(row["kind"]).rpartition("/")[2],  # type: ignore[arg-type]
        point=point,
        evidence=evidence(row, "requirement"),
        function=thing(row, "function") if row["function"] else None,
        work=thing(row, "work") if row["work"] else None,
        least_depth=_whole(row["leastDepth"]),
        least_hours=_figure(row["leastHours"]),
        must_be_assessed=bool(row["mustBeAssessed"]),
    )


def _offer(row: Row) -> Offer:
    completion = _whole(row["completionTerm"])
    last = completion if completion is not None else _whole(row["lastTerm"])
    course = thing(row, "course")
    return Offer(
        coverage=evidence(row, "coverage"),
        course=replace(course, code=str(row["courseCode"])),
        last_term=last or 0,
        depth=_whole(row["depth"]),
        hours=_figure(row["hours"]),
        assessed=bool(row["assessed"]),
    )


def _whole(value: Any) -> int | None:  # noqa: ANN401 - a plain value of a row
    return None if value is None else int(value)


def _figure(value: Any) -> float | None:  # noqa: ANN401 - a plain value of a row
    return None if value is None else float(value)
