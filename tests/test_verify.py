"""A report held against its version: silent when true, and every place named where it is not."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from zhiji_kg.analysis import analyse, find_programme, load_profile
from zhiji_kg.build import build
from zhiji_kg.errors import ExitStatus, UnreadableError
from zhiji_kg.report.files import report_content
from zhiji_kg.report.verify import Difference, verify_report
from zhiji_kg.store.versions import serving
from zhiji_kg.texts import LANGUAGES

pytestmark = pytest.mark.xdist_group("verify")  # what is remembered is remembered by one process
PLANS = Path(__file__).parent / "golden" / "two-plans" / "workbook"


@pytest.fixture(scope="module")
def once():
    """Analyses by the hash of the graph, the programme and the standard."""
    return {}


@pytest.fixture(autouse=True)
def each_analysis_once(once, monkeypatch):
    """A version never changes: what ``verify_report`` works out anew, it works out once for all tests of this file."""

    def remembered(store, programme, profile=None, source=None):
        if profile is not None:
            return analyse(store, programme, profile, source)
        key = (store.identity.sha256, programme.thing.iri, source)
        if key not in once:
            once[key] = analyse(store, programme, None, source)
        return once[key]

    monkeypatch.setattr("zhiji_kg.report.verify.analyse", remembered)


def made(kg, folder, form, language="en", programme="P1@2024", source=None, profile=None):
    """A report of the small graph as a file."""
    store = serving(kg).open()
    known = [p.thing.code for p in store_programmes(store)]
    analysis = analyse(store, find_programme(store, programme if programme in known else known[0]), profile, source)
    path = folder / f"report-{language}.{form}"
    path.write_bytes(report_content(analysis, form, language))
    return path


def store_programmes(store):
    from zhiji_kg.analysis import programmes

    return programmes(store)


@pytest.fixture(scope="module")
def of_example(example_store, tmp_path_factory):
    """The reports of the shipped example, once: the JSON and a workbook in each language."""
    folder = tmp_path_factory.mktemp("reports")
    analysis = analyse(example_store, find_programme(example_store, "460103"))
    paths = {"json": folder / "报告.json", "zh": folder / "报告.xlsx", "en": folder / "report.xlsx"}
    paths["json"].write_bytes(report_content(analysis, "json", "zh"))
    for language in LANGUAGES:
        paths[language].write_bytes(report_content(analysis, "xlsx", language))
    return paths


@pytest.fixture(scope="module")
def reported(of_example):
    return json.loads(of_example["json"].read_text(encoding="utf-8"))


def written(tmp_path, report):
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return path


def copy_of(report):
    return json.loads(json.dumps(report))


@pytest.mark.parametrize("which", ["json", *LANGUAGES])
def test_a_true_report_gives_nothing(of_example, example_kg, which):
    assert verify_report(of_example[which], example_kg) == []


@pytest.mark.parametrize("form", ["json", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_so_does_one_of_each_programme(two_plans_kg, tmp_path, form, language):
    store = serving(two_plans_kg).open()
    for programme in store_programmes(store):
        path = made(two_plans_kg, tmp_path, form, language, programme.thing.code)
        assert verify_report(path, two_plans_kg) == []


def a_tally(report):
    report["targets"][0]["totals"]["all"]["items"]["covered"] += 1
    return "targets[0].totals.all.items.covered"


def a_function(report):
    tally = report["targets"][0]["functions"][1]["totals"]["reviewedOnly"]["items"]
    tally["denominator"] += 0.5
    return "targets[0].functions[1].totals.reviewedOnly.items.denominator"


def a_state(report):
    cell = report["targets"][1]["cells"][2]
    cell["state"] = "no-match" if cell["state"] == "covered" else "covered"
    return "targets[1].cells[2].state"


def a_depth(report):
    report["targets"][0]["cells"][0]["leastDepth"] = 4.5
    return "targets[0].cells[0].leastDepth"


def true_for_one(report):
    """To Python true is 1; to a reader of a report it is not."""
    place, cell = next((i, c) for i, c in enumerate(report["targets"][0]["cells"]) if c["leastDepthStated"] is False)
    cell["leastDepthStated"] = 0
    return f"targets[0].cells[{place}].leastDepthStated"


def a_measure(report):
    place, finding = next((i, f) for i, f in enumerate(report["findings"]) if isinstance(f["measured"], int))
    finding["measured"] += 1
    return f"findings[{place}].measured"


def hours_of_a_stage(report):
    report["shape"]["loads"][0]["hours"] += 8
    return "shape.loads[0].hours"


def the_policy(report):
    report["profile"]["sha256"] = "0" * 64
    return "profile.sha256"


def a_figure_in_a_sentence(report):
    report["headline"]["zh"] = report["headline"]["zh"].replace("条已覆盖", "0 条已覆盖", 1)
    return "headline.zh"


def a_hash(report):
    report["findings"][3]["sha256"] = "0" * 64
    return "findings[3].sha256"


def a_key_less(report):
    del report["targets"][0]["totals"]["all"]["items"]["partial"]
    return "targets[0].totals.all.items.partial"


def a_key_more(report):
    report["targets"][0]["totals"]["all"]["items"]["bonus"] = 3
    return "targets[0].totals.all.items.bonus"


def another_kind_of_value(report):
    report["documents"] = "none"
    return "documents"


@pytest.mark.parametrize(
    "change",
    [a_tally, a_function, a_state, a_depth, true_for_one, a_measure, hours_of_a_stage, the_policy,
     a_figure_in_a_sentence, a_hash, a_key_less,
     a_key_more, another_kind_of_value],
)  # fmt: skip
def test_one_change_in_the_json_is_named_and_nothing_else(reported, example_kg, tmp_path, change):
    report = copy_of(reported)
    where = change(report)
    found = verify_report(written(tmp_path, report), example_kg)
    assert [difference.where for difference in found] == [where]
    assert found[0].reported != found[0].recomputed


def test_both_values_are_given(reported, example_kg, tmp_path):
    report = copy_of(reported)
    tally = report["targets"][0]["totals"]["all"]["items"]
    true = tally["covered"]
    tally["covered"] = 999
    (found,) = verify_report(written(tmp_path, report), example_kg)
    assert found == Difference("targets[0].totals.all.items.covered", "999", str(true))


def test_a_finding_that_was_taken_out_does_not_shift_the_others(reported, example_kg, tmp_path):
    report = copy_of(reported)
    gone = report["findings"].pop(5)
    (found,) = verify_report(written(tmp_path, report), example_kg)
    assert found.where == "findings[5]" or found.where == f"findings[{len(report['findings'])}]"
    assert found.reported is None
    assert gone["code"] in found.recomputed


def test_a_finding_that_was_put_in_is_named(reported, example_kg, tmp_path):
    report = copy_of(reported)
    report["findings"].insert(2, {**report["findings"][0], "code": "ZJ-X99"})
    (found,) = verify_report(written(tmp_path, report), example_kg)
    assert (found.where, found.recomputed) == ("findings[2]", None)
    assert "ZJ-X99" in found.reported


def test_better_wording_is_no_difference_but_another_figure_in_it_is(reported, example_kg, tmp_path):
    report = copy_of(reported)
    report["findings"][0]["suggestion"]["en"] = "Said better."
    report["findings"][0]["title"]["zh"] = "换一种说法"
    report["headline"]["en"] += " 17."
    assert [d.where for d in verify_report(written(tmp_path, report), example_kg)] == ["headline.en"]


def test_a_label_of_the_graph_is_compared_to_the_letter(reported, example_kg, tmp_path):
    report = copy_of(reported)
    report["findings"][0]["subject"]["label"]["zh"] += "（改）"
    assert [d.where for d in verify_report(written(tmp_path, report), example_kg)] == ["findings[0].subject.label.zh"]


# xlsx

CELLS = {
    "汇总": ("G2", 1),
    "职业功能": ("I3", 0.25),
    "逐条要求": ("O2", 3),
    "发现": ("L4", 7),
    "学时分布": ("E2", 8),
    "能力指标": ("C3", 1),
}


@pytest.mark.parametrize("sheet", CELLS)
def test_one_cell_of_a_workbook_is_named(of_example, example_kg, tmp_path, sheet):
    book = openpyxl.load_workbook(of_example["zh"])
    cell, more = CELLS[sheet]
    before = book[sheet][cell].value
    book[sheet][cell].value = (before or 0) + more
    book.save(tmp_path / "changed.xlsx")
    (found,) = verify_report(tmp_path / "changed.xlsx", example_kg)
    assert found.where == f"{sheet}!{cell}"
    assert float(found.reported) == pytest.approx((before or 0) + more)
    assert float(found.recomputed or 0) == pytest.approx(before or 0)


def test_the_answer_in_the_opening_sheet_is_compared_by_its_figures(of_example, example_kg, tmp_path):
    book = openpyxl.load_workbook(of_example["en"])
    book["about"]["B2"].value = book["about"]["B2"].value.replace("covers ", "covers 9", 1)
    book.save(tmp_path / "changed.xlsx")
    assert [d.where for d in verify_report(tmp_path / "changed.xlsx", example_kg)] == ["about!B2"]


def test_a_workbook_saved_by_another_program_is_still_true(of_example, example_kg, tmp_path):
    book = openpyxl.load_workbook(of_example["zh"])
    book.create_sheet("我的笔记").append(["7 条"])
    book.save(tmp_path / "saved.xlsx")
    assert verify_report(tmp_path / "saved.xlsx", example_kg) == []


def test_a_formula_in_place_of_a_figure_is_named(of_example, example_kg, tmp_path):
    book = openpyxl.load_workbook(of_example["zh"])
    book["汇总"]["H2"].value = "=1+1"
    book.save(tmp_path / "changed.xlsx")
    assert [d.where for d in verify_report(tmp_path / "changed.xlsx", example_kg)] == ["汇总!H2"]


def test_a_row_that_was_taken_out_is_named_and_shifts_nothing(of_example, example_kg, tmp_path):
    book = openpyxl.load_workbook(of_example["zh"])
    code = book["发现"]["A6"].value
    book["发现"].delete_rows(6)
    book.save(tmp_path / "changed.xlsx")
    (found,) = verify_report(tmp_path / "changed.xlsx", example_kg)
    assert found.where.startswith("发现!")
    assert found.reported is None
    assert found.recomputed.startswith(code)


def test_the_release_that_wrote_it_is_no_result(of_example, example_kg, tmp_path):
    book = openpyxl.load_workbook(of_example["en"])
    tool = next(row for row in book["about"].iter_rows() if row[0].value == "Tool")
    tool[1].value = "zhiji-kg 99.0"
    book.save(tmp_path / "later.xlsx")
    assert verify_report(tmp_path / "later.xlsx", example_kg) == []


# what it was made of


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_a_report_on_one_source_alone_is_recomputed_on_it_alone(example_kg, example_store, tmp_path, form):
    programme = find_programme(example_store, "460103")
    source = analyse(example_store, programme).coverages[0].target.source.code
    path = tmp_path / f"alone.{form}"
    path.write_bytes(report_content(analyse(example_store, programme, None, source), form, "en"))
    assert verify_report(path, example_kg) == []


def test_another_profile_gives_another_report(of_example, example_kg):
    stricter = replace(load_profile(), depth={"skill": 4, "knowledge": 4, "basic": 4})
    found = verify_report(of_example["json"], example_kg, stricter)
    assert any(difference.where.startswith("targets[0].totals") for difference in found)


@pytest.fixture
def two_versions(tmp_path):
    """A folder with two versions of the small graph, the second of a changed workbook."""
    copy = tmp_path / "workbook"
    shutil.copytree(PLANS, copy)
    build([copy], tmp_path / "kg")
    courses = copy / "说明.csv"
    courses.write_text(courses.read_text(encoding="utf-8") + "备注,改过\n", encoding="utf-8")
    changed = next(copy.glob("课程.csv"))
    changed.write_text(changed.read_text(encoding="utf-8").replace("甲课", "甲课程"), encoding="utf-8")
    return tmp_path / "kg", copy


def test_the_version_it_names_is_asked_and_not_the_one_that_serves(two_versions, tmp_path):
    kg, workbook = two_versions
    path = made(kg, tmp_path, "json")
    build([workbook], kg)
    assert serving(kg).name == "v2"
    assert json.loads(path.read_text(encoding="utf-8"))["graph"]["version"] == "v1"
    assert verify_report(path, kg) == []


def test_the_same_graph_published_elsewhere_is_as_good_though_its_name_differs(two_versions, tmp_path):
    kg, workbook = two_versions
    build([workbook], kg)
    path = made(kg, tmp_path, "xlsx")
    build([workbook], tmp_path / "other")
    assert serving(tmp_path / "other").name == "v1"
    assert verify_report(path, tmp_path / "other") == []


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_a_version_that_is_gone_is_said_to_be_gone(two_versions, tmp_path, form):
    kg, workbook = two_versions
    path = made(kg, tmp_path, form)
    build([workbook], kg)
    shutil.rmtree(kg / "v1")
    with pytest.raises(UnreadableError) as error:
        verify_report(path, kg)
    (problem,) = error.value.problems
    assert problem.code == "report-version-gone"
    assert (problem.values["version"], problem.values["known"].split()[0]) == ("v1", "v2")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-a-report"),
        (b"[1, 2]", "not-a-report"),
        (b"<!doctype html>", "not-a-report"),
        (b"\xff\xfe{}", "not-a-report"),
        (b"[" * 100_000, "not-a-report"),
        (b'{"format": "zhiji-kg/gap-report/1"}', "not-a-report"),
        (b'{"format": "zhiji-kg/gap-report/1", "graph": 1, "programme": {}}', "not-a-report"),
        (b'{"format": "zhiji-kg/gap-report/1", "graph": {"version": 1, "sha256": 2}, "programme": {"iri": 3}}',
         "not-a-report"),
        (b'{"format": "zhiji-kg/gap-report/1", "graph": {"version": "x", "sha256": null}, "programme": {"iri": "y"}}',
         "report-without-version"),
        (b'{"format": "zhiji-kg/gap-report/2"}', "not-a-report"),
        (b"PK\x03\x04 broken", "not-a-table"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_in_one_line(two_plans_kg, tmp_path, content, code):
    path = tmp_path / "odd"
    path.write_bytes(content)
    with pytest.raises(UnreadableError) as error:
        verify_report(path, two_plans_kg)
    assert [problem.code for problem in error.value.problems] == [code]


def test_a_workbook_that_is_no_report_is_refused(two_plans_kg, tmp_path):
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(UnreadableError) as error:
        verify_report(tmp_path / "other.xlsx", two_plans_kg)
    assert error.value.problems[0].code == "not-a-report"


def test_a_word_report_is_said_to_be_no_report_that_can_be_verified(of_example, example_kg, tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(of_example["zh"].read_bytes())  # packed like one
    with pytest.raises(UnreadableError) as told:
        verify_report(path, example_kg)
    assert [problem.code for problem in told.value.problems] == ["not-a-report"]


def test_a_file_that_is_not_there_is_said_to_be_missing(two_plans_kg, tmp_path):
    with pytest.raises(UnreadableError) as error:
        verify_report(tmp_path / "none.json", two_plans_kg)
    assert error.value.problems[0].code == "missing-file"


def test_a_folder_is_no_report(two_plans_kg, tmp_path):
    with pytest.raises(UnreadableError):
        verify_report(tmp_path, two_plans_kg)


# the command


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_is_silent_on_a_true_report_and_names_the_place_on_another(zhiji, two_plans_kg, tmp_path, lang):
    path = made(two_plans_kg, tmp_path, "json")
    done = zhiji("report", "--verify", path, "--kg", two_plans_kg, lang=lang)
    assert (done.returncode, done.stdout, done.stderr) == (ExitStatus.FINE, "", "")
    report = json.loads(path.read_text(encoding="utf-8"))
    report["programme"]["courses"] = 4711
    path.write_text(json.dumps(report), encoding="utf-8")
    done = zhiji("report", "--verify", path, "--kg", two_plans_kg, lang=lang)
    assert done.returncode == ExitStatus.WRONG
    (line,) = done.stdout.splitlines()
    assert line.startswith(f"{path}:programme.courses")
    assert "4711" in line


def test_the_command_says_that_a_version_is_gone(zhiji, two_plans_kg, example_kg, tmp_path):
    path = made(two_plans_kg, tmp_path, "json")
    done = zhiji("report", "--verify", path, "--kg", example_kg)
    assert done.returncode == ExitStatus.UNREADABLE
    assert "is no longer in" in done.stderr
    assert done.stdout == ""


def test_a_report_needs_a_file_and_a_version_a_folder(zhiji, two_plans_kg, tmp_path):
    done = zhiji("report", "--kg", two_plans_kg, "--programme", "P1")
    assert (done.returncode, "-o" in done.stderr) == (ExitStatus.UNREADABLE, True)
    done = zhiji("report", "--verify", tmp_path / "r.json", "--endpoint", "http://127.0.0.1:9/")
    assert (done.returncode, "--kg" in done.stderr) == (ExitStatus.UNREADABLE, True)
