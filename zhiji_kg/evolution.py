"""How the terms of the ontology changed from one release to the next, and what took the place of retired ones.

A term is a class, a property or a scheme's value of ours. A release may add terms and retire them, never
take them away: a retired term stays, marked ``owl:deprecated``, names its successor by ``dcterms:isReplacedBy``,
and ``queries/migrate`` holds the query that brings data along (its stem is the local name in small letters).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .errors import unreadable
from .graph import ontology
from .queries import catalogue
from .rdf import Iri, Term, Triple, parse_turtle
from .rdf import Literal as RdfLiteral
from .texts import Text
from .vocabulary import DATA, LABEL, ONTOLOGY, PREFIXES, RDF_TYPE, curie, shorten

Change = Literal["added", "removed", "deprecated", "changed"]
Kind = Literal["class", "object property", "datatype property", "value"]
Said = Mapping[Iri, Mapping[Iri, frozenset[str]]]

_DEPRECATED = curie("owl:deprecated")
_REPLACED_BY = curie("dcterms:isReplacedBy")
_GENERATED = "/.well-known/genid/"
_KINDS: tuple[tuple[Iri, Kind], ...] = (
    (curie("owl:Class"), "class"),
    (curie("owl:ObjectProperty"), "object property"),
    (curie("owl:DatatypeProperty"), "datatype property"),
    (curie("skos:Concept"), "value"),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a term said with one property before and says after; empty where it said nothing."""

    property: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermChange:
    """A term that was added, removed, deprecated or said otherwise."""

    term: str
    change: Change
    kind: Kind
    label: Text
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Deprecation:
    """A retired term: its successor's IRI (empty when none is named) and the name of its migration query."""

    term: str
    label: Text
    successor: str
    migration: str


def term_changes(before: Iterable[Triple], after: Iterable[Triple]) -> tuple[TermChange, ...]:
    """The terms that differ between two releases, in the order of their IRIs.

    What stands in a module's header (its version, its date) is not a term's, so a new version alone is no change.

    Args:
        before: the triples of the earlier release.
        after: those of the later one.
    """
    old, new = _Release(before), _Release(after)
    found = (_change(term, old, new) for term in sorted(old.kinds.keys() | new.kinds.keys(), key=str))
    return tuple(change for change in found if change)


def changes_since(path: Path) -> tuple[TermChange, ...]:
    """What changed from an earlier release to the ontology that is shipped.

    Args:
        path: the earlier ontology in one Turtle file, as a release holds it.

    Raises:
        UnreadableError: when the file is missing or not Turtle.
    """
    try:
        before = parse_turtle(path)
    except FileNotFoundError:
        raise unreadable("missing-file", str(path)) from None
    except OSError as error:
        raise unreadable("cannot-open", str(path), reason=error.strerror or str(error)) from None
    except (SyntaxError, UnicodeDecodeError) as error:
        raise unreadable("not-turtle", str(path), reason=" ".join(str(error).split())) from None
    return term_changes(before, (triple for triples in ontology().values() for triple in triples))


def deprecations(triples: Iterable[Triple]) -> tuple[Deprecation, ...]:
    """The retired terms with their successors, in the order of their IRIs."""
    release = _Release(triples)
    return tuple(
        Deprecation(
            term=shorten(term.value),
            label=release.label(term),
            successor=next(iter(sorted(release.said[term].get(_REPLACED_BY, ()))), ""),
            migration=migration if (migration := migration_name(term.value)) in catalogue() else "",
        )
        for term in sorted(release.kinds, key=str)
        if release.is_deprecated(term)
    )


def migration_name(iri: str) -> str:
    """The name of the query that brings data along from a retired term."""
    return "migrate-" + iri.rstrip("/").rpartition("/")[2].lower()


class _Release:
    """The terms of one release by kind, and what each says."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        by_subject: dict[Iri, list[Triple]] = defaultdict(list)
        for triple in triples:
            by_subject[triple.subject].append(triple)  # type: ignore[index]
        self._by_subject = by_subject
        self.kinds = {term: kind for term in by_subject if _is_ours(term) and (kind := self._kind(term))}
        self.said: Said = {term: self._statements(term) for term in self.kinds}

    def _kind(self, term: Iri) -> Kind | None:
        types = {triple.object for triple in self._by_subject[term] if triple.predicate == RDF_TYPE}
        return next((kind for of_class, kind in _KINDS if of_class in types), None)

    def _statements(self, term: Iri) -> Mapping[Iri, frozenset[str]]:
        said: dict[Iri, set[str]] = defaultdict(set)
        for triple in self._by_subject[term]:
            said[triple.predicate].add(self._written(triple.object))
        return {predicate: frozenset(values) for predicate, values in said.items()}

    def _written(self, value: Term) -> str:
        """A value as text; what has no name of its own is written out, so that its number does not matter."""
        if isinstance(value, RdfLiteral):
            return f"{value.value}@{value.language}" if value.language else value.value
        if isinstance(value, Iri) and _GENERATED not in value.value:
            return shorten(value.value)
        inner = sorted(f"{shorten(t.predicate.value)} {self._written(t.object)}" for t in self._by_subject[value])  # type: ignore[index]
        return f"[{' ; '.join(inner)}]"

    def is_deprecated(self, term: Iri) -> bool:
        return "true" in self.said.get(term, {}).get(_DEPRECATED, ())

    def label(self, term: Iri) -> Text:
        said = {v.rpartition("@")[2]: v.rpartition("@")[0] for v in self.said.get(term, {}).get(LABEL, ())}
        return Text(said.get("zh", shorten(term.value)), said.get("en", shorten(term.value)))


def _is_ours(term: Term) -> bool:
    return isinstance(term, Iri) and term.value.startswith((ONTOLOGY, DATA)) and _GENERATED not in term.value


def _change(term: Iri, old: _Release, new: _Release) -> TermChange | None:
    name = shorten(term.value)
    if term not in new.kinds:
        return TermChange(name, "removed", old.kinds[term], old.label(term))
    if term not in old.kinds:
        return TermChange(name, "added", new.kinds[term], new.label(term))
    was, now = old.said[term], new.said[term]
    properties = sorted((p for p in was.keys() | now.keys() if was.get(p) != now.get(p)), key=str)
    if not properties:
        return None
    newly = new.is_deprecated(term) and not old.is_deprecated(term)
    statements = tuple(_statement(p, was.get(p, frozenset()), now.get(p, frozenset())) for p in properties)
    return TermChange(name, "deprecated" if newly else "changed", new.kinds[term], new.label(term), statements)


def _statement(predicate: Iri, was: frozenset[str], now: frozenset[str]) -> Statement:
    """What one property lost and gained; what it kept is left out."""
    return Statement(_shown(predicate), tuple(sorted(was - now)), tuple(sorted(now - was)))


def _shown(predicate: Iri) -> str:
    return "a" if predicate.value == PREFIXES["rdf"] + "type" else shorten(predicate.value)
