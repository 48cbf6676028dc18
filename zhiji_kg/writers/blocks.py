"""A paper in blocks: what stands on it, in order, before it is a Word file or Markdown.

Who has something to say on paper makes these values; ``writers.docx`` and ``writers.markdown`` draw
them. Every text is plain: no mark in it means anything, whatever a stranger's workbook holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..texts import Language

Tone = Literal[
    "", "covered", "partial", "no-match", "not-examined", "error", "warning", "note",
    "heat-1", "heat-2", "heat-3", "heat-4",
]  # fmt: skip
"""What the colour of a cell stands for; its text says it too, so that no colour is needed."""

Look = Literal["body", "lead", "note", "small"]
"""How a paragraph is set: running text, the answer itself, a warning in a frame, an aside."""

RowRole = Literal["", "group", "total"]
"""What a row is: one of the data, the name of those that follow (one cell), or their sum."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The title page: what it is, of whom, the facts about it, and what must be said before all else."""

    kicker: str
    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of the headings of the first level that follow, each leading to its place."""

    title: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; one of the first level begins on a new page where ``new_page`` says so."""

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``label`` stands before it in bold."""

    text: str
    look: Look = "body"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, numbered or with dots."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms with what is said of each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and whether it holds numbers."""

    heading: str
    share: float = 1
    number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text (lines parted by line feeds), the meaning of its colour, whether it is bold or inset."""

    text: str
    tone: Tone = ""
    strong: bool = False
    inset: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; one of the role ``group`` has a single cell that spans all columns."""

    cells: tuple[Cell, ...]
    role: RowRole = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; its headings are repeated on every page that it reaches."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a bar: what its colour stands for, what is written in it, and its length in percent."""

    tone: Tone
    text: str
    length: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of 100 percent: its group, its name and its parts."""

    group: str
    name: str
    parts: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A figure of bars with its caption and its key: what each colour and sign stands for."""

    caption: str
    key: tuple[tuple[Tone, str], ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Where a committee decides and signs: the question with its choices, room for words, and who signs."""

    question: str
    choices: tuple[str, ...]
    remarks: str
    signers: tuple[str, ...]
    date: str


Block = Cover | Contents | Heading | Paragraph | Listing | Facts | Table | Bars | Signatures
"""What can stand on a paper."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper: its blocks, its language, its title, and what stands at the foot of every page.

    ``page_of`` holds the places of the page's number and of their count: ``第 {page} 页，共 {pages} 页``.
    """

    title: str
    language: Language
    blocks: tuple[Block, ...]
    header: str = ""
    footer: str = ""
    page_of: str = "{page}/{pages}"


def row(*cells: str | Cell, role: RowRole = "") -> Row:
    """A row of plain texts and cells."""
    return Row(tuple(Cell(cell) if isinstance(cell, str) else cell for cell in cells), role)


def group_row(text: str) -> Row:
    """A row that names those that follow."""
    return Row((Cell(text, strong=True),), "group")


def headings(blocks: Iterable[Block], level: int = 1) -> list[Heading]:
    """The headings of a level, in order."""
    return [block for block in blocks if isinstance(block, Heading) and block.level == level]
