"""The answer to a query of a visitor, as a table that a page shows or a file that one downloads."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..vocabulary import shorten
from ..writers.xlsx import Book, fitting_widths

MOST_ROWS = 1000
"""How many rows a page shows."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RESULTS_JSON = "application/sparql-results+json"

_MOST_LINES = 1_048_575  # a sheet has one line more, for the heading


@dataclass(frozen=True, slots=True)
class Shown:
    """What a query gave: a table (``columns``, ``rows`` of text and IRI, ``total``), or the text of a graph."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    total: int = 0
    text: str = ""


def read_results(media_type: str, body: bytes, most: int = MOST_ROWS) -> Shown:
    """What to show of an answer of the workers.

    Args:
        media_type: SPARQL results as JSON, or a form of RDF, which is shown as it is.
        body: the answer.
        most: how many rows are wanted.
    """
    if not media_type.startswith(RESULTS_JSON):
        return Shown(text=body.decode("utf-8"))
    found = json.loads(body)
    if "boolean" in found:
        return Shown(("ASK",), ((("true" if found["boolean"] else "false", ""),),), 1)
    columns = tuple(found["head"].get("vars", ()))
    bindings = found["results"]["bindings"]
    rows = tuple(tuple(_cell(binding.get(name)) for name in columns) for binding in bindings[:most])
    return Shown(columns, rows, len(bindings))


def as_xlsx(shown: Shown) -> bytes:
    """A table as an xlsx book with one sheet; text is text, so nothing in it can become a formula."""
    rows = [[text or iri for text, iri in row] for row in shown.rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.xlsx"
        with Book.create(path) as book:
            _fill(book, shown.columns, rows)
        return path.read_bytes()


def _fill(book: Book, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    sheet = book.sheet("SPARQL")
    sheet.row(0, columns, "heading")
    for number, row in enumerate(rows[:_MOST_LINES], start=1):
        sheet.row(number, row)
    sheet.widths(fitting_widths([columns, *rows[:200]]))
    sheet.freeze(1)


def _cell(value: dict[str, Any] | None) -> tuple[str, str]:
    """A term as a person reads it, and its IRI where it is one."""
    if value is None:
        return "", ""
    if value["type"] == "uri":
        return shorten(value["value"]), value["value"]
    if value["type"] == "triple":
        return json.dumps(value["value"], ensure_ascii=False), ""
    return str(value["value"]), ""
