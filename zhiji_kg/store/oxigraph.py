"""The embedded engine: Oxigraph, in memory or over the directory of a published version."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples
from pyoxigraph import Store as OxigraphStore

from ..errors import Problem, UnreadableError, cannot_run, unreadable
from ..rdf import Iri, Quad, Triple, true_or_false
from .binding import with_values
from .port import Bindings, GraphIdentity, Solutions

QueryResults = QuerySolutions | QueryBoolean | QueryTriples


class EmbeddedStore:
    """A store in this process. It answers like any SPARQL 1.1 engine and writes nothing."""

    def __init__(self, store: OxigraphStore, identity: GraphIdentity) -> None:
        """Wrap an open store."""
        self._store = store
        self._identity = identity

    @classmethod
    def in_memory(cls, quads: Iterable[Quad]) -> "EmbeddedStore":
        """A store that lives as long as the object: for inference and validation."""
        store = OxigraphStore()
        store.bulk_extend(quads)
        return cls(store, GraphIdentity("", "", "memory"))

    @classmethod
    def holding(cls, triples: Iterable[Triple]) -> "EmbeddedStore":
        """A store in memory whose default graph holds these triples."""
        return cls.in_memory(Quad(t.subject, t.predicate, t.object) for t in triples)

    @classmethod
    def over(cls, directory: Path, identity: GraphIdentity) -> "EmbeddedStore":
        """The store of a published version, read-only.

        Raises:
            CannotRunError: when the directory cannot be opened as a store.
        """
        try:
            return cls(OxigraphStore.read_only(str(directory)), identity)
        except OSError as error:
            reason = str(error).splitlines()[0]
            raise cannot_run("damaged-version", str(directory), version=identity.version, reason=reason) from None

    @property
    def identity(self) -> GraphIdentity:
        """The graph that answers."""
        return self._identity

    def add(self, triples: Iterable[Triple]) -> None:
        """Add triples to the default graph of a store in memory."""
        self._store.extend(Quad(t.subject, t.predicate, t.object) for t in triples)

    def update(self, update: str) -> None:
        """Run a SPARQL update of ours on a store in memory: a rule of inference."""
        self._store.update(update)

    def take(self, graph: Iri) -> set[Triple]:
        """The triples of a named graph of a store in memory, which is gone afterwards."""
        taken = {quad.triple for quad in self._store.quads_for_pattern(None, None, None, graph)}
        if taken:
            self._store.remove_graph(graph)
        return taken

    def quads(self) -> Iterable[Quad]:
        """Every quad, for counting and for dumps."""
        return self._store.quads_for_pattern(None, None, None, None)

    def select(self, query: str, bindings: Bindings) -> Solutions:
        """Rows of a SELECT query."""
        with self._answering():
            found = self._store.query(with_values(query, bindings))
            variables = tuple(variable.value for variable in found.variables)  # type: ignore[union-attr]
            rows = [tuple(solution[name] for name in variables) for solution in found]  # type: ignore[union-attr]
        return Solutions(variables, rows)

    def ask(self, query: str, bindings: Bindings) -> bool:
        """The answer to an ASK query."""
        with self._answering():
            return bool(self._store.query(with_values(query, bindings)))

    def construct(self, query: str, bindings: Bindings) -> list[Triple]:
        """The triples of a CONSTRUCT query."""
        with self._answering():
            return list(self._store.query(with_values(query, bindings)))  # type: ignore[arg-type]

    def table(self, query: str) -> Solutions | list[Triple]:
        """The answer to any query: the rows of a SELECT, one row for an ASK, else the triples.

        Raises:
            UnreadableError: when the query is not well formed.
            CannotRunError: when the store cannot be read.
        """
        with self.results(query) as found:
            if isinstance(found, QueryTriples):
                return list(found)
            if isinstance(found, QueryBoolean):
                return Solutions(("answer",), [(true_or_false(bool(found)),)])
            names = tuple(variable.value for variable in found.variables)
            return Solutions(names, [tuple(solution[name] for name in names) for solution in found])

    @contextmanager
    def results(self, query: str, **dataset: Sequence[Iri]) -> Iterator[QueryResults]:
        """The engine's own results of any query, while they are being written out.

        Raises:
            UnreadableError: when the query is not well formed, or asks elsewhere and the fence refuses it.
            CannotRunError: when the store cannot be read.
        """
        with self._answering():
            try:
                yield self._store.query(query, **dataset)  # type: ignore[arg-type]
            except PermissionError:
                raise unreadable("query-asks-elsewhere") from None

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Turn what the engine raises into errors of ours.

        The engine raises RuntimeError for blocks of the store that can no longer be read.
        """
        try:
            yield
        except (SyntaxError, ValueError) as error:
            raise bad_query(error) from None
        except (RuntimeError, OSError) as error:
            reason = " ".join(str(error).split())[:200]
            version = self._identity.version
            raise cannot_run("damaged-version", self._identity.place, version=version, reason=reason) from None


def bad_query(error: Exception) -> UnreadableError:
    """What the engine says of a query it cannot understand, in one line."""
    return UnreadableError(Problem("bad-query", None, {"reason": " ".join(str(error).split())[:200]}))
