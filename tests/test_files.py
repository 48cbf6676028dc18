"""Answers and findings as files and text."""

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.cli.report import FORMS
from zhiji_kg.errors import CannotRunError, UnreadableError
from zhiji_kg.findings import Evidence
from zhiji_kg.knowledge import Answer, KnowledgeGraph
from zhiji_kg.queries import catalogue
from zhiji_kg.rdf import Iri, Literal, integer
from zhiji_kg.report.files import (
    answer_grid,
    answer_text,
    answer_xlsx,
    findings_csv,
    guarded,
    write_report,
)
from zhiji_kg.store import Solutions
from zhiji_kg.writers.files import write_whole

GUARDED = [
    ("=1+1", "'=1+1"),
    ("+HYPERLINK(1)", "'+HYPERLINK(1)"),
    ("-cmd|'/c calc'!A0", "'-cmd|'/c calc'!A0"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"),
    ("-5", "-5"),
    ("+1.5", "+1.5"),
    ("-5)", "'-5)"),
    ("数控", "数控"),
    ("a=b", "a=b"),
    ("", ""),
    (-5, -5),
    (2.5, 2.5),
    (True, True),
    (None, None),
]


@pytest.mark.parametrize(("value", "cell"), GUARDED)
def test_no_cell_is_taken_for_a_formula(value, cell):
    assert guarded(value) == cell


@pytest.fixture(scope="module")
def small(two_plans):
    return analyse(two_plans, find_programme(two_plans, "P1"))


@pytest.fixture(scope="module")
def higher(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


@pytest.fixture(scope="module")
def kg(two_plans):
    return KnowledgeGraph(two_plans)


def nasty():
    """An answer with what breaks a table: separators, quotes, line breaks, formulas, nothing."""
    rows = [
        (Iri("https://w3id.org/zhiji/ontology/Course"), Literal('a,"b"\n=c'), None),
        (Iri("http://e/x"), Literal("=1+1", language="zh"), integer(-3)),
        (Iri("http://e/\ty".replace("\t", "")), Literal("制\t表"), integer(0)),
    ]
    return Answer(catalogue()["source"], Solutions(("source", "text", "number"), rows))


@pytest.mark.parametrize(("form", "separator"), [("csv", ","), ("tsv", "\t")])
def test_rows_as_separated_text_come_back(form, separator):
    made = answer_text(nasty(), form)
    assert "\r" not in made
    head, *rows = csv.reader(io.StringIO(made, newline=""), delimiter=separator)
    assert head == ["source", "text", "number"]
    assert rows[0] == ["https://w3id.org/zhiji/ontology/Course", 'a,"b"\n=c', ""]
    assert rows[1] == ["http://e/x", "'=1+1", "-3"]
    assert rows[2][1:] == ["制\t表", "0"]


def test_rows_as_json_are_plain_values(kg):
    made = answer_text(nasty(), "json")
    assert json.loads(made) == list(nasty())
    assert "制" in made
    answer = kg.query("coverage", programme="P1", source="SA@4")
    assert json.loads(answer_text(answer, "json")) == list(answer)


@pytest.mark.parametrize(("form", "expected"), [("csv", "a,b\n"), ("tsv", "a\tb\n"), ("json", "[]\n")])
def test_no_rows_keep_their_columns(form, expected):
    assert answer_text(Answer(catalogue()["source"], Solutions(("a", "b"), [])), form) == expected


def test_a_grid_leaves_out_the_parameters_and_shortens_names(kg):
    grid = answer_grid(nasty(), "zh")
    assert grid.headings == ("text", "number")
    answer = kg.query("course-points", course="C")
    shown = answer_grid(answer, "en")
    assert "course" not in shown.headings
    assert shown.caption == f"{answer.query.summary.en} (1)"
    row = dict(zip(shown.headings, shown.rows[0], strict=True))
    assert (row["Code"], row["Depth"], row["Hours"]) == ("Y", "3", "16")
    assert "point" not in row, "its code and its name are there"


def test_an_answer_as_a_workbook(tmp_path):
    answer_xlsx(nasty(), tmp_path / "回答.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "回答.xlsx")["source"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["source", "text", "number"]
    assert rows[1:] == [
        ["https://w3id.org/zhiji/ontology/Course", 'a,"b"\n=c', None],
        ["http://e/x", "=1+1", -3],
        ["http://e/y", "制\t表", 0],
    ]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n"}, "no formula"


COLUMNS = [
    *("code", "severity", "basis", "source", "due_for", "subject", "subject_label", "point", "object"),
    *("object_label", "measured", "threshold", "weight", "table", "reason", "suggestion", "evidence"),
    *("grade", "reviewer", "query", "version"),
]


def test_findings_as_csv(higher):
    rows = list(csv.DictReader(io.StringIO(findings_csv(higher, "zh"), newline="")))
    assert list(rows[0]) == COLUMNS
    assert len(rows) == len(higher.findings)
    for row, finding in zip(rows, higher.findings, strict=True):
        assert (row["code"], row["subject"]) == (finding.code, finding.subject.code)
        assert row["evidence"].split() == [f"{e.source}:{e.locator}" for e in finding.evidence]
        assert row["version"] == "v1"
        assert (row["grade"], row["reviewer"]) == (finding.grade, "")
        assert row["due_for"] == (finding.due_for.code if finding.due_for else "")
        assert row["point"] == (finding.point.code if finding.point else "")
        measured = "" if finding.measured is None else finding.measured
        assert row["measured"] == (str(measured) if isinstance(measured, bool | str) else f"{round(measured, 4):g}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_findings_speak_the_language(higher, language):
    rows = list(csv.DictReader(io.StringIO(findings_csv(higher, language), newline="")))
    (late,) = [r for r in rows if r["code"] == "ZJ-C03" and r["subject"] == "R4-0-10" and r["basis"] == "certificate"]
    assert ("学期" in late["reason"]) == (language == "zh")


def test_the_weakest_grade_and_each_reviewer_once(small):
    proofs = (Evidence("a", grade="direct", reviewer="李"), Evidence("b", grade="inferred", reviewer="王"),
              Evidence("c", grade="rule", reviewer="李"))  # fmt: skip
    found = replace(small, findings=(replace(small.findings[0], evidence=proofs),))
    (row,) = csv.DictReader(io.StringIO(findings_csv(found, "zh"), newline=""))
    assert (row["grade"], row["reviewer"]) == ("inferred", "李; 王")


def test_without_findings_the_columns_stay(small):
    assert findings_csv(replace(small, findings=()), "en") == ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_of_each_form(small, tmp_path, form, language):
    path = tmp_path / f"报告 one.{form}"
    path.write_text("old")
    write_report(small, form, path, language)
    starts = {"html": b"<!", "xlsx": b"PK", "json": b"{", "docx": b"PK", "md": b"# "}
    assert path.read_bytes().startswith(starts[form])
    assert [p.name for p in tmp_path.iterdir()] == [path.name], "nothing is left aside"


@pytest.mark.parametrize("form", ["odt", "", "HTML", "pdf"])
def test_a_form_that_we_do_not_write(small, tmp_path, form):
    with pytest.raises(UnreadableError) as caught:
        write_report(small, form, tmp_path / "report", "en")
    (problem,) = caught.value.problems
    assert problem.code == "unknown-format"
    assert problem.values["known"] == "、".join(FORMS)
    assert not list(tmp_path.iterdir())


WRITERS = {
    "text": lambda analysis, path: write_whole(path, "x"),
    "answer": lambda analysis, path: answer_xlsx(nasty(), path, "zh"),
    "html": lambda analysis, path: write_report(analysis, "html", path, "zh"),
    "xlsx": lambda analysis, path: write_report(analysis, "xlsx", path, "zh"),
    "json": lambda analysis, path: write_report(analysis, "json", path, "zh"),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_place_that_cannot_be_written(small, tmp_path, write):
    (tmp_path / "file").write_text("x")
    (tmp_path / "directory").mkdir()
    for path in (tmp_path / "none" / "r", tmp_path / "file" / "r", tmp_path / "directory"):
        with pytest.raises(CannotRunError) as caught:
            write(small, path)
        (problem,) = caught.value.problems
        assert (problem.code, str(problem.where)) == ("cannot-write", str(path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["directory", "file"]


def test_text_is_written_as_it_is(tmp_path):
    write_whole(tmp_path / "t", "一\r\n二\n")
    assert (tmp_path / "t").read_bytes() == "一\r\n二\n".encode()
