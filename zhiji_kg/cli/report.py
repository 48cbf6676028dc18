"""``zhiji report``: the gap report as a file, and a report of ours computed again."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ExitStatus
from . import console
from .ask import asked_analysis, open_graph
from .options import LANGUAGE, Parser, misuse, told
from .settings import read_settings

if TYPE_CHECKING:
    from ..analysis import Profile

FORMS = ("html", "xlsx", "docx", "md", "json")
"""The formats of a report, each by the ending of its files."""


def report_arguments(parser: Parser) -> Parser:
    """``zhiji report --kg DIR --programme ID --format … -o FILE``, with ``--group`` for many, or ``--verify FILE``."""
    parser.graph()
    parser.programme()
    parser.option("--group", nargs="*", metavar="ID")
    parser.option("--format", dest="form", choices=FORMS, help=told("option.report_format"))
    parser.option("--verify", type=Path, metavar="FILE")
    parser.output()
    return parser


def report(given: Namespace) -> ExitStatus:
    """Write a report, or compute one again that was written."""
    if given.verify is not None:
        return _verified(given)
    if given.output is None:
        raise misuse("zhiji report", told("report.needs_output"))
    from ..report import files  # the report is slow to import

    form = given.form or given.output.suffix.removeprefix(".").lower()
    if given.group is not None:
        return _of_group(given, form)
    files.write_report(asked_analysis(given), form, given.output, LANGUAGE)
    console.line(told("report.written", path=given.output))
    return ExitStatus.FINE


def _of_group(given: Namespace, form: str) -> ExitStatus:
    """Write the report over many programmes: those named, or all of the graph."""
    if given.programme is not None or given.standard is not None:
        raise misuse("zhiji report", told("report.group_alone"))
    from ..analysis.group import group_analysis  # the report is slow to import
    from ..report.group_files import write_group_report

    group = group_analysis(open_graph(given).store, given.group, profile_of_settings())
    write_group_report(group, form, given.output, LANGUAGE)
    console.line(told("report.written", path=given.output))
    return ExitStatus.FINE


def profile_of_settings() -> "Profile":
    """The profile that ``zhiji.toml`` names; the shipped one where it names none."""
    from ..analysis import load_profile  # the engine is slow to import

    own = read_settings().profile
    return load_profile(own) if own else load_profile()


def _verified(given: Namespace) -> ExitStatus:
    """Say where a report differs from the version that it names; nothing where it is true."""
    if given.endpoint is not None:
        raise misuse("zhiji report", told("report.verify_needs_folder"))
    from ..report.verify import verify_report  # the report is slow to import

    found = verify_report(given.verify, given.kg or read_settings().kg, profile_of_settings())
    nothing = told("report.nothing_there")
    for difference in found:
        reported, recomputed = difference.reported, difference.recomputed
        shown = {
            "reported": nothing if reported is None else f"“{reported}”",
            "recomputed": nothing if recomputed is None else f"“{recomputed}”",
        }
        console.line(told("report.differs", file=given.verify, where=difference.where, **shown))
    return ExitStatus.WRONG if found else ExitStatus.FINE
