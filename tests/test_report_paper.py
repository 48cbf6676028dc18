"""The report on paper: every figure and finding of the analysis, in both languages, in Word and in Markdown."""

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.analysis.shape import PlanShape
from zhiji_kg.findings import STATES, Evidence, Thing
from zhiji_kg.report import words
from zhiji_kg.report.appendix import appendices, proof
from zhiji_kg.report.files import report_content
from zhiji_kg.report.page import arrange
from zhiji_kg.report.paper import bars, counted_groups, matrix, report_paper, totals_table
from zhiji_kg.report.summary import as_shown, figure, headline, reason
from zhiji_kg.texts import Text
from zhiji_kg.writers.blocks import Contents, Cover, Heading, Paragraph, Signatures, Table, headings

LANGUAGES = ("zh", "en")
CODE = re.compile(r"^ZJ-[A-Z]\d\d ")


@pytest.fixture(scope="module")
def analysis(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request, analysis):
    return report_paper(analysis, request.param)


def tables_after(blocks, wanted):
    """The tables under each heading that the pattern finds."""
    at = ""
    for block in blocks:
        if isinstance(block, Heading):
            at = block.text if wanted.search(block.text) else ""
        elif isinstance(block, Table) and at:
            yield at, block


def test_the_conclusion_comes_first(told, analysis):
    cover, contents, first, answer, *_ = told.blocks
    assert isinstance(cover, Cover)
    assert isinstance(contents, Contents)
    assert first.text in ("一、结论", "1. The answer")
    assert answer == Paragraph(headline(analysis)(told.language), "lead")


def test_an_example_says_so_on_the_title_page_and_at_the_head_of_every_page(told, direct_analysis):
    assert "示例" in told.blocks[0].notice or "xample" in told.blocks[0].notice
    assert "示例" in told.header or "xample" in told.header
    sound = report_paper(direct_analysis, told.language)
    assert not sound.blocks[0].notice
    assert "示例" not in sound.header


def test_parts_are_numbered_and_signatures_stand_before_the_appendix(told):
    names = [heading.text for heading in headings(told.blocks)]
    marks = [name[:2] for name in names[:6]]
    assert marks in (["一、", "二、", "三、", "四、", "五、", "六、"], ["1.", "2.", "3.", "4.", "5.", "6."])
    assert all(re.search(rf"(附录|Appendix) {letter}", name) for letter, name in zip("ABCD", names[6:], strict=True))
    kinds = [type(block) for block in told.blocks]
    assert kinds.count(Signatures) == 1
    appendix = next(place for place, block in enumerate(told.blocks) if block == headings(told.blocks)[6])
    assert kinds.index(Signatures) < appendix


def test_every_finding_stands_once_in_the_appendix_with_its_evidence(told, analysis):
    rows = Counter()
    for heading, table in tables_after(told.blocks, CODE):
        rows.update({heading[:6]: len(table.rows)})
        assert all(row.cells[-1].text for row in table.rows), f"{heading}: evidence"
    assert rows == Counter(finding.code for finding in analysis.findings)


def test_reasons_and_evidence_are_those_of_the_findings(told, analysis):
    lines = [row for _, table in tables_after(told.blocks, CODE) for row in table.rows]
    reasons = Counter(row.cells[1].text.split("\n")[0] for row in lines)
    assert reasons == Counter(reason(finding, told.language) for finding in analysis.findings)
    shown = Counter(row.cells[-1].text for row in lines)
    assert shown == Counter(proof(finding.evidence, told.language) for finding in analysis.findings)


def test_the_advice_counts_every_finding(analysis):
    counted = list(counted_groups(arrange(analysis)))
    assert sum(aimed + stages for _, aimed, stages in counted) == len(analysis.findings)
    of_stages = sum(finding.basis == "stage" for finding in analysis.findings)
    assert sum(stages for *_, stages in counted) == of_stages
    ranks = [["error", "warning", "note"].index(group.severity) for group, *_ in counted]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_totals_are_those_of_the_analysis(analysis, language):
    page = arrange(analysis)
    table = totals_table(page.targets, language)
    rows = [row for row in table.rows if row.role != "group"]
    tallies = [tally for part in page.targets for tally in part.coverage.totals.all.values()]
    for row, tally in zip(rows, tallies, strict=True):
        assert [cell.text for cell in row.cells[2:6]] == [figure(as_shown(tally).of(state)) for state in STATES]
        assert row.cells[6].text.startswith(f"{figure(as_shown(tally).known_gap)}/")
        assert len(row.cells) == len(table.columns)
    assert len(totals_table(page.targets, language, reviewed=True).columns) == len(table.columns) - 1


def test_the_matrix_has_a_row_for_each_function_and_darker_cells_for_larger_gaps(analysis):
    part = arrange(analysis).targets[0]
    table = matrix(part, "zh")
    assert len(table.rows) == len(part.lines) + 2
    for row, line in zip(table.rows, part.lines, strict=False):
        items = line.group.totals.all["items"]
        assert row.cells[0].text == line.group.thing.name("zh")
        share = items.known_gap / items.denominator
        assert (row.cells[6].tone == "") == (share == 0)
        assert (row.cells[6].tone == "heat-4") == (share > 3 / 4)


def test_the_shape_of_the_plan_adds_up(told, analysis):
    title = "方案的面貌" if told.language == "zh" else "The shape of the plan"
    hours, supports = (table for _, table in tables_after(told.blocks, re.compile(title)))
    cells = [cell for row in hours.rows for cell in row.cells[1:]]
    figures = [re.match(r"[\d.]+", cell.text)[0] for cell in cells]
    assert sum(map(Fraction, figures)) == analysis.shape.hours
    assert all((cell.tone == "") == (text == "0") for cell, text in zip(cells, figures, strict=True))
    assert len(supports.rows) == len(analysis.shape.supports) == 11


def test_bars_are_a_hundred_percent_each(analysis):
    drawn = bars(arrange(analysis).targets, "en")
    assert len(drawn.bars) == 7
    assert all(sum(part.length for part in bar.parts) == pytest.approx(100, abs=0.01) for bar in drawn.bars)


def test_a_plan_that_aims_at_nothing_still_has_its_paper(analysis):
    bare = replace(analysis, coverages=(), findings=(), shape=PlanShape())
    for language in LANGUAGES:
        paper = report_paper(bare, language)
        assert not [block for block in paper.blocks if isinstance(block, Table) and not block.columns]
        assert len(headings(paper.blocks)) == 8, "no part about stages or the shape of the plan"
        assert report_content(bare, "docx", language)
        assert report_content(bare, "md", language)


def test_the_appendix_names_every_document_and_query(analysis):
    page = arrange(analysis)
    texts = [cell.text for block in appendices(page, "zh") if isinstance(block, Table)
             for row in block.rows for cell in row.cells]  # fmt: skip
    assert {note.command for note in page.footnotes} <= set(texts)
    assert {f"{d.title}\n{d.identifier}" for d in analysis.documents} <= set(texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_and_markdown_say_the_same_findings(analysis, language):
    with zipfile.ZipFile(io.BytesIO(report_content(analysis, "docx", language))) as file:
        body = file.read("word/document.xml").decode()
    text = report_content(analysis, "md", language).decode()
    for code, count in Counter(finding.code for finding in analysis.findings).items():
        assert body.count(code) == text.count(code) >= 1, (code, count)


def test_evidence_in_a_line():
    whole = Evidence("e", "甲文", "课程!A5", "direct", "李老师", "原文")
    assert proof([whole, Evidence("f", "乙文")], "zh") == "甲文 · 课程!A5 · 直接 · 审核 李老师 · 原文\n乙文"


def test_words_for_figures(analysis):
    coverage = analysis.coverages[0]
    cell = coverage.cells[0]
    assert words.due(coverage, "en") == "due in term 3"
    assert words.named(Thing("i", "C1", Text("课", "")), "zh") == "C1 课"
    assert words.named(Thing("i", "C1"), "zh") == "C1"
    tally = coverage.totals.all["theory"]
    assert words.denominator(replace(tally, stated=tally.denominator), "zh") == figure(tally.denominator)
    assert words.denominator(replace(tally, stated=tally.denominator + 5), "en").endswith("of 105")
    assert words.heft(coverage, replace(cell, weight=None), "en") == "one of 77 items (unweighted)"
    assert figure(cell.weight) in words.heft(coverage, cell, "zh")
    weighed = next(f for f in analysis.findings if f.weight is not None and f.due_for == coverage.target.due_for)
    assert figure(weighed.weight) in words.heft_of(coverage, weighed, "zh")
    assert words.heft_of(coverage, replace(weighed, weight=None), "en") == "unweighted"
    offer = next(offer for cell in coverage.cells for offer in cell.offers)
    assert offer.course.code in words.taught(offer, "zh")
    assert "hours not stated" in words.taught(replace(offer, hours=None), "en")
