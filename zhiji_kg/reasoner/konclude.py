"""Konclude, a second reasoner, where its program is on the PATH: an independent word on the same ontology."""

import re
import shutil
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

from ..errors import cannot_run
from .hermit import Classification
from .java import run

_OWL = "{http://www.w3.org/2002/07/owl#}"
_IRI = "http://www.w3.org/2002/07/owl#"


def program() -> str | None:
    """Where Konclude is, or ``None`` where it is not."""
    return shutil.which("Konclude")


def classify(konclude: str, ontology: Path, seconds: float) -> Classification:
    """Let Konclude say whether an ontology is consistent, and classify it.

    Args:
        konclude: the program.
        ontology: the ontology in functional syntax; the result is written beside it.
        seconds: how long each of the two runs may take.

    Raises:
        CannotRunError: when it takes too long, fails, or says something else than it is known to say.
    """
    said = run([konclude, "consistency", "-i", str(ontology)], seconds, what="Konclude")
    verdict = re.search(r"Ontology '.*' is (in)?consistent\.", said)
    if not verdict:
        raise cannot_run("reasoner-failed", what="Konclude", said=said.strip()[-200:] or "–")
    if verdict[1]:
        return Classification(False)
    result = ontology.with_suffix(".classes.xml")
    run([konclude, "classification", "-i", str(ontology), "-o", str(result)], seconds, what="Konclude")
    try:
        return hierarchy(result.read_bytes())
    except (OSError, ElementTree.ParseError) as wrong:
        raise cannot_run("reasoner-failed", what="Konclude", said=str(wrong)) from None


def hierarchy(owl_xml: bytes) -> Classification:
    """A class hierarchy in OWL/XML as a classification.

    Args:
        owl_xml: axioms ``SubClassOf`` and ``EquivalentClasses`` between named classes.

    Raises:
        xml.etree.ElementTree.ParseError: when it is not XML.
    """
    root = ElementTree.fromstring(owl_xml)
    direct: dict[str, set[str]] = defaultdict(set)
    for axiom in root:
        names = [_name(child) for child in axiom.findall(f"{_OWL}Class")]
        if axiom.tag == f"{_OWL}SubClassOf":
            direct[names[0]].add(names[1])
        elif axiom.tag == f"{_OWL}EquivalentClasses":
            for name in names:
                direct[name].update(names)
    above = {name: frozenset(_reached(name, direct)) for name in direct if not name.startswith(_IRI)}
    impossible = sorted(name for name, higher in above.items() if _IRI + "Nothing" in higher)
    named = {name: frozenset(h for h in higher if not h.startswith(_IRI)) for name, higher in above.items()}
    return Classification(True, tuple(impossible), named)


def _name(element: ElementTree.Element) -> str:
    """The IRI of a class; the only abbreviated ones are OWL's own."""
    return element.get("IRI") or _IRI + element.get("abbreviatedIRI", "").rpartition(":")[2]


def _reached(start: str, direct: dict[str, set[str]]) -> set[str]:
    todo, found = [start], set[str]()
    while todo:
        for higher in direct.get(todo.pop(), set()) - found:
            found.add(higher)
            todo.append(higher)
    return found - {start}
