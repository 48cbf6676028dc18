"""A made-up programme and the standard it aims at, as rows of a workbook, in which nothing is wrong yet.

Each requirement stands on a point of its own, so that one planted gap cannot hide or make another.
"""

import csv
import random
from collections import defaultdict
from dataclasses import dataclass, field

TERMS = 6
UNIT = 68
"""Hours of an ordinary course: four credits of 17 hours, 27 of theory and 41 of practice."""
DEPTHS = {1: "了解", 2: "理解", 3: "掌握", 4: "熟练"}
RULE = {"技能要求": 3, "相关知识要求": 2, "基本要求": 2}
"""The least depth where a requirement states none, by its kind (gap-model.md, inputs)."""
TABLE = {"技能要求": "技能", "相关知识要求": "理论", "基本要求": "理论"}
INDICATORS = frozenset(f"IND-{code}" for code in ("11", "12", "13", "21", "22", "23", "24", "31", "32", "41", "42"))
"""The eleven indicators of the scheme."""
HEADINGS = {
    "说明": "项,值",
    "组织": "组织代码,名称,类型,设备",
    "专业": "专业代码,版本年,专业名称,学校,轨道,学制,学期数,职业编码",
    "阶段与认定": "阶段代码,顺序,名称,学业要求,证书要求",
    "能力指标": "指标代码,维度,名称,阶段,期望",
    "课程": "专业代码,课程代码,课程名称,模块,阶段,类别,性质,核心,学分,理论学时,实践学时,学期,先修课程,同修课程,"
    "创新步骤,双进行动",
    "要素点": "要素点代码,类型,名称,上级要素点,能力指标,需要设备",
    "覆盖": "专业代码,课程代码,要素点代码,状态,深度,学时,完成学期,考核,证据等级,审核人,出处",
    "职业标准": "标准代码,要求代码,职业编码,大典版次,标准年,等级,职业功能,工作内容,类型,要求,要素点代码,最低深度,"
    "最少学时,须考核",
    "权重": "标准代码,等级,表,职业功能,权重",
    "证书": "专业代码,证书代码,证书名称,标准代码,等级,到期学期",
    "典型工作任务": "任务代码,职业编码,职业名称,名称,要素点代码,项目化课程",
    "资源": "资源代码,类型,名称,课程代码,共建单位,共享单位",
    "师资": "教师代码,姓名,技能等级,课程代码",
    "企业项目": "项目代码,名称,企业,课程代码",
    "共享承诺": "中心,类别,内容,责任单位",
    "成效": "指标,届别,分子,分母,数值,单位",
}


@dataclass(frozen=True, slots=True, order=True)
class Planted:
    """One finding that must come: in which programme, its code, its subject and object by code, what is measured."""

    programme: str
    code: str
    subject: str
    object: str = ""
    measured: str = ""


@dataclass(slots=True)
class Asked:
    """A requirement: its code and point, its kind and function, and what it demands (``depth`` after the rule)."""

    code: str
    point: str
    kind: str
    function: str
    depth: int
    stated: bool
    hours: int | None
    assess: bool
    level: str = "四级"


@dataclass(slots=True)
class Taught:
    """A course with the terms it runs in and those that must come before it."""

    code: str
    terms: list[int]
    hours: int = UNIT
    before: list[str] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)


class Plan:
    """A programme with its standard, under construction."""

    def __init__(self, number: int, chance: random.Random) -> None:
        """An empty programme; ``number`` makes all its codes its own."""
        self.number = number
        self.chance = chance
        self.code = f"P{number}"
        self.standard = f"ST{number}"
        self.due = chance.choice((3, 4))
        self.courses: list[Taught] = []
        self.asked: list[Asked] = []
        self.coverage: list[dict[str, object]] = []
        self.points: list[dict[str, str]] = []
        self.empty: dict[tuple[str, str], int] = {}
        self.short: dict[str, int] = {}
        self.planted: list[Planted] = []
        self.free: list[Taught] = []
        self.fixed: set[str] = set()
        self.track = "高职"
        self.occupation = f"6-90-01-{number:02d}"
        self.catalogue = "2022"
        self.year = 2024
        self.weighted = True
        self.steps = {1, 2, 3, 4}
        self.indicators = set(INDICATORS)
        self.tasks = [True, True, True]
        self.plain: set[str] = set()
        self.without_shared: dict[str, bool] = {}
        self.taught_by: dict[str, str | None] = {}
        self.without_enterprise = 0
        self.rows: dict[str, list[dict[str, object]]] = defaultdict(list)

    def plant(
        self, code: str, subject: str, other: str = "", measured: object = "", *, programme: str | None = None
    ) -> None:
        """Write down a finding that must come: of this plan, unless another programme is given."""
        of = self.code if programme is None else programme
        self.planted.append(Planted(of, code, subject, other, shown(measured)))

    def of_course(self, course: Taught) -> str:
        """A course as other sheets name it, where several plans have the code."""
        return f"{self.code}/{course.code}"

    def needs(self, point: str, *equipment: str) -> None:
        """A point needs equipment to be taught."""
        next(one for one in self.points if one["要素点代码"] == point)["需要设备"] = "、".join(equipment)

    def course(self, term: int, *more: int) -> Taught:
        """A new course in a term, or over several."""
        taught = Taught(f"C{len(self.courses) + 1}", sorted([term, *more]))
        self.courses.append(taught)
        return taught

    def ask(self, **demands: object) -> Asked:
        """A new requirement on a point of its own; what is not given is left to chance."""
        number = len(self.asked) + 1
        kind = str(demands.get("kind") or self.chance.choice(list(RULE)))
        stated = bool(demands.get("stated", self.chance.random() < 0.5))
        asked = Asked(
            code=f"R{self.number}-{number}",
            point=f"K{self.number}-{number}",
            kind=kind,
            function="基础" if kind == "基本要求" else f"功能{self.chance.randint(1, 4)}",
            depth=self.chance.choice((2, 3)) if stated else RULE[kind],
            stated=stated,
            hours=self.chance.choice((None, 4, 8)) if demands.get("hours") is None else int(str(demands["hours"])),
            assess=bool(demands.get("assess", self.chance.random() < 0.3)),
        )
        self.asked.append(asked)
        self.point(asked.point, "技能点" if kind == "技能要求" else "知识点")
        return asked

    def point(self, code: str, kind: str, parents: str = "") -> None:
        """A new point, perhaps a part of others."""
        self.points.append({"要素点代码": code, "类型": kind, "名称": f"要素{code}", "上级要素点": parents})

    def cover(self, course: Taught, asked: Asked, **changed: object) -> dict[str, object]:
        """A course covers the point of a requirement just as it demands, but for what is changed."""
        row: dict[str, object] = {
            "课程代码": course.code,
            "要素点代码": asked.point,
            "状态": "覆盖",
            "深度": asked.depth,
            "学时": asked.hours or 6,
            "考核": "是" if asked.assess else "否",
            **changed,
        }
        self.coverage.append(row)
        return row

    def examined_in_vain(self, point: str) -> None:
        """The point was looked for, and no course was found."""
        self.coverage.append({"要素点代码": point, "状态": "无匹配"})

    def make_room(self) -> None:
        """Give every course the hours that its points need, in whole units, but for those that are fixed."""
        for course in self.courses:
            if course.code not in self.fixed:
                used = sum(
                    int(str(row.get("学时") or 0)) for row in self.coverage if row.get("课程代码") == course.code
                )
                course.hours = max(course.hours, -(-used // UNIT) * UNIT)

    def open(self, *, late: bool) -> list[Taught]:
        """The courses that end in time for the certificate, or late, and are kept for no gap of their own."""
        kept = self.fixed | {course.code for course in self.free}
        return [c for c in self.courses if (c.terms[-1] > self.due) == late and c.code not in kept]

    def in_time(self) -> Taught:
        """A course that ends before the certificate is due."""
        return self.chance.choice(self.open(late=False))

    def late(self) -> Taught:
        """A course that ends after the certificate is due."""
        return self.chance.choice(self.open(late=True))


def sound(number: int, cells: int, chance: random.Random, free: int = 60) -> Plan:
    """A programme in which every requirement is covered, with decoys: what comes as near to a gap as it may.

    ``free`` courses teach nothing that is asked for: gaps between courses are planted there.
    """
    plan = Plan(number, chance)
    for term in [*range(1, TERMS + 1), *(chance.randint(1, TERMS) for _ in range(cells // 10))]:
        plan.course(term)
    over_two = plan.course(plan.due, plan.due + 1)
    for course in plan.courses:
        earlier = [other.code for other in plan.courses if other.terms[-1] < course.terms[0]]
        if earlier and chance.random() < 0.4:  # a prerequisite that is in order
            course.before = [chance.choice(earlier)]
    for _ in range(cells):
        asked = plan.ask()
        chance.choice(DECOYS)(plan, asked, over_two)
        plan.plain.add(asked.point)
        if chance.random() < 0.2:  # equipment that is there
            plan.needs(asked.point, "数控车床")
    plan.free = [plan.course(chance.randint(2, TERMS - 1)) for _ in range(free)]
    return plan


PROVEN: tuple[dict[str, str], ...] = (
    {},
    {"证据等级": "直接", "出处": "课程标准"},
    {"证据等级": "直接", "审核人": "某人"},
)
"""Direct evidence that says where it stands or who has looked at it; the rest is an example and says so."""


def just_enough(plan: Plan, asked: Asked, _over_two: Taught) -> None:
    """Depth, hours and term exactly at their limits."""
    plan.cover(plan.in_time(), asked, **plan.chance.choice(PROVEN))


def more_than_enough(plan: Plan, asked: Asked, _over_two: Taught) -> None:
    """Deeper, longer and assessed without need."""
    plan.cover(plan.in_time(), asked, 深度=min(4, asked.depth + 1), 学时=(asked.hours or 6) + 5, 考核="是")


def beside_a_bad_one(plan: Plan, asked: Asked, _over_two: Taught) -> None:
    """One course passes; another is shallow, late or unassessed, which does no harm."""
    plan.cover(plan.in_time(), asked)
    plan.cover(plan.late(), asked, 深度=1, 学时=1, 考核="否")


def twice(plan: Plan, asked: Asked, _over_two: Taught) -> None:
    """Two courses at one depth: one short of redundant."""
    first = plan.in_time()
    plan.cover(first, asked)
    others = [course for course in plan.courses if course is not first]
    plan.cover(plan.chance.choice(others), asked)


def as_a_whole(plan: Plan, asked: Asked, _over_two: Taught) -> None:
    """Only the larger point, of which the required one is a part, is covered."""
    whole = f"{asked.point}-W"
    plan.point(whole, plan.points[-1]["类型"])
    next(point for point in plan.points if point["要素点代码"] == asked.point)["上级要素点"] = whole
    plan.cover(plan.in_time(), asked, 要素点代码=whole)


def finished_early(plan: Plan, asked: Asked, over_two: Taught) -> None:
    """The course runs on after the due term, but this point is finished in time."""
    plan.cover(over_two, asked, 完成学期=plan.due)


DECOYS = (just_enough, just_enough, more_than_enough, beside_a_bad_one, twice, as_a_whole, finished_early)


def sheets_of(plans: list[Plan], identifier: str) -> dict[str, list[list[str]]]:
    """The workbook of some programmes: the rows of each sheet, headings first."""
    rows: dict[str, list[dict[str, object]]] = defaultdict(list)
    rows["说明"] = [
        {"项": "工作簿标识", "值": identifier},
        {"项": "标题", "值": "【示例】预埋缺口的基准数据：合成"},
        {"项": "来源", "值": "由程序按种子生成的合成数据，不说明任何真实学校、方案或标准"},
        {"项": "证据等级", "值": "示例"},
        {"项": "许可", "值": "CC0 1.0"},
    ]
    rows["组织"] = [
        {"组织代码": "O1", "名称": "合成学校（虚构）", "类型": "学校"},
        {"组织代码": "O2", "名称": "合成企业（虚构）", "类型": "企业", "设备": "数控车床"},
    ]
    for plan in plans:
        for sheet, of_plan in [*_rows(plan).items(), *plan.rows.items()]:
            rows[sheet] += of_plan
    return {sheet: _table(heading.split(","), rows[sheet]) for sheet, heading in HEADINGS.items() if rows[sheet]}


def _table(heading: list[str], rows: list[dict[str, object]]) -> list[list[str]]:
    for row in rows:
        if odd := row.keys() - set(heading):
            raise KeyError(f"no column {odd.pop()}")
    return [heading, *([shown(row.get(name, "")) for name in heading] for row in rows)]


def _rows(plan: Plan) -> dict[str, list[dict[str, object]]]:
    levels = sorted({asked.level for asked in plan.asked})
    own = {"专业代码": plan.code}
    return {
        "专业": [{**own, "版本年": 2026, "专业名称": f"合成专业{plan.number}", "学校": "合成学校（虚构）",
                "轨道": plan.track, "学制": "三年", "学期数": TERMS, "职业编码": plan.occupation}],
        "课程": [{**own, **_of_course(course)} for course in plan.courses],
        "要素点": [dict(point) for point in plan.points],
        "覆盖": [{**own, **row, "深度": DEPTHS.get(row.get("深度"), "")} for row in plan.coverage],  # type: ignore[call-overload]
        "职业标准": [_of_requirement(plan, asked) for asked in plan.asked],
        "权重": [{"标准代码": plan.standard, "等级": "四级", "表": table, "职业功能": function, "权重": weight}
               for (table, function), weight in weights_of(plan).items() if plan.weighted],
        "证书": [{**own, "标准代码": plan.standard, "等级": level, "证书代码": f"{plan.code}-{level}",
                "证书名称": f"合成证书{plan.number}{level}", "到期学期": plan.due} for level in levels],
    }  # fmt: skip


def _of_course(course: Taught) -> dict[str, object]:
    theory = course.hours * 27 // UNIT
    return {
        "课程代码": course.code, "课程名称": f"课程{course.code}", "模块": "专业", "性质": "必修", "核心": "否",
        "学分": course.hours // 17, "理论学时": theory, "实践学时": course.hours - theory,
        "学期": "、".join(map(str, course.terms)), "先修课程": "、".join(course.before), **course.more,
    }  # fmt: skip


def _of_requirement(plan: Plan, asked: Asked) -> dict[str, object]:
    return {
        "标准代码": plan.standard, "等级": asked.level, "要求代码": asked.code,
        "职业编码": plan.occupation, "大典版次": plan.catalogue, "标准年": plan.year,
        "职业功能": asked.function, "工作内容": asked.function, "类型": asked.kind, "要求": f"能做到{asked.code}",
        "要素点代码": asked.point, "最低深度": DEPTHS[asked.depth] if asked.stated else "",
        "最少学时": "" if asked.hours is None else asked.hours, "须考核": "是" if asked.assess else "",
    }  # fmt: skip


def weights_of(plan: Plan) -> dict[tuple[str, str], int]:
    """Weights that sum to 100 in each table but for what was planted, on the functions that have such items."""
    weights: dict[tuple[str, str], int] = dict(plan.empty)
    for table in ("理论", "技能"):
        functions = sorted({asked.function for asked in plan.asked if TABLE[asked.kind] == table})
        left = 100 - plan.short.get(table, 0) - sum(w for (of, _), w in plan.empty.items() if of == table)
        for place, function in enumerate(functions):
            share = left // (len(functions) - place)
            weights[table, function] = share
            left -= share
    return weights


def write(sheets: dict[str, list[list[str]]], folder: object) -> None:
    """Write a workbook as a folder of CSV files."""
    from pathlib import Path

    place = Path(str(folder))
    place.mkdir(parents=True, exist_ok=True)
    for name, rows in sheets.items():
        with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def shown(value: object) -> str:
    """A value as a cell and a list of findings hold it: whole numbers without a point, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
