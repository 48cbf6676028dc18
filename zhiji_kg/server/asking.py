"""Questions: the named ones with their forms, and the page where one writes SPARQL."""

import time
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for

from ..errors import ZhijiError
from ..texts import say
from .current import pool
from .headers import page
from .language import language
from .problems import status_of
from .results import MOST_ROWS, RESULTS_JSON, XLSX, Shown, as_xlsx, read_results
from .speech import said

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": RESULTS_JSON,
    "xlsx": XLSX,
}
_EXAMPLES = ("programmes", "contents", "classes-and-properties")


def ask() -> Response:
    """``/ask``: all named questions."""
    questions = pool().answer("questions").json()
    return page(render_template("site/ask.html.j2", questions=questions, folder_title=_folder_title))


def ask_one(name: str) -> Response:
    """``/ask/<name>``: the form of a question, and its answer under it once it is filled in.

    Args:
        name: of the question.
    """
    question = pool().answer("form", name=name).json()
    written = {key: value.strip() for key, value in request.args.items() if value.strip()}
    form, _, _ = (written.pop(key, "") for key in ("form", "lang", "_"))
    lacking = [field for field in question["fields"] if field["name"] not in written]
    if form in _MEDIA and not lacking:
        return _download(pool().answer("rows", name=name, written=written, form=form).body, form, name)
    found, problem, status = None, "", 200
    if lacking and written:
        labels = say("site.script.comma")(language()).join(_label(field) for field in lacking)
        problem, status = said("ask.lacking", fields=labels), 400
    elif not lacking:
        found, problem, status = _answered(name, written)
    return page(_question_page(question, written, found, problem), status)


def _answered(name: str, written: dict[str, str]) -> tuple[dict[str, Any] | None, str, int]:
    """The table of an answer, or what is wrong with the question and the status of that."""
    try:
        return pool().answer("table", name=name, written=written).json(), "", 200
    except ZhijiError as error:
        status = status_of(error)
        if status >= 500:
            raise
        return None, error.problems[0].line(language()), status


def _question_page(
    question: dict[str, Any], written: dict[str, str], found: dict[str, Any] | None, problem: str
) -> str:
    name = question["name"]
    return render_template(
        "site/question.html.j2",
        page=question,
        written=written,
        found=_unsaid(question, found),
        problem=problem,
        address=f"{url_for('pages.ask_one', name=name)}?{urlencode(written)}",
        folder_title=_folder_title,
        expected=_expected,
        editable=_bound(question, found),
    )


def _unsaid(question: dict[str, Any], found: dict[str, Any] | None) -> dict[str, Any] | None:
    """A table without the columns that say in every row what the form above says already."""
    if not found:
        return None
    said_above = {field["name"] for field in question["fields"]}
    kept = [place for place, column in enumerate(found["columns"]) if column not in said_above]
    columns = [found["columns"][place] for place in kept]
    return found | {"columns": columns, "rows": [[row[place] for place in kept] for row in found["rows"]]}


def _bound(question: dict[str, Any], found: dict[str, Any] | None) -> str:
    """The text of a question with its parameters bound as they were: they stand in every row of the answer."""
    text = _without_header(question["text"])
    if not found or not found["rows"]:
        return text
    first = dict(zip(found["columns"], found["rows"][0], strict=True))
    names = [field["name"] for field in question["fields"] if first.get(field["name"], ("", ""))[1]]
    return text + "".join(f"VALUES ?{name} {{ <{first[name][1]}> }}\n" for name in names)


def query() -> Response:
    """``/query``: the editor; ``?query=…`` shows the answer too, and ``&form=csv`` gives it as a file."""
    written = request.args.get("query", "").replace("\r\n", "\n")
    form = request.args.get("form", "")
    if written.strip() and form in _MEDIA:
        return _file_of(written, form)
    found, problem, status, words = None, "", 200, ""
    if written.strip():
        try:
            started = time.monotonic()
            found = _asked(written)
            words = _counted(found, time.monotonic() - started)
        except ZhijiError as error:
            problem, status = error.problems[0].line(language()), status_of(error)
    return page(_query_page(written, found, problem, words), status)


def _query_page(written: str, found: Shown | None, problem: str, words: str) -> str:
    examples = [pool().answer("form", name=name).json() for name in _EXAMPLES]
    offered = [{"text": one["text"], "title": one["summary"][language()]} for one in examples]
    return render_template(
        "site/query.html.j2",
        written=written or _without_header(offered[0]["text"]),
        found=found,
        problem=problem,
        said=words,
        examples=[{"text": _without_header(one["text"]), "title": one["title"]} for one in offered],
        endpoint=request.host_url + "sparql",
        limits=pool().limits,
    )


def _asked(written: str, most: int = MOST_ROWS, media: str = RESULTS_JSON) -> Shown:
    found = _run(written, media)
    return read_results(found.media_type, found.body, most)


def _run(written: str, media: str) -> Any:  # noqa: ANN401 - an answer of the pool
    return pool().answer("sparql", query=written, default_graphs=[], named_graphs=[], results=media, rdf="text/turtle")


def _file_of(written: str, form: str) -> Response:
    """The answer as a file; a graph has one form here, Turtle, whatever was asked for."""
    media = RESULTS_JSON if form == "xlsx" else _MEDIA[form].partition(";")[0]
    found = _run(written, media)
    if found.media_type.startswith("text/turtle"):
        return _attached(found.body, "text/turtle; charset=utf-8", "answer.ttl")
    if form == "xlsx":
        everything = read_results(found.media_type, found.body, most=2**31)
        return _download(as_xlsx(everything), form, "answer")
    return _download(found.body, form, "answer")


def _download(body: bytes, form: str, name: str) -> Response:
    media = "application/json" if form == "json" and name != "answer" else _MEDIA[form]
    return _attached(body, media, f"{name}.{form}")


def _attached(body: bytes, media_type: str, name: str) -> Response:
    response = Response(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _counted(found: Shown, seconds: float) -> str:
    if found.text:
        return said("query.graph", seconds=_time(seconds))
    key = "query.rows_cut" if found.total > len(found.rows) else "query.rows"
    return said(key, total=found.total, shown=len(found.rows), seconds=_time(seconds))


def _time(seconds: float) -> str:
    return f"{max(seconds, 0.01):.2f}"


def _without_header(text: str) -> str:
    """A query without the comment lines that describe it."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip() + "\n"


def _label(field: dict[str, Any]) -> str:
    summary = field["summary"]
    return str(summary[language()] or summary["zh"] or field["name"])


def _folder_title(folder: str) -> str:
    known = {"ask": "folder.ask", "gaps": "folder.gaps", "infer": "folder.infer", "check": "folder.check"}
    return said(known[folder]) if folder in known else folder


def _expected(field: dict[str, Any]) -> str:
    """What a person is to write in a field without choices."""
    if field["type"] != "iri":
        return said("expected.text")
    return said("expected.entity") if field["of_class"] else said("expected.iri")
