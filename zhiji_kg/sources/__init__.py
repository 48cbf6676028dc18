"""Readers: files in, triples with provenance out. One module a format; the format is told by content."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..errors import Address, Problem, UnreadableError, unreadable
from .classification import COLUMNS, is_classification, read_classification
from .reading import Reading, Reference
from .tables import Table, other_separator, read_tables, wrong_separator
from .workbook import OpenWorkbook, is_workbook, open_workbook, together, write_workbook

__all__ = ["FORMATS", "Reading", "Reference", "read_source", "read_sources"]

FORMATS = ("workbook", "csco")
"""The formats a source may be said to have: the workbook, and the classification of occupations."""


def read_sources(paths: Sequence[Path], form: str | None = None) -> tuple[list[Reading], list[Problem]]:
    """Read several sources that make one graph; workbooks know of each other's plans and stages.

    Args:
        paths: xlsx files, folders of CSV files or CSV files.
        form: a name of ``FORMATS`` for all of them; told from the content when not given.

    Returns:
        The readings, and a problem for each source that cannot be read at all: every one is tried.
    """
    opened: list[OpenWorkbook | Reading] = []
    unread: list[Problem] = []
    for path in paths:
        try:
            opened.append(_open(path, form))
        except UnreadableError as error:
            unread.extend(error.problems)
    around = together(one.outlook for one in opened if isinstance(one, OpenWorkbook))
    return [write_workbook(one, around) if isinstance(one, OpenWorkbook) else one for one in opened], unread


def read_source(path: Path, form: str | None = None) -> Reading:
    """Read one source by itself.

    Args:
        path: an xlsx file, a folder of CSV files or a CSV file.
        form: a name of ``FORMATS``; told from the content when not given.

    Raises:
        UnreadableError: when the source is missing, empty, encrypted, an old ``.xls``, or of no
            format we know.
    """
    readings, unread = read_sources([path], form)
    if unread:
        raise UnreadableError(*unread)
    return readings[0]


def _open(path: Path, form: str | None) -> OpenWorkbook | Reading:
    tables = read_tables(path)
    _refuse_other_separators(tables)
    if form is None:
        form = "csco" if len(tables) == 1 and is_classification(tables[0]) else "workbook"
    if form == "csco":
        if not (tables and is_classification(tables[0])):
            raise unreadable("not-the-format", str(path), form=form)
        return read_classification(tables[0])
    if not is_workbook(tables) and path.is_file() and path.suffix.lower() == ".csv":
        raise unreadable("lone-csv", str(path))
    return open_workbook(path, [table if is_workbook([table]) else _without_cells(table) for table in tables])


def _without_cells(table: Table) -> Table:
    """A sheet that is not read: what is wrong in its cells is no matter of ours."""
    return replace(table, problems=tuple(p for p in table.problems if not (p.where and p.where.cell)))


def _refuse_other_separators(tables: Sequence[Table]) -> None:
    """A CSV of ours whose cells are not separated by commas is one mistake, not one a cell."""
    problems = []
    for table in tables:
        separator = other_separator(table.rows[0]) if table.rows and Path(table.file).suffix == ".csv" else ""
        if separator and (is_workbook([table]) or set(COLUMNS) <= set("".join(table.rows[0]).lower().split(separator))):
            problems.append(wrong_separator(Address(table.file), separator))
    if problems:
        raise UnreadableError(*problems)
