"""``python -m docs.findings [--check]``: docs/findings/, a page for each finding code, and their index.

What a code means, why it matters and what to do stand in ``queries/profile.toml``; what it rests on is the query
named there; an example that gives it and one that does not lie in ``examples/findings/<CODE>/``, and the page shows
only the rows in which the two differ. Nothing in the pages is written by hand.
"""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from zhiji_kg.analysis.profile import CodePolicy, load_profile
from zhiji_kg.queries import catalogue
from zhiji_kg.resources import EXAMPLES
from zhiji_kg.texts import Text

FOLDER = Path(__file__).parent / "findings"
NOTE = "<!-- 由 make docs 生成，请勿手改 | made by `make docs`, not by hand -->\n"
SIDES = ("found", "not-found")
ABOUT = "说明"
GROUPS = {
    "standards": Text("标准融合", "Standards"),
    "curriculum": Text("课证融合", "Curriculum and certificates"),
    "resources": Text("资源融合", "Resources"),
    "policy": Text("合规", "Policy"),
    "data": Text("数据", "Data"),
}
SEVERITIES = {"error": Text("错误", "error"), "warning": Text("警告", "warning"), "note": Text("提示", "note")}
HOLDS = {
    "below": Text("低于 {0} 时", "when it is below {0}"),
    "above": Text("高于 {0} 时", "when it is above {0}"),
    "outside": Text("不在 {0} 至 {1} 之间时", "when it is not between {0} and {1}"),
    "differs": Text("与应有的数相差超过 {0} 时", "when it differs from what it should be by more than {0}"),
}
Rows = list[list[str]]


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` name those that are out of date; the exit status."""
    wanted = pages()
    there = {path.name for path in FOLDER.glob("*")}
    wrong = sorted(there - set(wanted))
    for name, content in wanted.items():
        path = FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            wrong.append(name)
    for name in wrong:
        if "--check" in arguments:
            path = FOLDER / name
            print(
                f"docs/findings/{name} 已过时，请运行 make docs | docs/findings/{name} is out of date: run `make docs`",
                file=sys.stderr,
            )
        elif name in wanted:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (FOLDER / name).unlink()
    return 1 if wrong and "--check" in arguments else 0


def pages() -> dict[str, str]:
    """Every file of the folder by its name."""
    codes = load_profile().codes
    found = {"index.md": "\n".join(_index(codes.items())).rstrip() + "\n"}
    for code, policy in codes.items():
        found[f"{code}.md"] = "\n".join(_page(code, policy)).rstrip() + "\n"
    return found


def _index(codes: Any) -> Iterator[str]:  # noqa: ANN401 - the items of a mapping
    yield f"{NOTE}# 结论代码 | Finding codes\n"
    yield "代码的含义从不改变；轻重、阈值和是否启用写在 `queries/profile.toml`，各省、各校可以用自己的文件改动。\n"
    yield (
        "The meaning of a code never changes; its severity, its threshold and whether it is looked for stand in"
        " `queries/profile.toml`, and a province or a school may change them in a file of its own.\n"
    )
    for group, name in GROUPS.items():
        rows = [(code, policy) for code, policy in sorted(codes) if policy.group == group]
        if not rows:
            continue
        yield f"## {name.zh} | {name.en}\n"
        yield from _table(
            ("代码 | code", "轻重 | severity", "结论", "finding"),
            [
                (f"[{code}]({code}.md)", _both(SEVERITIES[policy.severity]), policy.title.zh, policy.title.en)
                for code, policy in rows
            ],
        )


def _page(code: str, policy: CodePolicy) -> Iterator[str]:
    yield f"{NOTE}# {code} {policy.title.zh} | {policy.title.en}\n"
    yield f"[全部代码 | all codes](index.md) · {_both(GROUPS[policy.group])} · {_both(SEVERITIES[policy.severity])}\n"
    yield from _problem(policy)
    yield f"## 为什么要紧 | Why it matters\n\n{policy.why.zh}。\n\n{_sentence(policy.why.en)}\n"
    if policy.clause is not None:
        yield f"依据：{policy.clause.zh}。\n\nIt rests on: {policy.clause.en}.\n"
    yield f"## 怎么办 | What to do\n\n{policy.suggestion.zh}。\n\n{_sentence(policy.suggestion.en)}\n"
    yield from _query(policy)
    yield from _example(code)


def _problem(policy: CodePolicy) -> Iterator[str]:
    yield f"## 问题 | Problem\n\n{policy.title.zh}。\n\n{_sentence(policy.title.en)}\n"
    if policy.holds in HOLDS:
        limits = [f"{float(limit):g}" for limit in policy.threshold or (0,)]
        said = HOLDS[policy.holds]
        yield f"查询量出一个数，{said.zh.format(*limits)}记为一条结论。\n"
        yield f"The query measures a figure; {said.en.format(*limits)}, it is a finding.\n"
    if not policy.enabled:
        yield "默认不启用。\n\nIt is switched off unless a profile switches it on.\n"


def _query(policy: CodePolicy) -> Iterator[str]:
    """The query that measures, and who judges."""
    query = catalogue()[policy.query]
    path = f"queries/{query.folder}/{query.name}.rq"
    yield f"## 查询 | The query\n\n[`{path}`](../../{path})：{query.summary.zh}。\n\n{_sentence(query.summary.en)}\n"
    if policy.holds is None:
        yield "查询只列出事实，由 `zhiji_kg/analysis` 判断。\n"
        yield "The query lists the facts; `zhiji_kg/analysis` judges them.\n"
    body = "\n".join(line for line in query.text.splitlines() if not line.startswith(("#+", "PREFIX")))
    yield f"```sparql\n{body.strip()}\n```\n"


def _example(code: str) -> Iterator[str]:
    folder = EXAMPLES / "findings" / code
    if not (folder / "expected.json").is_file():
        return
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    shows = expected["shows"]
    yield f"## 例子 | An example\n\n{shows['zh']}\n\n{shows['en']}\n"
    place = f"examples/findings/{code}"
    yield f"合成的示例，不是真实数据 | composed, not real data: [`{place}`](../../{place})\n"
    found, mended = (_sheets(folder / side) for side in SIDES)
    for sheet in sorted({*found, *mended} - {ABOUT}):
        yield from _difference(sheet, found.get(sheet, []), mended.get(sheet, []))
    yield "结论 | findings:\n"
    keys = ("subject", "object", "measured", "threshold")
    yield from _table(
        ("对象 | subject", "相关 | object", "量得 | measured", "界限 | threshold"),
        [tuple(_shown(finding[key]) for key in keys) for finding in expected["findings"]],
    )
    yield f"```\nzhiji build examples/findings/{code}/found --kg kg\nzhiji gaps --kg kg\n```\n"


def _difference(sheet: str, found: Rows, mended: Rows) -> Iterator[str]:
    """The rows of a sheet that only one of the two examples has."""
    wrong = [row for row in found[1:] if row not in mended]
    right = [row for row in mended[1:] if row not in found]
    for title, header, rows in (("有问题 | with the finding", found, wrong), ("已改正 | mended", mended, right)):
        if rows:
            yield f"{sheet} · {title}:\n"
            # A column that is empty in every row shown says nothing.
            kept = [n for n, _ in enumerate(header[0]) if any(row[n : n + 1] not in ([], [""]) for row in rows)]
            filled = [[*row, *[""] * len(header[0])] for row in rows]
            yield from _table([header[0][n] for n in kept], [[row[n] for n in kept] for row in filled])


def _sheets(folder: Path) -> dict[str, Rows]:
    read = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            read[path.stem] = list(csv.reader(file))
    return read


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    lines = [headings, ["---"] * len(headings), *rows]
    yield "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split()) if text != "---" else text


def _both(text: Text) -> str:
    return f"{text.zh} | {text.en}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _shown(value: object) -> str:
    words = {None: "–", True: "是 | yes", False: "否 | no"}
    if value is None or isinstance(value, bool):
        return words[value]
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
