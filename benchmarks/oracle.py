"""owlrl as a second opinion: what the ontology entails by OWL 2 RL, worked out by somebody else.

The tests compare it with ``zhiji_kg.inference`` triple for triple, and the benchmark does before it
measures. What is compared is said here, once (``of_ours``), as is what owlrl is given (``premises``):

- no triple with a literal but those of our own properties: labels and notes entail nothing;
- no ``owl:AllDifferent`` and no ``owl:FunctionalProperty``: for us two names are two things, and a
  functional property with two values is a contradiction, not an identity;
- no list of disjoint classes: it entails nothing, it only contradicts;
- and, for ``examinedRequirement``, the axiom that its rule stands for, which needs an inverse of
  ``requiredPoint`` that our ontology has no name for.
"""

from collections.abc import Iterable

from zhiji_kg.rdf import DefaultGraph, Iri, Literal, Quad, Triple, nquads
from zhiji_kg.vocabulary import ONTOLOGY, RDF_TYPE, curie, zj

LEFT_OUT = frozenset(map(curie, ("owl:AllDifferent", "owl:AllDisjointClasses", "owl:FunctionalProperty")))
ON_DEMAND = zj("hasPrerequisite")
_INVERSE = Iri("urn:oracle:inverse-of-requiredPoint")
_STEPS = (Iri("urn:oracle:chain-1"), Iri("urn:oracle:chain-2"))
_FIRST, _REST, _NIL = map(curie, ("rdf:first", "rdf:rest", "rdf:nil"))
EXAMINED = (
    Triple(_INVERSE, curie("owl:inverseOf"), zj("requiredPoint")),
    Triple(zj("examinedRequirement"), curie("owl:propertyChainAxiom"), _STEPS[0]),
    Triple(_STEPS[0], _FIRST, zj("examinedPoint")),
    Triple(_STEPS[0], _REST, _STEPS[1]),
    Triple(_STEPS[1], _FIRST, _INVERSE),
    Triple(_STEPS[1], _REST, _NIL),
)


def of_ours(triple: Triple) -> bool:
    """Whether a triple is one of those compared: a link by a property of ours, or a membership in a class of ours.

    ``hasPrerequisite`` is compared through the bitsets instead.
    """
    if not isinstance(triple.object, Iri) or not isinstance(triple.subject, Iri) or triple.predicate == ON_DEMAND:
        return False
    named = triple.object if triple.predicate == RDF_TYPE else triple.predicate
    return named.value.startswith(ONTOLOGY)


def premises(triples: Iterable[Triple]) -> set[Triple]:
    """What owlrl is given of a graph."""
    kept = {t for t in triples if not isinstance(t.object, Literal) or t.predicate.value.startswith(ONTOLOGY)}
    kept = {t for t in kept if not (t.predicate == RDF_TYPE and t.object in LEFT_OUT)}
    return kept | set(EXAMINED)


def entailed(triples: Iterable[Triple]) -> set[Triple]:
    """All that owlrl concludes from triples, those between IRIs."""
    import owlrl
    import rdflib

    graph = rdflib.Graph()
    graph.parse(data=b"".join(nquads(_quad(triple) for triple in triples)), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return {
        Triple(*(Iri(str(term)) for term in triple))
        for triple in graph
        if all(isinstance(term, rdflib.URIRef) for term in triple)
    }


def contradicted(triples: Iterable[Triple]) -> bool:
    """Whether owlrl finds a contradiction in triples with all their axioms, or takes two things of ours for one."""
    import owlrl
    import rdflib

    graph = rdflib.Graph()
    kept = [t for t in triples if not isinstance(t.object, Literal) or t.predicate.value.startswith(ONTOLOGY)]
    graph.parse(data=b"".join(nquads(_quad(triple) for triple in kept)), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    told = any(str(term).endswith("#error") for term in set(graph.predicates()))
    return told or any(one != other for one, other in graph.subject_objects(rdflib.OWL.sameAs))


def _quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
