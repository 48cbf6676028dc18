"""How terms change between releases, and what takes the place of retired ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.changes import RELEASES, last_release, page, present, release_of
from zhiji_kg.evolution import Deprecation, Statement, TermChange, deprecations, migration_name, term_changes
from zhiji_kg.queries import catalogue
from zhiji_kg.rdf import Iri, Triple, integer, parse_turtle, text, true_or_false
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import DEFINITION, LABEL, NOTATION, RDF_TYPE, curie, entity, zj

COURSE, CREDITS = zj("Course"), zj("credits")
CLASS, DATA_PROPERTY = curie("owl:Class"), curie("owl:DatatypeProperty")


def course(*more):
    return [
        Triple(COURSE, RDF_TYPE, CLASS),
        Triple(COURSE, LABEL, text("课程", "zh")),
        Triple(COURSE, LABEL, text("course", "en")),
        *(Triple(COURSE, predicate, value) for predicate, value in more),
    ]


def restriction(number, value):
    """A defined class: its expression hangs on a node without a name of its own, numbered by its file."""
    node = Iri(f"https://w3id.org/zhiji/.well-known/genid/core-{number}")
    return [
        Triple(COURSE, curie("owl:equivalentClass"), node),
        Triple(node, RDF_TYPE, curie("owl:Restriction")),
        Triple(node, curie("owl:hasValue"), integer(value)),
    ]


NAME = Text("课程", "course")
CASES = [
    ("nothing", course(), course(), ()),
    ("added", [], course(), (TermChange("zj:Course", "added", "class", NAME),)),
    ("removed", course(), [], (TermChange("zj:Course", "removed", "class", NAME),)),
    (
        "another definition",
        course((DEFINITION, text("A unit.", "en")), (NOTATION, text("C"))),
        course((DEFINITION, text("A unit of study.", "en")), (NOTATION, text("C"))),
        (
            TermChange(
                "zj:Course",
                "changed",
                "class",
                NAME,
                (Statement("skos:definition", ("A unit.@en",), ("A unit of study.@en",)),),
            ),
        ),
    ),
    (
        "retired",
        course(),
        course((curie("owl:deprecated"), true_or_false(True)), (curie("dcterms:isReplacedBy"), CREDITS)),
        (
            TermChange(
                "zj:Course",
                "deprecated",
                "class",
                NAME,
                (Statement("dcterms:isReplacedBy", (), ("zj:credits",)), Statement("owl:deprecated", (), ("true",))),
            ),
        ),
    ),
    ("only the number of a blank node", course() + restriction(1, 5), course() + restriction(7, 5), ()),
    (
        "inside a class expression",
        course() + restriction(1, 5),
        course() + restriction(1, 4),
        (
            TermChange(
                "zj:Course",
                "changed",
                "class",
                NAME,
                (
                    Statement(
                        "owl:equivalentClass",
                        ("[owl:hasValue 5 ; rdf:type owl:Restriction]",),
                        ("[owl:hasValue 4 ; rdf:type owl:Restriction]",),
                    ),
                ),
            ),
        ),
    ),
    (
        "another kind of term",
        [Triple(CREDITS, RDF_TYPE, DATA_PROPERTY)],
        [Triple(CREDITS, RDF_TYPE, curie("owl:ObjectProperty"))],
        (
            TermChange(
                "zj:credits",
                "changed",
                "object property",
                Text("zj:credits", "zj:credits"),
                (Statement("a", ("owl:DatatypeProperty",), ("owl:ObjectProperty",)),),
            ),
        ),
    ),
    (
        "a module's header and other people's terms do not count",
        [Triple(curie("skos:Concept"), RDF_TYPE, CLASS)],
        [Triple(Iri("https://w3id.org/zhiji/module/core"), RDF_TYPE, curie("owl:Ontology"))],
        (),
    ),
    (
        "a value of a scheme",
        [],
        [Triple(entity("course-module", "x"), RDF_TYPE, curie("skos:Concept"))],
        (TermChange("zjd:course-module/x", "added", "value", Text("zjd:course-module/x", "zjd:course-module/x")),),
    ),
]


@pytest.mark.parametrize(("name", "before", "after", "expected"), CASES, ids=[case[0] for case in CASES])
def test_cases(name, before, after, expected):
    assert term_changes(before, after) == expected


TERMS = [zj(name) for name in ("A", "B", "c", "d")]
TRIPLES = st.sets(
    st.one_of(
        st.builds(lambda term, kind: Triple(term, RDF_TYPE, kind), st.sampled_from(TERMS), st.sampled_from([CLASS])),
        st.builds(lambda term, word: Triple(term, LABEL, text(word, "en")), st.sampled_from(TERMS), st.text("xy")),
    ),
    max_size=12,
)


@given(TRIPLES, TRIPLES)
def test_the_way_back_is_the_way_there_turned_round(before, after):
    there, back = term_changes(before, after), term_changes(after, before)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [(c.term, turned[c.change]) for c in there] == [(c.term, c.change) for c in back]
    assert [[(s.property, s.after, s.before) for s in c.statements] for c in there] == [
        [(s.property, s.before, s.after) for s in c.statements] for c in back
    ]


@given(TRIPLES)
def test_nothing_changes_between_a_release_and_itself(triples):
    assert term_changes(triples, list(triples)) == ()


# Retired terms


def test_a_retired_term_names_its_successor_and_its_query(monkeypatch):
    retired = course((curie("owl:deprecated"), true_or_false(True)), (curie("dcterms:isReplacedBy"), CREDITS))
    assert migration_name(COURSE.value) == "migrate-course"
    assert deprecations(retired) == (Deprecation("zj:Course", NAME, "zj:credits", ""),)
    monkeypatch.setattr("zhiji_kg.evolution.catalogue", lambda: {"migrate-course": None})
    assert deprecations(retired) == (Deprecation("zj:Course", NAME, "zj:credits", "migrate-course"),)
    assert deprecations(course()) == ()


def test_no_term_of_the_last_release_is_lost():
    changes = term_changes(parse_turtle(last_release()), present())
    assert [change.term for change in changes if change.change == "removed"] == []


def test_every_retired_term_has_a_successor_and_a_migration_query():
    for entry in deprecations(present()):
        assert entry.successor, entry.term
        assert entry.migration, entry.term
        assert catalogue()[entry.migration].form == "CONSTRUCT"


def test_the_snapshots_are_of_releases_and_hold_the_terms_they_had():
    versions = [release_of(path) for path in sorted(RELEASES.glob("*.ttl"))]
    assert "0.1.0" in versions
    first = term_changes([], parse_turtle(RELEASES / "ontology-0.1.0.ttl"))
    counted = {kind: sum(change.kind == kind for change in first) for kind in {change.kind for change in first}}
    assert counted["class"] == 57
    assert counted["object property"] == 87
    assert counted["datatype property"] == 42


def test_the_page_of_changes_is_up_to_date():
    from docs.changes import PAGE

    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_page_names_every_change():
    written = page()
    for change in term_changes(parse_turtle(last_release()), present()):
        assert f"`{change.term}`" in written
