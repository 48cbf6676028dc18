"""``python -m docs.changes [--check]``: docs/ontology/changes.md, what the terms said in each release and say now.

``docs/releases/ontology-X.ttl`` is the ontology as release X published it, all modules in one file;
``make release`` adds one. The newest of them is what the present ontology is compared with.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from zhiji_kg.evolution import Deprecation, TermChange, deprecations, term_changes
from zhiji_kg.rdf import Triple, parse_turtle
from zhiji_kg.resources import ONTOLOGY

FOLDER = Path(__file__).parent
RELEASES = FOLDER / "releases"
PAGE = FOLDER / "ontology" / "changes.md"
_LONGEST = 160

HEAD = """\
<!-- 由 make docs 生成，请勿手改 | made by `make docs`, not by hand -->
# 术语变更 | Changes of the terms

与上一个发布版 {release} 相比。模块的版本号和日期不算变更。
Compared with the last release, {release}. A module's version and dates are no change.
"""
TITLES = {
    "added": "新增 | Added",
    "deprecated": "停用 | Deprecated",
    "changed": "修改 | Changed",
    "removed": "删除 | Removed",
}
KINDS = {
    "class": "类 | class",
    "object property": "对象属性 | object property",
    "datatype property": "数据属性 | datatype property",
    "value": "方案取值 | value of a scheme",
}
RETIRED = """\
## 停用的术语 | Deprecated terms

停用的术语不删除：它指明继任者，并附一条把旧数据改写成新数据的查询（CONSTRUCT）。
A deprecated term is kept: it names its successor, and a query (CONSTRUCT) rewrites old data into new.
"""


def last_release() -> Path:
    """The ontology of the newest release before the present version."""
    now = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    earlier = [path for path in RELEASES.glob("ontology-*.ttl") if _order(release_of(path)) < _order(now)]
    return max(earlier, key=lambda path: _order(release_of(path)))


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def release_of(path: Path) -> str:
    """The version that a snapshot is of."""
    return path.stem.removeprefix("ontology-")


def present() -> list[Triple]:
    """The triples of the ontology's modules as they stand."""
    return [triple for path in sorted(ONTOLOGY.glob("*.ttl")) for triple in parse_turtle(path)]


def page() -> str:
    """The page in full."""
    now, last = present(), last_release()
    changes = term_changes(parse_turtle(last), now)
    return "\n".join([HEAD.format(release=release_of(last)), *_tables(changes), RETIRED, *_retired(deprecations(now))])


def _tables(changes: tuple[TermChange, ...]) -> Iterator[str]:
    for change, title in TITLES.items():
        of_this = [entry for entry in changes if entry.change == change]
        if of_this:
            yield f"## {title} · {len(of_this)}\n"
            yield from (_entry(entry) for entry in of_this)
            yield ""


def _entry(entry: TermChange) -> str:
    line = f"- `{entry.term}` {entry.label.zh} | {entry.label.en} · {KINDS[entry.kind]}"
    for said in entry.statements:
        line += f"\n  - `{said.property}`: {_values(said.before)} → {_values(said.after)}"
    return line


def _values(values: tuple[str, ...]) -> str:
    return "; ".join(_quoted(value) for value in values) or "–"


def _quoted(value: str) -> str:
    short = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
    return f"“{short.replace('<', '&lt;')}”"


def _retired(retired: tuple[Deprecation, ...]) -> Iterator[str]:
    if not retired:
        yield "目前没有。| None so far.\n"
        return
    yield "| 术语 term | 名称 label | 继任者 successor | 迁移查询 migration query |\n| --- | --- | --- | --- |"
    for entry in retired:
        label = f"{entry.label.zh} \\| {entry.label.en}"
        yield f"| `{entry.term}` | {label} | `{entry.successor or '–'}` | `{entry.migration or '–'}` |"
    yield ""


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` say whether it is up to date; the exit status."""
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if (now := page()) == written:
        return 0
    if "--check" in arguments:
        print(f"{PAGE.name}: make docs", file=sys.stderr)
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(now, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
