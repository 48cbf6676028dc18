"""Small graphs written by hand for a test: TriG text in, an open store with the ontology beside it out."""

from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse

from zhiji_kg.graph import shipped
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.vocabulary import PREFIXES

HEAD = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())


def store_of(trig=""):
    """A store of what some TriG says; as in a published version, the default graph repeats every named one."""
    said = list(parse(HEAD + trig, format=RdfFormat.TRIG))
    quads = [*said, *(Quad(*quad.triple, DefaultGraph()) for quad in said)]
    always = (Quad(*triple, DefaultGraph()) for triples in shipped().values() for triple in triples)
    return EmbeddedStore.in_memory([*always, *quads])


def hub(points):
    """A standard level that asks for so many points, of three kinds, and a course with a coverage for each."""
    kinds = ("KnowledgePoint", "SkillPoint", "CapabilityPoint")
    lines = [
        '<urn:hub> a zj:StandardLevel ; skos:notation "HUB@1" .',
        '<urn:course> a zj:Course ; rdfs:label "大课"@zh .',
    ]
    for number in range(points):
        point = f"<urn:point-{number:05}>"
        lines.append(f'{point} a zj:{kinds[number % 3]} ; skos:notation "P{number}" ; zj:isRequiredBy <urn:hub> .')
        lines.append(f"<urn:hub> zj:requiresPoint {point} .")
        lines.append(f"<urn:coverage-{number:05}> a zj:Coverage ; zj:coversPoint {point} .")
        lines.append(f"<urn:course> zj:hasCoverage <urn:coverage-{number:05}> .")
    return store_of("\n".join(lines))
