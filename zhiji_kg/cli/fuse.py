"""``zhiji fuse`` and ``zhiji crosswalk``: two plans put together, and side by side."""

import json
from argparse import Namespace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ExitStatus
from ..findings import Grid, Totals
from ..texts import LIST_MARK, say
from . import console
from .ask import open_graph
from .options import LANGUAGE, Parser, misuse, told
from .settings import read_settings

FORMS = (".xlsx", ".docx", ".md")
"""What a draft can be written as, by the ending of the file."""

if TYPE_CHECKING:
    from ..analysis import Profile
    from ..fusion.draft import Draft, FusedCourse


def fuse_arguments(parser: Parser) -> Parser:
    """``zhiji fuse A B --standard S --kg DIR -o FILE``."""
    _two(parser)
    parser.option("--standard", metavar="ID", required=True)
    parser.graph()
    parser.option("-o", "--output", type=Path, metavar="FILE", required=True)
    return parser


def fuse(given: Namespace) -> ExitStatus:
    """Write the draft of an integrated plan."""
    from ..fusion.draft import fuse as drafted  # the analysis is slow to import

    form = given.output.suffix.lower()
    if form not in FORMS:
        raise misuse("zhiji fuse", told("fuse.forms", forms=LIST_MARK[LANGUAGE].join(FORMS)))
    draft = drafted(open_graph(given).store, given.first, given.second, given.standard, _profile())
    _write(draft, given.output, form)
    console.line(told("fuse.written", path=given.output))
    console.line(told("fuse.draft"))
    console.table(_decisions(draft))
    console.table(_figures(draft))
    return ExitStatus.FINE


def _write(draft: "Draft", path: Path, form: str) -> None:
    from ..fusion.paper import draft_paper  # writers are slow to import
    from ..fusion.workbook import write_draft
    from ..writers.docx import docx_bytes
    from ..writers.files import write_whole
    from ..writers.markdown import markdown_text

    if form == ".xlsx":
        write_draft(draft, path)
    else:
        paper = draft_paper(draft, LANGUAGE)
        write_whole(path, docx_bytes(paper) if form == ".docx" else markdown_text(paper))


def crosswalk_arguments(parser: Parser) -> Parser:
    """``zhiji crosswalk A B --kg DIR``."""
    _two(parser)
    parser.graph()
    parser.option("--json", action="store_true")
    return parser


def crosswalk(given: Namespace) -> ExitStatus:
    """Show which courses of two plans teach the same."""
    from ..analysis import find_programme  # the analysis is slow to import
    from ..fusion.crosswalk import crosswalk as compared
    from ..fusion.plan import number, read_plan

    store = open_graph(given).store
    first, second = (read_plan(store, find_programme(store, code)) for code in (given.first, given.second))
    pairs = compared(first, second, _profile())
    if given.json:
        console.line(json.dumps([pair.plain() for pair in pairs], ensure_ascii=False, indent=2))
        return ExitStatus.FINE
    rows = tuple(
        (
            say(f"fusion.relation.{pair.relation}")(LANGUAGE),
            f"{pair.first.code} {pair.first.name(LANGUAGE)}",
            f"{pair.second.code} {pair.second.name(LANGUAGE)}",
            f"{len(pair.shared)} / {pair.of_first}",
            f"{len(pair.shared)} / {pair.of_second}",
            f"{number(pair.hours('first'))} / {number(pair.hours('second'))}",
            LIST_MARK[LANGUAGE].join(f"{p.code} ({p.first.depth or '–'}/{p.second.depth or '–'})" for p in pair.shared),
        )
        for pair in pairs
    )
    console.table(Grid(told("crosswalk.caption"), tuple(told("crosswalk.headings").split("|")), rows))
    return ExitStatus.FINE


def _two(parser: Parser) -> None:
    parser.add_argument("first", metavar="A", help=told("option.first_plan"))
    parser.add_argument("second", metavar="B", help=told("option.second_plan"))


def _profile() -> "Profile":
    from ..analysis import load_profile

    chosen = read_settings().profile
    return load_profile(chosen) if chosen else load_profile()


def _decisions(draft: "Draft") -> Grid:
    rows = tuple(
        (
            say(f"fusion.decision.{row.decision}")(LANGUAGE),
            f"{row.course.code} {row.course.thing.name(LANGUAGE)}",
            LIST_MARK[LANGUAGE].join(map(str, row.course.terms)) or "–",
            _hours(draft, row),
            LIST_MARK[LANGUAGE].join(one.code for one in row.first) or "–",
            LIST_MARK[LANGUAGE].join(one.code for one in row.second) or "–",
            LIST_MARK[LANGUAGE].join(console.cut([point.code for point in row.points], 8)),
        )
        for row in draft.rows
    )
    return Grid(told("fuse.caption"), tuple(told("fuse.headings").split("|")), rows)


def _hours(draft: "Draft", row: "FusedCourse") -> str:
    """The hours in the draft; of a course of the first plan whose hours changed, before and now."""
    from ..report.summary import figure

    now = figure(row.course.hours)
    known = {course.code: figure(course.hours) for course in draft.first.courses}
    before = known.get(row.course.code, now)
    return now if before == now else f"{before} → {now}"


def _figures(draft: "Draft") -> Grid:
    rows = tuple(
        (
            f.target.source.code,
            str(f.target.due_term),
            *(_gap(one) for one in (f.first, f.second, f.without_new, f.draft)),
        )
        for f in draft.figures
    )
    return Grid(told("fuse.figures"), tuple(told("fuse.figure_headings").split("|")), rows)


def _gap(shown: Totals | None) -> str:
    """Known gap and upper bound of the items, each of how many."""
    if shown is None:
        return "–"
    tally = shown.all["items"]
    known, bound, of = (int(Fraction(n)) for n in (tally.known_gap, tally.upper_bound, tally.denominator))
    return f"{known} – {bound} / {of}"
