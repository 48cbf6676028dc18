"""From the asserted to the inferred: the rule files against the same rules written out in Python."""

import itertools
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_workbook import small

from zhiji_kg import queries
from zhiji_kg.build import draft
from zhiji_kg.graph import Dataset, ontology
from zhiji_kg.inference import LINKS, TYPES, Rule, infer, rules
from zhiji_kg.queries import read_query
from zhiji_kg.rdf import Iri, Triple
from zhiji_kg.resources import QUERIES
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.vocabulary import DATA, INFERRED_GRAPH, ONTOLOGY, RDF_TYPE, curie, entity, shorten, zj

AXIOMS = {triple for module in ontology().values() for triple in module}
ALONE = infer(Dataset(set(AXIOMS), {}))[0].default
"""The ontology with what follows from it alone."""

THINGS = {
    "course": 2,
    "coverage": 2,
    "point": 3,
    "requirement": 2,
    "level": 1,
    "task": 1,
    "occupation": 1,
    "examination": 1,
    "indicator": 2,
}
ASSERTED = [
    ("course", "hasCoverage", "coverage"),
    ("coverage", "coversPoint", "point"),
    ("point", "isPartOfPoint", "point"),
    ("point", "embodiesIndicator", "indicator"),
    ("level", "hasRequirement", "requirement"),
    ("task", "hasRequirement", "requirement"),
    ("occupation", "includesTask", "task"),
    ("requirement", "requiredPoint", "point"),
    ("examination", "examinedPoint", "point"),
]


def things(kind):
    return [entity(kind, str(number)) for number in range(THINGS[kind])]


POSSIBLE = [
    Triple(one, zj(name), other)
    for left, name, right in ASSERTED
    for one, other in itertools.product(things(left), things(right))
]


def by_hand(asserted):
    """The rules as Horn clauses, run until nothing is new: slow, plain, and written without looking at SPARQL."""
    facts = {(t.subject, t.predicate.value.rpartition("/")[2], t.object) for t in asserted}
    while True:
        new = {fact for rule in RULES for fact in rule(facts)} - facts
        if not new:
            return {Triple(s, zj(p), o) for s, p, o in facts} - set(asserted)
        facts |= new


def joined(facts, first, second):
    return {(a, c) for a, p, b in facts if p == first for b2, q, c in facts if q == second and b2 == b}


def both_to(facts, first, second):
    return {(a, c) for a, p, b in facts if p == first for c, q, b2 in facts if q == second and b2 == b}


def supports(facts):
    yield from ((c, "supportsPoint", p) for c, name, p in facts if name == "coversPoint")
    for coverage, name, whole in facts:
        if name == "supportsPoint":
            yield from (
                (coverage, "supportsPoint", part) for part, q, w in facts if q == "isPartOfPoint" and w == whole
            )


RULES = [
    supports,
    lambda f: ((a, "develops", c) for a, c in joined(f, "hasCoverage", "supportsPoint")),
    lambda f: ((a, "hasRequirement", c) for a, c in joined(f, "includesTask", "hasRequirement")),
    lambda f: ((a, "requiresPoint", c) for a, c in joined(f, "hasRequirement", "requiredPoint")),
    lambda f: ((c, "isRequiredBy", a) for a, c in joined(f, "hasRequirement", "requiredPoint")),
    lambda f: ((a, "contributesTo", c) for a, c in both_to(f, "develops", "requiresPoint")),
    lambda f: ((a, "servesIndicator", c) for a, c in joined(f, "develops", "embodiesIndicator")),
    lambda f: ((a, "examinedRequirement", c) for a, c in both_to(f, "examinedPoint", "requiredPoint")),
]


BY_HAND = {"supportsPoint", "develops", "hasRequirement", "requiresPoint", "isRequiredBy", "contributesTo"}
BY_HAND |= {"servesIndicator", "examinedRequirement"}


def inferred_of(asserted):
    """What follows from some triples with the ontology, without what follows from the ontology alone."""
    after, store = infer(Dataset(AXIOMS | set(asserted), {}))
    return set(after.named[INFERRED_GRAPH]) - ALONE, after, store


@settings(max_examples=60)
@given(st.sets(st.sampled_from(POSSIBLE), max_size=30))
def test_the_rules_give_what_they_give_by_hand(asserted):
    new, after, store = inferred_of(asserted)
    of_hand = {t for t in new if t.predicate.value.rpartition("/")[2] in BY_HAND}
    assert of_hand == by_hand(asserted)
    assert after.default == AXIOMS | set(asserted) | set(after.named[INFERRED_GRAPH])
    assert {Triple(q.subject, q.predicate, q.object) for q in store.quads()} == after.default


@settings(max_examples=15)
@given(st.sets(st.sampled_from(POSSIBLE), max_size=30))
def test_what_is_inferred_is_a_fixpoint(asserted):
    _, after, _ = inferred_of(asserted)
    again, _ = infer(Dataset(after.default, {}))
    assert again.named[INFERRED_GRAPH] == []
    store = EmbeddedStore.in_memory(Dataset(after.default, {}).quads())
    for query in queries.catalogue().values():
        if query.folder == "infer":
            assert set(store.construct(query.text, {})) <= after.default


CASES = tomllib.loads((Path(__file__).parent / "inference-cases.toml").read_text(encoding="utf-8"))["case"]


def said(words):
    """``course/a develops point`` as a triple."""
    one, link, other = words.split()
    name = lambda kind: Iri(DATA + (kind if "/" in kind else f"{kind}/0"))  # noqa: E731
    return Triple(name(one), RDF_TYPE, zj(other)) if link == "a" else Triple(name(one), zj(link), name(other))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases_worked_by_hand(case):
    new, *_ = inferred_of(map(said, case["says"]))
    assert sorted(map(str, new)) == sorted(str(said(words)) for words in case["follows"])


def chain_of(head):
    """The properties of a chain, in order."""
    first, rest = ({t.subject: t.object for t in AXIOMS if t.predicate == curie(n)} for n in ("rdf:first", "rdf:rest"))
    found = []
    while head in first:
        found.append(first[head])
        head = rest[head]
    return found


CHAINS = [(t.subject, chain_of(t.object)) for t in AXIOMS if t.predicate == curie("owl:propertyChainAxiom")]
CHAINS.sort(key=str)


@pytest.mark.parametrize(("conclusion", "chain"), CHAINS, ids=[shorten(c.value) + f"-{len(s)}" for c, s in CHAINS])
def test_every_chain_has_its_rule(conclusion, chain):
    """A chain of strangers, linked by it, gives its conclusion; take one link away, and nothing does."""
    ends = [entity("stranger", str(number)) for number in range(len(chain) + 1)]
    links = [Triple(one, link, other) for one, link, other in zip(ends, chain, ends[1:], strict=False)]
    concluded = Triple(ends[0], conclusion, ends[-1])
    assert concluded in inferred_of(links)[0]
    assert all(concluded not in inferred_of([*links[:gap], *links[gap + 1 :]])[0] for gap in range(len(links)))


KNOWN = {
    "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology", "Restriction", "NamedIndividual",
    "FunctionalProperty", "InverseFunctionalProperty", "TransitiveProperty", "SymmetricProperty", "AsymmetricProperty",
    "IrreflexiveProperty", "AllDifferent", "AllDisjointClasses", "AllDisjointProperties",
    "members", "distinctMembers", "disjointWith", "propertyDisjointWith", "differentFrom", "inverseOf",
    "equivalentClass",
    "intersectionOf", "onProperty", "hasValue", "propertyChainAxiom",
    "imports", "versionIRI", "versionInfo", "priorVersion", "deprecated", "backwardCompatibleWith", "incompatibleWith",
}  # fmt: skip
"""The terms of OWL that the rules of inference and the contradictions know, and those that entail nothing."""


def test_no_axiom_goes_beyond_the_rules():
    """Who needs another term of OWL in ``ontology/*.ttl`` writes its rule first."""
    owl = curie("owl:Class").value.removesuffix("Class")
    used = {t.predicate.value for t in AXIOMS} | {t.object.value for t in AXIOMS if isinstance(t.object, Iri)}
    assert {term.removeprefix(owl) for term in used if term.startswith(owl)} <= KNOWN


def test_no_axiom_leads_to_ours_through_a_property_that_is_not():
    """The rules give properties of ours only, so one of others must not be a step on the way."""
    of_links = {curie(name) for name in ("owl:inverseOf", "owl:propertyChainAxiom")}
    steps = {t.subject for t in AXIOMS if t.predicate in of_links} | {link for _, chain in CHAINS for link in chain}
    steps |= {t.object for t in AXIOMS if t.predicate == curie("owl:inverseOf")}
    assert not {shorten(step.value) for step in steps if not step.value.startswith(ONTOLOGY)}
    conditions = {t.object for t in AXIOMS if t.predicate == curie("owl:intersectionOf")}
    members = {member for head in conditions for member in chain_of(head)}
    named = {member for member in members if "/.well-known/" not in member.value}
    assert named
    assert all(member.value.startswith(ONTOLOGY) for member in named)


def test_every_rule_file_is_a_rule():
    files = [query for query in queries.catalogue().values() if query.folder == "infer"]
    assert len(files) == len(list((QUERIES / "infer").glob("*.rq"))) == len(rules()) >= 20
    assert {query.form for query in files} == {"CONSTRUCT"}
    assert not any(query.parameters for query in files)
    assert all(rule.reads <= {LINKS, TYPES} and rule.reads for rule in rules())
    assert [rule.turn() for rule in rules()] == sorted(rule.turn() for rule in rules())


@pytest.mark.parametrize("rule", rules(), ids=[rule.name for rule in rules()])
def test_a_rule_says_what_it_reads(rule):
    """One that looks at the classes of things is not left waiting when a class is inferred."""
    text = re.sub(r"^#.*$", "", rule.update, flags=re.M)
    body = text.partition("WHERE")[2].partition("FILTER NOT EXISTS")[0]
    assert bool(re.search(r"\?(thing|entity|learner|course) a \?|\ba zj:", body)) == (TYPES in rule.reads)


def test_who_stirs_whom():
    by_name = {rule.name: rule for rule in rules()}
    stirs = lambda one, other: by_name[one].stirs(by_name[other])  # noqa: E731
    assert stirs("develops", "contributes-to")
    assert not stirs("contributes-to", "develops")
    assert stirs("develops", "types-by-domain")
    assert stirs("inverse-property", "develops")
    assert stirs("types-by-domain", "types-by-class")
    assert not stirs("types-by-class", "develops")
    assert stirs("values-by-type", "lower-levels")


def test_a_file_that_is_no_rule_is_refused(tmp_path):
    path = tmp_path / "no-rule.rq"
    path.write_text("#+ summary: 无 | none\nCONSTRUCT WHERE { ?a ?b ?c }", encoding="utf-8")
    with pytest.raises(ValueError, match="no-rule"):
        Rule.of(read_query(path))


@settings(max_examples=10)
@given(st.sets(st.sampled_from(POSSIBLE), max_size=30), st.randoms())
def test_the_turns_change_nothing(asserted, random):
    """Whatever the order in which the rules are run, the fixpoint is the same."""
    shuffled = list(rules())
    random.shuffle(shuffled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zhiji_kg.inference.rules", lambda: tuple(shuffled))
        one = infer(Dataset(AXIOMS | asserted, {}))[0].default
    assert one == infer(Dataset(AXIOMS | asserted, {}))[0].default


def test_a_coverage_of_a_larger_point_supports_its_parts(tmp_path):
    after, _ = infer(draft([small(tmp_path / "book")]).dataset)
    inferred = set(after.named[INFERRED_GRAPH])
    assert Triple(entity("course", "460103-ZY1"), zj("develops"), entity("point", "P3")) in inferred
    assert Triple(entity("course", "460103-GG1"), zj("contributesTo"), entity("standard-level", "STD-4")) in inferred
    assert Triple(entity("course", "460103-GG1"), zj("develops"), entity("point", "P3")) not in after.default
    assert not inferred & {
        triple for name, triples in after.named.items() if name != INFERRED_GRAPH for triple in triples
    }
