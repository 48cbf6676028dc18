"""How the service says that something is wrong: the status, and one line in zh and one in en.

A browser gets a page, a program a ``application/problem+json`` (RFC 9457) or two lines of text.
Nobody outside ever sees a traceback: it goes to the log.
"""

import logging
from http import HTTPStatus
from pathlib import PurePath

from flask import Flask, Response, json, render_template, request

from ..errors import CannotRunError, Problem, ZhijiError, cannot_run, unreadable
from ..texts import LANGUAGES, say
from .current import pool
from .headers import page
from .language import language
from .negotiation import HTML, quality_of

STATUS = {
    "missing-query": 400,
    "several-queries": 400,
    "not-utf8": 400,
    "bad-query": 400,
    "bad-request": 400,
    "query-too-long": 400,
    "query-too-deep": 400,
    "query-too-branched": 400,
    "query-too-chained": 400,
    "bad-parameter": 400,
    "not-an-iri": 400,
    "missing-parameter": 400,
    "unknown-parameter": 400,
    "several-of-code": 400,
    "no-such-format": 400,
    "query-not-read-only": 403,
    "query-asks-elsewhere": 403,
    "unknown-page": 404,
    "no-such-entity": 404,
    "unknown-code": 404,
    "unknown-question": 404,
    "unknown-number": 404,
    "wrong-host": 421,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "cannot-be-said": 406,
    "request-too-large": 413,
    "address-too-long": 414,
    "wrong-media-type": 415,
    "our-fault": 500,
    "worker-lost": 500,
    "all-busy": 503,
    "too-many-slow": 503,
    "stopping": 503,
    "no-version": 503,
    "damaged-version": 503,
    "query-cut": 504,
    "out-of-memory": 507,
    "answer-too-large": 507,
}
"""The HTTP status of each problem. A cut query is 504, not 408: browsers silently repeat what got a 408."""

_RETRY_AFTER = {"all-busy": "2", "too-many-slow": "2", "worker-lost": "1", "no-version": "10", "damaged-version": "30"}
_INWARD = {"damaged-version"}
_FORMS = ("text/plain", "application/problem+json", "application/json", HTML)
_LOG = logging.getLogger("zhiji_kg.server")


def install(app: Flask) -> None:
    """Let every error of this application be answered here."""
    app.register_error_handler(Exception, answer)


def status_of(error: ZhijiError) -> int:
    """The HTTP status that an error leads to: that of its first problem."""
    code = error.problems[0].code if error.problems else "our-fault"
    return STATUS.get(code, 500 if isinstance(error, CannotRunError) else 400)


def answer(error: Exception) -> Response:
    """The answer to any error: ours, one of the web framework's, or a bug."""
    if isinstance(error, ZhijiError):
        return problem(error)
    status = getattr(error, "code", None)
    if not isinstance(status, int):
        _LOG.error("%s %s", request.method, request.path, exc_info=error)
        return problem(cannot_run("our-fault"))
    if status < 400:  # a redirect to the right address
        response: Response = error.get_response(request.environ)  # type: ignore[attr-defined]
        return response
    return _of_the_framework(error, status)


def problem(error: ZhijiError) -> Response:
    """The answer that says what is wrong, in the form that the client can read."""
    status = status_of(error)
    response = stamped(_body(_for_strangers(error), status), error)
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return response


def stamped(response: Response, error: ZhijiError) -> Response:
    """A response with the status of an error, and when to try again where that helps."""
    response.status_code = status_of(error)
    first = error.problems[0].code if error.problems else ""
    if first in _RETRY_AFTER:
        response.headers["Retry-After"] = _RETRY_AFTER[first]
    return response


def line_of(error: ZhijiError) -> str:
    """What is wrong, as a page says it in its own language: one line, nothing about this machine."""
    return _for_strangers(error).problems[0].line(language())


def as_text(error: ZhijiError) -> bytes:
    """Each problem as a line in zh and a line in en."""
    return "".join(f"{p.line(spoken)}\n" for p in error.problems for spoken in LANGUAGES).encode()


def _of_the_framework(error: Exception, status: int) -> Response:
    """404, 405, 413 and whatever else the framework raises, in our words."""
    if status == 404:
        return problem(unreadable("unknown-page", page=request.path))
    if status == 405:
        allowed = sorted(getattr(error, "valid_methods", None) or ())
        response = problem(unreadable("method-not-allowed", method=request.method, allowed=", ".join(allowed)))
        response.headers["Allow"] = ", ".join(allowed)
        return response
    if status == 413:
        return problem(unreadable("request-too-large", kb=pool().limits.query_kb))
    response = problem(unreadable("bad-request") if status < 500 else cannot_run("our-fault"))
    response.status_code = status
    return response


def _for_strangers(error: ZhijiError) -> ZhijiError:
    """The same error without the folders of this machine, which are nobody's business over HTTP.

    Why a version is damaged is said by the system or the engine, with folders in it: that is for the log.
    """
    for problem in error.problems:
        if problem.code in _INWARD:
            _LOG.error("%s", problem.line("en"))
    return ZhijiError(*(Problem(p.code, None, _told(p)) for p in error.problems))


def _told(problem: Problem) -> dict[str, object]:
    values = {name: value.name if isinstance(value, PurePath) else value for name, value in problem.values.items()}
    return values | {"reason": say("site.problem.unread")} if problem.code in _INWARD else values


def _body(error: ZhijiError, status: int) -> Response:
    form = _form()
    if form == HTML:
        return _as_page(error, status)
    if form == "text/plain":
        return Response(as_text(error), content_type="text/plain; charset=utf-8")
    return Response(json.dumps(_as_json(error, status)) + "\n", content_type="application/problem+json")


def _as_page(error: ZhijiError, status: int) -> Response:
    title = HTTPStatus(status).phrase
    shown = [{"zh": p.line("zh"), "en": p.line("en")} for p in error.problems]
    try:
        return page(render_template("site/problem.html.j2", status=status, title=title, problems=shown), status)
    except Exception as broken:  # the page may need just what is wrong
        _LOG.error("problem page: %s", request.path, exc_info=broken)
        return Response(as_text(error), content_type="text/plain; charset=utf-8")


def _form() -> str:
    """Text where the client does not mind; a page only for who asks for pages before all else."""
    accept = request.headers.get("Accept", "")
    best = max(_FORMS, key=lambda name: quality_of(accept, name))
    return best if quality_of(accept, best) else "text/plain"


def _as_json(error: ZhijiError, status: int) -> dict[str, object]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "\n".join(p.line(language()) for p in error.problems),
        "code": error.problems[0].code if error.problems else "our-fault",
        "zh": [p.line("zh") for p in error.problems],
        "en": [p.line("en") for p in error.problems],
    }
