"""What every template can call: texts of ``web/texts/site.toml``, addresses of entities, the other language."""

from typing import Any
from urllib.parse import quote, urlencode

from flask import request

from ..errors import ZhijiError
from ..texts import Language, say
from ..vocabulary import ONTOLOGY, PREFIXES, page_of
from .current import pool
from .language import language

TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
"""What ``lang=`` calls our languages."""

FOR_SCRIPTS = (
    "shown", "not_shown", "opened", "closed", "expand", "collapse", "focus_here", "open_page",
    "copied", "links", "loading", "failed", "found", "nothing_found", "inferred", "provenance",
    "no_provenance", "running", "rows", "rows_cut", "no_rows", "true", "false", "graph_answer",
    "entities", "classes", "properties", "more", "comma", "most_opened",
)  # fmt: skip
GROUPS = (
    "stage", "programme", "course", "capability", "knowledge", "skill", "requirement", "standard-level",
    "occupation", "task", "certificate", "indicator", "organisation", "other",
)  # fmt: skip


def words() -> dict[str, Any]:
    """The names that the templates of this request know."""
    spoken = language()
    return {
        "lang": spoken,
        "tag": TAGS.__getitem__,
        "t": said,
        "ontology": ONTOLOGY,
        "link_to": page_of,
        "as_data": as_data,
        "version": _version,
        "other_language": lambda: _in_language("en" if spoken == "zh" else "zh"),
        "script_words": _script_words,
        "here": request.path.strip("/").partition("/")[0] or "overview",
    }


def said(key: str, /, **values: object) -> str:
    """A text of ``site.toml`` in the language of this request."""
    return say(f"site.{key}")(language(), **values)


def as_data(iri: str, form: str) -> str:
    """The address of what the graph says of an entity, for programs."""
    address = page_of(iri)
    return f"{address}?{urlencode({'format': form})}" if address else ""


def _in_language(other: Language) -> str:
    arguments = request.args.to_dict(flat=False) | {"lang": [other]}
    return f"{quote(request.path)}?{urlencode(arguments, doseq=True)}"


def _version() -> Any:  # noqa: ANN401 - of the pool, with name and hash
    """The version that answers; none where nothing is published, so that a page can still say so."""
    try:
        return pool().version()
    except ZhijiError:
        return None


def _script_words() -> dict[str, object]:
    groups = {group: said(f"group.{group}") for group in GROUPS}
    lines = {key: said(f"script.{key}") for key in FOR_SCRIPTS}
    return lines | {"group": groups, "language": language(), "prefixes": PREFIXES}
