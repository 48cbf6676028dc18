"""Resources, innovation steps and indicators: what a plan needs around its courses, and what of it can be missing.

A planter says what is to be missing; ``furnish`` gives the plan all the rest and writes down what must be found.
"""

from collections.abc import Callable

from .plan import INDICATORS, Plan, Taught

STEPS = 4
CENTRES = {"招生统筹中心": "CEN-1", "师资发展中心": "CEN-2", "教学管理中心": "CEN-3", "质量评价中心": "CEN-4"}
TOO_LOW = (("三级/高级工", 3), ("预备技师", 3), ("", 0), (None, 0))
"""What a teacher may have that is less than level 2, with its rank; the last is no teacher at all."""
SCHOOL, COMPANY = "O1", "O2"
OFFERED = "数控车床"
WHOLE_GRAPH = ""
"""The programme of a finding that is of the education group, not of one plan: every plan's list repeats it."""


def not_shared(plan: Plan) -> None:
    """R01: a course whose one resource is its own school's, or that has none."""
    course = plan.free.pop()
    plan.without_shared[course.code] = plan.chance.random() < 0.5
    plan.plant("ZJ-R01", course.code)


def not_qualified(plan: Plan) -> None:
    """R02: a course of the professional module whose teacher is below level 2."""
    course = plan.free.pop()
    level, rank = plan.chance.choice(TOO_LOW)
    plan.taught_by[course.code] = level
    plan.plant("ZJ-R02", course.code, "", rank)


def no_enterprise(plan: Plan) -> None:
    """R03: a core course without the enterprise; which one is known when the frame has chosen the core courses."""
    plan.without_enterprise += 1


def not_assigned(plan: Plan) -> None:
    """R04: a duty of a centre that no body is responsible for."""
    centre = plan.chance.choice(sorted(CENTRES))
    text = f"合成职责{plan.number}-{len(plan.rows['共享承诺']) + 1}"
    kind = plan.chance.choice(("统", "共", "职责"))
    plan.rows["共享承诺"].append({"中心": centre, "类别": kind, "内容": text})
    plan.plant("ZJ-R04", text, CENTRES[centre], programme=WHOLE_GRAPH)


def no_equipment(plan: Plan) -> None:
    """R05: a point that needs a machine which no body offers, perhaps beside one that is offered."""
    asked = plan.ask()
    plan.cover(plan.in_time(), asked)
    machine = f"合成设备{asked.point}"
    plan.needs(asked.point, machine, *([OFFERED] if plan.chance.random() < 0.5 else []))
    plan.plant("ZJ-R05", asked.point)


def not_served(plan: Plan) -> None:
    """S01: an indicator that no point embodies; what follows is written down with the frame."""
    if len(plan.indicators) > 1:
        plan.indicators.discard(plan.chance.choice(sorted(plan.indicators)))


def no_course_for_a_step(plan: Plan) -> None:
    """C12: a step of innovation education that no course takes; what follows is written down with the frame."""
    if len(plan.steps) > 1:
        plan.steps.discard(plan.chance.choice(sorted(plan.steps)))


def no_project(plan: Plan) -> None:
    """C09: a typical work task of the plan's occupation that no project course takes up."""
    plan.tasks.append(False)


def no_denominator(plan: Plan) -> None:
    """D06: a rate that does not say of how many: in per cent, or called a rate."""
    name, unit = plan.chance.choice((("就业率", "%"), ("就业率", ""), ("合成成效", "%"), ("对口比例", "")))
    cohort, value = f"2026届-{plan.number}-{len(plan.rows['成效']) + 1}", plan.chance.randint(50, 99)
    plan.rows["成效"].append({"指标": name, "届别": cohort, "数值": value, "单位": unit})
    plan.plant("ZJ-D06", f"{name} {cohort}", "", value, programme=WHOLE_GRAPH)


PLANTERS: dict[str, Callable[[Plan], None]] = {
    "ZJ-C09": no_project,
    "ZJ-C12": no_course_for_a_step,
    "ZJ-D06": no_denominator,
    "ZJ-R01": not_shared,
    "ZJ-R02": not_qualified,
    "ZJ-R03": no_enterprise,
    "ZJ-R04": not_assigned,
    "ZJ-R05": no_equipment,
    "ZJ-S01": not_served,
}


def furnish(plan: Plan) -> None:
    """Give a plan whose courses are all there everything around them, but for what is to be missing."""
    _innovation(plan)
    _indicators(plan)
    _tasks(plan)
    _enterprise(plan)
    _resources(plan)
    _teachers(plan)
    _decoys(plan)


def _innovation(plan: Plan) -> None:
    for step in sorted(plan.steps):
        plan.courses[step].more["创新步骤"] = str(step)
    for step in sorted(set(range(1, STEPS + 1)) - plan.steps):
        plan.plant("ZJ-C12", f"STEP-{step}", "", len(plan.steps) / STEPS)


def _indicators(plan: Plan) -> None:
    """One point embodies those that are served; nothing requires it, and one course teaches it."""
    point = f"I{plan.number}"
    plan.points.append(
        {"要素点代码": point, "类型": "能力点", "名称": f"要素{point}", "能力指标": "、".join(sorted(plan.indicators))}
    )
    plan.coverage.append({"课程代码": plan.courses[0].code, "要素点代码": point, "状态": "覆盖", "深度": 2})
    for indicator in sorted(INDICATORS - plan.indicators):
        plan.plant("ZJ-S01", indicator)


def _tasks(plan: Plan) -> None:
    """Each task stands on a point that two courses teach, so that nothing but its project course is in question."""
    for number, taken in enumerate(plan.tasks, 1):
        code, point = f"T{plan.number}-{number}", f"TP{plan.number}-{number}"
        plan.point(point, "能力点")
        for course in plan.courses[:2]:
            plan.coverage.append({"课程代码": course.code, "要素点代码": point, "状态": "覆盖", "深度": 2})
        project = plan.of_course(plan.chance.choice(plan.courses)) if taken else ""
        plan.rows["典型工作任务"].append(
            {"任务代码": code, "职业编码": plan.occupation, "职业名称": f"合成职业{plan.number}",
             "名称": f"合成任务{code}", "要素点代码": point, "项目化课程": project}
        )  # fmt: skip
        if not taken:
            plan.plant("ZJ-C09", code, "", sum(plan.tasks) / len(plan.tasks))


def _enterprise(plan: Plan) -> None:
    """Core courses are linked by an action of their own, or by a project of the company."""
    core = [course for course in plan.courses if course.more.get("核心") == "是"]
    alone = plan.chance.sample(core, plan.without_enterprise)
    for course in core:
        if course in alone:
            plan.plant("ZJ-R03", course.code)
        elif plan.chance.random() < 0.5:
            course.more["双进行动"] = "企业项目进课程"
        else:
            code = f"PRJ{plan.number}-{len(plan.rows['企业项目']) + 1}"
            _row(plan, "企业项目", 项目代码=code, 名称=f"合成项目{code}", 企业=COMPANY, 课程代码=plan.of_course(course))


def _resources(plan: Plan) -> None:
    """Every course has a resource that two bodies build or that another body shares, but those without."""
    sharing = [course for course in plan.courses if course.code not in plan.without_shared]
    half = len(sharing) // 2
    together, lent = (_listed(plan, some) for some in (sharing[:half], sharing[half:]))
    _resource(plan, together, 共建单位=f"{SCHOOL}、{COMPANY}")
    _resource(plan, lent, 共建单位=SCHOOL, 共享单位=COMPANY)
    for course in plan.courses:
        if plan.without_shared.get(course.code):
            _resource(plan, plan.of_course(course), 共建单位=SCHOOL)


def _teachers(plan: Plan) -> None:
    """One technician teaches every course, a learner of level 3 beside; but for the courses to be without."""
    ordinary = [course for course in plan.courses if course.code not in plan.taught_by]
    _teacher(plan, "二级/技师", _listed(plan, ordinary))
    _teacher(plan, "三级/高级工", _listed(plan, ordinary[:3]))
    for course in plan.courses:
        level = plan.taught_by.get(course.code)
        if level is not None:
            _teacher(plan, level, plan.of_course(course))


def _decoys(plan: Plan) -> None:
    """What comes near: a commitment that a body answers for, a rate with its denominator, a number that is no rate."""
    _row(plan, "共享承诺", 中心="教学管理中心", 类别="共", 内容=f"合成承诺{plan.number}", 责任单位=SCHOOL)
    _row(plan, "成效", 指标="就业率", 届别=f"2025届-{plan.number}", 分子=95, 分母=100, 单位="%")
    _row(plan, "成效", 指标="获奖人数", 届别=f"2025届-{plan.number}", 数值=7, 单位="人")


def _row(plan: Plan, sheet: str, **cells: object) -> None:
    plan.rows[sheet].append(dict(cells))


def _resource(plan: Plan, courses: str, **bodies: object) -> None:
    code = f"RES{plan.number}-{len(plan.rows['资源']) + 1}"
    _row(plan, "资源", 资源代码=code, 类型="教材", 名称=f"合成资源{code}", 课程代码=courses, **bodies)


def _teacher(plan: Plan, level: str, courses: str) -> None:
    code = f"TE{plan.number}-{len(plan.rows['师资']) + 1}"
    _row(plan, "师资", 教师代码=code, 姓名=f"教师{code}", 技能等级=level, 课程代码=courses)


def _listed(plan: Plan, courses: list[Taught]) -> str:
    return "、".join(plan.of_course(course) for course in courses)
