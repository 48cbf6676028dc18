"""The reports on the site lead on: to what they name, to the questions behind their figures, to files to keep."""

import io
import json
import re
import urllib.parse

import docx
import openpyxl
import pytest
from test_pages import get, page_of

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.cli.report import FORMS
from zhiji_kg.report.html import render_html
from zhiji_kg.texts import LANGUAGES

NAMED = (
    "programme-edition", "course", "requirement", "point", "certificate", "stage", "occupation", "standard-level",
    "function", "work-content", "coverage", "examination", "source",
)  # fmt: skip


@pytest.fixture(scope="module")
def analysis(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


def links_of(page):
    return [attributes["href"] for attributes in page.of("a") if attributes.get("href", "").startswith("/")]


# What a report names


def test_a_report_leads_to_all_that_it_names(example_site):
    links = links_of(page_of(example_site, "/gaps/460103"))
    kinds = {kind: [link for link in links if link.startswith(f"/id/{kind}/")] for kind in NAMED}
    assert [kind for kind, found in kinds.items() if not found] == []
    for found in kinds.values():
        for link in sorted(set(found))[:3]:
            assert get(example_site, urllib.parse.unquote(link))[0] == 200, link


def test_evidence_can_be_opened(example_site):
    page = page_of(example_site, "/gaps/460103")
    assert "/id/source/example-hv-cnc-460103" in links_of(page)
    coverage = next(link for link in links_of(page) if link.startswith("/id/coverage/"))
    assert "example-hv-cnc-460103" in get(example_site, urllib.parse.unquote(coverage))[2].decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_leads_nowhere_but_within_itself(analysis, language):
    assert set(re.findall(r'href="(.)', render_html(analysis, language))) == {"#"}


def test_each_figure_leads_to_the_question_behind_it(example_site):
    page = page_of(example_site, "/gaps/460103")
    marks = {attributes["href"] for attributes in page.of("a") if attributes.get("href", "").startswith("#Q")}
    asked = [link for link in links_of(page) if link.startswith("/ask/")]
    assert len(asked) == len(marks) > 5
    for link in asked:
        answer = page_of(example_site, urllib.parse.unquote(link))
        assert "结果" in answer.text, link
        assert not [a for _, a in answer.elements if a.get("class") == "problem"], link


def test_the_contents_stand_behind_the_answer_and_are_never_far(example_site):
    body = get(example_site, "/gaps/460103")[2].decode()
    places = [body.index(part) for part in ('class="headline"', '<nav aria-label="目录" id="contents"', "<table")]
    assert places == sorted(places)
    assert body.count('href="#contents"') == len(re.findall(r'<section id="(?!answer)', body))


# Files


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_can_be_kept(example_site, analysis, form, language):
    status, headers, body = get(example_site, f"/gaps/460103?form={form}", language)
    assert status == 200
    assert headers["Content-Disposition"] == f"attachment; filename=gaps-460103.{form}"
    if form == "html":
        assert re.sub(r"\w+ <span", "", body.decode()) == re.sub(r"\w+ <span", "", render_html(analysis, language))
    elif form == "json":
        assert json.loads(body)["programme"]["code"] == "460103@2024"
    elif form == "docx":
        assert len(docx.Document(io.BytesIO(body)).tables) > 20
    elif form == "md":
        assert body.decode().startswith("# ")
    else:
        assert len(openpyxl.load_workbook(io.BytesIO(body)).worksheets) > 3


@pytest.mark.parametrize(
    ("programme", "name"),
    [
        ("TE-CNC@2024", "gaps-TE-CNC@2024.xlsx"),
        ("https://w3id.org/zhiji/id/programme-edition/460103-2024", "gaps-460103-2024.xlsx"),
    ],
)
def test_a_file_bears_the_code_of_its_plan(example_site, programme, name):
    assert get(example_site, f"/gaps/{programme}?form=xlsx")[1].get_filename() == name


@pytest.mark.parametrize(("path", "status"), [("/gaps/460103?form=pdf", 400), ("/gaps/NO-SUCH?form=xlsx", 404)])
def test_a_file_that_is_not_there_is_said(example_site, path, status):
    page = page_of(example_site, path, status=status)
    assert [a for _, a in page.elements if a.get("class") == "problem"]


def test_the_page_of_a_report_offers_its_files(example_site):
    links = links_of(page_of(example_site, "/gaps/460103"))
    for form in FORMS:
        assert f"/gaps/460103?form={form}" in links


# All reports


@pytest.mark.parametrize("path", ["/gaps", "/gaps/460103"])
def test_the_reports_have_a_place_of_their_own(example_site, path):
    page = page_of(example_site, path)
    (current,) = [a["href"] for a in page.of("a") if a.get("aria-current") == "page"]
    assert current == "/gaps"


def test_every_plan_stands_among_the_reports(example_site):
    links = links_of(page_of(example_site, "/gaps"))
    assert {"/gaps/460103@2024", "/gaps/TE-CNC@2024"} <= set(links)


# Questions


def test_questions_of_schools_come_before_those_of_researchers(example_site):
    links = [link.removeprefix("/ask/") for link in links_of(page_of(example_site, "/ask")) if link.startswith("/ask/")]
    assert links.index("coverage") < links.index("programmes") < links.index("neighbourhood")
    assert set(links[-4:]) == {"classes-and-properties", "entities-of-class", "links", "neighbourhood"}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/ask/coverage?programme=&source=", ["programme", "source"]),
        ("/ask/coverage?programme=460103@2024&source=", ["source"]),
        ("/ask/entities-of-class?of_class=", ["of_class"]),
    ],
)
def test_an_empty_field_is_named_beside_it(example_site, path, fields):
    page = page_of(example_site, path, status=400)
    invalid = [a["name"] for _, a in page.elements if a.get("aria-invalid")]
    assert invalid == fields
    assert [a["id"] for _, a in page.elements if a.get("class") == "missing"] == [f"m-{name}" for name in fields]


def test_a_form_that_nobody_has_sent_is_not_found_wanting(example_site):
    assert not [a for _, a in page_of(example_site, "/ask/coverage").elements if a.get("aria-invalid")]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ask/course-points?course=NO-SUCH", 404),
        ("/ask/entities-of-class?of_class=nothing", 400),
        ("/ask/entities-of-class?of_class=http://<>", 400),
        ("/ask/no-such", 404),
        ("/gaps/NO-SUCH", 404),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_speaks_of_the_command_line(example_site, path, status, language):
    page = page_of(example_site, path, language, status)
    assert not re.search(r"--\w|zhiji [a-z]+", page.text)
    assert "/ask" in links_of(page)


def test_a_problem_has_a_title_in_words(example_site):
    body = get(example_site, "/nothing")[2].decode()
    assert "<title>没有找到 " in body
    assert "Not Found" not in body


@pytest.mark.parametrize("path", ["/ask/examinations?programme=TE-CNC@2024", "/query?query=SELECT * { ?s a <a:none> }"])
def test_nothing_is_no_file(example_site, path):
    page = page_of(example_site, path)
    shown = [a for _, a in page.elements if a.get("class") == "downloads" and "hidden" not in a]
    assert bool(shown) == ("<td>" in get(example_site, path)[2].decode())


# Which number is which


def test_the_overview_tells_triples_from_quads(example_site):
    counted = get(example_site, "/sparql?query=SELECT (COUNT(*) AS ?n) { ?s ?p ?o }&format=csv".replace("+", "%2B"))
    number = counted[2].split()[1].decode()
    assert f"默认图 {number} 条" in page_of(example_site, "/").text


def test_the_picture_says_what_it_needs(example_site):
    assert page_of(example_site, "/graph").of("noscript")


def test_an_edition_is_told_from_its_programme(example_site):
    around = json.loads(get(example_site, "/api/graph?focus=460103@2024")[2])
    names = [node["entity"]["label"]["zh"] for node in around["nodes"]]
    assert {"数控技术", "数控技术（2024）"} <= set(names)
