"""The appendix of the paper: every finding with its evidence, the documents, the queries, the meaning of the words."""

from collections.abc import Iterable, Iterator

from ..findings import STATES, Evidence, Finding
from ..texts import Language, say
from ..writers.blocks import Block, Column, Facts, Heading, Paragraph, Row, Table, row
from .page import FindingGroup, Page, Part
from .summary import depth_name, notice, reason, state_name
from .words import SYMBOLS, due, heft_of, named, profile_name


def appendices(page: Page, language: Language) -> Iterator[Block]:
    """The appendix as blocks; every finding of the analysis stands in it exactly once.

    Args:
        page: the arranged report.
        language: of all words.
    """
    letters = iter("ABCD")
    for title, blocks in (
        ("report.page.findings", _findings(page, language)),
        ("report.page.documents", _documents(page, language)),
        ("report.page.method", _method(page, language)),
        ("report.page.meaning", _meaning(page, language)),
    ):
        letter = next(letters)
        mark = say("report.paper.appendix")(language, letter=letter)
        yield Heading(f"{mark} {say(title)(language)}", new_page=letter == "A")
        yield from blocks


def _findings(page: Page, language: Language) -> Iterator[Block]:
    yield Paragraph(say("report.page.findings_intro")(language, count=len(page.analysis.findings)))
    for part in (*page.targets, *page.stages):
        yield Heading(f"{part.name(language)} · {due(part.coverage, language)}", 2)
        yield from _groups(part.groups, part, language)
    parts = [part for part in (*page.targets, *page.stages) if part.data_groups]
    if parts:
        yield Heading(say("report.page.data")(language), 2)
    for part in parts:
        yield from _groups(part.data_groups, part, language)
    for key, groups in (("plan", page.plan), ("policy", page.policy), ("group", page.group)):
        if groups or key == "plan":
            yield Heading(say(f"report.page.{key}")(language), 2)
            yield from _groups(groups, None, language)


def _groups(groups: Iterable[FindingGroup], part: Part | None, language: Language) -> Iterator[Block]:
    told = list(groups)
    if not told:
        yield Paragraph(say("report.page.none_for")(language))
    for group in told:
        severity = say(f"report.severity.{group.severity}")(language)
        count = say("report.page.group_is")(language, count=len(group.findings))
        yield Heading(f"{group.code} {group.policy.title(language)} · {severity} · {count} [{group.mark}]", 3)
        if group.policy.clause:
            clause = group.policy.clause(language)
            yield Paragraph(say("report.page.clause")(language, clause=clause), "small")
        if group.suggestion:
            yield Paragraph(group.suggestion(language), label=say("report.page.do")(language))
        yield _table(group, part, language)


def _table(group: FindingGroup, part: Part | None, language: Language) -> Table:
    weighed = part is not None and not group.code.startswith("ZJ-D")
    heads = [("subject", 2.4), ("why", 3), *([("weighs", 1.3)] if weighed else []), ("evidence", 3.3)]
    return Table(
        caption="",
        columns=tuple(Column(say(f"report.page.{key}")(language), width) for key, width in heads),
        rows=tuple(_finding(finding, group, part if weighed else None, language) for finding in group.findings),
    )


def _finding(finding: Finding, group: FindingGroup, part: Part | None, language: Language) -> Row:
    why = reason(finding, language)
    if not group.suggestion:
        why += f"\n{say('report.page.do')(language)}: {finding.suggestion(language)}"
    weight = [heft_of(part.coverage, finding, language)] if part else []
    return row(_subject(finding, part, language), why, *weight, proof(finding.evidence, language))


def _subject(finding: Finding, part: Part | None, language: Language) -> str:
    name = named(finding.subject, language)
    place = part.requirements.get(finding.subject.iri) if part else None
    if place is None or place.function is None:
        return name
    steps = [place.function.name(language)]
    if place.work and place.work.label != place.function.label:
        steps.append(place.work.name(language))
    return f"{name}\n{' › '.join(steps)}"


def proof(evidence: Iterable[Evidence], language: Language) -> str:
    """Evidence in lines: document, cell, grade, reviewer, and the passage where one is quoted."""
    return "\n".join(_proof(one, language) for one in evidence)


def _proof(evidence: Evidence, language: Language) -> str:
    parts = [evidence.source, evidence.locator]
    if evidence.grade:
        parts.append(say(f"report.grade.{evidence.grade}")(language))
    if evidence.reviewer:
        parts.append(say("report.page.reviewed_by")(language, name=evidence.reviewer))
    if evidence.stated_in:
        parts.append(evidence.stated_in)
    return " · ".join(part for part in parts if part)


def _documents(page: Page, language: Language) -> Iterator[Block]:
    if notice(page.analysis):
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
            for document in page.analysis.documents
        ),
    )


def _method(page: Page, language: Language) -> Iterator[Block]:
    graph = page.analysis.graph
    yield Facts(
        (
            (say("report.page.version")(language), graph.version or graph.place),
            (say("report.page.hash")(language), graph.sha256 or say("report.page.not_given")(language)),
            (say("report.page.profile")(language), profile_name(page.analysis.profile, language)),
        )
    )
    yield Paragraph(say("report.page.queries_intro")(language))
    yield Table(
        caption=say("report.page.queries")(language),
        columns=(Column("", 0.5), Column(say("report.paper.question_asked")(language), 3),
                 Column(say("report.page.command")(language), 4)),
        rows=tuple(row(f"[{note.mark}]", note.summary(language), note.command) for note in page.footnotes),
    )  # fmt: skip


def _meaning(page: Page, language: Language) -> Iterator[Block]:
    yield Heading(say("report.page.states_is")(language), 2)
    yield Facts(
        tuple(
            (f"{SYMBOLS[state]} {state_name(state)(language)}", say(f"report.means.{state}")(language))
            for state in STATES
        )
    )
    yield Heading(say("report.page.readings_is")(language), 2)
    yield _words("reading", ("known_gap", "upper_bound", "reviewed"), language)
    yield Heading(say("report.page.depths_is")(language), 2)
    yield Paragraph(" · ".join(depth_name(depth, language) for depth in (1, 2, 3, 4)))
    rule = {kind: depth_name(depth, language) for kind, depth in page.analysis.profile.depth.items()}
    yield Paragraph(say("report.means.depth")(language, **rule))
    yield Heading(say("report.page.weights_is")(language), 2)
    shown = say("report.table.stated_short")(language, denominator=95, stated=100)
    yield Paragraph(say("report.means.weight")(language, example=shown))
    yield Heading(say("report.page.grades_is")(language), 2)
    yield _words("grade", ("direct", "rule", "inferred", "example"), language)


def _words(family: str, keys: Iterable[str], language: Language) -> Facts:
    return Facts(tuple((say(f"report.{family}.{key}")(language), say(f"report.means.{key}")(language)) for key in keys))
