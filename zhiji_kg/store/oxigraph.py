"""The embedded engine: Oxigraph, in memory or over the directory of a published version."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Store as OxigraphStore

from ..errors import Problem, UnreadableError, cannot_run
from ..rdf import Quad, Term, Triple, Variable
from .port import Bindings, GraphIdentity, Solutions


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

    def quads(self) -> Iterable[Quad]:
        """Every quad, for counting and for dumps."""
        return self._store.quads_for_pattern(None, None, None, None)

    def select(self, query: str, bindings: Bindings) -> Solutions:
        """Rows of a SELECT query."""
        try:
            found = self._store.query(query, substitutions=_substitutions(bindings))
            variables = tuple(variable.value for variable in found.variables)  # type: ignore[union-attr]
            rows = [tuple(solution[name] for name in variables) for solution in found]  # type: ignore[union-attr]
        except (SyntaxError, ValueError) as error:
            raise bad_query(error) from None
        return Solutions(variables, rows)

    def ask(self, query: str, bindings: Bindings) -> bool:
        """The answer to an ASK query."""
        try:
            return bool(self._store.query(query, substitutions=_substitutions(bindings)))
        except (SyntaxError, ValueError) as error:
            raise bad_query(error) from None

    def construct(self, query: str, bindings: Bindings) -> list[Triple]:
        """The triples of a CONSTRUCT query."""
        try:
            return list(self._store.query(query, substitutions=_substitutions(bindings)))  # type: ignore[arg-type]
        except (SyntaxError, ValueError) as error:
            raise bad_query(error) from None


def bad_query(error: Exception) -> UnreadableError:
    """What the engine says of a query it cannot understand, in one line."""
    return UnreadableError(Problem("bad-query", None, {"reason": " ".join(str(error).split())[:200]}))


def _substitutions(bindings: Bindings) -> dict[Variable, Term]:
    return {Variable(name): term for name, term in bindings.items()}
