"""The door to OR-tools: least cost against trying everything, bounds, and reasons that cannot be left out."""

import itertools
import sys
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiji_kg.errors import CannotRunError, ExitStatus
from zhiji_kg.planning.solver import Model, irreducible, solve

HALVES = st.integers(-6, 6).map(lambda number: Fraction(number, 2))


@st.composite
def models(draw):
    model = Model()
    for _ in range(draw(st.integers(1, 4))):
        model.variable(draw(st.integers(1, 3)), draw(st.integers(0, 9).map(lambda number: Fraction(number, 3))))
    count = len(model.bounds)
    for number in range(draw(st.integers(1, 5))):
        factors = draw(st.lists(HALVES, min_size=count, max_size=count))
        terms = [(one, factor) for one, factor in enumerate(factors) if factor]
        model.at_least(terms, draw(HALVES), draw(st.sampled_from(["", f"r{number}"])))
    return model


def holds(rule, values):
    return sum((factor * values[one] for one, factor in rule.terms), Fraction(0)) >= rule.least


def cheapest(model):
    """Every value of every variable, tried."""
    every = itertools.product(*(range(low, high + 1) for low, high in model.bounds))
    fitting = [values for values in every if all(holds(rule, values) for rule in model.rules)]
    return min((sum(c * v for c, v in zip(model.costs, values, strict=True)) for values in fitting), default=None)


@settings(max_examples=60)
@given(models())
def test_the_optimum_is_that_of_trying_everything(model):
    found, least = solve(model, 10), cheapest(model)
    if least is None:
        assert (found.status, found.cost, found.values) == ("impossible", None, ())
        return
    assert (found.status, found.cost, found.bound) == ("optimal", least, least)
    assert all(holds(rule, found.values) for rule in model.rules)
    assert sum(c * v for c, v in zip(model.costs, found.values, strict=True)) == least


@settings(max_examples=30)
@given(models())
def test_no_reason_can_be_left_out(model):
    if cheapest(model) is not None:
        return
    reasons, sure = irreducible(model, 10)
    assert sure
    assert cheapest(model.only(reasons)) is None
    assert all(cheapest(model.only([one for one in reasons if one != left])) is not None for left in reasons)


def test_two_that_cannot_stand_together_among_many():
    model = Model()
    one, other = model.variable(5, 1), model.variable(5, 1)
    model.at_least([(other, 1)], 2, "harmless")
    model.at_least([(one, 1)], 4, "much")
    model.at_most([(one, 1), (other, 1)], 9, "wide")
    model.at_most([(one, 1)], 3, "little")
    assert solve(model, 5).status == "impossible"
    assert irreducible(model, 5) == (["much", "little"], True)
    assert model.reasons() == ["harmless", "much", "wide", "little"]


def test_a_sum_of_nothing():
    model = Model()
    model.variable(1, 1)
    model.at_least([], 0)
    assert solve(model, 5).cost == 0
    model.at_least([], 1, "nothing helps")
    assert irreducible(model, 5) == (["nothing helps"], True)


def test_it_is_said_plainly_when_the_solver_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    with pytest.raises(CannotRunError) as caught:
        solve(Model(), 1)
    assert caught.value.status is ExitStatus.CANNOT_RUN
    assert "zhiji-kg[plan]" in caught.value.problems[0].line("en")
    assert "zhiji-kg[plan]" in caught.value.problems[0].line("zh")
