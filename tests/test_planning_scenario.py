"""The scenario graph: what each edit does to the figures, and that the published graph stays as it is."""

import pytest

from zhiji_kg.analysis import analyse, find_programme, load_profile
from zhiji_kg.errors import SourceError
from zhiji_kg.planning.edits import edits_of
from zhiji_kg.planning.facts import plan_of
from zhiji_kg.planning.scenario import SCENARIO, scenario
from zhiji_kg.planning.whatif import what_if
from zhiji_kg.queries import run
from zhiji_kg.rdf import Iri


@pytest.fixture(scope="module")
def programme(example_store):
    return find_programme(example_store, "460103")


def plan_after(store, programme, *edits):
    return plan_of(scenario(store, programme, edits_of(list(edits))), Iri(programme.thing.iri), programme.terms)


def course_of(plan, code):
    return next(course for course in plan.courses.values() if course.thing.code == code)


def covering_of(plan, course, point):
    iri = course_of(plan, course).thing.iri
    found = [c for c in plan.coverings if c.course == iri and plan.labels[c.point].code == point]
    return found[0] if found else None


def test_no_edit_changes_nothing(example_store, programme):
    there = scenario(example_store, programme, ())
    triples = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    assert set(there.construct(triples, {})) == set(example_store.construct(triples, {}))


def test_the_plan_as_it_stands(example_store, programme):
    plan = plan_of(example_store, Iri(programme.thing.iri), programme.terms)
    assert len(plan.courses) == 50
    assert len(plan.coverings) == 159
    assert course_of(plan, "ZJ002").terms == (2,)
    assert (course_of(plan, "ZH001").total, course_of(plan, "ZH001").credits) == (56, 3.5)
    assert [float(plan.load(term)[0]) for term in (1, 5, 6)] == [555, 702, 286]
    covering = covering_of(plan, "GG013", "B-1-2")
    assert (covering.completion, covering.finished((1, 5)), covering.finished((2, 6))) == (1, 1, 6)
    codes = {iri: course.thing.code for iri, course in plan.courses.items()}
    assert {codes[r.requisite] for r in plan.requisites if codes[r.course] == "ZH001"} == {"ZJ003", "ZJ007"}


def test_figures_of_a_coverage(example_store, programme):
    at = {"course": "ZJ002", "point": "S-4-1-1-3"}
    plan = plan_after(
        example_store, programme,
        {"edit": "set-depth", **at, "depth": 4}, {"edit": "set-hours", **at, "hours": 6.5},
        {"edit": "set-assessed", **at, "assessed": True}, {"edit": "set-completion", **at, "completion": 2},
    )  # fmt: skip
    covering = covering_of(plan, "ZJ002", "S-4-1-1-3")
    assert (covering.depth, covering.hours, covering.assessed, covering.completion) == (4, 6.5, True, 2)


def test_coverage_comes_and_goes(example_store, programme):
    at = {"course": "ZJ002", "point": "S-4-5-3-1"}
    plan = plan_after(example_store, programme, {"edit": "add-coverage", **at, "depth": 3, "hours": 4})
    assert covering_of(plan, "ZJ002", "S-4-5-3-1").depth == 3
    gone = plan_after(
        example_store, programme, {"edit": "add-coverage", **at}, {"edit": "remove-coverage", **at}
    )  # fmt: skip
    assert covering_of(gone, "ZJ002", "S-4-5-3-1") is None


def test_a_course_that_moves_forgets_a_completion_outside_its_terms(example_store, programme):
    plan = plan_after(example_store, programme, {"edit": "move-course", "course": "GG013", "term": [2, 4]})
    assert course_of(plan, "GG013").terms == (2, 4)
    assert covering_of(plan, "GG013", "B-1-2").completion is None


def test_courses_come_and_go(example_store, programme):
    new = {"edit": "add-course", "course": "N1", "name": "新课", "module": "专业", "term": 3, "prerequisites": "ZJ002"}
    plan = plan_after(
        example_store, programme,
        {**new, "theory": 8, "practice": 24, "credits": 2},
        {"edit": "add-coverage", "course": "N1", "point": "S-4-5-3-1", "depth": 3},
        {"edit": "remove-course", "course": "ZH008"},
        {"edit": "set-course-hours", "course": "ZJ001", "practice": 40, "credits": 4.5},
        {"edit": "add-prerequisite", "course": "ZJ003", "prerequisites": "GG009"},
        {"edit": "remove-prerequisite", "course": "ZJ003", "prerequisites": "ZJ001"},
    )  # fmt: skip
    assert (course_of(plan, "N1").total, course_of(plan, "ZJ001").total, course_of(plan, "ZJ001").credits) == (
        32,
        72,
        4.5,
    )
    codes = {iri: course.thing.code for iri, course in plan.courses.items()}
    assert "ZH008" not in codes.values()
    assert not [c for c in plan.coverings if c.course not in codes]
    before = {(codes[r.course], codes[r.requisite]) for r in plan.requisites}
    assert {("N1", "ZJ002"), ("ZJ003", "GG009")} <= before
    assert ("ZJ003", "ZJ001") not in before


WRONG = {
    "edit-without-course": {"edit": "move-course", "course": "XX", "term": 1},
    "edit-without-point": {"edit": "add-coverage", "course": "ZJ002", "point": "XX"},
    "edit-without-coverage": {"edit": "set-depth", "course": "ZJ002", "point": "S-4-5-3-1", "depth": 3},
    "edit-is-there": {"edit": "add-coverage", "course": "ZJ002", "point": "S-4-1-1-3"},
    "edit-outside-plan": {"edit": "move-course", "course": "ZJ002", "term": 7},
}


def test_what_cannot_be_done_is_named_all_at_once(example_store, programme):
    with pytest.raises(SourceError) as caught:
        scenario(example_store, programme, edits_of(list(WRONG.values())))
    assert [problem.code for problem in caught.value.problems] == list(WRONG)
    assert all("{" not in problem.line("en") + problem.line("zh") for problem in caught.value.problems)


def test_what_an_edit_states_is_inferred_and_reviewed_by_nobody(example_store, programme):
    at = {"course": "ZJ002", "point": "S-4-1-1-3", "depth": 3}
    there = scenario(example_store, programme, edits_of([{"edit": "set-depth", **at}]))
    cells = [cell for c in analyse(there, programme).coverages[:1] for cell in c.cells]
    cell = next(cell for cell in cells if cell.requirement.thing.code == "R4-1-1-S3")
    chosen = cell.verdict.chosen.coverage
    assert (cell.verdict.state, chosen.grade, chosen.source, chosen.reviewer) == ("covered", "inferred", SCENARIO, "")
    assert cell.reviewed.state != "covered"


def test_a_coverage_of_a_whole_withdraws_what_was_examined_in_its_parts(example_store, programme):
    """K-4-5-3-1 is a part of A-4-5-3; it was examined without finding a course, before this one was there."""
    edit = {"edit": "add-coverage", "course": "SX002", "point": "A-4-5-3", "depth": 4}
    there = scenario(example_store, programme, edits_of([edit]))
    examined = {
        str(row["point"]).rpartition("/")[2] for row in run(there, "examinations", programme=Iri(programme.thing.iri))
    }
    before = run(example_store, "examinations", programme=Iri(programme.thing.iri))
    assert {str(row["point"]).rpartition("/")[2] for row in before} - examined == {"S-4-5-3-1", "K-4-5-3-1"}
    assert not [f for f in analyse(there, programme).findings if f.code == "ZJ-D04"]


def test_every_figure_before_and_after(example_store, programme):
    edits = edits_of([
        {"edit": "set-depth", "course": "ZJ002", "point": "S-4-1-1-3", "depth": "掌握"},
        {"edit": "move-course", "course": "TZ003", "term": 3},
        {"edit": "add-coverage", "course": "ZH008", "point": "S-4-5-3-1", "depth": 3},
    ])  # fmt: skip
    found = what_if(example_store, scenario(example_store, programme, edits), programme, edits, load_profile())
    plain = found.plain()
    items = plain["targets"][0]["tables"]["items"]
    assert (items["before"]["known_gap"], items["after"]["known_gap"]) == (13, 11)
    assert (items["before"]["no_match"], items["after"]["no_match"], items["after"]["denominator"]) == (2, 1, 77)
    assert found.codes["ZJ-C02"] == (7, 6)
    assert found.codes["ZJ-C01"] == (8, 7)
    assert {(f["code"], f["subject"]) for f in plain["new"]} >= {("ZJ-C03", "R4-5-3-S1")}, "covered now, and too late"
    assert {(f["code"], f["subject"]) for f in plain["gone"]} >= {("ZJ-C02", "R4-1-1-S3"), ("ZJ-C03", "R4-0-10")}
    assert [term["hours"]["after"] - term["hours"]["before"] for term in plain["terms"]] == [0, 0, 32, 0, -32, 0]
    assert plain["terms"][2]["credits"]["after"] == round(plain["terms"][2]["credits"]["before"] + 2, 4)
    again = analyse(example_store, programme)
    assert again.coverages[0].totals.all["items"].known_gap == 13, "the graph itself stays as it is"
