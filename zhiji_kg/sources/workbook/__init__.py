"""The workbook: an xlsx file or a folder of CSV files, read to one graph."""

from collections.abc import Sequence
from pathlib import Path

from ...errors import Address, Problem, UnreadableError
from ...rdf import text
from ...vocabulary import DATA, RDF_TYPE, curie, entity, source_graph, zj
from ..reading import Reading
from ..tables import Table
from .layout import Layout, heading, workbook_layout
from .mapping import Mapper, edition_code
from .rows import Row, Rows, read_rows
from .rules import RULES, check_weights

_ABOUT_PROPERTIES = {
    "title": "dcterms:title",
    "source": "dcterms:source",
    "licence": "dcterms:license",
    "author": "dcterms:creator",
    "version": "dcterms:hasVersion",
}


def is_workbook(tables: Sequence[Table]) -> bool:
    """Whether some table bears the name of a sheet of the workbook."""
    return any(heading(table.name) in workbook_layout().by_name for table in tables)


def read_workbook(path: Path, tables: Sequence[Table]) -> Reading:
    """Read the tables of a workbook to triples.

    Args:
        path: the xlsx file or the folder, for messages.
        tables: its sheets.

    Returns:
        The triples with their provenance, the references to check, and the problems found.

    Raises:
        UnreadableError: when no sheet of the workbook's layout is among the tables, or the sheet
            说明 does not say what the workbook is called.
    """
    layout = workbook_layout()
    if not is_workbook(tables):
        known = "、".join(sheet.zh for sheet in layout.sheets)
        raise UnreadableError(Problem("no-known-sheet", Address(str(path)), {"known": known}))
    rows = read_rows(tables, layout)
    about = _about(rows, layout)
    reading = Reading(about.get("identifier", ""), tuple(dict.fromkeys(table.file for table in tables)))
    reading.problems.extend(rows.problems)
    if not reading.identifier:
        sheet = Address(str(path), layout.by_key["about"].zh)
        reading.report("no-identifier", sheet)
        return reading
    _state_document(reading, about, layout, rows)
    _check_required_sheets(reading, path, layout, rows)
    _write(reading, layout, rows)
    _forget_lost_sheets(reading, layout, rows)
    return reading


def _about(rows: Rows, layout: Layout) -> dict[str, str]:
    names = {heading(name): key for key, written in layout.about.items() for name in written}
    said = {names.get(heading(row.values["item"]), ""): row.values.get("value", "") for row in rows.of("about")}
    return {key: value for key, value in said.items() if key and value}


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
    written = about.get("grade", "")
    grade = layout.value("evidence_grade", written) if written else "evidence-grade/inferred"
    if grade is None:
        row = next(row for row in rows.of("about") if row.values.get("value") == written)
        words = "、".join(layout.offered("evidence_grade"))
        reading.report("unknown-word", row.place("value"), "error", column="值", written=written, words=words)
        grade = "evidence-grade/inferred"
    reading.grade = grade.rpartition("/")[2]
    reading.add(document, zj("evidenceGrade"), entity("evidence-grade", reading.grade))


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


def _write(reading: Reading, layout: Layout, rows: Rows) -> None:
    mapper = Mapper(reading, layout)
    _look_ahead(mapper, rows)
    for sheet in layout.sheets:
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


def _look_ahead(mapper: Mapper, rows: Rows) -> None:
    """What rows of one sheet need to know of another before they are written."""
    nameless = any("programme" not in row.values for row in rows.refused.get("programmes", ()))
    mapper.plans_lost = nameless or "programmes" in rows.lost
    for row in rows.written("programmes"):
        code, year = row.values.get("programme", ""), str(row.values.get("year", "?"))
        mapper.editions.setdefault(code, []).append(year)
        if "terms" in row.values:
            mapper.term_counts[edition_code(code, year)] = row.values["terms"]
    for row in rows.written("courses"):
        owner = row.values.get("programme", "").partition("@")[0]
        owners = mapper.course_owners.setdefault(row.values.get("course", ""), [])
        if owner not in owners:
            owners.append(owner)
    for row in rows.of("stages"):
        code, _, year = row.values.get("programme", "").partition("@")
        for edition in [year] if year else mapper.editions.get(code, []):
            if "due" in row.values:
                mapper.stage_terms[edition_code(code, edition), row.values["stage"]] = row.values["due"]
