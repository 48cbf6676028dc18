"""Edits of a plan as people read them, for the commands that propose them and those that try them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..findings import Grid
from ..texts import LIST_MARK
from .options import LANGUAGE, told

if TYPE_CHECKING:
    from ..planning.edits import Edit


def edits_grid(edits: Sequence["Edit"], caption: str) -> Grid:
    """Edits as a table: what, of which course and point, to what."""
    from ..planning.edits import kinds

    rows = tuple(
        (kinds()[edit.edit].label(LANGUAGE), edit.course, edit.point, _to(edit), edit.why) for edit in edits
    )  # fmt: skip
    return Grid(caption, tuple(told("plan.headings").split("|")), rows)


def _to(edit: "Edit") -> str:
    from ..planning.edits import columns

    apart = "，" if LANGUAGE == "zh" else ", "
    known = columns()
    said = {key: value for key, value in edit.plain().items() if key not in ("edit", "course", "point", "why")}
    heading = {key: known[key].zh if LANGUAGE == "zh" else known[key].en for key in said}
    return apart.join(f"{heading[key]} {_cell(value)}" for key, value in said.items())


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return told("plan.yes") if value else told("plan.no")
    if isinstance(value, list):
        return LIST_MARK[LANGUAGE].join(map(str, value))
    return str(value).rpartition("/")[2]
