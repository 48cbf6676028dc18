"""Every finding code has an example that gives it and one that does not (see ``finding_examples``)."""

import pytest

from tests.finding_examples import (
    CODES,
    FOLDER,
    SIDES,
    checked,
    expected,
    expected_findings,
    findings_in,
    sheets,
    store_of,
    told_of,
)

MOST_ROWS = 60
HAVE = [code for code in CODES if (FOLDER / code / "expected.json").is_file()]
EXAMPLES = [(code, side) for code in HAVE for side in SIDES]


def test_every_code_has_its_examples_and_every_example_a_code():
    assert sorted(path.name for path in FOLDER.iterdir()) == CODES
    lacking = [code for code in CODES for side in SIDES if not (FOLDER / code / side / "说明.csv").is_file()]
    assert [code for code in CODES if code not in HAVE] == lacking == []


@pytest.mark.parametrize(("code", "side"), EXAMPLES)
def test_the_example_gives_its_findings(code, side):
    prepared = checked(code, side)
    assert [problem.code for problem in prepared.errors] == expected(code).get("errors", {}).get(side, [])
    wanted = expected_findings(code) if side == "found" else []
    assert told_of(findings_in(store_of(prepared)), code) == wanted


@pytest.mark.parametrize("code", HAVE)
def test_what_an_example_says_of_itself(code):
    said = expected(code)
    assert set(said) <= {"shows", "findings", "errors"}
    assert said["shows"]["zh"]
    assert said["shows"]["en"]
    assert {finding["code"] for finding in said["findings"]} == {code}
    identifiers = set()
    for side in SIDES:
        about = dict(sheets(code, side)["说明"][1:])
        assert about["证据等级"] == "示例"
        assert "示例" in about["标题"]
        assert "合成" in about["来源"]
        identifiers.add(about["工作簿标识"])
        assert sum(len(rows) - 1 for rows in sheets(code, side).values()) <= MOST_ROWS
    assert len(identifiers) == 2
