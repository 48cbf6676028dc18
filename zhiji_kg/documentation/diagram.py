"""A module as a picture: its classes with their relations, as SVG that is the same on every machine.

A class is a box that names its object properties and where they lead; subclasses hang below their
class. So a module with sixty classes stays readable, where lines between all of them would not.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from ..texts import Language, say
from .model import Module, Ref, Term

_COLUMN, _GAP, _PAD, _INDENT = 300, 22, 16, 20
_HEAD, _ROW, _FOOT = 46, 21, 8
_EM_HEAD, _EM_ROW, _EM_SUB = 15.0, 13.0, 11.5
_FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"

STYLE = f"""
.dg {{ font-family: {_FONT}; }}
.dg-ground {{ fill: #ffffff; }}
.dg-box {{ fill: #ffffff; stroke: #9aa6af; }}
.dg-head {{ fill: #e2eef0; }}
.dg-far .dg-box {{ stroke-dasharray: 5 4; }}
.dg-far .dg-head {{ fill: #f1f3f5; }}
.dg-name {{ font-size: {_EM_HEAD:g}px; font-weight: 600; fill: #1d242b; }}
.dg-sub {{ font-size: {_EM_SUB:g}px; fill: #4b555f; }}
.dg-row {{ font-size: {_EM_ROW:g}px; fill: #1d242b; }}
.dg-to {{ fill: #175e6b; }}
.dg-line {{ fill: none; stroke: #6d7a84; stroke-width: 1.5; }}
@media (prefers-color-scheme: dark) {{
.dg-ground {{ fill: #14191d; }}
.dg-box {{ fill: #1b2227; stroke: #5f6c76; }}
.dg-head {{ fill: #20373d; }}
.dg-far .dg-head {{ fill: #272e34; }}
.dg-name, .dg-row {{ fill: #e8ecef; }}
.dg-sub {{ fill: #b3bdc5; }}
.dg-to {{ fill: #8fd0dc; }}
.dg-line {{ stroke: #87939c; }}
}}
"""
"""What a picture by itself brings along; on the site the same classes stand in ``site.css``."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a box: words, and what they lead to."""

    words: str
    to: Ref | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its lines, and the boxes that hang below it; ``far`` is one of another module, ``values`` a scheme."""

    ref: Ref
    rows: tuple[Row, ...] = ()
    below: tuple["Box", ...] = ()
    far: bool = False
    values: bool = False

    def height(self) -> int:
        """How high the box itself is."""
        return _HEAD + len(self.rows) * _ROW + (_FOOT if self.rows else 0)

    def reach(self) -> int:
        """How high it is with all below it."""
        return self.height() + sum(12 + one.reach() for one in self.below)


def boxes(module: Module, language: Language) -> tuple[Box, ...]:
    """What the picture of a module shows: classes with relations, or schemes with their values."""
    schemes = (
        Box(scheme.ref, tuple(Row(_coded(value, language)) for value in scheme.scheme), values=True)
        for scheme in module.of_kind("scheme")
        if scheme.scheme
    )
    return (*_classes(module, language), *schemes)


def svg(module: Module, language: Language, address: Callable[[Ref], str] | None = None) -> str:
    """The picture of a module; empty where there is nothing to draw.

    Args:
        module: what is drawn.
        language: of the names; the other one stands small beneath.
        address: where a box leads when it is clicked; without it the picture stands by itself and
            brings its style along.
    """
    drawn = boxes(module, language)
    if not drawn:
        return ""
    columns = max(1, min(3, round(sum(box.reach() for box in drawn) / 260), len(drawn)))
    heights = [0] * columns
    parts = []
    for box in sorted(drawn, key=lambda one: (one.values, one.far, -one.reach(), one.ref.name)):
        column = heights.index(min(heights))
        parts.append(_drawn(box, (_PAD + column * (_COLUMN + _GAP), _PAD + heights[column]), language, address))
        heights[column] += box.reach() + _GAP
    width, height = 2 * _PAD + columns * (_COLUMN + _GAP) - _GAP, 2 * _PAD + max(heights) - _GAP
    return _framed(module, language, "".join(parts), (width, height), alone=address is None)


def _framed(module: Module, language: Language, inside: str, size: tuple[int, int], *, alone: bool) -> str:
    width, height = size
    title = f"{module.title(language)}: {say('ontology.page.diagram')(language)}"
    style = f"<style>{STYLE}</style>" if alone else ""
    ground = f'<rect class="dg-ground" width="{width}" height="{height}"/>' if alone else ""
    tag = "zh-CN" if language == "zh" else "en"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="group" lang="{tag}" aria-label={quoteattr(title)}>{style}{ground}{inside}</svg>\n'
    )


def _classes(module: Module, language: Language) -> tuple[Box, ...]:
    classes = module.of_kind("class")
    rows: dict[str, list[Row]] = {}
    far = {ref.iri: ref for term in classes for ref in term.above if ref.module not in ("", module.name)}
    for term in module.of_kind("object-property"):
        for domain in term.domains:
            rows.setdefault(domain.iri, []).extend(_relation(term, language))
            far[domain.iri] = domain
    for term in classes:
        far.pop(term.ref.iri, None)
    return tuple(_Forest(classes, tuple(far[iri] for iri in sorted(far)), rows).boxes())


@dataclass
class _Forest:
    """The classes of a module as trees: each hangs below one that it is under, of its own module before another."""

    classes: Sequence[Term]
    far: Sequence[Ref]
    rows: dict[str, list[Row]]
    done: set[str] = field(default_factory=set)

    def boxes(self) -> Iterable[Box]:
        own = [term.ref.iri for term in self.classes]
        known = [*own, *(ref.iri for ref in self.far)]
        below: dict[str, list[Term]] = {}
        for term in self.classes:
            above = [ref.iri for ref in term.above if ref.iri in known and ref.iri != term.ref.iri]
            below.setdefault(min(above, key=known.index, default=""), []).append(term)
        found = [self._box(term, below) for term in below.get("", ())]
        found += [self._far(ref, below) for ref in self.far]
        # classes that hang below each other in a circle have no root: each is one
        return [*found, *(Box(term.ref) for term in self.classes if term.ref.iri not in self.done)]

    def _far(self, ref: Ref, below: dict[str, list[Term]]) -> Box:
        hanging = tuple(self._box(one, below) for one in below.get(ref.iri, ()))
        return Box(ref, tuple(self.rows.get(ref.iri, ())), hanging, far=True)

    def _box(self, term: Term, below: dict[str, list[Term]]) -> Box:
        self.done.add(term.ref.iri)
        hanging = tuple(self._box(one, below) for one in below.get(term.ref.iri, ()))
        return Box(term.ref, tuple(self.rows.get(term.ref.iri, ())), hanging)


def _relation(term: Term, language: Language) -> Iterable[Row]:
    """A property as one line where it fits with its range, else as two."""
    name = _name(term.ref, language)
    for target in term.ranges or (None,):
        if target is None:
            yield Row(name, term.ref)
        elif _ems(f"{name} → {_name(target, language)}") * _EM_ROW < _COLUMN - 44:
            yield Row(f"{name} → {_name(target, language)}", target)
        else:
            yield Row(name, term.ref)
            yield Row(f"    → {_name(target, language)}", target)


def _coded(value: Term, language: Language) -> str:
    name = _name(value.ref, language)
    coded = f"{name} · {value.notation}"
    return coded if value.notation and _ems(coded) * _EM_ROW < _COLUMN - 24 else name


def _drawn(box: Box, at: tuple[int, int], language: Language, address: Callable[[Ref], str] | None) -> str:
    x, y = at
    right = _PAD + ((x - _PAD) // (_COLUMN + _GAP)) * (_COLUMN + _GAP) + _COLUMN
    width, height = right - x, box.height()
    other: Language = "en" if language == "zh" else "zh"
    local = box.ref.name.removeprefix("zj:") if box.ref.name.startswith("zj:") else ""
    under = " · ".join(part for part in (box.ref.label(other), local) if part)
    lines = [
        f'<rect class="dg-box" x="{x}" y="{y}" width="{width}" height="{height}" rx="5"/>',
        f'<path class="dg-head" d="{_rounded(x + 1, y + 1, width - 2, _HEAD - 2 if box.rows else height - 2)}"/>',
        _linked(
            _text("dg-name", x + 12, y + (20 if under else 28), _cut(_name(box.ref, language), width - 20, _EM_HEAD)),
            box.ref,
            address,
        ),
        _text("dg-sub", x + 12, y + 37, _cut(under, width - 20, _EM_SUB)),
    ]
    for place, row in enumerate(box.rows):
        lines.append(_row(row, (x + 12, y + _HEAD + 15 + place * _ROW), width - 20, address))
    parts = [f'<g class="dg-far">{"".join(lines)}</g>' if box.far else f"<g>{''.join(lines)}</g>"]
    top = y + height
    for one in box.below:
        middle = top + 12 + _HEAD // 2
        parts.append(f'<path class="dg-line" d="M{x + 9} {y + height} V{middle} H{x + _INDENT}"/>')
        parts.append(_drawn(one, (x + _INDENT, top + 12), language, address))
        top += 12 + one.reach()
    return "".join(parts)


def _row(row: Row, at: tuple[int, int], room: int, address: Callable[[Ref], str] | None) -> str:
    before, arrow, behind = _cut(row.words, room, _EM_ROW).partition("→")
    words = f'{escape(before)}<tspan class="dg-to">→{escape(behind)}</tspan>' if arrow else escape(before)
    return _linked(f'<text class="dg-row" x="{at[0]}" y="{at[1]}" xml:space="preserve">{words}</text>', row.to, address)


def _linked(inside: str, ref: Ref | None, address: Callable[[Ref], str] | None) -> str:
    """A link for the mouse; the same links stand in the list of terms, for the keyboard."""
    to = address(ref) if address and ref else ""
    return f'<a href={quoteattr(to)} tabindex="-1">{inside}</a>' if to else inside


def _text(style: str, x: int, y: int, words: str) -> str:
    return f'<text class="{style}" x="{x}" y="{y}">{escape(words)}</text>'


def _rounded(x: int, y: int, width: int, height: int) -> str:
    """The head of a box: its upper corners follow those of the box."""
    right, bottom = x + width, y + height
    return f"M{x} {bottom} V{y + 4} Q{x} {y} {x + 4} {y} H{right - 4} Q{right} {y} {right} {y + 4} V{bottom} Z"


def _name(ref: Ref, language: Language) -> str:
    return ref.label(language) or ref.name


def _ems(words: str) -> float:
    """How wide a text is at most, in ems: a Chinese character is one, most Latin letters a little more than a half."""
    return sum(map(_em, words))


def _em(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    return 0.75 if sign.isupper() or sign in "mw…—" else 0.57


def _cut(words: str, room: float, em: float) -> str:
    """A text that fits into a room in pixels, with … where its end is cut off."""
    if _ems(words) * em <= room:
        return words
    kept = words
    while kept and _ems(kept + "…") * em > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"
