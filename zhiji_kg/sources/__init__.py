"""Readers: a file in, triples with provenance out. One module a format; the format is told by content."""

from collections.abc import Callable
from pathlib import Path

from ..errors import unreadable
from .classification import is_classification, read_classification
from .reading import Reading, Reference
from .tables import Table, read_tables
from .workbook import is_workbook, read_workbook

__all__ = ["FORMATS", "Reading", "Reference", "read_source"]


def _one_table(_path: Path, tables: list[Table]) -> Reading:
    return read_classification(tables[0])


FORMATS: dict[str, Callable[[Path, list[Table]], Reading]] = {
    "workbook": read_workbook,
    "csco": _one_table,
}


def read_source(path: Path, form: str | None = None) -> Reading:
    """Read one source.

    Args:
        path: an xlsx file, a folder of CSV files or a CSV file.
        form: a name of ``FORMATS``; told from the content when not given.

    Raises:
        UnreadableError: when the source is missing, empty, encrypted, an old ``.xls``, or of no
            format we know.
    """
    tables = read_tables(path)
    if form is None:
        form = "csco" if len(tables) == 1 and is_classification(tables[0]) else "workbook"
    if form == "csco" and not (tables and is_classification(tables[0])):
        raise unreadable("not-the-format", str(path), form=form)
    if form == "workbook" and not is_workbook(tables) and path.is_file() and path.suffix.lower() == ".csv":
        raise unreadable("lone-csv", str(path))
    return FORMATS[form](path, tables)
