"""The benchmark of planted gaps: what it plants is found, all of it and nothing beside, and it counts honestly."""

import ast
import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks.planted import gaps, plan, policy, resources, resting, score, tracks
from benchmarks.planted.plan import Planted
from zhiji_kg.analysis import load_profile

FOLDER = Path(plan.__file__).parent


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small world, what was planted in it and what the engine finds."""
    plans = score.world(1, "small")
    folder = tmp_path_factory.mktemp("planted")
    plan.write(plan.sheets_of(plans, "planted-small-1"), folder)
    return score.planted_in(plans), score.found_in(folder, score.codes_planted())


def test_all_that_is_planted_is_found_and_nothing_beside(small):
    planted, found = small
    assert Counter(found) == Counter(planted)
    assert sorted({one.code for one in planted}) == score.codes_planted()


def test_every_code_of_the_profile_is_planted():
    assert score.codes_planted() == sorted(load_profile().codes)
    assert score.not_planted(score.codes_planted()) == "not planted: none"
    assert score.not_planted(["ZJ-C01"]) != "not planted: none"


def test_the_same_seed_gives_the_same_world():
    first, again, other = (plan.sheets_of(score.world(seed, "small"), "x") for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    "name", ["__init__.py", "plan.py", "gaps.py", "policy.py", "resources.py", "resting.py", "tracks.py"]
)
def test_the_generator_does_not_know_the_engine(name):
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not {module for module in imported if module.startswith("zhiji_kg")}


def finding(code, subject):
    return Planted("P1", code, subject)


def test_what_is_missed_wrong_or_told_twice_is_counted():
    a, b, c = finding("ZJ-C01", "a"), finding("ZJ-C01", "b"), finding("ZJ-C02", "c")
    assert score.score([a, b], [a, a, c]) == {"ZJ-C01": (2, 2, 1), "ZJ-C02": (0, 1, 0)}
    assert score.score([a], [Planted("P2", "ZJ-C01", "a")]) == {"ZJ-C01": (1, 1, 0)}
    assert score.score([], []) == {}
    assert score.score([a], [a], ["ZJ-C01", "ZJ-C03"]) == {"ZJ-C01": (1, 1, 1), "ZJ-C03": (0, 0, 0)}


@pytest.mark.parametrize(
    ("counts", "passes"),
    [((3, 3, 3), True), ((0, 0, 0), False), ((2, 2, 1), False), ((2, 1, 1), False), ((1, 2, 1), False)],
)
def test_a_code_passes_only_where_it_was_planted_and_all_of_it_found(counts, passes):
    assert score.passed(*counts) is passes


LINES = [
    ((2, 2, 1), "0.500   0.500"),
    ((0, 1, 0), "0.000       –"),
    ((1, 0, 0), "–   0.000"),
    ((3, 3, 3), "1.000   1.000"),
]


@pytest.mark.parametrize(("counts", "end"), LINES)
def test_a_share_of_nothing_is_a_dash(counts, end):
    assert score.line("small", 1, "ZJ-C01", *counts).endswith(end)


def test_the_benchmark_prints_its_table_and_keeps_its_files(tmp_path, monkeypatch, capsys):
    """With an engine that finds what was planted; what ours finds stands above."""
    monkeypatch.setattr(score, "found_in", lambda _folder, _codes: score.planted_in(score.world(2, "small")))
    assert score.planted([2], ["small"], tmp_path) == 0
    told = capsys.readouterr().out
    assert "all 1.0 / 1.0" in told
    assert "not planted:" in told
    rows = (tmp_path / "small-2-truth" / "truth.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "programme,code,subject,object,measured"
    assert len(rows) == 1 + len(score.planted_in(score.world(2, "small")))
    assert "CC0" in (tmp_path / "small-2" / "说明.csv").read_text(encoding="utf-8")


def test_a_gap_that_is_not_found_fails_the_benchmark(monkeypatch, capsys):
    monkeypatch.setattr(score, "found_in", lambda _folder, _codes: [])
    assert score.planted([1], ["small"]) == 1
    assert "are not 1.0 / 1.0" in capsys.readouterr().out


def test_a_code_that_a_world_does_not_plant_fails_the_benchmark(monkeypatch, capsys):
    """Everything planted is found, and still one code was not tried."""
    lacking = [one for one in score.planted_in(score.world(1, "small")) if one.code != "ZJ-S05"]
    monkeypatch.setattr(score, "planted_in", lambda _plans: lacking)
    monkeypatch.setattr(score, "found_in", lambda _folder, _codes: lacking)
    assert score.planted([1], ["small"]) == 1
    told = capsys.readouterr().out
    assert score.line("small", 1, "ZJ-S05", 0, 0, 0) in told
    assert "1 codes are not 1.0 / 1.0" in told


def test_the_engine_is_asked_for_every_code_it_knows(monkeypatch):
    """So that a false alarm of a code that nothing plants would be seen."""
    asked = []
    monkeypatch.setattr(score, "codes_planted", lambda: ["ZJ-C01"])
    monkeypatch.setattr(score, "found_in", lambda _folder, codes: asked.extend(codes) or [])
    assert score.planted([1], ["small"]) == 1
    assert asked == sorted(load_profile().codes)


def test_a_workbook_that_is_refused_ends_the_benchmark(tmp_path):
    plans = score.world(1, "small")
    plans[0].courses[0].terms = []
    plan.write(plan.sheets_of(plans, "x"), tmp_path)
    with pytest.raises(SystemExit):
        score.found_in(tmp_path, ["ZJ-C01"])


def test_a_cell_without_a_column_is_a_slip_of_the_generator():
    plans = score.world(1, "small")
    plans[0].courses[0].more["无此列"] = "x"
    with pytest.raises(KeyError):
        plan.sheets_of(plans, "x")


def test_the_weights_are_wrong_only_where_that_was_planted():
    for seed in range(5):
        for one in score.world(seed, "small"):
            sums = Counter()
            assert one.weighted or not one.short
            for (table, _), weight in plan.weights_of(one).items():
                sums[table] += weight
            assert sums == {table: 100 - one.short.get(table, 0) for table in sums}


LATER = {"ZJ-C09", "ZJ-C12", "ZJ-R03", "ZJ-S01"}  # what is written down when the frame is made


@pytest.mark.parametrize("names", sorted(gaps.PLANTERS.keys() - LATER))
def test_every_planter_plants_its_codes(names):
    one = plan.sound(1, 20, random.Random(3))
    gaps.PLANTERS[names](one)
    assert [found.code for found in one.planted] == names.split(" + ")


def test_a_sound_plan_in_its_frame_has_nothing_planted():
    one = plan.sound(1, 20, random.Random(4))
    policy.frame(one)
    assert one.planted == []
    hours = sum(course.hours for course in one.courses)
    public = sum(course.hours for course in one.courses if "公共" in course.more.get("类别", ""))
    elective = sum(course.hours for course in one.courses if course.more.get("性质") in ("选修", "限选"))
    assert (public * 4, elective * 10) == (hours, hours)
    assert policy._practice(one) * 2 >= hours >= 2500


@pytest.mark.parametrize("code", policy.BREAKABLE)
def test_a_frame_is_broken_in_one_place(code):
    one = plan.sound(1, 5, random.Random(5), free=8)
    policy.frame(one, code)
    [broken] = one.planted
    measured, limit = float(broken.measured), {"ZJ-P01": 2500, "ZJ-P02": 0.25, "ZJ-P03": 0.5, "ZJ-P04": 0.1}.get(code)
    assert (broken.code, broken.subject) == (code, "P1@2026")
    if limit:
        assert 0 < measured < limit
    else:
        assert measured == 476 if code == "ZJ-P06" else measured in (5, 9)


def test_a_step_left_out_is_planted_with_the_frame():
    one = plan.sound(1, 20, random.Random(6))
    for _ in range(5):
        resources.no_course_for_a_step(one)
    policy.frame(one)
    assert len(one.steps) == 1
    assert [found.measured for found in one.planted] == ["0.25"] * 3


@pytest.mark.parametrize("names", sorted(LATER))
def test_what_is_written_down_later_is_written_down_with_the_frame(names):
    one = plan.sound(1, 20, random.Random(7))
    gaps.PLANTERS[names](one)
    assert one.planted == []
    policy.frame(one)
    assert [found.code for found in one.planted] == [names]


def test_what_is_of_the_whole_graph_is_counted_once_and_must_be_told_by_all():
    of_plan, of_group = Planted("P1", "ZJ-C01", "a"), Planted("", "ZJ-R04", "b")
    assert score.once([of_plan, of_group, of_group], [{of_group}, {of_group}]) == [of_plan, of_group]
    assert score.once([], []) == []
    with pytest.raises(SystemExit):
        score.once([of_plan, of_group], [{of_group}, set()])


def one_course_for(*kinds):
    """A plan of two courses in time, in which the first alone meets a requirement of each kind."""
    made = plan.Plan(1, random.Random(8))
    made.due = 3
    first, second = made.course(1), made.course(2)
    for kind in kinds:
        made.cover(first, made.ask(kind=kind, hours=4))
    return made, first, second


def test_what_rests_on_one_course_is_its_share_of_the_table():
    made, first, second = one_course_for("技能要求", "基本要求", "基本要求")
    shared = made.ask(kind="基本要求", hours=4)
    made.cover(first, shared)
    made.cover(second, shared)
    assert resting.critical(made) == [("C1", "theory", Fraction(2, 3)), ("C1", "skills", Fraction(1))]


@pytest.mark.parametrize(
    "changed", [{"深度": 1}, {"学时": 3}, {"学时": ""}, {"完成学期": 4}], ids=lambda changed: next(iter(changed))
)
def test_a_course_that_fails_one_demand_does_not_share_the_load(changed):
    made, first, second = one_course_for("技能要求")
    made.cover(second, made.asked[0], **changed)
    assert resting.passing(made, made.asked[0]) == {first.code}
    made.cover(second, made.asked[0])
    assert resting.passing(made, made.asked[0]) == {first.code, second.code}


def test_without_weights_each_level_is_a_table():
    made, _first, second = one_course_for("技能要求", "基本要求", "基本要求", "基本要求")
    made.weighted, made.asked[0].level = False, "三级"
    made.cover(second, made.asked[1])
    made.cover(second, made.asked[2])
    assert resting.critical(made) == [("C1", "items", Fraction(1)), ("C1", "items", Fraction(1, 3))]


def test_the_load_is_spread_as_long_as_nothing_planted_is_touched():
    made, _first, _second = one_course_for("技能要求", "技能要求")
    resting.spread(made)
    assert len(made.coverage) == 2, "nothing may be touched"
    made.plain = {asked.point for asked in made.asked}
    resting.spread(made)
    assert resting.critical(made) == []


def test_a_lean_plan_is_critical():
    made = plan.sound(1, 20, random.Random(9))
    resting.spread(made)
    assert resting.critical(made) == []
    resting.lean(made)
    resting.write_down(made)
    assert {found.code for found in made.planted} == {resting.CODE}
    assert all(float(found.measured) > 0.25 for found in made.planted)


@pytest.mark.parametrize("count", [1, 5])
def test_two_tracks_differ_just_where_it_is_planted(count):
    higher, technician = tracks.two_tracks(1, count, random.Random(10))
    points = [{asked.point: asked for asked in one.asked} for one in (higher, technician)]
    only = [{found.subject for found in one.planted if found.code == "ZJ-S03"} for one in (higher, technician)]
    assert points[0].keys() - points[1].keys() == only[0]
    assert len(only[0]) == count
    assert points[1].keys() - points[0].keys() == only[1]
    assert len(only[1]) == count
    differ = {found.subject for found in higher.planted if found.code == "ZJ-S04"}
    unlike = {p for p in points[0].keys() & points[1].keys()
              if (points[0][p].depth, points[0][p].level) != (points[1][p].depth, points[1][p].level)}  # fmt: skip
    assert unlike == differ
    assert len(differ) == 2 * count


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_staged_plan_lacks_the_cells_and_expectations_that_are_planted(count):
    made = tracks.staged(1, count, random.Random(11))
    cells = Counter(found.code for found in made.planted)
    assert cells == {"ZJ-C10": count, "ZJ-S02": count + 1}
    assert len(made.courses) == len(tracks.STAGES) * len(tracks.MODULES) - count
    stated = Counter(row["阶段"] for row in made.rows["能力指标"])
    assert stated == {"S1": 11 - count, "S3": 11}


def test_a_planted_standard_is_later_and_the_others_are_not():
    made = tracks.superseded(1, 3, random.Random(12))
    years = {row["标准代码"]: row["标准年"] for row in made.rows["职业标准"]}
    later = {code for code, year in years.items() if year > made.year}
    assert later == {found.object for found in made.planted}
    assert len(years) == 5


def test_the_changed_code_is_that_of_the_turner():
    made = tracks.recoded(1, random.Random(13))
    assert [(found.code, found.object) for found in made.planted] == [("ZJ-S05", "6-18-01-01")]
    assert made.occupation == "6-04-01-01"


def test_the_names_of_the_indicators_are_those_of_the_ontology():
    assert set(tracks.INDICATOR_NAMES) == plan.INDICATORS
    text = (Path(__file__).parents[1] / "ontology" / "schemes.ttl").read_text("utf-8")
    for code, (_, name) in tracks.INDICATOR_NAMES.items():
        assert f'skos:notation "{code}"' in text
        assert f'"{name}"@zh' in text
