"""Options that several commands share, and the language everything is said in."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ..texts import LANGUAGES, Language, preferred_language, say

_Command = TypeVar("_Command", bound=Callable[..., Any])


def spoken(arguments: list[str]) -> Language:
    """The language of a command line: what ``--lang`` says, else the reader's own."""
    for index, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and index + 1 < len(arguments):
            value = arguments[index + 1]
        if value in LANGUAGES:
            return value  # type: ignore[return-value]
    return preferred_language()


LANGUAGE: Language = spoken(sys.argv[1:])


def told(key: str, **values: object) -> str:
    """A text of ``web/texts/cli.toml`` in the language of this command line, with its values put in."""
    return say(f"cli.{key}")(LANGUAGE, **values)


def language_option(command: _Command) -> _Command:
    """``--lang``: read before the command runs, so that its help speaks the language too."""
    return click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=told("option.lang"))(command)


def graph_options(command: _Command) -> _Command:
    """``--kg DIR`` or ``--endpoint URL``: which graph answers."""
    command = click.option("--endpoint", envvar="ZHIJI_ENDPOINT", metavar="URL", help=told("option.endpoint"))(command)
    return kg_option(command)


def kg_option(command: _Command) -> _Command:
    """``--kg DIR``: the folder of versions."""
    return click.option("--kg", type=click.Path(path_type=Path), metavar="DIR", help=told("option.kg"))(command)


def programme_options(command: _Command) -> _Command:
    """``--programme ID`` and ``--standard ID``: what is compared with what."""
    command = click.option("--standard", metavar="ID", help=told("option.standard"))(command)
    return click.option("--programme", metavar="ID", help=told("option.programme"))(command)


def output_option(command: _Command) -> _Command:
    """``-o FILE``: where the result goes."""
    option = click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help=told("option.output"))
    return option(command)


def json_option(command: _Command) -> _Command:
    """``--json``: the table as data."""
    return click.option("--json", "as_json", is_flag=True, help=told("option.json"))(command)
