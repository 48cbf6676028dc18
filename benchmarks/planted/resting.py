"""What of a plan rests on one course alone (C13), worked out from the definition, and how a plan avoids it."""

from collections.abc import Callable
from fractions import Fraction

from .plan import TABLE, Asked, Plan, Taught, weights_of

CODE = "ZJ-C13"
LIMIT = Fraction(1, 4)
"""More than this share of a table resting on one course makes the course critical (queries/profile.toml, critical)."""
TABLES = {"理论": "theory", "技能": "skills"}


def passing(plan: Plan, asked: Asked) -> set[str]:
    """The courses that meet every demand of a requirement: depth, term, hours, assessment."""
    wholes = {asked.point}
    for point in plan.points:
        if point["要素点代码"] == asked.point and point.get("上级要素点"):
            wholes.add(point["上级要素点"])
    ends = {course.code: course.terms[-1] for course in plan.courses}
    rows = [row for row in plan.coverage if row["要素点代码"] in wholes and row["状态"] == "覆盖"]
    return {str(row["课程代码"]) for row in rows if _meets(plan, asked, row, ends[str(row["课程代码"])])}


def _meets(plan: Plan, asked: Asked, row: dict[str, object], ends: int) -> bool:
    hours = row.get("学时")
    return (
        int(str(row["深度"])) >= asked.depth
        and int(str(row.get("完成学期") or ends)) <= plan.due
        and (asked.hours is None or (hours not in (None, "") and int(str(hours)) >= asked.hours))
        and (not asked.assess or row.get("考核") == "是")
    )


def resting(plan: Plan, table: str) -> dict[str, list[tuple[Asked, Fraction]]]:
    """For each course the requirements of a table that rest on it alone, with the share of the table of each.

    Where the standard has no weights each of its levels is a table, and every requirement weighs the same.
    """
    weigh = _weigh(plan, table)
    asked_here = [asked for asked in plan.asked if _stands_in(plan, asked) == table]
    whole = sum((weigh(asked, asked_here) for asked in asked_here), Fraction(0))
    found: dict[str, list[tuple[Asked, Fraction]]] = {}
    for asked in asked_here:
        courses = passing(plan, asked)
        if len(courses) == 1:
            found.setdefault(courses.pop(), []).append((asked, weigh(asked, asked_here) / whole))
    return found


def _stands_in(plan: Plan, asked: Asked) -> str:
    return TABLE[asked.kind] if plan.weighted else asked.level


def _weigh(plan: Plan, table: str) -> Callable[[Asked, list[Asked]], Fraction]:
    if not plan.weighted:
        return lambda _asked, _all: Fraction(1)
    weights = weights_of(plan)
    return lambda asked, all_: Fraction(
        weights[table, asked.function], sum(other.function == asked.function for other in all_)
    )


def _tables(plan: Plan) -> dict[str, str]:
    return TABLES if plan.weighted else {asked.level: "items" for asked in plan.asked}


def critical(plan: Plan) -> list[tuple[str, str, Fraction]]:
    """The courses on which more than the limit rests, the most of their table: course, table, share."""
    found = []
    for table, name in _tables(plan).items():
        lost = {course: sum(share for _, share in cells) for course, cells in resting(plan, table).items()}
        most = max(lost.values(), default=Fraction(0))
        if most > LIMIT:
            found += [(course, name, most) for course, share in sorted(lost.items()) if share == most]
    return found


def spread(plan: Plan) -> None:
    """Let a second course meet what rests on a critical one, as long as something of it is in no way planted."""
    for table in _tables(plan):
        while busy := _too_much(plan, table):
            course, cells = busy
            plain = [asked for asked, _ in cells if asked.point in plan.plain]
            if not plain:
                return
            others: list[Taught] = [other for other in plan.open(late=False) if other.code != course]
            for asked in plain[: max(1, len(plain) // 2)]:
                plan.cover(plan.chance.choice(others), asked, 深度=4)


def _too_much(plan: Plan, table: str) -> tuple[str, list[tuple[Asked, Fraction]]] | None:
    found = resting(plan, table)
    shares = {course: sum(share for _, share in cells) for course, cells in found.items()}
    course = max(shares, key=lambda one: (shares[one], one), default="")
    return (course, found[course]) if course and shares[course] > LIMIT else None


def lean(plan: Plan) -> None:
    """C13: requirements that one course alone meets, as many as all the others of the plan."""
    course = plan.in_time()
    for _ in range(len(plan.asked)):
        plan.cover(course, plan.ask())


def write_down(plan: Plan) -> None:
    """Whatever is critical now must be found."""
    for course, table, share in critical(plan):
        plan.plant(CODE, course, table, float(share))
