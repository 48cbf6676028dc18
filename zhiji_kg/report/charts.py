"""The pictures of a report as plain values: what is drawn where, before anybody draws it.

Each is drawn inline as SVG and stands beside a table with the same figures, so that nothing can be
learned from a picture alone; every mark carries its figure in words.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..analysis.shape import PlanShape, Support
from ..findings import STATES, Coverage, State
from ..texts import Language, say
from .summary import as_shown, figure, state_name
from .words import place_name

LABEL = 230  # units: the column of row names in a heat map, and half of it a name in a flow
_ROW, _HEAD = 26, 30
_HEAT_WIDTH = 760
_CENTRE, _RADIUS = (320, 190), 130
_RADAR_LABEL = 24
_FLOW_WIDTH, _BAR = 760, 10
_FLOW_GAP = 12
_TALLEST = 900
_PER_ITEM = 7.0
_FONT = 12


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A field of a heat map: its corner and size, how full its colour is (0–1), its figure and its words."""

    x: float
    y: float
    width: float
    height: float
    fill: float
    tone: str
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text of a picture: where it stands, how it is anchored, what it shows and what it says in full."""

    x: float
    y: float
    anchor: str
    text: str
    full: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows by columns, each field as full of colour as its share."""

    width: float
    height: float
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """One value on each of several axes: rings with their figures, spokes, the outline, the labels."""

    width: float
    height: float
    rings: tuple[tuple[str, Label], ...]
    spokes: tuple[tuple[float, float, float, float], ...]
    outline: str
    dots: tuple[tuple[float, float], ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Items of one function and state with the course that decides them and its last term, if there are any."""

    function: str
    course: str
    term: int | None
    state: State
    items: int


@dataclass(frozen=True, slots=True)
class Node:
    """A bar of a flow chart with its name."""

    x: float
    y: float
    height: float
    label: Label


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A stream between two bars: its path, how broad it is, its state and its words."""

    path: str
    width: float
    state: State
    words: str


@dataclass(frozen=True, slots=True)
class FlowChart:
    """From what is required over the courses to the terms; each item is one stream of the same breadth."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


def state_map(coverage: Coverage, language: Language) -> HeatMap | None:
    """Functions by states: how much of what a function requires is in which state. None without functions."""
    if not coverage.functions:
        return None
    rows = [(f.thing.name(language), as_shown(f.totals.all["items"])) for f in coverage.functions]
    return _heat_map(
        [name for name, _ in rows],
        [state_name(state)(language) for state in STATES],
        [[(tally.of(state), tally.denominator, f"b-{state}") for state in STATES] for _, tally in rows],
    )


def hours_map(shape: PlanShape, language: Language) -> HeatMap | None:
    """Stages by modules: where the hours of a plan lie. None where the plan states none."""
    if not shape.hours:
        return None
    most = max(load.hours for load in shape.loads)
    return _heat_map(
        [place_name(stage, "no_stage", language) for stage in shape.stages],
        [place_name(module, "no_module", language) for module in shape.modules],
        [[(shape.load(stage, module).hours, most, "hours") for module in shape.modules] for stage in shape.stages],
        whole=shape.hours,
    )


def _heat_map(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[tuple[Fraction, Fraction, str]]],
    whole: Fraction | None = None,
) -> HeatMap:  # fmt: skip
    """The fields; a figure is told against ``whole``, or else against the second value of its field."""
    width = (_HEAT_WIDTH - LABEL) / max(len(columns), 1)
    cells = []
    for down, row in enumerate(values):
        for across, (value, most, tone) in enumerate(row):
            of = most if whole is None else whole
            words = f"{rows[down]} · {columns[across]}: {figure(value)}/{figure(of)}"
            cells.append(
                HeatCell(
                    x=LABEL + across * width, y=_HEAD + down * _ROW, width=width - 2, height=_ROW - 2,
                    fill=round(float(value / most), 3) if most else 0.0, tone=tone, text=figure(value), words=words,
                )
            )  # fmt: skip
    return HeatMap(
        width=_HEAT_WIDTH,
        height=_HEAD + len(rows) * _ROW,
        rows=tuple(
            Label(0, _HEAD + down * _ROW + _ROW / 2 - 1, "start", fitted(name, LABEL - 10), name)
            for down, name in enumerate(rows)
        ),
        columns=tuple(
            Label(LABEL + (across + 0.5) * width - 1, _HEAD / 2, "middle", fitted(name, width - 4), name)
            for across, name in enumerate(columns)
        ),
        cells=tuple(cells),
    )


def indicator_radar(supports: Sequence[Support], language: Language) -> Radar | None:
    """The courses that support each indicator, an axis each. None where there are fewer than three indicators."""
    if len(supports) < 3:
        return None
    most = max(1, *(support.courses for support in supports))
    turns = [math.tau * place / len(supports) - math.tau / 4 for place in range(len(supports))]
    step = max(1, math.ceil(most / 4))
    last = step * math.ceil(most / step)
    rings = [
        (_polygon([_at(turn, ring / last) for turn in turns]),
         Label(_CENTRE[0] + 4, _CENTRE[1] - _RADIUS * ring / last, "start", str(ring), str(ring)))
        for ring in range(step, last + 1, step)
    ]  # fmt: skip
    dots = [_at(turn, support.courses / last) for turn, support in zip(turns, supports, strict=True)]
    return Radar(
        width=2 * _CENTRE[0],
        height=2 * _CENTRE[1],
        rings=tuple(rings),
        spokes=tuple((*_CENTRE, *_at(turn, 1)) for turn in turns),
        outline=_polygon(dots),
        dots=tuple(dots),
        labels=tuple(
            _radar_label(turn, support, language) for turn, support in zip(turns, supports, strict=True)
        ),
    )  # fmt: skip


def _radar_label(turn: float, support: Support, language: Language) -> Label:
    x, y = _at(turn, 1 + _RADAR_LABEL / _RADIUS)
    beside = math.cos(turn)
    anchor = "middle" if abs(beside) < 0.2 else "start" if beside > 0 else "end"
    name = f"{support.indicator.name(language)} {support.courses}"
    return Label(x, y, anchor, fitted(name, 165), name)


def _at(turn: float, share: float) -> tuple[float, float]:
    return (
        round(_CENTRE[0] + _RADIUS * share * math.cos(turn), 2),
        round(_CENTRE[1] + _RADIUS * share * math.sin(turn), 2),
    )


def _polygon(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def flows(coverage: Coverage, language: Language) -> tuple[Flow, ...]:
    """Where each required item of a target goes: its function, the course that decides it, and its last term.

    An item without a course ends at its state. Every item of the target is counted once.
    """
    counted: Counter[tuple[str, str, int | None, State]] = Counter()
    for cell in coverage.cells:
        function = cell.requirement.function or cell.requirement.thing
        chosen, state = cell.verdict.chosen, cell.verdict.state
        course = f"{chosen.course.code} {chosen.course.name(language)}" if chosen else state_name(state)(language)
        counted[function.name(language), course, chosen.last_term if chosen else None, state] += 1
    return tuple(Flow(*key, items) for key, items in counted.items())


def flow_chart(found: Sequence[Flow], language: Language) -> FlowChart | None:
    """Requirement → course → term as streams. None where nothing is required."""
    if not found:
        return None
    items = sum(flow.items for flow in found)
    unit = min(_PER_ITEM, _TALLEST / items)
    functions = list(dict.fromkeys(flow.function for flow in found))
    courses = sorted({(flow.term is None, flow.term or 0, flow.course) for flow in found})
    terms = sorted({flow.term for flow in found if flow.term is not None})
    columns: list[list[tuple[str, object]]] = [
        [(name, name) for name in functions],
        [(name, (name, None if none else term)) for none, term, name in courses],
        [(say("report.page.term")(language, term=term), term) for term in terms],
    ]
    keys: tuple[Callable[[Flow], object], ...] = (lambda f: f.function, lambda f: (f.course, f.term), lambda f: f.term)
    nodes: list[dict[object, Node]] = []
    for place, column in enumerate(columns):
        sizes = Counter[object]()
        for flow in found:
            sizes[keys[place](flow)] += flow.items
        nodes.append(_stacked(place, column, sizes, unit))
    first = _ribbons(found, nodes[0], nodes[1], keys[0], keys[1], unit, language)
    second = _ribbons([f for f in found if f.term is not None], nodes[1], nodes[2], keys[1], keys[2], unit, language)
    every = [node for column in nodes for node in column.values()]
    bottom = max(node.y + node.height for node in every)
    return FlowChart(_FLOW_WIDTH, math.ceil(bottom + _FLOW_GAP), tuple(every), (*first, *second))


def _stacked(
    place: int, column: Sequence[tuple[str, object]], sizes: Counter[object], unit: float
) -> dict[object, Node]:
    """The bars of one column from the top down; names stand left of the first, right of the others."""
    x = (LABEL * 0.7, _FLOW_WIDTH * 0.5, _FLOW_WIDTH - 110)[place]
    stacked, y = {}, float(_FLOW_GAP)
    for name, key in column:
        height = sizes[key] * unit
        at = x - 6 if place == 0 else x + _BAR + 6
        room = LABEL * 0.7 - 10 if place == 0 else 190 if place == 1 else 95
        count = f" · {sizes[key]}"
        shown = fitted(name, room - len(count) * _FONT * 0.58) + count
        label = Label(at, round(y + height / 2, 2), "end" if place == 0 else "start", shown, name + count)
        stacked[key] = Node(x, round(y, 2), round(height, 2), label)
        y += height + _FLOW_GAP
    return stacked


def _ribbons(
    found: Sequence[Flow], left: Mapping[object, Node], right: Mapping[object, Node], of_left: Callable[[Flow], object],
    of_right: Callable[[Flow], object], unit: float, language: Language,
) -> list[Ribbon]:  # fmt: skip
    """The streams between two columns, in the order of their ends, so that they cross as little as can be."""
    used_left: Counter[object] = Counter()
    used_right: Counter[object] = Counter()
    merged: Counter[tuple[object, object, State]] = Counter()
    for flow in found:
        merged[of_left(flow), of_right(flow), flow.state] += flow.items
    places = sorted(merged, key=lambda k: (left[k[0]].y, right[k[1]].y, STATES.index(k[2])))
    made = []
    for key in places:
        begin, end, state = key
        breadth = merged[key] * unit
        x0, x1 = left[begin].x + _BAR, right[end].x
        y0 = left[begin].y + used_left[begin] * unit + breadth / 2
        y1 = right[end].y + used_right[end] * unit + breadth / 2
        used_left[begin] += merged[key]
        used_right[end] += merged[key]
        middle = (x0 + x1) / 2
        path = f"M{x0:g} {y0:.2f}C{middle:g} {y0:.2f} {middle:g} {y1:.2f} {x1:g} {y1:.2f}"
        names = (node.label.full.rpartition(" · ")[0] for node in (left[begin], right[end]))
        words = f"{' → '.join(names)}: {merged[key]} ({state_name(state)(language)})"
        made.append(Ribbon(path, round(breadth, 2), state, words))
    return made


def fitted(text: str, room: float) -> str:
    """A text cut to the room there is, in units of a picture; a Chinese character is as broad as it is high."""
    width, kept = 0.0, ""
    for character in text:
        width += _FONT if unicodedata.east_asian_width(character) in "WF" else _FONT * 0.58
        if width > room:
            return kept[:-1].rstrip() + "…"
        kept += character
    return text
