"""The documentation of the ontology as frozen values, in both languages at once: what a page says, not how it looks."""

from dataclasses import dataclass
from typing import Literal

from ..texts import NOTHING, Language, Text

TermKind = Literal["class", "object-property", "datatype-property", "annotation-property", "scheme", "individual"]
KINDS: tuple[TermKind, ...] = (
    "class", "object-property", "datatype-property", "annotation-property", "scheme", "individual",
)  # fmt: skip
"""The kinds of term in the order of a page."""

ModuleKind = Literal["ontology", "dl", "shapes", "data"]
MODULE_KINDS: tuple[ModuleKind, ...] = ("ontology", "dl", "shapes", "data")
"""What a file is: terms and axioms within OWL 2 RL, axioms beyond it, SHACL shapes, or data of one source."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Something that is named: its IRI, its prefixed name, what it is called, and where it is documented.

    ``module`` and ``anchor`` are empty for what no page of ours documents.
    """

    iri: str
    name: str
    label: Text = NOTHING
    module: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; with ``ref`` it is the name of something."""

    words: str
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing said in both languages, as stretches of words and names."""

    zh: tuple[Piece, ...] = ()
    en: tuple[Piece, ...] = ()

    def of(self, language: Language) -> tuple[Piece, ...]:
        """The stretches in a language."""
        return self.zh if language == "zh" else self.en

    def plain(self, language: Language) -> str:
        """The sentence as text."""
        return "".join(piece.words for piece in self.of(language))


@dataclass(frozen=True, slots=True)
class Said:
    """A text that a term carries, with its language; empty where it has none."""

    words: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Axiom:
    """An axiom in words, and the module that states it."""

    sentence: Sentence
    module: str


@dataclass(frozen=True, slots=True)
class Match:
    """An alignment to somebody else's term: how close, how sure, and why.

    ``relation`` is the local name of the SKOS property, such as ``closeMatch``.
    """

    relation: str
    target: str
    name: str
    label: Text = NOTHING
    confidence: str = ""
    justification: str = ""
    comments: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionUse:
    """A query file that names a term: ``folder`` tells whether it asks, checks or infers."""

    name: str
    folder: str
    summary: Text
    competency_question: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A term or a shipped value with all that its page says.

    ``above``, ``below`` are its direct super- and subterms; ``scheme`` holds the values of a scheme; ``uses``
    are the properties that have a class as domain or range; ``history`` what was noted about its changes.
    """

    ref: Ref
    kind: TermKind
    definition: Text = NOTHING
    alternatives: tuple[Said, ...] = ()
    notation: str = ""
    notes: tuple[Said, ...] = ()
    examples: tuple[Said, ...] = ()
    sources: tuple[Said, ...] = ()
    history: tuple[Said, ...] = ()
    types: tuple[Ref, ...] = ()
    above: tuple[Ref, ...] = ()
    below: tuple[Ref, ...] = ()
    domains: tuple[Ref, ...] = ()
    ranges: tuple[Ref, ...] = ()
    axioms: tuple[Axiom, ...] = ()
    uses: tuple[Ref, ...] = ()
    scheme: tuple["Term", ...] = ()
    see_also: tuple[Ref, ...] = ()
    shapes: tuple[Ref, ...] = ()
    matches: tuple[Match, ...] = ()
    questions: tuple[QuestionUse, ...] = ()
    deprecated: bool = False
    successors: tuple[Ref, ...] = ()

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its module."""
        return self.ref.anchor


@dataclass(frozen=True, slots=True)
class Shape:
    """A SHACL shape: to what it applies, and what it says when it is not met."""

    ref: Ref
    targets: tuple[Ref, ...]
    paths: tuple[Ref, ...]
    messages: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many entities of a class a file describes."""

    of: Ref
    number: int


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the ontology and what it says.

    ``about`` are axioms that it states of terms that other modules define; ``groups`` the lists of classes,
    properties or individuals that it declares to have nothing in common, ``tallies`` what it describes.
    """

    name: str
    iri: str
    kind: ModuleKind
    file: str
    title: Text
    description: Text
    version: str = ""
    version_iri: str = ""
    licence: str = ""
    citation: str = ""
    issued: str = ""
    modified: str = ""
    creators: tuple[str, ...] = ()
    sources: tuple[Said, ...] = ()
    history: tuple[Said, ...] = ()
    imports: tuple[Ref, ...] = ()
    triples: int = 0
    terms: tuple[Term, ...] = ()
    about: tuple[tuple[Ref, tuple[Axiom, ...]], ...] = ()
    groups: tuple[tuple[str, tuple[Ref, ...]], ...] = ()
    shapes: tuple[Shape, ...] = ()
    tallies: tuple[Tally, ...] = ()
    matches: tuple[tuple[Ref, tuple[Match, ...]], ...] = ()

    def of_kind(self, kind: TermKind) -> tuple[Term, ...]:
        """Its terms of a kind."""
        return tuple(term for term in self.terms if term.kind == kind)

    def counts(self) -> tuple[tuple[TermKind, int], ...]:
        """How many terms of each kind it has, without the kinds that it has none of."""
        return tuple((kind, number) for kind in KINDS if (number := len(self.of_kind(kind))))


@dataclass(frozen=True, slots=True)
class Documentation:
    """All modules, in the order of reading: the ontology, what goes beyond, shapes, data."""

    modules: tuple[Module, ...]

    def module(self, name: str) -> Module | None:
        """The module of a name."""
        return next((module for module in self.modules if module.name == name), None)

    def terms(self) -> tuple[Term, ...]:
        """Every term and value of every module, those of the schemes too."""
        own = [term for module in self.modules for term in module.terms]
        return tuple(one for term in own for one in (term, *term.scheme))

    def term(self, iri: str) -> Term | None:
        """The term of an IRI."""
        return next((term for term in self.terms() if term.ref.iri == iri), None)

    def find(self, written: str) -> tuple[Term, ...]:
        """The terms that have all of some words in their names, labels or definitions; names that fit go first.

        Args:
            written: words apart by spaces, or a name such as ``zj:Course``.
        """
        words = [word.casefold().removeprefix("zj:") for word in written.split()]
        found = [(rank, term) for term in self.terms() if words and (rank := _rank(term, words)) is not None]
        return tuple(term for _, term in sorted(found, key=lambda one: (one[0], one[1].ref.name)))


def _rank(term: Term, words: list[str]) -> int | None:
    """How well a term fits: 0 by its very name, 1 by a part of it, 2 by what is said of it; none if it does not."""
    local = term.ref.name.rpartition(":")[2].casefold()
    names = [local, term.ref.label.zh.casefold(), term.ref.label.en.casefold()]
    if " ".join(words) in names:
        return 0
    known = " ".join([*names, *(said.words.casefold() for said in term.alternatives)])
    if all(word in known for word in words):
        return 1
    text = f"{known} {term.definition.zh} {term.definition.en} {term.notation}".casefold()
    return 2 if all(word in text for word in words) else None
