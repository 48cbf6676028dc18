"""What does not fit the shapes of ``ontology/shapes``, found by ``queries/check`` after inference.

The queries are made from the shapes (``python -m docs.shapes``) and find what a SHACL engine finds,
a hundred times faster; ``oracle`` is that engine, for the tests and for ``zhiji check --shacl``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..circles import circles
from ..errors import Address, Problem
from ..graph import Dataset
from ..queries import ask_query, catalogue, find_query
from ..rdf import Iri, Literal, Term
from ..sources import Reading
from ..store.port import Store
from ..texts import LANGUAGES, LIST_MARK, Text
from ..vocabulary import LABEL, NOTATION, shorten
from .shapes import Shape, circle_of, shapes

__all__ = ["Violation", "problems", "violations"]

_PREFIX = "shape-"
_LINKS = "circle-links"
_NAMED = 5  # how many things a line about several of them names


@dataclass(frozen=True, slots=True)
class Violation:
    """A thing that does not fit: the shape, the SHACL constraint component that fails, the thing, a value as text.

    The value of a thing in a circle is the circle's first thing: by it two circles are told apart.
    """

    shape: Shape
    constraint: str
    focus: Term
    value: str = ""


def violations(store: Store) -> list[Violation]:
    """All that does not fit its shape in a graph to which the inferred has been added.

    Args:
        store: answers over the default graph; what is not inferred yet would look as if it were missing.
    """
    known = shapes()
    found = [
        Violation(known[name.value], constraint.value, focus, getattr(given, "value", ""))  # type: ignore[union-attr, arg-type]
        for query in catalogue().values()
        if query.folder == "check" and query.name.startswith(_PREFIX)
        for name, constraint, focus, given in ask_query(store, query, {}).rows
    ]
    links: dict[str, list[tuple[Term, Term]]] = defaultdict(list)
    for name, start, end in ask_query(store, find_query(_LINKS), {}).rows:
        links[name.value].append((start, end))  # type: ignore[union-attr, arg-type]
    for shape, pairs in links.items():
        for circle in sorted((sorted(circle, key=str) for circle in circles(pairs)), key=str):
            found += [Violation(known[shape], "SPARQL", thing, str(circle[0])) for thing in circle]
    return found


def problems(found: Iterable[Violation], dataset: Dataset, readings: Sequence[Reading]) -> list[Problem]:
    """Violations as lines for the person who filled in the workbooks, one for each thing and shape.

    What only the ontology or a large reference source speaks of is left out: that is checked by a
    test, and by the reader of that source.

    Args:
        found: the violations of the dataset.
        dataset: names the things.
        readings: say where a thing was written.
    """
    found = list(found)
    if not found:
        return []
    spoken_of = _spoken_of(readings)
    told = {(v.shape.name, v.focus): v for v in reversed(found) if v.focus in spoken_of}
    links = {link for v in told.values() if (link := circle_of(v.shape))}
    names = _Names(dataset, links | {term for v in told.values() for term in (v.focus, *v.shape.classes[:1])})
    groups: dict[str, list[Violation]] = defaultdict(list)  # a circle is one mistake, whoever is in it
    for (shape, focus), violation in sorted(told.items(), key=lambda item: str(item[0])):
        groups[f"{shape} {violation.value if circle_of(violation.shape) else focus}"].append(violation)
    size = Counter((v.shape.name, v.value) for v in found)  # also of those that are not told
    lines = [_problem(g, size[g[0].shape.name, g[0].value] == 1, names, readings) for g in groups.values()]
    return sorted(lines, key=lambda problem: (problem.where is None, problem.where or Address("")))


def _spoken_of(readings: Sequence[Reading]) -> set[Term]:
    """Every entity that some workbook says something of, or names as a value."""
    own = (triple for reading in readings if not reading.reference for triple in reading.triples)
    return {term for triple in own for term in (triple.subject, triple.object) if isinstance(term, Iri)}


def _problem(group: Sequence[Violation], alone: bool, names: "_Names", readings: Sequence[Reading]) -> Problem:
    """One line: at the first place, about all the things of the group, of which some are named.

    ``alone`` tells a circle of one thing, which names itself.
    """
    shape = group[0].shape
    wrong, do = _halves(shape.message)
    things = [names.of(violation.focus, shape) for violation in group]
    more = "…" if len(things) > _NAMED else ""
    what = Text(*(LIST_MARK[said].join(thing(said) for thing in things[:_NAMED]) + more for said in LANGUAGES))
    places = [place for violation in group if (place := _where(violation, readings))]
    if alone and (link := circle_of(shape)):
        itself = {"what": what, "property": names.of(link, shape)}
        return Problem("names-itself", min(places, default=None), itself, shape.severity)
    return Problem("breaks-shape", min(places, default=None), {"what": what, "wrong": wrong, "do": do}, shape.severity)


def _halves(message: Text) -> tuple[Text, Text]:
    """What is wrong and what to do: a message of a shape says both, parted by a semicolon."""
    zh, _, zh_do = message.zh.partition("；")
    en, _, en_do = message.en.partition("; ")
    return Text(zh, en), Text(zh_do, en_do)


def _where(violation: Violation, readings: Sequence[Reading]) -> Address | None:
    """The cell of the property in the row that describes the thing; else the row's first cell."""
    path = violation.shape.path
    for reading in readings:
        place = reading.places.get(violation.focus)  # type: ignore[arg-type]  # a literal is nowhere
        if place is not None:
            return reading.cell(place, path) if path is not None and not violation.shape.inverse else place
    return None


class _Names:
    """How to call things in a message: by their labels, by their codes, by their class, or by their IRIs."""

    def __init__(self, dataset: Dataset, wanted: set[Term]) -> None:
        self.labels: dict[tuple[Term, str], str] = {}
        self.codes: dict[Term, str] = {}
        for subject, predicate, text in self._said(dataset, wanted):
            if predicate == LABEL:
                self.labels[subject, text.language or ""] = text.value
            elif predicate == NOTATION:
                self.codes[subject] = text.value

    @staticmethod
    def _said(dataset: Dataset, wanted: set[Term]) -> Iterator[tuple[Term, Iri, Literal]]:
        for triple in dataset.default:
            if triple.subject in wanted and isinstance(triple.object, Literal):
                yield triple.subject, triple.predicate, triple.object

    def of(self, thing: Term, shape: Shape) -> Text:
        """The name in both languages; a record has none and is called by what it is: its cell tells which."""
        for named in (thing, *shape.classes[:1]):
            zh, en = (self.labels.get((named, language), "") for language in LANGUAGES)
            if zh or en:
                return Text(zh or en, en or zh)
            if named in self.codes:
                return Text(self.codes[named], self.codes[named])
        plain = shorten(thing.value) if isinstance(thing, Iri) else str(thing)
        return Text(plain, plain)
