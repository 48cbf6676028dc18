"""The shipped ontology read into its documentation: files in, modules with their terms out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ..rdf import Iri, Literal, Term, Triple, read_as_written
from ..resources import ONTOLOGY as FILES
from ..resources import QUERIES
from ..texts import Text, say
from ..vocabulary import ALT_LABEL, DATA, DEFINITION, MODULE, NOTATION, ONTOLOGY, RDF_TYPE, curie
from .axioms import Axioms
from .facts import Facts, Names
from .matches import matches_of
from .model import (
    Axiom,
    Documentation,
    Match,
    Module,
    ModuleKind,
    QuestionUse,
    Ref,
    Shape,
    Tally,
    TermKind,
)
from .model import Term as Entry

_HEADER = curie("owl:Ontology")
_TITLE, _DESCRIPTION = curie("dcterms:title"), curie("dcterms:description")
_IN_SCHEME, _SCHEME, _CONCEPT = curie("skos:inScheme"), curie("skos:ConceptScheme"), curie("skos:Concept")
_SUBCLASS, _SUBPROPERTY = curie("rdfs:subClassOf"), curie("rdfs:subPropertyOf")
_DOMAIN, _RANGE = curie("rdfs:domain"), curie("rdfs:range")
_HISTORY = tuple(map(curie, ("skos:historyNote", "skos:changeNote", "owl:versionInfo", "owl:priorVersion")))
_DEFINED_BY = curie("rdfs:isDefinedBy")
_SUCCESSOR = curie("dcterms:isReplacedBy")
_KINDS: dict[Iri, TermKind] = {
    curie("owl:Class"): "class",
    curie("owl:ObjectProperty"): "object-property",
    curie("owl:DatatypeProperty"): "datatype-property",
    curie("owl:AnnotationProperty"): "annotation-property",
    _SCHEME: "scheme",
}
_SHACL = "http://www.w3.org/ns/shacl#"
_NODE_SHAPE, _TARGET, _PROPERTY, _PATH, _MESSAGE = (
    Iri(_SHACL + name) for name in ("NodeShape", "targetClass", "property", "path", "message")
)
_TARGETS = (_TARGET, *(Iri(_SHACL + name) for name in ("targetSubjectsOf", "targetObjectsOf", "targetNode")))
_SUMMARY = re.compile(r"^#\+\s*summary:\s*(.+)$", re.M)
_ANSWERS = re.compile(r"^#\+\s*cq:\s*(\S+)", re.M)
_NAMED = re.compile(r"\bzj:([A-Za-z]\w*)")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the ontology: its name as a module, what kind it is, and what it says."""

    name: str
    iri: str
    kind: ModuleKind
    path: str
    facts: Facts


@cache
def documentation() -> Documentation:
    """The documentation of the shipped ontology; made once."""
    return document(FILES, QUERIES)


def document(files: Path, queries: Path) -> Documentation:
    """The documentation of an ontology in a folder.

    Args:
        files: the folder of ``*.ttl`` modules, ``dl/``, ``shapes/`` and ``*.trig``.
        queries: the folder of the query files.
    """
    read = [read_file(path, files) for path in module_files(files)]
    everything = Facts(triple for _, triples in read for triple in triples)
    found = _in_chapters(read)
    names = Names(everything, _homes(found))
    reader = _Reader(found, names, _questions(queries))
    return Documentation(tuple(reader.module(file) for file in found))


def module_files(files: Path) -> list[Path]:
    """The files of the ontology in the order of reading: core first, then modules, dl, shapes, data."""
    modules = sorted(files.glob("*.ttl"), key=lambda path: (path.stem != "core", path.stem))
    return [*modules, *sorted(files.glob("*/*.ttl")), *sorted(files.glob("*.trig"))]


def read_file(path: Path, files: Path) -> tuple[File, list[Triple]]:
    """A file with its name: its header's IRI says it, else where it lies."""
    place = path.relative_to(files).with_suffix("").as_posix()
    triples = read_as_written(path, place.replace("/", "-"))
    facts = Facts(triples)
    kind: ModuleKind = "ontology"
    if path.suffix == ".trig":
        kind = "data"
    elif path.parent != files:
        kind = "shapes" if facts.of_type(_NODE_SHAPE) else "dl"
    headers = sorted(
        one.value for one in facts.of_type(_HEADER) if isinstance(one, Iri) and one.value.startswith(MODULE)
    )
    iri = headers[0] if headers else MODULE + place
    return File(iri.removeprefix(MODULE), iri, kind, path.relative_to(files).as_posix(), facts), triples


def _in_chapters(read: Iterable[tuple[File, list[Triple]]]) -> list[File]:
    """A chapter for each file, but one for all shapes: who reads about a class wants all that apply to it."""
    read = list(read)
    shapes = [triple for file, triples in read if file.kind == "shapes" for triple in triples]
    found = [file for file, _ in read if file.kind != "shapes"]
    if shapes:
        place = sum(file.kind in ("ontology", "dl") for file in found)
        found.insert(place, File("shapes", MODULE + "shapes", "shapes", "shapes/*.ttl", Facts(shapes)))
    return found


def _homes(files: Sequence[File]) -> dict[str, str]:
    """For each term, the module on whose page it stands: the one that it names itself, else the first that has it."""
    homes: dict[str, str] = {}
    for file in (file for file in files if file.kind in ("ontology", "dl")):
        for subject in file.facts.said:
            if isinstance(subject, Iri) and _kind(file.facts, subject) is not None:
                if Iri(file.iri) in file.facts.all(subject, _DEFINED_BY):
                    homes[subject.value] = file.name
                homes.setdefault(subject.value, file.name)
    for file in files:  # a value that only the data describe stands in its scheme
        for subject in file.facts.said:
            schemes = (one.value for one in file.facts.iris(subject, _IN_SCHEME) if one.value in homes)
            if isinstance(subject, Iri) and (scheme := next(schemes, "")):
                homes.setdefault(subject.value, homes[scheme])
    return homes


def _kind(facts: Facts, subject: Iri) -> TermKind | None:
    """What kind of term a file makes of a subject; none where it is not ours, or not described there."""
    is_ours = subject.value.startswith((ONTOLOGY, DATA))
    types = facts.all(subject, RDF_TYPE)
    if not is_ours or not types:
        return None
    kinds = [kind for type_, kind in _KINDS.items() if type_ in types]
    if kinds:
        return kinds[0]
    is_described = facts.pair(subject, DEFINITION) != Text("", "")
    return "individual" if is_described and subject.value.startswith(DATA) else None


def _questions(folder: Path) -> Mapping[str, tuple[QuestionUse, ...]]:
    """For each local name of a term, the query files that use it."""
    found: dict[str, list[QuestionUse]] = defaultdict(list)
    for path in sorted(folder.glob("*/*.rq")):
        text = path.read_text(encoding="utf-8")
        said = _SUMMARY.search(text)
        zh, _, en = (said[1] if said else path.stem).partition("|")
        answers = _ANSWERS.search(text)
        summary = Text(zh.strip(), (en or zh).strip())
        use = QuestionUse(path.stem, path.parent.name, summary, answers[1] if answers else "")
        for name in sorted(set(_NAMED.findall(text))):
            found[name].append(use)
    return {name: tuple(sorted(uses, key=_order)) for name, uses in found.items()}


def _order(use: QuestionUse) -> tuple[bool, int, str]:
    """Competency questions first, in their order."""
    number = use.competency_question.rpartition("-")[2]
    return not number.isdigit(), int(number) if number.isdigit() else 0, use.name


class _Reader:
    """Makes modules out of files, with all files at hand."""

    def __init__(self, files: list[File], names: Names, questions: Mapping[str, tuple[QuestionUse, ...]]) -> None:
        self.files = files
        self.names = names
        self.facts = names.facts
        self.questions = questions
        self.axioms = {file.name: Axioms(file.facts, names) for file in files}
        self.below = self._backwards(_SUBCLASS, _SUBPROPERTY)
        self.uses = self._backwards(_DOMAIN, _RANGE)
        self.members = self._backwards(_IN_SCHEME)
        self.shapes = self._shapes_of()
        self.matches = matches_of(self.facts)

    def module(self, file: File) -> Module:
        """A module with its header, its terms and what it says of others'."""
        header, facts = Iri(file.iri), file.facts
        if file.kind == "data":
            header = next((one for one in facts.said if isinstance(one, Iri) and self._is_document(one)), header)
        title = facts.pair(header, _TITLE, curie("rdfs:label"))
        if file.kind == "shapes":
            title = say("ontology.module_kind.shapes")
        terms = tuple(self._terms(file))
        return Module(
            name=file.name,
            iri=header.value,
            kind=file.kind,
            file=file.path,
            title=title if title.zh or title.en else Text(file.name, file.name),
            description=facts.pair(header, _DESCRIPTION, DEFINITION),
            version=facts.text(header, curie("owl:versionInfo")),
            version_iri=facts.text(header, curie("owl:versionIRI")),
            licence=facts.text(header, curie("dcterms:license")),
            citation=facts.text(header, curie("dcterms:bibliographicCitation")),
            issued=facts.text(header, curie("dcterms:issued"))[:10],
            modified=facts.text(header, curie("dcterms:modified"))[:10],
            creators=tuple(said.words for said in facts.texts(header, curie("dcterms:creator"))),
            sources=facts.texts(header, curie("dcterms:source")),
            history=facts.texts(header, *_HISTORY[:2], *_HISTORY[3:]),
            imports=self.names.refs(facts.iris(header, curie("owl:imports"))),
            triples=facts.number,
            terms=terms,
            about=tuple(self._about(file)),
            groups=self.axioms[file.name].groups,
            shapes=tuple(self._shapes(file)),
            tallies=tuple(self._tallies(file)) if file.kind == "data" else (),
            matches=tuple(self._aligned(file)),
        )

    def _is_document(self, subject: Iri) -> bool:
        return self.facts.is_a(subject, curie("SourceDocument"))

    def _terms(self, file: File) -> Iterator[Entry]:
        """The terms of a file, those of each kind in the order of their names; values stand in their scheme."""
        mine = [
            (kind, subject)
            for subject in file.facts.said
            if isinstance(subject, Iri)
            and self.names.homes.get(subject.value) == file.name
            and (kind := _kind(file.facts, subject)) is not None
        ]
        order = {kind: place for place, kind in enumerate(dict.fromkeys((*_KINDS.values(), "individual")))}
        for kind, subject in sorted(mine, key=lambda one: (order[one[0]], one[1].value)):
            in_scheme = [one for one in self.facts.all(subject, _IN_SCHEME) if self.names.ref(one).module == file.name]
            if not in_scheme:
                yield self._term(subject, kind)

    def _term(self, subject: Iri, kind: TermKind) -> Entry:
        names, facts = self.names, self.facts
        return Entry(
            ref=names.ref(subject),
            kind=kind,
            definition=facts.pair(subject, DEFINITION),
            alternatives=facts.texts(subject, ALT_LABEL),
            notation=facts.text(subject, NOTATION),
            notes=facts.texts(subject, curie("skos:scopeNote"), curie("rdfs:comment"), curie("skos:note")),
            examples=facts.texts(subject, curie("skos:example")),
            sources=facts.texts(subject, curie("dcterms:source")),
            history=facts.texts(subject, *_HISTORY),
            types=names.refs(
                one for one in facts.iris(subject, RDF_TYPE) if one not in _KINDS and one != _CONCEPT
            ) if kind in ("individual", "scheme") else (),
            above=names.refs(facts.iris(subject, _SUBCLASS, _SUBPROPERTY, curie("skos:broader"))),
            below=self._named(self.below, subject),
            domains=names.refs(facts.iris(subject, _DOMAIN)),
            ranges=names.refs(facts.iris(subject, _RANGE)),
            axioms=tuple(self._axioms(subject)),
            uses=self._named(self.uses, subject),
            scheme=tuple(self._term(one, "individual") for one in self._values(subject)),
            see_also=names.refs(facts.iris(subject, curie("rdfs:seeAlso"))),
            shapes=self.shapes.get(subject.value, ()),
            matches=self.matches.get(subject.value, ()),
            questions=self.questions.get(subject.value.removeprefix(ONTOLOGY), ()),
            deprecated=facts.text(subject, curie("owl:deprecated")) == "true",
            successors=names.refs(facts.iris(subject, _SUCCESSOR)),
        )  # fmt: skip

    def _values(self, scheme: Iri) -> list[Iri]:
        """The values of a scheme, by code where they have one; a number as a number."""

        def key(one: Iri) -> tuple[int, str]:
            code = self.facts.text(one, NOTATION)
            return (int(code) if code.isdigit() else 0, code or one.value)

        return sorted((one for one in self.members.get(scheme.value, ()) if isinstance(one, Iri)), key=key)

    def _axioms(self, subject: Iri) -> Iterator[Axiom]:
        for file in self.files:
            if file.kind in ("ontology", "dl"):
                for sentence in self.axioms[file.name].of(subject):
                    yield Axiom(sentence, file.name)

    def _about(self, file: File) -> Iterator[tuple[Ref, tuple[Axiom, ...]]]:
        if file.kind not in ("ontology", "dl"):
            return
        strangers = (
            one for one in file.facts.said
            if isinstance(one, Iri) and one.value.startswith(ONTOLOGY)
            and self.names.homes.get(one.value) != file.name
        )  # fmt: skip
        for subject in sorted(strangers, key=str):
            found = tuple(Axiom(sentence, file.name) for sentence in self.axioms[file.name].of(subject))
            if found:
                yield self.names.ref(subject), found

    def _shapes(self, file: File) -> Iterator[Shape]:
        for node in sorted((one for one in file.facts.of_type(_NODE_SHAPE) if isinstance(one, Iri)), key=str):
            parts = file.facts.all(node, _PROPERTY)
            inside = [node, *parts, *file.facts.all(node, Iri(_SHACL + "sparql"))]
            yield Shape(
                ref=replace(self.names.ref(node), module=file.name, anchor=node.value.rpartition("/")[2]),
                targets=self.names.refs(file.facts.iris(node, *_TARGETS)),
                paths=self.names.refs(path for part in parts for path in file.facts.iris(part, _PATH)),
                messages=tuple(said for one in inside for said in file.facts.texts(one, _MESSAGE)),
            )

    def _shapes_of(self) -> Mapping[str, tuple[Ref, ...]]:
        found: dict[str, list[Ref]] = defaultdict(list)
        for file in self.files:
            for shape in self._shapes(file):
                for target in shape.targets:
                    found[target.iri].append(shape.ref)
        return {iri: tuple(refs) for iri, refs in found.items()}

    def _tallies(self, file: File) -> Iterator[Tally]:
        counts = {kind: len(set(subjects)) for kind, subjects in file.facts.typed.items() if isinstance(kind, Iri)}
        for kind, number in sorted(counts.items(), key=lambda one: (-one[1], one[0].value)):
            yield Tally(self.names.ref(kind), number)

    def _aligned(self, file: File) -> Iterator[tuple[Ref, tuple[Match, ...]]]:
        """What a file aligns that is not its own: on its page they stand together."""
        found = matches_of(file.facts)
        for iri in sorted(found):
            if self.names.homes.get(iri) != file.name:
                yield self.names.ref(Iri(iri)), found[iri]

    def _backwards(self, *properties: Iri) -> Mapping[str, list[Term]]:
        found: dict[str, list[Term]] = defaultdict(list)
        for subject, said in self.facts.said.items():
            for property_ in properties:
                for value in said.get(property_, ()):
                    if isinstance(value, Iri) and not isinstance(subject, Literal):
                        found[value.value].append(subject)
        return found

    def _named(self, backwards: Mapping[str, list[Term]], subject: Iri) -> tuple[Ref, ...]:
        return self.names.refs(one for one in backwards.get(subject.value, ()) if isinstance(one, Iri))
