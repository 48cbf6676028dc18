"""Commands that ask a published graph: gaps, report, query, queries, export."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import ExitStatus, unreadable
from . import console
from .options import (
    LANGUAGE,
    graph_options,
    json_option,
    language_option,
    output_option,
    programme_options,
    told,
)
from .settings import read_settings

if TYPE_CHECKING:
    from ..analysis import GapAnalysis
    from ..knowledge import KnowledgeGraph

_SEVERITIES = {"error": 2, "warning": 1, "note": 0}


def open_graph(kg: Path | None, endpoint: str | None) -> "KnowledgeGraph":
    """The graph that the options name: an endpoint, a folder of versions, or the one of ``zhiji.toml``."""
    from ..knowledge import KnowledgeGraph  # the store is slow to import

    if endpoint and kg is None:
        return KnowledgeGraph.at(endpoint)
    return KnowledgeGraph.open(kg or read_settings().kg)


def analysis_of(kg: Path | None, endpoint: str | None, programme: str | None, standard: str | None) -> "GapAnalysis":
    """The gap analysis that the options ask for, judged by the profile of ``zhiji.toml`` where it names one."""
    return open_graph(kg, endpoint).gaps(programme, standard, read_settings().profile)


@click.command(help=told("gaps.help"), short_help=told("gaps.short"))
@graph_options
@programme_options
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help=told("option.format"))
@click.option("--fail-on", type=click.Choice(["error", "warning"]), help=told("option.fail_on"))
@output_option
@language_option
def gaps(
    kg: Path | None, endpoint: str | None, programme: str | None, standard: str | None,
    form: str, fail_on: str | None, output: Path | None,
) -> None:  # fmt: skip
    """Show the findings."""
    analysis = analysis_of(kg, endpoint, programme, standard)
    if form == "text":
        print_gaps(analysis)
    else:
        from ..report import files, plain  # the report is slow to import

        made = plain.findings_json(analysis.findings, analysis.profile) if form == "json" else files.findings_csv(analysis, LANGUAGE)
        _hand_over(made, output)
    worst = max((_SEVERITIES[finding.severity] for finding in analysis.findings), default=-1)
    raise SystemExit(ExitStatus.WRONG if fail_on and worst >= _SEVERITIES[fail_on] else ExitStatus.FINE)


def print_gaps(analysis: "GapAnalysis", *, every_finding: bool = True) -> None:
    """The report for the terminal: the answer, the totals, the weightiest gaps, every finding."""
    from ..report import terminal  # the report is slow to import

    for line in terminal.opening(analysis, LANGUAGE):
        console.line(line)
    console.table(terminal.totals_grid(analysis, LANGUAGE))
    console.table(terminal.weightiest_grid(analysis, LANGUAGE))
    if every_finding:
        console.table(terminal.findings_grid(analysis, analysis.findings, LANGUAGE))


@click.command(help=told("report.help"), short_help=told("report.short"))
@graph_options
@programme_options
@click.option("--format", "form", type=click.Choice(["html", "xlsx", "json"]), help=told("option.report_format"))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", required=True, help=told("option.output"))
@language_option
def report(
    kg: Path | None, endpoint: str | None, programme: str | None, standard: str | None, form: str | None, output: Path
) -> None:
    """Write a report."""
    from ..report import files  # the report is slow to import

    form = form or output.suffix.removeprefix(".").lower()
    files.write_report(analysis_of(kg, endpoint, programme, standard), form, output, LANGUAGE)
    console.line(told("report.written", path=output))


@click.command(help=told("query.help"), short_help=told("query.short"))
@click.argument("name", metavar="NAME|FILE")
@click.option("--param", "parameters", multiple=True, metavar="K=V", help=told("option.param"))
@graph_options
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "tsv", "json", "xlsx"]), default="table", help=told("option.format")
)  # fmt: skip
@output_option
@language_option
def query(
    name: str, parameters: tuple[str, ...], kg: Path | None, endpoint: str | None, form: str, output: Path | None
) -> None:
    """Ask a named question."""
    from ..report import files  # writing rows; slow to import

    written = dict(_pair(parameter) for parameter in parameters)
    answer = open_graph(kg, endpoint).query(name, **written)
    if form == "table":
        console.table(files.answer_grid(answer, LANGUAGE))
    elif form == "xlsx":
        if output is None:
            raise click.UsageError(told("query.needs_output"))
        files.answer_xlsx(answer, output, LANGUAGE)
    else:
        _hand_over(files.answer_text(answer, form), output)


@click.command(help=told("queries.help"), short_help=told("queries.short"))
@json_option
@language_option
def queries(as_json: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """List the named questions."""
    from ..queries import catalogue  # the engine is slow to import

    known = list(catalogue().values())
    if as_json:
        rows = [
            {
                "name": query.name,
                "folder": query.folder,
                "summary": {"zh": query.summary.zh, "en": query.summary.en},
                "competencyQuestion": query.competency_question or None,
                "parameters": [{"name": p.name, "type": p.type, "class": p.of_class or None} for p in query.parameters],
            }
            for query in known
        ]
        console.line(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    shown = tuple(
        (q.folder, q.name, q.competency_question, " ".join(p.name for p in q.parameters), q.summary(LANGUAGE))
        for q in known
    )
    console.table(console.TextTable("", tuple(told("queries.headings").split("|")), shown))


@click.command(help=told("export.help"), short_help=told("export.short"))
@graph_options
@click.option("--programme", metavar="ID", help=told("option.programme"))
@click.option("--format", "form", type=click.Choice(["html", "ttl", "nq", "graphml", "gexf"]), required=True, help=told("option.format"))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", required=True, help=told("option.output"))
@language_option
def export(kg: Path | None, endpoint: str | None, programme: str | None, form: str, output: Path) -> None:
    """Write the graph, or a picture of one programme."""
    from .. import exports  # slow to import

    graph = open_graph(kg, endpoint)
    if form == "html":
        exports.picture(graph, programme, output, LANGUAGE)
    else:
        exports.dump(graph, form, output)
    console.line(told("report.written", path=output))


def _pair(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise unreadable("bad-parameter", name="--param", value=parameter, type="k=v")
    return name, value


def _hand_over(made: str, output: Path | None) -> None:
    if output is None:
        click.echo(made, nl=False)
        return
    from ..report import files  # slow to import

    files.write_text(output, made)
