"""Alignments to other vocabularies: plain SKOS triples, and what a mapping node says of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..rdf import Iri, Literal, Term
from ..texts import Text
from ..vocabulary import LABEL, PREFIXES
from .facts import Facts, prefixed
from .model import Match, Said

_SKOS = PREFIXES["skos"]
RELATIONS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
"""The SKOS mapping relations, the closest first."""

_SUBJECT = ("mappingSubject", "annotatedSource", "subject_id", "subject")
_PREDICATE = ("mappingPredicate", "annotatedProperty", "predicate_id", "predicate")
_OBJECT = ("mappingObject", "annotatedTarget", "object_id", "object")
_CONFIDENCE = ("confidence",)
_JUSTIFICATION = ("mappingJustification", "mapping_justification", "justification")
_COMMENT = ("comment", "scopeNote", "note")
_LABEL = ("mappingObjectLabel", "object_label")


def matches_of(facts: Facts) -> Mapping[str, tuple[Match, ...]]:
    """The alignments of each term, by its IRI; the closest relation first.

    A node that describes a mapping is known by its parts, whichever vocabulary names them: OWL's
    annotated axioms and SSSOM's mappings both say a subject, a relation and an object.
    """
    found: dict[str, dict[tuple[str, str], Match]] = defaultdict(dict)
    for subject, relation, target in _plain(facts):
        found[subject][relation, target] = _match(facts, relation, target)
    for node in list(facts.said):
        parts = _parts(facts, node)
        match = _described(facts, parts)
        if match is not None:
            found[_iri(parts, _SUBJECT)][match.relation, match.target] = match
    return {iri: tuple(sorted(of.values(), key=_order)) for iri, of in found.items()}


def _plain(facts: Facts) -> Iterator[tuple[str, str, str]]:
    for subject, said in facts.said.items():
        for relation in RELATIONS:
            for target in said.get(Iri(_SKOS + relation), ()):
                if isinstance(subject, Iri) and isinstance(target, Iri):
                    yield subject.value, relation, target.value


def _match(facts: Facts, relation: str, target: str) -> Match:
    iri = Iri(target)
    return Match(relation, target, prefixed(iri), facts.pair(iri, LABEL, Iri(_SKOS + "prefLabel")))


def _parts(facts: Facts, node: Term) -> Mapping[str, list[Term]]:
    """What a node says by the local names of its properties."""
    return {_local(property_.value): values for property_, values in facts.said[node].items()}


def _described(facts: Facts, parts: Mapping[str, list[Term]]) -> Match | None:
    relation, target = _local(_iri(parts, _PREDICATE)), _iri(parts, _OBJECT)
    if relation not in RELATIONS or not target or not _iri(parts, _SUBJECT):
        return None
    plain = _match(facts, relation, target)
    labels = {_language(one): one.value for one in _literals(parts, _LABEL)}
    label = Text(labels.get("zh", labels.get("", "")), labels.get("en", labels.get("", "")))
    return replace(
        plain,
        label=plain.label if (plain.label.zh and plain.label.en) or not (label.zh or label.en) else label,
        confidence=next((one.value for one in _literals(parts, _CONFIDENCE)), ""),
        justification=_local(_iri(parts, _JUSTIFICATION)),
        comments=tuple(Said(one.value, one.language or "") for one in _literals(parts, _COMMENT)),
    )


def _iri(parts: Mapping[str, list[Term]], names: tuple[str, ...]) -> str:
    found = (one.value for name in names for one in parts.get(name, ()) if isinstance(one, Iri))
    return next(found, "")


def _literals(parts: Mapping[str, list[Term]], names: tuple[str, ...]) -> list[Literal]:
    return sorted((one for name in names for one in parts.get(name, ()) if isinstance(one, Literal)), key=str)


def _language(literal: Literal) -> str:
    return (literal.language or "").partition("-")[0]


def _local(iri: str) -> str:
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2]


def _order(match: Match) -> tuple[int, str]:
    return RELATIONS.index(match.relation), match.target
