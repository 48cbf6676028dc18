"""One dataset out of many sources: whose word counts, what contradicts, and what is named where."""

import pytest
from small_workbook import small

from zhiji_kg.errors import Address
from zhiji_kg.graph import Dataset, assemble, ontology, shipped
from zhiji_kg.rdf import DefaultGraph, Iri, Literal, graph_hash, integer, nquads, text
from zhiji_kg.sources import Reading, Reference, read_source
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import (
    ALT_LABEL,
    DERIVED_FROM,
    INFERRED_GRAPH,
    LABEL,
    NOTATION,
    RDF_TYPE,
    entity,
    module_graph,
    scheme_value,
    source_graph,
    zj,
)

POINT = entity("point", "P")
GRADES = ("direct", "rule", "inferred", "example")


def reading(identifier, grade="direct", label="识图", locator="要素点!A2", **more):
    """A source that describes one point, with evidence."""
    found = Reading(identifier, (f"{identifier}.xlsx",), grade=grade)
    found.add(POINT, RDF_TYPE, zj(more.get("of_class", "KnowledgePoint")))
    if label:
        found.add(POINT, LABEL, text(label, more.get("language", "zh")))
    found.add(POINT, DERIVED_FROM, source_graph(identifier))
    found.add(POINT, zj("locator"), text(locator))
    found.add(POINT, zj("evidenceGrade"), scheme_value(f"evidence-grade/{grade}"))
    found.places[POINT] = Address(f"{identifier}.xlsx", "要素点", "A2")
    return found


def values(triples, predicate, subject=POINT):
    return {t.object for t in triples if t.subject == subject and t.predicate == predicate}


def test_each_source_and_each_module_has_a_graph_of_its_own():
    one = reading("one")
    dataset = assemble([one])
    assert set(dataset.named) == set(shipped()) | {source_graph("one")}
    assert set(shipped()) == {module_graph(name) for name in ontology()} | {source_graph("chengdu-scheme")}
    assert set(dataset.named[source_graph("one")]) == set(one.triples)
    assert dataset.default == {triple for triples in dataset.named.values() for triple in triples}
    assert dataset.problems == []


@pytest.mark.parametrize("better", GRADES[:-1])
@pytest.mark.parametrize("order", [1, -1])
def test_the_better_graded_word_counts_and_both_are_kept(better, order):
    worse = GRADES[GRADES.index(better) + 1]
    one, other = reading("z", better, "识图", "要素点!A2"), reading("a", worse, "看图", "要素点!A9")
    dataset = assemble([one, other][::order])
    assert values(dataset.default, LABEL) == {text("识图", "zh")}
    assert values(dataset.default, ALT_LABEL) == {text("看图", "zh")}
    assert values(dataset.default, DERIVED_FROM) == {source_graph("z")}
    assert values(dataset.default, zj("locator")) == {text("要素点!A2")}
    assert values(dataset.default, zj("evidenceGrade")) == {scheme_value(f"evidence-grade/{better}")}
    for source in (one, other):
        assert set(dataset.named[source_graph(source.identifier)]) == set(source.triples)
    (problem,) = dataset.problems
    assert (problem.code, problem.severity, problem.values["kept"]) == ("labels-disagree", "warning", "识图")
    assert problem.where.sheet == "要素点"


def test_equally_good_words_are_settled_by_the_sources_names():
    dataset = assemble([reading("b", locator="b!A1"), reading("a", locator="a!A1")])
    assert values(dataset.default, zj("locator")) == {text("a!A1")}
    assert dataset.problems == []


def test_names_in_two_languages_do_not_disagree():
    dataset = assemble([reading("a"), reading("b", label="reading drawings", language="en")])
    assert values(dataset.default, LABEL) == {text("识图", "zh"), text("reading drawings", "en")}
    assert dataset.problems == []


def test_the_ontology_names_its_own_terms():
    """No source can rename a value of a shipped scheme."""
    source, grade = Reading("x", ("x",), grade="direct"), scheme_value("evidence-grade/direct")
    known = values([t for triples in ontology().values() for t in triples], LABEL, grade)
    source.add(grade, LABEL, text("非常直接", "zh"))
    dataset = assemble([source])
    assert values(dataset.default, LABEL, grade) == known
    assert text("非常直接", "zh") in values(dataset.default, ALT_LABEL, grade)


@pytest.mark.parametrize("order", [1, -1])
def test_sources_that_contradict_each_other_are_named(order):
    one, other = reading("a"), reading("b")
    for source, terms in ((one, 6), (other, 8)):
        source.add(POINT, zj("termCount"), integer(terms))
    (problem,) = assemble([one, other][::order]).problems
    assert (problem.code, problem.severity) == ("sources-disagree", "error")
    assert problem.values["what"] == Text("知识点 P", "Knowledge point P")
    assert (problem.values["property"].zh, problem.values["values"].zh) == ("学期数", "“6”、“8”")
    assert {part.partition(":")[0] for part in problem.values["places"].split("、")} == {"a.xlsx", "b.xlsx"}
    assert problem.where.file in ("a.xlsx", "b.xlsx")


def test_a_thing_cannot_be_of_two_kinds_that_have_nothing_in_common():
    (problem,) = assemble([reading("a"), reading("b", of_class="SkillPoint")]).problems
    assert (problem.code, problem.values["property"].en) == ("sources-disagree", "type")
    assert problem.values["what"] == Text("要素点 P", "Competency point P")
    assert problem.values["values"] == Text("“知识点”、“技能点”", "“Knowledge point”、“Skill point”")
    assert assemble([reading("a"), reading("b", of_class="CompetencyPoint")]).problems == []


def test_several_values_of_a_property_that_may_have_several():
    one = reading("a")
    for term in (3, 4):
        one.add(POINT, zj("inTerm"), integer(term))
    assert assemble([one]).problems == []


REFERENCES = [
    ("P", "KnowledgePoint", None),
    ("P", "CompetencyPoint", None),  # a class above its own
    ("P", "Course", "wrong-kind"),
    ("Q", "CompetencyPoint", "unknown-entity"),
    ("Q", "Course", "unknown-course"),
]


@pytest.mark.parametrize(("code", "expected", "problem"), REFERENCES)
def test_what_a_cell_names_has_to_be_there(code, expected, problem):
    one = reading("a")
    where = Address("a.xlsx", "覆盖", "C2")
    one.references.append(Reference(entity("point", code), zj(expected), where, code))
    found = assemble([one]).problems
    assert [p.code for p in found] == ([problem] if problem else [])
    assert all(p.where == where and code in p.line("zh") and code in p.line("en") for p in found)


def test_what_another_source_has_is_there_too():
    one, other = reading("a"), Reading("b", ("b",))
    other.references.append(Reference(POINT, zj("CompetencyPoint"), Address("b"), "P"))
    assert [p.code for p in assemble([other]).problems] == ["unknown-entity"]
    assert assemble([other, one]).problems == []


def test_one_cell_is_one_mistake_and_a_refused_row_none():
    one, where = reading("a"), Address("a.xlsx", "覆盖", "B2")
    for kind, of_class in (("course", "Course"), ("offering", "CourseOffering"), ("course", "Course")):
        one.references.append(Reference(entity(kind, "X"), zj(of_class), where, "X"))
    assert [p.code for p in assemble([one]).problems] == ["unknown-course"]
    one.refused.update((entity("course", "X"), entity("offering", "X")))
    assert assemble([one]).problems == []


def test_an_identifier_is_of_one_source():
    one, other = reading("a"), reading("a", label="")
    other.files = ("other.xlsx",)
    (problem,) = assemble([one, other]).problems
    assert (problem.code, problem.where.file, problem.values["other"]) == ("identifier-twice", "other.xlsx", "a.xlsx")


def test_the_order_of_the_sources_does_not_matter(tmp_path):
    sources = [read_source(small(tmp_path / "book")), reading("a", "example", "甲"), reading("b", "direct", "乙")]
    hashes = {
        graph_hash(nquads(assemble(order).quads())) for order in (sources, sources[::-1], sources[1:] + sources[:1])
    }
    assert len(hashes) == 1


def test_inferred_triples_join_the_default_graph_and_have_one_of_their_own():
    dataset = assemble([reading("a")])
    asserted = next(iter(dataset.default))
    new = type(asserted)(POINT, zj("isRequiredBy"), entity("standard-level", "X"))
    after = dataset.with_inferred([new, new, asserted])
    assert after.default - dataset.default == {new}
    assert after.named[INFERRED_GRAPH] == [new]
    assert INFERRED_GRAPH not in dataset.named


def test_quads_are_the_default_graph_and_every_named_one():
    dataset = Dataset(set(reading("a").triples), {source_graph("a"): reading("a").triples})
    quads = list(dataset.quads())
    assert {q.graph_name for q in quads} == {DefaultGraph(), source_graph("a")}
    assert len(quads) == 2 * len(reading("a").triples)


def test_the_ontology_has_no_blank_node_left():
    assert {"core", "schemes", "stages"} <= set(ontology())
    for triples in shipped().values():
        assert triples
        for triple in triples:
            assert isinstance(triple.subject, Iri)
            assert isinstance(triple.object, Iri | Literal)


def test_a_row_s_own_grade_goes_before_that_of_its_document():
    poor_row_of_a_good_document = reading("a", "example", "看图", "要素点!A9")
    poor_row_of_a_good_document.grade = "direct"
    dataset = assemble([poor_row_of_a_good_document, reading("z", "rule", "识图", "要素点!A2")])
    assert values(dataset.default, LABEL) == {text("识图", "zh")}
    assert values(dataset.default, zj("locator")) == {text("要素点!A2")}


def test_two_codes_that_give_one_identifier_are_refused():
    """Codes are joined with hyphens, and a code may hold one."""
    one, other = reading("a"), reading("b")
    one.add(POINT, NOTATION, text("A-B/1"))
    other.add(POINT, NOTATION, text("A/B-1"))
    (problem,) = assemble([one, other]).problems
    assert (problem.code, problem.severity) == ("codes-collide", "error")
    assert problem.values["values"].zh == "“A-B/1”、“A/B-1”"
