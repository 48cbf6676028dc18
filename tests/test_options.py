"""Options that commands share, and the language everything is said in."""

import pytest

from zhiji_kg.cli import options
from zhiji_kg.cli.options import Parser, misuse, spoken, told, without_language
from zhiji_kg.errors import UnreadableError

LANGUAGES = [
    ([], "zh_CN.UTF-8", "zh"),
    ([], "C", "en"),
    (["gaps", "--lang", "zh"], "C", "zh"),
    (["gaps", "--lang=en"], "zh_CN.UTF-8", "en"),
    (["--lang", "en", "gaps"], "zh_CN.UTF-8", "en"),
    (["gaps", "--lang"], "zh_TW.UTF-8", "zh"),
    (["gaps", "--lang", "fr"], "zh_CN.UTF-8", "zh"),
    (["gaps", "--language=en"], "zh_CN.UTF-8", "zh"),
]


@pytest.mark.parametrize(("arguments", "locale", "language"), LANGUAGES)
def test_the_language_of_a_command_line(monkeypatch, arguments, locale, language):
    monkeypatch.delenv("ZHIJI_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", locale)
    assert spoken(arguments) == language


REST = [
    (["--lang", "zh", "gaps"], ["gaps"]),
    (["--lang=en", "gaps", "--lang", "zh"], ["gaps", "--lang", "zh"]),
    (["gaps"], ["gaps"]),
    (["--lang=zh", "--lang=en"], []),
    (["--language", "zh", "gaps"], ["--language", "zh", "gaps"]),
    ([], []),
]


@pytest.mark.parametrize(("arguments", "rest"), REST)
def test_the_language_before_the_command_is_taken_off(arguments, rest):
    assert without_language(list(arguments)) == rest


@pytest.mark.parametrize("arguments", [["--lang"], ["--lang", "fr", "gaps"], ["--lang=", "gaps"], ["--lang=zh_CN"]])
def test_a_language_that_we_do_not_speak_is_refused(arguments):
    with pytest.raises(UnreadableError) as caught:
        without_language(list(arguments))
    assert caught.value.problems[0].code == "misused"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_speaks_the_language(monkeypatch, language, capsys):
    monkeypatch.setattr(options, "LANGUAGE", language)
    parser = Parser("gaps")
    parser.graph()
    parser.programme()
    parser.output(required=True)
    parser.print_help()
    shown = capsys.readouterr().out
    assert told("heading.usage") in shown
    assert told("gaps.help").splitlines()[0] in shown
    for option in (
        "--kg DIR",
        "--endpoint URL",
        "--programme ID",
        "--standard ID",
        "-o FILE",
        "--output FILE",
        "--lang",
    ):
        assert option in shown
    assert ("usage: " in shown) == (language == "en")


MISUSED = [
    (["--nope"], "--nope"),
    (["--k", "x"], "--k"),
    (["--kg"], "--kg"),
    (["--from", "docx"], "docx"),
    (["--lang", "fr"], "fr"),
]


@pytest.mark.parametrize(("arguments", "named"), MISUSED)
def test_a_misused_option_is_one_line_that_names_it(arguments, named):
    parser = Parser("build")
    parser.sources()
    parser.graph(endpoint=False)
    with pytest.raises(UnreadableError) as caught:
        parser.parse_args(arguments)
    line = caught.value.problems[0].line("en")
    assert named in line
    assert line.endswith("see zhiji build --help")
    assert len(line.splitlines()) == 1


def test_options_become_values():
    parser = Parser("build")
    parser.sources()
    parser.graph()
    given = parser.parse_args(["甲.xlsx", "乙 夹", "--kg", "图谱", "--from", "csco"])
    assert ([str(path) for path in given.sources], str(given.kg), given.form) == (["甲.xlsx", "乙 夹"], "图谱", "csco")
    assert given.endpoint is None


def test_misuse_says_where_help_is():
    assert misuse("zhiji gaps", "oops").problems[0].line("zh").endswith("用法见 zhiji gaps --help")
