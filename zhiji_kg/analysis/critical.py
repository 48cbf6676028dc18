"""Critical courses: those on which alone so much of a target rests that the plan cannot lose them."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from ..findings import Cell, Coverage, Finding, Provenance, Table, Thing
from ..texts import Text
from .cells import shortfalls
from .profile import Profile

CRITICAL = "ZJ-C13"
_NAMES = {
    "theory": Text("理论权重", "theory weight"),
    "skills": Text("技能权重", "skills weight"),
    "items": Text("条目", "items"),
}


def critical_courses(coverage: Coverage, profile: Profile, provenance: Provenance) -> Iterator[Finding]:
    """In each table of a target, the courses whose removal would uncover the most of it.

    A cell is lost with a course when it is covered and no other course covers it: each offer that passes
    every test is this course's. What is lost is counted in the weight of the table; in items only where
    the source has no weights. The course that loses the most is named (several where they lose the same),
    if what is lost is more than the profile's share of the denominator.

    ``measured`` is that share, ``part`` of ``whole``; ``threshold`` the profile's.
    """
    tables: list[Table] = [table for table in coverage.totals.all if (table != "items") == coverage.weighted]
    for table in tables:
        whole = coverage.totals.all[table].denominator
        lost = {course: sum(map(_heft, cells), Fraction(0)) for course, cells in _alone(coverage, table).items()}
        most = max(lost.values(), default=Fraction(0))
        if not whole or most / whole <= profile.critical_share:
            continue
        for course in sorted((c for c, loss in lost.items() if loss == most), key=lambda c: c.code):
            cells = _alone(coverage, table)[course]
            yield _finding(coverage, table, course, cells, (most, whole), profile, provenance)


def _finding(
    coverage: Coverage, table: Table, course: Thing, cells: list[Cell], share: tuple[Fraction, Fraction],
    profile: Profile, provenance: Provenance,
) -> Finding:  # fmt: skip
    part, whole = share
    policy = profile.codes[CRITICAL]
    return Finding(
        code=CRITICAL,
        severity=policy.severity,
        subject=course,
        basis="plan",
        source=coverage.target.source,
        due_for=coverage.target.due_for,
        object=Thing("", table, _NAMES[table]),
        measured=float(part / whole),
        threshold=float(profile.critical_share),
        threshold_by_rule=True,
        part=part,
        whole=whole,
        weight=part if coverage.weighted else None,
        table=table,
        evidence=tuple(cell.verdict.chosen.coverage for cell in cells if cell.verdict.chosen),
        suggestion=policy.suggestion,
        provenance=provenance,
    )


def _alone(coverage: Coverage, table: Table) -> dict[Thing, list[Cell]]:
    """The covered cells that rest on one course, by that course."""
    resting: dict[Thing, list[Cell]] = defaultdict(list)
    for cell in coverage.cells:
        counted = cell.weight is not None and cell.requirement.table == table if coverage.weighted else True
        if counted and cell.verdict.state == "covered":
            courses = {offer.course for offer in cell.offers if not shortfalls(cell.demand, offer)}
            if len(courses) == 1:
                resting[courses.pop()].append(cell)
    return resting


def _heft(cell: Cell) -> Fraction:
    return Fraction(1) if cell.weight is None else cell.weight
