"""The codes of the policy, P01 to P07, and D06: whom they judge, on what limit, and how a province sets its own."""

import csv
import shutil

import pytest

from tests.finding_examples import FOLDER, store_of
from zhiji_kg.analysis import find_programme, load_profile
from zhiji_kg.analysis.rules import rule_findings
from zhiji_kg.build import draft
from zhiji_kg.rdf import Iri
from zhiji_kg.report.summary import reason

CODES = [f"ZJ-P0{number}" for number in range(1, 8)]

# The base plan (ZJ-P05/not-found): 256 + 480 + 6 x 160 + 320 + 520 = 2536 hours; public basic 736, practice 1432,
# electives 320, six core courses, placement 520. What is changed in it, and which policy codes it then gives.
PLANS = [
    ("nothing is wrong", {}, {}, []),
    ("exactly the least hours are enough", {}, {"D1": {"实践学时": "484"}}, []),
    ("one hour fewer is not", {}, {"D1": {"实践学时": "483"}}, ["ZJ-P01"]),
    ("two years need fewer", {"学期数": "5", "学制": "两年半"}, {"D1": {"学期": "5", "实践学时": "483"}}, []),
    ("a secondary plan is not asked for them", {"轨道": "中职"}, {"D1": {"实践学时": "483"}}, []),
    ("a technician plan follows other rules", {"轨道": "技工"}, {"D1": {"实践学时": "0"}, "A1": {"学分": "10"}}, []),
    ("a secondary plan needs its placement", {"轨道": "中职"}, {"D1": {"实践学时": "479"}}, ["ZJ-P06"]),
    ("a restricted elective is one", {}, {"C1": {"性质": "限选"}}, []),
    ("no elective at all", {}, {"C1": {"性质": "必修"}}, ["ZJ-P04"]),
    ("an unstated nature is not known", {}, {"C1": {"性质": ""}}, []),
    ("without a heading the module tells", {}, {"A1": {"类别": ""}, "A2": {"类别": ""}}, []),
    ("a heading in English", {}, {"A1": {"类别": "Public basic"}, "A2": {"类别": "public basic"}}, []),
    ("too few public basic courses", {}, {"A2": {"类别": "专业基础课"}}, ["ZJ-P02"]),
    ("eight core courses", {}, {"A1": {"核心": "是"}, "A2": {"核心": "是"}}, []),
    ("nine core courses", {}, {"A1": {"核心": "是"}, "A2": {"核心": "是"}, "C1": {"核心": "是"}}, ["ZJ-P05"]),
    ("placement by its older name", {}, {"D1": {"课程名称": "顶岗实习"}}, []),
    ("no placement at all", {}, {"D1": {"课程名称": "毕业设计"}}, ["ZJ-P06"]),
    ("eighteen hours a credit", {}, {"B1": {"理论学时": "100"}}, []),
    ("a little more", {}, {"B1": {"理论学时": "101"}}, ["ZJ-P07"]),
    ("fewer than sixteen", {}, {"B1": {"学分": "11"}}, ["ZJ-P07"]),
    ("practice alone is counted by weeks", {}, {"D1": {"学分": "1"}}, []),
]


def changed(path, **values):
    """Write a sheet again, with the columns of some rows changed; ``by`` names the column that picks a row."""
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        row.update(values.get("every", {}))
        row.update(values.get("rows", {}).get(row.get("课程代码"), {}))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)


def plan(folder, programme=None, courses=None):
    """The graph of the base plan with changes, and its programme."""
    shutil.copytree(FOLDER / "ZJ-P05" / "not-found", folder)
    changed(folder / "专业.csv", every=programme or {})
    changed(folder / "课程.csv", rows=courses or {})
    store = store_of(draft([folder]))
    return store, Iri(find_programme(store, "X1").thing.iri)


@pytest.mark.parametrize(("programme", "courses", "codes"), [case[1:] for case in PLANS], ids=[c[0] for c in PLANS])
def test_what_a_plan_gives(tmp_path, programme, courses, codes):
    found = rule_findings(*plan(tmp_path / "plan", programme, courses), load_profile(), CODES)
    assert [finding.code for finding in found] == codes


def test_hours_that_are_not_told_apart_leave_practice_unjudged(tmp_path):
    courses = {"D1": {"实践学时": "", "理论学时": "", "总学时": "520"}, "B1": {"理论学时": "600", "实践学时": "0"}}
    known = {**courses, "D1": {"实践学时": "0", "理论学时": "520", "课程名称": "岗位实习"}}
    unjudged = rule_findings(*plan(tmp_path / "unknown", None, courses), load_profile(), ["ZJ-P03"])
    judged = rule_findings(*plan(tmp_path / "known", None, known), load_profile(), ["ZJ-P03"])
    assert list(unjudged) == []
    assert [(finding.part, finding.whole) for finding in judged] == [(832, 2976)]


def test_a_share_says_part_and_whole_and_cites_its_clause(tmp_path):
    store, programme = plan(tmp_path / "plan", None, {"A2": {"类别": "专业基础课"}})
    (finding,) = rule_findings(store, programme, load_profile(), CODES)
    assert (finding.part, finding.whole, finding.basis) == (256, 2536, "policy")
    assert finding.subject.code == "X1@2024"
    assert [evidence.locator for evidence in finding.evidence] == ["专业!A2"]
    assert "256/2536" in reason(finding, "zh")
    assert "256 of 2536 hours (10.1 %)" in reason(finding, "en")


def test_every_policy_code_cites_a_clause_in_both_languages():
    for code in CODES:
        clause = load_profile().codes[code].clause
        assert "〔2019〕13号" in clause.zh
        assert "〔2019〕13号" in clause.en


OWN = """
[code.ZJ-P03]
threshold = 0.6
[code.ZJ-P05]
threshold = [4, 5]
[code.ZJ-P06]
enabled = false
"""


def test_a_province_sets_its_own_figures_and_switches_off(tmp_path):
    own = tmp_path / "province.toml"
    own.write_text(OWN, encoding="utf-8")
    store, programme = plan(tmp_path / "plan", None, {"D1": {"课程名称": "毕业设计"}})
    shipped = [finding.code for finding in rule_findings(store, programme, load_profile(), CODES)]
    theirs = {finding.code: finding for finding in rule_findings(store, programme, load_profile(own), CODES)}
    assert shipped == ["ZJ-P06"]
    assert sorted(theirs) == ["ZJ-P03", "ZJ-P05"]  # 1432/2536 = 56.5 %
    assert (theirs["ZJ-P03"].threshold, theirs["ZJ-P05"].threshold) == (0.6, "4–5")


RATES = [
    ("就业率,2024届,,,95,%", True),
    ("就业率,2024届,114,120,95,%", False),
    ("获证比例,2024届,,,0.8,", True),
    ("获奖,2024届,,,8,项", False),
    ("满意度,2024届,,,980,‰", True),
    ("就业人数,2024届,114,,114,人", True),
]


@pytest.mark.parametrize(("row", "is_found"), RATES)
def test_a_rate_needs_a_denominator(tmp_path, row, is_found):
    folder = tmp_path / "plan"
    shutil.copytree(FOLDER / "ZJ-D06" / "not-found", folder)
    (folder / "成效.csv").write_text(f"指标,届别,分子,分母,数值,单位\n{row}\n", encoding="utf-8")
    store = store_of(draft([folder]))
    programme = Iri(find_programme(store, "X1").thing.iri)
    found = list(rule_findings(store, programme, load_profile(), ["ZJ-D06"]))
    assert [(finding.basis, finding.evidence[0].locator) for finding in found] == [("group", "成效!A2")] * is_found
