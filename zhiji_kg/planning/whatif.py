"""What if: the gap analysis of a plan before some edits and after them, figure by figure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..analysis import GapAnalysis, Profile, Programme, analyse, find_programme
from ..findings import Coverage, Finding, Tally
from ..rdf import Iri
from ..store.port import Store
from .edits import Edit
from .facts import plan_of

Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Load:
    """Hours and credits of a term, before and after."""

    term: int
    hours: tuple[Fraction, Fraction]
    credits: tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Both analyses of a plan, the load of its terms in both, and the findings that went and came."""

    edits: tuple[Edit, ...]
    before: GapAnalysis
    after: GapAnalysis
    loads: tuple[Load, ...]
    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]

    @property
    def codes(self) -> dict[str, tuple[int, int]]:
        """How many findings of each code there are before and after, in the order of the codes."""
        before, after = (Counter(f.code for f in analysis.findings) for analysis in (self.before, self.after))
        return {code: (before[code], after[code]) for code in sorted({*before, *after})}

    def targets(self) -> list[tuple[Coverage, Coverage | None]]:
        """Each target of the plan before, with the same one after."""
        after = {coverage.target.thing.iri: coverage for coverage in self.after.coverages}
        return [(coverage, after.get(coverage.target.thing.iri)) for coverage in self.before.coverages]

    def plain(self) -> dict[str, Any]:
        """Every figure before and after as plain data."""
        return {
            "programme": self.before.programme.thing.code,
            "graph": {"version": self.before.graph.version, "sha256": self.before.graph.sha256},
            "edits": [edit.plain() for edit in self.edits],
            "targets": [_target(one, other) for one, other in self.targets()],
            "findings": [
                {"code": code, "before": before, "after": after} for code, (before, after) in self.codes.items()
            ],
            "gone": [_named(finding) for finding in self.gone],
            "new": [_named(finding) for finding in self.new],
            "terms": [
                {
                    "term": load.term,
                    "hours": dict(zip(("before", "after"), map(_figure, load.hours), strict=True)),
                    "credits": dict(zip(("before", "after"), map(_figure, load.credits), strict=True)),
                }
                for load in self.loads
            ],
        }


def what_if(
    store: Store, there: Store, programme: Programme, edits: Sequence[Edit], profile: Profile, source: str | None = None
) -> WhatIf:
    """Compare a plan in the graph with the same plan where the edits are made.

    Args:
        store: the graph as it is.
        there: the scenario graph of these edits, from ``scenario``.
        programme: the edition that the edits are about.
        edits: what is changed there.
        profile: judges both.
        source: a requirement source to look at alone, as for ``analyse``.
    """
    changed = find_programme(there, programme.thing.iri)
    before, after = analyse(store, programme, profile, source), analyse(there, changed, profile, source)
    old, new = ({_key(f): f for f in analysis.findings} for analysis in (before, after))
    return WhatIf(
        edits=tuple(edits),
        before=before,
        after=after,
        loads=_loads(store, there, programme),
        gone=tuple(finding for key, finding in old.items() if key not in new),
        new=tuple(finding for key, finding in new.items() if key not in old),
    )


def _loads(before: Store, after: Store, programme: Programme) -> tuple[Load, ...]:
    iri = Iri(programme.thing.iri)
    plans = [plan_of(store, iri, programme.terms) for store in (before, after)]
    loads = ((term, [plan.load(term) for plan in plans]) for term in range(1, programme.terms + 1))
    return tuple(Load(term, (one[0], other[0]), (one[1], other[1])) for term, (one, other) in loads)


def _key(finding: Finding) -> Key:
    """What makes two findings the same one, before and after."""
    due, point, other = finding.due_for, finding.point, finding.object
    return (
        finding.code,
        finding.basis,
        finding.subject.iri,
        due.iri if due else "",
        point.iri if point else "",
        (other.iri or other.code) if other else "",
    )


def _target(before: Coverage, after: Coverage | None) -> dict[str, Any]:
    target = before.target
    tables = {
        table: {
            "before": _tally(tally, before.totals.reviewed[table]),
            "after": _tally(after.totals.all[table], after.totals.reviewed[table]) if after else None,
        }
        for table, tally in before.totals.all.items()
    }
    return {"source": target.source.code, "dueFor": target.due_for.code, "basis": target.basis,
            "dueTerm": target.due_term, "tables": tables}  # fmt: skip


def _tally(tally: Tally, reviewed: Tally) -> dict[str, float]:
    parts = ("covered", "partial", "no_match", "not_examined", "known_gap", "upper_bound", "denominator")
    return {**{part: _figure(getattr(tally, part)) for part in parts}, "reviewed": _figure(reviewed.covered)}


def _named(finding: Finding) -> dict[str, str]:
    said = {"code": finding.code, "subject": finding.subject.code or finding.subject.name("zh")}
    if finding.object:
        said["object"] = finding.object.code
    if finding.due_for:
        said["dueFor"] = finding.due_for.code
    return said


def _figure(value: Fraction) -> float:
    return int(value) if value.denominator == 1 else round(float(value), 4)
