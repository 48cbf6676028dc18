"""What a learner has proved: points and depths, each with what proves it.

A certificate proves what the level of the standard behind it requires, and, where higher counts for lower,
what the lower levels of that standard require. Courses of another plan prove what they assess. A point that
is proved whole is proved in its parts, as a coverage of the whole is one of its parts; not the other way
round. No authority has laid this down: it is this project's own rule, and says so wherever it shows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..analysis import Profile, Programme
from ..analysis.measure import thing
from ..findings import Thing
from ..fusion.plan import Plan, read_plan
from ..queries import Row, run
from ..rdf import Iri
from ..store.port import Store


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate and the level of a standard that it certifies.

    ``level`` is ``None`` where the graph knows no such standard, or several and not which of them
    (``editions`` are then their codes): such a certificate proves nothing.
    """

    certificate: Thing
    level: Thing | None
    editions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """A point (by its code) proved to a depth of 1–4: by what, and which requirement or course says so.

    ``stated``: the depth is stated; else it is the one that the profile gives to requirements that state none.
    """

    point: str
    depth: int
    by: Thing
    through: str
    stated: bool


def certified(store: Store, learner: Iri) -> tuple[Certified, ...]:
    """The certificates of a learner of a graph, with the level of a standard behind each.

    Args:
        store: the graph.
        learner: a learner in it.
    """
    of_certificate: dict[str, list[Row]] = {}
    for row in run(store, "certified-levels", learner=learner):
        of_certificate.setdefault(str(row["certificate"]), []).append(row)
    return tuple(_certified(thing(rows[0], "certificate"), rows) for rows in of_certificate.values())


def certified_in_trade(store: Store, occupation: Iri, level: Iri, certificate: Thing) -> Certified:
    """A certificate that is known by its trade and level alone.

    Args:
        store: the graph.
        occupation: the trade.
        level: the skill level.
        certificate: what it is called.
    """
    return _certified(certificate, run(store, "levels-of-trade", occupation=occupation, level=level))


def _certified(certificate: Thing, rows: Iterable[Row]) -> Certified:
    """Decide which level: the one that the certificate names, else the only one of its trade."""
    found = [row for row in rows if row["source"] is not None]
    named = [row for row in found if row.get("named") is True]
    levels = {str(row["source"]): thing(row, "source") for row in named or found}
    if len(levels) == 1:
        return Certified(certificate, next(iter(levels.values())))
    return Certified(certificate, None, tuple(sorted(level.code for level in levels.values())))


def proofs_of_certificates(
    store: Store, certificates: Sequence[Certified], profile: Profile, *, cumulative: bool
) -> Iterator[Proof]:
    """What certificates prove.

    Args:
        store: the graph.
        certificates: from ``certified``.
        profile: gives the depth where a requirement states none; without one for its kind nothing is proved.
        cumulative: the lower levels of the standard are proved, too.
    """
    for one in certificates:
        for row in run(store, "certified-points", source=Iri(one.level.iri)) if one.level else ():
            depth = row["leastDepth"]
            stated = depth is not None
            if not stated:
                depth = profile.depth.get(str(row["kind"]).rpartition("/")[2])
            if depth is not None and (cumulative or row["lower"] is not True):
                through = f"{row['requiredByCode']} {row['requirementCode']}"
                yield Proof(str(row["pointCode"]), int(depth), one.certificate, through, stated)


def proofs_of_studies(store: Store, programme: Programme, finished: int) -> Iterator[Proof]:
    """What the courses of another plan prove, as far as they assess it.

    Args:
        store: the graph.
        programme: the plan.
        finished: the last term that was finished of it.
    """
    plan: Plan = read_plan(store, programme)
    for course in plan.courses:
        for one in course.taught:
            done = one.completion or course.last_term
            if one.assessed and one.depth is not None and 0 < done <= finished:
                for point in sorted(one.supports):
                    yield Proof(point, one.depth, course.thing, programme.thing.code, True)


def deepest(proofs: Iterable[Proof]) -> dict[str, Proof]:
    """For each point the proof that reaches deepest; of equally deep ones a stated one, then the first."""
    best: dict[str, Proof] = {}
    for proof in proofs:
        known = best.get(proof.point)
        if known is None or (proof.depth, proof.stated) > (known.depth, known.stated):
            best[proof.point] = proof
    return best
