"""Adding up: the four states of the cells of a source, in items and by weight, at every level.

A function's weight is shared equally among its items of the table's kind, and the share of an
item equally among its points. A weight without
items is left out of numerator and denominator, and the tally says what the whole column
states, so that a reader sees "95 of 100".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from ..findings import TABLES, Cell, Requirement, State, Table, Tally, Totals

Weights = Mapping[Table, Mapping[str, Fraction]]
"""For each weight table the weight (percent points) of each function, by the function's IRI."""

Reading = Literal["all", "reviewed"]


def item_weights(requirements: Sequence[Requirement], weights: Weights) -> dict[str, Fraction]:
    """The share of each requirement in its table, by the requirement's IRI.

    Requirements that bear one code are one row of the standard with several points: the row
    counts once, and its points share what it weighs. A requirement whose function has no weight
    in its table has no share.
    """
    points = Counter(_row(r) for r in requirements)
    rows = Counter((table, function) for table, function, _ in points)
    shares = {}
    for requirement in requirements:
        if requirement.function is None:
            continue
        of_function = weights.get(requirement.table, {}).get(requirement.function.iri)
        if of_function is not None:
            row = _row(requirement)
            shares[requirement.thing.iri] = of_function / rows[row[:2]] / points[row]
    return shares


def _row(requirement: Requirement) -> tuple[Table, str, str]:
    """The row of the standard that a requirement stands in: its table, its function, its code."""
    function = requirement.function.iri if requirement.function else ""
    return requirement.table, function, requirement.thing.code or requirement.thing.iri


def weights_without_items(requirements: Sequence[Requirement], weights: Weights) -> list[tuple[Table, str]]:
    """The functions that a table weighs above zero though the source lists no item of that kind for them."""
    listed = {(r.table, r.function.iri) for r in requirements if r.function}
    return [
        (table, function)
        for table, column in weights.items()
        for function, weight in column.items()
        if weight and (table, function) not in listed
    ]


def totals(cells: Iterable[Cell], weights: Weights) -> Totals:
    """The tallies of some cells in every table that has weights, of all and of reviewed coverage."""
    cells = tuple(cells)
    tables = [table for table in TABLES if table == "items" or weights.get(table)]
    return Totals(
        all={table: _tally(cells, table, weights, "all") for table in tables},
        reviewed={table: _tally(cells, table, weights, "reviewed") for table in tables},
    )


def _tally(cells: Sequence[Cell], table: Table, weights: Weights, reading: Reading) -> Tally:
    sums: dict[State, Fraction] = defaultdict(Fraction)
    for cell in cells:
        state = cell.verdict.state if reading == "all" else cell.reviewed.state
        if table == "items":
            sums[state] += 1
        elif cell.requirement.table == table and cell.weight is not None:
            sums[state] += cell.weight
    return Tally(
        covered=sums["covered"],
        partial=sums["partial"],
        no_match=sums["no-match"],
        not_examined=sums["not-examined"],
        stated=None if table == "items" else sum(weights[table].values(), Fraction(0)),
    )
