"""The door to rdflib: canonical Turtle for the ontology, and a graph for notebooks."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..rdf import Triple

if TYPE_CHECKING:
    import rdflib


def canonical_turtle(path: Path) -> str:
    """The one form in which a Turtle file of ours stands: rdflib's ``longturtle`` with canonical blank nodes.

    Args:
        path: a Turtle file.

    Raises:
        rdflib.exceptions.ParserError: when it is not Turtle.
    """
    import rdflib  # heavy, so opened only here

    graph = rdflib.Graph().parse(path, format="turtle")
    return graph.serialize(format="longturtle", canon=True, encoding=None)


def rdflib_graph(triples: Iterable[Triple]) -> "rdflib.Graph":
    """Triples as an rdflib graph in memory."""
    import rdflib  # heavy, so opened only here

    lines = "".join(f"{triple} .\n" for triple in triples)
    return rdflib.Graph().parse(data=lines, format="nt")
