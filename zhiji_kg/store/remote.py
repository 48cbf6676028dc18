"""Any SPARQL 1.1 endpoint that holds the published graph, over HTTP, with the standard library.

Values are bound by ``VALUES`` in the query itself (see ``binding``), as for the embedded engine.
"""

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from ..errors import cannot_run, unreadable
from ..rdf import Triple
from .binding import with_values
from .port import Bindings, GraphIdentity, Solutions

_TIMEOUT = 60  # seconds
_RESULTS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"


class RemoteStore:
    """A SPARQL 1.1 endpoint, asked by POST."""

    def __init__(self, url: str) -> None:
        """Remember the endpoint; nothing is asked yet.

        Raises:
            UnreadableError: when the URL is not http or https.
        """
        if not _is_web_address(url):
            raise unreadable("bad-parameter", name="--endpoint", value=url, type="URL")
        self._url = url

    @property
    def identity(self) -> GraphIdentity:
        """The endpoint's address; an endpoint does not tell the graph's version and hash."""
        return GraphIdentity("", "", self._url)

    def select(self, query: str, bindings: Bindings) -> Solutions:
        """Rows of a SELECT query."""
        answer = self._post(query, bindings, _RESULTS)
        with self._understood():
            found = parse_query_results(answer, format=QueryResultsFormat.JSON)
            variables = tuple(variable.value for variable in found.variables)  # type: ignore[union-attr]
            rows = [tuple(solution[name] for name in variables) for solution in found]  # type: ignore[union-attr]
        return Solutions(variables, rows)

    def ask(self, query: str, bindings: Bindings) -> bool:
        """The answer to an ASK query."""
        answer = self._post(query, bindings, _RESULTS)
        with self._understood():
            found = parse_query_results(answer, format=QueryResultsFormat.JSON)
            if not isinstance(found, QueryBoolean):
                raise ValueError("rows for a question of yes or no")
            return bool(found)

    def construct(self, query: str, bindings: Bindings) -> list[Triple]:
        """The triples of a CONSTRUCT query."""
        answer = self._post(query, bindings, _TRIPLES)
        with self._understood():
            quads = parse(answer, format=RdfFormat.N_TRIPLES)
            return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """What answers but does not speak SPARQL, such as a web page, is no endpoint."""
        try:
            yield
        except (SyntaxError, ValueError, AttributeError) as error:
            reason = f"{self._url}: {' '.join(str(error).split())[:100]}"
            raise unreadable("endpoint-refused", reason=reason) from None

    def _post(self, query: str, bindings: Bindings, accept: str) -> bytes:
        request = urllib.request.Request(
            self._url,
            data=with_values(query, bindings).encode(),
            headers={"Content-Type": "application/sparql-query", "Accept": accept},
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            reason = f"{error.code} {error.read(200).decode(errors='replace')}"
            raise unreadable("endpoint-refused", reason=" ".join(reason.split())) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = " ".join(str(getattr(error, "reason", error)).split())
            raise cannot_run("endpoint-down", self._url, reason=reason) from None


def _is_web_address(url: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
