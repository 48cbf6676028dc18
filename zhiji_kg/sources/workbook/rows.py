"""From the tables of a workbook to typed rows with addresses, and every problem on the way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import Address, Problem
from ...texts import folded
from ..tables import Table, column_letters
from .cells import CellError, in_one_line, parse_cell
from .layout import Column, Layout, Sheet


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: typed values by column key, the place of each, and the unknown columns.

    ``locator`` is the canonical address of the row's first key cell (``覆盖!A5``), free of file names.
    """

    sheet: Sheet
    number: int
    values: dict[str, Any]
    places: Mapping[str, Address]
    notes: tuple[str, ...] = ()
    sound: bool = True

    @property
    def locator(self) -> str:
        """The row in the graph: the sheet's Chinese name and the cell of its first column."""
        first = self.places[self.sheet.columns[0].key]
        return f"{self.sheet.zh}!{first.cell}"

    def place(self, key: str) -> Address:
        """The address of a column's cell in this row, or of the row's first cell."""
        return self.places.get(key) or self.places[self.sheet.columns[0].key]


@dataclass(slots=True)
class Rows:
    """The rows of a workbook by sheet key, and what was found wrong while reading them.

    ``refused`` are rows with a cell that is wrong, with the values that could be read; ``lost`` are
    the keys of sheets that are there but could not be read at all; ``headings`` tells where each sheet
    that may well be empty stands.
    """

    by_sheet: dict[str, list[Row]] = field(default_factory=dict)
    refused: dict[str, list[Row]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    headings: dict[str, Address] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def of(self, sheet: str) -> list[Row]:
        """The rows of a sheet; an absent sheet has none."""
        return self.by_sheet.get(sheet, [])

    def written(self, sheet: str) -> list[Row]:
        """The rows of a sheet, those refused included."""
        return self.of(sheet) + self.refused.get(sheet, [])


def read_rows(tables: Iterable[Table], layout: Layout) -> Rows:
    """Typed rows of every sheet the layout knows; sheets it does not know are reported."""
    rows = Rows()
    for table in tables:
        rows.problems.extend(table.problems)
        sheet = layout.by_name.get(folded(table.name))
        if folded(table.name) in layout.for_people["sheets"]:
            continue
        if sheet is None:
            known = "、".join(entry.zh for entry in layout.sheets)
            where = Address(table.file, table.name)
            rows.problems.append(Problem("unknown-sheet", where, {"sheet": table.name, "known": known}, "warning"))
        elif sheet.key in rows.by_sheet:
            rows.lost.add(sheet.key)
            rows.problems.append(Problem("sheet-twice", Address(table.file, table.name), {"sheet": sheet.zh}))
        else:
            _read_sheet(table, sheet, layout, rows)
    rows.problems.extend(_empty_sheets(rows))
    return rows


def _empty_sheets(rows: Rows) -> Iterator[Problem]:
    """Sheets without a row, in one line: a template has many."""
    empty = [rows.headings[key] for key in rows.headings if not rows.written(key) and key not in rows.lost]
    names = [where.sheet for where in empty]
    if len(empty) == 1:
        yield Problem("sheet-without-rows", empty[0], {}, "note")
    elif empty:
        yield Problem("sheets-without-rows", Address(empty[0].file), {"sheets": "、".join(names)}, "note")


def _read_sheet(table: Table, sheet: Sheet, layout: Layout, rows: Rows) -> None:
    found = list(_rows_of(table, sheet, layout, rows))
    rows.by_sheet[sheet.key] = [row for row in found if row.sound]
    rows.refused[sheet.key] = [row for row in found if not row.sound]
    if not sheet.required_with:
        rows.headings[sheet.key] = Address(table.file, table.name)


def _rows_of(table: Table, sheet: Sheet, layout: Layout, rows: Rows) -> Iterator[Row]:
    if not table.rows:
        return
    columns = _columns(table, sheet, layout, rows.problems)
    missing = [c.zh for c in sheet.columns if c.required and c.key not in {c.key for c in columns.values()}]
    if missing:
        rows.lost.add(sheet.key)
        values = {"columns": "、".join(missing), "sheet": sheet.zh}
        rows.problems.append(Problem("missing-columns", table.address(0, 0), values))
        return
    for number, cells in enumerate(table.rows[1:], start=1):
        if any(cells) or any(table.address(number, index) in table.unread for index in columns):
            yield _row(table, sheet, layout, number, columns, rows.problems)


def _columns(table: Table, sheet: Sheet, layout: Layout, problems: list[Problem]) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    for index, written in enumerate(table.rows[0]):
        column = sheet.by_heading.get(folded(written))
        if column in columns.values():
            problems.append(Problem("column-twice", table.address(0, index), {"column": in_one_line(written)}))
        elif column is not None:
            columns[index] = column
        elif written and folded(written) not in layout.for_people["columns"]:
            shown = {"column": in_one_line(written)}
            problems.append(Problem("unknown-column", table.address(0, index), shown, "note"))
    return columns


def _row(
    table: Table, sheet: Sheet, layout: Layout, number: int, columns: dict[int, Column], problems: list[Problem]
) -> Row:
    """One typed row; it is not sound when something required is missing or a cell cannot be understood."""
    cells = table.rows[number]
    values: dict[str, Any] = {}
    places = {column.key: table.address(number, index) for index, column in columns.items()}
    sound = True
    for index, column in columns.items():
        written = cells[index] if index < len(cells) else ""
        if places[column.key] in table.unread:
            sound = False
            continue
        try:
            value = parse_cell(column, written, layout) if written else ()
            if value != ():  # a list cell that holds nothing but separators is empty too
                values[column.key] = value
            elif column.required:
                raise CellError("required-cell-empty", column=column.zh)
        except CellError as error:
            problems.append(Problem(error.code, places[column.key], error.values))
            sound = False
    notes = tuple(_notes(table, number, columns, problems))
    return Row(sheet, number, values, places, notes, sound)


def _notes(table: Table, number: int, columns: dict[int, Column], problems: list[Problem]) -> Iterator[str]:
    """What stands in columns we do not know; without a heading the column's letters stand for it, and we say so."""
    headings = table.rows[0]
    for index, cell in enumerate(table.rows[number]):
        if not cell or index in columns:
            continue
        named = headings[index] if index < len(headings) else ""
        if not named:
            problems.append(Problem("cell-without-heading", table.address(number, index), {}, "warning"))
        yield f"{named or column_letters(index)}: {cell}"
