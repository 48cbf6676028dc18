"""The service description says what is true, in every RDF form."""

import http.client
from urllib.parse import urlsplit

import pytest
import rdflib
from test_server_negotiation import GRAPH_READERS
from test_server_protocol import ask, assert_readable

from zhiji_kg.server import description
from zhiji_kg.server.negotiation import GRAPHS, RESULTS

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")


def described(site, media_type="text/turtle"):
    answer, body = ask(site, "GET", "/sparql", {"Accept": media_type})
    assert answer.status == 200
    assert answer.headers.get_content_type() == media_type
    return rdflib.Graph().parse(data=body, format=GRAPH_READERS[media_type])


def test_the_service(example_site):
    found = described(example_site)
    service = found.value(predicate=rdflib.RDF.type, object=SD.Service)
    assert found.value(service, SD.endpoint) == rdflib.URIRef(example_site + "/sparql")
    assert SD.SPARQL11Query in set(found.objects(service, SD.supportedLanguage))
    assert SD.SPARQL11Update not in set(found.objects(service, SD.supportedLanguage))
    assert {str(form) for form in found.objects(service, SD.resultFormat)} == {form.iri for form in RESULTS + GRAPHS}
    assert not list(found.objects(service, SD.feature))  # no federation, no union graph, nothing fetched


def test_the_dataset_is_the_one_that_is_served(example_site, example_store):
    found = described(example_site)
    dataset = found.value(predicate=rdflib.RDF.type, object=SD.Dataset)
    default = found.value(dataset, SD.defaultGraph)
    counted = {"": int(found.value(default, VOID.triples))}
    for entry in found.objects(dataset, SD.namedGraph):
        assert (entry, rdflib.RDF.type, SD.NamedGraph) in found
        counted[str(found.value(entry, SD.name))] = int(found.value(found.value(entry, SD.graph), VOID.triples))
    expected = {}
    for quad in example_store.quads():
        name = getattr(quad.graph_name, "value", "")
        expected[name] = expected.get(name, 0) + 1
    assert counted == expected


def test_a_crawler_finds_the_data_where_void_says_to_look(example_site):
    answer, _ = ask(example_site, "GET", "/.well-known/void")
    assert answer.status == 303
    answer, body = ask(example_site, "GET", answer.headers["Location"], {"Accept": "text/html"})
    found = rdflib.Graph().parse(data=body, format="turtle")
    dataset = found.value(predicate=rdflib.RDF.type, object=VOID.Dataset)
    assert found.value(dataset, VOID.sparqlEndpoint) == rdflib.URIRef(example_site + "/sparql")
    assert int(found.value(dataset, VOID.triples)) == int(
        found.value(found.value(dataset, SD.defaultGraph), VOID.triples)
    )
    spaces = {str(space) for space in found.objects(dataset, VOID.uriSpace)}
    assert spaces == {"https://w3id.org/zhiji/id/", "https://w3id.org/zhiji/ontology/"}


@pytest.mark.parametrize("media_type", GRAPH_READERS)
def test_the_same_in_every_form(example_site, media_type):
    assert set(described(example_site, media_type)) == set(described(example_site))


@pytest.mark.parametrize("given", ["qurey=ASK%7B%7D", "format=ttl&qurey=x", "Query=ASK%7B%7D", "from=singlemessage"])
def test_a_slip_of_the_pen_is_no_question_what_this_is(example_site, given):
    answer, body = ask(example_site, "GET", f"/sparql?{given}")
    assert answer.status == 400
    assert_readable(answer, body, given.rpartition("&")[2].partition("=")[0])
    assert ask(example_site, "GET", "/sparql?format=ttl&lang=en")[0].status == 200


def test_by_name_and_nothing_acceptable(example_site):
    answer, _ = ask(example_site, "GET", "/sparql?format=jsonld")
    assert answer.headers.get_content_type() == "application/ld+json"
    assert ask(example_site, "GET", "/sparql?format=csv")[0].status == 400
    assert ask(example_site, "GET", "/sparql", {"Accept": "text/csv"})[0].status == 406


@pytest.fixture(scope="module")
def open_site(two_plans_kg, serve_site):
    return serve_site(two_plans_kg, hosts=None)


@pytest.mark.parametrize("host", ["example.org", "example.org:81", "127.0.0.1", "a b", "<x>", '"', "课程", ""])
def test_whatever_name_the_client_calls_us(open_site, host):
    place = urlsplit(open_site)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    connection.putrequest("GET", "/sparql", skip_host=True)
    connection.putheader("Host", host.encode())
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status in (200, 400)
    if answer.status == 200:
        assert rdflib.Graph().parse(data=body, format="turtle")


def test_no_feature_is_claimed_that_is_not_there(example_site):
    asked = "/sparql?query=ASK%20%7B%20SERVICE%20%3Chttp%3A%2F%2Fexample.org%2F%3E%20%7B%7D%20%7D"
    assert ask(example_site, "GET", asked)[0].status == 403
    assert description.describe_service.__doc__
