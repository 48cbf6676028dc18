"""What can go wrong, as values with an address, and the one family of exceptions.

A ``Problem`` is a line for a person: where, what is wrong, what to do. Readers collect
problems; a step that cannot go on raises a ``ZhijiError`` that carries them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from .texts import Language, problem_text

Severity = Literal["error", "warning", "note"]

LeftOut = Literal["all", "shapes", ""]
"""Which checks of the graph wait until what was found is mended: all of them, the shapes, or none."""


class ExitStatus(IntEnum):
    """Exit status of the command, as every command's help states it."""

    FINE = 0
    WRONG = 1
    UNREADABLE = 2
    CANNOT_RUN = 3


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A place in a file: ``file:sheet!A5``, ``file:12`` or just ``file``."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        """As it is shown to people."""
        if not self.sheet:
            return f"{self.file}:{self.cell}" if self.cell else self.file
        return f"{self.file}:{self.sheet}!{self.cell}" if self.cell else f"{self.file}:{self.sheet}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with what was read: a code of ``layouts/problems.toml``, a place, its values."""

    code: str
    where: Address | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = "error"

    def line(self, language: Language) -> str:
        """One line: ``file:sheet!A5: what is wrong; what to do``."""
        wrong, do = problem_text(self.code)
        stop = "；" if language == "zh" else "; "
        said = f"{wrong(language, **self.values)}{stop}{do(language, **self.values)}"
        line = f"{self.where}: {said}" if self.where else said
        return " ".join(line.split())  # a file name or a cell may hold line breaks


class ZhijiError(Exception):
    """Base of all errors of ours: one or more problems and the exit status they lead to."""

    status: ExitStatus = ExitStatus.WRONG

    def __init__(self, *problems: Problem) -> None:
        """Carry the problems, the weightiest first."""
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """All the lines, in English: what a traceback or a notebook shows."""
        return "\n".join(problem.line("en") for problem in self.problems)


class SourceError(ZhijiError):
    """A source was read but is wrong, or the sources contradict each other."""

    def __init__(self, *problems: Problem, left_out: LeftOut = "") -> None:
        """Carry the problems, and which checks they kept from being made."""
        super().__init__(*problems)
        self.left_out = left_out


class UnreadableError(ZhijiError):
    """A file, a name or an option that cannot be understood at all."""

    status = ExitStatus.UNREADABLE


class CannotRunError(ZhijiError):
    """What is needed to answer is not there: no Java, an endpoint that is down, a store in use."""

    status = ExitStatus.CANNOT_RUN


def unreadable(code: str, where: str = "", /, **values: object) -> UnreadableError:
    """An ``UnreadableError`` with one problem about a file or a name."""
    return UnreadableError(Problem(code, Address(where) if where else None, values))


def cannot_run(code: str, where: str = "", /, **values: object) -> CannotRunError:
    """A ``CannotRunError`` with one problem."""
    return CannotRunError(Problem(code, Address(where) if where else None, values))
