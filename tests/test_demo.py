"""``zhiji demo``: the example from nothing to its reports, in one command."""

import json
import re
from collections import Counter

import pytest

from zhiji_kg.cli.demo import demo_arguments
from zhiji_kg.cli.options import Parser
from zhiji_kg.resources import EXAMPLES
from zhiji_kg.store.versions import current, verify

EXPECTED = EXAMPLES / "expected-findings.json"
FORMS = ("html", "xlsx", "json")
AGAIN = """if it was meant to change: zhiji demo --out D --no-serve
zhiji gaps --kg D/kg --programme 460103 --format json > examples/expected-findings.json"""


@pytest.fixture(scope="module")
def made(tmp_path_factory, zhiji):
    """A folder with a Chinese name and a space, and what the command said."""
    out = tmp_path_factory.mktemp("demo") / "示例 demo"
    done = zhiji("demo", "--out", out, "--no-serve")
    assert (done.returncode, done.stderr) == (0, "")
    return out, done.stdout


def test_it_leaves_a_graph_and_three_reports_for_each_plan(made):
    out, _ = made
    names = {f"{code}.{form}" for code in ("460103", "TE-CNC") for form in FORMS}
    assert {path.name for path in out.iterdir()} == {"kg", *names}
    assert all((out / name).stat().st_size > 5000 for name in names)
    serving = current(out / "kg")
    assert serving.name == "v1"
    assert verify(serving) == []


def test_it_prints_the_headline_the_table_and_where_things_are(made):
    out, said = made
    assert "“CNC Technology” covers 96 of the 136 requirements" in said
    assert "Example data" in said
    assert re.search(r"items +77 +60 +11 +2 +4 +13/77 ", said)
    for path in out.iterdir():
        assert str(path) in said
    assert f"zhiji gaps --kg {out}/kg --programme 460103" in said


def test_its_findings_are_the_expected_ones_byte_for_byte(made, zhiji):
    out, _ = made
    done = zhiji("gaps", "--kg", out / "kg", "--programme", "460103", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found, expected = json.loads(done.stdout), json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert Counter(f["code"] for f in found) == Counter(f["code"] for f in expected), AGAIN
    assert found == expected, AGAIN
    assert done.stdout.encode() == EXPECTED.read_bytes(), AGAIN


def test_the_expected_findings_stand_with_line_feeds(made):
    data = EXPECTED.read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"]\n")


def test_the_json_report_says_what_the_command_says(made):
    out, _ = made
    report = json.loads((out / "460103.json").read_text(encoding="utf-8"))
    for finding in report["findings"]:
        assert finding.pop("sha256") == report["graph"]["sha256"]
    assert report["findings"] == json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert report["graph"]["version"] == "v1"
    totals = report["targets"][0]["totals"]["all"]["items"]
    assert (totals["covered"], totals["denominator"], totals["knownGap"], totals["upperBound"]) == (60, 77, 13, 17)


def test_a_second_time_nothing_changes(made, zhiji):
    out, said = made
    before = {path.name: path.read_bytes() for path in out.glob("*.json")}
    done = zhiji("demo", "--out", out, "--no-serve")
    assert (done.returncode, done.stdout) == (0, said)
    assert {path.name: path.read_bytes() for path in out.glob("*.json")} == before
    assert [path.name for path in (out / "kg").iterdir() if path.name.startswith("v")] == ["v1"]


def test_in_chinese_and_in_the_c_locale(tmp_path, zhiji):
    done = zhiji("demo", "--out", tmp_path / "d", "--no-serve", lang="zh", LC_ALL="C", LANG="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert "示例数据" in done.stdout
    assert "已覆盖" in done.stdout
    assert 'lang="zh' in (tmp_path / "d" / "460103.html").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_one_line(tmp_path, zhiji):
    (tmp_path / "file").write_text("x")
    done = zhiji("demo", "--out", tmp_path / "file", "--no-serve")
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1


def test_its_options():
    given = demo_arguments(Parser("demo")).parse_args([])
    assert (str(given.out), given.serve, given.port) == ("demo", None, None)
