"""One page that shows a programme: a picture one can click, its legend, and tables that say the same.

The page asks for nothing from anywhere. Of pyvis we take the model and the vis-network
script it ships; its page template loads from a CDN and runs the HTML of a tooltip that
says ``href``, so the page is our own. Every word of data goes in as text, through a tree.
"""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, SubElement, tostring

from .findings import STATES
from .network import KINDS, POINTS, ROW, Kind, Neighbourhood, Node, Place, headings, positions
from .texts import LIST_MARK, Language, say
from .writers.files import write_whole

Cell = str | list[str]

_FONT = 15
_NARROW = 0.54
_PADDING = 24
_HEAD = 2.2 * ROW
_MARGIN = 20
_LANGUAGE_TAG: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
_STATES = (*STATES, "none")
_LEADING = frozenset({"a", "base", "embed", "form", "iframe", "link", "object"})
_LOADING = frozenset({"action", "background", "data", "formaction", "href", "ping", "poster", "src", "srcset"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

_FILL: dict[Kind, str] = {
    "stage": "#e9e3f7", "course": "#dceafc", "capability": "#fbe6cf", "knowledge": "#d8f1ee",
    "skill": "#eaf3cf", "standard-level": "#e6e9ee", "occupation": "#f6dfe6", "certificate": "#fdf3b5",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Outline:
    """How a state looks: its sign, and the colour, width and dashes of the outline, in CSS too."""

    sign: str
    colour: str
    width: float
    dashes: tuple[int, ...] = ()
    css: str = "solid"


_OUTLINE: dict[str, _Outline] = {
    "covered": _Outline("●", "#15803d", 2),
    "partial": _Outline("◐", "#b45309", 3, (9, 4), "dashed"),
    "no-match": _Outline("○", "#b91c1c", 4),
    "not-examined": _Outline("?", "#4338ca", 3, (2, 3), "dotted"),
    "none": _Outline("·", "#9aa4b2", 1),
}
_PLAIN = _Outline("", "#9aa4b2", 1)

_FACE = 'system-ui, "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'
_OPTIONS: dict[str, Any] = {
    "autoResize": False,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"dragNodes": False, "dragView": False, "zoomView": False, "hover": True},
    "nodes": {
        "margin": {"top": 4, "bottom": 4, "left": 8, "right": 8},
        "font": {"size": _FONT, "color": "#14181f", "align": "left", "face": _FACE},
        "shapeProperties": {"borderRadius": 4},
    },
    "edges": {
        "color": {"color": "#bec8d5", "highlight": "#1d4ed8", "hover": "#64748b", "inherit": False},
        "hoverWidth": 0.5,
        "smooth": {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.45},
    },
}  # fmt: skip

_STYLE = f"""
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; max-width: 1900px; padding: 1rem clamp(.5rem, 2vw, 2rem); color: #14181f;
  background: #fff; font: 1rem/1.6 {_FACE}; }}
h1 {{ font-size: 1.5rem; line-height: 1.3; margin: 0 0 .5rem; }}
h2 {{ font-size: 1rem; margin: 0 0 .25rem; }}
p {{ margin: .25rem 0; }}
.notice {{ border-left: .4rem solid #b45309; background: #fff7e6; padding: .4rem .8rem; font-weight: 600; }}
.legend {{ display: flex; flex-wrap: wrap; gap: .75rem 3rem; margin: .75rem 0; }}
.legend ul {{ list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .35rem .6rem; }}
.key {{ display: inline-block; padding: 0 .55rem; border-radius: 4px; print-color-adjust: exact; }}
button {{ font: inherit; padding: .15rem .9rem; border: 1px solid #64748b; border-radius: 4px;
  background: #fff; color: inherit; margin: .25rem .25rem .5rem 0; }}
:focus-visible {{ outline: 3px solid #1d4ed8; outline-offset: 2px; }}
#frame {{ overflow: auto; border: 1px solid #cfd6df; }}
#picture {{ min-width: 1080px; }}
#picture canvas {{ touch-action: auto !important; }}
.vis-tooltip {{ position: absolute; visibility: hidden; z-index: 5; padding: .35rem .6rem;
  pointer-events: none; background: #14181f; color: #fff; border-radius: 4px; font-size: .9rem;
  white-space: nowrap; }}
details {{ margin: 1rem 0; }}
summary {{ font-weight: 600; cursor: pointer; padding: .3rem 0; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; font-size: .9rem; }}
th, td {{ border: 1px solid #cfd6df; padding: .3rem .5rem; text-align: left; vertical-align: top; }}
th {{ background: #f1f4f8; white-space: nowrap; }}
td ul {{ margin: 0; padding: 0; list-style: none; }}
td:first-child {{ width: 22%; }}
td:last-child ul {{ columns: 20em; }}
tr {{ break-inside: avoid; }}
@media print {{
  @page {{ size: A3 portrait; margin: 10mm; }}
  body {{ padding: 0; font-size: 11pt; }}
  .tools, .vis-tooltip {{ display: none; }}
  #frame {{ overflow: visible; border: 0; }}
  #picture {{ min-width: 0; width: auto !important; max-width: 100%; max-height: 295mm; }}
  #picture .vis-network, #picture canvas {{ width: 100% !important; height: 100% !important; }}
  details::details-content {{ content-visibility: visible; }}
}}
"""

_SCRIPT = """
(function () {
  "use strict";
  var read = JSON.parse(document.getElementById("drawn").textContent);
  var box = document.getElementById("picture");
  document.getElementById("silent").hidden = true;
  document.getElementById("live").hidden = false;
  var nodes = new vis.DataSet(read.nodes);
  var network = new vis.Network(box, { nodes: nodes, edges: new vis.DataSet(read.edges) }, read.options);
  var zoom = 1;
  function fit() {
    network.setSize(box.clientWidth + "px", box.clientHeight + "px");
    network.redraw();
    network.moveTo({ position: { x: read.x, y: read.y }, scale: box.clientWidth / read.width });
  }
  function resize(factor) {
    zoom = factor ? Math.min(4, Math.max(0.5, zoom * factor)) : 1;
    box.style.width = zoom * 100 + "%";
    fit();
  }
  function show(chosen) {
    var near = chosen === undefined ? null : network.getConnectedNodes(chosen).concat([chosen]);
    nodes.update(read.nodes.map(function (node) {
      var seen = !near || node.shape === "text" || near.indexOf(node.id) >= 0;
      return { id: node.id, opacity: seen ? 1 : 0.15, font: { color: seen ? "#14181f" : "#aab4c1" } };
    }));
  }
  network.on("click", function (event) { show(event.nodes[0]); });
  document.getElementById("larger").onclick = function () { resize(1.25); };
  document.getElementById("smaller").onclick = function () { resize(0.8); };
  document.getElementById("fitting").onclick = function () { resize(0); };
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
  fit();
})();
"""


def write_picture(found: Neighbourhood, path: Path, language: Language, title: str, notice: str = "") -> None:
    """Write the page of one programme as a file that needs nothing but itself.

    Args:
        found: from ``network.neighbourhood``.
        path: the file; it is replaced in one step.
        language: of the page; names are shown in the other language where this one has none.
        title: heading of the page.
        notice: a line that must be read with it, such as that the data are an example; may be empty.

    Raises:
        CannotRunError: when the file cannot be written; an old file is then untouched.
    """
    write_whole(path, picture(found, language, title, notice))


def picture(found: Neighbourhood, language: Language, title: str, notice: str = "") -> str:
    """The page as HTML text; the same neighbourhood gives the same text.

    Args:
        found: from ``network.neighbourhood``.
        language: of the page.
        title: heading of the page.
        notice: a line that must be read with it; may be empty.
    """
    drawn = _drawn(found, language)
    scripts = (_vis_network(), _SCRIPT)
    root = Element("html", lang=_LANGUAGE_TAG[language])
    _head(root, title, scripts)
    body = SubElement(root, "body")
    main = SubElement(body, "main")
    _put(main, "h1", title)
    if notice:
        _put(main, "p", notice, {"class": "notice"})
    _put(main, "p", say("viewer.lead")(language))
    _legend(main, found, language)
    _left_out(main, found, language)
    _frame(main, drawn, language, title)
    _tables(main, found, language)
    _put(body, "script", _as_json(drawn), {"type": "application/json", "id": "drawn"})
    for script in scripts:
        _put(body, "script", script)
    _check_asks_for_nothing(root)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _head(root: Element, title: str, scripts: Sequence[str]) -> None:
    """Only these scripts may run, by their hashes: no handler and no script that data could bring."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = SubElement(root, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy})
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _put(head, "title", title)
    _put(head, "style", _STYLE)


def _legend(main: Element, found: Neighbourhood, language: Language) -> None:
    """What colour and outline mean, in words, with how many there are."""
    legend = SubElement(main, "div", {"class": "legend"})
    kinds = Counter(node.kind for node in found.nodes)
    of_kind = [(_swatch(_FILL[kind], _PLAIN), _counted(f"kind.{kind}", kinds[kind], language))
               for kind in KINDS if kinds[kind]]  # fmt: skip
    states = Counter[str](node.state or "none" for node in found.of_kind(*POINTS))
    of_state = [(_swatch("#fff", _OUTLINE[state]),
                 f"{_OUTLINE[state].sign} {_counted(f'state.{state}', states[state], language)}")
                for state in _STATES]  # fmt: skip
    for key, entries in (("kinds", of_kind), ("states", of_state)):
        section = SubElement(legend, "section")
        _put(section, "h2", say(f"viewer.heading.{key}")(language))
        rows = SubElement(section, "ul")
        for style, words in entries:
            _put(SubElement(rows, "li"), "span", words, {"class": "key", "style": style})


def _swatch(fill: str, outline: _Outline) -> str:
    return f"background:{fill};border:{outline.width:g}px {outline.css} {outline.colour}"


def _counted(key: str, count: int, language: Language) -> str:
    return f"{say(f'viewer.{key}')(language)} {count}"


def _left_out(main: Element, found: Neighbourhood, language: Language) -> None:
    if found.left_out:
        counts = (_counted(f"kind.{kind}", count, language) for kind, count in found.left_out)
        words = say("viewer.heading.left_out")(language, counts=LIST_MARK[language].join(counts))
        _put(main, "p", words, {"class": "notice"})


def _frame(main: Element, drawn: Mapping[str, Any], language: Language, title: str) -> None:
    """The place of the picture, as high as it asks, so that the page scrolls and not the canvas.

    It is shown by the script; until then, and where none runs, a line says that the tables are all.
    """
    _put(main, "p", say("viewer.noscript")(language), {"class": "notice", "id": "silent"})
    live = SubElement(main, "div", {"id": "live", "hidden": "hidden"})
    tools = SubElement(live, "div", {"class": "tools"})
    _put(tools, "p", say("viewer.use")(language))
    for name in ("larger", "smaller", "fitting"):
        _put(tools, "button", say(f"viewer.{name}")(language), {"type": "button", "id": name})
    label = _clean(say("viewer.picture")(language, title=title))
    frame = SubElement(live, "div", {"id": "frame", "role": "region", "aria-label": label, "tabindex": "0"})
    shape = f"aspect-ratio:{drawn['width']:g}/{drawn['height']:g}"
    SubElement(frame, "div", {"id": "picture", "role": "img", "aria-label": label, "style": shape})


def _tables(main: Element, found: Neighbourhood, language: Language) -> None:
    covers, required = found.linked("covers"), found.linked("required-by")
    stages: dict[str, list[str]] = {}
    for stage, courses in found.linked("in-stage").items():
        name = next(node.name(language) for node in found.nodes if node.iri == stage)
        for course in courses:
            stages.setdefault(course.iri, []).append(name)
    rows: list[list[Cell]] = [
        [_words(course, language), _lines(course, language), stages.get(course.iri, []),
         [f"{_state(point, language)}　{_words(point, language)}" for point in covers.get(course.iri, ())]]
        for course in found.courses()
    ]  # fmt: skip
    _table(main, "by_course", ("course", "term", "stage", "points"), rows, language)
    rows = [
        [_words(point, language), say(f"viewer.kind.{point.kind}")(language), _state(point, language),
         [_words(source, language) for source in required.get(point.iri, ())]]
        for point in found.uncovered()
    ]  # fmt: skip
    _table(main, "uncovered", ("point", "kind", "state", "required"), rows, language)
    due, asked = found.linked("due-for"), Counter(e.target for e in found.edges if e.kind == "required-by")
    rows = [
        [_words(source, language), str(asked[source.iri]),
         [" · ".join([node.name(language), *_lines(node, language)]) for node in due.get(source.iri, ())]]
        for source in found.of_kind("standard-level", "occupation")
    ]  # fmt: skip
    _table(main, "sources", ("source", "count", "due"), rows, language)


def _table(
    main: Element, heading: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], language: Language
) -> None:
    if not rows:
        return
    details = SubElement(main, "details")
    _put(details, "summary", say(f"viewer.heading.{heading}")(language, count=len(rows)))
    table = SubElement(SubElement(details, "div", {"class": "wide"}), "table")
    heads = SubElement(SubElement(table, "thead"), "tr")
    for column in columns:
        _put(heads, "th", say(f"viewer.column.{column}")(language), {"scope": "col"})
    body = SubElement(table, "tbody")
    for row in rows:
        line = SubElement(body, "tr")
        for cell in row:
            held = _put(line, "td", cell if isinstance(cell, str) else "")
            items = SubElement(held, "ul") if isinstance(cell, list) and cell else held
            for words in cell if isinstance(cell, list) else ():
                _put(items, "li", words)


def _words(node: Node, language: Language) -> str:
    """The name of a node; a course has its code with it, as timetables do."""
    name = node.name(language)
    return f"{name} ({node.code})" if node.kind == "course" and node.code != name else name


def _lines(node: Node, language: Language) -> list[str]:
    return [line(language) for line in node.title]


def _state(node: Node, language: Language) -> str:
    state = node.state or "none"
    return f"{_OUTLINE[state].sign} {say(f'viewer.short.{state}')(language)}"


def _drawn(found: Neighbourhood, language: Language) -> dict[str, Any]:
    """What vis-network draws, as pyvis models it: nodes, edges, options and the size of the whole.

    Nodes go by their number, so that no IRI stands in the page.
    """
    from pyvis.network import Network  # the door: pyvis brings IPython with it

    places = positions(found)
    model = Network(directed=True)
    model.options = _OPTIONS
    numbers = {node.iri: number for number, node in enumerate(found.nodes)}
    for node in found.nodes:
        model.add_node(numbers[node.iri], **_box(node, places[node.iri], language))
    for number, head in enumerate(headings(found, places), start=len(numbers)):
        text = say("viewer.terms" if head.term else f"viewer.column.{head.kind}")
        font = {"size": _FONT + 1 if head.term else _FONT + 6, "color": "#334155"}
        words = text(language, terms=head.term)
        model.add_node(number, label=words, shape="text", x=head.x, y=head.y, font=font, chosen=False)
    for edge in found.edges:
        if places[edge.source].x < places[edge.target].x:
            model.add_edge(numbers[edge.source], numbers[edge.target], arrows="")
    nodes, edges, *_ = model.get_network_data()
    width = max((place.x + place.width / 2 for place in places.values()), default=0) + 2 * _MARGIN
    height = max((place.y for place in places.values()), default=0) + _HEAD + ROW
    centre = {"x": width / 2 - _MARGIN, "y": height / 2 - _HEAD}
    return {"nodes": nodes, "edges": edges, "options": _OPTIONS, "width": width, "height": height, **centre}


def _box(node: Node, place: Place, language: Language) -> dict[str, Any]:
    outline = _OUTLINE[node.state or "none"] if node.kind in POINTS else _PLAIN
    name = _clean(node.name(language))
    kind, code = say(f"viewer.kind.{node.kind}")(language), say("viewer.code")(language, code=node.code)
    state = [_state(node, language)] if node.kind in POINTS else []
    colour = {"background": _FILL[node.kind], "border": outline.colour}
    return {
        "shape": "box",
        "label": _shorten(f"{outline.sign} {name}".strip(), place.width - _PADDING),
        "title": "\n".join(map(_clean, [name, f"{kind} · {code}", *state, *_lines(node, language)])),
        "x": place.x,
        "y": place.y,
        "borderWidth": outline.width,
        "borderWidthSelected": outline.width + 1,
        "color": {**colour, "highlight": colour, "hover": {**colour, "background": "#ffffff"}},
        "shapeProperties": {"borderDashes": list(outline.dashes) or False},
        "widthConstraint": {"minimum": place.width - 16},
    }


def _shorten(words: str, width: float) -> str:
    """As much of a text as fits a width in pixels; a Chinese character is as wide as the font is high."""
    used = 0.0
    for place, character in enumerate(words):
        used += _FONT if east_asian_width(character) in "WF" else _FONT * _NARROW
        if used > width:
            return words[: max(place - 1, 1)].rstrip() + "…"
    return words


def _clean(words: str) -> str:
    """One line, without control characters."""
    return " ".join(_CONTROL.sub(" ", words).split())


def _put(parent: Element, tag: str, words: str, attributes: Mapping[str, str] | None = None) -> Element:
    """An element that holds a text; data becomes markup nowhere."""
    element = SubElement(parent, tag, dict(attributes or {}))
    element.text = words if tag in ("script", "style") else _clean(words)
    return element


def _as_json(value: Mapping[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _vis_network() -> str:
    """The vis-network script that pyvis ships, without the line that points at its source map."""
    import pyvis  # the door, as above

    files = (Path(pyvis.__file__).parent / "templates" / "lib").glob("vis-*/vis-network.min.js")
    newest = max(files, key=lambda file: [int(number) for number in re.findall(r"\d+", file.parent.name)])
    script = re.sub(r"\n//# sourceMappingURL=\S*\s*$", "\n", newest.read_text(encoding="utf-8"))
    return script.replace("</script", "<\\/script")


def _check_asks_for_nothing(root: Element) -> None:
    """Hold the page against its promise: nothing in it loads, sends, leads anywhere or waits to run."""
    for element in root.iter():
        handlers = {name for name in element.attrib if name.startswith("on")}
        if element.tag in _LEADING or handlers or _LOADING & set(element.attrib):
            raise ValueError(f"the page must ask for nothing: <{element.tag}>")
