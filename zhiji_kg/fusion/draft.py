"""The draft of one plan out of two and a standard: every course kept, merged, new or exempt, and why.

The first plan gives the frame: its terms, modules and stages and the terms in which its certificates are
due. Where it does not meet a requirement of the standard and the second plan does (its terms aside, for a
course moves into the frame), the second plan's teaching of that point goes into a course of the first that
ends in time and shares points with it (*merge*); where there is none, the course is taken over (*keep*).
What neither teaches becomes a course yet to be written (*new*). A course of the second plan that adds nothing
is not taught again, and who has passed it is *exempt* (this project's own rule). So no
point that either plan teaches is lost, and no requirement that either meets in the frame is left unmet.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ..analysis import Profile, Programme, find_programme, load_profile
from ..analysis.cells import judge, shortfalls
from ..analysis.measure import Measurements, demand_of, judge_cells, measure
from ..analysis.totals import totals
from ..errors import unreadable
from ..findings import Coverage, Demand, Evidence, Offer, Requirement, Target, Thing, Totals
from ..rdf import Iri
from ..store.port import GraphIdentity, Store
from ..texts import Text
from .plan import Course, Plan, Taught, number, read_plan

Decision = Literal["keep", "merge", "new", "exempt"]
DECISIONS: tuple[Decision, ...] = ("keep", "merge", "new", "exempt")
_HOURS_PER_CREDIT = 16  # the lower bound of 教职成〔2019〕13号: 16 to 18 hours a credit
_NEVER_LATE = 0  # the term of an offer that is yet to be placed


@dataclass(frozen=True, slots=True)
class FusedCourse:
    """A row of the draft: what becomes of a course.

    ``first`` and ``second`` are the courses of the two plans that it comes from, ``points`` those that
    decide it, ``instead`` the courses of the draft in which an exempted course's points are taught.
    """

    decision: Decision
    course: Course
    first: tuple[Thing, ...] = ()
    second: tuple[Thing, ...] = ()
    points: tuple[Thing, ...] = ()
    instead: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """One target of the draft and its totals: in each plan, in both together without what is new, and in the draft.

    A plan that does not aim at the source has none (``None``).
    """

    target: Target
    first: Totals | None
    second: Totals | None
    without_new: Totals
    draft: Totals


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft integrated plan with what it rests on."""

    first: Plan
    second: Plan
    standard: str
    rows: tuple[FusedCourse, ...]
    figures: tuple[Figures, ...]
    remaining: tuple[tuple[Target, Thing], ...]
    grade: str
    graph: GraphIdentity

    @property
    def courses(self) -> tuple[Course, ...]:
        """The courses of the draft: all rows but the exempt."""
        return tuple(row.course for row in self.rows if row.decision != "exempt")

    @property
    def code(self) -> str:
        """The code of the draft as a programme."""
        codes = (plan.programme.thing.code.partition("@")[0] for plan in (self.first, self.second))
        return "DRAFT-" + "-".join(codes)


@dataclass(frozen=True, slots=True)
class _Need:
    """A required point with what is asked of it, of one target."""

    target: Target
    requirement: Requirement
    demand: Demand


@dataclass
class _Work:
    """The draft in the making: courses by code, and what went into each."""

    plan: dict[str, Course]
    received: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    moved: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    points: dict[str, dict[str, Thing]] = field(default_factory=lambda: defaultdict(dict))
    taken: dict[str, str] = field(default_factory=dict)  # code in the second plan: code in the draft
    new: dict[str, Course] = field(default_factory=dict)

    def all(self) -> list[Course]:
        """Every course of the draft."""
        return [*self.plan.values(), *self.new.values()]


def fuse(store: Store, first: str, second: str, standard: str, profile: Profile | None = None) -> Draft:
    """Draft an integrated plan of two plans, for a standard.

    Args:
        store: the graph.
        first: the programme that gives the frame, by its code or IRI.
        second: the other programme.
        standard: a standard's code, or one level of it (``CODE@4``).
        profile: the policy; the shipped one when not given.

    Raises:
        UnreadableError: when a programme is not known, both are one, or neither aims at the standard.
    """
    profile = profile or load_profile()
    plans = [read_plan(store, find_programme(store, code)) for code in (first, second)]
    if plans[0].programme.thing.iri == plans[1].programme.thing.iri:
        raise unreadable("same-programme", code=plans[0].programme.thing.code)
    measured = [_measurements(store, plan.programme, profile) for plan in plans]
    targets = _targets(measured, plans[0].programme.terms, standard)
    needs = [
        _Need(target, requirement, demand_of(requirement, target.due_term, profile))
        for target in targets
        for requirement in measured[0].requirements(target.source.iri)
    ]
    work = _Work({course.code: course for course in plans[0].courses})
    _supply(work, plans[1], needs)
    _carry_over(work, plans[1], plans[0].programme.terms)
    _keep_hours(work, plans[1])
    without_new = list(work.plan.values())
    _write_new(work, needs, float(profile.sections["fusion"]["hours_of_new_point"]))
    figures, remaining = _figures(measured, targets, without_new, work.all())
    grades = {need.requirement.evidence.grade for need in needs}.union(*(plan.frame.grades for plan in plans))
    rows = tuple(_rows(work, plans, needs))
    grade = "example" if "example" in grades else "inferred"
    return Draft(plans[0], plans[1], standard, rows, figures, remaining, grade, store.identity)


def _measurements(store: Store, programme: Programme, profile: Profile) -> Measurements:
    return Measurements(store, Iri(programme.thing.iri), programme.terms, profile)


def _targets(measured: Sequence[Measurements], terms: int, standard: str) -> list[Target]:
    """The certificates on the standard: those of the first plan, then levels that only the second aims at."""
    found: dict[str, Target] = {}
    for one in measured:
        for target in one.targets:
            code = target.source.code
            if target.basis == "certificate" and standard in (code, code.partition("@")[0]):
                due = min(target.due_term, terms)
                found.setdefault(target.source.iri, replace(target, due_term=due))
    if not found:
        known = {t.source.code.partition("@")[0] for m in measured for t in m.targets if t.basis == "certificate"}
        what = Text("职业标准", "standard that one of the plans aims at")
        raise unreadable("unknown-code", code=standard, what=what, known="、".join(sorted(known)) or "–")
    return sorted(found.values(), key=lambda target: (target.due_term, target.source.code))


def offers_of(courses: Iterable[Course], point: str, *, placed: bool = True) -> list[tuple[Offer, Course, Taught]]:
    """What courses offer for a point, each with the course and what of it does.

    Args:
        courses: of one plan.
        point: the point's code.
        placed: whether their terms count; those of a course that is yet to be placed do not.
    """
    found = []
    for course in courses:
        for taught in course.taught:
            if point in taught.supports:
                term = (taught.completion or course.last_term) if placed else _NEVER_LATE
                place = Evidence(f"{course.thing.iri}#{taught.point.code}")
                offer = Offer(place, course.thing, term, taught.depth, taught.hours, taught.assessed)
                found.append((offer, course, taught))
    return found


def _supply(work: _Work, second: Plan, needs: Sequence[_Need]) -> None:
    """Bring in what the first plan lacks: its own teaching that comes too late, moved, or that of the second."""
    functions: dict[str, set[str]] = defaultdict(set)
    for need in needs:
        functions[_function(need)].add(need.requirement.point.code)
    for need in sorted(needs, key=lambda one: one.demand.due_term):
        point, alike = need.requirement.point, functions[_function(need)]
        here = [offer for offer, _, _ in offers_of(work.plan.values(), point.code)]
        ours = judge(need.demand, here, examined=False)
        if ours.state == "covered":
            continue
        best = len(ours.shortfalls) if here else math.inf
        for courses in (list(work.plan.values()), second.courses):
            offered = offers_of(courses, point.code, placed=False)
            if not offered:
                continue
            fails, course, taught = _nearest(need.demand, offered)
            if fails < best and _bring(work, second, course, taught, need, alike):
                best = fails


def _nearest(demand: Demand, offered: Sequence[tuple[Offer, Course, Taught]]) -> tuple[int, Course, Taught]:
    """The offer that fails the fewest tests, and how many; of several the one that ends first, then the shortest."""
    ranked = [
        (len(shortfalls(demand, offer)), course.last_term, offer.hours or 0.0, course.code, index)
        for index, (offer, course, _) in enumerate(offered)
    ]
    fails, *_, index = min(ranked)
    return fails, *offered[index][1:]


def _function(need: _Need) -> str:
    return need.requirement.function.iri if need.requirement.function else ""


def _bring(work: _Work, second: Plan, course: Course, taught: Taught, need: _Need, alike: set[str]) -> bool:
    """Put the teaching of a point where it comes in time; whether there was a place for it."""
    due, own = need.demand.due_term, course.code in work.plan and work.plan[course.code] is course
    host = _host(work, course, need.requirement.point.code, alike, due)
    if host is None and own:
        return False
    if host is None:
        host = _take_over(work, second, course, due)
    _receive(work, host, course, taught, [need.requirement.point], own=own)
    if own:
        _give_away(work, course, taught)
    return True


def _give_away(work: _Work, course: Course, taught: Taught) -> None:
    """Take from a course what is taught in time elsewhere now, with its hours."""
    fewer = taught.hours or 0.0
    cells = dict(course.cells)
    for key in ("practice", "theory", "total"):
        if fewer and cells.get(key):
            cut = min(fewer, float(cells[key]))
            cells[key] = number(float(cells[key]) - cut)
            fewer -= cut
    cells["credits"] = _credits(cells.get("credits", ""), -(taught.hours or 0.0))
    hours = max((course.hours or 0.0) - (taught.hours or 0.0), 0.0)
    kept = tuple(one for one in course.taught if one.point.code != taught.point.code)
    work.plan[course.code] = replace(course, taught=kept, hours=hours, cells=cells)


def _credits(stated: str, more: float) -> str:
    """Credits after hours have come or gone, to the nearest half; none where none were stated."""
    return number(max(math.floor((float(stated) + more / _HOURS_PER_CREDIT) * 2 + 0.5) / 2, 0.0)) if stated else ""


def _host(work: _Work, course: Course, point: str, alike: set[str], due: int) -> Course | None:
    """The course that ends in time and shares most with one whose teaching is to come in; ``None`` where none does.

    First counts whether it teaches the point, then how many points both teach, then how many of the same
    function (``alike``). What is taken over hosts what else comes from the same course.
    """
    own = work.plan.get(work.taken.get(course.code, ""))
    if own is not None and own.last_term <= due:
        return own
    theirs = course.supports().keys()
    ranked = []
    for code, one in work.plan.items():
        points = one.supports().keys()
        shared, near = len(theirs & points), len(alike & points)
        if code not in work.taken.values() and 0 < one.last_term <= due and (shared or near):
            ranked.append((point in points, shared, near, one.last_term, code))
    return work.plan[max(ranked)[-1]] if ranked else None


def _take_over(work: _Work, second: Plan, course: Course, due: int, *, elective: bool = False) -> Course:
    """A course of the second plan, empty as yet, in the frame of the first; moved earlier when it is due earlier."""
    code = work.taken.get(course.code) or _free_code(work, course.code, second)
    work.taken[course.code] = code
    before = {work.taken.get(one, "") for one in course.cells["prerequisites"].split("、")}
    earlier = sorted(one for one in before if one in work.plan and 0 < work.plan[one].last_term < due)
    cells = {
        **course.cells, "course": code, "term": str(due), "prerequisites": "、".join(earlier), "corequisites": "",
        "strict": "", "stage": "", "theory": "", "practice": "", "credits": "", "total": "",
    }  # fmt: skip
    if elective:
        cells |= {"nature": "选修", "module": "拓展", "core": "否"}
    known = work.plan.get(code)
    made = Course(replace(course.thing, code=code), cells, (due,), known.hours if known else 0.0,
                  known.taught if known else ())  # fmt: skip
    work.plan[code] = made
    return made


def _free_code(work: _Work, code: str, second: Plan) -> str:
    return code if code not in work.plan else f"{second.programme.thing.code.partition('@')[0]}-{code}"


def _receive(
    work: _Work, host: Course, course: Course, taught: Taught, points: Iterable[Thing], *, own: bool = False
) -> None:
    """Put what a course teaches into another of the draft, with the hours it adds.

    ``own``: both are courses of the first plan.
    """
    host = work.plan[host.code]
    taught = replace(taught, completion=None)
    same = next((one for one in host.taught if one.point.code == taught.point.code), None)
    more = (taught.hours or 0.0) - ((same.hours or 0.0) if same else 0.0)
    rest = tuple(one for one in host.taught if one is not same)
    both = same.with_more(taught) if same else taught
    merged = tuple(sorted((*rest, both), key=lambda one: one.point.code))
    hours = (host.hours or 0.0) + max(more, 0.0)
    work.plan[host.code] = replace(host, taught=merged, hours=hours, cells=_with_hours(host, hours, taught))
    (work.moved if own else work.received)[host.code].add(course.code)
    for point in points:
        work.points[host.code][point.code] = point


def _with_hours(host: Course, hours: float, taught: Taught) -> dict[str, str]:
    """The cells of a course whose hours grew: its practice where the point is practised, else its theory."""
    cells, more = dict(host.cells), hours - (host.hours or 0.0)
    if cells.get("theory") and cells.get("practice"):
        grown = "practice" if any(mode.endswith("/practice") for mode in taught.delivery) else "theory"
        cells[grown] = number(float(cells[grown]) + more)
    else:
        cells["total"] = number(hours) if hours else ""
    if more > 0 and cells.get("credits"):
        cells["credits"] = _credits(cells["credits"], more)
    return cells


def _carry_over(work: _Work, second: Plan, terms: int) -> None:
    """What only the second plan teaches and the standard does not ask: it goes along, or becomes an elective."""
    known = {code for course in work.plan.values() for code in course.supports()}
    for course in second.courses:
        due = min(course.last_term or terms, terms)
        left = [taught for taught in course.taught if not _parts(taught) <= known]
        if not left and course.taught:
            continue
        hosts = sorted(code for code, received in work.received.items() if course.code in received)
        host = work.plan[hosts[0]] if hosts else None
        if host is None:
            host = _take_over(work, second, course, due, elective=bool(course.taught))
        if not course.taught:  # nobody says what it teaches, so nothing can stand for it: it goes along as it is
            held = tuple(term for term in course.terms if term <= terms) or (due,)
            as_it_was = {key: course.cells[key] for key in ("theory", "practice", "credits", "total")}
            cells = {**host.cells, **as_it_was, "term": "、".join(map(str, held))}
            work.plan[host.code] = replace(host, hours=course.hours, cells=cells, terms=held)
            work.received[host.code].add(course.code)
        for taught in left:
            _receive(work, host, course, taught, [taught.point])
            known |= taught.supports


def _keep_hours(work: _Work, second: Plan) -> None:
    """A course that goes along although no hours are stated for what it teaches keeps those of the whole course."""
    for course in second.courses:
        made = work.plan.get(work.taken.get(course.code, ""))
        if made is not None and not made.hours and course.hours:
            kept = {**made.cells, "total": number(course.hours), "credits": course.cells["credits"]}
            work.plan[made.code] = replace(made, hours=course.hours, cells=kept)


def _parts(taught: Taught) -> frozenset[str]:
    """The points that a teaching comes down to: of a larger point its parts, for they make it up."""
    return taught.supports - {taught.point.code} or taught.supports


def _write_new(work: _Work, needs: Sequence[_Need], hours: float) -> None:
    """A course yet to be written for what neither plan teaches: one for each function and due term."""
    places: dict[tuple[int, str], str] = {}
    for need in needs:
        requirement, due = need.requirement, need.demand.due_term
        if offers_of(work.all(), requirement.point.code):
            continue
        function = requirement.function.label.zh if requirement.function else need.target.source.label.zh
        code = places.setdefault((due, function), f"NEW-{len(places) + 1}")
        way = "practice" if requirement.kind == "skill" else "lecture"
        taught = Taught(
            requirement.point,
            frozenset({requirement.point.code}),
            need.demand.least_depth,
            max(requirement.least_hours or 0.0, hours),
            assessed=True,
            delivery=(f"delivery-mode/{way}", "delivery-mode/assessment"),
        )
        known = work.new.get(code) or _blank(code, function, need.target, due)
        total = (known.hours or 0.0) + (taught.hours or 0.0)
        cells = {**known.cells, "total": number(total)}
        work.new[code] = replace(known, taught=(*known.taught, taught), hours=total, cells=cells)


def _blank(code: str, function: str, target: Target, due: int) -> Course:
    level = target.level
    label = Text(f"{function}补充（{level}级，待编）", f"{function}: supplement (level {level}, to be written)")
    cells = {"course": code, "name": label.zh, "name_en": "", "module": "专业", "nature": "必修", "core": "否",
             "term": str(due), "category": "待编课程"}  # fmt: skip
    return Course(Thing(f"urn:zhiji:draft:{code}", code, label), cells, (due,), None)


def _figures(
    measured: Sequence[Measurements],
    targets: Sequence[Target],
    without_new: Sequence[Course],
    drafted: Sequence[Course],
) -> tuple[tuple[Figures, ...], tuple[tuple[Target, Thing], ...]]:
    rows, remaining = [], []
    for target in targets:
        before = [_before(one, target) for one in measured]
        source = target.source.iri
        requirements, weights = measured[0].requirements(source), measured[0].weights(source)[0]
        after = []
        for courses in (without_new, drafted):
            offers = {r.thing.iri: [o for o, _, _ in offers_of(courses, r.point.code)] for r in requirements}
            cells = judge_cells(requirements, offers, {}, weights, target.due_term, measured[0].profile)
            after.append(cells)
        remaining += [(target, cell.requirement.thing) for cell in after[1] if cell.verdict.state != "covered"]
        both = (totals(after[0], weights), totals(after[1], weights))
        first, second = (coverage.totals if coverage else None for coverage in before)
        rows.append(Figures(target, first, second, *both))
    return tuple(rows), tuple(remaining)


def _before(measured: Measurements, target: Target) -> Coverage | None:
    own = [t for t in measured.targets if t.basis == "certificate" and t.source.iri == target.source.iri]
    return measure(measured, own[:1])[0] if own else None


def _rows(work: _Work, plans: Sequence[Plan], needs: Sequence[_Need]) -> Iterator[FusedCourse]:
    required = {need.requirement.point.code: need.requirement.point for need in needs}
    first, second = plans
    of_first = {course.code: course.thing for course in first.courses}
    of_second = {course.code: course.thing for course in second.courses}
    for code, course in work.plan.items():
        asked = tuple(required[point] for point in sorted(course.supports().keys() & required.keys()))
        received = tuple(of_second[one] for one in sorted(work.received.get(code, ())))
        moved = tuple(point for _, point in sorted(work.points.get(code, {}).items()))
        into = tuple(of_first[one] for one in sorted(work.moved.get(code, ())))
        own = (of_first[code], *into) if code in of_first else ()
        decision: Decision = "merge" if own and (received or into) else "keep"
        yield FusedCourse(decision, course, own, received, moved or asked)
    for course in work.new.values():
        yield FusedCourse("new", course, points=tuple(taught.point for taught in course.taught))
    used = {code for received in work.received.values() for code in received}
    for course in second.courses:
        if course.code not in used:
            yield _exempt(course, work, required)


def _exempt(course: Course, work: _Work, required: Mapping[str, Thing]) -> FusedCourse:
    """A course of the second plan that adds nothing: which of its points the draft teaches, and where."""
    points = course.supports().keys()
    instead = tuple(one.thing for one in work.plan.values() if one.supports().keys() & points)
    asked = tuple(required[point] for point in sorted(points & required.keys()))
    return FusedCourse("exempt", course, (), (course.thing,), asked, instead)
