"""RDF terms and RDF text: the door through which the package names IRIs, literals, triples and quads.

The term types are pyoxigraph's own, so that a term made by a reader goes into the store
without being copied. Literals are written in the lexical form the store gives back
(``2.5``, not ``2.50``), because the graph hash is taken over text.
"""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, Variable, parse, serialize

__all__ = [
    "BlankNode", "DefaultGraph", "Iri", "Literal", "Node", "Quad", "Term", "Triple", "Variable",
    "decimal", "graph_hash", "integer", "nquads", "parse_trig", "parse_turtle", "read_as_written",
    "text", "true_or_false", "write_rdf",
]  # fmt: skip

Iri = NamedNode
Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DECIMAL = NamedNode(_XSD + "decimal")
_INTEGER = NamedNode(_XSD + "integer")
_DATE_TIME = NamedNode(_XSD + "dateTime")
_BOOLEAN = NamedNode(_XSD + "boolean")


def text(value: str, language: str | None = None) -> Literal:
    """A string literal, with a language tag where one is given."""
    return Literal(value, language=language) if language else Literal(value)


def integer(value: int) -> Literal:
    """An ``xsd:integer``."""
    return Literal(str(value), datatype=_INTEGER)


def decimal(value: Decimal) -> Literal:
    """An ``xsd:decimal`` without trailing zeros and without exponent."""
    plain = format(value.normalize(), "f") if value else "0"
    return Literal(plain, datatype=_DECIMAL)


def true_or_false(value: bool) -> Literal:
    """An ``xsd:boolean``."""
    return Literal("true" if value else "false", datatype=_BOOLEAN)


def parse_turtle(path: Path) -> list[Triple]:
    """The triples of a Turtle file of ours, as the store will give them back.

    Blank nodes are named by their place in the file, and UTC is written ``Z`` as the store writes it.

    Two readings of one file give the same names, so the graph hash does not depend on the run.

    Args:
        path: a file under ``ontology/``.

    Raises:
        SyntaxError: when the file is not Turtle.
    """
    names: dict[str, NamedNode] = {}

    def named(term: Term) -> Term:
        if isinstance(term, Literal) and term.datatype == _DATE_TIME:
            return Literal(term.value.replace("+00:00", "Z"), datatype=_DATE_TIME)
        if not isinstance(term, BlankNode):
            return term
        skolem = f"https://w3id.org/zhiji/.well-known/genid/{path.stem}-{len(names) + 1}"
        return names.setdefault(term.value, NamedNode(skolem))

    return [
        Triple(named(t.subject), t.predicate, named(t.object))  # type: ignore[arg-type]
        for t in parse(path=str(path), format=RdfFormat.TURTLE)
    ]


def parse_trig(path: Path) -> dict[Iri, list[Triple]]:
    """The triples of a TriG file of ours by the named graph in which they stand.

    Args:
        path: a ``.trig`` file under ``ontology/``.

    Raises:
        SyntaxError: when the file is not TriG.
        ValueError: when it has a blank node, or says something outside a named graph.
    """
    graphs: dict[Iri, list[Triple]] = {}
    for quad in parse(path=str(path), format=RdfFormat.TRIG):
        if not isinstance(quad.graph_name, NamedNode):
            raise ValueError(f"{path.name}: {quad.triple} stands in no named graph")
        if BlankNode in map(type, quad.triple):
            raise ValueError(f"{path.name}: {quad.triple} has a blank node")
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    return graphs


def read_as_written(path: Path, name: str) -> list[Triple]:
    """The triples of a Turtle or TriG file as they are written there, to be given away or explained.

    Blank nodes stay blank and are labelled by the file's name and their place in it, so two readings are equal.

    Args:
        path: a file under ``ontology/``.
        name: what the labels begin with; plain ASCII.

    Raises:
        SyntaxError: when the file cannot be read.
    """
    labels: dict[str, BlankNode] = {}

    def named(term: Term) -> Term:
        if not isinstance(term, BlankNode):
            return term
        return labels.setdefault(term.value, BlankNode(f"{name}-{len(labels) + 1}"))

    form = RdfFormat.from_extension(path.suffix[1:])
    return [
        Triple(named(t.subject), t.predicate, named(t.object))  # type: ignore[arg-type]
        for t in parse(path=str(path), format=form)
    ]


def nquads(quads: Iterable[Quad]) -> list[bytes]:
    """The quads as N-Quads lines, sorted by code point and without repeats."""
    written: bytes = serialize(quads, format=RdfFormat.N_QUADS)  # type: ignore[assignment]  # bytes without an output
    return sorted(set(written.splitlines(keepends=True)))


def graph_hash(lines: Iterable[bytes]) -> str:
    """SHA-256 (hex) of sorted N-Quads lines: one graph, one hash, on every machine."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()


def write_rdf(triples: Iterable[Triple], media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """A graph as text.

    Args:
        triples: in the order in which they are to stand.
        media_type: ``text/turtle``, ``application/n-triples``, ``application/ld+json`` or ``application/rdf+xml``.
        prefixes: for the formats that have them.

    Raises:
        ValueError: when a triple cannot be written in that format (RDF/XML: a property that ends in no XML name).
    """
    form = RdfFormat.from_media_type(media_type)
    written: bytes = serialize(triples, format=form, prefixes=dict(prefixes))  # type: ignore[assignment]
    return written
