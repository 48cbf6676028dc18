"""Words for people: both languages of each, and which one is spoken."""

import string
import tomllib

import pytest

from zhiji_kg.resources import WEB
from zhiji_kg.texts import LANGUAGES, NOTHING, Text, preferred_language, problem_text, say, text_of

ROOMS = sorted((WEB / "texts").glob("*.toml"))


def pairs(table, path=()):
    for key, value in table.items():
        if isinstance(value, dict) and not set(value) <= set(LANGUAGES):
            yield from pairs(value, (*path, key))
        else:
            yield ".".join((*path, key)), value


ALL = [
    pytest.param(f"{room.stem}.{key}", pair, id=f"{room.stem}.{key}")
    for room in ROOMS
    for key, pair in pairs(tomllib.loads(room.read_text(encoding="utf-8")))
]


@pytest.mark.parametrize(("key", "pair"), ALL)
def test_every_text_is_there_in_both_languages_and_takes_the_same_values(key, pair):
    assert set(pair) == set(LANGUAGES)
    assert all(pair.values())
    zh, en = ({name for _, name, _, _ in string.Formatter().parse(pair[language]) if name} for language in LANGUAGES)
    assert zh == en
    assert say(key) == text_of(pair)


SPOKEN = [
    (Text("{n} 门", "{n} courses"), {"n": 6}, "6 门", "6 courses"),
    (Text("{n}", "{n}"), {"n": 6.0}, "6", "6"),
    (Text("{n}", "{n}"), {"n": 6.5}, "6.5", "6.5"),
    (Text("没有{what}", "no {what}"), {"what": Text("课程", "course")}, "没有课程", "no course"),
    (NOTHING, {}, "", ""),
]


@pytest.mark.parametrize(("text", "values", "zh", "en"), SPOKEN)
def test_a_text_is_spoken_with_its_values(text, values, zh, en):
    assert (text("zh", **values), text("en", **values)) == (zh, en)


def test_a_value_that_is_missing_is_no_text():
    with pytest.raises(KeyError):
        Text("{n}", "{n}")("zh", other=1)
    assert Text("a{b}", "c{d}")("en") == "c{d}"  # a name out of somebody's data
    with pytest.raises(KeyError):
        say("cli.no_such_text")


def test_a_problem_is_two_texts():
    wrong, do = problem_text("missing-file")
    assert (wrong("en"), do("zh")) == ("there is no such file or folder", "请检查路径（带空格的路径要加引号）")


ENVIRONMENTS = [
    ({"ZHIJI_LANG": "zh", "LC_ALL": "C"}, "zh"),
    ({"ZHIJI_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
    ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
    ({"LC_MESSAGES": "zh_TW", "LANG": "de_DE"}, "zh"),
    ({"LC_ALL": "", "LANG": "ZH_cn.GBK"}, "zh"),
    ({"LC_ALL": "C"}, "en"),
    ({"LANG": "de_DE.UTF-8"}, "en"),
    ({}, "en"),
]


@pytest.mark.parametrize(("environment", "language"), ENVIRONMENTS)
def test_the_language_is_that_of_the_reader(environment, language, monkeypatch):
    for variable in ("ZHIJI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr("sys.platform", "linux")
    assert preferred_language() == language
