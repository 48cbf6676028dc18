"""The command ``zhiji``: the only door for people. It parses, prints and exits; the rooms below do the work.

A command's module is imported when the command is called, so that ``--help`` costs next to nothing.
"""

import codecs
import difflib
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from ..errors import ExitStatus, ZhijiError
from . import console
from .options import LANGUAGE, Parser, misuse, told, without_language

COMMANDS = {
    "demo": "demo",
    "init": "publish",
    "check": "publish",
    "build": "publish",
    "gaps": "ask",
    "report": "report",
    "recognise": "recognise",
    "plan": "plan",
    "whatif": "whatif",
    "crosswalk": "fuse",
    "compare": "compare",
    "fuse": "fuse",
    "quality": "quality",
    "query": "ask",
    "queries": "ask",
    "export": "ask",
    "serve": "serve",
    "versions": "publish",
    "rollback": "publish",
    "verify": "publish",
    "ontology": "ontology",
}
"""The commands in the order in which a newcomer needs them, and the module each stands in."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # ASCII could show none of our words; such a terminal takes UTF-8
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if ascii_only else None, errors="replace")
    try:
        status: int = run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except ZhijiError as error:
        status = console.fail(error, LANGUAGE)
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:  # the reader of the pipe has left, which is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = ExitStatus.FINE
    sys.exit(int(status))


def run(arguments: list[str]) -> int:
    """Carry out a command line.

    Returns:
        The exit status.

    Raises:
        ZhijiError: when it cannot be carried out.
    """
    rest = without_language(arguments)
    if not rest or rest[0] in ("-h", "--help"):
        console.line(overview())
        return ExitStatus.FINE if rest else ExitStatus.UNREADABLE
    if rest[0] == "--version":
        from ..resources import package_version  # reads the installed metadata, which is slow

        console.line(f"zhiji-kg {package_version()}")
        return ExitStatus.FINE
    name, *given = rest
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=3) or list(COMMANDS)[:3]
        raise misuse("zhiji", told("unknown_command", name=name, near="、".join(near)))
    module = import_module(f"{__name__}.{COMMANDS[name]}")
    parser: Parser = getattr(module, f"{name}_arguments")(Parser(name))
    try:
        return int(getattr(module, name)(parser.parse_args(given)))
    except SystemExit as done:  # argparse has printed the help
        return int(done.code or 0)


def overview() -> str:
    """The help of ``zhiji`` itself: what it is for, and its commands in a line each."""
    width = max(map(len, COMMANDS))
    commands = [f"  {name:<{width}}  {told(f'{name}.short')}" for name in COMMANDS]
    parts = [
        told("heading.usage") + "zhiji [--lang zh|en] [--version] [--help] " + told("heading.command"),
        "",
        told("help"),
        "",
        f"{told('heading.commands')}:",
        *commands,
        "",
        told("epilog"),
    ]
    return "\n".join(parts)
