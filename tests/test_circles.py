"""What lies in a circle: small cases, and the same as the transitive closure says on any graph."""

from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.circles import circles, components


def in_circles(links):
    """All that lies in some circle."""
    return {one for circle in circles(links) for one in circle}


LINKS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


def by_closure(links):
    """What can be reached from itself, by joining links until nothing new comes of it."""
    reached = set(links)
    while new := {(a, d) for a, b in reached for c, d in links if b == c} - reached:
        reached |= new
    return {a for a, b in reached if a == b}


def test_small_cases():
    assert in_circles([]) == set()
    assert in_circles([("a", "b"), ("b", "c")]) == set()
    assert in_circles([("a", "a")]) == {"a"}
    assert in_circles([("a", "b"), ("b", "a"), ("b", "c")]) == {"a", "b"}
    assert in_circles([("a", "b"), ("b", "c"), ("c", "a"), ("x", "a"), ("c", "y")]) == {"a", "b", "c"}


def test_circles_that_do_not_meet_are_told_apart():
    links = [("c", "b"), ("x", "x"), ("b", "c"), ("b", "x")]
    assert sorted(map(sorted, circles(links))) == [["b", "c"], ["x"]]
    assert circles([("a", "b"), ("b", "a"), ("b", "b")]) == [{"a", "b"}]


@given(LINKS)
def test_two_are_in_one_circle_when_each_leads_to_the_other(links):
    reached = set(links)
    while new := {(a, d) for a, b in reached for c, d in links if b == c} - reached:
        reached |= new
    found = circles(links)
    assert sum(map(len, found)) == len(in_circles(links))
    together = {(a, b) for circle in found for a in circle for b in circle}
    assert together == {(a, b) for a, b in reached if (b, a) in reached}


def test_between_two_circles_is_in_none():
    assert in_circles([(1, 2), (2, 1), (2, 3), (3, 4), (4, 5), (5, 4)]) == {1, 2, 4, 5}


def test_a_long_way_needs_no_recursion():
    way = [(n, n + 1) for n in range(50_000)]
    assert in_circles(way) == set()
    assert len(in_circles([*way, (50_000, 0)])) == 50_001


@given(LINKS)
def test_the_same_as_the_closure(links):
    assert in_circles(links) == by_closure(links)


@given(LINKS)
def test_the_order_of_the_links_does_not_matter(links):
    assert in_circles(links) == in_circles(links[::-1]) == in_circles(set(links))


@given(LINKS)
def test_each_component_comes_after_all_that_it_leads_to(links):
    ahead = [[end for start, end in links if start == place] for place in range(10)]
    found = list(components(ahead))
    assert sorted(place for component in found for place in component) == list(range(10))
    rank = {place: number for number, component in enumerate(found) for place in component}
    assert all(rank[end] <= rank[start] for start, end in links)
