"""Word files: what stands in them, that tables break well, and that nothing in them leads out or runs."""

import io
import zipfile

import docx as reader
import pytest
from docx.oxml.ns import qn
from hostile import HOSTILE
from lxml import etree
from papers import paper_of, table_of

from zhiji_kg.writers.blocks import Cover, Heading, Paragraph
from zhiji_kg.writers.docx import docx_bytes


def opened(paper):
    return reader.Document(io.BytesIO(docx_bytes(paper)))


def parts(paper):
    with zipfile.ZipFile(io.BytesIO(docx_bytes(paper))) as file:
        return {name: file.read(name).decode("utf-8", "replace") for name in file.namelist()}


def shown(text):
    return "".join("\ufffd" if (ord(c) < 32 and c not in "\t\n") or c == "\ufffe" else c for c in text)


def test_every_block_is_there():
    document = opened(paper_of())
    words = [paragraph.text for paragraph in document.paragraphs]
    for text in ("报告", "数控技术", "目录", "没有缺口。", "怎么办　补一门课。", "1. 先", "☐ 同意　　☐ 不同意"):
        assert text in words
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == ["一、结论", "二、签字"]
    assert [[cell.text for cell in line.cells] for line in document.tables[2].rows][2:] == [["一"] * 3, ["二"] * 3]


def test_the_same_paper_gives_the_same_bytes():
    assert docx_bytes(paper_of()) == docx_bytes(paper_of())
    assert "2024-01-01" in parts(paper_of())["docProps/core.xml"]


def test_tables_repeat_their_headings_and_break_no_row():
    for table in opened(paper_of()).tables:
        assert all(line._tr.trPr.find(qn("w:cantSplit")) is not None for line in table.rows)
    table = opened(paper_of(table_of("一二三"))).tables[0]
    assert [line._tr.trPr.find(qn("w:tblHeader")) is not None for line in table.rows] == [True, *[False] * 4]
    kept = [bool(line.cells[0].paragraphs[0].paragraph_format.keep_with_next) for line in table.rows]
    assert kept == [True, True, False, False, False], "headings and names of groups stay with what follows"


def test_columns_fill_the_page_and_bars_add_up():
    for table in opened(paper_of()).tables:
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        for line in table._tbl.tr_lst:
            spans = [cell.grid_span for cell in line.tc_lst]
            assert sum(spans) == len(grid)
            widths = [int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in line.tc_lst]
            assert sum(widths) == sum(grid)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_only_a_text(text):
    document = opened(paper_of(Heading(text), Paragraph(text), table_of([text])))
    assert document.paragraphs[1].text == shown(text)
    assert {cell.text for cell in document.tables[0].rows[2].cells} == {shown(text)}


def test_nothing_leads_out_and_nothing_runs():
    found = parts(paper_of(Cover(*HOSTILE[:3]), Heading(HOSTILE[5]), Paragraph(HOSTILE[6]), table_of(HOSTILE)))
    assert not [name for name in found if "vba" in name.lower() or "embed" in name.lower()]
    assert not [name for name, text in found.items() if name.endswith(".rels") and "External" in text]
    body = found["word/document.xml"]
    assert "w:instrText" not in body
    assert "hyperlink r:id" not in body


def test_the_contents_lead_to_their_headings():
    body = parts(paper_of())["word/document.xml"]
    assert body.count("<w:hyperlink ") == 2
    for place in ("part1", "part2"):
        assert f'w:anchor="{place}"' in body
        assert f'w:name="{place}"' in body


def test_fonts_are_named_for_both_scripts_and_pages_are_a4_and_counted():
    document = opened(paper_of())
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii"))) == ("宋体", "Times New Roman")
    assert document.styles["Heading 1"].element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert section.different_first_page_header_footer
    foot = section.footer._element.xml
    assert "PAGE" in foot
    assert "NUMPAGES" in foot
    assert section.header.paragraphs[0].text == "页眉"
    assert document.core_properties.title == "报告 · 数控技术"


ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind "
    "contextualSpacing jc outlineLvl",
    "tcPr": "tcW gridSpan tcBorders shd vAlign",
    "tblPr": "tblStyle tblW tblBorders tblLayout tblCellMar tblLook",
    "tblBorders": "top left bottom right insideH insideV",
}
"""How WordprocessingML orders what it holds (ECMA-376 part 1, 17.3 and 17.4): Word repairs a file that does not."""


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml"])
def test_elements_stand_in_the_order_that_word_wants(name):
    root = etree.fromstring(parts(paper_of())[name].encode())
    for holder, order in ORDER.items():
        for element in root.iter(qn(f"w:{holder}")):
            names = [etree.QName(child).localname for child in element]
            places = [order.split().index(tag) for tag in names if tag in order.split()]
            assert name == "word/styles.xml" or len(places) == len(names), "the template's own styles hold more"
            assert places == sorted(places), etree.tostring(element)


def test_a_paper_without_a_title_page_has_its_header_on_the_first_page():
    assert not opened(paper_of(Heading("甲"))).sections[0].different_first_page_header_footer


@pytest.mark.parametrize(("language", "spacing"), [("zh", 1.35), ("en", 1.2)])
def test_lines_stand_as_far_apart_as_the_script_wants(language, spacing):
    assert opened(paper_of(language=language)).styles["Normal"].paragraph_format.line_spacing == spacing
