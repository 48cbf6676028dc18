"""Canonical TriG: one set of quads, one text, and nothing lost on the way."""

import random

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, parse

from zhiji_kg.rdf import Iri, Literal, Triple
from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.vocabulary import DATA, PREFIXES, RDF_TYPE, zj
from zhiji_kg.writers.trig import canonical_trig, trig

GRAPH = Iri("http://example.org/g")
XSD = PREFIXES["xsd"]
HERE = "http://example.org/"

iris = st.sampled_from(
    [Iri(HERE + "a"), Iri(DATA + "passage/CTX-01"), Iri(DATA + "x"), zj("Course"), RDF_TYPE, Iri("http://e/ü?q=1#f")]
)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
literals = st.one_of(
    words.map(Literal),
    words.map(lambda word: Literal(word, language="zh")),
    st.integers().map(lambda number: Literal(str(number), datatype=Iri(XSD + "integer"))),
    st.booleans().map(lambda value: Literal(str(value).lower(), datatype=Iri(XSD + "boolean"))),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(
        lambda number: Literal(f"{number:f}", datatype=Iri(XSD + "decimal"))
    ),
    st.just(Literal("2026-01-01T00:00:00Z", datatype=Iri(XSD + "dateTime"))),
)
triples = st.builds(Triple, iris, iris, st.one_of(iris, literals))


def read(text):
    return {(quad.graph_name, quad.triple) for quad in parse(input=text.encode(), format=RdfFormat.TRIG)}


@given(st.dictionaries(iris, st.lists(triples, min_size=1, max_size=8), max_size=3))
def test_what_is_written_is_read_again(graphs):
    assert read(trig(graphs)) == {(name, triple) for name, said in graphs.items() for triple in said}


@given(st.lists(triples, max_size=8), st.randoms(use_true_random=False))
def test_the_order_and_repeats_do_not_matter(said, dice):
    shuffled = [*said, *said]
    dice.shuffle(shuffled)
    assert trig({GRAPH: shuffled}) == trig({GRAPH: said})


def test_the_text_of_a_small_graph():
    said = [
        Triple(Iri(DATA + "passage/X-1"), zj("quotation"), Literal("甲 “乙”", language="zh")),
        Triple(Iri(DATA + "passage/X-1"), RDF_TYPE, zj("Passage")),
        Triple(Iri(DATA + "e"), zj("position"), Literal("2", datatype=Iri(XSD + "integer"))),
        Triple(Iri(DATA + "e"), zj("note"), Literal('a "b"\nc')),
        Triple(Iri(DATA + "e"), zj("note"), Literal("a")),
    ]
    random.Random(1).shuffle(said)
    assert trig({GRAPH: said}) == (
        "PREFIX zj: <https://w3id.org/zhiji/ontology/>\n"
        "PREFIX zjd: <https://w3id.org/zhiji/id/>\n"
        "\n"
        "<http://example.org/g> {\n"
        "zjd:e\n"
        "    zj:note\n"
        '        "a \\"b\\"\\nc" ,\n'
        '        "a" ;\n'
        "    zj:position 2 ;\n"
        ".\n"
        "\n"
        "<https://w3id.org/zhiji/id/passage/X-1>\n"
        "    a zj:Passage ;\n"
        '    zj:quotation "甲 “乙”"@zh ;\n'
        ".\n"
        "}\n"
    )


@pytest.mark.parametrize("path", sorted(ONTOLOGY.rglob("*.trig")), ids=lambda path: path.name)
def test_every_source_text_is_canonical(path):
    assert path.read_text(encoding="utf-8") == canonical_trig(path), "run make format"


@pytest.mark.parametrize("path", sorted(ONTOLOGY.rglob("*.trig")), ids=lambda path: path.name)
def test_another_reader_reads_the_same(path):
    """rdflib reads what pyoxigraph reads: the text is TriG, not only what our own library takes for it."""
    theirs = rdflib.Dataset()
    theirs.parse(path, format="trig")
    ours = list(parse(path=str(path), format=RdfFormat.TRIG))
    assert len(ours) == sum(1 for _ in theirs.quads()) > 1000
    assert all(isinstance(quad, Quad) for quad in ours)
    said = {str(o) for _, p, o, _ in theirs.quads() if str(p) == zj("quotation").value}
    assert said == {q.object.value for q in ours if q.predicate == zj("quotation")}
