"""What every reader hands on: the triples of one source document, its references and its problems."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..errors import Address, Problem
from ..rdf import Iri, Term, Triple


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell that names an entity which has to exist somewhere among the sources or the ontology."""

    target: Iri
    expected: Iri  # a class of the ontology
    where: Address
    written: str


@dataclass(slots=True)
class Reading:
    """One source document as triples, with what has to be checked against the other sources.

    ``identifier`` names the document's graph; ``files`` are the files it was read from; ``refused``
    are the things whose rows could not be read: to name one is no second mistake.
    """

    identifier: str
    files: tuple[str, ...]
    grade: str = "example"
    triples: list[Triple] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[Iri, Address] = field(default_factory=dict)
    refused: set[Iri] = field(default_factory=set)

    def add(self, subject: Iri, predicate: Iri, value: Term) -> None:
        """State one triple."""
        self.triples.append(Triple(subject, predicate, value))

    def report(self, code: str, where: Address, severity: str = "error", /, **values: object) -> None:
        """Note a problem at a place."""
        self.problems.append(Problem(code, where, values, severity))  # type: ignore[arg-type]

    def errors(self) -> Iterator[Problem]:
        """The problems that keep the source from being published."""
        return (problem for problem in self.problems if problem.severity == "error")
