"""Findings from judged cells, and the findings about the standard's own tables."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ..findings import Cell, Coverage, Evidence, Finding, Provenance, Table, Target, Thing
from ..texts import Text
from .cells import TOO_LATE, TOO_SHALLOW
from .profile import Profile
from .totals import Weights, weights_without_items

NOT_COVERED = "ZJ-C01"
NOT_EXAMINED = "ZJ-C11"
COLUMN_NOT_100 = "ZJ-D02"
WEIGHT_WITHOUT_ITEMS = "ZJ-D03"
CONTRADICTION = "ZJ-D04"
_HUNDRED = Fraction(100)


def coverage_findings(coverage: Coverage, profile: Profile, provenance: Provenance) -> Iterator[Finding]:
    """The findings of one target, in the order of the standard.

    A stage is a second reading of a standard's level with its own term: all it adds is what
    comes too late for it.
    """
    for cell in coverage.cells:
        for finding in _cell_findings(cell, coverage.target, profile, provenance):
            if coverage.target.basis != "stage" or finding.code == TOO_LATE:
                yield finding


def codes_of(cell: Cell) -> list[str]:
    """The finding codes of a cell: the reasons of its state, then a contradicting examination."""
    state = {"no-match": [NOT_COVERED], "not-examined": [NOT_EXAMINED]}.get(cell.verdict.state, [])
    contradiction = [CONTRADICTION] if cell.offers and cell.examinations else []
    return state + [shortfall.code for shortfall in cell.verdict.shortfalls] + contradiction


def _cell_findings(cell: Cell, target: Target, profile: Profile, provenance: Provenance) -> Iterator[Finding]:
    measured = {shortfall.code: shortfall for shortfall in cell.verdict.shortfalls}
    chosen = cell.verdict.chosen
    for code in codes_of(cell):
        shortfall = measured.get(code)
        yield Finding(
            code=code,
            severity=profile.codes[code].severity,
            subject=cell.requirement.thing,
            basis=target.basis,
            source=target.due_for if target.basis == "stage" else target.source,
            due_for=target.due_for,
            point=cell.requirement.point,
            object=chosen.course if chosen and (shortfall or code == CONTRADICTION) else None,
            measured=shortfall.measured if shortfall else None,
            threshold=shortfall.threshold if shortfall else None,
            threshold_by_rule=code == TOO_SHALLOW and not cell.demand.depth_is_stated,
            weight=cell.weight,
            table=cell.requirement.table,
            evidence=_cell_evidence(cell, code),
            suggestion=profile.codes[code].suggestion,
            provenance=provenance,
        )


def _cell_evidence(cell: Cell, code: str) -> tuple[Evidence, ...]:
    coverage = (cell.verdict.chosen.coverage,) if cell.verdict.chosen else ()
    examined = cell.examinations if code in (NOT_COVERED, CONTRADICTION) else ()
    return (cell.requirement.evidence, *coverage, *examined)


def weight_findings(
    coverage: Coverage, weights: Weights, functions: Mapping[str, Thing],
    places: Mapping[tuple[Table, str], Evidence], profile: Profile, provenance: Provenance,
) -> Iterator[Finding]:  # fmt: skip
    """Columns that do not sum to 100, and weights of functions for which the standard lists nothing."""
    for table, column in sorted(weights.items()):
        total = sum(column.values(), Fraction(0))
        if total != _HUNDRED:
            whole = tuple(place for (of, _), place in sorted(places.items()) if of == table)
            yield _of_table(coverage, COLUMN_NOT_100, coverage.target.source, table, total, _HUNDRED, whole,
                            profile, provenance)  # fmt: skip
    empty = weights_without_items([cell.requirement for cell in coverage.cells], weights)
    for table, function in sorted(empty):
        yield _of_table(coverage, WEIGHT_WITHOUT_ITEMS, functions[function], table, weights[table][function],
                        Fraction(0), (places[table, function],), profile, provenance)  # fmt: skip


def _of_table(
    coverage: Coverage, code: str, subject: Thing, table: Table, measured: Fraction, threshold: Fraction,
    evidence: tuple[Evidence, ...], profile: Profile, provenance: Provenance,
) -> Finding:  # fmt: skip
    return Finding(
        code=code,
        severity=profile.codes[code].severity,
        subject=subject,
        basis=coverage.target.basis,
        source=coverage.target.source,
        due_for=coverage.target.due_for,
        object=Thing("", table, Text("理论", "theory") if table == "theory" else Text("技能", "skills")),
        measured=float(measured),
        threshold=float(threshold),
        weight=measured if code == WEIGHT_WITHOUT_ITEMS else None,
        table=table,
        evidence=evidence,
        suggestion=profile.codes[code].suggestion,
        provenance=provenance,
    )
