"""The shapes of ``ontology/shapes`` as values: what is demanded of which things, in which words, how weighty it is.

The files are SHACL (https://www.w3.org/TR/shacl/), and of it what we use: targets by class or by
property, property shapes over one property or its inverse, the constraint components of
``COMPONENTS``, closed shapes, and SELECT constraints. Whatever else stands in a file is refused,
so that no constraint is passed over in silence.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import Severity
from ..rdf import Iri, Literal, Term, parse_turtle
from ..resources import ONTOLOGY
from ..texts import Text
from ..vocabulary import PREFIXES, curie

SHAPE = "https://w3id.org/zhiji/shape/"
SHACL = "http://www.w3.org/ns/shacl#"

COMPONENTS = {
    "minCount": "MinCount",
    "maxCount": "MaxCount",
    "datatype": "Datatype",
    "class": "Class",
    "nodeKind": "NodeKind",
    "minInclusive": "MinInclusive",
    "maxInclusive": "MaxInclusive",
    "minExclusive": "MinExclusive",
    "languageIn": "LanguageIn",
    "uniqueLang": "UniqueLang",
    "minLength": "MinLength",
    "pattern": "Pattern",
    "disjoint": "Disjoint",
    "lessThanOrEquals": "LessThanOrEquals",
    "closed": "Closed",
    "sparql": "SPARQL",
}
"""The parameter of each constraint component in use, and the component's name in SHACL."""

_SEVERITIES: dict[str, Severity] = {"Violation": "error", "Warning": "warning", "Info": "note"}
_CIRCLE = re.compile(r"WHERE \{ \$this (\S+)\+ \$this \. \}")
_BESIDE = {
    "targetClass", "targetSubjectsOf", "property", "path", "name", "message", "severity", "ignoredProperties",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape or a property shape that demands something.

    ``name`` is the end of its IRI; ``classes`` and ``properties`` tell whom it is about; ``path`` is the
    property it looks at (``inverse``: from its object), or of a cross-check the property whose cell is
    to be mended; ``demands`` are its constraints, each a component's name and what it was given.
    """

    name: str
    area: str
    message: Text
    severity: Severity
    classes: tuple[Iri, ...]
    properties: tuple[Iri, ...]
    path: Iri | None
    inverse: bool
    demands: tuple[tuple[str, tuple[Term, ...]], ...]


@cache
def shapes() -> dict[str, Shape]:
    """Every shape that demands something, by name, in the order of file and name."""
    found: dict[str, Shape] = {}
    for path in shape_files():
        found |= {shape.name: shape for shape in read_shapes(path)}
    return found


def shape_files() -> list[Path]:
    """The shape files."""
    return sorted((ONTOLOGY / "shapes").glob("*.ttl"))


def read_shapes(path: Path) -> list[Shape]:
    """The shapes of one file.

    Raises:
        ValueError: when the file uses something of SHACL that is not checked here.
    """
    return sorted(_Reader(path).shapes(), key=lambda shape: shape.name)


def circle_of(shape: Shape) -> Iri | None:
    """The property whose links must not lead in a circle, where that is what the shape demands."""
    for name, given in shape.demands:
        found = _CIRCLE.search(given[0].value) if name == "SPARQL" else None  # type: ignore[union-attr]
        if found:
            return curie(found[1])
    return None


class _Reader:
    """The triples of a shape file by subject and property, and what they say."""

    def __init__(self, path: Path) -> None:
        self.area = path.stem
        self.said: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in parse_turtle(path):
            self.said[triple.subject][triple.predicate.value].append(triple.object)

    def shapes(self) -> Iterator[Shape]:
        """The node shapes that demand something of the thing as a whole, and the property shapes."""
        for node in [s for s in self.said if Iri(SHACL + "NodeShape") in self._of(s, PREFIXES["rdf"] + "type")]:
            classes = tuple(sorted(self._all(node, "targetClass"), key=str))
            subjects = tuple(sorted(self._all(node, "targetSubjectsOf"), key=str))
            demands = tuple(self._demands(node))
            if demands:
                about = self._of(node, PREFIXES["rdfs"] + "seeAlso")
                yield self._shape(node, classes, subjects, next(iter(about), None), False, demands)
            for part in self._all(node, "property"):
                path, inverse = self._path(part)
                yield self._shape(part, classes, subjects, path, inverse, tuple(self._demands(part)))

    def _shape(
        self,
        node: Term,
        classes: tuple[Term, ...],
        properties: tuple[Term, ...],
        path: Term | None,
        inverse: bool,
        demands: tuple[tuple[str, tuple[Term, ...]], ...],
    ) -> Shape:
        words = {m.language: m.value for m in self._all(node, "message") if isinstance(m, Literal)}
        level = next(iter(self._all(node, "severity")), Iri(SHACL + "Violation"))
        return Shape(
            name=_local(node, SHAPE),
            area=self.area,
            message=Text(words["zh"], words["en"]),
            severity=_SEVERITIES[_local(level, SHACL)],
            classes=classes,  # type: ignore[arg-type]  # SHACL demands IRIs here
            properties=properties,  # type: ignore[arg-type]
            path=path,  # type: ignore[arg-type]
            inverse=inverse,
            demands=demands,
        )

    def _demands(self, node: Term) -> Iterator[tuple[str, tuple[Term, ...]]]:
        for predicate, values in sorted(self.said[node].items()):
            name = predicate.removeprefix(SHACL)
            if name == predicate or name in _BESIDE:
                continue
            if name not in COMPONENTS:
                raise ValueError(f"{self.area}: sh:{name} is not checked")
            yield COMPONENTS[name], tuple(self._given(node, name, values))

    def _given(self, node: Term, name: str, values: list[Term]) -> Iterator[Term]:
        """What a component was given: values, the items of its list, the properties a closed shape knows."""
        if name == "languageIn":
            yield from self._items(values[0])
        elif name == "sparql":
            yield from (text for value in values for text in self._all(value, "select"))
        elif name == "closed":
            paths = [self._path(part) for part in self._all(node, "property")]
            known = {path for path, inverse in paths if not inverse}
            yield from sorted({*known, *self._items(self._all(node, "ignoredProperties")[0])}, key=str)
        else:
            yield from values

    def _path(self, part: Term) -> tuple[Term, bool]:
        (path,) = self._all(part, "path")
        inverse = self._all(path, "inversePath")
        return (inverse[0], True) if inverse else (path, False)

    def _items(self, item: Term) -> Iterator[Term]:
        while item != curie("rdf:nil"):
            yield self._of(item, PREFIXES["rdf"] + "first")[0]
            item = self._of(item, PREFIXES["rdf"] + "rest")[0]

    def _all(self, node: Term, name: str) -> list[Term]:
        return self._of(node, SHACL + name)

    def _of(self, node: Term, predicate: str) -> list[Term]:
        return self.said[node][predicate] if node in self.said else []


def _local(term: Term, namespace: str) -> str:
    return term.value.removeprefix(namespace)  # type: ignore[union-attr]  # shapes and severities are IRIs
