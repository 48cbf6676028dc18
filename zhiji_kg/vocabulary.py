"""The IRIs of ours and the prefixes: the only place that writes one.

Terms are named as the ontology names them (``zj("hasCoverage")``); a test holds every
name used in the package against ``ontology/*.ttl``. Entities get
``https://w3id.org/zhiji/id/{kind}/{slug}``, with ASCII slugs only.
"""

import hashlib
import re
from functools import lru_cache
from urllib.parse import quote

from .rdf import Iri

ONTOLOGY = "https://w3id.org/zhiji/ontology/"
DATA = "https://w3id.org/zhiji/id/"
MODULE = "https://w3id.org/zhiji/module/"

PREFIXES = {
    "zj": ONTOLOGY,
    "zjd": DATA,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
}

RDF_TYPE = Iri(PREFIXES["rdf"] + "type")
LABEL = Iri(PREFIXES["rdfs"] + "label")
ALT_LABEL = Iri(PREFIXES["skos"] + "altLabel")
DEFINITION = Iri(PREFIXES["skos"] + "definition")
NOTATION = Iri(PREFIXES["skos"] + "notation")
DERIVED_FROM = Iri(PREFIXES["prov"] + "wasDerivedFrom")
INFERRED_GRAPH = Iri(DATA + "graph/inferred")

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@lru_cache(maxsize=4096)
def zj(name: str) -> Iri:
    """A term of the ontology by its local name."""
    return Iri(ONTOLOGY + name)


@lru_cache(maxsize=4096)
def curie(name: str) -> Iri:
    """The IRI of a prefixed name such as ``org:Organization``; without a prefix, a term of ours.

    Raises:
        KeyError: when the prefix is not one of ``PREFIXES``.
    """
    prefix, colon, local = name.partition(":")
    return Iri(PREFIXES[prefix] + local) if colon else zj(name)


def shorten(iri: str) -> str:
    """The prefixed form of an IRI where a prefix of ours fits, else the IRI itself."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def page_of(iri: str) -> str:
    """Where the service shows what an IRI of ours names: a path; empty for what is not ours."""
    for namespace, place in ((DATA, "/id/"), (ONTOLOGY, "/ontology/"), (MODULE, "/module/")):
        if iri.startswith(namespace):
            return place + quote(iri.removeprefix(namespace), safe="/")
    return ""


def slug(code: str) -> str:
    """A code as a part of an IRI: itself when plain ASCII, else ``x-`` and ten hex digits of its SHA-256."""
    if _PLAIN.fullmatch(code):
        return code
    return "x-" + hashlib.sha256(code.encode()).hexdigest()[:10]


def entity(kind: str, *codes: str) -> Iri:
    """The IRI of an entity: its kind and the codes that make its key, joined with ``-``."""
    return Iri(f"{DATA}{kind}/{'-'.join(slug(code) for code in codes)}")


def scheme_value(path: str) -> Iri:
    """The IRI of a value of a shipped scheme, such as ``evidence-grade/direct``."""
    return Iri(DATA + path)


def module_graph(stem: str) -> Iri:
    """The named graph of an ontology module (its module IRI)."""
    return Iri(MODULE + stem)


def source_graph(identifier: str) -> Iri:
    """The named graph of a source document, named by the document's own identifier."""
    return entity("source", identifier)
