"""What people do on the site, in a real browser with the network closed; read, clicked and typed."""

import csv
import json
import re
import urllib.parse
from contextlib import contextmanager
from pathlib import Path

import pytest
from watching import watched

from zhiji_kg.texts import LANGUAGES

HERE = Path(__file__).resolve().parent
PAGES = [case["path"] for case in csv.DictReader((HERE.parent / "pages.csv").open(encoding="utf-8"))]
KINDS = [
    "/", "/search?q=车削", "/gaps", "/gaps/460103", "/graph", "/ask", "/ask/coverage?programme=&source=",
    "/ask/course-points?course=GG001", "/query?query=SELECT * WHERE { ?s a ?class } LIMIT 3",
    "/id/course/460103-GG001", "/ontology/Course", "/ontology/", "/ontology/?q=认定", "/module/core", "/module/stages",
    "/module/dl", "/nothing",
]  # fmt: skip
READY = {"/graph": "window.zhiji && zhiji.cy.nodes().length > 0", "/query": "window.zhijiEditor"}
AXE = (HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8")
BEYOND = """[...document.querySelectorAll("body *")].filter(one =>
  one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .code-block, .CodeMirror")
).map(one => one.outerHTML.slice(0, 80))"""

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


@pytest.fixture
def visit(chromium, example_site):
    """Open a tab on the example site: ``with visit("/graph", language="en") as tab``."""

    @contextmanager
    def visiting(path, site=example_site, **options):
        with watched(chromium, site, **options) as tab:
            tab.goto(site + urllib.parse.quote(path, safe="/?&=:"))
            yield tab

    return visiting


def settle(tab, path):
    """Wait until the scripts of a page have done their part."""
    for start, done in READY.items():
        if path.startswith(start):
            until(tab, done)


def until(tab, condition):
    """Wait for a condition; Playwright's own way evaluates a string in the page, which our policy forbids."""
    for _ in range(400):
        if tab.evaluate(condition):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"never came true: {condition}")


def shown(tab):
    return tab.evaluate("zhiji.cy.nodes(':visible').length")


def selected(tab):
    return tab.locator("#panel h2").inner_text()


# Every page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES, ids=range(len(PAGES)))
def test_every_page_opens_without_a_complaint_or_an_outside_request(visit, path, language):
    with visit(path, language=language) as tab:
        settle(tab, path)
        assert tab.locator("h1").first.inner_text().strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", KINDS, ids=range(len(KINDS)))
def test_axe_finds_nothing_serious(visit, path, language):
    with visit(path, language=language) as tab:
        settle(tab, path)
        tab.evaluate(AXE)
        found = tab.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        grave = [
            (one["id"], one["help"], [node["html"][:160] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert grave == []


@pytest.mark.parametrize("path", KINDS, ids=range(len(KINDS)))
def test_nothing_is_wider_than_a_phone(visit, path):
    with visit(path, width=360) as tab:
        settle(tab, path)
        for width in (360, 768):
            tab.set_viewport_size({"width": width, "height": 900})
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            assert tab.evaluate(BEYOND) == []


@pytest.mark.parametrize("path", KINDS, ids=range(len(KINDS)))
def test_every_page_reads_without_a_script(visit, path):
    with visit(path, java_script_enabled=False) as tab:
        assert tab.locator("h1").first.is_visible()
        assert len(tab.locator("main").inner_text()) > 30
        assert tab.locator("nav a").first.is_visible()


def test_a_page_prints_without_the_frame_around_it(visit):
    with visit("/id/course/460103-GG001") as tab:
        tab.emulate_media(media="print")
        assert not tab.locator(".site-header").is_visible()
        assert tab.locator("h1").is_visible()
        assert tab.pdf().startswith(b"%PDF")


def test_the_whole_picture_is_printed(visit):
    with visit("/graph") as tab:
        settle(tab, "/graph")
        zoom = tab.evaluate("zhiji.cy.zoom()")
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        tab.emulate_media(media="print")
        for hidden in (".site-header", ".focus-find", "#legend", ".canvas-tools", "#panel"):
            assert not tab.locator(hidden).is_visible(), hidden
        until(tab, "document.getElementById('on-paper').naturalWidth > 1000")
        assert tab.locator("#on-paper").is_visible()
        assert tab.locator("#list .item").first.is_visible()
        tab.emulate_media(media="screen")
        assert not tab.locator("#on-paper").is_visible()
        tab.evaluate("dispatchEvent(new Event('afterprint'))")
        assert tab.locator("#on-paper").count() == 0
        assert tab.evaluate("zhiji.cy.zoom()") == zoom
        assert tab.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_report_is_printed_from_its_page(visit):
    with visit("/gaps/460103") as tab:
        tab.evaluate("window.print = () => { window.printed = true; }")
        tab.get_by_role("button", name="打印").click()
        assert tab.evaluate("window.printed")
        with tab.expect_download() as download:
            tab.get_by_role("link", name="Excel").click()
        assert download.value.suggested_filename == "gaps-460103.xlsx"
        tab.locator(".report .refs a").first.click()
        tab.locator(".queries li:target > a").click()
        tab.wait_for_url("**/ask/coverage?**")
        assert tab.locator("#result tbody tr").count() > 10


# Reading and searching


def test_the_language_is_kept(visit):
    with visit("/") as tab:
        tab.get_by_role("link", name="English").click()
        assert tab.locator("html").get_attribute("lang") == "en"
        tab.get_by_role("link", name="Questions").click()
        assert tab.locator("h1").inner_text() == "Questions"
        tab.get_by_role("link", name="中文").click()
        assert tab.locator("h1").inner_text() == "现成问题"


def test_the_language_changes_without_losing_a_step(visit):
    with visit("/query") as tab:
        settle(tab, "/query")
        write(tab, "ASK { ?s ?p ?o }")
        tab.locator("#run").click()
        until(tab, "document.getElementById('said').textContent.includes('true')")
        tab.get_by_role("link", name="English").click()
        settle(tab, "/query")
        assert tab.locator("html").get_attribute("lang") == "en"
        assert tab.evaluate("zhijiEditor.getValue()") == "ASK { ?s ?p ?o }"
    with visit("/graph?focus=https://w3id.org/zhiji/id/course/460103-GG001") as tab:
        settle(tab, "/graph")
        before = shown(tab)
        tab.evaluate(
            "zhiji.cy.getElementById(zhiji.state().nodes.find(n => n.hidden && !n.opened).entity.iri).emit('dbltap')"
        )
        until(tab, f"zhiji.state().nodes.length > {before}")
        wider = shown(tab)
        tab.get_by_role("link", name="English").click()
        settle(tab, "/graph")
        assert tab.locator("html").get_attribute("lang") == "en"
        assert shown(tab) == wider
        tab.go_back()
        settle(tab, "/graph")
        tab.go_back()
        until(tab, f"zhiji.state().nodes.length === {before}")
        assert "open=" not in tab.locator(".languages a").get_attribute("href")


def test_from_the_overview_to_a_report_and_its_findings(visit):
    with visit("/") as tab:
        tab.get_by_role("link", name=re.compile("缺口报告 数控技术")).click()
        assert "96 条已覆盖" in tab.locator(".headline").inner_text()
        tab.locator(".report nav a[href='#findings']").click()
        assert tab.evaluate("location.hash") == "#findings"


def test_the_search_box_leads_to_an_entity(visit):
    with visit("/") as tab:
        tab.get_by_role("combobox").press_sequentially("车削", delay=30)
        tab.get_by_role("option").first.wait_for()
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("ArrowUp")
        chosen = tab.locator("[role=option][aria-selected=true]")
        name = chosen.evaluate("one => one.firstChild.textContent")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/id/**")
        assert tab.locator("h1").inner_text().startswith(name)


def test_a_search_without_a_choice_is_an_ordinary_search(visit):
    with visit("/") as tab:
        tab.get_by_role("combobox").fill("没有这样的词")
        tab.locator("[role=option][aria-disabled]").wait_for()
        tab.keyboard.press("Escape")
        assert not tab.locator("[role=listbox]").is_visible()
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/search?**")
        assert "没有找到" in tab.locator("main").inner_text()


def test_search_and_questions_work_without_a_script(visit):
    """Without a script a click is a page load, which a count does not wait for."""
    with visit("/", java_script_enabled=False) as tab:

        def follow(link):
            with tab.expect_navigation():
                link.click()

        tab.locator("#find").fill("车削")
        follow(tab.locator(".site-header button"))
        assert tab.locator(".hits li").count() > 10
        follow(tab.locator(".hits .to-graph").first)
        before = tab.locator("#list li").count()
        follow(tab.locator("button.to-graph", has_text="展开").first)
        assert tab.locator("#list li").count() > before > 0
        tab.goto(tab.url.split("/graph")[0] + "/ask/course-points")
        tab.locator("select").select_option("GG001")
        follow(tab.locator("main button"))
        assert tab.locator("#result tbody tr").count() == 2


# The ontology


def test_from_the_index_to_a_term_and_its_files(visit):
    with visit("/") as tab:
        tab.get_by_role("link", name="本体", exact=True).first.click()
        tab.wait_for_url("**/ontology/")
        assert tab.locator(".site-header [aria-current]").inner_text() == "本体"
        tab.locator("#term-find").fill("项目化课程")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/module/core#ProjectCourse")
        assert tab.locator(".term:target h3").inner_text().startswith("项目化课程")
        assert "Project course" in tab.locator(".term:target h3").inner_text()
        with tab.expect_download() as download:
            tab.get_by_role("link", name="Turtle").click()
        assert download.value.suggested_filename == "core.ttl"


def test_the_contents_lead_to_a_term_and_the_picture_too(visit):
    with visit("/module/stages", language="en") as tab:
        tab.locator(".toc a", has_text="Quasi-craftsman").first.click()
        assert tab.evaluate("location.hash") == "#QuasiCraftsman"
        assert tab.evaluate("document.querySelector('.term:target').getBoundingClientRect().top") < 300
        tab.locator(".picture a", has_text="Senior apprentice").first.click()
        assert tab.evaluate("location.hash") == "#SeniorApprentice"
        tab.locator("#SeniorApprentice .axioms a", has_text="learner").first.click()
        tab.wait_for_url("**/module/core#Learner")


def test_the_words_of_a_picture_stand_in_their_boxes(visit):
    """The server reckons how wide a text is; here it is measured, with the fonts of this machine."""
    for name in ("core", "organisation", "stages"):
        for language in LANGUAGES:
            with visit(f"/module/{name}", language=language) as tab:
                beyond = tab.evaluate(
                    "[...document.querySelectorAll('.dg g')].flatMap(g => { const box = g.querySelector('.dg-box');"
                    "const right = box.getBoundingClientRect().right;"
                    "return [...g.querySelectorAll('text')].filter(t => t.getBoundingClientRect().right > right + 1)"
                    ".map(t => t.textContent); })"
                )
                assert beyond == []


def test_a_module_is_printed_without_its_frame(visit):
    with visit("/module/stages") as tab:
        tab.emulate_media(media="print")
        for hidden in (".site-header", ".toc", ".actions.downloads", ".permalink"):
            assert not tab.locator(hidden).first.is_visible(), hidden
        assert tab.locator(".picture svg").is_visible()
        assert tab.locator("#QuasiCraftsman .definition").is_visible()
        assert tab.pdf().startswith(b"%PDF")


def test_a_term_is_found_without_a_script(visit):
    with visit("/ontology/", java_script_enabled=False) as tab:
        tab.locator("#term-find").fill("技能等级")
        with tab.expect_navigation():
            tab.locator(".term-find button").click()
        assert "/module/core#SkillLevel" in tab.url


# The graph


def test_two_characters_put_an_entity_in_the_middle(visit):
    with visit("/graph") as tab:
        settle(tab, "/graph")
        tab.locator("#focus-find").press_sequentially("车削", delay=30)
        tab.locator(".focus-find [role=option]").first.wait_for()
        tab.keyboard.press("Enter")
        until(tab, "zhiji.state().focus.label.zh.includes('车削')")
        assert "focus=" in tab.url
        assert "车削" in tab.locator("#focused").inner_text()
        assert "车削" in selected(tab)
        tab.go_back()
        until(tab, "zhiji.state().focus.label.zh === '数控技术（2024）'")


def test_the_button_puts_the_best_hit_in_the_middle(visit):
    with visit("/graph") as tab:
        settle(tab, "/graph")
        tab.locator("#focus-find").fill("数控车削编程")
        tab.locator(".focus-find button").click()
        until(tab, "zhiji.state().focus.label.zh.includes('数控车削编程')")
        tab.locator("#focus-find").fill("没有这样的词")
        tab.locator(".focus-find button").click()
        tab.locator(".focus-find [role=option][aria-disabled]").wait_for()
        assert "focus=" in tab.url


def test_a_neighbour_is_expanded_and_back_takes_it_away(visit):
    with visit("/graph?focus=https://w3id.org/zhiji/id/course/460103-GG001") as tab:
        settle(tab, "/graph")
        before = shown(tab)
        first = tab.evaluate(
            "(() => { const one = zhiji.state().nodes.find(n => n.hidden && !n.opened); const node ="
            "zhiji.cy.getElementById(one.entity.iri); zhiji.cy.zoom(1); zhiji.cy.center(node); const at ="
            "node.renderedPosition(); const box = document.getElementById('canvas').getBoundingClientRect();"
            "return { x: box.x + at.x, y: box.y + at.y, iri: one.entity.iri, hidden: one.hidden }; })()"
        )
        tab.mouse.click(first["x"], first["y"])
        tab.locator("#toggle").click()
        until(tab, f"zhiji.state().nodes.length > {before}")
        assert shown(tab) == before + first["hidden"]
        assert "open=" in tab.url
        permalink = tab.url
        tab.go_back()
        until(tab, f"zhiji.state().nodes.length === {before}")
        tab.goto(permalink)
        settle(tab, "/graph")
        assert shown(tab) == before + first["hidden"]


def test_the_legend_hides_and_shows_a_group_with_its_count(visit):
    with visit("/graph") as tab:
        settle(tab, "/graph")
        before = shown(tab)
        key = tab.locator("#legend button[data-group=course]")
        count = int(key.locator(".count").inner_text())
        assert key.get_attribute("aria-label") is None
        assert key.inner_text().split()[1:] == ["课程", str(count)]
        key.click()
        assert key.get_attribute("aria-pressed") == "false"
        assert shown(tab) == before - count
        assert tab.locator("#list .item").count() == before - count
        assert str(before - count) in tab.locator("#summary").inner_text()
        key.click()
        assert shown(tab) == before


def test_the_panel_says_what_an_entity_is_and_where_it_was_read(visit):
    with visit("/graph?focus=https://w3id.org/zhiji/id/course/460103-GG001") as tab:
        tab.locator("#panel .grade").first.wait_for()
        words = tab.locator("#panel").inner_text()
        for part in ("课程", "思想道德与法治", "GG001", "培养要素点", "推理所得", "出处", "示例"):
            assert part in words


def test_the_graph_is_used_with_the_keyboard_alone(visit):
    with visit("/graph?focus=https://w3id.org/zhiji/id/course/460103-GG001", language="en") as tab:
        settle(tab, "/graph")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "skip"
        for _ in range(60):
            if tab.evaluate("document.activeElement.classList.contains('item')"):
                break
            tab.keyboard.press("Tab")
        before, middle = shown(tab), selected(tab)
        assert "Morality" in middle
        tab.keyboard.press("Home")
        while not tab.evaluate(
            "zhiji.state().nodes.some("
            "n => n.entity.iri === document.activeElement.dataset.iri && n.hidden && !n.opened)"
        ):
            tab.keyboard.press("ArrowDown")
        name = tab.evaluate("document.activeElement.dataset.iri")
        until(tab, f"document.querySelector('[aria-current].item').dataset.iri === {json.dumps(name)}")
        tab.keyboard.press("Enter")
        until(tab, f"zhiji.state().nodes.length > {before}")
        until(tab, f"document.activeElement.dataset.iri === {json.dumps(name)}")
        assert "expanded" in tab.locator("#summary").inner_text()
        tab.keyboard.press("Escape")
        until(tab, f"zhiji.state().nodes.length === {before}")
        tab.keyboard.press("End")
        tab.keyboard.press("f")
        until(tab, "zhiji.state().focus.iri !== 'https://w3id.org/zhiji/id/course/460103-GG001'")


def test_zoom_fit_and_link(visit):
    with visit("/graph") as tab:
        settle(tab, "/graph")
        start = tab.evaluate("zhiji.cy.zoom()")
        tab.locator("#closer").click()
        assert tab.evaluate("zhiji.cy.zoom()") > start
        tab.locator("#farther").click()
        assert tab.evaluate("zhiji.cy.zoom()") == pytest.approx(start)
        tab.locator("#fit").click()
        box = tab.evaluate("zhiji.cy.elements().renderedBoundingBox()")
        assert box["x1"] >= -1
        tab.locator("#copy").click()
        until(tab, "/复制|focus=/.test(document.getElementById('summary').textContent)")


def test_boxes_stand_apart(visit):
    with visit("/graph") as tab:
        settle(tab, "/graph")
        overlaps = tab.evaluate(
            "(() => { const boxes = zhiji.cy.nodes().map("
            "n => n.boundingBox({ includeLabels: false, includeOverlays: false }));"
            "return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b =>"
            "a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2)).length; })()"
        )
        assert overlaps == 0


# Questions in SPARQL


def write(tab, query):
    tab.evaluate(f"zhijiEditor.setValue({json.dumps(query)})")


def test_a_query_is_written_and_run(visit):
    with visit("/query") as tab:
        settle(tab, "/query")
        tab.locator(".CodeMirror").click()
        tab.keyboard.press("Control+A")
        kind, label = "<https://w3id.org/zhiji/ontology/Occupation>", "<http://www.w3.org/2000/01/rdf-schema#label>"
        tab.keyboard.insert_text(f"SELECT ?s ?l {{ ?s a {kind} ; {label} ?l FILTER(LANG(?l) = 'zh') }} ORDER BY ?s")
        tab.keyboard.press("Control+Enter")
        tab.locator("#result").wait_for()
        assert tab.locator("#result tbody tr").count() == 1
        assert "车工" in tab.locator("#result").inner_text()
        assert tab.locator("#result a").first.get_attribute("href").startswith("/id/occupation/")
        assert "共 1 行" in tab.locator("#said").inner_text()
        assert "query=" in tab.url
        with tab.expect_download() as download:
            tab.locator("#downloads a[data-form=xlsx]").click()
        assert download.value.suggested_filename == "answer.xlsx"
        tab.go_back()
        until(tab, "document.getElementById('answer').hidden")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ASK { ?s ?p ?o }", "true"),
        ("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 2", "Turtle"),
        ("SELECT * WHERE { ?s a <http://example.org/none> }", "没有符合条件的结果"),
        ("SELECT * WHERE { ?s ?p ?o } LIMIT 1200", "显示前 1000 行"),
        ("SELECT ?x WHERE { BIND('<img src=x onerror=alert(1)>' AS ?x) }", "<img src=x onerror=alert(1)>"),
    ],
)
def test_each_kind_of_answer_is_shown(visit, query, words):
    with visit("/query") as tab:
        settle(tab, "/query")
        write(tab, query)
        tab.locator("#run").click()
        until(
            tab,
            "!/^(正在.*)?$/.test(document.getElementById('said').textContent)",
        )
        assert words in tab.locator("#answer").inner_text()
        assert tab.locator("#answer img").count() == 0


@pytest.mark.parametrize("query", ["SELECT * WHERE {\n ?s ?p }", "INSERT DATA { <a:a> <a:b> <a:c> }"])
def test_an_error_is_said_beside_the_editor(visit, query):
    with visit("/query") as tab:
        settle(tab, "/query")
        write(tab, query)
        tab.locator("#run").click()
        tab.locator("#problem").wait_for()
        assert len(tab.locator("#problem").inner_text()) > 10
        assert not tab.locator("#downloads").is_visible()


def test_the_editor_offers_terms_and_entities(visit):
    with visit("/query") as tab:
        settle(tab, "/query")
        write(tab, "")
        tab.locator(".CodeMirror").click()
        tab.keyboard.type("SELECT * WHERE { ?s a zj:Cour")
        tab.locator(".CodeMirror-hint").first.wait_for()
        tab.keyboard.press("Enter")
        assert "zj:Course" in tab.evaluate("zhijiEditor.getValue()")
        tab.keyboard.type(" ; ?p ")
        tab.keyboard.insert_text("车削")
        tab.keyboard.press("Control+Space")
        tab.locator(".CodeMirror-hint").first.wait_for()
        tab.keyboard.press("Enter")
        assert re.search(r"\?p <https://w3id\.org/zhiji/id/[^>]+>", tab.evaluate("zhijiEditor.getValue()"))


def test_an_example_is_taken_up_and_the_keyboard_can_leave(visit):
    with visit("/query") as tab:
        settle(tab, "/query")
        tab.locator("a.example").nth(1).click()
        assert "COUNT" in tab.evaluate("zhijiEditor.getValue()")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.id") == "run"


# Strangers' names


def test_no_name_runs_or_draws_anything(visit, evil_site):
    for path in (
        "/",
        "/graph",
        "/search?q=img",
        "/query?query=SELECT ?l WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }",
    ):
        with visit(path, site=evil_site) as tab:
            settle(tab, path)
            if path == "/graph":
                tab.locator("#focus-find").press_sequentially("img", delay=30)
                tab.locator(".focus-find [role=option]").first.wait_for()
                tab.keyboard.press("Enter")
                until(tab, "zhiji.state().focus.label.zh.includes('<img')")
                assert selected(tab).startswith("<img src=x")
            elif path.startswith("/query"):
                tab.locator("#run").click()
                until(tab, "/^共/.test(document.getElementById('said').textContent)")
            assert tab.locator("img, main script:not([type])").count() == 0
