"""The report as a workbook, read back by another reader: headings, figures, words and safety."""

from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.errors import CannotRunError
from zhiji_kg.findings import STATES, Evidence
from zhiji_kg.queries import find_query
from zhiji_kg.report.summary import as_shown, headline, notice, reason, state_name, target_name
from zhiji_kg.report.xlsx import views, write_xlsx
from zhiji_kg.resources import package_version
from zhiji_kg.texts import LANGUAGES, Text, say

EXACT = 1e-6  # figures are written with six decimals
SHEETS = {
    "zh": ["说明", "汇总", "职业功能", "逐条要求", "发现", "学时分布", "能力指标", "来源文档"],
    "en": ["about", "summary", "functions", "cells", "findings", "hours", "indicators", "documents"],
}
SUMMARY_EN = [
    "basis", "target", "source", "due term", "counted in", "reading", "required", "covered", "partial", "no match",
    "not examined", "known gap", "upper bound", "weight column sum", "evidence grade", "query", "parameters",
    "graph version",
]  # fmt: skip
SUMMARY_ZH = [
    "类别", "对照", "来源代码", "到期学期", "计法", "读法", "应有", "已覆盖", "部分覆盖", "无匹配", "未审查",
    "已知缺口", "缺口上限", "权重表合计", "证据等级", "查询", "参数", "图谱版本",
]  # fmt: skip
FINDINGS_ZH = [
    "代码", "严重程度", "名称", "类别", "来源代码", "期限依据代码", "对象代码", "对象", "要素点代码", "相关代码",
    "相关", "实测", "要求值", "理由", "权重", "权重表", "建议", "证据", "证据等级", "审核人", "查询", "参数",
    "图谱版本", "图谱哈希",
]  # fmt: skip
CELLS_EN = [
    "basis", "target", "source", "requirement", "requirement label", "kind", "function", "work content", "point",
    "state", "reviewed state", "reasons", "course", "course label", "depth", "least depth", "least depth from",
    "last term", "due term", "hours", "least hours", "assessed", "must be assessed", "weight", "weight of",
    "weight table", "evidence", "evidence grade", "reviewer",
]  # fmt: skip


@pytest.fixture(scope="module")
def analysis(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def path(analysis, language, tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "报 告.xlsx"
    write_xlsx(analysis, path, language)
    return path


@pytest.fixture(scope="module")
def tables(path, language):
    return read(path, language)


def read(path, language):
    """Every sheet by its key: a list of rows by the key of the column."""
    book = openpyxl.load_workbook(path)
    tables = {}
    for view in views():
        _, *rows = book[view.name(language)].iter_rows(values_only=True)
        keys = [column.key for column in view.columns]
        tables[view.key] = [dict(zip(keys, row, strict=True)) for row in rows]
    return tables


def number(value):
    return None if value is None else pytest.approx(float(value), abs=EXACT)


def tally_row(tally):
    tally = as_shown(tally)
    return {
        "required": number(tally.denominator),
        "covered": number(tally.covered),
        "partial": number(tally.partial),
        "no_match": number(tally.no_match),
        "not_examined": number(tally.not_examined),
        "known_gap": number(tally.known_gap),
        "upper_bound": number(tally.upper_bound),
    }


def test_sheets_and_headings_are_the_listed_ones(path, language):
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == SHEETS[language]
    for view in views():
        headings = [cell.value for cell in book[view.name(language)][1]]
        assert headings == [column.heading(language) for column in view.columns]


def test_column_names_do_not_change():
    columns = {view.key: view.columns for view in views()}
    assert [column.heading.en for column in columns["summary"]] == SUMMARY_EN
    assert [column.heading.zh for column in columns["summary"]] == SUMMARY_ZH
    assert [column.heading.zh for column in columns["findings"]] == FINDINGS_ZH
    assert [column.heading.en for column in columns["cells"]] == CELLS_EN


def test_names_and_keys_are_unique():
    for view in views():
        for names in zip(*((c.key, c.heading.zh, c.heading.en) for c in view.columns), strict=True):
            assert len(set(names)) == len(names)


def test_the_summary_has_every_target_table_and_reading(tables, analysis, language):
    expected = [
        (target_name(c.target)(language), c.target.source.code, c.target.due_term,
         say(f"report.table.{table}")(language), say(f"report.reading.{reading}")(language), tally)
        for c in analysis.coverages
        for reading, tallies in (("all", c.totals.all), ("reviewed", c.totals.reviewed))
        for table, tally in tallies.items()
    ]  # fmt: skip
    assert len(tables["summary"]) == len(expected)
    for row, (name, source, due, table, reading, tally) in zip(tables["summary"], expected, strict=True):
        assert (row["target"], row["source"], row["due_term"]) == (name, source, due)
        assert (row["table"], row["reading"]) == (table, reading)
        assert {key: row[key] for key in tally_row(tally)} == tally_row(tally)
        assert row["stated"] == number(tally.stated)
        assert row["query"] == "coverage"
        assert row["version"] == analysis.graph.version


@pytest.mark.parametrize("sheet", ["summary", "functions"])
def test_states_add_up_to_the_denominator_in_every_row(tables, sheet):
    assert tables[sheet]
    for row in tables[sheet]:
        states = row["covered"] + row["partial"] + row["no_match"] + row["not_examined"]
        assert states == pytest.approx(row["required"], abs=4 * EXACT)
        assert row["known_gap"] == pytest.approx(row["partial"] + row["no_match"], abs=2 * EXACT)
        assert row["upper_bound"] == pytest.approx(row["known_gap"] + row["not_examined"], abs=2 * EXACT)


def test_functions_add_up_to_the_totals(tables, analysis, language):
    word = say("report.sheet.function")(language)
    items, everything = (say(f"report.{key}")(language) for key in ("table.items", "reading.all"))
    for coverage in analysis.coverages:
        rows = [
            r
            for r in tables["functions"]
            if r["target"] == target_name(coverage.target)(language)
            and (r["level"], r["table"], r["reading"]) == (word, items, everything)
        ]
        assert len(rows) == len(coverage.functions)
        if rows:
            whole = coverage.totals.all["items"]
            assert sum(row["covered"] for row in rows) == number(whole.covered)
            assert sum(row["required"] for row in rows) == number(whole.denominator)


def test_work_contents_stand_beneath_their_function(tables, analysis, language):
    works = {(row["function"], row["work"]) for row in tables["functions"] if row["work"]}
    expected = {
        (function.thing.name(language), work.thing.name(language))
        for coverage in analysis.coverages
        for function in coverage.functions
        for work in function.groups
    }
    assert works == expected


def test_every_cell_of_the_analysis_is_a_row(tables, analysis, language):
    cells = [(coverage, cell) for coverage in analysis.coverages for cell in coverage.cells]
    assert len(tables["cells"]) == len(cells)
    for row, (coverage, cell) in zip(tables["cells"], cells, strict=True):
        chosen = cell.verdict.chosen
        assert row["requirement"] == cell.requirement.thing.code
        assert row["label"] == cell.requirement.thing.name(language)
        assert row["state"] == state_name(cell.verdict.state)(language)
        assert row["reviewed_state"] == state_name(cell.reviewed.state)(language)
        assert row["due_term"] == coverage.target.due_term
        assert row["least_depth"] == cell.demand.least_depth
        assert row["course"] == (chosen.course.code if chosen else None)
        assert row["depth"] == (chosen.depth if chosen else None)
        assert row["last_term"] == (chosen.last_term if chosen else None)
        assert row["hours"] == number(chosen.hours if chosen else None)
        assert row["weight"] == number(cell.weight)
        assert row["reasons"] == (" ".join(s.code for s in cell.verdict.shortfalls) or None)
        assert cell.requirement.evidence.locator in row["evidence"]


def test_weights_of_the_cells_add_up_to_what_they_are_of(tables):
    sums = {}
    for row in tables["cells"]:
        if row["weight"] is not None:
            key = (row["target"], row["table"], row["weight_of"])
            sums[key] = sums.get(key, 0) + row["weight"]
    assert len(sums) == 8  # two certificates and two stages, theory and skills
    for (_, _, whole), total in sums.items():
        assert total == pytest.approx(whole, abs=1e-4)


def test_counts_of_states_in_cells_equal_the_summary(tables, language):
    items, everything = (say(f"report.{key}")(language) for key in ("table.items", "reading.all"))
    totals = {r["target"]: r for r in tables["summary"] if (r["table"], r["reading"]) == (items, everything)}
    keys = {"covered": "covered", "partial": "partial", "no-match": "no_match", "not-examined": "not_examined"}
    for target, row in totals.items():
        for state in STATES:
            word = state_name(state)(language)
            own = [r for r in tables["cells"] if r["target"] == target and r["state"] == word]
            assert len(own) == row[keys[state]]


def test_every_finding_is_a_row(tables, analysis, language):
    assert len(tables["findings"]) == len(analysis.findings)
    for row, finding in zip(tables["findings"], analysis.findings, strict=True):
        assert row["code"] == finding.code
        assert row["severity"] == say(f"report.severity.{finding.severity}")(language)
        assert row["subject"] == (finding.subject.code or None)
        assert row["due_for"] == (finding.due_for.code if finding.due_for else None)
        assert row["point"] == (finding.point.code if finding.point else None)
        assert row["reason"] == reason(finding, language)
        assert row["suggestion"] == finding.suggestion(language)
        assert row["weight"] == number(finding.weight)
        assert row["evidence"] == "\n".join(f"{e.source} · {e.locator}" for e in finding.evidence)
        assert row["query"] == finding.provenance.query
        assert row["parameters"] == "\n".join(f"{k}={v}" for k, v in finding.provenance.parameters)
        assert (row["version"], row["sha256"]) == (finding.provenance.version, finding.provenance.sha256)


def test_measured_values_are_numbers_and_yes_or_no(tables, analysis, language):
    for row, finding in zip(tables["findings"], analysis.findings, strict=True):
        if isinstance(finding.measured, bool):
            assert row["measured"] == say(f"report.{'yes' if finding.measured else 'no'}")(language)
        else:
            assert row["measured"] == number(finding.measured)


@pytest.mark.parametrize("sheet", ["summary", "functions", "cells", "findings", "documents"])
def test_every_row_tells_its_evidence_grade(tables, sheet, language):
    known = {say(f"report.grade.{grade}")(language) for grade in ("direct", "rule", "inferred", "example")}
    assert tables[sheet]
    for row in tables[sheet]:
        assert set(row["grade"].split("、" if language == "zh" else ", ")) <= known


def test_documents_and_about(tables, analysis, language):
    assert [row["identifier"] for row in tables["documents"]] == [d.identifier for d in analysis.documents]
    about = {row["what"]: row["value"] for row in tables["about"]}
    assert headline(analysis)(language) in about.values()
    assert about[say("report.page.notice")(language)] == notice(analysis)(language)
    assert about[say("report.page.hash")(language)] == analysis.graph.sha256
    assert about[say("report.page.version")(language)] == analysis.graph.version
    assert about[say("report.sheet.tool")(language)] == f"zhiji-kg {package_version()}"
    for state in STATES:
        assert about[state_name(state)(language)] == say(f"report.means.{state}")(language)


def test_it_opens_with_the_answer_and_says_what_gives_each_sheet(path, tables, analysis, language):
    first = openpyxl.load_workbook(path).worksheets[0]
    assert first["B2"].value == headline(analysis)(language)
    assert first["B3"].value == notice(analysis)(language)
    about = {row["what"]: row["value"] for row in tables["about"]}
    for view in views()[1:]:
        *asked, graph = about[say("report.sheet.from")(language, sheet=view.name(language))].splitlines()
        assert graph == f"{analysis.graph.version} · {analysis.graph.sha256}"
        for line in asked:
            query, *parameters = line.split()
            known = {parameter.name for parameter in find_query(query).parameters}
            assert {parameter.partition("=")[0] for parameter in parameters} == known


def test_the_shape_of_the_plan_adds_up(tables, analysis):
    hours, indicators = tables["hours"], tables["indicators"]
    assert sum(row["hours"] for row in hours) == analysis.shape.hours == 3130
    assert sum(row["courses"] for row in hours) == analysis.shape.courses == 50
    assert len(indicators) == 11
    assert {row["of_courses"] for row in [*hours, *indicators]} == {50}
    assert {row["of_hours"] for row in hours} == {3130}


def test_real_data_does_not_wear_the_label(direct_analysis, tmp_path):
    write_xlsx(direct_analysis, tmp_path / "real.xlsx", "zh")
    about = [row["what"] for row in read(tmp_path / "real.xlsx", "zh")["about"]]
    assert say("report.page.notice")("zh") not in about


def test_text_is_never_a_formula_or_a_link(analysis, tmp_path):
    bad = '=HYPERLINK("http://example.org","x")'
    evidence = Evidence("x", bad, "+1+1", "direct", "@SUM(A1)")
    finding = analysis.findings[0]
    finding = replace(finding, subject=replace(finding.subject, code="-1", label=Text(bad, bad)), evidence=(evidence,))
    documents = tuple(replace(d, title=bad, source="https://example.org") for d in analysis.documents)
    path = tmp_path / "hostile.xlsx"
    write_xlsx(replace(analysis, findings=(finding,), documents=documents), path, "zh")
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    row = read(path, "zh")["findings"][0]
    assert (row["subject_label"], row["reviewer"]) == (bad, "@SUM(A1)")


def test_headings_stay_in_sight_and_can_be_filtered(path, language):
    book = openpyxl.load_workbook(path)
    for view in views():
        sheet = book[view.name(language)]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions


def test_the_same_analysis_gives_the_same_bytes(analysis, path, language, tmp_path):
    write_xlsx(analysis, tmp_path / "again.xlsx", language)
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_what_cannot_be_written_is_said(analysis, tmp_path):
    with pytest.raises(CannotRunError, match="cannot be written"):
        write_xlsx(analysis, tmp_path / "nowhere" / "report.xlsx", "zh")


def test_a_programme_without_targets_has_empty_sheets(analysis, tmp_path):
    write_xlsx(replace(analysis, coverages=(), findings=()), tmp_path / "empty.xlsx", "en")
    tables = read(tmp_path / "empty.xlsx", "en")
    assert (tables["summary"], tables["functions"], tables["cells"], tables["findings"]) == ([], [], [], [])


def test_a_third_is_written_with_six_decimals(analysis, tmp_path):
    finding = replace(analysis.findings[0], weight=Fraction(1, 3))
    write_xlsx(replace(analysis, findings=(finding,)), tmp_path / "third.xlsx", "en")
    assert read(tmp_path / "third.xlsx", "en")["findings"][0]["weight"] == 0.333333
