"""Commands that read sources and keep versions: init, check, build, versions, rollback, verify, ontology."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import ExitStatus, Problem
from . import console
from .options import LANGUAGE, json_option, kg_option, language_option, told
from .settings import Settings, read_settings

if TYPE_CHECKING:
    from ..build import Draft

_SOURCES = click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path(path_type=Path))
_FROM = click.option("--from", "form", type=click.Choice(["workbook", "csco"]), help=told("option.from"))


@click.command(help=told("init.help"), short_help=told("init.short"))
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@language_option
def init(directory: Path) -> None:
    """Write a new project folder."""
    from ..template import init_project  # xlsx writing is slow to import

    for path in init_project(directory):
        console.line(str(path))
    console.line(told("init.next"))


@click.command(help=told("check.help"), short_help=told("check.short"))
@_SOURCES
@kg_option
@_FROM
@json_option
@language_option
def check(sources: tuple[Path, ...], kg: Path | None, form: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Name every problem; write nothing."""
    from ..build import draft  # the graph is slow to import

    prepared = draft(sources or read_settings().sources, form, lambda key: console.step(key, LANGUAGE))
    found = prepared.problems
    if as_json:
        console.line(json.dumps([_plain(problem) for problem in found], ensure_ascii=False, indent=2))
    else:
        console.problems(found, LANGUAGE, err=False)
        counts = {severity: sum(p.severity == severity for p in found) for severity in ("error", "warning", "note")}
        console.line(told("check.summary", **counts))
        if kg is not None and not prepared.errors:
            _show_difference(prepared, kg)
    raise SystemExit(ExitStatus.WRONG if prepared.errors else ExitStatus.FINE)


@click.command(help=told("build.help"), short_help=told("build.short"))
@_SOURCES
@kg_option
@_FROM
@language_option
def build(sources: tuple[Path, ...], kg: Path | None, form: str | None) -> None:
    """Publish a version."""
    from ..build import build as publish_sources  # the graph is slow to import

    settings = read_settings() if not sources or kg is None else Settings()
    directory = kg or settings.kg
    done = publish_sources(
        sources or settings.sources, directory, form, lambda key: console.step(key, LANGUAGE)
    )  # fmt: skip
    console.problems((p for p in done.draft.problems if p.severity != "note"), LANGUAGE)
    key = "build.new" if done.is_new else "build.same"
    manifest = done.version.manifest
    console.line(
        told(key, 
            version=done.version.name, directory=directory, sha256=manifest["sha256"], quads=manifest["quads"]
        )
    )
    for row in _contents(done.version.directory):
        console.line(row)


@click.command(help=told("versions.help"), short_help=told("versions.short"))
@kg_option
@json_option
@language_option
def versions(kg: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """List the versions."""
    from ..store import versions as published  # the store is slow to import

    directory = kg or read_settings().kg
    serving = published.current(directory)
    known = published.versions(directory)
    rows = [
        {
            "version": version.name,
            "serving": serving is not None and version.name == serving.name,
            "published": version.manifest["published"],
            "quads": version.manifest["quads"],
            "sha256": version.manifest["sha256"],
        }
        for version in known
    ]
    if as_json:
        console.line(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    marks = {True: "→", False: ""}
    shown = tuple(
        (marks[bool(r["serving"])], str(r["version"]), str(r["published"]), str(r["quads"]), str(r["sha256"])[:16])
        for r in rows
    )
    headings = ("", *told("versions.headings").split("|"))
    console.table(console.TextTable("", headings, shown, frozenset({3})))


@click.command(help=told("rollback.help"), short_help=told("rollback.short"))
@click.argument("version")
@kg_option
@language_option
def rollback(version: str, kg: Path | None) -> None:
    """Let an earlier version serve."""
    from ..store import versions as published  # the store is slow to import

    serving = published.rollback(kg or read_settings().kg, version)
    console.line(told("rollback.done", version=serving.name))


@click.command(help=told("verify.help"), short_help=told("verify.short"))
@kg_option
@language_option
def verify(kg: Path | None) -> None:
    """Check that the version that serves is what was published."""
    from ..errors import cannot_run, unreadable
    from ..store import versions as published  # the store is slow to import

    directory = kg or read_settings().kg
    serving = published.current(directory)
    if serving is None:
        raise unreadable("no-version", str(directory), directory=directory)
    wrong = published.verify(serving)
    if wrong:
        raise cannot_run("damaged-version", str(directory), version=serving.name, reason="、".join(wrong))
    console.line(told("verify.fine", version=serving.name, sha256=serving.manifest["sha256"]))


@click.group(help=told("ontology.help"), short_help=told("ontology.short"))
@language_option
def ontology() -> None:
    """Commands about the ontology itself."""


@ontology.command("check", help=told("ontology.check"), short_help=told("ontology.check_short"))
@language_option
def ontology_check() -> None:
    """Ask HermiT whether the ontology is consistent."""
    from ..inference import check_consistency  # owlready2 is slow to import

    console.step("reason", LANGUAGE)
    verdict = check_consistency()
    if verdict.consistent and not verdict.unsatisfiable:
        console.line(told("ontology.consistent"))
        return
    console.line(told("ontology.inconsistent", classes="、".join(verdict.unsatisfiable) or "–"))
    raise SystemExit(ExitStatus.WRONG)


def _plain(problem: Problem) -> dict[str, object]:
    where = problem.where
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": where.file if where else None,
        "sheet": where.sheet if where else None,
        "cell": where.cell if where else None,
        "message": problem.line(LANGUAGE),
    }


def _contents(version: Path) -> list[str]:
    """How many things of the main classes the version holds, counted by a named question."""
    from .. import queries
    from ..store.versions import open_current

    rows = queries.run(open_current(version.parent), "contents")
    return [f"  {row['instances']:>7}  {row['label' if LANGUAGE == 'zh' else 'labelEn']}" for row in rows]


def _show_difference(prepared: "Draft", kg: Path) -> None:
    """What a build would change in the published version."""
    from ..build import difference

    change = difference(prepared, kg)
    if change is None:
        console.line(told("check.nothing_published", directory=kg))
    elif not change.added and not change.removed:
        console.line(told("check.same"))
    else:
        counts = {"added": len(change.added), "removed": len(change.removed)}
        console.line(told("check.difference", version=change.version, **counts))
        for mark, triples in (("+", change.added), ("-", change.removed)):
            for shown in console.cut([str(triple) for triple in triples], 20):
                console.line(f"{mark} {shown}")
