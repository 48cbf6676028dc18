"""What a record spares in a programme, when to join it at the latest, and what still has to be learnt."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..analysis import Profile, Programme, analyse
from ..analysis.cells import judge
from ..errors import CannotRunError, unreadable
from ..findings import Cell, Coverage, Offer, Thing
from ..planning.costs import Costs, costs_of
from ..planning.facts import Plan, plan_of
from ..rdf import Iri
from ..store.port import GraphIdentity, Store
from .entry import Entry, Placed, Rounds, latest_entry
from .exemption import CourseDecision, Reached, decide, figure
from .proof import Certified, Proof, deepest, proofs_of_certificates, proofs_of_studies


@dataclass(frozen=True, slots=True)
class Studies:
    """What a learner has studied of another plan, up to the last term that was finished."""

    programme: Programme
    finished: int


@dataclass(frozen=True, slots=True)
class Held:
    """What a learner brings along: certificates, studies of another plan, terms finished of the plan itself.

    ``waived`` are the codes of courses that are spared by a decision from outside; ``cumulative`` says whether
    a certificate proves what the lower levels of its standard ask for.
    """

    certificates: tuple[Certified, ...] = ()
    studies: Studies | None = None
    finished: int = 0
    waived: frozenset[str] = frozenset()
    cumulative: bool = True


@dataclass(frozen=True, slots=True)
class Aim:
    """A certificate of the programme: when everything it asks for has been learnt, and what no course teaches.

    ``ready_after`` is a term, 0 where everything is proved already, and ``None`` where something is ``missing``
    (its points) or no term of entry is known.
    """

    source: Thing
    due_for: Thing
    points: int
    proved: int
    ready_after: int | None
    missing: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """The way of one learner through one programme."""

    programme: Programme
    graph: GraphIdentity
    held: Held
    decisions: tuple[CourseDecision, ...]
    entry: Entry
    aims: tuple[Aim, ...]

    def of(self, decision: str) -> tuple[CourseDecision, ...]:
        """The courses of a decision."""
        return tuple(one for one in self.decisions if one.decision == decision)

    def plain(self) -> dict[str, Any]:
        """As plain data, for ``--json``."""
        return {
            "programme": self.programme.thing.code,
            "graph": {"version": self.graph.version, "sha256": self.graph.sha256},
            "ofTheSource": False,
            "certificates": [_plain_certified(one) for one in self.held.certificates],
            "studies": self.held.studies
            and {"programme": self.held.studies.programme.thing.code, "finished": self.held.studies.finished},
            "finished": self.held.finished,
            "courses": [_plain_decision(one) for one in self.decisions],
            "entry": _plain_entry(self.entry),
            "aims": [_plain_aim(one) for one in self.aims],
        }


def bridge(
    store: Store, programme: Programme, held: Held, profile: Profile, seconds: float | None = None
) -> Bridge:  # fmt: skip
    """What a learner is spared in a programme, when to join it at the latest, and what still has to be learnt.

    Args:
        store: the graph.
        programme: the plan to enter.
        held: what the learner brings along.
        profile: ``[recognition]``, ``[depth]`` and ``[plan]`` of it.
        seconds: how long each question to the solver may take; what the profile says when not given.

    Returns:
        Everything; where OR-tools is not installed, the entry says so and has no terms.

    Raises:
        UnreadableError: when the profile is not sound, or a course to be waived is not in the plan.
    """
    costs = costs_of(profile)
    plan = plan_of(store, Iri(programme.thing.iri), programme.terms)
    proofs = deepest(_proofs(store, held, profile))
    decisions = decide(plan, proofs, profile, held.finished, held.waived)
    allowed = float(costs.seconds) if seconds is None else seconds
    entry = _entry(plan, decisions, costs, held.finished + 1, _rounds(profile), allowed)
    coverages = analyse(store, programme, profile).coverages
    aims = [_aim(one, proofs, decisions, entry) for one in coverages if one.target.basis == "certificate"]
    return Bridge(programme, store.identity, held, decisions, entry, tuple(aims))


def _entry(
    plan: Plan, decisions: Sequence[CourseDecision], costs: Costs, first: int, rounds: Rounds, seconds: float
) -> Entry:
    try:
        return latest_entry(plan, decisions, costs, first, rounds, seconds)
    except CannotRunError:
        return Entry(None, plan.terms, "no-solver")


def _rounds(profile: Profile) -> Rounds:
    terms = figure(profile, "terms_between")
    if terms < 1 or terms.denominator != 1:
        raise unreadable("bad-settings", "[recognition]", reason=f"terms_between = {terms}")
    return Rounds(int(terms), figure(profile, "bridging_hours"))


def _proofs(store: Store, held: Held, profile: Profile) -> Iterable[Proof]:
    yield from proofs_of_certificates(store, held.certificates, profile, cumulative=held.cumulative)
    if held.studies:
        yield from proofs_of_studies(store, held.studies.programme, held.studies.finished)


def _aim(
    coverage: Coverage, proofs: Mapping[str, Proof], decisions: Sequence[CourseDecision], entry: Entry
) -> Aim:  # fmt: skip
    last = {placed.decision.thing.iri: placed for placed in entry.courses}
    done = {one.thing.iri for one in decisions if one.decision in ("exempt", "studied")}
    needed = [cell for cell in coverage.cells if not _is_proved(cell, proofs)]
    learnt = {cell.requirement.thing.iri: _learnt_by(cell, last, done) for cell in needed}
    missing = {cell.requirement.point for cell in needed if learnt[cell.requirement.thing.iri] is None}
    terms = [term for term in learnt.values() if term is not None]
    return Aim(
        coverage.target.source,
        coverage.target.due_for,
        points=len(coverage.cells),
        proved=len(coverage.cells) - len(needed),
        ready_after=None if missing else max(terms, default=0),
        missing=tuple(sorted(missing, key=lambda point: point.code)),
    )


def _is_proved(cell: Cell, proofs: Mapping[str, Proof]) -> bool:
    proof = proofs.get(cell.requirement.point.code)
    return proof is not None and proof.depth >= (cell.demand.least_depth or 0)


def _learnt_by(cell: Cell, last: Mapping[str, Placed], done: Collection[str]) -> int | None:
    """The first term after which a course that does for the requirement is finished; none where there is none."""
    asked = replace(cell.demand, due_term=max([cell.demand.due_term, *(o.last_term for o in cell.offers)]))
    terms = []
    for offer in cell.offers:
        if judge(asked, (offer,), examined=False).state == "covered":
            terms += [0] if offer.course.iri in done else _finished(offer, last)
    return min(terms, default=None)


def _finished(offer: Offer, last: Mapping[str, Placed]) -> list[int]:
    placed = last.get(offer.course.iri)
    if placed is None:
        return []
    return [dict(placed.parts).get(offer.last_term, max(placed.terms, default=0))]


def _plain_thing(thing: Thing) -> dict[str, Any]:
    return {"iri": thing.iri, "code": thing.code, "label": {"zh": thing.label.zh, "en": thing.label.en}}


def _plain_certified(one: Certified) -> dict[str, Any]:
    level = _plain_thing(one.level) if one.level else None
    return {"certificate": _plain_thing(one.certificate), "level": level, "editions": list(one.editions)}


def _plain_decision(one: CourseDecision) -> dict[str, Any]:
    return {
        "course": _plain_thing(one.thing),
        "decision": one.decision,
        "terms": list(one.course.terms),
        "hours": float(one.course.total),
        "remainingHours": float(one.remaining_hours),
        "described": None if one.described is None else round(float(one.described), 4),
        "points": [_plain_point(point) for point in one.points],
    }


def _plain_point(one: Reached) -> dict[str, Any]:
    proof = one.proof and {
        "by": one.proof.by.code or one.proof.by.iri,
        "through": one.proof.through,
        "depth": one.proof.depth,
        "depthStated": one.proof.stated,
    }
    return {"code": one.point, "depth": one.depth, "proved": one.proved, "proof": proof}


def _plain_entry(entry: Entry) -> dict[str, Any]:
    return {
        "term": entry.term,
        "lastTerm": entry.last_term,
        "status": entry.status,
        "putOff": entry.put_off,
        "courses": [
            {
                "course": p.decision.thing.code,
                "bridged": p.bridged,
                "parts": [{"planned": a, "taken": b} for a, b in p.parts],
            }
            for p in entry.courses
        ],
        "reasons": list(entry.reasons),
        "irreducible": entry.irreducible,
        "secondsAllowed": entry.seconds,
    }


def _plain_aim(aim: Aim) -> dict[str, Any]:
    return {
        "source": _plain_thing(aim.source),
        "certificate": _plain_thing(aim.due_for),
        "requirements": aim.points,
        "proved": aim.proved,
        "readyAfter": aim.ready_after,
        "missing": [_plain_thing(point) for point in aim.missing],
    }
