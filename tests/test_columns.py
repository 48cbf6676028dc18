"""The columns of an answer for people: which are shown, and what they are called."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.columns import Shown, for_people, heading, stem
from zhiji_kg.queries import catalogue
from zhiji_kg.resources import WEB
from zhiji_kg.texts import LANGUAGES

WORDS = tomllib.loads((WEB / "texts" / "columns.toml").read_text(encoding="utf-8"))["word"]
DECLARED = {query.name: [c.name for c in query.answer] for query in catalogue().values() if query.answer}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DECLARED)
def test_every_declared_variable_has_a_heading_of_its_own(name, language):
    headings = [heading(variable, DECLARED[name], language) for variable in DECLARED[name]]
    assert all(headings)
    assert not set(headings) & {variable for variable in DECLARED[name] if variable != variable.lower()}


def test_no_heading_is_unused():
    assert set(WORDS) == {stem(variable) for names in DECLARED.values() for variable in names}


STEMS = [
    ("goal", "goal"),
    ("goalLabel", "goal"),
    ("goalLabelEn", "goal"),
    ("class_label_en", "class"),
    ("courseCode", "course"),
    ("label", "label"),
    ("labelEn", "label"),
    ("code", "code"),
    ("of_class", "of_class"),
    ("labelOfFirstEn", "labelOfFirst"),
]


@pytest.mark.parametrize(("name", "expected"), STEMS)
def test_what_a_variable_is_about(name, expected):
    assert stem(name) == expected


def test_a_workbook_tells_its_columns_apart():
    columns = ("goal", "goalLabel", "goalLabelEn", "courseCode")
    assert [heading(name, columns, "zh") for name in columns] == ["目标（IRI）", "目标", "目标（英文）", "课程编号"]
    english = ["Goal (IRI)", "Goal (Chinese)", "Goal (English)", "Course code"]
    assert [heading(name, columns, "en") for name in columns] == english
    with pytest.raises(KeyError):
        heading("nosuch", columns, "en")


GOAL = ("goal", "goalLabel", "goalLabelEn", "code", "year")
GOALS = [
    [("id:a", "x:a"), ("甲", ""), ("A", ""), ("1", ""), ("2024", "")],
    [("id:b", "x:b"), ("乙", ""), ("", ""), ("2", ""), ("2024", "")],
]
CASES = [
    ("zh", ("目标", "编号"), ((("甲", "x:a"), ("1", "")), (("乙", "x:b"), ("2", ""))), (("年份", ("2024", "")),)),
    ("en", ("Goal", "Code"), ((("A", "x:a"), ("1", "")), (("乙", "x:b"), ("2", ""))), (("Year", ("2024", "")),)),
]


@pytest.mark.parametrize(("language", "headings", "rows", "told"), CASES)
def test_a_declared_answer_in_a_language(language, headings, rows, told):
    assert for_people(GOAL, GOALS, language, declared=True) == Shown(headings, rows, told)


def test_an_answer_that_is_not_declared_keeps_its_names_and_tells_nothing_above():
    shown = for_people(GOAL, GOALS, "zh")
    assert (shown.headings, shown.told) == (("goalLabel", "code", "year"), ())


def test_a_parameter_and_what_has_no_value_are_left_out():
    shown = for_people(GOAL, [[*GOALS[0][:3], ("", ""), GOALS[0][4]]], "zh", above=("goal", "year"), declared=True)
    assert (shown.headings, shown.rows) == (("目标",), ((("甲", "x:a"),),))


def test_a_bare_label_names_the_thing_before_it():
    columns = ("role", "roleLabel", "item", "label")
    rows = [[("id:r", "x:r"), ("角", ""), ("id:i", "x:i"), ("名", "")]]
    shown = for_people(columns, rows, "zh", declared=True)
    assert (shown.headings, shown.rows) == (("角色", "条目"), ((("角", "x:r"), ("名", "x:i")),))


def test_an_iri_without_a_label_speaks_for_itself():
    rows = [[("id:a", "x:a"), ("甲", "")], [("id:b", "x:b"), ("", "")]]
    assert for_people(("goal", "goalLabel"), rows, "zh").rows == ((("甲", "x:a"),), (("id:b", "x:b"),))


def test_two_columns_stay_whatever_the_rows_have_in_common():
    rows = [[("1", ""), ("2", ""), ("3", "")]] * 2
    shown = for_people(("year", "code", "value"), rows, "en", declared=True)
    assert (shown.headings, shown.told) == (("Code", "Value"), (("Year", ("1", "")),))
    assert for_people(("year", "code", "value"), rows[:1], "en", declared=True).told == ()


def test_a_code_and_its_label_are_told_apart():
    shown = for_people(("grade", "gradeLabel"), [[("a", ""), ("甲级", "")]], "zh", declared=True)
    assert shown.headings == ("等级编号", "等级")


def test_no_rows_keep_all_headings():
    assert for_people(("year", "code"), [], "en", declared=True) == Shown(("Year", "Code"), ())


TEXT = st.tuples(st.sampled_from(["", "甲", "乙"]), st.just(""))
ENTITY = st.sampled_from(["", "a", "b"]).map(lambda code: (f"id:{code}", f"x:{code}") if code else ("", ""))
ROWS = st.lists(st.tuples(ENTITY, TEXT, TEXT, TEXT, ENTITY, TEXT).map(list), max_size=5)
NAMES = ("goal", "goalLabel", "goalLabelEn", "year", "item", "label")


@given(ROWS, st.sampled_from(LANGUAGES), st.booleans())
def test_nothing_is_lost_but_by_rule(rows, language, declared):
    shown = for_people(NAMES, rows, language, declared=declared)
    assert len(shown.rows) == len(rows)
    assert len(set(shown.headings)) == len(shown.headings)
    for row, seen in zip(rows, shown.rows, strict=True):
        cells = [*seen, *(cell for _, cell in shown.told)]
        texts, iris = {text for text, _ in cells}, {iri for _, iri in cells}
        goal, zh, en, year, item, label = row
        spoken = (zh[0] or en[0]) if language == "zh" else (en[0] or zh[0])
        assert {spoken, year[0], label[0]} <= texts | {""}
        assert {goal[1], item[1]} <= iris | {""}
    if shown.told:
        assert declared
        assert len(rows) > 1
        assert len(shown.headings) >= 2
