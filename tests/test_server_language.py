"""Which language a page speaks."""

import re

import pytest
from test_server_protocol import ask

from zhiji_kg.server.language import COOKIE

LANG = re.compile(rb'<html lang="(\w\w)')


@pytest.mark.parametrize(
    ("target", "headers", "spoken"),
    [
        ("/", {}, "zh"),
        ("/", {"Accept-Language": "en"}, "en"),
        ("/", {"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ("/", {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh"),
        ("/", {"Accept-Language": "zh-Hant-TW"}, "zh"),
        ("/", {"Accept-Language": "en;q=0.3,zh;q=0.7"}, "zh"),
        ("/", {"Accept-Language": "de, fr;q=0.5"}, "en"),
        ("/", {"Accept-Language": ";;;,"}, "en"),
        ("/", {"Cookie": "lang=en"}, "en"),
        ("/", {"Cookie": "lang=zh", "Accept-Language": "en"}, "zh"),
        ("/", {"Cookie": "lang=xx", "Accept-Language": "en"}, "en"),
        ("/?lang=en", {}, "en"),
        ("/?lang=zh", {"Cookie": "lang=en", "Accept-Language": "en"}, "zh"),
        ("/?lang=fr", {"Cookie": "lang=en"}, "en"),
        ("/?lang=", {}, "zh"),
        ("/nowhere?lang=en", {"Accept": "text/html"}, "en"),
        ("/id/programme/460103?lang=en", {"Accept": "text/html"}, "en"),
    ],
)
def test_language(example_site, target, headers, spoken):
    answer, body = ask(example_site, "GET", target, headers)
    assert LANG.search(body)[1].decode() == spoken
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_what_was_chosen_is_kept(example_site):
    answer, _ = ask(example_site, "GET", "/?lang=en")
    name, *rules = answer.headers["Set-Cookie"].split("; ")
    assert name == f"{COOKIE}=en"
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(rules)


@pytest.mark.parametrize("target", ["/", "/?lang=xx", "/sparql?query=ASK%7B%7D&lang=en", "/static/report.css?lang=en"])
def test_nothing_is_kept_that_was_not_chosen_on_a_page(example_site, target):
    assert "Set-Cookie" not in ask(example_site, "GET", target)[0].headers


def test_pages_in_two_languages_have_two_tags(example_site):
    tags = {ask(example_site, "GET", "/", {"Accept-Language": tag})[0].headers["ETag"] for tag in ("zh", "en")}
    assert len(tags) == 2
