"""The pictures of a report as values: every item drawn once, every figure the table's, nothing outside the frame."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.analysis.shape import Load, PlanShape, Support
from zhiji_kg.findings import STATES, Thing
from zhiji_kg.report.charts import (
    Flow,
    fitted,
    flow_chart,
    flows,
    hours_map,
    indicator_radar,
    place_name,
    state_map,
)
from zhiji_kg.report.html import render_html
from zhiji_kg.report.summary import as_shown, figure
from zhiji_kg.texts import LANGUAGES, Text


@pytest.fixture(scope="module")
def analysis(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


def named(name):
    return Thing(f"https://example.org/{name}", name, Text(name, name))


def test_a_heat_map_has_each_function_and_state_with_its_figure(analysis):
    coverage = next(c for c in analysis.coverages if c.functions)
    drawn = state_map(coverage, "zh")
    assert [label.full for label in drawn.rows] == [f.thing.name("zh") for f in coverage.functions]
    expected = [figure(as_shown(f.totals.all["items"]).of(s)) for f in coverage.functions for s in STATES]
    assert [cell.text for cell in drawn.cells] == expected
    for function, row in zip(coverage.functions, range(0, len(drawn.cells), len(STATES)), strict=True):
        assert sum(cell.fill for cell in drawn.cells[row : row + len(STATES)]) == pytest.approx(1, abs=0.01)
        assert all(
            f"/{figure(function.totals.all['items'].denominator)}" in drawn.cells[row + i].words for i in range(4)
        )


def test_a_target_without_functions_has_no_heat_map_but_its_items_flow(analysis):
    plain = [c for c in analysis.coverages if not c.functions]
    for coverage in plain:
        assert state_map(coverage, "en") is None
        assert sum(flow.items for flow in flows(coverage, "en")) == len(coverage.cells)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_item_of_a_target_flows_once_and_in_its_state(analysis, language):
    for coverage in analysis.coverages:
        found = flows(coverage, language)
        for state in STATES:
            counted = sum(flow.items for flow in found if flow.state == state)
            assert counted == coverage.totals.all["items"].of(state)
        assert all((flow.term is None) == (flow.state in ("no-match", "not-examined")) for flow in found)


def test_nothing_required_is_nothing_drawn():
    assert flow_chart([], "zh") is None
    assert hours_map(PlanShape(), "zh") is None
    assert indicator_radar([], "zh") is None


streams = some.lists(
    some.builds(
        Flow,
        some.sampled_from(["甲", "乙", "a very long name of a function indeed"]),
        some.sampled_from(["A1 课", "B2 course", "C3"]),
        some.integers(1, 6),
        some.sampled_from(["covered", "partial"]),
        some.integers(1, 60),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda flow: (flow.function, flow.course, flow.term, flow.state),
)


@given(streams, some.integers(0, 40))
def test_streams_fill_their_bars_exactly_and_stay_in_the_frame(found, missing):
    found = [*found, *([Flow("甲", "未审查", None, "not-examined", missing)] if missing else [])]
    chart = flow_chart(found, "en")
    by_column = {}
    for node in chart.nodes:
        by_column.setdefault(node.x, []).append(node)
        assert 0 <= node.y < node.y + node.height <= chart.height
        assert 0 <= node.label.x <= chart.width
    first, second, third = (by_column[x] for x in sorted(by_column))
    heights = [sum(node.height for node in column) for column in (first, second, third)]
    items = sum(flow.items for flow in found)
    unit = heights[0] / items
    assert heights[1] == pytest.approx(heights[0], abs=0.2)
    assert heights[2] == pytest.approx(unit * (items - missing), abs=0.2)
    assert sum(ribbon.width for ribbon in chart.ribbons) == pytest.approx(heights[0] + heights[2], abs=0.5)
    for column in (first, second, third):
        assert all(a.y + a.height < b.y for a, b in pairwise(column))


def test_a_map_of_hours_says_each_figure_against_the_whole_plan():
    stage, module = named("S1"), named("M1")
    shape = PlanShape((Load(stage, module, 2, Fraction(90)), Load(None, module, 1, Fraction(30))), (), 3, Fraction(120))
    drawn = hours_map(shape, "en")
    assert [(cell.text, cell.fill) for cell in drawn.cells] == [("90", 1.0), ("30", 0.333)]
    assert [cell.words for cell in drawn.cells] == ["S1 · M1: 90/120", "no stage stated · M1: 30/120"]
    assert [label.full for label in drawn.rows] == ["S1", place_name(None, "no_stage", "en")]


def test_the_radar_reaches_as_far_as_the_figures():
    supports = [Support(named(f"I{n}"), courses, courses) for n, courses in enumerate((0, 8, 4, 2))]
    drawn = indicator_radar(supports, "en")
    assert [label.full for label in drawn.labels] == ["I0 0", "I1 8", "I2 4", "I3 2"]
    centre = (drawn.width / 2, drawn.height / 2)
    reach = [((x - centre[0]) ** 2 + (y - centre[1]) ** 2) ** 0.5 for x, y in drawn.dots]
    assert reach[0] == pytest.approx(0, abs=0.02)
    assert reach[1] == pytest.approx(2 * reach[2], abs=0.1)
    assert reach[2] == pytest.approx(2 * reach[3], abs=0.1)
    assert [label.text for _, label in drawn.rings] == ["2", "4", "6", "8"]
    assert all(0 < label.x < drawn.width and 0 < label.y < drawn.height for label in drawn.labels)


@given(some.text(alphabet="甲乙 abcW", max_size=40), some.floats(20, 300))
def test_a_name_is_cut_to_its_room_and_says_so(name, room):
    shown = fitted(name, room)
    assert shown == name or (shown.endswith("…") and name.startswith(shown[:-1]))
    assert sum(12 if ord(c) > 0x2E80 else 12 * 0.58 for c in shown.removesuffix("…")) <= room


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_draws_them_all_each_with_its_table(analysis, language):
    page = render_html(analysis, language)
    heat_maps = sum(bool(c.functions) for c in analysis.coverages)
    streams = sum(c.target.basis != "stage" for c in analysis.coverages)
    assert page.count('<div class="chart scroll"') == heat_maps + streams + 2
    assert page.count('data-kind="indicator"') == len(analysis.shape.supports) == 11
    assert page.count('data-kind="hours"') == len(analysis.shape.stages)
    assert "style=" not in page.split("</style>")[1]
