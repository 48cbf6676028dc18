"""The outcome figures as a data cube: every figure can be read, told from every other, and traced to its sentence.

The constraints are those of the W3C RDF Data Cube recommendation (section 11) that this cube can break, in our own
words; each is tried on a cube broken on purpose.
"""

import re

import pytest
import rdflib
from rdflib import RDF, RDFS, XSD

from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.vocabulary import DATA
from zhiji_kg.vocabulary import ONTOLOGY as NAMESPACE

ZJ = rdflib.Namespace(NAMESPACE)
ZJD = rdflib.Namespace(DATA)
QB = rdflib.Namespace("http://purl.org/linked-data/cube#")
SKOS = rdflib.SKOS
PROV = rdflib.PROV
MODULES = ("core", "organisation", "schemes", "statistics")

CONSTRAINTS = {
    "one data set": """
        SELECT ?found WHERE { ?found a qb:Observation . OPTIONAL { ?found qb:dataSet ?set } }
        GROUP BY ?found HAVING (COUNT(DISTINCT ?set) != 1)""",
    "one structure": """
        SELECT ?found WHERE { ?found a qb:DataSet . OPTIONAL { ?found qb:structure ?structure } }
        GROUP BY ?found HAVING (COUNT(DISTINCT ?structure) != 1)""",
    "structure has a measure": """
        SELECT ?found WHERE {
          ?found a qb:DataStructureDefinition .
          FILTER NOT EXISTS { ?found qb:component/qb:measure ?measure }
        }""",
    "dimension has a range": """
        SELECT ?found WHERE { ?found a qb:DimensionProperty . FILTER NOT EXISTS { ?found rdfs:range ?range } }""",
    "coded dimension has a list": """
        SELECT ?found WHERE { ?found a qb:CodedProperty . FILTER NOT EXISTS { ?found qb:codeList ?list } }""",
    "only attributes are optional": """
        SELECT ?found WHERE {
          ?component qb:componentRequired false .
          { ?component qb:dimension ?found } UNION { ?component qb:measure ?found }
        }""",
    "component is declared": """
        SELECT ?found WHERE {
          { ?c qb:dimension ?found . FILTER NOT EXISTS { ?found a qb:DimensionProperty } }
          UNION { ?c qb:measure ?found . FILTER NOT EXISTS { ?found a qb:MeasureProperty } }
          UNION { ?c qb:attribute ?found . FILTER NOT EXISTS { ?found a qb:AttributeProperty } }
        }""",
    "every dimension": """
        SELECT ?found WHERE {
          ?found qb:dataSet/qb:structure/qb:component/qb:dimension ?dimension .
          FILTER NOT EXISTS { ?found ?dimension ?value }
        }""",
    "every measure": """
        SELECT ?found WHERE {
          ?found qb:dataSet/qb:structure/qb:component/qb:measure ?measure .
          FILTER NOT EXISTS { ?found ?measure ?value }
        }""",
    "every required attribute": """
        SELECT ?found WHERE {
          ?found qb:dataSet/qb:structure/qb:component ?component .
          ?component qb:componentRequired true ; qb:attribute ?attribute .
          FILTER NOT EXISTS { ?found ?attribute ?value }
        }""",
    "no two alike": """
        SELECT ?found WHERE {
          ?found a qb:Observation ; zj:ofIndicator ?i ; zj:ofGroup ?g ; zj:countedAtLevel ?l ; zj:countedInRegion ?r ;
            zj:statedIn ?p .
          ?other a qb:Observation ; zj:ofIndicator ?i ; zj:ofGroup ?g ; zj:countedAtLevel ?l ; zj:countedInRegion ?r ;
            zj:statedIn ?p .
          FILTER(?found != ?other)
        }""",
    "codes of their list": """
        SELECT ?found WHERE {
          ?found a qb:Observation ; ?coded ?code .
          ?coded qb:codeList ?list .
          FILTER NOT EXISTS { ?code a skos:Concept ; skos:inScheme ?list }
        }""",
}  # fmt: skip


def cube():
    graph = rdflib.Graph()
    for name in MODULES:
        graph.parse(ONTOLOGY / f"{name}.ttl")
    data = rdflib.Dataset()
    data.parse(ONTOLOGY / "chengdu.trig", format="trig")
    for subject, predicate, value, _graph in data.quads():
        graph.add((subject, predicate, value))
    return graph


CUBE = cube()
FIGURES = sorted(CUBE.subjects(RDF.type, ZJ.ReportedFigure))
DIMENSIONS = set(CUBE.objects(None, QB.dimension))


def found(graph, constraint):
    namespaces = {"qb": QB, "zj": ZJ, "skos": SKOS, "rdfs": RDFS}
    return {row.found for row in graph.query(CONSTRAINTS[constraint], initNs=namespaces)}


def name(figure):
    return figure.removeprefix(DATA + "observation/")


# The cube holds


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_the_cube_keeps_the_constraint(constraint):
    assert found(CUBE, constraint) == set()


def test_the_cube_has_something_in_it():
    assert len(FIGURES) == 41 + 4, "41 numeric facts, three second mentions, and the five institutions of PRM-16"
    assert {p.removeprefix(NAMESPACE) for p in DIMENSIONS} == {
        "ofIndicator", "ofGroup", "countedAtLevel", "countedInRegion", "statedIn",
    }  # fmt: skip
    assert set(CUBE.objects(None, QB.measure)) == {ZJ.figureValue}


def broken(*, without=(), with_=()):
    graph = rdflib.Graph()
    graph += CUBE
    for pattern in without:
        assert pattern in graph
        graph.remove(pattern)
    for triple in with_:
        assert triple not in graph
        graph.add(triple)
    return graph


FIGURE = ZJD["observation/OUT-08"]
STRUCTURE = ZJD["data-structure/reported-figures"]
OF_MEASURE = ZJD["data-component/figureValue"]
TWIN = ZJD["observation/twin"]
BREAKS = [
    ("one data set", {"without": [(FIGURE, QB.dataSet, None)]}, FIGURE),
    ("one data set", {"with_": [(FIGURE, QB.dataSet, ZJD["data-set/other"])]}, FIGURE),
    ("one structure", {"without": [(None, QB.structure, None)]}, ZJD["data-set/chengdu-outcomes"]),
    ("structure has a measure", {"without": [(STRUCTURE, QB.component, OF_MEASURE)]}, STRUCTURE),
    ("dimension has a range", {"without": [(ZJ.ofGroup, RDFS.range, None)]}, ZJ.ofGroup),
    ("coded dimension has a list", {"without": [(ZJ.inUnit, QB.codeList, None)]}, ZJ.inUnit),
    (
        "only attributes are optional",
        {"with_": [(OF_MEASURE, QB.componentRequired, rdflib.Literal(False))]},
        ZJ.figureValue,
    ),
    ("component is declared", {"without": [(ZJ.comparator, RDF.type, QB.AttributeProperty)]}, ZJ.comparator),
    ("every dimension", {"without": [(FIGURE, ZJ.ofGroup, None)]}, FIGURE),
    ("every measure", {"without": [(FIGURE, ZJ.figureValue, None)]}, FIGURE),
    ("every required attribute", {"without": [(FIGURE, ZJ.comparator, None)]}, FIGURE),
    (
        "no two alike",
        {"with_": [(TWIN, p, o) for p, o in CUBE.predicate_objects(FIGURE) if p in {*DIMENSIONS, RDF.type}]},
        TWIN,
    ),
    ("codes of their list", {"with_": [(FIGURE, ZJ.inUnit, ZJD["comparator/equal"])]}, FIGURE),
]


@pytest.mark.parametrize(("constraint", "change", "guilty"), BREAKS, ids=lambda value: str(value)[:30])
def test_a_broken_cube_is_caught_and_the_guilty_named(constraint, change, guilty):
    assert guilty in found(broken(**change), constraint)


def test_every_constraint_is_tried_on_a_broken_cube():
    assert {constraint for constraint, _change, _guilty in BREAKS} == set(CONSTRAINTS)


# Every figure can be read


@pytest.mark.parametrize("figure", FIGURES, ids=name)
def test_a_figure_has_one_value_comparator_unit_and_passage(figure):
    for property_ in (ZJ.figureValue, ZJ.comparator, ZJ.inUnit, ZJ.statedIn, ZJ.ofIndicator, ZJ.underHeading):
        assert len(set(CUBE.objects(figure, property_))) == 1, property_
    assert CUBE.value(figure, ZJ.figureValue).datatype == XSD.decimal
    passage = CUBE.value(figure, ZJ.statedIn)
    assert (passage, RDF.type, ZJ.Passage) in CUBE
    assert (figure, PROV.wasDerivedFrom, passage) in CUBE, "reachable without inference"


@pytest.mark.parametrize("figure", FIGURES, ids=name)
def test_the_number_stands_in_the_passage_and_is_a_bound_where_it_says_so(figure):
    """余, 多 and 超 beside the number, and nothing else, make it a lower bound."""
    number = f"{CUBE.value(figure, ZJ.figureValue).toPython():f}".removesuffix(".0")
    quotation = str(CUBE.value(CUBE.value(figure, ZJ.statedIn), ZJ.quotation))
    assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.])", quotation), quotation
    bound = re.search(rf"超{number}|{number}[%]?[余多]", quotation) is not None
    assert CUBE.value(figure, ZJ.comparator) == ZJD["comparator/more-than" if bound else "comparator/equal"]


def test_both_comparators_are_used():
    used = {CUBE.value(figure, ZJ.comparator) for figure in FIGURES}
    assert used == {ZJD["comparator/equal"], ZJD["comparator/more-than"]}


@pytest.mark.parametrize(("figure", "year"), [("CTX-21", 2016), ("CTX-23", 2018)])
def test_the_year_is_given_where_the_source_states_one(figure, year):
    assert CUBE.value(ZJD[f"observation/{figure}"], ZJ.referenceYear).toPython() == year


def test_no_year_is_made_up():
    dated = {name(figure) for figure in FIGURES if (figure, ZJ.referenceYear, None) in CUBE}
    assert dated == {"CTX-21", "CTX-23"}


def test_per_cent_is_a_unit_not_part_of_the_number():
    rates = {name(figure) for figure in FIGURES if CUBE.value(figure, ZJ.inUnit) == ZJD["unit/percent"]}
    assert rates == {"OUT-08", "OUT-13", "OUT-24"}
    for rate in rates:
        assert 0 < float(CUBE.value(ZJD[f"observation/{rate}"], ZJ.figureValue)) <= 100


def test_an_indicator_says_what_is_counted_and_stands_under_a_theme():
    for indicator in {CUBE.value(figure, ZJ.ofIndicator) for figure in FIGURES}:
        themes = set(CUBE.objects(indicator, SKOS.broader))
        assert themes, indicator
        for theme in themes:
            assert CUBE.value(theme, SKOS.topConceptOf) == ZJD["scheme/outcome-indicator"]


def test_a_figure_of_a_workbook_need_not_be_one_of_the_cube():
    """The sheet of outcomes gives a cohort and no passage: an outcome figure, not an observation."""
    assert (ZJ.ReportedFigure, RDFS.subClassOf, ZJ.OutcomeFigure) in CUBE
    assert (ZJ.ReportedFigure, RDFS.subClassOf, QB.Observation) in CUBE
    assert (ZJ.OutcomeFigure, RDFS.subClassOf, QB.Observation) not in CUBE
