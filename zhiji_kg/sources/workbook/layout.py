"""The workbook's sheets and columns, read from ``layouts/workbook.toml``.

The layout is data: the reader, the template and the reference in the docs are all made
from it, so none of them can know a column that the others do not.
"""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from ...resources import LAYOUTS
from ...texts import NOTHING, Text, folded, text_of


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its headings, its type and what it becomes.

    ``refers`` is (kind, class, scope) of the entity that a code in the column names;
    ``minimum`` and ``maximum`` bound numbers, inclusive.
    """

    key: str
    zh: str
    en: str
    type: str
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    on: str = ""
    property: str = ""
    words: str = ""
    refers: tuple[str, ...] = ()
    about: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that a row describes: the parts of its IRI, its class and where its names stand."""

    name: str
    kind: str
    key: tuple[str, ...]
    of_class: str = ""
    class_from: str = ""
    label: str = ""
    label_en: str = ""
    notation: tuple[str, ...] = ()
    primary: bool = False
    when: str = ""
    unless: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its names, its columns and the entities its rows describe."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    entities: tuple[Entity, ...]
    links: tuple[tuple[str, str, str], ...]
    required_with: str = ""
    about: Text = NOTHING

    @cached_property
    def by_heading(self) -> dict[str, Column]:
        """Columns by their normalised Chinese and English headings, evidence columns included."""
        return {folded(name): column for column in self.all_columns for name in (column.zh, column.en)}

    @cached_property
    def all_columns(self) -> tuple[Column, ...]:
        """The sheet's own columns and, but for 说明, the evidence columns."""
        return self.columns if self.key == "about" else self.columns + workbook_layout().evidence


@dataclass(frozen=True)
class Layout:
    """The whole workbook: sheets in their order, evidence columns, words with their values.

    ``for_people`` are the normalised names of ``sheets`` and ``columns`` that our own programs write beside them
    for people to read: they are not taken for slips.
    """

    sheets: tuple[Sheet, ...]
    evidence: tuple[Column, ...]
    words: dict[str, dict[str, str]]
    about: dict[str, tuple[str, ...]]
    for_people: dict[str, frozenset[str]]

    @cached_property
    def by_name(self) -> dict[str, Sheet]:
        """Sheets by their normalised Chinese and English names."""
        return {folded(name): sheet for sheet in self.sheets for name in (sheet.zh, sheet.en)}

    @cached_property
    def by_key(self) -> dict[str, Sheet]:
        """Sheets by their key."""
        return {sheet.key: sheet for sheet in self.sheets}

    def value(self, words: str, written: str) -> str | None:
        """The value that a word of a cell stands for, or ``None`` when it is not in the list."""
        return self._normalised[words].get(folded(written))

    def offered(self, words: str) -> list[str]:
        """The words to offer for a list: the first one written for each value."""
        first: dict[str, str] = {}
        for word, value in self.words[words].items():
            first.setdefault(value, word)
        return list(first.values())

    @cached_property
    def _normalised(self) -> dict[str, dict[str, str]]:
        return {name: {folded(word): value for word, value in table.items()} for name, table in self.words.items()}


@cache
def workbook_layout() -> Layout:
    """The layout of ``layouts/workbook.toml``."""
    data = tomllib.loads((LAYOUTS / "workbook.toml").read_text(encoding="utf-8"))
    return Layout(
        sheets=tuple(_sheet(entry) for entry in data["sheet"]),
        evidence=tuple(_column(entry) for entry in data["evidence"]),
        words=data["words"],
        about={key: tuple(names) for key, names in data["about"].items()},
        for_people={kind: frozenset(map(folded, names)) for kind, names in data["for_people"].items()},
    )


def _sheet(entry: dict[str, Any]) -> Sheet:
    return Sheet(
        key=entry["key"],
        zh=entry["zh"],
        en=entry["en"],
        columns=tuple(_column(column) for column in entry["columns"]),
        entities=tuple(_entity(name, parts) for name, parts in entry.get("entities", {}).items()),
        links=tuple((link[0], link[1], link[2]) for link in entry.get("links", ())),
        required_with=entry.get("required_with", ""),
        about=text_of(entry.get("about", {"zh": "", "en": ""})),
    )


def _column(entry: dict[str, Any]) -> Column:
    about = text_of(entry.get("about", {"zh": "", "en": ""}))
    return Column(**{**entry, "refers": tuple(entry.get("refers", ())), "about": about})


def _entity(name: str, parts: dict[str, Any]) -> Entity:
    plain = {key: value for key, value in parts.items() if key not in ("class", "key", "notation")}
    return Entity(
        name=name,
        key=tuple(parts["key"]),
        of_class=parts.get("class", ""),
        notation=tuple(parts.get("notation", ())),
        **plain,
    )
