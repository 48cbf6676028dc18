"""The named questions as forms and tables."""

import pytest
from hand_made import hub, store_of

from zhiji_kg.browse.questions import FOR_PEOPLE, for_people, form, questions, table
from zhiji_kg.errors import UnreadableError
from zhiji_kg.queries import catalogue
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import curie

COVERAGE = {"programme": "460103", "source": "CNC-TURNER-2005@4"}


def problem_of(call, *given):
    with pytest.raises(UnreadableError) as refused:
        call(*given)
    assert all(refused.value.problems[0].line(language) for language in ("zh", "en"))
    return refused.value.problems[0].code


def column(found, name):
    place = found.columns.index(name)
    return [row[place] for row in found.rows]


# The catalogue


def test_what_people_ask_and_nothing_else():
    names = [question.name for question in questions()]
    assert names == [query.name for query in catalogue().values() if query.folder in ("ask", "gaps")]
    assert {"course-points", "coverage", "programmes"} <= set(names)
    assert not {"develops", "names", "neighbours"} & set(names)


def test_each_question_is_told_in_both_languages():
    for question in questions():
        assert question.folder in FOR_PEOPLE
        assert question.summary.zh
        assert question.summary.en
        assert question.text.startswith("#+ summary:")
        assert all(field.summary.zh and field.summary.en and field.choices == () for field in question.fields)


def test_the_competency_question_finds_it_too():
    assert for_people("CQ-18").name == for_people("cq18").name == for_people("course-points").name


def test_a_number_without_a_question(example_store):
    assert problem_of(form, example_store, "CQ-99") == "unknown-number"


@pytest.mark.parametrize(
    "name", ["nothing", "names", "develops", "../ask/links.rq", "links.rq", "", "queries/ask/links.rq"]
)
def test_no_such_question(example_store, name):
    assert problem_of(form, example_store, name) == "unknown-question"
    assert problem_of(table, example_store, name, {}) == "unknown-question"


# Forms


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("course-points", [("course", "zj:Course", 61)]),
        ("coverage", [("programme", "zj:ProgrammeEdition", 2), ("source", "zj:RequirementSource", 16)]),
        ("weights", [("source", "zj:StandardLevel", 4)]),
        ("entities-of-class", [("of_class", "", 0)]),
        ("contents", []),
    ],
)
def test_a_form_offers_what_the_graph_has(example_store, name, fields):
    found = form(example_store, name)
    assert [(field.name, field.of_class, len(field.choices)) for field in found.fields] == fields


def test_choices_are_codes_with_names_in_order(example_store):
    (course,) = form(example_store, "course-points").fields
    assert [choice.code for choice in course.choices] == sorted({choice.code for choice in course.choices})
    assert {choice.code: choice.label for choice in course.choices}["ZH006"] == Text(
        "精密测量技术", "Precision measurement"
    )


def test_every_choice_that_names_one_thing_can_be_asked_with(two_plans):
    (programme,) = form(two_plans, "targets").fields
    assert [choice.code for choice in programme.choices] == ["P1@2023", "P1@2024", "P2@2024"]
    assert all(table(two_plans, "targets", {"programme": choice.code}).total for choice in programme.choices)


@pytest.mark.parametrize(("points", "offered"), [(199, 200), (200, 0), (1_000, 0)])
def test_more_than_two_hundred_are_not_offered(points, offered):
    lines = [f'<urn:c{number}> a zj:Course ; skos:notation "C{number}" .' for number in range(points + 1)]
    (course,) = form(store_of("\n".join(lines)), "course-points").fields
    assert len(course.choices) == offered


def test_a_class_without_entities_offers_nothing():
    assert form(hub(3), "targets").fields[0].choices == ()


# Tables


def test_the_points_of_the_course_of_the_example(example_store):
    found = table(example_store, "course-points", {"course": "ZH006"})
    assert found.total == len(found.rows) == 6
    assert set(column(found, "course")) == {("zjd:course/460103-ZH006", curie("zjd:course/460103-ZH006").value)}
    assert ("S-3-3-5-1", "") in column(found, "code")
    assert {text for text, _ in column(found, "depth")} <= {"1", "2", "3", "4"}
    assert {iri for _, iri in column(found, "label")} == {""}


def test_the_first_rows_of_all(example_store):
    everything = table(example_store, "coverage", COVERAGE)
    few = table(example_store, "coverage", COVERAGE, 5)
    assert few.rows == everything.rows[:5]
    assert few.total == everything.total == len(everything.rows) > 5
    assert table(example_store, "coverage", COVERAGE, 0).rows == ()
    assert {len(row) for row in everything.rows} == {len(everything.columns)}


def test_truth_and_nothing_in_a_cell(example_store):
    found = table(example_store, "coverage", COVERAGE)
    assert {text for text, _ in column(found, "assessed")} <= {"true", "false", ""}
    assert ("", "") in column(found, "reviewer")


# Questions after what is wrong with a graph: the shipped examples have nothing of the kind.
FAULTS = {"commitments-unassigned", "rates-without-denominator"}


@pytest.mark.parametrize("question", [q for q in questions() if not q.fields], ids=lambda question: question.name)
def test_every_question_without_fields_has_an_answer(example_store, question):
    found = table(example_store, question.name, {}, 3)
    assert len(found.rows) <= 3
    assert bool(found.rows) == (question.name not in FAULTS)
    assert all(text or not iri for row in found.rows for text, iri in row)


@pytest.mark.parametrize(
    ("name", "written", "code"),
    [
        ("course-points", {}, "missing-parameter"),
        ("course-points", {"course": "nothing"}, "unknown-code"),
        ("course-points", {"course": "ZH006", "more": "x"}, "unknown-parameter"),
        ("course-points", {"course": "http://a b"}, "bad-parameter"),
        ("entities-of-class", {"of_class": "Course"}, "not-an-iri"),
    ],
)
def test_what_does_not_fit_is_said(example_store, name, written, code):
    assert problem_of(table, example_store, name, written) == code
