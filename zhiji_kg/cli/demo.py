"""``zhiji demo``: the example, built and reported, for somebody who wants to see it."""

from pathlib import Path

import click

from . import ask, console
from .options import LANGUAGE, language_option, told


@click.command(help=told("demo.help"), short_help=told("demo.short"))
@click.option("--out", type=click.Path(path_type=Path), default=Path("demo"), metavar="DIR", help=told("option.out"))
@click.option("--serve/--no-serve", default=None, help=told("option.serve"))
@language_option
def demo(out: Path, serve: bool | None) -> None:  # noqa: FBT001 - a flag of the command line
    """Build the example graph, write its reports, say where they are."""
    from ..build import build  # the graph is slow to import
    from ..knowledge import KnowledgeGraph
    from ..report import files
    from ..resources import examples

    build(examples(), out / "kg", progress=lambda key: console.step(key, LANGUAGE))
    graph = KnowledgeGraph.open(out / "kg")
    written: list[Path] = []
    for programme in graph.programmes():
        console.step("report", LANGUAGE)
        analysis = graph.gaps(programme.thing.code)
        ask.print_gaps(analysis, every_finding=False)
        for form in ("html", "xlsx", "json"):
            path = out / f"{programme.thing.code.partition('@')[0]}.{form}"
            files.write_report(analysis, form, path, LANGUAGE)
            written.append(path)
    console.line(told("demo.where"))
    for path in (out / "kg", *written):
        console.line(f"  {path}")
    console.line(told("demo.next", out=out))
    if serve:
        raise click.UsageError(told("demo.no_viewer"))
