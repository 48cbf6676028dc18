"""Cells: what each type takes, what it makes of it, and what it says when it cannot."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.rdf import Literal, decimal, integer
from zhiji_kg.sources.workbook.cells import CellError, code, in_one_line, parse_cell, parts
from zhiji_kg.sources.workbook.layout import Column, workbook_layout

TAKEN = [
    ("text", " 车 工 ", " 车 工 "),
    ("code", "Ｐ１", "P1"),
    ("code", "A  1\n2", "A 1 2"),
    ("programme", "460103＠2024", "460103@2024"),
    ("codes", "P1、P2;P3；P4\nP1", ("P1", "P2", "P3", "P4")),
    ("codes", "；、 ;", ()),
    ("integer", "6", 6),
    ("integer", "６", 6),
    ("integer", "6.0", 6),
    ("integer", "6.", 6),
    ("integer", "+6", 6),
    ("integer", "-6", -6),
    ("integers", "3、4", (3, 4)),
    ("integers", "4,3 4，5", (3, 4, 5)),
    ("integers", "４；3", (3, 4)),
    ("number", "2.50", Decimal("2.5")),
    ("number", "２．５", Decimal("2.5")),
    ("number", ".5", Decimal("0.5")),
    ("number", "1e-07", Decimal("0.0000001")),
    ("number", "-0", Decimal(0)),
    ("number", "999999999999", Decimal(999999999999)),
    ("year", "2024", 2024),
    ("year", "2024年", 2024),
    ("year", "2024级", 2024),
    ("year", "２０２４版", 2024),
    ("boolean", "是", True),
    ("boolean", "√", True),
    ("boolean", "FALSE", False),
    ("boolean", "０", False),
    ("depth", "了解", 1),
    ("depth", "熟练掌握", 4),
    ("depth", "３", 3),
    ("level", "四级", "4"),
    ("level", "四级 / 中级工", "4"),
    ("level", "预备技师", "PT"),
    ("date", "2026-9-1", "2026-09-01"),
    ("date", "2026年9月1日", "2026-09-01"),
    ("date", "2026/09/01", "2026-09-01"),
    ("date", "2026.9.1", "2026-09-01"),
]
REFUSED = [
    ("integer", "3.5", "not-a-whole-number"),
    ("integer", "三", "not-a-whole-number"),
    ("integer", "1 2", "not-a-whole-number"),
    ("integer", "9" * 5000, "not-a-whole-number"),  # int() itself refuses more than 4300 digits
    ("integers", "3、x", "not-a-whole-number"),
    ("number", "4学时", "not-a-number"),
    ("number", "1,000", "not-a-number"),
    ("number", "1_000", "not-a-number"),
    ("number", "NaN", "not-a-number"),
    ("number", "-Infinity", "not-a-number"),
    ("number", "1000000000000", "not-a-number"),
    ("number", "1e-999999999999", "not-a-number"),
    ("number", "1e999", "not-a-number"),
    ("number", "0.0000000000000000001", "not-a-number"),
    ("year", "24", "not-a-year"),
    ("year", "20244", "not-a-year"),
    ("year", "今年", "not-a-whole-number"),
    ("boolean", "也许", "not-yes-or-no"),
    ("depth", "5", "not-a-depth"),
    ("depth", "2.5", "not-a-depth"),
    ("level", "六级", "unknown-word"),
    ("date", "2026-13-01", "not-a-date"),
    ("date", "2026-02-29", "not-a-date"),
    ("date", "2026-09", "not-a-date"),
    ("date", "46266", "not-a-date"),
    ("date", "99999999999999999999-1-1", "not-a-date"),
    ("date", "今天", "not-a-date"),
]


def column(of_type, **more):
    return Column(key="k", zh="列", en="column", type=of_type, **more)


@pytest.mark.parametrize(("of_type", "written", "value"), TAKEN)
def test_what_is_taken(of_type, written, value):
    read = parse_cell(column(of_type), written, workbook_layout())
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(("of_type", "written", "problem"), REFUSED)
def test_what_is_refused(of_type, written, problem):
    with pytest.raises(CellError) as caught:
        parse_cell(column(of_type), written, workbook_layout())
    assert caught.value.code == problem
    said = caught.value.problem()
    assert "列" in said.line("zh")
    assert len(said.line("en")) < 400


BOUNDS = [
    ("integer", "0", {"minimum": 1}, "too-small"),
    ("number", "-0.5", {"minimum": 0}, "too-small"),
    ("number", "101", {"minimum": 0, "maximum": 100}, "out-of-bounds"),
    ("integer", "0", {"minimum": 1, "maximum": 16}, "out-of-bounds"),
    ("integers", "1、0", {"minimum": 1}, "too-small"),
]


@pytest.mark.parametrize(("of_type", "written", "bounds", "problem"), BOUNDS)
def test_bounds(of_type, written, bounds, problem):
    with pytest.raises(CellError) as caught:
        parse_cell(column(of_type, **bounds), written, workbook_layout())
    assert caught.value.code == problem


@pytest.mark.parametrize("edge", ["0", "100"])
def test_a_bound_itself_is_inside(edge):
    assert parse_cell(column("number", minimum=0, maximum=100), edge, workbook_layout()) == int(edge)


@pytest.mark.parametrize("words", sorted(workbook_layout().words))
def test_every_word_of_the_layout_is_understood(words):
    layout = workbook_layout()
    for written, value in layout.words[words].items():
        assert layout.value(words, f" {written} ") == value
        if words not in ("boolean", "depth"):
            assert parse_cell(column("word", words=words), written, layout) == value


def test_a_word_that_is_none_is_told_with_the_words_there_are():
    with pytest.raises(CellError) as caught:
        parse_cell(column("words", words="delivery"), "讲授、自学", workbook_layout())
    assert caught.value.values["written"] == "自学"
    assert caught.value.values["words"] == "讲授、实训、考核"


@given(
    st.lists(st.text(st.characters(exclude_characters="、;；\n", exclude_categories=["Cs"]), min_size=1), max_size=5)
)
def test_a_list_is_taken_apart_at_every_separator(items):
    wanted = list(dict.fromkeys(item.strip() for item in items if item.strip()))
    for separator in ("、", ";", "；", "\n", "；、"):
        assert list(parts(separator.join(items))) == wanted


@given(st.text())
def test_codes_are_compared_in_one_form(written):
    assert code(code(written)) == code(written)
    assert "  " not in code(written)


@given(st.text(max_size=400))
def test_a_message_quotes_in_one_short_line(written):
    shown = in_one_line(written)
    assert len(shown.splitlines()) <= 1 or not shown.isprintable()
    assert "\n" not in shown
    assert len(shown) <= 101


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**11), max_value=10**11, places=6))
def test_a_number_is_read_back_as_it_is_written(value):
    written = decimal(value).value
    assert parse_cell(column("number"), written, workbook_layout()) == value
    assert "e" not in written.lower()
    assert not written.endswith(".")
    assert "." not in written or not written.endswith("0")


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_is_read_back_as_it_is_written(value):
    assert integer(value) == Literal(value)
    assert parse_cell(column("integer"), str(value), workbook_layout()) == value


@pytest.mark.parametrize(
    ("written", "terms"),
    [("2-4", (2, 3, 4)), ("1、3-4", (1, 3, 4)), ("2～4", (2, 3, 4)), ("1至2", (1, 2)), ("３", (3,)), ("4-4", (4,))],
)
def test_terms_may_be_a_range(written, terms):
    column = next(c for c in workbook_layout().by_key["courses"].columns if c.key == "term")
    assert parse_cell(column, written, workbook_layout()) == terms


@pytest.mark.parametrize("written", ["4-2", "a-b", "1--2"])
def test_what_is_no_range_is_no_number(written):
    column = next(c for c in workbook_layout().by_key["courses"].columns if c.key == "term")
    with pytest.raises(CellError):
        parse_cell(column, written, workbook_layout())


def test_codes_may_be_separated_by_a_chinese_comma():
    column = next(c for c in workbook_layout().by_key["courses"].columns if c.key == "prerequisites")
    assert parse_cell(column, "GG1，GG2、GG3", workbook_layout()) == ("GG1", "GG2", "GG3")
