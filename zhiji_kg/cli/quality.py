"""The command ``quality``: how good the graph itself is, figure by figure with its denominator."""

import json
from argparse import Namespace
from datetime import date
from typing import TYPE_CHECKING

from ..errors import ExitStatus
from ..findings import Grid
from . import console
from .ask import open_graph
from .options import LANGUAGE, Parser, misuse, told
from .settings import read_settings

if TYPE_CHECKING:
    from ..quality import Measure, Quality

_COUNTED = {"unexamined": "quality.requirements"}  # what a figure is a share of, where not of all statements


def quality_arguments(parser: Parser) -> Parser:
    """``zhiji quality --kg DIR [--date YYYY-MM-DD] [--json]``."""
    parser.graph()
    parser.option("--date", metavar="YYYY-MM-DD")
    parser.option("--json", action="store_true")
    return parser


def quality(given: Namespace) -> ExitStatus:
    """Show the figures of the graph."""
    from ..analysis import load_profile  # the engine is slow to import
    from ..quality import quality as measured

    day = _day(given.date)
    own = read_settings().profile
    found = measured(open_graph(given).store, day, load_profile(own) if own else load_profile())
    if given.json:
        console.line(json.dumps(quality_plain(found), ensure_ascii=False, indent=2))
        return ExitStatus.FINE
    console.table(_grid(told("quality.caption", version=found.graph.version or found.graph.place), found.measures))
    console.table(_grid(told("quality.by_kind"), found.by_kind))
    if day is None:
        console.line(told("quality.no_date", months=found.fresh_months))
    return ExitStatus.FINE


def quality_plain(found: "Quality") -> dict[str, object]:
    """The figures as plain data, each with part and whole."""
    return {
        "version": found.graph.version,
        "sha256": found.graph.sha256,
        "date": found.day.isoformat() if found.day else None,
        "freshMonths": found.fresh_months,
        "measures": [_plain(measure) for measure in found.measures],
        "byKind": [_plain(measure) for measure in found.by_kind],
    }


def _plain(measure: "Measure") -> dict[str, object]:
    share = measure.share
    return {
        "measure": measure.key,
        "of": measure.of.iri if measure.of else None,
        "part": measure.part,
        "whole": measure.whole,
        "share": None if share is None else float(share),
        "moreIsBetter": measure.more_is_better,
    }


def _grid(caption: str, measures: "tuple[Measure, ...]") -> Grid:
    rows = tuple(
        (
            told(f"quality.measure.{measure.key}"),
            measure.of.name(LANGUAGE) if measure.of else told(_COUNTED.get(measure.key, "quality.all")),
            f"{measure.part}/{measure.whole}",
            "–" if measure.share is None else f"{float(100 * measure.share):.1f} %",
            told("quality.better.more" if measure.more_is_better else "quality.better.less"),
        )
        for measure in measures
    )
    return Grid(caption, tuple(told("quality.headings").split("|")), rows, frozenset({2, 3}))


def _day(written: str | None) -> date | None:
    """The day that ``--date`` names.

    Raises:
        UnreadableError: when it is none.
    """
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise misuse("zhiji quality", told("quality.bad_date", value=written)) from None
