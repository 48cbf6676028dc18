"""The policy file: the shipped one, copies of it, and copies that went wrong."""

import re
from pathlib import Path

import pytest

from zhiji_kg.analysis.profile import SHIPPED, load_profile
from zhiji_kg.errors import ExitStatus, UnreadableError

WORDS = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_profile_speaks_of_every_code_the_analysis_gives():
    package = SHIPPED.parent.parent / "zhiji_kg" / "analysis"
    given = {code for path in package.glob("*.py") for code in re.findall(r'"(ZJ-\w\d\d)"', path.read_text("utf-8"))}
    assert given == set(load_profile().codes)


def test_each_code_in_both_languages():
    for code, policy in load_profile().codes.items():
        assert policy.severity in ("error", "warning", "note"), code
        for text in (policy.title, policy.why, policy.suggestion):
            assert re.search(r"[\u4e00-\u9fff]", text.zh), code
            assert re.search(r"[a-z]{2}", text.en), code
            assert not re.search(r"[\u3400-\u9fff]", re.sub(r"无匹配|覆盖", "", text.en)), code


def test_the_rule_of_depth_is_the_one_of_the_gap_model():
    assert load_profile().depth == {"skill": 3, "knowledge": 2, "basic": 2}
    assert load_profile().redundant_courses == 3
    assert load_profile().codes["ZJ-C07"].severity_same_term == "note"


def test_a_copy_judges_like_the_shipped_one(tmp_path):
    copy = tmp_path / "省 profile.toml"
    copy.write_text("\ufeff" + WORDS, encoding="utf-8")
    assert load_profile(copy) == load_profile()


CHANGES = {
    "severity": ('severity = "note"\ntitle = { zh = "重复', 'severity = "error"\ntitle = { zh = "重复'),
    "threshold": ("courses = 3", "courses = 5"),
    "depth": ("skill = 3", "skill = 4"),
    "no depth": ("basic = 2\n", ""),
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
    "no severity": ('severity = "error"\n', ""),
    "depth in words": ("skill = 3", 'skill = "掌握"'),
    "threshold in words": ("courses = 3", 'courses = "three"'),
    "threshold below nothing": ("courses = 3", "courses = -1"),
    "yes for a number": ("weightiest = 5", "weightiest = true"),
    "one language": ('title = { zh = "深度不足", en = "covered too shallow" }', 'title = { zh = "深度不足" }'),
    "text for a pair": ('title = { zh = "深度不足", en = "covered too shallow" }', 'title = "深度不足"'),
    "no section": ("[report]", "[reports]"),
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
