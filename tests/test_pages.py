"""The pages as a browser without scripts gets them: each in zh and en, its downloads, its errors, strangers' names."""

import csv
import io
import json
import re
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from flask import render_template

from zhiji_kg.resources import WEB
from zhiji_kg.server import asking, data, pages, problems, results, speech
from zhiji_kg.server.app import application
from zhiji_kg.texts import LANGUAGES
from zhiji_kg.vocabulary import page_of as place_of
from zhiji_kg.workers.limits import Limits
from zhiji_kg.workers.pool import Pool

ROOT = Path(__file__).resolve().parent.parent
PAGES = list(csv.DictReader((ROOT / "tests" / "pages.csv").open(encoding="utf-8")))
TEMPLATES = sorted((WEB / "templates" / "site").glob("*.j2"))
SCRIPTS = sorted((WEB / "static" / "site").glob("*.js"))
SITE = tomllib.loads((WEB / "texts" / "site.toml").read_text(encoding="utf-8"))


def quoted(path):
    return urllib.parse.quote(path, safe="/?&=:")


def get(site, path, language="zh", accept="text/html,*/*;q=0.1"):
    headers = {"Accept": accept, "Accept-Language": language}
    request = urllib.request.Request(site + quoted(path), headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text without scripts."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.parts, self.silent = [], [], False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.silent = tag in ("script", "style")

    def handle_endtag(self, tag):
        self.silent = False

    def handle_data(self, words):
        if not self.silent:
            self.parts.append(words)

    @property
    def text(self):
        return " ".join("".join(self.parts).split())

    def of(self, wanted):
        return [attributes for tag, attributes in self.elements if tag == wanted]


def page_of(site, path, language="zh", status=200):
    given, headers, body = get(site, path, language)
    assert given == status, body[-3500:].decode()
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    return Page(body.decode("utf-8"))


# Every page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", PAGES, ids=[case["path"][:40] for case in PAGES])
def test_every_page_answers_in_both_languages(example_site, case, language):
    page = page_of(example_site, case["path"], language)
    assert case[language] in page.text
    assert page.of("html")[0]["lang"] == speech.TAGS[language]
    assert len(page.of("h1")) == len(page.of("main")) == 1


@pytest.mark.parametrize("case", PAGES, ids=[case["path"][:40] for case in PAGES])
def test_no_page_asks_anyone_else_or_holds_code(example_site, case):
    page = page_of(example_site, case["path"])
    for tag, attributes in page.elements:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert not {"src", "action", "srcset"} & attributes.keys() or attributes.get("src", "/").startswith("/")
        if tag == "link":
            assert attributes["href"].startswith("/")
        if tag == "script":
            assert attributes.get("type") == "application/json" or attributes["src"].startswith("/static/")
        if tag == "form":
            assert attributes["action"].startswith("/")
    assert not page.of("style")


@pytest.mark.parametrize("case", PAGES, ids=[case["path"][:40] for case in PAGES])
def test_ids_are_unique_and_labels_lead_to_fields(example_site, case):
    page = page_of(example_site, case["path"])
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {label["for"] for label in page.of("label")} <= set(ids)
    named = {a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a}
    assert named <= set(ids)


def test_links_between_pages_lead_somewhere(example_site):
    """Every address that the overview, a search and an entity link to answers."""
    found = set()
    for path in ("/", "/search?q=车削", "/id/course/460103-GG001", "/ask"):
        found |= {attributes.get("href", "") for attributes in page_of(example_site, path).of("a")}
    inside = sorted(address for address in found if address.startswith("/"))
    assert len(inside) > 60
    for address in inside[:: max(1, len(inside) // 40)]:
        assert get(example_site, urllib.parse.unquote(address))[0] == 200, address


def test_the_language_link_keeps_the_page(example_site):
    (link,) = [a for a in page_of(example_site, "/search?q=车削").of("a") if a.get("rel") == "alternate"]
    asked = urllib.parse.urlsplit(link["href"])
    assert asked.path == "/search"
    assert urllib.parse.parse_qs(asked.query) == {"q": ["车削"], "lang": ["en"]}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/gaps/NO-SUCH", 404),
        ("/ask/no-such", 404),
        ("/id/course/none", 404),
        ("/graph?focus=https://example.org/none", 404),
        ("/graph?focus=NO-SUCH", 404),
        ("/ask/coverage?programme=460103", 400),
        ("/ask/course-points?course=NO-SUCH", 404),
        ("/query?query=SELECT nonsense", 400),
        ("/query?query=INSERT DATA { <a:a> <a:b> <a:c> }", 403),
        ("/query?query=SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_wrong_is_said_on_a_page(example_site, path, status, language):
    page = page_of(example_site, path, language, status)
    assert [a for _, a in page.elements if a.get("class") == "problem"]
    assert "Traceback" not in page.text
    assert len(page.of("nav")) >= 1


# Figures and lists


def test_the_overview_counts_and_links_what_is_there(example_site):
    page = page_of(example_site, "/")
    overview = json.loads(get(example_site, "/api/search?kind=zj:SkillPoint&limit=1")[2])
    assert f"{overview['total']} 技能点" in page.text
    assert "/search?kind=zj:SkillPoint" in [a.get("href") for a in page.of("a")]
    assert "示例数据" in page.text
    assert page.text.count("CC BY 4.0") >= 3


def test_a_card_without_its_figures_says_so_and_an_example_is_marked(two_plans_kg, example_site):
    with Pool(two_plans_kg, Limits(workers=2)) as pool:
        found = pool.answer("overview").json()
        found["programmes"][0]["headline"] = None
        with application(pool).test_request_context("/", headers={"Accept-Language": "zh"}):
            page = Page(render_template("site/overview.html.j2", page=found, examples=False))
    assert page.text.count("尚未算出") == 1
    assert "尚未算出" not in page_of(example_site, "/").text
    marks = [a for a in page_of(example_site, "/").of("span") if a.get("class") == "grade g-example" and "title" in a]
    assert len(marks) == len(json.loads(get(example_site, "/query?query=" + PLANS + "&form=json")[2]))


PLANS = "SELECT ?s { ?s a <https://w3id.org/zhiji/ontology/ProgrammeEdition> }"


def test_a_search_can_be_narrowed_and_widened(example_site):
    page = page_of(example_site, "/search?q=车削")
    kinds = [a["href"] for a in page.of("a") if "kind=" in a.get("href", "")]
    assert any("zj:Course" in urllib.parse.unquote(kind) for kind in kinds)
    few = page_of(example_site, "/search?q=车削&limit=3")
    (more,) = [a["href"] for a in few.of("a") if "limit=" in a.get("href", "") and "rel" not in a]
    assert "limit=15" in more
    assert few.text.count("看图") < page.text.count("看图")


@pytest.mark.parametrize("written", ["abc", "-1", "", "1e9", "9999999999999"])
def test_a_limit_that_is_none_is_passed_over(example_site, written):
    status, _, body = get(example_site, f"/api/search?q=车削&limit={written}")
    assert status == 200
    assert 1 <= len(json.loads(body)["hits"]) <= data.MOST_HITS


def figures_of(report):
    """The tables, the bars and the weightiest gaps of a report, without their links."""
    bare = re.sub(r' role="caption"|</?a\b[^>]*>', "", report)
    return re.findall(r"<table.*?</table>|<figure.*?</figure>|<ol class=.weightiest.*?</ol>", bare, re.DOTALL)


def test_the_report_is_the_one_of_the_file(example_site, example_store):
    from zhiji_kg.analysis import analyse, find_programme
    from zhiji_kg.report.html import render_fragment, render_html

    analysis = analyse(example_store, find_programme(example_store, "460103"))
    fragment = render_fragment(analysis, "zh")
    inside = Page(fragment)
    assert figures_of(fragment) == figures_of(render_html(analysis, "zh"))
    assert len(figures_of(fragment)) > 10
    assert inside.text in page_of(example_site, "/gaps/460103").text
    assert not inside.of("main")
    assert not inside.of("style")
    assert not [a for _, a in inside.elements if "style" in a]


def test_the_graph_is_a_list_too(example_site):
    page = page_of(example_site, "/graph?focus=460103@2024")
    around = json.loads(get(example_site, "/api/graph?focus=460103@2024")[2])
    links = [a["href"] for a in page.of("a") if "to-graph" in a.get("class", "")]
    assert len(links) == len(around["nodes"])
    opening = [b["value"] for b in page.of("button") if b.get("form") == "opening"]
    assert len(opening) == len([n for n in around["nodes"] if n["hidden"] and not n["opened"]])
    wider = page_of(example_site, f"/graph?focus=460103@2024&open={opening[0]}")
    assert "收起" in wider.text
    for node in around["nodes"]:
        assert (node["entity"]["label"]["zh"] or node["entity"]["code"]) in page.text


def test_the_groups_of_the_picture_have_names_and_looks():
    from zhiji_kg.browse.groups import GROUPS

    assert set(GROUPS) == set(SITE["group"]) == set(speech.GROUPS)
    looks = (WEB / "static" / "site" / "looks.js").read_text(encoding="utf-8")
    drawn = re.findall(r'^  "?([\w-]+)"?: \{ fill: "(#\w+)", line: "(#\w+)", sign: "(.)" \}', looks, re.M)
    assert {name for name, *_ in drawn} == set(GROUPS)
    assert len({sign for *_, sign in drawn}) == len(drawn)


def test_never_more_than_300_boxes(example_site):
    near = json.loads(get(example_site, "/api/graph?focus=460103@2024")[2])["nodes"]
    opened = "".join(f"&open={node['entity']['iri']}" for node in near)
    around = json.loads(get(example_site, f"/api/graph?focus=460103@2024{opened}")[2])
    assert len(around["nodes"]) == data.MOST_DRAWN
    assert sum(one["number"] for one in around["left_out"]) > 0
    assert "未显示：" in page_of(example_site, f"/graph?focus=460103@2024{opened}").text


def test_of_all_that_is_to_be_opened_the_last_twenty_are(example_site):
    near = [node["entity"]["iri"] for node in json.loads(get(example_site, "/api/graph?focus=460103@2024")[2])["nodes"]]
    asked = [near[1], *near[1:40], near[5]]
    path = "/graph?focus=460103@2024" + "".join(f"&open={iri}" for iri in asked)
    around = json.loads(get(example_site, f"/api{path}")[2])
    assert around["opened"] == [*near[21:40], near[5]]
    page = page_of(example_site, path)
    assert "最多展开 20 个" in page.text
    kept = [a["value"] for a in page.of("input") if a.get("name") == "open"]
    assert kept == around["opened"]
    assert page_of(example_site, f"/graph?focus=460103@2024&open={near[1]}").text.count("最多展开") == 0


def test_the_page_of_a_graph_does_not_grow_with_what_is_opened(example_site):
    near = [node["entity"]["iri"] for node in json.loads(get(example_site, "/api/graph?focus=460103@2024")[2])["nodes"]]
    sizes = []
    for count in (5, 10, 20, 60):
        path = "/graph?focus=460103@2024" + "".join(f"&open={iri}" for iri in near[1 : 1 + count])
        page = page_of(example_site, path)
        links = [a.get("href", "") for a in page.of("a") if a.get("rel") != "alternate"]
        sizes.append(sum(map(len, links)))
    assert max(sizes) < 120_000, sizes


# Questions and their files


FORMS = {
    "csv": lambda body: list(csv.reader(io.StringIO(body.decode("utf-8-sig")))),
    "tsv": lambda body: list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter="\t")),
    "xlsx": lambda body: [list(row) for row in openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].values],
}


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xlsx"])
@pytest.mark.parametrize(
    ("path", "rows"),
    [("/ask/programmes?", 2), ("/query?query=SELECT ?s WHERE { ?s a <https://w3id.org/zhiji/ontology/Course> }", 61)],
)
def test_every_answer_can_be_kept(example_site, path, rows, form):
    status, headers, body = get(example_site, f"{path}&form={form}")
    assert status == 200
    assert headers["Content-Disposition"].endswith(f'.{form}"')
    if form == "json":
        found = json.loads(body)
        assert len(found if isinstance(found, list) else found["results"]["bindings"]) == rows
    else:
        assert len(FORMS[form](body)) >= rows + 1


@pytest.mark.parametrize("form", FORMS)
def test_no_cell_of_a_file_for_people_is_a_formula(example_site, form):
    long = f"CONCAT({', '.join(['?l'] * 2)})"
    path = f"/query?query=SELECT ?a ?b {{ BIND('=1%2B1' AS ?a) BIND('@x' AS ?l) BIND({long} AS ?b) }}&form={form}"
    _, _, body = get(example_site, path.replace("%2B", "+").replace("+", "\u002b"))
    row = FORMS[form](body)[1]
    assert row == (["=1+1", "@x@x"] if form == "xlsx" else ["'=1+1", "'@x@x"])
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
        assert {sheet["A2"].data_type, sheet["B2"].data_type} == {"s"}


def test_the_data_of_the_endpoint_are_as_they_are(example_site):
    path = "/sparql?query=SELECT ?a { BIND('=1' AS ?a) }&format=csv"
    assert get(example_site, path)[2].split() == [b"a", b"=1"]


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xlsx"])
@pytest.mark.parametrize(
    ("query", "columns", "row"),
    [
        ("ASK { ?s ?p ?o }", ["answer"], [True]),
        ("SELECT ?x { BIND('abc'^^<http://www.w3.org/2001/XMLSchema#integer> AS ?x) }", ["x"], ["abc"]),
        ("SELECT ?x { BIND('NaN'^^<http://www.w3.org/2001/XMLSchema#double> AS ?x) }", ["x"], ["NaN"]),
        ("SELECT ?x ?y { BIND(<a:b> AS ?x) }", ["x", "y"], ["a:b", None]),
        ("SELECT ?x { BIND(TRIPLE(<a:b>, <a:c>, 1) AS ?x) }", ["x"], ["a:b"]),
    ],
)
def test_every_term_can_stand_in_a_file(example_site, query, columns, row, form):
    status, _, body = get(example_site, f"/query?query={query}&form={form}")
    assert status == 200
    if form == "json":
        (found,) = json.loads(body)
        heading, cells = list(found), list(found.values())
    else:
        heading, cells = FORMS[form](body)
    assert heading == columns
    assert all(str(wanted or "") in str(cell or "") for cell, wanted in zip(cells, row, strict=True))


def test_both_downloads_have_one_json_shape(example_site):
    for path in ("/ask/programmes?form=json", "/query?query=SELECT ?s { ?s a ?c } LIMIT 2&form=json"):
        _, headers, body = get(example_site, path)
        assert headers["Content-Type"] == "application/json"
        assert all(isinstance(row, dict) for row in json.loads(body))


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_a_file_that_takes_too_long_or_much_is_not_made(example_kg, serve_site, form):
    hurried, small = serve_site(example_kg, query_seconds=0.5, quick_seconds=0.2), serve_site(example_kg, answer_mb=1)
    pairs = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    assert get(hurried, f"/query?query={pairs}}} ORDER BY ?a ?e ?i&form={form}")[0] == 504
    assert get(small, f"/query?query={pairs}}} LIMIT {90_000 if form == 'xlsx' else 9_000}&form={form}")[0] == 507
    site = small
    assert get(site, f"/query?query=INSERT DATA {{ <a:a> <a:b> <a:c> }}&form={form}")[0] == 403
    assert get(site, f"/query?query=SELECT nonsense&form={form}")[0] == 400


ADDED = "from=singlemessage&isappinstalled=0&utm_source=x&fbclid=1"


def test_what_others_add_to_a_link_is_passed_over(example_site):
    for path in ("/ask/programmes?", "/ask/course-points?course=GG001&", "/ask/coverage?"):
        page, plain = page_of(example_site, path + ADDED), page_of(example_site, path)
        assert page.text == plain.text
    assert get(example_site, f"/ask/programmes?form=csv&{ADDED}")[0] == 200
    links = [a.get("href", "") for a in page_of(example_site, f"/ask/course-points?course=GG001&{ADDED}").of("a")]
    assert not [link for link in links if "singlemessage" in link and "lang=" not in link]


def test_a_graph_is_kept_as_turtle(example_site):
    path = "/query?query=CONSTRUCT WHERE { ?s a <https://w3id.org/zhiji/ontology/Occupation> }&form=csv"
    _, headers, body = get(example_site, path)
    assert headers["Content-Type"].startswith("text/turtle")
    assert b"Occupation" in body


def test_a_form_offers_what_the_graph_has_and_keeps_what_was_written(example_site):
    page = page_of(example_site, "/ask/coverage?programme=460103@2024&source=CNC-TURNER-2005@4")
    chosen = [option["value"] for option in page.of("option") if "selected" in option]
    assert chosen == ["460103@2024", "CNC-TURNER-2005@4"]
    assert "共 " in page.text
    assert "codelabel" in page.text  # the headings
    assert "programmesource" not in page.text  # what the form says is not said again in every row


@pytest.mark.parametrize(("language", "heading"), [("zh", "能力问题 CQ-01"), ("en", "Competency questions CQ-01")])
def test_every_competency_question_is_listed_by_number(example_site, language, heading):
    page = page_of(example_site, f"/ask?lang={language}")
    assert heading in page.text
    assert "#h-cq" in [a.get("href") for a in page.of("a")]
    found = get(example_site, f"/ask?lang={language}")[2].decode("utf-8")
    section = found.partition('id="h-cq"')[2].partition("</section>")[0]
    assert re.findall(r"CQ-\d\d(?=</span>)", section) == [f"CQ-{number:02d}" for number in range(1, 60)]


@pytest.mark.parametrize("written", ["CQ-06", "cq-6"])
def test_a_search_for_a_number_leads_to_its_question(example_site, written):
    page = page_of(example_site, f"/search?q={written}")
    assert "/ask/goal-dimensions-indicators" in [a.get("href") for a in page.of("a")]
    assert "CQ-06" in page.text


def test_a_search_for_a_number_that_no_question_has(example_site):
    page = page_of(example_site, "/search?q=CQ-99")
    assert not [a for a in page.of("a") if a.get("href", "").startswith("/ask/")]


def test_a_question_can_be_edited_as_it_was_asked(example_site):
    page = page_of(example_site, "/ask/course-points?course=GG001")
    (edit,) = [a["href"] for a in page.of("a") if a.get("href", "").startswith("/query?")]
    again = page_of(example_site, urllib.parse.unquote_plus(edit).replace("&", "%26"))
    assert "VALUES ?course" in again.text
    rows = [len(p.of("tr")) for p in (page, again)]
    assert rows[0] == rows[1] > 1


def test_a_page_shows_a_thousand_rows_and_says_so(example_site):
    page = page_of(example_site, "/query?query=SELECT * WHERE { ?s ?p ?o }")
    assert len(page.of("tr")) == results.MOST_ROWS + 1
    assert "显示前 1000 行" in page.text


# What results are read as


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        ({"head": {"vars": ["a"]}, "results": {"bindings": [{}]}}, ((("", ""),),)),
        (
            {"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "literal", "value": "<b>"}}]}},
            ((("<b>", ""),),),
        ),
        (
            {
                "head": {"vars": ["a"]},
                "results": {"bindings": [{"a": {"type": "uri", "value": "https://w3id.org/zhiji/ontology/Course"}}]},
            },
            ((("zj:Course", "https://w3id.org/zhiji/ontology/Course"),),),
        ),
        (
            {"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "triple", "value": {"s": 1}}}]}},
            ((('{"s": 1}', ""),),),
        ),
        ({"head": {}, "boolean": True}, ((("true", ""),),)),
        ({"head": {}, "boolean": False}, ((("false", ""),),)),
    ],
)
def test_results_are_read(given, rows):
    shown = results.read_results(results.RESULTS_JSON, json.dumps(given).encode())
    assert shown.rows == rows
    assert shown.total == len(rows)


def test_a_graph_is_shown_as_its_text():
    assert results.read_results("text/turtle", b"<a:a> a <b:b> .").text.startswith("<a:a>")


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        ("https://w3id.org/zhiji/id/course/a b?#", "/id/course/a%20b%3F%23"),
        ("https://w3id.org/zhiji/ontology/Course", "/ontology/Course"),
        ("javascript:alert(1)", ""),
        ("https://example.org/", ""),
    ],
)
def test_only_what_is_ours_is_linked(iri, address):
    assert place_of(iri) == address
    assert speech.as_data(iri, "ttl") == (f"{address}?format=ttl" if address else "")


# Strangers' names


EVIL_PAGES = (
    "/", "/search?q=img", "/search?q=script", "/graph", "/gaps/P1@2024", "/ask/programmes", "/id/course/P1-A",
    "/ask/course-points?course=A",
    "/query?query=SELECT ?s ?l WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }",
    '/search?q="><script>alert(3)</script>', "/ask/course-points?course=\"'><img src=x onerror=alert(4)>",
    "/query?query=</textarea><script>alert(5)</script>", "/nothing<script>alert(6)</script>",
)  # fmt: skip


@pytest.mark.parametrize("path", EVIL_PAGES, ids=range(len(EVIL_PAGES)))
def test_names_and_requests_are_text_wherever_they_stand(evil_site, path):
    _, _, body = get(evil_site, path)
    page = Page(body.decode("utf-8"))
    assert not page.of("img")
    assert not page.of("b")
    assert not [a for _, a in page.elements if any(name.startswith("on") for name in a)]
    assert all(a.get("src", "").startswith("/static/") or a["type"] == "application/json" for a in page.of("script"))


def test_an_evil_name_is_shown_as_it_was_written(evil_site):
    assert "<img src=x onerror=alert(1)>" in page_of(evil_site, "/search?q=img").text
    assert "</script><b>坏</b>{0}" in page_of(evil_site, "/").text


# Words


def texts(table, path=""):
    for key, value in table.items():
        yield from [(path + key, value)] if "zh" in value else texts(value, f"{path}{key}.")


def test_every_text_stands_in_both_languages_with_the_same_values():
    for key, text in texts(SITE):
        assert text["zh"].strip(), key
        assert text["en"].strip(), key
        assert len({tuple(sorted(re.findall(r"\{(\w+)\}", text[spoken]))) for spoken in LANGUAGES}) == 1, key


def test_every_text_is_said_and_every_text_that_is_said_is_written():
    sources = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    rooms = (asking, data, pages, problems, speech)
    modules = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in rooms)
    said = set(re.findall(r'\bt\("([\w.-]+)"', sources)) | set(re.findall(r'\bsaid\(\s*"([\w.-]+)"', modules))
    said |= set(re.findall(r'"((?:folder|query|expected|script)\.[\w.-]+)"', modules))
    said |= {f"nav.{key}" for key in ("overview", "gaps", "graph", "ask", "query", "ontology")}
    said |= {f"gaps.{key}" for key in ("xlsx", "docx", "html", "md", "json")}
    said |= {f"overview.{key}" for key in ("document", "grade", "source", "licence")}
    said |= {f"group.{key}" for key in speech.GROUPS}
    said |= {key.removeprefix("site.") for key in re.findall(r'say\("([\w.]+)"\)', modules)}
    said = {key for key in said if not key.endswith(".")}
    scripts = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    used = {key for key in speech.FOR_SCRIPTS if re.search(rf'"{key}"|\b{key}: "', scripts)}
    used |= {key for key in speech.FOR_SCRIPTS if f'script.{key}"' in modules}
    assert set(speech.FOR_SCRIPTS) == set(SITE["script"])
    assert {key for key, _ in texts(SITE)} == said | {f"script.{key}" for key in used} | {"script.true", "script.false"}
