"""The ontology itself: named and defined in two languages, of one version, and free of slips."""

import re
import tomllib
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD

from zhiji_kg.resources import ONTOLOGY, QUERIES
from zhiji_kg.vocabulary import DATA, MODULE
from zhiji_kg.vocabulary import ONTOLOGY as NAMESPACE

ROOT = Path(__file__).resolve().parent.parent
MODULES = {path.stem: rdflib.Graph().parse(path) for path in sorted(ONTOLOGY.glob("*.ttl"))}
ALL = rdflib.Graph()
for _module in MODULES.values():
    ALL += _module
ZJ = rdflib.Namespace(NAMESPACE)
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
TERMS = sorted({s for kind in KINDS for s in ALL.subjects(RDF.type, kind) if str(s).startswith(NAMESPACE)})
VALUES = sorted({s for s in ALL.subjects(RDF.type, SKOS.Concept) if str(s).startswith(DATA)})


def languages(subject, predicate):
    return sorted(literal.language or "" for literal in ALL.objects(subject, predicate))


@pytest.mark.parametrize(
    "term", TERMS + VALUES, ids=lambda term: term.rpartition("/id/")[2].rpartition("/ontology/")[2]
)
def test_every_term_has_one_label_and_definition_in_zh_and_en(term):
    assert languages(term, RDFS.label) == ["en", "zh"]
    assert languages(term, SKOS.definition) == ["en", "zh"]
    for definition in ALL.objects(term, SKOS.definition):
        assert len(definition) >= 5
        assert str(definition) not in {str(label) for label in ALL.objects(term, RDFS.label)}


def test_there_is_something_to_check():
    assert len(TERMS) > 120
    assert len(VALUES) > 40
    assert {"core", "schemes", "stages"} <= set(MODULES)


def test_names_are_ascii_and_of_their_kind():
    for term in TERMS:
        local = str(term).removeprefix(NAMESPACE)
        is_class = (term, RDF.type, OWL.Class) in ALL
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*" if is_class else r"[a-z][A-Za-z0-9]*", local), local


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_is_and_of_which_version(name):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    header = rdflib.URIRef(MODULE + name)
    assert (header, RDF.type, OWL.Ontology) in MODULES[name]
    assert MODULES[name].value(header, OWL.versionInfo) == rdflib.Literal(version)
    assert MODULES[name].value(header, OWL.versionIRI) == rdflib.URIRef(f"{MODULE}{name}/{version}")
    for imported in MODULES[name].objects(header, OWL.imports):
        assert str(imported).startswith(MODULE)


def test_every_property_has_a_domain_and_a_range():
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in ALL.subjects(RDF.type, kind):
            if str(term).startswith(NAMESPACE):
                assert ALL.value(term, RDFS.domain) is not None, term
                assert ALL.value(term, RDFS.range) is not None, term


def test_no_value_is_of_a_datatype_that_hermit_rejects():
    refused = {XSD.date, XSD.gYear, XSD.duration}
    found = {o.datatype for o in ALL.objects() if isinstance(o, rdflib.Literal)} & refused
    assert not found


def test_points_are_pairwise_disjoint():
    members = {ZJ.CapabilityPoint, ZJ.KnowledgePoint, ZJ.SkillPoint}
    groups = [set(ALL.items(ALL.value(axiom, OWL.members))) for axiom in ALL.subjects(RDF.type, OWL.AllDisjointClasses)]
    assert any(members <= group for group in groups)


def test_the_four_stages_follow_each_other_and_name_both_parts_of_their_rule():
    stages = {int(ALL.value(s, ZJ.stageOrder)): s for s in ALL.subjects(RDF.type, ZJ.GrowthStage)}
    assert sorted(stages) == [1, 2, 3, 4]
    names = [str(next(x for x in ALL.objects(stages[n], RDFS.label) if x.language == "zh")) for n in sorted(stages)]
    assert names == ["初级学徒", "中级学徒", "高级学徒", "准工匠"]
    for order, stage in stages.items():
        rule = ALL.value(stage, ZJ.recognisedBy)
        assert ALL.value(rule, ZJ.requiresAttainment) is not None
        assert ALL.value(rule, ZJ.requiresSkillLevel) is not None
        if order > 1:
            assert (stage, ZJ.followsStage, stages[order - 1]) in ALL


def test_the_preparatory_technician_is_no_level_of_the_national_series():
    preparatory = rdflib.URIRef(DATA + "skill-level/preparatory-technician")
    level_2 = rdflib.URIRef(DATA + "skill-level/2")
    assert ALL.value(preparatory, ZJ.rank) is None
    assert (preparatory, OWL.sameAs, level_2) not in ALL
    assert (preparatory, ZJ.surpasses, level_2) not in ALL
    assert (level_2, ZJ.surpasses, preparatory) not in ALL


def test_four_dimensions_and_eleven_indicators():
    assert len(set(ALL.subjects(RDF.type, ZJ.CompetencyDimension))) == 4
    indicators = set(ALL.subjects(RDF.type, ZJ.CompetencyIndicator))
    assert len(indicators) == 11
    assert all(ALL.value(indicator, ZJ.inDimension) is not None for indicator in indicators)


def test_a_notation_names_one_value_of_its_scheme():
    seen = {}
    for value in VALUES:
        scheme, notation = ALL.value(value, SKOS.inScheme), ALL.value(value, SKOS.notation)
        assert scheme is not None, value
        assert seen.setdefault((scheme, str(notation)), value) == value


def test_the_chains_behind_the_inference_rules_stand_in_the_ontology():
    """What ``queries/infer`` computes, OWL says too."""
    chains = {(term, tuple(ALL.items(chain))) for term, chain in ALL.subject_objects(OWL.propertyChainAxiom)}
    expected = {
        (ZJ.hasRequirement, (ZJ.includesTask, ZJ.hasRequirement)),
        (ZJ.requiresPoint, (ZJ.hasRequirement, ZJ.requiredPoint)),
        (ZJ.supportsPoint, (ZJ.supportsPoint, ZJ.hasPartPoint)),
        (ZJ.develops, (ZJ.hasCoverage, ZJ.supportsPoint)),
        (ZJ.contributesTo, (ZJ.develops, ZJ.isRequiredBy)),
        (ZJ.servesIndicator, (ZJ.develops, ZJ.embodiesIndicator)),
    }
    assert expected <= chains


def test_every_finding_code_of_the_profile_is_spoken_for_in_both_languages():
    profile = tomllib.loads((QUERIES / "profile.toml").read_text(encoding="utf-8"))
    for code, entry in profile["code"].items():
        assert re.fullmatch(r"ZJ-[A-Z]\d\d", code)
        for part in ("title", "why", "do"):
            assert entry[part]["zh"], (code, part)
            assert entry[part]["en"], (code, part)
