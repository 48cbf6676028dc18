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
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ..errors import Address, Problem, UnreadableError, unreadable

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # first bytes of .xls and of an encrypted .xlsx
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name and its rows of text, the first row being row 1 of the file."""

    file: str
    name: str
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...] = ()

    @property
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
        rows = tuple(tuple(_clean(cell) for cell in row) for row in reader)
    except csv.Error as error:
        raise UnreadableError(
            Problem("broken-csv", Address(str(path), cell=str(reader.line_num)), {"reason": str(error)})
        ) from None
    return Table(str(path), in_utf8(path.stem), rows, problems)


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


def _xlsx_tables(path: Path) -> list[Table]:
    import python_calamine as calamine  # the door to calamine; heavy, so opened only here

    try:
        book = calamine.load_workbook(str(path))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names if not name.startswith("_")]
        return [_xlsx_table(path, sheet, _formulas_without_value(path, sheet.name)) for sheet in sheets]
    except calamine.PasswordError:
        raise unreadable("encrypted", str(path)) from None
    except (calamine.CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, OSError):
        raise unreadable("not-a-table", str(path)) from None


def _xlsx_table(path: Path, sheet: Any, uncached: list[str]) -> Table:  # noqa: ANN401 - untyped library
    rows = [[_as_typed(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                rows[row][column] = rows[top][left]
    problems = tuple(Problem("formula-without-value", Address(str(path), sheet.name, cell)) for cell in uncached)
    return Table(str(path), sheet.name, tuple(tuple(row) for row in rows), problems)


def _as_typed(cell: object) -> str:
    """A cell as a person would have typed it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(float(f"{cell:.15g}"))  # the digits that Excel shows
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return _clean(str(cell))


def _formulas_without_value(path: Path, sheet: str) -> list[str]:
    """Cells whose formula was never computed: every reader sees 0 there, so we must not believe it."""
    namespace = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as archive, archive.open(_part_of_sheet(archive, sheet)) as part:
        return [
            element.get("r", "")
            for _, element in _elements(part, f"{namespace}c")
            if element.find(f"{namespace}f") is not None
            and not element.findtext(f"{namespace}v")
            and element.get("t") != "str"  # a formula may well give an empty text
        ]


def _elements(part: Any, tag: str) -> Iterator[tuple[str, ElementTree.Element]]:  # noqa: ANN401 - a zip member
    for event, element in ElementTree.iterparse(part):
        if element.tag == tag:
            yield event, element
            element.clear()


def _part_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    """The zip member that holds a sheet, by the workbook's own relations."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    identifiers = {item.get("name"): item.get(relation) for item in book.iter(f"{main}sheet")}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    target = targets[identifiers[sheet]]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
