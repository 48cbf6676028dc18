"""``zhiji recognise`` as a user meets it: a learner of a graph, a record without one, and what is refused."""

import json
import sys

import pytest

from zhiji_kg import KnowledgeGraph
from zhiji_kg.analysis import load_profile
from zhiji_kg.bridging.bridge import Held, bridge
from zhiji_kg.bridging.proof import certified
from zhiji_kg.cli import bridge as way
from zhiji_kg.cli.recognise import told_lines
from zhiji_kg.queries import entity_by_code
from zhiji_kg.recognition import interpretation_of
from zhiji_kg.record import Record, recognise_record, shipped_rules

LANGUAGES = ("zh", "en")
RECORD = ("--attainment", "高职二年级学业", "--certificate", "四级")
HIGHER = ("--attainment", "高职学历", "--certificate")
BOTH = ("--attainment", "secondary-vocational;higher-vocational-year-1")
TURNER = ("--trade", "6-18-01-01", "--own-trade")


def said(zhiji, *arguments, lang="en"):
    done = zhiji("recognise", *arguments, lang=lang)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def plain(zhiji, *arguments):
    return json.loads(said(zhiji, *arguments, "--json"))


def test_a_learner_of_a_graph_in_zh(zhiji, example_kg):
    shown = said(zhiji, "L003", "--kg", example_kg, lang="zh")
    first = shown.splitlines()[:5]
    assert first == [
        "L003：达到 中级学徒（S2）",
        "依据 RULE-2：“高职一年级学业+中级工证书”",
        "达到的全部阶段：初级学徒、中级学徒",
        "下一阶段 高级学徒（S3，RULE-3）还缺：",
        "  证书：三级/高级工",
    ]
    assert "解释：累计，不限职业。" in shown
    assert "这是本项目的解释，不出自来源文本" in shown
    assert "RULE-4" in shown


def test_a_record_without_a_graph_in_en(zhiji, tmp_path):
    done = zhiji("recognise", *RECORD, lang="en", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    shown = done.stdout.splitlines()
    assert shown[0] == "the record given: Intermediate apprentice (S2) is reached"
    assert shown[1].startswith("by RULE-2: ")
    assert shown[3:5] == [
        "Missing for the next, Senior apprentice (S3, RULE-3):",
        "  certificate: Level 3 (senior worker)",
    ]
    assert any(line.startswith("This is an interpretation of this project, not of the source") for line in shown)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "highest", "missing"),
    [
        ((*RECORD,), "cumulative-any-trade", "S2", ["certificate"]),
        ((*RECORD, "--exact"), "exact-any-trade", None, ["attainment", "certificate"]),
        ((*RECORD, "--cumulative", "--any-trade"), "cumulative-any-trade", "S2", ["certificate"]),
        ((*RECORD, "--own-trade"), "cumulative-own-trade", None, ["certificate"]),
        ((*RECORD, "--own-trade", "--trade", "6-18-01-01"), "cumulative-own-trade", None, ["certificate"]),
        ((*HIGHER, "6-18-01-01@3", *TURNER), "cumulative-own-trade", "S3", ["certificate"]),
        ((*HIGHER, "6-31-01-03@3", *TURNER), "cumulative-own-trade", None, ["certificate"]),
        ((*HIGHER, "五级、预备技师证书"), "cumulative-any-trade", "S4", None),
        ((*BOTH, "--certificate", "5", "--exact"), "exact-any-trade", "S1", ["certificate"]),
        (("--certificate", "1"), "cumulative-any-trade", None, ["attainment"]),
    ],
)  # fmt: skip
def test_switches_and_forms_of_a_record(zhiji, arguments, code, highest, missing):
    found = plain(zhiji, *arguments)
    assert found["interpretation"]["code"] == code
    assert (found["highest"] and found["highest"]["stage"]["code"]) == highest
    assert (found["next"] and found["next"]["missing"]) == missing
    assert found["ownTradeUnknown"] is ("own" in code and "--trade" not in arguments)


def test_the_reading_of_a_profile_of_ones_own(zhiji, tmp_path):
    from zhiji_kg.analysis.profile import SHIPPED

    text = SHIPPED.read_text(encoding="utf-8")
    line = 'interpretation = "cumulative-any-trade"'
    assert line in text
    (tmp_path / "mine.toml").write_text(text.replace(line, 'interpretation = "exact-any-trade"'), encoding="utf-8")
    (tmp_path / "zhiji.toml").write_text('profile = "mine.toml"\n', encoding="utf-8")
    done = zhiji("recognise", *RECORD, "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["interpretation"]["code"] == "exact-any-trade"
    done = zhiji("recognise", *RECORD, "--cumulative", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["interpretation"]["code"] == "cumulative-any-trade"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "recognise"),
        (("--attainment", "高职"), "higher-vocational"),
        (("--certificate", "七级"), "preparatory-technician"),
        (("--certificate", "6-18-01-01@"), "6-18-01-01@"),
        (("--certificate", "@四级"), "@四级"),
        (("--trade", "6-18-01-01", "--kg", "kg"), "--kg"),
        ((*RECORD, "--own-trade", "--any-trade"), "--own-trade"),
        (("L001", "--exact", "--cumulative"), "--exact"),
        (("L001", *RECORD), "--attainment"),
        (("--attainments", "中职学历"), "--attainments"),
        (("L001", "--kg", "no-such-folder"), "no-such-folder"),
    ],
)
def test_what_cannot_be_understood_is_one_line(zhiji, tmp_path, arguments, named, lang):
    done = zhiji("recognise", *arguments, lang=lang, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert named in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_learner_is_told_who_is_there(zhiji, example_kg, lang):
    done = zhiji("recognise", "L030", "--kg", example_kg, lang=lang)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "L030" in line
    assert "L003" in line


def test_a_code_and_a_word_as_people_write_them(zhiji, example_kg):
    assert plain(zhiji, "l003", "--kg", example_kg) == plain(zhiji, "L003", "--kg", example_kg)
    for written in ("大专", "大专学历"):
        assert plain(zhiji, "--attainment", written)["record"][0]["code"] == "higher-vocational"


def test_the_same_over_an_endpoint(zhiji, example_kg, example_endpoint):
    assert plain(zhiji, "L005", "--endpoint", example_endpoint) == plain(zhiji, "L005", "--kg", example_kg)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_of_what_may_be_written(zhiji, example_kg, lang):
    shown = said(zhiji, "--list", lang=lang)
    for code in ("higher-vocational-year-1", "preparatory-technician", "exact-own-trade"):
        assert code in shown
    assert "L001" not in shown
    assert "L001" in said(zhiji, "--list", "--kg", example_kg, lang=lang)


def test_the_list_as_json_is_what_can_be_given(zhiji):
    found = plain(zhiji, "--list")
    assert {kind: len(values) for kind, values in found.items()} == {"attainment": 4, "level": 6, "interpretation": 4}
    for attainment in found["attainment"]:
        assert plain(zhiji, "--attainment", attainment["name"])["record"][0]["code"] == attainment["code"]


def test_without_an_own_trade_it_says_why_nothing_counts():
    found = recognise_record(Record(), interpretation_of(shipped_rules(), "exact-own-trade"))
    told = "\n".join(told_lines(found, "X"))
    assert found.trade_unknown
    assert "--trade" in told
    assert {found.interpretation.thing.name(language) in told for language in LANGUAGES} == {True, False}


INTO = ("--programme", "460103")


def test_what_a_certificate_spares_in_zh(zhiji, example_kg):
    shown = said(zhiji, "L004", "--kg", example_kg, *INTO, lang="zh")
    assert "  证书 CERT-CNC-3 数控车工三级：证明标准等级 CNC-TURNER-2005@3 的要求" in shown
    assert "50 门课程：部分已证明 30、要修 2、方案没有写教什么、要修 18。" in shown
    assert "最晚从第 2 学期插班，第 6 学期学完（已证明不能更晚；课程合计推迟 34 个学期，已是最少）。" in shown
    assert "  课程 SC001 在 SC002 之前" in shown
    assert "不是主管部门的规定" in shown


def test_a_record_with_studies_of_the_other_track_in_en(zhiji, example_kg):
    record = ("--certificate", "6-04-01-01@3", "--kg", example_kg, *INTO, "--studied", "TE-CNC:8")
    shown = said(zhiji, *record)
    assert "studied TE-CNC@2024 up to the end of term 8" in shown
    assert "50 courses: 3 can be spared, 28 proved in part," in shown
    way = plain(zhiji, *record, "--waive", "SC001")["bridge"]
    assert [one["course"]["code"] for one in way["courses"] if one["decision"] == "exempt"] == [
        "SX002",
        "ZH002",
        "ZH006",
    ]
    assert [one["course"]["code"] for one in way["courses"] if one["decision"] == "waived"] == ["SC001"]
    assert way["studies"] == {"programme": "TE-CNC@2024", "finished": 8}


def test_without_the_solver_the_courses_are_decided_and_the_terms_left_open(example_kg, monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    graph = KnowledgeGraph.open(example_kg)
    learner = entity_by_code(graph.store, "zj:Learner", "L004")
    held = Held(certified(graph.store, learner))
    found = bridge(graph.store, graph.programme("460103"), held, load_profile())
    assert (found.entry.status, found.entry.courses, len(found.of("partly"))) == ("no-solver", (), 30)
    assert any("zhiji-kg[plan]" in line for line in way.told_lines(found))


def test_terms_that_are_finished_are_not_planned_again(zhiji, example_kg):
    way = plain(zhiji, "L002", "--kg", example_kg, *INTO, "--finished", "2")["bridge"]
    assert way["entry"]["term"] == 3
    assert all(part["planned"] > 2 for one in way["entry"]["courses"] for part in one["parts"])
    english = said(zhiji, "L002", "--kg", example_kg, *INTO, "--finished", "2")
    assert "At the latest, go on in term 3 and finish with term 6" in english
    assert "16 points are not taught deep enough" in english


@pytest.mark.parametrize(
    "more", [("--studied", "TE-CNC:3"), ("--finished", "2"), ("--waive", "GG001"), ("--seconds", "9")]
)
def test_what_goes_with_a_programme_is_not_taken_without(zhiji, example_kg, more):
    done = zhiji("recognise", "L002", "--kg", example_kg, *more, lang="en")
    assert done.returncode == 2
    assert "go with --programme" in done.stderr


def test_a_plan_that_is_finished_leaves_nothing(zhiji, example_kg):
    shown = said(zhiji, "L002", "--kg", example_kg, *INTO, "--finished", "6")
    assert "50 courses: 50 studied already." in shown
    assert "No course is left to be taken." in shown


def test_a_certificate_without_a_trade_proves_nothing(zhiji, example_kg):
    shown = said(zhiji, "--certificate", "3", "--kg", example_kg, *INTO)
    assert "certificate 3: the graph has no standard for its occupation at its level, so it proves nothing" in shown
    assert "At the latest, begin in term 1" in shown


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--waive", "XX"), "--waive: "),
        (("--studied", "TE-CNC"), "--studied “TE-CNC”"),
        (("--studied", "FOO:3"), "--studied: "),
        (("--studied", "TE-CNC:99"), "--studied: "),
        (("--finished", "99"), "--finished: "),
        (("--finished", "two"), "--finished"),
        (("--seconds", "0"), "--seconds"),
        (("--certificate", "9-99@3"), ""),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(zhiji, example_kg, more, told):
    who = () if "--certificate" in more else ("L002",)
    done = zhiji("recognise", *who, "--kg", example_kg, *INTO, *more, lang="en")
    assert done.returncode
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2
