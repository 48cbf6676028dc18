"""The workbook: an xlsx file or a folder of CSV files, read to one graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import Address, Problem, UnreadableError
from ...rdf import text
from ...texts import folded
from ...vocabulary import DATA, RDF_TYPE, curie, entity, source_graph, zj
from ..reading import Reading
from ..tables import Table
from .layout import Layout, workbook_layout
from .mapping import Mapper
from .outlook import Outlook, look_ahead, together
from .rows import Row, Rows, read_rows
from .rules import RULES, check_weights, columns_of

__all__ = ["OpenWorkbook", "Outlook", "is_workbook", "open_workbook", "read_workbook", "together", "write_workbook"]

_ABOUT_PROPERTIES = {
    "title": "dcterms:title",
    "source": "dcterms:source",
    "licence": "dcterms:license",
    "author": "dcterms:creator",
    "version": "dcterms:hasVersion",
}


def is_workbook(tables: Sequence[Table]) -> bool:
    """Whether some table bears the name of a sheet of the workbook."""
    return any(folded(table.name) in workbook_layout().by_name for table in tables)


@dataclass(frozen=True, slots=True)
class OpenWorkbook:
    """A workbook whose rows are read but not yet written: ``outlook`` is what it tells the others."""

    path: Path
    rows: Rows
    reading: Reading
    outlook: Outlook


def open_workbook(path: Path, tables: Sequence[Table]) -> OpenWorkbook:
    """Read the rows of a workbook.

    Args:
        path: the xlsx file or the folder, for messages.
        tables: its sheets.

    Raises:
        UnreadableError: when no sheet of the workbook's layout is among the tables.
    """
    layout = workbook_layout()
    if not is_workbook(tables):
        known = "、".join(sheet.zh for sheet in layout.sheets)
        raise UnreadableError(Problem("no-known-sheet", Address(str(path)), {"known": known}))
    rows = read_rows(tables, layout)
    reading = Reading("", tuple(dict.fromkeys(table.file for table in tables)))
    reading.problems.extend(rows.problems)
    return OpenWorkbook(path, rows, reading, look_ahead(rows))


def write_workbook(opened: OpenWorkbook, around: Outlook) -> Reading:
    """Write the rows of an open workbook to triples.

    Args:
        opened: the workbook.
        around: what all the workbooks of the build tell together, this one included.

    Returns:
        The triples with their provenance, the references to check, and the problems found.
    """
    layout, rows, reading = workbook_layout(), opened.rows, opened.reading
    about = _about(rows, layout, reading)
    reading.identifier = about.get("identifier", "")
    if not reading.identifier:
        reading.report("no-identifier", Address(str(opened.path), layout.by_key["about"].zh))
        return reading
    _state_document(reading, about, layout, rows)
    _check_required_sheets(reading, opened.path, layout, rows)
    _write(Mapper(reading, layout, opened.outlook, around), rows)
    _forget_lost_sheets(reading, layout, rows)
    return reading


def read_workbook(path: Path, tables: Sequence[Table]) -> Reading:
    """Read a workbook that stands alone; see ``open_workbook`` and ``write_workbook``."""
    opened = open_workbook(path, tables)
    return write_workbook(opened, opened.outlook)


def _about(rows: Rows, layout: Layout, reading: Reading) -> dict[str, str]:
    """What 说明 says, by the layout's names; a row said twice is reported, the first one holds."""
    names = {folded(name): key for key, written in layout.about.items() for name in written}
    said: dict[str, str] = {}
    for row in rows.of("about"):
        key = names.get(folded(row.values["item"]))
        if key in said:
            reading.report("said-twice", row.place("item"), "warning", item=row.values["item"])
        elif key and row.values.get("value"):
            said[key] = row.values["value"]
    return said


def _state_document(reading: Reading, about: dict[str, str], layout: Layout, rows: Rows) -> None:
    """The workbook as a source document: what it is, where from, and its evidence grade."""
    document = source_graph(reading.identifier)
    reading.add(document, RDF_TYPE, zj("SourceDocument"))
    reading.add(document, curie("dcterms:identifier"), text(reading.identifier))
    title = about.get("title", reading.identifier)
    reading.add(document, curie("rdfs:label"), text(title, "zh"))
    for key, name in _ABOUT_PROPERTIES.items():
        if key in about:
            reading.add(document, curie(name), text(about[key]))
    _keep_notes(reading, layout, rows)
    written = about.get("grade", "")
    grade = layout.value("evidence_grade", written) if written else "evidence-grade/inferred"
    if grade is None:
        row = next(row for row in rows.of("about") if row.values.get("value") == written)
        words = "、".join(layout.offered("evidence_grade"))
        reading.report("unknown-word", row.place("value"), "error", column="值", written=written, words=words)
        grade = "evidence-grade/inferred"
    reading.grade = grade.rpartition("/")[2]
    reading.add(document, zj("evidenceGrade"), entity("evidence-grade", reading.grade))


def _keep_notes(reading: Reading, layout: Layout, rows: Rows) -> None:
    """Rows and columns of 说明 that we do not know are kept as notes on the document."""
    known = {folded(name) for names in layout.about.values() for name in names}
    document = source_graph(reading.identifier)
    for row in rows.of("about"):
        if folded(row.values["item"]) not in known:
            reading.add(document, zj("note"), text(f"{row.values['item']}: {row.values.get('value', '')}"))
            reading.report("unknown-item", row.place("item"), "note", item=row.values["item"])
        for note in row.notes:
            reading.add(document, zj("note"), text(note))


def _check_required_sheets(reading: Reading, path: Path, layout: Layout, rows: Rows) -> None:
    for sheet in layout.sheets:
        needed = sheet.required_with and rows.written(sheet.required_with)
        if needed and not rows.written(sheet.key) and sheet.key not in rows.lost:
            rows.lost.add(sheet.key)
            because = layout.by_key[sheet.required_with].zh
            reading.report("required-sheet-empty", Address(str(path), sheet.zh), "error", because=because)


def _forget_lost_sheets(reading: Reading, layout: Layout, rows: Rows) -> None:
    """A sheet that could not be read is one mistake; to name what it should hold is none."""
    lost = tuple(f"{DATA}{described.kind}/" for key in rows.lost for described in layout.by_key[key].entities)
    reading.references = [r for r in reading.references if not r.target.value.startswith(lost)]
    if "courses" in rows.lost:
        reading.problems = [problem for problem in reading.problems if problem.code != "unknown-course"]


def _write(mapper: Mapper, rows: Rows) -> None:
    for sheet in mapper.layout.sheets:
        for row in rows.of(sheet.key)[:1]:
            mapper.reading.columns |= columns_of(row)
        for row in rows.of(sheet.key):
            _write_row(mapper, row)
        for row in rows.refused.get(sheet.key, ()):
            mapper.refuse(row)
    if not rows.refused.get("weights"):
        check_weights(mapper, rows)


def _write_row(mapper: Mapper, row: Row) -> None:
    if row.sheet.key == "about":
        return
    entities = mapper.write(row)
    rule = RULES.get(row.sheet.key)
    if rule and entities:
        rule(mapper, row, entities)
