"""Class expressions in words: ``Learner ⊓ ∃hasAcademicAttainment.{…}`` is "a learner who has …".

A phrase is a pair of sequences of pieces, so that every name in it stays a link. The words
are those of ``web/texts/ontology.toml``; names are put into their places by ``put``.
"""

import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..rdf import BlankNode, Iri, Literal, Term
from ..texts import LANGUAGES, Language, Text, say
from ..vocabulary import PREFIXES, curie, zj
from .facts import Names
from .model import Piece, Ref, Sentence

_OBJECT_PROPERTY = curie("owl:ObjectProperty")
_ON_PROPERTY, _ON_CLASS, _ON_RANGE = curie("owl:onProperty"), curie("owl:onClass"), curie("owl:onDataRange")
_INVERSE = curie("owl:inverseOf")
_INTERSECTION, _UNION = curie("owl:intersectionOf"), curie("owl:unionOf")
_COMPLEMENT, _ONE_OF = curie("owl:complementOf"), curie("owl:oneOf")
_SUBCLASS = curie("rdfs:subClassOf")
_PERSONS = {zj("Learner"), zj("Teacher")}
_FACETS = {"minInclusive": "≥", "maxInclusive": "≤", "minExclusive": ">", "maxExclusive": "<"}
_MARKS = "。，、；：）”"
_VALUES = {
    "hasValue": "value", "someValuesFrom": "some", "allValuesFrom": "only", "hasSelf": "self",
    "cardinality": "exactly", "minCardinality": "least", "maxCardinality": "most",
    "qualifiedCardinality": "exactly", "minQualifiedCardinality": "least", "maxQualifiedCardinality": "most",
}  # fmt: skip
_DATATYPES = {
    "string": "string", "integer": "integer", "decimal": "decimal", "boolean": "boolean", "dateTime": "moment",
    "anyURI": "address", "PlainLiteral": "plain", "langString": "plain", "nonNegativeInteger": "integer",
}  # fmt: skip


def put(text: Text, **values: Sentence) -> Sentence:
    """A template with phrases in its places.

    Raises:
        KeyError: when the template names a phrase that was not given.
    """
    return Sentence(*(_tidied(tuple(_filled(text(language), language, values))) for language in LANGUAGES))


def _tidied(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """No space before a mark that brings its own: what stands apart from words need not from those."""
    after = (*(piece.words[:1] for piece in pieces[1:]), "")
    return tuple(
        replace(piece, words=piece.words.rstrip()) if following and following in _MARKS else piece
        for piece, following in zip(pieces, after, strict=True)
    )


def _filled(template: str, language: Language, values: dict[str, Sentence]) -> Iterator[Piece]:
    for words, field, _, _ in string.Formatter().parse(template):
        if words:
            yield Piece(words)
        if field is not None:
            yield from values[field].of(language)


def joined(phrases: Sequence[Sentence], between: Text, last: Text | None = None) -> Sentence:
    """Phrases one after another: ``a, b and c``.

    Args:
        phrases: at least one.
        between: what stands between two.
        last: what stands before the last, where that is something else.
    """
    found = phrases[0]
    for number, phrase in enumerate(phrases[1:], 2):
        found = _add(found, plainly(last if last and number == len(phrases) else between), phrase)
    return found


def _add(*phrases: Sentence) -> Sentence:
    return Sentence(*(tuple(piece for one in phrases for piece in one.of(language)) for language in LANGUAGES))


def plainly(text: Text) -> Sentence:
    """Words without a name in them."""
    return Sentence((Piece(text.zh),), (Piece(text.en),))


def bare(ref: Ref) -> Sentence:
    """A name alone, as it stands in the middle of a sentence; an ASCII one apart from the Chinese around it."""
    return Sentence((Piece(ref.label.zh or f" {ref.name} ", ref),), (Piece(_lowered(ref.label.en) or ref.name, ref),))


def quoted(ref: Ref) -> Sentence:
    """A name in quotation marks, as a value or a property is named."""
    name = Sentence((Piece(ref.label.zh or ref.name, ref),), (Piece(ref.label.en or ref.name, ref),))
    return put(say("ontology.phrase.quoted"), name=name)


def listed(phrases: Sequence[Sentence], last: Text) -> Sentence:
    """Phrases as a list: ``A, B or C``."""
    return joined(phrases, say("ontology.phrase.comma"), last)


def _lowered(label: str) -> str:
    """A label within a sentence: ``Skill level`` gives ``skill level``; ``CTDL term`` stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


class Phrases:
    """Class expressions of one ontology in words."""

    def __init__(self, names: Names) -> None:
        """Words for what these names name."""
        self.names = names
        self.facts = names.facts

    def a_kind(self, term: Term) -> Sentence:
        """A thing of a class or of an expression: ``a learner who has …``; of a datatype: ``a whole number``."""
        if isinstance(term, Iri):
            return self._datatype(term) or _with_article(bare(self.names.ref(term)))
        return self.expression(term)

    def expression(self, term: Term) -> Sentence:
        """What an expression is made of, whether or not it bears a name."""
        if (members := self.facts.one(term, _INTERSECTION)) is not None:
            return self._intersection(self.facts.items(members))
        if (members := self.facts.one(term, _UNION)) is not None:
            return joined([self.a_kind(one) for one in self.facts.items(members)], say("ontology.phrase.or"))
        if (members := self.facts.one(term, _ONE_OF)) is not None:
            values = [self.value(one) for one in self.facts.items(members)]
            return put(say("ontology.phrase.one_of"), values=listed(values, say("ontology.phrase.or")))
        if (other := self.facts.one(term, _COMPLEMENT)) is not None:
            return put(say("ontology.phrase.something"), does=put(say("ontology.phrase.is_not"), c=self.a_kind(other)))
        if (datatype := self.facts.one(term, curie("owl:onDatatype"))) is not None:
            return self._limited(datatype, term)
        return put(say("ontology.phrase.something"), does=self.does(term))

    def does(self, term: Term) -> Sentence:
        """What every member does or is: ``has at least one …``, ``is a …``."""
        if not isinstance(term, BlankNode) or self.facts.one(term, _ON_PROPERTY) is None:
            return self._is(term)
        for name, key in _VALUES.items():
            value = self.facts.one(term, curie(f"owl:{name}"))
            if value is not None:
                return self._restricted(term, key, value)
        return plainly(say("ontology.phrase.unread"))

    def value(self, term: Term) -> Sentence:
        """An individual by its name, a literal by its text."""
        if isinstance(term, Literal):
            return plainly(Text(term.value, term.value))
        return quoted(self.names.ref(term))

    def property(self, term: Term) -> Sentence:
        """A property by its name; the inverse of one as what is read backwards."""
        if isinstance(term, BlankNode):
            inverse = self.facts.one(term, _INVERSE)
            if inverse is not None:
                return put(say("ontology.phrase.inverse"), p=quoted(self.names.ref(inverse)))
        return quoted(self.names.ref(term))

    def verb(self, term: Term) -> Sentence:
        """A property between two things: in English its label is the verb, in Chinese it is quoted."""
        ref = self.names.ref(term)
        return Sentence(quoted(ref).zh, bare(ref).en)

    def _is(self, term: Term) -> Sentence:
        other = None if isinstance(term, Iri) else self.facts.one(term, _COMPLEMENT)
        if other is not None:
            return put(say("ontology.phrase.is_not"), c=self.a_kind(other))
        return put(say("ontology.phrase.is"), c=self.a_kind(term))

    def _restricted(self, term: Term, key: str, value: Term) -> Sentence:
        on = self.facts.one(term, _ON_PROPERTY)
        is_verb = self.facts.is_a(on, _OBJECT_PROPERTY) and isinstance(on, Iri)  # type: ignore[arg-type]
        backwards = self.facts.one(on, _INVERSE) if isinstance(on, BlankNode) else None
        if backwards is not None and key not in ("value", "self"):
            return self._read_backwards(term, key, value, backwards)
        given = {"p": self.property(on)}  # type: ignore[arg-type]  # a restriction is on a property
        if key == "value" and is_verb:
            return put(say("ontology.phrase.value_of_object"), p=self.verb(on), v=self.value(value))  # type: ignore[arg-type]
        if key == "value":
            return put(say("ontology.phrase.value_of_data"), **given, v=self.value(value))
        if key in ("some", "only"):
            return put(say(f"ontology.phrase.{key}"), **given, c=self.a_kind(value))
        if key == "self":
            return put(say("ontology.phrase.self"), **given)
        return self._counted(term, f"ontology.phrase.{key}", value, given)

    def _read_backwards(self, term: Term, key: str, value: Term, property_: Term) -> Sentence:
        """A restriction on the inverse of a property: of how many things this is a value."""
        given = {"p": self.property(property_)}
        if key in ("some", "only"):
            return put(say(f"ontology.backwards.{key}"), **given, c=self.a_kind(value))
        return self._counted(term, f"ontology.backwards.{key}", value, given)

    def _counted(self, term: Term, key: str, value: Term, given: dict[str, Sentence]) -> Sentence:
        number = getattr(value, "value", "")
        of = self.facts.one(term, _ON_CLASS) or self.facts.one(term, _ON_RANGE)
        if number == "0" and not key.endswith(".least"):
            room = key.rpartition(".")[0]
            return (
                put(say(f"{room}.none"), **given)
                if of is None
                else put(say(f"{room}.none_of"), **given, c=self.a_kind(of))
            )
        is_one = number == "1"
        counted = put(say(f"{key}_one" if is_one else key), **given, n=plainly(Text(number, number)))
        if of is None:
            return counted
        return put(say(f"ontology.phrase.{'each_one' if is_one else 'each'}"), counted=counted, c=self.a_kind(of))

    def _intersection(self, members: Sequence[Term]) -> Sentence:
        heads = [one for one in members if isinstance(one, Iri)]
        rest = [self.does(one) for one in members if not isinstance(one, Iri)]
        if not heads:
            return put(say("ontology.phrase.something"), does=joined(rest, say("ontology.phrase.and_also")))
        head = joined([self.a_kind(one) for one in heads], say("ontology.phrase.and_also"))
        if not rest:
            return head
        words = "ontology.phrase.person" if self._are_persons(heads) else "ontology.phrase.thing"
        return put(say(words), head=head, does=joined(rest, say("ontology.phrase.and_also")))

    def _are_persons(self, classes: Iterable[Iri]) -> bool:
        return any(one in _PERSONS or _PERSONS & set(self.facts.iris(one, _SUBCLASS)) for one in classes)

    def _datatype(self, term: Iri) -> Sentence | None:
        for prefix in ("xsd", "rdf"):
            local = term.value.removeprefix(PREFIXES[prefix])
            if local != term.value and local in _DATATYPES:
                return plainly(say(f"ontology.datatype.{_DATATYPES[local]}"))
        return None

    def _limited(self, datatype: Term, term: Term) -> Sentence:
        limits = []
        for facet in self.facts.items(self.facts.one(term, curie("owl:withRestrictions"))):
            for property_, values in sorted(self.facts.said.get(facet, {}).items(), key=str):
                sign = _FACETS.get(property_.value.removeprefix(PREFIXES["xsd"]), _plain_facet(property_))
                limits += [f"{sign} {getattr(value, 'value', value)}" for value in values]
        bounds = ", ".join(limits)
        return put(say("ontology.phrase.limited"), d=self.a_kind(datatype), bounds=plainly(Text(bounds, bounds)))


def _plain_facet(property_: Iri) -> str:
    """A facet that has no sign, by its own name."""
    return property_.value.rpartition("#")[2]


def _with_article(phrase: Sentence) -> Sentence:
    first = phrase.en[0].words[:1].lower()
    return Sentence(phrase.zh, (Piece("an " if first in "aeio" or _sounds_like_a_vowel(phrase) else "a "), *phrase.en))


def _sounds_like_a_vowel(phrase: Sentence) -> bool:
    """``an unknown``, but ``a unit``: of the words that begin with u, those with a short one."""
    word = phrase.en[0].words.lower()
    return word.startswith("u") and not word.startswith(("uni", "use", "us"))
