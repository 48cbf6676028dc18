"""What a row of one sheet has to know of others, in its own workbook and in those read with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .rows import Rows


@dataclass(slots=True)
class Outlook:
    """The plans, courses, stages and certificates that some workbooks tell of, before any row is written.

    ``editions``: the edition years of each programme code. ``term_counts``: the number of terms of
    each (programme code, year). ``course_owners``: the programmes of each course code. ``stage_terms``:
    the due term of each (programme code, year, stage). ``stage_of_level``: the stage that asks for a
    certificate of a level. ``certified``: the stages and levels that certificates are given for.
    ``plans_lost``: that a sheet of programmes could not be read, so that every programme is taken for known.
    """

    editions: dict[str, list[str]] = field(default_factory=dict)
    term_counts: dict[tuple[str, str], int] = field(default_factory=dict)
    course_owners: dict[str, list[str]] = field(default_factory=dict)
    stage_terms: dict[tuple[str, str, str], int] = field(default_factory=dict)
    stage_of_level: dict[str, str] = field(default_factory=dict)
    certified: set[str] = field(default_factory=set)
    plans_lost: bool = False


def look_ahead(rows: Rows) -> Outlook:
    """What one workbook tells."""
    outlook = Outlook()
    nameless = any("programme" not in row.values for row in rows.refused.get("programmes", ()))
    outlook.plans_lost = nameless or "programmes" in rows.lost
    for row in rows.written("programmes"):
        code, year = row.values.get("programme", ""), str(row.values.get("year", "?"))
        outlook.editions.setdefault(code, []).append(year)
        if "terms" in row.values:
            outlook.term_counts[code, year] = row.values["terms"]
    for row in rows.written("courses"):
        owner = row.values.get("programme", "").partition("@")[0]
        _add(outlook.course_owners.setdefault(row.values.get("course", ""), []), owner)
    for row in rows.written("certificates"):
        outlook.certified |= {row.values[key] for key in ("stage", "level") if key in row.values}
    _stages(rows, outlook)
    return outlook


def _stages(rows: Rows, outlook: Outlook) -> None:
    """A stage's due term holds for the programme it names; without one, for every plan of its workbook."""
    for row in rows.of("stages"):
        stage, level = row.values["stage"], row.values["certificate"].rpartition("/")[2]
        outlook.stage_of_level.setdefault(level, stage)
        code, _, year = row.values.get("programme", "").partition("@")
        for programme in [code] if code else list(outlook.editions):
            for edition in [year] if year else outlook.editions.get(programme, ["*"]):
                if "due" in row.values:
                    outlook.stage_terms[programme, edition, stage] = row.values["due"]


def together(outlooks: Iterable[Outlook]) -> Outlook:
    """What several workbooks tell; of two that tell the same thing differently the first is taken."""
    whole = Outlook()
    for outlook in outlooks:
        for mine, told in ((whole.editions, outlook.editions), (whole.course_owners, outlook.course_owners)):
            for code, values in told.items():
                for value in values:
                    _add(mine.setdefault(code, []), value)
        whole.term_counts = {**outlook.term_counts, **whole.term_counts}
        whole.stage_terms = {**outlook.stage_terms, **whole.stage_terms}
        whole.stage_of_level = {**outlook.stage_of_level, **whole.stage_of_level}
        whole.certified |= outlook.certified
        whole.plans_lost |= outlook.plans_lost
    return whole


def _add(values: list[str], value: str) -> None:
    if value not in values:
        values.append(value)
