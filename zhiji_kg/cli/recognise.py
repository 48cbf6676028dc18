"""``zhiji recognise``: the growth stage of a learner of a graph, or of a record written on the command line."""

import json
import re
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import ExitStatus
from ..findings import Grid
from ..texts import LIST_MARK
from . import console
from .ask import open_graph
from .bridge import bridge_arguments, bridge_of, certificates_of, show
from .options import LANGUAGE, Parser, misuse, told
from .settings import read_settings

if TYPE_CHECKING:
    from ..bridging.bridge import Bridge
    from ..recognition import Recognition, Verdict
    from ..record import Record
    from ..store import Store

_APART = re.compile(r"[、;；，\n]+")
_COMMAND = "zhiji recognise"
_SWITCHES = {"cumulative": ("--cumulative", "--exact"), "own_trade": ("--own-trade", "--any-trade")}
"""How each switch of an interpretation is turned on, and how off."""


def recognise_arguments(parser: Parser) -> Parser:
    """``zhiji recognise LEARNER --kg DIR``, or ``zhiji recognise --attainment A --certificate C``.

    With ``--programme ID`` also what the record spares in that programme.
    """
    parser.add_argument("learner", nargs="?", metavar="LEARNER", help=told("option.learner"))
    parser.graph()
    for name in ("--attainment", "--certificate", "--trade"):
        parser.option(name, action="append", default=[], metavar=name.removeprefix("--").upper())
    for dest, pair in _SWITCHES.items():
        for name in pair:
            parser.option(name, dest=dest, action="append_const", const=name)
    bridge_arguments(parser)
    parser.option("--list", action="store_true")
    parser.option("--json", action="store_true")
    return parser


def recognise(given: Namespace) -> ExitStatus:
    """Recognise a stage, or list what may be written."""
    switches = {name: _switched(given, name) for name in _SWITCHES}
    if given.list:
        return _list(given)
    written = bool(given.attainment or given.certificate or given.trade)
    if written and (given.learner or (given.programme is None and (given.kg or given.endpoint))):
        raise misuse(_COMMAND, told("recognise.one_way"))
    if not written and not given.learner:
        raise misuse(_COMMAND, told("recognise.who"))
    if given.programme is None and (given.studied or given.finished or given.waive or given.seconds):
        raise misuse(_COMMAND, told("bridge.into_what"))
    found = _of_record(given, switches) if written else _of_learner(given, switches)
    way = _way(given, found, written=written) if given.programme is not None else None
    if given.json:
        plain = found.plain() | ({"bridge": way.plain()} if way else {})
        console.line(json.dumps(plain, ensure_ascii=False, indent=2))
        return ExitStatus.FINE
    for line in told_lines(found, told("recognise.you") if written else found.learner.code):
        console.line(line)
    console.table(_rules(found))
    if way:
        show(way)
    return ExitStatus.FINE


def _way(given: Namespace, found: "Recognition", *, written: bool) -> "Bridge":
    """What the record spares in the programme that is named."""
    from ..rdf import Iri
    from ..record import shipped_rules

    graph = open_graph(given)
    learner = None if written else Iri(found.learner.iri)
    record = _record(shipped_rules(), given) if written else None
    return bridge_of(given, graph, found.interpretation, certificates_of(graph, learner, record))


def told_lines(found: "Recognition", who: str) -> Iterator[str]:
    """The answer in sentences: the stage, its rule, what is missing for the next, how the rules were read."""
    if found.highest:
        stage = found.highest.stage
        yield told("recognise.stage", who=who, stage=stage.name(LANGUAGE), code=stage.code)
        yield told("recognise.rule", rule=found.highest.rule.code, words=_words(found.highest))
        yield told(
            "recognise.all_reached", stages=LIST_MARK[LANGUAGE].join(v.stage.name(LANGUAGE) for v in found.reached)
        )
    else:
        yield told("recognise.no_stage", who=who)
    yield from _missing(found)
    reading = found.interpretation
    yield told("recognise.interpretation", name=reading.thing.name(LANGUAGE), definition=reading.definition)
    yield told("recognise.ours")


def _missing(found: "Recognition") -> Iterator[str]:
    coming = found.next
    if coming is None:
        yield told("recognise.last")
        return
    stage = coming.stage
    yield told("recognise.next", stage=stage.name(LANGUAGE), code=stage.code, rule=coming.rule.code)
    if not coming.attainment.held:
        yield told("recognise.missing_attainment", part=coming.attainment.thing.name(LANGUAGE))
    if not coming.certificate.held:
        part = coming.certificate.thing.name(LANGUAGE)
        if found.interpretation.own_trade:
            trades = LIST_MARK[LANGUAGE].join(i.thing.code for i in found.record if i.kind == "trade")
            yield told("recognise.missing_own", part=part, trades=trades or told("recognise.trades_unknown"))
        else:
            yield told("recognise.missing_certificate", part=part)
    if found.trade_unknown:
        yield told("recognise.trade_unknown")


def _words(verdict: "Verdict") -> str:
    """What the source says: the quotation where the graph has it, else the place that the rule names."""
    return verdict.quotation or verdict.source or told("recognise.wordless")


def _rules(found: "Recognition") -> Grid:
    def mark(held: bool) -> str:
        return told("recognise.held") if held else told("recognise.lacking")

    rows = tuple(
        (
            f"{verdict.stage.code} {verdict.stage.name(LANGUAGE)}",
            told("recognise.yes") if verdict.reached else told("recognise.no"),
            verdict.attainment.thing.name(LANGUAGE),
            mark(verdict.attainment.held),
            verdict.certificate.thing.name(LANGUAGE),
            mark(verdict.certificate.held),
            verdict.rule.code,
            _words(verdict),
        )
        for verdict in found.verdicts
    )
    return Grid(told("recognise.rules"), tuple(told("recognise.headings").split("|")), rows)


def _switched(given: Namespace, name: str) -> bool | None:
    """Whether a switch was turned on or off on the command line; none where neither."""
    written = set(getattr(given, name) or ())
    on, off = _SWITCHES[name]
    if {on, off} <= written:
        raise misuse(_COMMAND, told("recognise.both", one=on, other=off))
    return on in written if written else None


def _of_learner(given: Namespace, switches: dict[str, bool | None]) -> "Recognition":
    graph = open_graph(given)
    return graph.recognise(given.learner, _interpretation(graph.store, switches))


def _of_record(given: Namespace, switches: dict[str, bool | None]) -> "Recognition":
    from ..recognition import interpretation_of
    from ..record import recognise_record, shipped_rules  # the store is slow to import

    rules = shipped_rules()
    return recognise_record(_record(rules, given), interpretation_of(rules, _interpretation(rules, switches)))


def _interpretation(store: "Store", switches: dict[str, bool | None]) -> str:
    """The code of the interpretation: that of the profile, with the switches that were turned."""
    from ..analysis import load_profile
    from ..recognition import interpretation_of

    chosen = read_settings().profile
    code = (load_profile(chosen) if chosen else load_profile()).interpretation
    return interpretation_of(store, code, **switches).thing.code


def _record(store: "Store", given: Namespace) -> "Record":
    from ..rdf import Iri
    from ..recognition import chosen
    from ..record import Held, Record

    certificates = []
    for written in _items(given.certificate):
        occupation, at, level = (part.strip() for part in written.rpartition("@"))
        if not level or bool(at) != bool(occupation):
            raise misuse(_COMMAND, told("recognise.bad_certificate", written=written))
        value = chosen(store, "level", level, "--certificate").thing.iri
        certificates.append(Held(Iri(value), occupation))
    attainments = (chosen(store, "attainment", written, "--attainment") for written in _items(given.attainment))
    return Record(tuple(Iri(a.thing.iri) for a in attainments), tuple(certificates), tuple(_items(given.trade)))


def _items(written: list[str]) -> list[str]:
    """The items of a repeatable option, each of which may be a list."""
    return [item.strip() for text in written for item in _APART.split(text) if item.strip()]


def _list(given: Namespace) -> ExitStatus:
    from ..queries import run
    from ..recognition import choices
    from ..record import shipped_rules

    store = open_graph(given).store if given.kg or given.endpoint else shipped_rules()
    tables = {
        kind: [(c.thing.code, c.thing.name(LANGUAGE), c.definition(LANGUAGE)) for c in choices(store, kind)]
        for kind in ("attainment", "level", "interpretation")
    }
    if given.kg or given.endpoint:
        from ..vocabulary import zj

        rows = run(store, "entities-of-class", of_class=zj("Learner"))
        tables["learner"] = [(str(row["code"]), str(row["label"] or ""), "") for row in rows]
    if given.json:
        plain = {kind: [{"code": c, "name": n, "definition": d or None} for c, n, d in t] for kind, t in tables.items()}
        console.line(json.dumps(plain, ensure_ascii=False, indent=2))
        return ExitStatus.FINE
    headings = tuple(told("recognise.list_headings").split("|"))
    captions = {
        "attainment": told("recognise.choice.attainment"),
        "level": told("recognise.choice.level"),
        "interpretation": told("recognise.choice.interpretation"),
        "learner": told("recognise.choice.learner"),
    }
    for kind, rows_of in tables.items():
        console.table(Grid(captions[kind], headings, tuple(rows_of)))
    return ExitStatus.FINE
