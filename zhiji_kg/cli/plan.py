"""``zhiji plan``: the cheapest edits that close the known gaps of a plan, with proof of their cost."""

import argparse
import json
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import ExitStatus
from . import console
from .ask import hand_over, open_graph
from .edits import edits_grid
from .options import LANGUAGE, Parser, told
from .settings import read_settings

if TYPE_CHECKING:
    from ..planning.closing import ClosingPlan


def plan_arguments(parser: Parser) -> Parser:
    """``zhiji plan --kg DIR [--programme ID] [--standard ID] [--stages] [--seconds N] [-o EDITS.json]``."""
    parser.graph()
    parser.programme()
    parser.option("--stages", action="store_true")
    parser.option("--seconds", type=_seconds, metavar="N", help=told("option.solver_seconds"))
    parser.option("--json", action="store_true")
    parser.output()
    return parser


def plan(given: Namespace) -> ExitStatus:
    """Find the plan, show it, and write its edits where a file is named."""
    from ..analysis import load_profile
    from ..planning.closing import closing_plan  # the analysis is slow to import

    graph, own = open_graph(given), read_settings().profile
    programme = graph.programme(given.programme)
    policy = load_profile(own) if own else load_profile()
    found = closing_plan(graph.store, programme, policy, given.standard, given.seconds, stages=given.stages)
    made = json.dumps(found.plain(), ensure_ascii=False, indent=2) + "\n"
    if given.output is not None and found.cost is not None:
        hand_over(made, given.output)
    if given.json:
        console.line(made.rstrip("\n"))
    else:
        _show(found, given)
    return ExitStatus.FINE if found.cost is not None else ExitStatus.WRONG


def _show(found: "ClosingPlan", given: Namespace) -> None:
    for line in told_lines(found):
        console.line(line)
    if found.edits:
        console.table(edits_grid(found.edits, told("plan.edits", count=len(found.edits))))
    if given.output is not None and found.cost is not None:
        console.line(told("plan.written", path=given.output))


def told_lines(found: "ClosingPlan") -> Iterator[str]:
    """The answer in sentences: what it costs and whether that is proved least, or why there is no plan."""
    name = found.programme.thing.name(LANGUAGE)
    if found.status == "optimal" and not found.edits:
        yield told("plan.nothing", name=name)
        return
    values = {"name": name, "gaps": found.gaps, "seconds": _shown(found.seconds)}
    if found.cost is not None and found.bound is not None:
        values |= {"cost": _shown(float(found.cost)), "bound": _shown(float(found.bound)), "edits": len(found.edits)}
    yield told(f"plan.{found.status}", **values)
    for reason in found.reasons:
        kind, *parts = reason.split("|")
        yield "  " + told(f"plan.reason.{kind}", **dict(zip(("one", "other"), parts, strict=False)))
    if found.reasons and not found.irreducible:
        yield told("plan.reducible")


def _shown(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _seconds(written: str) -> float:
    value = float(written)
    if not 0 < value < 10**6:
        raise argparse.ArgumentTypeError(written)
    return value
