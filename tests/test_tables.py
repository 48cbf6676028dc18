"""Tables out of files: what is no table, how cells are typed, and that xlsx and CSV are the same thing."""

import datetime as dt
import io
import os
import random
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_workbook import SHEETS, cli, in_english, small, tables, told, write_csv, write_xlsx

from zhiji_kg.build import draft, hash_of
from zhiji_kg.errors import UnreadableError, ZhijiError
from zhiji_kg.sources import Reading, read_source
from zhiji_kg.sources.tables import Table, column_letters, read_tables

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def encrypted(path):
    """A workbook behind a password, by msoffcrypto-tool where it is there, else an OLE file that says so."""
    try:
        from msoffcrypto.format.ooxml import OOXMLFile
    except ImportError:
        path.write_bytes(OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512))
        return
    plain = write_xlsx(path.with_suffix(".plain"), tables())
    with plain.open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt("geheim", target)


def a_folder(path, **files):
    path.mkdir()
    for name, content in files.items():
        (path / f"{name}.csv").write_bytes(content)


WITH_HOLE = '项,值\n工作簿标识,"small\n标题,x\n'.encode()
UNREADABLE = {
    "missing": (lambda path: None, "book.xlsx", "missing-file"),
    "empty": (lambda path: path.write_bytes(b""), "book.xlsx", "empty-file"),
    "empty-csv-in-a-folder": (lambda path: a_folder(path, 说明=b""), "book", "empty-file"),
    "old-xls": (lambda path: path.write_bytes(OLE + bytes(2000)), "book.xls", "old-xls"),
    "old-xls-that-calls-itself-xlsx": (lambda path: path.write_bytes(OLE + bytes(2000)), "book.xlsx", "old-xls"),
    "encrypted": (encrypted, "book.xlsx", "encrypted"),
    "no-csv": (lambda path: path.mkdir(), "book", "folder-without-tables"),
    "binary": (lambda path: path.write_bytes(bytes(range(256)) * 4), "book.csv", "not-a-table"),
    "neither-utf-8-nor-gb18030": (lambda path: path.write_bytes(b"\x81\xff\xff,\x80\n" * 3), "book.csv", "not-a-table"),
    "a-zip-that-is-no-workbook": (
        lambda path: zipfile.ZipFile(path, "w").writestr("a", "b"),
        "book.xlsx",
        "not-a-table",
    ),
    "half-a-zip": (lambda path: path.write_bytes(b"PK\x03\x04" + bytes(60)), "book.xlsx", "not-a-table"),
    "unclosed-quote": (lambda path: a_folder(path, 说明=WITH_HOLE), "book", "broken-csv"),
    "text-after-a-quote": (lambda path: a_folder(path, 说明=b'a,"b"c\n'), "book", "broken-csv"),
    "cell-without-end": (lambda path: a_folder(path, 说明=b"a" * 200_000), "book", "broken-csv"),
    "a-csv-of-something-else": (lambda path: path.write_bytes(b"a,b\n1,2\n"), "book.csv", "lone-csv"),
    "a-pipe": (os.mkfifo, "book.xlsx", "not-a-table"),
    "a-pipe-in-a-folder": (lambda path: (path.mkdir(), os.mkfifo(path / "课程.csv")), "book", "not-a-table"),
    "semicolons": (lambda path: a_folder(path, 课程=b"a;b\n1;2\n"), "book", "wrong-separator"),
    "semicolons-and-quotes": (lambda path: a_folder(path, 课程=b'"a";"b"\n"1";"2"\n'), "book", "wrong-separator"),
    "tabs": (lambda path: a_folder(path, 课程=b"a\tb\n1\t2\n"), "book", "wrong-separator"),
    "a-classification-with-semicolons": (
        lambda path: path.write_bytes(b"level;code;name;definition;tasks\n"),
        "book.csv",
        "wrong-separator",
    ),
    "a-folder-where-a-file-is-meant": (lambda path: (path / "说明.csv").mkdir(parents=True), "book", "cannot-open"),
}


def made(case, folder):
    make, name, code = UNREADABLE[case]
    make(folder / name)
    return folder / name, code


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_no_table_is_named(case, tmp_path):
    path, code = made(case, tmp_path)
    with pytest.raises(UnreadableError) as caught:
        read_source(path)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.where.file.startswith(str(path))
    assert "\n" not in problem.line("zh") + problem.line("en")


@pytest.mark.parametrize("case", ["missing", "empty", "old-xls", "encrypted", "no-csv", "binary", "unclosed-quote"])
@pytest.mark.parametrize("command", ["check", "build"])
def test_through_the_command_it_is_one_line_and_exit_2(case, command, tmp_path):
    path, _ = made(case, tmp_path)
    done = cli(command, path, *(["--kg", tmp_path / "kg"] if command == "build" else []))
    out, err = told(done)
    assert (done.returncode, out) == (2, "")
    assert err.startswith(str(path))
    assert err.count("\n") == 1
    assert not (tmp_path / "kg").exists()


def test_every_unreadable_source_is_named_in_one_run(tmp_path):
    paths = [made(case, tmp_path)[0] for case in ("old-xls", "no-csv")]
    done = cli("check", *paths, tmp_path / "no such file.xlsx")
    assert done.returncode == 2
    assert [line.split(":")[0] for line in told(done)[1].splitlines()] == [
        *map(str, paths),
        f"{tmp_path}/no such file.xlsx",
    ]


@pytest.mark.parametrize("form", ["workbook", "csco"])
def test_a_form_that_is_not_the_files(form, tmp_path):
    nothing = openpyxl.Workbook()
    nothing.active.title = "_lists"  # the hidden sheet of our template, which is not read
    nothing.save(tmp_path / "book.xlsx")
    with pytest.raises(UnreadableError) as caught:
        read_source(tmp_path / "book.xlsx", form)
    assert caught.value.problems[0].code == {"workbook": "no-known-sheet", "csco": "not-the-format"}[form]


def test_a_name_longer_than_any_file_may_have(tmp_path):
    with pytest.raises(UnreadableError) as caught:
        read_source(tmp_path / ("长" * 300))
    assert caught.value.problems[0].code == "cannot-open"


# Encodings and CSV habits


def csv_of(tmp_path, content):
    (tmp_path / "说明.csv").write_bytes(content)
    return read_tables(tmp_path)[0]


CONTENTS = [
    ("utf-8", "项,值\n标题,数控\n".encode(), (("项", "值"), ("标题", "数控"))),
    ("with a mark at its head", "项,值\n标题,数控\n".encode("utf-8-sig"), (("项", "值"), ("标题", "数控"))),
    ("lines of Windows", "项,值\r\n标题,数控\r\n".encode(), (("项", "值"), ("标题", "数控"))),
    ("no last line end", "项,值".encode(), (("项", "值"),)),
    ("a line break in a cell", '项,"上\n下"\n'.encode(), (("项", "上\n下"),)),
    ("a line break of Windows in a cell", '项,"上\r\n下"\r\n'.encode(), (("项", "上\n下"),)),
    ("blanks around", "  项 ,\t值　\n".encode(), (("项", "值"),)),
    ("quotes in a cell", '"他说""好""",b\n'.encode(), (('他说"好"', "b"),)),
    ("control characters", "项\x01,值\x1f\n".encode(), (("项", "值"),)),
    ("empty lines", "项,值\n\n,\n标题,x\n".encode(), (("项", "值"), (), ("", ""), ("标题", "x"))),
]


@pytest.mark.parametrize(("name", "content", "rows"), CONTENTS, ids=[c[0] for c in CONTENTS])
def test_csv_is_read_as_people_save_it(name, content, rows, tmp_path):
    table = csv_of(tmp_path, content)
    assert table.rows == rows
    assert table.problems == ()


def test_true_and_false_are_what_they_are_in_xlsx(tmp_path):
    table = csv_of(tmp_path, "TRUE,FALSE,True,TRUE。\n".encode())
    assert table.rows == (("是", "否", "True", "TRUE。"),)


def test_every_csv_with_another_separator_is_one_line(tmp_path):
    sheets = {name: [[";".join(row)] for row in rows] for name, rows in tables().items()}
    sheets["别的"] = [["a;b"], ["1;2"]]  # not a sheet of ours
    with pytest.raises(UnreadableError) as caught:
        read_source(write_csv(tmp_path / "book", sheets))
    assert {p.code for p in caught.value.problems} == {"wrong-separator"}
    assert len(caught.value.problems) == len(SHEETS)
    assert "分隔" in caught.value.problems[0].line("zh")


def test_a_sheet_not_ours_may_be_separated_as_it_likes(tmp_path):
    prepared = draft([write_csv(tmp_path / "book", tables() | {"别的": [["a;b"]]})])
    assert [p.code for p in prepared.problems] == ["unknown-sheet"]


def test_gb18030_is_read_and_said(tmp_path):
    table = csv_of(tmp_path, "项,值\n标题,车削㐀\n".encode("gb18030"))
    assert table.rows[1] == ("标题", "车削㐀")
    (problem,) = table.problems
    assert (problem.code, problem.severity, problem.where.file) == (
        "read-as-gb18030", "warning", str(tmp_path / "说明.csv"),
    )  # fmt: skip


def test_a_workbook_in_gb18030_gives_the_same_graph(tmp_path):
    plain = draft([small(tmp_path / "utf-8")])
    other = draft([write_csv(tmp_path / "gb", tables(), encoding="gb18030")])
    assert hash_of(plain) == hash_of(other)
    assert {problem.code for problem in other.problems} == {"read-as-gb18030"}
    assert len(other.problems) == len(SHEETS)


# What a cell of an xlsx file says

CELLS = [
    (3.0, "3"),
    (3, "3"),
    (2.5, "2.5"),
    (0.1 + 0.2, "0.3"),
    (1e22, "10000000000000000000000"),
    (-4, "-4"),
    (True, "是"),
    (False, "否"),
    (dt.date(2026, 9, 1), "2026-09-01"),
    (dt.datetime(2026, 9, 1), "2026-09-01"),  # noqa: DTZ001 - Excel knows no time zone
    (dt.datetime(2026, 9, 1, 8, 30), "2026-09-01 08:30:00"),  # noqa: DTZ001
    ("  车工 ", "车工"),
    ("上\n下", "上\n下"),
    ("460103", "460103"),
    (None, ""),
]


@pytest.mark.parametrize(("cell", "text"), CELLS, ids=[str(c[0]) for c in CELLS])
def test_a_cell_of_xlsx_is_what_a_person_would_type(cell, text, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["项", "值"])
    book.active.append(["标题", cell, "x"])
    book.save(tmp_path / "book.xlsx")
    assert read_tables(tmp_path / "book.xlsx")[0].rows[1] == ("标题", text, "x")


def page_of(tmp_path, fill):
    book = openpyxl.Workbook()
    book.active.title = "课程"
    fill(book.active)
    book.save(tmp_path / "书 一.xlsx")
    return read_tables(tmp_path / "书 一.xlsx")[0]


def test_leading_empty_rows_and_columns_keep_their_addresses(tmp_path):
    table = page_of(tmp_path, lambda page: page.__setitem__("C4", "甲"))
    assert table.rows[3][2] == "甲"
    assert not any(any(row) for row in table.rows[:3])
    assert str(table.address(3, 2)) == f"{tmp_path}/书 一.xlsx:课程!C4"


def test_a_merged_cell_speaks_for_all_its_cells(tmp_path):
    def fill(page):
        page.append(["代码", "名称", "学期"])
        page.append(["A", "甲", "1"])
        page.append([None, "乙", "2"])
        page.append([None, "丙", "3"])
        page.merge_cells("A2:A4")
        page.merge_cells("F20:G30")  # outside all that is filled

    assert [row[0] for row in page_of(tmp_path, fill).rows[:4]] == ["代码", "A", "A", "A"]


def xlsx_with_cell(path, cell):
    """A workbook whose cell B2 is written as given, as no library of ours would."""
    book = openpyxl.Workbook()
    book.active.append(["项", "值"])
    book.active.append(["标题", "PLACE"])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            if name == "xl/worksheets/sheet1.xml":
                start = data.index(b'<c r="B2"')
                end = data.index(b"</c>", start) + 4
                data = data[:start] + cell.encode() + data[end:]
            archive.writestr(name, data)
    return path


FORMULAS = [
    ('<c r="B2"><f>1+1</f></c>', ["B2"]),
    ('<c r="B2"><f>1+1</f><v></v></c>', ["B2"]),
    ('<c r="B2"><f>1+1</f><v/></c>', ["B2"]),
    ('<c r="B2"><f>1+1</f><v>2</v></c>', []),
    ('<c r="B2" t="str"><f>""</f><v></v></c>', []),  # a formula whose value is no text
    ('<c r="B2" t="str"><f>"a"</f><v>a</v></c>', []),
    ('<c r="B2"><v>2</v></c>', []),
]


@pytest.mark.parametrize(("cell", "without"), FORMULAS, ids=[c[0] for c in FORMULAS])
def test_a_formula_that_was_never_computed_is_not_believed(cell, without, tmp_path):
    table = read_tables(xlsx_with_cell(tmp_path / "book.xlsx", cell))[0]
    assert [(p.code, p.where.cell, p.severity) for p in table.problems] == [
        ("formula-without-value", place, "error") for place in without
    ]


ERRORS = [
    ('<c r="B2" t="e"><v>#REF!</v></c>', "#REF!"),
    ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
    ('<c t="e" s="0"><v>#N/A</v></c>', "#N/A"),  # without a name; openpyxl has written A2 before it
]


@pytest.mark.parametrize(("cell", "written"), ERRORS, ids=[c[1] for c in ERRORS])
def test_an_error_is_no_empty_cell(cell, written, tmp_path):
    table = read_tables(xlsx_with_cell(tmp_path / "book.xlsx", cell))[0]
    (problem,) = table.problems
    assert (problem.code, problem.where.cell, problem.severity) == ("error-value", "B2", "error")
    assert written in problem.line("zh")
    assert table.unread == {problem.where}


def test_an_error_refuses_its_row_and_is_one_line(tmp_path):
    sheets = tables() | {"统计": [["x"], ["#DIV/0!"]]}  # a sheet of the user's own: not read, so no error
    sheets["课程"][2][13] = "#REF!"
    prepared = draft([write_xlsx(tmp_path / "book.xlsx", sheets)])
    assert [(p.code, p.where.cell) for p in prepared.errors] == [("error-value", "N3")]
    assert [p.code for p in prepared.problems if p.severity != "error"] == ["unknown-sheet"]


def test_many_errors_are_all_named(tmp_path):
    sheets = tables()
    sheets["课程"] += [["460103", f"X{n}", *["#N/A"] * 10] for n in range(1000)]
    path = write_xlsx(tmp_path / "book.xlsx", sheets)
    assert len(draft([path]).errors) == 10_000


# A value far out


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1", "A100001", "CW1"])
def test_a_stray_cell_is_named_and_nothing_read(cell, tmp_path):
    with pytest.raises(UnreadableError) as caught:
        page_of(tmp_path, lambda page: page.__setitem__(cell, "x"))
    (problem,) = caught.value.problems
    assert (problem.code, str(problem.where)) == ("stray-cell", f"{tmp_path}/书 一.xlsx:课程!{cell}")


def test_a_stray_formula_is_one_too(tmp_path):
    with pytest.raises(UnreadableError) as caught:
        page_of(tmp_path, lambda page: page.__setitem__("XFD1048576", "=1+1"))
    assert caught.value.problems[0].code == "stray-cell"


def test_formats_far_out_are_no_cells(tmp_path):
    def fill(page):
        page["B2"] = "x"
        page["XFD1048576"].number_format = "0.00"
        page["A1048576"].number_format = "0.00"

    assert page_of(tmp_path, fill).rows == (("", ""), ("", "x"))


def test_the_last_cells_that_are_read(tmp_path):
    def fill(page):
        page["CV1"] = "x"
        page["A3"] = "y"

    table = page_of(tmp_path, fill)
    assert (table.rows[0][99], table.rows[2][0]) == ("x", "y")


# Names of sheets and files


def test_only_our_own_hidden_sheet_is_passed_over(tmp_path):
    path = write_xlsx(tmp_path / "book.xlsx", {"_lists": [["a"]], "_课程": [["b"]], "课程": [["c"]]})
    assert [table.name for table in read_tables(path)] == ["_课程", "课程"]


@pytest.mark.parametrize("suffix", [".xlsx", ""])
def test_a_name_that_is_not_utf_8(suffix, tmp_path):
    """As a file of an old Chinese Windows arrives on a system of UTF-8."""
    path = tmp_path / os.fsdecode("课程".encode("gb18030") + suffix.encode())
    written = write_xlsx(tmp_path / "a.xlsx", tables()) if suffix else write_csv(tmp_path / "a", tables())
    try:
        written.rename(path)
    except OSError:
        pytest.skip("this file system takes no such name")
    assert draft([path]).problems == []
    assert cli("check", path).returncode == 0


def test_a_formula_without_value_through_the_command(tmp_path):
    book = openpyxl.load_workbook(write_xlsx(tmp_path / "book.xlsx", tables()))
    book["课程"]["I2"] = "=20+20"
    book.save(tmp_path / "book.xlsx")
    done = cli("check", tmp_path / "book.xlsx")
    assert done.returncode == 1
    assert told(done)[0].splitlines()[0] == (
        f"{tmp_path}/book.xlsx:课程!I2: the formula has no computed value; "
        "open and save it in Excel, or replace the formula by its value"
    )


# One workbook, one graph


def test_xlsx_and_csv_and_english_and_full_width_are_one_graph(tmp_path):
    wide = tables()
    wide["课程"] = [wide["课程"][0]] + [[cell.translate(FULL_WIDTH) for cell in row] for row in wide["课程"][1:]]
    wide["覆盖"][1][7] = "讲授;考核"
    wide["课程"][3][13] = "GG1；GG2"
    wide["专业"][0] = [f"{name} *" for name in wide["专业"][0]]
    drafts = {
        "csv": draft([small(tmp_path / "小 书")]),
        "xlsx": draft([write_xlsx(tmp_path / "小 书.xlsx", tables())]),
        "xlsx of text": draft([write_xlsx(tmp_path / "text.xlsx", tables(), numbers=False)]),
        "English": draft([write_csv(tmp_path / "english", in_english(tables()))]),
        "English xlsx": draft([write_xlsx(tmp_path / "english.xlsx", in_english(tables()))]),
        "full width": draft([write_csv(tmp_path / "wide", wide)]),
    }
    assert {name: prepared.problems for name, prepared in drafts.items() if prepared.problems} == {}
    assert len({name: hash_of(prepared) for name, prepared in drafts.items()}.values()) == 6
    assert len(set(map(hash_of, drafts.values()))) == 1


FULL_WIDTH = {ord("0") + n: ord("０") + n for n in range(10)} | {ord("、"): ";"}


@pytest.mark.parametrize(
    ("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_have_the_names_of_a_spreadsheet(column, letters):
    assert column_letters(column) == letters
    assert str(Table("f", "s", ()).address(4, column)) == f"f:s!{letters}5"


# Whatever is in the file, it is a Reading or a line: never a traceback

XLSX = io.BytesIO()
write_xlsx(XLSX, tables())
PIECES = st.one_of(
    st.sampled_from(
        ["、", "；;", "@", "460103@", "-0", "1e400", "NaN", "９" * 30, "٣", "²", "\n", '"', "'", "=1+1", "x" * 9000]
    ),
    st.text(max_size=8),
    st.integers().map(str),
    st.floats().map(str),
)
LENIENT = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def lines_of(path):
    """Read a source to the end, and say every problem in both languages."""
    try:
        prepared = draft([path])
        problems = prepared.problems
        assert all(isinstance(reading, Reading) for reading in prepared.readings)
    except ZhijiError as error:
        problems = error.problems
        assert problems
    return [problem.line(language) for problem in problems for language in ("zh", "en")]


@LENIENT
@given(data=st.data())
def test_any_cells_give_lines_and_never_a_traceback(tmp_path_factory, data):
    sheets = tables()
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(sorted(sheets)))
        row = data.draw(st.sampled_from(sheets[name]))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(PIECES)
    path = write_csv(tmp_path_factory.mktemp("fuzz"), sheets, encoding="utf-8")
    for line in lines_of(path):
        assert line.strip()


@LENIENT
@given(seed=st.integers(0, 2**32), count=st.integers(1, 12))
def test_any_bytes_of_a_csv_give_lines_and_never_a_traceback(tmp_path_factory, seed, count):
    path = write_csv(tmp_path_factory.mktemp("fuzz"), tables())
    chance = random.Random(seed)
    file = path / f"{chance.choice(list(SHEETS))}.csv"
    file.write_bytes(mutated(file.read_bytes(), chance, count))
    lines_of(path)


@LENIENT
@given(seed=st.integers(0, 2**32), count=st.integers(1, 12))
def test_any_bytes_of_an_xlsx_give_lines_and_never_a_traceback(tmp_path_factory, seed, count):
    path = tmp_path_factory.mktemp("fuzz") / "book.xlsx"
    path.write_bytes(mutated(XLSX.getvalue(), random.Random(seed), count))
    lines_of(path)


@LENIENT
@given(seed=st.integers(0, 2**32), count=st.integers(1, 6))
def test_any_part_of_an_xlsx_gives_lines_and_never_a_traceback(tmp_path_factory, seed, count):
    """The zip is whole, so that what lies behind it is reached."""
    path, chance = tmp_path_factory.mktemp("fuzz") / "book.xlsx", random.Random(seed)
    with zipfile.ZipFile(XLSX) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    victim = chance.choice([name for name in parts if name.startswith("xl/") and "theme" not in name])
    if chance.random() < 0.2:
        del parts[victim]
    else:
        parts[victim] = mutated(parts[victim], chance, count)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    lines_of(path)


def mutated(content, chance, count):
    content = bytearray(content)
    for _ in range(count):
        place = chance.randrange(max(1, len(content)))
        kind = chance.randrange(4)
        if kind == 0 and content:
            content[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            content[place:place] = chance.choice(
                [b'"', b",", b"\n", b"\0", b"\xff", struct.pack("<I", chance.getrandbits(32))]
            )
        elif kind == 2:
            del content[place : place + chance.randrange(40)]
        else:
            content[place:place] = content[place : place + chance.randrange(200)]
    return bytes(content)
