"""The port between the questions and whatever answers them: three methods and an identity."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ..rdf import Term, Triple

Bindings = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Solutions:
    """The rows of a SELECT: the variables in the order asked for, and a term or ``None`` for each."""

    variables: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


@dataclass(frozen=True, slots=True)
class GraphIdentity:
    """Which graph answers: its version, its hash (empty where an endpoint does not tell), where it is."""

    version: str
    sha256: str
    place: str


class Store(Protocol):
    """Whatever answers read-only SPARQL 1.1 over the default graph."""

    @property
    def identity(self) -> GraphIdentity:
        """The graph that answers."""

    def select(self, query: str, bindings: Bindings) -> Solutions:
        """Rows of a SELECT query, with some of its variables bound to terms."""

    def ask(self, query: str, bindings: Bindings) -> bool:
        """The answer to an ASK query."""

    def construct(self, query: str, bindings: Bindings) -> list[Triple]:
        """The triples of a CONSTRUCT query."""
