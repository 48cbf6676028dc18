"""The draft of two plans that chance made: no larger a gap than the better of them, and a workbook that is accepted."""

import tempfile
from pathlib import Path

from composed import world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.build import build
from zhiji_kg.fusion.draft import fuse
from zhiji_kg.fusion.workbook import write_draft
from zhiji_kg.store import open_store

POINTS = {"X": "知识点", "Y": "技能点", "Z": "技能点", "W": "能力点", "V": "技能点"}
"""V is a part of W; the standard asks for each of the five but W."""
STANDARD = """标准代码,要求代码,职业编码,大典版次,标准年,等级,职业功能,工作内容,类型,要求,要素点代码,最低深度
SA,R1,6-01-01-01,2022,2020,四级,功能一,内容一,相关知识要求,要求甲,X,理解
SA,R2,6-01-01-01,2022,2020,四级,功能一,内容一,技能要求,要求乙,Y,掌握
SA,R3,6-01-01-01,2022,2020,四级,功能二,内容二,技能要求,要求丙,Z,掌握
SA,R4,6-01-01-01,2022,2020,四级,功能二,内容二,技能要求,要求丁,V,掌握
"""
PROGRAMMES = """专业代码,版本年,专业名称,学校,轨道,学制,学期数
P1,2024,甲专业,甲校,高职,二年,4
P2,2024,乙专业,乙校,技工,二年,4
"""
DEPTHS = ("了解", "理解", "掌握", "熟练")
TERMS = 4


@st.composite
def plans(draw):
    """The courses, coverages and dates of two plans as sheets."""
    courses, coverages, due = [], [], []
    for plan in ("P1", "P2"):
        codes = [f"C{number}" for number in range(draw(st.integers(1, 3)))]
        for place, code in enumerate(codes):
            term = draw(st.integers(1, TERMS))
            before = draw(st.sampled_from(["", *codes[:place]]))
            courses.append(f"{plan},{code},{plan}的{code},专业,64,{term},{before}")
            for point in draw(st.lists(st.sampled_from(sorted(POINTS)), max_size=3, unique=True)):
                hours = draw(st.sampled_from(["", "4", "20"]))
                depth, assessed = draw(st.sampled_from(DEPTHS)), draw(st.sampled_from("是否"))
                coverages.append(f"{plan},{code},{point},覆盖,{depth},{hours},,{assessed}")
        coverages.append(f"{plan},,{draw(st.sampled_from(sorted(POINTS)))},无匹配,,,,")
        due.append(f"{plan},K{plan},{plan}的证,SA,四级,{draw(st.integers(1, TERMS))}")
    return {
        "专业": PROGRAMMES,
        "课程": "\n".join(["专业代码,课程代码,课程名称,模块,总学时,学期,先修课程", *courses]),
        "要素点": "\n".join(["要素点代码,类型,名称,上级要素点", *points()]),
        "覆盖": "\n".join(["专业代码,课程代码,要素点代码,状态,深度,学时,完成学期,考核", *consistent(coverages)]),
        "证书": "\n".join(["专业代码,证书代码,证书名称,标准代码,等级,到期学期", *due]),
        "职业标准": STANDARD,
    }


def points():
    return [f"{code},{kind},要素点{code},{'W' if code == 'V' else ''}" for code, kind in POINTS.items()]


def consistent(coverages):
    """Without an examination that found nothing where a course of the plan does cover the point."""
    told = {tuple(line.split(",")[:3:2]) for line in coverages if "覆盖" in line}
    return [line for line in coverages if "无匹配" not in line or tuple(line.split(",")[:3:2]) not in told]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_the_gap_of_a_draft_is_never_larger_and_its_workbook_is_accepted(sheets):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = world(folder / "plans", sheets)
        for first, second in (("P1", "P2"), ("P2", "P1")):
            drafted = fuse(store, first, second, "SA")
            assert drafted.figures
            for figures in drafted.figures:
                for table, tally in figures.draft.all.items():
                    sides = [plan.all[table] for plan in (figures.first, figures.second)]
                    for after in (tally, figures.without_new.all[table]):
                        assert {after.denominator} == {one.denominator for one in sides}
                        if not any(one.not_examined for one in sides):  # what nobody looked at is no known gap
                            assert after.known_gap <= min(one.known_gap for one in sides)
                        assert after.covered >= max(one.covered for one in sides)
                        assert after.upper_bound <= min(one.upper_bound for one in sides)
        write_draft(drafted, folder / "draft.xlsx")
        build([folder / "draft.xlsx", standard_of(folder, sheets)], folder / "kg")  # raises where check finds an error
        made = open_store(folder / "kg")
        totals = {c.target.source.code: c.totals for c in analyse(made, find_programme(made, drafted.code)).coverages}
        for figures in drafted.figures:
            assert totals[figures.target.source.code] == figures.draft


def standard_of(folder, sheets):
    """The standard alone, as a workbook of its own."""
    about = "项,值\n工作簿标识,standard\n标题,标准\n来源,合成\n证据等级,示例\n"
    own = folder / "standard"
    own.mkdir()
    for name, text in {"说明": about, "职业标准": sheets["职业标准"], "要素点": sheets["要素点"]}.items():
        (own / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8-sig")
    return own
