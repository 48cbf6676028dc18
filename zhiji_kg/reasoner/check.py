"""All that ``zhiji ontology check`` tells, as one value: what follows, what must not, and the profiles."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from ..graph import ontology, shipped
from ..rdf import Iri, Literal, Triple, parse_turtle
from ..resources import ONTOLOGY
from ..vocabulary import MODULE, RDF_TYPE, curie, shorten, zj
from . import konclude
from .hermit import PATIENCE, Classification, classify, n_triples
from .java import Profile, functional_syntax, profiles

_SUBCLASS, _EQUIVALENT, _SEE_ALSO = map(curie, ("rdfs:subClassOf", "owl:equivalentClass", "rdfs:seeAlso"))
_BELOW = (_SUBCLASS, _EQUIVALENT, *map(curie, ("owl:intersectionOf", "rdf:first", "rdf:rest")))
CORE, WITH_DL = "core", "dl"
"""The two ontologies that are judged: the published modules, and these with the axioms for HermiT alone."""


@dataclass(frozen=True, slots=True)
class Subsumption:
    """That the class of a later stage lies below that of an earlier one: inferred, and not asserted by anybody."""

    lower: str
    higher: str
    inferred: bool
    asserted: bool


@dataclass(frozen=True, slots=True)
class OntologyReport:
    """What the reasoners and the OWL API say of the shipped ontology.

    The mappings have a verdict for ``core`` and one for ``dl``. ``second`` is what Konclude says of
    ``dl``; ``None`` where there is no Konclude.
    """

    modules: tuple[str, ...]
    dl_modules: tuple[str, ...]
    classified: dict[str, Classification]
    equivalences: tuple[tuple[str, ...], ...]
    stages: tuple[Subsumption, ...]
    profiles: dict[str, tuple[Profile, ...]]
    second: Classification | None

    @property
    def agreed(self) -> bool:
        """Whether Konclude, where there is one, found what HermiT found."""
        return self.second is None or _same(self.second, self.classified[WITH_DL])

    @property
    def within_profiles(self) -> bool:
        """Whether the published modules are in OWL 2 DL and RL, and those for HermiT in OWL 2 DL."""
        wanted = [*self.profiles[CORE], *(p for p in self.profiles[WITH_DL] if p.name == "DL")]
        return all(profile.inside for profile in wanted)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        consistent = all(c.consistent and not c.unsatisfiable for c in self.classified.values())
        stages = bool(self.stages) and all(s.inferred and not s.asserted for s in self.stages)
        return consistent and stages and not self.equivalences and self.within_profiles and self.agreed


@cache
def dl_modules() -> dict[str, tuple[Triple, ...]]:
    """The modules with the axioms outside OWL 2 RL, by name: for HermiT, and in no published graph."""
    return {path.stem: tuple(parse_turtle(path)) for path in sorted((ONTOLOGY / "dl").glob("*.ttl"))}


def judged_triples(*, with_dl: bool = True) -> list[Triple]:
    """The triples of all modules and shipped source texts, with the modules for HermiT alone or without."""
    graphs = [*shipped().values(), *(dl_modules().values() if with_dl else ())]
    return [triple for graph in graphs for triple in graph]


def check_ontology(seconds: float = PATIENCE, step: Callable[[str], None] = lambda _: None) -> OntologyReport:
    """Judge the shipped ontology.

    HermiT classifies the modules alone, and then all of it: modules, source texts and the axioms of
    ``dl``. What is consistent there is consistent without those axioms too.

    Args:
        seconds: how long each run of a reasoner may take.
        step: told what is being done, by a key of the texts.

    Raises:
        CannotRunError: when there is no Java, a reasoner takes too long or fails. Nothing is passed then.
    """
    judged = {CORE: judged_triples(with_dl=False), WITH_DL: judged_triples()}
    modules = [triple for module in ontology().values() for triple in module]
    with tempfile.TemporaryDirectory() as folder:
        files = {name: _written(Path(folder) / f"{name}.nt", triples) for name, triples in judged.items()}
        step("profiles")
        within = profiles(files, seconds)
        step("reason")
        classified = {CORE: classify(modules, seconds), WITH_DL: classify(judged[WITH_DL], seconds)}
        second = None
        if found := konclude.program():
            step("konclude")
            functional = Path(folder) / "ontology.ofn"
            functional_syntax(files[WITH_DL], functional, seconds)
            second = konclude.classify(found, functional, seconds)
    equivalences = unintended(judged[WITH_DL], classified.values())
    stages = stage_subsumptions(judged[WITH_DL], classified[CORE])
    names = tuple(shorten(name.value).removeprefix(MODULE) for name in shipped())
    return OntologyReport(names, tuple(dl_modules()), classified, equivalences, stages, within, second)


def stage_subsumptions(triples: Iterable[Triple], classified: Classification) -> tuple[Subsumption, ...]:
    """What is said about the class of each stage and that of the stage before it.

    Which class stands for which stage is in the data: the class points to the rule it was written
    from (``rdfs:seeAlso``), and the stage to the rule by which it is recognised.

    Args:
        triples: the ontology, as asserted.
        classified: what follows from it.
    """
    triples = list(triples)
    rules = {t.object: t.subject for t in triples if t.predicate == _SEE_ALSO}
    order = {t.subject: int(t.object.value) for t in triples if t.predicate == zj("stageOrder")}  # type: ignore[union-attr]
    by_order = {
        order[t.subject]: rules[t.object].value  # type: ignore[union-attr]
        for t in triples
        if t.predicate == zj("recognisedBy") and t.subject in order and t.object in rules
    }
    asserted = asserted_above(triples)
    chain = [by_order[number] for number in sorted(by_order, reverse=True)]
    return tuple(
        Subsumption(low, high, high in classified.above.get(low, ()), high in asserted(low))
        for low, high in pairwise(chain)
    )


def asserted_above(triples: Iterable[Triple]) -> Callable[[str], set[str]]:
    """A function that tells the classes above a class as far as somebody says so.

    That is by ``rdfs:subClassOf``, by equivalence, or as a part of an intersection that defines it.

    Args:
        triples: the ontology, with names for blank nodes.
    """
    direct: dict[str, set[str]] = {}
    for t in triples:
        if t.predicate in _BELOW and isinstance(t.subject, Iri) and isinstance(t.object, Iri):
            direct.setdefault(t.subject.value, set()).add(t.object.value)
            if t.predicate == _EQUIVALENT:
                direct.setdefault(t.object.value, set()).add(t.subject.value)

    def above(name: str) -> set[str]:
        todo, found = [name], set[str]()
        while todo:
            for higher in direct.get(todo.pop(), set()) - found:
                found.add(higher)
                todo.append(higher)
        return found

    return above


def unintended(triples: Iterable[Triple], said: Iterable[Classification]) -> tuple[tuple[str, ...], ...]:
    """The sets of classes that came out equivalent though nobody says they are.

    Args:
        triples: the ontology, as asserted.
        said: what follows from it, or from parts of it.
    """
    asserted = asserted_above(triples)
    found = {names for classified in said for names in classified.equivalent}
    return tuple(sorted(names for names in found if not all(set(names) <= asserted(name) for name in names)))


def labels(triples: Sequence[Triple], language: str) -> dict[str, str]:
    """The labels of classes in a language, for a message.

    Args:
        triples: the ontology.
        language: ``zh`` or ``en``.
    """
    classes = {t.subject for t in triples if t.predicate == RDF_TYPE and t.object == curie("owl:Class")}
    return {
        t.subject.value: t.object.value  # type: ignore[union-attr]
        for t in triples
        if t.predicate == curie("rdfs:label")
        and t.subject in classes
        and isinstance(t.object, Literal)
        and t.object.language == language
    }


def _same(one: Classification, other: Classification) -> bool:
    if one.consistent != other.consistent or one.unsatisfiable != other.unsatisfiable:
        return False
    names = {name for name in one.above.keys() | other.above.keys() if name not in one.unsatisfiable}
    return all(one.above.get(name, frozenset()) == other.above.get(name, frozenset()) for name in names)


def _written(path: Path, triples: Iterable[Triple]) -> Path:
    path.write_text(n_triples(triples), encoding="utf-8")
    return path
