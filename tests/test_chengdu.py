"""The world of the Chengdu scheme as data: every fact is said, stands on its passage, and no doubt is smoothed over.

``chengdu_facts.csv`` names, for each of the 263 facts, one triple that says it. Quotations and values
are compared with the source itself in ``acceptance/test_chengdu_facts.py``.
"""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from zhiji_kg.graph import assemble, ontology, shipped
from zhiji_kg.queries import catalogue, plain_rows, run
from zhiji_kg.rdf import DefaultGraph, Iri, Literal, Quad, Triple
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.vocabulary import DATA, DERIVED_FROM, LABEL, NOTATION, RDF_TYPE, curie, source_graph, zj

DOCUMENT = source_graph("chengdu-scheme")
FACTS = list(csv.DictReader((Path(__file__).parent / "chengdu_facts.csv").open(encoding="utf-8")))
SAID = set(shipped()[DOCUMENT])
EVERYTHING = {triple for triples in shipped().values() for triple in triples}
PASSAGE = zj("Passage")

REACH = """
PREFIX zj: <https://w3id.org/zhiji/ontology/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT DISTINCT ?entity ?code ?quotation ?document
WHERE {
  ?entity prov:wasDerivedFrom ?passage .
  ?passage a zj:Passage ; skos:notation ?code ; zj:quotation ?quotation ; prov:wasDerivedFrom ?document .
  ?document a zj:SourceDocument .
}
ORDER BY ?code ?entity
"""


@pytest.fixture(scope="module")
def scheme():
    """A graph of what is shipped alone."""
    return EmbeddedStore.in_memory(Quad(*triple, DefaultGraph()) for triple in EVERYTHING)


@pytest.fixture(scope="module")
def reached(scheme):
    """By fact: the entities from which a query gets to its passage."""
    found = defaultdict(set)
    for row in plain_rows(scheme.select(REACH, {})):
        assert row["document"] == DOCUMENT.value
        found[row["code"]].add(row["entity"])
    return found


def thing(path):
    return Iri(DATA + path)


def rows(scheme, name):
    return run(scheme, name)


def by_subject(triples):
    found = defaultdict(set)
    for triple in triples:
        found[triple.subject, triple.predicate].add(triple.object)
    return found


IN_ALL, IN_SCHEME = by_subject(EVERYTHING), by_subject(SAID)


def values(subject, predicate, index=IN_ALL):
    return index.get((subject, predicate), set())


def test_there_are_263_facts_each_once():
    assert len(FACTS) == 263
    assert set(Counter(fact["fact"] for fact in FACTS).values()) == {1}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["fact"])
def test_a_query_gets_from_an_entity_to_the_passage_of_the_fact(fact, reached):
    entities = {entity for entity in reached[fact["fact"]] if not entity.startswith(DATA + "passage/")}
    assert entities


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["fact"])
def test_a_triple_says_the_fact_and_rests_on_its_passage(fact):
    subject, property_ = thing(fact["subject"]), curie(fact["property"])
    objects = values(subject, property_, IN_SCHEME)
    written = {getattr(term, "value", "").removeprefix(DATA): term for term in objects}
    assert fact["object"] in written, f"said: {sorted(written)}"
    passage = thing(f"passage/{fact['fact']}")
    assert passage in values(subject, DERIVED_FROM) | values(written[fact["object"]], DERIVED_FROM)


def test_every_passage_has_a_code_a_quotation_and_the_document():
    passages = {t.subject for t in SAID if t.predicate == RDF_TYPE and t.object == PASSAGE}
    assert len(passages) >= 263
    for passage in passages:
        (code,) = values(passage, NOTATION, IN_SCHEME)
        assert passage == thing(f"passage/{code.value.replace('/', '-')}")
        (quotation,) = values(passage, zj("quotation"), IN_SCHEME)
        assert quotation.language == "zh"
        assert "\n" not in quotation.value
        assert values(passage, DERIVED_FROM, IN_SCHEME) == {DOCUMENT}


def test_everything_described_is_named_in_both_languages_and_says_where_it_stands():
    described = {t.subject for t in SAID}
    for subject in described - {DOCUMENT}:
        labels = [label for label in values(subject, LABEL) if isinstance(label, Literal)]
        assert {label.language for label in labels} >= {"zh", "en"}, subject
        assert len(labels) == 2, subject
        assert values(subject, DERIVED_FROM, IN_SCHEME), subject


def test_nothing_said_points_at_something_that_is_not_there():
    described = {t.subject for t in EVERYTHING}
    for triple in SAID:
        if isinstance(triple.object, Iri) and triple.object.value.startswith(DATA):
            assert triple.object in described, triple


def test_every_property_and_class_is_of_the_ontology_or_of_a_known_vocabulary():
    terms = {t.subject for triples in ontology().values() for t in triples}
    used = {t.predicate for t in SAID} | {t.object for t in SAID if t.predicate == RDF_TYPE}
    unknown = {term for term in used if term.value.startswith(zj("").value) and term not in terms}
    assert not unknown


def test_it_is_in_every_graph_with_a_named_graph_of_its_own():
    dataset = assemble([])
    assert set(dataset.named[DOCUMENT]) == SAID <= dataset.default
    assert dataset.problems == []
    assert Triple(DOCUMENT, zj("evidenceGrade"), thing("evidence-grade/direct")) in SAID


def test_the_gap_queries_find_no_grade_on_what_the_scheme_says():
    """A grade on a stage or a level would change the reports: only the document and what we suggest carries one."""
    graded = {t.subject for t in SAID if t.predicate == zj("evidenceGrade")}
    kinds = {t.object for t in SAID if t.subject in graded and t.predicate == RDF_TYPE}
    assert kinds == {zj("SourceDocument"), zj("IndicatorAssignment")}


# The doubtful spots


TEN_SPOTS = [
    ("modules-in-summing-sentence", {"MOD-2", "MOD-5"}),
    ("members-and-resources", {"GRP-1", "GRP-9a"}),
    ("base-listed-twice", {"HON-B1", "HON-B1/2"}),
    ("high-skilled-talent-base", {"HON-B3", "HON-B7"}),
    ("forty-schools", {"PRM-01", "PRM-02"}),
    ("provincial-experts", {"OUT-05", "OUT-27"}),
    ("programmes-and-plans", {"CTX-21", "OUT-14"}),
    ("certificate-name", {"STG-7"}),
    ("preparatory-technician", {"RULE-4b"}),
    ("bounds", {"OUT-07", "OUT-15", "PRM-05", "HON-N1"}),
    ("cumulation", {"RULE-1", "RULE-2", "RULE-3", "RULE-4"}),
    ("own-trade", {"RULE-1", "RULE-2", "RULE-3", "RULE-4"}),
]


@pytest.mark.parametrize(("doubt", "codes"), TEN_SPOTS, ids=[doubt for doubt, _ in TEN_SPOTS])
def test_one_question_tells_all_doubtful_spots_with_passage_and_reason(scheme, doubt, codes):
    told = [row for row in rows(scheme, "doubtful-spots") if row["doubt"] == f"{DATA}doubt/{doubt}"]
    assert codes <= {row["code"] for row in told}
    assert all(row["reason"] and row["reasonEn"] and row["kindLabel"] and row["quotation"] for row in told)


def test_four_modules_though_the_summing_sentence_names_three(scheme):
    curriculum = thing("curriculum-system/four-stage")
    modules = values(curriculum, zj("comprisesModule"))
    statement = thing("reported-statement/MOD-5")
    named = values(statement, zj("mentions"))
    assert len(modules) == 4
    assert modules - named == {thing("module/professional")}
    assert named < modules
    told = {row["part"]: row["namedInSummary"] for row in rows(scheme, "module-contents")}
    assert told[DATA + "module/professional"] is False
    assert told[DATA + "module/literacy"] is True


def test_the_slip_in_the_name_of_the_certificate_is_kept_in_the_quotation_only():
    (quotation,) = values(thing("passage/STG-7"), zj("quotation"))
    assert "职业技能等级工证书" in quotation.value
    rule = thing("generic-rule/credential-and-certificate")
    assert not any("等级工证书" in label.value for label in values(rule, LABEL))
    assert any("等级工证书" in note.value for note in values(rule, curie("skos:scopeNote")))


def test_the_preparatory_technician_is_neither_ranked_nor_equated():
    preparatory, technician = thing("skill-level/preparatory-technician"), thing("skill-level/2")
    assert not values(preparatory, zj("rank"))
    between = {t.predicate for t in EVERYTHING if {t.subject, t.object} == {preparatory, technician}}
    assert between == set()


@pytest.mark.parametrize("doubt", ["cumulation", "own-trade"])
def test_both_interpretations_are_marked_as_ours(doubt):
    subject = thing(f"doubt/{doubt}")
    assert values(subject, zj("doubtKind")) == {thing("doubt-kind/interpretation")}
    assert values(subject, zj("doubtAbout")) == {thing(f"recognition-rule/S{n}") for n in range(1, 5)}
    notes = {note.language: note.value for note in values(subject, curie("skos:scopeNote"))}
    assert "来源文本未说明" in notes["zh"]
    assert "does not say" in notes["en"]


def test_only_the_four_skill_indicators_are_assigned_by_the_source(scheme):
    grades = {row["code"]: (row["grade"], row["module"]) for row in rows(scheme, "indicators-and-modules")}
    assert {code for code, (grade, _) in grades.items() if grade == "direct"} == {f"IND-2{n}" for n in range(1, 5)}
    assert {module for grade, module in grades.values() if grade == "direct"} == {DATA + "module/professional"}
    assert len(grades) == 11


def test_the_action_without_a_direction_in_the_source_is_told_apart(scheme):
    stated = {row["action"].rpartition("/")[2]: row["directionStated"] for row in rows(scheme, "two-way-actions")}
    assert [number for number, said in stated.items() if not said] == ["9"]
    assert len(stated) == 7


def test_a_verdict_is_measured_and_turns_when_the_graph_does():
    """Without one indicator, one rule's order and one solution the three consistency questions say so."""
    gone = {
        Triple(thing("indicator/IND-42"), zj("inDimension"), thing("dimension/4")),
        Triple(thing("skill-level/4"), zj("surpasses"), thing("skill-level/5")),
        Triple(thing("solution/3"), zj("solvesProblem"), thing("problem/coordination-weak")),
        Triple(thing("integration/resources"), zj("solvesProblem"), thing("problem/coordination-weak")),
    }
    assert gone <= EVERYTHING
    store = EmbeddedStore.in_memory(Quad(*triple, DefaultGraph()) for triple in EVERYTHING - gone)
    counted = {
        (row["dimensions"], row["indicators"], row["asStated"]) for row in rows(store, "goal-dimensions-indicators")
    }
    assert counted == {(4, 10, False)}
    assert [row["monotone"] for row in rows(store, "rules-monotone")] == [False, True, True]
    assert [row["addressed"] for row in rows(store, "problem-coverage")] == [True, True, False]


def test_the_source_of_an_entity_is_a_document_and_a_sentence(scheme):
    (row,) = run(scheme, "source-of", entity=thing("policy/pilot-plan"))
    assert (row["document"], row["code"]) == (DOCUMENT.value, "CTX-20")
    assert row["quotation"] == "《成都工贸职业技术学院与成都市技师学院融通培养改革试点方案》"
    (passage,) = run(scheme, "source-of", entity=thing("passage/CTX-20"))
    assert (passage["document"], passage["quotation"]) == (DOCUMENT.value, row["quotation"])


def test_the_source_of_what_a_workbook_says_is_a_place_in_it(two_plans):
    found = run(two_plans, "source-of", entity=thing("coverage/P1-2024-B-W"))
    assert found
    assert all(row["locator"] and row["passage"] is None for row in found)


def test_every_question_of_this_part_is_asked_by_a_file():
    asked = {query.competency_question for query in catalogue().values()}
    numbers = [1, 2, 3, 5, 6, 7, 10, 11, 14, 15, 16, 17, 27, 30, 31, 39, 40, 53, 54]
    assert {f"CQ-{number:02}" for number in numbers} <= asked
