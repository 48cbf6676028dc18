"""Which growth stage a record reaches, by which rule, and what is missing for the next.

The rules are data of the ontology or of a workbook, and ``queries/ask/learner-stage.rq`` measures a
learner against every one of them. What the source leaves open, whether higher counts for lower and
whether a certificate must be in the learner's own trade, is an ``Interpretation``: data too, chosen by
the caller and named in every result.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .errors import Address, Problem, UnreadableError
from .findings import Thing
from .queries import Row, run
from .rdf import Iri
from .store.port import Store
from .texts import LIST_MARK, NOTHING, Text, folded

_OFFERED = 8  # how many choices are offered in place of an unknown one
_PERSON = "learner"  # the line of a record that tells whose it is
_SUFFIXES = ("证书", "certificate")


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A way of reading the rules where the source is silent; always this project's own, never the source's.

    ``cumulative``: a higher level or attainment counts for a lower one. ``own_trade``: only
    certificates in the learner's own trade count.
    """

    thing: Thing
    cumulative: bool
    own_trade: bool
    definition: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two parts of a rule, the academic or the certificate part, and whether it is held."""

    thing: Thing
    held: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A learner against one rule of one stage; ``quotation`` is what the source says, ``source`` where."""

    stage: Thing
    order: int
    attainment: Part
    certificate: Part
    rule: Thing
    quotation: str = ""
    source: str = ""

    @property
    def reached(self) -> bool:
        """Both parts are needed: the source joins them by a plus sign."""
        return self.attainment.held and self.certificate.held

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts that are not held."""
        return tuple(part for part in (self.attainment, self.certificate) if not part.held)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a learner's record: an ``attainment``, a ``certificate`` or a ``trade`` of their own.

    A certificate has its ``level``, and the ``trades`` it certifies for as codes, where known.
    """

    kind: str
    thing: Thing
    level: Text = NOTHING
    trades: tuple[str, ...] = ()
    date: str = ""


@dataclass(frozen=True)
class Recognition:
    """The result: every rule with its verdict, in the order of the stages, under one interpretation."""

    learner: Thing
    interpretation: Interpretation
    verdicts: tuple[Verdict, ...]
    record: tuple[Item, ...] = ()

    @cached_property
    def reached(self) -> tuple[Verdict, ...]:
        """One verdict for each stage reached, the lowest first."""
        by_stage = {verdict.stage.iri: verdict for verdict in reversed(self.verdicts) if verdict.reached}
        return tuple(sorted(by_stage.values(), key=lambda verdict: verdict.order))

    @property
    def highest(self) -> Verdict | None:
        """The stage to be granted: the highest that is reached, with the rule that grants it."""
        return self.reached[-1] if self.reached else None

    @property
    def next(self) -> Verdict | None:
        """The stage after the highest; where it has several rules, the one that misses least."""
        last = self.highest.order if self.highest else 0
        later = [verdict for verdict in self.verdicts if verdict.order > last]
        first = min((verdict.order for verdict in later), default=0)
        nearest = sorted((v for v in later if v.order == first), key=lambda v: len(v.missing))
        return nearest[0] if nearest else None

    @property
    def trade_unknown(self) -> bool:
        """Whether the own trade is demanded and the record names none, so that no certificate can count."""
        return self.interpretation.own_trade and not any(item.kind == "trade" for item in self.record)

    def plain(self) -> dict[str, Any]:
        """As plain data, for ``--json``."""
        return {
            "learner": self.learner.code or self.learner.iri,
            "interpretation": {
                **_plain_thing(self.interpretation.thing),
                "cumulative": self.interpretation.cumulative,
                "ownTrade": self.interpretation.own_trade,
                "definition": _plain_text(self.interpretation.definition),
                "ofTheSource": False,
            },
            "highest": _plain_verdict(self.highest),
            "reached": [_plain_verdict(verdict) for verdict in self.reached],
            "next": _plain_verdict(self.next),
            "ownTradeUnknown": self.trade_unknown,
            "rules": [_plain_verdict(verdict) for verdict in self.verdicts],
            "record": [
                {"kind": i.kind, **_plain_thing(i.thing), "trades": list(i.trades), "date": i.date or None}
                | ({"level": _plain_text(i.level)} if i.kind == "certificate" else {})
                for i in self.record
            ],
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that may be given: an attainment, a level or an interpretation, with every name it goes by."""

    what: Text
    thing: Thing
    names: frozenset[str]
    definition: Text = NOTHING
    cumulative: bool = False
    own_trade: bool = False


def recognise(store: Store, learner: Iri, interpretation: Interpretation) -> Recognition:
    """Measure a learner of a graph against every rule of that graph.

    Args:
        store: the graph.
        learner: a learner in it.
        interpretation: how the rules are read.
    """
    rows = run(store, "learner-stage", learner=learner, interpretation=Iri(interpretation.thing.iri))
    verdicts = {(str(row["stage"]), str(row["rule"])): _verdict(row) for row in reversed(rows)}
    ordered = sorted(verdicts.values(), key=lambda verdict: (verdict.order, verdict.stage.iri, verdict.rule.iri))
    items = list(_record(store, learner))
    person = next((item.thing for item in items if item.kind == _PERSON), Thing(learner.value))
    return Recognition(person, interpretation, tuple(ordered), tuple(i for i in items if i.kind != _PERSON))


def choices(store: Store, kind: str) -> list[Choice]:
    """What may be given.

    Args:
        store: a graph; every graph holds the shipped values.
        kind: ``attainment``, ``level`` or ``interpretation``.
    """
    rows = [row for row in run(store, "recognition-choices") if row["kind"] == kind]
    names: dict[str, set[str]] = {}
    for row in rows:
        names.setdefault(str(row["value"]), set()).add(folded(str(row["name"])))
    return [
        Choice(
            Text(str(row["what"]), str(row["whatEn"])),
            _thing(row, "value", "code", "label"),
            frozenset(names[str(row["value"])]),
            Text(str(row["definition"]), str(row["definitionEn"])),
            row["cumulative"] is True,
            row["ownTrade"] is True,
        )
        for row in {str(row["value"]): row for row in rows}.values()
    ]


def chosen(store: Store, kind: str, written: str, option: str) -> Choice:
    """The choice that a person wrote by its code or one of its names.

    Args:
        store: a graph.
        kind: as for ``choices``.
        written: such as ``3``, ``高级工``, ``三级/高级工`` or ``高级工证书``.
        option: the option it was written for, for the message.

    Raises:
        UnreadableError: when there is none of that name; the nearest are offered.
    """
    known = choices(store, kind)
    wanted = folded(written)
    plain = next((wanted.removesuffix(s) for s in _SUFFIXES if wanted.endswith(s) and kind == "level"), wanted)
    for choice in known:
        if {wanted, plain} & choice.names:
            return choice
    codes = {choice.thing.code: choice for choice in known}
    near = difflib.get_close_matches(wanted, {name: 0 for choice in known for name in choice.names}, _OFFERED, 0.5)
    first = [code for name in near for code, choice in codes.items() if name in choice.names]
    offered = list(dict.fromkeys([*first, *codes]))[:_OFFERED]
    shown = Text(
        *(mark.join(f"{code} ({codes[code].thing.name(said)})" for code in offered) for said, mark in LIST_MARK.items())
    )
    what = known[0].what if known else kind
    raise UnreadableError(Problem("unknown-code", Address(option), {"code": written, "what": what, "known": shown}))


def interpretation_of(
    store: Store, code: str, cumulative: bool | None = None, own_trade: bool | None = None
) -> Interpretation:
    """An interpretation by its code, with either of its two switches turned.

    Raises:
        UnreadableError: when the graph knows none of that code.
    """
    base = chosen(store, "interpretation", code, "interpretation")
    wanted = (
        base.cumulative if cumulative is None else cumulative,
        base.own_trade if own_trade is None else own_trade,
    )
    found = next(c for c in choices(store, "interpretation") if (c.cumulative, c.own_trade) == wanted)
    return Interpretation(found.thing, found.cumulative, found.own_trade, found.definition)


def _record(store: Store, learner: Iri) -> Iterator[Item]:
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in run(store, "learner-record", learner=learner):
        rows.setdefault((str(row["kind"]), str(row["item"])), []).append(row)
    for (kind, _), same in rows.items():
        row = same[0]
        trades = tuple(dict.fromkeys(str(r["occupationCode"]) for r in same if r["occupationCode"]))
        level = Text(str(row["level"] or ""), str(row["levelEn"] or ""))
        yield Item(kind, _thing(row, "item", "code", "label"), level, trades, str(row["date"] or ""))


def _verdict(row: Row) -> Verdict:
    return Verdict(
        stage=_thing(row, "stage", "stageCode", "label"),
        order=int(row["order"] or 0),
        attainment=Part(_thing(row, "attainment", "attainmentCode", "attainmentLabel"), row["attainmentHeld"] is True),
        certificate=Part(_thing(row, "level", "levelCode", "levelLabel"), row["levelHeld"] is True),
        rule=Thing(str(row["rule"]), str(row["ruleCode"] or row["stageCode"])),
        quotation=str(row["quotation"] or ""),
        source=str(row["source"] or ""),
    )


def _thing(row: Row, iri: str, code: str, label: str) -> Thing:
    return Thing(str(row[iri]), str(row[code] or ""), Text(str(row[label] or ""), str(row[f"{label}En"] or "")))


def _plain_text(said: Text) -> dict[str, str]:
    return {"zh": said.zh, "en": said.en}


def _plain_thing(thing: Thing) -> dict[str, Any]:
    return {"iri": thing.iri, "code": thing.code, "label": _plain_text(thing.label)}


def _plain_verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    parts = {"attainment": verdict.attainment, "certificate": verdict.certificate}
    return {
        "stage": _plain_thing(verdict.stage),
        "order": verdict.order,
        "reached": verdict.reached,
        **{name: {**_plain_thing(part.thing), "held": part.held} for name, part in parts.items()},
        "missing": [name for name, part in parts.items() if not part.held],
        "rule": {"code": verdict.rule.code, "iri": verdict.rule.iri},
        "quotation": verdict.quotation or None,
        "source": verdict.source or None,
    }
