"""What the ontology says cannot be: found after inference, with the asserted triples it comes from."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.oracle import contradicted
from zhiji_kg.build import draft
from zhiji_kg.contradictions import Contradiction, contradictions, problems, why
from zhiji_kg.errors import Address
from zhiji_kg.graph import Dataset, ontology
from zhiji_kg.inference import infer
from zhiji_kg.queries import catalogue
from zhiji_kg.rdf import Iri, Triple, integer, text
from zhiji_kg.resources import examples
from zhiji_kg.sources import Reading
from zhiji_kg.vocabulary import DATA, PREFIXES, RDF_TYPE, curie, entity, zj

AXIOMS = frozenset(triple for module in ontology().values() for triple in module)
CASES = tomllib.loads((Path(__file__).parent / "contradiction-cases.toml").read_text(encoding="utf-8"))["case"]


def said(words):
    """``course/a develops point`` as a triple; a value is a number or a word in quotation marks."""
    one, link, other = words.split(maxsplit=2)
    if link == "a":
        return Triple(named(one), RDF_TYPE, curie(other))
    if other.startswith('"'):
        return Triple(named(one), curie(link), text(other.strip('"')))
    return Triple(named(one), curie(link), integer(int(other)) if other.isdigit() else named(other))


def named(words):
    if words.partition(":")[0] in PREFIXES:
        return curie(words)
    return Iri(DATA + (words if "/" in words else f"{words}/0"))


def found_in(asserted):
    """The contradictions of some triples with the ontology."""
    dataset = Dataset(set(AXIOMS | set(asserted)), {})
    _, store = infer(dataset)
    return contradictions(store, dataset.default), dataset


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases_worked_by_hand(case):
    asserted = set(map(said, case["says"]))
    found, dataset = found_in(asserted)
    assert [one.sort for one in found] == case["found"]
    causes = {cause for one in found for cause in one.causes} - AXIOMS
    assert {str(cause) for cause in causes} == {str(said(words)) for words in case.get("causes", case["says"])}
    for one in found:
        assert set(one.causes) <= dataset.default
        assert 1 <= len(one.triples) <= 2
        assert one.thing == one.triples[0].subject


def test_every_sort_has_its_query_its_case_and_its_words():
    sorts = {name.removeprefix("contradiction-") for name in catalogue() if name.startswith("contradiction-")}
    assert sorts == {sort for case in CASES for sort in case["found"]}
    some = Triple(entity("course", "A"), zj("hasPrerequisite"), entity("course", "B"))
    for sort in sorts:
        [problem] = problems([Contradiction(sort, (some, some), (some,))], Dataset(set(), {}), [])
        assert problem.severity == "error"
        assert "zjd:course/A" in problem.line("zh")
        assert "zjd:course/A" in problem.line("en")
        assert problem.line("zh") != problem.line("en")


def test_what_is_shipped_and_the_examples_contradict_nothing():
    dataset = draft(examples()).dataset
    assert contradictions(infer(dataset)[1], dataset.default) == []


def test_a_line_names_things_as_people_do_and_says_where():
    course, coverage = entity("course", "A"), entity("coverage", "C")
    asserted = {
        Triple(course, RDF_TYPE, zj("Course")),
        Triple(course, curie("rdfs:label"), text("机械制图", "zh")),
        Triple(course, curie("rdfs:label"), text("Mechanical drawing", "en")),
        Triple(coverage, zj("coversPoint"), course),
    }
    found, dataset = found_in(asserted)
    reading = Reading("book", ("book.xlsx",), places={coverage: Address("book.xlsx", "覆盖", "A5")})
    [problem] = problems(found, dataset, [reading])
    assert problem.line("zh") == (
        "book.xlsx:覆盖!A5: “机械制图” 不能既是“要素点”又是“课程”，却由此得出："
        "“zjd:coverage/C” “覆盖要素点” “机械制图”；“机械制图” 是 “课程”；请改正其中一处"
    )
    assert problem.line("en").startswith("book.xlsx:覆盖!A5: “Mechanical drawing” cannot be both ")
    reading.columns["book.xlsx", "覆盖", zj("coversPoint")] = "C"
    assert str(problems(found, dataset, [reading])[0].where) == "book.xlsx:覆盖!C5"
    assert problems(found, dataset, [])[0].where is None


def test_why_goes_back_step_by_step():
    """A course develops a part of a point that its coverage covers: five statements, of which three are asserted."""
    says = ["course hasCoverage coverage", "coverage coversPoint point/w", "point/p isPartOfPoint point/w"]
    asserted = AXIOMS | set(map(said, says))
    _, store = infer(Dataset(set(asserted), {}))
    told = why(store, asserted, said("course develops point/p"))
    assert {str(one) for one in told} == {str(said(words)) for words in says}
    assert why(store, asserted, said("course hasCoverage coverage")) == (said("course hasCoverage coverage"),)
    assert why(store, asserted, said("course a zj:Course")) == (said("course hasCoverage coverage"),)
    strange = said("course develops point/unheard-of")
    assert why(store, asserted, strange) == (strange,)


def test_why_ends_where_statements_rest_on_each_other():
    """Inverse properties follow from each other: the explanation does not run in a circle."""
    asserted = AXIOMS | {said("point requiresNothing point")}
    _, store = infer(Dataset(set(asserted), {}))
    both = [said("point/a isRequiredBy level"), said("level requiresPoint point/a")]
    store.add(both)
    assert why(store, asserted, both[0]) in {(both[0],), (both[1],)}


PEOPLE = [entity("thing", letter) for letter in "abc"]
SAYINGS = st.one_of(
    st.builds(
        Triple,
        st.sampled_from(PEOPLE),
        st.just(RDF_TYPE),
        st.sampled_from([zj(kind) for kind in ("Course", "SkillPoint", "KnowledgePoint", "Coverage", "Learner")]),
    ),
    st.builds(
        Triple,
        st.sampled_from(PEOPLE),
        st.sampled_from([zj(link) for link in ("hasDirectPrerequisite", "coversPoint", "hasCoverage", "atSkillLevel")]),
        st.sampled_from([*PEOPLE, entity("skill-level", "4"), entity("skill-level", "5")]),
    ),
)


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(st.sets(SAYINGS, max_size=5))
def test_owlrl_finds_a_contradiction_where_we_do(asserted):
    """It says so, or takes two things of ours for one: that is how it reads a functional property."""
    found, dataset = found_in(asserted)
    assert bool(found) == contradicted(dataset.default)
