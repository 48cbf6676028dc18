"""Bad workbooks: ``tests/bad/cases.toml`` says what each mistake must be called, where, and in which words."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from small_workbook import ROOT, bytes_of, cli, small, told

from zhiji_kg.build import build, draft
from zhiji_kg.errors import UnreadableError, ZhijiError
from zhiji_kg.resources import LAYOUTS
from zhiji_kg.store import open_store
from zhiji_kg.store.versions import current

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "bad" / "cases.toml").read_text(encoding="utf-8"))["case"]
IDS = [case["name"] for case in CASES]
ELSEWHERE = ("tables", "classification", "graph")  # cases that are no small change of a workbook
CHANGES = ("set", "append", "keep", "remove", "rename")
THROUGH_THE_COMMAND = {
    "unknown-course", "unknown-point", "duplicate-course", "term-9-of-6", "negative-hours", "weight-column-of-95",
    "wrong-sheet-name-of-a-required-sheet", "no-known-sheet", "required-sheet-without-rows", "no-identifier",
    "two-sources-contradict", "unknown-column",
}  # fmt: skip


def sources_of(case, folder):
    """The workbook of a case, and the one beside it."""
    changes = {key: case[key] for key in CHANGES if key in case}
    sources = [small(folder / "book", **changes)]
    if "beside" in case:
        sources.append(small(folder / "beside", **case["beside"]))
    return sources


def said(problems, folder):
    return [
        {
            "at": str(problem.where or "").replace(f"{folder}/", ""),
            "severity": problem.severity,
            "code": problem.code,
            **{language: words(problem, language, folder) for language in ("zh", "en")},
        }
        for problem in problems
    ]


def words(problem, language, folder):
    line = problem.line(language)
    start = f"{problem.where}: " if problem.where else ""
    assert line.startswith(start)
    return line.removeprefix(start).replace(f"{folder}/", "")


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_mistake_is_named_where_it_stands(case, tmp_path):
    try:
        prepared = draft(sources_of(case, tmp_path))
        problems, status = prepared.problems, 1 if prepared.errors else 0
    except UnreadableError as error:
        problems, status = error.problems, int(error.status)
    assert said(problems, tmp_path) == case["told"]
    assert status == case["status"]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_line_is_one_line_and_says_what_to_do(case):
    for problem in case["told"]:
        assert "\n" not in problem["zh"] + problem["en"]
        assert "；" in problem["zh"]
        assert "; " in problem["en"]
        assert "{" not in problem["zh"] + problem["en"]
        assert not re.search(r"None|<https?:|\(\)", problem["en"])


def test_the_small_workbook_itself_is_faultless(tmp_path):
    assert draft([small(tmp_path / "book")]).problems == []


def test_every_problem_that_a_reader_can_name_has_a_case():
    readers = [*(ROOT / "zhiji_kg" / "sources").rglob("*.py"), ROOT / "zhiji_kg" / "graph.py"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in readers]
    said = {n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    codes = set(tomllib.loads((LAYOUTS / "problems.toml").read_text(encoding="utf-8"))) & said
    here = {problem["code"] for case in CASES for problem in case["told"]}
    elsewhere = "".join((HERE / f"test_{name}.py").read_text(encoding="utf-8") for name in ELSEWHERE)
    assert len(codes) > 40
    assert not {code for code in codes - here if f'"{code}"' not in elsewhere}


def test_every_refused_cell_is_one_line_only():
    """What follows from a mistake is not told as another: whoever mends the first has mended all."""
    several = {"which-edition", "column-twice", "one-workbook-contradicts-itself", "year-in-the-plan-refused"}
    for case in CASES:
        if case["name"] not in several:
            assert len([p for p in case["told"] if p["severity"] == "error"]) <= 1, case["name"]


# Through the command, and what became of the version that served


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    directory = tmp_path_factory.mktemp("published") / "kg"
    build([small(directory.parent / "before")], directory)
    return directory


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["name"] in THROUGH_THE_COMMAND], ids=lambda c: c["name"]
)
def test_check_says_it_and_exits_as_promised(case, tmp_path):
    done = cli("check", *sources_of(case, tmp_path))
    out, err = told(done)
    assert done.returncode == case["status"]
    assert "Traceback" not in err
    for problem in case["told"]:
        line = re.sub(r"\b(book|beside)(?=[/:])", rf"{tmp_path}/\1", f"{problem['at']}: {problem['en']}")
        mark = "" if problem["severity"] == "error" else f"{problem['severity']} "
        assert (out + err).splitlines().count(mark + line) == 1


@pytest.mark.parametrize("case", [case for case in CASES if case["status"]], ids=lambda c: c["name"])
def test_a_refused_build_leaves_the_version_before(case, tmp_path, published):
    before, answers = bytes_of(published), open_store(published).select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }", {}).rows
    with pytest.raises(ZhijiError):
        build(sources_of(case, tmp_path), published)
    assert bytes_of(published) == before
    assert open_store(published).select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }", {}).rows == answers


def test_a_refused_build_through_the_command(tmp_path, published):
    before = bytes_of(published)
    done = cli("build", small(tmp_path / "book", set={"课程!L2": "9"}), "--kg", published)
    out, err = told(done)
    assert (done.returncode, out) == (1, "")
    line = "term 9 lies beyond the plan of 6 terms; mend the term, or the number of terms in the sheet 专业"
    verdict = "Errors: 1; nothing was published. The version before, if any, keeps serving."
    later = "Circles, contradictions and shapes have not been checked yet: "
    first, second, third = err.splitlines()
    assert (first, second) == (f"{tmp_path}/book/课程.csv:课程!L2: {line}", verdict)
    assert third.startswith(later)
    assert bytes_of(published) == before


def test_a_weight_column_of_95_is_published_and_named(tmp_path):
    book = small(tmp_path / "book", set={"权重!E2": "55"})
    done = cli("build", book, "--kg", tmp_path / "kg")
    out, err = told(done)
    assert done.returncode == 0
    assert err.startswith(f"warning {book}/权重.csv:权重!E2: the weight column of STD 四级/中级工 sums to 95, not 100")
    assert current(tmp_path / "kg").name == "v1"
    assert "v1" in out


def test_the_chinese_line(tmp_path):
    done = cli("check", small(tmp_path / "book", set={"课程!L2": "9"}), "--lang", "zh")
    assert "第 9 学期超出学制：共 6 个学期；请改正学期，或改“专业”表的学期数" in told(done)[0]
    assert told(done)[0].splitlines()[-1].startswith("还没有核对到循环、矛盾和数据形状：")


def test_what_was_checked_to_the_end_promises_nothing_more(tmp_path):
    out, err = told(cli("check", small(tmp_path / "book", set={"要素点!E3": "P3"})))  # P2 and P3 in a circle
    assert out.splitlines()[-1] == "1 errors, 0 warnings, 0 notes. Nothing was written."
    assert "not been checked" not in out + err
    out, _ = told(cli("check", small(tmp_path / "other", set={"课程!N2": "GG2"})))  # each before the other
    assert out.splitlines()[-1].startswith("Circles and shapes have not been checked yet: ")
