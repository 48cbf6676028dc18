"""The frame of a plan: what 教职成〔2019〕13号 asks of its hours, kept exactly to the limit, or broken in one place.

Hours are counted in units of an ordinary course, so that a quarter and a tenth of them are whole courses.
"""

from collections.abc import Callable

from .plan import TERMS, UNIT, Plan, Taught
from .resources import furnish

LEAST_UNITS = 40  # 2,720 hours; the least is 2,500
TOO_FEW_UNITS = 36  # 2,448 hours
PLACEMENT = 8  # 544 hours; the least is 480
CORE = (6, 8)


def frame(plan: Plan, broken: str = "") -> None:
    """Add to a plan what makes it comply with every clause, but for the one that is broken, and write that down."""
    plan.make_room()
    ours = sum(course.hours for course in plan.courses) // UNIT
    placement = PLACEMENT - 1 if broken == "ZJ-P06" else PLACEMENT
    total = TOO_FEW_UNITS if broken == "ZJ-P01" else _total(ours + placement)
    public = -(-total // 4) - (broken == "ZJ-P02")
    elective = -(-total // 10) - (broken == "ZJ-P04")
    rest = total - ours - placement - public - elective
    _add(plan, placement, "岗位实习", {"理论学时": "0", "实践学时": str(placement * UNIT)})
    less = {"理论学时": "64", "实践学时": "4"} if broken == "ZJ-P03" else {}
    for _ in range(public):
        _add(plan, 1, "公共课", {"模块": "思政文化素质", "类别": "公共基础课", **less})
    for _ in range(elective):
        _add(plan, 1, "选修课", {"模块": "拓展", "性质": plan.chance.choice(("选修", "限选")), **less})
    for _ in range(rest):
        _add(plan, 1, "专业课", less)
    core = (CORE[0] - 1, CORE[1] + 1) if broken == "ZJ-P05" else CORE
    number = plan.chance.choice(core)
    for course in plan.courses[:number]:
        course.more["核心"] = "是"
    figures: dict[str, Callable[[], float]] = {
        "ZJ-P01": lambda: total * UNIT,
        "ZJ-P02": lambda: public / total,
        "ZJ-P03": lambda: _practice(plan) / (total * UNIT),
        "ZJ-P04": lambda: elective / total,
        "ZJ-P05": lambda: number,
        "ZJ-P06": lambda: placement * UNIT,
    }
    furnish(plan)
    if broken:
        plan.plant(broken, f"{plan.code}@2026", "", figures[broken]())


BREAKABLE = ("ZJ-P01", "ZJ-P02", "ZJ-P03", "ZJ-P04", "ZJ-P05", "ZJ-P06")


def _total(needed: int) -> int:
    """The least number of units, a multiple of 20, that leaves a quarter and a tenth for the others."""
    total = LEAST_UNITS
    while total - total // 4 - total // 10 < needed:
        total += 20
    return total


def _add(plan: Plan, units: int, name: str, more: dict[str, str]) -> None:
    course: Taught = plan.course(plan.chance.randint(1, TERMS))
    course.hours = units * UNIT
    course.more = {"课程名称": f"{name}{course.code}", **more}


def _practice(plan: Plan) -> int:
    ordinary = [int(course.more.get("实践学时", course.hours - course.hours * 27 // UNIT)) for course in plan.courses]
    return sum(ordinary)
