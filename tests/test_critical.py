"""Critical courses, on cells made by hand and as a law against a recount with the course taken away."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.analysis import load_profile
from zhiji_kg.analysis.critical import critical_courses
from zhiji_kg.analysis.measure import judge_cells
from zhiji_kg.analysis.totals import totals
from zhiji_kg.findings import Coverage, Evidence, Offer, Provenance, Requirement, Target, Thing

PROFILE = load_profile()
PROVENANCE = Provenance("coverage", (), "v1", "")
FUNCTION = Thing("iri:f")
SOURCE = Thing("iri:s", "S@4")
WEIGHTS = {"skills": {"iri:f": Fraction(100)}}


def offered(course, depth=3, term=1):
    return Offer(
        Evidence(f"{course}-{depth}-{term}", grade="direct"), Thing(f"iri:{course}", course), term, depth=depth
    )


def covered(offers, weights=WEIGHTS):
    """A target of as many skill requirements as there are lists of offers."""
    items = [
        Requirement(Thing(f"iri:r{n}", f"R{n}"), "skill", Thing(f"iri:p{n}"), Evidence(f"r{n}"), function=FUNCTION)
        for n in range(len(offers))
    ]
    given_offers = {item.thing.iri: list(found) for item, found in zip(items, offers, strict=True)}
    cells = tuple(judge_cells(items, given_offers, {}, weights, 3, PROFILE))
    target = Target(Thing("iri:t"), SOURCE, SOURCE, "certificate", 3)
    return Coverage(target, cells, totals(cells, weights), (), weighted=bool(weights))


def found(coverage):
    return [(f.subject.code, f.object.code, f.part, f.whole) for f in critical_courses(coverage, PROFILE, PROVENANCE)]


def test_the_course_on_which_most_rests_alone():
    coverage = covered([[offered("A")], [offered("A"), offered("B")], [offered("B")], [offered("B")]])
    (finding,) = critical_courses(coverage, PROFILE, PROVENANCE)
    assert (finding.code, finding.subject.code, finding.measured, finding.threshold) == ("ZJ-C13", "B", 0.5, 0.25)
    assert (finding.part, finding.whole, finding.weight, finding.table) == (50, 100, 50, "skills")
    assert (finding.basis, finding.source, finding.severity) == ("plan", SOURCE, "note")
    assert [evidence.iri for evidence in finding.evidence] == ["B-3-1", "B-3-1"]


def test_courses_that_lose_the_same_are_both_named():
    coverage = covered([[offered("B")], [offered("A")], []])
    assert found(coverage) == [("A", "skills", Fraction(100, 3), 100), ("B", "skills", Fraction(100, 3), 100)]


def test_at_the_share_of_the_profile_a_course_is_not_yet_critical():
    assert found(covered([[offered("A")], [], [], []])) == []
    assert PROFILE.critical_share == Fraction(1, 4)


def test_a_course_that_falls_short_is_no_second_leg():
    """B reaches depth 1 only, so the requirement rests on A; a partial requirement rests on nobody."""
    assert found(covered([[offered("A"), offered("B", depth=1)]])) == [("A", "skills", 100, 100)]
    assert found(covered([[offered("A", depth=1)]])) == []


def test_a_source_without_weights_is_counted_in_items():
    coverage = covered([[offered("A")], [offered("A")], [offered("B")]], weights={})
    assert found(coverage) == [("A", "items", 2, 3)]
    assert next(critical_courses(coverage, PROFILE, PROVENANCE)).weight is None


def test_nothing_required_is_nothing_critical():
    assert found(covered([])) == []


cells = st.lists(st.lists(st.builds(offered, st.sampled_from("ABC"), st.integers(1, 4), st.integers(1, 5)), max_size=3),
                 min_size=1, max_size=6)  # fmt: skip


@given(cells, st.sampled_from([WEIGHTS, {}]))
def test_what_is_lost_is_what_a_recount_without_the_course_lacks(offers, weights):
    """The independent way: take each course out, judge everything again, and see what is no longer covered."""
    table = "skills" if weights else "items"
    before = covered(offers, weights).totals.all[table]
    lost = {}
    for course in "ABC":
        without = [[offer for offer in of_cell if offer.course.code != course] for of_cell in offers]
        lost[course] = before.covered - covered(without, weights).totals.all[table].covered
    most = max(lost.values())
    expected = sorted(course for course, loss in lost.items() if loss == most) if most * 4 > before.denominator else []
    told = found(covered(offers, weights))
    assert [course for course, *_ in told] == expected
    assert {part for *_, part, _ in told} <= {most}
