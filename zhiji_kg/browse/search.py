"""Search by name and code: an index made once for a version, and asked as often as somebody types."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from ..store.port import Store
from ..texts import Text
from ..vocabulary import ONTOLOGY, shorten
from .groups import column_of
from .names import RECORDS, SKOLEM, Terms, entity_of, read_names
from .values import Count, Entity, Found

_MOST_WORDS = 8


def folded(written: str) -> str:
    """A text as it is compared: full-width as half-width, capitals as small letters, spaces as one."""
    narrow = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", written).casefold())
    return " ".join(narrow.split())


@dataclass(frozen=True, slots=True)
class Named:
    """An entity with everything it may be found by."""

    entity: Entity
    names: tuple[str, ...]


class Index:
    """Everything of a graph that has a name or a code, ready to be searched."""

    def __init__(self, named: Iterable[Named]) -> None:
        """Order what there is as it is found: things before records, short names before long ones."""
        entries = sorted(((_rank(one), one) for one in named), key=lambda entry: entry[0])
        self._entities = [one.entity for _, one in entries]
        self._kinds = [one.entity.kind for _, one in entries]
        self._labels: dict[str, Text] = {entity.kind: entity.kind_label for entity in self._entities}
        # each name between two line ends, so that one look tells whether a name is, begins with or holds a word
        self._texts = ["\n".join(["", *filter(None, map(folded, one.names)), ""]) for _, one in entries]
        self._codes = _codes(self._entities)

    @classmethod
    def of(cls, store: Store) -> "Index":
        """The index of a graph: entities and terms, by label, alternative label and code."""
        terms = Terms.of(store)
        return cls(
            Named(entity_of(terms, iri, read), (*read.label.values(), *read.codes, *read.alternatives, *_term(iri)))
            for iri, read in read_names(store, None).items()
            if SKOLEM not in iri and (read.label or read.codes or iri.startswith(ONTOLOGY))
        )

    def __len__(self) -> int:
        """How many entities can be found."""
        return len(self._entities)

    def with_code(self, code: str) -> list[Entity]:
        """The entities that bear a code, written exactly so, else in any case or width; from left to right."""
        return self._codes.get(code) or self._codes.get(folded(code)) or []

    def search(self, words: str, limit: int = 20, kind: str = "") -> Found:
        """The entities in whose names or codes every word occurs.

        A name or code that is just what was written comes first, then what begins so, then what holds it;
        among equals the shorter. Words are parted by spaces, and the first eight are sought. No word finds
        nothing, or, of a kind, all there is of it, by code.

        Args:
            words: what somebody wrote.
            limit: the most hits to give.
            kind: the prefixed name of a class, to find its entities only; the counts are those of all.
        """
        sought = folded(words).split()[:_MOST_WORDS]
        hits = self._holding(sought) if sought else list(range(len(self))) if kind else []
        kinds = Counter(map(self._kinds.__getitem__, hits))
        if kind:
            hits = [place for place in hits if self._kinds[place] == kind]
        if not sought:
            hits = sorted(hits, key=lambda place: (self._entities[place].code, self._entities[place].iri))
        best = self._best(sought, hits, max(limit, 0)) if hits else []
        return Found(words, len(hits), tuple(self._entities[place] for place in best), self._counts(kinds))

    def _holding(self, sought: Sequence[str]) -> list[int]:
        first, *more = sorted(sought, key=len, reverse=True)
        hits = [place for place, text in enumerate(self._texts) if first in text]
        for word in more:
            hits = [place for place in hits if word in self._texts[place]]
        return hits

    def _best(self, sought: Sequence[str], hits: Sequence[int], limit: int) -> list[int]:
        """The first hits: exact, then beginning so, then the rest, each in their order."""
        phrase, words = " ".join(sought), sought if len(sought) > 1 else ()
        ranks = ([f"\n{phrase}\n"], [f"\n{word}\n" for word in words], [f"\n{phrase}"], [f"\n{word}" for word in words])
        best: dict[int, None] = {}
        for marks in ranks if sought else ():
            if len(best) < limit:
                best |= dict.fromkeys(self._first(hits, marks, limit + len(best)))
        best |= dict.fromkeys(hits[: limit + len(best)])
        return list(best)[:limit]

    def _first(self, hits: Sequence[int], marks: Iterable[str], limit: int) -> list[int]:
        """The first of the hits in whose text one of some marks stands."""
        found = (islice((place for place in hits if mark in self._texts[place]), limit) for mark in marks)
        return sorted(set(chain.from_iterable(found)))[:limit]

    def _counts(self, kinds: Counter[str]) -> tuple[Count, ...]:
        ordered = sorted(kinds.items(), key=lambda counted: (-counted[1], counted[0]))
        return tuple(Count(kind, self._labels[kind], number) for kind, number in ordered)


def _rank(one: Named) -> tuple[bool, int, int, str, str]:
    entity = one.entity
    length = min(map(len, filter(None, (entity.label.zh, entity.label.en, entity.code))), default=0)
    return entity.kind in RECORDS, length, column_of(entity.kind), entity.code, entity.iri


def _term(iri: str) -> tuple[str, ...]:
    return (shorten(iri),) if iri.startswith(ONTOLOGY) else ()


def _codes(found: Iterable[Entity]) -> dict[str, list[Entity]]:
    codes: dict[str, list[Entity]] = defaultdict(list)
    for entity in sorted(found, key=lambda entity: (column_of(entity.kind), entity.iri)):
        if entity.code:
            for written in dict.fromkeys((entity.code, folded(entity.code))):
                codes[written].append(entity)
    return dict(codes)
