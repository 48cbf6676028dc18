"""What a worker can be asked: a table of tasks, each from plain values to bytes.

The browse tasks give JSON of the values in ``browse.values``: a Text becomes ``{"zh": …, "en": …}``.
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..analysis import GapAnalysis
from ..errors import cannot_run, unreadable
from ..knowledge import Answer, KnowledgeGraph
from ..queries import Query, ask_query, bind
from ..rdf import Iri
from ..store import answering
from ..store.oxigraph import EmbeddedStore
from ..store.port import Solutions
from ..store.versions import Version, versions
from ..texts import NOTHING, Language

if TYPE_CHECKING:
    from ..browse.overview import Headlines
    from ..browse.search import Index

JSON = "application/json"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": JSON,
    "xlsx": _XLSX,
}
_REPORTS = {
    "html": "text/html; charset=utf-8",
    "xlsx": _XLSX,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "json": JSON,
}
_TURTLE = "text/turtle"
_MOST_LINES = 1_048_575  # of a sheet, under its heading
_ANALYSES = 12  # as many as the overview wants


class Reply(NamedTuple):
    """What a task says; ``keep`` is false where the same question may get a better answer about the same version."""

    media_type: str
    body: bytes
    keep: bool = True


class Opened:
    """A version that is open, with what was made from it and is worth keeping."""

    def __init__(self, version: Version, most_bytes: int) -> None:
        """Open a version; an answer may have so many bytes."""
        self.version = version
        self.store: EmbeddedStore = version.open()
        self.graph = KnowledgeGraph(self.store)
        self.most_bytes = most_bytes
        self.headlines: Headlines = {}
        self._analyses: OrderedDict[str, GapAnalysis] = OrderedDict()

    @cached_property
    def index(self) -> "Index":
        """What search looks through; made at the first search."""
        from ..browse.search import Index  # the pages are loaded by the workers that serve them

        return Index.of(self.store)

    def analysis(self, programme: str) -> GapAnalysis:
        """The gap analysis of a programme, whichever of its names is written; the last few are kept."""
        iri = self.graph.programme(programme).thing.iri
        found = self._analyses.pop(iri, None) or self.graph.gaps(iri)
        self._analyses[iri] = found
        if len(self._analyses) > _ANALYSES:
            self._analyses.popitem(last=False)
        return found


class Desk:
    """Where questions come in: it keeps the version open that was asked last."""

    def __init__(self, most_bytes: int) -> None:
        """A desk with nothing open.

        Args:
            most_bytes: the largest answer.
        """
        self._most_bytes = most_bytes
        self._opened: Opened | None = None

    def answer(self, question: dict[str, Any]) -> Reply:
        """Answer a question about the version it names.

        Args:
            question: ``directory`` and ``sha256`` of the version, ``task`` and what is ``given`` to it.

        Returns:
            The media type, the body, and whether it may be kept.

        Raises:
            ZhijiError: what the task raises; ``damaged-version`` too when the version is no longer there.
        """
        opened = self._open(Path(question["directory"]), question["sha256"])
        return TASKS[question["task"]](opened, **question["given"])

    def close(self) -> None:
        """Let go of what is open: after a failure nothing of it is trusted."""
        self._opened = None

    def _open(self, directory: Path, sha256: str) -> Opened:
        if self._opened is not None:
            version = self._opened.version
            if version.directory == directory and version.manifest["sha256"] == sha256:
                return self._opened
            self._opened = None
        for version in versions(directory.parent):
            if version.name == directory.name and version.manifest["sha256"] == sha256:
                self._opened = Opened(version, self._most_bytes)
                return self._opened
        raise cannot_run("damaged-version", str(directory), version=directory.name, reason="–")


def _sparql(
    held: Opened, /, query: str, default_graphs: list[str], named_graphs: list[str], results: str, rdf: str
) -> Reply:
    asked = (query, default_graphs, named_graphs, results, rdf)
    return Reply(*answering.answer(held.store, *asked, held.most_bytes))


def _overview(held: Opened, /) -> Reply:
    from ..browse.overview import is_whole, overview  # as in Opened.index

    found = overview(held.graph, held.version.manifest, known=held.headlines, gaps=held.analysis)
    return _json(found, keep=is_whole(found))


def _search(held: Opened, /, words: str, limit: int, kind: str) -> Reply:
    return _json(held.index.search(words, limit, kind))


def _resolve(held: Opened, /, written: str) -> Reply:
    from ..browse.entity import resolve  # as in Opened.index

    return _json(resolve(held.store, held.index, written))


def _entity(held: Opened, /, iri: str) -> Reply:
    from ..browse.entity import entity_page  # as in Opened.index

    return _json(entity_page(held.store, iri))


def _describe(held: Opened, /, iri: str, media: str) -> Reply:
    from ..browse.entity import description  # as in Opened.index

    return Reply(media, answering.written(description(held.store, iri), media, held.most_bytes))


def _around(held: Opened, /, focus: str, opened: list[str], limit: int, language: Language) -> Reply:
    from ..browse.around import around  # as in Opened.index

    return _json(around(held.store, focus, opened, limit, language))


def _questions(_held: Opened, /) -> Reply:
    from ..browse.questions import questions  # as in Opened.index

    return _json(questions())


def _form(held: Opened, /, name: str) -> Reply:
    from ..browse.questions import form  # as in Opened.index

    return _json(form(held.store, name))


def _table(held: Opened, /, name: str, written: dict[str, str]) -> Reply:
    from ..browse.questions import table  # as in Opened.index

    return _json(table(held.store, name, written))


def _rows(held: Opened, /, name: str, written: dict[str, str], form: str, language: Language = "zh") -> Reply:
    from ..browse.questions import for_people  # as in Opened.index

    query = for_people(name)
    return _file(held, Answer(query, ask_query(held.store, query, bind(held.store, query, written))), form, language)


def _rows_of_query(held: Opened, /, query: str, form: str) -> Reply:
    """The answer to a visitor's query as a file for people; a graph is Turtle, whatever the form."""
    found = held.store.table(query)
    if not isinstance(found, Solutions):
        return Reply(f"{_TURTLE}; charset=utf-8", answering.written(found, _TURTLE, held.most_bytes))
    if form == "xlsx":
        found = Solutions(found.variables, found.rows[:_MOST_LINES])
    return _file(held, Answer(Query("SPARQL", "", query, "SELECT", NOTHING), found), form)


def _file(held: Opened, answer: Answer, form: str, language: Language = "zh") -> Reply:
    from ..report import files  # as in Opened.index

    if form == "xlsx":
        body = files.answer_book(answer, language)
    else:
        body = files.answer_text(answer, form).encode("utf-8", "replace")
    if len(body) > held.most_bytes:
        raise unreadable("answer-too-large", megabytes=held.most_bytes / (1 << 20))
    return Reply(_ROWS[form], body)


def _report(held: Opened, /, programme: str, language: Language, form: str = "") -> Reply:
    """The report as a page of ours holds it; with a form, as the file that can be kept."""
    from ..report import files  # as in Opened.index
    from ..report.html import render_fragment

    analysis = held.analysis(programme)
    if form:
        return Reply(_REPORTS[form], files.report_content(analysis, form, language))
    return Reply(_REPORTS["html"], render_fragment(analysis, language).encode("utf-8", "replace"))


TASKS: dict[str, Callable[..., Reply]] = {
    "sparql": _sparql,
    "overview": _overview,
    "search": _search,
    "resolve": _resolve,
    "entity": _entity,
    "describe": _describe,
    "around": _around,
    "questions": _questions,
    "form": _form,
    "table": _table,
    "rows": _rows,
    "rows_of_query": _rows_of_query,
    "report": _report,
}
"""Every task by its name: the open version and what was given, to what is said."""


def _json(value: object, *, keep: bool = True) -> Reply:
    return Reply(JSON, json.dumps(value, ensure_ascii=False, default=_fields).encode("utf-8", "replace"), keep)


def _fields(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Iri):
        return value.value
    raise TypeError(f"no JSON for {type(value)}")
