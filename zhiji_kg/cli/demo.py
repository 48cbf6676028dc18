"""``zhiji demo``: the example, built and reported, for somebody who wants to see it."""

from argparse import Namespace
from pathlib import Path

from ..errors import ExitStatus
from . import ask, console
from .options import LANGUAGE, Parser, told


def demo_arguments(parser: Parser) -> Parser:
    """``zhiji demo [--out DIR] [--no-serve]``."""
    parser.option("--out", type=Path, default=Path("demo"), metavar="DIR")
    parser.option("--no-serve", action="store_true")
    return parser


def demo(given: Namespace) -> ExitStatus:
    """Build the example graph, write its reports, say where they are."""
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
        ask.print_gaps(analysis, every_finding=False)
        for form in ("html", "xlsx", "json"):
            written.append(given.out / f"{programme.thing.code.partition('@')[0]}.{form}")
            files.write_report(analysis, form, written[-1], LANGUAGE)
    console.line(told("demo.where"))
    for path in (given.out / "kg", *written):
        console.line(f"  {path}")
    console.line(told("demo.next", out=given.out))
    return ExitStatus.FINE
