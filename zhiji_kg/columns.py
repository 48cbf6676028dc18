"""The columns of an answer for people: which of them a table shows, and what they are called.

Programs read the names of the variables; people read the headings of ``web/texts/columns.toml``.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .texts import Language, say

Cell = tuple[str, str]
"""What a cell says, and the IRI of the entity it names (or none)."""

_LEAST = 2  # columns that a table keeps, however much its rows have in common


@dataclass(frozen=True, slots=True)
class Shown:
    """A table for people: headings and rows, and what all rows have in common, told once above."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    told: tuple[tuple[str, Cell], ...] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    cells: tuple[Cell, ...]
    owner: str = ""


def stem(name: str) -> str:
    """What a variable is about: ``goal`` of ``goalLabelEn``, ``goalLabel`` and ``goal``; ``label`` of ``labelEn``."""
    base = _base(name)
    for ending in ("Label", "_label", "Code"):
        if base.endswith(ending):
            return base.removesuffix(ending)
    return base


def heading(name: str, columns: Collection[str], language: Language) -> str:
    """The heading of a variable where every column of the answer is shown, as in a workbook.

    Args:
        name: of the variable.
        columns: all variables of the answer.
        language: of the heading.

    Raises:
        KeyError: when there is no heading for it.
    """
    word = _word(name, language)
    if name != _base(name):
        return say("columns.form.english")(language, name=word)
    if {f"{name}En", f"{name}_en"} & set(columns):
        return say("columns.form.chinese")(language, name=word)
    if {f"{name}Label", f"{name}_label"} & set(columns):
        return say("columns.form.identifier")(language, name=word)
    return word


def for_people(
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    language: Language,
    *,
    above: Collection[str] = (),
    declared: bool = False,
) -> Shown:
    """What a person reads of an answer.

    Left out are columns that repeat a parameter, those without any value, and names in the other language
    (which stand in where one is missing). The IRI of a thing goes with its label or code, as what that
    leads to. Of a declared answer the headings are words, and what all rows say is told once.

    Args:
        columns: the variables.
        rows: a cell for each variable.
        language: of the reader.
        above: the parameters, which the question has said already.
        declared: whether the query declares its answer, so that every variable has a heading.

    Returns:
        The table.
    """
    made = [_Column(name, tuple(row[place] for row in rows)) for place, name in enumerate(columns)]
    spoken = _in_language(made, language)
    named = _with_links(spoken)
    kept = [one for one in named if one.name not in above and (not rows or any(map(any, one.cells)))] or named
    headings = [_heading(one, kept, language) if declared else one.name for one in kept]
    common = _common([one.cells for one in kept]) if declared else ()
    shown = [place for place in range(len(kept)) if place not in common]
    return Shown(
        tuple(headings[place] for place in shown),
        tuple(tuple(kept[place].cells[number] for place in shown) for number in range(len(rows))),
        tuple((headings[place], kept[place].cells[0]) for place in common),
    )


def _base(name: str) -> str:
    return name.removesuffix("En").removesuffix("_en")


def _word(name: str, language: Language) -> str:
    word = say(f"columns.word.{stem(name)}")(language)
    return say("columns.form.code")(language, name=word) if _base(name).endswith("Code") else word


def _in_language(made: Sequence[_Column], language: Language) -> list[_Column]:
    """One column for each pair of languages, under the name of the first."""
    by_name = {one.name: one for one in made}
    found = []
    for one in made:
        other = by_name.get(f"{one.name}En") or by_name.get(f"{one.name}_en")
        if other is not None:
            first, second = (one, other) if language == "zh" else (other, one)
            cells = zip(first.cells, second.cells, strict=True)
            found.append(_Column(one.name, tuple(mine if any(mine) else theirs for mine, theirs in cells)))
        elif _base(one.name) == one.name or _base(one.name) not in by_name:
            found.append(one)
    return found


def _with_links(spoken: Sequence[_Column]) -> list[_Column]:
    """The columns without the IRIs whose label or code stands beside them; that leads to the IRI now."""
    found = {one.name: one for one in spoken}
    names = list(found)
    free = [one.name for one in spoken if _of_entities(one)]
    for name in list(free):
        bearer = _bearer([f"{name}Label", f"{name}_label", *_inverted(name), f"{name}Code"], found)
        if bearer:
            free.remove(name)
            _lead(found, bearer, name)
    bearer = _bearer(["label", "code"], found)
    if bearer and free:
        # the last IRI before the label is what it names; where none is before it, the next one
        at = names.index(bearer)
        _lead(found, bearer, min(free, key=lambda name: (names.index(name) > at, abs(at - names.index(name)))))
    return list(found.values())


def _of_entities(one: _Column) -> bool:
    given = [cell for cell in one.cells if any(cell)]
    return bool(given) and all(iri for _, iri in given)


def _inverted(name: str) -> tuple[str, ...]:
    _, of, rest = name.partition("Of")
    return (f"labelOf{rest}", f"codeOf{rest}") if of else ()


def _bearer(names: Sequence[str], found: dict[str, _Column]) -> str:
    """The first of these columns that has values, and no IRI of its own."""
    return next((n for n in names if n in found and any(map(any, found[n].cells)) and not _linked(found[n])), "")


def _linked(one: _Column) -> bool:
    return any(iri for _, iri in one.cells)


def _lead(found: dict[str, _Column], bearer: str, name: str) -> None:
    pairs = zip(found[bearer].cells, found[name].cells, strict=True)
    found[bearer] = _Column(bearer, tuple((said or text, iri) for (said, _), (text, iri) in pairs), name)
    del found[name]


def _common(cells: Sequence[tuple[Cell, ...]]) -> tuple[int, ...]:
    """The places of the columns that say the same in every row, as many as the table can do without."""
    same = [place for place, one in enumerate(cells) if len(one) > 1 and len(set(one)) == 1]
    return tuple(same[: max(len(cells) - _LEAST, 0)])


def _heading(one: _Column, kept: Sequence[_Column], language: Language) -> str:
    if one.name == "label" and one.owner:
        return _word(one.owner, language)
    word = _word(one.name, language)
    twice = any(stem(other.name) == one.name != other.name and not other.name.endswith("Code") for other in kept)
    return say("columns.form.code")(language, name=word) if twice else word
