"""The report over many programmes as a paper: places first, then what is shared, each plan, and the evidence."""

from collections.abc import Iterator, Sequence

from ..analysis import Profile
from ..analysis.counting import counted_coverages
from ..analysis.group import (
    GroupAnalysis,
    Lender,
    OpenCell,
    Ranking,
    SharedGap,
    Standing,
)
from ..analysis.means import QUERY, Means
from ..findings import STATES, Tally
from ..texts import LIST_MARK, Language, say
from ..writers.blocks import (
    Bar,
    Bars,
    Block,
    Cell,
    Column,
    Contents,
    Cover,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Row,
    Signatures,
    Stretch,
    Table,
    row,
)
from .appendix import proof
from .group import group_headline, group_notice
from .summary import as_shown, depth_name, figure, headline, reason, share, state_name
from .words import SYMBOLS, denominator, named, profile_name

_WIDEST = 8  # plans that have a column each on paper


def group_paper(group: GroupAnalysis, language: Language) -> Paper:
    """The report over many programmes as a paper, for HTML, a Word file or Markdown.

    Args:
        group: what was found.
        language: of all words.
    """
    title = say("group.title")(language)
    name = say("group.name")(language, count=len(group.members))
    example = say("report.page.print_example")(language) if group.example_documents else ""
    version = group.graph.version or group.graph.place
    return Paper(
        title=f"{title} · {name}",
        language=language,
        blocks=tuple(_blocks(group, language)),
        header=" · ".join(part for part in (f"{title} · {name}", example) if part),
        footer=f"{version} · {group.graph.sha256[:12]}",
        page_of=say("report.paper.page_of")(language),
    )


def _blocks(group: GroupAnalysis, language: Language) -> Iterator[Block]:
    yield _cover(group, language)
    yield Contents(say("report.page.contents")(language))
    bodies = (("answer", _answer), ("sources", _sources), ("gaps", _gaps), ("findings", _findings), ("plans", _plans),
              ("decision", _decision))  # fmt: skip
    for number, (key, body) in enumerate(bodies, 1):
        mark = say(f"report.paper.number.{number}")(language)
        yield Heading(f"{mark}{say(f'group.section.{key}')(language)}", new_page=key == "decision")
        yield from body(group, language)
    appendices = (("A", "evidence", _evidence), ("B", "documents", _documents), ("C", "method", _method))
    for letter, key, body in appendices:
        mark = say("report.paper.appendix")(language, letter=letter)
        yield Heading(f"{mark} {say(f'group.section.{key}')(language)}", new_page=letter == "A")
        yield from body(group, language)


def _cover(group: GroupAnalysis, language: Language) -> Cover:
    plans = "\n".join(
        " · ".join(part for part in (named(m.programme.thing, language), m.programme.school) if part)
        for m in group.members
    )
    said = group_notice(group)
    return Cover(
        kicker=say("group.title")(language),
        title=say("group.name")(language, count=len(group.members)),
        facts=(
            (say("group.members")(language), plans),
            (say("report.page.version")(language), group.graph.version or group.graph.place),
            (say("report.page.hash")(language), group.graph.sha256),
            (say("report.page.profile")(language), profile_name(group.profile, language)),
        ),
        notice=f"{say('group.notice')(language)}\n{said(language)}" if said else "",
    )


def _answer(group: GroupAnalysis, language: Language) -> Iterator[Block]:
    yield Paragraph(group_headline(group)(language), "lead")
    heads = [_number(f"{SYMBOLS[state]} {state_name(state)(language)}", 0.8) for state in STATES]
    yield Table(
        caption="",
        columns=(
            *_placed_columns(language),
            *heads,
            *(_number(_column(key, language), 1.4) for key in ("known_gap", "upper_bound", "reviewed")),
        ),
        rows=tuple(_standing(standing, language) for standing in group.standings),
    )
    yield Paragraph(say("group.said.place")(language), "small")
    aims = {frozenset(c.target.source.iri for c in counted_coverages(member.coverages)) for member in group.members}
    if len(aims) > 1:
        yield Paragraph(say("group.said.apart")(language), "small")
    yield _bars(group, language)


def _placed_columns(language: Language) -> tuple[Column, ...]:
    return (
        _number(_column("place", language), 0.6),
        _number(_column("range", language), 0.8),
        Column(_column("plan", language), 2.4),
        _number(_column("required", language), 0.8),
    )


def _placed(standing: Standing, language: Language) -> tuple[str | Cell, ...]:
    programme = standing.programme
    return (
        Cell("–" if standing.place is None else str(standing.place), strong=True),
        _range(standing, language),
        "\n".join(part for part in (named(programme.thing, language), programme.school) if part),
        figure(standing.tally.denominator),
    )


def _range(standing: Standing, language: Language) -> str:
    if standing.best is None or standing.best == standing.worst:
        return "–" if standing.best is None else str(standing.best)
    return say("group.said.range")(language, best=standing.best, worst=standing.worst)


def _standing(standing: Standing, language: Language) -> Row:
    tally = standing.tally
    return row(
        *_placed(standing, language),
        *(figure(as_shown(tally).of(state)) for state in STATES),
        Cell(_lines(share("known_gap", tally)), strong=True),
        _lines(share("upper_bound", tally)),
        _lines(share("covered", standing.totals.reviewed["items"])),
    )


def _lines(shown: str) -> str:
    return shown.replace(" (", "\n(")


def _bars(group: GroupAnalysis, language: Language) -> Bars:
    bars = []
    for standing in group.standings:
        tally = standing.tally
        parts = [(state, tally.of(state)) for state in STATES if tally.of(state)]
        stretches = tuple(
            Stretch(state, f"{SYMBOLS[state]} {figure(value)}", float(100 * value / tally.denominator))
            for state, value in parts
        )
        if stretches:
            of = say("report.table.items")(language)
            bars.append(Bar(named(standing.programme.thing, language), of, stretches))
    key = tuple((state, f"{SYMBOLS[state]} {state_name(state)(language)}") for state in STATES)
    return Bars(say("report.page.bars")(language), key, tuple(bars))


def _sources(group: GroupAnalysis, language: Language) -> Iterator[Block]:
    yield Paragraph(say("group.said.sources" if group.rankings else "group.said.no_sources")(language))
    for ranking in group.rankings:
        yield _ranking(ranking, language)


def _ranking(ranking: Ranking, language: Language) -> Table:
    keys = ("known_gap", "upper_bound", "theory", "skills", "reviewed")
    return Table(
        caption=named(ranking.source, language),
        columns=(*_placed_columns(language), *(_number(_column(key, language), 1.4) for key in keys)),
        rows=tuple(
            row(
                *_placed(standing, language),
                Cell(_lines(share("known_gap", standing.tally)), strong=True),
                _lines(share("upper_bound", standing.tally)),
                *(_weighed(standing.totals.all.get(table), language) for table in ("theory", "skills")),
                _lines(share("covered", standing.totals.reviewed["items"])),
            )
            for standing in ranking.standings
        ),
    )


def _weighed(tally: Tally | None, language: Language) -> str:
    if tally is None or not tally.denominator:
        return "–"
    shown = as_shown(tally)
    return f"{figure(shown.known_gap)} ({figure(shown.upper_bound)})/{denominator(tally, language)}"


def _gaps(group: GroupAnalysis, language: Language) -> Iterator[Block]:
    yield Paragraph(say("group.said.gaps")(language))
    shared = [gap for gap in group.gaps if gap.is_shared]
    lendable = [gap for gap in group.gaps if not gap.is_shared]
    for key, gaps in (("shared", shared), ("lendable", lendable)):
        yield Heading(say(f"group.section.{key}")(language), 2)
        if not gaps:
            yield Paragraph(say("group.said.no_gaps")(language))
            continue
        shown = gaps[: group.profile.weightiest]
        if len(shown) < len(gaps):
            yield Paragraph(say("group.said.first")(language, shown=len(shown), count=len(gaps)))
        yield _gap_table(shown, group.profile, language)


def _gap_table(gaps: Sequence[SharedGap], profile: Profile, language: Language) -> Table:
    columns = (("point", 2.0), ("of", 0.8), ("open", 2.4), ("lenders", 3.0), ("means", 2.0))
    return Table(
        caption="",
        columns=tuple(Column(_column(key, language), width, key == "of") for key, width in columns),
        rows=tuple(
            row(
                named(gap.point, language),
                f"{len(gap.open)}/{len(gap.required_by)}",
                _open(gap, profile, language),
                "\n".join(_lender(lender, language) for lender in gap.lenders)
                or say("group.said.nobody")(language),
                "\n".join(means_words(means, language) for means in gap.means) or say("group.said.none")(language),
            )
            for gap in gaps
        ),
    )  # fmt: skip


def _open(gap: SharedGap, profile: Profile, language: Language) -> str:
    lines = [_open_in(one, profile, language) for one in gap.open]
    if gap.unexamined:
        plans = LIST_MARK[language].join(programme.thing.code for programme in gap.unexamined)
        lines.append(say("group.said.unexamined")(language, plans=plans))
    return "\n".join(lines)


def _open_in(one: OpenCell, profile: Profile, language: Language) -> str:
    state = f"{SYMBOLS[one.cell.verdict.state]} {state_name(one.cell.verdict.state)(language)}"
    failed = [shortfall.code for shortfall in one.cell.verdict.shortfalls]
    codes = LIST_MARK[language].join(f"{profile.codes[code].title(language)} {code}" for code in failed)
    plan = one.programme.thing.code
    if codes:
        return say("group.said.open_in")(language, plan=plan, state=state, why=codes)
    return say("group.said.open_plain")(language, plan=plan, state=state)


def _lender(lender: Lender, language: Language) -> str:
    offer = lender.offer
    hours = (
        say("group.said.no_hours")(language)
        if offer.hours is None
        else say("group.said.hours")(language, hours=figure(offer.hours))
    )
    return say("group.said.lender")(
        language,
        plan=lender.programme.thing.code,
        school=lender.programme.school,
        course=named(offer.course, language),
        term=offer.last_term,
        depth=depth_name(offer.depth, language),
        hours=hours,
        closes=LIST_MARK[language].join(programme.thing.code for programme in lender.closes),
    )


def means_words(means: Means, language: Language) -> str:
    """A resource with its bodies, or a body with its equipment, in words."""
    if means.equipment:
        equipment = LIST_MARK[language].join(means.equipment)
        return say("group.said.equipment")(language, body=named(means.thing, language), equipment=equipment)
    none = say("group.said.none")(language)
    built = LIST_MARK[language].join(body.name(language) for body in means.built_by) or none
    shared = LIST_MARK[language].join(body.name(language) for body in means.shared_with) or none
    return say("group.said.resource")(language, name=named(means.thing, language), built=built, shared=shared)


def _findings(group: GroupAnalysis, language: Language) -> Iterator[Block]:
    yield Paragraph(say("group.said.findings")(language))
    yield _counts(group, language)
    yield Heading(say("group.section.of_group")(language), 2)
    if not group.findings:
        yield Paragraph(say("group.said.no_group")(language))
        return
    keys = (("code", 1.6), ("subject", 2.4), ("why", 3.0), ("evidence", 3.0))
    yield Table(
        caption="",
        columns=tuple(Column(_column(key, language), width) for key, width in keys),
        rows=tuple(
            row(
                f"{finding.code}\n{group.profile.codes[finding.code].title(language)}",
                named(finding.subject, language),
                f"{reason(finding, language)}\n{finding.suggestion(language)}",
                proof(finding.evidence, language),
            )
            for finding in group.findings
        ),
    )


def _counts(group: GroupAnalysis, language: Language) -> Table:
    """How often each code was found; in each plan, where there are no more plans than a page has room for."""
    plans = [member.programme.thing for member in group.members]
    shown = plans if len(plans) <= _WIDEST else []
    return Table(
        caption="" if shown else say("group.said.too_wide")(language),
        columns=(
            Column(_column("code", language), 3),
            _number(_column("found_in", language), 0.9),
            _number(_column("total", language), 0.8),
            *(_number(plan.code, 1) for plan in shown),
        ),
        rows=tuple(
            row(
                f"{code} {group.profile.codes[code].title(language)}",
                Cell(f"{len(counts)}/{len(plans)}", strong=True),
                figure(sum(counts.values())),
                *(figure(counts.get(plan.iri, 0)) for plan in shown),
            )
            for code, counts in group.counts().items()
        ),
    )


def _plans(group: GroupAnalysis, language: Language) -> Iterator[Block]:
    yield Facts(
        tuple((named(member.programme.thing, language), headline(member)(language)) for member in group.members)
    )


def _decision(_group: GroupAnalysis, language: Language) -> Iterator[Block]:
    yield Paragraph(say("group.said.decision")(language))
    yield Signatures(
        question=say("group.question.question")(language),
        choices=tuple(say(f"group.question.{key}")(language) for key in ("share", "amended", "later")),
        remarks=say("report.paper.remarks")(language),
        signers=tuple(say(f"report.paper.{key}")(language) for key in ("chair", "member", "member", "member")),
        date=say("report.paper.date")(language),
    )


def _evidence(group: GroupAnalysis, language: Language) -> Iterator[Block]:
    if not group.gaps:
        yield Paragraph(say("group.said.no_gaps")(language))
        return
    columns = (("point", 2.0), ("open", 2.2), ("evidence", 5.0))
    yield Table(
        caption="",
        columns=tuple(Column(_column(key, language), width) for key, width in columns),
        rows=tuple(
            row(named(gap.point, language), _open(gap, group.profile, language), "\n".join(_proofs(gap, language)))
            for gap in group.gaps
        ),
    )


def _proofs(gap: SharedGap, language: Language) -> Iterator[str]:
    """All that proves a gap and what could close it, a line each; what several plans share stands once."""
    stated = dict.fromkeys(one.cell.requirement.evidence for one in gap.open)
    yield from (say("group.said.required")(language, proof=proof([one], language)) for one in stated)
    for one in gap.open:
        plan = one.programme.thing.code
        chosen = one.cell.verdict.chosen
        if chosen:
            yield say("group.said.taught")(language, plan=plan, proof=proof([chosen.coverage], language))
        for examination in one.cell.examinations:
            yield say("group.said.examined")(language, proof=proof([examination], language))
    for lender in gap.lenders:
        shown = proof([lender.offer.coverage], language)
        plan, course = lender.programme.thing.code, lender.offer.course.code
        yield say("group.said.lent")(language, plan=plan, course=course, proof=shown)
    for means in gap.means:
        name = named(means.thing, language)
        yield say("group.said.had")(language, name=name, proof=proof([means.evidence], language))


def _documents(group: GroupAnalysis, language: Language) -> Iterator[Block]:
    if group.example_documents:
        yield Paragraph(say("report.page.documents_note")(language))
    missing = say("report.page.not_given")(language)
    heads = (("document", 3), ("grade", 0.8), ("source", 3), ("licence", 1.2))
    yield Table(
        caption="",
        columns=tuple(Column(say(f"report.page.{key}")(language), width) for key, width in heads),
        rows=tuple(
            row(
                f"{document.title}\n{document.identifier}",
                say(f"report.grade.{document.grade}")(language) if document.grade else missing,
                document.source or missing,
                document.licence or missing,
            )
            for document in group.documents
        ),
    )


def _method(group: GroupAnalysis, language: Language) -> Iterator[Block]:
    yield Paragraph(say("group.said.method")(language, means=QUERY))
    yield Paragraph(say("group.said.place")(language))
    yield Facts(
        (
            (say("report.page.version")(language), group.graph.version or group.graph.place),
            (say("report.page.hash")(language), group.graph.sha256),
            (say("report.page.profile")(language), profile_name(group.profile, language)),
        )
    )


def _column(key: str, language: Language) -> str:
    return say(f"group.column.{key}")(language)


def _number(heading: str, width: float) -> Column:
    return Column(heading, width, number=True)
