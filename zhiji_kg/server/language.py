"""In which language a page speaks: what the link says, else what was chosen before, else what the browser asks for."""

from typing import cast

from flask import Response, request

from ..texts import LANGUAGES, Language

COOKIE = "lang"
_YEAR = 365 * 24 * 3600


def language() -> Language:
    """The language of this request: ``?lang=`` before the cookie before ``Accept-Language``; zh where none says.

    A browser that asks for neither of our two languages gets English.
    """
    for written in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if written in LANGUAGES:
            return written
    if not request.accept_languages:
        return "zh"
    return cast(Language, request.accept_languages.best_match(LANGUAGES, default="en"))


def remember_language(response: Response) -> Response:
    """Keep the language that was chosen with ``?lang=`` for the pages to come."""
    chosen = request.args.get("lang")
    if chosen in LANGUAGES and response.mimetype == "text/html":
        response.set_cookie(
            COOKIE, chosen, max_age=_YEAR, path="/", httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response
