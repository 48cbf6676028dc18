"""What the axioms about a term say, each as one sentence in zh and in en."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from ..rdf import BlankNode, Iri, Term
from ..texts import Text, say
from ..vocabulary import RDF_TYPE, curie
from .facts import Facts, Names
from .model import Ref, Sentence
from .phrases import Phrases, bare, joined, listed, plainly, put, quoted

_SUBCLASS, _SUBPROPERTY = curie("rdfs:subClassOf"), curie("rdfs:subPropertyOf")
_DOMAIN, _RANGE = curie("rdfs:domain"), curie("rdfs:range")
_EQUIVALENT, _EQUIVALENT_PROPERTY = curie("owl:equivalentClass"), curie("owl:equivalentProperty")
_CHAIN, _INVERSE = curie("owl:propertyChainAxiom"), curie("owl:inverseOf")
_CHARACTERISTICS = {
    curie("owl:FunctionalProperty"): "functional",
    curie("owl:InverseFunctionalProperty"): "inverse_functional",
    curie("owl:TransitiveProperty"): "transitive",
    curie("owl:SymmetricProperty"): "symmetric",
    curie("owl:AsymmetricProperty"): "asymmetric",
    curie("owl:ReflexiveProperty"): "reflexive",
    curie("owl:IrreflexiveProperty"): "irreflexive",
}
_LISTS = {
    curie("owl:AllDisjointClasses"): "classes",
    curie("owl:AllDisjointProperties"): "properties",
    curie("owl:AllDifferent"): "individuals",
}
_MEMBERS = (curie("owl:members"), curie("owl:distinctMembers"))
_VARIABLES = "xyzuvw"
_FEW = 6


class Axioms:
    """The axioms of one file in words."""

    def __init__(self, facts: Facts, names: Names) -> None:
        """Words for the axioms of a file.

        Args:
            facts: what the file says.
            names: of everything, whichever file it stands in; its facts tell what an expression is made of.
        """
        self.facts = facts
        self.names = names
        self.phrases = Phrases(names)

    def of(self, subject: Iri) -> Iterator[Sentence]:
        """The sentences about a class or a property, the defining ones first."""
        yield from self._equivalences(subject)
        yield from self._superclasses(subject)
        yield from self._direction(subject)
        yield from self._characteristics(subject)
        yield from self._properties(subject)
        yield from self._chains(subject)
        yield from self._disjoint(subject)
        yield from self._keys(subject)

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[Ref, ...]], ...]:
        """The lists of things that have nothing in common: what kind of thing, and which; the longest first."""
        found = []
        for kind, key in _LISTS.items():
            for node in self.facts.of_type(kind):
                members = self.names.refs(self.facts.items(next(iter(self.facts.all(node, *_MEMBERS)), None)))
                found.append((key, members))
        return tuple(sorted(found, key=lambda group: (-len(group[1]), str(group))))

    @cached_property
    def _inverses(self) -> dict[Term, list[Term]]:
        """For each property those that call it their inverse: an axiom holds in both directions."""
        found: dict[Term, list[Term]] = {}
        for subject in self.facts.said:
            for other in self.facts.iris(subject, _INVERSE) if isinstance(subject, Iri) else ():
                found.setdefault(other, []).append(subject)
        return found

    def _equivalences(self, subject: Iri) -> Iterator[Sentence]:
        about = bare(self.names.ref(subject))
        same = [self.phrases.a_kind(other) for other in self._sorted(subject, _EQUIVALENT)]
        if any(self.facts.one(subject, curie(f"owl:{key}")) is not None for key in ("unionOf", "oneOf")):
            same.append(self.phrases.expression(subject))
        for other in same:
            yield put(say("ontology.axiom.equivalent"), a=self.phrases.a_kind(subject), c=other)
        for members in self.facts.all(subject, curie("owl:disjointUnionOf")):
            parts = [self.phrases.a_kind(one) for one in self.facts.items(members)]
            words = listed(parts, say("ontology.phrase.or"))
            yield put(say("ontology.axiom.disjoint_union"), a=about, c=words)

    def _superclasses(self, subject: Iri) -> Iterator[Sentence]:
        about = bare(self.names.ref(subject))
        for other in self._sorted(subject, _SUBCLASS):
            yield put(say("ontology.axiom.every"), a=about, does=self.phrases.does(other))

    def _direction(self, subject: Iri) -> Iterator[Sentence]:
        domains, ranges = (self._sorted(subject, one) for one in (_DOMAIN, _RANGE))
        both = say("ontology.phrase.and_also")
        start = joined([self.phrases.a_kind(one) for one in domains], both) if domains else None
        end = joined([self.phrases.a_kind(one) for one in ranges], both) if ranges else None
        if start and end:
            is_link = self.names.facts.is_a(subject, curie("owl:ObjectProperty"))
            yield put(say("ontology.axiom.leads" if is_link else "ontology.axiom.gives"), a=start, b=end)
        elif start:
            yield put(say("ontology.axiom.domain"), a=start)
        elif end:
            yield put(say("ontology.axiom.range"), b=end)

    def _characteristics(self, subject: Iri) -> Iterator[Sentence]:
        stated = set(self.facts.all(subject, RDF_TYPE))
        for kind, key in _CHARACTERISTICS.items():
            if kind in stated:
                yield put(say(f"ontology.axiom.{key}"), p=self.phrases.verb(subject))

    def _properties(self, subject: Iri) -> Iterator[Sentence]:
        verb = self.phrases.verb(subject)
        named = quoted(self.names.ref(subject))
        for other in [*self._sorted(subject, _INVERSE), *self._inverses.get(subject, ())]:
            yield put(say("ontology.axiom.inverse"), p=verb, q=self.phrases.verb(other))
        for other in self._sorted(subject, _SUBPROPERTY):
            yield put(say("ontology.axiom.subproperty"), p=named, q=self.phrases.property(other))
        for other in self._sorted(subject, _EQUIVALENT_PROPERTY):
            yield put(say("ontology.axiom.same_property"), p=named, q=self.phrases.property(other))
        for other in self._sorted(subject, curie("owl:propertyDisjointWith")):
            yield put(say("ontology.axiom.disjoint_property"), p=named, q=self.phrases.property(other))

    def _chains(self, subject: Iri) -> Iterator[Sentence]:
        for chain in self.facts.all(subject, _CHAIN):
            steps = [
                self._step(one, _VARIABLES[place], _VARIABLES[place + 1])
                for place, one in enumerate(self.facts.items(chain))
            ]
            reached = self._step(subject, "x", _VARIABLES[len(steps)])
            yield put(
                say("ontology.axiom.chain"), steps=joined(steps, say("ontology.phrase.and_then")), reached=reached
            )

    def _step(self, property_: Term, start: str, end: str) -> Sentence:
        inverse = self.names.facts.one(property_, _INVERSE) if isinstance(property_, BlankNode) else None
        if inverse is not None:
            property_, start, end = inverse, end, start
        here, there = (plainly(Text(name, name)) for name in (start, end))
        return put(say("ontology.axiom.step"), x=here, p=self.phrases.verb(property_), y=there)

    def _disjoint(self, subject: Iri) -> Iterator[Sentence]:
        about = bare(self.names.ref(subject))
        others = self.names.refs(self.facts.all(subject, curie("owl:disjointWith")))
        if others:
            yield put(say("ontology.axiom.disjoint"), a=about, others=self._one_of(others))
        me = self.names.ref(subject)
        for number, (kind, members) in enumerate(self.groups, 1):
            if me in members and kind == "classes":
                yield self._excludes(about, [one for one in members if one != me], number)

    def _excludes(self, about: Sentence, rest: list[Ref], group: int) -> Sentence:
        if len(rest) <= _FEW:
            return put(say("ontology.axiom.disjoint"), a=about, others=self._one_of(rest))
        return put(say("ontology.axiom.disjoint_group"), a=about, n=_number(len(rest)), group=_number(group))

    def _one_of(self, refs: Iterable[Ref]) -> Sentence:
        return listed([self.phrases.a_kind(Iri(ref.iri)) for ref in refs], say("ontology.phrase.or"))

    def _keys(self, subject: Iri) -> Iterator[Sentence]:
        for key in self.facts.all(subject, curie("owl:hasKey")):
            properties = [self.phrases.property(one) for one in self.facts.items(key)]
            words = joined(properties, say("ontology.phrase.and_also"))
            yield put(say("ontology.axiom.key"), a=bare(self.names.ref(subject)), properties=words)

    def _sorted(self, subject: Iri, property_: Iri) -> list[Term]:
        """The values for a property: named ones by name, then expressions in the order of the file."""
        values = self.facts.all(subject, property_)
        return [*self.facts.iris(subject, property_), *(one for one in values if not isinstance(one, Iri))]


def _number(value: int) -> Sentence:
    return plainly(Text(str(value), str(value)))
