"""The door to Jinja2: a gap analysis as one HTML file.

The file asks for nothing outside itself, runs no script and prints on A4. Whatever the graph
says is escaped, and the page's own policy forbids every request.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from ..analysis import GapAnalysis
from ..findings import STATES, Offer, Tally
from ..resources import WEB
from ..texts import LIST_MARK, Language, Text, say
from ..vocabulary import page_of, source_graph
from ..writers.files import write_whole
from .charts import flow_chart, flows, hours_map, indicator_radar, state_map
from .page import Footnote, arrange
from .summary import as_shown, depth_name, figure, headline, notice, reason, share, state_name, target_name
from .words import SYMBOLS, denominator, due, heft, heft_of, named, place_name, profile_name

if TYPE_CHECKING:
    import jinja2

_HERE = "\0"


def write_html(analysis: GapAnalysis, path: Path, language: Language) -> None:
    """Write the gap report as one HTML file; the same analysis gives the same bytes.

    Args:
        analysis: what was found.
        path: the file; it is replaced in one step.
        language: of all words; labels that the graph has in the other language only are marked so.

    Raises:
        CannotRunError: when the file cannot be written; an old file is then untouched.
    """
    write_whole(path, render_html(analysis, language))


def render_html(analysis: GapAnalysis, language: Language) -> str:
    """The gap report as the text of one HTML file.

    Args:
        analysis: what was found.
        language: of all words.
    """
    return _rendered("report.html.j2", analysis, language, inside=False)


def render_fragment(analysis: GapAnalysis, language: Language) -> str:
    """The gap report without the page around it, for a page of ours to hold: header, answer, tables.

    It brings no style and no landmark of its own; whoever shows it has loaded ``report.css``. What
    the file only names is linked here: each thing and each piece of evidence to its page in the
    service, each query to the question that asks it.

    Args:
        analysis: what was found.
        language: of all words.
    """
    return _rendered("report.content.html.j2", analysis, language, inside=True)


def _rendered(name: str, analysis: GapAnalysis, language: Language, *, inside: bool) -> str:
    template = _environment(language, page_of if inside else lambda _iri: "").get_template(name)
    return template.render(page=arrange(analysis), analysis=analysis, lang=language, inside=inside).lstrip()


def drawn(template: str, language: Language, **values: object) -> str:
    """A template of ours with its values, for a file that stands alone and links nothing.

    Args:
        template: its file name in ``web/templates``.
        language: of all words.
        **values: what the template draws; every text in them is escaped.
    """
    return _environment(language, lambda _iri: "").get_template(template).render(lang=language, **values).lstrip()


def _environment(language: Language, address: Callable[[str], str]) -> "jinja2.Environment":
    import jinja2  # slow to import, so opened only here

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(_words(language), address=address)
    return environment


def _words(language: Language) -> dict[str, Any]:
    """What the template can call: every text, figure and name in the language of the report."""
    return {
        "t": partial(_said, language),
        "document_iri": lambda identifier: source_graph(identifier).value,
        "asked": _asked,
        "states": STATES,
        "symbols": SYMBOLS,
        "state_word": lambda state: state_name(state)(language),
        "figure": figure,
        "share": share,
        "as_shown": as_shown,
        "reason": lambda finding: reason(finding, language),
        "headline": lambda analysis: headline(analysis)(language),
        "notice": notice,
        "target_name": lambda coverage: target_name(coverage.target)(language),
        "due": lambda coverage: due(coverage, language),
        "denominator": lambda tally: denominator(tally, language),
        "heft": lambda coverage, cell: heft(coverage, cell, language),
        "heft_of": lambda coverage, finding: heft_of(coverage, finding, language),
        "taught": partial(_taught, language),
        "depth_word": lambda depth: depth_name(depth, language),
        "other_language": partial(_other_language, language),
        "bar_words": partial(_bar_words, language),
        **_pictures(language),
    }


def _pictures(language: Language) -> dict[str, Any]:
    return {
        "state_map": lambda coverage: state_map(coverage, language),
        "hours_map": lambda shape: hours_map(shape, language),
        "indicator_radar": lambda supports: indicator_radar(supports, language),
        "flows": lambda coverage: flows(coverage, language),
        "flow_chart": lambda found: flow_chart(found, language),
        "profile_name": lambda profile: profile_name(profile, language),
        "place_name": lambda place, none: place_name(place, none, language),
    }


def _said(language: Language, key: str, /, **values: object) -> str:
    return say(f"report.{key}")(language, **values)


def _other_language(language: Language, label: Text) -> Language | None:
    """The language a label is shown in where the graph has it only in the other one."""
    if label(language):
        return None
    return "zh" if label.zh else "en" if label.en else None


def _taught(language: Language, offer: Offer) -> tuple[str, str, str]:
    """Where it is taught: what stands before the course, the course, and what stands behind it."""
    key = "taught" if offer.hours is not None else "taught_unstated"
    depth, hours = depth_name(offer.depth, language), figure(offer.hours)
    said = _said(language, f"page.{key}", course=_HERE, term=offer.last_term, depth=depth, hours=hours)
    before, _, behind = said.partition(_HERE)
    return before, named(offer.course, language), behind


def _asked(note: Footnote) -> str:
    """Where the service answers the query of a footnote."""
    return f"/ask/{quote(note.query)}?{urlencode(note.given)}"


def _bar_words(language: Language, name: Text, table: str, tally: Tally) -> str:
    """A bar in words, for who cannot see it."""
    parts = LIST_MARK[language].join(
        f"{state_name(state)(language)} {figure(as_shown(tally).of(state))}" for state in STATES
    )
    whole = figure(tally.denominator)
    words = say(f"report.table.{table}")
    return _said(language, "page.bar_is", name=name, table=words, parts=parts, denominator=whole)
