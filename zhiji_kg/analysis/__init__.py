"""Judging: what the queries measure, held against the profile, becomes findings."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..errors import Problem, UnreadableError
from ..findings import Coverage, Finding, Provenance, Target, Thing
from ..queries import Row, entity_by_code, run
from ..rdf import Iri
from ..store.port import GraphIdentity, Store
from ..texts import Text
from .critical import critical_courses
from .gaps import coverage_findings, weight_findings
from .measure import Measurements, evidence, measure, thing
from .plan import courses_that_wait, prerequisites_out_of_order, redundancies
from .profile import Profile, load_profile
from .rules import rule_findings
from .shape import PlanShape, plan_shape

__all__ = ["GapAnalysis", "Profile", "Programme", "analyse", "find_programme", "load_profile", "programmes"]


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme edition: its entity (code ``CODE@YEAR``), school, track, number of terms and of courses."""

    thing: Thing
    school: str
    track: Text
    terms: int
    courses: int


@dataclass(frozen=True, slots=True)
class Document:
    """A source document, as a report names it."""

    identifier: str
    title: str
    grade: str
    grade_label: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class GapAnalysis:
    """Everything a gap report shows: the coverage of each target, the findings, the documents behind them.

    ``example_documents`` are those whose evidence is an example: where there is one, no figure says
    anything of a real school. ``asked`` is the requirement source that alone was asked for, if one was;
    ``shape`` is then left empty.
    """

    programme: Programme
    coverages: tuple[Coverage, ...]
    findings: tuple[Finding, ...]
    documents: tuple[Document, ...]
    example_documents: tuple[Document, ...]
    graph: GraphIdentity
    profile: Profile
    asked: str | None = None
    shape: PlanShape = field(default_factory=PlanShape)


def programmes(store: Store) -> list[Programme]:
    """The programme editions of a graph, by code."""
    return [_programme(row) for row in run(store, "programmes")]


def find_programme(store: Store, code: str | None) -> Programme:
    """The programme of a code or IRI (the latest edition unless ``CODE@YEAR``), or the only one there is.

    Raises:
        UnreadableError: when there is none, or several and no code was given.
    """
    known = programmes(store)
    if code is None:
        if len(known) == 1:
            return known[0]
        codes = "、".join(programme.thing.code for programme in known)
        raise UnreadableError(Problem("which-programme-option" if known else "no-programme", None, {"known": codes}))
    iri = entity_by_code(store, "zj:ProgrammeEdition", code, "--programme").value
    found = [programme for programme in known if programme.thing.iri == iri]
    if not found:
        codes = "、".join(programme.thing.code for programme in known) or "–"
        what = Text("培养方案", "programme edition")
        raise UnreadableError(Problem("unknown-code", None, {"code": code, "what": what, "known": codes}))
    return found[0]


def analyse(
    store: Store, programme: Programme, profile: Profile | None = None, source: str | None = None
) -> GapAnalysis:
    """Compare a programme with what it aims at.

    Args:
        store: the graph.
        programme: from ``find_programme``.
        profile: the policy; the shipped one when not given.
        source: a requirement source (``CODE@4``, an occupation's or a stage's code, or a standard's code for
            all the levels of it that the programme aims at) to look at alone; one the programme does not aim at
            is due at its end.

    Raises:
        UnreadableError: when the source is not in the graph.
    """
    profile = profile or load_profile()
    measurements = Measurements(store, Iri(programme.thing.iri), programme.terms, profile)
    targets = measurements.targets if source is None else _targets_of(measurements, programme, source)
    coverages = measure(measurements, targets)
    found = [*_source_findings(measurements, coverages)]
    if source is None:
        found += sorted(_plan_findings(measurements, coverages), key=lambda finding: finding.code)
    findings = [finding for finding in found if profile.enabled(finding.code)]
    grades = _grades_of_documents(measurements, coverages, findings)
    used = [(name, document) for name, document in _documents(store) if name in grades]
    documents = tuple(document for _, document in used)
    examples = tuple(document for name, document in used if "example" in grades[name])
    return GapAnalysis(
        programme, tuple(coverages), tuple(findings), documents, examples, store.identity, profile, source,
        shape=plan_shape(store, measurements.programme) if source is None else PlanShape(),
    )  # fmt: skip


def _targets_of(measurements: Measurements, programme: Programme, source: str) -> list[Target]:
    aimed = [target for target in measurements.targets if source in _codes_of(target)]
    if aimed:
        return aimed
    iri = entity_by_code(measurements.store, "zj:RequirementSource", source, "--standard")
    aimed = [target for target in measurements.targets if target.source.iri == iri.value]
    if aimed:
        return aimed
    row = next(iter(run(measurements.store, "source", source=iri)), None)
    if row is None:
        what = Text("要求来源", "requirement source")
        codes = "、".join(sorted({target.source.code for target in measurements.targets})) or "–"
        raise UnreadableError(Problem("unknown-code", None, {"code": source, "what": what, "known": codes}))
    asked = thing(row, "source")
    return [Target(Thing(""), asked, programme.thing, "asked", programme.terms, str(row["level"] or ""))]


def _codes_of(target: Target) -> tuple[str, ...]:
    """The codes under which a target is asked for: its source's, without the level too, and its stage's."""
    stage = (target.due_for.code,) if target.basis == "stage" else ()
    return (target.source.code, target.source.code.partition("@")[0], *stage)


def _provenance(measurements: Measurements, query: str, **parameters: str) -> Provenance:
    identity = measurements.store.identity
    return Provenance(query, tuple(parameters.items()), identity.version or identity.place, identity.sha256)


def _source_findings(measurements: Measurements, coverages: Sequence[Coverage]) -> Iterator[Finding]:
    programme = measurements.programme.value
    weighed: set[str] = set()  # two certificates on one level share its weight tables
    for coverage in coverages:
        source = coverage.target.source.iri
        provenance = _provenance(measurements, "coverage", programme=programme, source=source)
        yield from coverage_findings(coverage, measurements.profile, provenance)
        if coverage.target.basis != "stage" and source not in weighed:
            weighed.add(source)
            of_weights = _provenance(measurements, "weights", source=source)
            tables = measurements.weights(source)
            yield from weight_findings(coverage, *tables, measurements.profile, of_weights)


def _plan_findings(measurements: Measurements, coverages: Sequence[Coverage]) -> Iterator[Finding]:
    arguments = (measurements.store, measurements.programme, measurements.profile)
    programme = measurements.programme.value
    yield from redundancies(*arguments, _provenance(measurements, "redundancy", programme=programme))
    order = _provenance(measurements, "prerequisite-order", programme=programme)
    yield from prerequisites_out_of_order(*arguments, order)
    waiting = _provenance(measurements, "course-orders", programme=programme)
    yield from courses_that_wait(*arguments, waiting)
    yield from rule_findings(*arguments)
    for coverage in coverages:
        if coverage.target.basis != "stage":  # a stage repeats what a certificate asks
            source = coverage.target.source.iri
            rests = _provenance(measurements, "coverage", programme=programme, source=source)
            yield from critical_courses(coverage, measurements.profile, rests)


def _programme(row: Row) -> Programme:
    label = Text(str(row["label"]), str(row["labelEn"] or ""))
    return Programme(
        thing=Thing(str(row["programme"]), str(row["code"]), label),
        school=str(row["school"] or ""),
        track=Text(str(row["track"] or ""), str(row["trackEn"] or "")),
        terms=int(row["terms"] or 0),
        courses=int(row["courses"] or 0),
    )


def _grades_of_documents(
    measurements: Measurements, coverages: Sequence[Coverage], findings: Sequence[Finding]
) -> dict[str, set[str]]:
    """For each document that the comparison rests on, by name, the grades of what it states there."""
    grades: dict[str, set[str]] = defaultdict(set)
    for source in sorted({coverage.target.source.iri for coverage in coverages}):
        for row in run(measurements.store, "evidence", programme=measurements.programme, source=Iri(source)):
            stated = evidence(row, "source")
            grades[stated.source].add(stated.grade)
    for finding in findings:
        for stated in finding.evidence:
            grades[stated.source].add(stated.grade)
    return grades


def _documents(store: Store) -> Iterator[tuple[str, Document]]:
    """The documents of a graph with the name by which evidence speaks of them."""
    rows = run(store, "sources")
    for before, row in pairwise([None, *rows]):
        if row is not None and (before is None or before["identifier"] != row["identifier"]):
            yield (
                str(row["document"]).rpartition("/")[2],
                Document(
                    identifier=str(row["identifier"]),
                    title=str(row["title"] or row["titleEn"] or ""),
                    grade=str(row["gradeCode"] or ""),
                    grade_label=str(row["grade"] or ""),
                    source=str(row["source"] or ""),
                    licence=str(row["licence"] or ""),
                ),
            )
