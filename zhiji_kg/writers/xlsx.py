"""The one door to XlsxWriter: books of plain cells, for the template and for the report.

Text is always written as text, so a value from a stranger's workbook (``=1+1``) can never
become a formula or a link. The same calls give the same bytes, and a file appears whole or
not at all.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from ..sources.tables import column_letters
from .files import write_whole

Role = Literal[
    "heading", "required", "text", "wrap", "number", "percent", "title", "note", "locked",
    "error", "warning", "covered", "partial", "no-match", "not-examined",
]  # fmt: skip
"""What a cell is for; its look follows from it."""

Cell = str | int | float | Decimal | Fraction | bool | None
"""What a cell can hold; ``None`` and the empty text leave it blank."""

Unlisted = Literal["stop", "warn", "allow"]
"""What Excel does with an entry that is not in the list: refuse it, ask, or take it."""

LONGEST_TEXT = 32_767  # characters a cell of an xlsx file can hold
_WHOLE_SHEET = "A1:XFD1048576"
_LAST_OPEN_COLUMN = 255  # XlsxWriter walks to the last formatted column in every row
_LISTS = "_lists"
_CREATED = datetime(2024, 1, 1, tzinfo=UTC)  # a date of today would give other bytes every day
_LONGEST_MESSAGE = 255
_SHEET_NAME = 31
_COMMENT_COLUMNS = 46  # half-width characters in a line of a comment

_BORDERED = {"border": 1, "border_color": "#BFBFBF", "valign": "top"}
_FILL = {**_BORDERED, "text_wrap": True, "locked": False}
_HEADING = {**_BORDERED, "bold": True, "text_wrap": True, "valign": "vcenter", "num_format": "@"}
_LOOKS: dict[Role, dict[str, object]] = {
    "heading": {**_HEADING, "bg_color": "#E7E6E6"},
    "required": {**_HEADING, "bg_color": "#F8CBAD"},
    "text": {"num_format": "@", "valign": "top", "locked": False},
    "wrap": {"num_format": "@", "valign": "top", "text_wrap": True, "locked": False},
    "number": {"valign": "top", "locked": False},
    "percent": {"num_format": "0.0%", "valign": "top", "locked": False},
    "title": {"bold": True, "font_size": 16},
    "note": {"italic": True, "font_color": "#595959", "text_wrap": True, "valign": "top", "locked": False},
    "locked": {"num_format": "@", "valign": "top", "bg_color": "#F2F2F2", "locked": True},
    "error": {**_FILL, "bg_color": "#F4B6B6"},
    "warning": {**_FILL, "bg_color": "#FFE699"},
    "covered": {**_FILL, "bg_color": "#C6E0B4"},
    "partial": {**_FILL, "bg_color": "#FFE699"},
    "no-match": {**_FILL, "bg_color": "#F4B6B6"},
    "not-examined": {**_FILL, "bg_color": "#D9D9D9"},
}

_FREEDOMS = (
    "format_cells", "format_columns", "format_rows", "insert_columns", "insert_rows", "insert_hyperlinks",
    "delete_columns", "delete_rows", "sort", "autofilter", "pivot_tables", "objects",
)  # fmt: skip


class Book:
    """An xlsx file in the making; nothing is on disk before the ``with`` block has ended well."""

    def __init__(self) -> None:
        """An empty book; use ``Book.create``."""
        import xlsxwriter  # the door to XlsxWriter; opened here to keep start-up fast

        self._buffer = BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._book.set_properties({"created": _CREATED, "author": "zhiji-kg"})
        self.formats: dict[Role, Any] = {role: self._book.add_format(look) for role, look in _LOOKS.items()}
        self._names = {_LISTS}
        self._lists: dict[tuple[str, ...], int] = {}

    @classmethod
    @contextmanager
    def create(cls, path: Path) -> Iterator["Book"]:
        """A book that is written to ``path`` at the end of the ``with`` block; an old file is replaced.

        Raises:
            CannotRunError: when the file cannot be written; an old file is then untouched.
        """
        book = cls()
        yield book
        write_whole(path, book.content())

    def sheet(self, name: str) -> "Sheet":
        """A new sheet after the others. A name that Excel refuses is made fit for it, and unique."""
        base = re.sub(r"[\[\]:*?/\\]", "-", name).strip("'") or "-"
        fit, count = base[:_SHEET_NAME], 1
        while fit.casefold() in self._names:
            count += 1
            ending = f" ({count})"
            fit = base[: _SHEET_NAME - len(ending)] + ending
        self._names.add(fit.casefold())
        return Sheet(self, self._book.add_worksheet(fit))

    def list_of(self, values: Iterable[str]) -> str:
        """A reference to the values on the hidden sheet ``_lists``; equal lists stand there once.

        Lists given directly in a validation are dropped without a word beyond 255 characters.
        """
        words = tuple(values)
        column = self._lists.setdefault(words, len(self._lists))
        letters = column_letters(column)
        return f"={_LISTS}!${letters}$1:${letters}${max(len(words), 1)}"

    def content(self) -> bytes:
        """The finished book; it takes nothing more."""
        if self._lists:
            hidden = self._book.add_worksheet(_LISTS)
            hidden.hide()
            for words, column in self._lists.items():
                for row, word in enumerate(words):
                    hidden.write_string(row, column, word)
        self._book.close()
        return self._buffer.getvalue()


class Sheet:
    """One sheet of a book. Rows and columns are counted from 0."""

    def __init__(self, book: Book, sheet: Any) -> None:  # noqa: ANN401 - untyped library
        """A sheet that prints on A4 across, as wide as one page; use ``Book.sheet``."""
        self._book = book
        self._sheet = sheet
        self._widths = 0
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.ignore_errors({"number_stored_as_text": _WHOLE_SHEET})

    @property
    def name(self) -> str:
        """The name the sheet got, which may differ from the one asked for."""
        return str(self._sheet.get_name())

    def cell(self, row: int, column: int, value: Cell, role: Role = "text") -> None:
        """Write one cell: text as text, numbers as numbers (percentages as 0 … 1).

        Text longer than a cell can hold (``LONGEST_TEXT``) is cut and ends in ``…``.

        Raises:
            ValueError: when the cell lies outside of what a sheet can hold.
        """
        look = self._book.formats[role]
        if value is None or value == "":
            code = self._sheet.write_blank(row, column, None, look)
        elif isinstance(value, bool):
            code = self._sheet.write_boolean(row, column, value, look)
        elif not isinstance(value, str) and math.isfinite(value):
            number = value if isinstance(value, int) else float(value)
            code = self._sheet.write_number(row, column, number, look)
        else:
            code = self._sheet.write_string(row, column, _cut(str(value), LONGEST_TEXT), look)
        _check(code)

    def row(self, index: int, values: Iterable[Cell], role: Role | Sequence[Role] = "text") -> None:
        """Write a row from its first column on, with one role for all cells or one for each."""
        cells = list(values)
        roles: Sequence[Role] = [role] * len(cells) if isinstance(role, str) else role
        for column, (value, its_role) in enumerate(zip(cells, roles, strict=True)):
            self.cell(index, column, value, its_role)

    def widths(self, widths: Sequence[float], roles: Sequence[Role] = ()) -> None:
        """Column widths in half-width characters, and the roles of cells that nobody wrote yet."""
        for column, width in enumerate(widths):
            look = self._book.formats[roles[column]] if column < len(roles) else None
            self._sheet.set_column(column, column, width, look)
        self._widths = max(self._widths, len(widths))

    def freeze(self, rows: int, columns: int = 0) -> None:
        """Keep the first rows and columns in sight; the rows are repeated on every printed page."""
        self._sheet.freeze_panes(rows, columns)
        if rows:
            self._sheet.repeat_rows(0, rows - 1)

    def autofilter(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Filter buttons over a range whose first row holds the headings."""
        self._sheet.autofilter(first_row, first_column, last_row, last_column)

    def comment(self, row: int, column: int, text: str) -> None:
        """A comment that shows when the pointer rests on the cell, large enough for its text."""
        lines = sum(max(1, math.ceil(width_of(line) / _COMMENT_COLUMNS)) for line in text.split("\n"))
        options = {"width": 340, "height": 20 + 19 * lines, "font_size": 10, "author": "zhiji-kg"}
        self._sheet.write_comment(row, column, _cut(text, LONGEST_TEXT), options)

    def choices(
        self, first_row: int, first_column: int, last_row: int, last_column: int,
        values: Sequence[str] | str, message: str = "", unlisted: Unlisted = "warn",
    ) -> None:  # fmt: skip
        """Offer a list in the cells of a range.

        Args:
            first_row: where the range begins, with ``first_column``.
            first_column: see ``first_row``.
            last_row: where it ends, with ``last_column``; both belong to it.
            last_column: see ``last_row``.
            values: the words, which go to the hidden sheet ``_lists``, or a reference (``=Sheet!$A$1:$A$9``).
            message: shown beside the cell and when an entry is refused; 255 characters at most.
            unlisted: what becomes of an entry that is not in the list.
        """
        said = _cut(message, _LONGEST_MESSAGE)
        rule = {
            "validate": "list",
            "source": values if isinstance(values, str) else self._book.list_of(values),
            "error_type": "stop" if unlisted == "stop" else "warning",
            "show_error": unlisted != "allow",
            **({"input_message": said, "error_message": said} if said else {}),
        }
        _check(self._sheet.data_validation(first_row, first_column, last_row, last_column, rule))

    def protect_cells(self) -> None:
        """Protect headings, titles and cells of the role ``locked``; everything else stays open.

        There is no password. Formatting, sorting, filtering and inserting stay allowed; Excel sorts
        and deletes only rows without a locked cell. Call it after ``widths``, with a role for every
        column: a cell that nobody wrote is as locked as its column.
        """
        if self._widths <= _LAST_OPEN_COLUMN:
            self._sheet.set_column(self._widths, _LAST_OPEN_COLUMN, None, self._book.formats["text"])
        self._sheet.protect("", dict.fromkeys(_FREEDOMS, True))


def width_of(value: Cell) -> int:
    """How wide a value is in half-width characters: Chinese ones count two; of several lines the widest."""
    lines = ("" if value is None else str(value)).split("\n")
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines)


def fitting_widths(rows: Iterable[Sequence[Cell]], least: float = 8, most: float = 40) -> list[float]:
    """Column widths in which the cells of the rows can be read, within bounds."""
    widths: list[float] = []
    for row in rows:
        widths.extend([least] * (len(row) - len(widths)))
        for column, value in enumerate(row):
            widths[column] = min(most, max(widths[column], width_of(value) + 2))
    return widths


def _check(code: int) -> None:
    """XlsxWriter drops what it cannot write and only returns a number."""
    if code:
        raise ValueError(f"the cell or list cannot be written (XlsxWriter says {code})")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
