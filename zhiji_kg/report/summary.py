"""What a report says first: one sentence, and the gaps that weigh most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..analysis import GapAnalysis
from ..analysis.cells import TOO_SHALLOW
from ..findings import Cell, Coverage, Finding, State, Tally, Target
from ..texts import Language, Text, say

_TABLE_ORDER = {"skills": 0, "theory": 1, "items": 2}


@dataclass(frozen=True, slots=True)
class WeightyGap:
    """A known gap with its target: the cell, and the findings that name its reasons."""

    coverage: Coverage
    cell: Cell
    findings: tuple[Finding, ...]


def headline(analysis: GapAnalysis) -> Text:
    """The answer in one sentence: over all certificates the plan aims at, or over what else was asked."""
    counted = [c for c in analysis.coverages if c.target.basis == "certificate"] or [
        c for c in analysis.coverages if c.target.basis != "stage"
    ]
    if not counted:
        return _both("report.headline.nothing", programme=analysis.programme.thing)
    tally = _sum(coverage.totals.all["items"] for coverage in counted)
    names = [target_name(coverage.target) for coverage in counted]
    return _both(
        "report.headline.sentence",
        programme=analysis.programme.thing,
        sources=Text("、".join(name.zh for name in names), " and ".join(name.en for name in names)),
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
    table come after those that have one; stages are left out, for they repeat the certificates.
    """
    gaps = [
        WeightyGap(coverage, cell, _findings_of(analysis, coverage, cell))
        for coverage in analysis.coverages
        if coverage.target.basis != "stage"
        for cell in coverage.cells
        if cell.verdict.state in ("no-match", "partial")
    ]
    return sorted(gaps, key=_heft)[: analysis.profile.weightiest]


def target_name(target: Target) -> Text:
    """What a target is called: the certificate, the occupation or the stage; else the source."""
    named = target.due_for if target.basis in ("certificate", "stage") else target.source
    kind = say(f"report.basis.{target.basis}")
    code = f" {named.code}" if target.basis == "occupation" else ""
    return Text(kind("zh", name=named.name("zh") + code), kind("en", name=named.name("en") + code))


def state_name(state: State) -> Text:
    """The word of a state."""
    return say(f"report.state.{state}")


def figure(value: Fraction | float | None, places: int = 2) -> str:
    """A figure as it is shown: rounded, without trailing zeros; a dash where there is none."""
    if value is None:
        return "–"
    shown = f"{float(round(Fraction(value), places)):.{places}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def share(part: Fraction, tally: Tally) -> str:
    """A part of a tally with its denominator: ``12/77 (15.6 %)``, never the percentage alone."""
    if not tally.denominator:
        return "0/0"
    percent = figure(100 * part / tally.denominator, 1)
    return f"{figure(part)}/{figure(tally.denominator)} ({percent} %)"


def reason(finding: Finding, language: Language) -> str:
    """Why a finding was made, with the measured value and the threshold in words."""
    template = say(f"report.reason.{finding.code}")
    shown = depth_name if finding.code == TOO_SHALLOW else _shown
    return template(
        language,
        measured=shown(finding.measured, language),
        threshold=shown(finding.threshold, language),
        object=finding.object.name(language) if finding.object else "",
        code=finding.object.code if finding.object else "",
    )


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
        if finding.subject == cell.requirement.thing and finding.source == coverage.target.source
    )


def _sum(tallies: Iterable[Tally]) -> Tally:
    all_of: Sequence[Tally] = list(tallies)
    return Tally(
        *(
            sum((getattr(t, part) for t in all_of), Fraction(0))
            for part in ("covered", "partial", "no_match", "not_examined")
        )
    )


def _both(key: str, **values: object) -> Text:
    spoken = {
        language: {name: value.name(language) if hasattr(value, "name") else value for name, value in values.items()}
        for language in ("zh", "en")
    }
    text = say(key)
    return Text(text("zh", **spoken["zh"]), text("en", **spoken["en"]))


def _whole(value: Fraction) -> str:
    return figure(value)


def _shown(value: object, language: Language) -> str:
    if value is None:
        return say("report.not_stated")(language)
    if isinstance(value, bool):
        return say(f"report.{'yes' if value else 'no'}")(language)
    return figure(value) if isinstance(value, (int, float, Fraction)) else str(value)
