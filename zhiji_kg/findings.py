"""What a result is: frozen values that every report, table and test reads.

Nothing here knows the graph, a file or a format. Figures are exact (``Fraction``) until
they are shown.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from .texts import NOTHING, Language, Text

State = Literal["covered", "partial", "no-match", "not-examined"]
STATES: tuple[State, ...] = ("covered", "partial", "no-match", "not-examined")
Severity = Literal["error", "warning", "note"]
Table = Literal["items", "theory", "skills"]
TABLES: tuple[Table, ...] = ("items", "theory", "skills")
GRADES = ("", "direct", "rule", "inferred", "example")
"""The grades of evidence, the weakest last."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity as people know it: its IRI, its code and its name in zh and en."""

    iri: str
    code: str = ""
    label: Text = NOTHING

    def name(self, language: Language) -> str:
        """Its name in a language; else the name in the other; else its code; else its IRI."""
        return self.label(language) or self.label.zh or self.label.en or self.code or self.iri


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a statement stands: the entity, its source document, its cell, its grade and reviewer."""

    iri: str
    source: str = ""
    locator: str = ""
    grade: str = ""
    reviewer: str = ""
    stated_in: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a requirement asks of a coverage; ``None`` where it asks nothing.

    ``least_depth`` 1–4, ``due_term`` a term of the plan, ``least_hours`` in teaching hours.
    """

    least_depth: int | None
    due_term: int
    least_hours: float | None = None
    must_be_assessed: bool = False
    depth_is_stated: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """One coverage of a point by a course of the plan, as measured."""

    coverage: Evidence
    course: Thing
    last_term: int
    depth: int | None = None
    hours: float | None = None
    assessed: bool = False

    @property
    def reviewed(self) -> bool:
        """Whether it counts in the reading *reviewed only*: direct, or with a reviewer; never an example."""
        grade = self.coverage.grade
        return grade == "direct" or (bool(self.coverage.reviewer) and grade != "example")


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One test that a coverage fails: its finding code, the measured value and the threshold."""

    code: str
    measured: float | bool | None
    threshold: float | bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a cell, the offer that decides it, and the tests that offer fails."""

    state: State
    chosen: Offer | None = None
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """A required point of a source, with its place in the standard and the words of the requirement."""

    thing: Thing
    kind: Literal["skill", "knowledge", "basic", "task"]
    point: Thing
    evidence: Evidence
    function: Thing | None = None
    work: Thing | None = None
    least_depth: int | None = None
    least_hours: float | None = None
    must_be_assessed: bool = False

    @property
    def table(self) -> Table:
        """The weight table its share comes from; ``items`` when it has none."""
        return {"skill": "skills", "knowledge": "theory", "basic": "theory"}.get(self.kind, "items")  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Cell:
    """(programme edition, requirement source, required point): what is asked, offered and judged.

    ``weight`` is its share in percent points of its table, ``None`` where the source has no weight
    for it. ``examinations`` are those that found no match.
    """

    requirement: Requirement
    demand: Demand
    offers: tuple[Offer, ...]
    examinations: tuple[Evidence, ...]
    verdict: Verdict
    reviewed: Verdict
    weight: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The four states of some cells, in items or in percent points; they add up to the denominator.

    ``stated`` is the sum of the whole weight column, 100 in a sound standard; ``None`` for items.
    """

    covered: Fraction = Fraction(0)
    partial: Fraction = Fraction(0)
    no_match: Fraction = Fraction(0)
    not_examined: Fraction = Fraction(0)
    stated: Fraction | None = None

    @property
    def denominator(self) -> Fraction:
        """What the four states add up to."""
        return self.covered + self.partial + self.no_match + self.not_examined

    @property
    def known_gap(self) -> Fraction:
        """Partial and no match: the gap that is known."""
        return self.partial + self.no_match

    @property
    def upper_bound(self) -> Fraction:
        """The known gap and what nobody has examined: the gap at its largest."""
        return self.known_gap + self.not_examined

    def of(self, state: State) -> Fraction:
        """The figure of one state."""
        return {
            "covered": self.covered,
            "partial": self.partial,
            "no-match": self.no_match,
            "not-examined": self.not_examined,
        }[state]


@dataclass(frozen=True, slots=True)
class Target:
    """What a programme aims at: a requirement source, due by a term, and what sets that term."""

    thing: Thing
    source: Thing
    due_for: Thing
    basis: Literal["certificate", "stage", "occupation", "asked"]
    due_term: int
    level: str = ""

    @property
    def due_is_stated(self) -> bool:
        """Whether a certificate or a stage sets the term; else it is the end of the programme."""
        return self.basis in ("certificate", "stage")


@dataclass(frozen=True, slots=True)
class Totals:
    """The tallies of some cells: of all coverage and of reviewed coverage only, in items and by weight."""

    all: dict[Table, Tally]
    reviewed: dict[Table, Tally]


@dataclass(frozen=True, slots=True)
class Group:
    """A function or a work content with the totals of its cells."""

    thing: Thing
    totals: Totals
    groups: tuple["Group", ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """One target of a programme with its cells, totals and groups."""

    target: Target
    cells: tuple[Cell, ...]
    totals: Totals
    functions: tuple[Group, ...]
    weighted: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """What gives a number: the named query, its parameters, the graph's version and hash."""

    query: str
    parameters: tuple[tuple[str, str], ...]
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A caption, headings and rows of text, for whoever shows a table; the columns of ``right`` hold numbers."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding by its code, with all that a reader needs to check it.

    ``measured`` and ``threshold`` are plain values whose meaning the code fixes; ``weight`` is in
    percent points of the table named; ``basis`` tells for what the finding holds (certificate,
    stage, occupation, plan, policy, or group where it is not of one plan), ``due_for`` for which one;
    ``point`` is the required point, of which a row of a standard may name several. Where ``measured``
    is a share, it is ``part`` of ``whole``, and both are shown with it.
    """

    code: str
    severity: Severity
    subject: Thing
    basis: str
    source: Thing | None = None
    due_for: Thing | None = None
    point: Thing | None = None
    object: Thing | None = None
    measured: float | bool | str | None = None
    threshold: float | bool | str | None = None
    threshold_by_rule: bool = False
    part: Fraction | None = None
    whole: Fraction | None = None
    weight: Fraction | None = None
    table: Table = "items"
    evidence: tuple[Evidence, ...] = ()
    suggestion: Text = NOTHING
    provenance: Provenance = field(default=Provenance("", (), "", ""))

    @property
    def grade(self) -> str:
        """The weakest grade of its evidence: it is no better proven than that."""
        return max((evidence.grade for evidence in self.evidence), key=GRADES.index, default="")

    @property
    def reviewers(self) -> tuple[str, ...]:
        """Who has reviewed its evidence, each once."""
        return tuple(dict.fromkeys(evidence.reviewer for evidence in self.evidence if evidence.reviewer))
