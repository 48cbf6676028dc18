"""The door to XlsxWriter: what is written is what another reader sees, whole, and the same every time."""

import re
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiji_kg.errors import CannotRunError, ExitStatus
from zhiji_kg.sources.tables import read_tables
from zhiji_kg.writers.files import write_whole
from zhiji_kg.writers.xlsx import LONGEST_TEXT, Book, fitting_widths, width_of

TRAPS = [
    "=1+1",
    "+x",
    "-x",
    "@x",
    "{=1+1}",
    '=HYPERLINK("http://example.org","x")',
    "http://example.org",
    "mailto:a@b",
    "internal:Sheet!A1",
    "007",
    "1.0",
    "2026-09-01",
    "TRUE",
    "是",
    "_x0041_",
    "a\nb",
    "<&>\"'",
    "#REF!",
    "6-18-01-01",
]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "报告 一.xlsx"


def written(path, *rows, role="text"):
    with Book.create(path) as book:
        sheet = book.sheet("表")
        for index, row in enumerate(rows):
            sheet.row(index, row, role)
    return openpyxl.load_workbook(path)["表"]


def part(path, name="xl/worksheets/sheet1.xml"):
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


# Cells


@pytest.mark.parametrize("trap", TRAPS)
def test_text_stays_text(file, trap):
    cell = written(file, [trap])["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (trap, "s", None)
    assert "<f>" not in part(file)
    assert read_tables(file)[0].rows[0][0] == trap


def test_numbers_are_numbers(file):
    sheet = written(file, [3, 2.5, Decimal("0.1"), Fraction(1, 4), True, None, "", -1], role="number")
    values = [cell.value for cell in sheet[1]]
    assert values == [3, 2.5, 0.1, 0.25, True, None, None, -1]
    assert [cell.data_type for cell in sheet[1]] == ["n", "n", "n", "n", "b", "n", "n", "n"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("-Infinity")])
def test_what_is_no_finite_number_is_text(file, value):
    assert written(file, [value])["A1"].value == str(value)


def test_a_row_can_have_a_role_for_each_cell(file):
    with Book.create(file) as book:
        book.sheet("表").row(2, ["甲", 0.125, "乙"], ["heading", "percent", "error"])
    sheet = openpyxl.load_workbook(file)["表"]
    assert sheet["A3"].font.bold
    assert sheet["B3"].number_format == "0.0%"
    assert sheet["C3"].fill.fgColor.rgb == "FFF4B6B6"


def test_a_row_needs_as_many_roles_as_cells(tmp_path):
    with pytest.raises(ValueError, match="zip"), Book.create(tmp_path / "x.xlsx") as book:
        book.sheet("表").row(0, ["甲", "乙"], ["heading"])


def test_every_role_has_a_look_of_its_own(file):
    roles = list(Book().formats)
    with Book.create(file) as book:
        for index, role in enumerate(roles):
            book.sheet(f"表{index}").cell(0, 0, "值", role)
    book = openpyxl.load_workbook(file)
    looks = {
        role: (c.font.b, c.font.i, c.font.sz, c.fill.fgColor.rgb, c.number_format, c.alignment.wrap_text)
        for role, c in zip(roles, (sheet["A1"] for sheet in book), strict=True)
    }
    assert set(roles) >= {"title", "note", "required", "covered", "partial", "no-match", "not-examined"}
    assert looks["partial"] == looks["warning"]
    assert looks["no-match"] == looks["error"]
    assert len(set(looks.values())) == len(roles) - 2


def test_only_headings_titles_and_identifiers_are_locked(file):
    with Book.create(file) as book:
        sheet = book.sheet("表")
        for index, role in enumerate(book.formats):
            sheet.cell(0, index, role, role)
    row = openpyxl.load_workbook(file)["表"][1]
    locked = {cell.value for cell in row if cell.protection.locked}
    assert locked == {"heading", "required", "title", "locked"}


def test_text_too_long_for_a_cell_is_cut_and_says_so(file):
    value = written(file, ["长" * (LONGEST_TEXT + 1)])["A1"].value
    assert len(value) == LONGEST_TEXT
    assert value.endswith("…")


def test_a_cell_outside_of_a_sheet_is_refused(file):
    with pytest.raises(ValueError, match="cannot be written"), Book.create(file) as book:
        book.sheet("表").cell(1_048_576, 0, "x")
    assert not file.exists()


plain_text = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=30)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(plain_text.map(str.strip).filter(bool), min_size=1, max_size=20))
def test_any_text_is_read_back_as_it_was(file, texts):
    written(file, texts)
    cleaned = [text.replace("\ufeff", "").strip() for text in texts]
    assert list(read_tables(file)[0].rows[0]) == cleaned


# Sheets


def test_sheet_names_are_made_fit_and_unique(file):
    with Book.create(file) as book:
        names = [book.sheet(n).name for n in ("460103/四级", "长" * 40, "长" * 40, "A", "a", "", "_lists", "'x'")]
    assert names == ["460103-四级", "长" * 31, "长" * 27 + " (2)", "A", "a (2)", "-", "_lists (2)", "x"]
    assert openpyxl.load_workbook(file).sheetnames == names


def test_widths_freeze_and_filter(file):
    with Book.create(file) as book:
        sheet = book.sheet("表")
        sheet.row(0, ["代码", "名称"], "heading")
        sheet.row(1, ["a", "b"])
        sheet.widths([12, 30], ["text", "number"])
        sheet.freeze(1, 1)
        sheet.autofilter(0, 0, 1, 1)
    sheet = openpyxl.load_workbook(file)["表"]
    assert [round(sheet.column_dimensions[c].width) for c in "AB"] == [13, 31]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B2", "A1:B2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_a_comment_is_large_enough_for_its_text(file):
    with Book.create(file) as book:
        sheet = book.sheet("表")
        sheet.row(0, ["甲", "乙"])
        sheet.comment(0, 0, "短")
        sheet.comment(0, 1, "很长的说明。" * 40 + "\nsecond line")
    sheet = openpyxl.load_workbook(file)["表"]
    assert sheet["A1"].comment.text == "短"
    assert sheet["B1"].comment.text.endswith("。\nsecond line")
    shapes = part(file, "xl/drawings/vmlDrawing1.vml")
    heights = [float(found) for found in re.findall(r"height:([\d.]+)pt", shapes)]
    assert heights[1] > 4 * heights[0]


# Lists


def choices_of(path, sheet="表"):
    return openpyxl.load_workbook(path)[sheet].data_validations.dataValidation


@pytest.mark.parametrize("words", [["是", "否"], [f"很长的词{n}" for n in range(200)], ["a,b", '"quoted"']])
def test_lists_of_any_length_stand_on_the_hidden_sheet(file, words):
    with Book.create(file) as book:
        book.sheet("表").choices(1, 2, 99, 2, words, "请选择")
    (rule,) = choices_of(file)
    assert (str(rule.sqref), rule.formula1) == ("C2:C100", f"_lists!$A$1:$A${len(words)}")
    hidden = openpyxl.load_workbook(file)["_lists"]
    assert hidden.sheet_state == "hidden"
    assert [cell.value for cell in hidden["A"]] == words


def test_equal_lists_stand_there_once_and_after_all_sheets(file):
    with Book.create(file) as book:
        first = book.sheet("一")
        first.choices(1, 0, 9, 0, ["是", "否"])
        first.choices(1, 1, 9, 1, ["高", "低"])
        book.sheet("二").choices(1, 0, 9, 0, ("是", "否"))
        book.sheet("二").choices(1, 1, 9, 1, "=一!$A$1:$A$9")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["一", "二", "二 (2)", "_lists"]
    assert [rule.formula1 for rule in choices_of(file, "一")] == ["_lists!$A$1:$A$2", "_lists!$B$1:$B$2"]
    assert [rule.formula1 for rule in choices_of(file, "二")] == ["_lists!$A$1:$A$2"]
    assert [rule.formula1 for rule in choices_of(file, "二 (2)")] == ["一!$A$1:$A$9"]


@pytest.mark.parametrize(
    ("unlisted", "style", "shown"),
    [("stop", "stop", True), ("warn", "warning", True), ("allow", "warning", False)],
)
def test_what_becomes_of_an_entry_that_is_not_in_the_list(file, unlisted, style, shown):
    with Book.create(file) as book:
        book.sheet("表").choices(1, 0, 9, 0, ["是", "否"], "长" * 300, unlisted)
    (rule,) = choices_of(file)
    assert (rule.errorStyle or "stop", bool(rule.showErrorMessage)) == (style, shown)
    assert len(rule.prompt) == len(rule.error) == 255


def test_no_list_no_hidden_sheet(file):
    written(file, ["值"])
    assert openpyxl.load_workbook(file).sheetnames == ["表"]


def test_a_list_without_words_is_no_trouble(file):
    with Book.create(file) as book:
        book.sheet("表").choices(1, 0, 9, 0, [])
    assert choices_of(file)[0].formula1 == "_lists!$A$1:$A$1"


def test_the_hidden_sheet_is_not_read_as_data(file):
    with Book.create(file) as book:
        book.sheet("表").choices(1, 0, 9, 0, ["是", "否"])
    assert [table.name for table in read_tables(file)] == ["表"]


# Protection


def test_protection_has_no_password_and_leaves_what_a_teacher_does(file):
    with Book.create(file) as book:
        sheet = book.sheet("表")
        sheet.row(0, ["代码*"], "required")
        sheet.row(1, ["A"], "locked")
        sheet.widths([10], ["text"])
        sheet.protect_cells()
    sheet = openpyxl.load_workbook(file)["表"]
    guard = sheet.protection
    assert guard.sheet
    assert guard.password is None
    allowed = (
        guard.formatCells,
        guard.formatColumns,
        guard.insertRows,
        guard.sort,
        guard.autoFilter,
        guard.deleteRows,
    )
    assert not any(allowed)  # False here: not kept from it
    assert sheet["A2"].protection.locked
    assert not sheet.column_dimensions["A"].protection.locked
    assert not sheet.column_dimensions["B"].protection.locked
    assert sheet.column_dimensions["B"].max == 256


# Files


def make(path, text="值"):
    with Book.create(path) as book:
        sheet = book.sheet("表")
        sheet.row(0, [text, 1.5], "heading")
        sheet.comment(0, 0, "说明")
        sheet.choices(1, 0, 9, 0, ["是", "否"])
        sheet.protect_cells()


def test_same_calls_same_bytes(tmp_path):
    make(tmp_path / "a.xlsx")
    make(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert "2024-01-01T00:00:00Z" in part(tmp_path / "a.xlsx", "docProps/core.xml")


def test_an_old_file_is_replaced_and_nothing_else_is_left(file):
    make(file, "旧")
    make(file, "新")
    assert read_tables(file)[0].rows[0][0] == "新"
    assert list(file.parent.iterdir()) == [file]


def test_a_failure_half_way_leaves_the_old_file(file):
    make(file, "旧")
    before = file.read_bytes()
    with pytest.raises(KeyError), Book.create(file) as book:
        book.sheet("表").row(0, ["新"], "no such role")
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def below_a_file(folder):
    (folder / "文件").write_text("x", encoding="utf-8")
    return folder / "文件" / "x.xlsx"


def a_folder(folder):
    (folder / "文件夹").mkdir()
    return folder / "文件夹"


@pytest.mark.parametrize("place", [below_a_file, a_folder, lambda folder: folder / "没有" / "x.xlsx"])
def test_what_cannot_be_written_is_an_error_of_ours(tmp_path, place):
    path = place(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CannotRunError) as caught:
        make(path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.file) == ("cannot-write", str(path))
    assert problem.values["reason"]
    assert caught.value.status is ExitStatus.CANNOT_RUN
    assert "写不了" in problem.line("zh")
    assert sorted(tmp_path.rglob("*")) == before


def test_the_current_folder_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CannotRunError):
        write_whole(Path(), b"x")
    assert not list(tmp_path.iterdir())


def test_other_rooms_may_write_whole_files_too(tmp_path):
    write_whole(tmp_path / "设置.toml", b"kg = 1\n")
    assert (tmp_path / "设置.toml").read_bytes() == b"kg = 1\n"


# Widths


@pytest.mark.parametrize(
    ("value", "width"), [("", 0), (None, 0), ("ab", 2), ("课程", 4), ("课程a", 5), ("a\n课程", 4), (12.5, 4)]
)
def test_chinese_counts_two(value, width):
    assert width_of(value) == width


def test_fitting_widths_lie_within_bounds():
    rows = [["代码", "名称", "x"], ["460103", "长" * 50], ["a", "b", "c", "课程课程课程"]]
    assert fitting_widths(rows, least=5, most=40) == [8, 40, 5, 14]
    assert fitting_widths([]) == []
