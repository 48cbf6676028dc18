"""The neighbourhood of a programme, its layout, and the graph as a network."""

import subprocess
import sys
from collections import Counter
from itertools import combinations
from xml.etree import ElementTree

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiji_kg import rdf
from zhiji_kg.findings import STATES
from zhiji_kg.network import (
    KINDS,
    POINTS,
    ROW,
    Edge,
    Neighbourhood,
    Node,
    graph_of,
    headings,
    neighbourhood,
    positions,
    to_networkx,
    write_network,
)
from zhiji_kg.queries import catalogue, plain_rows, run
from zhiji_kg.rdf import Iri, Quad
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import DATA, curie, entity, zj

HIGHER = "https://w3id.org/zhiji/id/programme-edition/460103-2024"
TECHNICIAN = "https://w3id.org/zhiji/id/programme-edition/TE-CNC-2024"


@pytest.fixture(scope="module")
def higher(example_store):
    return neighbourhood(example_store, HIGHER)


def node(iri, kind, term=None, state=None, label=None):
    return Node(iri, kind, label or Text(f"名{iri}", f"name {iri}"), code=iri, state=state, term=term)


def small(**changes):
    """Two courses, three points, one level, one certificate: covered, no match and not asked for."""
    parts = {
        "programme": "p",
        "nodes": (
            node("s", "stage"),
            node("c1", "course", term=1),
            node("c2", "course", term=2),
            node("k1", "knowledge", state="covered"),
            node("k2", "knowledge", state="no-match"),
            node("t1", "skill"),
            node("l", "standard-level"),
            node("z", "certificate"),
        ),
        "edges": (
            Edge("c1", "k1", "covers"),
            Edge("c2", "t1", "covers"),
            Edge("k1", "l", "required-by"),
            Edge("k2", "l", "required-by"),
            Edge("l", "s", "due-for"),
            Edge("l", "z", "due-for"),
            Edge("s", "c1", "in-stage"),
        ),
    }
    return Neighbourhood(**parts | changes)


def store_of(*triples):
    return EmbeddedStore.in_memory(Quad(s, p, o) for s, p, o in triples)


# What belongs to a programme


def test_all_courses_of_the_programme_are_there(example_store, higher):
    programme = next(row for row in run(example_store, "programmes") if row["programme"] == HIGHER)
    assert len(higher.of_kind("course")) == programme["courses"]


def test_points_are_those_required_or_covered_and_no_others(example_store, higher):
    targets = {row["source"] for row in run(example_store, "targets", programme=Iri(HIGHER))}
    wanted = set()
    for source in targets:
        rows = run(example_store, "coverage", programme=Iri(HIGHER), source=Iri(source))
        wanted |= {row["point"] for row in rows}
    linked = {edge.target for edge in higher.edges if edge.kind == "covers"}
    assert {point.iri for point in higher.of_kind(*POINTS)} == wanted | linked


def test_tasks_count_as_the_occupation(higher):
    (occupation,) = higher.of_kind("occupation")
    asked = [edge for edge in higher.edges if edge.target == occupation.iri]
    assert len(asked) == 6
    assert {edge.kind for edge in asked} == {"required-by"}


def test_a_coverage_of_the_whole_reaches_the_parts(example_store, higher):
    offers = run(
        example_store,
        "coverage",
        programme=Iri(HIGHER),
        source=Iri("https://w3id.org/zhiji/id/standard-level/CNC-TURNER-2005-4"),
    )
    said = {(row["course"], row["point"]) for row in offers if row["course"]}
    assert said <= {(edge.source, edge.target) for edge in higher.edges if edge.kind == "covers"}


def test_certificates_and_stages_with_the_term_they_are_due_in(higher):
    due = {n.code: [line.zh for line in n.title] for n in higher.of_kind("stage", "certificate")}
    assert due == {
        "CERT-CNC-3": ["应在第 4 学期达到"],
        "CERT-CNC-4": ["应在第 3 学期达到"],
        "S2": ["应在第 2 学期达到"],
        "S3": ["应在第 4 学期达到"],
        "S4": [],
    }


def test_a_course_tells_its_terms_in_both_languages(higher):
    course = next(n for n in higher.of_kind("course") if n.code == "GG004")
    assert course.title == (Text("第 1–4 学期", "term 1–4"),)
    assert course.term == 1


def test_a_course_of_one_term_tells_one(higher):
    course = next(n for n in higher.of_kind("course") if n.code == "GG005")
    assert course.title == (Text("第 1 学期", "term 1"),)


def test_the_other_programme_is_not_in_it(example_store, higher):
    other = neighbourhood(example_store, TECHNICIAN)
    assert len(other.of_kind("course")) == 11
    assert not {n.iri for n in higher.of_kind("course")} & {n.iri for n in other.of_kind("course")}


def test_an_unknown_programme_has_nothing_around_it(example_store):
    assert neighbourhood(example_store, DATA + "programme-edition/none") == Neighbourhood(
        DATA + "programme-edition/none", (), ()
    )


def test_every_edge_joins_two_nodes_that_are_there(higher):
    known = {n.iri for n in higher.nodes}
    assert all(edge.source in known and edge.target in known for edge in higher.edges)
    assert len(set(higher.edges)) == len(higher.edges)
    assert len(known) == len(higher.nodes)


def test_nodes_come_by_kind_and_code(higher):
    order = [(KINDS.index(n.kind), n.code) for n in higher.nodes]
    assert order == sorted(order)


def test_asked_twice_it_is_the_same(example_store, higher):
    assert neighbourhood(example_store, HIGHER) == higher


def test_the_query_answers_alike_however_the_programme_is_bound(example_store):
    query = catalogue()["neighbourhood"]
    bound = run(example_store, "neighbourhood", programme=Iri(HIGHER))
    pasted = example_store.select(f"{query.text}\nVALUES ?programme {{ <{HIGHER}> }}", {})
    assert plain_rows(pasted) == bound
    assert {row["programme"] for row in bound} == {HIGHER}


def test_a_course_without_term_and_label_is_shown_by_its_code():
    programme, offering, course = (entity("x", code) for code in ("p", "o", "c"))
    kind = curie("rdf:type")
    store = store_of(
        (programme, kind, zj("ProgrammeEdition")),
        (programme, zj("hasOffering"), offering),
        (offering, zj("offeringOf"), course),
        (course, kind, zj("Course")),
        (course, curie("skos:notation"), rdf.text("K-7")),
    )
    (found,) = neighbourhood(store, programme.value).nodes
    assert (found.name("zh"), found.term, found.title) == ("K-7", None, ())


# States


def test_states_are_given_to_points_only(example_store, higher):
    states = dict.fromkeys((n.iri for n in higher.nodes), "partial")
    found = neighbourhood(example_store, HIGHER, states)
    assert {n.state for n in found.of_kind(*POINTS)} == {"partial"}
    assert {n.state for n in found.nodes if n.kind not in POINTS} == {None}


def test_uncovered_points_come_gravest_first():
    bare = small(nodes=tuple(node(f"k-{state}", "knowledge", state=state) for state in (*STATES, None)), edges=())
    assert [n.state for n in bare.uncovered()] == ["no-match", "partial", "not-examined", "covered", None]
    assert [n.iri for n in small().uncovered()] == ["k2"]


def test_courses_come_by_term():
    courses = (node("b", "course", term=1), node("a", "course", term=2), node("d", "course"))
    assert [n.iri for n in small(nodes=courses[::-1], edges=()).courses()] == ["b", "a", "d"]


def test_linked_follows_one_kind_of_link():
    assert {iri: [n.iri for n in far] for iri, far in small().linked("due-for").items()} == {"l": ["s", "z"]}


# The limit


def test_gaps_stay_and_covered_points_go_first(example_store, higher):
    points = higher.of_kind(*POINTS)
    states = {point.iri: STATES[number % 4] for number, point in enumerate(points)}
    frame = [n for n in higher.nodes if n.kind not in POINTS and n.kind != "course"]
    teaching = {edge.source for edge in higher.edges if edge.kind == "covers"}
    missing = sum(1 for state in states.values() if state == "no-match")
    found = neighbourhood(example_store, HIGHER, states, limit=len(frame) + len(teaching) + missing)
    assert {n.state for n in found.of_kind(*POINTS)} == {"no-match"}
    assert {n.iri for n in found.of_kind("course")} == teaching
    assert set(frame) <= set(found.nodes)


@pytest.mark.parametrize("limit", [0, 1, 20, 100, 202, 203, 300])
def test_what_is_left_out_is_counted(example_store, higher, limit):
    found = neighbourhood(example_store, HIGHER, {}, limit)
    assert len(found.nodes) == min(limit, len(higher.nodes))
    kept, all_kinds = (Counter(n.kind for n in whole.nodes) for whole in (found, higher))
    assert dict(found.left_out) == {kind: all_kinds[kind] - kept[kind] for kind in all_kinds - kept}
    assert {edge.source for edge in found.edges} <= {n.iri for n in found.nodes}


def test_nothing_is_left_out_of_the_examples(higher):
    assert higher.left_out == ()


# The layout


def boxes_overlap(places):
    return [
        (a, b)
        for (a, p), (b, q) in combinations(places.items(), 2)
        if abs(p.x - q.x) < (p.width + q.width) / 2 and abs(p.y - q.y) < ROW - 1e-6
    ]


def test_every_node_has_its_place_and_none_overlaps(higher):
    places = positions(higher)
    assert places.keys() == {n.iri for n in higher.nodes}
    assert not boxes_overlap(places)


def test_columns_stand_in_the_order_of_the_kinds(higher):
    places = positions(higher)
    order = ["stage", "course", "capability", "knowledge", "skill", "standard-level", "certificate"]
    xs = [{places[n.iri].x for n in higher.of_kind(kind)} for kind in order]
    assert all(len(x) == 1 for x in xs)
    assert [max(x) for x in xs] == sorted(max(x) for x in xs)
    assert {places[n.iri].x for n in higher.of_kind("occupation")} == xs[order.index("standard-level")]


def test_courses_stand_by_term(higher):
    places = positions(higher)
    down = sorted(higher.of_kind("course"), key=lambda n: places[n.iri].y)
    assert [n.term for n in down] == sorted(n.term for n in down)


def test_points_without_a_course_stand_at_the_foot(example_store, higher):
    states = {n.iri: "no-match" for n in higher.uncovered()}
    found = neighbourhood(example_store, HIGHER, states)
    places = positions(found)
    for kind in POINTS:
        down = [n.state for n in sorted(found.of_kind(kind), key=lambda n: places[n.iri].y)]
        assert down == sorted(down, key=lambda state: state == "no-match")


def crossings(found, places):
    """Pairs of links between the same two columns that cross."""
    spans = [(places[e.source], places[e.target]) for e in found.edges if e.kind == "covers"]
    return sum(
        1 for (a, b), (c, d) in combinations(spans, 2) if (a.x, b.x) == (c.x, d.x) and (a.y - c.y) * (b.y - d.y) < 0
    )


def test_the_order_of_rows_spares_crossings(higher):
    places = positions(higher)
    columns = {}
    for n in higher.nodes:
        columns.setdefault(places[n.iri].x, []).append(n.iri)
    plain = {}
    for iris in columns.values():
        ys = sorted(places[iri].y for iri in iris)
        plain |= {iri: type(places[iri])(places[iri].x, y, 0) for iri, y in zip(sorted(iris), ys, strict=True)}
    assert crossings(higher, places) < 0.7 * crossings(higher, plain)


def test_a_long_column_stands_in_several():
    many = small(nodes=tuple(node(f"k{number:03}", "knowledge") for number in range(201)), edges=())
    places = positions(many)
    assert len({place.x for place in places.values()}) == 3
    assert not boxes_overlap(places)


def test_an_empty_neighbourhood_has_no_places():
    nothing = Neighbourhood("p", (), ())
    assert positions(nothing) == {}
    assert headings(nothing, {}) == []


def test_headings_stand_over_the_columns_and_the_terms():
    found = small()
    places = positions(found)
    heads = headings(found, places)
    assert [head.kind for head in heads if head.term is None] == [
        "stage", "course", "knowledge", "skill", "standard-level", "certificate",
    ]  # fmt: skip
    terms = [head for head in heads if head.term is not None]
    assert [(head.term, head.x) for head in terms] == [(1, places["c1"].x), (2, places["c2"].x)]
    assert places["c1"].y < terms[1].y < places["c2"].y


def test_an_occupation_alone_has_a_heading_and_beside_a_level_shares_it():
    alone = small(nodes=(node("o", "occupation"),), edges=())
    assert [head.kind for head in headings(alone, positions(alone))] == ["occupation"]
    both = small(nodes=(node("o", "occupation"), node("l", "standard-level")), edges=())
    assert [head.kind for head in headings(both, positions(both))] == ["standard-level"]


def test_headings_keep_clear_of_the_boxes(higher):
    places = positions(higher)
    for head in headings(higher, places):
        near = [abs(place.y - head.y) for place in places.values() if place.x == head.x]
        assert min(near) >= 0.85 * ROW


neighbourhoods = st.lists(
    st.tuples(st.sampled_from(KINDS), st.one_of(st.none(), st.integers(1, 8)), st.sampled_from([*STATES, None])),
    max_size=60,
).flatmap(
    lambda drawn: st.tuples(
        st.just(drawn),
        st.lists(st.tuples(*[st.integers(0, max(len(drawn) - 1, 0))] * 2), max_size=80 if drawn else 0),
    )
)


@given(neighbourhoods)
@settings(max_examples=80, deadline=None)
def test_any_neighbourhood_is_laid_out_without_overlap(drawn):
    parts, links = drawn
    nodes = tuple(node(f"n{i}", kind, term, state) for i, (kind, term, state) in enumerate(parts))
    edges = tuple(sorted({Edge(f"n{a}", f"n{b}", "covers") for a, b in links if a != b}))
    found = Neighbourhood("p", nodes, edges)
    places = positions(found)
    assert places.keys() == {n.iri for n in nodes}
    assert not boxes_overlap(places)
    assert positions(found) == places


# networkx


def count(store, pattern):
    return len(store.select(f"SELECT DISTINCT * WHERE {{ {pattern} }}", {}).rows)


def test_a_neighbourhood_as_a_networkx_graph(higher):
    graph = to_networkx(higher)
    assert isinstance(graph, networkx.DiGraph)
    assert (len(graph), graph.number_of_edges()) == (len(higher.nodes), len(higher.edges))
    course = next(n for n in higher.nodes if n.code == "ZH002")
    assert graph.nodes[course.iri] == {
        "kind": "course", "code": "ZH002", "zh": course.label.zh, "en": course.label.en, "term": 3,
    }  # fmt: skip
    assert {told["kind"] for *_, told in graph.edges(data=True)} == {
        "in-stage", "covers", "required-by", "due-for",
    }  # fmt: skip


def test_the_whole_graph_has_each_entity_once_with_its_own_kind(example_store):
    graph = graph_of(example_store)
    kinds = Counter(told["kind"] for _, told in graph.nodes(data=True))
    for kind in ("Course", "Coverage", "Requirement"):
        assert kinds[f"zj:{kind}"] == count(example_store, f"?s a <{zj(kind).value}>") > 0
    assert "skos:Concept" not in kinds
    assert not kinds.keys() & {
        "zj:CompetencyPoint",
        "zj:RequirementSource",
        "zj:JuniorApprentice",
    }  # inferred, and said narrower
    assert kinds["zj:Learner"] == count(example_store, f"?s a <{zj('Learner').value}>") > 0
    assert not any("ontology/" in iri for iri in graph)


def test_the_whole_graph_has_asserted_and_inferred_links(example_store):
    graph = graph_of(example_store)
    found = Counter(key for _, _, key in graph.edges(keys=True))
    for kind in ("hasOffering", "requiresPoint"):  # asserted, inferred
        assert found[f"zj:{kind}"] == count(example_store, f"?s <{zj(kind).value}> ?o") > 0
    assert "rdf:type" not in found
    assert all(key == told["kind"] for _, _, key, told in graph.edges(keys=True, data=True))


def test_every_end_of_a_link_is_an_entity_with_a_kind(example_store):
    assert all("kind" in told for _, told in graph_of(example_store).nodes(data=True))


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_a_written_network_can_be_read_again(example_store, tmp_path, form):
    graph = graph_of(example_store)
    path = tmp_path / f"all.{form}"
    write_network(graph, form, path)
    read = networkx.read_graphml(path, force_multigraph=True) if form == "graphml" else networkx.read_gexf(path)
    assert (len(read), read.number_of_edges()) == (len(graph), graph.number_of_edges())
    course = DATA + "course/460103-ZH002"
    assert read.nodes[course]["kind"] == "zj:Course"
    assert read.nodes[course]["label"] == graph.nodes[course]["zh"]


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_a_written_network_has_ids_of_its_own_and_no_date(tmp_path, higher, form):
    first, second = tmp_path / "1", tmp_path / "2"
    write_network(to_networkx(higher), form, first)
    write_network(to_networkx(higher), form, second)
    assert first.read_bytes() == second.read_bytes()
    tree = ElementTree.fromstring(first.read_bytes())
    ids = [edge.get("id") for edge in tree.iter() if edge.tag.endswith("}edge")]
    assert len(set(ids)) == len(ids) == len(higher.edges)
    assert b"lastmodified" not in first.read_bytes()


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_what_xml_cannot_hold_does_not_spoil_the_file(tmp_path, form):
    odd = small(nodes=(node("a", "course", label=Text("一\x00二\x0b<&\ufffe", "")),), edges=())
    write_network(to_networkx(odd), form, tmp_path / "odd")
    tree = ElementTree.parse(tmp_path / "odd")
    said = {value for element in tree.iter() for value in (element.text, *element.attrib.values())}
    assert "一 二 <& " in said


def test_who_asks_for_no_networkx_graph_does_not_load_it():
    heavy = "{'networkx', 'pyvis', 'IPython'}"
    code = f"import sys, zhiji_kg.network, zhiji_kg.viewer; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
