"""The national classification: a small table of our own in its format, and each trap it holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_workbook import cli, told

from zhiji_kg.build import build, draft, hash_of
from zhiji_kg.errors import Problem
from zhiji_kg.sources import read_source
from zhiji_kg.sources.classification import is_classification, main_tasks, read_classification
from zhiji_kg.sources.tables import Table
from zhiji_kg.store import open_store
from zhiji_kg.vocabulary import shorten

# Not text of the classification: groups, occupations and tasks are made up here.
SMALL = """level,code,code_num,name,definition,tasks,csco_code_num,alias
1,9-00-00-00,9000000,造物人员,,,9000000,造物人员
2,9-01-00-00,9010000,造船人员,,,9010000,
3,9-01-01-00,9010100,木船人员,,,9010100,
4,9-01-01-01,9010101,木船工L,造木船的人员。,1.选木料 2.锯木板； 3.拼船身。,9010101,
4,9-01-01-02,9010102,纸船工L/S,折纸船的人员。,1.选纸；2.折纸；3.试航。,9010102,
4,9-01-01-03,9010103,船标工S,,,9010103,
4,9-01-01-03,9010103,船标工S,,,9010103,
3,9-01-02-00,9010200,铁船人员,,,9010200,
4,9-01-02-00,9010200,铁船人员,造铁船的人员。,1.打铁 2.造船,9010200,
2,9-02-00-00,9020000,造车人员,,,9020000,
2,9-02-00-00,9020000,造车人员,,,9020000,
"""
PREFIX = "https://w3id.org/zhiji/id/"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("职业 分类") / "大典 摘录.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def reading(file):
    return read_source(file)


def facts(reading, subject):
    return {
        (shorten(t.predicate.value), shorten(t.object.value) if t.object.value.startswith("http") else t.object.value)
        for t in reading.triples
        if t.subject.value == PREFIX + subject
    }


def subjects(reading, of_class):
    return {
        t.subject.value.removeprefix(PREFIX)
        for t in reading.triples
        if shorten(t.predicate.value) == "rdf:type" and shorten(t.object.value) == f"zj:{of_class}"
    }


def test_what_is_there(reading):
    assert subjects(reading, "Occupation") == {f"occupation/9-01-{n}" for n in ("01-01", "01-02", "01-03", "02-00")}
    assert subjects(reading, "OccupationGroup") == {
        f"occupation-group/9-{n}" for n in ("00-00-00", "01-00-00", "01-01-00", "01-02-00", "02-00-00")
    }
    assert len(subjects(reading, "TypicalWorkTask")) == len(subjects(reading, "Requirement")) == 8
    assert len(subjects(reading, "CapabilityPoint")) == 8


def test_each_repeat_and_each_doubled_code_is_one_warning(reading, file):
    assert [
        (p.severity, p.code, str(p.where).removeprefix(str(file)), p.values["first"]) for p in reading.problems[:3]
    ] == [
        ("warning", "row-repeated", ":大典 摘录!B8", "A7"),
        ("warning", "code-doubled", ":大典 摘录!B10", "A9"),
        ("warning", "row-repeated", ":大典 摘录!B12", "A11"),
    ]
    (note,) = reading.problems[3:]
    assert (note.severity, note.code, note.values["columns"]) == ("note", "columns-left-out", "alias")


def test_marks_are_no_part_of_the_name(reading):
    assert {("rdfs:label", "木船工"), ("zj:hasMark", "zjd:mark/green")} <= facts(reading, "occupation/9-01-01-01")
    both = facts(reading, "occupation/9-01-01-02")
    assert {("rdfs:label", "纸船工"), ("zj:hasMark", "zjd:mark/green"), ("zj:hasMark", "zjd:mark/digital")} <= both
    assert ("zj:hasMark", "zjd:mark/digital") in facts(reading, "occupation/9-01-01-03")


def test_an_occupation_says_where_it_belongs_and_where_it_was_read(reading):
    assert {
        ("zj:inOccupationGroup", "zjd:occupation-group/9-01-01-00"), ("skos:notation", "9-01-01-01"),
        ("skos:definition", "造木船的人员。"), ("zj:catalogueEdition", "2022"), ("zj:locator", "csco-2022!A5"),
        ("prov:wasDerivedFrom", "zjd:source/csco-2022"), ("zj:evidenceGrade", "zjd:evidence-grade/direct"),
    } <= facts(reading, "occupation/9-01-01-01")  # fmt: skip
    assert ("zj:withinGroup", "zjd:occupation-group/9-01-00-00") in facts(reading, "occupation-group/9-01-01-00")
    assert "zj:withinGroup" not in {name for name, _ in facts(reading, "occupation-group/9-00-00-00")}


def test_a_main_task_is_a_task_with_one_requirement_on_one_point_of_the_same_name(reading):
    name = ("rdfs:label", "锯木板")
    task = facts(reading, "task/9-01-01-01-2")
    assert {name, ("zj:position", "2"), ("zj:hasRequirement", "zjd:requirement/task-9-01-01-01-2")} <= task
    requirement = facts(reading, "requirement/task-9-01-01-01-2")
    assert {name, ("zj:requiredPoint", "zjd:point/9-01-01-01-2")} <= requirement
    assert "zj:leastDepth" not in dict(requirement)
    assert {name, ("rdf:type", "zj:CapabilityPoint")} <= facts(reading, "point/9-01-01-01-2")


def test_an_occupation_without_a_group_of_level_3_belongs_to_the_nearest_above():
    rows = (
        HEAD,
        ("1", "9-00-00-00", "甲"),
        ("2", "9-02-00-00", "乙"),
        ("4", "9-02-03-01", "丙"),
        ("4", "9-03-00-01", "丁"),
    )
    reading = read_classification(Table("f.csv", "f", rows))
    assert ("zj:inOccupationGroup", "zjd:occupation-group/9-02-00-00") in facts(reading, "occupation/9-02-03-01")
    assert ("zj:inOccupationGroup", "zjd:occupation-group/9-00-00-00") in facts(reading, "occupation/9-03-00-01")


CELLS = [
    ("", []),
    ("无编号", []),
    ("1.甲", [(1, "甲")]),
    ("1.甲 2.乙", [(1, "甲"), (2, "乙")]),
    ("1.甲；2.乙；3.丙。", [(1, "甲"), (2, "乙"), (3, "丙")]),
    ("1.甲; 2．乙 3、丙", [(1, "甲"), (2, "乙"), (3, "丙")]),
    ("1.甲\n2.乙", [(1, "甲"), (2, "乙")]),
    (" 1 . 甲  2 .乙", [(1, "甲"), (2, "乙")]),
    ("1.甲，2件 2.乙", [(1, "甲，2件"), (2, "乙")]),
    ("1.用3.5吨锤 2.乙", [(1, "用3.5吨锤"), (2, "乙")]),
    ("1.3D打印 2.乙", [(1, "3D打印"), (2, "乙")]),
    ("1.甲 2. 3.丙", [(1, "甲"), (3, "丙")]),
    (" ".join(f"{n}.做{n}" for n in range(1, 13)), [(n, f"做{n}") for n in range(1, 13)]),
]


@pytest.mark.parametrize(("cell", "items"), CELLS)
def test_the_items_of_a_cell(cell, items):
    assert main_tasks(cell) == items


@given(
    st.lists(st.text("甲乙丙丁戊己", min_size=1, max_size=8), min_size=1, max_size=20),
    st.sampled_from([" ", "；", "； ", "\n", ";"]),
    st.sampled_from([".", "．", "、", ". "]),
)
def test_items_are_found_whatever_separates_them(items, separator, dot):
    cell = separator.join(f"{number}{dot}{words}" for number, words in enumerate(items, start=1))
    assert main_tasks(cell) == list(enumerate(items, start=1))


HEAD = ("level", "code", "name", "definition", "tasks")
WRONG = [
    (("4", "9-01-01", "甲"), "not-of-the-classification", "B2"),
    (("4", "", "甲"), "not-of-the-classification", "B2"),
    (("4", "９-01-01-01", "甲"), "not-of-the-classification", "B2"),
    (("5", "9-01-01-01", "甲"), "not-of-the-classification", "A2"),
    (("12", "9-01-01-01", "甲"), "not-of-the-classification", "A2"),
    (("", "9-01-01-01", "甲"), "not-of-the-classification", "A2"),
    (("4", "9-01-01-01", ""), "required-cell-empty", "C2"),
    (("4", "9-01-01-01"), "required-cell-empty", "C2"),
    (("4",), "not-of-the-classification", "B2"),
]


@pytest.mark.parametrize(("row", "code", "cell"), WRONG)
def test_a_row_that_is_not_of_the_classification(row, code, cell):
    (problem,) = read_classification(Table("f.csv", "f", (HEAD, row))).problems
    assert (problem.code, problem.severity, problem.where.cell) == (code, "error", cell)
    assert "\n" not in problem.line("zh") + problem.line("en")


TASKS = [
    ("做甲", "tasks-without-number", "做甲", []),
    ("长" * 30, "tasks-without-number", "长" * 20 + "…", []),
    ("总之： 1.做甲 2.做乙", "text-before-first-number", "总之：", [("1", "做甲"), ("2", "做乙")]),
    ("1.做甲 1.做乙 2.做丙", "task-number-twice", "1", [("1", "做甲"), ("2", "做乙"), ("3", "做丙")]),
    (
        "2.做甲 5.做乙 5.做丙 2.做丁",
        "task-number-twice",
        "2、5",
        [("1", "做甲"), ("2", "做乙"), ("3", "做丙"), ("4", "做丁")],
    ),
]


@pytest.mark.parametrize(("cell", "code", "shown", "kept"), TASKS)
def test_tasks_that_are_not_numbered_as_they_should_be(cell, code, shown, kept):
    reading = read_classification(Table("f.csv", "f", (HEAD, ("4", "9-01-01-01", "甲", "", cell))))
    (problem,) = reading.problems
    assert (problem.code, problem.severity, str(problem.where)) == (code, "warning", "f.csv:f!E2")
    assert list(problem.values.values()) == [shown]
    assert shown in problem.line("zh")
    tasks = [facts(reading, f"task/9-01-01-01-{number}") for number in range(1, 7)]
    assert [(dict(task)["zj:position"], dict(task)["rdfs:label"]) for task in tasks if task] == kept


@pytest.mark.parametrize("cell", ["", " ；", "1.做甲 3.做乙"])
def test_nothing_is_said_of_tasks_as_they_should_be(cell):
    assert read_classification(Table("f.csv", "f", (HEAD, ("4", "9-01-01-01", "甲", "", cell)))).problems == []


def test_what_is_wrong_with_the_table_is_said_and_its_row_left_out():
    table = Table("f.csv", "f", (HEAD, ("4", "9-01-01-01", "甲"), ("4", "9-01-01-02", "", "")))
    problem = Problem("error-value", table.address(2, 2), {"written": "#N/A"})
    reading = read_classification(replace(table, problems=(problem,)))
    assert reading.problems == [problem]
    assert subjects(reading, "Occupation") == {"occupation/9-01-01-01"}


def test_two_occupations_of_one_code_are_refused_and_not_mixed():
    rows = (HEAD, ("4", "9-01-01-01", "甲", "", "1.做甲"), ("4", "9-01-01-01", "乙", "", "1.做乙"))
    reading = read_classification(Table("f.csv", "f", rows))
    (problem,) = reading.problems
    assert (problem.code, problem.severity, problem.where.cell) == ("duplicate", "error", "B3")
    assert "乙" not in {t.object.value for t in reading.triples}


def test_a_third_row_is_held_against_both_before_it():
    group, occupation = ("3", "9-01-01-00", "甲"), ("4", "9-01-01-00", "甲")
    reading = read_classification(Table("f.csv", "f", (HEAD, group, occupation, occupation)))
    assert [p.code for p in reading.problems] == ["code-doubled", "row-repeated"]


def test_columns_in_another_order_and_rows_cut_short():
    rows = (
        ("extra", "Tasks", "definition", "name", "code", " LEVEL "),
        (),
        ("", "1.甲", "", "工", "9-01-01-01", "4"),
        ("x",),
    )
    reading = read_classification(Table("f.csv", "f", rows))
    assert "task/9-01-01-01-1" in subjects(reading, "TypicalWorkTask")
    assert [p.code for p in reading.problems] == ["not-of-the-classification", "columns-left-out"]


@pytest.mark.parametrize(
    ("rows", "is_one"),
    [
        ((HEAD,), True),
        ((HEAD[:4],), False),
        ((), False),
        ((tuple(h.upper() for h in HEAD),), True),
        (((), HEAD), False),
    ],
)
def test_what_is_the_classification(rows, is_one):
    assert is_classification(Table("f", "f", rows)) is is_one


def test_from_csv_to_answers_through_the_command(file, tmp_path):
    done = cli("build", file, "--kg", tmp_path / "kg")
    out, err = told(done)
    assert done.returncode == 0
    assert len(err.splitlines()) == 3
    assert all(line.startswith("warning ") for line in err.splitlines())
    # four occupations of the file, and the six that come with the alignments in every graph
    assert [line.split()[0] for line in out.splitlines() if line.endswith(("  Occupation", "work task"))] == ["4", "8"]
    rows = (
        open_store(tmp_path / "kg")
        .select(
            "PREFIX zj: <https://w3id.org/zhiji/ontology/> SELECT ?p { ?o a zj:Occupation ; zj:requiresPoint ?p }",
            {},
        )
        .rows
    )
    assert len(rows) == 8  # a requirement of a task is one of the occupation


def test_the_name_of_the_file_is_no_part_of_the_graph(file, tmp_path):
    (tmp_path / "other.csv").write_text(SMALL, encoding="utf-8-sig")
    assert hash_of(draft([file])) == hash_of(draft([tmp_path / "other.csv"], "csco"))


def test_a_second_build_is_the_same_version(file, tmp_path):
    assert [build([file], tmp_path / "kg").is_new for _ in range(2)] == [True, False]
