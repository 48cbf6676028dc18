"""Many programmes side by side: how they stand, what several leave open, and who could lend a course that closes it.

Each programme is compared with what it aims at, as always; nothing is judged anew here. A place is by
the upper bound, so that nobody gains by leaving requirements unexamined, and beside it stands between which
places the truth must lie, whatever an examination brings.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from ..findings import Cell, Coverage, Finding, Offer, State, Tally, Thing, Totals
from ..rdf import Iri
from ..store.port import GraphIdentity, Store
from . import Document, GapAnalysis, Programme, analyse, find_programme, programmes
from .cells import TOO_LATE, judge
from .counting import counted_coverages, each_once
from .means import Means, means_of
from .measure import Measurements
from .profile import Profile, load_profile

SEVERAL = 2
"""How many programmes must leave a point open for it to be a gap that they share: more than one."""

_KNOWN: tuple[State, ...] = ("partial", "no-match")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a programme stands among others, against one source or against all that it aims at.

    ``place`` counts those with a smaller upper bound, so equals share a place and the next is left out;
    it cannot be better than ``best`` nor worse than ``worst`` when all that is not examined has been. The three
    are ``None`` where there is nothing to compare.
    """

    programme: Programme
    totals: Totals
    place: int | None = None
    best: int | None = None
    worst: int | None = None

    @property
    def tally(self) -> Tally:
        """The four states, in items."""
        return self.totals.all["items"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Programmes by place against one source: these have one denominator, so their places compare like with like."""

    source: Thing
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class OpenCell:
    """A required point that a programme leaves open: for which target, and what was judged."""

    programme: Programme
    coverage: Coverage
    cell: Cell


@dataclass(frozen=True, slots=True)
class Lender:
    """A course of another programme that would close the gap, and for which programmes it would."""

    programme: Programme
    offer: Offer
    closes: tuple[Programme, ...]


@dataclass(frozen=True, slots=True)
class SharedGap:
    """A point that programmes of the group leave open, and what the group has to close it with.

    ``required_by`` are all programmes whose targets require the point; ``unexamined`` those of them of which
    nobody has looked. ``means`` are resources and equipment for teaching it that a body of the group has.
    """

    point: Thing
    required_by: tuple[Programme, ...]
    open: tuple[OpenCell, ...]
    unexamined: tuple[Programme, ...]
    lenders: tuple[Lender, ...]
    means: tuple[Means, ...]

    @property
    def is_shared(self) -> bool:
        """Whether more than one programme leaves it open; else one alone does, and another could lend."""
        return len(self.open) >= SEVERAL


@dataclass(frozen=True, slots=True)
class GroupAnalysis:
    """All that a report over many programmes shows.

    ``findings`` are those of no one programme; each programme's own stand in ``members``, by code.
    """

    members: tuple[GapAnalysis, ...]
    standings: tuple[Standing, ...]
    rankings: tuple[Ranking, ...]
    gaps: tuple[SharedGap, ...]
    findings: tuple[Finding, ...]
    documents: tuple[Document, ...]
    example_documents: tuple[Document, ...]
    graph: GraphIdentity
    profile: Profile

    def counts(self) -> dict[str, dict[str, int]]:
        """For each code how often each programme has it, by IRI; stages repeat certificates and are left out."""
        counted: dict[str, dict[str, int]] = defaultdict(dict)
        for member in self.members:
            iri = member.programme.thing.iri
            for finding in member.findings:
                if finding.basis not in ("group", "stage"):
                    counted[finding.code][iri] = counted[finding.code].get(iri, 0) + 1
        return {code: counted[code] for code in sorted(counted)}


def group_analysis(store: Store, codes: Sequence[str] = (), profile: Profile | None = None) -> GroupAnalysis:
    """Compare many programmes with what each aims at, and with each other.

    Args:
        store: the graph.
        codes: codes or IRIs of programmes, each taken once; the latest edition of all in the graph when none is given.
        profile: the policy; the shipped one when not given.

    Raises:
        UnreadableError: when a code is unknown, or the graph holds no programme.
    """
    profile = profile or load_profile()
    named = [find_programme(store, code) for code in codes] or latest_editions(programmes(store))
    chosen = {programme.thing.iri: programme for programme in named or [find_programme(store, None)]}
    members = tuple(analyse(store, programme, profile) for programme in chosen.values())
    first = members[0]
    return GroupAnalysis(
        members=members,
        standings=ranked(Standing(member.programme, counted_totals(member)) for member in members),
        rankings=tuple(_rankings(members)),
        gaps=tuple(_shared_gaps(store, members, profile)),
        findings=tuple(finding for finding in first.findings if finding.basis == "group"),
        documents=_documents(member.documents for member in members),
        example_documents=_documents(member.example_documents for member in members),
        graph=store.identity,
        profile=profile,
    )


def latest_editions(known: Iterable[Programme]) -> list[Programme]:
    """The latest edition of each programme, by code; an older one beside it would count its gaps twice."""
    latest: dict[str, Programme] = {}
    for programme in sorted(known, key=lambda programme: programme.thing.code):
        latest[programme.thing.code.rpartition("@")[0] or programme.thing.code] = programme
    return list(latest.values())


def counted_totals(analysis: GapAnalysis) -> Totals:
    """The states of all that a programme's headline counts, in items: weight tables of different sources do not add."""
    cells = [cell for _, cell in each_once(counted_coverages(analysis.coverages))]
    return Totals(
        all={"items": _tally(cell.verdict.state for cell in cells)},
        reviewed={"items": _tally(cell.reviewed.state for cell in cells)},
    )


def _tally(states: Iterable[State]) -> Tally:
    found = list(states)
    order: tuple[State, ...] = ("covered", "partial", "no-match", "not-examined")
    return Tally(*(Fraction(found.count(state)) for state in order))


def ranked(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Standings with their places, in order: by upper bound, by known gap, by code; without a denominator last.

    The place is one more than there are smaller upper bounds. An *interval order* gives the bounds of the truth:
    another is surely better only where its upper bound is below this known gap, and possibly better wherever its
    known gap is below this upper bound.
    """
    given = list(standings)
    shares = {s.programme.thing.iri: _shares(s.tally) for s in given if s.tally.denominator}
    placed = [
        replace(
            standing,
            place=1 + sum(upper < high for _, upper in shares.values()),
            best=1 + sum(upper < low for _, upper in shares.values()),
            worst=1 + sum(known < high for iri, (known, _) in shares.items() if iri != standing.programme.thing.iri),
        )
        for standing in given
        if standing.tally.denominator
        for low, high in [shares[standing.programme.thing.iri]]
    ]
    placed.sort(key=lambda s: (_shares(s.tally)[1], _shares(s.tally)[0], s.programme.thing.code))
    without = sorted((s for s in given if not s.tally.denominator), key=lambda s: s.programme.thing.code)
    return (*placed, *without)


def _shares(tally: Tally) -> tuple[Fraction, Fraction]:
    """Known gap and upper bound as shares of what is required."""
    return tally.known_gap / tally.denominator, tally.upper_bound / tally.denominator


def _rankings(members: Sequence[GapAnalysis]) -> Iterator[Ranking]:
    """A ranking for each source that several programmes aim at, by the source's code."""
    sources: dict[Thing, dict[str, Standing]] = defaultdict(dict)
    for member in members:
        for coverage in member.coverages:
            if coverage.target.basis != "stage":
                standing = Standing(member.programme, coverage.totals)
                sources[coverage.target.source].setdefault(member.programme.thing.iri, standing)
    for source in sorted(sources, key=lambda source: (source.code, source.iri)):
        if len(sources[source]) >= SEVERAL:
            yield Ranking(source, ranked(sources[source].values()))


def _shared_gaps(store: Store, members: Sequence[GapAnalysis], profile: Profile) -> list[SharedGap]:
    """Points that several leave open, or one where another could lend; those open in most programmes first."""
    cells: dict[Thing, list[OpenCell]] = defaultdict(list)
    for member in members:
        for coverage, cell in each_once(counted_coverages(member.coverages)):
            cells[cell.requirement.point].append(OpenCell(member.programme, coverage, cell))
    offers = _Offers(store, members, profile)
    found = [_shared_gap(point, required, offers) for point, required in cells.items()]
    wanted = [gap for gap in found if gap.is_shared or (gap.open and gap.lenders)]
    return sorted(wanted, key=lambda gap: (-len(gap.open), -_heaviest(gap), gap.point.code, gap.point.iri))


def _heaviest(gap: SharedGap) -> Fraction:
    return max((one.cell.weight or Fraction(0) for one in gap.open), default=Fraction(0))


def _shared_gap(point: Thing, required: Sequence[OpenCell], offers: "_Offers") -> SharedGap:
    opened: dict[str, OpenCell] = {}
    for one in required:
        if one.cell.verdict.state in _KNOWN:
            opened.setdefault(one.programme.thing.iri, one)
    asking = {one.programme.thing.iri: one.programme for one in required}
    unseen = {one.programme.thing.iri for one in required if one.cell.verdict.state == "not-examined"} - opened.keys()
    return SharedGap(
        point=point,
        required_by=tuple(asking.values()),
        open=tuple(opened.values()),
        unexamined=tuple(programme for iri, programme in asking.items() if iri in unseen),
        lenders=tuple(offers.lenders(list(opened.values()))) if opened else (),
        means=tuple(offers.means(point, opened.values())) if opened else (),
    )


class _Offers:
    """What the programmes of a group offer for the requirements of any source, asked of the store once for each."""

    def __init__(self, store: Store, members: Sequence[GapAnalysis], profile: Profile) -> None:
        self._store = store
        self._members = members
        self._profile = profile
        self._known: dict[tuple[str, str], Mapping[str, Sequence[Offer]]] = {}
        self._means: dict[str, Mapping[str, Sequence[Means]]] = {}
        for member in members:
            for coverage in member.coverages:
                by_requirement = {cell.requirement.thing.iri: cell.offers for cell in coverage.cells}
                self._known[member.programme.thing.iri, coverage.target.source.iri] = by_requirement

    def lenders(self, opened: Sequence[OpenCell]) -> Iterator[Lender]:
        """The courses of the group that would close some of the open cells, by programme and course."""
        for member in self._members:
            closing: dict[str, tuple[Offer, list[Programme]]] = {}
            for one in opened:
                if one.programme.thing.iri != member.programme.thing.iri:
                    for offer in self._of(member.programme, one):
                        if _would_close(one.cell, offer):
                            closing.setdefault(offer.coverage.iri, (offer, []))[1].append(one.programme)
            for offer, closed in sorted(closing.values(), key=lambda pair: (pair[0].course.code, pair[0].coverage.iri)):
                yield Lender(member.programme, offer, tuple(closed))

    def means(self, point: Thing, opened: Iterable[OpenCell]) -> Iterator[Means]:
        """What bodies have for teaching a point."""
        sources = dict.fromkeys(one.coverage.target.source.iri for one in opened)
        for source in sources:
            if source not in self._means:
                self._means[source] = means_of(self._store, source)
        found = chain.from_iterable(self._means[source].get(point.iri, ()) for source in sources)
        yield from dict.fromkeys(found)

    def _of(self, programme: Programme, one: OpenCell) -> Sequence[Offer]:
        source, key = one.coverage.target.source.iri, programme.thing.iri
        if (key, source) not in self._known:
            measured = Measurements(self._store, Iri(key), programme.terms, self._profile)
            self._known[key, source] = measured.offers(source)
        return self._known[key, source].get(one.cell.requirement.thing.iri, ())


def _would_close(cell: Cell, offer: Offer) -> bool:
    """Whether an offer of another programme would close a cell.

    A shared course can stand in another term of the plan that takes it over, so its own term does not count,
    unless the gap is nothing but lateness: then only a course that is taught in time helps.
    """
    only_late = {shortfall.code for shortfall in cell.verdict.shortfalls} == {TOO_LATE}
    demand = cell.demand if only_late else replace(cell.demand, due_term=offer.last_term)
    return judge(demand, [offer], examined=False).state == "covered"


def _documents(given: Iterable[Iterable[Document]]) -> tuple[Document, ...]:
    return tuple(sorted(dict.fromkeys(chain.from_iterable(given)), key=lambda document: document.identifier))
