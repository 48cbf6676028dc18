"""The graph as a network: what lies around one programme, where it is drawn, and the whole of it.

Nothing is judged here: the state of each point is handed in. networkx is imported only
where a networkx graph is handed out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from .findings import State
from .queries import Row, run
from .rdf import Iri
from .store.port import Store
from .texts import Language, Text, say
from .vocabulary import ONTOLOGY, shorten

if TYPE_CHECKING:
    import networkx

Kind = Literal["stage", "course", "capability", "knowledge", "skill", "standard-level", "occupation", "certificate"]
KINDS: tuple[Kind, ...] = get_args(Kind)
POINTS: tuple[Kind, ...] = ("capability", "knowledge", "skill")
Link = Literal["in-stage", "covers", "required-by", "due-for"]

ROW = 32.0
"""Least distance between the middles of two boxes of a column."""

_MOST_ROWS = 80
_SWEEPS = 12
_NO_TERM = 99
_KINDS: dict[str, Kind] = {
    "GrowthStage": "stage", "Course": "course", "CapabilityPoint": "capability",
    "KnowledgePoint": "knowledge", "SkillPoint": "skill", "StandardLevel": "standard-level",
    "Occupation": "occupation", "SkillCertificate": "certificate",
}  # fmt: skip
_LINKS: dict[str, Link] = {
    "inStage": "in-stage", "coversPoint": "covers", "isRequiredBy": "required-by", "dueFor": "due-for",
}  # fmt: skip
_GRAVEST_FIRST: tuple[State | None, ...] = ("no-match", "partial", "not-examined", "covered", None)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TODAY = re.compile(r' lastmodifieddate="[^"]*"')


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a programme's neighbourhood.

    ``state`` is that of a required point, ``None`` for all else; ``title`` the lines that a reader
    may open; ``term`` the first term of a course.
    """

    iri: str
    kind: Kind
    label: Text
    code: str = ""
    state: State | None = None
    title: tuple[Text, ...] = ()
    term: int | None = None

    def name(self, language: Language) -> str:
        """Its name in a language; else in the other; else its code; else its IRI."""
        return self.label(language) or self.label.zh or self.label.en or self.code or self.iri


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """A link from one node to another, by their IRIs."""

    source: str
    target: str
    kind: Link


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What lies around one programme, and how many nodes of each kind were left out of it."""

    programme: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[tuple[Kind, int], ...] = ()

    def of_kind(self, *kinds: Kind) -> list[Node]:
        """The nodes of some kinds, in their order."""
        return [node for node in self.nodes if node.kind in kinds]

    def linked(self, kind: Link) -> dict[str, list[Node]]:
        """For each node that has links of a kind, by its IRI, the nodes they lead to."""
        by_iri = {node.iri: node for node in self.nodes}
        found: dict[str, list[Node]] = defaultdict(list)
        for edge in self.edges:
            if edge.kind == kind:
                found[edge.source].append(by_iri[edge.target])
        return found

    def courses(self) -> list[Node]:
        """The courses by term and code."""
        return sorted(self.of_kind("course"), key=lambda node: (_group(node, set()), node.code, node.iri))

    def uncovered(self) -> list[Node]:
        """The points that no course covers, the gravest state first."""
        covered = {edge.target for edge in self.edges if edge.kind == "covers"}
        bare = [node for node in self.of_kind(*POINTS) if node.iri not in covered]
        return sorted(bare, key=lambda node: (_GRAVEST_FIRST.index(node.state), KINDS.index(node.kind)))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node is drawn: the middle of its box, and the width of its column."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the picture: over a column of a kind, or over the courses of a term."""

    kind: Kind
    term: int | None
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the picture: the kinds that stand in it, the width of its boxes, the space after it."""

    kinds: tuple[Kind, ...]
    width: float
    space: float


_COLUMNS = (
    _Column(("stage",), 130, 45),
    _Column(("course",), 220, 120),
    _Column(("capability",), 190, 24),
    _Column(("knowledge",), 215, 24),
    _Column(("skill",), 300, 130),
    _Column(("standard-level", "occupation"), 270, 45),
    _Column(("certificate",), 150, 0),
)


def neighbourhood(
    store: Store, programme: str, states: Mapping[str, State] | None = None, limit: int = 300
) -> Neighbourhood:
    """The stages, courses, points, requirement sources and certificates of a programme, with their links.

    Args:
        store: the graph.
        programme: IRI of the programme edition.
        states: the state of each required point by its IRI; a point without one is shown as not required.
        limit: the most nodes to keep. What frames the programme comes first, then the courses that
            cover something, then the points, the gravest state first; the rest is counted.
    """
    rows = run(store, "neighbourhood", programme=Iri(programme))
    nodes, edges = _nodes(rows, states or {}), _edges(rows)
    teaching = {edge.source for edge in edges if edge.kind == "covers"}
    ranked = sorted(nodes, key=lambda node: _rank(node, teaching))
    kept = {node.iri for node in ranked[: max(limit, 0)]}
    dropped = Counter(node.kind for node in nodes if node.iri not in kept)
    return Neighbourhood(
        programme=programme,
        nodes=tuple(node for node in nodes if node.iri in kept),
        edges=tuple(edge for edge in edges if edge.source in kept and edge.target in kept),
        left_out=tuple((kind, dropped[kind]) for kind in KINDS if dropped[kind]),
    )


def to_networkx(found: Neighbourhood) -> "networkx.DiGraph[str]":
    """A neighbourhood as a directed graph, from stages through courses and points to certificates.

    Returns:
        Nodes by IRI with ``kind``, ``code``, ``zh``, ``en`` and, where they have one, ``state`` and
        ``term``; edges with ``kind``. Every attribute can be written as GraphML or GEXF.
    """
    import networkx  # the door: who asks for no networkx graph does not wait for it

    graph: networkx.DiGraph[str] = networkx.DiGraph(programme=found.programme)
    for node in found.nodes:
        more: dict[str, Any] = {"state": node.state, "term": node.term}
        told = {key: value for key, value in more.items() if value is not None}
        graph.add_node(node.iri, kind=node.kind, code=node.code, zh=node.label.zh, en=node.label.en, **told)
    graph.add_edges_from((edge.source, edge.target, {"kind": edge.kind}) for edge in found.edges)
    return graph


def graph_of(store: Store) -> "networkx.MultiDiGraph[str]":
    """Every entity of the graph and every link between two of them, asserted or inferred.

    Returns:
        Nodes by IRI with ``kind`` (``zj:Course``), ``code``, ``zh`` and ``en``; edges with ``kind``, which
        is their key too: the prefixed name of the property (``zj:coversPoint``). Terms of the ontology
        itself are no entities.
    """
    import networkx  # the door, as above

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    rows = run(store, "links")
    for row in rows:
        told = {"kind": shorten(str(row["kind"])), "code": _word(row, "code")}
        told |= {"zh": _word(row, "label"), "en": _word(row, "labelEn")}
        if str(row["part"]) not in graph:
            graph.add_node(str(row["part"]), **told)
    for row in rows:
        if row["linked"] is not None:
            kind = shorten(str(row["link"]))
            graph.add_edge(str(row["part"]), str(row["linked"]), key=kind, kind=kind)
    return graph


def write_network(graph: "networkx.Graph[str]", form: Literal["graphml", "gexf"], path: Path) -> None:
    """Write a graph of ours for Gephi, yEd or Cytoscape; the same graph gives the same bytes.

    Args:
        graph: from ``graph_of`` or ``to_networkx``.
        form: ``graphml`` or ``gexf``.
        path: the file. Edges are numbered in it, because both formats want each to have an id of its own.

    Raises:
        OSError: when the file cannot be written.
    """
    import networkx  # the door, as above

    numbered: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for iri, told in graph.nodes(data=True):
        words = {key: _NOT_XML.sub(" ", value) if isinstance(value, str) else value for key, value in told.items()}
        numbered.add_node(iri, label=words["zh"] or words["en"] or words["code"] or iri, **words)
    for number, (source, target, told) in enumerate(graph.edges(data=True)):
        numbered.add_edge(source, target, key=f"e{number}", kind=told["kind"])
    generate = networkx.generate_graphml if form == "graphml" else networkx.generate_gexf
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', *generate(numbered)]
    if form == "gexf":  # networkx puts today's date in it
        lines = [_TODAY.sub("", line) for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def positions(found: Neighbourhood) -> dict[str, Place]:
    """Where each node is drawn: a column for each kind, courses by term, rows so that few links cross.

    One neighbourhood gives one layout. No two boxes overlap, the columns are all of one height, and
    between the courses of two terms a row stays free for a heading. Points without a course stand at
    the foot of their column.
    """
    columns = [[node for node in found.nodes if node.kind in column.kinds] for column in _COLUMNS]
    ordered = _uncross(columns, found.edges)
    wrapped = [_wrap(_slots(column)) for column in ordered]
    height = ROW * max((len(part) for parts in wrapped for part in parts), default=0)
    places: dict[str, Place] = {}
    x = 0.0
    for column, parts in zip(_COLUMNS, wrapped, strict=True):
        for part in parts:
            pitch = height / len(part)
            for row, node in enumerate(part):
                if node is not None:
                    places[node.iri] = Place(x + column.width / 2, (row + 0.5) * pitch, column.width)
            x += column.width + 24
        x += column.space - 24 if parts else 0
    return places


def headings(found: Neighbourhood, places: Mapping[str, Place]) -> list[Heading]:
    """What stands over the columns and over the courses of each term, from left to right and downwards.

    Args:
        found: the neighbourhood.
        places: from ``positions``.
    """
    heads = {Heading(node.kind, None, places[node.iri].x, -1.1 * ROW) for node in found.nodes}
    seen: set[int | None] = set()
    for node in sorted(found.of_kind("course"), key=lambda node: (places[node.iri].x, places[node.iri].y)):
        if node.term is not None and node.term not in seen:
            seen.add(node.term)
            heads.add(Heading("course", node.term, places[node.iri].x, places[node.iri].y - 0.9 * ROW))
    # level and occupation share a column, and its heading
    shared = {head.x for head in heads if head.kind == "standard-level"}
    kept = [head for head in heads if head.kind != "occupation" or head.x not in shared]
    return sorted(kept, key=lambda head: (head.x, head.y))


def _nodes(rows: Sequence[Row], states: Mapping[str, State]) -> list[Node]:
    by_part: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_part[str(row["part"])].append(row)
    nodes = [_node(iri, of_part, states.get(iri)) for iri, of_part in by_part.items()]
    return sorted(nodes, key=lambda node: (KINDS.index(node.kind), node.code, node.iri))


def _node(iri: str, rows: Sequence[Row], state: State | None) -> Node:
    first = rows[0]
    kind = _KINDS[str(first["kind"]).removeprefix(ONTOLOGY)]
    starts, ends, due = (_numbers(rows, name) for name in ("firstTerm", "lastTerm", "dueTerm"))
    terms = say("viewer.terms")
    lines = []
    if starts and ends:
        span = f"{starts[0]}" if starts[0] == ends[-1] else f"{starts[0]}–{ends[-1]}"
        lines.append(Text(terms("zh", terms=span), terms("en", terms=span)))
    lines += [Text(*(say("viewer.due")(language, term=term) for language in ("zh", "en"))) for term in due]
    return Node(
        iri=iri,
        kind=kind,
        label=Text(_word(first, "label"), _word(first, "labelEn")),
        code=_word(first, "code"),
        state=state if kind in POINTS else None,
        title=tuple(lines),
        term=starts[0] if starts else None,
    )


def _edges(rows: Sequence[Row]) -> tuple[Edge, ...]:
    links = (
        Edge(str(row["part"]), str(row["linked"]), _LINKS[str(row["link"]).removeprefix(ONTOLOGY)])
        for row in rows
        if row["linked"] is not None
    )
    return tuple(sorted(set(links)))


def _rank(node: Node, teaching: set[str]) -> int:
    """How readily a node is left out: the higher the sooner."""
    if node.kind == "course":
        return 1 if node.iri in teaching else 7
    if node.kind not in POINTS:
        return 0
    return 2 + _GRAVEST_FIRST.index(node.state)


def _uncross(columns: Sequence[Sequence[Node]], edges: Sequence[Edge]) -> list[list[Node]]:
    """Order each column by the mean height of its neighbours, to and fro until the order has settled."""
    place = {node.iri: index for index, column in enumerate(columns) for node in column}
    neighbours: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if place[edge.source] < place[edge.target]:  # a stage that a source is due for stands before it
            neighbours[edge.source].append(edge.target)
            neighbours[edge.target].append(edge.source)
    covered = {edge.target for edge in edges if edge.kind == "covers"}
    ordered = [sorted(column, key=lambda node: _group(node, covered)) for column in columns]
    heights: dict[str, float] = {}
    for column in ordered:
        _measure(column, heights)
    for sweep in range(_SWEEPS):
        for column in ordered if sweep % 2 == 0 else reversed(ordered):
            column.sort(key=_by_height(heights, neighbours, covered))
            _measure(column, heights)
    return ordered


def _by_height(
    heights: Mapping[str, float], neighbours: Mapping[str, list[str]], covered: set[str]
) -> Callable[[Node], tuple[int, float, str, str]]:
    def key(node: Node) -> tuple[int, float, str, str]:
        near = [heights[iri] for iri in neighbours.get(node.iri, ())]
        # rounded, so that a sum in another order cannot swap two boxes
        mean = round(sum(near) / len(near), 9) if near else 2.0
        return _group(node, covered), mean, node.code, node.iri

    return key


def _measure(column: Sequence[Node], heights: dict[str, float]) -> None:
    for row, node in enumerate(column):
        heights[node.iri] = (row + 0.5) / len(column)


def _group(node: Node, covered: set[str]) -> int:
    """What a column is ordered by before anything else: courses by term, points without a course last."""
    if node.kind == "course":
        return _NO_TERM if node.term is None else node.term
    if node.kind in POINTS and node.iri not in covered:
        return 1 + _GRAVEST_FIRST.index(node.state)
    return 0


def _slots(column: Sequence[Node]) -> list[Node | None]:
    """The rows of a column; before the courses of each term one stays free."""
    slots: list[Node | None] = []
    before: int | None = -1
    for node in column:
        if node.kind == "course" and node.term != before:
            slots.append(None)
        before = node.term
        slots.append(node)
    return slots


def _wrap(slots: Sequence[Node | None]) -> list[Sequence[Node | None]]:
    """A column that is too long stands in several, side by side and of about one length."""
    parts = -(-len(slots) // _MOST_ROWS)
    length = -(-len(slots) // parts) if parts else 1
    return [slots[start : start + length] for start in range(0, len(slots), length)]


def _numbers(rows: Iterable[Row], name: str) -> list[int]:
    return sorted({int(value) for row in rows if (value := row[name]) is not None})


def _word(row: Row, name: str) -> str:
    return str(row[name] or "")
