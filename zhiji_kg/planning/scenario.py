"""A scenario graph: what a published graph asserts, changed by edits, with everything inferred from it anew.

It lives in memory; nothing is published. What an edit states bears the grade *inferred* and names the
edit as its source, and no reviewer: nobody has looked at it yet.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from ..analysis import Programme
from ..errors import Problem, SourceError
from ..graph import Dataset
from ..inference import infer
from ..queries import run
from ..rdf import Iri, Literal, Term, Triple, decimal, integer, text, true_or_false
from ..store.oxigraph import EmbeddedStore
from ..store.port import Store
from ..vocabulary import (
    DERIVED_FROM,
    INFERRED_GRAPH,
    LABEL,
    NOTATION,
    RDF_TYPE,
    curie,
    entity,
    scheme_value,
    source_graph,
    zj,
)
from .edits import Edit

SCENARIO = "scenario"
"""The identifier of the document that edits are stated in."""

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_INFERRED = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{INFERRED_GRAPH.value}> {{ ?s ?p ?o }} }}"
_EVIDENCE = (DERIVED_FROM, *map(zj, ("locator", "evidenceGrade", "confidence", "reviewer", "reviewDate")))
_OF_COVERAGE = {"depth": "depth", "hours": "hours", "completion": "completionTerm", "assessed": "isAssessed"}
_OF_COURSE = {"theory": "theoryHours", "practice": "practiceHours", "total": "totalHours", "credits": "credits"}


class EditError(Exception):
    """An edit that cannot be made: a problem code and its values."""

    def __init__(self, code: str, **values: object) -> None:
        """Carry the code and the values of the problem's text."""
        super().__init__(code)
        self.code, self.values = code, values


def scenario(store: Store, programme: Programme, edits: Sequence[Edit]) -> EmbeddedStore:
    """The graph as it would be after the edits, each seeing what those before it have done.

    Args:
        store: the graph; it stays as it is.
        programme: the edition that the edits are about.
        edits: the edits, in their order.

    Raises:
        SourceError: when an edit cannot be made; every such edit is named.
    """
    draft = _Draft(store, programme)
    problems = []
    for number, edit in enumerate(edits, 1):
        try:
            draft.apply(edit, f"{number}")
        except EditError as error:
            problems.append(Problem(error.code, edit.where, error.values))
    if problems:
        raise SourceError(*problems)
    return infer(Dataset(draft.triples(), {}))[1]


class _Draft:
    """The asserted triples by subject, while they are being edited."""

    def __init__(self, store: Store, programme: Programme) -> None:
        self.programme = Iri(programme.thing.iri)
        self.terms = programme.terms
        self.codes = programme.thing.code.partition("@")[0]
        self.edition = programme.thing.iri.rpartition("/")[2]
        self.facts: dict[Iri, set[Triple]] = defaultdict(set)
        for triple in set(store.construct(_ALL, {})) - set(store.construct(_INFERRED, {})):
            self.facts[triple.subject].add(triple)  # type: ignore[index]
        rows = run(store, "entities-of-class", of_class=zj("CompetencyPoint"))
        self.points = {str(row["code"]): Iri(str(row["entity"])) for row in rows}
        self.locator = ""

    def triples(self) -> set[Triple]:
        return set().union(*self.facts.values())

    def apply(self, edit: Edit, locator: str) -> None:
        """Make one edit."""
        self.locator = f"{SCENARIO}!{locator}"
        getattr(self, f"_{edit.edit.replace('-', '_')}")(edit)

    # The kinds of edits

    def _set_depth(self, edit: Edit) -> None:
        self._change_coverage(edit)

    def _set_hours(self, edit: Edit) -> None:
        self._change_coverage(edit)

    def _set_assessed(self, edit: Edit) -> None:
        self._change_coverage(edit)

    def _set_completion(self, edit: Edit) -> None:
        self._change_coverage(edit)

    def _add_coverage(self, edit: Edit) -> None:
        offering, point = self._offering(edit.course), self._point(edit.point)
        if self._coverage_of(offering, point):
            raise EditError("edit-is-there", what=f"{edit.course} · {edit.point}")
        coverage = entity("coverage", self.edition, edit.course, edit.point)
        self._say(coverage, RDF_TYPE, zj("Coverage"))
        self._say(coverage, zj("inOffering"), offering)
        self._say(coverage, zj("coversPoint"), point)
        self._say(self._one(offering, "offeringOf"), zj("hasCoverage"), coverage)
        self._figures(coverage, edit, _OF_COVERAGE)
        self._stated(coverage)
        self._withdraw_examinations(point)

    def _remove_coverage(self, edit: Edit) -> None:
        self._forget(self._coverage(edit))

    def _move_course(self, edit: Edit) -> None:
        offering = self._offering(edit.course)
        self._within(edit.term)
        self._replace(offering, zj("inTerm"), *map(integer, edit.term))
        self._replace(offering, zj("lastTerm"), integer(max(edit.term)))
        for coverage in self._subjects(zj("inOffering"), offering):
            known = self._values(coverage, zj("completionTerm"))
            if known and int(known[0].value) not in edit.term:  # type: ignore[union-attr]
                self._replace(coverage, zj("completionTerm"))
        self._stated(offering)

    def _set_course_hours(self, edit: Edit) -> None:
        offering = self._offering(edit.course)
        self._hours(offering, edit)
        self._stated(offering)

    def _add_course(self, edit: Edit) -> None:
        if edit.course in self._offerings():
            raise EditError("edit-is-there", what=edit.course)
        self._within(edit.term)
        course = entity("course", self.codes, edit.course)
        offering = entity("offering", self.edition, edit.course)
        for thing, of_class in ((course, "Course"), (offering, "CourseOffering")):
            self._say(thing, RDF_TYPE, zj(of_class))
            self._say(thing, LABEL, text(edit.name, "zh"))
        self._say(course, NOTATION, text(edit.course))
        self._say(self.programme, zj("hasOffering"), offering)
        self._say(offering, zj("offeringOf"), course)
        self._say(offering, zj("inModule"), scheme_value(edit.module))
        for term in edit.term:
            self._say(offering, zj("inTerm"), integer(term))
        self._say(offering, zj("lastTerm"), integer(max(edit.term)))
        self._hours(offering, edit)
        self._stated(offering)
        self._add_prerequisites(edit)

    def _remove_course(self, edit: Edit) -> None:
        """The plan no longer offers it; the course itself stays, for other plans may."""
        offering = self._offering(edit.course)
        for coverage in self._subjects(zj("inOffering"), offering):
            self._forget(coverage)
        self._forget(offering)

    def _add_prerequisite(self, edit: Edit) -> None:
        self._offering(edit.course)
        self._add_prerequisites(edit)

    def _remove_prerequisite(self, edit: Edit) -> None:
        offering = self._offering(edit.course)
        course = self._one(offering, "offeringOf")
        for code in edit.prerequisites:
            earlier = self._one(self._offering(code), "offeringOf")
            self.facts[offering].discard(Triple(offering, zj("requiresEarlier"), earlier))
            if not self._required_elsewhere(course, earlier):
                self.facts[course].discard(Triple(course, zj("hasDirectPrerequisite"), earlier))

    # What they are made of

    def _add_prerequisites(self, edit: Edit) -> None:
        offering = self._offering(edit.course)
        course = self._one(offering, "offeringOf")
        for code in edit.prerequisites:
            earlier = self._one(self._offering(code), "offeringOf")
            self._say(offering, zj("requiresEarlier"), earlier)
            self._say(course, zj("hasDirectPrerequisite"), earlier)

    def _required_elsewhere(self, course: Iri, earlier: Iri) -> bool:
        offerings = self._subjects(zj("offeringOf"), course)
        return any(Triple(one, zj("requiresEarlier"), earlier) in self.facts[one] for one in offerings)

    def _change_coverage(self, edit: Edit) -> None:
        coverage = self._coverage(edit)
        self._figures(coverage, edit, _OF_COVERAGE)
        self._stated(coverage)

    def _figures(self, subject: Iri, edit: Edit, properties: dict[str, str]) -> None:
        if edit.completion is not None:
            self._within((edit.completion,))
        for name, property_ in properties.items():
            value = getattr(edit, name)
            if value is not None:
                self._replace(subject, zj(property_), _literal(value))

    def _hours(self, offering: Iri, edit: Edit) -> None:
        """The hours of a course: where both parts are known, the total is their sum."""
        self._figures(offering, edit, _OF_COURSE)
        parts = [self._values(offering, zj(name)) for name in ("theoryHours", "practiceHours")]
        if all(parts):
            total = sum((Decimal(part[0].value) for part in parts), Decimal(0))  # type: ignore[union-attr]
            self._replace(offering, zj("totalHours"), decimal(total))

    def _withdraw_examinations(self, point: Iri) -> None:
        """Who found no course for a point, or for a part of it, looked before this one was there."""
        parts: list[Iri] = [point]
        for whole in parts:
            stated = [one for one in self._values(whole, zj("hasPartPoint")) if isinstance(one, Iri)]
            below = {*self._subjects(zj("isPartOfPoint"), whole), *stated}
            parts += sorted((part for part in below if part not in parts), key=str)
        for part in parts:
            for examination in self._subjects(zj("examinedPoint"), part):
                if Triple(examination, zj("examinedProgramme"), self.programme) in self.facts[examination]:
                    self._forget(examination)

    def _offerings(self) -> dict[str, Iri]:
        found = {}
        for offering in self._values(self.programme, zj("hasOffering")):
            for code in self._values(self._one(offering, "offeringOf"), NOTATION):  # type: ignore[arg-type]
                found[str(code.value)] = offering  # type: ignore[union-attr]
        return found  # type: ignore[return-value]

    def _offering(self, code: str) -> Iri:
        known = self._offerings()
        if code not in known:
            raise EditError("edit-without-course", course=code)
        return known[code]

    def _point(self, code: str) -> Iri:
        if code not in self.points:
            raise EditError("edit-without-point", point=code)
        return self.points[code]

    def _coverage(self, edit: Edit) -> Iri:
        found = self._coverage_of(self._offering(edit.course), self._point(edit.point))
        if found is None:
            raise EditError("edit-without-coverage", course=edit.course, point=edit.point)
        return found

    def _coverage_of(self, offering: Iri, point: Iri) -> Iri | None:
        covering = self._subjects(zj("coversPoint"), point)
        return next((one for one in covering if Triple(one, zj("inOffering"), offering) in self.facts[one]), None)

    def _within(self, terms: Sequence[int]) -> None:
        if outside := [term for term in terms if not 1 <= term <= self.terms]:
            raise EditError("edit-outside-plan", term=outside[0], terms=self.terms)

    def _stated(self, subject: Iri) -> None:
        """From now on the edit is the source of what is said of a thing."""
        document = source_graph(SCENARIO)
        for property_ in _EVIDENCE:
            self._replace(subject, property_)
        self._say(subject, DERIVED_FROM, document)
        self._say(subject, zj("locator"), text(self.locator))
        self._say(subject, zj("evidenceGrade"), scheme_value("evidence-grade/inferred"))
        self._say(document, RDF_TYPE, zj("SourceDocument"))
        self._say(document, curie("dcterms:identifier"), text(SCENARIO))

    # Triples

    def _say(self, subject: Iri, property_: Iri, value: Term) -> None:
        self.facts[subject].add(Triple(subject, property_, value))

    def _replace(self, subject: Iri, property_: Iri, *values: Term) -> None:
        self.facts[subject] = {triple for triple in self.facts[subject] if triple.predicate != property_}
        for value in values:
            self._say(subject, property_, value)

    def _values(self, subject: Iri, property_: Iri) -> list[Term]:
        return sorted((t.object for t in self.facts.get(subject, ()) if t.predicate == property_), key=str)

    def _one(self, subject: Iri, name: str) -> Iri:
        return self._values(subject, zj(name))[0]  # type: ignore[return-value]

    def _subjects(self, property_: Iri, value: Term) -> list[Iri]:
        found = [s for s, triples in self.facts.items() if Triple(s, property_, value) in triples]
        return sorted(found, key=str)

    def _forget(self, thing: Iri) -> None:
        """Nothing is said of a thing any more, and nothing refers to it."""
        self.facts.pop(thing, None)
        for subject, triples in self.facts.items():
            if any(triple.object == thing for triple in triples):
                self.facts[subject] = {triple for triple in triples if triple.object != thing}


def _literal(value: object) -> Literal:
    if isinstance(value, bool):
        return true_or_false(value)
    return integer(value) if isinstance(value, int) else decimal(Decimal(str(value)))
