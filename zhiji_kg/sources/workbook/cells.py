"""From the text of a cell to a typed value, or to the name of what is wrong with it."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from ...errors import Problem
from .layout import Column, Layout

_SEPARATORS = re.compile(r"[、;；，\n]+")
_RANGE = re.compile(r"(\d{1,2})\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})")
_WHOLE = re.compile(r"[+-]?\d{1,15}(?:\.0*)?")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.IGNORECASE)
_FINEST = -18  # decimal places: as many as the store keeps
_QUOTED = 100  # characters of a cell that a message quotes
_N = TypeVar("_N", int, Decimal)
_LEVELS = {"skill-level/preparatory-technician": "PT"}


class CellError(ValueError):
    """A cell that cannot be what its column says: a problem code and its values."""

    def __init__(self, code: str, **values: object) -> None:
        """Carry the code and the values of the problem's text."""
        super().__init__(code)
        self.code = code
        self.values = {**values, "written": in_one_line(str(values.get("written", "")))}

    def problem(self) -> Problem:
        """As a problem without a place."""
        return Problem(self.code, None, self.values)


def parse_cell(column: Column, written: str, layout: Layout) -> Any:  # noqa: ANN401 - the type depends on the column
    """The value of a non-empty cell.

    Returns:
        By the column's type: ``str`` (text, code, word as scheme value, programme, date), ``int``
        (integer, depth, year), ``Decimal`` (number), ``bool``, or a tuple of these for lists.

    Raises:
        CellError: when the text is not of the column's type or outside its bounds.
    """
    return _PARSERS[column.type](column, written, layout)


def parts(written: str) -> tuple[str, ...]:
    """The items of a list cell: separated by 、 or ， or ; or a line break, without blanks and repeats."""
    return tuple(dict.fromkeys(part.strip() for part in _SEPARATORS.split(written) if part.strip()))


def code(written: str) -> str:
    """A code as it is compared: full-width letters and digits folded, inner blanks single."""
    return " ".join(unicodedata.normalize("NFKC", written).split())


def in_one_line(written: str) -> str:
    """The text of a cell as a message quotes it: without line breaks, and no longer than it need be."""
    plain = " ".join(written.split())
    return plain if len(plain) <= _QUOTED else plain[:_QUOTED] + "…"


def _text(_column: Column, written: str, _layout: Layout) -> str:
    return written


def _code(_column: Column, written: str, _layout: Layout) -> str:
    return code(written)


def _codes(_column: Column, written: str, _layout: Layout) -> tuple[str, ...]:
    return tuple(code(part) for part in parts(written))


def _integer(column: Column, written: str, _layout: Layout) -> int:
    plain = unicodedata.normalize("NFKC", written)
    if not _WHOLE.fullmatch(plain):
        raise CellError("not-a-whole-number", column=column.zh, written=written)
    return _bounded(column, int(plain.partition(".")[0]))


def _integers(column: Column, written: str, layout: Layout) -> tuple[int, ...]:
    """Whole numbers in a list; ``2-4`` stands for 2, 3 and 4."""
    plain = _RANGE.sub(_spelt_out, unicodedata.normalize("NFKC", written))
    return tuple(sorted({_integer(column, part, layout) for part in re.split(r"[、;；,，\s]+", plain) if part}))


def _spelt_out(found: re.Match[str]) -> str:
    first, last = int(found[1]), int(found[2])
    return ";".join(map(str, range(first, last + 1))) if first <= last else found[0]


def _number(column: Column, written: str, _layout: Layout) -> Decimal:
    plain = unicodedata.normalize("NFKC", written)
    value = Decimal(plain) if _NUMBER.fullmatch(plain) else Decimal("Infinity")
    if abs(value) >= 10**12 or int(value.as_tuple().exponent) < _FINEST:
        raise CellError("not-a-number", column=column.zh, written=written)
    return _bounded(column, value)


def _bounded(column: Column, value: _N) -> _N:
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        if high is None:
            raise CellError("too-small", column=column.zh, value=value, minimum=low)
        raise CellError("out-of-bounds", column=column.zh, value=value, minimum=low, maximum=high)
    return value


def _year(column: Column, written: str, layout: Layout) -> int:
    value = _integer(column, written.removesuffix("年").removesuffix("级").removesuffix("版"), layout)
    if not 1900 <= value <= 2100:
        raise CellError("not-a-year", column=column.zh, written=written)
    return value


def _word(column: Column, written: str, layout: Layout) -> str:
    value = layout.value(column.words, written)
    if value is None:
        raise CellError(
            "unknown-word", column=column.zh, written=written, words="、".join(layout.offered(column.words))
        )
    return value


def _words(column: Column, written: str, layout: Layout) -> tuple[str, ...]:
    return tuple(_word(column, part, layout) for part in parts(written))


def _boolean(column: Column, written: str, layout: Layout) -> bool:
    value = layout.value("boolean", written)
    if value is None:
        raise CellError("not-yes-or-no", column=column.zh, written=written)
    return value == "true"


def _depth(column: Column, written: str, layout: Layout) -> int:
    word = layout.value("depth", written)
    if word is not None:
        return int(word)
    plain = unicodedata.normalize("NFKC", written)
    if plain not in ("1", "2", "3", "4"):
        raise CellError("not-a-depth", column=column.zh, written=written)
    return int(plain)


def _level(column: Column, written: str, layout: Layout) -> str:
    """A skill level as it stands in keys: ``5`` … ``1``, or ``PT`` for 预备技师."""
    value = layout.value("skill_level", written)
    if value is None:
        words = "、".join(layout.offered("skill_level"))
        raise CellError("unknown-word", column=column.zh, written=written, words=words)
    return _LEVELS.get(value, value.rpartition("/")[2])


def _date(column: Column, written: str, _layout: Layout) -> str:
    plain = re.sub(r"[年月/.]", "-", written.removesuffix("日"))
    try:
        year, month, day = (int(part) for part in plain.split("-"))
        return dt.date(year, month, day).isoformat()
    except (ValueError, OverflowError):
        raise CellError("not-a-date", column=column.zh, written=written) from None


_PARSERS: dict[str, Callable[[Column, str, Layout], Any]] = {
    "text": _text,
    "texts": _codes,  # names that are compared with one another, such as those of equipment
    "code": _code,
    "codes": _codes,
    "programme": _code,
    "integer": _integer,
    "integers": _integers,
    "number": _number,
    "year": _year,
    "word": _word,
    "words": _words,
    "boolean": _boolean,
    "depth": _depth,
    "level": _level,
    "date": _date,
}
