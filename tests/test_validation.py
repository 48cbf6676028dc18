"""The shapes at work: every case fails for its one reason, what we ship conforms, and a teacher is told where."""

import re
from collections import Counter

import pytest
from shape_cases import INVALID, VALID, found_in_all, read_case
from small_workbook import small

from zhiji_kg.build import build, draft
from zhiji_kg.errors import Address, SourceError
from zhiji_kg.graph import Dataset, assemble, ontology
from zhiji_kg.inference import infer
from zhiji_kg.queries import catalogue
from zhiji_kg.rdf import Iri, text
from zhiji_kg.sources import Reading
from zhiji_kg.validation import Violation, problems, violations
from zhiji_kg.validation.shapes import shapes
from zhiji_kg.vocabulary import LABEL, ONTOLOGY, PREFIXES, RDF_TYPE, curie, zj


@pytest.mark.parametrize("name", VALID)
def test_a_valid_world_conforms(name):
    assert found_in_all().get(f"valid/{name}", set()) == set()


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_world_fails_for_its_reason_and_no_other(name):
    _, expected = read_case("invalid", name)
    assert expected
    assert found_in_all().get(f"invalid/{name}", set()) == expected
    assert {f"{shape}.{component}" for shape, component, _ in expected} == {name}


def test_every_shape_has_an_invalid_case():
    assert {name.partition(".")[0] for name in INVALID} == set(shapes())


def test_every_sort_of_demand_fails_somewhere_for_every_class():
    """For each node shape, each constraint component that it or its properties use has a case."""

    def sorts(pairs):
        return {(name.partition("-")[0], component) for name, component in pairs}

    used = sorts((shape.name, component) for shape in shapes().values() for component, _ in shape.demands)
    assert used == sorts(name.split(".") for name in INVALID)


def test_every_class_has_a_shape_and_a_valid_world():
    """All that can have an instance: our own classes, but for the four stages, which are learners."""
    triples = [triple for module in ontology().values() for triple in module]
    classes = {t.subject for t in triples if t.predicate == RDF_TYPE and t.object == curie("owl:Class")}
    ours = {c for c in classes if getattr(c, "value", "").startswith(ONTOLOGY)}
    defined = {t.subject for t in triples if t.predicate == curie("owl:equivalentClass")}
    about = {c for shape in shapes().values() for c in shape.classes}
    assert {c.value.removeprefix(ONTOLOGY) for c in ours - defined - about} == set()
    by_property = {shape.name.partition("-")[0] for shape in shapes().values() if shape.properties}
    assert {re.split(r"[/#]", c.value)[-1] for c in about} | by_property == set(VALID)


def test_what_is_shipped_conforms():
    """The ontology with its lists, the growth stages, the Chengdu scheme, the mappings."""
    _, store = infer(assemble([]))
    assert [(v.shape.name, v.constraint, str(v.focus)) for v in violations(store)] == []


def test_the_examples_conform(example_store):
    assert violations(example_store) == []


def test_what_is_wrong_in_a_published_graph_is_found_by_a_named_question(example_store):
    """The queries need no program: anyone can ask them."""
    names = {shape.area for shape in shapes().values()}
    asked = {query.name for query in catalogue().values() if query.name.startswith("shape-")}
    assert asked == {f"shape-{name}" for name in names}
    for name in asked:
        found = example_store.select(catalogue()[name].text, {})
        assert (found.variables, found.rows) == (("shape", "constraint", "focus", "given"), [])


# From a violation to a line


def violation(name, focus, value=""):
    shape = shapes()[name]
    return Violation(shape, shape.demands[0][0], focus, value)


def reading_of(*things, **how):
    reading = Reading("small", ("book/课程.csv",), **how)
    for row, thing in enumerate(things, start=2):
        reading.add(thing, RDF_TYPE, zj("Course"))
        reading.places[thing] = Address("book/课程.csv", "课程", f"A{row}")
    reading.columns["book/课程.csv", "课程", zj("inTerm")] = "AB"
    return reading


@pytest.fixture
def named():
    said = {Iri("urn:a"): "甲", Iri("urn:b"): "乙", zj("CourseOffering"): "开课"}
    return Dataset({triple for iri, name in said.items() for triple in _labels(iri, name)}, {})


def _labels(iri, name):
    reading = Reading("x", ())
    reading.add(iri, LABEL, text(name, "zh"))
    return reading.triples


def test_the_cell_is_that_of_the_property_in_the_row_of_the_thing(named):
    (problem,) = problems([violation("CourseOffering-inTerm", Iri("urn:a"))], named, [reading_of(Iri("urn:a"))])
    assert (problem.code, problem.severity, str(problem.where)) == ("breaks-shape", "error", "book/课程.csv:课程!AB2")
    assert problem.line("zh").startswith("book/课程.csv:课程!AB2: 甲：“学期”")
    assert problem.line("en").endswith("; mend it in the sheet 课程")


def test_what_no_column_gives_is_told_at_the_row(named):
    found = [
        violation("CourseOffering-offeringOf", Iri("urn:a")),
        violation("CourseOffering-of-hasOffering", Iri("urn:b")),
    ]
    lines = problems(found, named, [reading_of(Iri("urn:a"), Iri("urn:b"))])
    assert [str(problem.where) for problem in lines] == ["book/课程.csv:课程!A2", "book/课程.csv:课程!A3"]


def test_several_failures_of_one_shape_are_one_line(named):
    found = [violation("CourseOffering-inTerm", Iri("urn:a"), str(n)) for n in range(3)]
    assert len(problems(found, named, [reading_of(Iri("urn:a"))])) == 1


def test_a_circle_is_one_line_at_its_first_place(named):
    things = [Iri(f"urn:{letter}") for letter in "abcdefg"]
    found = [violation("Course-prerequisite-cycle", thing) for thing in reversed(things)]
    (problem,) = problems(found, named, [reading_of(*things)])
    assert problem.severity == "warning"
    assert str(problem.where) == "book/课程.csv:课程!A2"
    assert "甲、乙、urn:c、urn:d、urn:e…：" in problem.line("zh")
    assert ", urn:c, urn:d, urn:e…: " in problem.line("en")


def test_each_circle_is_a_line_of_its_own_and_what_names_itself_is_said_so(tmp_path):
    rows = [["X-1", "知识点", "甲", "", "X-1"], ["X-2", "知识点", "乙", "", "X-3"], ["X-3", "知识点", "丙", "", "X-2"]]
    itself, circle = draft([small(tmp_path / "book", append={"要素点": rows})]).problems
    assert (itself.code, itself.severity) == ("names-itself", "error")
    assert itself.line("zh").endswith("要素点!E6: 甲：“上级要素点”写的是它自己；请改成另一个，或删去")
    assert itself.line("en").endswith(
        "要素点!E6: 甲: “is part of point” names the thing itself; name another, or delete it"
    )
    assert circle.code == "breaks-shape"
    assert "要素点!E7: 乙、丙：" in circle.line("zh")
    assert "要素点!E7: 乙, 丙: " in circle.line("en")


def test_a_thing_without_a_name_is_called_by_its_class_or_its_iri(named):
    (one,) = problems([violation("CourseOffering-inTerm", Iri("urn:c"))], named, [reading_of(Iri("urn:c"))])
    assert "开课：" in one.line("zh")
    (other,) = problems([violation("Coverage-depth", Iri("urn:c"))], named, [reading_of(Iri("urn:c"))])
    assert "urn:c：" in other.line("zh")


def test_what_no_workbook_speaks_of_is_left_out(named):
    found = [violation("CourseOffering-inTerm", Iri("urn:a"))]
    assert problems(found, named, [reading_of(Iri("urn:a"), reference=True)]) == []
    assert problems(found, named, [reading_of(Iri("urn:b"))]) == []
    assert problems([], named, [reading_of(Iri("urn:a"))]) == []


# In a build


def test_a_breach_refuses_the_build_and_a_warning_does_not(tmp_path):
    kg = tmp_path / "kg"
    build([small(tmp_path / "fine")], kg)
    with pytest.raises(SourceError) as refused:
        build([small(tmp_path / "bad", set={"要素点!E3": "P3"})], kg)  # P2 a part of P3, which is a part of P2
    assert [problem.code for problem in refused.value.problems] == ["breaks-shape"]
    assert [path.name for path in sorted(kg.glob("v*"))] == ["v1"]
    done = build([small(tmp_path / "odd", set={"覆盖!F2": "100"})], kg)
    assert [problem.severity for problem in done.draft.problems] == ["warning"]
    assert done.version.name == "v2"


def test_shapes_are_asked_only_of_sound_sources(tmp_path):
    """A refused row would leave a course without its offering, and that is no second mistake."""
    prepared = draft([small(tmp_path / "book", set={"课程!L2": "9", "要素点!E3": "P3"})])
    assert (prepared.complete, prepared.violations) == (None, None)
    assert Counter(problem.code for problem in prepared.problems) == {"term-beyond-plan": 1}
    assert prepared.left_out == "all"


def test_a_contradiction_leaves_the_shapes_out(tmp_path):
    prepared = draft([small(tmp_path / "book", set={"课程!N2": "ZY2", "覆盖!F2": "100"})])
    assert (prepared.violations is None) == (prepared.left_out == "shapes")
    contradictory = draft([small(tmp_path / "other", set={"课程!N2": "GG2"})])  # each before the other
    assert [problem.code for problem in contradictory.problems] == ["contradiction-asymmetric"]
    assert (contradictory.violations, contradictory.left_out) == (None, "shapes")
    assert draft([small(tmp_path / "fine")]).left_out == ""


def test_the_steps_name_the_check(tmp_path):
    steps = []
    prepared = draft([small(tmp_path / "book")], progress=steps.append)
    assert steps == ["read", "assemble", "infer", "validate"]
    assert prepared.violations == ()
    assert len(prepared.complete.default) > len(prepared.dataset.default)


def test_no_prefix_of_the_shapes_is_unknown():
    assert set(re.findall(r"^PREFIX (\w+):", "".join(q.text for q in catalogue().values()), re.M)) <= set(PREFIXES)
