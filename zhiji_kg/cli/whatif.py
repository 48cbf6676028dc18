"""``zhiji whatif``: edits tried on a scenario graph; every figure before and after. Nothing is published."""

import json
from argparse import Namespace
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ExitStatus
from ..findings import TABLES, Coverage, Finding, Grid
from . import console
from .ask import hand_over, open_graph
from .edits import edits_grid
from .options import LANGUAGE, Parser, told
from .settings import read_settings

if TYPE_CHECKING:
    from ..planning.whatif import WhatIf

_PARTS = ("covered", "partial", "no_match", "not_examined", "known_gap", "upper_bound")


def whatif_arguments(parser: Parser) -> Parser:
    """``zhiji whatif EDITS --kg DIR [--programme ID] [--standard ID] [--json] [-o FILE]``."""
    parser.add_argument("edits", type=Path, metavar="EDITS", help=told("option.edits"))
    parser.graph()
    parser.programme()
    parser.option("--json", action="store_true")
    parser.output()
    return parser


def whatif(given: Namespace) -> ExitStatus:
    """Try the edits and show what they change; with ``-o`` the figures go to a file as JSON."""
    from ..analysis import load_profile
    from ..planning.edits import read_edits
    from ..planning.scenario import scenario
    from ..planning.whatif import what_if  # the analysis is slow to import

    edits = read_edits(given.edits)
    graph, own = open_graph(given), read_settings().profile
    programme = graph.programme(given.programme)
    profile = load_profile(own) if own else load_profile()
    there = scenario(graph.store, programme, edits)
    found = what_if(graph.store, there, programme, edits, profile, given.standard)
    made = json.dumps(found.plain(), ensure_ascii=False, indent=2) + "\n"
    if given.output is not None:
        hand_over(made, given.output)
    if given.json:
        console.line(made.rstrip("\n"))
        return ExitStatus.FINE
    console.line(told("whatif.opening", name=programme.thing.name(LANGUAGE), count=len(edits)))
    for grid in grids(found):
        console.table(grid)
    return ExitStatus.FINE


def grids(found: "WhatIf") -> Iterator[Grid]:
    """The tables: the edits, each target before → after, the findings by code, what went and came, the terms."""
    from ..report.summary import target_name

    yield edits_grid(found.edits, told("whatif.edits"))
    for before, after in found.targets():
        caption = told("whatif.target", name=target_name(before.target)(LANGUAGE), term=before.target.due_term)
        headings = tuple(told("whatif.target_headings").split("|"))
        yield Grid(caption, headings, tuple(_rows(before, after)), frozenset(range(1, len(headings))))
    headings = tuple(told("whatif.code_headings").split("|"))
    codes = ((code, _title(found, code), _change(*map(Fraction, both))) for code, both in found.codes.items())
    yield Grid(told("whatif.codes"), headings, tuple(codes), frozenset({2}))
    for key, findings in (("gone", found.gone), ("new", found.new)):
        if findings:
            rows = tuple(_named(finding) for finding in findings)
            yield Grid(told(f"whatif.{key}"), tuple(told("whatif.finding_headings").split("|")), rows)
    loads = tuple((str(one.term), _change(*one.hours), _change(*one.credits)) for one in found.loads)
    yield Grid(told("whatif.loads"), tuple(told("whatif.load_headings").split("|")), loads, frozenset({1, 2}))


def _rows(before: Coverage, after: Coverage | None) -> Iterator[tuple[str, ...]]:
    from ..report.summary import as_shown
    from ..texts import say

    for table in TABLES:
        old = before.totals.all.get(table)
        new = after.totals.all.get(table) if after else None
        if old and new:
            shown = as_shown(old), as_shown(new)  # figures that add up, as the report has them
            figures = [_change(*(getattr(one, part) for one in shown)) for part in (*_PARTS, "denominator")]
            yield (say(f"report.table.{table}")(LANGUAGE), *figures)


def _change(before: Fraction, after: Fraction) -> str:
    from ..report.summary import figure

    old, new = figure(before), figure(after)
    return old if old == new else f"{old} → {new}"


def _title(found: "WhatIf", code: str) -> str:
    return found.before.profile.codes[code].title(LANGUAGE)


def _named(finding: Finding) -> tuple[str, ...]:
    due, other = finding.due_for, finding.object
    subject = " ".join(filter(None, (finding.subject.code, finding.subject.label(LANGUAGE))))
    return finding.code, due.name(LANGUAGE) if due else "", subject, other.code if other else ""
