"""Mappings to the terms of others: as triples of the module ``alignment``, and as an SSSOM table, both ways.

SSSOM (Simple Standard for Sharing Ontology Mappings, https://w3id.org/sssom, 1.1) is what curators
exchange: a metadata block of ``#`` lines in YAML, and a row of tab-separated slots a mapping. What
SSSOM has no slot for (our Chinese words, the status) stands in declared extension slots.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path

from .errors import unreadable
from .graph import ontology
from .rdf import Iri, Literal, Term, Triple, decimal, text
from .vocabulary import LABEL, PREFIXES, RDF_TYPE, curie, entity, zj
from .writers.turtle import rdflib_graph

CURIES = {
    "zj": PREFIXES["zj"],
    "zjd": PREFIXES["zjd"],
    "asn": "http://purl.org/ASN/schema/core/",
    "bibo": "http://purl.org/ontology/bibo/",
    "ceasn": "https://purl.org/ctdlasn/terms/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "eqf": "http://data.europa.eu/snb/eqf/",
    "esco": "http://data.europa.eu/esco/model#",
    "esco-occupation": "http://data.europa.eu/esco/occupation/",
    "isco": "http://data.europa.eu/esco/isco/",
    "schema": "https://schema.org/",
}
"""The prefixes of the table: ours, and those of the vocabularies we map to."""

BUILT_IN = {
    "linkml": "https://w3id.org/linkml/",
    "owl": PREFIXES["owl"],
    "rdf": PREFIXES["rdf"],
    "rdfs": PREFIXES["rdfs"],
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": PREFIXES["skos"],
    "sssom": "https://w3id.org/sssom/",
    "xsd": PREFIXES["xsd"],
}
"""The prefixes that every SSSOM table knows, and that a canonical one does not repeat."""

RELATIONS = tuple(map(curie, ("skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")))
"""The relations we map by. Not ``skos:exactMatch``: no two occupations of two countries are the same."""

_SET = "https://w3id.org/zhiji/module/alignment"
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_BIBO_STATUS = Iri("http://purl.org/ontology/bibo/status")
_CREATOR, _NOTE = Iri(PREFIXES["dcterms"] + "creator"), Iri(PREFIXES["skos"] + "scopeNote")
_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_EXTENSIONS = {  # slot: (property, type), in the order of the properties, as canonical SSSOM has it
    "status": ("bibo:status", "linkml:uriOrCurie"),
    "subject_label_zh": ("rdfs:label", "xsd:string"),
    "comment_zh": ("skos:scopeNote", "xsd:string"),
}
_IRIS = frozenset(("record_id", *_REQUIRED, "status"))


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One mapping, field by field as SSSOM names its slots; IRIs in full, an empty string where nothing is said."""

    record_id: str
    subject_id: str
    subject_label: str
    predicate_id: str
    object_id: str
    object_label: str
    mapping_justification: str
    author_label: str
    confidence: Decimal | None
    comment: str
    status: str
    subject_label_zh: str
    comment_zh: str


_ARROW = " → "  # in the name of a mapping, between those of its subject and object: a subject need not be in the graph
_SLOTS = tuple(field.name for field in fields(Correspondence))


def shipped_mappings() -> list[Correspondence]:
    """The mappings of the module ``alignment``, in their order in the table."""
    modules = ontology()
    return from_triples(modules["alignment"], [t for module in modules.values() for t in module])


def from_triples(triples: Iterable[Triple], context: Iterable[Triple] = ()) -> list[Correspondence]:
    """The mappings that triples describe.

    Args:
        triples: those of the mappings.
        context: where the labels of their subjects stand.
    """
    said: dict[Term, dict[Iri, list[Term]]] = {}
    for t in triples:
        said.setdefault(t.subject, {}).setdefault(t.predicate, []).append(t.object)
    labels = {
        (t.subject.value, t.object.language): t.object.value  # type: ignore[union-attr]
        for t in context
        if t.predicate == LABEL and isinstance(t.object, Literal)
    }
    nodes = [node for node, about in said.items() if zj("Mapping") in about.get(RDF_TYPE, ())]
    return in_order(_correspondence(node, said[node], labels) for node in nodes)


def to_triples(mappings: Iterable[Correspondence]) -> list[Triple]:
    """The triples of mappings: a described node for each, and the plain relation itself.

    Args:
        mappings: in any order.
    """
    return [triple for mapping in in_order(mappings) for triple in _triples(mapping)]


def write_sssom(mappings: Iterable[Correspondence], version: str = "") -> str:
    """Mappings as a canonical SSSOM table.

    Args:
        mappings: in any order.
        version: of the set; none: the version of the shipped module.
    """
    rows = [_row(mapping) for mapping in in_order(mappings)]
    used = {value.partition(":")[0] for row in rows for slot, value in row.items() if slot in _IRIS and value}
    columns = [slot for slot in _SLOTS if any(row[slot] for row in rows) or slot in _REQUIRED]
    extensions = {slot: how for slot, how in _EXTENSIONS.items() if slot in columns}
    used |= {how[0].partition(":")[0] for how in extensions.values()}
    made = io.StringIO()
    made.writelines(f"#{line}\n" for line in _metadata(used, extensions, version or _module_version()))
    writer = csv.DictWriter(made, columns, delimiter="\t", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()


def read_sssom(path: Path) -> list[Correspondence]:
    """The mappings of an SSSOM table with its metadata block.

    Columns that SSSOM does not know and the table does not declare are left out, as the standard says.

    Raises:
        UnreadableError: when it is not there, it is no such table, a prefix is not declared, a relation is not one of
            ``RELATIONS``, or a confidence is not a number from 0 to 1.
    """
    try:
        lines = list(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    except FileNotFoundError:
        raise unreadable("missing-file", str(path)) from None
    except OSError as error:
        raise unreadable("cannot-open", str(path), reason=error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise unreadable("not-sssom", str(path), what="UTF-8") from None
    header = [line[1:].rstrip("\r\n") for line in _leading(lines)]
    prefixes = BUILT_IN | _curie_map(header)
    table = csv.DictReader(lines[len(header) :], delimiter="\t", strict=True)
    missing = [slot for slot in _REQUIRED if slot not in (table.fieldnames or ())]
    if missing:
        raise unreadable("not-sssom", str(path), what="、".join(missing))
    if twice := sorted({slot for slot in table.fieldnames or () if (table.fieldnames or []).count(slot) > 1}):
        raise unreadable("not-sssom", str(path), what=", ".join(f"{slot} × 2" for slot in twice))
    found: dict[str, Correspondence] = {}
    try:
        for row in table:
            where = f"{path}:{len(header) + table.line_num}"
            mapping = _read_row(row, prefixes, where)
            if mapping.record_id in found:
                raise unreadable("not-sssom", where, what=f"record_id {compact(mapping.record_id)}")
            found[mapping.record_id] = mapping
    except csv.Error as wrong:
        raise unreadable("not-sssom", f"{path}:{len(header) + table.reader.line_num}", what=str(wrong)) from None
    return in_order(found.values())


def write_turtle(mappings: Iterable[Correspondence]) -> str:
    """Mappings as Turtle, as the module ``alignment`` holds them.

    Args:
        mappings: in any order.
    """
    graph = rdflib_graph(to_triples(mappings))
    for name, space in {**CURIES, "semapv": BUILT_IN["semapv"]}.items():
        graph.bind(name, space)
    return graph.serialize(format="longturtle", canon=True)


def in_order(mappings: Iterable[Correspondence]) -> list[Correspondence]:
    """Mappings in the order of their rows: by all slots, from the first on.

    Args:
        mappings: in any order.
    """
    return sorted(mappings, key=lambda mapping: tuple(map(str, astuple(mapping))))


def compact(iri: str, prefixes: Mapping[str, str] | None = None) -> str:
    """An IRI as a CURIE with the longest prefix that fits, else the IRI itself.

    Args:
        iri: in full.
        prefixes: those to take; none: ours and the built-in ones.
    """
    known = prefixes or BUILT_IN | CURIES
    fitting = [(len(space), name) for name, space in known.items() if iri.startswith(space)]
    if not fitting:
        return iri
    length, name = max(fitting)
    return f"{name}:{iri[length:]}"


def _correspondence(
    node: Term, about: dict[Iri, list[Term]], labels: dict[tuple[str, str | None], str]
) -> Correspondence:
    def one(predicate: Iri, language: str | None = None) -> str:
        found = (o for o in about.get(predicate, ()) if getattr(o, "language", None) == language)
        return next((o.value for o in found), "")  # type: ignore[union-attr]

    subject, stated = one(zj("mappingSubject")), one(zj("confidence"))
    return Correspondence(
        record_id=node.value,  # type: ignore[union-attr]
        subject_id=subject,
        subject_label=labels.get((subject, "en")) or one(LABEL, "en").partition(_ARROW)[0],
        predicate_id=one(zj("mappingPredicate")),
        object_id=one(zj("mappingObject")),
        object_label=one(zj("mappingObjectLabel")),
        mapping_justification=one(zj("mappingJustification")),
        author_label=one(_CREATOR),
        confidence=Decimal(stated) if stated else None,
        comment=one(_NOTE, "en"),
        status=one(_BIBO_STATUS),
        subject_label_zh=labels.get((subject, "zh")) or one(LABEL, "zh").partition(_ARROW)[0],
        comment_zh=one(_NOTE, "zh"),
    )


def _triples(mapping: Correspondence) -> Iterator[Triple]:
    node, subject = Iri(mapping.record_id), Iri(mapping.subject_id)
    predicate, target = Iri(mapping.predicate_id), Iri(mapping.object_id)
    said: list[tuple[Iri, Term | None]] = [
        (RDF_TYPE, zj("Mapping")),
        (curie("rdfs:isDefinedBy"), Iri(_SET)),
        (zj("mappingSubject"), subject),
        (zj("mappingPredicate"), predicate),
        (zj("mappingObject"), target),
        (zj("mappingJustification"), Iri(mapping.mapping_justification)),
        (zj("mappingObjectLabel"), text(mapping.object_label) if mapping.object_label else None),
        (zj("confidence"), None if mapping.confidence is None else decimal(mapping.confidence)),
        (_CREATOR, text(mapping.author_label) if mapping.author_label else None),
        (_BIBO_STATUS, Iri(mapping.status) if mapping.status else None),
        (_NOTE, text(mapping.comment, "en") if mapping.comment else None),
        (_NOTE, text(mapping.comment_zh, "zh") if mapping.comment_zh else None),
    ]
    for language, name in (("en", mapping.subject_label), ("zh", mapping.subject_label_zh)):
        said.append((LABEL, text(f"{name}{_ARROW}{_target_name(mapping)}", language) if name else None))
    yield from (Triple(node, about, value) for about, value in said if value is not None)
    yield Triple(subject, predicate, target)


def _target_name(mapping: Correspondence) -> str:
    """The object of a mapping for people: its name, and which vocabulary it is of."""
    prefix, colon, local = compact(mapping.object_id).partition(":")
    return f"{mapping.object_label or local} ({prefix})" if colon else mapping.object_id


def _module_version() -> str:
    version = curie("owl:versionInfo")
    return next(t.object.value for t in ontology()["alignment"] if t.predicate == version)  # type: ignore[union-attr]


def _metadata(used: Iterable[str], extensions: Mapping[str, tuple[str, str]], version: str) -> Iterator[str]:
    yield "curie_map:"
    yield from (f"  {name}: {CURIES[name]}" for name in sorted(set(used) & CURIES.keys()))
    yield 'sssom_version: "1.1"'
    yield f"mapping_set_id: {_SET}"
    yield f"mapping_set_version: {version}"
    yield "mapping_set_title: zhiji-kg alignment to ESCO, ISCO-08, CTDL, CTDL-ASN, ELM, EQF and schema.org"
    yield "creator_label:"
    yield "  - zhiji-kg contributors"
    yield f"license: {_LICENSE}"
    if extensions:
        yield "extension_definitions:"
    for slot, (about, kind) in extensions.items():
        yield from (f"  - slot_name: {slot}", f"    property: {about}", f"    type_hint: {kind}")


def _row(mapping: Correspondence) -> dict[str, str]:
    values = dict(zip(_SLOTS, astuple(mapping), strict=True))
    row = {slot: compact(value) if slot in _IRIS else value for slot, value in values.items()}
    return row | {"confidence": "" if mapping.confidence is None else decimal(mapping.confidence).value}


def _leading(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("#"):
            return
        yield line


def _curie_map(header: Iterable[str]) -> dict[str, str]:
    """The prefixes of the metadata block: the lines under ``curie_map`` that stand further in than it."""
    prefixes: dict[str, str] = {}
    inside = False
    for line in header:
        name, _, value = line.strip().partition(":")
        if name == "curie_map" and not value.strip():
            inside, depth = True, len(line) - len(line.lstrip())
        elif inside and len(line) - len(line.lstrip()) > depth:
            prefixes[name.strip("\"' ")] = value.strip().strip("\"'")
        else:
            inside = False
    return prefixes


def _read_row(row: dict[str, str | None], prefixes: Mapping[str, str], where: str) -> Correspondence:
    values: dict[str, str] = {slot: (row.get(slot) or "") for slot in _SLOTS}
    for slot in sorted(_IRIS):
        values[slot] = _expand(values[slot], slot, prefixes, where)
    if Iri(values["predicate_id"]) not in RELATIONS:
        raise unreadable("sssom-relation", where, relation=compact(values["predicate_id"]))
    if not values["record_id"]:
        key = " ".join(values[slot] for slot in _REQUIRED[:3])
        values["record_id"] = entity("mapping", hashlib.sha256(key.encode()).hexdigest()[:10]).value
    return Correspondence(**values | {"confidence": _confidence(values["confidence"], where)})  # type: ignore[arg-type]


def _expand(value: str, slot: str, prefixes: Mapping[str, str], where: str) -> str:
    """The IRI of a CURIE; the standard has readers refuse what is written in full or with an unknown prefix."""
    if not value and slot not in _REQUIRED:
        return ""
    prefix, colon, local = value.partition(":")
    try:
        return Iri(prefixes[prefix if colon else ""] + local).value
    except (KeyError, ValueError):
        raise unreadable("sssom-curie", where, slot=slot, value=value) from None


def _confidence(value: str, where: str) -> Decimal | None:
    try:
        number = Decimal(value) if value else None
    except InvalidOperation:
        number = Decimal(-1)
    if number is not None and not (number.is_finite() and 0 <= number <= 1):
        raise unreadable("sssom-confidence", where, value=value)
    return number
