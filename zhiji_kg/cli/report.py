"""``zhiji report``: the gap report as a file, and a report of ours computed again."""

from argparse import Namespace
from pathlib import Path

from ..errors import ExitStatus
from . import console
from .ask import asked_analysis
from .options import LANGUAGE, Parser, misuse, told
from .settings import read_settings

FORMS = ("html", "xlsx", "docx", "md", "json")
"""The formats of a report, each by the ending of its files."""


def report_arguments(parser: Parser) -> Parser:
    """``zhiji report --kg DIR --programme ID --format … -o FILE``, or ``--verify FILE --kg DIR``."""
    parser.graph()
    parser.programme()
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
    files.write_report(asked_analysis(given), form, given.output, LANGUAGE)
    console.line(told("report.written", path=given.output))
    return ExitStatus.FINE


def _verified(given: Namespace) -> ExitStatus:
    """Say where a report differs from the version that it names; nothing where it is true."""
    if given.endpoint is not None:
        raise misuse("zhiji report", told("report.verify_needs_folder"))
    from ..analysis import load_profile  # the report is slow to import
    from ..report.verify import verify_report

    settings = read_settings()
    profile = load_profile(settings.profile) if settings.profile else load_profile()
    found = verify_report(given.verify, given.kg or settings.kg, profile)
    nothing = told("report.nothing_there")
    for difference in found:
        reported, recomputed = difference.reported, difference.recomputed
        shown = {
            "reported": nothing if reported is None else f"“{reported}”",
            "recomputed": nothing if recomputed is None else f"“{recomputed}”",
        }
        console.line(told("report.differs", file=given.verify, where=difference.where, **shown))
    return ExitStatus.WRONG if found else ExitStatus.FINE
