"""The one door to python-docx: a paper as a Word file that a committee can sign.

A4, upright; every table repeats its headings and breaks no row across pages. The file holds no
link that leads out of it, no field but page numbers, and no macro; the same paper gives the same
bytes. Fonts are named for Western and East Asian text apart; where a machine lacks them it takes
its own.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from .blocks import (
    Bars,
    Block,
    Cell,
    Column,
    Contents,
    Cover,
    Facts,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Signatures,
    Table,
    headings,
)

if TYPE_CHECKING:
    from docx.document import Document

_CREATED = datetime(2024, 1, 1, tzinfo=UTC)  # a date of today would give other bytes every day
_ZIPPED = (2024, 1, 1, 0, 0, 0)
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
_PAGE = (11_906, 16_838)  # A4 in twentieths of a point
_SIDE, _TOP = 1_304, 1_361
_WIDTH = _PAGE[0] - 2 * _SIDE
_BAR_NAME, _BAR_PARTS = 1_700, 100
_ENOUGH_FOR_WORDS = 9  # percent of a bar
_INSET = 220

_SERIF = ("Times New Roman", "宋体")
_SANS = ("Arial", "黑体")
_INK, _SOFT, _ACCENT = "1D242B", "4B555F", "175E6B"
_FILLS = {
    "covered": "DCEBED", "partial": "FBEFD3", "no-match": "F6D9D9", "not-examined": "EEF0F2",
    "error": "F6D9D9", "warning": "FBEFD3", "note": "EEF0F2",
    "heat-1": "FDF3E1", "heat-2": "FADFB8", "heat-3": "F2BE9C", "heat-4": "E69A8D",
}  # fmt: skip
_BAR_FILLS = {
    "covered": ("1F7280", "FFFFFF"), "partial": ("F0CF8B", "3A2500"),
    "no-match": ("A3262A", "FFFFFF"), "not-examined": ("DDE1E5", "2F363D"),
}  # fmt: skip
_STYLES: dict[str, tuple[tuple[str, str], float, bool, str, float, float]] = {
    # fonts, size, bold, colour, space before and after in points
    "Normal": (_SERIF, 10.5, False, _INK, 0, 6),
    "Title": (_SANS, 26, True, _INK, 0, 6),
    "Subtitle": (_SANS, 14, False, _SOFT, 0, 18),
    "Heading 1": (_SANS, 16, True, _ACCENT, 18, 8),
    "Heading 2": (_SANS, 13, True, _INK, 14, 6),
    "Heading 3": (_SANS, 11, True, _INK, 10, 4),
    "Caption": (_SANS, 9.5, True, _SOFT, 10, 4),
    "List Bullet": (_SERIF, 10.5, False, _INK, 0, 3),
    "List Number": (_SERIF, 10.5, False, _INK, 0, 3),
    "Header": (_SANS, 8.5, False, _SOFT, 0, 0),
    "Footer": (_SANS, 8.5, False, _SOFT, 0, 0),
}
_NEW_STYLES: dict[str, tuple[tuple[str, str], float, bool, str, float, float]] = {
    "Table Text": (_SERIF, 9, False, _INK, 1, 1),
    "Table Heading": (_SANS, 8.5, True, _INK, 1, 1),
    "Lead": (_SANS, 12.5, True, _INK, 4, 10),
    "Notice": (_SANS, 10, False, "6B4200", 6, 10),
    "Small": (_SERIF, 9, False, _SOFT, 0, 4),
    "Kicker": (_SANS, 14, True, _ACCENT, 120, 10),
    "Contents Line": (_SERIF, 10.5, False, _INK, 0, 3),
}
_LOOKS = {"body": "Normal", "lead": "Lead", "note": "Notice", "small": "Small"}


def docx_bytes(paper: Paper) -> bytes:
    """A paper as a Word file in memory.

    Args:
        paper: what stands on it.

    Returns:
        The file; the same paper gives the same bytes.
    """
    return _Writer(paper).content()


class _Writer:
    """A Word file in the making: the document and the places that the contents lead to."""

    def __init__(self, paper: Paper) -> None:
        import docx  # the door to python-docx; opened here to keep start-up fast

        self.paper = paper
        self.document: Document = docx.Document()
        self.places = {id(heading): f"part{number}" for number, heading in enumerate(headings(paper.blocks), 1)}
        _describe(self.document, paper)
        _style(self.document, paper)
        _lay_out(self.document, paper)

    def content(self) -> bytes:
        """The finished file."""
        for block in self.paper.blocks:
            _DRAWN[type(block)](self, block)
        saved = BytesIO()
        self.document.save(saved)
        return _with_fixed_times(saved.getvalue())

    def paragraph(self, text: str, style: str, label: str = "") -> Any:  # noqa: ANN401 - a paragraph of python-docx
        """A paragraph at the end, as an element."""
        element = _paragraph(text, self.style(style), label=label)
        self.append(element)
        return element

    def style(self, name: str) -> str:
        """The identifier of a style by its name."""
        return str(self.document.styles[name].style_id)

    def append(self, element: Any) -> None:  # noqa: ANN401 - an element of python-docx
        """Put an element at the end, before the section's own settings."""
        self.document.element.body.insert_element_before(element, "w:sectPr")


def _describe(document: "Document", paper: Paper) -> None:
    told = document.core_properties
    told.author = told.last_modified_by = "zhiji-kg"
    told.title = _fit(paper.title)[:255]
    told.comments = told.subject = told.keywords = ""
    told.language = "zh-CN" if paper.language == "zh" else "en-GB"
    told.created = told.modified = _CREATED


def _style(document: "Document", paper: Paper) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    for name, look in _STYLES.items():
        _set_look(document.styles[name], look)
    for name, look in _NEW_STYLES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _set_look(style, look)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Caption", "Lead"):
        document.styles[name].paragraph_format.keep_with_next = name != "Lead"
        document.styles[name].paragraph_format.keep_together = True
    languages = {"val": "en-GB", "eastAsia": "zh-CN"}
    for properties in document.styles.element.iter(_qn("w:rPr")):
        for old in properties.findall(_qn("w:lang")):
            properties.remove(old)
    document.styles["Normal"].element.get_or_add_rPr().append(_node("lang", **languages))
    notice = document.styles["Notice"].element.get_or_add_pPr()
    notice.find(_qn("w:spacing")).addprevious(_node("shd", val="clear", color="auto", fill="FFF8E6"))  # in this order
    _set_title(document, paper)


def _set_title(document: "Document", paper: Paper) -> None:
    """The title without the line under it; Chinese paragraphs stand a little wider apart than English ones."""
    properties = document.styles["Title"].element.get_or_add_pPr()
    for border in properties.findall(_qn("w:pBdr")):
        properties.remove(border)
    document.styles["Normal"].paragraph_format.line_spacing = 1.35 if paper.language == "zh" else 1.2
    for name in ("Table Text", "Table Heading", "Title", "Header", "Footer"):
        document.styles[name].paragraph_format.line_spacing = 1.1


def _set_look(style: Any, look: tuple[tuple[str, str], float, bool, str, float, float]) -> None:  # noqa: ANN401
    from docx.shared import Pt, RGBColor

    (western, eastern), size, bold, colour, before, after = look
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(_qn("w:rFonts")):
        properties.remove(old)
    fonts = _node("rFonts", ascii=western, hAnsi=western, cs=western, eastAsia=eastern)
    properties.insert(0, fonts)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(before), Pt(after)


def _lay_out(document: "Document", paper: Paper) -> None:
    """The page, what stands at its head and foot; the title page has neither."""
    from docx.shared import Twips

    section = document.sections[0]
    section.page_width, section.page_height = (Twips(side) for side in _PAGE)
    section.left_margin = section.right_margin = Twips(_SIDE)
    section.top_margin = section.bottom_margin = Twips(_TOP)
    section.different_first_page_header_footer = any(isinstance(block, Cover) for block in paper.blocks)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    for child in _runs(paper.header or paper.title):
        head._p.append(child)
    for part in re.split(r"(\{pages?\})", paper.page_of):
        number = {"{page}": "PAGE", "{pages}": "NUMPAGES"}.get(part)
        for child in _field(number) if number else _runs(part):
            foot._p.append(child)
    for child in _runs(f"　{paper.footer}" if paper.footer else ""):
        foot._p.append(child)


def _with_fixed_times(content: bytes) -> bytes:
    """The file with one time for all its parts, so that the same paper gives the same bytes."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, _ZIPPED), old.read(entry), zipfile.ZIP_DEFLATED)
    return made.getvalue()


# Elements


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))


def _node(tag: str, *children: Any, **attributes: object) -> Any:  # noqa: ANN401 - elements of python-docx
    """An element of WordprocessingML with its attributes and children."""
    from docx.oxml.parser import OxmlElement

    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(_qn(f"w:{name}"), str(value))
    for child in children:
        element.append(child)
    return element


def _fit(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _UNFIT.sub("\ufffd", text)


def _runs(text: str, *, bold: bool = False, colour: str = "") -> Iterator[Any]:
    """The runs of a text; a line feed becomes a line break, and nothing in it means anything else."""
    for number, line in enumerate(_fit(text).replace("\r", "").split("\n")):
        properties = [_node("b")] * bold + ([_node("color", val=colour)] if colour else [])
        run = _node("r", *([_node("rPr", *properties)] if properties else []))
        if number:
            run.append(_node("br"))
        words = _node("t")
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(words)
        yield run


def _field(name: str) -> Iterator[Any]:
    for kind in ("begin", "", "end"):
        if kind:
            yield _node("r", _node("fldChar", fldCharType=kind))
        else:
            instruction = _node("instrText")
            instruction.text = f" {name} "
            yield _node("r", instruction)


def _paragraph(
    text: str, style: str, *, label: str = "", settings: Sequence[Any] = (), bold: bool = False, colour: str = ""
) -> Any:  # noqa: ANN401
    element = _node("p", _node("pPr", _node("pStyle", val=style), *settings))
    for run in _runs(f"{label}　", bold=True) if label else ():
        element.append(run)
    for run in _runs(text, bold=bold, colour=colour):
        element.append(run)
    return element


# Blocks


def _cover(writer: _Writer, cover: Cover) -> None:
    writer.paragraph(cover.kicker, "Kicker")
    writer.paragraph(cover.title, "Title")
    if cover.subtitle:
        writer.paragraph(cover.subtitle, "Subtitle")
    if cover.facts:
        writer.append(_plain_table(writer, cover.facts))
        writer.paragraph("", "Small")
    if cover.notice:
        writer.paragraph(cover.notice, "Notice")
    writer.append(_node("p", _node("r", _node("br", type="page"))))


def _contents(writer: _Writer, contents: Contents) -> None:
    writer.paragraph(contents.title, "Lead")
    for heading in headings(writer.paper.blocks):
        link = _node("hyperlink", *_runs(heading.text, colour=_ACCENT), anchor=writer.places[id(heading)], history=1)
        style = _node("pStyle", val=writer.style("Contents Line"))
        writer.append(_node("p", _node("pPr", style), link))


def _heading(writer: _Writer, heading: Heading) -> None:
    element = writer.paragraph(heading.text, f"Heading {heading.level}")
    if heading.new_page:
        element.pPr.append(_node("pageBreakBefore"))
    if place := writer.places.get(id(heading)):
        number = place.removeprefix("part")
        element.insert(1, _node("bookmarkStart", id=number, name=place))
        element.append(_node("bookmarkEnd", id=number))


def _text(writer: _Writer, paragraph: Paragraph) -> None:
    writer.paragraph(paragraph.text, _LOOKS[paragraph.look], paragraph.label)


def _listing(writer: _Writer, listing: Listing) -> None:
    for number, item in enumerate(listing.items, 1):
        if listing.numbered:
            writer.paragraph(f"{number}. {item}", "Normal")  # one numbering of Word's would run through all lists
        else:
            writer.paragraph(item, "List Bullet")


def _facts(writer: _Writer, facts: Facts) -> None:
    writer.append(_plain_table(writer, facts.rows))
    writer.paragraph("", "Small")


def _plain_table(writer: _Writer, rows: Sequence[tuple[str, str]]) -> Any:  # noqa: ANN401
    """Terms beside what is said of them, with no lines but thin ones between the rows."""
    grid = [_WIDTH // 4, _WIDTH - _WIDTH // 4]
    table = _empty_table(grid, inside=False)
    name, said = writer.style("Table Heading"), writer.style("Table Text")
    for term, value in rows:
        cells = [_cell(grid[0], [_paragraph(term, name)]), _cell(grid[1], [_paragraph(value, said)])]
        table.append(_node("tr", _node("trPr", _node("cantSplit")), *cells))
    return table


def _table(writer: _Writer, table: Table) -> None:
    if table.caption:
        writer.paragraph(table.caption, "Caption")
    shares = sum(column.share for column in table.columns)
    grid = [round(_WIDTH * column.share / shares) for column in table.columns]
    made = _empty_table(grid)
    head = [Cell(column.heading) for column in table.columns]
    made.append(_row(writer, head, table.columns, grid, heading=True))
    for row in table.rows:
        made.append(_row(writer, row.cells, table.columns, grid, role=row.role))
    writer.append(made)
    writer.paragraph("", "Small")


def _row(
    writer: _Writer, cells: Sequence[Cell], columns: Sequence[Column], grid: Sequence[int], *,
    role: str = "", heading: bool = False,
) -> Any:  # fmt: skip  # noqa: ANN401
    """A row that no page breaks; headings stand on every page, and names of groups by what follows them."""
    keep = [_node("keepNext")] if heading or role == "group" else []
    style = writer.style("Table Heading" if heading else "Table Text")
    made = _node("tr", _node("trPr", _node("cantSplit"), *([_node("tblHeader")] if heading else [])))
    spans = [len(grid)] if role == "group" else [1] * len(cells)
    for cell, column, width, span in zip(cells, columns, grid, spans, strict=False):
        side = [_node("jc", val="right")] if column.number and role != "group" else []
        inset = [_node("ind", left=_INSET * cell.inset)] if cell.inset else []
        bold = cell.strong or role != ""
        text = _paragraph(cell.text, style, settings=[*(_again(keep)), *inset, *side], bold=bold)
        fill = "E8ECEF" if heading else "F3F5F6" if role else _FILLS.get(cell.tone, "")
        made.append(_cell(sum(grid) if span > 1 else width, [text], span=span, fill=fill, middle=heading))
    return made


def _again(elements: Sequence[Any]) -> list[Any]:
    """Copies: an element stands in one place only."""
    from copy import deepcopy

    return [deepcopy(element) for element in elements]


def _cell(
    width: int, content: Sequence[Any], *, span: int = 1, fill: str = "", middle: bool = False, borders: str = ""
) -> Any:  # noqa: ANN401
    settings = [_node("tcW", w=width, type="dxa")]
    settings += [_node("gridSpan", val=span)] if span > 1 else []
    if borders:
        edges = (_node(side, val="single", sz=24, space=0, color=borders) for side in ("top", "bottom"))
        settings.append(_node("tcBorders", *edges))
    settings += [_node("shd", val="clear", color="auto", fill=fill)] if fill else []
    settings += [_node("vAlign", val="center")] if middle else []
    return _node("tc", _node("tcPr", *settings), *content)


def _empty_table(grid: Sequence[int], *, inside: bool = True, lines: bool = True) -> Any:  # noqa: ANN401
    edges = ("top", "bottom", "insideH", "insideV") if inside else ("top", "bottom", "insideH")
    margins = (_node(side, w=80, type="dxa") for side in ("left", "right"))
    drawn = [_node(side, val="single", sz=4, space=0, color="BFC6CC") for side in edges]
    return _node(
        "tbl",
        _node(
            "tblPr",
            _node("tblW", w=sum(grid), type="dxa"),
            *([_node("tblBorders", *drawn)] if lines else []),
            _node("tblLayout", type="fixed"),
            _node("tblCellMar", *margins),
        ),
        _node("tblGrid", *(_node("gridCol", w=width) for width in grid)),
    )


def _bars(writer: _Writer, figure: Bars) -> None:
    """Bars as cells of a fine grid, each as wide as its part: it prints anywhere and needs no picture."""
    writer.paragraph(figure.caption, "Caption")
    key = "　".join(words for _, words in figure.key)
    writer.append(_paragraph(key, writer.style("Small"), settings=[_node("keepNext")]))
    unit = (_WIDTH - _BAR_NAME) // _BAR_PARTS
    grid = [_BAR_NAME, *[unit] * _BAR_PARTS]
    made = _empty_table(grid, lines=False)
    style = writer.style("Table Text")
    for group, bars in groupby(figure.bars, key=lambda bar: bar.group):
        name = _paragraph(group, style, settings=[_node("keepNext")], bold=True)
        made.append(_node("tr", _node("trPr", _node("cantSplit")), _cell(sum(grid), [name], span=len(grid))))
        for bar in bars:
            cells = [_cell(_BAR_NAME, [_paragraph(bar.name, style)], middle=True)]
            for part, length in zip(bar.parts, _whole_lengths([part.length for part in bar.parts]), strict=True):
                fill, ink = _BAR_FILLS.get(part.tone, ("DDE1E5", _INK))
                words = part.text if length >= _ENOUGH_FOR_WORDS else ""
                text = _paragraph(words, style, settings=[_node("jc", val="center")], colour=ink)
                cells.append(_cell(unit * length, [text], span=length, fill=fill, middle=True, borders="FFFFFF"))
            made.append(_node("tr", _node("trPr", _node("cantSplit")), *cells))
    writer.append(made)
    writer.paragraph("", "Small")


def _whole_lengths(lengths: Sequence[float]) -> list[int]:
    """Lengths in whole percent that add up to 100; whatever is there is at least one wide."""
    whole = [max(1, round(length)) for length in lengths]
    if whole:
        widest = max(range(len(whole)), key=whole.__getitem__)
        whole[widest] += _BAR_PARTS - sum(whole)
    return whole


def _signatures(writer: _Writer, block: Signatures) -> None:
    writer.paragraph(block.question, "Lead")
    writer.paragraph("　　".join(f"☐ {choice}" for choice in block.choices), "Normal")
    grid = [_WIDTH // 4, _WIDTH * 2 // 5, _WIDTH // 8, _WIDTH - _WIDTH // 4 - _WIDTH * 2 // 5 - _WIDTH // 8]
    made = _empty_table(grid)
    name, free = writer.style("Table Heading"), writer.style("Table Text")
    room = [_node("trHeight", val=2_600, hRule="atLeast")]
    remarks = [_cell(grid[0], [_paragraph(block.remarks, name)]), _cell(sum(grid[1:]), [_paragraph("", free)], span=3)]
    made.append(_node("tr", _node("trPr", _node("cantSplit"), *room), *remarks))
    for signer in block.signers:
        words = ((signer, name), ("", free), (block.date, name), ("", free))
        cells = [
            _cell(width, [_paragraph(text, style)], middle=True)
            for width, (text, style) in zip(grid, words, strict=True)
        ]
        height = _node("trHeight", val=680, hRule="atLeast")
        made.append(_node("tr", _node("trPr", _node("cantSplit"), height), *cells))
    writer.append(made)
    writer.paragraph("", "Small")


_DRAWN: dict[type[Block], Callable[[_Writer, Any], None]] = {
    Cover: _cover,
    Contents: _contents,
    Heading: _heading,
    Paragraph: _text,
    Listing: _listing,
    Facts: _facts,
    Table: _table,
    Bars: _bars,
    Signatures: _signatures,
}
