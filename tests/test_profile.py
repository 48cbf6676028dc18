"""The policy file: the shipped one, copies of it, and copies that went wrong."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from zhiji_kg.analysis.profile import SHIPPED, load_profile
from zhiji_kg.errors import ExitStatus, UnreadableError
from zhiji_kg.queries import catalogue
from zhiji_kg.sources.workbook.layout import workbook_layout

WORDS = SHIPPED.read_text(encoding="utf-8")
HEADINGS = {name for sheet in workbook_layout().sheets for name in (sheet.zh, *(column.zh for column in sheet.columns))}
SHEETS = "|".join(sorted({"无匹配", *HEADINGS}, key=len, reverse=True))  # what an English text calls by its name


def test_the_shipped_profile_speaks_of_every_code_the_analysis_gives():
    package = SHIPPED.parent.parent / "zhiji_kg" / "analysis"
    given = {code for path in package.glob("*.py") for code in re.findall(r'"(ZJ-\w\d\d)"', path.read_text("utf-8"))}
    by_rules = {code for code, policy in load_profile().codes.items() if policy.holds is not None}
    assert given | by_rules == set(load_profile().codes)
    assert not given & by_rules, "either a rule decides or an analysis"


def test_each_code_in_both_languages():
    for code, policy in load_profile().codes.items():
        assert policy.severity in ("error", "warning", "note"), code
        for text in (policy.title, policy.why, policy.suggestion):
            assert re.search(r"[\u4e00-\u9fff]", text.zh), code
            assert re.search(r"[a-z]{2}", text.en), code
            assert not re.search(r"[\u3400-\u9fff]", re.sub(SHEETS, "", text.en)), code


def test_the_rule_of_depth_is_the_one_of_the_gap_model():
    assert load_profile().depth == {"skill": 3, "knowledge": 2, "basic": 2}
    assert load_profile().redundant_courses == 3
    assert load_profile().codes["ZJ-C07"].severity_same_term == "note"


def test_a_copy_judges_like_the_shipped_one(tmp_path):
    copy = tmp_path / "省 profile.toml"
    copy.write_text("\ufeff" + WORDS, encoding="utf-8")
    assert load_profile(copy) == load_profile()


def test_a_file_of_ones_own_says_only_what_it_changes(tmp_path):
    """A province sets one threshold and switches one code off; all else is as shipped."""
    own, shipped = tmp_path / "own.toml", load_profile()
    own.write_text('[depth]\nskill = 4\n[code.ZJ-C04]\nenabled = false\n[code.ZJ-C01]\nseverity = "note"\n', "utf-8")
    changed = load_profile(own)
    assert changed.depth == {**shipped.depth, "skill": 4}
    assert not changed.enabled("ZJ-C04")
    assert shipped.enabled("ZJ-C04")
    assert changed.codes["ZJ-C01"].severity == "note"
    assert changed.codes["ZJ-C01"].title == shipped.codes["ZJ-C01"].title
    assert list(changed.codes) == list(shipped.codes)
    untouched = set(shipped.codes) - {"ZJ-C01", "ZJ-C04"}
    assert all(changed.codes[code] == shipped.codes[code] for code in untouched)


def test_thresholds_are_exact(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[code.ZJ-C01]\nholds = "below"\nthreshold = 0.1\n', "utf-8")
    assert load_profile(own).codes["ZJ-C01"].threshold == (Fraction(1, 10),)
    own.with_name("range.toml").write_text('[code.ZJ-C01]\nholds = "outside"\nthreshold = [6, 8]\n', "utf-8")
    assert load_profile(own.with_name("range.toml")).codes["ZJ-C01"].threshold == (6, 8)


def test_every_code_names_its_group_and_the_query_that_decides():
    for code, policy in load_profile().codes.items():
        assert policy.query in catalogue(), code
        assert (policy.group == "policy") == (policy.clause is not None), code
        assert (
            policy.group == {"S": "standards", "C": "curriculum", "R": "resources", "P": "policy", "D": "data"}[code[3]]
        )


CHANGES = {
    "severity": ('severity = "note"\ntitle = { zh = "重复', 'severity = "error"\ntitle = { zh = "重复'),
    "threshold": ("courses = 3", "courses = 5"),
    "depth": ("skill = 3", "skill = 4"),
    "no depth asked": ("basic = 2\n", "basic = 0\n"),
    "switched off": ("[code.ZJ-C04]", "[code.ZJ-C04]\nenabled = false"),
    "weightiest": ("weightiest = 5", "weightiest = 0"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_taken(tmp_path, change):
    assert change[0] in WORDS
    copy = tmp_path / "own.toml"
    copy.write_text(WORDS.replace(*change, 1), encoding="utf-8")
    assert load_profile(copy) != load_profile()


FAULTS = {
    "not TOML": ("[depth]", "[depth"),
    "code left out": ("[code.ZJ-C04]", "[code.ZJ-X04]"),
    "severity that is none": ('severity = "error"', 'severity = "fatal"'),
    "depth in words": ("skill = 3", 'skill = "掌握"'),
    "threshold in words": ("courses = 3", 'courses = "three"'),
    "threshold below nothing": ("courses = 3", "courses = -1"),
    "yes for a number": ("weightiest = 5", "weightiest = true"),
    "one language": ('title = { zh = "深度不足", en = "covered too shallow" }', 'title = { zh = "深度不足" }'),
    "text for a pair": ('title = { zh = "深度不足", en = "covered too shallow" }', 'title = "深度不足"'),
    "section misspelt": ("[report]", "[reports]"),
    "setting misspelt": ("weightiest =", "weightyest ="),
    "key of a code misspelt": ("severity_same_term =", "severity_sameterm ="),
    "group that is none": ('group = "data"', 'group = "dates"'),
    "switch in words": ("[code.ZJ-C04]", '[code.ZJ-C04]\nenabled = "no"'),
    "threshold without a test": ("[code.ZJ-C04]", "[code.ZJ-C04]\nthreshold = 3"),
    "test without a threshold": ("[code.ZJ-C04]", '[code.ZJ-C04]\nholds = "below"'),
    "range turned round": ("[code.ZJ-C04]", '[code.ZJ-C04]\nholds = "outside"\nthreshold = [18, 16]'),
    "half a range": ("[code.ZJ-C04]", '[code.ZJ-C04]\nholds = "outside"\nthreshold = [18]'),
    "test that is none": ("[code.ZJ-C04]", '[code.ZJ-C04]\nholds = "near"\nthreshold = 3'),
    "figure in words": ("[code.ZJ-C04]", '[code.ZJ-C04]\nholds = "above"\nthreshold = "3"'),
    "number for a section": ("[depth]", "depth = 3\n[other]"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_faulty_copy_is_named_in_one_line(tmp_path, fault):
    assert fault[0] in WORDS
    copy = tmp_path / "own.toml"
    copy.write_text(WORDS.replace(*fault, 1), encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        load_profile(copy)
    (problem,) = caught.value.problems
    assert problem.code == "bad-settings"
    assert problem.line("en").startswith(str(copy))
    assert "\n" not in problem.line("zh")


def unreadable_files(folder):
    (folder / "gbk.toml").write_bytes("# 标准".encode("gb18030"))
    yield folder / "gbk.toml", "bad-settings"
    yield folder / "none.toml", "missing-file"
    yield folder, "cannot-open"


def test_a_file_that_cannot_be_read(tmp_path):
    for path, code in unreadable_files(tmp_path):
        with pytest.raises(UnreadableError) as caught:
            load_profile(Path(path))
        assert caught.value.problems[0].code == code
        assert caught.value.status is ExitStatus.UNREADABLE
