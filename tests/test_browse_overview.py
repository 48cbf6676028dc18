"""The overview: what is in the graph, each plan in a sentence, the documents; without any plan too."""

import re

import pytest
from hand_made import store_of

from zhiji_kg.browse.names import Terms
from zhiji_kg.browse.overview import contents, documents, overview
from zhiji_kg.build import build
from zhiji_kg.knowledge import KnowledgeGraph
from zhiji_kg.report.summary import headline, notice
from zhiji_kg.store import open_store
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import zj

# Not text of the classification: all made up.
OCCUPATIONS = """level,code,code_num,name,definition,tasks,csco_code_num,alias
1,9-00-00-00,9000000,造物人员,,,9000000,
2,9-01-00-00,9010000,造船人员,,,9010000,
3,9-01-01-00,9010100,木船人员,,,9010100,
4,9-01-01-01,9010101,木船工,造木船的人员。,1.选木料 2.锯木板,9010101,
4,9-01-01-02,9010102,纸船工,折纸船的人员。,1.选纸,9010102,
"""


@pytest.fixture(scope="module")
def example(example_store):
    return overview(KnowledgeGraph(example_store), {"published": "2026-01-02T03:04:05Z", "quads": 15984})


@pytest.fixture(scope="module")
def classification(tmp_path_factory):
    folder = tmp_path_factory.mktemp("classification")
    (folder / "大典.csv").write_text(OCCUPATIONS, encoding="utf-8")
    build([folder / "大典.csv"], folder / "kg")
    return KnowledgeGraph(open_store(folder / "kg"))


def numbers(found):
    return {count.kind: count.number for count in found.contents}


def test_the_version(example, example_store):
    assert (example.version, example.sha256) == (example_store.identity.version, example_store.identity.sha256)
    assert (example.published, example.quads) == ("2026-01-02T03:04:05Z", 15984)
    assert example.triples == len(example_store.select("SELECT * WHERE { ?s ?p ?o }", {}).rows)


def test_what_the_example_holds(example):
    assert numbers(example).items() >= {
        "zj:ProgrammeEdition": 2, "zj:Course": 61, "zj:Coverage": 256, "zj:Requirement": 245, "zj:CapabilityPoint": 69,
        "zj:KnowledgePoint": 107, "zj:SkillPoint": 99, "zj:SkillCertificate": 2,
    }.items()  # fmt: skip
    assert {"zj:Occupation", "org:Organization"} <= numbers(example).keys()  # what is shipped has more of them
    assert all(count.number and count.label.zh and count.label.en for count in example.contents)


def test_an_entity_counts_once_in_its_narrowest_class(example, example_store):
    """What is inferred says the broader classes too, and the growth stages of the learners."""
    both = f"?level a {zj('StandardLevel')} , {zj('RequirementSource')}"
    assert example_store.ask(f"ASK {{ {both} }}", {})
    broader = {"zj:RequirementSource", "zj:CompetencyPoint", "zj:JuniorApprentice", "zj:IntermediateApprentice"}
    assert not numbers(example).keys() & broader
    assert numbers(example)["zj:Learner"] == 5


def test_value_lists_are_no_contents(example):
    assert not numbers(example).keys() & {"skos:Concept", "skos:ConceptScheme", "zj:EvidenceGrade", "zj:DeliveryMode"}


def test_contents_stand_in_the_order_of_the_picture(example):
    order = list(numbers(example))
    wanted = [
        "zj:ProgrammeEdition",
        "zj:Course",
        "zj:SkillPoint",
        "zj:StandardLevel",
        "zj:SkillCertificate",
        "zj:Coverage",
    ]
    assert [kind for kind in order if kind in wanted] == wanted


def test_each_plan_with_its_answer_in_a_sentence(example, example_store):
    first, second = example.programmes
    assert (first.entity.code, first.entity.label) == ("460103@2024", Text("数控技术", "CNC Technology"))
    assert (first.year, first.terms, first.courses) == ("2024", 6, 50)
    assert first.track == Text("高职", "Higher vocational")
    assert "示例" in first.school
    analysis = KnowledgeGraph(example_store).gaps("460103")
    assert (first.headline, first.notice) == (headline(analysis), notice(analysis))
    assert "96 条已覆盖" in first.headline.zh
    assert second.entity.code == "TE-CNC@2024"
    assert second.entity.kind_label == Text("人才培养方案", "Programme edition")


def test_an_example_is_said_to_be_one_and_other_plans_are_not(example, two_plans):
    assert all(card.notice for card in example.programmes)
    found = overview(KnowledgeGraph(two_plans), {})
    assert [card.entity.code for card in found.programmes] == ["P1@2023", "P1@2024", "P2@2024"]
    assert all(card.headline and card.notice is None for card in found.programmes)


def test_the_documents_with_their_grades(example):
    assert [document.identifier for document in example.documents] == sorted(
        document.identifier for document in example.documents
    )
    by_name = {document.identifier: document for document in example.documents}
    assert len(by_name) == 5
    assert by_name["chengdu-scheme"].grade == "direct"
    occupation = by_name["example-occupation-turner"]
    assert (occupation.grade, occupation.grade_label.zh, occupation.licence) == ("inferred", "推断", "CC BY 4.0")
    assert by_name["example-hv-cnc-460103"].grade_label == Text("示例", "Example")


def test_a_document_without_a_title_or_with_two_grades_stands_once():
    store = store_of("""
        zjd:a a zj:EvidenceGrade ; skos:notation "a" ; rdfs:label "甲"@zh , "A"@en .
        zjd:b a zj:EvidenceGrade ; skos:notation "b" ; rdfs:label "乙"@zh , "B"@en .
        <urn:d> a zj:SourceDocument ; dcterms:identifier "d" ; zj:evidenceGrade zjd:a , zjd:b .
        <urn:e> a zj:SourceDocument ; dcterms:identifier "e" ; rdfs:label "English only"@en .
    """)
    first, second = (one for one in documents(store) if one.identifier in "de")
    assert (first.identifier, first.grade, first.title) == ("d", "a", "")
    assert (second.title, second.grade) == ("English only", "")


# Without plans


def test_a_graph_of_occupations_alone(classification):
    found = overview(classification, {"published": "", "quads": 1})
    assert found.programmes == ()
    assert numbers(found).items() >= {"zj:TypicalWorkTask": 3, "zj:OccupationGroup": 3}.items()
    assert list(numbers(found)).index("zj:Occupation") < list(numbers(found)).index("zj:SourceDocument")
    assert len(found.documents) == 2
    assert found.version


def test_an_empty_graph_has_what_is_shipped():
    store = store_of()
    shown = {count.kind for count in contents(store, Terms.of(store))}
    assert {"zj:GrowthStage", "zj:CompetencyIndicator", "zj:CourseModule", "zj:RecognitionRule", "zj:Passage"} <= shown
    assert not {"zj:Course", "zj:Coverage", "zj:Requirement", "zj:SkillLevel"} & shown
    assert [document.identifier for document in documents(store)] == ["chengdu-scheme"]


# Many plans


@pytest.fixture(scope="module")
def many_plans():
    plan = (
        '<https://example.org/{0}> a zj:ProgrammeEdition ; skos:notation "P{0:02}@2024" ; rdfs:label "专业{0}"@zh ;'
        " zj:editionYear 2024 ; zj:termCount 6 ."
    )
    return KnowledgeGraph(store_of("\n".join(plan.format(number) for number in range(15))))


def test_the_first_twelve_plans_are_worked_out(many_plans):
    found = overview(many_plans, {}, seconds=600)
    assert len(found.programmes) == 15
    assert [card.headline is not None for card in found.programmes] == [True] * 12 + [False] * 3
    assert re.search("专业0", found.programmes[0].headline.zh)


def test_no_headline_is_begun_when_time_is_up(many_plans):
    assert not [card for card in overview(many_plans, {}, seconds=0).programmes if card.headline]
