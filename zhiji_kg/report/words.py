"""Words for figures that every report writes alike: terms, denominators, weights, where something is taught."""

from ..analysis import Profile
from ..findings import Cell, Coverage, Finding, Offer, State, Tally, Thing
from ..texts import Language, say
from .summary import depth_name, figure

SYMBOLS: dict[State, str] = {"covered": "●", "partial": "◐", "no-match": "○", "not-examined": "?"}
"""The sign that stands beside the word of each state, so that no colour is needed."""


def due(coverage: Coverage, language: Language) -> str:
    """By which term a target is due."""
    key = "due" if coverage.target.due_is_stated else "due_end"
    return say(f"report.page.{key}")(language, term=coverage.target.due_term)


def denominator(tally: Tally, language: Language) -> str:
    """The denominator, and where the weight column states more than has items both: ``95 of 100``."""
    if tally.stated is None or tally.stated == tally.denominator:
        return figure(tally.denominator)
    stated, items = figure(tally.stated), figure(tally.denominator)
    return say("report.table.stated_short")(language, stated=stated, denominator=items)


def heft(coverage: Coverage, cell: Cell, language: Language) -> str:
    """What a cell weighs, with what it is a part of."""
    if cell.weight is None:
        items = coverage.totals.all["items"].denominator
        return say("report.weight.items")(language, denominator=figure(items))
    tally = coverage.totals.all[cell.requirement.table]
    weight, whole = figure(cell.weight), figure(tally.denominator)
    return say(f"report.weight.{cell.requirement.table}")(language, weight=weight, denominator=whole)


def heft_of(coverage: Coverage, finding: Finding, language: Language) -> str:
    """What the cell of a finding weighs; "unweighted" where its source has no weight for it."""
    tally = coverage.totals.all.get(finding.table)
    if finding.weight is None or tally is None:
        return say("report.weight.none")(language)
    weight, whole = figure(finding.weight), figure(tally.denominator)
    return say(f"report.weight.{finding.table}")(language, weight=weight, denominator=whole)


def taught(offer: Offer, language: Language) -> str:
    """Where something is taught, how deep, for how many hours, and by which term."""
    key = "taught" if offer.hours is not None else "taught_unstated"
    return say(f"report.page.{key}")(
        language,
        course=named(offer.course, language),
        term=offer.last_term,
        depth=depth_name(offer.depth, language),
        hours=figure(offer.hours),
    )


def named(thing: Thing, language: Language) -> str:
    """A thing by its code and its name, each once."""
    name = thing.name(language)
    return name if name == thing.code or not thing.code else f"{thing.code} {name}"


def place_name(place: Thing | None, none: str, language: Language) -> str:
    """The name of a stage or a module, or the words for none."""
    return place.name(language) if place else say(f"report.chart.{none}")(language)


def profile_name(profile: Profile, language: Language) -> str:
    """Which policy a report was judged by: the shipped one or one's own, with the digest of what it says."""
    return say(f"report.page.profile_{'shipped' if profile.shipped else 'own'}")(language, sha256=profile.sha256)
