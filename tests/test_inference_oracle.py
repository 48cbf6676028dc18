"""Inference against owlrl, triple for triple: on what is shipped, on the examples, and on graphs made up at random.

What is compared, and what owlrl is given, is said once in ``benchmarks/oracle.py``.
"""

import itertools

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.oracle import ON_DEMAND, entailed, of_ours, premises
from zhiji_kg.build import draft
from zhiji_kg.graph import Dataset, ontology, shipped
from zhiji_kg.inference import infer
from zhiji_kg.prerequisites import Closure, prerequisites
from zhiji_kg.rdf import Iri, Triple
from zhiji_kg.resources import examples
from zhiji_kg.vocabulary import INFERRED_GRAPH, ONTOLOGY, RDF_TYPE, curie, entity

pytest.importorskip("owlrl", reason="the second opinion is in the test extra")

EACH = 3  # individuals of each class in a graph made up
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # a smaller failure would take owlrl minutes to find
AXIOMS = [triple for module in ontology().values() for triple in module]


DOMAIN, RANGE = (
    {t.subject: t.object for t in AXIOMS if t.predicate == curie(name)} for name in ("rdfs:domain", "rdfs:range")
)
LINKS = sorted(
    (t.subject for t in AXIOMS if t.predicate == RDF_TYPE and t.object == curie("owl:ObjectProperty")), key=str
)
LINKS = [link for link in LINKS if link.value.startswith(ONTOLOGY) and link in DOMAIN and link in RANGE]
CLASSES = sorted(
    {t.subject for t in AXIOMS if t.object == curie("owl:Class") and t.subject.value.startswith(ONTOLOGY)}, key=str
)
# the values of the schemes stand in the axioms of the stages, so they take part
VALUES = sorted({t.subject for t in AXIOMS if t.predicate == RDF_TYPE and t.object in CLASSES}, key=str)
TOLD = {t for t in AXIOMS if t.predicate == RDF_TYPE}
OF_SCHEMES = {kind: [v for v in VALUES if Triple(v, RDF_TYPE, kind) in TOLD][:EACH] for kind in CLASSES}
# of all that no axiom is about, the terms alone would make owlrl slow and change nothing
BASE = {t for t in AXIOMS if not t.subject.value.startswith("https://w3id.org/zhiji/id/") or t.subject in VALUES}


def individuals(kind):
    """Some individuals that a property may link: made up, and where there are such, values of a scheme."""
    name = kind.value.rpartition("/")[2] if kind.value.startswith(ONTOLOGY) else "wide"
    return [entity("made-up", f"{name}-{number}") for number in range(EACH)] + OF_SCHEMES.get(kind, [])


@st.composite
def links(draw):
    """Links that keep to domain and range, now and then with a stranger at one end: types are inferred anyway."""
    property_ = draw(st.sampled_from(LINKS))
    ends = [draw(st.sampled_from(individuals(side[property_]))) for side in (DOMAIN, RANGE)]
    if draw(st.integers(0, 9)) == 0:
        ends[draw(st.integers(0, 1))] = draw(st.sampled_from(individuals(draw(st.sampled_from(CLASSES)))))
    return Triple(ends[0], property_, ends[1])


@st.composite
def types(draw):
    kind = draw(st.sampled_from(CLASSES))
    return Triple(draw(st.sampled_from(individuals(draw(st.sampled_from([kind, *CLASSES]))))), RDF_TYPE, kind)


@st.composite
def steps_of_a_chain(draw):
    """Links over the properties of one chain, end to end, so that chains are more than luck."""
    chain = draw(st.sampled_from(CHAINS))
    ends = [draw(st.sampled_from(individuals(DOMAIN[chain[0]])))]
    ends += [draw(st.sampled_from(individuals(RANGE[link]))) for link in chain]
    return [Triple(one, link, other) for one, link, other in zip(ends, chain, ends[1:], strict=False)]


def members(head):
    """The members of a list of the ontology."""
    first, rest = (
        {t.subject: t.object for t in AXIOMS if t.predicate == curie(name)} for name in ("rdf:first", "rdf:rest")
    )
    found = []
    while head in first:
        found.append(first[head])
        head = rest[head]
    return found


CHAINS = [members(t.object) for t in AXIOMS if t.predicate == curie("owl:propertyChainAxiom")]
GRAPHS = st.builds(
    lambda some, kinds, chains: {*some, *kinds, *(t for chain in chains for t in chain)},
    st.lists(links(), min_size=20, max_size=120),
    st.lists(types(), max_size=10),
    st.lists(steps_of_a_chain(), max_size=20),
)


def assert_agreed(asserted):
    """Ours and theirs are the same, and of the prerequisites the bitsets know what theirs knows."""
    ours, store = infer(Dataset(set(asserted), {}))
    theirs = entailed(premises(asserted))
    mine, other = ({t for t in triples if of_ours(t)} for triples in (ours.default, theirs))
    assert sorted(map(str, mine - other)) == [], "ours alone"
    assert sorted(map(str, other - mine)) == [], "owlrl alone"
    assert {t for t in ours.named[INFERRED_GRAPH] if of_ours(t)} == mine - set(asserted)
    pairs = {(t.subject.value, t.object.value) for t in theirs if t.predicate == ON_DEMAND}
    assert set(prerequisites(store).pairs()) == pairs
    return ours


def test_on_the_examples():
    """Also on all that is shipped, which is in every graph: 263 facts and the schemes."""
    asserted = draft(examples()).dataset.default
    assert {t for triples in shipped().values() for t in triples} <= asserted
    after = assert_agreed(asserted)
    assert len(after.named[INFERRED_GRAPH]) > 2_000


@settings(max_examples=8, phases=UNSHRUNK, suppress_health_check=list(HealthCheck))
@given(GRAPHS)
def test_on_graphs_made_up(made_up):
    assert_agreed(BASE | made_up)


def test_what_is_made_up_reaches_every_axiom():
    """The strategy is no good if a property, a class or a chain never occurs in it."""
    assert {link for chain in CHAINS for link in chain} <= set(LINKS)
    assert len(LINKS) > 90
    assert len(CHAINS) >= 10
    assert {kind.value.rpartition("/")[2] for kind in CLASSES} >= {"Learner", "JuniorApprentice", "Coverage"}


def test_the_comparison_sees_a_missing_triple(monkeypatch):
    """An oracle that cannot fail proves nothing: without its rules the comparison must."""
    course, other = (entity("made-up", f"Course-{number}") for number in (0, 1))
    asserted = {*BASE, Triple(course, Iri(ONTOLOGY + "hasDirectPrerequisite"), other)}
    assert_agreed(asserted)
    monkeypatch.setattr("zhiji_kg.inference.rules", tuple)
    with pytest.raises(AssertionError, match="owlrl alone"):
        assert_agreed(asserted)


@given(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=9).map(lambda names: list(itertools.pairwise(names))))
@settings(max_examples=3, phases=UNSHRUNK, suppress_health_check=list(HealthCheck))
def test_prerequisites_in_circles_too(pairs):
    course = {name: entity("course", name) for name in "abcdef"}
    asserted = {Triple(course[one], Iri(ONTOLOGY + "hasDirectPrerequisite"), course[other]) for one, other in pairs}
    assert_agreed(BASE | asserted)
    assert set(Closure.of(pairs).circular()) == {one for one, other in Closure.of(pairs).pairs() if one == other}
