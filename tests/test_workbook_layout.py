"""The layout: one description of the workbook that hangs together."""

import pytest

from zhiji_kg.sources.workbook.layout import workbook_layout
from zhiji_kg.texts import folded

LAYOUT = workbook_layout()
SHEETS = [pytest.param(sheet, id=sheet.key) for sheet in LAYOUT.sheets]
TYPES = {
    "text", "code", "codes", "texts", "integer", "integers", "number", "boolean", "depth", "level", "word", "words",
    "year", "programme", "date",
}  # fmt: skip

HEADINGS = [
    ("专业代码*", "专业代码"),
    (" 专业 代码 ", "专业代码"),
    ("Programme Code", "programmecode"),
    ("ＣＯＤＥ", "code"),
    ("学时（理论）", "学时(理论)"),
    ("总\n学时", "总学时"),
    ("**", ""),
]


@pytest.mark.parametrize(("written", "compared"), HEADINGS)
def test_headings_are_compared_in_one_form(written, compared):
    assert folded(written) == compared
    assert folded(compared) == compared


def test_no_two_sheets_share_a_name():
    assert len(LAYOUT.by_name) == 2 * len(LAYOUT.sheets)
    assert len(LAYOUT.by_key) == len(LAYOUT.sheets)
    assert [LAYOUT.by_name[folded(name)].key for name in ("课程", "courses", " Courses ")] == ["courses"] * 3


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_two_columns_of_a_sheet_share_a_heading(sheet):
    names = {folded(name) for column in sheet.all_columns for name in (column.zh, column.en)}
    assert len(names) == 2 * len(sheet.all_columns)
    assert len({column.key for column in sheet.all_columns}) == len(sheet.all_columns)


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_a_sheet_names_is_there(sheet):
    keys = {column.key for column in sheet.all_columns} | {"edition"}  # the edition is told from the programme
    entities = {entity.name for entity in sheet.entities}
    for entity in sheet.entities:
        assert set(entity.key) <= keys
        assert set(entity.notation) | {entity.label, entity.label_en, entity.class_from} - {""} <= keys
        assert {condition.partition("=")[0] for condition in (entity.when, entity.unless) if condition} <= keys
    for column in sheet.columns:
        assert column.type in TYPES
        assert not column.on or column.on in entities
        assert bool(column.words) == (column.type in ("word", "words"))
        assert not column.words or column.words in LAYOUT.words
    for subject, _, target in sheet.links:
        assert {subject, target} <= entities


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_begins_with_what_its_rows_are_known_by(sheet):
    """Addresses and locators are those of the first column: a row without it can have none."""
    assert sheet.columns[0].required
    assert not sheet.required_with or sheet.required_with in LAYOUT.by_key


def test_evidence_may_stand_in_every_sheet_but_the_first():
    evidence = {column.zh for column in LAYOUT.evidence}
    assert evidence == {"证据等级", "可信度", "审核人", "审核日期", "出处"}
    for sheet in LAYOUT.sheets:
        there = evidence <= {column.zh for column in sheet.all_columns}
        assert there == (sheet.key != "about")


def test_the_first_word_of_a_value_is_offered():
    assert LAYOUT.offered("track") == ["高职", "技工", "中职"]
    assert LAYOUT.offered("depth") == ["了解", "理解", "掌握", "熟练"]
    for words in LAYOUT.words:
        assert {LAYOUT.value(words, word) for word in LAYOUT.offered(words)} == set(LAYOUT.words[words].values())
