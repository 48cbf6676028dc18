"""What lies around an entity: neighbours, lines, what is left out, and boxes that do not overlap."""

import itertools
from collections import Counter

import pytest
from hand_made import hub, store_of
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiji_kg.browse.around import MOST, around
from zhiji_kg.browse.groups import COLUMN, GROUPS
from zhiji_kg.browse.links import Link, Links
from zhiji_kg.browse.names import Terms
from zhiji_kg.browse.places import HEIGHT, Box, name_in, places, width_of
from zhiji_kg.errors import UnreadableError
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import curie

COURSE = curie("zjd:course/460103-ZH006").value
PLAN = curie("zjd:programme-edition/460103-2024").value
LEVELS = [curie(f"zjd:standard-level/CNC-TURNER-2005-{level}").value for level in (3, 4)]
ADMINISTRATIVE = {"skos:ConceptScheme", "zj:EvidenceGrade", "zj:SourceDocument", "zj:DeliveryMode", "zj:AssessmentMode",
                  "zj:CourseNature", "zj:RequirementKind", "zj:WeightTable", "zj:ExaminationResult"}  # fmt: skip


def lines(found):
    """The lines with codes for entities and prefixed names for what links them."""
    names = {node.entity.iri: node.entity.code or node.entity.local for node in found.nodes}
    return {(names[e.source], "/".join(term.curie for term in e.properties), names[e.target]) for e in found.edges}


def kinds(found):
    return Counter(node.entity.kind for node in found.nodes)


@pytest.fixture(scope="module")
def course(example_store):
    return around(example_store, COURSE)


@pytest.fixture(scope="module")
def large(example_store):
    return around(example_store, PLAN, LEVELS)


@pytest.fixture(scope="module")
def star():
    return hub(400)


# What is a neighbour


def test_the_neighbours_of_a_course(course):
    assert course.focus.label.zh == "精密测量技术"
    assert len(course.nodes) == 18
    assert kinds(course) == {
        "zj:Course": 2, "zj:SkillPoint": 3, "zj:KnowledgePoint": 2, "zj:CapabilityPoint": 1, "zj:StandardLevel": 2,
        "zj:Occupation": 1, "zj:TypicalWorkTask": 1, "zj:CompetencyIndicator": 2, "zj:ProgrammeEdition": 1,
        "zj:GrowthStage": 1, "zj:CourseModule": 1, "zj:CompetencyDimension": 1,
    }  # fmt: skip
    assert (course.left_out, course.opened, course.limit) == ((), (), 300)


@pytest.mark.parametrize(
    "line",
    [
        ("ZH006", "zj:develops", "S-3-3-5-1"),
        ("ZH006", "zj:hasDirectPrerequisite", "ZJ003"),
        ("460103@2024", "zj:CourseOffering", "ZH006"),
        ("S3", "zj:CourseOffering", "ZH006"),
        ("460103@2024", "zj:preparesFor", "6-18-01-01"),
        ("460103@2024", "zj:ProgrammeTarget", "CNC-TURNER-2005@4"),
        ("CNC-TURNER-2005@3", "zj:requiresPoint", "S-3-3-5-1"),
    ],
)
def test_lines_by_a_property_and_through_a_record(course, line):
    assert line in lines(course)


def test_a_record_is_no_line_where_a_property_links_the_two(course):
    assert not [line for line in lines(course) if line[1] == "zj:Coverage"]
    assert ("ZH006", "zj:develops", "S-3-3-5-1") in lines(course)


def test_of_two_inverse_properties_one_is_drawn(course, large):
    for found in (course, large):
        assert not [line for line in lines(found) if "zj:isRequiredBy" in line[1]]


def test_all_of_a_small_graph(two_plans):
    found = around(two_plans, curie("zjd:programme-edition/P1-2024").value)
    assert lines(found) >= {
        ("P1@2024", "zj:CourseOffering", "A"), ("P1@2024", "zj:CourseOffering", "B"),
        ("P1@2024", "zj:ProgrammeTarget", "K1"), ("P1@2024", "zj:ProgrammeTarget", "K2"),
        ("P1@2024", "zj:ProgrammeTarget", "SA@4"), ("K1", "zj:basedOnStandardLevel", "SA@4"),
        ("P1@2024", "zj:Examination", "Z"), ("SA@4", "zj:requiresPoint", "Z"),
        ("P1@2024", "zj:editionOf", "P1"), ("B", "zj:hasDirectPrerequisite", "A"),
    }  # fmt: skip
    hidden = {node.entity.code: node.hidden for node in found.nodes if node.entity.code}
    assert hidden["P1@2024"] == 0
    assert hidden["Z"] == 0  # all that is near it is shown
    assert hidden["A"] == 2  # the point that it develops, and the other edition


@pytest.mark.parametrize("focus", [COURSE, PLAN, *LEVELS, curie("zjd:stage/S4").value])
def test_no_administrative_value_and_no_record_is_shown(example_store, focus):
    found = around(example_store, focus, limit=MOST)
    shown = {node.entity.kind for node in found.nodes}
    assert not shown & ADMINISTRATIVE
    assert not shown & {"zj:Coverage", "zj:CourseOffering", "zj:Examination", "zj:ProgrammeTarget", "zj:FunctionWeight"}
    assert not [edge for edge in found.edges for term in edge.properties if not (term.label.zh and term.label.en)]


def test_a_record_may_stand_in_the_middle(example_store):
    found = around(example_store, curie("zjd:coverage/460103-2024-ZH006-S-3-3-5-1").value)
    assert {"zj:Course", "zj:SkillPoint", "zj:ProgrammeEdition"} <= set(kinds(found))
    assert kinds(found)["zj:Coverage"] == 1
    assert ("ZH006", "zj:hasCoverage", found.focus.local) in lines(found)


def test_a_term_of_the_ontology_may_stand_in_the_middle(example_store):
    found = around(example_store, curie("zj:Course").value)
    assert ("ProjectCourse", "rdfs:subClassOf", "Course") in lines(found)
    assert ("hasDirectPrerequisite", "rdfs:domain/rdfs:range", "Course") in lines(found)
    assert {node.group for node in found.nodes} == {"other"}


def test_a_narrower_class_has_the_colour_of_the_broader():
    store = store_of("<urn:a> a zj:ProjectCourse ; zj:develops <urn:b> . <urn:b> a zj:CompetencyPoint .")
    assert {node.entity.iri: node.group for node in around(store, "urn:a").nodes} == {
        "urn:a": "course",
        "urn:b": "other",
    }


def test_an_entity_alone():
    found = around(store_of('<urn:a> a zj:Course ; rdfs:label "孤单"@zh .'), "urn:a")
    ((node,), edges) = (found.nodes, found.edges)
    assert (node.opened, node.hidden, node.group, edges, found.left_out) == (True, 0, "course", (), ())


def test_of_a_property_and_a_broader_one_the_narrower_is_drawn():
    store = store_of(
        "<urn:a> a zj:Course ; zj:hasDirectPrerequisite <urn:b> ; zj:hasPrerequisite <urn:b> . <urn:b> a zj:Course ."
    )
    assert lines(around(store, "urn:a")) == {("urn:a", "zj:hasDirectPrerequisite", "urn:b")}


def test_the_stated_property_of_two_inverses_is_drawn_alone():
    """Where only the second is stated, it is the one that is drawn."""
    store = store_of("<urn:p> a zj:SkillPoint ; zj:isRequiredBy <urn:l> . <urn:l> a zj:StandardLevel .")
    assert lines(around(store, "urn:p")) == {("urn:p", "zj:isRequiredBy", "urn:l")}


def test_a_link_of_an_entity_to_itself_is_none():
    found = around(store_of("<urn:a> a zj:Course ; zj:hasPrerequisite <urn:a> ."), "urn:a")
    assert (len(found.nodes), found.edges) == (1, ())


@pytest.mark.parametrize("focus", ["urn:nothing", "not an iri", ""])
def test_no_picture_of_what_is_not_there(example_store, focus):
    with pytest.raises(UnreadableError) as refused:
        around(example_store, focus)
    assert refused.value.problems[0].code == "no-such-entity"


# Opened, capped, counted


def test_what_was_opened_brings_its_neighbours(example_store, course):
    more = around(example_store, COURSE, [LEVELS[0], COURSE, LEVELS[0], "urn:gone", "no iri"])
    assert more.opened == (LEVELS[0],)
    assert {node.entity.iri for node in more.nodes if node.opened} == {COURSE, LEVELS[0]}
    assert {node.entity.iri for node in course.nodes} < {node.entity.iri for node in more.nodes}
    assert next(node.hidden for node in more.nodes if node.entity.iri == LEVELS[0]) == 0


def test_the_cap_holds_and_the_rest_is_counted(large):
    assert len(large.nodes) == 300
    assert {count.kind for count in large.left_out} <= {"zj:Requirement", "zj:OccupationalFunction"}
    assert {PLAN, *LEVELS} <= {node.entity.iri for node in large.nodes}
    assert all(count.label.zh and count.number > 0 for count in large.left_out)


def test_shown_and_left_out_are_all(example_store, large):
    everything = around(example_store, PLAN, LEVELS, MOST)
    assert everything.left_out == ()
    assert len(everything.nodes) == len(large.nodes) + sum(count.number for count in large.left_out)
    by_kind = kinds(large)
    by_kind.update({count.kind: count.number for count in large.left_out})
    assert by_kind == kinds(everything)


@settings(max_examples=20, deadline=None)
@given(limit=st.integers(-1, 60), opened=st.sets(st.integers(0, 399), max_size=4))
def test_whatever_the_cap_the_counts_add_up(star, limit, opened):
    asked = [f"urn:point-{number:05}" for number in sorted(opened)]
    found = around(star, "urn:hub", asked, limit)
    assert len(found.nodes) == max(min(limit, MOST), 1)
    assert found.opened == tuple(asked[: len(found.nodes) - 1])
    # all points, the level and the course through its coverages, which is near only to what was opened
    assert len(found.nodes) + sum(count.number for count in found.left_out) == 401 + bool(found.opened)
    shown = {node.entity.iri for node in found.nodes}
    middle = found.nodes[0]
    assert (middle.entity.iri, middle.hidden) == ("urn:hub", 400 - len([iri for iri in shown if "point" in iri]))
    no_two_overlap(found.nodes)


def test_each_group_has_its_share(star):
    found = around(star, "urn:hub", limit=31)
    assert Counter(node.group for node in found.nodes) == {
        "standard-level": 1,
        "knowledge": 10,
        "skill": 10,
        "capability": 10,
    }


def test_never_more_than_a_thousand():
    found = around(hub(1_500), "urn:hub", limit=5_000)
    assert len(found.nodes) == MOST
    assert sum(count.number for count in found.left_out) == 1_501 - MOST
    no_two_overlap(found.nodes)


def test_a_hub_of_coverages_is_gone_through(star):
    found = around(star, "urn:course", limit=50)
    assert {term.curie for edge in found.edges for term in edge.properties} == {"zj:Coverage"}
    assert found.nodes[0].hidden == 351
    assert next(node for node in found.nodes if node.entity.code == "P0").hidden == 1  # the level


def test_links_are_read_once(star):
    links = Links(star, Terms.of(star))
    links.read(["urn:hub"])
    links.read(["urn:hub"])
    assert len(links.near("urn:hub")) == 400
    assert links.kind("urn:point-00000").endswith("KnowledgePoint")
    assert links.kind("urn:nothing") == ""
    assert sorted([Link("b", "a", "x"), Link("a", "b", "x")])[0].source == "a"


# Where the boxes stand


def no_two_overlap(nodes):
    boxes = sorted((node.x - node.width / 2, node.x + node.width / 2, node.y) for node in nodes)
    for one, other in itertools.combinations(boxes, 2):
        if other[0] >= one[1]:
            continue
        assert abs(one[2] - other[2]) >= HEIGHT, (one, other)


@pytest.mark.parametrize("of", ["course", "large"])
def test_no_two_boxes_overlap(request, of):
    no_two_overlap(request.getfixturevalue(of).nodes)


def test_columns_stand_in_the_order_of_the_picture(large):
    spans = {}
    for node in large.nodes:
        low, high = spans.get(COLUMN[node.group], (node.x, node.x))
        spans[COLUMN[node.group]] = (min(low, node.x), max(high, node.x))
    ordered = [spans[column] for column in sorted(spans)]
    assert len(ordered) > 5
    assert all(one[1] < other[0] for one, other in itertools.pairwise(ordered))
    assert {node.group for node in large.nodes} <= set(GROUPS)


def test_long_columns_are_folded(large):
    width = max(n.x + n.width / 2 for n in large.nodes) - min(n.x - n.width / 2 for n in large.nodes)
    height = max(n.y for n in large.nodes) - min(n.y for n in large.nodes)
    assert 1 < width / height < 6


def test_one_picture_whenever_it_is_asked_for(example_store, course):
    assert around(example_store, COURSE) == course


def test_labels_fit_their_boxes(large):
    for node in large.nodes:
        assert 48 <= node.width <= 260
        assert node.width >= min(260, 14 * len(node.entity.label.zh.encode("gb18030")) / 2)


@pytest.mark.parametrize(
    ("label", "width"),
    [("", 48), ("测量", 72), ("精密测量", 100), ("abcdefgh", 108), ("精" * 99, 260)],
)
def test_the_width_of_a_label(label, width):
    assert width_of(label) == width


def test_boxes_are_made_to_the_names_of_the_language(example_store, course):
    english = around(example_store, COURSE, language="en")
    by_iri = {node.entity.iri: node for node in english.nodes}
    assert {node.entity.iri for node in course.nodes} == set(by_iri)
    for zh in course.nodes:
        assert zh.width == width_of(zh.entity.label.zh or zh.entity.code)
        assert by_iri[zh.entity.iri].width == width_of(zh.entity.label.en or zh.entity.label.zh or zh.entity.code)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        (Text("数", "n"), ("数", "n")),
        (Text("数", ""), ("数", "数")),
        (Text("", "n"), ("n", "n")),
        (Text("", ""), ("P1", "P1")),
    ],
)
def test_what_a_box_shows_in_each_language(label, shown):
    assert (name_in("zh", label, "P1"), name_in("en", label, "P1")) == shown


class Standing:
    def __init__(self, box, place):
        self.width, (self.x, self.y), self.column = box.width, place, box.column


@settings(max_examples=60)
@given(
    columns=st.lists(st.tuples(st.integers(0, 9), st.integers(48, 260)), min_size=1, max_size=200),
    seed=st.lists(st.tuples(st.integers(0, 199), st.integers(0, 199)), max_size=150),
    focus=st.integers(0, 199),
)
def test_boxes_of_any_graph(columns, seed, focus):
    boxes = [Box(f"urn:{number}", column, float(width)) for number, (column, width) in enumerate(columns)]
    ends = [(f"urn:{one % len(boxes)}", f"urn:{other % len(boxes)}") for one, other in seed]
    middle = f"urn:{focus % len(boxes)}"
    stand = places(boxes, ends, middle)
    assert stand.keys() == {box.iri for box in boxes}
    no_two_overlap([Standing(box, stand[box.iri]) for box in boxes])
    assert stand[middle][1] == 0
    assert places(boxes, ends, middle) == stand


def test_boxes_that_are_linked_stand_at_one_height():
    left = [Box(f"urn:l{number}", 0, 60.0) for number in range(10)]
    right = [Box(f"urn:r{number}", 1, 60.0) for number in reversed(range(10))]
    stand = places([*left, *right], [(f"urn:l{number}", f"urn:r{number}") for number in range(10)], "urn:l5")
    apart = [abs(stand[f"urn:l{number}"][1] - stand[f"urn:r{number}"][1]) for number in range(10)]
    assert max(apart) <= 4 * HEIGHT
