"""What every reader hands on: the triples of one source document, its references and its problems."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..errors import Address, Problem
from ..rdf import Iri, Term, Triple

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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
    are the things whose rows could not be read: to name one is no second mistake; ``mentions`` are
    occupations that are only named, which should be known from somewhere else; ``columns`` are the
    letters of the column in which a sheet of a file gives a property; ``reference`` marks a large
    source of reference data, which its reader checks and nobody here can mend.
    """

    identifier: str
    files: tuple[str, ...]
    grade: str = "example"
    triples: list[Triple] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    mentions: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[Iri, Address] = field(default_factory=dict)
    refused: set[Iri] = field(default_factory=set)
    columns: dict[tuple[str, str, Iri], str] = field(default_factory=dict)
    reference: bool = False

    def add(self, subject: Iri, predicate: Iri, value: Term) -> None:
        """State one triple."""
        self.triples.append(Triple(subject, predicate, value))

    def report(self, code: str, where: Address, severity: str = "error", /, **values: object) -> None:
        """Note a problem at a place."""
        self.problems.append(Problem(code, where, values, severity))  # type: ignore[arg-type]

    def cell(self, place: Address, property_: Iri) -> Address:
        """The cell of a property in the row of a place; the place itself where the sheet has no such column."""
        letters = self.columns.get((place.file, place.sheet, property_))
        return replace(place, cell=letters + place.cell.lstrip(_LETTERS)) if letters else place

    def errors(self) -> Iterator[Problem]:
        """The problems that keep the source from being published."""
        return (problem for problem in self.problems if problem.severity == "error")
