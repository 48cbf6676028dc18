"""What a report says first: one sentence, and the gaps that weigh most."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ..analysis import GapAnalysis
from ..analysis.cells import TOO_SHALLOW
from ..analysis.counting import counted_coverages, each_once
from ..findings import STATES, Cell, Coverage, Finding, State, Tally, Target
from ..texts import Language, Text, say

Part = Literal["covered", "partial", "no_match", "not_examined", "known_gap", "upper_bound"]
UNQUALIFIED = "ZJ-R02"
_TABLE_ORDER = {"skills": 0, "theory": 1, "items": 2}


@dataclass(frozen=True, slots=True)
class WeightyGap:
    """A known gap with its target: the cell, and the findings that name its reasons."""

    coverage: Coverage
    cell: Cell
    findings: tuple[Finding, ...]


def headline(analysis: GapAnalysis) -> Text:
    """The answer in one sentence: over all certificates the plan aims at, or over what else was asked.

    A requirement that two certificates share counts once, as the earlier of them finds it.
    """
    counted = counted_coverages(analysis.coverages)
    if not counted:
        return _both("report.headline.nothing", programme=analysis.programme.thing)
    tally = _tally(cell for _, cell in each_once(counted))
    names = [_named(coverage.target, "quoted") for coverage in counted]
    return _both(
        "report.headline.sentence" if tally.known_gap else "report.headline.no_gap",
        programme=analysis.programme.thing,
        sources=Text("、".join(name.zh for name in names), listed([name.en for name in names])),
        required=_whole(tally.denominator),
        covered=_whole(tally.covered),
        known=_whole(tally.known_gap),
        partial=_whole(tally.partial),
        no_match=_whole(tally.no_match),
        not_examined=_whole(tally.not_examined),
    )


def notice(analysis: GapAnalysis) -> Text | None:
    """What has to be said where the evidence is an example: by which documents; else nothing."""
    documents = analysis.example_documents
    if not documents:
        return None
    titles = "；".join(document.title for document in documents)
    said = say("report.headline.example")
    return Text(said("zh", titles=titles), said("en", titles=titles.replace("；", "; ")))


def weightiest(analysis: GapAnalysis) -> list[WeightyGap]:
    """The known gaps with the largest share of their weight table, as many as the profile says.

    Skills go before theory at equal shares, no match before partial. Sources without a weight
    table come after those that have one; stages are left out, for they repeat the certificates,
    and what two certificates share stands there once.
    """
    gaps = [
        WeightyGap(coverage, cell, _findings_of(analysis, coverage, cell))
        for coverage, cell in each_once(c for c in analysis.coverages if c.target.basis != "stage")
        if cell.verdict.state in ("no-match", "partial")
    ]
    return sorted(gaps, key=_heft)[: analysis.profile.weightiest]


def target_name(target: Target) -> Text:
    """What a target is called: the certificate, the occupation or the stage; else the source."""
    return _named(target, "basis")


def _named(target: Target, words: Literal["basis", "quoted"]) -> Text:
    named = target.due_for if target.basis in ("certificate", "stage") else target.source
    kind = say(f"report.{words}.{target.basis}")
    code = f" {named.code}" if target.basis == "occupation" else ""
    return Text(kind("zh", name=named.name("zh") + code), kind("en", name=named.name("en") + code))


def state_name(state: State) -> Text:
    """The word of a state."""
    return say(f"report.state.{state}")


def figure(value: Fraction | float | None, places: int = 2) -> str:
    """A figure as it is shown: rounded, without trailing zeros; a dash where there is none."""
    if value is None:
        return "–"
    scale = 10**places
    half_up = math.floor(abs(Fraction(value)) * scale + Fraction(1, 2))  # as people round, not half to even
    shown = f"{Decimal(half_up) / scale:.{places}f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return f"-{shown}" if value < 0 and shown != "0" else shown


def as_shown(tally: Tally, places: int = 2) -> Tally:
    """A tally in figures of so many places that add up: the largest remainders are rounded up."""
    unit = 10**places
    scaled = [tally.of(state) * unit for state in STATES]
    whole = [int(value) for value in scaled]
    missing = round(tally.denominator * unit) - sum(whole)
    by_remainder = sorted(range(len(STATES)), key=lambda place: whole[place] - scaled[place])
    for place in by_remainder[:missing]:
        whole[place] += 1
    covered, partial, no_match, not_examined = (Fraction(value, unit) for value in whole)
    return Tally(covered, partial, no_match, not_examined, tally.stated)


def share(part: Part, tally: Tally) -> str:
    """A part of a tally with its denominator: ``12/77 (15.6 %)``, never the percentage alone."""
    if not tally.denominator:
        return "0/0"
    percent = figure(100 * getattr(tally, part) / tally.denominator, 1)
    return f"{fraction(part, tally)} ({percent} %)"


def fraction(part: Part, tally: Tally) -> str:
    """A part of a tally with its denominator, ``12/77``, in the figures that add up."""
    shown = as_shown(tally)
    return f"{figure(getattr(shown, part))}/{figure(shown.denominator)}"


def listed(names: Sequence[str]) -> str:
    """Names as English lists them: ``a``, ``a and b``, ``a, b and c``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def reason(finding: Finding, language: Language) -> str:
    """Why a finding was made, with the measured value and the threshold in words."""
    template = say(f"report.reason.{finding.code}")
    shown = {TOO_SHALLOW: depth_name, UNQUALIFIED: rank_name}.get(finding.code, _shown)
    said = template(
        language,
        measured=shown(finding.measured, language),
        threshold=shown(finding.threshold, language),
        object=finding.object.name(language) if finding.object else "",
        code=finding.object.code if finding.object else say("report.reading.all")(language),  # no one of them
        subject=finding.subject.name(language),
        part=figure(finding.part),
        whole=figure(finding.whole),
        percent=_percent(finding.measured),
        limit=_percent(finding.threshold),
    )
    by_rule_of_depth = finding.threshold_by_rule and finding.code == TOO_SHALLOW
    return say("report.rule.depth")(language, said=said) if by_rule_of_depth else said


def rank_name(rank: object, language: Language) -> str:
    """The skill level of a rank, ``4`` as level 2; a threshold between two ranks asks for the higher."""
    whole = math.ceil(float(str(rank or 0)))
    return say(f"report.skill_rank.{min(max(whole, 0), 5)}")(language)


def depth_name(depth: object, language: Language) -> str:
    """A depth with its word, ``3 (masters)``; "not stated" where there is none."""
    if depth is None:
        return say("report.not_stated")(language)
    number = int(float(str(depth)))
    return say("report.page.depth_is")(language, depth=number, word=say(f"report.depth.{number}"))


def _heft(gap: WeightyGap) -> tuple[object, ...]:
    cell = gap.cell
    return (
        cell.weight is None,
        -(cell.weight or 0),
        _TABLE_ORDER[cell.requirement.table],
        cell.verdict.state != "no-match",
        gap.coverage.target.due_term,
    )


def _findings_of(analysis: GapAnalysis, coverage: Coverage, cell: Cell) -> tuple[Finding, ...]:
    return tuple(
        finding
        for finding in analysis.findings
        if (finding.subject, finding.point) == (cell.requirement.thing, cell.requirement.point)
        and (finding.source, finding.due_for) == (coverage.target.source, coverage.target.due_for)
    )


def _tally(cells: Iterable[Cell]) -> Tally:
    counted = Counter(cell.verdict.state for cell in cells)
    return Tally(*(Fraction(counted[state]) for state in STATES))


def _both(key: str, **values: object) -> Text:
    spoken = {
        language: {name: value.name(language) if hasattr(value, "name") else value for name, value in values.items()}
        for language in ("zh", "en")
    }
    text = say(key)
    return Text(text("zh", **spoken["zh"]), text("en", **spoken["en"]))


def _whole(value: Fraction) -> str:
    return figure(value)


def _percent(value: object) -> str:
    """A share in percent, without the sign; a dash where the value is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        return "–"
    return figure(100 * Fraction(value), 1)


def _shown(value: object, language: Language) -> str:
    if value is None:
        return say("report.not_stated")(language)
    if isinstance(value, bool):
        return say(f"report.{'yes' if value else 'no'}")(language)
    return figure(value) if isinstance(value, (int, float, Fraction)) else str(value)
