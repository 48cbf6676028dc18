"""The benchmark of planted gaps: what it plants is found, all of it and nothing beside, and it counts honestly."""

import ast
import random
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.planted import gaps, plan, policy, score
from benchmarks.planted.plan import Planted

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


def test_the_same_seed_gives_the_same_world():
    first, again, other = (plan.sheets_of(score.world(seed, "small"), "x") for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("name", ["__init__.py", "plan.py", "gaps.py", "policy.py"])
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
            for (table, _), weight in plan._weights(one).items():
                sums[table] += weight
            assert sums == {table: 100 - one.short.get(table, 0) for table in sums}


LATER = {"ZJ-C12"}  # what is written down when the frame is made


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
    one = plan.sound(1, 5, random.Random(5), free=0)
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
        gaps.no_course_for_a_step(one)
    policy.frame(one)
    assert len(one.steps) == 1
    assert [found.measured for found in one.planted] == ["0.25"] * 3
