"""The organisation module: W3C terms beneath ours, and data that cannot be are found out."""

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS

from zhiji_kg.contradictions import contradictions
from zhiji_kg.graph import assemble
from zhiji_kg.inference import infer
from zhiji_kg.rdf import Iri, Triple
from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.vocabulary import DATA, RDF_TYPE, zj
from zhiji_kg.vocabulary import ONTOLOGY as NAMESPACE

ZJ = rdflib.Namespace(NAMESPACE)
ORG = rdflib.Namespace("http://www.w3.org/ns/org#")
MODULE = rdflib.Graph().parse(ONTOLOGY / "organisation.ttl")
COUNCIL, BOARD = Iri(DATA + "organisation/council"), Iri(DATA + "organisation/executive-board")


@pytest.mark.parametrize("name", ["EducationProvider", "GovernanceBody", "GovernmentAgency", "MediaOutlet"])
def test_what_acts_is_an_organisation_of_w3c(name):
    assert (ZJ[name], RDFS.subClassOf, ORG.Organization) in MODULE


@pytest.mark.parametrize("name", ["EducationGroup", "DevelopmentCommunity"])
def test_what_joins_organisations_is_a_collaboration_of_w3c(name):
    assert (ZJ[name], RDFS.subClassOf, ORG.OrganizationalCollaboration) in MODULE


def test_to_answer_to_is_to_report_to():
    assert (ZJ.answersTo, RDFS.subPropertyOf, ORG.reportsTo) in MODULE
    assert {OWL.AsymmetricProperty, OWL.IrreflexiveProperty} <= set(MODULE.objects(ZJ.answersTo, RDF.type))


def found(*added):
    """What is contradictory once this is said beside the scheme."""
    dataset = assemble([])
    dataset.default |= set(added)
    inferred, store = infer(dataset)
    assert inferred.default >= set(added)
    return contradictions(store, dataset.default)


def test_the_scheme_contradicts_nothing():
    assert found() == []


def test_two_bodies_cannot_answer_to_each_other():
    (contradiction, *_) = found(Triple(COUNCIL, zj("answersTo"), BOARD))
    assert Triple(COUNCIL, zj("answersTo"), BOARD) in contradiction.triples
    assert Triple(BOARD, zj("answersTo"), COUNCIL) in contradiction.triples


@pytest.mark.parametrize(
    ("thing", "other"),
    [
        ("organisation/council", "CoordinationCentre"),
        ("organisation/school", "EducationGroup"),
        ("honour/HON-H1", "Award"),
        ("mechanism/four-unified-four-shared", "GovernanceSystem"),
        ("training-base/HON-B1", "Honour"),
        ("duty/GRP-9a", "InstitutionalArrangement"),
    ],
)
def test_a_thing_cannot_be_of_two_classes_that_exclude_each_other(thing, other):
    wrong = Triple(Iri(DATA + thing), RDF_TYPE, zj(other))
    guilty = found(wrong)
    assert guilty
    assert any(wrong in contradiction.triples for contradiction in guilty)
    assert {contradiction.thing for contradiction in guilty} == {Iri(DATA + thing)}


def test_a_duty_of_a_centre_is_a_commitment_too():
    assert found(Triple(Iri(DATA + "commitment/CEN-1.1"), RDF_TYPE, zj("Duty"))) == []
