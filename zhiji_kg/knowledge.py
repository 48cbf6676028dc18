"""The public face of the package: one published graph, asked and judged from Python.

Example:
    >>> from zhiji_kg import KnowledgeGraph
    >>> kg = KnowledgeGraph.open("kg")  # doctest: +SKIP
    >>> kg.gaps("460103").findings  # doctest: +SKIP
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import queries
from .analysis import GapAnalysis, Programme, analyse, find_programme, load_profile, programmes
from .errors import cannot_run
from .queries import Row
from .recognition import Recognition, interpretation_of, recognise
from .store import GraphIdentity, Solutions, Store, open_store

if TYPE_CHECKING:
    import networkx
    import pandas
    import rdflib

_SHOWN_IN_NOTEBOOK = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a query: iterate it for rows as plain values, or take the terms."""

    query: queries.Query
    solutions: Solutions

    def __iter__(self) -> Iterator[Row]:
        """Rows as dictionaries of plain values, in the order the query asks for."""
        return iter(queries.plain_rows(self.solutions))

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.solutions.rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.solutions.variables

    def to_pandas(self) -> "pandas.DataFrame":
        """The rows as a DataFrame.

        Raises:
            CannotRunError: when pandas is not installed.
        """
        try:
            import pandas  # optional, and only here
        except ImportError:
            raise cannot_run("no-pandas") from None
        return pandas.DataFrame(list(self), columns=list(self.columns))

    def _repr_html_(self) -> str:
        """The first rows as a table, for notebooks."""
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape('' if v is None else str(v))}</td>" for v in row.values()) + "</tr>"
            for row, _ in zip(self, range(_SHOWN_IN_NOTEBOOK), strict=False)
        )
        more = f"<caption>{_SHOWN_IN_NOTEBOOK} / {len(self)}</caption>" if len(self) > _SHOWN_IN_NOTEBOOK else ""
        return f"<table>{more}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class KnowledgeGraph:
    """A published graph, read-only."""

    def __init__(self, store: Store) -> None:
        """Use ``KnowledgeGraph.open`` or ``KnowledgeGraph.at``."""
        self._store = store

    @classmethod
    def open(cls, directory: str | Path) -> "KnowledgeGraph":
        """The version that serves in a folder of versions.

        Raises:
            UnreadableError: when nothing is published there.
        """
        return cls(open_store(Path(directory)))

    @classmethod
    def at(cls, endpoint: str) -> "KnowledgeGraph":
        """The same graph behind any SPARQL 1.1 endpoint.

        Args:
            endpoint: the URL of its query service.
        """
        return cls(open_store(endpoint=endpoint))

    @property
    def identity(self) -> GraphIdentity:
        """Version and hash of the graph that answers."""
        return self._store.identity

    @property
    def store(self) -> Store:
        """The store behind it, for queries of one's own."""
        return self._store

    def programmes(self) -> list[Programme]:
        """The programme editions of the graph."""
        return programmes(self._store)

    def programme(self, code: str | None = None) -> Programme:
        """One programme edition, by code (the latest unless ``CODE@YEAR``) or IRI; the only one when not given.

        Raises:
            UnreadableError: when the code is unknown, or several programmes are there and no code is given.
        """
        return find_programme(self._store, code)

    def query(self, name: str, **parameters: str) -> Answer:
        """Ask a named question, or the question of a ``.rq`` file.

        Args:
            name: its name, the competency question it answers (``CQ-19``), or a path.
            **parameters: the values of its parameters as a person writes them: codes, IRIs, numbers.

        Raises:
            UnreadableError: when the query or a parameter is unknown.
        """
        query = queries.find_query(name)
        return Answer(query, queries.ask_query(self._store, query, queries.bind(self._store, query, parameters)))

    def gaps(self, programme: str | None = None, source: str | None = None, profile: Path | None = None) -> GapAnalysis:
        """Compare a programme with what it aims at.

        Args:
            programme: its code; the only one of the graph when not given.
            source: look at this requirement source alone (``CODE@4``, or an occupation's code).
            profile: a policy file of one's own.

        Raises:
            UnreadableError: when a code is unknown.
        """
        policy = load_profile(profile) if profile else load_profile()
        return analyse(self._store, self.programme(programme), policy, source)

    def recognise(self, learner: str, interpretation: str | None = None) -> Recognition:
        """Which growth stage a learner reaches, by which rule, and what is missing for the next.

        Args:
            learner: their code.
            interpretation: the code of a reading of the rules (``exact-own-trade``); that of the profile
                when not given.

        Raises:
            UnreadableError: when a code is unknown.
        """
        person = queries.entity_by_code(self._store, "zj:Learner", learner)
        reading = interpretation_of(self._store, interpretation or load_profile().interpretation)
        return recognise(self._store, person, reading)

    def graph(self) -> "rdflib.Graph":
        """The default graph as an rdflib graph, in memory."""
        from .writers.turtle import rdflib_graph  # rdflib is heavy, and only here

        return rdflib_graph(self._store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", {}))

    def network(self) -> "networkx.MultiDiGraph[Any]":
        """The links between entities as a networkx graph; nodes are IRIs, edges carry the property."""
        from .network import graph_of  # networkx is heavy, and only here

        return graph_of(self._store)

    def __repr__(self) -> str:
        """Which graph it is."""
        identity = self.identity
        return f"<KnowledgeGraph {identity.version or identity.place} {identity.sha256[:12]}>"

    def _repr_html_(self) -> str:
        """Its programmes as a table, for notebooks."""
        rows = "".join(
            f"<tr><td>{html.escape(p.thing.code)}</td><td>{html.escape(p.thing.name('zh'))}</td>"
            f"<td>{html.escape(p.school)}</td><td>{p.courses}</td></tr>"
            for p in self.programmes()
        )
        head = "<tr><th>code</th><th>programme</th><th>school</th><th>courses</th></tr>"
        return f"<p>{html.escape(repr(self))}</p><table><thead>{head}</thead><tbody>{rows}</tbody></table>"
