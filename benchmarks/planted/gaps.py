"""What can be planted in a sound plan, one function a code, each with the finding that must come of it.

The expected figures follow from what was planted, by the definitions of the codes; the engine is not asked.
"""

from collections.abc import Callable

from . import resources
from .plan import TABLE, Plan

SAME_DEPTH = 3
"""A point taught by this many courses at one depth is taught redundantly (queries/profile.toml, redundancy)."""


def not_covered(plan: Plan) -> None:
    """C01: looked for, and no course teaches it."""
    asked = plan.ask()
    plan.examined_in_vain(asked.point)
    plan.plant("ZJ-C01", asked.code)


def too_shallow(plan: Plan) -> None:
    """C02: one step too shallow; sometimes beside a course that fails more."""
    asked, course = plan.ask(), plan.in_time()
    plan.cover(course, asked, 深度=asked.depth - 1)
    if plan.chance.random() < 0.5:
        plan.cover(plan.late(), asked, 深度=max(1, asked.depth - 1), 学时=1 if asked.hours else 6)
    plan.plant("ZJ-C02", asked.code, course.code, asked.depth - 1)


def too_late(plan: Plan) -> None:
    """C03: taught after the certificate is due."""
    asked, course = plan.ask(), plan.late()
    plan.cover(course, asked)
    plan.plant("ZJ-C03", asked.code, course.code, course.terms[-1])


def shallow_and_late(plan: Plan) -> None:
    """C02 and C03 of one course: two findings."""
    asked, course = plan.ask(), plan.late()
    plan.cover(course, asked, 深度=asked.depth - 1)
    plan.plant("ZJ-C02", asked.code, course.code, asked.depth - 1)
    plan.plant("ZJ-C03", asked.code, course.code, course.terms[-1])


def not_assessed(plan: Plan) -> None:
    """C04: assessment is demanded, and the course does not assess it."""
    asked, course = plan.ask(assess=True), plan.in_time()
    plan.cover(course, asked, 考核=plan.chance.choice(("否", "")))
    plan.plant("ZJ-C04", asked.code, course.code, False)


def waiting(plan: Plan) -> None:
    """C08: a course must come after one that must be taken in the same term."""
    first, second = plan.free.pop(), plan.free.pop()
    first.terms, second.terms = [2], [3]
    second.before = [first.code]
    first.more["同修课程"] = second.code
    plan.plant("ZJ-C08", min(first.code, second.code), "", 2)


def redundant(plan: Plan) -> None:
    """C05: as many courses as make it redundant, or more, at one depth."""
    asked, often = plan.ask(), plan.chance.randint(SAME_DEPTH, SAME_DEPTH + 2)
    in_time = plan.open(late=False)
    for course in plan.chance.sample(in_time, min(often, len(in_time))):
        plan.cover(course, asked)
    plan.plant("ZJ-C05", asked.point, "", min(often, len(in_time)))


def out_of_order(plan: Plan) -> None:
    """C07: the prerequisite ends after the course begins, or in the same term."""
    course, earlier = plan.free.pop(), plan.free.pop()
    if earlier.terms[-1] < course.terms[0]:
        course, earlier = earlier, course
    course.before = [earlier.code]
    plan.plant("ZJ-C07", course.code, earlier.code, earlier.terms[-1])


def not_examined(plan: Plan) -> None:
    """C11: neither a course nor an examination."""
    plan.plant("ZJ-C11", plan.ask().code)


def too_few_hours(plan: Plan) -> None:
    """C14: fewer hours than stated, or none said."""
    asked, course = plan.ask(hours=8), plan.in_time()
    given = plan.chance.choice((None, 2, 7))
    plan.cover(course, asked, 学时="" if given is None else given)
    plan.plant("ZJ-C14", asked.code, course.code, given)


def not_100(plan: Plan) -> None:
    """D02: a column of the weight table sums to less, or more, than 100; a table can be wrong once only."""
    tables = [table for table in TABLE.values() if table not in plan.short]
    if tables:
        table, off = plan.chance.choice(tables), plan.chance.choice((-5, 1, 10))
        plan.short[table] = off
        plan.plant("ZJ-D02", f"{plan.standard}@4", {"理论": "theory", "技能": "skills"}[table], 100 - off)


def weight_without_items(plan: Plan) -> None:
    """D03: a weight for a function of which the standard lists nothing."""
    table, function = plan.chance.choice(("理论", "技能")), f"空功能{len(plan.empty) + 1}"
    plan.empty[table, function] = weight = plan.chance.randint(1, 3)
    plan.plant("ZJ-D03", function, {"理论": "theory", "技能": "skills"}[table], weight)


def contradicted(plan: Plan) -> None:
    """D04: a course teaches it, and it is said that none does."""
    asked, course = plan.ask(), plan.in_time()
    plan.cover(course, asked)
    plan.examined_in_vain(asked.point)
    plan.plant("ZJ-D04", asked.code, course.code)


def unasked(plan: Plan) -> None:
    """C06: a point that no requirement asks for, as a whole or in part."""
    point, course = f"U{plan.number}-{len(plan.points) + 1}", plan.in_time()
    plan.point(point, "知识点")
    hours = plan.chance.randint(1, 9)
    plan.coverage.append({"课程代码": course.code, "要素点代码": point, "状态": "覆盖", "深度": 2, "学时": hours})
    plan.plant("ZJ-C06", point, course.code, hours)


def over_full(plan: Plan) -> None:
    """D01: a course gives its points more hours than it has."""
    asked, course = plan.ask(), plan.free.pop()
    course.terms = [1]
    plan.fixed.add(course.code)
    given = course.hours + plan.chance.randint(1, 20)
    plan.cover(course, asked, 学时=given)
    plan.plant("ZJ-D01", course.code, "", given / course.hours)


def unproven(plan: Plan) -> None:
    """D05: said to be direct evidence, with neither place nor reviewer."""
    asked, course = plan.ask(), plan.in_time()
    plan.cover(course, asked, 证据等级="直接")
    plan.plant("ZJ-D05", asked.point, course.code)


def odd_credits(plan: Plan) -> None:
    """P07: hours per credit outside 16–18; a course just on the limit stands beside it."""
    course, on_limit = plan.free.pop(), plan.free.pop()
    plan.fixed |= {course.code, on_limit.code}
    worth = plan.chance.choice((3, 5))
    course.more["学分"], on_limit.more["学分"] = str(worth), "4.25"
    plan.plant("ZJ-P07", course.code, "", course.hours / worth)


PLANTERS: dict[str, Callable[[Plan], None]] = {
    "ZJ-C01": not_covered,
    "ZJ-C02": too_shallow,
    "ZJ-C03": too_late,
    "ZJ-C02 + ZJ-C03": shallow_and_late,
    "ZJ-C04": not_assessed,
    "ZJ-C05": redundant,
    "ZJ-C06": unasked,
    "ZJ-C07": out_of_order,
    "ZJ-C08": waiting,
    "ZJ-C11": not_examined,
    "ZJ-C14": too_few_hours,
    "ZJ-D01": over_full,
    "ZJ-D02": not_100,
    "ZJ-D03": weight_without_items,
    "ZJ-D04": contradicted,
    "ZJ-D05": unproven,
    "ZJ-P07": odd_credits,
    **resources.PLANTERS,
}
