"""Where the boxes of a picture stand: columns from left to right, rows so that lines are short, no two overlapping."""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..texts import Language, Text

HEIGHT = 26.0
"""The height of a box."""

_PITCH = HEIGHT + 12
_LOOSEST = 2.5 * _PITCH  # a column of few boxes is spread, for lines that run flat hide each other
_ASIDE = 0.3  # of a row, up and down in turn: so a line between two columns does not run behind a third's box
_FLATTEST = 3  # times as wide as high, where there are boxes enough
_BESIDE = 24.0  # between two parts of one column
_BETWEEN = 70.0  # between two columns: the room for lines and their labels
_PADDING = 44  # the sign of the group before the name, and how many neighbours are not shown after it
_WIDE, _NARROW = 14, 8
_LEAST, _MOST = 48, 260
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A box to be placed: whose it is, its column, counted from the left, and its width."""

    iri: str
    column: int
    width: float


def width_of(label: str) -> float:
    """The width that a box needs to show a label; a longer one is cut short there."""
    return float(min(max(_LEAST, _PADDING + sum(map(_room, label))), _MOST))


def name_in(language: Language, label: Text, otherwise: str) -> str:
    """What a box shows: the name, in the other language where there is none, else a word."""
    return label(language) or label.zh or label.en or otherwise


def places(boxes: Sequence[Box], lines: Iterable[tuple[str, str]], focus: str) -> dict[str, tuple[float, float]]:
    """The middle of each box; the focus stands in the middle of its column, and one input gives one picture.

    Args:
        boxes: what is shown.
        lines: the ends of the lines between them.
        focus: the IRI of the box in the middle.
    """
    most = max(12, math.ceil(2 * math.sqrt(len(boxes))))
    columns = [_folded(column, most, focus) for column in _ordered(boxes, lines)]
    width = sum(box.width + _BESIDE for column in columns for box in map(_widest, column)) + len(columns) * _BETWEEN
    height = max(width / _FLATTEST, _PITCH * max((len(column[0]) for column in columns), default=0))
    found: dict[str, tuple[float, float]] = {}
    x = 0.0
    for number, column in enumerate(columns):
        pitch = min(height / len(column[0]), _LOOSEST)
        above = _above(column, focus, _ASIDE if number % 2 else -_ASIDE) * pitch
        for standing in column:
            half = _widest(standing).width / 2
            found |= {box.iri: (x + half, row * pitch - above) for row, box in enumerate(standing)}
            x += 2 * half + _BESIDE
        x += _BETWEEN - _BESIDE
    return found


def _folded(column: list[Box], most: int, focus: str) -> list[list[Box]]:
    """A column in as many parts as it needs, filled row by row, so that a box keeps its height."""
    parts = math.ceil(len(column) / most)
    place = next((place for place, box in enumerate(column) if box.iri == focus), None)
    if place is not None:
        middle = math.ceil(len(column) / parts) // 2 * parts + parts // 2
        column.insert(min(middle, len(column) - 1), column.pop(place))
    return [column[part::parts] for part in range(parts)]


def _above(column: Sequence[Sequence[Box]], focus: str, aside: float) -> float:
    """How many rows of a column stand above the middle: above the focus, where it is of this column."""
    at = [row for standing in column for row, box in enumerate(standing) if box.iri == focus]
    return at[0] if at else (len(column[0]) - 1) / 2 + aside


def _widest(standing: Sequence[Box]) -> Box:
    return max(standing, key=lambda box: box.width)


def _ordered(boxes: Sequence[Box], lines: Iterable[tuple[str, str]]) -> list[list[Box]]:
    """The columns, each ordered by the mean height of what its boxes are linked to, to and fro until it has settled."""
    column_of = {box.iri: box.column for box in boxes}
    linked: dict[str, list[str]] = defaultdict(list)
    for source, target in lines:
        if column_of[source] != column_of[target]:
            linked[source].append(target)
            linked[target].append(source)
    numbers = sorted(set(column_of.values()))
    columns = [[box for box in boxes if box.column == number] for number in numbers]
    heights = {iri: height for column in columns for iri, height in _measured(column)}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            means = {box.iri: _mean(box.iri, linked, heights) for box in column}
            column.sort(key=lambda box: means[box.iri])
            heights |= dict(_measured(column))
    return columns


def _measured(column: Sequence[Box]) -> Iterable[tuple[str, float]]:
    return ((box.iri, (row + 0.5) / len(column)) for row, box in enumerate(column))


def _mean(iri: str, linked: Mapping[str, Sequence[str]], heights: Mapping[str, float]) -> float:
    near = [heights[other] for other in linked.get(iri, ())]
    # rounded, so that a sum in another order cannot swap two boxes
    return round(sum(near) / len(near), 9) if near else heights[iri]


def _room(letter: str) -> int:
    return _NARROW if unicodedata.east_asian_width(letter) in ("Na", "H", "N") else _WIDE
