"""Exemptions and the latest entry: small plans worked out by brute force, and the example."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiji_kg.analysis import find_programme, load_profile
from zhiji_kg.bridging.bridge import Held, Studies, bridge
from zhiji_kg.bridging.entry import Rounds, latest_entry
from zhiji_kg.bridging.exemption import decide
from zhiji_kg.bridging.proof import Certified, Proof, certified, certified_in_trade, deepest
from zhiji_kg.errors import UnreadableError
from zhiji_kg.findings import Thing
from zhiji_kg.planning.costs import costs_of
from zhiji_kg.planning.facts import Course, Covering, Plan, Requisite
from zhiji_kg.planning.solver import Solution
from zhiji_kg.queries import entity_by_code
from zhiji_kg.store import open_store

PROFILE = load_profile()
COSTS = costs_of(PROFILE)
ROUNDS = Rounds(2, Fraction(40))
CERTIFICATE = Thing("c", "CERT")


def course(code, *terms, hours=32):
    return Course(Thing(code, code), f"o-{code}", terms, None, None, Fraction(hours), None)


def plan_of(*courses, taught=(), before=(), terms=4):
    """A plan; ``taught`` are (course, point, depth, hours), ``before`` are (earlier, later)."""
    coverings = tuple(
        Covering(f"{c}-{p}", c, p, depth, hours and Fraction(hours), None, False) for c, p, depth, hours in taught
    )
    requisites = tuple(Requisite(later, earlier, "pre") for earlier, later in before)
    labels = {p: Thing(p, p) for _, p, _, _ in taught}
    return Plan(terms, {c.thing.iri: c for c in courses}, coverings, requisites, labels)


def proved(**depths):
    return {point: Proof(point, depth, CERTIFICATE, "R", True) for point, depth in depths.items()}


class TestExemption:
    @pytest.mark.parametrize(
        ("taught", "proofs", "decision", "remaining"),
        [
            ([("p", 3, 16), ("q", 2, 16)], {"p": 3, "q": 2}, "exempt", 0),
            ([("p", 3, 16), ("q", 2, 16)], {"p": 4, "q": 4}, "exempt", 0),
            ([("p", 3, 16), ("q", 2, 16)], {"p": 3, "q": 1}, "partly", 16),
            ([("p", 3, 16), ("q", 2, 16)], {"p": 3}, "partly", 16),
            ([("p", 3, None), ("q", 2, None)], {"p": 3}, "partly", 32),
            ([("p", 3, 16), ("q", 2, 16)], {}, "take", 32),
            ([("p", 3, 16)], {"p": 3}, "partly", 16),  # nobody says what the other half is
            ([("p", 3, 24)], {"p": 3}, "exempt", 0),  # three quarters are told: just enough
            ([("p", 3, None)], {"p": 3}, "partly", 32),
            ([("p", None, 32)], {"p": 4}, "take", 32),  # taught to no stated depth: nothing reaches it
            ([], {"p": 3}, "unknown", 32),
        ],
    )
    def test_what_becomes_of_a_course(self, taught, proofs, decision, remaining):
        plan = plan_of(course("a", 1), taught=[("a", *one) for one in taught])
        (found,) = decide(plan, proved(**proofs), PROFILE)
        assert (found.decision, found.remaining_hours) == (decision, remaining)

    @given(st.data())
    def test_who_proves_more_never_has_more_to_take(self, data):
        depths, hours = st.integers(1, 4), st.sampled_from([None, 4, 8, 16])
        taught = [("a", point, data.draw(depths), data.draw(hours)) for point in "pqr"[: data.draw(st.integers(1, 3))]]
        plan = plan_of(course("a", 1), taught=taught)
        less = data.draw(st.dictionaries(st.sampled_from("pqr"), depths))
        more = less | {point: max(depth, less.get(point, 0)) for point, depth in data.draw(
            st.dictionaries(st.sampled_from("pqr"), depths)).items()}  # fmt: skip
        (first,), (second,) = (decide(plan, proved(**each), PROFILE) for each in (less, more))
        assert second.remaining_hours <= first.remaining_hours

    def test_what_was_studied_or_waived_is_not_taken(self):
        plan = plan_of(course("a", 1), course("b", 1, 2), course("c", 2), taught=[("a", "p", 3, 16)])
        found = {one.thing.code: one for one in decide(plan, {}, PROFILE, studied=1, waived=["c"])}
        assert [found[code].decision for code in "abc"] == ["studied", "unknown", "waived"]
        assert [found[code].remaining_hours for code in "abc"] == [0, 16, 0]
        assert [one.taken for one in found.values()] == [False, True, False]

    def test_an_unknown_course_cannot_be_waived(self):
        with pytest.raises(UnreadableError, match="--waive"):
            decide(plan_of(course("a", 1)), {}, PROFILE, waived=["z"])

    @pytest.mark.parametrize("value", [-0.1, 1.5, True, "much"])
    def test_a_profile_that_is_not_sound_is_refused(self, tmp_path, value):
        own = tmp_path / "profile.toml"
        own.write_text(f"[recognition]\ndescribed = {str(value).lower() if value is True else repr(value)}\n", "utf-8")
        with pytest.raises(UnreadableError, match="recognition"):
            decide(plan_of(course("a", 1)), {}, load_profile(own))

    def test_the_deepest_proof_counts_and_a_stated_one_first(self):
        low, rule = Proof("p", 2, CERTIFICATE, "R1", True), Proof("p", 3, CERTIFICATE, "R2", False)
        stated = Proof("p", 3, CERTIFICATE, "R3", True)
        assert deepest([low, rule, stated]) == {"p": stated}
        assert deepest([stated, rule, low]) == {"p": stated}


class TestEntry:
    def entry(self, plan, proofs=None, first=1, **studied):
        decisions = decide(plan, proofs or {}, PROFILE, **studied)
        return latest_entry(plan, decisions, COSTS, first, ROUNDS, 10)

    def test_a_chain_of_courses_keeps_the_entry_early(self):
        found = self.entry(plan_of(course("a", 1), course("b", 2), course("c", 4), before=[("a", "b"), ("b", "c")]))
        assert (found.term, found.status, found.put_off) == (1, "optimal", 0)
        assert set(found.reasons) == {"fits|a", "order|a|b", "order|b|c"}
        assert found.irreducible

    def test_without_the_chain_the_first_year_is_made_up_in_the_second(self):
        found = self.entry(plan_of(course("a", 1), course("b", 2), course("c", 4)))
        assert (found.term, found.put_off) == (3, 4)
        assert [(one.decision.thing.code, one.terms) for one in found.courses] == [
            ("a", (3,)),
            ("b", (4,)),
            ("c", (4,)),
        ]
        assert found.reasons == ("fits|a",)

    def test_a_term_carries_no_more_than_its_hours(self):
        heavy = [course(code, 1, hours=300) for code in "ab"]
        found = self.entry(plan_of(*heavy, terms=4))
        assert found.term == 1
        assert set(found.reasons) == {"fits|a", "fits|b", "hours|3"}

    def test_what_is_left_of_a_course_fits_a_bridging_class(self):
        chain = [course("a", 1), course("b", 3), course("c", 4)]
        plan = plan_of(*chain, taught=[("a", "p", 3, 16), ("a", "q", 3, 16)], before=[("a", "b"), ("b", "c")])
        found = self.entry(plan, proved(p=3))
        assert found.term == 3
        first = found.courses[0]
        assert (first.decision.thing.code, first.terms, first.bridged) == ("a", (), True)

    def test_a_class_takes_one_course_after_another_but_only_so_many_hours(self):
        chain = [course("a", 1), course("b", 2), course("c", 3)]
        taught = [(code, f"{code}{n}", 3, hours) for code in "ab" for n, hours in ((1, 16), (2, 16))]
        plan = plan_of(*chain, taught=taught, before=[("a", "b"), ("b", "c")], terms=3)
        found = self.entry(plan, proved(a1=3, b1=3))
        assert (found.term, [one.decision.thing.code for one in found.courses if one.bridged]) == (3, ["a", "b"])
        decisions = decide(plan, proved(a1=3, b1=3), PROFILE)
        narrow = latest_entry(plan, decisions, COSTS, 1, Rounds(2, Fraction(31)), 10)
        assert narrow.term == 2
        assert "bridging|31" in narrow.reasons

    def test_parts_of_a_course_are_taken_one_after_the_other(self):
        found = self.entry(plan_of(course("a", 1, 2)))
        assert (found.term, found.courses[0].terms) == (3, (3, 4))

    def test_an_order_that_the_plan_itself_breaks_need_not_get_better(self):
        plan = plan_of(course("a", 2), course("b", 1), before=[("a", "b")])
        found = self.entry(plan)
        assert (found.term, found.put_off) == (3, 4)  # still b before a
        assert self.entry(plan_of(course("a", 2), course("b", 1), before=[("a", "b")], terms=2)).term == 1

    def test_where_nothing_is_left_there_is_nothing_to_place(self):
        found = self.entry(plan_of(course("a", 1)), studied=1)
        assert (found.term, found.status, found.courses) == (None, "nothing", ())

    def test_without_an_answer_in_time_it_says_so(self, monkeypatch):
        monkeypatch.setattr("zhiji_kg.bridging.entry.solve", lambda *_: Solution("unknown"))
        found = self.entry(plan_of(course("a", 1)))
        assert (found.term, found.status, found.courses, found.reasons) == (None, "unknown", (), ())

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_no_later_entry_and_no_smaller_delay_exists(self, data):
        """Every way of putting courses off is tried, without the solver."""
        courses = [
            course(code, data.draw(st.integers(1, 4)), hours=data.draw(st.sampled_from([150, 300, 560])))
            for code in "abcd"
        ]
        pairs = data.draw(st.lists(st.sampled_from(list(itertools.combinations("abcd", 2))), max_size=3, unique=True))
        before = [(x, y) for x, y in pairs]
        plan = plan_of(*courses, before=before)
        found = latest_entry(plan, decide(plan, {}, PROFILE), COSTS, 1, Rounds(2, Fraction(0)), 10)
        best = best_of(plan)
        assert (found.term, found.put_off) == best
        assert found.status == "optimal"


def best_of(plan):
    """The latest entry and its least delay, by trying everything."""
    by_iri = list(plan.courses.items())
    possible = []
    for shifts in itertools.product(*([by for by in (0, 2) if one.terms[0] + by <= plan.terms] for _, one in by_iri)):
        at = {iri: one.terms[0] + by for (iri, one), by in zip(by_iri, shifts, strict=True)}
        if holds(plan, at):
            possible.append((min(at.values()), -sum(shifts)))
    entry = max(term for term, _ in possible)
    return entry, -max(delay for term, delay in possible if term == entry)


def holds(plan, at):
    for one in plan.requisites:
        planned = plan.courses[one.course].terms[0] - plan.courses[one.requisite].terms[0]
        if at[one.course] - at[one.requisite] < min(1, planned):
            return False
    for term in range(1, plan.terms + 1):
        load = sum(plan.courses[iri].total for iri, place in at.items() if place == term)
        if load > max(COSTS.hours_per_term, plan.load(term)[0]):
            return False
    return True


@pytest.fixture(scope="module")
def example(example_kg):
    return open_store(example_kg)


class TestTheExample:
    def way(self, store, learner, **held):
        person = entity_by_code(store, "zj:Learner", learner)
        return bridge(store, find_programme(store, "460103"), Held(certified(store, person), **held), PROFILE)

    def test_a_certificate_of_level_three(self, example):
        found = self.way(example, "L004")
        counts = {name: len(found.of(name)) for name in ("exempt", "partly", "take", "unknown")}
        assert sum(counts.values()) == len(found.decisions) == 50
        assert counts == {"exempt": 0, "partly": 30, "take": 2, "unknown": 18}
        assert (found.entry.term, found.entry.status) == (2, "optimal")
        assert set(found.entry.reasons) == {"fits|SC001", "order|SC001|SC002", "order|SC002|SC003", "order|SC003|SC004"}
        assert [(aim.points, aim.proved, aim.ready_after) for aim in found.aims] == [(77, 77, 0), (59, 59, 0)]

    def test_with_studies_of_the_other_track_courses_are_spared(self, example):
        found = self.way(example, "L004", studies=Studies(find_programme(example, "TE-CNC"), 8))
        assert [one.thing.code for one in found.of("exempt")] == ["SX002", "ZH002", "ZH006"]
        for one in found.of("exempt"):
            assert all(point.proved for point in one.points)
            assert one.described >= Fraction(3, 4)

    def test_without_the_lower_levels_less_is_proved(self, example):
        cumulative, exact = self.way(example, "L004"), self.way(example, "L004", cumulative=False)
        count = {len([p for one in way.decisions for p in one.points if p.proved]) for way in (cumulative, exact)}
        assert len(count) == 2
        assert [aim.proved for aim in exact.aims] != [aim.proved for aim in cumulative.aims]

    def test_with_nothing_held_the_plan_stands_as_it_is(self, example):
        found = self.way(example, "L001")
        assert not found.of("exempt") + found.of("partly")
        assert (found.entry.term, found.entry.put_off) == (1, 0)
        assert all(placed.terms == placed.decision.course.terms for placed in found.entry.courses)

    def test_the_terms_hold_what_they_promise(self, example):
        found = self.way(example, "L004")
        at = {placed.decision.thing.code: placed for placed in found.entry.courses}
        assert all(min(placed.terms, default=found.entry.term) >= found.entry.term for placed in at.values())
        assert all((taken - planned) % 2 == 0 for placed in at.values() for planned, taken in placed.parts)
        bridged = [placed for placed in at.values() if placed.bridged]
        assert 0 < sum(placed.decision.remaining_hours for placed in bridged) <= 160
        assert {placed.decision.decision for placed in bridged} == {"partly"}

    def test_as_plain_data_nothing_is_left_out(self, example):
        plain = self.way(example, "L004", finished=2).plain()
        assert len(plain["courses"]) == 50
        assert plain["ofTheSource"] is False
        assert plain["finished"] == 2
        assert all(
            set(point) == {"code", "depth", "proved", "proof"} for one in plain["courses"] for point in one["points"]
        )

    def test_an_edition_that_is_not_told_proves_nothing(self, example):
        trade = entity_by_code(example, "zj:Occupation", "6-04-01-01")
        level = entity_by_code(example, "zj:SkillLevel", "3")
        told = certified_in_trade(example, trade, level, CERTIFICATE)
        assert told.level.code == "CNC-TURNER-2005@3"
        later = entity_by_code(example, "zj:Occupation", "6-18-01-01")
        assert certified_in_trade(example, later, level, CERTIFICATE) == Certified(CERTIFICATE, None)
