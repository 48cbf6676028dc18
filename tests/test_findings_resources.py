"""The codes of 资源融合, R01 to R05: what a change of one cell finds, and what it must not find."""

import pytest
from composed import found, same_in_rdflib, told, world

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.analysis.profile import load_profile
from zhiji_kg.report.summary import rank_name, reason

SHEETS = {
    "专业": """专业代码,版本年,专业名称,英文名,学校,轨道,学制,学期数
EX,2026,示例方案,Example plan,甲校,高职,三年,6
FX,2026,别的方案,Other plan,甲校,高职,三年,6
""",
    "课程": """专业代码,课程代码,课程名称,模块,核心,总学时,学期,双进行动
EX,C1,机械制图,专业,是,60,1,企业项目进课程
EX,C2,数控车削,专业,是,60,2,
EX,C3,思想道德,思政文化素质,否,60,1,
FX,D1,数控铣削,专业,否,60,1,
""",
    "组织": """组织代码,名称,类型,设备
O1,甲校,学校,
O2,乙企业,企业,数控车床、磨床
""",
    "资源": """资源代码,类型,名称,课程代码,共建单位,共享单位
R1,教材,活页教材,C1,O1,O2
R2,视频,车削微课,C2,O1,
R3,教材,思政教材,C3,O1、O2,
""",
    "师资": """教师代码,姓名,技能等级,课程代码
T1,教师甲,二级/技师,C1
T2,教师乙,三级/高级工,C2
T3,教师丙,,C2
""",
    "企业项目": """项目代码,名称,企业,课程代码
J1,轴类零件,O2,
""",
    "共享承诺": """中心,类别,内容,责任单位
教学管理中心,共,共用实训场地,O1
师资发展中心,职责,教师下企业,
招生统筹中心,统,统一招生简章,
""",
    "要素点": """要素点代码,类型,名称,上级要素点,需要设备
P1,技能点,车外圆,,数控车床
P2,技能点,测零件,,三坐标测量机、数控车床、投影仪
P3,技能点,没人教也没人要求,,机器人
P4,技能点,磨外圆,,磨床
W,能力点,加工,,
""",
    "覆盖": """专业代码,课程代码,要素点代码,深度
EX,C1,P1,掌握
EX,C2,P2,掌握
EX,C2,P4,掌握
""",
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The world as it stands above."""
    return world(tmp_path_factory.mktemp("plain"), SHEETS)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The same plans, and nothing recorded of what supports them."""
    return world(tmp_path_factory.mktemp("bare"), SHEETS, set={"课程!H2": "", "组织!D3": ""},
                 remove=["资源", "师资", "企业项目", "共享承诺"])  # fmt: skip


# R01


def test_a_course_whose_resource_is_not_shared(plain):
    """C1's is shared with a company, C3's is built by two; C2's is neither."""
    (turning,) = found(plain, "ZJ-R01")
    assert told([turning]) == [("C2", None)]
    assert "未共享：车削微课" in turning.suggestion.zh
    assert "not shared: 车削微课" in turning.suggestion.en
    assert [e.locator for e in turning.evidence] == ["课程!A3"]


SHARED = {
    "shared with one body": ({"资源!F3": "O2"}, []),
    "built by two": ({"资源!E3": "O1、O2"}, []),
    "one body that is named twice is one": ({"资源!E3": "O1、O1"}, ["C2"]),
    "no resource at all": ({"资源!D3": "C1"}, ["C2"]),
}


@pytest.mark.parametrize("case", SHARED)
def test_what_makes_a_resource_shared(tmp_path, case):
    cells, courses = SHARED[case]
    assert [f.subject.code for f in found(world(tmp_path, SHEETS, set=cells), "ZJ-R01")] == courses


# R02


def test_a_course_whose_best_teacher_is_no_technician(plain):
    """The highest of T2 and T3 counts; C3 is no course of the professional module."""
    (turning,) = found(plain, "ZJ-R02")
    assert (turning.subject.code, turning.measured, turning.threshold) == ("C2", 3, 4)
    assert "教师乙 三级/高级工、教师丙 未登记等级" in turning.suggestion.zh
    assert reason(turning, "zh") == "任课教师的最高技能等级：三级/高级工；要求 二级/技师"
    assert reason(turning, "en") == "highest skill level among its teachers: level 3; required: level 2 (technician)"


LEVELS = [
    ("二级/技师", None),
    ("一级/高级技师", None),
    ("预备技师", 3),
    ("四级/中级工", 2),
    ("五级/初级工", 1),
    ("", 0),
]


@pytest.mark.parametrize(("level", "rank"), LEVELS)
def test_the_rank_of_a_level(tmp_path, level, rank):
    """预备技师 is not 技师: it never passes for level 2."""
    measured = [f.measured for f in found(world(tmp_path, SHEETS, set={"师资!C3": level}), "ZJ-R02")]
    assert measured == ([] if rank is None else [rank])


def test_a_course_without_a_teacher(tmp_path):
    (turning,) = found(world(tmp_path, SHEETS, set={"师资!D3": "C1", "师资!D4": "C1"}), "ZJ-R02")
    assert (turning.subject.code, turning.measured) == ("C2", 0)
    assert "未登记" in reason(turning, "zh")


def test_a_profile_of_ones_own_may_ask_for_less(plain, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("[code.ZJ-R02]\nthreshold = 3\n", encoding="utf-8")
    assert found(plain, "ZJ-R02", profile=load_profile(own)) == []


RANKS = [(0, "未登记"), (None, "未登记"), (1, "五级/初级工"), (3.5, "二级/技师"), (9, "一级/高级技师")]


@pytest.mark.parametrize(("rank", "said"), RANKS)
def test_a_rank_in_words(rank, said):
    assert rank_name(rank, "zh") == said


# R03


def test_a_core_course_without_the_enterprise(plain):
    assert told(found(plain, "ZJ-R03")) == [("C2", None)]


@pytest.mark.parametrize("cells", [{"企业项目!D2": "C2"}, {"课程!H3": "企业大师进课堂"}, {"课程!E3": "否"}])
def test_what_brings_the_enterprise_into_a_course(tmp_path, cells):
    """A project, a two-way entry action, or that the course is no core course."""
    assert found(world(tmp_path, SHEETS, set=cells), "ZJ-R03") == []


# R04


def test_duties_and_commitments_without_a_responsible_body(plain):
    """Those of the source text, which names no bodies, are not the group's own."""
    unassigned = found(plain, "ZJ-R04")
    assert told(unassigned) == [("统一招生简章", "CEN-1"), ("教师下企业", "CEN-2")]
    assert {f.basis for f in unassigned} == {"group"}
    assert [e.locator for f in unassigned for e in f.evidence] == ["共享承诺!A4", "共享承诺!A3"]
    assert "师资发展中心" in reason(unassigned[1], "zh")


def test_every_plan_hears_of_the_group(plain):
    for programme in ("EX", "FX"):
        analysis = analyse(plain, find_programme(plain, programme))
        assert len([f for f in analysis.findings if f.code == "ZJ-R04"]) == 2


def test_no_commitment_of_ones_own_no_finding(bare, example_store):
    assert found(bare, "ZJ-R04") == found(example_store, "ZJ-R04", "460103") == []


# R05


def test_equipment_that_nobody_offers(plain):
    """P2 lacks two of three things; P3, which nobody teaches or requires, is of no concern."""
    (measuring,) = found(plain, "ZJ-R05")
    assert told([measuring]) == [("P2", None)]
    assert "三坐标测量机、投影仪" in measuring.suggestion.zh
    assert [e.locator for e in measuring.evidence] == ["要素点!A3"]


def test_what_a_plan_does_not_teach_is_no_concern_of_it(plain):
    assert found(plain, "ZJ-R05", "FX") == []


NEEDED = {
    "a part of what is taught counts": ({"要素点!D4": "W", "覆盖!C2": "W"}, ["P2", "P3"]),
    "written in full width": ({"组织!D3": "数控车床；磨床", "要素点!E3": "数控车床"}, []),
    "offered by another body": ({"组织!D2": "三坐标测量机、投影仪"}, []),
    "one of two things": ({"组织!D2": "投影仪"}, ["P2"]),
}


@pytest.mark.parametrize("case", NEEDED)
def test_which_points_lack_equipment(tmp_path, case):
    cells, points = NEEDED[case]
    assert [f.subject.code for f in found(world(tmp_path, SHEETS, set=cells), "ZJ-R05")] == points


# All of them


@pytest.mark.parametrize("code", ["ZJ-R01", "ZJ-R02", "ZJ-R03", "ZJ-R05"])
def test_nothing_recorded_is_told_once(bare, code):
    """Where a sheet was never filled in, the plan is told so in one finding, not course by course."""
    (whole,) = found(bare, code)
    assert told([whole]) == [("EX@2026", None)]
    assert [e.locator for e in whole.evidence] == ["专业!A2"]
    assert "（" in whole.suggestion.zh
    assert "(" in whole.suggestion.en


def test_one_plan_that_is_recorded_speaks_for_no_other(plain):
    """FX has no core course and needs no equipment, and nothing of its one course is recorded."""
    silent = {code: told(found(plain, code, "FX")) for code in ("ZJ-R01", "ZJ-R02", "ZJ-R03", "ZJ-R05")}
    assert silent == {"ZJ-R01": [("FX@2026", None)], "ZJ-R02": [("FX@2026", None)], "ZJ-R03": [], "ZJ-R05": []}


def test_every_finding_stands_on_a_cell_and_is_told_in_words(plain, bare):
    for store in (plain, bare):
        analysis = analyse(store, find_programme(store, "EX"))
        ours = [f for f in analysis.findings if f.code.startswith("ZJ-R")]
        assert len({f.code for f in ours}) >= 4
        for finding in ours:
            assert finding.evidence
            assert all(evidence.source == "composed" and "!" in evidence.locator for evidence in finding.evidence)
            assert all("{" not in reason(finding, language) for language in ("zh", "en"))


def test_rdflib_finds_the_same(plain):
    """The queries say the same in another engine, on a world where each of them has something to say."""
    stems = (
        "course-resources",
        "course-teachers",
        "core-course-enterprise",
        "commitments-unassigned",
        "point-equipment",
    )
    counted = same_in_rdflib(plain, "EX", stems)
    assert all(counted.values()), counted
