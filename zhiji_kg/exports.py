"""The graph as a file: dumps, network formats, and the one-page picture of a programme."""

from pathlib import Path

from .analysis import GapAnalysis
from .errors import unreadable
from .findings import State
from .knowledge import KnowledgeGraph
from .report.summary import notice
from .texts import Language
from .writers.files import in_one_step

_SEVEREST: tuple[State, ...] = ("no-match", "partial", "not-examined", "covered")


def picture(graph: KnowledgeGraph, programme: str | None, path: Path, language: Language) -> None:
    """One programme's neighbourhood as one request-free page.

    Args:
        graph: the published graph.
        programme: its code; the only one when not given.
        path: the HTML file.
        language: of labels and texts.

    Raises:
        UnreadableError: when the programme is unknown.
        CannotRunError: when the file cannot be written.
    """
    from .network import neighbourhood  # networkx is slow to import
    from .viewer import write_picture  # and pyvis slower

    analysis = graph.gaps(programme)
    near = neighbourhood(graph.store, analysis.programme.thing.iri, states_of_points(analysis))
    said = notice(analysis)
    title = f"{analysis.programme.thing.name(language)} {analysis.programme.thing.code}"
    write_picture(near, path, language, title, said(language) if said else "")


def states_of_points(analysis: GapAnalysis) -> dict[str, State]:
    """The severest state of each point over the certificates and occupations aimed at, by IRI."""
    states: dict[str, State] = {}
    for coverage in analysis.coverages:
        if coverage.target.basis == "stage":
            continue
        for cell in coverage.cells:
            point, state = cell.requirement.point.iri, cell.verdict.state
            states[point] = min(states.get(point, state), state, key=_SEVEREST.index)
    return states


def dump(graph: KnowledgeGraph, form: str, path: Path) -> None:
    """The graph as N-Quads (with named graphs), Turtle, GraphML or GEXF.

    Raises:
        UnreadableError: when N-Quads are asked of an endpoint, whose named graphs the port does not see.
        CannotRunError: when the file cannot be written.
    """
    writers = {"nq": _nquads, "ttl": _turtle, "graphml": _network, "gexf": _network}
    with in_one_step(path) as aside:
        writers[form](graph, form, aside)


def _nquads(graph: KnowledgeGraph, _form: str, path: Path) -> None:
    from .rdf import nquads
    from .store.oxigraph import EmbeddedStore

    if not isinstance(graph.store, EmbeddedStore):
        raise unreadable("no-named-graphs", graph.identity.place)
    with path.open("wb") as file:
        file.writelines(nquads(graph.store.quads()))


def _turtle(graph: KnowledgeGraph, _form: str, path: Path) -> None:
    path.write_text(graph.graph().serialize(format="longturtle"), encoding="utf-8")


def _network(graph: KnowledgeGraph, form: str, path: Path) -> None:
    from .network import write_network  # networkx is slow to import

    write_network(graph.network(), "graphml" if form == "graphml" else "gexf", path)
