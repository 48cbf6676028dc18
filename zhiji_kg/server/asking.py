"""Questions: the named ones with their forms, and the page where one writes SPARQL."""

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for

from ..columns import for_people
from ..errors import Problem, UnreadableError, ZhijiError
from ..texts import say
from .current import pool
from .headers import page
from .language import language
from .problems import line_of, stamped, status_of
from .results import RESULTS_JSON, Shown, read_results
from .speech import said

if TYPE_CHECKING:
    from ..workers.cache import Answer

_FILES = ("csv", "tsv", "json", "xlsx")
_TURTLE = "text/turtle"
_EXAMPLES = ("programmes", "contents", "classes-and-properties")
_FOR_RESEARCHERS = ("classes-and-properties", "entities-of-class", "links", "neighbourhood")
_SECTIONS = ("gaps", "cq", "ask", "research")


def ask() -> Response:
    """``/ask``: all named questions, what schools ask first and what asks about the graph itself last.

    The competency questions stand together by number, those about courses against requirements in their place too.
    """
    questions = pool().answer("questions").json()
    numbered = sorted((q for q in questions if q["competency_question"]), key=lambda q: str(q["competency_question"]))
    others = [q for q in questions if not q["competency_question"] or _section(q) != "ask"]
    listed = {key: numbered if key == "cq" else [q for q in others if _section(q) == key] for key in _SECTIONS}
    sections = [(key, _titles()[key], found) for key, found in listed.items() if found]
    return page(render_template("site/ask.html.j2", sections=sections))


def question_of(number: str) -> dict[str, Any] | None:
    """The form of the competency question of a number such as ``CQ-06``; none where no such number is written.

    Args:
        number: what somebody wrote in a search.
    """
    if number[:2].casefold() != "cq":
        return None
    try:
        found: dict[str, Any] = pool().answer("form", name=number).json()
    except UnreadableError:
        return None
    return found


def ask_one(name: str) -> Response:
    """``/ask/<name>``: the form of a question, and its answer under it once it is filled in.

    Args:
        name: of the question.
    """
    question = pool().answer("form", name=name).json()
    written = _written(question["fields"])
    lacking = [field for field in question["fields"] if field["name"] not in written]
    submitted = any(field["name"] in request.args for field in question["fields"])
    form = request.args.get("form", "")
    if form in _FILES and not lacking:
        return _attached(
            pool().answer("rows", name=name, written=written, form=form, language=language()), question["name"], form
        )
    found, problem, status = None, "", 200
    if lacking and submitted:
        labels = say("site.script.comma")(language()).join(_label(field) for field in lacking)
        problem, status = said("ask.lacking", fields=labels), 400
    elif not lacking:
        found, problem, status = _answered(question, written)
    missing = [field["name"] for field in lacking if submitted]
    return page(_question_page(question, written, found, problem, missing), status)


def _written(fields: list[dict[str, Any]]) -> dict[str, str]:
    """What was filled in; the rest of the address is not ours: whoever passes a link on may have added to it."""
    values = {field["name"]: request.args.get(field["name"], "").strip() for field in fields}
    return {name: value for name, value in values.items() if value}


def _answered(question: dict[str, Any], written: dict[str, str]) -> tuple[dict[str, Any] | None, str, int]:
    """The table of an answer, or what is wrong with the question and the status of that."""
    try:
        return pool().answer("table", name=question["name"], written=written).json(), "", 200
    except ZhijiError as error:
        status = status_of(error)
        if status >= 500:
            raise
        return None, _line(error.problems[0], question["fields"]), status


def _line(problem: Problem, fields: list[dict[str, Any]]) -> str:
    """What is wrong with a field, by the name that the form gives it; the command line calls it ``--param x``."""
    option = str(problem.where or problem.values.get("name", "")).removeprefix("--param ")
    label = next((_label(field) for field in fields if field["name"] == option), "")
    if "name" in problem.values:
        return line_of(ZhijiError(Problem(problem.code, None, {**problem.values, "name": label or option})))
    line = line_of(ZhijiError(problem))
    return said("ask.field", field=label, line=line) if label else line


def _question_page(
    question: dict[str, Any], written: dict[str, str], found: dict[str, Any] | None, problem: str, missing: list[str]
) -> str:
    name = question["name"]
    return render_template(
        "site/question.html.j2",
        page=question,
        written=written,
        found=_read(question, found),
        problem=problem,
        missing=missing,
        address=f"{url_for('pages.ask_one', name=name)}?{urlencode(written)}",
        section=_titles()[_section(question)],
        expected=_expected,
        editable=_bound(question, found),
    )


def _read(question: dict[str, Any], found: dict[str, Any] | None) -> dict[str, Any] | None:
    """A table as a person reads it, without what the form above says already."""
    if not found:
        return None
    above = {field["name"] for field in question["fields"]}
    booleans = {column["name"] for column in question["answer"] if column["type"] == "boolean"}
    words = {"true": said("script.true"), "false": said("script.false")}
    rows = [
        [
            (words.get(text, text) if name in booleans else text, iri)
            for name, (text, iri) in zip(found["columns"], row, strict=True)
        ]
        for row in found["rows"]
    ]
    shown = for_people(found["columns"], rows, language(), above=above, declared=bool(question["answer"]))
    return found | {"columns": shown.headings, "rows": shown.rows, "told": shown.told}


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
    if written.strip() and form in _FILES:
        return _attached(_run("rows_of_query", query=written, form=form), "answer", form)
    if not written.strip():
        return page(_query_page("", None))
    try:
        started = time.monotonic()
        found = _asked(written)
    except ZhijiError as error:
        return stamped(page(_query_page(written, None, problem=line_of(error)), status_of(error)), error)
    return page(_query_page(written, found, words=_counted(found, time.monotonic() - started)))


def _query_page(written: str, found: Shown | None, problem: str = "", words: str = "") -> str:
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


def _asked(written: str) -> Shown:
    dataset: dict[str, list[str]] = {"default_graphs": [], "named_graphs": []}
    found = _run("sparql", query=written, **dataset, results=RESULTS_JSON, rdf=_TURTLE)
    return read_results(found.media_type, found.body)


def _run(task: str, **given: object) -> "Answer":
    """The answer to a query of a visitor, who is kept within a share of the workers."""
    return pool().answer(task, client=request.remote_addr or "", **given)


def _attached(file: "Answer", name: str, form: str) -> Response:
    """A file to keep; a graph has one form here, Turtle, whatever was asked for."""
    ending = "ttl" if file.media_type.startswith(_TURTLE) else form
    response = Response(file.body, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
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


def _section(question: dict[str, Any]) -> str:
    return "research" if question["name"] in _FOR_RESEARCHERS else str(question["folder"])


def _titles() -> dict[str, str]:
    return {
        "gaps": said("folder.gaps"),
        "cq": said("folder.cq"),
        "ask": said("folder.ask"),
        "research": said("folder.research"),
    }


def _expected(field: dict[str, Any]) -> str:
    """What a person is to write in a field without choices."""
    if field["type"] != "iri":
        return said("expected.text")
    return said("expected.entity") if field["of_class"] else said("expected.iri")
