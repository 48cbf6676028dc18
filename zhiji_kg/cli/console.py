"""What the terminal sees: lines, problems, tables and steps. The door to rich."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..errors import ExitStatus, Problem, ZhijiError
from ..texts import Language, say

if TYPE_CHECKING:
    from ..findings import Grid

_WIDTH_WHEN_PIPED = 140


def line(text: str = "") -> None:
    """One line on stdout."""
    print(text)


def problems(found: Iterable[Problem], language: Language, *, err: bool = True) -> None:
    """One line for each problem; warnings and notes say that they are."""
    for problem in found:
        mark = "" if problem.severity == "error" else say(f"cli.severity.{problem.severity}")(language)
        print(f"{mark}{problem.line(language)}", file=sys.stderr if err else sys.stdout)


def fail(error: ZhijiError, language: Language) -> ExitStatus:
    """Print the problems of an error and give the exit status it leads to."""
    problems(error.problems, language)
    return error.status


def step(key: str, language: Language) -> None:
    """Say on stderr what is being done, when somebody is watching."""
    if sys.stderr.isatty():
        print(f"· {say(f'cli.step.{key}')(language)}", file=sys.stderr)


def table(shown: "Grid") -> None:
    """Print a table as wide as the terminal; Chinese counts double."""
    from rich.box import SIMPLE_HEAD  # slow to import, so only where a table is printed
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Rich

    console = Console(width=None if sys.stdout.isatty() else _WIDTH_WHEN_PIPED, highlight=False)
    title, told = ("", shown.caption) if "\n" in shown.caption else (shown.caption, "")
    drawn = Table(
        title=Rich(title, style="bold") if title else None,
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for index, heading in enumerate(shown.headings):
        drawn.add_column(Rich(heading), justify="right" if index in shown.right else "left", overflow="fold")
    for row in shown.rows:
        drawn.add_row(*map(Rich, row))
    with console.capture() as made:
        if told:  # lines of their own, for a title is no wider than its table
            first, _, rest = told.partition("\n")
            console.print(Rich(first, style="bold"), Rich(rest), sep="\n")
        console.print(drawn)
    print(made.get(), end="")  # not rich's own printing, which exits with 1 where the reader of a pipe has left


def cut(words: Sequence[str], most: int) -> list[str]:
    """The first words, and an ellipsis where there are more."""
    return [*words[:most], *(["…"] if len(words) > most else [])]
