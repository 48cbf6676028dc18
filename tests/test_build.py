"""A build from end to end: the same sources, the same graph, whatever lies around them."""

import hashlib
import json
import shutil

import pytest
from small_workbook import bytes_of, change, cli, small, tables, told, write_csv, write_xlsx

from zhiji_kg.build import build, draft, hash_of
from zhiji_kg.errors import SourceError, UnreadableError
from zhiji_kg.resources import examples
from zhiji_kg.store import open_store
from zhiji_kg.store.versions import current, versions
from zhiji_kg.template import write_template

CLASSIFICATION = "level,code,name,definition,tasks\n4,6-18-01-01,车工L,,1.做甲 2.做乙\n"


@pytest.fixture
def book(tmp_path):
    return small(tmp_path / "小 书")


def test_a_second_build_is_the_same_version(book, tmp_path):
    first, second = build([book], tmp_path / "kg"), build([book], tmp_path / "kg")
    assert (first.is_new, second.is_new) == (True, False)
    assert first.version == second.version
    assert [version.name for version in versions(tmp_path / "kg")] == ["v1"]


def test_a_change_is_a_new_version(book, tmp_path):
    build([book], tmp_path / "kg")
    small(book, set={"课程!J2": "10"})
    done = build([book], tmp_path / "kg")
    assert (done.is_new, done.version.name) == (True, "v2")


def test_neither_file_nor_folder_nor_time_is_part_of_the_graph(book, tmp_path):
    first = build([book], tmp_path / "kg 甲")
    other = build([write_xlsx(tmp_path / "renamed.xlsx", tables())], tmp_path / "deep" / "kg")
    assert first.version.manifest["sha256"] == other.version.manifest["sha256"]
    lines = b"".join(f"{quad} .\n".encode() for quad in open_store(tmp_path / "kg 甲").quads())
    for word in ("小 书", str(tmp_path), first.version.manifest["published"]):
        assert word.encode() not in lines


def test_the_order_of_the_sources_does_not_matter(book, tmp_path):
    (tmp_path / "大典.csv").write_text(CLASSIFICATION, encoding="utf-8")
    sources = [book, tmp_path / "大典.csv", *examples()]
    assert hash_of(draft(sources)) == hash_of(draft(sources[::-1]))


@pytest.mark.parametrize("example", examples(), ids=lambda path: path.name)
def test_an_example_is_the_same_as_xlsx(example, tmp_path):
    write_template(tmp_path / "表.xlsx", example)
    others = [path for path in examples() if path != example]
    assert hash_of(draft([tmp_path / "表.xlsx", *others])) == hash_of(draft([example, *others]))


def test_the_hash_of_a_version_is_that_of_its_dump(book, tmp_path):
    version = build([book], tmp_path / "kg").version
    lines = sorted(f"{quad} .\n".encode() for quad in version.open().quads())
    assert hashlib.sha256(b"".join(lines)).hexdigest() == version.manifest["sha256"] == hash_of(draft([book]))
    assert len(lines) == version.manifest["quads"]


def test_the_manifest_names_the_files_it_was_made_from(book, tmp_path):
    version = build([book], tmp_path / "kg").version
    manifest = json.loads((version.directory / "manifest.json").read_text(encoding="utf-8"))
    (source,) = manifest["sources"]
    assert source["identifier"] == "small"
    assert {entry["name"] for entry in source["files"]} == {f"{name}.csv" for name in tables()}
    for entry in source["files"]:
        content = (book / entry["name"]).read_bytes()
        assert (entry["folder"], entry["bytes"]) == ("小 书", len(content))
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert manifest["tool"].startswith("zhiji-kg ")


def test_the_steps_are_told_as_they_begin(book, tmp_path):
    steps = []
    build([book], tmp_path / "kg", progress=steps.append)
    assert steps == ["read", "assemble", "infer", "validate", "publish"]


def test_nothing_is_written_for_what_is_wrong(tmp_path):
    wrong = small(tmp_path / "b", set={"课程!L2": "9", "权重!E2": "55"})
    with pytest.raises(SourceError) as caught:
        build([wrong], tmp_path / "kg")
    assert [problem.severity for problem in caught.value.problems] == ["error", "warning"]  # the weightiest first
    assert not (tmp_path / "kg").exists()


def test_no_source_and_every_source_that_cannot_be_read(tmp_path):
    with pytest.raises(UnreadableError) as caught:
        draft([])
    assert [problem.code for problem in caught.value.problems] == ["no-sources"]
    with pytest.raises(UnreadableError) as caught:
        draft([tmp_path / "a", tmp_path / "b"])
    assert [problem.where.file for problem in caught.value.problems] == [str(tmp_path / "a"), str(tmp_path / "b")]


def test_nothing_is_carried_over_from_the_version_before(book, tmp_path):
    build([book, *examples()], tmp_path / "kg")
    again = build([book], tmp_path / "kg").version
    assert again.manifest["sha256"] == hash_of(draft([book]))


def test_better_evidence_beside_an_example(book, tmp_path):
    """The classification is graded direct, the workbook is not: the occupation's name is the classification's."""
    (tmp_path / "大典.csv").write_text(CLASSIFICATION.replace("车工L", "车削工L"), encoding="utf-8")
    prepared = draft([book, tmp_path / "大典.csv"])
    assert [(p.code, p.values["kept"]) for p in prepared.problems if p.severity == "warning"] == [
        ("labels-disagree", "车削工")
    ]


# Chinese everywhere

LOCALES = {
    "C": {"LC_ALL": "C"},
    "POSIX": {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"},
    "zh_CN": {"LC_ALL": "zh_CN.UTF-8"},
    "C.UTF-8": {"LC_ALL": "C.UTF-8"},
    "none": {},
    "not UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "not UTF-8, zh_CN": {"LC_ALL": "zh_CN.GBK", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.mark.parametrize("name", LOCALES)
def test_chinese_names_in_every_terminal(name, tmp_path):
    """In both languages: a build in the one, the same again in the other, and a mistake in each."""
    book = small(tmp_path / "我的 培养方案")
    kg = tmp_path / "图 谱"
    chinese, english = (LOCALES[name] | {"ZHIJI_LANG": language} for language in ("zh", "en"))
    done = cli("build", book, "--kg", kg, **chinese)
    out, err = told(done)
    assert (done.returncode, err) == (0, "")
    assert hash_of(draft([book])) in out
    assert {file["name"] for file in current(kg).manifest["sources"][0]["files"]} == {
        f"{sheet}.csv" for sheet in tables()
    }
    assert current(kg).name == "v1"
    again = cli("build", write_xlsx(tmp_path / "我的 方案.xlsx", tables()), "--kg", kg, **english)
    assert (again.returncode, told(again)[1]) == (0, "")
    assert hash_of(draft([book])) in told(again)[0]
    assert len(versions(kg)) == 1
    wrong = small(tmp_path / "错 的", set={"课程!L2": "9"})
    for spoken in (chinese, english):
        bad = cli("check", wrong, **spoken)
        assert bad.returncode == 1
        assert b"Traceback" not in bad.stderr
        assert "L2: " in told(bad)[0]


def test_the_example_of_the_brief_in_one_line(tmp_path):
    book = small(tmp_path / "带 空格 的 文件夹")
    done = cli("check", book, LC_ALL="zh_CN.UTF-8", clean=["ZHIJI_LANG"])
    assert told(done)[0].splitlines()[-1].startswith("0 ")
    assert done.returncode == 0


def test_check_writes_nothing_and_tells_what_would_change(book, tmp_path):
    build([book], tmp_path / "kg")
    before = bytes_of(tmp_path / "kg")
    shutil.copytree(book, tmp_path / "new")
    write_csv(tmp_path / "new", change(tables(), set={"课程!H2": "5"}))
    done = cli("check", tmp_path / "new", "--kg", tmp_path / "kg")
    assert done.returncode == 0
    assert "~ Course offering" in told(done)[0]
    assert "credits 3 → 5" in told(done)[0]
    assert bytes_of(tmp_path / "kg") == before
