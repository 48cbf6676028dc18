"""Write docs/reference.md from what the program itself knows: ``python -m docs.generate [--check]``.

Commands come from the parsers of ``zhiji_kg.cli`` (asked once in each language), questions from
the headers of the query files, finding codes from ``profile.toml``, problems from ``problems.toml``,
sheets and columns from ``workbook.toml``. Nothing is written by hand, so nothing can be forgotten.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import Field, fields
from importlib import import_module
from pathlib import Path
from typing import Any

from zhiji_kg.analysis.profile import load_profile
from zhiji_kg.cli.serve import Place
from zhiji_kg.queries import Column as AnswerColumn
from zhiji_kg.queries import Query, catalogue, competency_questions
from zhiji_kg.resources import LAYOUTS
from zhiji_kg.sources.workbook.layout import Column, Layout, Sheet, workbook_layout
from zhiji_kg.texts import problem_text, say
from zhiji_kg.workers.limits import RANGES, Limits

REFERENCE = Path(__file__).parent / "reference.md"
HEAD = """\
<!-- 由 make docs 生成，请勿手改 | made by `make docs`, not by hand -->
# 参考 | Reference

[命令 | Commands](#命令--commands) ·
[服务 | Service](#服务--service) ·
[查询 | Questions](#查询--questions) ·
[结论代码 | Finding codes](#结论代码--finding-codes) ·
[问题 | Problems](#问题--problems) ·
[工作簿 | Workbook](#工作簿--workbook)
"""
FOLDERS = {
    "ask": "询问 | to ask",
    "browse": "浏览页面所用 | behind the pages",
    "check": "检查 | checks",
    "gaps": "缺口 | gaps",
    "infer": "推理规则 | rules of inference",
}
TYPES = {
    "boolean": "是/否 | yes or no",
    "code": "代码 | code",
    "codes": "代码（可多个） | codes",
    "texts": "文字（可多个） | texts",
    "date": "日期 | date",
    "depth": "深度 | depth",
    "evidence": "证据等级 | evidence grade",
    "integer": "整数 | whole number",
    "integers": "整数（可多个） | whole numbers",
    "level": "技能等级 | skill level",
    "number": "数 | number",
    "programme": "专业代码或代码@年 | programme code or CODE@YEAR",
    "text": "文字 | text",
    "word": "选一 | one of",
    "words": "可选多个 | some of",
    "year": "年 | year",
}


def main() -> int:
    """Write the page, or with ``--check`` only say whether it is the one the program gives."""
    parser = argparse.ArgumentParser(prog="docs.generate", description="docs/reference.md")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the page is out of date")
    parser.add_argument("--commands", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.commands:
        json.dump(list(_described_commands()), sys.stdout, ensure_ascii=True)
        return 0
    page = reference()
    if not options.check:
        REFERENCE.write_text(page, encoding="utf-8", newline="\n")
        return 0
    if REFERENCE.is_file() and REFERENCE.read_text(encoding="utf-8") == page:
        return 0
    print(
        "docs/reference.md 已过时，请运行 make docs | docs/reference.md is out of date: run `make docs`",
        file=sys.stderr,
    )
    return 1


def reference() -> str:
    """The whole page."""
    layout = workbook_layout()
    parts = [HEAD, *_commands(), *_service(), *_questions(), *_codes(), *_problems(), *_workbook(layout)]
    return "\n".join(parts).rstrip() + "\n"


def _commands() -> Iterator[str]:
    yield "## 命令 | Commands\n"
    zh, en = _commands_in("zh"), _commands_in("en")
    for said, spoken in zip(zh, en, strict=True):
        yield f"### `{said['name']}`\n\n{_marked(said['help'])}\n\n{_marked(spoken['help'])}\n"
        both = zip(said["options"], spoken["options"], strict=True)
        yield from _table(("", "", ""), [(f"`{a['name']}`", a["help"], b["help"]) for a, b in both])


def _marked(written: str) -> str:
    """The help with its examples as code."""
    return re.sub(r"^(例：|Example: |\s*)(zhiji .+)$", r"\1`\2`", written, flags=re.M)


def _commands_in(language: str) -> list[dict[str, Any]]:
    """The commands described in a language, by a process that was started in it."""
    told = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--commands"],
        cwd=Path(__file__).parent.parent,
        env=os.environ | {"ZHIJI_LANG": language},
        capture_output=True,
        check=True,
    )
    described: list[dict[str, Any]] = json.loads(told.stdout)
    return described


def _described_commands() -> Iterator[dict[str, Any]]:
    from zhiji_kg import cli  # the language of its words is settled when it is imported
    from zhiji_kg.cli.options import Parser, told

    yield {"name": "zhiji", "help": f"{told('help')}\n\n{told('epilog')}", "options": []}
    for name, room in cli.COMMANDS.items():
        parser = getattr(import_module(f"zhiji_kg.cli.{room}"), f"{name}_arguments")(Parser(name))
        # argparse keeps what was added in `_actions`, and has no public name for it; its own help text
        # is laid out differently by each Python.
        actions = [action for action in parser._actions if action.help != argparse.SUPPRESS]
        options = [{"name": _option(action), "help": (action.help or "").replace("%%", "%")} for action in actions]
        yield {"name": parser.prog, "help": parser.description or "", "options": options}


def _option(action: argparse.Action) -> str:
    """The option or argument as it is written: ``-o, --output FILE``, ``--lang {zh,en}``, ``SOURCE``."""
    value = f"{{{','.join(map(str, action.choices))}}}" if action.choices else str(action.metavar or "")
    if not action.option_strings:
        return value or action.dest
    return f"{', '.join(action.option_strings)} {value if action.nargs != 0 else ''}".rstrip()


def _service() -> Iterator[str]:
    yield "## 服务 | Service\n"
    yield "`zhiji.toml` 的 `[serve]`；环境变量 `ZHIJI_…` 优先。\n"
    yield "`[serve]` of `zhiji.toml`; a variable `ZHIJI_…` of the environment goes first.\n"
    rows = [_place(field) for field in fields(Place)]
    for field in fields(Limits):
        least, most = RANGES[field.name]
        said = say(f"cli.limit.{field.name}")
        about = (f"`{field.name}`<br>`ZHIJI_{field.name.upper()}`", f"{field.default:g}", f"{least:g}–{most:g}")
        rows.append((*about, said.zh, said.en))
    yield from _table(("名 | name", "默认 | default", "范围 | range", "是什么", "what it is"), rows)


def _place(field: Field[Any]) -> tuple[str, ...]:
    said = say(f"cli.place.{field.name}")
    return f"`{field.name}`", f"{field.default or ''}", "", said.zh, said.en


def _questions() -> Iterator[str]:
    yield "## 查询 | Questions\n\n`zhiji query NAME --param key=value`\n"
    yield from _table(
        ("CQ", "名 | name", "所用事实 | facts used", "答案各列 | columns of the answer"),
        [
            (number, f"`{query.name}`", " ".join(query.facts), " ".join(map(_column, query.answer)))
            for number, query in competency_questions().items()
        ],
    )
    by_folder: dict[str, list[Query]] = {}
    for query in catalogue().values():
        by_folder.setdefault(query.folder, []).append(query)
    for folder, queries in by_folder.items():
        yield f"### {FOLDERS.get(folder, folder)}\n"
        rows = [
            (
                f"`{query.name}`",
                query.competency_question,
                query.summary.zh,
                query.summary.en,
                _parameters(query),
            )
            for query in queries
        ]
        yield from _table(("名 | name", "CQ", "回答什么", "answers", "参数 | parameters"), rows)


def _column(column: AnswerColumn) -> str:
    """A column as the header of a question writes it; ``?`` marks one that a row may lack."""
    return f"{column.name}:{column.type}{'?' if column.optional else ''}"


def _parameters(query: Query) -> str:
    return "<br>".join(f"`{p.name}` {p.of_class or p.type}: {p.summary.zh} | {p.summary.en}" for p in query.parameters)


def _codes() -> Iterator[str]:
    yield "## 结论代码 | Finding codes\n"
    rows = []
    for code, policy in load_profile().codes.items():
        zh = f"**{policy.title.zh}**：{policy.why.zh}。{policy.suggestion.zh}"
        en = f"**{policy.title.en}**: {policy.why.en}. {policy.suggestion.en}"
        rows.append((code, policy.severity, zh, en))
    yield from _table(("代码 | code", "轻重 | severity", "意思与办法", "meaning and remedy"), rows)


def _problems() -> Iterator[str]:
    yield "## 问题 | Problems\n"
    yield "`文件:工作表!单元格: 哪里不对；怎么办 | file:sheet!cell: what is wrong; what to do`\n"
    rows = []
    for code in tomllib.loads((LAYOUTS / "problems.toml").read_text(encoding="utf-8")):
        wrong, do = problem_text(code)
        rows.append((f"`{code}`", f"{wrong.zh}；{do.zh}", f"{wrong.en}; {do.en}"))
    yield from _table(("代码 | code", "哪里不对；怎么办", "what is wrong; what to do"), rows)


def _workbook(layout: Layout) -> Iterator[str]:
    yield "## 工作簿 | Workbook\n\n\\* 必填 | required\n"
    for sheet in layout.sheets:
        yield from _sheet(f"{sheet.zh} | {sheet.en}", sheet, sheet.columns, layout)
    yield from _sheet("每张表末尾的证据列 | evidence columns at the end of every sheet", None, layout.evidence, layout)


def _sheet(title: str, sheet: Sheet | None, columns: tuple[Column, ...], layout: Layout) -> Iterator[str]:
    yield f"### {title}\n"
    if sheet and sheet.about.zh:
        yield f"{sheet.about.zh}\n\n{sheet.about.en}\n"
    rows = [
        (c.zh + "\\*" * c.required, c.en, _allowed(c, layout), c.about.zh, c.about.en) for c in columns
    ]  # fmt: skip
    if not any(zh or en for *_, zh, en in rows):
        yield from _table(("列", "column", "填什么 | value"), [row[:3] for row in rows])
    else:
        yield from _table(("列", "column", "填什么 | value", "说明", "about"), rows)


def _allowed(column: Column, layout: Layout) -> str:
    said = TYPES[column.type]
    if column.words:
        return f"{said}: {'、'.join(layout.offered(column.words))}"
    bounds = [f"≥ {column.minimum}"] if column.minimum is not None else []
    bounds += [f"≤ {column.maximum}"] if column.maximum is not None else []
    return f"{said} {', '.join(bounds)}".rstrip()


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        lines = [heads, tuple("---" for _ in heads), *rows]
        yield "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def _cell(written: str) -> str:
    return written.replace("|", "\\|").replace("<", "&lt;").replace("&lt;br>", "<br>").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
