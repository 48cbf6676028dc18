"""Plans that stand for more than themselves: two tracks of one occupation, stages, and standards out of date."""

import random
from dataclasses import replace

from .plan import INDICATORS, Plan, Taught, sound

CODES = ("ZJ-C10", "ZJ-S02", "ZJ-S03", "ZJ-S04", "ZJ-S05")
MODULES = {"思政文化素质": "MOD-1", "专业": "MOD-2", "拓展": "MOD-3", "双创": "MOD-4"}
STAGES = (
    ("S1", "初级学徒", "中职学历", "初级工", (1,)),
    ("S2", "中级学徒", "高职一年级学业", "中级工", (2, 3)),
    ("S3", "高级学徒", "高职二年级学业", "高级工", (4, 5)),
)


def two_tracks(number: int, gaps: int, chance: random.Random) -> list[Plan]:
    """S03 and S04: a higher vocational and a technician plan of one occupation that agree but where it is planted.

    Neither standard has weights. Points that both require at one level and depth are the decoys.
    """
    higher, technician = sound(number, 12, chance, free=8), Plan(number + 1, chance)
    technician.track, technician.occupation, technician.due = "技工", higher.occupation, higher.due
    for term in range(1, 7):
        technician.course(term)
    for plan in (higher, technician):
        plan.weighted, plan.tasks = False, []
    for asked in list(higher.asked):
        _also(technician, higher, asked.point)
    for _ in range(gaps):
        _only(higher, "技工")
        _only(technician, "高职")
        _deeper(higher, technician)
        _at_another_level(higher, technician)
    return [higher, technician]


def _also(plan: Plan, like: Plan, point: str, **changed: object) -> None:
    """A plan requires a point as another plan does, but for what is changed, and two courses teach it."""
    asked = next(one for one in like.asked if one.point == point)
    again = replace(asked, code=f"R{plan.number}-{len(plan.asked) + 1}", **changed)  # type: ignore[arg-type]
    plan.asked.append(again)
    for course in plan.chance.sample(plan.open(late=False), 2):
        plan.cover(course, again)


def _only(plan: Plan, other_track: str) -> None:
    asked = plan.ask()
    for course in plan.chance.sample(plan.open(late=False), 2):
        plan.cover(course, asked)
    plan.plant("ZJ-S03", asked.point, other_track)


def _both(one: Plan, other: Plan, **changed: object) -> None:
    asked = one.ask(stated=True)
    for course in one.chance.sample(one.open(late=False), 2):
        one.cover(course, asked)
    _also(other, one, asked.point, **changed)
    one.plant("ZJ-S04", asked.point, "技工")
    other.plant("ZJ-S04", asked.point, "高职")


def _deeper(one: Plan, other: Plan) -> None:
    _both(one, other, depth=4)


def _at_another_level(one: Plan, other: Plan) -> None:
    _both(one, other, level=one.chance.choice(("三级", "五级", "二级")))


def staged(number: int, gaps: int, chance: random.Random) -> Plan:
    """C10 and S02: a technician plan in stages, with empty cells and stages that do not say what they expect.

    Each stage has terms of its own. A cell may be filled by a course that names no stage but runs in its terms.
    """
    plan = Plan(number, chance)
    plan.track, plan.weighted = "技工", False
    empty = set(chance.sample([(stage[0], module) for stage in STAGES for module in MODULES if module != "专业"], gaps))
    for order, (stage, name, studies, certificate, terms) in enumerate(STAGES, 1):
        plan.rows["阶段与认定"].append(
            {"阶段代码": stage, "顺序": order, "名称": name, "学业要求": studies, "证书要求": certificate}
        )
        for module in MODULES:
            _cell(plan, stage, module, terms, empty=(stage, module) in empty)
    for stage, module in sorted(empty):
        plan.plant("ZJ-C10", stage, MODULES[module])
    _expectations(plan, gaps)
    return plan


def _cell(plan: Plan, stage: str, module: str, terms: tuple[int, ...], *, empty: bool) -> None:
    if empty:
        return
    named = module == "专业" or plan.chance.random() < 0.5
    course: Taught = plan.course(plan.chance.choice(terms), *(terms if module == "专业" else ()))
    course.terms = sorted(set(course.terms))
    course.more = {"模块": module, **({"阶段": stage} if named else {})}


def _expectations(plan: Plan, gaps: int) -> None:
    """The first stage lacks some expectations, the second all, the third none."""
    missing = set(plan.chance.sample(sorted(INDICATORS), gaps))
    for stage, lacking in (("S1", missing), ("S3", set())):
        for indicator in sorted(INDICATORS - lacking):
            plan.rows["能力指标"].append(
                {"指标代码": indicator, "维度": INDICATOR_NAMES[indicator][0], "名称": INDICATOR_NAMES[indicator][1],
                 "阶段": stage, "期望": f"合成期望{indicator}"}
            )  # fmt: skip
    stated = (len(INDICATORS) - len(missing)) / len(INDICATORS)
    for indicator in sorted(missing):
        plan.plant("ZJ-S02", "S1", indicator, stated)
    plan.plant("ZJ-S02", "S2", "", 0)


INDICATOR_NAMES = {
    "IND-11": ("高素质", "有情怀"), "IND-12": ("高素质", "擅合作"), "IND-13": ("高素质", "具素养"),
    "IND-21": ("强技能", "娴操作"), "IND-22": ("强技能", "明工艺"), "IND-23": ("强技能", "知设计"),
    "IND-24": ("强技能", "识管理"), "IND-31": ("能迁移", "擅学习"), "IND-32": ("能迁移", "可拓展"),
    "IND-41": ("敢革新", "懂技改"), "IND-42": ("敢革新", "会创新"),
}  # fmt: skip
"""The names of the indicators, as the scheme has them."""


def superseded(number: int, gaps: int, chance: random.Random) -> Plan:
    """S05: later standards of the plan's occupation; one of the same year and an earlier one are no gap."""
    plan = sound(number, 5, chance, free=8)
    plan.year = 2012
    for later in range(1, gaps + 1):
        year = 2012 + later
        _other_standard(plan, f"N{later}", year, plan.occupation, "2022")
        plan.plant("ZJ-S05", plan.standard, f"{plan.standard}N{later}", plan.year)
    _other_standard(plan, "SAME", 2012, plan.occupation, "2022")
    _other_standard(plan, "OLD", 2002, plan.occupation, "2022")
    return plan


def recoded(number: int, chance: random.Random) -> Plan:
    """S05: the occupation 6-04-01-01 of 1999 is 6-18-01-01 since 2015, and nobody has a later standard for it."""
    plan = sound(number, 5, chance, free=8)
    plan.occupation, plan.catalogue = "6-04-01-01", "1999"
    _other_standard(plan, "OLD", 2002, "6-18-01-01", "2022")
    plan.plant("ZJ-S05", plan.standard, "6-18-01-01")
    return plan


def _other_standard(plan: Plan, suffix: str, year: int, occupation: str, catalogue: str) -> None:
    code = f"{plan.standard}{suffix}"
    plan.rows["职业标准"].append(
        {"标准代码": code, "要求代码": "R1", "职业编码": occupation, "大典版次": catalogue, "标准年": year,
         "等级": "四级", "职业功能": "加工", "工作内容": "加工", "类型": "技能要求", "要求": f"能做到{code}"}
    )  # fmt: skip
