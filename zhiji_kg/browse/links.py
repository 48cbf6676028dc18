"""The links between entities as a picture draws them: direct ones, and those through a record as one line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..store.port import Store
from ..vocabulary import curie
from .names import RECORDS, Terms, ask_of_all, iri_of, is_entity

_RECORDS = frozenset(curie(name).value for name in RECORDS)
_MOST_ROWS = 100_000  # of one query: where entities have more links than that, counts are lower bounds


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A link from one entity to another by a property."""

    source: str
    target: str
    term: str


class Links:
    """The links of some entities, as far as they were read."""

    def __init__(self, store: Store, terms: Terms) -> None:
        """Nothing is read yet."""
        self._store = store
        self._terms = terms
        self._direct: set[Link] = set()
        self._through: set[tuple[str, str, str]] = set()
        self._near: dict[str, set[str]] = {}
        self._kinds: dict[str, str] = {}
        self._records: set[str] = set()

    def read(self, entities: Iterable[str]) -> None:
        """Read the links of some more entities, and through their records to what lies behind."""
        wanted = set(entities) - self._near.keys()
        if not wanted:
            return
        self._near |= {entity: set() for entity in wanted}
        met = list(self._rows(wanted))
        behind: dict[str, set[str]] = defaultdict(set)
        for record, _, other in self._rows({other for *_, other in met if other in self._records}):
            if other not in self._records:
                behind[record].add(other)
        for entity, link, other in met:
            if other in self._records:
                self._go_through(entity, other, behind[other])
            else:
                self._near[entity].add(other)
                self._direct.add(link)

    def near(self, entity: str) -> set[str]:
        """The neighbours of an entity that was read."""
        return self._near[entity]

    def kind(self, entity: str) -> str:
        """The class, by IRI, that says most of an entity that was met; empty for what was not."""
        return self._kinds.get(entity, "")

    def between(self, columns: Mapping[str, int]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """The lines between some entities: source, target, and the terms that link the two.

        Of two inverse properties only the first is drawn, of a property and a broader one only the
        narrower, and a record only where no property links the two; its line runs from left to right.

        Args:
            columns: the entities, and the column in which each stands.
        """
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for link in self._direct:
            if link.source in columns and link.target in columns:
                found[link.source, link.target].add(link.term)
        direct = dict(found)
        for one, other, term in self._through:
            if {one, other} <= columns.keys() and (one, other) not in direct and (other, one) not in direct:
                left, right = sorted((one, other), key=lambda iri: (columns[iri], iri))
                found[left, right].add(term)
        for (source, target), terms in sorted(found.items()):
            if kept := self._telling(terms, direct.get((target, source), set())):
                yield source, target, tuple(sorted(kept))

    def _rows(self, entities: set[str]) -> Iterator[tuple[str, Link, str]]:
        """Each entity with a link and what it links to; the classes of the latter are noted."""
        rows = ask_of_all(self._store, "neighbours", sorted(entities), _MOST_ROWS) if entities else ()
        classes: dict[str, set[str]] = defaultdict(set)
        found: dict[tuple[str, str, str, bool], None] = {}
        for entity, property_, inward, other, kind in rows:
            if is_entity(other) and other != entity:
                name = iri_of(other)
                classes[name].add(iri_of(kind))
                found[iri_of(entity), iri_of(property_), name, iri_of(inward) == "true"] = None
        self._note(classes)
        for one, term, other_one, leads_here in found:
            ends = (other_one, one) if leads_here else (one, other_one)
            yield one, Link(*ends, term), other_one

    def _note(self, classes: Mapping[str, set[str]]) -> None:
        """Keep the most telling class of each entity, and which are records."""
        for entity, kinds in classes.items():
            self._kinds[entity] = self._terms.telling(kinds)
            if self._kinds[entity] in _RECORDS:
                self._records.add(entity)

    def _go_through(self, entity: str, record: str, behind: set[str]) -> None:
        for other in behind - {entity}:
            self._near[entity].add(other)
            self._through.add((min(entity, other), max(entity, other), self.kind(record)))

    def _telling(self, terms: set[str], back: set[str]) -> set[str]:
        """Of the terms that link two, those that say more than another does, or than one of those that lead back."""
        broader = {broad for term in terms for broad in self._terms.broader.get(term, ())}
        return {term for term in terms if term not in broader and self._terms.inverse.get(term) not in back}
