"""What a page shows, as plain frozen values: they cross a pipe as JSON, in both languages at once.

A name that the graph has in one language only keeps the other empty; the page marks the fallback.
"""

from dataclasses import dataclass

from ..queries import Column
from ..texts import NOTHING, Text


@dataclass(frozen=True, slots=True)
class Entity:
    """Something of the graph as a page names it.

    ``kind`` is the prefixed name of its most telling class (``zj:Course``), ``kind_label`` what that
    class is called, ``local`` the last part of its IRI: the name of what has neither label nor code.
    """

    iri: str
    kind: str
    kind_label: Text
    label: Text = NOTHING
    code: str = ""
    local: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A term of a vocabulary: its IRI, its prefixed name and what it is called."""

    iri: str
    curie: str
    label: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of a kind: the class, what it is called, and the number."""

    kind: str
    label: Text
    number: int


# The overview


@dataclass(frozen=True, slots=True)
class Document:
    """A source document of the graph: what it says about itself and how good its evidence is."""

    iri: str
    identifier: str
    title: str
    grade: str
    grade_label: Text
    source: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeCard:
    """A training plan on the overview; ``headline`` is its answer in one sentence, ``None`` where not worked out."""

    entity: Entity
    school: str
    track: Text
    year: str
    terms: int
    courses: int
    headline: Text | None = None
    notice: Text | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What is in the graph.

    ``triples`` are those of the default graph, which a query sees that names no graph; ``quads`` count
    what stands in several graphs in each of them.
    """

    version: str
    sha256: str
    published: str
    quads: int
    triples: int
    contents: tuple[Count, ...]
    programmes: tuple[ProgrammeCard, ...]
    documents: tuple[Document, ...]


# Search


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the best hits in order, of how many, and how many of each kind."""

    words: str
    total: int
    hits: tuple[Entity, ...]
    kinds: tuple[Count, ...]


# An entity


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that an entity has: the property, the value as text, its language or datatype (prefixed)."""

    property: Named
    value: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """The entities that a property leads to (``inward``: that lead here): the first of ``total``.

    ``inferred`` is true where no document states any of the links, and all were concluded.
    """

    property: Named
    inward: bool
    total: int
    entities: tuple[Entity, ...]
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where something was read: the document, the place in it, its grade, and who reviewed it."""

    document: str
    title: str
    locator: str = ""
    grade: str = ""
    grade_label: Text = NOTHING
    confidence: float | None = None
    reviewer: str = ""
    review_date: str = ""


@dataclass(frozen=True, slots=True)
class EntityPage:
    """All that the graph says of one entity."""

    entity: Entity
    kinds: tuple[Named, ...]
    definition: Text
    alternatives: tuple[str, ...]
    facts: tuple[Fact, ...]
    relations: tuple[Relation, ...]
    provenance: tuple[Provenance, ...]


# The graph


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entity in the picture: where it stands, its state where it is a required point, its group of colour.

    ``group`` is one of the kinds of the legend (``course``, ``skill`` …, ``other``); ``hidden`` how many of
    its neighbours are not on the picture; ``opened`` whether its neighbours were asked for.
    """

    entity: Entity
    group: str
    x: float
    y: float
    width: float
    opened: bool = False
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A link in the picture, from one IRI to another; where several properties link the two, all of them."""

    source: str
    target: str
    properties: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around one entity and those that were opened, and how much of each kind is not shown."""

    focus: Entity
    opened: tuple[str, ...]
    nodes: tuple[Drawn, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[Count, ...]
    limit: int


# Named questions


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a parameter may take: what is written, and what it is called."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a question's form, made from its header; ``choices`` where the graph has few enough to offer."""

    name: str
    type: str
    of_class: str
    summary: Text
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A named question: its form."""

    name: str
    folder: str
    summary: Text
    competency_question: str
    fields: tuple[Field, ...]
    text: str
    answer: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a question: the first rows of ``total``; a cell is its text and, of an entity, its IRI."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    total: int
