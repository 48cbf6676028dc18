"""What a draft would change in the version that serves."""

import pytest
from small_workbook import small

from zhiji_kg.build import build, draft
from zhiji_kg.compare import Change, EntityChange, compare, difference
from zhiji_kg.errors import CannotRunError
from zhiji_kg.graph import ontology
from zhiji_kg.rdf import Iri, Triple, integer, text
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import LABEL, NOTATION, RDF_TYPE, entity, zj

COURSE = zj("Course")
WORDS = [
    Triple(COURSE, LABEL, text("课程", "zh")),
    Triple(COURSE, LABEL, text("course", "en")),
    Triple(zj("credits"), LABEL, text("学分", "zh")),
    Triple(zj("credits"), LABEL, text("credits", "en")),
]


def course(code, name, *more):
    subject = entity("course", code)
    return {
        Triple(subject, RDF_TYPE, COURSE),
        Triple(subject, NOTATION, text(code)),
        Triple(subject, LABEL, text(name, "zh")),
        *(Triple(subject, predicate, value) for predicate, value in more),
        *WORDS,
    }


CASES = [
    ("the same", course("A", "甲"), course("A", "甲"), [], []),
    ("added", set(WORDS), course("A", "甲"), ["+ 课程 A 甲"], ["+ course A 甲"]),
    ("removed", course("A", "甲"), set(WORDS), ["- 课程 A 甲"], ["- course A 甲"]),
    (
        "changed",
        course("A", "甲", (zj("credits"), integer(5))),
        course("A", "甲", (zj("credits"), integer(4))),
        ["~ 课程 A 甲: 学分 5 → 4"],
        ["~ course A 甲: credits 5 → 4"],
    ),
    (
        "where a thing stands is not what it says",
        course("A", "甲", (zj("locator"), text("课程!A2")), (zj("position"), integer(1))),
        course("A", "甲", (zj("locator"), text("课程!A3")), (zj("position"), integer(2))),
        [],
        [],
    ),
    (
        "a value that had none",
        course("A", "甲"),
        course("A", "甲", (zj("credits"), integer(4))),
        ["~ 课程 A 甲: 学分 （无） → 4"],
        ["~ course A 甲: credits (none) → 4"],
    ),
    (
        "added before removed before changed",
        course("A", "甲") | course("C", "丙"),
        course("B", "乙") | course("C", "丙", (zj("credits"), integer(4))),
        ["+ 课程 B 乙", "- 课程 A 甲", "~ 课程 C 丙: 学分 （无） → 4"],
        ["+ course B 乙", "- course A 甲", "~ course C 丙: credits (none) → 4"],
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "zh", "en"), CASES, ids=[case[0] for case in CASES])
def test_entity_by_entity(name, old, new, zh, en):
    found = compare(old, new)
    assert [entity_change.line("zh") for entity_change in found] == zh
    assert [entity_change.line("en") for entity_change in found] == en


def test_a_thing_that_points_at_another_shows_its_name():
    old = course("A", "甲") | course("B", "乙")
    new = old | {Triple(entity("course", "B"), zj("hasDirectPrerequisite"), entity("course", "A"))}
    (found,) = compare(old, new)
    assert found.changes[0].after == (Text("甲", "甲"),)


def test_what_is_not_ours_is_not_told():
    stranger = {Triple(Iri("http://x/s"), RDF_TYPE, COURSE)}
    assert compare(set(), stranger) == []


def test_a_line_without_changes_is_only_the_name():
    assert EntityChange("added", Text("课程", "course"), Text("A 甲", "A")).line("en") == "+ course A"
    change = Change(Text("学分", "credits"), (Text("5", "5"), Text("6", "6")), ())
    assert (
        EntityChange("changed", Text("c", "c"), Text("x", "x"), (change,)).line("en") == "~ c x: credits 5、6 → (none)"
    )


def test_against_the_version_that_serves(tmp_path):
    book, kg = small(tmp_path / "book"), tmp_path / "kg"
    assert difference(draft([book]).dataset, kg) is None
    build([book], kg)
    same = difference(draft([book]).dataset, kg)
    assert (same.version, same.entities) == ("v1", ())
    small(book, set={"课程!H2": "5"}, append={"要素点": [["P9", "知识点", "新的"]]})
    changed = difference(draft([book]).dataset, kg)
    lines = [entity_change.line("zh") for entity_change in changed.entities]
    assert len(lines) == 2
    assert lines[0].startswith("+ ")
    assert "P9 新的" in lines[0]
    assert "学分 3 → 5" in lines[1]


def test_what_follows_from_a_change_is_told_too(tmp_path):
    """A coverage that goes takes with it what was inferred of its course."""
    book, kg = small(tmp_path / "book"), tmp_path / "kg"
    build([book], kg)
    small(book, keep={"覆盖": 4})
    lines = [change.line("en") for change in difference(draft([book]).dataset, kg).entities]
    assert [line[0] for line in lines] == ["-"]
    small(book, set={"覆盖!C3": "P4"})
    told = "\n".join(change.line("en") for change in difference(draft([book]).dataset, kg).entities)
    assert "ZY1 数控车削" in told or "ZY1 CNC turning" in told


def test_a_damaged_version_is_said(tmp_path):
    book, kg = small(tmp_path / "book"), tmp_path / "kg"
    build([book], kg)
    (kg / "v1" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(CannotRunError):
        difference(draft([book]).dataset, kg)


def test_a_thing_is_called_by_its_narrowest_class_whatever_is_inferred():
    """An occupation is a requirement source too, and a learner is in a growth stage: neither is what they are."""
    axioms = {triple for triples in ontology().values() for triple in triples}
    occupation, learner = entity("occupation", "X"), entity("learner", "X")
    new = {Triple(occupation, RDF_TYPE, zj(name)) for name in ("Occupation", "RequirementSource")}
    new |= {Triple(learner, RDF_TYPE, zj(name)) for name in ("Learner", "SeniorApprentice", "JuniorApprentice")}
    assert [one.of_class.en for one in compare(axioms, axioms | new)] == ["Learner", "Occupation"]
