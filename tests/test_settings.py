"""``zhiji.toml``: what it says, and what is said when it is wrong."""

import shutil
from pathlib import Path

import pytest

from zhiji_kg.cli.settings import NAME, Settings, read_settings
from zhiji_kg.errors import UnreadableError
from zhiji_kg.template import init_project

GOOD = [
    ("", Settings()),
    ('kg = "图谱"', Settings(kg=Path("图谱"))),
    ('sources = ["a.xlsx", "夹 b"]', Settings(sources=(Path("a.xlsx"), Path("夹 b")))),
    ('profile = "own.toml"', Settings(profile=Path("own.toml"))),
    ('\ufeff# 记事本存的\nkg = "x"', Settings(kg=Path("x"))),
]


@pytest.mark.parametrize(("text", "expected"), GOOD)
def test_what_is_written_is_taken(tmp_path, text, expected):
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    found = read_settings(tmp_path)
    assert found == Settings(
        sources=tuple(tmp_path / source for source in expected.sources),
        kg=tmp_path / expected.kg,
        profile=tmp_path / expected.profile if expected.profile else None,
    )


def test_without_a_file_the_defaults_hold(tmp_path):
    assert read_settings(tmp_path) == Settings()


def test_an_absolute_path_stays(tmp_path):
    (tmp_path / NAME).write_text(f"kg = {str(tmp_path / 'elsewhere')!r}", encoding="utf-8")
    assert read_settings(tmp_path / ".").kg == tmp_path / "elsewhere"


def test_the_file_that_init_writes_is_understood(tmp_path):
    init_project(tmp_path / "我的 专业")
    settings = read_settings(tmp_path / "我的 专业")
    assert settings.sources
    assert all(source.is_file() for source in settings.sources)
    assert settings.kg == tmp_path / "我的 专业" / "kg"


BAD = [
    "kg = ",
    "kg == 'x'",
    "kg = 3",
    "sources = 'a.xlsx'",
    "sources = [1]",
    "sources = { a = 1 }",
    "profile = false",
    "source = ['a.xlsx']",
    "endpoint = 'http://e/'",
    b"kg = '\xb1\xea\xd7\xbc'",
]


@pytest.mark.parametrize("text", BAD)
def test_what_is_wrong_is_named_in_one_line(tmp_path, text):
    (tmp_path / NAME).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UnreadableError) as caught:
        read_settings(tmp_path)
    (problem,) = caught.value.problems
    assert problem.code == "bad-settings"
    assert problem.line("en").startswith(str(tmp_path / NAME))
    assert len(problem.line("zh").splitlines()) == 1


# As the commands use it


@pytest.fixture
def project(tmp_path, two_plans_kg):
    folder = tmp_path / "项目 one"
    shutil.copytree(Path(__file__).parent / "golden" / "two-plans" / "workbook", folder / "工作簿")
    (folder / NAME).write_text('sources = ["工作簿"]\nkg = "图谱"\n', encoding="utf-8")
    return folder


def test_commands_in_a_project_need_no_options(project, zhiji):
    for arguments in (
        ["check"],
        ["build"],
        ["versions"],
        ["verify"],
        ["gaps", "--programme", "P1"],
        ["query", "sources"],
    ):
        done = zhiji(*arguments, cwd=project)
        assert (done.returncode, done.stderr) == (0, ""), arguments
    assert (project / "图谱" / "v1").is_dir()
    assert {path.name for path in project.iterdir()} == {NAME, "图谱", "工作簿"}


def test_the_profile_of_the_project_judges(project, zhiji):
    assert zhiji("build", cwd=project).returncode == 0
    before = zhiji("gaps", "--programme", "P1", "--format", "csv", cwd=project).stdout
    shipped = Path(__file__).parents[1] / "queries" / "profile.toml"
    (project / "own.toml").write_text(shipped.read_text("utf-8").replace("knowledge = 2", "knowledge = 1"), "utf-8")
    with (project / NAME).open("a", encoding="utf-8") as file:
        file.write('profile = "own.toml"\n')
    after = zhiji("gaps", "--programme", "P1", "--format", "csv", cwd=project).stdout
    assert before.count("ZJ-C02") == 2
    assert after.count("ZJ-C02") == 0


@pytest.mark.parametrize("command", ["check", "build", "versions", "gaps"])
def test_a_broken_file_stops_a_command_that_needs_it(project, zhiji, command):
    (project / NAME).write_text("sources = [", encoding="utf-8")
    done = zhiji(command, cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{NAME}: the settings cannot be understood")
    assert len(done.stderr.splitlines()) == 1
