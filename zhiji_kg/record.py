"""What a person has, written down without a graph of one's own, measured against the shipped rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from .graph import shipped
from .rdf import Iri, Triple, text
from .recognition import Interpretation, Recognition, recognise
from .store.oxigraph import EmbeddedStore
from .store.port import Store
from .vocabulary import NOTATION, RDF_TYPE, entity, zj

_OF_A_RECORD = "record"  # the code of the learner whom a record describes


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate as a record without a graph states it: its level, and the occupation code it is for, if told."""

    level: Iri
    occupation: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What a person has: attainments, certificates, and the codes of the occupations that are their own trade."""

    attainments: tuple[Iri, ...] = ()
    certificates: tuple[Held, ...] = ()
    trades: tuple[str, ...] = ()


def recognise_record(record: Record, interpretation: Interpretation) -> Recognition:
    """Measure what a person has against the shipped rules, without a graph of one's own."""
    store = EmbeddedStore.holding(chain(_shipped_triples(), triples_of(record)))
    return recognise(store, entity("learner", _OF_A_RECORD), interpretation)


@cache
def shipped_rules() -> Store:
    """The shipped ontology as a store: the rules, attainments, levels and interpretations without any data."""
    return EmbeddedStore.holding(_shipped_triples())


def triples_of(record: Record, learner: str = _OF_A_RECORD) -> Iterator[Triple]:
    """What a record states, as the graph would hold it.

    Args:
        record: what a person has.
        learner: a code for the person.
    """
    person = entity("learner", learner)
    yield Triple(person, RDF_TYPE, zj("Learner"))
    yield Triple(person, NOTATION, text(learner))
    for attainment in record.attainments:
        yield Triple(person, zj("achievedAttainment"), attainment)
    for code in record.trades:
        yield Triple(person, zj("hasOwnTrade"), entity("occupation", code))
        yield from _occupation(code)
    for held in dict.fromkeys(record.certificates):
        code = "-".join(filter(None, (held.occupation, held.level.value.rpartition("/")[2])))
        certificate = entity("certificate", code)
        yield Triple(person, zj("holdsCertificate"), certificate)
        yield Triple(certificate, RDF_TYPE, zj("SkillCertificate"))
        yield Triple(certificate, zj("certifiesLevel"), held.level)
        if held.occupation:
            yield Triple(certificate, zj("certifiesFor"), entity("occupation", held.occupation))
            yield from _occupation(held.occupation)


def _occupation(code: str) -> Iterator[Triple]:
    yield Triple(entity("occupation", code), RDF_TYPE, zj("Occupation"))
    yield Triple(entity("occupation", code), NOTATION, text(code))


def _shipped_triples() -> Iterator[Triple]:
    return chain.from_iterable(shipped().values())
