"""The codes of 标准融合, S01 to S05: what a change of one cell finds, and what it must not find."""

import pytest
from composed import found, same_in_rdflib, told, world

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.report.summary import reason

SHEETS = {
    "专业": """专业代码,版本年,专业名称,英文名,学校,轨道,学制,学期数,职业编码
EX,2026,高职方案,Higher plan,甲校,高职,三年,6,
TX,2026,技工方案,Technician plan,乙校,技工,三年,6,
""",
    "课程": """专业代码,课程代码,课程名称,模块,总学时,学期,阶段
EX,C1,车工实训,专业,60,1,S2
TX,C1,车工一体化,专业,60,1,
""",
    "要素点": """要素点代码,类型,名称,上级要素点,能力指标
W,能力点,车削,,
P1,技能点,车外圆,W,IND-21
P2,技能点,车螺纹,,IND-22
P3,知识点,刀具知识,,IND-22、IND-23
""",
    "覆盖": """专业代码,课程代码,要素点代码,深度
EX,C1,P3,掌握
""",
    "职业标准": """标准代码,要求代码,职业编码,大典版次,标准年,等级,职业功能,工作内容,类型,要求,要素点代码,最低深度
STD,R1,6-18-01-01,2022,2018,四级,加工,车削,技能要求,能车外圆,P1,
STD,R2,6-18-01-01,2022,2018,三级,加工,车削,技能要求,能车螺纹,P2,
""",
    "证书": """专业代码,证书代码,证书名称,标准代码,等级,到期学期,阶段
EX,K4,车工四级,STD,四级,3,
EX,K3,车工三级,STD,三级,6,
TX,K4,车工四级,STD,四级,3,
""",
}
ALL_INDICATORS = {"IND-11", "IND-12", "IND-13", "IND-21", "IND-22", "IND-23", "IND-24", "IND-31", "IND-32",
                  "IND-41", "IND-42"}  # fmt: skip
NEW = ["NEW", "N1", "6-18-01-01", "2022", "2024", "四级", "加工", "车削", "技能要求", "能车外圆", "P1", ""]
OLD_CODE = {f"职业标准!{cell}": value for row in (2, 3)
            for cell, value in ((f"C{row}", "6-04-01-01"), (f"D{row}", "1999"), (f"E{row}", "2005"))}  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The world as it stands above."""
    return world(tmp_path_factory.mktemp("plain"), SHEETS)


def indicator_rows(stage, codes):
    names = {"IND-11": ("高素质", "有情怀"), "IND-12": ("高素质", "擅合作")}
    return [[code, *names[code], stage, "能做到"] for code in codes]


# S01


def test_indicators_that_no_point_and_no_course_serves(plain):
    """P1 and P2 are required, P3 is only taught; what they embody is served."""
    unserved = {code for code, _ in told(found(plain, "ZJ-S01"))}
    assert unserved == ALL_INDICATORS - {"IND-21", "IND-22", "IND-23"}


def test_what_another_plan_teaches_serves_nothing_here(plain):
    """TX requires P1 alone and covers nothing."""
    assert {code for code, _ in told(found(plain, "ZJ-S01", "TX"))} == ALL_INDICATORS - {"IND-21"}


def test_an_indicator_names_the_module_meant_for_it(plain):
    innovation = next(f for f in found(plain, "ZJ-S01") if f.subject.code == "IND-42")
    assert "双创模块" in innovation.suggestion.zh
    assert "innovation" in innovation.suggestion.en
    assert [(e.source, e.locator) for e in innovation.evidence] == [("composed", "专业!A2")]


def test_a_plan_without_any_indicator_is_told_once(tmp_path):
    """Nothing recorded is one thing to do, not eleven."""
    bare = world(tmp_path, SHEETS, set={"要素点!E3": "", "要素点!E4": "", "要素点!E5": ""})
    assert told(found(bare, "ZJ-S01")) == [("EX@2026", None)]


# S02


def test_a_stage_without_any_expectation_is_told_once(plain):
    (stage,) = found(plain, "ZJ-S02")
    assert (stage.subject.code, stage.object, stage.part, stage.whole) == ("S2", None, 0, 11)
    assert reason(stage, "zh") == "没有写明期望：全部（已写明 0/11 项指标）"
    assert reason(stage, "en") == "no expectation stated: all (stated for 0 of 11 indicators)"


def test_a_plan_without_stages_expects_nothing(plain):
    assert found(plain, "ZJ-S02", "TX") == []


def test_each_missing_expectation_of_a_stage_that_states_some(tmp_path):
    heading = ["指标代码", "维度", "名称", "阶段", "期望"]
    some = world(tmp_path, SHEETS, append={"能力指标": [heading, *indicator_rows("S2", ["IND-11", "IND-12"]),
                                                    *indicator_rows("S3", ["IND-11"])]})  # fmt: skip
    missing = found(some, "ZJ-S02")
    assert {(f.subject.code, f.object.code) for f in missing} == {("S2", i) for i in ALL_INDICATORS} - {
        ("S2", "IND-11"), ("S2", "IND-12")}  # fmt: skip
    assert {(f.part, f.whole) for f in missing} == {(2, 11)}
    assert all(f.object.code in reason(f, "en") for f in missing)


# S03


def test_what_only_one_track_requires(plain):
    (thread,) = found(plain, "ZJ-S03")
    assert told([thread]) == [("P2", "技工")]
    assert "技工" in reason(thread, "zh")
    assert "只有高职要求" in thread.suggestion.zh
    assert [e.locator for e in thread.evidence] == ["职业标准!A3"]
    assert found(plain, "ZJ-S03", "TX") == [], "all that TX requires EX requires too"


ONE_TRACK = {
    "the same track is no comparison": ({"专业!F3": "高职"}, {"EX": []}),
    "secondary schools are no track of the two": ({"专业!F3": "中职"}, {"EX": [], "TX": []}),
    "another standard is another trade": ({"证书!D4": "OTHER", "证书!E4": "四级"}, {"EX": []}),
    "the same occupation makes it one": (
        {"证书!D4": "OTHER", "专业!I2": "6-18-01-01", "专业!I3": "6-18-01-01"},
        {"EX": [("P1", "技工"), ("P2", "技工")], "TX": [("P3", "高职")]},
    ),
    "a part of what the other requires is required there": ({"要素点!D4": "P1"}, {"EX": []}),
}


@pytest.mark.parametrize("case", ONE_TRACK)
def test_with_whom_a_plan_is_compared(tmp_path, case):
    cells, expected = ONE_TRACK[case]
    other = ["OTHER", "R9", "6-18-02-02", "2022", "2018", "四级", "加工", "车削", "相关知识要求", "懂刀具", "P3", ""]
    store = world(tmp_path, SHEETS, set=cells, append={"职业标准": [other]})
    for programme, findings in expected.items():
        assert told(found(store, "ZJ-S03", programme)) == findings, programme


def test_only_the_latest_edition_of_the_other_plan_counts(tmp_path):
    """The plan of 2020 did not take level 3, that of 2026 does."""
    rows = {"专业": [["TX", "2020", "技工方案", "Technician plan", "乙校", "技工", "三年", "6", ""]],
            "课程": [["TX@2020", "C1", "车工一体化", "专业", "60", "1", ""]],
            "证书": [["TX@2020", "K4", "车工四级", "STD", "四级", "3", ""],
                     ["TX@2026", "K3", "车工三级", "STD", "三级", "6", ""]]}  # fmt: skip
    cells = {"课程!A3": "TX@2026", "证书!A4": "TX@2026"}
    assert found(world(tmp_path, SHEETS, set=cells, append=rows), "ZJ-S03") == []


# S04


def test_the_same_requirements_do_not_differ(plain):
    assert found(plain, "ZJ-S04") == found(plain, "ZJ-S04", "TX") == []


def test_another_level_on_the_other_track(tmp_path):
    """P1 is required at level 4 of EX, and of TX at level 3 first."""
    store = world(tmp_path, SHEETS, set={"职业标准!K3": "P1", "证书!B4": "K3", "证书!E4": "三级"})
    (outer,) = found(store, "ZJ-S04")
    assert told([outer]) == [("P1", "技工")]
    assert "高职 四级" in outer.suggestion.zh
    assert "技工 三级" in outer.suggestion.zh
    assert told(found(store, "ZJ-S04", "TX")) == [("P1", "高职")]


@pytest.mark.parametrize(("own", "other", "differs"), [("2", "3", True), ("3", "3", False), ("", "3", False)])
def test_another_depth_on_the_other_track(tmp_path, own, other, differs):
    """Two standards of one level; what is not stated is not compared."""
    second = ["OTHER", "R9", "6-18-01-01", "2022", "2018", "四级", "加工", "车削", "技能要求", "会车外圆", "P1", other]
    cells = {"职业标准!L2": own, "证书!D4": "OTHER", "专业!I2": "6-18-01-01", "专业!I3": "6-18-01-01"}
    differing = found(world(tmp_path, SHEETS, set=cells, append={"职业标准": [second]}), "ZJ-S04")
    assert told(differing) == ([("P1", "技工")] if differs else [])
    assert all("高职 深度 2，技工 深度 3" in f.suggestion.zh for f in differing)


# S05


def test_a_standard_in_force_is_not_superseded(plain):
    assert found(plain, "ZJ-S05") == []


def test_a_later_standard_for_the_same_occupation(tmp_path):
    (later,) = found(world(tmp_path, SHEETS, append={"职业标准": [NEW]}), "ZJ-S05")
    assert told([later]) == [("STD", "NEW")]
    assert (later.measured, later.threshold) == (2018, 2024)
    assert sorted(e.locator for e in later.evidence) == ["证书!A2", "证书!A3"]


def test_an_earlier_standard_supersedes_nothing(tmp_path):
    earlier = [*NEW[:4], "2010", *NEW[5:]]
    assert found(world(tmp_path, SHEETS, append={"职业标准": [earlier]}), "ZJ-S05") == []


def test_an_occupation_code_that_a_later_classification_changed(tmp_path):
    """6-04-01-01 of 1999 is mapped to 6-18-01-01, which a plan has to name for the graph to know it."""
    store = world(tmp_path, SHEETS, set={**OLD_CODE, "专业!I2": "6-18-01-01"}, append={"职业标准": [NEW]})
    code, later = sorted(found(store, "ZJ-S05"), key=lambda f: f.object.code)
    assert told([code, later]) == [("STD", "6-18-01-01"), ("STD", "NEW")]
    assert "6-04-01-01（1999）改为 6-18-01-01（2022）" in code.suggestion.zh
    assert (code.measured, later.measured, later.threshold) == (None, 2005, 2024)
    assert "6-18-01-01" in reason(code, "en")


def test_the_shipped_example_rests_on_a_superseded_code(example_store):
    assert told(found(example_store, "ZJ-S05", "460103")) == [("CNC-TURNER-2005", "6-18-01-01")]


# All of them


def test_every_finding_stands_on_a_cell_and_is_told_in_words(plain):
    analysis = analyse(plain, find_programme(plain, "EX"))
    ours = [f for f in analysis.findings if f.code.startswith("ZJ-S")]
    assert {f.code for f in ours} == {"ZJ-S01", "ZJ-S02", "ZJ-S03"}
    for finding in ours:
        assert finding.basis == "plan"
        assert finding.grade == "example"
        assert all(evidence.source == "composed" and "!" in evidence.locator for evidence in finding.evidence)
        assert all(reason(finding, language) for language in ("zh", "en"))


def test_rdflib_finds_the_same(tmp_path):
    """The queries say the same in another engine, on a world where each of them has something to say."""
    cells = {**OLD_CODE, "专业!I2": "6-18-01-01", "证书!B4": "K3", "证书!E4": "三级", "职业标准!K3": "P1"}
    later, own = [*NEW[:5], "三级", *NEW[6:10], "P2", ""], ["EX", "K9", "车工新证", "NEW", "三级", "6", ""]
    store = world(tmp_path, SHEETS, set=cells, append={"职业标准": [later], "证书": [own]})
    stems = ("indicators-unserved", "stage-expectations", "one-track-only", "tracks-differ", "superseded-sources")
    counted = same_in_rdflib(store, "EX", stems)
    assert all(counted.values()), counted
