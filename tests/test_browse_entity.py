"""One entity on a page: names, facts, links in both directions, who says so; and as triples."""

import re

import pytest
from hand_made import hub, store_of

from zhiji_kg.browse.entity import description, entity_page, provenance, resolve
from zhiji_kg.browse.names import Terms
from zhiji_kg.browse.search import Index
from zhiji_kg.errors import UnreadableError
from zhiji_kg.rdf import Iri
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import PREFIXES, curie, zj

COURSE = curie("zjd:course/460103-ZH006").value
COVERAGE = curie("zjd:coverage/460103-2024-ZH006-S-3-3-5-1").value
TWO_DOCUMENTS = """
zjd:grade-a a zj:EvidenceGrade ; skos:notation "a" ; rdfs:label "甲"@zh , "A"@en .
zjd:grade-b a zj:EvidenceGrade ; skos:notation "b" ; rdfs:label "乙"@zh , "B"@en .
GRAPH <urn:one> {
  <urn:one> a zj:SourceDocument ; rdfs:label "文档一"@zh ; zj:evidenceGrade zjd:grade-a .
  <urn:point> a zj:SkillPoint ; zj:locator "表!A2" ; zj:evidenceGrade zjd:grade-b ; zj:confidence 0.5 .
}
GRAPH <urn:two> {
  <urn:two> a zj:SourceDocument ; rdfs:label "文档二"@zh ; zj:evidenceGrade zjd:grade-a .
  <urn:point> a zj:SkillPoint ; zj:locator "Sheet!B7" ; zj:reviewer "某人" ; zj:reviewDate "2025-03-01"^^xsd:date .
}
"""


@pytest.fixture(scope="module")
def index(example_store):
    return Index.of(example_store)


@pytest.fixture(scope="module")
def page(example_store):
    return entity_page(example_store, COURSE)


def links(page):
    return {("<-" if r.inward else "->") + r.property.curie: r for r in page.relations}


def problem_of(call, *given):
    with pytest.raises(UnreadableError) as refused:
        call(*given)
    assert all(refused.value.problems[0].line(language) for language in ("zh", "en"))
    return refused.value.problems[0].code


# A course


def test_the_course_of_the_example(page):
    assert (page.entity.code, page.entity.label) == ("ZH006", Text("精密测量技术", "Precision measurement"))
    assert [kind.curie for kind in page.kinds] == ["zj:Course"]
    assert (page.facts, page.alternatives) == ((), ())


@pytest.mark.parametrize(
    ("link", "total", "inferred", "first"),
    [
        ("->zj:develops", 6, True, "量具检测与误差分析"),
        ("->zj:contributesTo", 4, True, "车工"),
        ("->zj:servesIndicator", 2, True, "娴操作"),
        ("->zj:hasCoverage", 6, False, "覆盖：精密测量技术 → 6-18-01-01-5 量具检测与误差分析"),
        ("->zj:hasDirectPrerequisite", 1, False, "公差配合与测量技术"),
        ("<-zj:offeringOf", 1, False, "精密测量技术"),
    ],
)
def test_what_the_course_is_linked_to(page, link, total, inferred, first):
    relation = links(page)[link]
    assert (relation.total, relation.inferred) == (total, inferred)
    assert relation.entities[0].label.zh == first
    assert relation.property.label.zh
    assert relation.property.label.en


def test_outward_links_come_first_and_each_property_once(page):
    assert len(links(page)) == len(page.relations) == 8
    assert [r.inward for r in page.relations] == sorted(r.inward for r in page.relations)


def test_a_course_is_said_by_its_document_with_the_grade_of_that(page):
    (said,) = page.provenance
    assert said.document.endswith("source/example-hv-cnc-460103")
    assert (said.grade, said.grade_label, said.locator) == ("example", Text("示例", "Example"), "")


def test_only_the_first_are_named_and_all_are_counted(example_store):
    few = links(entity_page(example_store, COURSE, 2))
    assert {(len(r.entities), r.total) for r in few.values()} == {(2, 6), (2, 4), (2, 2), (1, 1)}
    assert few["->zj:develops"].entities == links(entity_page(example_store, COURSE))["->zj:develops"].entities[:2]
    assert all(r.entities == () for r in links(entity_page(example_store, COURSE, 0)).values())


# A record


def test_a_coverage_says_what_it_measures_and_where_it_was_read(example_store):
    page = entity_page(example_store, COVERAGE)
    assert page.entity.label.zh.startswith("覆盖：精密测量技术 → S-3-3-5-1")
    facts = {fact.property.curie: (fact.value, fact.datatype) for fact in page.facts}
    assert facts == {
        "zj:depth": ("3", "xsd:integer"), "zj:hours": ("6", "xsd:decimal"), "zj:isAssessed": ("false", "xsd:boolean"),
    }  # fmt: skip
    (said,) = page.provenance
    assert (said.locator, said.grade) == ("覆盖!A102", "example")
    assert links(page)["->zj:supportsPoint"].inferred
    assert not links(page)["->zj:coversPoint"].inferred


def test_provenance_is_no_relation_and_no_fact(example_store):
    page = entity_page(example_store, COVERAGE)
    shown = {r.property.curie for r in page.relations} | {f.property.curie for f in page.facts}
    assert not shown & {"prov:wasDerivedFrom", "zj:evidenceGrade", "zj:locator", "rdf:type", "rdfs:label"}


def test_of_a_source_text_the_passage_is_shown_with_its_words(example_store):
    (said,) = provenance(example_store, curie("zjd:policy/pilot-plan").value)
    assert (said.document, said.grade) == (curie("zjd:source/chengdu-scheme").value, "direct")
    assert said.locator == "CTX-20 《成都工贸职业技术学院与成都市技师学院融通培养改革试点方案》"


def test_each_document_is_taken_at_its_own_word():
    one, two = provenance(store_of(TWO_DOCUMENTS), "urn:point")
    assert (one.title, one.locator, one.grade, one.confidence, one.reviewer) == ("文档一", "表!A2", "b", 0.5, "")
    assert (two.title, two.locator, two.grade, two.confidence) == ("文档二", "Sheet!B7", "a", None)
    assert (two.reviewer, two.review_date, two.grade_label) == ("某人", "2025-03-01", Text("甲", "A"))


def test_a_link_is_inferred_only_where_no_document_states_any():
    store = store_of("""
        <urn:course> a zj:Course .
        GRAPH <https://w3id.org/zhiji/id/graph/inferred> {
          <urn:course> zj:develops <urn:a> ; zj:servesIndicator <urn:i> .
        }
        GRAPH <urn:document> { <urn:course> zj:develops <urn:b> . }
    """)
    found = {relation.property.curie: relation.inferred for relation in entity_page(store, "urn:course").relations}
    assert found == {"zj:develops": False, "zj:servesIndicator": True}


# Terms of the ontology


def test_a_class_with_its_properties_and_instances(example_store):
    page = entity_page(example_store, curie("zj:Coverage").value, 3)
    assert page.entity.kind_label == Text("类", "Class")
    assert "记录" in page.definition.zh
    assert "record" in page.definition.en
    assert links(page)["<-rdf:type"].total == 256
    assert all(one.label.zh.startswith("覆盖：") for one in links(page)["<-rdf:type"].entities)
    assert links(page)["<-rdfs:range"].entities[0].local == "hasCoverage"
    assert {fact.language for fact in page.facts} == {"zh", "en"}


def test_a_property_with_domain_and_range(example_store):
    found = links(entity_page(example_store, curie("zj:coversPoint").value))
    assert [one.local for one in found["->rdfs:domain"].entities] == ["Coverage"]
    assert [one.local for one in found["->rdfs:range"].entities] == ["CompetencyPoint"]
    assert [one.local for one in found["->rdfs:subPropertyOf"].entities] == ["supportsPoint"]


def test_every_term_of_the_ontology_has_a_page(example_store, monkeypatch):
    terms = Terms.of(example_store)  # of one graph for all pages: each page reads them anew, and always the same
    monkeypatch.setattr(Terms, "of", lambda store: terms)
    rows = example_store.select(
        "SELECT DISTINCT ?t WHERE {{ ?t <{}isDefinedBy> ?m }}".format(PREFIXES["rdfs"]), {}
    ).rows
    # what a module brings along that is no term says what it is in other words
    brought = re.compile(r"/id/(mapping|occupation|data-component)/")
    pages = [entity_page(example_store, term.value, 1) for (term,) in rows if not brought.search(term.value)]
    assert len(pages) > 150
    assert all(page.entity.label.zh and page.definition.zh for page in pages)
    shown = {one.iri for page in pages for relation in page.relations for one in relation.entities}
    assert not {iri for iri in shown if "genid" in iri}


# As triples


def test_the_description_is_all_that_is_said_of_it_and_to_it(example_store):
    found = description(example_store, COURSE)
    leading = "SELECT (COUNT(*) AS ?n) WHERE { { ?entity ?p ?o } UNION { ?s ?p ?entity } }"
    ((number,),) = example_store.select(leading.replace("?entity", f"<{COURSE}>"), {}).rows
    assert len(found) == len(set(found)) == int(number.value) == 26
    assert {Iri(COURSE)} == {t.subject if t.subject == Iri(COURSE) else t.object for t in found}
    places = [t.subject == Iri(COURSE) for t in found]
    assert places == sorted(places, reverse=True)
    assert found == description(example_store, COURSE)


def test_of_a_hub_not_more_than_anybody_reads():
    store = hub(10_500)
    found = description(store, "urn:hub")
    assert len([t for t in found if t.object == Iri("urn:hub")]) == 10_000
    assert len([t for t in found if t.subject == Iri("urn:hub")]) == 10_502
    relation = links(entity_page(store, "urn:hub"))["<-zj:isRequiredBy"]
    assert (relation.total, len(relation.entities)) == (10_500, 50)
    coverages = links(entity_page(store, "urn:course", 5))["->zj:hasCoverage"]
    assert (coverages.total, coverages.entities[0].label.zh) == (10_500, "覆盖：大课 → P0")


# What somebody writes


@pytest.mark.parametrize(
    ("written", "iri"),
    [
        ("ZH006", COURSE),
        (" zh006 ", COURSE),
        ("zjd:course/460103-ZH006", COURSE),
        (COURSE, COURSE),
        ("460103@2024", "zjd:programme-edition/460103-2024"),
        ("CNC-TURNER-2005@4", "zjd:standard-level/CNC-TURNER-2005-4"),
        ("6-18-01-01-5", "zjd:point/6-18-01-01-5"),
        ("zj:Coverage", "zj:Coverage"),
        (COVERAGE, COVERAGE),
    ],
)
def test_an_iri_a_prefixed_name_or_a_code(example_store, index, written, iri):
    assert resolve(example_store, index, written) == (iri if iri.startswith("http") else curie(iri).value)


@pytest.mark.parametrize(
    "written", ["nothing", "", "zj:Nothing", "https://example.org/x", "http://a b", "zjd:", "a:b", "://", "<x>"]
)
def test_what_the_graph_does_not_hold(example_store, index, written):
    assert problem_of(resolve, example_store, index, written) == "no-such-entity"


def test_a_code_that_several_of_a_class_bear(two_plans):
    index = Index.of(two_plans)
    assert problem_of(resolve, two_plans, index, "A") == "several-of-code"
    assert resolve(two_plans, index, "C").endswith("course/P2-C")


@pytest.mark.parametrize("iri", ["urn:nothing", "not an iri", ""])
def test_no_page_of_what_is_not_there(example_store, iri):
    assert problem_of(entity_page, example_store, iri) == "no-such-entity"
    assert problem_of(description, example_store, iri) == "no-such-entity"


# Kinds, with all that is inferred


def test_a_thing_is_shown_as_what_it_is_most_narrowly(example_store):
    """A skill point is a competency point too: it is inferred, and everybody knows."""
    point = "https://w3id.org/zhiji/id/point/S-3-3-5-1"
    assert example_store.ask(f"ASK {{ <{point}> a <{zj('CompetencyPoint').value}> }}", {})
    page = entity_page(example_store, point)
    assert (page.entity.kind, [kind.curie for kind in page.kinds]) == ("zj:SkillPoint", ["zj:SkillPoint"])


def test_a_learner_is_a_learner_whatever_stages_are_inferred(example_store):
    page = entity_page(example_store, "https://w3id.org/zhiji/id/learner/L002")
    stages = {kind.curie for kind in page.kinds} - {"zj:Learner"}
    assert page.entity.kind == "zj:Learner"
    assert stages
    assert stages <= {f"zj:{name}" for name in ("JuniorApprentice", "IntermediateApprentice", "SeniorApprentice")}
