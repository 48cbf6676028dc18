"""Adding up: the laws that hold for any cells and weights. The worked figures stand in ``test_cells``."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.analysis.totals import item_weights, totals, weights_without_items
from zhiji_kg.findings import STATES, Cell, Demand, Evidence, Requirement, Thing, Verdict

FUNCTIONS = ("F1", "F2", "F3")
TABLE = {"skill": "skills", "knowledge": "theory", "basic": "theory"}


def requirement(number, kind, function):
    thing = Thing(f"r{number}")
    return Requirement(thing, kind, Thing(f"p{number}"), Evidence("e"), Thing(function) if function else None)


def cell(required, state, reviewed, shares):
    verdicts = {"verdict": Verdict(state), "reviewed": Verdict(reviewed)}
    return Cell(required, Demand(None, 1), (), (), **verdicts, weight=shares.get(required.thing.iri))


written = st.lists(
    st.tuples(
        st.sampled_from(["skill", "knowledge", "basic", "task"]),
        st.sampled_from([*FUNCTIONS, None]),
        st.sampled_from(STATES),
        st.sampled_from(STATES),
    ),
    max_size=12,
)
columns = st.dictionaries(
    st.sampled_from(["theory", "skills"]),
    st.dictionaries(st.sampled_from(FUNCTIONS), st.decimals(0, 100, places=1).map(Fraction), min_size=1),
)


@given(written, columns)
def test_shares_of_a_function_add_up_to_its_weight(items, weights):
    required = [requirement(n, kind, function) for n, (kind, function, *_) in enumerate(items)]
    shares = item_weights(required, weights)
    for table, column in weights.items():
        for function, weight in column.items():
            own = [r for r in required if r.table == table and r.function == Thing(function)]
            given_out = [shares[r.thing.iri] for r in own]
            assert sum(given_out) == (weight if own else 0)
            assert len(set(given_out)) <= 1, "shared equally"
    assert not {r.thing.iri for r in required if r.kind == "task" or r.function is None} & shares.keys()


def test_the_points_of_one_row_share_what_the_row_weighs():
    """A function of weight 30 with two rows: one of one point, one of three."""
    rows = [("A", 1), ("B", 1), ("B", 2), ("B", 3)]
    items = [
        Requirement(Thing(f"{code}{n}", code), "skill", Thing(f"p{n}"), Evidence("e"), Thing("F1")) for code, n in rows
    ]
    shares = item_weights(items, {"skills": {"F1": Fraction(30)}})
    assert shares == {"A1": 15, "B1": 5, "B2": 5, "B3": 5}


@given(written, columns)
def test_the_denominator_is_what_has_items_and_the_rest_is_named(items, weights):
    required = [requirement(n, kind, function) for n, (kind, function, *_) in enumerate(items)]
    shares = item_weights(required, weights)
    found = totals([cell(r, row[2], row[3], shares) for r, row in zip(required, items, strict=True)], weights)
    empty = weights_without_items(required, weights)
    for tallies in (found.all, found.reviewed):
        assert tallies["items"].denominator == len(required)
        assert tallies["items"].stated is None
        for table, column in weights.items():
            left_out = sum((column[function] for of, function in empty if of == table), Fraction(0))
            assert tallies[table].denominator + left_out == tallies[table].stated == sum(column.values())


@given(written, columns, st.integers(0, 12))
def test_parts_add_up_to_the_whole(items, weights, cut):
    required = [requirement(n, kind, function) for n, (kind, function, *_) in enumerate(items)]
    shares = item_weights(required, weights)
    cells = [cell(r, row[2], row[3], shares) for r, row in zip(required, items, strict=True)]
    whole, one, other = (totals(part, weights).all for part in (cells, cells[:cut], cells[cut:]))
    for table, tally in whole.items():
        for state in STATES:
            assert tally.of(state) == one[table].of(state) + other[table].of(state)


@pytest.mark.parametrize("table", ["theory", "skills"])
def test_a_weight_of_nothing_without_items_is_no_finding(table):
    assert weights_without_items([], {table: {"F1": Fraction(0)}}) == []
    assert weights_without_items([], {table: {"F1": Fraction(1, 3)}}) == [(table, "F1")]


def test_no_cells_give_totals_of_nothing():
    found = totals([], {})
    assert set(found.all) == {"items"}
    assert found.all["items"].denominator == 0
    assert found.all["items"].upper_bound == 0
