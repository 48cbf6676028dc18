"""The graph as a file: dumps that can be read back, and the picture of a programme."""

import hashlib
import re

import networkx
import pytest
import rdflib
from pyoxigraph import RdfFormat, parse

from zhiji_kg.errors import CannotRunError, ExitStatus, UnreadableError
from zhiji_kg.exports import dump, picture, states_of_points
from zhiji_kg.findings import STATES
from zhiji_kg.knowledge import KnowledgeGraph

FORMS = ("nq", "ttl", "graphml", "gexf")


@pytest.fixture(scope="module")
def kg(two_plans_kg):
    return KnowledgeGraph.open(two_plans_kg)


@pytest.fixture(scope="module")
def remote(two_plans_endpoint):
    return KnowledgeGraph.at(two_plans_endpoint)


def test_nquads_are_the_graph_that_was_published(kg, tmp_path):
    dump(kg, "nq", tmp_path / "图 graph.nq")
    data = (tmp_path / "图 graph.nq").read_bytes()
    assert hashlib.sha256(data).hexdigest() == kg.identity.sha256
    assert set(parse(data, format=RdfFormat.N_QUADS)) == set(kg.store.quads())


def by_value(graph):
    """The triples by the values of their literals: rdflib writes the decimal 60 as 60.0."""
    return {(s, p, o.toPython(), getattr(o, "language", None)) for s, p, o in graph}


def test_turtle_is_the_default_graph(kg, tmp_path):
    dump(kg, "ttl", tmp_path / "graph.ttl")
    read = rdflib.Graph().parse(tmp_path / "graph.ttl")
    assert by_value(read) == by_value(kg.graph())
    assert len(read) == len(kg.graph())


@pytest.mark.parametrize(("form", "read"), [("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)])
def test_network_files_hold_nodes_and_links(kg, tmp_path, form, read):
    dump(kg, form, tmp_path / f"graph.{form}")
    found, network = read(tmp_path / f"graph.{form}"), kg.network()
    assert set(found) == set(network)
    assert found.number_of_edges() == network.number_of_edges()


@pytest.mark.parametrize("form", FORMS)
def test_one_graph_gives_the_same_bytes(kg, tmp_path, form):
    for name in ("one", "two"):
        dump(kg, form, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"], "nothing is left aside"


@pytest.mark.parametrize("form", FORMS[1:])
def test_an_endpoint_gives_the_same_file(kg, remote, tmp_path, form):
    for name, graph in (("here", kg), ("there", remote)):
        dump(graph, form, tmp_path / name)
    lines = [sorted((tmp_path / name).read_text("utf-8").splitlines()) for name in ("here", "there")]
    assert lines[0] == lines[1]


def test_named_graphs_of_an_endpoint_are_refused_in_one_line(remote, tmp_path):
    with pytest.raises(UnreadableError) as caught:
        dump(remote, "nq", tmp_path / "graph.nq")
    (problem,) = caught.value.problems
    assert problem.code == "no-named-graphs"
    assert "--kg" in problem.line("zh")
    assert "--kg" in problem.line("en")
    assert not list(tmp_path.iterdir())


def places(folder):
    (folder / "file").write_text("x")
    (folder / "directory").mkdir()
    return [folder / "none" / "graph", folder / "file" / "graph", folder / "directory"]


@pytest.mark.parametrize("form", [*FORMS, "html"])
def test_a_place_that_cannot_be_written(kg, tmp_path, form):
    for path in places(tmp_path):
        with pytest.raises(CannotRunError) as caught:
            picture(kg, "P1", path, "zh") if form == "html" else dump(kg, form, path)
        (problem,) = caught.value.problems
        assert (problem.code, str(problem.where)) == ("cannot-write", str(path))
        assert caught.value.status is ExitStatus.CANNOT_RUN
    assert sorted(path.name for path in tmp_path.iterdir()) == ["directory", "file"], "nothing is left aside"


def test_an_old_file_is_replaced_whole(kg, tmp_path):
    path = tmp_path / "graph.nq"
    path.write_text("an older dump\n" * 500_000)
    dump(kg, "nq", path)
    assert b"an older dump" not in path.read_bytes()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_picture_is_one_page_that_asks_for_nothing(kg, tmp_path, language):
    path = tmp_path / "图.html"
    picture(kg, "P1", path, language)
    page = path.read_text(encoding="utf-8")
    assert ("甲专业" if language == "zh" else "Plan one") in page
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=\"https?:", page)


def test_the_picture_of_an_example_says_that_it_is_one(example_kg, tmp_path):
    picture(KnowledgeGraph.open(example_kg), "460103", tmp_path / "p.html", "zh")
    assert "示例" in (tmp_path / "p.html").read_text(encoding="utf-8")


def test_a_programme_that_is_not_there(kg, tmp_path):
    with pytest.raises(UnreadableError):
        picture(kg, "P9", tmp_path / "p.html", "zh")
    assert not list(tmp_path.iterdir())


def test_a_point_has_the_severest_of_its_states(kg):
    """X is required by SA and SB; stages do not count, for they are a second reading."""
    states = {iri.rpartition("/")[2]: state for iri, state in states_of_points(kg.gaps("P1")).items()}
    assert states == {"X": "partial", "U": "covered", "Y": "not-examined", "Z": "no-match", "N": "not-examined"}


def test_stages_do_not_colour_the_picture(example_kg):
    analysis = KnowledgeGraph.open(example_kg).gaps("460103")
    order = ("no-match", "partial", "not-examined", "covered")
    assert set(order) == set(STATES)
    for iri, state in states_of_points(analysis).items():
        cells = [c for cov in analysis.coverages if cov.target.basis != "stage" for c in cov.cells]
        own = {c.verdict.state for c in cells if c.requirement.point.iri == iri}
        assert state == min(own, key=order.index)
