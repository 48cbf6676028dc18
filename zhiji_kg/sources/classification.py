"""The national classification of occupations (中华人民共和国职业分类大典), 2022 edition, from a CSV.

A row is a group (level 1–3) or an occupation (level 4) with code, name, definition and its
main tasks, numbered in one cell. Each main task becomes a typical work task with one
requirement on one capability point of the same label, so that a college can start from the
occupations it trains for. Definitions and tasks are read at run time and never shipped.
"""

import re
from collections.abc import Iterator, Sequence, Set

from ..errors import Address
from ..rdf import Iri, integer, text
from ..vocabulary import (
    DEFINITION,
    DERIVED_FROM,
    LABEL,
    NOTATION,
    RDF_TYPE,
    curie,
    entity,
    scheme_value,
    source_graph,
    zj,
)
from .occupations import CURRENT_EDITION, state_occupation
from .reading import Reading
from .tables import Table

COLUMNS = ("level", "code", "name", "definition", "tasks")
IDENTIFIER = "csco-2022"

_CODE = re.compile(r"\d-\d\d-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"(?:^|(?<=[\s；;]))\s*(\d{1,2})\s*[.．、]\s*")
_AROUND = " \t\r\n；;。"  # what may stand around the words of a task
_SHOWN = 20  # characters of a cell in a message
_MARKS = {"L": "mark/green", "S": "mark/digital"}
_MARK = re.compile(r"(?<=[^A-Za-z/])([LS](?:/[LS])?)$")


def is_classification(table: Table) -> bool:
    """Whether the first row names the columns of the classification."""
    return bool(table.rows) and set(COLUMNS) <= {cell.strip().lower() for cell in table.rows[0]}


def read_classification(table: Table) -> Reading:
    """Read the classification.

    A row that repeats another exactly is left out, and a code that stands at two places is named:
    each is one warning. So is every cell of tasks that holds text without a number, which is left
    out, or one number twice, whose items are then numbered as they stand.

    Args:
        table: a table with at least the columns ``COLUMNS``.

    Returns:
        Occupations, groups, main tasks and their requirements, with provenance.
    """
    reading = Reading(IDENTIFIER, (table.file,), grade="direct", reference=True)
    _state_document(reading)
    reading.problems.extend(table.problems)
    rows = _Rows(table, reading)
    for number, row in rows:
        if row["level"] == "4":
            _occupation(reading, row, f"{IDENTIFIER}!A{number + 1}", rows.groups)
            where = table.address(number, rows.columns["tasks"])
            _tasks(reading, row, where, f"{IDENTIFIER}!A{number + 1}")
        else:
            _group(reading, row, f"{IDENTIFIER}!A{number + 1}", rows.groups)
    _report_unread(table, reading)
    return reading


class _Rows:
    """The rows worth reading, with their numbers counted from 0; repeats are reported on the way."""

    def __init__(self, table: Table, reading: Reading) -> None:
        self.table = table
        self.reading = reading
        names = [cell.strip().lower() for cell in table.rows[0]]
        self.columns = {name: names.index(name) for name in COLUMNS}
        self.seen: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.groups = {row["code"] for _, row in self._written() if row["level"] != "4"}

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        return ((number, row) for number, row in self._written() if self._sound(number, row) and self._new(number, row))

    def _written(self) -> Iterator[tuple[int, dict[str, str]]]:
        for number, cells in enumerate(self.table.rows[1:], start=1):
            if any(cells):
                yield number, {name: cells[at] if at < len(cells) else "" for name, at in self.columns.items()}

    def _sound(self, number: int, row: dict[str, str]) -> bool:
        if any(self.table.address(number, column) in self.table.unread for column in self.columns.values()):
            return False  # named by the table already
        for name, fine in (
            ("code", bool(_CODE.fullmatch(row["code"]))),
            ("level", row["level"] in ("1", "2", "3", "4")),
        ):
            if not fine:
                where = self.table.address(number, self.columns[name])
                self.reading.report("not-of-the-classification", where, "error", column=name, written=row[name])
                return False
        if not row["name"]:
            where = self.table.address(number, self.columns["name"])
            self.reading.report("required-cell-empty", where, "error", column="name")
        return bool(row["name"])

    def _new(self, number: int, row: dict[str, str]) -> bool:
        seen = self.seen.setdefault(row["code"], [])
        seen.append((number, row))
        where = self.table.address(number, self.columns["code"])
        for first, earlier in seen[:-1]:
            values = {"code_": row["code"], "name": row["name"], "first": f"A{first + 1}"}
            if earlier == row:
                self.reading.report("row-repeated", where, "warning", **values)
                return False
            if (earlier["level"] == "4") == (row["level"] == "4"):  # the two would be one thing
                self.reading.report("duplicate", where, "error", key=row["code"], first=values["first"])
                return False
        if len(seen) > 1:
            values = {"code_": row["code"], "name": row["name"], "first": f"A{seen[0][0] + 1}"}
            self.reading.report("code-doubled", where, "warning", **values)
        return True


def _state_document(reading: Reading) -> None:
    document = source_graph(IDENTIFIER)
    reading.add(document, RDF_TYPE, zj("SourceDocument"))
    reading.add(document, LABEL, text("中华人民共和国职业分类大典（2022年版）", "zh"))
    reading.add(document, LABEL, text("National classification of occupations of China, 2022 edition", "en"))
    reading.add(document, curie("dcterms:identifier"), text(IDENTIFIER))
    reading.add(document, zj("evidenceGrade"), scheme_value("evidence-grade/direct"))


def _provenance(reading: Reading, subject: Iri, locator: str) -> None:
    reading.add(subject, DERIVED_FROM, source_graph(IDENTIFIER))
    reading.add(subject, zj("locator"), text(locator))
    reading.add(subject, zj("evidenceGrade"), scheme_value("evidence-grade/direct"))


def _group(reading: Reading, row: dict[str, str], locator: str, groups: Set[str]) -> None:
    group = entity("occupation-group", row["code"])
    reading.add(group, RDF_TYPE, zj("OccupationGroup"))
    reading.add(group, NOTATION, text(row["code"]))
    reading.add(group, LABEL, text(row["name"], "zh"))
    _provenance(reading, group, locator)
    above = _group_above(row["code"], int(row["level"]) - 1, groups)
    if above:
        reading.add(group, zj("withinGroup"), entity("occupation-group", above))


def _group_above(code: str, level: int, groups: Set[str]) -> str:
    """The code of the nearest group that a code lies in, of a level at most: its first parts, the rest zeros.

    Some occupations stand right under a group of level 2.
    """
    parts = code.split("-")
    codes = ("-".join(parts[:above] + ["00"] * (4 - above)) for above in range(level, 0, -1))
    return next((above for above in codes if above in groups), "")


def _occupation(reading: Reading, row: dict[str, str], locator: str, groups: Set[str]) -> None:
    marks = _MARK.search(row["name"])
    name = row["name"][: marks.start()] if marks else row["name"]
    occupation = state_occupation(reading, row["code"], CURRENT_EDITION, name)
    for mark in marks[0].split("/") if marks else ():
        reading.add(occupation, zj("hasMark"), scheme_value(_MARKS[mark]))
    if row["definition"]:
        reading.add(occupation, DEFINITION, text(row["definition"], "zh"))
    _provenance(reading, occupation, locator)
    if above := _group_above(row["code"], 3, groups):
        reading.add(occupation, zj("inOccupationGroup"), entity("occupation-group", above))


def _tasks(reading: Reading, row: dict[str, str], where: Address, locator: str) -> None:
    before, items = _NUMBER.split(row["tasks"])[0].strip(_AROUND), main_tasks(row["tasks"])
    if before:
        code = "text-before-first-number" if items else "tasks-without-number"
        reading.report(code, where, "warning", written=_shown(before))
    numbers = [number for number, _ in items]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        reading.report("task-number-twice", where, "warning", numbers="、".join(map(str, twice)))
        items = list(enumerate((words for _, words in items), start=1))
    occupation = entity("occupation", row["code"])
    for position, words in items:
        _task(reading, occupation, row["code"], position, words, locator)


def _shown(words: str) -> str:
    """The first words of a cell, for a message."""
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def main_tasks(cell: str) -> list[tuple[int, str]]:
    """The numbered items of a cell: (number, words), in the order written.

    Items are separated by a space or by “；”; the number, the separator and the closing stop are
    not part of the words.
    """
    pieces = _NUMBER.split(cell)
    return [
        (int(number), words.strip(_AROUND))
        for number, words in zip(pieces[1::2], pieces[2::2], strict=True)
        if words.strip(_AROUND)
    ]


def _task(reading: Reading, occupation: Iri, code: str, position: int, words: str, locator: str) -> None:
    own = f"{code}-{position}"
    task, requirement, point = entity("task", own), entity("requirement", "task", own), entity("point", own)
    label = text(words, "zh")
    for subject, of_class in ((task, "TypicalWorkTask"), (requirement, "Requirement"), (point, "CapabilityPoint")):
        reading.add(subject, RDF_TYPE, zj(of_class))
        reading.add(subject, LABEL, label)
        reading.add(subject, NOTATION, text(own))
        _provenance(reading, subject, locator)
    reading.add(occupation, zj("includesTask"), task)
    reading.add(task, zj("position"), integer(position))
    reading.add(task, zj("hasRequirement"), requirement)
    reading.add(requirement, zj("requiredPoint"), point)
    reading.add(requirement, zj("requirementKind"), scheme_value("requirement-kind/task"))
    reading.add(requirement, zj("position"), integer(position))


def _report_unread(table: Table, reading: Reading) -> None:
    """Name the columns that are not part of the classification and were left out."""
    derived = {*COLUMNS, "code_num", "csco_code_num"}
    unread: Sequence[str] = [cell for cell in table.rows[0] if cell and cell.strip().lower() not in derived]
    if unread:
        where = Address(table.file, table.name, "A1")
        reading.report("columns-left-out", where, "note", columns="、".join(unread))
