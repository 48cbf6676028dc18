"""Canonical Turtle: one graph, one text."""

import random

import pytest
import rdflib
from rdflib.compare import isomorphic

from docs import turtle
from zhiji_kg.rdf import Iri, Literal, Triple
from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.writers.turtle import canonical_turtle, rdflib_graph

SHUFFLED = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix : <http://example.org/> .
:b a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :x ] .
:a a owl:Class .
:p a owl:ObjectProperty .
"""


@pytest.mark.parametrize("path", sorted(ONTOLOGY.rglob("*.ttl")), ids=lambda path: path.name)
def test_every_ontology_file_is_canonical(path):
    assert path.read_text(encoding="utf-8") == canonical_turtle(path), "run make format"


def test_the_order_of_statements_does_not_matter(tmp_path):
    texts = set()
    for seed in range(5):
        head, *body = [block for block in SHUFFLED.strip().split("\n") if block]
        prefixes, statements = [head, body[0]], body[1:]
        random.Random(seed).shuffle(statements)
        path = tmp_path / f"{seed}.ttl"
        path.write_text("\n".join([*prefixes, *statements]), encoding="utf-8")
        texts.add(canonical_turtle(path))
    assert len(texts) == 1


def test_the_canonical_form_keeps_the_graph_and_is_its_own(tmp_path):
    path = tmp_path / "shuffled.ttl"
    path.write_text(SHUFFLED, encoding="utf-8")
    before = rdflib.Graph().parse(path)
    path.write_text(canonical_turtle(path), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == canonical_turtle(path) != SHUFFLED
    assert isomorphic(before, rdflib.Graph().parse(path))


def test_rdflib_graph_holds_the_same_terms():
    triples = [
        Triple(Iri("http://example.org/a"), Iri("http://example.org/p"), Literal('“引号” "\\ \n', language="zh")),
        Triple(Iri("http://example.org/a"), Iri("http://example.org/q"), Literal("2.5")),
    ]
    graph = rdflib_graph(triples)
    assert len(graph) == 2
    assert rdflib.Literal('“引号” "\\ \n', lang="zh") in set(graph.objects())


def test_check_mode_writes_nothing_and_the_other_mode_what_is_not_canonical(tmp_path, monkeypatch, capsys):
    wrong = {
        "deep/shuffled.ttl": SHUFFLED,
        "facts.trig": "<http://e/g> { <http://e/b> a <http://e/C> . <http://e/a> a <http://e/C> }",
    }
    for name, said in wrong.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(said, encoding="utf-8")
    (tmp_path / "notes.md").write_text("not RDF", encoding="utf-8")
    monkeypatch.setattr(turtle, "ONTOLOGY", tmp_path)
    assert turtle.main(["--check"]) == 1
    assert capsys.readouterr().out == "deep/shuffled.ttl\nfacts.trig\n"
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in wrong} == wrong
    assert turtle.main([]) == 0
    assert capsys.readouterr().out == "deep/shuffled.ttl\nfacts.trig\n"
    assert turtle.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
