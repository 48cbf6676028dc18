"""The command ``zhiji``: the only door for people. It parses, prints and exits; the rooms below do the work."""

import io
import os
import sys
from collections.abc import Sequence

import click

from ..errors import ExitStatus, ZhijiError
from ..resources import package_version
from . import ask, console, demo, publish
from .options import LANGUAGE, language_option, told


class _Commands(click.Group):
    """Lists the commands in the order in which a newcomer needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands as they were added."""
        return list(self.commands)


def _show_version(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's
    if asked:
        click.echo(f"zhiji-kg {package_version()}")
        ctx.exit()


@click.group(cls=_Commands, help=told("help"), epilog=told("epilog"), context_settings={"max_content_width": 110})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help=told("option.version"))
@language_option
def zhiji() -> None:
    """Every command hangs here."""


for _command in (
    demo.demo, publish.init, publish.check, publish.build, ask.gaps, ask.report, ask.query, ask.queries,
    ask.export, publish.versions, publish.rollback, publish.verify, publish.ontology,
):  # fmt: skip
    zhiji.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        status = zhiji.main(args=arguments, prog_name="zhiji", standalone_mode=False)
        sys.stdout.flush()
    except ZhijiError as error:
        status = console.fail(error, LANGUAGE)
    except click.ClickException as error:
        where = getattr(error, "ctx", None)
        click.echo(f"{where.command_path if where else 'zhiji'}: {error.format_message()}", err=True)
        click.echo(told("see_help", command=where.command_path if where else "zhiji"), err=True)
        status = ExitStatus.UNREADABLE
    except (click.Abort, KeyboardInterrupt):
        status = 130
    except BrokenPipeError:  # the reader of the pipe has left, which is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(int(status or 0))
