"""What the ontology says cannot be, and is: found after inference, with the statements it comes from.

Each ``queries/check/contradiction-*.rq`` finds one sort, by the rules of OWL 2 RL that end in *false*
(https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules) and with two
names always being two things. ``graph.assemble`` has told before what two sources say differently of
one thing; here is what only follows.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from .errors import Address, Problem
from .graph import Dataset
from .queries import catalogue
from .rdf import Iri, Literal, Term, Triple
from .sources import Reading
from .store.port import Store
from .texts import Text
from .vocabulary import LABEL, NOTATION, RDF_TYPE, shorten

_CODES = {
    "asymmetric-property": "contradiction-asymmetric",
    "datatype": "contradiction-datatype",
    "disjoint-classes": "contradiction-classes",
    "disjoint-properties": "contradiction-properties",
    "functional-property": "contradiction-functional",
    "inverse-functional-property": "contradiction-shared",
    "irreflexive-property": "contradiction-irreflexive",
    "no-class": "contradiction-no-class",
    "same-and-different": "contradiction-same",
}
_SHOWN = 6  # statements named in one line
_IS_A = Text("是", "is a")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Triples that cannot hold together: the sort of contradiction, the triples, and where they come from.

    ``triples`` are one or two, asserted or inferred; ``causes`` the asserted ones that they follow from,
    which are themselves where they are asserted.
    """

    sort: str
    triples: tuple[Triple, ...]
    causes: tuple[Triple, ...]

    @property
    def thing(self) -> Term:
        """What it is about."""
        return self.triples[0].subject


def contradictions(store: Store, asserted: Set[Triple]) -> list[Contradiction]:
    """All contradictions of a graph to which the inferred has been added, by sort and thing.

    A thing that is in two disjoint classes is often in several such pairs; it is told once.

    Args:
        store: answers over the default graph, asserted and inferred.
        asserted: which of its triples are asserted.
    """
    found: dict[tuple[str, Term, Term], Contradiction] = {}
    for sort in _CODES:
        for triples in _pairs(store, f"contradiction-{sort}"):
            key = (sort, triples[0].subject, triples[0].predicate)
            if key not in found:
                causes = dict.fromkeys(cause for triple in triples for cause in why(store, asserted, triple))
                found[key] = Contradiction(sort, triples, tuple(causes))
    return list(found.values())


def why(store: Store, asserted: Set[Triple], triple: Triple) -> tuple[Triple, ...]:
    """The asserted triples that a triple follows from: one way of several.

    Args:
        store: answers over the default graph, asserted and inferred.
        asserted: which of its triples are asserted.
        triple: one of the graph. What follows in a way that no query knows (a growth stage from its
            values, a chain of more than two steps) is given as it is.
    """
    return tuple(dict.fromkeys(_why(store, asserted, triple, frozenset())))


def problems(found: Sequence[Contradiction], dataset: Dataset, readings: Sequence[Reading]) -> list[Problem]:
    """Contradictions as lines for the person who wrote the sources.

    Args:
        found: the contradictions of the dataset.
        dataset: names the things and the terms.
        readings: say where a thing was written.
    """
    said = [term for one in found for triple in (*one.triples, *one.causes) for term in triple]
    names = _Names(dataset.default, said)
    return [Problem(_CODES[one.sort], _where(one, readings), names.of(one)) for one in found]


def _pairs(store: Store, name: str) -> Iterator[tuple[Triple, ...]]:
    for row in store.select(catalogue()[name].text, {}).rows:
        yield _triples(row)


def _triples(terms: Sequence[Term | None]) -> tuple[Triple, ...]:
    """Columns in threes as triples, as far as they are bound."""
    bound = [term for term in terms if term is not None]
    return tuple(Triple(*bound[start : start + 3]) for start in range(0, len(bound), 3))  # type: ignore[arg-type]


def _why(store: Store, asserted: Set[Triple], triple: Triple, passed: frozenset[Triple]) -> Iterator[Triple]:
    ways = [] if triple in asserted else [way for way in _ways(store, triple) if passed.isdisjoint(way)]
    if not ways:
        yield triple
        return
    nearest = min(ways, key=lambda way: (sum(step not in asserted for step in way), len(way), str(way)))
    for step in nearest:
        yield from _why(store, asserted, step, passed | {triple})


def _ways(store: Store, triple: Triple) -> list[tuple[Triple, ...]]:
    """The triples from which one follows in a single step, each way by itself."""
    bound: dict[str, Term] = {"entity": triple.subject}
    if triple.predicate == RDF_TYPE:
        query, bound["of_class"] = catalogue()["causes-of-type"], triple.object
    else:
        query = catalogue()["causes-of-link"]
        bound |= {"property": triple.predicate, "other": triple.object}
    rows = store.select(query.text, bound).rows
    ways = [_triples(row[len(bound) :]) for row in rows]
    return [way for way in ways if triple not in way]


def _where(one: Contradiction, readings: Sequence[Reading]) -> Address | None:
    """The cell of the last of the causes that a workbook states; of sources the one named last repeats the least."""
    for cause in reversed(one.causes):
        for reading in readings:
            place = reading.places.get(cause.subject)  # type: ignore[arg-type]
            if place is not None:
                return reading.cell(place, cause.predicate)
    return None


class _Names:
    """How to call things and terms in a line: by label and code, else by their IRIs."""

    def __init__(self, triples: Iterable[Triple], wanted: Iterable[Term]) -> None:
        of_whom = set(wanted)
        self._said: dict[tuple[Term, str], str] = {}
        for triple in triples:
            if triple.subject in of_whom and isinstance(triple.object, Literal):
                if triple.predicate == LABEL:
                    self._said[triple.subject, triple.object.language or ""] = triple.object.value
                elif triple.predicate == NOTATION:
                    self._said[triple.subject, NOTATION.value] = triple.object.value

    def of(self, one: Contradiction) -> dict[str, object]:
        """The values of a line: the triples part by part, and the causes as sentences."""
        values: dict[str, object] = {}
        for number, triple in enumerate(one.triples, start=1):
            parts = zip(("what", "property", "value"), triple, strict=True)
            values |= {f"{part}{number if number > 1 else ''}": self._name(term) for part, term in parts}
        causes = [self._sentence(cause) for cause in one.causes[:_SHOWN]]
        return values | {"causes": Text("；".join(c.zh for c in causes), "; ".join(c.en for c in causes))}

    def _sentence(self, triple: Triple) -> Text:
        names = [self._name(term) for term in triple]
        return Text(" ".join(name.zh for name in names), " ".join(name.en for name in names))

    def _name(self, term: Term) -> Text:
        if not isinstance(term, Iri):
            return Text(*[f"“{getattr(term, 'value', term)}”"] * 2)
        if term == RDF_TYPE:
            return _IS_A
        plain = self._said.get((term, NOTATION.value), shorten(term.value))
        zh = self._said.get((term, "zh"), self._said.get((term, "en"), plain))
        return Text(f"“{zh}”", f"“{self._said.get((term, 'en'), zh)}”")
