"""Options that several commands share, and the language everything is said in."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NoReturn

from ..errors import Problem, UnreadableError
from ..texts import LANGUAGES, Language, preferred_language, say


def spoken(arguments: Sequence[str]) -> Language:
    """The language of a command line: what ``--lang`` says, else the reader's own."""
    for index, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and index + 1 < len(arguments):
            value = arguments[index + 1]
        if value in LANGUAGES:
            return value
    return preferred_language()


def without_language(arguments: list[str]) -> list[str]:
    """The command line without a ``--lang`` before the command, which has been heeded already.

    Raises:
        UnreadableError: when it names no language that we speak.
    """
    while arguments and arguments[0].partition("=")[0] == "--lang":
        name, equals, value = arguments.pop(0).partition("=")
        value = value if equals else arguments.pop(0) if arguments else ""
        if value not in LANGUAGES:
            raise misuse("zhiji", f"{name} {'|'.join(LANGUAGES)}")
    return arguments


LANGUAGE: Language = spoken(sys.argv[1:])


def told(key: str, **values: object) -> str:
    """A text of ``web/texts/cli.toml`` in the language of this command line, with its values put in."""
    return say(f"cli.{key}")(LANGUAGE, **values)


class Parser(argparse.ArgumentParser):
    """The arguments of one command; its headings and errors speak the language of the command line."""

    def __init__(self, name: str) -> None:
        """A parser for the command of that name, with its help text and ``--lang``."""
        super().__init__(
            prog=f"zhiji {name}",
            description=told(f"{name}.help"),
            formatter_class=_Formatter,
            allow_abbrev=False,
            add_help=False,
        )
        self._positionals.title = told("heading.arguments")
        self._optionals.title = told("heading.options")
        self.add_argument("-h", "--help", action="help", help=told("option.help"))
        self.option("--lang", choices=LANGUAGES)

    def option(self, *names: str, **how: object) -> None:
        """Add an option whose help stands in the texts under its own name."""
        key = names[-1].removeprefix("--").replace("-", "_")
        how.setdefault("help", told(f"option.{key}"))
        self.add_argument(*names, **how)  # type: ignore[arg-type]

    def graph(self, *, endpoint: bool = True) -> None:
        """``--kg DIR`` and ``--endpoint URL``: which graph answers."""
        self.option("--kg", type=Path, metavar="DIR")
        if endpoint:
            self.option("--endpoint", metavar="URL")

    def sources(self) -> None:
        """``SOURCE…`` and ``--from``: what is read."""
        self.add_argument("sources", nargs="*", type=Path, metavar="SOURCE", help=told("option.sources"))
        self.option("--from", dest="form", choices=("workbook", "csco"))

    def programme(self) -> None:
        """``--programme ID`` and ``--standard ID``: what is compared with what."""
        self.option("--programme", metavar="ID")
        self.option("--standard", metavar="ID")

    def output(self, *, required: bool = False) -> None:
        """``-o FILE``: where the result goes."""
        self.option("-o", "--output", type=Path, metavar="FILE", required=required)

    def error(self, message: str) -> NoReturn:
        """A misused command as one line that says where its help is.

        Raises:
            UnreadableError: always.
        """
        raise misuse(self.prog, message)

    def print_help(self, file: IO[str] | None = None) -> None:  # type: ignore[override]
        """The help of the command."""
        print(self.format_help(), end="", file=file)


def misuse(command: str, message: str) -> UnreadableError:
    """An error about how a command was written."""
    return UnreadableError(Problem("misused", None, {"message": message, "command": command}))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG002
        super().add_usage(usage, actions, groups, told("heading.usage"))
