"""Edit lists: JSON and sheets give the same edits, and what is no edit is named with its place."""

import json
from decimal import Decimal

import pytest

from zhiji_kg.errors import ExitStatus, SourceError, UnreadableError
from zhiji_kg.planning.edits import Edit, columns, edits_of, kinds, read_edits
from zhiji_kg.planning.scenario import _Draft

EDITS = (
    Edit("set-depth", "ZJ002", "S-1", 3),
    Edit("move-course", "TZ003", term=(2, 3)),
    Edit("add-coverage", "ZJ002", "S-2", 2, Decimal("4.5"), assessed=True, why="R1"),
    Edit("add-course", "N1", name="新课", module="module/professional", term=(4,), prerequisites=("A", "B")),
)
SHEET = """修改,课程代码,要素点代码,深度,学时,学期,考核,课程名称,模块,先修课程,理由
改深度,ZJ002,S-1,掌握,,,,,,,
move-course,TZ003,,,,2-3,,,,,
增加覆盖,ZJ002,S-2,理解,4.5,,是,,,,R1
add course,N1,,,,4,,新课,专业,A、B,
"""


def test_a_sheet_gives_the_edits(tmp_path):
    path = tmp_path / "修改.csv"
    path.write_text(SHEET, encoding="utf-8")
    assert read_edits(path) == EDITS


def test_what_is_written_as_json_is_read_again(tmp_path):
    path = tmp_path / "edits.json"
    plain = [edit.plain() for edit in EDITS]
    for data in (plain, {"edits": plain, "cost": 3}):
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        assert read_edits(path) == EDITS


def test_a_module_in_any_of_its_words():
    for written in ("专业", "professional", "专业模块"):
        assert edits_of([{**EDITS[3].plain(), "module": written}]) == (EDITS[3],)


def test_every_kind_names_columns_that_there_are_and_can_be_made():
    known = set(columns())
    for kind in kinds().values():
        assert {*kind.needs, *kind.may} <= known - {"edit", "why"}
        assert hasattr(_Draft, f"_{kind.key.replace('-', '_')}")
        assert kind.label.zh
        assert kind.label.en
    assert {name for name in known if name != "edit"} <= set(Edit.__dataclass_fields__)


WRONG = {
    "unknown-edit": {"edit": "delete-all", "course": "A"},
    "edit-lacks": {"edit": "set-depth", "course": "A", "point": "P"},
    "edit-has-more": {"edit": "move-course", "course": "A", "term": 3, "depth": 2},
    "not-a-depth": {"edit": "set-depth", "course": "A", "point": "P", "depth": 7},
    "not-a-number": {"edit": "set-hours", "course": "A", "point": "P", "hours": "viel"},
    "too-small": {"edit": "set-hours", "course": "A", "point": "P", "hours": -1},
    "not-a-whole-number": {"edit": "move-course", "course": "A", "term": "drei"},
    "not-yes-or-no": {"edit": "set-assessed", "course": "A", "point": "P", "assessed": "vielleicht"},
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_no_edit_is_named(code, tmp_path):
    path = tmp_path / "edits.json"
    path.write_text(json.dumps([EDITS[0].plain(), WRONG[code]], ensure_ascii=False), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_edits(path)
    problem = caught.value.problems[0]
    assert (problem.code, str(problem.where)) == (code, f"{path}:2")
    assert caught.value.status is ExitStatus.WRONG
    assert "{" not in problem.line("zh") + problem.line("en")


def test_every_wrong_edit_is_told_at_once():
    with pytest.raises(SourceError) as caught:
        edits_of(list(WRONG.values()))
    assert [problem.code for problem in caught.value.problems] == list(WRONG)


@pytest.mark.parametrize("content", ["[1]", "{}", "3", "{", '{"edits": 1}', "[[]]"])
def test_what_is_no_list(content, tmp_path):
    path = tmp_path / "edits.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        read_edits(path)
    assert caught.value.problems[0].code == "edits-not-a-list"


def test_a_sheet_without_the_heading_and_a_file_that_is_not_there(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("课程代码,深度\nA,3\n", encoding="utf-8")
    for wrong, code in (
        (path, "edits-not-a-list"),
        (tmp_path / "b.csv", "missing-file"),
        (tmp_path / "b.json", "missing-file"),
    ):
        with pytest.raises(UnreadableError) as caught:
            read_edits(wrong)
        assert caught.value.problems[0].code == code
