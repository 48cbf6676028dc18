"""``zhiji recognise … --programme ID``: what the record spares in a programme, when to join it, what is left."""

import argparse
from argparse import Namespace
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ..errors import unreadable
from ..findings import Grid, Thing
from ..report.summary import figure
from ..texts import LIST_MARK, Text
from . import console
from .options import LANGUAGE, Parser, misuse, told
from .settings import read_settings

if TYPE_CHECKING:
    from ..analysis import Profile, Programme
    from ..bridging.bridge import Aim, Bridge, Studies
    from ..bridging.entry import Placed
    from ..bridging.exemption import CourseDecision, Reached
    from ..bridging.proof import Certified
    from ..knowledge import KnowledgeGraph
    from ..rdf import Iri
    from ..recognition import Interpretation
    from ..record import Record

_COUNTED = ("exempt", "partly", "take", "unknown", "studied", "waived")


def bridge_arguments(parser: Parser) -> None:
    """``--programme ID [--studied PLAN:TERM] [--finished N] [--waive COURSE]… [--seconds N]``."""
    parser.option("--programme", metavar="ID", help=told("option.bridge_programme"))
    parser.option("--studied", metavar="PLAN:TERM")
    parser.option("--finished", type=_term, default=0, metavar="TERM")
    parser.option("--waive", action="append", default=[], metavar="COURSE")
    parser.option("--seconds", type=_seconds, metavar="N", help=told("option.solver_seconds"))


def bridge_of(
    given: Namespace, graph: "KnowledgeGraph", reading: "Interpretation", certificates: "Sequence[Certified]"
) -> "Bridge":  # fmt: skip
    """What was asked for on the command line.

    Args:
        given: the command line.
        graph: the graph of the programme.
        reading: whether a higher certificate counts for a lower one.
        certificates: what the record holds.

    Raises:
        UnreadableError: when the programme, a plan or a course is unknown.
    """
    from ..bridging.bridge import Held, bridge  # the analysis is slow to import

    programme = graph.programme(given.programme)
    held = Held(
        certificates=tuple(certificates),
        studies=_studies(given.studied, graph),
        finished=_within(given.finished, programme, "--finished"),
        waived=frozenset(given.waive),
        cumulative=reading.cumulative,
    )
    return bridge(graph.store, programme, held, _profile(), given.seconds)


def certificates_of(graph: "KnowledgeGraph", learner: "Iri | None", record: "Record | None") -> "list[Certified]":
    """The certificates of a learner of the graph, or of a record, with the levels of standards behind them.

    Args:
        graph: the graph that knows the standards.
        learner: the learner, or
        record: what was written on the command line.

    Raises:
        UnreadableError: when the graph does not know the trade of a certificate of the record.
    """
    from ..bridging.proof import Certified, certified, certified_in_trade
    from ..queries import entity_by_code

    if learner is not None:
        return list(certified(graph.store, learner))
    found = []
    for held in record.certificates if record else ():
        level = held.level.value.rpartition("/")[2]
        name = Thing(held.level.value, f"{held.occupation}@{level}" if held.occupation else level)
        if held.occupation:
            trade = entity_by_code(graph.store, "zj:Occupation", held.occupation, "--certificate")
            found.append(certified_in_trade(graph.store, trade, held.level, name))
        else:
            found.append(Certified(name, None))
    return found


def show(found: "Bridge") -> None:
    """The answer in sentences, then the courses as a table."""
    for line in told_lines(found):
        console.line(line)
    console.table(_courses(found))


def told_lines(found: "Bridge") -> Iterator[str]:
    """What is spared and what is not, when to join and why not later, and what the certificates still lack."""
    from ..bridging.exemption import figure as figure_of

    name = f"{found.programme.thing.code} {found.programme.thing.name(LANGUAGE)}"
    yield told("bridge.into", name=name)
    for one in found.held.certificates:
        yield "  " + _proves(one)
    if found.held.studies:
        studies = found.held.studies
        yield "  " + told("bridge.studies", plan=studies.programme.thing.code, term=studies.finished)
    counts = {decision: len(found.of(decision)) for decision in _COUNTED}
    said = [told(f"bridge.count.{key}", count=count) for key, count in counts.items() if count]
    yield told("bridge.counts", count=len(found.decisions), said=LIST_MARK[LANGUAGE].join(said))
    yield from _entry(found)
    for aim in found.aims:
        yield _aim(aim)
    least = float(figure_of(_profile(), "described"))
    yield told("bridge.depths", least=f"{least:.0%}")
    yield told("bridge.ours")


def _entry(found: "Bridge") -> Iterator[str]:
    entry = found.entry
    finished = found.held.finished
    how = "into" if entry.term and entry.term > finished + 1 else "on" if finished else "start"
    values = {"how": told(f"bridge.join.{how}", term=entry.term), "last": entry.last_term, "later": entry.put_off}
    yield told(f"bridge.entry.{entry.status.replace('-', '_')}", seconds=f"{entry.seconds:g}", **values)
    bridged = [placed for placed in entry.courses if placed.bridged]
    if bridged:
        hours = sum((placed.decision.remaining_hours for placed in bridged), Fraction(0))
        shown = LIST_MARK[LANGUAGE].join(f"{p.decision.thing.code} {_hours(p.decision)}" for p in bridged)
        yield told("bridge.class", hours=figure(hours), courses=shown)
    if entry.reasons:
        yield told("bridge.not_later")
        for reason in entry.reasons:
            kind, *parts = reason.split("|")
            yield "  " + told(f"bridge.reason.{kind}", **dict(zip(("one", "other"), parts, strict=False)))
        if not entry.irreducible:
            yield told("plan.reducible")


def _aim(aim: "Aim") -> str:
    values = {"name": aim.due_for.name(LANGUAGE), "points": aim.points, "proved": aim.proved}
    if aim.proved == aim.points:
        return told("bridge.aim.proved", **values)
    if aim.missing:
        shown = LIST_MARK[LANGUAGE].join(f"{point.code} {point.name(LANGUAGE)}" for point in aim.missing)
        return told("bridge.aim.missing", **values, count=len(aim.missing), missing=shown)
    return told("bridge.aim.ready", **values, term=aim.ready_after)


def _proves(one: "Certified") -> str:
    names = dict.fromkeys((one.certificate.code, one.certificate.name(LANGUAGE)))
    name = " ".join(filter(None, names))
    if one.level:
        return told("bridge.proves", name=name, level=one.level.code)
    if one.editions:
        return told("bridge.which_edition", name=name, editions=LIST_MARK[LANGUAGE].join(one.editions))
    return told("bridge.no_standard", name=name)


def _courses(found: "Bridge") -> Grid:
    placed = {one.decision.thing.iri: one for one in found.entry.courses}
    rows = tuple(_row(one, placed.get(one.thing.iri)) for one in found.decisions)
    return Grid(told("bridge.courses"), tuple(told("bridge.headings").split("|")), rows)


def _row(one: "CourseDecision", placed: "Placed | None") -> tuple[str, ...]:
    mark = LIST_MARK[LANGUAGE]
    terms = (
        told("bridge.in_class") if placed and placed.bridged else mark.join(map(str, placed.terms if placed else ()))
    )
    proofs = {f"{p.proof.by.code or p.proof.by.name(LANGUAGE)}" for p in one.points if p.proved and p.proof}
    return (
        f"{one.thing.code} {one.thing.name(LANGUAGE)}",
        told(f"bridge.decision.{one.decision}"),
        mark.join(map(str, one.course.terms)),
        terms or "–",
        figure(one.course.total),
        _hours(one),
        f"{len(one.points) - len(one.left)}/{len(one.points)}" if one.points else told("bridge.no_points"),
        mark.join(map(_not_proved, one.left)) or "–",
        mark.join(sorted(proofs)) or "–",
    )


def _not_proved(point: "Reached") -> str:
    """A point that is not proved; where a proof reaches less deep than the course teaches, both depths."""
    return f"{point.point} ({point.proof.depth}/{point.depth or '?'})" if point.proof else point.point


def _hours(one: "CourseDecision") -> str:
    return figure(one.remaining_hours)


def _studies(written: str | None, graph: "KnowledgeGraph") -> "Studies | None":
    if written is None:
        return None
    from ..bridging.bridge import Studies
    from ..queries import entity_by_code

    code, _, term = written.rpartition(":")
    if not code or not term.isdigit():
        raise misuse("zhiji recognise", told("bridge.studied_as", written=written))
    entity_by_code(graph.store, "zj:ProgrammeEdition", code, "--studied")  # so that the message names this option
    programme = graph.programme(code)
    return Studies(programme, _within(int(term), programme, "--studied"))


def _within(term: int, programme: "Programme", option: str) -> int:
    if term > programme.terms:
        what = Text("学期", "term")
        known = f"0–{programme.terms}"
        raise unreadable("unknown-code", option, code=str(term), what=what, known=known)
    return term


def _profile() -> "Profile":
    from ..analysis import load_profile

    own = read_settings().profile
    return load_profile(own) if own else load_profile()


def _term(written: str) -> int:
    if not written.isdigit():
        raise argparse.ArgumentTypeError(written)
    return int(written)


def _seconds(written: str) -> float:
    value = float(written)
    if not 0 < value < 10**6:
        raise argparse.ArgumentTypeError(written)
    return value
