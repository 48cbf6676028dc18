"""The pages for people: overview, search, reports, the graph, questions, entities; every one reads without a script."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file, url_for

from ..errors import ZhijiError, unreadable
from ..resources import WEB
from . import asking
from .current import pool
from .data import MOST_HITS, MOST_OPENED, asked_around, data, limit_of_hits, wanted_open
from .headers import page
from .language import language
from .speech import GROUPS, said, words

pages = Blueprint("pages", __name__)
pages.app_context_processor(words)
pages.add_url_rule("/ask", view_func=asking.ask)
pages.add_url_rule("/ask/<name>", view_func=asking.ask_one)
pages.add_url_rule("/query", view_func=asking.query)

_USUAL_HITS = 50
_REPORTS = ("docx", "xlsx", "json", "html", "md")


@pages.record_once
def _with_data(state: Any) -> None:  # noqa: ANN401 - of Flask
    state.app.register_blueprint(data)


@pages.get("/")
def overview() -> Response:
    """``/``: what is in the graph."""
    found = pool().answer("overview").json()
    examples = any(document["grade"] == "example" for document in found["documents"])
    return page(render_template("site/overview.html.j2", page=found, examples=examples))


@pages.get("/search")
def search() -> Response:
    """``/search?q=…&kind=…``: what a search found, or all of a kind."""
    written, kind = request.args.get("q", "").strip()[:200], request.args.get("kind", "")
    limit = limit_of_hits(_USUAL_HITS)
    empty: dict[str, Any] = {"words": "", "total": 0, "hits": [], "kinds": []}
    found = pool().answer("search", words=written, limit=limit, kind=kind).json() if written or kind else empty
    more = ""
    if len(found["hits"]) < found["total"] and limit < MOST_HITS:
        more = url_for("pages.search", q=written, kind=kind, limit=min(limit * 5, MOST_HITS))
    return page(
        render_template("site/search.html.j2", page=found, kind=kind, more=more, question=asking.question_of(written))
    )


@pages.get("/gaps")
def reports() -> Response:
    """``/gaps``: the training plans, each with its report."""
    found = pool().answer("overview").json()
    return page(render_template("site/reports.html.j2", page=found))


@pages.get("/gaps/<path:programme>")
def gaps(programme: str) -> Response:
    """``/gaps/<programme>``: the gap report of a training plan; ``?form=xlsx`` gives it as a file.

    Args:
        programme: its code, ``CODE@YEAR`` or its IRI.
    """
    form = request.args.get("form", "")
    if form:
        return _report_file(programme, form)
    report = pool().answer("report", programme=programme, language=language()).body.decode("utf-8")
    return page(render_template("site/gaps.html.j2", report=report, programme=programme))


def _report_file(programme: str, form: str) -> Response:
    if form not in _REPORTS:
        raise unreadable("no-such-format", form=form, known=", ".join(_REPORTS))
    file = pool().answer("report", programme=programme, language=language(), form=form)
    name = f"gaps-{programme.rstrip('/').rpartition('/')[2]}.{form}"
    response = send_file(BytesIO(file.body), file.media_type, as_attachment=True, download_name=name)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@pages.get("/graph")
def graph() -> Response:
    """``/graph?focus=…&open=…``: what lies around an entity; without a focus, around the first programme."""
    focus = request.args.get("focus", "").strip() or _first_focus()
    if not focus:
        return page(render_template("site/graph.html.j2", page=None, summary=""))
    found = pool().answer("around", **asked_around(focus)).json()
    told = said("graph.most_opened", most=MOST_OPENED) if len(wanted_open()) > MOST_OPENED else ""
    summary = f"{_summary(found)} {told}".rstrip()
    return page(render_template("site/graph.html.j2", page=found, groups=_grouped(found["nodes"]), summary=summary))


@pages.get("/static/report.css")
def report_style() -> Response:
    """The style of the one-file report, which every page here shares."""
    return send_file(WEB / "templates" / "report.css", mimetype="text/css")


def entity_html(found: dict[str, Any], documented: Mapping[str, Any]) -> str:
    """The page of an entity or a term.

    Args:
        found: an ``EntityPage`` of ``browse.values`` as JSON has it.
        documented: of a term, what the shipped ontology says of it (``ontology.about_term``); else empty.
    """
    return render_template("site/entity.html.j2", page=found, **{"term": None, **documented})


def _first_focus() -> str:
    """Where the graph page starts: at the first programme, else at whatever a search finds first."""
    try:
        found = pool().answer("overview").json()
    except ZhijiError:
        return ""
    if found["programmes"]:
        return str(found["programmes"][0]["entity"]["iri"])
    for count in sorted(found["contents"], key=lambda count: -count["number"]):
        hits = pool().answer("search", words="", limit=1, kind=count["kind"]).json()["hits"]
        if hits:
            return str(hits[0]["iri"])
    return ""


def _grouped(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The drawn entities by their groups, from left to right as they stand in the picture."""
    found: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for node in nodes:
        found.setdefault(node["group"], []).append(node)
    return [{"grouper": group, "list": members} for group, members in found.items() if members]


def _summary(found: dict[str, Any]) -> str:
    """How much the picture shows and how much it does not, in one line."""
    line = said("script.shown", count=len(found["nodes"]), links=len(found["edges"]))
    if not found["left_out"]:
        return line
    spoken = language()
    labels = ((one["label"][spoken] or one["label"]["zh"] or one["kind"], one["number"]) for one in found["left_out"])
    counts = said("script.comma").join(f"{label} {number}" for label, number in labels)
    return f"{line} {said('script.not_shown', counts=counts)}"
