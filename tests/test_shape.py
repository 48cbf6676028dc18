"""The shape of a plan: its hours and courses add up, each counted once, and the indicators are those of the graph."""

from fractions import Fraction

import pytest

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.analysis.shape import PlanShape, plan_shape
from zhiji_kg.queries import bind, find_query, run
from zhiji_kg.rdf import Iri


@pytest.fixture(scope="module", params=["460103", "TE-CNC"])
def asked(request, example_store):
    programme = find_programme(example_store, request.param)
    return programme, plan_shape(example_store, Iri(programme.thing.iri))


def place(load):
    return (load.stage.iri if load.stage else None, load.module.iri if load.module else None)


def test_the_fields_add_up_to_the_plan(asked):
    programme, shape = asked
    assert shape.courses == programme.courses == sum(load.courses for load in shape.loads)
    assert shape.hours == sum(load.hours for load in shape.loads) > 0
    assert len(shape.loads) == len(shape.stages) * len(shape.modules)


def test_it_says_what_the_named_questions_say(asked, example_store):
    programme, shape = asked
    query = find_query("stage-module-hours")
    rows = run(example_store, query.name, **bind(example_store, query, {"programme": programme.thing.code}))
    for row in rows:
        load = next(one for one in shape.loads if place(one) == (row["stage"], row["module"]))
        assert (load.courses, load.hours) == (row["courses"], Fraction(str(row["hours"])))
    query = find_query("indicator-support")
    courses, points = {}, {}
    for row in run(example_store, query.name, **bind(example_store, query, {"programme": programme.thing.code})):
        courses.setdefault(row["indicator"], set()).update({row["course"]} - {None})
        points.setdefault(row["indicator"], set()).update({row["point"]} - {None})
    assert [(s.indicator.iri, s.courses, s.points) for s in shape.supports] == [
        (iri, len(found), len(points[iri])) for iri, found in courses.items()
    ]


def test_a_plan_that_is_not_there_has_no_shape(example_store):
    shape = plan_shape(example_store, Iri("https://example.org/none"))
    assert (shape.courses, shape.hours) == (0, 0)
    assert all(load.courses == 0 for load in shape.loads)
    assert shape.load(None, None).courses == 0


def test_where_one_source_alone_is_asked_for_the_plan_is_not_drawn(example_store):
    programme = find_programme(example_store, "460103")
    source = analyse(example_store, programme).coverages[0].target.source.code
    assert analyse(example_store, programme, None, source).shape == PlanShape()
