"""Integer programs, small and exact: the door to OR-tools (CP-SAT).

A model is plain data: whole-number variables with bounds and a cost, and rules of the form
``sum(factor * variable) >= least``. Every rule may bear a reason, so that an impossible model can tell
which of its rules cannot stand together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Literal

from ..errors import cannot_run

Status = Literal["optimal", "feasible", "impossible", "unknown"]
Terms = Iterable[tuple[int, Fraction | int]]


@dataclass(frozen=True, slots=True)
class Rule:
    """``sum(factor * variable) >= least``; without a reason it is part of what the model means."""

    terms: tuple[tuple[int, Fraction], ...]
    least: Fraction
    reason: str = ""


@dataclass(slots=True)
class Model:
    """The variables (lowest and highest value, cost of one) and the rules."""

    bounds: list[tuple[int, int]] = field(default_factory=list)
    costs: list[Fraction] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def variable(self, high: int = 1, cost: Fraction | int = 0) -> int:
        """A new variable from 0 to a highest value; its number."""
        self.bounds.append((0, high))
        self.costs.append(Fraction(cost))
        return len(self.bounds) - 1

    def at_least(self, terms: Terms, least: Fraction | int, reason: str = "") -> None:
        """Require a sum to be at least a figure."""
        self.rules.append(Rule(tuple((one, Fraction(factor)) for one, factor in terms), Fraction(least), reason))

    def at_most(self, terms: Terms, most: Fraction | int, reason: str = "") -> None:
        """Require a sum to be at most a figure."""
        self.at_least([(one, -Fraction(factor)) for one, factor in terms], -Fraction(most), reason)

    def reasons(self) -> list[str]:
        """The reasons of the rules, each once, in their order."""
        return list(dict.fromkeys(rule.reason for rule in self.rules if rule.reason))

    def only(self, reasons: Iterable[str]) -> "Model":
        """The model with those of the reasoned rules alone, and without costs: can these stand together?"""
        kept = {"", *reasons}
        return Model(self.bounds, [Fraction(0)] * len(self.costs), [r for r in self.rules if r.reason in kept])


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found: the cost of the values, and the bound below which no values can cost."""

    status: Status
    cost: Fraction | None = None
    bound: Fraction | None = None
    values: tuple[int, ...] = ()


def solve(model: Model, seconds: float) -> Solution:
    """The cheapest values of a model.

    One worker with a fixed seed: the same model gives the same values on every machine, unless time runs out.

    Args:
        model: variables, rules, costs.
        seconds: after so long the best that is known is given.

    Raises:
        CannotRunError: when OR-tools is not installed.
    """
    try:
        from ortools.sat.python import cp_model  # the door to OR-tools; slow to import, and an extra
    except ImportError:
        raise cannot_run("no-ortools") from None
    program = cp_model.CpModel()
    variables = [program.new_int_var(low, high, f"v{place}") for place, (low, high) in enumerate(model.bounds)]
    for rule in model.rules:
        scale = lcm(rule.least.denominator, *(factor.denominator for _, factor in rule.terms))
        total = sum(int(factor * scale) * variables[one] for one, factor in rule.terms)
        if rule.terms:
            program.add(total >= int(rule.least * scale))
        elif rule.least > 0:  # nothing can ever be enough
            program.add_bool_or([])
    scale = lcm(*(cost.denominator for cost in model.costs), 1)
    program.minimize(sum(int(cost * scale) * one for cost, one in zip(model.costs, variables, strict=True) if cost))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    status = solver.solve(program)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solution("impossible" if status == cp_model.INFEASIBLE else "unknown")
    return Solution(
        status="optimal" if status == cp_model.OPTIMAL else "feasible",
        cost=Fraction(round(solver.objective_value), scale),
        bound=Fraction(round(solver.best_objective_bound), scale),
        values=tuple(solver.value(one) for one in variables),
    )


def irreducible(model: Model, seconds: float) -> tuple[list[str], bool]:
    """Reasons that cannot stand together, of which none can be left out.

    By Junker's divide and conquer (QuickXplain, AAAI 2004).

    Args:
        model: an impossible one.
        seconds: for each question of whether some rules can stand together.

    Returns:
        The reasons, and whether every question was answered in time; else some may be left out after all.
    """
    unanswered: list[bool] = []

    def impossible(reasons: Sequence[str]) -> bool:
        status = solve(model.only(reasons), seconds).status
        unanswered.extend([True] if status == "unknown" else [])
        return status == "impossible"

    if impossible([]):
        return [], not unanswered
    return _explain([], [], model.reasons(), impossible), not unanswered


def _explain(
    base: list[str], added: list[str], rest: list[str], impossible: Callable[[Sequence[str]], bool]
) -> list[str]:
    """The smallest part of the rest that, with the base, is impossible."""
    if added and impossible(base):
        return []
    if len(rest) == 1:
        return rest
    first, second = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    from_second = _explain(base + first, first, second, impossible)
    from_first = _explain(base + from_second, from_second, first, impossible)
    return from_first + from_second
