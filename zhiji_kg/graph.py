"""One dataset out of what is shipped and the readings: what is in the graph is decided here.

The default graph holds everything asserted (and later inferred); each ontology module, each
shipped source text and each source document repeats its triples in a named graph of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote

from .errors import Address, Problem
from .rdf import DefaultGraph, Iri, Literal, Quad, Term, Triple, parse_trig, parse_turtle
from .resources import ONTOLOGY
from .sources import Reading, Reference
from .texts import Text
from .vocabulary import (
    ALT_LABEL,
    DATA,
    DERIVED_FROM,
    INFERRED_GRAPH,
    LABEL,
    NOTATION,
    PREFIXES,
    RDF_TYPE,
    curie,
    module_graph,
    shorten,
    source_graph,
    zj,
)

_FUNCTIONAL = curie("owl:FunctionalProperty")
_SUBCLASS = Iri(PREFIXES["rdfs"] + "subClassOf")
_MEMBERS, _FIRST, _REST = map(curie, ("owl:members", "rdf:first", "rdf:rest"))
_TYPE = Text("类型", "type")
_GRADE = zj("evidenceGrade")
_GRADES = ("direct", "rule", "inferred", "example")
_EVIDENCE = frozenset(
    (
        DERIVED_FROM,
        *map(zj, ("locator", "evidenceGrade", "confidence", "reviewer", "reviewDate", "statedEvidence", "position")),
    )
)
_OF_A_MENTION = _EVIDENCE | {RDF_TYPE, NOTATION, *map(zj, ("catalogueEdition", "hasOwnTrade", "awardedFor"))}


@dataclass(slots=True)
class Dataset:
    """The default graph, the named graphs, and what was found wrong when they were put together."""

    default: set[Triple]
    named: dict[Iri, Sequence[Triple]]
    problems: list[Problem] = field(default_factory=list)

    def quads(self) -> Iterator[Quad]:
        """All quads: the default graph and each named graph."""
        for triple in self.default:
            yield Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
        for name, triples in self.named.items():
            for triple in triples:
                yield Quad(triple.subject, triple.predicate, triple.object, name)

    def with_inferred(self, inferred: Iterable[Triple]) -> "Dataset":
        """The same with the inferred triples in the default graph and in the graph of the inferred."""
        new = sorted(set(inferred) - self.default, key=str)
        return Dataset(self.default | set(new), {**self.named, INFERRED_GRAPH: new}, self.problems)


@cache
def ontology() -> dict[str, tuple[Triple, ...]]:
    """The shipped ontology modules by name, each as its triples."""
    return {path.stem: tuple(parse_turtle(path)) for path in sorted(ONTOLOGY.glob("*.ttl"))}


@cache
def shipped() -> dict[Iri, tuple[Triple, ...]]:
    """What is in every graph, by named graph: the ontology modules, and the source texts that stand beside them.

    A source text (``ontology/*.trig``) is data about what one document says; its graph is named by the document.
    """
    graphs = {module_graph(name): triples for name, triples in ontology().items()}
    for path in sorted(ONTOLOGY.glob("*.trig")):
        graphs.update((name, tuple(triples)) for name, triples in parse_trig(path).items())
    return graphs


def assemble(readings: Sequence[Reading]) -> Dataset:
    """Put what is shipped and the readings together and check them against each other.

    Args:
        readings: one for each source, in any order: the dataset does not depend on it.

    Returns:
        The dataset. Its problems name references to nothing, sources that contradict each other on
        a functional property, and entities with several names.
    """
    named: dict[Iri, Sequence[Triple]] = dict(shipped())
    problems: list[Problem] = list(_repeated_identifiers(readings))
    for reading in readings:
        graph = source_graph(reading.identifier)
        named[graph] = tuple({*reading.triples, *named.get(graph, ())})
    default = {triple for triples in named.values() for triple in triples}
    dataset = Dataset(default, named, problems)
    problems.extend(_unknown_references(dataset, readings))
    problems.extend(_unknown_occupations(dataset, readings))
    problems.extend(_contradictions(dataset, readings))
    problems.extend(_settle_labels(dataset, readings))
    _settle_evidence(dataset, readings)
    return dataset


def _repeated_identifiers(readings: Sequence[Reading]) -> Iterator[Problem]:
    first: dict[str, Reading] = {}
    for reading in readings:
        if not reading.identifier:  # that is a mistake of its own
            continue
        other = first.setdefault(reading.identifier, reading)
        if other is not reading:
            values = {"identifier": reading.identifier, "other": other.files[0]}
            yield Problem("identifier-twice", Address(reading.files[0]), values)


def _unknown_references(dataset: Dataset, readings: Sequence[Reading]) -> Iterator[Problem]:
    above: dict[Iri, set[Iri]] = defaultdict(set)
    classes: dict[Iri, set[Iri]] = defaultdict(set)
    labels: dict[Iri, dict[str, str]] = defaultdict(dict)
    for triple in dataset.default:
        if triple.predicate == RDF_TYPE:
            classes[triple.subject].add(triple.object)  # type: ignore[index, arg-type]
        elif triple.predicate == _SUBCLASS:
            above[triple.subject].add(triple.object)  # type: ignore[index, arg-type]
        elif triple.predicate == LABEL and isinstance(triple.object, Literal):
            labels[triple.subject][triple.object.language or ""] = triple.object.value  # type: ignore[index]
    refused = set().union(*(reading.refused for reading in readings))
    seen: set[tuple[str, Address]] = set()  # a cell may be asked for a course and for its offering
    for reference in (reference for reading in readings for reference in reading.references):
        if reference.target in refused or (reference.written, reference.where) in seen:
            continue
        problem = _check_reference(reference, classes, above, labels)
        if problem:
            seen.add((reference.written, reference.where))
            yield problem


def _unknown_occupations(dataset: Dataset, readings: Sequence[Reading]) -> Iterator[Problem]:
    """Occupations of which nothing is known but that a learner or a certificate names them: mistyped, perhaps."""
    mentions = {mention.target: mention for reading in readings for mention in reversed(reading.mentions)}
    for subject, predicate, value in dataset.default if mentions else ():
        if predicate not in _OF_A_MENTION:
            mentions.pop(subject, None)
            mentions.pop(value, None)
    for mention in mentions.values():
        yield Problem("unknown-occupation", mention.where, {"code": mention.written}, "warning")


def _check_reference(
    reference: Reference, classes: dict[Iri, set[Iri]], above: dict[Iri, set[Iri]], labels: dict[Iri, dict[str, str]]
) -> Problem | None:
    known = classes.get(reference.target, set())
    if reference.expected in _with_ancestors(known, above):
        return None
    if not known and reference.expected == zj("Course"):
        return Problem("unknown-course", reference.where, {"code": reference.written})
    names = labels[reference.expected]
    what = Text(names.get("zh", shorten(reference.expected.value)), names.get("en", shorten(reference.expected.value)))
    code = "wrong-kind" if known else "unknown-entity"
    return Problem(code, reference.where, {"code": reference.written, "what": what})


def _with_ancestors(classes: set[Iri], above: dict[Iri, set[Iri]]) -> set[Iri]:
    todo, found = list(classes), set(classes)
    while todo:
        for parent in above.get(todo.pop(), ()):
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return found


def _contradictions(dataset: Dataset, readings: Sequence[Reading]) -> Iterator[Problem]:
    functional = {t.subject for t in dataset.default if t.predicate == RDF_TYPE and t.object == _FUNCTIONAL}
    groups = _disjoint_classes(dataset.default)
    values: dict[tuple[Iri, Iri, int], set[Term]] = defaultdict(set)
    for triple in dataset.default:
        of_groups = groups.get(triple.object, ()) if triple.predicate == RDF_TYPE else ()
        single = triple.predicate in functional or triple.predicate == NOTATION
        for group in (0,) if single else of_groups:
            values[triple.subject, triple.predicate, group].add(triple.object)  # type: ignore[index]
    several = {key: said for key, said in values.items() if len(said) > 1}
    names = _Names(dataset.default if several else ())
    for (subject, predicate, _), said in sorted(several.items(), key=str):
        places = [str(reading.places[subject]) for reading in readings if subject in reading.places]
        told = {
            "what": names.of(subject),
            "property": names.of(predicate),
            "values": names.listed(said),
            "places": "、".join(places) or "–",
        }
        code = "codes-collide" if predicate == NOTATION else "sources-disagree"
        yield Problem(code, _place(subject, readings), told)


def _listed(names: Iterable[str]) -> str:
    """Names in quotation marks: they may hold the marks that would separate them."""
    return "、".join(f"“{name}”" for name in names)


class _Names:
    """What people call the things of a graph: a term by its label, a thing by its kind and its code."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.labels: dict[Term, dict[str, str]] = defaultdict(dict)
        self.codes: dict[Term, list[str]] = defaultdict(list)
        self.classes: dict[Term, set[Iri]] = defaultdict(set)
        self.above: dict[Iri, set[Iri]] = defaultdict(set)
        for subject, predicate, value in triples:
            if predicate == RDF_TYPE:
                self.classes[subject].add(value)
            elif predicate == _SUBCLASS:
                self.above[subject].add(value)
            elif predicate == LABEL and isinstance(value, Literal):
                self.labels[subject][value.language or ""] = value.value
            elif predicate == NOTATION and isinstance(value, Literal):
                self.codes[subject].append(value.value)

    def of(self, term: Term, by_code: bool = True) -> Text:
        """The name of a thing, a term or a value; ``by_code`` is false where two things share a code."""
        if term == RDF_TYPE:
            return _TYPE
        if not isinstance(term, Iri):
            return Text(*[getattr(term, "value", str(term))] * 2)
        if not term.value.startswith(DATA):
            return self._label(term)
        kind, codes = self._kind(term), self.codes[term]
        if kind is None:
            return self._label(term)
        code = codes[0] if by_code and len(codes) == 1 else unquote(term.value.rpartition("/")[2])
        return Text(f"{kind.zh} {code}", f"{kind.en} {code}")

    def listed(self, terms: Iterable[Term]) -> Text:
        """Values in quotation marks, each with a name of its own, in order."""
        terms = sorted(terms, key=str)
        alike = len({self.of(term).zh for term in terms}) < len(terms)
        names = sorted((self.of(term, by_code=not alike) for term in terms), key=lambda name: name.en)
        return Text(_listed(name.zh for name in names), _listed(name.en for name in names))

    def _label(self, term: Iri) -> Text:
        said, plain = self.labels[term], shorten(term.value)
        return Text(said.get("zh", plain), said.get("en", plain))

    def _kind(self, thing: Iri) -> Text | None:
        """The label of the narrowest class that holds all that the thing is said to be."""
        each = [_with_ancestors({one}, self.above) for one in self.classes[thing]]
        shared = set.intersection(*each) if each else set()
        labelled = [one for one in shared if self.labels[one]]
        if not labelled:
            return None
        return self._label(max(labelled, key=lambda one: (len(_with_ancestors({one}, self.above)), one.value)))


def _disjoint_classes(triples: Iterable[Triple]) -> dict[Term, list[int]]:
    """The numbers of the ontology's lists of disjoint classes in which a class stands."""
    lists: dict[Iri, dict[Iri, Iri]] = {_MEMBERS: {}, _FIRST: {}, _REST: {}}
    for triple in triples:
        if triple.predicate in lists:
            lists[triple.predicate][triple.subject] = triple.object  # type: ignore[index, assignment]
    found: dict[Term, list[int]] = defaultdict(list)
    for number, axiom in enumerate(sorted(lists[_MEMBERS], key=str)):
        item: Iri | None = lists[_MEMBERS][axiom]
        while item in lists[_FIRST]:
            found[lists[_FIRST][item]].append(number)
            item = lists[_REST].get(item)
    return found


def _settle_labels(dataset: Dataset, readings: Sequence[Reading]) -> Iterator[Problem]:
    """One label a language: the best-graded source's stays, the others become alternative labels."""
    labels: dict[tuple[Iri, str], list[Triple]] = defaultdict(list)
    for triple in dataset.default:
        if triple.predicate == LABEL and isinstance(triple.object, Literal):
            labels[triple.subject, triple.object.language or ""].append(triple)  # type: ignore[index]
    several = {key: triples for key, triples in labels.items() if len(triples) > 1}
    rank: dict[Triple, int] = {}
    for reading in readings if several else ():
        grades = _Grades(reading)
        for triple in reading.triples:
            if triple.predicate == LABEL:
                grade = grades.of(triple.subject)  # type: ignore[arg-type]
                rank[triple] = min(rank.get(triple, grade), grade)
    told: set[tuple[str, ...]] = set()
    for (subject, _language), triples in sorted(several.items(), key=str):
        kept, *others = sorted(triples, key=lambda t: (rank.get(t, -1), str(t.object)))
        for other in others:
            dataset.default.discard(other)
            dataset.default.add(Triple(other.subject, ALT_LABEL, other.object))
        names = [t.object.value for t in (kept, *others)]  # type: ignore[union-attr]
        if (said := tuple(names)) not in told:  # a task, its requirement and its point share their names
            told.add(said)
            shown = [" ".join(name.split()) for name in names]
            values = {"what": shorten(subject.value), "values": _listed(shown), "kept": shown[0]}
            yield Problem("labels-disagree", _place(subject, readings), values, "warning")


class _Grades:
    """The evidence grade of each thing in a reading as a rank, 0 the best; where a row states none, the document's."""

    def __init__(self, reading: Reading) -> None:
        self.document = _GRADES.index(reading.grade)
        self.rows: dict[Iri, int] = {}
        for triple in reading.triples:
            if triple.predicate == _GRADE:
                name = triple.object.value.rpartition("/")[2]  # type: ignore[union-attr]
                self.rows[triple.subject] = _GRADES.index(name)  # type: ignore[index]

    def of(self, subject: Iri) -> int:
        return self.rows.get(subject, self.document)


def _place(subject: Iri, readings: Sequence[Reading]) -> Address | None:
    """Where a thing is described, in the first source that does."""
    return next((reading.places[subject] for reading in readings if subject in reading.places), None)


def _settle_evidence(dataset: Dataset, readings: Sequence[Reading]) -> None:
    """What two documents describe keeps, in the default graph, the evidence of the better-graded one.

    So a document, its cell and its grade stay together; each document's own graph keeps all it said.
    """
    told: dict[Iri, dict[str, set[Triple]]] = defaultdict(lambda: defaultdict(set))
    for reading in readings:
        for triple in reading.triples:
            if triple.predicate in _EVIDENCE:
                told[triple.subject][reading.identifier].add(triple)  # type: ignore[index]
    grades = {reading.identifier: _Grades(reading) for reading in readings}
    for subject, by_document in told.items():
        if len(by_document) > 1:
            ranks = {(grades[document].of(subject), document) for document in by_document}
            best = by_document.pop(min(ranks)[1])
            dataset.default.difference_update(*by_document.values())
            dataset.default.update(best)
