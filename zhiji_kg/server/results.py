"""The answer to a query of a visitor, as a table that a page shows."""

import json
from dataclasses import dataclass
from typing import Any

from ..vocabulary import shorten

MOST_ROWS = 1000
"""How many rows a page shows."""

RESULTS_JSON = "application/sparql-results+json"


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


def _cell(value: dict[str, Any] | None) -> tuple[str, str]:
    """A term as a person reads it, and its IRI where it is one."""
    if value is None:
        return "", ""
    if value["type"] == "uri":
        return shorten(value["value"]), value["value"]
    if value["type"] == "triple":
        return json.dumps(value["value"], ensure_ascii=False), ""
    return str(value["value"]), ""
