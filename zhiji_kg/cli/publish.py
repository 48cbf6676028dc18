"""Commands that read sources and keep versions: init, check, build, versions, rollback, verify."""

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ExitStatus, Problem, SourceError, unreadable
from ..findings import Grid
from . import console
from .options import LANGUAGE, Parser, told
from .settings import Settings, read_settings

if TYPE_CHECKING:
    from ..build import Draft


def init_arguments(parser: Parser) -> Parser:
    """``zhiji init DIR``."""
    parser.add_argument("directory", type=Path, metavar="DIR", help=told("option.directory"))
    return parser


def init(given: Namespace) -> ExitStatus:
    """Write a new project folder."""
    from ..template import init_project  # xlsx writing is slow to import

    for path in init_project(given.directory):
        console.line(str(path))
    console.line(told("init.next"))
    return ExitStatus.FINE


def check_arguments(parser: Parser) -> Parser:
    """``zhiji check SOURCE… [--kg DIR]``."""
    parser.sources()
    parser.graph(endpoint=False)
    parser.option("--json", action="store_true")
    parser.option("--shacl", action="store_true")
    return parser


def check(given: Namespace) -> ExitStatus:
    """Name every problem; write nothing."""
    from ..build import draft  # the graph is slow to import

    prepared = draft(given.sources or read_settings().sources, given.form, _step)
    found = prepared.problems
    if given.json:
        console.line(json.dumps([_plain(problem) for problem in found], ensure_ascii=False, indent=2))
    else:
        console.problems(found, LANGUAGE, err=False)
        counts = {severity: sum(p.severity == severity for p in found) for severity in ("error", "warning", "note")}
        console.line(told("check.summary", **counts))
        if prepared.left_out:
            console.line(told(f"check.left_out_{prepared.left_out}"))
        if given.kg is not None and not prepared.errors:
            _show_difference(prepared, given.kg)
    agreed = not given.shacl or _shacl_agrees(prepared)
    return ExitStatus.WRONG if prepared.errors or not agreed else ExitStatus.FINE


def build_arguments(parser: Parser) -> Parser:
    """``zhiji build SOURCE… --kg DIR``."""
    parser.sources()
    parser.graph(endpoint=False)
    return parser


def build(given: Namespace) -> ExitStatus:
    """Publish a version."""
    from ..build import build as publish_sources  # the graph is slow to import

    settings = read_settings() if not given.sources or given.kg is None else Settings()
    directory = given.kg or settings.kg
    try:
        done = publish_sources(given.sources or settings.sources, directory, given.form, _step)
    except SourceError as refused:
        console.problems((p for p in refused.problems if p.severity != "note"), LANGUAGE)
        print(told("build.refused", count=sum(p.severity == "error" for p in refused.problems)), file=sys.stderr)
        if refused.left_out:
            print(told(f"check.left_out_{refused.left_out}"), file=sys.stderr)
        return refused.status
    console.problems((p for p in done.draft.problems if p.severity != "note"), LANGUAGE)
    told_of = {name: done.version.manifest[name] for name in ("sha256", "quads")}
    key = "build.new" if done.is_new else "build.same"
    console.line(told(key, version=done.version.name, directory=directory, **told_of))
    for row in _contents(directory):
        console.line(row)
    return ExitStatus.FINE


def versions_arguments(parser: Parser) -> Parser:
    """``zhiji versions --kg DIR``."""
    parser.graph(endpoint=False)
    parser.option("--json", action="store_true")
    return parser


def versions(given: Namespace) -> ExitStatus:
    """List the versions."""
    from ..store import versions as published  # the store is slow to import

    directory = given.kg or read_settings().kg
    serving = published.current(directory)
    keys = ("published", "quads", "sha256")
    rows = [
        {
            "version": v.name,
            "serving": serving is not None and v.name == serving.name,
            **{k: v.manifest[k] for k in keys},
        }
        for v in published.versions(directory)
    ]
    if not rows:
        raise unreadable("no-version", str(directory), directory=directory)
    if given.json:
        console.line(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        shown = tuple(
            ("→" if r["serving"] else "", r["version"], r["published"], str(r["quads"]), r["sha256"][:16]) for r in rows
        )
        console.table(Grid("", ("", *told("versions.headings").split("|")), shown, frozenset({3})))
    return ExitStatus.FINE


def rollback_arguments(parser: Parser) -> Parser:
    """``zhiji rollback --kg DIR V``."""
    parser.add_argument("version", metavar="V", help=told("option.v"))
    parser.graph(endpoint=False)
    return parser


def rollback(given: Namespace) -> ExitStatus:
    """Let an earlier version serve."""
    from ..store import versions as published  # the store is slow to import

    serving = published.rollback(given.kg or read_settings().kg, given.version)
    console.line(told("rollback.done", version=serving.name))
    return ExitStatus.FINE


def verify_arguments(parser: Parser) -> Parser:
    """``zhiji verify --kg DIR``."""
    parser.graph(endpoint=False)
    return parser


def verify(given: Namespace) -> ExitStatus:
    """Check that the version that serves is what was published."""
    from ..store import versions as published  # the store is slow to import

    directory = given.kg or read_settings().kg
    serving = published.serving(directory)
    wrong = published.verify(serving)
    if wrong:
        console.line(told("verify.wrong", version=serving.name, files="、".join(wrong)))
        return ExitStatus.WRONG
    console.line(told("verify.fine", version=serving.name, sha256=serving.manifest["sha256"]))
    return ExitStatus.FINE


def _step(key: str) -> None:
    console.step(key, LANGUAGE)


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


def _contents(directory: Path) -> list[str]:
    """How many things of the main classes the version that serves holds."""
    from ..knowledge import KnowledgeGraph

    rows = KnowledgeGraph.open(directory).query("contents")
    return [f"  {row['instances']:>7}  {row['label' if LANGUAGE == 'zh' else 'labelEn']}" for row in rows]


def _shacl_agrees(prepared: "Draft") -> bool:
    """Have pySHACL check the same shapes, say what it finds, and tell whether the queries found the same."""
    from ..validation.oracle import findings_of, shacl_findings  # pySHACL is slow to import, and an extra

    if prepared.complete is None or prepared.violations is None:
        print(told("check.shacl_too_early"), file=sys.stderr)
        return False
    _step("shacl")
    theirs, ours = shacl_findings(prepared.complete.default), findings_of(prepared.violations)
    for finding in sorted(theirs ^ ours):
        key = "check.shacl_more" if finding in theirs else "check.shacl_less"
        print(told(key, shape=finding[0], constraint=finding[1], thing=finding[2]), file=sys.stderr)
    key = "check.shacl" if theirs == ours else "check.shacl_differs"
    print(told(key, count=len(theirs), ours=len(ours)), file=sys.stderr)
    return theirs == ours


def _show_difference(prepared: "Draft", kg: Path) -> None:
    """What a build would change in the published version, entity by entity."""
    from ..compare import difference

    change = difference(prepared.dataset, kg)
    if change is None:
        console.line(told("check.nothing_published", directory=kg))
    elif not change.entities:
        console.line(told("check.same"))
    else:
        counts = {kind: sum(e.kind == kind for e in change.entities) for kind in ("added", "removed", "changed")}
        console.line(told("check.difference", version=change.version, **counts))
        for shown in console.cut([entity.line(LANGUAGE) for entity in change.entities], 40):
            console.line(shown)
