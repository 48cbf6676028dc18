"""The shape files: only declared terms, words that a teacher understands, and queries that are up to date."""

import re

import pytest

from docs.shapes import AREAS, links, queries
from docs.shapes import main as write_queries
from zhiji_kg.graph import ontology
from zhiji_kg.rdf import Iri, Literal, parse_turtle
from zhiji_kg.resources import QUERIES
from zhiji_kg.validation.shapes import COMPONENTS, SHACL, SHAPE, circle_of, read_shapes, shape_files, shapes
from zhiji_kg.vocabulary import LABEL, ONTOLOGY, RDF_TYPE, curie, zj
from zhiji_kg.writers.turtle import canonical_turtle

FILES = shape_files()
TRIPLES = [triple for path in FILES for triple in parse_turtle(path)]
DECLARED = {t.subject for triples in ontology().values() for t in triples if t.predicate == RDF_TYPE}
SHAPES = list(shapes().values())
NAMES = [shape.name for shape in SHAPES]
HEAD = f"""PREFIX sh: <{SHACL}>
PREFIX zj: <{ONTOLOGY}>
PREFIX shape: <{SHAPE}>
shape:X a sh:NodeShape ; sh:targetClass zj:Course ; sh:property shape:X-p .
"""
WORDS = 'sh:message "错；改"@zh , "wrong; mend"@en'


def test_there_is_a_file_for_each_area():
    assert {path.stem for path in FILES} == set(AREAS)
    assert len(SHAPES) > 200


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_canonical(path):
    assert path.read_text(encoding="utf-8") == canonical_turtle(path)


def test_every_term_of_ours_is_declared():
    named = {term for t in TRIPLES for term in t if isinstance(term, Iri) and term.value.startswith(ONTOLOGY)}
    for text in (t.object.value for t in TRIPLES if t.predicate == Iri(SHACL + "select")):
        named |= {zj(name) for name in re.findall(r"\bzj:(\w+)", text)}
    assert len(named) > 150
    assert named - DECLARED == set()


def test_every_node_shape_is_named_in_both_languages_and_each_name_is_one():
    nodes = {t.subject for t in TRIPLES if t.predicate == RDF_TYPE and t.object == Iri(SHACL + "NodeShape")}
    labels = [(t.subject, t.object) for t in TRIPLES if t.predicate == LABEL and t.subject in nodes]
    for language in ("zh", "en"):
        said = [label.value for _, label in labels if label.language == language]
        assert len(said) == len(set(said)) == len(nodes)


@pytest.mark.parametrize("shape", SHAPES, ids=NAMES)
def test_a_message_says_what_is_wrong_and_what_to_do(shape):
    assert shape.message.zh.count("；") == 1
    assert shape.message.en.count("; ") == 1
    assert re.search(r"[\u4e00-\u9fff]", shape.message.zh)
    assert not re.search(r"\bsh:|zj:|MinCount|IRI|SHACL", shape.message.zh + shape.message.en), "no word of ours"
    assert not re.search(r"[{}]", shape.message.zh + shape.message.en)


@pytest.mark.parametrize("shape", SHAPES, ids=NAMES)
def test_a_shape_is_about_something_and_demands_something(shape):
    assert shape.classes or shape.properties
    assert shape.demands
    assert {name for name, _ in shape.demands} <= set(COMPONENTS.values())
    assert shape.severity in ("error", "warning")


def test_a_property_belongs_to_what_the_shape_is_about():
    """No demand is about a property that things of the class cannot have."""
    domains = {
        t.subject: t.object for triples in ontology().values() for t in triples if t.predicate == curie("rdfs:domain")
    }
    wide = {curie("prov:Entity"), curie("skos:Concept")}
    above = _classes_above()
    for shape in SHAPES:
        crossing = "SPARQL" in dict(shape.demands)  # its property is the one whose cell is to be mended
        if shape.path in domains and shape.classes and not shape.inverse and not crossing:
            fit = {c for own in shape.classes for c in above(own)}
            narrower = {own for own in above.known if set(shape.classes) & above(own)}
            assert domains[shape.path] in wide | fit | narrower, shape.name


def _classes_above():
    parents = {}
    for triples in ontology().values():
        for t in triples:
            if t.predicate == curie("rdfs:subClassOf"):
                parents.setdefault(t.subject, set()).add(t.object)

    def above(own):
        return {own}.union(*(above(parent) for parent in parents.get(own, ())))

    above.known = set(parents)
    return above


# What a file may hold


def read(tmp_path, turtle):
    path = tmp_path / "area.ttl"
    path.write_text(HEAD + turtle, encoding="utf-8")
    return {shape.name: shape for shape in read_shapes(path)}


def test_a_property_shape_is_read(tmp_path):
    (shape,) = read(
        tmp_path, f"shape:X-p sh:path zj:inTerm ; sh:minCount 1 ; sh:severity sh:Warning ; {WORDS} ."
    ).values()
    assert (shape.name, shape.area, shape.severity) == ("X-p", "area", "warning")
    assert (shape.path, shape.inverse, shape.classes) == (zj("inTerm"), False, (zj("Course"),))
    assert [(name, [str(v.value) for v in given]) for name, given in shape.demands] == [("MinCount", ["1"])]
    assert (shape.message.zh, shape.message.en) == ("错；改", "wrong; mend")


def test_an_inverse_path_and_a_list_are_read(tmp_path):
    shape = read(
        tmp_path, f'shape:X-p sh:path [ sh:inversePath zj:hasOffering ] ; sh:languageIn ( "zh" "en" ) ; {WORDS} .'
    )
    assert (shape["X-p"].path, shape["X-p"].inverse) == (zj("hasOffering"), True)
    assert shape["X-p"].demands == (("LanguageIn", (Literal("zh"), Literal("en"))),)


def test_a_closed_shape_knows_its_properties_and_those_it_ignores(tmp_path):
    closed = (
        f"shape:X sh:closed true ; sh:ignoredProperties ( zj:note ) ; {WORDS} . shape:X-p sh:path zj:hours ; {WORDS} ."
    )
    assert read(tmp_path, closed)["X"].demands == (("Closed", (zj("hours"), zj("note"))),)


@pytest.mark.parametrize(
    "unknown", ["sh:or ( shape:A shape:B )", "sh:qualifiedMinCount 1", "sh:hasValue 1", "sh:in ( 1 )"]
)
def test_what_is_not_checked_is_refused(tmp_path, unknown):
    """A constraint that no query looks for must not look as if it were checked."""
    with pytest.raises(ValueError, match="is not checked"):
        read(tmp_path, f"shape:X-p sh:path zj:inTerm ; {unknown} ; {WORDS} .")


def test_the_property_of_a_circle_is_told():
    assert circle_of(shapes()["Course-prerequisite-cycle"]) == zj("hasDirectPrerequisite")
    assert circle_of(shapes()["Coverage-same-course"]) is None
    assert circle_of(shapes()["Course-label"]) is None


# The queries made from them


def test_the_queries_are_as_the_shapes_say():
    assert write_queries(["--check"]) == 0
    assert {f"shape-{area}" for area in queries()} == {path.stem for path in (QUERIES / "check").glob("shape-*.rq")}


def test_a_query_that_is_not_up_to_date_is_named_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("docs.shapes.QUERIES", tmp_path)
    (tmp_path / "check").mkdir()
    (tmp_path / "check" / "shape-gone.rq").write_text("", encoding="utf-8")
    assert write_queries(["--check"]) == 1
    assert "shape-gone.rq" in capsys.readouterr().out
    assert write_queries([]) == 0
    assert write_queries(["--check"]) == 0
    assert not (tmp_path / "check" / "shape-gone.rq").exists()


def test_every_demand_is_in_a_query():
    """A branch for each shape and component, or its property among the links that must not lead in a circle."""
    told = "\n".join(queries().values())
    for shape in SHAPES:
        for name, _ in shape.demands:
            if circle_of(shape) is None:
                assert f'BIND("{shape.name}" AS ?shape) BIND("{name}" AS ?constraint)' in told
            else:
                assert f'("{shape.name}" ' in links()
