"""HermiT by owlready2: is an ontology consistent, and which classes and memberships follow. The door to owlready2."""

import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import cannot_run
from ..rdf import Iri, Triple
from ..vocabulary import RDF_TYPE, curie
from .java import first_line, java

if TYPE_CHECKING:
    import owlready2

PATIENCE = 300.0
"""Seconds that HermiT may take: a laptop needs some ten for the shipped ontology."""

_IMPORTS = curie("owl:imports")
_PROPERTIES = frozenset(map(curie, ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")))
_GENID = "<https://w3id.org/zhiji/.well-known/genid/"
_CANARY, _CAGE = "urn:zhiji-kg:canary", "urn:zhiji-kg:cage"
_PREMISES = f"""\
<{_CANARY}> <{curie("rdf:type").value}> <{curie("owl:Class").value}> .
<{_CAGE}> <{curie("rdf:type").value}> <{curie("owl:Class").value}> .
<urn:zhiji-kg:sits> <{curie("rdf:type").value}> <{curie("owl:ObjectProperty").value}> .
<urn:zhiji-kg:sits> <{curie("rdfs:domain").value}> <{_CAGE}> .
<{_CANARY}> <{curie("rdfs:subClassOf").value}> _:canarysits .
_:canarysits <{curie("rdf:type").value}> <{curie("owl:Restriction").value}> .
_:canarysits <{curie("owl:onProperty").value}> <urn:zhiji-kg:sits> .
_:canarysits <{curie("owl:someValuesFrom").value}> <{curie("owl:Thing").value}> .
"""
"""From these a reasoner must infer that the canary is in its cage: one that says nothing did not run."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What a reasoner says of an ontology; of an inconsistent one nothing but that it is.

    ``above`` holds, for each named class, all named classes above it, itself left out; ``types``, for
    each named individual, all named classes it belongs to. Terms of OWL itself are left out.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    above: dict[str, frozenset[str]] = field(default_factory=dict)
    types: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def equivalent(self) -> tuple[tuple[str, ...], ...]:
        """The sets of named classes that have the same members, those that can have none left out."""
        same = {
            tuple(sorted({name, *(other for other in higher if name in self.above.get(other, ()))}))
            for name, higher in self.above.items()
            if name not in self.unsatisfiable
        }
        return tuple(sorted(names for names in same if len(names) > 1))


def classify(triples: Iterable[Triple], seconds: float = PATIENCE) -> Classification:
    """Load triples with owlready2 and let HermiT classify them.

    Args:
        triples: an ontology, with individuals or without; imports are not followed.
        seconds: how long it may take.

    Raises:
        CannotRunError: when there is no Java, HermiT takes too long, says nothing, or cannot read the ontology.
    """
    import owlready2  # the door to owlready2; heavy, so opened only here

    program, triples = java(), list(triples)
    world = owlready2.World()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ontology.nt"
        path.write_text(n_triples(_unpunned(triples)) + _PREMISES, encoding="utf-8")
        loaded = world.get_ontology(path.as_uri()).load()
        try:
            with loaded, _settings(program, folder, seconds):
                owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return Classification(False)
        except subprocess.TimeoutExpired:
            raise cannot_run("reasoner-too-slow", what="HermiT", seconds=f"{seconds:g}") from None
        except owlready2.OwlReadyJavaError as failed:
            said = str(failed).removeprefix("Java error message is:").encode()
            raise cannot_run("reasoner-failed", what="HermiT", said=first_line(said)) from None
        if world[_CAGE] not in world[_CANARY].ancestors():
            raise cannot_run("reasoner-failed", what="HermiT", said="–")  # silence is no verdict
        return _read(world, _individuals(triples))


def n_triples(triples: Iterable[Triple]) -> str:
    """Triples as HermiT wants them: without imports, and OWL's class expressions blank again.

    Args:
        triples: as ``rdf.parse_turtle`` gives them, with names of ours for blank nodes.
    """
    return "".join(f"{_unskolemised(t)} .\n" for t in triples if t.predicate != _IMPORTS)


@contextmanager
def _settings(program: str, folder: str, seconds: float) -> Iterator[None]:
    """Which Java owlready2 runs and how long, and where its files go: it leaves them behind when HermiT fails."""
    import owlready2  # heavy, so opened only here

    passed = owlready2.reasoning._subprocess_kargs
    before = tempfile.tempdir
    owlready2.JAVA_EXE, tempfile.tempdir = program, folder
    passed["timeout"] = seconds
    try:
        yield
    finally:
        tempfile.tempdir = before
        del passed["timeout"]


def _read(world: "owlready2.World", individuals: Iterable[str]) -> Classification:
    """The result as owlready2 wrote it into its world."""
    impossible = _named(world.inconsistent_classes())
    above = {c.iri: _named(c.ancestors()) - {c.iri} for c in world.classes() if c.iri not in (_CANARY, _CAGE)}
    types = {
        iri: frozenset().union(*(_named(c.ancestors()) for c in world[iri].is_a if hasattr(c, "ancestors")))
        for iri in individuals
    }
    return Classification(True, tuple(sorted(impossible)), above, types)


def _individuals(triples: Iterable[Triple]) -> list[str]:
    """What is said to belong to a class that is not OWL's own: the classes and properties themselves are not."""
    kinds = {t.subject for t in triples if t.predicate == RDF_TYPE and t.object == curie("owl:Class")}
    found = {t.subject for t in triples if t.predicate == RDF_TYPE and t.object in kinds}
    return sorted(subject.value for subject in found if isinstance(subject, Iri))


def _named(classes: Iterable["owlready2.ThingClass"]) -> frozenset[str]:
    owl = curie("owl:Thing").value.removesuffix("Thing")
    return frozenset(c.iri for c in classes if not c.iri.startswith(owl))


def _unpunned(triples: Sequence[Triple]) -> list[Triple]:
    """Without the statements that a property is a member of a class, such as ``qb:DimensionProperty``.

    OWL 2 DL takes the property and the member for two things that share a name; owlready2 does not, and mixes them up.
    """
    properties = {t.subject for t in triples if t.predicate == RDF_TYPE and t.object in _PROPERTIES}
    owl = curie("owl:Thing").value.removesuffix("Thing")
    return [
        t for t in triples if not (t.predicate == RDF_TYPE and t.subject in properties and owl not in str(t.object))
    ]


def _unskolemised(triple: Triple) -> str:
    """The triple with our names for blank nodes turned back: OWL class expressions must be blank."""
    text = str(triple)
    while (start := text.find(_GENID)) >= 0:
        end = text.index(">", start)
        text = f"{text[:start]}_:{text[start:end].rpartition('/')[2].replace('-', 'x')}{text[end + 1 :]}"
    return text
