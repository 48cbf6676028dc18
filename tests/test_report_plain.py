"""The report as JSON: stable keys, both languages, figures with denominators, nothing lost."""

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from zhiji_kg.analysis import analyse, find_programme, load_profile
from zhiji_kg.findings import TABLES, Finding, Thing
from zhiji_kg.report.plain import FORMAT, finding_plain, findings_json, report_json, report_plain
from zhiji_kg.texts import Text

STATE_KEYS = {"covered": "covered", "partial": "partial", "no-match": "noMatch", "not-examined": "notExamined"}
FINDING_KEYS = [
    "code", "severity", "title", "basis", "source", "dueFor", "subject", "point", "object", "measured", "threshold",
    "thresholdGrade", "part", "whole",
    "weight", "table", "evidence", "suggestion", "query", "parameters", "version",
]  # fmt: skip


@pytest.fixture(scope="module")
def analysis(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


@pytest.fixture(scope="module")
def report(analysis):
    return json.loads(report_json(analysis))


def tallies(node):
    """Every tally anywhere in the report."""
    if isinstance(node, dict):
        if "denominator" in node:
            yield node
        for value in node.values():
            yield from tallies(value)
    elif isinstance(node, list):
        for value in node:
            yield from tallies(value)


def test_json_says_what_the_plain_data_says(analysis, report):
    assert report == json.loads(json.dumps(report_plain(analysis)))
    assert report["format"] == FORMAT == "zhiji-kg/gap-report/1"


def test_it_ends_with_a_line_end_and_keeps_chinese_readable(analysis):
    text = report_json(analysis)
    assert text.endswith("}\n")
    assert "数控技术" in text


def test_the_top_level_keys_are_stable(report):
    assert list(report) == [
        "format", "programme", "graph", "profile", "notice", "headline", "weightiest", "targets", "shape", "findings",
        "documents",
    ]  # fmt: skip
    assert list(report["programme"]) == ["iri", "code", "label", "school", "track", "terms", "courses"]


def test_programme_and_graph(report, analysis):
    assert report["programme"]["code"] == "460103@2024"
    assert report["programme"]["label"] == {"zh": "数控技术", "en": "CNC Technology"}
    assert (report["programme"]["terms"], report["programme"]["courses"]) == (6, 50)
    assert report["graph"] == {"version": analysis.graph.version, "sha256": analysis.graph.sha256}


def test_the_policy_it_was_judged_by_is_named(report, analysis, tmp_path):
    assert report["profile"] == {"shipped": True, "sha256": load_profile().sha256}
    own = tmp_path / "own.toml"
    own.write_text("[depth]\nskill = 4\n", "utf-8")
    judged = report_plain(replace(analysis, profile=load_profile(own)))["profile"]
    assert judged == {"shipped": False, "sha256": load_profile(own).sha256}
    assert judged["sha256"] != report["profile"]["sha256"]
    same = tmp_path / "same.toml"
    same.write_text("# nothing is changed\n", "utf-8")
    assert load_profile(same).shipped


def test_the_shape_of_the_plan_adds_up(report):
    shape = report["shape"]
    assert sum(load["hours"] for load in shape["loads"]) == shape["hours"] == 3130
    assert sum(load["courses"] for load in shape["loads"]) == shape["courses"] == 50
    assert len(shape["indicators"]) == 11


def test_an_example_says_so_and_real_data_does_not(direct_analysis, report):
    assert "示例数据" in report["notice"]["zh"]
    assert report_plain(direct_analysis)["notice"] is None
    reviewed = report_plain(direct_analysis)["targets"][0]["totals"]["reviewedOnly"]
    assert reviewed == report_plain(direct_analysis)["targets"][0]["totals"]["all"]


def test_every_tally_adds_up(report):
    found = list(tallies(report))
    assert len(found) > 200
    for tally in found:
        states = sum(tally[key] for key in STATE_KEYS.values())
        assert states == pytest.approx(tally["denominator"], abs=4e-4)  # four figures, each rounded to 0.0001
        assert tally["knownGap"] == pytest.approx(tally["partial"] + tally["noMatch"], abs=2e-4)
        assert tally["upperBound"] == pytest.approx(tally["knownGap"] + tally["notExamined"], abs=2e-4)


def test_the_totals_count_the_cells(report):
    for target in report["targets"]:
        for reading, state in (("all", "state"), ("reviewedOnly", "reviewedState")):
            counted = Counter(STATE_KEYS[cell[state]] for cell in target["cells"])
            items = target["totals"][reading]["items"]
            assert {key: items[key] for key in STATE_KEYS.values() if items[key]} == dict(counted)
            assert items["denominator"] == len(target["cells"])
            assert items["stated"] is None


def test_weights_add_up_to_the_denominator_of_their_table(report):
    for target in report["targets"]:
        sums = Counter()
        for cell in target["cells"]:
            if cell["weight"] is not None:
                sums["skills" if cell["kind"] == "skill" else "theory"] += cell["weight"]
        assert bool(sums) is target["weighted"]
        for table, total in sums.items():
            assert total == pytest.approx(target["totals"]["all"][table]["denominator"], abs=0.01)


def test_figures_worked_by_hand_are_in_it(report):
    by_name = {(t["target"]["basis"], t["target"]["source"]["code"]): t for t in report["targets"]}
    level4 = by_name["certificate", "CNC-TURNER-2005@4"]["totals"]["all"]["items"]
    assert [level4[key] for key in STATE_KEYS.values()] == [60, 11, 2, 4]
    level3 = by_name["certificate", "CNC-TURNER-2005@3"]["totals"]["all"]
    assert [level3["items"][key] for key in STATE_KEYS.values()] == [36, 12, 5, 6]
    assert (level3["skills"]["denominator"], level3["skills"]["stated"]) == (95, 100)
    tasks = by_name["occupation", "6-18-01-01"]
    assert [tasks["totals"]["all"]["items"][key] for key in STATE_KEYS.values()] == [4, 0, 1, 1]
    assert not tasks["weighted"]


def test_example_coverage_never_counts_as_reviewed(report):
    for target in report["targets"]:
        assert target["totals"]["reviewedOnly"]["items"]["covered"] == 0


def test_a_partial_cell_tells_its_reasons_and_its_course(report):
    partial = [cell for target in report["targets"] for cell in target["cells"] if cell["state"] == "partial"]
    assert partial
    for cell in partial:
        assert cell["reasons"]
        assert cell["chosen"]["code"] in [offer["course"]["code"] for offer in cell["offers"]]


def test_a_cell_without_offers_names_no_course(report):
    for target in report["targets"]:
        for cell in target["cells"]:
            if cell["state"] in ("no-match", "not-examined"):
                assert (cell["offers"], cell["chosen"], cell["reasons"]) == ([], None, [])
            if cell["state"] == "no-match":
                assert cell["examinations"]


def test_the_weightiest_are_told_with_what_they_are_of(report):
    first, second, *_ = report["weightiest"]
    assert len(report["weightiest"]) == 5
    assert (first["requirement"]["code"], first["weight"], first["of"]) == ("R4-4-5-S1", 10, 100)
    assert (second["weight"], second["of"], second["state"]) == (7.5, 95, "no-match")


def test_every_target_names_the_query_that_gives_it(report, analysis):
    for target in report["targets"]:
        assert target["query"] == "coverage"
        assert target["parameters"] == {
            "programme": analysis.programme.thing.iri,
            "source": target["target"]["source"]["iri"],
        }
        assert (target["version"], target["sha256"]) == (analysis.graph.version, analysis.graph.sha256)


def test_every_finding_is_there_in_order(report, analysis):
    assert [f["code"] for f in report["findings"]] == [f.code for f in analysis.findings]
    for plain, finding in zip(report["findings"], analysis.findings, strict=True):
        assert list(plain) == [*FINDING_KEYS, "sha256"]
        assert plain["subject"]["code"] == finding.subject.code
        assert plain["title"]["zh"] == analysis.profile.codes[finding.code].title.zh
        assert plain["evidence"]
        assert plain["table"] in TABLES
        assert all({"iri", "document", "cell", "grade"} <= set(evidence) for evidence in plain["evidence"])


def test_findings_json_is_the_same_list_without_the_hash(analysis, report):
    text = findings_json(analysis)
    plain = [{key: found[key] for key in FINDING_KEYS} for found in report["findings"]]
    assert json.loads(text) == plain
    assert analysis.graph.sha256 not in text


def test_numbers_are_plain_and_rounded(analysis):
    finding = Finding("ZJ-C14", "warning", Thing("urn:x"), "certificate", measured=8.0, threshold=12.5,
                      weight=Fraction(1, 3))  # fmt: skip
    plain = finding_plain(finding, analysis.profile)
    assert (plain["measured"], plain["threshold"], plain["weight"]) == (8, 12.5, 0.3333)
    assert isinstance(plain["measured"], int)
    assert (plain["source"], plain["object"], plain["evidence"]) == (None, None, [])


def test_yes_and_no_stay_what_they_are(analysis):
    finding = Finding("ZJ-C04", "warning", Thing("urn:x"), "certificate", measured=False, threshold=True)
    plain = finding_plain(finding, analysis.profile)
    assert plain["measured"] is False
    assert plain["threshold"] is True


def test_text_of_strangers_is_only_text(analysis):
    bad = Text('"},<script>', "</script>\u2028")
    finding = replace(analysis.findings[0], subject=Thing("urn:x", "=1+1", bad))
    told = json.loads(findings_json(replace(analysis, findings=(finding,))))[0]["subject"]
    assert told == {"iri": "urn:x", "code": "=1+1", "label": {"zh": bad.zh, "en": bad.en}}


def test_documents_carry_their_grade(report, analysis):
    assert [d["identifier"] for d in report["documents"]] == [d.identifier for d in analysis.documents]
    assert {d["grade"] for d in report["documents"]} == {"example", "inferred"}


def test_the_same_analysis_gives_the_same_text(analysis):
    assert report_json(analysis) == report_json(analysis)
