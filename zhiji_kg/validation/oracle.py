"""The door to pySHACL: the same shapes checked by a SHACL engine, which the queries are held against."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ..errors import cannot_run
from ..rdf import Triple
from ..writers.turtle import rdflib_graph
from . import Violation
from .shapes import SHACL, SHAPE, shape_files

Finding = tuple[str, str, str]
"""The name of a shape, the constraint component that fails, and the thing that fails it."""


def shacl_findings(triples: Iterable[Triple]) -> set[Finding]:
    """What pySHACL finds in a graph to which the inferred has been added.

    Args:
        triples: the default graph, the ontology in it.

    Raises:
        CannotRunError: when pySHACL, the extra ``shacl``, is not installed.
    """
    try:
        import pyshacl  # optional, and heavy: opened only here
    except ImportError:
        raise cannot_run("no-pyshacl") from None
    demands = rdflib_graph(())
    for path in shape_files():
        demands.parse(path, format="turtle")
    _, report, _ = pyshacl.validate(rdflib_graph(triples), shacl_graph=demands, inplace=True)
    said: dict[Any, dict[str, str]] = defaultdict(dict)
    for subject, predicate, value in report:
        said[subject][str(predicate).removeprefix(SHACL)] = str(value)
    return {_finding(result) for result in said.values() if "focusNode" in result}


def findings_of(violations: Iterable[Violation]) -> set[Finding]:
    """What the queries found, to be held against what pySHACL finds."""
    return {(v.shape.name, v.constraint, getattr(v.focus, "value", str(v.focus))) for v in violations}


def _finding(result: dict[str, str]) -> Finding:
    component = result["sourceConstraintComponent"].removeprefix(SHACL).removesuffix("ConstraintComponent")
    return result["sourceShape"].removeprefix(SHAPE), component, result["focusNode"]
