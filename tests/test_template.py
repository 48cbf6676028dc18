"""The template: it explains itself, offers lists, and reads to the very graph of its example."""

import csv
import tomllib
from functools import cache

import openpyxl
import pytest
import rdflib

from zhiji_kg.build import draft
from zhiji_kg.errors import CannotRunError, ExitStatus, UnreadableError
from zhiji_kg.rdf import DefaultGraph, Quad, graph_hash, nquads
from zhiji_kg.resources import EXAMPLES, LAYOUTS, ONTOLOGY, examples
from zhiji_kg.sources import read_source
from zhiji_kg.sources.workbook.layout import workbook_layout
from zhiji_kg.template import init_project, write_template
from zhiji_kg.texts import folded
from zhiji_kg.vocabulary import curie, scheme_value, zj

LAYOUT = workbook_layout()
COLUMNS = [(sheet, column) for sheet in LAYOUT.sheets for column in sheet.columns]
COLUMNS += [(LAYOUT.sheets[1], column) for column in LAYOUT.evidence]
NAMES = [example.name for example in examples()]
PLAN = EXAMPLES / "hv-cnc-460103"
TYPED_LISTS = {"boolean": "boolean", "depth": "depth", "level": "skill_level"}


def name_of(value):
    return getattr(value, "key", str(value))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("模板 一")


@pytest.fixture(scope="module")
def filled(folder):
    """The templates filled from the examples, by the example's name."""
    paths = {name: folder / f"{name}.xlsx" for name in NAMES}
    for name, path in paths.items():
        write_template(path, EXAMPLES / name)
    return paths


@pytest.fixture(scope="module")
def book(filled):
    return openpyxl.load_workbook(filled[PLAN.name])


@pytest.fixture(scope="module")
def empty(folder):
    path = folder / "空.xlsx"
    write_template(path)
    return openpyxl.load_workbook(path)


def lines(reading):
    return sorted(map(str, reading.triples))


def quads(reading):
    return [Quad(*triple, DefaultGraph()) for triple in reading.triples]


def facts(problems):
    return sorted((p.code, p.severity, p.where.sheet, p.where.cell) for p in problems)


def write_csv(folder, sheet, *rows):
    folder.mkdir(exist_ok=True)
    with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


# The layout itself


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=name_of)
def test_every_column_says_what_to_write(sheet, column):
    for said in (column.about.zh, column.about.en):
        assert said.strip() == said
        assert 4 <= len(said) <= 160
    assert column.about.zh[-1] == "。"
    assert column.about.en[-1] == "."
    assert column.about.zh != column.about.en


@pytest.mark.parametrize("sheet", LAYOUT.sheets, ids=name_of)
def test_every_sheet_says_what_it_is_for(sheet):
    assert sheet.about.zh[-1] == "。"
    assert sheet.about.en[-1] == "."


@cache
def ontology():
    graph = rdflib.Graph()
    for path in sorted(ONTOLOGY.glob("*.ttl")):
        graph.parse(path)
    return graph


def kinds(iri):
    return {str(kind).rpartition("#")[2] for kind in ontology().objects(rdflib.URIRef(iri.value), rdflib.RDF.type)}


@pytest.mark.parametrize("sheet", LAYOUT.sheets, ids=name_of)
def test_every_property_and_class_of_the_layout_is_in_the_ontology(sheet):
    named = {column.property for column in sheet.all_columns if column.property} | {link[1] for link in sheet.links}
    assert not {name for name in named if not kinds(zj(name)) & {"ObjectProperty", "DatatypeProperty"}}
    classes = {entity.of_class for entity in sheet.entities if entity.of_class}
    classes |= {column.refers[1] for column in sheet.columns if column.refers}
    assert not {name for name in classes if "Class" not in kinds(curie(name))}


@pytest.mark.parametrize("column", {c.words: c for _, c in COLUMNS if c.property and c.words}.values(), ids=name_of)
def test_every_word_of_a_property_is_a_value_of_a_scheme(column):
    ranges = set(ontology().objects(rdflib.URIRef(zj(column.property).value), rdflib.RDFS.range))
    for word, value in LAYOUT.words[column.words].items():
        types = set(ontology().objects(rdflib.URIRef(scheme_value(value).value), rdflib.RDF.type))
        assert types & ranges, word


def test_the_words_of_other_columns_lead_somewhere_too():
    assert not {v for v in LAYOUT.words["point_type"].values() if "Class" not in kinds(zj(v))}
    values = [*LAYOUT.words["requirement_kind"].values(), *LAYOUT.words["skill_level"].values()]
    assert not {value for value in values if not kinds(scheme_value(value))}
    assert kinds(scheme_value("examination-result/no-match"))
    assert set(LAYOUT.words["depth"].values()) == {"1", "2", "3", "4"}
    assert set(LAYOUT.words["boolean"].values()) == {"true", "false"}


def test_columns_name_words_that_exist():
    assert not {column.words for _, column in COLUMNS} - {""} - LAYOUT.words.keys()


# Values survive


@pytest.mark.parametrize("name", NAMES)
def test_the_template_reads_to_the_triples_of_its_example(filled, name):
    before, after = read_source(EXAMPLES / name), read_source(filled[name])
    assert after.identifier == before.identifier
    assert lines(after) == lines(before)
    assert graph_hash(nquads(quads(after))) == graph_hash(nquads(quads(before)))
    assert facts(p for p in after.problems if p.code != "sheets-without-rows") == facts(before.problems)


def test_all_templates_together_give_the_graph_of_the_examples(filled):
    before, after = draft(examples()), draft(list(filled.values()))
    assert not after.errors
    assert graph_hash(nquads(after.dataset.quads())) == graph_hash(nquads(before.dataset.quads()))


@pytest.mark.parametrize("name", NAMES)
def test_cells_keep_their_values_and_their_rows(filled, name):
    written = openpyxl.load_workbook(filled[name])
    for path in sorted((EXAMPLES / name).glob("*.csv")):
        sheet = written[path.stem]
        places = {cell.value.strip("*"): cell.column for cell in sheet[1]}
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                seen = {key: sheet.cell(number, places[key]).value for key in row}
                assert {key: "" if v is None else str(v) for key, v in seen.items()} == row


def test_numbers_are_numbers_and_codes_are_text(book):
    courses = {cell.value: cell.column for cell in book["课程"][1]}
    row = {name: book["课程"].cell(2, column) for name, column in courses.items()}
    assert row["学分"].value == 3
    assert row["理论学时"].data_type == "n"
    assert (row["专业代码*"].value, row["专业代码*"].data_type) == ("460103", "s")
    assert book["专业"]["B2"].value == 2024


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("12", 12),
        ("2.5", 2.5),
        ("-1", -1),
        ("0", 0),
        ("0.1", 0.1),
        ("007", "007"),
        ("1e3", "1e3"),
        ("１２", "１２"),
        ("1.2345678901234567", "1.2345678901234567"),
        ("12345678901234567", "12345678901234567"),
        ("约 12", "约 12"),
        ("1、2", "1、2"),
        ("=1+1", "=1+1"),
        (".", "."),
    ],
)
def test_a_number_becomes_one_only_where_no_digit_is_lost(tmp_path, written, kept):
    write_csv(tmp_path / "例", "课程", ["专业代码", "课程代码", "学分"], ["P", "C", written])
    write_template(tmp_path / "模板.xlsx", tmp_path / "例")
    sheet = openpyxl.load_workbook(tmp_path / "模板.xlsx")["课程"]
    assert sheet.cell(2, 10).value == kept
    assert sheet.cell(1, 10).value == "学分"


@pytest.mark.parametrize("trap", ["=1+1", "+x", "@x", "-x", '=HYPERLINK("http://x")', "http://example.org"])
def test_strangers_cells_do_not_become_formulas(tmp_path, trap):
    write_csv(tmp_path / "例", "岗位", ["岗位代码", "名称", trap], [trap, trap, trap])
    write_template(tmp_path / "模板.xlsx", tmp_path / "例")
    sheet = openpyxl.load_workbook(tmp_path / "模板.xlsx")["岗位"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == trap]
    assert len(found) == 4
    assert {(cell.data_type, cell.hyperlink) for cell in found} == {("s", None)}


def test_rows_blank_columns_unknown_and_columns_in_another_order(tmp_path):
    example = tmp_path / "例"
    write_csv(example, "说明", ["项", "值"], ["工作簿标识", "x"])
    write_csv(
        example, "岗位", ["岗位代码*", "备注", "职业编码", "name", "", "_私"],
        ["P1", "注", "", "甲", "", "私"], [], ["P2", "", "6-18-01-01", "乙"],
    )  # fmt: skip
    write_csv(example, "不认识", ["a"], ["b"])
    write_template(tmp_path / "模板.xlsx", example)
    before, after = read_source(example), read_source(tmp_path / "模板.xlsx")
    assert lines(after) == lines(before)
    book = openpyxl.load_workbook(tmp_path / "模板.xlsx")
    assert "不认识" not in book.sheetnames
    rows = [[cell.value for cell in row] for row in book["岗位"].iter_rows(max_row=4)]
    assert rows[0][:3] == ["岗位代码*", "名称*", "职业编码"]
    assert rows[0][-2:] == ["备注", "_私"]
    assert rows[1] == ["P1", "甲", None, None, None, None, None, None, "注", "私"]
    assert set(rows[2]) == {None}
    assert rows[3][:3] == ["P2", "乙", "6-18-01-01"]


def test_a_template_is_an_example_too(filled, tmp_path):
    again = tmp_path / "再.xlsx"
    write_template(again, filled[PLAN.name])
    assert again.read_bytes() == filled[PLAN.name].read_bytes()


def test_an_example_that_is_not_there(tmp_path):
    with pytest.raises(UnreadableError):
        write_template(tmp_path / "模板.xlsx", tmp_path / "没有")
    assert not list(tmp_path.iterdir())


# What stands in it


def test_all_sheets_in_order_then_the_hidden_lists(book, empty):
    for one in (book, empty):
        assert one.sheetnames == [sheet.zh for sheet in LAYOUT.sheets] + ["_lists"]
        assert [sheet.sheet_state for sheet in one] == ["visible"] * len(LAYOUT.sheets) + ["hidden"]


@pytest.mark.parametrize("sheet", LAYOUT.sheets, ids=name_of)
def test_headings_are_starred_coloured_and_explained(book, sheet):
    row = book[sheet.zh][1]
    assert [cell.value.rstrip("*") for cell in row] == [column.zh for column in sheet.all_columns]
    for cell, column in zip(row, sheet.all_columns, strict=True):
        assert cell.value.endswith("*") == column.required
        assert cell.fill.fgColor.rgb == ("FFF8CBAD" if column.required else "FFE7E6E6")
        said = cell.comment.text
        assert said.index(column.about.zh) < said.index(column.about.en)
    assert row[0].comment.text.startswith(f"【{sheet.zh}】{sheet.about.zh}\n[{sheet.en}] {sheet.about.en}")


def offered(words):
    seen = {}
    for word, value in LAYOUT.words[words].items():
        seen.setdefault(value, word)
    return list(seen.values())


def rule_of(page, cell):
    return [rule for rule in page.data_validations.dataValidation if cell in rule.sqref]


def behind(book, rule):
    name, _, place = rule.formula1.partition("!")
    cells = book[name][place.replace("$", "")]
    return [row[0].value for row in cells] if isinstance(cells, tuple) else [cells.value]


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=name_of)
def test_columns_of_words_offer_them(book, sheet, column):
    if sheet.key == "about":
        return
    place = sheet.all_columns.index(column) + 1
    page = book[sheet.zh]
    words = column.words or TYPED_LISTS.get(column.type)
    for row in (2, 500, 10_000):
        rules = rule_of(page, page.cell(1, place).column_letter + str(row))
        assert len(rules) == bool(words)
    assert not rule_of(page, page.cell(1, place).coordinate)
    if words:
        assert behind(book, rules[0]) == offered(words)
        assert bool(rules[0].showErrorMessage) == (column.type != "words")
        assert rules[0].errorStyle == "warning"  # synonyms and English words are read too
        assert "、" in rules[0].prompt or column.type != "words"


@pytest.mark.parametrize("words", sorted({c.words or TYPED_LISTS.get(c.type, "") for _, c in COLUMNS} - {""}))
def test_what_is_offered_is_understood(words):
    assert all(LAYOUT.value(words, word) for word in offered(words))
    assert {LAYOUT.value(words, word) for word in offered(words)} == set(LAYOUT.words[words].values())


def test_lists_beyond_what_excel_takes_in_a_rule_are_referred_to(book):
    rules = [rule for page in book for rule in page.data_validations.dataValidation]
    assert rules
    assert all(rule.formula1.startswith("_lists!$") for rule in rules)


def test_the_sheet_about_says_that_this_is_an_example(book):
    rows = {row[0].value: row[1].value for row in book["说明"].iter_rows(min_row=2) if row[0].value}
    assert rows["标题"].startswith("【示例】")
    assert rows["来源"].startswith("示例数据：")
    assert rows["证据等级"] == "示例"
    assert "工作簿标识" in behind(book, rule_of(book["说明"], "A2")[0])
    grade = next(row for row in book["说明"].iter_rows() if row[0].value == "证据等级")[1]
    assert behind(book, rule_of(book["说明"], grade.coordinate)[0]) == ["直接", "规则", "推断", "示例"]


def test_an_empty_template_asks_for_its_identifier(empty, folder):
    assert [cell.value for cell in empty["说明"]["A"] if cell.value] == [
        "项*",
        *(n[0] for n in LAYOUT.about.values()),
    ]
    assert not any(cell.value for cell in empty["说明"]["B"][1:])
    assert [p.code for p in read_source(folder / "空.xlsx").problems if p.severity == "error"] == ["no-identifier"]


def test_headings_and_first_columns_stay_in_sight(book):
    names = ("说明", "专业", "覆盖", "课程", "要素点", "成效")
    assert [book[name].freeze_panes for name in names] == ["B2", "D2", "D2", "D2", "D2", "C2"]
    assert book["课程"].auto_filter.ref == "A1:Z51"
    assert book["要素点"].auto_filter.ref is None
    assert 20 < book["课程"].column_dimensions["C"].width <= 41


# What is locked


def locked_columns(page, row):
    return {page.cell(1, cell.column).value.rstrip("*") for cell in page[row] if cell.protection.locked}


@pytest.mark.parametrize(
    ("name", "sheet", "locked"),
    [
        ("hv-cnc-460103", "专业", {"专业代码"}),
        ("hv-cnc-460103", "课程", {"课程代码"}),
        ("hv-cnc-460103", "覆盖", set()),
        ("hv-cnc-460103", "证书", {"证书代码"}),
        ("hv-cnc-460103", "阶段与认定", {"阶段代码"}),
        ("hv-cnc-460103", "说明", set()),
        ("std-cnc-turner-2005", "要素点", {"要素点代码"}),
        ("std-cnc-turner-2005", "职业标准", {"标准代码", "要求代码"}),
        ("occupation-turner-6-18-01-01", "典型工作任务", {"任务代码"}),
    ],
)
def test_identifiers_are_locked_where_filled_in_and_blank_rows_are_open(filled, name, sheet, locked):
    page = openpyxl.load_workbook(filled[name])[sheet]
    last = max(cell.row for cell in page["A"] if cell.value)
    assert locked_columns(page, 2) == locked_columns(page, last) == locked
    assert all(cell.protection.locked for cell in page[1])
    for row in range(last + 1, last + 51):
        assert not locked_columns(page, row)
    comments = [cell.comment.text for cell in page[1] if cell.value.rstrip("*") in locked]
    assert all("没有密码" in text and "no password" in text for text in comments)


def test_every_cell_below_and_beside_is_open(book):
    for sheet in LAYOUT.sheets:
        columns = book[sheet.zh].column_dimensions
        assert not any(column.protection.locked for column in columns.values())
        assert max(column.max for column in columns.values()) == 256


def test_protection_is_without_password_and_lets_a_teacher_add_rows(book):
    for sheet in LAYOUT.sheets:
        guard = book[sheet.zh].protection
        assert (guard.sheet, guard.password) == (True, None)
        assert not any((guard.insertRows, guard.sort, guard.formatCells, guard.formatColumns, guard.autoFilter))


def test_a_row_added_by_hand_is_read(filled, tmp_path):
    book = openpyxl.load_workbook(filled[PLAN.name])
    page = book["岗位"]
    page["A2"], page["B2"], page["C2"] = "P-1", "数控车床操作工", "6-18-01-01"
    book.save(tmp_path / "改.xlsx")
    before, after = read_source(PLAN), read_source(tmp_path / "改.xlsx")
    added = set(lines(after)) - set(lines(before))
    assert not set(lines(before)) - set(lines(after))
    assert any("id/post/P-1" in line for line in added)


# Files


def test_same_example_same_bytes(filled, tmp_path):
    write_template(tmp_path / "又.xlsx", PLAN)
    assert (tmp_path / "又.xlsx").read_bytes() == filled[PLAN.name].read_bytes()


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    with pytest.raises(CannotRunError) as caught:
        write_template(tmp_path / "文件" / "模板.xlsx")
    assert caught.value.problems[0].code == "cannot-write"


# A new project

FILES = ["培养方案.xlsx", "职业标准.xlsx", "典型工作任务.xlsx", "zhiji.toml"]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    directory = tmp_path_factory.mktemp("项目") / "我的 项目" / "深"
    return directory, init_project(directory)


def test_a_project_is_three_workbooks_and_settings(project):
    directory, paths = project
    assert paths == [directory / name for name in FILES]
    assert sorted(path.name for path in directory.iterdir()) == sorted(FILES)


def test_the_settings_name_the_workbooks(project):
    directory, _ = project
    written = (directory / "zhiji.toml").read_text(encoding="utf-8")
    assert tomllib.loads(written) == {"sources": FILES[:3], "kg": "kg"}
    uncommented = written.replace('# profile = "', 'profile = "')
    assert tomllib.loads(uncommented)["profile"] == "profile.toml"
    assert "示例数据" in written
    assert "example" in written
    assert str(directory) not in written


def test_a_new_project_can_be_built_as_it_is(project):
    _, paths = project
    names = ("hv-cnc-460103", "std-cnc-turner-2005", "occupation-turner-6-18-01-01")
    made, shipped = draft(paths[:3]), draft([EXAMPLES / name for name in names])
    assert not made.errors
    assert graph_hash(nquads(made.dataset.quads())) == graph_hash(nquads(shipped.dataset.quads()))
    assert {p.severity for p in made.problems if p.code == "sheets-without-rows"} == {"note"}


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_ever_overwritten(tmp_path, name):
    (tmp_path / name).write_text("我的", encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        init_project(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.values["name"]) == ("folder-not-empty", name)
    assert caught.value.status is ExitStatus.UNREADABLE
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "我的"


def test_other_files_may_lie_in_the_folder(tmp_path):
    (tmp_path / "笔记.txt").write_text("我的", encoding="utf-8")
    assert len(init_project(tmp_path)) == 4
    assert (tmp_path / "笔记.txt").read_text(encoding="utf-8") == "我的"


@pytest.mark.parametrize("inside", ["", "深"])
def test_a_folder_that_cannot_be_made(tmp_path, inside):
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    with pytest.raises(CannotRunError) as caught:
        init_project(tmp_path / "文件" / inside)
    assert caught.value.problems[0].code == "cannot-write"


def test_headings_fold_the_star():
    assert folded("专业代码*") == folded("专业代码") == folded("专业代码 ＊")
    assert (LAYOUTS / "workbook.toml").is_file()
