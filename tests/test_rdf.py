"""Terms, Turtle of ours, N-Quads and the hash over them."""

import hashlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from zhiji_kg.rdf import (
    DefaultGraph,
    Iri,
    Literal,
    Quad,
    decimal,
    graph_hash,
    integer,
    nquads,
    parse_trig,
    parse_turtle,
    text,
    true_or_false,
)
from zhiji_kg.resources import ONTOLOGY

S, P = Iri("http://x/s"), Iri("http://x/p")
XSD = "http://www.w3.org/2001/XMLSchema#"

WRITTEN = [
    (decimal(Decimal("2.50")), "2.5", "decimal"),
    (decimal(Decimal("100")), "100", "decimal"),
    (decimal(Decimal("1E+2")), "100", "decimal"),
    (decimal(Decimal("-0.0")), "0", "decimal"),
    (decimal(Decimal("0.000001")), "0.000001", "decimal"),
    (integer(7), "7", "integer"),
    (true_or_false(True), "true", "boolean"),
    (true_or_false(False), "false", "boolean"),
    (text("车工"), "车工", "string"),
]


@pytest.mark.parametrize(("literal", "written", "datatype"), WRITTEN, ids=[w[1] for w in WRITTEN])
def test_literals_are_written_as_the_store_gives_them_back(literal, written, datatype):
    assert (literal.value, literal.datatype.value) == (written, XSD + datatype)
    assert through_a_store([Quad(S, P, literal)]) == [Quad(S, P, literal)]


def test_a_language_is_kept():
    assert (text("车工", "zh").language, text("turner", "en").value, text("x").language) == ("zh", "turner", None)


def through_a_store(quads):
    store = Store()
    store.extend(quads)
    return list(store)


VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])).map(text),
    st.text(st.characters(exclude_categories=["Cs"])).map(lambda value: text(value, "zh")),
    st.integers().map(integer),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=9).map(decimal),
    st.booleans().map(true_or_false),
)


@given(VALUES)
def test_the_store_gives_back_what_it_got(value):
    quads = [Quad(S, P, value, Iri("http://x/g"))]
    assert nquads(through_a_store(quads)) == nquads(quads)


@given(st.lists(VALUES, max_size=8), st.randoms(use_true_random=False))
def test_the_hash_depends_on_what_is_said_and_not_on_the_order(values, chance):
    quads = [Quad(S, P, value) for value in values]
    mixed = quads + quads[:2]
    chance.shuffle(mixed)
    assert graph_hash(nquads(quads)) == graph_hash(nquads(mixed))
    assert graph_hash(nquads(quads)) != graph_hash(nquads([*quads, Quad(P, S, integer(1))]))


@given(st.lists(VALUES, max_size=8))
def test_the_hash_is_sha256sum_of_the_sorted_lines(values):
    lines = nquads(Quad(S, P, value, DefaultGraph()) for value in values)
    assert graph_hash(lines) == hashlib.sha256(b"".join(sorted(set(lines)))).hexdigest()
    assert all(line.endswith(b" .\n") for line in lines)


def test_the_hash_of_nothing():
    assert graph_hash([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_blank_nodes_are_named_by_their_place(tmp_path):
    path = tmp_path / "small.ttl"
    path.write_text("<http://x/s> <http://x/p> [ <http://x/p> [] ] , ( 1 ) .", encoding="utf-8")
    triples = parse_turtle(path)
    assert triples == parse_turtle(path)
    named = {t.subject.value for t in triples} - {"http://x/s"}
    assert named == {f"https://w3id.org/zhiji/.well-known/genid/small-{n}" for n in (1, 3)}
    assert all(isinstance(term, Iri | Literal) for t in triples for term in (t.subject, t.object))


def test_times_are_written_as_the_store_writes_them(tmp_path):
    path = tmp_path / "time.ttl"
    path.write_text(f'<http://x/s> <http://x/p> "2026-01-01T00:00:00+00:00"^^<{XSD}dateTime> .', encoding="utf-8")
    quads = [Quad(t.subject, t.predicate, t.object) for t in parse_turtle(path)]
    assert nquads(through_a_store(quads)) == nquads(quads)


def test_trig_is_read_by_named_graph(tmp_path):
    path = tmp_path / "x.trig"
    path.write_text(
        "<http://x/g> { <http://x/s> <http://x/p> 1, 2 } <http://x/h> { <http://x/s> a <http://x/C> }", "utf-8"
    )
    read = parse_trig(path)
    assert {name.value: len(triples) for name, triples in read.items()} == {"http://x/g": 2, "http://x/h": 1}


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("<http://x/s> <http://x/p> 1 .", ValueError),
        ("<http://x/g> { [] <http://x/p> 1 }", ValueError),
        ("<http://x/g> { <http://x/s> <http://x/p> [ <http://x/q> 1 ] }", ValueError),
        ("_:g { <http://x/s> <http://x/p> 1 }", ValueError),
        ("<http://x/g> { <http://x/s> ", SyntaxError),
    ],
)
def test_trig_outside_a_named_graph_or_with_blank_nodes_is_refused(tmp_path, said, refused):
    path = tmp_path / "x.trig"
    path.write_text(said, encoding="utf-8")
    with pytest.raises(refused):
        parse_trig(path)


def test_what_is_no_turtle(tmp_path):
    path = tmp_path / "bad.ttl"
    path.write_text("<http://x/s> <http://x/p>", encoding="utf-8")
    with pytest.raises(SyntaxError):
        parse_turtle(path)


@pytest.mark.parametrize("path", sorted(ONTOLOGY.glob("*.ttl")), ids=lambda path: path.stem)
def test_the_ontology_comes_back_from_the_store_as_it_was_read(path):
    quads = [Quad(t.subject, t.predicate, t.object) for t in parse_turtle(path)]
    assert nquads(through_a_store(quads)) == nquads(quads)
