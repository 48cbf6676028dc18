"""How good a graph is in itself: what its statements rest on, what is reviewed, fresh, joined up and examined.

Every figure is a part of a whole and both are given; there is no single mark, for a mean of unlike shares would
hide which of them is low. A figure with nothing to be a share of has no share. The day from which freshness is
reckoned is the reader's; it is never taken from the clock and never enters the graph.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .analysis import Profile, analyse, load_profile, programmes
from .findings import Thing
from .queries import Row, run
from .store.port import GraphIdentity, Store
from .texts import Text

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: its key in the texts (``quality.measure``), a part and the whole it is a part of.

    ``of`` is the kind of thing that was counted, ``None`` where all statements were; ``more_is_better``
    tells whether a high share is good.
    """

    key: str
    part: int
    whole: int
    more_is_better: bool = True
    of: Thing | None = None

    @property
    def share(self) -> Fraction | None:
        """Part of whole, exactly; ``None`` where there is no whole."""
        return Fraction(self.part, self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of a graph, and the same for each kind of statement.

    ``day`` is the day from which freshness is reckoned, ``None`` where none was given (then it is not measured).
    """

    measures: tuple[Measure, ...]
    by_kind: tuple[Measure, ...]
    day: date | None
    fresh_months: int
    graph: GraphIdentity


def quality(store: Store, day: date | None = None, profile: Profile | None = None) -> Quality:
    """Measure a graph.

    Args:
        store: the graph.
        day: reckon freshness from this day; it is not measured when not given.
        profile: the policy; it says for how many months a review is fresh. The shipped one when not given.
    """
    profile = profile or load_profile()
    months = int(profile.sections["quality"]["fresh_months"])
    rows = run(store, "statements-by-evidence")
    kinds = list(dict.fromkeys(str(row["kind"]) for row in rows))
    by_kind = [measure for kind in kinds for measure in _evidence([r for r in rows if r["kind"] == kind], named=True)]
    measures = [
        *_evidence(rows),
        *_fresh(rows, day, months),
        *(_orphans(row) for row in run(store, "orphans")),
        _unexamined(store, profile),
    ]
    return Quality(tuple(measures), tuple(by_kind), day, months, store.identity)


def _evidence(rows: list[Row], *, named: bool = False) -> Iterator[Measure]:
    """What statements rest on. Reviewed is read as the gap model reads it: an example never is."""
    of = _kind(rows[0]) if named else None
    whole = _count(rows)
    for key, counted in (
        ("evidenced", [row for row in rows if row["located"] and row["grade"]]),
        ("direct", [row for row in rows if _grade(row) == "direct"]),
        ("reviewed", [row for row in rows if _is_reviewed(row)]),
    ):
        yield Measure(key, _count(counted), whole, of=of)


def _fresh(rows: Iterable[Row], day: date | None, months: int) -> Iterator[Measure]:
    """Statements reviewed in the months before a day, of all statements: what never was is not fresh."""
    if day is None:
        return
    since, until = months_before(day, months).isoformat(), day.isoformat()
    told = list(rows)
    fresh = [row for row in told if _is_reviewed(row) and since <= str(row["date"] or "")[:10] <= until]
    yield Measure("fresh", _count(fresh), _count(told))


def months_before(day: date, months: int) -> date:
    """The day so many months earlier; the last of that month where it has no such day."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 - months, _MONTHS)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:  # the month is shorter
            continue
    return date(year, month + 1, 1)


def _orphans(row: Row) -> Measure:
    return Measure("orphans", int(row["part"] or 0), int(row["whole"] or 0), more_is_better=False, of=_kind(row))


def _unexamined(store: Store, profile: Profile) -> Measure:
    """Required points of which nobody has said whether a course covers them, each once for every plan and source."""
    cells = {
        (programme.thing.iri, coverage.target.source.iri, cell.requirement.thing.iri, cell.requirement.point.iri):
        cell.verdict.state == "not-examined"
        for programme in programmes(store)
        for coverage in analyse(store, programme, profile).coverages
        for cell in coverage.cells
    }  # fmt: skip
    return Measure("unexamined", sum(cells.values()), len(cells), more_is_better=False)


def _count(rows: Iterable[Row]) -> int:
    return sum(int(row["statements"] or 0) for row in rows)


def _is_reviewed(row: Row) -> bool:
    return _grade(row) == "direct" or (bool(row["reviewed"]) and _grade(row) != "example")


def _grade(row: Row) -> str:
    return str(row["grade"] or "").rpartition("/")[2]


def _kind(row: Row) -> Thing:
    return Thing(str(row["kind"]), "", Text(str(row["kindLabel"]), str(row["kindLabelEn"])))
