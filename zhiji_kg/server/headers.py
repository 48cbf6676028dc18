"""What stands above every answer: what a browser may do with it, how it is kept, and who else may read it."""

import hashlib

from flask import Response, request

from ..resources import package_version
from .current import service

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The Content-Security-Policy: nothing from outside, nothing inline, in nobody's frame."""

GUARDS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every answer, errors and static files too."""

_ASK_AGAIN = "no-cache"
_SHARED = ("/sparql", "/id/", "/ontology/", "/ontology.", "/module/", "/api/")
_SOFTWARE = package_version()


def guard(response: Response) -> Response:
    """Put the headers on that every answer bears."""
    response.headers.extend(GUARDS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = _ASK_AGAIN if response.status_code < 400 else "no-store"
    return response


def share(response: Response) -> Response:
    """Let the pages of the configured origin read the data; they cannot change anything."""
    origin = service().cors
    if not origin or not request.path.startswith(_SHARED):
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    if origin != "*":
        response.vary.add("Origin")
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def etag(*parts: str) -> str:
    """The tag of a representation, from all that decides about its bytes: version, question, media type.

    It is the same in every process, and another one when the software changes.
    """
    return hashlib.sha256("\0".join((_SOFTWARE, *parts)).encode()).hexdigest()[:32]


def is_held(tag: str) -> bool:
    """Whether the client says that it holds the representation of this tag.

    ``If-None-Match: *`` says so of whatever there is: whether there is anything is known once it is
    made, and then ``whole`` and ``page`` answer 304.
    """
    return may_be_held() and not request.if_none_match.star_tag and request.if_none_match.contains_weak(tag)


def may_be_held() -> bool:
    """Whether the client says that it holds anything at all: worth asking before a tag is worked out."""
    return "If-None-Match" in request.headers and request.method in ("GET", "HEAD")


def not_modified(tag: str, vary: str = "Accept") -> Response:
    """304: the client has it already."""
    return _tagged(Response(status=304), tag, vary)


def whole(body: bytes, media_type: str, tag: str, vary: str = "Accept") -> Response:
    """A complete body with its media type and its tag.

    Args:
        body: all of it: nothing is streamed, so a status always comes before a body that is whole.
        media_type: with its charset where it has one.
        tag: of ``etag``.
        vary: the request headers that decided which representation this is.
    """
    response = _tagged(Response(body, content_type=media_type), tag, vary)
    if may_be_held():
        response.make_conditional(request.environ)
    return response


def page(html: str, status: int = 200) -> Response:
    """A page for people: tagged by what it says, so a browser that has it is told so with 304."""
    response = Response(html, status=status, content_type="text/html; charset=utf-8")
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    if status == 200:
        response.add_etag()
        response.make_conditional(request.environ)
    return response


def _tagged(response: Response, tag: str, vary: str) -> Response:
    if request.method in ("GET", "HEAD"):
        response.set_etag(tag)
    response.headers["Vary"] = vary
    return response
