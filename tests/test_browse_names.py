"""What things are called: terms, entities, and records that have no name of their own."""

import dataclasses
import json
import re

import pytest
from hand_made import store_of
from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.browse import values
from zhiji_kg.browse.groups import COLUMN, COLUMNS, GROUP_OF, GROUPS, column_of, group_of
from zhiji_kg.browse.names import RECORDS, Terms, ask_of_all, entities, first_rows, iri_of, is_entity, local_part, pair
from zhiji_kg.graph import ontology
from zhiji_kg.queries import catalogue
from zhiji_kg.rdf import Iri, text
from zhiji_kg.resources import WEB
from zhiji_kg.texts import NOTHING, Text, say
from zhiji_kg.vocabulary import ONTOLOGY, PREFIXES, curie, shorten

DATA = PREFIXES["zjd"]
COVERAGE = DATA + "coverage/460103-2024-ZH006-S-3-3-5-1"


@pytest.fixture(scope="module")
def terms(example_store):
    return Terms.of(example_store)


@pytest.fixture(scope="module")
def defined():
    return {t.subject.value for triples in ontology().values() for t in triples if isinstance(t.subject, Iri)}


def named(store, terms, name):
    iri = curie(name).value
    return entities(store, terms, [iri])[iri]


def test_every_class_that_is_named_here_is_in_the_ontology(defined):
    for name in {*RECORDS, *GROUP_OF}:
        assert curie(name).value in defined, name


def test_every_group_has_a_text_and_a_column():
    for group in GROUPS:
        said = say(f"browse.group.{group}")
        assert re.search(r"[\u4e00-\u9fff]", said.zh)
        assert said.en.isascii()
    assert sorted(COLUMN) == sorted(GROUPS)
    assert sorted(group for groups in COLUMNS for group in groups) == sorted(GROUPS)


def test_the_texts_of_groups_are_those_of_the_groups():
    written = (WEB / "texts" / "browse.toml").read_text(encoding="utf-8")
    table = written.partition("[group]")[2].partition("[record]")[0]
    assert re.findall(r"^([\w-]+) =", table, re.M) == list(GROUPS)


@pytest.mark.parametrize(
    ("kind", "broader", "group"),
    [
        ("zj:Course", (), "course"),
        ("zj:CourseModule", (), "other"),
        ("zj:Nothing", ("prov:Entity", "zj:Course"), "course"),
        ("", (), "other"),
    ],
)
def test_the_group_of_a_class(kind, broader, group):
    assert group_of(kind, broader) == group


def test_columns_run_from_stage_to_certificate():
    kinds = ["zj:GrowthStage", "zj:Course", "zj:CapabilityPoint", "zj:SkillPoint"]
    kinds += ["zj:Requirement", "zj:StandardLevel", "zj:SkillCertificate"]
    places = [column_of(kind) for kind in kinds]
    assert places == sorted(set(places))
    assert column_of("zj:ProgrammeEdition") == column_of("zj:GrowthStage") == column_of("org:Organization")
    assert column_of("zj:KnowledgePoint") == column_of("zj:SkillPoint")
    assert column_of("zj:Occupation") == column_of("zj:TypicalWorkTask") == column_of("zj:StandardLevel")


# Terms


def test_terms_of_ours_and_of_others_have_names_in_both_languages(terms):
    assert terms.label(ONTOLOGY + "Course") == Text("课程", "Course")
    assert terms.named(PREFIXES["rdfs"] + "subClassOf").label.zh == "上位类"
    assert terms.named(ONTOLOGY + "develops").curie == "zj:develops"
    assert terms.label("https://example.org/other") == NOTHING
    assert terms.label(PREFIXES["owl"] + "no-such-term") == NOTHING


def test_every_term_that_the_example_uses_has_a_name(example_store, terms):
    used = example_store.select("SELECT DISTINCT ?term WHERE { { ?s ?term ?o } UNION { ?s a ?term } }", {}).rows
    names = {shorten(term.value) for (term,) in used if terms.label(term.value) == NOTHING}
    lists_and_restrictions = {name for name in names if name.startswith(("rdf:", "owl:")) or "genid" in name}
    assert names - lists_and_restrictions <= {name for name in names if name.startswith("http")}


def test_what_is_broader_and_what_is_the_inverse(terms):
    assert terms.broader[ONTOLOGY + "SkillPoint"] == {ONTOLOGY + "CompetencyPoint"}
    assert ONTOLOGY + "supportsPoint" in terms.broader[ONTOLOGY + "coversPoint"]
    assert terms.inverse[ONTOLOGY + "isRequiredBy"] == ONTOLOGY + "requiresPoint"
    assert ONTOLOGY + "requiresPoint" not in terms.inverse


@pytest.mark.parametrize(
    ("classes", "told"),
    [
        (["skos:Concept", "zj:CompetencyIndicator"], "zj:CompetencyIndicator"),
        (["zj:Course", "zj:ProjectCourse"], "zj:ProjectCourse"),
        (["prov:Entity", "org:Organization"], "org:Organization"),
        (["owl:Class", "rdfs:Class"], "owl:Class"),
        (["owl:FunctionalProperty", "owl:ObjectProperty"], "owl:ObjectProperty"),
        (["owl:FunctionalProperty", "owl:DatatypeProperty"], "owl:DatatypeProperty"),
        (["skos:Concept"], "skos:Concept"),
        ([], ""),
    ],
)
def test_the_class_that_says_most(terms, classes, told):
    found = terms.telling([curie(name).value for name in classes])
    assert shorten(found) == told


# Entities


@pytest.mark.parametrize(
    ("name", "kind", "label", "code"),
    [
        ("zjd:course/460103-ZH006", "zj:Course", Text("精密测量技术", "Precision measurement"), "ZH006"),
        (
            "zjd:programme-edition/460103-2024",
            "zj:ProgrammeEdition",
            Text("数控技术（2024）", "CNC Technology (2024)"),
            "460103@2024",
        ),
        ("zjd:learner/L003", "zj:Learner", NOTHING, "L003"),
        ("zj:Coverage", "owl:Class", Text("覆盖", "Coverage"), ""),
        ("zjd:nothing/here", "", NOTHING, ""),
    ],
)
def test_an_entity_by_its_own_names(example_store, terms, name, kind, label, code):
    found = named(example_store, terms, name)
    assert (found.kind, found.label, found.code) == (kind, label, code)
    assert found.local == name.rpartition("/")[2].rpartition(":")[2]


def test_a_coverage_is_named_by_its_course_and_its_point(example_store, terms):
    found = named(example_store, terms, shorten(COVERAGE))
    assert found.kind == "zj:Coverage"
    assert found.label.zh == "覆盖：精密测量技术 → S-3-3-5-1 加工中用百（千）分表等在线测量"
    assert found.label.en.startswith("Coverage: Precision measurement → S-3-3-5-1 ")


@pytest.mark.parametrize("kind", ["Coverage", "Examination", "FunctionWeight", "CourseOffering", "ProgrammeTarget"])
def test_every_record_of_the_example_has_a_name(example_store, terms, kind):
    rows = example_store.select(f"SELECT ?x WHERE {{ ?x a <{ONTOLOGY}{kind}> }}", {}).rows
    found = entities(example_store, terms, [x.value for (x,) in rows])
    assert len(found) == len(rows) > 0
    assert all(entity.label.zh and entity.kind == f"zj:{kind}" for entity in found.values())


def test_records_are_named_with_few_queries(example_store, terms):
    """As many queries for all coverages as for one."""

    class Counting:
        asked = 0

        def select(self, query, bindings):
            self.asked += 1
            return example_store.select(query, bindings)

    one, all_of_them = Counting(), Counting()
    rows = example_store.select(f"SELECT ?x WHERE {{ ?x a <{ONTOLOGY}Coverage> }}", {}).rows
    entities(one, terms, [COVERAGE])
    entities(all_of_them, terms, [x.value for (x,) in rows])
    assert one.asked == all_of_them.asked == 3


def test_a_record_that_links_nothing_keeps_no_name():
    store = store_of("zjd:coverage/lonely a zj:Coverage .".replace("/", "\\/"))
    found = named(store, Terms.of(store), "zjd:coverage/lonely")
    assert (found.label, found.local) == (NOTHING, "lonely")


def test_a_name_in_one_language_leaves_the_other_empty():
    store = store_of(
        '<urn:a> a zj:Course ; rdfs:label "Only English"@en . <urn:b> a zj:Course ; rdfs:label "没有语言" .'
    )
    found = entities(store, Terms.of(store), ["urn:a", "urn:b"])
    assert found["urn:a"].label == Text("", "Only English")
    assert found["urn:b"].label == Text("没有语言", "")


@pytest.mark.parametrize("part", ["a", "a/b", "a#b", "a/b/", "x#"])
def test_the_last_part_of_an_iri(part):
    found = local_part("https://example.org/" + part)
    assert found
    assert "/" not in found
    assert "#" not in found


def test_the_lesser_functions():
    assert iri_of(None) == ""
    assert iri_of(text("数", "zh")) == "数"
    assert pair({"en": "a"}) == Text("", "a")
    assert is_entity(Iri("urn:a"))
    assert not is_entity(Iri("https://w3id.org/zhiji/.well-known/genid/stages-1"))
    assert not is_entity(text("urn:a"))


# Asking of many at once


@given(st.sets(st.sampled_from(["ZH006", "ZH002", "ZJ003", "GG001", "nothing"])))
def test_many_at_once_give_what_each_gives(example_store, codes):
    iris = [f"{DATA}course/460103-{code}" for code in codes]
    together = set(ask_of_all(example_store, "statements", iris))
    apart = set()
    for iri in iris:
        apart |= set(example_store.select(catalogue()["statements"].text, {"entity": Iri(iri)}).rows)
    assert together == apart


def test_an_iri_cannot_leave_its_place_in_the_query(example_store):
    with pytest.raises(ValueError, match="IRI"):
        ask_of_all(example_store, "names", ["urn:a> } DROP ALL #"])


def test_only_so_many_rows(example_store):
    assert len(ask_of_all(example_store, "names", None, 7)) == 7
    rows = first_rows(example_store, "incoming-links", 5, entity=curie("zjd:evidence-grade/example"))
    assert len(rows) == 5


# The values cross a pipe


def test_every_value_is_frozen_and_goes_into_json():
    classes = [
        one for one in vars(values).values() if dataclasses.is_dataclass(one) and one.__module__ == values.__name__
    ]
    assert len(classes) >= 18
    assert all(one.__dataclass_params__.frozen and "__slots__" in vars(one) for one in classes)
    entity = values.Entity("urn:a", "zj:Course", Text("课程", "Course"))
    sent = json.loads(json.dumps(dataclasses.asdict(values.Drawn(entity, "course", 1.0, 2.0, 48.0))))
    assert sent["entity"]["kind_label"] == {"zh": "课程", "en": "Course"}
