"""Canonical TriG for what we ship as data: one set of quads, one text, so that a difference is a change."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..rdf import Iri, Literal, Term, Triple, parse_trig
from ..vocabulary import PREFIXES, RDF_TYPE

_DATA_CUBE = "http://purl.org/linked-data/cube#"  # only observations in data use it, so no prefix of the package
_TABLE = {**PREFIXES, "qb": _DATA_CUBE}
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BARE = {PREFIXES["xsd"] + "integer": r"[+-]?[0-9]+", PREFIXES["xsd"] + "boolean": "true|false"}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def canonical_trig(path: Path) -> str:
    """The one form in which a TriG file of ours stands.

    Args:
        path: a TriG file without blank nodes.

    Raises:
        SyntaxError: when it is not TriG.
        ValueError: when it has a blank node or says something outside a named graph.
    """
    return trig(parse_trig(path))


def trig(graphs: Mapping[Iri, Iterable[Triple]]) -> str:
    """Named graphs as TriG: graphs, subjects, properties and values sorted, types first, one table of prefixes."""
    writer = _Writer()
    blocks = [writer.graph(name, graphs[name]) for name in sorted(graphs, key=str)]
    head = "".join(f"PREFIX {prefix}: <{_TABLE[prefix]}>\n" for prefix in sorted(writer.used))
    return "\n".join([head, *blocks])


class _Writer:
    """Writes terms and remembers which prefixes that took."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def graph(self, name: Iri, triples: Iterable[Triple]) -> str:
        """One named graph with all it says."""
        said: dict[Iri, dict[Iri, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for triple in triples:
            said[triple.subject][triple.predicate].add(triple.object)  # type: ignore[index]  # no blank nodes
        subjects = [self._subject(subject, said[subject]) for subject in sorted(said, key=str)]
        return f"{self._iri(name)} {{\n" + "\n".join(subjects) + "}\n"

    def _subject(self, subject: Iri, said: Mapping[Iri, Iterable[Term]]) -> str:
        lines = [f"{self._iri(subject)}\n"]
        for predicate in sorted(said, key=lambda iri: (iri != RDF_TYPE, str(iri))):
            name = "a" if predicate == RDF_TYPE else self._iri(predicate)
            values = [self._term(term) for term in sorted(said[predicate], key=str)]
            written = " " + values[0] if len(values) == 1 else "".join(f"\n        {value} ," for value in values)[:-2]
            lines.append(f"    {name}{written} ;\n")
        return "".join(lines) + ".\n"

    def _term(self, term: Term) -> str:
        if isinstance(term, Literal):
            return self._literal(term)
        return self._iri(term)  # type: ignore[arg-type]  # neither a blank node nor a triple: the reader refuses them

    def _literal(self, literal: Literal) -> str:
        kind = literal.datatype
        if re.fullmatch(_BARE.get(kind.value, "(?!)"), literal.value):
            return literal.value
        quoted = '"' + literal.value.translate(_ESCAPES) + '"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if kind.value == PREFIXES["xsd"] + "string" else f"{quoted}^^{self._iri(kind)}"

    def _iri(self, iri: Iri) -> str:
        for prefix, namespace in _TABLE.items():
            local = iri.value.removeprefix(namespace)
            if local != iri.value and _LOCAL.fullmatch(local):
                self.used.add(prefix)
                return f"{prefix}:{local}"
        return str(iri)
