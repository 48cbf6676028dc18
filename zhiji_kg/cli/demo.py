"""``zhiji demo``: the example, built and reported, for somebody who wants to see it."""

import sys
from argparse import BooleanOptionalAction, Namespace
from pathlib import Path

from ..errors import ExitStatus
from . import ask, console
from .options import LANGUAGE, Parser, told
from .serve import run_service
from .settings import Settings


def demo_arguments(parser: Parser) -> Parser:
    """``zhiji demo [--out DIR] [--serve|--no-serve] [--port N]``."""
    parser.option("--out", type=Path, default=Path("demo"), metavar="DIR")
    parser.option("--serve", action=BooleanOptionalAction, default=None)
    parser.option("--port", type=int, metavar="N")
    return parser


def demo(given: Namespace) -> ExitStatus:
    """Build the example graph, write its reports, say where they are, and serve them to who sits before it."""
    from ..build import build  # the graph is slow to import
    from ..knowledge import KnowledgeGraph
    from ..report import files
    from ..resources import examples

    build(examples(), given.out / "kg", progress=lambda key: console.step(key, LANGUAGE))
    graph = KnowledgeGraph.open(given.out / "kg")
    written: list[Path] = []
    for programme in graph.programmes():
        console.step("report", LANGUAGE)
        analysis = graph.gaps(programme.thing.code)
        ask.print_gaps(analysis)
        for form in ("html", "xlsx", "json"):
            written.append(given.out / f"{programme.thing.code.partition('@')[0]}.{form}")
            files.write_report(analysis, form, written[-1], LANGUAGE)
    console.line(told("demo.where"))
    for path in (given.out / "kg", *written):
        console.line(f"  {path}")
    if not (given.serve or (given.serve is None and sys.stdout.isatty())):
        console.line(told("demo.next", out=given.out))
    else:
        console.line()
        run_service(given.out / "kg", Settings(), port=given.port)
    return ExitStatus.FINE
