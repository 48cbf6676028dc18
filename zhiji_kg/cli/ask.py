"""Commands that ask a published graph: gaps, query, queries, export."""

import json
import os
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ExitStatus, unreadable
from ..findings import Finding, Grid
from ..texts import Text
from . import console
from .options import LANGUAGE, Parser, misuse, told
from .settings import read_settings

if TYPE_CHECKING:
    from ..analysis import GapAnalysis
    from ..knowledge import KnowledgeGraph
    from ..queries import Query

_SEVERITIES = {"error": 2, "warning": 1, "note": 0}


def gaps_arguments(parser: Parser) -> Parser:
    """``zhiji gaps --kg DIR [--programme ID] [--standard ID] [--code C] [--severity S] [--format …] [--fail-on …]``."""
    parser.graph()
    parser.programme()
    parser.option("--code", action="append", default=[], metavar="ZJ-…")
    parser.option("--severity", choices=tuple(_SEVERITIES))
    parser.option("--format", dest="form", choices=("text", "json", "csv"), default="text")
    parser.option("--fail-on", choices=("error", "warning"))
    parser.output()
    return parser


def gaps(given: Namespace) -> ExitStatus:
    """Show the findings."""
    analysis = asked_analysis(given)
    chosen = replace(analysis, findings=_chosen(analysis, given))
    if given.form == "text":
        print_gaps(analysis, chosen.findings)
    else:
        from ..report import files, plain  # the report is slow to import

        as_json = given.form == "json"
        made = plain.findings_json(chosen) if as_json else files.findings_csv(chosen, LANGUAGE)
        hand_over(made, given.output)
    worst = max((_SEVERITIES[finding.severity] for finding in chosen.findings), default=-1)
    return ExitStatus.WRONG if given.fail_on and worst >= _SEVERITIES[given.fail_on] else ExitStatus.FINE


def _chosen(analysis: "GapAnalysis", given: Namespace) -> "tuple[Finding, ...]":
    """The findings of the codes and of at least the severity that were asked for; all where nothing was.

    Raises:
        UnreadableError: when a code is none of the profile.
    """
    known = analysis.profile.codes
    codes = {_code(written) for written in given.code}
    if unknown := sorted(codes - known.keys()):
        what = Text("发现代码", "finding code")
        raise unreadable("unknown-code", code=unknown[0], what=what, known="、".join(known))
    least = _SEVERITIES[given.severity or "note"]
    return tuple(
        finding
        for finding in analysis.findings
        if (not codes or finding.code in codes) and _SEVERITIES[finding.severity] >= least
    )


def _code(written: str) -> str:
    """A code as the profile writes it: ``c01`` is ``ZJ-C01``."""
    return f"ZJ-{written.upper().removeprefix('ZJ-')}"


def print_gaps(analysis: "GapAnalysis", findings: "Sequence[Finding] | None" = None) -> None:
    """The report for the terminal: the answer, the totals, the weightiest gaps, and such findings as are given."""
    from ..report import terminal  # the report is slow to import

    for line in terminal.opening(analysis, LANGUAGE):
        console.line(line)
    for grid in terminal.totals_grids(analysis, LANGUAGE):
        console.table(grid)
    console.table(terminal.weightiest_grid(analysis, LANGUAGE))
    if findings is not None:
        console.table(terminal.findings_grid(analysis, findings, LANGUAGE))


def query_arguments(parser: Parser) -> Parser:
    """``zhiji query NAME|FILE [--param k=v]… [--kg DIR|--endpoint URL] [--format …]``."""
    parser.add_argument("name", metavar="NAME|FILE", help=told("option.name"))
    parser.option("--param", action="append", default=[], metavar="K=V")
    parser.graph()
    parser.option("--format", dest="form", choices=("table", "csv", "tsv", "json", "xlsx"), default="table")
    parser.output()
    return parser


def query(given: Namespace) -> ExitStatus:
    """Ask a named question."""
    from ..report import files  # writing rows; slow to import

    if given.form == "xlsx" and given.output is None:
        raise misuse("zhiji query", told("query.needs_output"))
    written = dict(_pair(parameter) for parameter in given.param)
    answer = open_graph(given).query(given.name, **written)
    if given.form == "table":
        console.table(files.answer_grid(answer, LANGUAGE))
    elif given.form == "xlsx":
        files.answer_xlsx(answer, given.output, LANGUAGE)
    else:
        hand_over(files.answer_text(answer, given.form), given.output)
    return ExitStatus.FINE


def queries_arguments(parser: Parser) -> Parser:
    """``zhiji queries [--cq]``."""
    parser.option("--cq", action="store_true")
    parser.option("--json", action="store_true")
    return parser


def queries(given: Namespace) -> ExitStatus:
    """List the named questions; with ``--cq`` those that answer a competency question, by its number."""
    from ..queries import catalogue, competency_questions  # the engine is slow to import

    known = [query for query in catalogue().values() if query.folder != "infer"]
    if given.cq:
        known = list(competency_questions().values())
    if given.json:
        console.line(json.dumps([query.plain() for query in known], ensure_ascii=False, indent=2))
    elif given.cq:
        _list("queries.cq_headings", ((q.competency_question, _in_short(q)) for q in known))
    else:
        _list("queries.headings", ((q.folder, q.name, q.competency_question, *_asked(q)[1:]) for q in known))
    return ExitStatus.FINE


def _asked(query: "Query") -> tuple[str, str, str]:
    """How a question is asked: its name, its parameters, and what it answers."""
    return query.name, " ".join(parameter.name for parameter in query.parameters), query.summary(LANGUAGE)


def _in_short(query: "Query") -> str:
    """A competency question in lines that a narrow window holds: what it answers, how to ask it, by which facts."""
    parameters = "".join(f" --param {parameter.name}=…" for parameter in query.parameters)
    facts: dict[str, list[str]] = {}
    for fact in query.facts:
        family, _, number = fact.partition("-")
        facts.setdefault(family, []).append(number)
    told_facts = " · ".join(f"{family}-{' '.join(numbers)}" for family, numbers in facts.items())
    return f"{query.summary(LANGUAGE)}\n{query.name}{parameters}\n{told('queries.facts', facts=told_facts)}"


def _list(headings: str, rows: Iterable[tuple[str, ...]]) -> None:
    console.table(Grid("", tuple(told(headings).split("|")), tuple(rows)))


def export_arguments(parser: Parser) -> Parser:
    """``zhiji export --kg DIR --format … -o FILE``."""
    parser.graph()
    parser.option("--programme", metavar="ID")
    parser.option("--format", dest="form", choices=("html", "ttl", "nq", "graphml", "gexf"), required=True)
    parser.output(required=True)
    return parser


def export(given: Namespace) -> ExitStatus:
    """Write the graph, or a picture of one programme."""
    from .. import exports  # slow to import

    graph = open_graph(given)
    if given.form == "html":
        exports.picture(graph, given.programme, given.output, LANGUAGE)
    else:
        exports.dump(graph, given.form, given.output)
    console.line(told("report.written", path=given.output))
    return ExitStatus.FINE


def open_graph(given: Namespace) -> "KnowledgeGraph":
    """The graph that the options name: a folder of versions, an endpoint, or the folder of ``zhiji.toml``."""
    if given.kg is not None and given.endpoint is not None:
        raise misuse("zhiji", told("option.one_graph"))
    from ..knowledge import KnowledgeGraph  # the store is slow to import

    endpoint = given.endpoint or (os.environ.get("ZHIJI_ENDPOINT") if given.kg is None else None)
    return KnowledgeGraph.at(endpoint) if endpoint else KnowledgeGraph.open(given.kg or read_settings().kg)


def asked_analysis(given: Namespace) -> "GapAnalysis":
    """The gap analysis that the options ask for, judged by the profile of ``zhiji.toml`` where it names one."""
    return open_graph(given).gaps(given.programme, given.standard, read_settings().profile)


def _pair(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise unreadable("bad-parameter", name="--param", value=parameter, type="k=v")
    return name, value


def hand_over(made: str, output: Path | None) -> None:
    """Write a text to a file, or to stdout where none is given."""
    if output is None:
        print(made, end="")
        return
    from ..writers.files import write_whole

    write_whole(output, made)
