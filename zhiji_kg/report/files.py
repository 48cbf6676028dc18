"""Reports and answers as files and text: which format is written by which room."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ..analysis import GapAnalysis
from ..errors import cannot_run, unreadable
from ..knowledge import Answer
from ..queries import Value
from ..texts import Language
from ..vocabulary import shorten
from .plain import report_json
from .summary import reason
from .terminal import Grid

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_COLUMNS = (
    "code", "severity", "basis", "source", "subject", "subject_label", "object", "object_label", "measured",
    "threshold", "weight", "table", "reason", "suggestion", "evidence", "query", "version",
)  # fmt: skip


def write_report(analysis: GapAnalysis, form: str, path: Path, language: Language) -> None:
    """Write a gap report.

    Args:
        analysis: what was found.
        form: ``html``, ``xlsx`` or ``json``.
        path: the file; it is replaced in one step.
        language: of the texts; JSON holds both.

    Raises:
        UnreadableError: when the format is unknown.
        CannotRunError: when the file cannot be written.
    """
    writers: dict[str, Callable[[GapAnalysis, Path, Language], None]] = {
        "html": _html,
        "xlsx": _xlsx,
        "json": lambda analysis, path, _language: write_text(path, report_json(analysis)),
    }
    if form not in writers:
        raise unreadable("unknown-format", str(path), form=form, known="、".join(writers))
    writers[form](analysis, path, language)


def _html(analysis: GapAnalysis, path: Path, language: Language) -> None:
    from .html import write_html  # jinja2 is slow to import

    write_html(analysis, path, language)


def _xlsx(analysis: GapAnalysis, path: Path, language: Language) -> None:
    from .xlsx import write_xlsx  # xlsxwriter is slow to import

    write_xlsx(analysis, path, language)


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step.

    Raises:
        CannotRunError: when it cannot be written.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(text, encoding="utf-8", newline="")
        aside.replace(path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise cannot_run("cannot-write", str(path), reason=error.strerror or str(error)) from None


def findings_csv(analysis: GapAnalysis, language: Language) -> str:
    """The findings as CSV, one a row, with stable column names."""
    rows = [
        {
            "code": f.code,
            "severity": f.severity,
            "basis": f.basis,
            "source": f.source.code if f.source else "",
            "subject": f.subject.code,
            "subject_label": f.subject.name(language),
            "object": f.object.code if f.object else "",
            "object_label": f.object.name(language) if f.object else "",
            "measured": _short(f.measured),
            "threshold": _short(f.threshold),
            "weight": None if f.weight is None else round(float(f.weight), 4),
            "table": f.table,
            "reason": reason(f, language),
            "suggestion": f.suggestion(language),
            "evidence": " ".join(f"{e.source}:{e.locator}" for e in f.evidence),
            "query": f.provenance.query,
            "version": f.provenance.version,
        }
        for f in analysis.findings
    ]
    return _separated(rows, ",", _COLUMNS)


def _short(value: Value) -> Value:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def answer_text(answer: Answer, form: str) -> str:
    """The rows of an answer as ``csv``, ``tsv`` or ``json`` (a list of objects)."""
    rows = list(answer)
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    return _separated(rows, "," if form == "csv" else "\t", answer.columns)


def answer_grid(answer: Answer, language: Language) -> Grid:
    """The rows of an answer for the terminal, IRIs shortened; columns that repeat a parameter are left out."""
    parameters = {parameter.name for parameter in answer.query.parameters}
    shown = tuple(name for name in answer.columns if name not in parameters) or answer.columns
    rows = tuple(tuple(_word(row[name]) for name in shown) for row in answer)
    caption = f"{answer.query.summary(language)} ({len(rows)})"
    return Grid(caption, shown, rows)


def answer_xlsx(answer: Answer, path: Path) -> None:
    """The rows of an answer as a workbook of one sheet."""
    from ..writers.xlsx import Book  # xlsxwriter is slow to import

    with Book.create(path) as book:
        sheet = book.sheet(answer.query.name[:31])
        sheet.row(0, list(answer.columns), role="heading")
        for number, row in enumerate(answer, start=1):
            sheet.row(number, list(row.values()))
        sheet.freeze(1, 0)


def _separated(rows: Iterable[Mapping[str, Value]], separator: str, columns: Sequence[str]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded(row[name]) for name in columns] for row in rows)
    return file.getvalue()


def guarded(value: Value) -> Value:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _word(value: Value) -> str:
    if value is None:
        return ""
    return shorten(value) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
