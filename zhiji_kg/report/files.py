"""Reports and answers as files and text: which format is written by which room."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from ..analysis import GapAnalysis
from ..columns import Cell, for_people, heading
from ..errors import unreadable
from ..findings import Grid
from ..knowledge import Answer
from ..queries import Value
from ..texts import Language, say
from ..vocabulary import shorten
from ..writers.files import write_whole
from .plain import report_json
from .summary import reason

_IRIS = ("http://", "https://")

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_COLUMNS = (
    "code", "severity", "basis", "source", "due_for", "subject", "subject_label", "point", "object", "object_label",
    "measured", "threshold", "weight", "table", "reason", "suggestion", "evidence", "grade", "reviewer", "query",
    "version",
)  # fmt: skip


def write_report(analysis: GapAnalysis, form: str, path: Path, language: Language) -> None:
    """Write a gap report.

    Args:
        analysis: what was found.
        form: ``html``, ``xlsx``, ``docx``, ``md`` or ``json``.
        path: the file; it is replaced in one step.
        language: of the texts; JSON holds both.

    Raises:
        UnreadableError: when the format is unknown.
        CannotRunError: when the file cannot be written.
    """
    if form not in _REPORTS:
        raise unreadable("unknown-format", str(path), form=form, known="、".join(_REPORTS))
    write_whole(path, report_content(analysis, form, language))


def report_content(analysis: GapAnalysis, form: str, language: Language) -> bytes:
    """A gap report as the bytes of its file.

    Args:
        analysis: what was found.
        form: ``html``, ``xlsx``, ``docx``, ``md`` or ``json``.
        language: of the texts; JSON holds both.

    Raises:
        KeyError: when the format is unknown.
    """
    return _REPORTS[form](analysis, language)


def _html(analysis: GapAnalysis, language: Language) -> bytes:
    from .html import render_html  # jinja2 is slow to import

    return render_html(analysis, language).encode("utf-8", "replace")


def _xlsx(analysis: GapAnalysis, language: Language) -> bytes:
    from .xlsx import report_book  # xlsxwriter is slow to import

    return report_book(analysis, language)


def _docx(analysis: GapAnalysis, language: Language) -> bytes:
    from ..writers.docx import docx_bytes  # python-docx is slow to import
    from .paper import report_paper

    return docx_bytes(report_paper(analysis, language))


def _markdown(analysis: GapAnalysis, language: Language) -> bytes:
    from ..writers.markdown import markdown_text
    from .paper import report_paper

    return markdown_text(report_paper(analysis, language)).encode("utf-8", "replace")


def _json(analysis: GapAnalysis, _language: Language) -> bytes:
    return report_json(analysis).encode("utf-8", "replace")


_REPORTS: dict[str, Callable[[GapAnalysis, Language], bytes]] = {
    "html": _html,
    "xlsx": _xlsx,
    "docx": _docx,
    "md": _markdown,
    "json": _json,
}


def findings_csv(analysis: GapAnalysis, language: Language) -> str:
    """The findings as CSV, one a row, with stable column names; ``grade`` is the weakest of the evidence."""
    rows = [
        {
            "code": f.code,
            "severity": f.severity,
            "basis": f.basis,
            "source": f.source.code if f.source else "",
            "due_for": f.due_for.code if f.due_for else "",
            "subject": f.subject.code,
            "subject_label": f.subject.name(language),
            "point": f.point.code if f.point else "",
            "object": f.object.code if f.object else "",
            "object_label": f.object.name(language) if f.object else "",
            "measured": _short(f.measured),
            "threshold": _short(f.threshold),
            "weight": None if f.weight is None else round(float(f.weight), 4),
            "table": f.table,
            "reason": reason(f, language),
            "suggestion": f.suggestion(language),
            "evidence": " ".join(f"{e.source}:{e.locator}" for e in f.evidence),
            "grade": f.grade,
            "reviewer": "; ".join(f.reviewers),
            "query": f.provenance.query,
            "version": f.provenance.version,
        }
        for f in analysis.findings
    ]
    return _separated(rows, ",", _COLUMNS)


def _short(value: Value) -> Value:
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 4)
    return value


def answer_text(answer: Answer, form: str) -> str:
    """The rows of an answer as ``csv``, ``tsv`` or ``json`` (a list of objects)."""
    rows = list(answer)
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    return _separated(rows, "," if form == "csv" else "\t", answer.columns)


def answer_grid(answer: Answer, language: Language) -> Grid:
    """The rows of an answer for the terminal: what a person reads of them, and above it what all rows say."""
    rows = list(answer)
    cells = [[_cell(value, language) for value in row.values()] for row in rows]
    asked = {parameter.name for parameter in answer.query.parameters}
    declared = bool(answer.query.answer)
    shown = for_people(answer.columns, cells, language, above=asked, declared=declared)
    told = say("columns.form.told")
    caption = [f"{answer.query.summary(language)} ({len(rows)})"]
    caption += [told(language, name=name, value=value) for name, (value, _) in shown.told]
    return Grid("\n".join(caption), shown.headings, tuple(tuple(text for text, _ in row) for row in shown.rows))


def _cell(value: Value, language: Language) -> Cell:
    return _word(value, language), value if isinstance(value, str) and value.startswith(_IRIS) else ""


def answer_xlsx(answer: Answer, path: Path, language: Language) -> None:
    """Write the rows of an answer as a workbook of one sheet."""
    write_whole(path, answer_book(answer, language))


def answer_book(answer: Answer, language: Language) -> bytes:
    """The rows of an answer as a workbook of one sheet, in memory; a declared answer has headings in words."""
    from ..writers.xlsx import Book, fitting_widths  # xlsxwriter is slow to import

    book = Book()
    named = answer.columns
    if answer.query.answer:
        named = tuple(heading(name, answer.columns, language) for name in answer.columns)
    rows: list[list[Value]] = [list(named), *(list(row.values()) for row in answer)]
    sheet = book.sheet(answer.query.name)
    sheet.widths(fitting_widths(rows))
    for number, row in enumerate(rows):
        sheet.row(number, row, role="text" if number else "heading")
    sheet.freeze(1, 0)
    return book.content()


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


def _word(value: Value, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("report.yes" if value else "report.no")(language)
    return shorten(value) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
