"""What a draft would change in the version that serves, told entity by entity.

Compared is the default graph: an entity that only the draft has is added, one that only the
version has is removed, and one that both have with other statements is changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .graph import Dataset
from .inference import infer
from .rdf import Iri, Term, Triple
from .rdf import Literal as RdfLiteral
from .store.port import Store
from .store.versions import current
from .texts import Language, Text, say
from .vocabulary import DATA, DERIVED_FROM, LABEL, NOTATION, RDF_TYPE, curie, shorten, zj

Kind = Literal["added", "removed", "changed"]
_MARKS: dict[Kind, str] = {"added": "+", "removed": "-", "changed": "~"}
_BROADER, _DEFINED = curie("rdfs:subClassOf"), curie("owl:equivalentClass")
_UNTOLD = (DERIVED_FROM, zj("locator"), zj("position"))  # where a thing stands is not what it says


@dataclass(frozen=True, slots=True)
class Change:
    """One property of an entity before and after; an empty tuple where it has no value."""

    property: Text
    before: tuple[Text, ...]
    after: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class EntityChange:
    """An entity that was added, removed or changed."""

    kind: Kind
    of_class: Text
    name: Text
    changes: tuple[Change, ...] = ()

    def line(self, language: Language) -> str:
        """One line: ``~ 课程 ZH002 数控车削编程与加工: 学分 5 → 4``."""
        head = f"{_MARKS[self.kind]} {self.of_class(language)} {self.name(language)}"
        told = [
            f"{change.property(language)} {_values(change.before, language)} → {_values(change.after, language)}"
            for change in self.changes
        ]
        return f"{head}: {'; '.join(told)}" if told else head


@dataclass(frozen=True, slots=True)
class Difference:
    """What would change, against which version."""

    version: str
    entities: tuple[EntityChange, ...]


def difference(asserted: Dataset, directory: Path) -> Difference | None:
    """Compare a draft with the version that serves; ``None`` where nothing is published.

    Args:
        asserted: the draft's dataset.
        directory: the folder of versions.

    Raises:
        CannotRunError: when the version is damaged.
    """
    version = current(directory)
    if version is None:
        return None
    return Difference(version.name, tuple(compare(_whole(version.open()), infer(asserted)[0].default)))


def between(first: Store, second: Store) -> tuple[EntityChange, ...]:
    """The entities in which two published graphs differ."""
    return tuple(compare(_whole(first), _whole(second)))


def _whole(store: Store) -> set[Triple]:
    return set(store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", {}))


def compare(old: set[Triple], new: set[Triple]) -> list[EntityChange]:
    """The entities of ours in which two graphs differ, the added first, each kind by class and name."""
    words = _Words(old | new)
    before, after = _by_entity(old - new), _by_entity(new - old)
    known_before, known_after = _described(old), _described(new)
    found = []
    for entity in {*before, *after}:
        if entity not in known_before:
            found.append(words.entity("added", entity))
        elif entity not in known_after:
            found.append(words.entity("removed", entity))
        elif changes := words.changes(before.get(entity, {}), after.get(entity, {})):
            found.append(words.entity("changed", entity, changes))
    order = list(_MARKS)
    return sorted(found, key=lambda e: (order.index(e.kind), e.of_class.zh, e.name.zh))


def _by_entity(triples: Iterable[Triple]) -> dict[Iri, dict[Iri, list[Term]]]:
    grouped: dict[Iri, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(triples, key=str):
        if str(triple.subject).startswith(f"<{DATA}") and triple.predicate not in _UNTOLD:
            grouped[triple.subject][triple.predicate].append(triple.object)  # type: ignore[index]
    return grouped


def _described(triples: Iterable[Triple]) -> set[Iri]:
    return {triple.subject for triple in triples if triple.predicate == RDF_TYPE}  # type: ignore[misc]


class _Words:
    """Names of the entities, classes and properties of two graphs."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.labels: dict[Iri, dict[str, str]] = defaultdict(dict)
        self.codes: dict[Iri, str] = {}
        of_thing: dict[Iri, list[Iri]] = defaultdict(list)
        broader: set[Term] = set()
        defined: set[Term] = set()
        for triple in sorted(triples, key=str):
            if triple.predicate == LABEL and isinstance(triple.object, RdfLiteral):
                self.labels[triple.subject][triple.object.language or ""] = triple.object.value  # type: ignore[index]
            elif triple.predicate == NOTATION and isinstance(triple.object, RdfLiteral):
                self.codes[triple.subject] = triple.object.value  # type: ignore[index]
            elif triple.predicate == RDF_TYPE:
                of_thing[triple.subject].append(triple.object)  # type: ignore[index, arg-type]
            elif triple.predicate == _BROADER:
                broader.add(triple.object)
            elif triple.predicate == _DEFINED:
                defined.add(triple.subject)
        # a thing is known by its narrowest class, and not by a growth stage, which it is in by what it has
        self.classes = {
            thing: max(classes, key=lambda one: (one not in defined, one not in broader, one.value))
            for thing, classes in of_thing.items()
        }

    def text(self, term: Term) -> Text:
        if isinstance(term, RdfLiteral):
            return Text(term.value, term.value)
        labels = self.labels.get(term, {})  # type: ignore[arg-type]
        fallback = self.codes.get(term) or shorten(getattr(term, "value", str(term)))  # type: ignore[arg-type]
        zh = labels.get("zh") or labels.get("en") or fallback
        return Text(zh, labels.get("en") or zh)

    def entity(self, kind: Kind, entity: Iri, changes: tuple[Change, ...] = ()) -> EntityChange:
        of_class = self.text(self.classes[entity]) if entity in self.classes else Text("", "")
        code, name = self.codes.get(entity, ""), self.text(entity)
        shown = Text(*(f"{code} {words}" if code and code != words else words for words in (name.zh, name.en)))
        return EntityChange(kind, of_class, shown, changes)

    def changes(self, before: Mapping[Iri, list[Term]], after: Mapping[Iri, list[Term]]) -> tuple[Change, ...]:
        return tuple(
            Change(
                self.text(predicate),
                tuple(map(self.text, before.get(predicate, ()))),
                tuple(map(self.text, after.get(predicate, ()))),
            )
            for predicate in sorted({*before, *after}, key=str)
        )


def _values(values: tuple[Text, ...], language: Language) -> str:
    return "、".join(value(language) for value in values) or say("cli.check.none")(language)
