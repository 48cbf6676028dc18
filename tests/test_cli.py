"""The command line as a user meets it: real processes, their status, what is on stdout and what on stderr."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest

from zhiji_kg.cli import COMMANDS, ask, publish, run
from zhiji_kg.resources import WEB

ROOT = Path(__file__).resolve().parent.parent
WORKBOOK = ROOT / "tests" / "golden" / "two-plans" / "workbook"
HEAVY = "rdflib pyoxigraph flask networkx owlready2 pyvis rich xlsxwriter jinja2 python_calamine".split()  # noqa: SIM905
LANGUAGES = ("zh", "en")


def lines(text):
    return text.splitlines()


# Help


def test_every_command_stands_in_its_module():
    assert {f"zhiji_kg.cli.{module}" for module in COMMANDS.values()} == {
        ask.__name__,
        publish.__name__,
        "zhiji_kg.cli.compare",
        "zhiji_kg.cli.demo",
        "zhiji_kg.cli.fuse",
        "zhiji_kg.cli.ontology",
        "zhiji_kg.cli.plan",
        "zhiji_kg.cli.quality",
        "zhiji_kg.cli.recognise",
        "zhiji_kg.cli.report",
        "zhiji_kg.cli.serve",
        "zhiji_kg.cli.whatif",
    }
    for name, module in COMMANDS.items():
        room = import_module(f"zhiji_kg.cli.{module}")
        assert callable(getattr(room, name))
        assert callable(getattr(room, f"{name}_arguments"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_with_an_example(zhiji, command, lang):
    done = zhiji(command, "--help", lang=lang)
    assert (done.returncode, done.stderr) == (0, "")
    example = "例：" if lang == "zh" else "Example: "
    assert re.search(rf"^{example}zhiji {command}\b", done.stdout, re.M)
    assert f"zhiji {command}" in lines(done.stdout)[0]
    assert bool(re.search(r"[\u4e00-\u9fff]{4}", done.stdout)) == (lang == "zh")
    assert "None" not in done.stdout


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_of_all(zhiji, lang):
    done = zhiji("--help", lang=lang)
    assert (done.returncode, done.stderr) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S", done.stdout, re.M)
    assert zhiji("-h", lang=lang).stdout == done.stdout
    for status in "0123":
        assert re.search(rf"(?<!\d){status} ", lines(done.stdout)[-1])


@pytest.mark.parametrize(
    "arguments", [["--help"], ["gaps", "--help"], ["build", "--help"], ["demo", "--help"], ["--version"]]
)
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys\nfrom zhiji_kg.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert done.stdout
    assert done.stderr == "[]\n"


def test_the_check_of_imports_can_fail(two_plans_kg):
    code = "import sys; from zhiji_kg.cli import main\ntry: main(['gaps', '--kg', sys.argv[1], '--programme', 'P1'])\n"
    code += "except SystemExit: pass\nprint('rich' in sys.modules, 'pyoxigraph' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(two_plans_kg)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert lines(done.stdout)[-1] == "True True"


@pytest.mark.parametrize(("arguments", "lang", "word"), [
    (["--lang", "zh", "gaps", "--help"], "en", "用法："),
    (["gaps", "--help", "--lang", "zh"], "en", "用法："),
    (["--lang=en", "gaps", "--help"], "zh", "usage: "),
    (["--lang", "zh", "--help"], "en", "用法："),
])  # fmt: skip
def test_the_language_asked_for_goes_before_that_of_the_reader(zhiji, arguments, lang, word):
    done = zhiji(*arguments, lang=lang)
    assert done.returncode == 0
    assert done.stdout.startswith(word)


def test_version_and_the_script_say_the_same(zhiji):
    done = zhiji("--version")
    assert re.fullmatch(r"zhiji-kg \S+\n", done.stdout)


def test_without_a_command_it_is_the_help_and_a_misuse(zhiji):
    done = zhiji()
    assert done.returncode == 2
    assert done.stdout == zhiji("--help").stdout


def test_every_text_of_the_command_line_is_in_both_languages():
    def pairs(table, path=()):
        for key, value in table.items():
            if isinstance(value, dict) and set(value) == {"zh", "en"}:
                yield ".".join((*path, key)), value
            else:
                yield from pairs(value, (*path, key))

    found = dict(pairs(tomllib.loads((WEB / "texts" / "cli.toml").read_text(encoding="utf-8"))))
    assert len(found) > 50
    for key, text in found.items():
        holes = [set(re.findall(r"\{(\w+)\}", text[lang])) for lang in LANGUAGES]
        assert holes[0] == holes[1], key
        assert re.search(r"[\u4e00-\u9fff]", text["zh"]), key


# Status: 0 fine, 1 read but wrong, 2 cannot be read or misused, 3 nothing to run it with


@pytest.fixture(scope="module")
def wrong_workbook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wrong") / "簿"
    shutil.copytree(WORKBOOK, folder)
    with (folder / "覆盖.csv").open("a", encoding="utf-8") as file:
        file.write("P2,NOPE,X,覆盖,掌握,1,,是\n")
    return folder


GRAPH = ("--kg", "{kg}")
DOWN = "http://127.0.0.1:9/query"
FAILING = [
    # arguments, status, what the one line names
    (("check", "{wrong}"), 1, "覆盖!B9"),
    (("build", "{wrong}", "--kg", "{new}"), 1, "覆盖.csv:覆盖!B9"),
    (("gaps", *GRAPH, "--programme", "P1", "--fail-on", "error"), 1, ""),
    (("gaps", *GRAPH, "--programme", "P2", "--fail-on", "warning"), 1, ""),
    (("nope",), 2, "“nope”"),
    (("gap",), 2, "near ones: gaps"),
    (("--nope",), 2, "--nope"),
    (("--lang", "fr", "gaps"), 2, "--lang"),
    (("gaps", "--nope"), 2, "--nope"),
    (("gaps", *GRAPH, "--format", "docx"), 2, "docx"),
    (("gaps", *GRAPH, "--fail-on", "note"), 2, "note"),
    (("gaps", "--kg"), 2, "--kg"),
    (("gaps", *GRAPH), 2, "P1@2023、P1@2024、P2@2024"),
    (("gaps", *GRAPH, "--programme", "P9"), 2, "“P9”"),
    (("gaps", *GRAPH, "--programme", "P1@1999"), 2, "“P1@1999”"),
    (("gaps", *GRAPH, "--programme", "http://a b"), 2, "http://a b"),
    (("gaps", *GRAPH, "--programme", "P1", "--standard", "SA@9"), 2, "“SA@9”"),
    (("gaps", *GRAPH, "--programme", "P1", "--standard", "http://e/none"), 2, "http://e/none"),
    (("gaps", "--kg", "{new}"), 2, "no graph has been published here"),
    (("gaps", *GRAPH, "--endpoint", DOWN), 2, "--endpoint"),
    (("gaps", *GRAPH, "--programme", "P1", "--format", "csv", "-o", "{new}/x/f.csv"), 3, "x/f.csv"),
    (("gaps", "--endpoint", DOWN, "--programme", "P1"), 3, DOWN),
    (("gaps", "--endpoint", "ftp://e/", "--programme", "P1"), 2, "ftp://e/"),
    (("query", "programmes", "--endpoint", DOWN), 3, DOWN),
    (("export", "--endpoint", DOWN, "--format", "ttl", "-o", "{new}.ttl"), 3, DOWN),
    (("report", *GRAPH, "--programme", "P1"), 2, "-o"),
    (("report", *GRAPH, "--programme", "P1", "-o", "{new}.pdf"), 2, "“pdf”"),
    (("report", *GRAPH, "--programme", "P1", "-o", "{new}/x/r.html"), 3, "x/r.html"),
    (("report", *GRAPH, "--programme", "P1", "-o", "{new}/x/r.xlsx"), 3, "x/r.xlsx"),
    (("report", *GRAPH, "--programme", "P1", "-o", "{new}/x/r.json"), 3, "x/r.json"),
    (("query", "nope", *GRAPH), 2, "near ones"),
    (("query", "coverag", *GRAPH), 2, "coverage"),
    (("query", "CQ-00", *GRAPH), 2, "CQ-00"),
    (("query", "none.rq", *GRAPH), 2, "none.rq"),
    (("query", "coverage", *GRAPH), 2, "--param programme=…"),
    (("query", "coverage", *GRAPH, "--param", "programme"), 2, "--param"),
    (("query", "coverage", *GRAPH, "--param", "programme=P1", "--param", "sauce=x"), 2, "“sauce”"),
    (("query", "coverage", *GRAPH, "--param", "programme=P1", "--param", "source=XX"), 2, "SA@3、SA@4"),
    (("query", "course-points", *GRAPH, "--param", "course=A"), 2, "zjd:course/P1-A、zjd:course/P2-A"),
    (("query", "entities-of-class", *GRAPH, "--param", "of_class=Course"), 2, "“Course”"),
    (("query", "programmes", *GRAPH, "--format", "xlsx"), 2, "-o"),
    (("query", "programmes", *GRAPH, "--format", "csv", "-o", "{new}/x/f.csv"), 3, "x/f.csv"),
    (("query", "programmes", *GRAPH, "--format", "xlsx", "-o", "{new}/x/f.xlsx"), 3, "x/f.xlsx"),
    (("query",), 2, "NAME|FILE"),
    (("export", *GRAPH, "-o", "{new}"), 2, "--format"),
    (("export", *GRAPH, "--format", "nq", "-o", "{new}/x/g.nq"), 3, "x/g.nq"),
    (("export", *GRAPH, "--format", "html", "-o", "{new}.html"), 2, "--programme"),
    (("export", *GRAPH, "--format", "html", "--programme", "P1", "-o", "{new}/x/g.html"), 3, "x/g.html"),
    (("queries", "x"), 2, "x"),
    (("check", "{new}"), 2, "{new}"),
    (("check",), 2, "no source was given"),
    (("build", "{new}", "--kg", "{new}"), 2, "{new}"),
    (("versions", "--kg", "{new}"), 2, "{new}"),
    (("verify", "--kg", "{new}"), 2, "{new}"),
    (("rollback", "v9", *GRAPH), 2, "v9"),
    (("ontology", "eat"), 2, "eat"),
    (("init",), 2, "DIR"),
]  # fmt: skip


def filled(arguments, **values):
    return [argument.format(**values) for argument in arguments]


@pytest.mark.parametrize(("arguments", "status", "named"), FAILING, ids=[" ".join(a) for a, *_ in FAILING])
def test_what_goes_wrong_has_its_status_and_a_line(
    zhiji, two_plans_kg, wrong_workbook, tmp_path, arguments, status, named
):
    values = {"kg": str(two_plans_kg), "wrong": str(wrong_workbook), "new": str(tmp_path / "new")}
    done = zhiji(*filled(arguments, **values), cwd=tmp_path)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    said = done.stdout + done.stderr if status == 1 else done.stderr
    assert named.format(**values) in said
    if status != 1:
        assert done.stdout == "", "what is wrong is not on stdout"
        assert len(lines(done.stderr)) == 1
    assert not (tmp_path / "new").exists(), "nothing was made"


@pytest.mark.parametrize(("arguments", "status", "named"), FAILING[4:8])
def test_it_goes_wrong_in_chinese_too(zhiji, arguments, status, named):
    done = zhiji(*arguments, lang="zh")
    assert done.returncode == status
    assert re.search(r"[\u4e00-\u9fff]{4}", done.stderr)


@pytest.mark.parametrize("arguments", [
    ("gaps", *GRAPH, "--programme", "P1"),
    ("gaps", *GRAPH, "--programme", "P2", "--fail-on", "error"),
    ("gaps", *GRAPH, "--programme", "P1", "--standard", "SB"),
    ("versions", *GRAPH), ("verify", *GRAPH), ("queries",), ("check", str(WORKBOOK)),
])  # fmt: skip
def test_what_goes_well_says_nothing_on_stderr(zhiji, two_plans_kg, arguments):
    done = zhiji(*filled(arguments, kg=str(two_plans_kg)))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


# gaps


def test_gaps_in_three_forms_say_the_same(zhiji, two_plans_kg, tmp_path):
    given = ("gaps", "--kg", two_plans_kg, "--programme", "P1@2024")
    as_json = json.loads(zhiji(*given, "--format", "json").stdout)
    as_csv = list(csv.DictReader(io.StringIO(zhiji(*given, "--format", "csv").stdout)))
    assert [(f["code"], f["subject"]["code"]) for f in as_json] == [(r["code"], r["subject"]) for r in as_csv]
    cells = [f["code"] for f in as_json if f["basis"] in ("certificate", "stage", "occupation")]
    assert cells == ["ZJ-C02", "ZJ-C11", "ZJ-C01", "ZJ-C11", "ZJ-C02"]
    text = zhiji(*given).stdout
    assert re.findall(r"^ (ZJ-\w+)", text, flags=re.M) == [f["code"] for f in as_json]
    assert zhiji(*given, "--format", "json", "-o", tmp_path / "缺口 g.json").stdout == ""
    assert json.loads((tmp_path / "缺口 g.json").read_text(encoding="utf-8")) == as_json


def without_version(findings):
    return [{key: value for key, value in finding.items() if key != "version"} for finding in findings]


def test_gaps_of_an_endpoint_are_those_of_the_folder(zhiji, example_kg, example_endpoint):
    given = ("gaps", "--programme", "460103", "--format", "json")
    here, there = zhiji(*given, "--kg", example_kg), zhiji(*given, "--endpoint", example_endpoint)
    assert (there.returncode, there.stderr) == (0, "")
    found = json.loads(there.stdout)
    assert without_version(found) == without_version(json.loads(here.stdout))
    assert {finding["version"] for finding in found} == {example_endpoint}


def test_the_endpoint_of_the_environment_is_asked_where_no_folder_is_named(zhiji, two_plans_kg, two_plans_endpoint):
    given = ("query", "programmes", "--format", "csv")
    here = zhiji(*given, "--kg", two_plans_kg).stdout
    assert zhiji(*given, ZHIJI_ENDPOINT=two_plans_endpoint).stdout == here
    assert zhiji(*given, "--kg", two_plans_kg, ZHIJI_ENDPOINT=DOWN).stdout == here


# query and queries


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json"])
def test_a_query_gives_equal_rows_from_folder_and_endpoint(zhiji, example_kg, example_endpoint, form):
    given = (
        "query",
        "coverage",
        "--param",
        "programme=460103",
        "--param",
        "source=CNC-TURNER-2005@4",
        "--format",
        form,
    )
    here, there = zhiji(*given, "--kg", example_kg), zhiji(*given, "--endpoint", example_endpoint)
    assert (there.returncode, there.stderr) == (here.returncode, here.stderr) == (0, "")
    assert there.stdout == here.stdout
    if form == "json":
        assert len(json.loads(here.stdout)) == 102


def test_rows_in_every_form_are_the_same_rows(zhiji, two_plans_kg, tmp_path):
    given = ("query", "coverage", "--kg", two_plans_kg, "--param", "programme=P1", "--param", "source=SA@4", "--format")
    rows = json.loads(zhiji(*given, "json").stdout)
    assert [row["code"] for row in rows] == ["R1", "R2", "R3", "R4", "R5"]
    columns = list(rows[0])
    for form, separator in (("csv", ","), ("tsv", "\t")):
        found = list(csv.reader(io.StringIO(zhiji(*given, form).stdout), delimiter=separator))
        assert found[0] == columns
        text = {None: "", True: "True", False: "False"}
        shown = [["" if v is None else text[v] if isinstance(v, bool) else str(v) for v in r.values()] for r in rows]
        assert found[1:] == shown
    done = zhiji(*given, "xlsx", "-o", tmp_path / "行.xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    sheet = openpyxl.load_workbook(tmp_path / "行.xlsx").active
    assert sheet.max_row == 1 + len(rows)
    assert [cell.value for cell in sheet[1]] == columns
    assert [cell.value for cell in sheet[2]] == [v if v != "" else None for v in rows[0].values()]


def test_a_question_of_ones_own(zhiji, two_plans_kg, tmp_path):
    (tmp_path / "我的 问题.rq").write_text(
        "#+ param least: integer 至少 | at least\nPREFIX zj: <https://w3id.org/zhiji/ontology/>\n"
        "SELECT ?least ?term WHERE { ?o zj:inTerm ?term . ?p zj:termCount ?least FILTER(?term >= 3) } ORDER BY ?term\n",
        encoding="utf-8",
    )
    given = ("query", "我的 问题.rq", "--kg", two_plans_kg, "--format", "json")
    rows = json.loads(zhiji(*given, "--param", "least=4", cwd=tmp_path).stdout)
    assert {row["term"] for row in rows} == {3, 4}
    assert json.loads(zhiji(*given, "--param", "least=5", cwd=tmp_path).stdout) == []
    assert zhiji(*given, "--param", "least=vier", cwd=tmp_path).returncode == 2
    (tmp_path / "bad.rq").write_text("SELECT ?s WHERE { ?s ?p", encoding="utf-8")
    done = zhiji("query", "bad.rq", "--kg", two_plans_kg, cwd=tmp_path)
    assert (done.returncode, len(lines(done.stderr))) == (2, 1)


def test_a_label_that_looks_like_a_formula_is_guarded(zhiji, tmp_path):
    folder = tmp_path / "簿"
    shutil.copytree(WORKBOOK, folder)
    courses = folder / "课程.csv"
    courses.write_text(courses.read_text(encoding="utf-8").replace("丙课", "=HYPERLINK(丙课)"), encoding="utf-8")
    assert zhiji("build", folder, "--kg", tmp_path / "kg").returncode == 0
    given = ("--kg", tmp_path / "kg", "--format", "csv")
    asked = zhiji("query", "course-points", "--param", "course=zjd:course/P2-A", *given).stdout
    gaps = zhiji("gaps", "--programme", "P2", *given).stdout
    for made in (asked, gaps):
        cells = [cell for row in csv.reader(io.StringIO(made)) for cell in row if "HYPERLINK" in cell]
        assert any(cell == "'=HYPERLINK(丙课)" for cell in cells)
        assert not any(cell.startswith("=") for cell in cells)


def test_the_catalogue_of_questions(zhiji):
    listed = json.loads(zhiji("queries", "--json").stdout)
    table = zhiji("queries").stdout
    assert {"coverage", "programmes"} <= {entry["name"] for entry in listed}
    assert "infer" not in {entry["folder"] for entry in listed}
    for entry in listed:
        assert entry["name"] in table
        assert set(entry["summary"]) == {"zh", "en"}


def test_the_competency_questions_are_listed_by_number_with_their_facts(zhiji):
    listed = json.loads(zhiji("queries", "--cq", "--json").stdout)
    numbers = [entry["competencyQuestion"] for entry in listed]
    assert numbers == sorted(set(numbers))
    assert all(entry["facts"] and entry["answer"] for entry in listed)
    table = zhiji("queries", "--cq", COLUMNS="80").stdout
    assert re.findall(r"^ (CQ-\d\d) ", table, re.M) == numbers
    assert max(map(len, table.splitlines())) <= 140
    shown = " ".join(table.split())
    assert all(f" {entry['name']} " in shown for entry in listed)
    assert "learner-stage --param learner=… --param interpretation=…" in shown
    assert "MOD-2c1 2c2 2c3" in shown


# versions, and JSON wherever a table is printed


def test_versions_rollback_and_verify(zhiji, tmp_path):
    other, kg = tmp_path / "簿", tmp_path / "图谱 kg"
    shutil.copytree(WORKBOOK, other)
    names = other / "专业.csv"
    names.write_text(names.read_text(encoding="utf-8").replace("乙校", "丙校"), encoding="utf-8")
    for source, said in ((WORKBOOK, "v1"), (WORKBOOK, "No change"), (other, "v2")):
        done = zhiji("build", source, "--kg", kg)
        assert (done.returncode, done.stderr) == (0, "")
        assert said in done.stdout
    listed = json.loads(zhiji("versions", "--kg", kg, "--json").stdout)
    assert [(v["version"], v["serving"]) for v in listed] == [("v1", False), ("v2", True)]
    assert all(v["sha256"][:16] in zhiji("versions", "--kg", kg).stdout for v in listed)
    assert "v1" in zhiji("rollback", "v1", "--kg", kg).stdout
    serving = [v["version"] for v in json.loads(zhiji("versions", "--kg", kg, "--json").stdout) if v["serving"]]
    assert serving == ["v1"]
    done = zhiji("verify", "--kg", kg)
    assert done.returncode == 0
    assert listed[0]["sha256"] in done.stdout


def test_a_version_that_was_tampered_with(zhiji, two_plans_kg, tmp_path):
    shutil.copytree(two_plans_kg, tmp_path / "kg", symlinks=True)
    store = tmp_path / "kg" / "v1" / "store"
    (store / "added").write_bytes(b"x")
    assert zhiji("verify", "--kg", tmp_path / "kg").returncode == 0, "what is added is no part of the version"
    victim = max(store.glob("*.sst"), key=lambda path: path.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[len(data) // 3] ^= 255
    victim.write_bytes(data)
    done = zhiji("verify", "--kg", tmp_path / "kg")
    assert done.returncode in (1, 3)
    assert "Traceback" not in done.stderr


def test_check_in_words_and_as_json(zhiji, wrong_workbook, two_plans_kg):
    found = json.loads(zhiji("check", wrong_workbook, "--json").stdout)
    (error,) = [problem for problem in found if problem["severity"] == "error" and problem["cell"] == "B9"]
    assert (error["code"], error["sheet"]) == ("unknown-course", "覆盖")
    done = zhiji("check", wrong_workbook)
    assert error["message"] in lines(done.stdout)
    assert done.stderr == "", "the problems are the result of a check"
    assert "The same as the published version." in zhiji("check", WORKBOOK, "--kg", two_plans_kg).stdout


def test_build_says_what_the_graph_holds(zhiji, tmp_path):
    done = zhiji("build", WORKBOOK, "--kg", tmp_path / "kg")
    assert re.search(r"^ +3  Programme edition$", done.stdout, re.M)
    assert re.search(r"hash [0-9a-f]{64}$", lines(done.stdout)[0])


# export and report


@pytest.mark.parametrize("form", ["nq", "ttl", "graphml", "gexf", "html"])
def test_export_writes_and_says_where(zhiji, two_plans_kg, tmp_path, form):
    path = tmp_path / f"图 g.{form}"
    done = zhiji("export", "--kg", two_plans_kg, "--format", form, "--programme", "P1", "-o", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"wrote {path}\n", "")
    assert path.stat().st_size > 10_000


def test_export_of_named_graphs_from_an_endpoint_is_refused(zhiji, two_plans_endpoint, tmp_path):
    done = zhiji("export", "--endpoint", two_plans_endpoint, "--format", "nq", "-o", tmp_path / "g.nq")
    assert (done.returncode, done.stdout, len(lines(done.stderr))) == (2, "", 1)
    assert "--kg" in done.stderr


@pytest.mark.parametrize("form", ["html", "xlsx", "docx", "md", "json"])
def test_a_report_by_its_ending_or_by_its_form(zhiji, two_plans_kg, tmp_path, form):
    given = ("report", "--kg", two_plans_kg, "--programme", "P1")
    assert zhiji(*given, "-o", tmp_path / f"a.{form.upper()}").returncode == 0
    assert zhiji(*given, "--format", form, "-o", tmp_path / "报告").returncode == 0
    assert (tmp_path / "报告").read_bytes() == (tmp_path / f"a.{form.upper()}").read_bytes()


# The pipe, and the process


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes")
@pytest.mark.parametrize("arguments", [
    ("query", "links", *GRAPH), ("query", "links", *GRAPH, "--format", "csv"),
    ("gaps", *GRAPH, "--programme", "460103"), ("gaps", *GRAPH, "--programme", "460103", "--format", "json"),
    ("--help",), ("queries", "--json"),
])  # fmt: skip
def test_a_reader_that_leaves_is_no_error(example_kg, arguments):
    command = [sys.executable, "-m", "zhiji_kg", *filled(arguments, kg=str(example_kg))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "ZHIJI_LANG": "en"}
    leaver, writer = os.pipe()
    os.close(leaver)
    with subprocess.Popen(command, stdout=writer, stderr=subprocess.PIPE, env=environment) as process:
        os.close(writer)
        said = process.stderr.read().decode()
        status = process.wait(timeout=60)
    assert (status, said) == (0, "")


def test_run_gives_the_status_and_raises_what_stops_it(two_plans_kg, capsys):
    assert run(["versions", "--kg", str(two_plans_kg)]) == 0
    assert "v1" in capsys.readouterr().out
    assert run([]) == 2


def test_all_letters_come_through_in_the_c_locale(zhiji, two_plans_kg):
    done = zhiji("query", "programmes", "--kg", two_plans_kg, "--format", "csv", LC_ALL="C")
    assert done.returncode == 0
    assert "甲专业" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="the console has its own encoding")
@pytest.mark.parametrize(
    ("encoding", "shown"), [("latin-1", b"?"), ("gbk", "甲专业".encode("gbk")), ("ascii", "甲专业".encode())]
)
def test_a_terminal_of_another_encoding_gets_what_it_can_show(two_plans_kg, encoding, shown):
    command = [sys.executable, "-m", "zhiji_kg", "query", "programmes", "--kg", str(two_plans_kg), "--format", "csv"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert shown in done.stdout


def test_a_refused_build_says_that_nothing_was_published(zhiji, tmp_path):
    book = tmp_path / "book"
    book.mkdir()
    (book / "说明.csv").write_text("项,值\n工作簿标识,x\n", encoding="utf-8")
    (book / "要素点.csv").write_text("要素点代码,类型,名称\nP1,不知道,甲\n", encoding="utf-8")
    done = zhiji("build", book, "--kg", tmp_path / "kg", lang="zh")
    assert (done.returncode, done.stdout) == (1, "")
    refused, later = done.stderr.splitlines()[-2:]
    assert refused == "有 1 个错误，没有发布；原版本（如有）照常使用。"
    assert later.startswith("还没有核对到循环、矛盾和数据形状：")
    assert not (tmp_path / "kg").exists()
