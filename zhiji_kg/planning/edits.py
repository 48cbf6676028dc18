"""An edit list: what a committee might change in a plan, read from JSON or from a small sheet.

The kinds of edits and their columns stand in ``layouts/edits.toml``. A value is read as a cell of the
workbook is, wherever it stands, so that ``掌握`` and ``3`` are one depth.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import Address, Problem, SourceError, unreadable
from ..resources import LAYOUTS
from ..sources.tables import Table, read_tables
from ..sources.workbook.cells import CellError, parse_cell
from ..sources.workbook.layout import Column, workbook_layout
from ..texts import Text, folded


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of edit: its words, the columns it needs, and those it may have besides."""

    key: str
    label: Text
    needs: tuple[str, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to one edition of a programme; what a field means, ``layouts/edits.toml`` says.

    ``depth`` is 1 to 4, ``hours`` those of a course for a point, ``theory``, ``practice`` and ``total``
    those of a course; ``where`` is the place it was read from.
    """

    edit: str
    course: str = ""
    point: str = ""
    depth: int | None = None
    hours: Decimal | None = None
    term: tuple[int, ...] = ()
    completion: int | None = None
    assessed: bool | None = None
    theory: Decimal | None = None
    practice: Decimal | None = None
    total: Decimal | None = None
    credits: Decimal | None = None
    name: str = ""
    module: str = ""
    prerequisites: tuple[str, ...] = ()
    why: str = ""
    where: Address | None = field(default=None, compare=False)

    def plain(self) -> dict[str, Any]:
        """The edit as plain data, as ``read_edits`` takes it: what it does not say is left out."""
        words = replace(self, module=self.module.rpartition("/")[2])  # the English word of the module
        said = ((part.name, getattr(words, part.name)) for part in fields(self) if part.name != "where")
        return {name: _plain(value) for name, value in said if value not in ("", None, ())}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a field of an edit
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of edits by their keys."""
    return {
        entry["key"]: Kind(entry["key"], Text(entry["zh"], entry["en"]), tuple(entry["needs"]), tuple(entry["may"]))
        for entry in _layout()["kind"]
    }


@cache
def columns() -> dict[str, Column]:
    """The columns of an edit sheet by their keys, in their order."""
    made = ({**entry, "about": Text(entry["about"]["zh"], entry["about"]["en"])} for entry in _layout()["column"])
    return {entry["key"]: Column(**entry) for entry in made}


@cache
def _layout() -> dict[str, Any]:
    return tomllib.loads((LAYOUTS / "edits.toml").read_text(encoding="utf-8"))


def read_edits(path: Path) -> tuple[Edit, ...]:
    """The edits of a file: JSON (a list, or an object with ``edits``), or a sheet in CSV or xlsx.

    Raises:
        UnreadableError: when the file cannot be read, or is neither.
        SourceError: when an edit is not one; every such edit is named.
    """
    if path.suffix.lower() == ".json":
        return edits_of(_json(path), str(path))
    written = list(_rows(path, next(iter(read_tables(path)))))
    return _read_all(written)


def edits_of(data: object, file: str = "") -> tuple[Edit, ...]:
    """The edits of plain data: a list of objects, or an object that holds one under ``edits``.

    Raises:
        UnreadableError: when the data is neither.
        SourceError: when an edit is not one.
    """
    listed = data.get("edits") if isinstance(data, Mapping) else data
    if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
        raise unreadable("edits-not-a-list", file)
    written = [
        (Address(file, cell=str(number)) if file else None, {str(key): _written(value) for key, value in entry.items()})
        for number, entry in enumerate(listed, 1)
    ]
    return _read_all(written)


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise unreadable("missing-file", str(path)) from None
    except OSError as error:
        raise unreadable("cannot-open", str(path), reason=error.strerror or str(error)) from None
    except (ValueError, RecursionError):
        raise unreadable("edits-not-a-list", str(path)) from None


def _written(value: object) -> str:
    """A value of JSON as a person would have typed it into a cell."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(_written, value))
    return "" if value is None else str(value).strip()


Written = tuple[Address | None, Mapping[str, str]]


def _rows(path: Path, table: Table) -> Iterator[Written]:
    """The rows of a sheet with a kind of edit in them, by column key; headings in zh or en."""
    by_heading = {folded(name): key for key, column in columns().items() for name in (key, column.zh, column.en)}
    headings = [by_heading.get(folded(cell), cell) for cell in table.rows[0]] if table.rows else []
    if "edit" not in headings:
        raise unreadable("edits-not-a-list", str(path))
    for number, row in enumerate(table.rows[1:], 1):
        values = {heading: cell for heading, cell in zip(headings, row, strict=False) if heading and cell}
        if values:
            yield table.address(number, headings.index("edit")), values


def _read_all(written: Iterable[Written]) -> tuple[Edit, ...]:
    edits: list[Edit] = []
    problems: list[Problem] = []
    for where, values in written:
        try:
            edits.append(_edit(where, values))
        except CellError as error:
            problems.append(Problem(error.code, where, error.values))
    if problems:
        raise SourceError(*problems)
    return tuple(edits)


def _edit(where: Address | None, written: Mapping[str, str]) -> Edit:
    said = {key: value for key, value in written.items() if value}
    kind = _kind(said.get("edit", ""))
    known = {"edit", "why", *kind.needs, *kind.may}
    if odd := sorted(said.keys() - known):
        raise CellError("edit-has-more", edit=kind.label, columns="、".join(map(_heading, odd)))
    if lacking := [key for key in kind.needs if key not in said]:
        raise CellError("edit-lacks", edit=kind.label, columns="、".join(map(_heading, lacking)))
    values = {key: parse_cell(columns()[key], value, workbook_layout()) for key, value in said.items()}
    return Edit(**{**values, "edit": kind.key, "where": where})


def _heading(key: str) -> str:
    return columns()[key].zh + f" ({key})" if key in columns() else key


def _kind(written: str) -> Kind:
    names = {folded(name): kind for kind in kinds().values() for name in (kind.key, kind.label.zh, kind.label.en)}
    if found := names.get(folded(written)):
        return found
    raise CellError("unknown-edit", written=written, known="、".join(kinds()))
