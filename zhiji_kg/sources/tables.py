"""Tables out of files: an xlsx file or a folder of CSV files becomes the same rows of text.

Every cell is text, written as a person would type it (``3`` for 3.0, ``2026-09-01`` for a
date), so that a workbook and the same workbook saved as CSV give the same graph. Rows and
columns keep the addresses they have in the file.
"""

import csv
import datetime as dt
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ..errors import Address, Problem, UnreadableError, unreadable

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # first bytes of .xls and of an encrypted .xlsx
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LISTS = "_lists"  # the hidden sheet of choices that our template brings along
_ROWS, _COLUMNS = 100_000, 100  # a value beyond is a slip: every reader would make room for all that lies before it
_TRUTH = {"TRUE": "是", "FALSE": "否"}  # what Excel writes to CSV for a cell that holds true or false
_CELL_NAME = re.compile(r"([A-Za-z]{1,3})([1-9]\d*)", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Table:
    """One sheet: its name and its rows of text, the first row being row 1 of the file."""

    file: str
    name: str
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...] = ()

    @cached_property
    def unread(self) -> set[Address]:
        """The cells whose content is not known, each named by a problem of the table."""
        return {problem.where for problem in self.problems if problem.where and problem.where.cell}

    def address(self, row: int, column: int) -> Address:
        """The address of a cell (both counted from 0)."""
        return Address(self.file, self.name, f"{column_letters(column)}{row + 1}")


def column_letters(column: int) -> str:
    """The spreadsheet name of a column counted from 0: A … Z, AA …"""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _position(name: str) -> tuple[int, int]:
    """Row and column, counted from 0, of a cell by its spreadsheet name."""
    match = _CELL_NAME.fullmatch(name)
    if not match:
        raise ValueError(name)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def read_tables(path: Path) -> list[Table]:
    """All sheets of an xlsx file, of a folder of CSV files, or the one sheet of a CSV file.

    Raises:
        UnreadableError: when the path is missing, empty, encrypted, an old ``.xls`` or not a table.
    """
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on a name that is too long
        files = sorted(path.glob("*.csv"))
        if not files:
            raise unreadable("folder-without-tables", str(path))
        return [_csv_table(file) for file in files]
    head = _head(path)
    if head.startswith(_OLE):
        raise unreadable("encrypted" if _ENCRYPTED in path.read_bytes() else "old-xls", str(path))
    return _xlsx_tables(path) if head.startswith(b"PK") else [_csv_table(path)]


def _head(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # to open a pipe may wait for ever
            raise unreadable("not-a-table", str(path))
        with path.open("rb") as file:
            head = file.read(8)
    except FileNotFoundError:
        raise unreadable("missing-file", str(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise unreadable("cannot-open", str(path), reason=reason) from None
    if not head:
        raise unreadable("empty-file", str(path))
    return head


def _csv_table(path: Path) -> Table:
    _head(path)
    data = path.read_bytes()
    problems: tuple[Problem, ...] = ()
    if b"\0" in data:
        raise unreadable("not-a-table", str(path))
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        content, problems = _gb18030(path, data)
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        rows = tuple(tuple(_TRUTH.get(cell, cell) for cell in map(_clean, row)) for row in reader)
    except csv.Error as error:
        if separator := other_separator(content.partition("\n")[0].split(",")):
            raise UnreadableError(wrong_separator(Address(str(path)), separator)) from None
        raise UnreadableError(
            Problem("broken-csv", Address(str(path), cell=str(reader.line_num)), {"reason": str(error)})
        ) from None
    return Table(str(path), in_utf8(path.stem), rows, problems)


def other_separator(headings: Sequence[str]) -> str:
    """The semicolon or TAB that stands between the headings where the comma should, or nothing."""
    written = [cell for cell in headings if cell]
    return next((mark for mark in "\t;" if len(written) == 1 and mark in written[0]), "")


def wrong_separator(where: Address, separator: str) -> Problem:
    """A CSV whose cells are not separated by commas."""
    return Problem("wrong-separator", where, {"separator": {"\t": "TAB"}.get(separator, separator)})


def in_utf8(name: str) -> str:
    """A file's name as it was written, in whichever locale we run: where that is not UTF-8, names arrive undecoded."""
    return os.fsencode(name).decode("utf-8", "replace")


def _gb18030(path: Path, data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Excel on a Chinese Windows saves CSV in GB18030: read it, and say so."""
    try:
        content = data.decode("gb18030")
    except UnicodeDecodeError:
        raise unreadable("not-a-table", str(path)) from None
    return content, (Problem("read-as-gb18030", Address(str(path)), severity="warning"),)


def _clean(cell: str) -> str:
    return _CONTROL.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


_DAMAGE = (LookupError, ValueError, OSError, EOFError, RuntimeError)  # what a broken zip or sheet leads to


def _xlsx_tables(path: Path) -> list[Table]:
    import python_calamine as calamine  # the door to calamine; heavy, so opened only here

    try:
        book = calamine.load_workbook(io.BytesIO(path.read_bytes()))  # by its content: it takes no name but in UTF-8
        names = [name for name in book.sheet_names if name != _LISTS]
        unread = {name: _unread_cells(path, name) for name in names}  # first: it refuses what would not fit in memory
        return [_xlsx_table(path, book.get_sheet_by_name(name), unread[name]) for name in names]
    except calamine.PasswordError:
        raise unreadable("encrypted", str(path)) from None
    except (calamine.CalamineError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError, *_DAMAGE):
        raise unreadable("not-a-table", str(path)) from None


def _xlsx_table(path: Path, sheet: Any, unread: tuple[Problem, ...]) -> Table:  # noqa: ANN401 - untyped library
    rows = [[_as_typed(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                rows[row][column] = rows[top][left]
    return Table(str(path), sheet.name, tuple(tuple(row) for row in rows), unread)


def _as_typed(cell: object) -> str:
    """A cell as a person would have typed it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(float(f"{cell:.15g}"))  # the digits that Excel shows
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return _clean(str(cell))


def _unread_cells(path: Path, sheet: str) -> tuple[Problem, ...]:
    """The cells whose value is not to be had: a formula never computed, which readers take for 0, or an error.

    Raises:
        UnreadableError: when a value stands so far out that the sheet would not fit in memory.
    """
    problems: list[Problem] = []
    with zipfile.ZipFile(path) as archive, archive.open(_part_of_sheet(archive, sheet)) as part:
        for row, column, cell in _cells(part):
            formula, value, kind = cell.find("{*}f") is not None, cell.findtext("{*}v"), cell.get("t")
            if not (formula or value or cell.find("{*}is") is not None or kind == "str"):
                continue
            where = Address(str(path), sheet, f"{column_letters(column)}{row + 1}")
            if row >= _ROWS or column >= _COLUMNS:
                raise UnreadableError(Problem("stray-cell", where, {"rows": _ROWS, "columns": _COLUMNS}))
            if kind == "e" and value:
                problems.append(Problem("error-value", where, {"written": value}))
            elif formula and not value and kind != "str":  # a formula may well give an empty text
                problems.append(Problem("formula-without-value", where))
    return tuple(problems)


def _cells(part: Any) -> Iterator[tuple[int, int, ElementTree.Element]]:  # noqa: ANN401 - a zip member
    """The cells of a sheet with row and column; where a cell or a row bears no name, it follows the one before."""
    row, column, rows = -1, -1, None
    for event, element in ElementTree.iterparse(part, ("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start" and tag == "sheetData":
            rows = element
        elif event == "start" and tag == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif event == "end" and tag == "c":
            own_row, column = _position(element.get("r") or f"{column_letters(column + 1)}{row + 1}")
            yield own_row, column, element
            element.clear()
        elif event == "end" and tag == "row" and rows is not None:
            rows.clear()  # else a sheet of a million rows would stay in memory


def _part_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    """The zip member that holds a sheet, by the workbook's own relations."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheets = {item.get("name"): item for item in book.iterfind(".//{*}sheet")}
    identifier = next((value for name, value in sheets[sheet].items() if name.endswith("}id")), "")
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    target = targets[identifier]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
