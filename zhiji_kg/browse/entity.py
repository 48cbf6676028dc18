"""One entity, or one term of the ontology: what the graph says of it, what it is linked to, and who says so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import unreadable
from ..queries import run
from ..rdf import Iri, Literal, Term, Triple
from ..store.port import Store
from ..texts import Text
from ..vocabulary import ALT_LABEL, DEFINITION, DERIVED_FROM, LABEL, NOTATION, PREFIXES, RDF_TYPE, curie, shorten, zj
from .names import Terms, ask_of_all, entities, first_rows, iri_of, is_entity, pair
from .search import Index
from .values import Entity, EntityPage, Fact, Provenance, Relation

_SORTED = 1_000  # links by one property that are put in order before the first are shown
_MOST_TRIPLES = 10_000
_DEFINED_BY = curie("rdfs:isDefinedBy")
_SAID_ABOVE = frozenset({RDF_TYPE, LABEL, ALT_LABEL, NOTATION, DEFINITION})
_SAID_AS_PROVENANCE = frozenset({
    DERIVED_FROM, zj("evidenceGrade"), zj("locator"), zj("confidence"), zj("reviewer"), zj("reviewDate"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Links:
    """The links of an entity by one property in one direction: the first of them, and how many there are."""

    property: str
    inward: bool
    total: int
    others: tuple[str, ...]


def entity_page(store: Store, iri: str, shown: int = 50) -> EntityPage:
    """All that the graph says of an entity or of a term.

    Args:
        store: the graph.
        iri: of the entity.
        shown: how many entities to name for each property and direction; the rest is counted.

    Raises:
        UnreadableError: when the graph says nothing of it.
    """
    stated = _statements(store, iri)
    if not stated:
        raise unreadable("no-such-entity", entity=iri)
    terms = Terms.of(store)
    links = [*_outward(stated, shown), *_inward(store, iri, shown)]
    known = entities(store, terms, [iri, *(other for link in links for other in link.others)])
    by_property: dict[Iri, list[Term]] = defaultdict(list)
    for property_, value in stated:
        by_property[property_].append(value)
    return EntityPage(
        entity=known[iri],
        kinds=tuple(map(terms.named, terms.kinds(iri_of(kind) for kind in by_property[RDF_TYPE] if is_entity(kind)))),
        definition=pair({_language(value): iri_of(value) for value in by_property[DEFINITION]}),
        alternatives=tuple(iri_of(value) for value in by_property[ALT_LABEL]),
        facts=tuple(_facts(terms, stated)),
        relations=tuple(_relations(terms, links, known, _concluded(store, iri))),
        provenance=provenance(store, iri),
    )


def provenance(store: Store, iri: str) -> tuple[Provenance, ...]:
    """The places in documents where an entity is stated, as each document itself says."""
    return tuple(
        Provenance(
            document=str(row["document"]),
            title=str(row["title"] or ""),
            locator=str(row["locator"] or ""),
            grade=str(row["gradeCode"] or ""),
            grade_label=Text(str(row["grade"] or ""), str(row["gradeEn"] or "")),
            confidence=None if row["confidence"] is None else float(row["confidence"]),
            reviewer=str(row["reviewer"] or ""),
            review_date=str(row["reviewDate"] or ""),
        )
        for row in run(store, "provenance", entity=_valid(iri))
    )


def description(store: Store, iri: str) -> list[Triple]:
    """The triples that an entity stands in: as subject, then as object, each part in a stable order.

    A hub is the object of more triples than anybody reads: 10,000 of them are given.

    Raises:
        UnreadableError: when the graph says nothing of it.
    """
    subject = _valid(iri)
    said = [Triple(subject, property_, value) for property_, value in _statements(store, iri)]
    if not said:
        raise unreadable("no-such-entity", entity=iri)
    rows = first_rows(store, "incoming-links", _MOST_TRIPLES, entity=subject)
    return said + sorted((Triple(other, property_, subject) for _, property_, other in rows), key=str)  # type: ignore[arg-type]


def resolve(store: Store, index: Index, written: str) -> str:
    """The IRI that somebody means by an IRI, a prefixed name or a code.

    Where things of several classes bear one code (a task, and the point it asks for), it is the first of
    them in the order of the picture.

    Args:
        store: the graph.
        index: of the same graph.
        written: what stands in an address or a field.

    Raises:
        UnreadableError: when the graph holds no such thing, or several of one class.
    """
    asked = written.strip()
    if iri := _as_iri(asked):
        if _statements(store, iri):
            return iri
        raise unreadable("no-such-entity", entity=asked)
    found = index.with_code(asked)
    if not found:
        raise unreadable("no-such-entity", entity=asked)
    of_kind = [entity for entity in found if entity.kind == found[0].kind]
    if len(of_kind) > 1:
        known = "、".join(shorten(entity.iri) for entity in of_kind)
        raise unreadable("several-of-code", code=asked, what=found[0].kind_label, known=known)
    return found[0].iri


def _as_iri(written: str) -> str:
    """An IRI or a prefixed name as an IRI; empty where a code is written."""
    prefix, colon, local = written.partition(":")
    if "://" in written:
        return written
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else ""


def _valid(iri: str) -> Iri:
    try:
        return Iri(iri)
    except ValueError:
        raise unreadable("no-such-entity", entity=iri) from None


def _statements(store: Store, iri: str) -> list[tuple[Iri, Term]]:
    """The properties and values of an entity, in the order of their text."""
    rows = ask_of_all(store, "statements", [_valid(iri).value])
    return sorted(((p, v) for _, p, v in rows), key=str)  # type: ignore[misc]


def _outward(stated: Iterable[tuple[Iri, Term]], shown: int) -> list[_Links]:
    others: dict[Iri, list[str]] = defaultdict(list)
    for property_, value in stated:
        if is_entity(value) and property_ not in _SAID_ABOVE | _SAID_AS_PROVENANCE | {_DEFINED_BY}:
            others[property_].append(iri_of(value))
    return [_Links(link.value, False, len(found), tuple(found[:shown])) for link, found in others.items()]


def _inward(store: Store, iri: str, shown: int) -> list[_Links]:
    links = []
    for row in run(store, "incoming", entity=_valid(iri)):
        link = str(row["property"])
        rows = first_rows(store, "incoming-by", _SORTED, entity=_valid(iri), property=Iri(link))
        others = sorted(iri_of(other) for *_, other in rows if is_entity(other))
        if others:
            links.append(_Links(link, True, int(row["links"] or 0), tuple(others[:shown])))
    return links


def _concluded(store: Store, iri: str) -> Mapping[tuple[str, bool], int]:
    rows = run(store, "concluded", entity=_valid(iri))
    return {(str(row["property"]), bool(row["inward"])): int(row["links"] or 0) for row in rows}


def _relations(
    terms: Terms, links: Sequence[_Links], known: Mapping[str, Entity], concluded: Mapping[tuple[str, bool], int]
) -> Iterable[Relation]:
    for link in sorted(links, key=lambda link: (link.inward, link.property)):
        yield Relation(
            property=terms.named(link.property),
            inward=link.inward,
            total=link.total,
            entities=tuple(known[other] for other in link.others),
            inferred=concluded.get((link.property, link.inward), 0) == link.total,
        )


def _facts(terms: Terms, stated: Iterable[tuple[Iri, Term]]) -> Iterable[Fact]:
    for property_, value in stated:
        if isinstance(value, Literal) and property_ not in _SAID_ABOVE | _SAID_AS_PROVENANCE:
            plainly = value.language or value.datatype.value == PREFIXES["xsd"] + "string"
            datatype = "" if plainly else shorten(value.datatype.value)
            yield Fact(terms.named(property_.value), value.value, value.language or "", datatype)


def _language(value: Term) -> str:
    return getattr(value, "language", None) or ""
