"""docs/findings: what is committed is what profile, queries and examples give; each page says what a reader needs."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from docs import findings as written
from zhiji_kg.analysis import load_profile
from zhiji_kg.resources import EXAMPLES
from zhiji_kg.texts import Text

FOLDER = Path(written.__file__).parent / "findings"
PAGES = written.pages()
CODES = load_profile().codes
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")


def test_what_is_committed_is_what_is_given(capsys):
    assert written.main(["--check"]) == 0, capsys.readouterr().err


def test_each_code_has_a_page_and_a_row_of_the_index():
    assert set(PAGES) == {"index.md", *(f"{code}.md" for code in CODES)}
    for code, policy in CODES.items():
        assert f"[{code}]({code}.md)" in PAGES["index.md"]
        page = PAGES[f"{code}.md"]
        headings = re.findall(r"^## .*\| (.+)$", page, flags=re.M)
        assert headings[:4] == ["Problem", "Why it matters", "What to do", "The query"]
        for text in (policy.title, policy.suggestion):
            assert text.zh in page
            assert text.en[1:] in page


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    for target in set(LINK.findall(PAGES[name])):
        assert target in PAGES or (FOLDER / target).exists(), target


@pytest.mark.parametrize("name", PAGES)
def test_the_rows_of_a_table_have_the_columns_of_its_heading(name):
    tables = re.findall(r"(?:^\|.*\n)+", PAGES[name] + "\n", flags=re.M)
    assert tables
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_the_example_is_the_one_that_is_tested():
    for path in (EXAMPLES / "findings").glob("*/expected.json"):
        said = json.loads(path.read_text(encoding="utf-8"))
        page = PAGES[f"{path.parent.name}.md"]
        assert said["shows"]["zh"] in page
        assert said["shows"]["en"] in page
        for finding in said["findings"]:
            assert f"| {finding['subject']} |" in page


def test_only_what_differs_is_shown():
    found = [["甲", "乙", "丙"], ["1", "", "x"], ["2", "", "x"]]
    mended = [["甲", "乙", "丙"], ["1", "", "x"], ["2", "", "y"]]
    text = "\n".join(written._difference("表", found, mended))
    assert "| 甲 | 丙 |" in text
    assert "| 2 | x |" in text
    assert "| 2 | y |" in text
    assert "| 1 |" not in text
    assert not list(written._difference("表", found, found))


def test_a_sheet_that_only_one_of_the_two_has():
    rows = [["甲"], ["1"]]
    assert "mended" in "".join(written._difference("表", [], rows))
    assert "with the finding" in "".join(written._difference("表", rows, []))


HOLDS = [
    ("below", (Fraction(1, 4),), "when it is below 0.25, it is a finding"),
    ("above", (Fraction(2),), "when it is above 2, it is a finding"),
    ("outside", (Fraction(16), Fraction(18)), "when it is not between 16 and 18, it is a finding"),
    ("differs", (), "differs from what it should be by more than 0, it is a finding"),
]


@pytest.mark.parametrize(("holds", "threshold", "said"), HOLDS)
def test_the_threshold_stands_on_the_page(holds, threshold, said):
    policy = replace(CODES["ZJ-C01"], holds=holds, threshold=threshold)
    assert said in "\n".join(written._page("ZJ-C01", policy))


def test_a_clause_and_a_code_that_is_switched_off_are_said():
    policy = replace(CODES["ZJ-C01"], clause=Text("第九条", "clause 9"), enabled=False)
    page = "\n".join(written._page("ZJ-C01", policy))
    assert "It rests on: clause 9." in page
    assert "It is switched off" in page


def test_values_as_they_are_shown():
    assert [written._shown(value) for value in (None, True, False, 3.0, 0.25, "16–18")] == [
        "–", "是 | yes", "否 | no", "3", "0.25", "16–18",
    ]  # fmt: skip
    assert written._cell("a|b\nc") == "a\\|b c"


def test_an_outdated_page_is_named_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(written, "FOLDER", tmp_path / "findings")
    assert written.main(["--check"]) == 1
    assert "docs/findings/index.md is out of date" in capsys.readouterr().err
    assert written.main([]) == 0
    (tmp_path / "findings" / "ZJ-X99.md").write_text("old", encoding="utf-8")
    assert written.main(["--check"]) == 1
    assert written.main([]) == 0
    assert written.main(["--check"]) == 0
    assert not (tmp_path / "findings" / "ZJ-X99.md").exists()
