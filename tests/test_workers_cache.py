"""Answers that are kept: by version and question, within a number of bytes."""

import pytest

from zhiji_kg.workers.cache import Answer, Cache


def answer(body, version="v1"):
    return Answer(version, "abc", "text/plain", body)


def test_an_answer_is_found_by_its_version_and_question_alone():
    cache = Cache(1 << 20)
    cache.put(("v1", "abc", b"q"), answer(b"one"))
    assert cache.get(("v1", "abc", b"q")).body == b"one"
    for key in (("v2", "abc", b"q"), ("v1", "abd", b"q"), ("v1", "abc", b"r")):
        assert cache.get(key) is None


def test_what_nobody_asked_for_the_longest_goes_first():
    cache = Cache(8000)
    for number in range(6):
        cache.put(("v1", "abc", bytes([number])), answer(b"x" * 1000))
        cache.get(("v1", "abc", bytes([0])))
    cache.put(("v1", "abc", b"new"), answer(b"x" * 1600))
    held = [number for number in range(6) if cache.get(("v1", "abc", bytes([number])))]
    assert 0 in held
    assert 1 not in held
    assert cache._held <= 8000


def test_the_same_answer_twice_counts_once():
    cache = Cache(4000)
    for _ in range(100):
        cache.put(("v1", "abc", b"q"), answer(b"x" * 500))
    assert cache._held < 1000
    assert cache.get(("v1", "abc", b"q"))


@pytest.mark.parametrize(("most", "size"), [(0, 0), (0, 10), (4000, 1000), (4000, 100_000)])
def test_what_would_fill_it_is_not_kept(most, size):
    cache = Cache(most)
    cache.put(("v1", "abc", b"q"), answer(b"x" * size))
    assert cache.get(("v1", "abc", b"q")) is None


def test_an_answer_gives_its_body_as_plain_data():
    assert answer('{"a": ["甲"]}'.encode()).json() == {"a": ["甲"]}
