"""``zhiji plan`` and ``zhiji whatif`` as a user meets them."""

import json

import pytest

from zhiji_kg.analysis import find_programme
from zhiji_kg.cli.edits import edits_grid
from zhiji_kg.cli.plan import told_lines
from zhiji_kg.cli.whatif import grids
from zhiji_kg.planning.closing import ClosingPlan
from zhiji_kg.planning.edits import edits_of, kinds

PLAN = ("--programme", "TE-CNC")


@pytest.fixture(scope="module")
def edits(zhiji, example_kg, tmp_path_factory):
    """The closing plan of an example, written by the command."""
    path = tmp_path_factory.mktemp("plan") / "edits.json"
    done = zhiji("plan", "--kg", example_kg, *PLAN, "-o", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "10 known gaps; 11 changes close them all at a cost of 42, proved to be the least." in done.stdout
    assert f"zhiji whatif {path}" in done.stdout
    return path


def test_the_plan_tried_as_a_what_if_leaves_no_known_gap(zhiji, example_kg, edits):
    done = zhiji("whatif", edits, "--kg", example_kg, *PLAN, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    figures = json.loads(done.stdout)
    assert [target["tables"]["items"]["after"]["known_gap"] for target in figures["targets"]] == [0, 0, 0]
    assert figures["targets"][0]["tables"]["items"]["before"]["known_gap"] == 5


def test_the_tables_say_before_and_after(zhiji, example_kg, edits, tmp_path):
    out = tmp_path / "figures.json"
    shown = zhiji("whatif", edits, "--kg", example_kg, *PLAN, "-o", out, lang="zh").stdout
    assert "56 → 61" in shown
    assert "没有发布" in shown
    assert json.loads(out.read_text(encoding="utf-8"))["programme"] == "TE-CNC@2024"
    english = zhiji("whatif", edits, "--kg", example_kg, *PLAN).stdout
    assert "nothing is published" in english
    assert "Findings that went" in english


def test_the_plan_as_json(zhiji, example_kg):
    plan = json.loads(zhiji("plan", "--kg", example_kg, *PLAN, "--json").stdout)
    assert (plan["status"], plan["cost"], plan["bound"], len(plan["edits"])) == ("optimal", 42, 42, 11)
    assert edits_of(plan)


def test_an_impossible_plan_exits_with_1_and_writes_nothing(zhiji, example_kg, tmp_path):
    own = "[plan]\nnew_courses = 0\ngrowth_hours = 0\n"
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    (tmp_path / "zhiji.toml").write_text('profile = "own.toml"\n', encoding="utf-8")
    given = ("plan", "--kg", example_kg, "--programme", "460103", "--standard", "CNC-TURNER-2005@4", "-o", "e.json")
    done = zhiji(*given, cwd=tmp_path)
    assert done.returncode == 1
    assert "cannot hold together" in done.stdout
    assert "is to be closed for" in done.stdout
    assert not (tmp_path / "e.json").exists()


def test_what_cannot_be_done_is_said_in_a_line(zhiji, example_kg, tmp_path):
    path = tmp_path / "修改.csv"
    path.write_text("修改,课程代码,学期\n调整学期,XX,3\n", encoding="utf-8")
    done = zhiji("whatif", path, "--kg", example_kg, *PLAN)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{path}:修改!A2: the plan has no course XX")
    assert zhiji("whatif", tmp_path / "no.json", "--kg", example_kg, *PLAN).returncode == 2
    assert zhiji("plan", "--kg", example_kg, *PLAN, "--seconds", "0").returncode == 2


@pytest.mark.parametrize("status", ["optimal", "feasible", "unknown", "impossible"])
def test_every_outcome_has_its_sentence(example_store, status):
    programme = find_programme(example_store, "TE-CNC")
    reasons = ("close|R1|C", "hours|3", "credits|2", "order|A|B") if status == "impossible" else ()
    made = edits_of([{"edit": "move-course", "course": "A", "term": 2}])
    cost = 6 if status in ("optimal", "feasible") else None
    plan = ClosingPlan(programme, example_store.identity, status, 3, made, cost, cost, 9.0, reasons)
    lines = list(told_lines(plan))
    assert lines
    assert len(lines) == (6 if reasons else 1)
    assert not [line for line in lines if "{" in line]


def test_a_plan_without_gaps_needs_no_change(example_store):
    programme = find_programme(example_store, "TE-CNC")
    lines = list(told_lines(ClosingPlan(programme, example_store.identity, "optimal", 0, (), 0, 0)))
    assert len(lines) == 1


def test_every_kind_of_edit_has_a_row():
    values = {"course": "A", "point": "P", "depth": 3, "hours": 4, "term": 2, "completion": 2, "assessed": "是",
              "name": "新课", "module": "专业", "prerequisites": "B"}  # fmt: skip
    made = edits_of([{"edit": k.key, **{need: values[need] for need in k.needs}} for k in kinds().values()])
    rows = edits_grid(made, "").rows
    assert len(rows) == len(kinds())
    assert all(row[0] and row[1] == "A" for row in rows)
    assert callable(grids)
