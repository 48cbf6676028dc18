"""The closing plan: least cost against a brute force of its own, and the examples without a known gap."""

import itertools
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from zhiji_kg.analysis import find_programme, load_profile
from zhiji_kg.analysis.cells import judge
from zhiji_kg.errors import UnreadableError
from zhiji_kg.findings import Cell, Coverage, Demand, Evidence, Offer, Requirement, Target, Thing, Totals
from zhiji_kg.planning.closing import closing_plan
from zhiji_kg.planning.costs import costs_of
from zhiji_kg.planning.facts import Course, Covering, Plan, Requisite
from zhiji_kg.planning.model import Closing, Want, moved_terms
from zhiji_kg.planning.scenario import scenario
from zhiji_kg.planning.solver import irreducible, solve
from zhiji_kg.planning.whatif import what_if

COSTS = costs_of(load_profile())
TERMS = 3
WORK = {"p": Thing("w1"), "q": Thing("w2")}
FUNCTION = Thing("f")


def small(seed):
    """A plan of two courses and two points, with demands; and limits that sometimes bind."""
    dice = random.Random(seed)
    courses = {
        name: Course(Thing(name, name.upper()), f"o-{name}", (dice.randint(1, TERMS),), Fraction(8), Fraction(8),
                     Fraction(dice.choice([4, 16])), Fraction(1))
        for name in ("a", "b")
    }  # fmt: skip
    coverings = tuple(
        Covering(f"{course}-{point}", course, point, dice.randint(1, 3), dice.choice([None, Fraction(3), Fraction(6)]),
                 None, dice.random() < 0.5)
        for course, point in (("a", "p"), ("b", "q"), ("b", "p")) if dice.random() < 0.6
    )  # fmt: skip
    requisites = (Requisite("b", "a", dice.choice(["pre", "co"])),) if dice.random() < 0.5 else ()
    labels = {point: Thing(point, point.upper()) for point in WORK}
    plan = Plan(TERMS, courses, coverings[:2], requisites, labels)
    costs = replace(
        COSTS, hours_per_term=Fraction(dice.choice([20, 32])), credits_per_term=Fraction(dice.choice([1, 3])),
        new_course=Fraction(dice.choice([5, 30])), new_courses=Fraction(dice.choice([0, 1])), growth_hours=Fraction(16),
    )  # fmt: skip
    return plan, costs, tuple(cell(dice, plan, point) for point in WORK)


def cell(dice, plan, point):
    asked = Demand(dice.choice([None, 2, 3]), dice.randint(1, TERMS), dice.choice([None, 5.0]), dice.random() < 0.3)
    offers = tuple(
        Offer(Evidence(c.iri), plan.courses[c.course].thing, max(plan.courses[c.course].terms), c.depth,
              None if c.hours is None else float(c.hours), c.assessed)
        for c in plan.coverings if c.point == point
    )  # fmt: skip
    requirement = Requirement(
        Thing(f"r-{point}", point), "skill", plan.labels[point], Evidence(""), FUNCTION, WORK[point]
    )
    verdict = judge(asked, offers, examined=True)
    return Cell(requirement, asked, offers, (), verdict, verdict)


def program(plan, costs, cells):
    target = Target(Thing("t"), Thing("s"), Thing("c", "C"), "certificate", TERMS)
    everything = [Coverage(target, cells, Totals({}, {}), (), False)]
    wants = [Want(one, f"close|{one.requirement.thing.code}|C") for one in cells if one.verdict.state != "covered"]
    kept = [Want(one, "") for one in cells if one.verdict.state == "covered"]
    return Closing(plan, costs, wants, kept).build(everything)


def by_hand(plan, costs, cells):
    """The least cost by trying every set of changes; it shares no line with the model."""
    gaps = {one.requirement.point.iri: one.demand for one in cells if one.verdict.state != "covered"}
    teaching = {point: {c.course for c in plan.coverings if c.point == point} for point in WORK}
    anywhere = set().union(*teaching.values())
    takes = [(course, point) for point in gaps for course in sorted(anywhere) if course not in teaching[point]]
    new = [(None, ())]
    if costs.new_courses:
        subsets = [s for n in range(len(gaps) + 1) for s in itertools.combinations(sorted(gaps), n)]
        new += [(term, points) for term in range(1, TERMS + 1) for points in subsets if points]
    changes = [list(changes_of(costs, one, gaps.get(one.point))) for one in plan.coverings]
    best = None
    for terms in itertools.product(range(1, TERMS + 1), repeat=2):
        when = dict(zip(("a", "b"), terms, strict=True))
        if not in_order(plan, when):
            continue
        for change in itertools.product(*changes):
            for taken in (s for n in range(len(takes) + 1) for s in itertools.combinations(takes, n)):
                for opened in new:
                    cost = price(plan, costs, gaps, cells, when, change, taken, opened, teaching)
                    if cost is not None and (best is None or cost < best):
                        best = cost
    return best


def changes_of(costs, covering, demand):
    """(depth, assessed, hours in addition, cost) of what may be done with a coverage."""
    depths = range(covering.depth, max(covering.depth, (demand.least_depth or 0) if demand else 0) + 1)
    longer = {Fraction(0)}
    if demand and demand.least_hours and (covering.hours or 0) < demand.least_hours:
        longer.add(Fraction(5) - (covering.hours or 0))
    for depth, assessed, more in itertools.product(depths, {covering.assessed, True}, longer):
        levels = depth - covering.depth
        extra = max(more, levels * costs.hours_per_level if covering.hours is not None else 0)
        hours = None if covering.hours is None and not extra else (covering.hours or 0) + extra
        yield depth, assessed, hours, extra, levels * costs.raise_depth + (assessed != covering.assessed) * costs.assess


def in_order(plan, when):
    for one in plan.requisites:
        least = 1 if one.kind == "pre" else 0
        now = plan.courses[one.course].terms[0] - plan.courses[one.requisite].terms[0]
        if when[one.course] - when[one.requisite] < min(least, now):
            return False
    return True


def price(plan, costs, gaps, cells, when, change, taken, opened, teaching):
    size = {point: max(costs.point_hours["skill"], Fraction(gap.least_hours or 0)) for point, gap in gaps.items()}
    for one in cells:
        point, asked = one.requirement.point.iri, one.demand
        there = [
            when[c.course] <= asked.due_term and (asked.least_depth or 0) <= depth
            and (not asked.least_hours or (hours or 0) >= asked.least_hours)
            and (assessed or not asked.must_be_assessed)
            for c, (depth, assessed, hours, _, _) in zip(plan.coverings, change, strict=True) if c.point == point
        ]  # fmt: skip
        there += [when[course] <= asked.due_term for course, what in taken if what == point]
        there += [opened[0] <= asked.due_term for what in opened[1] if what == point]
        if not any(there):
            return None
    cost = sum((done[4] for done in change), Fraction(0))
    cost += sum(abs(when[name] - course.terms[0]) * costs.move_term for name, course in plan.courses.items())
    for course, point in taken:
        cost += costs.add_point if course in teaching[point] else costs.add_point_apart
        cost += costs.assess if gaps[point].must_be_assessed else 0
    grown = {}
    for name, course in plan.courses.items():
        free = max(Fraction(0), course.total - sum((c.hours or 0) for c in plan.coverings if c.course == name))
        need = sum((done[3] for c, done in zip(plan.coverings, change, strict=True) if c.course == name), Fraction(0))
        need += sum((size[point] for of, point in taken if of == name), Fraction(0))
        grown[name] = steps(max(Fraction(0), need - free))
        if grown[name] > costs.growth_hours:
            return None
    extra = Fraction(0)
    if opened[0]:
        extra = max(steps(sum(size[point] for point in opened[1])), costs.growth_step)
        cost += costs.new_course + len(opened[1]) * costs.add_point
    cost += (sum(grown.values()) + extra) * costs.add_hour
    for term in range(1, TERMS + 1):
        here = [name for name in plan.courses if when[name] == term]
        hours = sum((plan.courses[n].total + grown[n] for n in here), Fraction(0)) + (extra if opened[0] == term else 0)
        more = sum((grown[n] for n in here), Fraction(0)) + (extra if opened[0] == term else 0)
        earned = len(here) + more / costs.hours_per_credit
        before = [course for course in plan.courses.values() if course.terms == (term,)]
        if hours > max(costs.hours_per_term, sum((c.total for c in before), Fraction(0))):
            return None
        if before and earned > max(costs.credits_per_term, len(before)):
            return None
    return cost


def steps(hours):
    return -(-hours // 8) * Fraction(8)


@pytest.mark.parametrize("seed", range(16))
def test_the_cost_is_the_least_of_all_sets_of_changes(seed):
    given = small(seed)
    built, least = program(*given), by_hand(*given)
    found = solve(built.model, 20)
    assert found.cost == least
    assert found.status == ("impossible" if least is None else "optimal")
    if least is None:
        reasons, sure = irreducible(built.model, 20)
        assert sure
        assert {reason.partition("|")[0] for reason in reasons} <= {"close", "hours", "credits", "order"}


def test_the_small_cases_are_of_all_kinds():
    """The brute force meets plans without a gap, plans that can be closed and plans that cannot."""
    costs = [solve(program(*small(seed)).model, 20).cost for seed in range(16)]
    assert None in costs
    assert len({cost for cost in costs if cost}) > 4


@pytest.fixture(scope="module")
def closed(example_store):
    return {code: closing_plan(example_store, find_programme(example_store, code), load_profile(), seconds=120.0)
            for code in ("460103", "TE-CNC")}  # fmt: skip


@pytest.mark.parametrize(("code", "gaps", "cost"), [("460103", 31, 151), ("TE-CNC", 10, 42)])
def test_the_plan_of_an_example_leaves_none_of_its_known_gaps(example_store, closed, code, gaps, cost):
    found = closed[code]
    assert (found.status, found.gaps, found.cost, found.bound) == ("optimal", gaps, cost, cost)
    there = scenario(example_store, found.programme, found.edits)
    after = what_if(example_store, there, found.programme, found.edits, load_profile())
    for before, now in after.targets():
        was, tally = before.totals.all["items"], now.totals.all["items"]
        assert tally.not_examined == was.not_examined
        assert tally.covered >= was.covered
        if before.target.basis != "stage":
            assert tally.known_gap == 0
            assert was.known_gap > 0 or before.target.basis == "occupation"
    assert after.codes.get("ZJ-C01", (0, 0))[1] == 0
    assert after.codes["ZJ-C07"][1] <= after.codes["ZJ-C07"][0]
    assert after.codes.get("ZJ-D04", (0, 0)) == (0, 0)
    costs = costs_of(load_profile())
    for load in after.loads:
        assert load.hours[1] <= max(load.hours[0], costs.hours_per_term)
        assert load.credits[1] <= max(load.credits[0], costs.credits_per_term)


def test_the_same_plan_twice(example_store, closed):
    again = closing_plan(example_store, find_programme(example_store, "TE-CNC"), load_profile(), seconds=120.0)
    assert again == closed["TE-CNC"]


def own_profile(tmp_path, words):
    path = tmp_path / "own.toml"
    path.write_text(f"[plan]\n{words}\n", encoding="utf-8")
    return load_profile(path)


def test_an_impossible_plan_says_why(example_store, tmp_path):
    """Nothing fits any more: no new course, no growth, and the points that no course teaches near."""
    strict = own_profile(tmp_path, "new_courses = 0\ngrowth_hours = 0")
    found = closing_plan(example_store, find_programme(example_store, "460103"), strict, "CNC-TURNER-2005@4", 60.0)
    assert (found.status, found.cost, found.edits) == ("impossible", None, ())
    assert found.reasons
    assert found.irreducible
    assert any(reason.startswith("close|R4-5-") for reason in found.reasons)


def test_costs_are_those_of_the_profile(tmp_path):
    assert COSTS.raise_depth == 2
    assert costs_of(own_profile(tmp_path, "raise_depth = 5\n[plan.point_hours]\nskill = 6")).point_hours["skill"] == 6


@pytest.mark.parametrize(
    "words", ["raise_depth = -1", 'raise_depth = "viel"', "growth_step = 0", "hours_per_credit = 0"]
)
def test_costs_that_are_none_are_refused(tmp_path, words):
    with pytest.raises(UnreadableError) as caught:
        costs_of(own_profile(tmp_path, words))
    assert caught.value.problems[0].code == "bad-settings"


def test_a_course_keeps_its_pattern_when_it_moves():
    assert moved_terms(Course(Thing(""), "", (1, 3), None, None, Fraction(0), None), 2) == (3, 5)
