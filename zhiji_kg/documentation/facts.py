"""What a set of triples says, looked up by subject and property; and what each thing in it is called."""

from collections.abc import Iterable, Mapping

from ..rdf import Iri, Literal, Term, Triple
from ..texts import NOTHING, Text
from ..vocabulary import DATA, LABEL, MODULE, ONTOLOGY, RDF_TYPE, curie, shorten
from .model import Ref, Said

_FIRST, _REST = curie("rdf:first"), curie("rdf:rest")
_PREF_LABEL = curie("skos:prefLabel")
_TITLE = curie("dcterms:title")
MORE_PREFIXES = {
    "qb": "http://purl.org/linked-data/cube#",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
    "bibo": "http://purl.org/ontology/bibo/",
    "schema": "https://schema.org/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "ceasn": "https://purl.org/ctdlasn/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "esco": "http://data.europa.eu/esco/",
}
"""Prefixes that only the ontology's own files use, beside those of ``vocabulary``."""


class Facts:
    """Triples by subject and property, in the order in which they were read."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Index triples; the order of subjects and values stays that of the files."""
        self.said: dict[Term, dict[Iri, list[Term]]] = {}
        self.typed: dict[Term, list[Term]] = {}
        self.number = 0
        for triple in triples:
            self.number += 1
            self.said.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
            if triple.predicate == RDF_TYPE:
                self.typed.setdefault(triple.object, []).append(triple.subject)

    def of_type(self, kind: Iri) -> list[Term]:
        """What is said to be of a class, in the order of the file."""
        return self.typed.get(kind, [])

    def all(self, subject: Term, *properties: Iri) -> list[Term]:
        """The values of a subject for properties."""
        of = self.said.get(subject)
        return [value for property_ in properties for value in of.get(property_, ())] if of else []

    def one(self, subject: Term, property_: Iri) -> Term | None:
        """The first value of a subject for a property."""
        return next(iter(self.all(subject, property_)), None)

    def iris(self, subject: Term, *properties: Iri) -> list[Iri]:
        """The values that are named things, sorted."""
        return sorted((value for value in self.all(subject, *properties) if isinstance(value, Iri)), key=str)

    def items(self, head: Term | None) -> list[Term]:
        """The members of an RDF list."""
        found: list[Term] = []
        while head is not None and (first := self.one(head, _FIRST)) is not None:
            found.append(first)
            head = self.one(head, _REST)
        return found

    def pair(self, subject: Term, *properties: Iri) -> Text:
        """A text that a subject carries in both languages; empty in the language in which it has none."""
        said: dict[str, str] = {}
        for value in self.all(subject, *properties):
            if isinstance(value, Literal):
                said.setdefault((value.language or "").partition("-")[0], value.value)
        return Text(said.get("zh", said.get("", "")), said.get("en", said.get("", ""))) if said else NOTHING

    def texts(self, subject: Term, *properties: Iri) -> tuple[Said, ...]:
        """All texts that a subject carries, sorted; a named thing is given by its prefixed name."""
        found = {
            Said(value.value, value.language or "") if isinstance(value, Literal) else Said(prefixed(value))
            for value in self.all(subject, *properties)
        }
        return tuple(sorted(found, key=lambda said: (said.language, said.words)))

    def text(self, subject: Term, property_: Iri) -> str:
        """The first value as plain text; empty where there is none."""
        value = self.one(subject, property_)
        return "" if value is None else getattr(value, "value", str(value))

    def is_a(self, subject: Term, *classes: Iri) -> bool:
        """Whether a subject is said to be of one of these classes."""
        return not set(self.all(subject, RDF_TYPE)).isdisjoint(classes)


class Names:
    """What everything is called and where it is documented."""

    def __init__(self, facts: Facts, homes: Mapping[str, str]) -> None:
        """Names out of the facts of all files.

        Args:
            facts: of all files together.
            homes: for the IRI of each term, the name of the module whose page has it.
        """
        self.facts = facts
        self.homes = homes
        self._known: dict[str, Ref] = {}

    def ref(self, term: Term) -> Ref:
        """A named thing; of a blank node or a literal its text."""
        iri = getattr(term, "value", str(term))
        if iri not in self._known:
            label = self.facts.pair(term, LABEL, _PREF_LABEL, _TITLE)
            home = self.homes.get(iri, "")
            if not home and iri.startswith(MODULE):
                home = iri.removeprefix(MODULE)
                self._known[iri] = Ref(iri, home, label, home)
            else:
                self._known[iri] = Ref(iri, prefixed(term), label, home, anchor_of(iri) if home else "")
        return self._known[iri]

    def refs(self, terms: Iterable[Term]) -> tuple[Ref, ...]:
        """Named things, each once, in the order of their names."""
        return tuple(sorted({self.ref(term) for term in terms}, key=lambda ref: ref.name))


def prefixed(term: Term) -> str:
    """The prefixed name of an IRI, for a person to read; for what has no prefix, itself."""
    written = getattr(term, "value", str(term))
    short = shorten(written)
    if short != written:
        return short
    for prefix, namespace in MORE_PREFIXES.items():
        if written.startswith(namespace):
            return f"{prefix}:{written.removeprefix(namespace)}"
    return written


def anchor_of(iri: str) -> str:
    """The anchor of a term on its page: its local name, with ``-`` where an entity's path has ``/``."""
    local = iri.removeprefix(ONTOLOGY).removeprefix(DATA).removeprefix(MODULE)
    return local.replace("/", "-") if "://" not in local else local.rstrip("/#").rpartition("/")[2].replace("#", "-")
