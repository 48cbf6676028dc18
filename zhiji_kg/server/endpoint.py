"""``/sparql``: queries over HTTP, as the SPARQL 1.1 Protocol has it; read-only."""

from flask import Blueprint, Response, redirect, request

from .current import pool
from .description import describe_service
from .headers import etag, is_held, may_be_held, not_modified, whole
from .negotiation import GRAPHS, RESULTS, Chosen, agreed, wants_page
from .protocol import Asked, named_form, read_request

endpoint = Blueprint("endpoint", __name__)


@endpoint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query; without one, say what this service is."""
    asked = read_request()
    accept = request.headers.get("Accept", "")
    if request.method != "POST" and not named_form() and wants_page(accept, RESULTS, GRAPHS):
        return _to_the_editor()
    if asked is None:
        return describe_service(accept, named_form())
    results, graphs = agreed(accept, asked.form, RESULTS, GRAPHS)  # only the engine knows which of the two it gives
    return _answered(asked, results, graphs)


@endpoint.get("/.well-known/void")
def void() -> Response:
    """Where crawlers look for what a site's data is: the description of the service tells it."""
    return redirect("/sparql?format=ttl", 303)  # type: ignore[return-value]  # Flask gives its own kind of response


def _to_the_editor() -> Response:
    """People who open the address in a browser get the page for people, with what they asked."""
    written = request.query_string.decode("latin-1")
    response = redirect(f"/query?{written}" if written else "/query", 303)
    response.headers["Vary"] = "Accept"
    return response  # type: ignore[return-value]  # Flask gives its own kind of response


def _answered(asked: Asked, results: Chosen, graphs: Chosen) -> Response:
    def tag_in(version: str) -> str:
        dataset = ("default", *asked.default_graphs, "named", *asked.named_graphs)
        return etag(version, asked.query, results.content_type, graphs.content_type, *dataset)

    if may_be_held() and is_held(tag := tag_in(pool().version().sha256)):
        return not_modified(tag)
    answer = pool().answer(
        "sparql",
        client=request.remote_addr or "",
        query=asked.query,
        default_graphs=list(asked.default_graphs),
        named_graphs=list(asked.named_graphs),
        results=results.media_type,
        rdf=graphs.media_type,
    )
    form = next(chosen for chosen in (results, graphs) if chosen.media_type == answer.media_type)
    if not answer.holds:
        return _momentary(answer.body, form.content_type)
    return whole(answer.body, form.content_type, tag_in(answer.sha256))


def _momentary(body: bytes, content_type: str) -> Response:
    """What the query made of the time or of chance: nobody may give it out for the next answer."""
    return Response(body, content_type=content_type, headers={"Vary": "Accept", "Cache-Control": "no-store"})
