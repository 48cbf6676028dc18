"""What things are called: the terms of the ontology, and entities, many at once and never one query each."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..queries import find_query
from ..rdf import Iri, Literal, Term, Triple
from ..store.port import Store
from ..texts import NOTHING, Text, say
from ..vocabulary import ALT_LABEL, LABEL, NOTATION, ONTOLOGY, PREFIXES, RDF_TYPE, shorten
from .groups import column_of
from .values import Entity, Named

RECORDS = frozenset({
    "zj:CourseOffering", "zj:Coverage", "zj:Examination",
    "zj:FunctionWeight", "zj:ProgrammeTarget", "zj:StageExpectation",
})  # fmt: skip
"""Classes of what is a link with properties of its own rather than a thing: a picture draws a line for it."""

SKOLEM = "/.well-known/genid/"
"""In the IRI of what had no name in the ontology: nobody looks for it."""

_EDITION = "zj:ProgrammeEdition"
_NAMED = 2  # parts that a record is named by
_LESS_TELLING = ("skos:", "prov:", "rdfs:", "owl:")
_KINDS_OF_TERM = ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty", "owl:Ontology")
_FIRST_WHERE = re.compile(r"\bWHERE\s*\{")
_IS_BROADER = (PREFIXES["rdfs"] + "subClassOf", PREFIXES["rdfs"] + "subPropertyOf")
_INVERSE = PREFIXES["owl"] + "inverseOf"
_DEFINED = PREFIXES["owl"] + "equivalentClass"


def ask_of_all(
    store: Store, name: str, entities: Iterable[str] | None = None, most: int | None = None
) -> list[tuple[Term | None, ...]]:
    """The rows of a named question with the parameter ``entity``, for many entities in one query.

    The entities stand as terms at the head of its pattern, where an engine begins; its order is left
    to who wants one, because an engine on disk sorts slower than it finds.

    Args:
        store: the graph.
        name: a question of ``queries/browse``.
        entities: IRIs; all of the graph when not given.
        most: no more rows than this.
    """
    text = find_query(name).text.rpartition("ORDER BY")[0]
    if entities is not None:
        terms = " ".join(str(Iri(iri)) for iri in entities)
        text = _FIRST_WHERE.sub(lambda where: f"{where[0]} VALUES ?entity {{ {terms} }} ", text, count=1)
    return store.select(text if most is None else f"{text} LIMIT {most}", {}).rows


def first_rows(store: Store, name: str, most: int, **bindings: Term) -> list[tuple[Term | None, ...]]:
    """Rows of a named question, no more than so many and in no order.

    To sort the links of a hub takes longer than to find them.
    """
    text = find_query(name).text.rpartition("ORDER BY")[0]
    return store.select(f"{text} LIMIT {most}", bindings).rows


def iri_of(term: Term | None) -> str:
    """The IRI or the value of a term as it stands; empty where there is none."""
    return "" if term is None or isinstance(term, Triple) else term.value


def pair(said: Mapping[str, str]) -> Text:
    """A text from the values of a property by language; what has none counts as Chinese."""
    return Text(said.get("zh") or said.get("", ""), said.get("en", ""))


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of the ontology in a graph: what they are called, what is broader, what is the inverse.

    ``defined`` are the classes of what meets a definition (the growth stages): a thing comes to be in
    them, and is not known by them.
    """

    labels: Mapping[str, Text]
    broader: Mapping[str, frozenset[str]]
    inverse: Mapping[str, str]
    defined: frozenset[str] = frozenset()
    _told: dict[frozenset[str], str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, store: Store) -> "Terms":
        """Read them from a graph."""
        labels: dict[str, dict[str, str]] = defaultdict(dict)
        broader: dict[str, set[str]] = defaultdict(set)
        inverse: dict[str, str] = {}
        defined: set[str] = set()
        for term, property_, value in ask_of_all(store, "terms"):
            iri, link, target = iri_of(term), iri_of(property_), iri_of(value)
            if isinstance(value, Literal):
                labels[iri][value.language or ""] = value.value
            elif link == _INVERSE:
                inverse[target] = iri
            elif link == _DEFINED:
                defined.add(iri)
            elif link in _IS_BROADER:
                broader[iri].add(target)
        return cls(
            {iri: pair(said) for iri, said in labels.items()},
            {iri: _closed(iri, broader) for iri in broader},
            inverse,
            frozenset(defined),
        )

    def label(self, iri: str) -> Text:
        """What a term is called; nothing where nobody says."""
        return self.labels.get(iri) or _foreign(shorten(iri))

    def named(self, iri: str) -> Named:
        """A term with its prefixed name."""
        return Named(iri, shorten(iri), self.label(iri))

    def telling(self, classes: Iterable[str]) -> str:
        """The class that says most of those of an entity: one of ours, the narrowest, and always the same one."""
        known = frozenset(classes)
        if known not in self._told:  # few sets of classes, borne by many entities
            wide = self._wide(known)
            self._told[known] = min(
                known, key=lambda iri: (_vague(iri), iri in self.defined, iri in wide, iri), default=""
            )
        return self._told[known]

    def kinds(self, classes: Iterable[str]) -> list[str]:
        """The classes of an entity without those of ours that another of them implies, in their order."""
        known = list(classes)
        wide = self._wide(known)
        return [iri for iri in known if iri not in wide or not iri.startswith(ONTOLOGY)]

    def _wide(self, classes: Iterable[str]) -> set[str]:
        """What is broader than one of some classes, those set aside that are only defined."""
        return {broad for one in classes if one not in self.defined for broad in self.broader.get(one, ())}


@dataclass(slots=True)
class _Read:
    """What the rows of ``names`` say of one entity."""

    classes: list[str]
    label: dict[str, str]
    codes: list[str]
    alternatives: list[str]


def read_names(store: Store, entities: Iterable[str] | None) -> dict[str, _Read]:
    """The classes, names and codes of entities, or of all, by IRI."""
    found: dict[str, _Read] = {}
    for entity, property_, name in ask_of_all(store, "names", entities):
        iri = iri_of(entity)
        read = found.get(iri) or found.setdefault(iri, _Read([], {}, [], []))
        if property_ == LABEL:
            read.label[getattr(name, "language", None) or ""] = iri_of(name)
        elif property_ == RDF_TYPE:
            read.classes.append(iri_of(name))
        elif property_ == NOTATION:
            read.codes.append(iri_of(name))
        elif property_ == ALT_LABEL:
            read.alternatives.append(iri_of(name))
    return found


def entity_of(terms: Terms, iri: str, read: _Read | None) -> Entity:
    """An entity as its own names say."""
    if read is None:
        return Entity(iri, "", NOTHING, local=local_part(iri))
    kind = terms.telling(read.classes)
    code = min(read.codes, default="")
    label = _of_its_year(pair(read.label), code) if shorten(kind) == _EDITION else pair(read.label)
    return Entity(iri, shorten(kind), terms.label(kind), label, code, local_part(iri))


def _of_its_year(label: Text, code: str) -> Text:
    """What an edition of a programme is called, which bears the name of its programme: with its year."""
    _, at, year = code.rpartition("@")
    if not at:
        return label
    said = say("browse.edition.name")
    zh = said("zh", name=label.zh, year=year) if label.zh else ""
    return Text(zh, said("en", name=label.en, year=year) if label.en else "")


def entities(store: Store, terms: Terms, iris: Iterable[str]) -> dict[str, Entity]:
    """Entities by IRI, each with a name where one can be had.

    A record without a name of its own is named by what it links: ``覆盖：精密测量技术 → …``.
    """
    wanted = sorted(set(iris))
    named = _named(store, terms, wanted)
    bare = [entity for entity in named.values() if entity.kind in RECORDS and entity.label == NOTHING]
    if bare:
        named |= _by_their_parts(store, terms, bare)
    return named


def local_part(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2]


def is_entity(term: Term | None) -> bool:
    """Whether a term is something that a page can be about, and not a value or a nameless part of the ontology."""
    return isinstance(term, Iri) and SKOLEM not in term.value


def _named(store: Store, terms: Terms, iris: Sequence[str]) -> dict[str, Entity]:
    read = read_names(store, iris) if iris else {}
    return {iri: entity_of(terms, iri, read.get(iri)) for iri in iris}


def _by_their_parts(store: Store, terms: Terms, bare: Sequence[Entity]) -> dict[str, Entity]:
    parts: dict[str, set[str]] = defaultdict(set)
    for entity, part in ask_of_all(store, "parts", [entity.iri for entity in bare]):
        if is_entity(part) and not iri_of(part).startswith(ONTOLOGY):
            parts[iri_of(entity)].add(iri_of(part))
    known = _named(store, terms, sorted(set().union(*parts.values()))) if parts else {}
    return {entity.iri: _composed(entity, [known[iri] for iri in parts[entity.iri]]) for entity in bare}


def _composed(record: Entity, parts: Iterable[Entity]) -> Entity:
    told = sorted(
        (part for part in parts if part.kind not in RECORDS),
        key=lambda part: (column_of(part.kind), part.iri),
    )[:_NAMED]
    if not told:
        return record
    said = say("browse.record.name")
    zh = said("zh", kind=record.kind_label.zh, parts=" → ".join(_spoken(part, "zh") for part in told))
    en = said("en", kind=record.kind_label.en, parts=" → ".join(_spoken(part, "en") for part in told))
    return replace(record, label=Text(zh, en))


def _spoken(part: Entity, language: str) -> str:
    name = (part.label.zh or part.label.en) if language == "zh" else (part.label.en or part.label.zh)
    words = [part.code, name] if part.code and part.kind.endswith("Point") else [name or part.code]
    return " ".join(filter(None, words)) or part.local


def _foreign(name: str) -> Text:
    try:
        return say(f"browse.term.{name}")
    except KeyError:
        return NOTHING


def _vague(iri: str) -> int:
    name = shorten(iri)
    if name.startswith("zj:"):
        return 0
    return 2 if name.startswith(_LESS_TELLING) and name not in _KINDS_OF_TERM else 1


def _closed(iri: str, broader: Mapping[str, set[str]]) -> frozenset[str]:
    """All that is broader than a term, step by step."""
    found: set[str] = set()
    ahead = [iri]
    while ahead:
        for broad in broader.get(ahead.pop(), ()):
            if broad not in found and SKOLEM not in broad:
                found.add(broad)
                ahead.append(broad)
    return frozenset(found)
