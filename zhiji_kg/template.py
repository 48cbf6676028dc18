"""The workbook template and the folder of a new project, both made from the layout and the examples."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import cannot_run, unreadable
from .resources import EXAMPLES
from .sources.tables import Table, read_tables
from .sources.workbook.layout import Column, Layout, Sheet, workbook_layout
from .texts import Text, folded
from .writers import xlsx
from .writers.files import write_whole
from .writers.xlsx import Book, Role

_LAST_ROW = 9_999  # lists are offered down to here
_BLANK_ROWS = 50  # written open below the others; the cells below them are as open as their columns
_FROZEN = 3  # columns kept in sight, at most
_NUMBERS = frozenset(("integer", "integers", "number", "year"))
_LISTS_OF_TYPE = {"boolean": "boolean", "depth": "depth", "level": "skill_level"}
_PLAIN_NUMBER = re.compile(r"-?(?=[\d.]{1,15}$)(0|[1-9]\d*)(\.\d+)?")  # what a float keeps to the last digit

_CHOOSE = Text("请从列表中选。", "Choose from the list.")
_CHOOSE_SEVERAL = Text("请从列表中选；几项用、隔开。", "Choose from the list; separate several with 、.")
_LOCKED = Text(
    "已填的代码是锁定的，以免误改。要改代码或删行：审阅 → 撤消工作表保护（没有密码）。",
    "Codes that are filled in are locked against slips. To change one or to delete rows: "
    "Review → Unprotect Sheet (no password).",
)

_PROJECT = {
    "培养方案.xlsx": "hv-cnc-460103",
    "职业标准.xlsx": "std-cnc-turner-2005",
    "典型工作任务.xlsx": "occupation-turner-6-18-01-01",
}
_SETTINGS_FILE = "zhiji.toml"
_SETTINGS = """\
# 项目设置。路径从本文件所在的文件夹算起。三个工作簿里都是示例数据，请换成自己的。
# Settings of the project. Paths start from the folder of this file. The three workbooks hold
# example data: put your own in their place.

# 图谱由这些来源得出，不多也不少。
# The graph is made from exactly these sources.
sources = [
{sources}
]

# 存放各版本图谱的文件夹。
# The folder that keeps the versions of the graph.
kg = "kg"

# 自己的评判标准（阈值、严重程度、说法），抄自 queries/profile.toml；不写则用自带的。
# A copy of queries/profile.toml with thresholds, severities and texts of your own; if left out,
# the shipped one.
# profile = "profile.toml"

# zhiji serve 的地址与上限；不写则用下面这些。环境变量（如 ZHIJI_QUERY_SECONDS=20）优先。
# Address and limits of `zhiji serve`; these hold if nothing is written. An environment variable
# (such as ZHIJI_QUERY_SECONDS=20) goes before them.
# [serve]
# host = "127.0.0.1"     # 0.0.0.0：本机以外也能访问 | reachable from other machines too
# port = 8000
# workers = 3            # 查询进程数 | processes that answer
# query_seconds = 10     # 一个查询最多几秒 | the most a query may take
# memory_mb = 2048       # 每个进程的内存上限 | memory of each process
"""


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands in a sheet below and beside its headings: rows in the order of the template's columns.

    ``extra`` are headings the layout does not know; they follow its own columns.
    """

    extra: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def write_template(path: Path, example: Path | None = None) -> None:
    """Write the workbook template as xlsx: every sheet of the layout, explained, with lists.

    Args:
        path: the xlsx file; an old one is replaced.
        example: a workbook (a folder of CSV or an xlsx file) whose rows are filled in, each at the
            row it had; the template then reads to the same triples. Without one, only the words of
            the column 项 stand in 说明.

    Raises:
        UnreadableError: when the example cannot be read.
        CannotRunError: when the file cannot be written.
    """
    layout = workbook_layout()
    contents = dict(_contents(read_tables(example), layout)) if example else {"about": _empty_about(layout)}
    with Book.create(path) as book:
        for sheet in layout.sheets:
            _write_sheet(book.sheet(sheet.zh), sheet, contents.get(sheet.key, _Content()), layout)


def init_project(directory: Path) -> list[Path]:
    """Make a project folder: example workbooks (a plan, a standard, an occupation's tasks) and settings.

    Returns:
        The files written, ``zhiji.toml`` last.

    Raises:
        UnreadableError: when one of the files is there already; nothing is written then.
        CannotRunError: when the folder cannot be made or written to.
    """
    settings = directory / _SETTINGS_FILE
    books = {directory / name: EXAMPLES / example for name, example in _PROJECT.items()}
    for path in (*books, settings):
        if path.exists():
            raise unreadable("folder-not-empty", str(directory), name=path.name)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_run("cannot-write", str(directory), reason=error.strerror or str(error)) from None
    for path, example in books.items():
        write_template(path, example)
    sources = "\n".join(f"    {json.dumps(name, ensure_ascii=False)}," for name in _PROJECT)
    write_whole(settings, _SETTINGS.format(sources=sources))
    return [*books, settings]


def _contents(tables: Iterable[Table], layout: Layout) -> Iterator[tuple[str, _Content]]:
    for table in tables:
        sheet = layout.by_name.get(folded(table.name))
        if sheet is not None and table.rows:
            yield sheet.key, _content(table, sheet)


def _content(table: Table, sheet: Sheet) -> _Content:
    """The table with its columns in the order of the layout; rows stay where they are, for they are cited."""
    places: dict[str, int] = {}
    extra: list[int] = []
    for index, written in enumerate(table.rows[0]):
        column = sheet.by_heading.get(folded(written))
        if column is not None and column.key not in places:
            places[column.key] = index
        elif written:
            extra.append(index)
    order = [places.get(column.key) for column in sheet.all_columns] + extra
    return _Content(
        extra=tuple(table.rows[0][index] for index in extra),
        rows=tuple(
            tuple(cells[index] if index is not None and index < len(cells) else "" for index in order)
            for cells in table.rows[1:]
        ),
    )


def _empty_about(layout: Layout) -> _Content:
    return _Content(rows=tuple((names[0], "") for names in layout.about.values()))


def _write_sheet(page: xlsx.Sheet, sheet: Sheet, content: _Content, layout: Layout) -> None:
    columns, extra = sheet.all_columns, len(content.extra)
    headings = [f"{column.zh}*" if column.required else column.zh for column in columns] + list(content.extra)
    open_roles = [_role(column) for column in columns] + ["text"] * extra
    page.widths(xlsx.fitting_widths([headings, *content.rows], least=10), open_roles)
    page.row(0, headings, ["required" if c.required else "heading" for c in columns] + ["heading"] * extra)
    _write_rows(page, sheet, content, open_roles)
    for index, column in enumerate(columns):
        page.comment(0, index, _comment(sheet, column, first=index == 0))
        _offer(page, index, column, layout)
    if sheet.key == "about":
        _offer_about(page, content, layout)
    page.freeze(1, _leading(sheet))
    if content.rows:
        page.autofilter(0, 0, len(content.rows), len(headings) - 1)
    page.protect_cells()


def _write_rows(page: xlsx.Sheet, sheet: Sheet, content: _Content, open_roles: Sequence[Role]) -> None:
    """The rows as they were, identifiers locked where they are filled in; then blank ones, all open."""
    identifiers = _identifiers(sheet)
    keys = [column.key for column in sheet.all_columns] + [""] * len(content.extra)
    for index, cells in enumerate(content.rows, start=1):
        written = list(zip(cells, keys, open_roles, strict=True))
        roles: list[Role] = ["locked" if cell and key in identifiers else role for cell, key, role in written]
        page.row(index, [_value(cell, role) for cell, _, role in written], roles)
    after = len(content.rows) + 1
    for index in range(after, after + _BLANK_ROWS):
        page.row(index, [None] * len(open_roles), open_roles)


def _value(written: str, role: Role) -> str | int | float:
    """A number where the column holds numbers and a float keeps every digit; else the text as it is."""
    if role != "number" or not _PLAIN_NUMBER.fullmatch(written):
        return written
    return float(written) if "." in written else int(written)


def _role(column: Column) -> Role:
    return "number" if column.type in _NUMBERS else "text"


def _identifiers(sheet: Sheet) -> frozenset[str]:
    """The columns whose codes others cite: they make a key here and do not name something elsewhere."""
    keys = {part for entity in sheet.entities for part in entity.key}
    return frozenset(c.key for c in sheet.columns if c.type == "code" and c.key in keys and not c.refers)


def _leading(sheet: Sheet) -> int:
    """How many columns to keep in sight: those a row begins with that are required or make a key."""
    keys = {part for entity in sheet.entities for part in entity.key}
    first = enumerate(sheet.columns[:_FROZEN])
    return next((index for index, c in first if not c.required and c.key not in keys), _FROZEN)


def _comment(sheet: Sheet, column: Column, *, first: bool) -> str:
    """What the column takes, zh then en; on the first column also what the sheet is for."""
    texts = [column.about, *([_LOCKED] if column.key in _identifiers(sheet) else [])]
    if first:
        texts.insert(0, Text(f"【{sheet.zh}】{sheet.about.zh}", f"[{sheet.en}] {sheet.about.en}"))
    return "\n\n".join(f"{text.zh}\n{text.en}" for text in texts)


def _offer(page: xlsx.Sheet, index: int, column: Column, layout: Layout) -> None:
    """A list to choose from, where the column has words; synonyms the reader knows are let in when asked."""
    words = column.words or _LISTS_OF_TYPE.get(column.type, "")
    if not words:
        return
    offered = layout.offered(words)
    if column.type == "words":
        page.choices(1, index, _LAST_ROW, index, offered, _both(_CHOOSE_SEVERAL), "allow")
    else:
        page.choices(1, index, _LAST_ROW, index, offered, _both(_CHOOSE))


def _offer_about(page: xlsx.Sheet, content: _Content, layout: Layout) -> None:
    page.choices(1, 0, _LAST_ROW, 0, [names[0] for names in layout.about.values()], _both(_CHOOSE))
    grades = {folded(name) for name in layout.about["grade"]}
    for index, cells in enumerate(content.rows, start=1):
        if folded(cells[0]) in grades:
            page.choices(index, 1, index, 1, layout.offered("evidence_grade"), _both(_CHOOSE))


def _both(text: Text) -> str:
    return f"{text.zh}\n{text.en}"
