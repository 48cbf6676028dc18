"""The gap report as a paper: what a committee reads, decides and signs; all proof stands in its appendix.

The conclusion comes first, then what to do, the coverage by function, the stages, and the place
for signatures. ``report.appendix`` adds every finding with its evidence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from ..analysis import GapAnalysis
from ..analysis.shape import PlanShape
from ..findings import STATES, Coverage, Severity, State, Tally, Thing
from ..findings import Table as TableName
from ..texts import LIST_MARK, Language, say
from ..writers.blocks import (
    Bar,
    Bars,
    Block,
    Cell,
    Column,
    Contents,
    Cover,
    Heading,
    Paper,
    Paragraph,
    Row,
    Signatures,
    Stretch,
    Table,
    Tone,
    group_row,
    row,
)
from .appendix import appendices
from .page import FindingGroup, Line, Page, Part, arrange
from .summary import as_shown, figure, headline, notice, reason, share, state_name, target_name
from .words import SYMBOLS, denominator, due, heft, named, place_name, profile_name

_HEAT: tuple[tuple[Fraction, Tone], ...] = (
    (Fraction(3, 4), "heat-4"), (Fraction(1, 2), "heat-3"), (Fraction(1, 4), "heat-2"), (Fraction(0), "heat-1"),
)  # fmt: skip
"""From above which share of a gap a cell is shaded how; without a gap it is not."""


def report_paper(analysis: GapAnalysis, language: Language) -> Paper:
    """The gap report as a paper, for a Word file or Markdown.

    Args:
        analysis: what was found.
        language: of all words.
    """
    page = arrange(analysis)
    name = analysis.programme.thing.name(language)
    version = analysis.graph.version or analysis.graph.place
    example = say("report.page.print_example")(language) if notice(analysis) else ""
    title = say("report.title")(language)
    return Paper(
        title=f"{title} · {name}",
        language=language,
        blocks=tuple(_blocks(page, language)),
        header=" · ".join(part for part in (f"{title} · {name}", example) if part),
        footer=f"{version} · {analysis.graph.sha256[:12]}",
        page_of=say("report.paper.page_of")(language),
    )


def _blocks(page: Page, language: Language) -> Iterator[Block]:
    yield _cover(page.analysis, language)
    yield Contents(say("report.page.contents")(language))
    bodies = (_answer, _advice, _functions, _stages, _shape, _decision)
    written = [body for body in (list(body(page, language)) for body in bodies) if body]
    for number, body in enumerate(written, 1):
        head, *rest = body
        if isinstance(head, Heading):
            mark = say(f"report.paper.number.{number}")(language)
            head = Heading(f"{mark}{head.text}", 1, head.new_page)
        yield from (head, *rest)
    yield from appendices(page, language)


def _cover(analysis: GapAnalysis, language: Language) -> Cover:
    programme, graph = analysis.programme, analysis.graph
    against = "\n".join(
        f"{target_name(c.target)(language)} · {due(c, language)}" for c in analysis.coverages if _aimed(c)
    )
    facts = [
        ("report.page.school", programme.school),
        ("report.page.track", programme.track(language)),
        ("report.page.size", say("report.page.size_is")(language, terms=programme.terms, courses=programme.courses)),
        ("report.page.target", against),
        ("report.page.version", graph.version or graph.place),
        ("report.page.hash", graph.sha256),
        ("report.page.profile", profile_name(analysis.profile, language)),
    ]
    said = notice(analysis)
    return Cover(
        kicker=say("report.title")(language),
        title=programme.thing.name(language),
        subtitle=programme.thing.code,
        facts=tuple((say(key)(language), value) for key, value in facts if value),
        notice=f"{say('report.page.notice')(language)}\n{said(language)}" if said else "",
    )


def _aimed(coverage: Coverage) -> bool:
    return coverage.target.basis != "stage"


def _answer(page: Page, language: Language) -> Iterator[Block]:
    yield Heading(say("report.page.answer")(language))
    yield Paragraph(headline(page.analysis)(language), "lead")
    if not page.targets:
        return
    yield totals_table(page.targets, language)
    yield bars(page.targets, language)
    yield from _weightiest(page, language)
    yield Heading(say("report.page.reviewed_title")(language), 2)
    yield totals_table(page.targets, language, reviewed=True)


def totals_table(parts: Sequence[Part], language: Language, *, reviewed: bool = False) -> Table:
    """The totals of some targets: the four states, the gap, the gap at its largest, and what is reviewed.

    Args:
        parts: the targets.
        language: of all words.
        reviewed: whether only reviewed coverage counts; the last column is then left out.
    """
    said = "report.page.totals_reviewed" if reviewed else "report.page.totals"
    heads = [_number(f"{SYMBOLS[state]} {state_name(state)(language)}", 1) for state in STATES]
    last = [] if reviewed else [_number(say("report.reading.reviewed")(language), 1.6)]
    return Table(
        caption=say(said)(language),
        columns=(
            Column(say("report.page.counted")(language), 1.5),
            _number(say("report.page.required")(language), 1.1),
            *heads,
            _number(say("report.reading.known_gap")(language), 1.6),
            _number(say("report.reading.upper_bound")(language), 1.6),
            *last,
        ),
        rows=tuple(line for part in parts for line in _totals(part, language, reviewed=reviewed)),
    )


def _totals(part: Part, language: Language, *, reviewed: bool) -> Iterator[Row]:
    unweighted = "" if part.coverage.weighted else f" · {say('report.table.unweighted')(language)}"
    yield group_row(f"{part.name(language)} · {due(part.coverage, language)}{unweighted}")
    counted = part.coverage.totals.reviewed if reviewed else part.coverage.totals.all
    for table, tally in counted.items():
        last = [] if reviewed else [_share("covered", part.coverage.totals.reviewed[table])]
        yield row(
            say(f"report.table.{table}")(language),
            denominator(tally, language),
            *(figure(as_shown(tally).of(state)) for state in STATES),
            Cell(_share("known_gap", tally), strong=True),
            _share("upper_bound", tally),
            *last,
        )


def bars(parts: Sequence[Part], language: Language) -> Bars:
    """The four states of some targets as bars, with the key to their signs."""
    key: tuple[tuple[Tone, str], ...] = tuple(
        (state, f"{SYMBOLS[state]} {state_name(state)(language)}") for state in STATES
    )
    return Bars(
        say("report.page.bars")(language),
        key,
        tuple(
            Bar(
                f"{part.name(language)} · {due(part.coverage, language)}",
                say(f"report.table.{table}")(language),
                tuple(Stretch(s.state, f"{SYMBOLS[s.state]} {figure(s.figure)}", s.length) for s in stretches),
            )
            for part in parts
            for table, _, stretches in part.bars
        ),
    )


def _weightiest(page: Page, language: Language) -> Iterator[Block]:
    if not page.weightiest:
        yield Paragraph(say("report.page.weightiest_none")(language))
        return
    yield Heading(say("report.page.weightiest")(language, count=len(page.weightiest)), 2)
    heads = (("requirement", 2.2), ("state", 1.3), ("weighs", 1.4), ("why", 2.8), ("do", 2.8))
    yield Table(
        caption="",
        columns=tuple(Column(say(f"report.page.{key}")(language), width) for key, width in heads),
        rows=tuple(
            row(
                f"{named(gap.cell.requirement.thing, language)}\n{target_name(gap.coverage.target)(language)}",
                _state(gap.cell.verdict.state, language),
                heft(gap.coverage, gap.cell, language),
                "\n".join(f"{reason(finding, language)} ({finding.code})" for finding in gap.findings),
                "\n".join(dict.fromkeys(finding.suggestion(language) for finding in gap.findings)),
            )
            for gap in page.weightiest
        ),
    )


def _state(state: State, language: Language) -> Cell:
    return Cell(f"{SYMBOLS[state]} {say(f'report.state.{state}')(language)}", tone=state)


def _advice(page: Page, language: Language) -> Iterator[Block]:
    yield Heading(say("report.paper.advice")(language))
    found = list(counted_groups(page))
    if not found:
        yield Paragraph(say("report.page.none")(language))
        return
    yield Paragraph(say("report.paper.advice_intro")(language))
    heads = (("report.paper.finding", 2.4), ("report.paper.severity", 1.15), ("report.paper.count", 0.9),
             ("report.paper.count_stages", 0.8), ("report.paper.why_matters", 3), ("report.page.do", 3))  # fmt: skip
    numbers = ("report.paper.count", "report.paper.count_stages")
    yield Table(
        caption="",
        columns=tuple(Column(say(key)(language), width, key in numbers) for key, width in heads),
        rows=tuple(
            row(
                f"{group.code}\n{group.policy.title(language)}",
                Cell(say(f"report.severity.{group.severity}")(language), tone=group.severity),
                figure(aimed),
                figure(stages),
                group.policy.why(language),
                group.policy.suggestion(language),
            )
            for group, aimed, stages in found
        ),
    )


def counted_groups(page: Page) -> Iterator[tuple[FindingGroup, int, int]]:
    """Each code and severity once: how often it was found beside the stages, and how often for the stages."""
    counts: dict[tuple[str, Severity], list[int]] = {}
    first: dict[tuple[str, Severity], FindingGroup] = {}
    for group, of_stage in _groups(page):
        key = (group.code, group.severity)
        first.setdefault(key, group)
        counts.setdefault(key, [0, 0])[of_stage] += len(group.findings)
    order = {"error": 0, "warning": 1, "note": 2}
    for key in sorted(first, key=lambda key: (order[key[1]], key[0])):
        yield first[key], counts[key][0], counts[key][1]


def _groups(page: Page) -> Iterator[tuple[FindingGroup, bool]]:
    for parts, of_stage in ((page.targets, False), (page.stages, True)):
        for part in parts:
            yield from ((group, of_stage) for group in (*part.groups, *part.data_groups))
    yield from ((group, False) for group in (*page.plan, *page.policy, *page.group))


def _functions(page: Page, language: Language) -> Iterator[Block]:
    yield Heading(say("report.page.matrix")(language))
    yield Paragraph(say("report.page.matrix_intro" if page.targets else "report.page.none")(language))
    for part in page.targets:
        yield Heading(part.name(language), 2)
        yield matrix(part, language) if part.lines else _items(part, language)


def matrix(part: Part, language: Language) -> Table:
    """The functions and work contents of a target; the larger the known gap, the darker its cell."""
    lines = [_line(line, language) for line in part.lines]
    lines.append(_counts(say("report.page.total")(language), part.coverage.totals.all, True))
    lines.append(_counts(say("report.page.total_reviewed")(language), part.coverage.totals.reviewed, True))
    heads = [_number(f"{SYMBOLS[state]} {state_name(state)(language)}", 0.9) for state in STATES]
    gaps = [_number(say(f"report.page.gap_{table}")(language), 1.6) for table in ("items", "theory", "skills")]
    return Table(
        caption=say("report.page.matrix_is")(language, name=part.name, due=due(part.coverage, language)),
        columns=(
            Column(say("report.page.function")(language), 2.6),
            _number(say("report.page.required")(language), 0.8),
            *heads,
            *gaps,
        ),
        rows=tuple(lines),
    )


def _line(line: Line, language: Language) -> Row:
    return _counts(line.group.thing.name(language), line.group.totals.all, False, inset=line.depth)


def _counts(name: str, tallies: Mapping[TableName, Tally], total: bool, inset: int = 0) -> Row:
    items = tallies["items"]
    return row(
        Cell(name, strong=not inset, inset=inset),
        figure(items.denominator),
        *(figure(as_shown(items).of(state)) for state in STATES),
        *(_gap(tallies.get(table), plain=total) for table in ("items", "theory", "skills")),
        role="total" if total else "",
    )


def _gap(tally: Tally | None, *, plain: bool) -> Cell:
    if tally is None or not tally.denominator:
        return Cell("–")
    part = tally.known_gap / tally.denominator
    return Cell(_share("known_gap", tally), tone="" if plain else _heat(part))


def _items(part: Part, language: Language) -> Table:
    heads = (("requirement", 3), ("state", 1), ("where", 3))
    return Table(
        caption=say("report.page.matrix_items")(language, name=part.name, due=due(part.coverage, language)),
        columns=tuple(Column(say(f"report.page.{key}")(language), width) for key, width in heads),
        rows=tuple(
            row(
                named(cell.requirement.thing, language),
                _state(cell.verdict.state, language),
                LIST_MARK[language].join(named(offer.course, language) for offer in cell.offers)
                or say("report.page.nowhere")(language),
            )
            for cell in part.coverage.cells
        ),
    )


def _stages(page: Page, language: Language) -> Iterator[Block]:
    if not page.stages:
        return
    yield Heading(say("report.page.stages")(language))
    yield Paragraph(say("report.page.stages_intro")(language))
    keys = ("stage", "stage_due", "stage_covered", "certificate", "certificate_due", "certificate_covered")
    yield Table(
        caption=say("report.page.stages_is")(language),
        columns=tuple(Column(say(f"report.page.{key}")(language), 1, key.endswith("covered")) for key in keys),
        rows=tuple(row(*_stage(part.coverage, language), *_stage(part.certificate, language)) for part in page.stages),
    )
    yield totals_table(page.stages, language)
    yield bars(page.stages, language)


def _stage(coverage: Coverage | None, language: Language) -> tuple[str, str, str]:
    if coverage is None:
        return ("–", "–", "–")
    term = say("report.page.term")(language, term=coverage.target.due_term)
    return coverage.target.due_for.name(language), term, share("covered", coverage.totals.all["items"])


def _shape(page: Page, language: Language) -> Iterator[Block]:
    """The pictures of the HTML report as shaded tables: hours by stage and module, and support of the indicators."""
    shape = page.analysis.shape
    if not shape.courses:
        return
    whole = figure(shape.hours)
    yield Heading(say("report.chart.title")(language))
    yield Paragraph(say("report.paper.shape_intro")(language, courses=shape.courses, hours=whole))
    if shape.hours:
        columns = [_number(place_name(module, "no_module", language), 1) for module in shape.modules]
        yield Table(
            caption=say("report.chart.hours")(language, hours=whole),
            columns=(Column(say("report.page.stage")(language), 1.4), *columns),
            rows=tuple(
                row(place_name(stage, "no_stage", language), *_hours(shape, stage, language)) for stage in shape.stages
            ),
        )
    if shape.supports:
        yield _supports(shape, language)


def _hours(shape: PlanShape, stage: Thing | None, language: Language) -> Iterator[Cell]:
    most = max(load.hours for load in shape.loads)
    for load in (shape.load(stage, module) for module in shape.modules):
        words = say("report.chart.load")(language, hours=figure(load.hours), courses=load.courses)
        yield Cell(words if load.courses else "0", tone=_heat(load.hours / most))


def _supports(shape: PlanShape, language: Language) -> Table:
    most = max(1, *(support.courses for support in shape.supports))
    return Table(
        caption=say("report.chart.indicators")(language, count=len(shape.supports), courses=shape.courses),
        columns=(
            Column(say("report.chart.indicator")(language), 4),
            _number(say("report.chart.courses_of")(language), 1),
            _number(say("report.chart.points")(language), 1),
        ),
        rows=tuple(
            row(
                named(support.indicator, language),
                Cell(f"{support.courses}/{shape.courses}", tone=_heat(Fraction(support.courses, most))),
                figure(support.points),
            )
            for support in shape.supports
        ),
    )


def _heat(part: Fraction) -> Tone:
    """How a share is shaded: the larger, the darker; nothing is not."""
    return next((tone for least, tone in _HEAT if part > least), "")


def _decision(_page: Page, language: Language) -> Iterator[Block]:
    yield Heading(say("report.paper.decision")(language), new_page=True)
    yield Paragraph(say("report.paper.decision_intro")(language))
    yield Signatures(
        question=say("report.paper.question")(language),
        choices=_said(("accepted", "amended", "refused"), language),
        remarks=say("report.paper.remarks")(language),
        signers=_said(("chair", "member", "member", "member", "author"), language),
        date=say("report.paper.date")(language),
    )


def _said(keys: Iterable[str], language: Language) -> tuple[str, ...]:
    return tuple(say(f"report.paper.{key}")(language) for key in keys)


def _share(part: Literal["covered", "known_gap", "upper_bound"], tally: Tally) -> str:
    """A share in two lines, the fraction above its percentage, which a narrow column holds."""
    return share(part, tally).replace(" (", "\n(")


def _number(heading: str, width: float) -> Column:
    return Column(heading, width, number=True)
