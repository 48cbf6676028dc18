"""What changes cost and how far a plan may be changed: the section ``[plan]`` of the profile."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from ..analysis import Profile
from ..errors import unreadable


@dataclass(frozen=True, slots=True)
class Costs:
    """The figures of ``[plan]``, as its comments there explain them. Costs have no unit: only ratios count."""

    raise_depth: Fraction
    hours_per_level: Fraction
    add_hour: Fraction
    assess: Fraction
    move_term: Fraction
    add_point: Fraction
    add_point_apart: Fraction
    new_course: Fraction
    new_courses: Fraction
    new_course_hours: Fraction
    growth_step: Fraction
    growth_hours: Fraction
    hours_per_credit: Fraction
    hours_per_term: Fraction
    credits_per_term: Fraction
    seconds: Fraction
    point_hours: Mapping[str, Fraction]


def costs_of(profile: Profile) -> Costs:
    """The costs of a profile.

    Raises:
        UnreadableError: when a figure is missing, is none or is negative.
    """
    section = profile.sections.get("plan", {})
    try:
        plain = {part.name: _figure(section[part.name]) for part in fields(Costs) if part.name != "point_hours"}
        if not (plain["growth_step"] and plain["hours_per_credit"]):  # they divide
            raise ValueError(0)
        hours = {str(kind): _figure(value) for kind, value in section["point_hours"].items()}
        return Costs(**plain, point_hours=hours)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable("bad-settings", "[plan]", reason=str(error)) from None


def _figure(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**9:
        raise ValueError(value)
    return Fraction(Decimal(str(value)))
