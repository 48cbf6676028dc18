"""The state of one cell: what is asked of a point against what the courses of a plan offer.

A cell is *covered* when some offer passes every test; *partial* when there are offers and
each fails at least one; *no match* when there is none and an examination says so; else
*not examined*. The reasons of a partial cell are those of the offer that fails the fewest
tests; among equals the one that falls short the least, in the order of the tests.
"""

from collections.abc import Sequence

from ..findings import Demand, Offer, Shortfall, State, Verdict

TOO_SHALLOW = "ZJ-C02"
TOO_LATE = "ZJ-C03"
TOO_FEW_HOURS = "ZJ-C14"
NOT_ASSESSED = "ZJ-C04"


def judge(demand: Demand, offers: Sequence[Offer], *, examined: bool) -> Verdict:
    """The state of a cell.

    Args:
        demand: what the requirement asks.
        offers: the coverages of its point, or of a point it is part of, by courses of the plan.
        examined: whether an examination is recorded that found no match.

    Returns:
        The state; the offer that decides it, and the tests that offer fails (none when covered).
    """
    if not offers:
        nothing: State = "no-match" if examined else "not-examined"
        return Verdict(nothing)
    weighed = [(shortfalls(demand, offer), offer) for offer in offers]
    failed, chosen = min(weighed, key=lambda pair: _rank(demand, *pair))
    return Verdict("partial" if failed else "covered", chosen, failed)


def shortfalls(demand: Demand, offer: Offer) -> tuple[Shortfall, ...]:
    """The tests an offer fails, in the order depth, term, hours, assessment.

    A depth or an hour figure that is not stated cannot meet one that is demanded.
    """
    failed: list[Shortfall] = []
    if demand.least_depth is not None and (offer.depth or 0) < demand.least_depth:
        failed.append(Shortfall(TOO_SHALLOW, offer.depth, demand.least_depth))
    if offer.last_term > demand.due_term:
        failed.append(Shortfall(TOO_LATE, offer.last_term, demand.due_term))
    if demand.least_hours is not None and (offer.hours is None or offer.hours < demand.least_hours):
        failed.append(Shortfall(TOO_FEW_HOURS, offer.hours, demand.least_hours))
    if demand.must_be_assessed and not offer.assessed:
        failed.append(Shortfall(NOT_ASSESSED, False, True))
    return tuple(failed)


def _rank(demand: Demand, failed: tuple[Shortfall, ...], offer: Offer) -> tuple[object, ...]:
    short_of_depth = max(0, (demand.least_depth or 0) - (offer.depth or 0))
    late = max(0, offer.last_term - demand.due_term)
    short_of_hours = max(0.0, (demand.least_hours or 0.0) - (offer.hours or 0.0))
    return len(failed), short_of_depth, late, short_of_hours, offer.course.code, offer.coverage.iri
