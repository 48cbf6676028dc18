"""The one-page picture: it asks for nothing, runs nothing of the data, and says all in words too."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.errors import CannotRunError
from zhiji_kg.findings import STATES
from zhiji_kg.network import KINDS, POINTS, Edge, Neighbourhood, Node, neighbourhood
from zhiji_kg.resources import WEB
from zhiji_kg.texts import LANGUAGES, Text
from zhiji_kg.viewer import picture, write_picture

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
browser_test = pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on this machine")
EVIL = (
    "<img src=x onerror=\"window.broken='img'\">",
    "</script><script>window.broken='script'</script>",
    "<!--<script>",
    "</title></style><svg onload=\"window.broken='svg'\">",
    "<a href=\"javascript:window.broken='a'\">href</a>",
    "']);window.broken='js';//",
    "{0} {name} %s ${x} {{y}}",
)
NOTICE = "示例数据，不是对任何真实学校的结论"


class Page(HTMLParser):
    """The elements of a page, the text of each kind of element, and its scripts."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.texts, self.open = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)
            self.texts.append((tag, ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            place = next(i for i in reversed(range(len(self.texts))) if self.texts[i][0] == self.open[-1])
            self.texts[place] = (self.open[-1], self.texts[place][1] + data)

    def of(self, tag):
        return [words for kind, words in self.texts if kind == tag]

    @property
    def drawn(self):
        return json.loads(self.of("script")[0])


def clean(label):
    return " ".join("".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in label).split())


def around(*labels, state="no-match"):
    """A course and a point for each label, so that each stands in boxes, tooltips and tables."""
    nodes, edges = [], []
    for number, label in enumerate(labels):
        course, point = f"c{number}", f"k{number}"
        nodes += [
            Node(course, "course", Text(label, label), label, term=1, title=(Text(label, label),)),
            Node(point, "knowledge", Text(label, label), label, state=state),
            Node(f"u{number}", "skill", Text(label, label), label, state=state),
        ]
        edges.append(Edge(course, point, "covers"))
    level = Node("l", "standard-level", Text("五级", "level 5"), "L@5")
    edges += [Edge(node.iri, "l", "required-by") for node in nodes if node.kind != "course"]
    return Neighbourhood("p", (*nodes, level), tuple(edges))


@pytest.fixture(scope="module")
def analysed(example_store):
    programme = find_programme(example_store, "460103")
    states = {}
    for coverage in analyse(example_store, programme).coverages:
        if coverage.target.basis != "stage":
            for cell in coverage.cells:
                states[cell.requirement.point.iri] = cell.verdict.state
    return programme, neighbourhood(example_store, programme.thing.iri, states)


@pytest.fixture(scope="module")
def found(analysed):
    return analysed[1]


@pytest.fixture(scope="module")
def zh(found):
    return Page(picture(found, "zh", "数控技术", NOTICE))


@pytest.fixture(scope="module")
def en(found):
    return Page(picture(found, "en", "CNC Technology", "Example data"))


# What the page is


def test_it_says_its_language_title_and_notice(zh, en):
    assert zh.elements[0] == ("html", {"lang": "zh-CN"})
    assert en.elements[0] == ("html", {"lang": "en"})
    assert (zh.of("title"), zh.of("h1")) == (["数控技术"], ["数控技术"])
    assert NOTICE in zh.of("p")
    assert "Example data" in en.of("p")


def test_without_a_notice_there_is_none():
    page = Page(picture(around("一"), "zh", "标题"))
    notices = [attrs.get("id") for tag, attrs in page.elements if attrs.get("class") == "notice"]
    assert notices == ["silent"]


def test_every_node_is_drawn_with_its_name_and_place(zh, found):
    boxes = [node for node in zh.drawn["nodes"] if node["shape"] == "box"]
    assert len(boxes) == len(found.nodes)
    assert [box["title"].split("\n")[0] for box in boxes] == [node.name("zh") for node in found.nodes]
    assert len({(box["x"], box["y"]) for box in boxes}) == len(boxes)


def test_headings_are_words_without_a_box(zh):
    heads = [node["label"] for node in zh.drawn["nodes"] if node["shape"] == "text"]
    assert heads[:3] == ["成长阶段", "课程", "第 1 学期"]
    assert "要求来源" in heads


def test_the_picture_does_not_move_by_itself(zh):
    options = zh.drawn["options"]
    assert options["physics"] == {"enabled": False}
    assert not options["interaction"]["zoomView"]  # the wheel scrolls the page


def test_edges_run_from_left_to_right(zh):
    x = {node["id"]: node["x"] for node in zh.drawn["nodes"]}
    edges = zh.drawn["edges"]
    assert edges
    assert all(x[edge["from"]] < x[edge["to"]] for edge in edges)


def test_everything_lies_within_the_canvas(zh):
    drawn = zh.drawn
    left, top = drawn["x"] - drawn["width"] / 2, drawn["y"] - drawn["height"] / 2
    for node in drawn["nodes"]:
        assert left < node["x"] < left + drawn["width"]
        assert top + 10 < node["y"] < top + drawn["height"] - 10


def test_a_state_differs_by_sign_outline_and_word():
    nodes = tuple(
        Node(f"k{n}", "knowledge", Text("点", "point"), f"k{n}", state=s) for n, s in enumerate((*STATES, None))
    )
    page = Page(picture(Neighbourhood("p", nodes, ()), "zh", "标题"))
    boxes = [node for node in page.drawn["nodes"] if node["shape"] == "box"]
    assert len({box["label"][0] for box in boxes}) == len(boxes)
    looks = {(box["borderWidth"], str(box["shapeProperties"]["borderDashes"])) for box in boxes}
    assert len(looks) == len(boxes)
    assert [box["title"].split("\n")[2][2:] for box in boxes] == [
        "已覆盖", "部分覆盖", "无匹配", "未审查", "没有状态",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_counts_every_kind_and_state_in_words(found, language):
    page = Page(picture(found, language, "t"))
    keys = page.of("span")
    texts = tomllib.loads((WEB / "texts" / "viewer.toml").read_text(encoding="utf-8"))
    for kind in KINDS:
        count = len(found.of_kind(kind))
        assert f"{texts['kind'][kind][language]} {count}" in keys
    points = found.of_kind(*POINTS)
    for state in STATES:
        count = sum(1 for point in points if point.state == state)
        assert any(key.endswith(f"{texts['state'][state][language]} {count}") for key in keys)


def test_what_is_not_shown_is_counted(found):
    few = Neighbourhood(found.programme, found.nodes, found.edges, (("course", 3), ("skill", 12)))
    assert "图和表中未显示：课程 3、技能点 12" in Page(picture(few, "zh", "t")).of("p")
    assert "Not shown here: course 3, skill point 12" in Page(picture(few, "en", "t")).of("p")
    assert not [words for words in Page(picture(found, "zh", "t")).of("p") if "未显示" in words]


def test_the_tables_hold_every_course_point_and_source(zh, found):
    cells = set(zh.of("td")) | set(zh.of("li"))
    for course in found.courses():
        assert f"{course.name('zh')} ({course.code})" in cells
    for point in found.of_kind(*POINTS):
        assert any(point.name("zh") in cell for cell in cells)
    for source in found.of_kind("standard-level", "occupation"):
        assert source.name("zh") in cells
    assert "数控车工三级 · 应在第 4 学期达到" in cells


def test_the_tables_need_no_script_and_no_picture(zh, found):
    assert [tag for tag, _ in zh.elements].count("details") == 3
    assert f"表一：课程与它覆盖的要素点（{len(found.courses())} 门）" in zh.of("summary")
    assert f"表二：没有课程覆盖的要素点（{len(found.uncovered())} 个）" in zh.of("summary")
    assert ("div", {"id": "live", "hidden": "hidden"}) in zh.elements  # the script shows it


def test_a_table_without_rows_is_left_out():
    page = Page(picture(Neighbourhood("p", (Node("c", "course", Text("课", "c"), "C"),), ()), "zh", "t"))
    assert page.of("summary") == ["表一：课程与它覆盖的要素点（1 门）"]


def test_an_empty_neighbourhood_is_a_page_too():
    page = Page(picture(Neighbourhood("p", (), ()), "en", "nothing"))
    assert page.drawn["nodes"] == []
    assert page.of("h1") == ["nothing"]


def test_a_name_that_is_missing_in_a_language_is_shown_in_the_other(en, found):
    (occupation,) = found.of_kind("occupation")
    assert occupation.label.en == ""
    assert occupation.label.zh in en.of("td")


def test_a_long_label_is_cut_in_the_box_and_whole_in_the_tooltip():
    long = "一二三四五六七八九十" * 4
    page = Page(picture(around(long), "zh", "t"))
    box = next(node for node in page.drawn["nodes"] if node["shape"] == "box")
    assert box["label"].endswith("…")
    assert len(box["label"]) < 20
    assert box["title"].split("\n")[0] == long


def test_every_text_stands_in_both_languages_with_the_same_values():
    def entries(table):
        for value in table.values():
            yield from [value] if "zh" in value else entries(value)

    texts = list(entries(tomllib.loads((WEB / "texts" / "viewer.toml").read_text(encoding="utf-8"))))
    assert len(texts) > 40
    for text in texts:
        assert text["zh"]
        assert text["en"]
        values = [{word.split("}")[0] for word in text[tongue].split("{")[1:]} for tongue in LANGUAGES]
        assert values[0] == values[1]


# It asks for nothing and runs nothing of the data


def test_no_element_loads_or_leads_anywhere(zh):
    asking = {"src", "href", "action", "srcset", "data", "poster", "formaction", "background", "ping"}
    assert not [tag for tag, _ in zh.elements if tag in ("link", "iframe", "object", "embed", "a", "img", "base")]
    assert not [attrs for _, attrs in zh.elements if asking & attrs.keys()]
    assert not [attrs for _, attrs in zh.elements for name in attrs if name.startswith("on")]


def test_nothing_of_bootstrap_or_a_cdn_is_in_it(found):
    page = picture(found, "zh", "t")
    for word in ("bootstrap@", "cdnjs", "jsdelivr", "unpkg", "sourceMappingURL", "tom-select", "@import", "url("):
        assert word not in page


def test_no_iri_and_no_path_of_this_machine_is_in_it(found, tmp_path):
    page = picture(found, "zh", "t")
    assert "w3id.org" not in page
    assert str(Path(__file__).parent.parent) not in page


def test_the_policy_lets_only_the_two_scripts_run(zh):
    (policy,) = [attrs["content"] for _, attrs in zh.elements if "http-equiv" in attrs]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].count("'sha256-") == 2
    assert "unsafe" not in rules["script-src"]
    assert "http" not in policy
    assert len(zh.of("script")) == 3  # the first is data and does not run


def test_the_policy_does_not_depend_on_the_data(zh):
    other = Page(picture(around(*EVIL), "zh", "t"))
    policies = [[a["content"] for _, a in page.elements if "http-equiv" in a] for page in (zh, other)]
    assert policies[0] == policies[1]


@given(st.text(min_size=1))
@example(EVIL[0])
@example(EVIL[1])
@example(EVIL[2])
@example("\u2028\u2029\x00\r\n&amp;&#60;]]>")
@settings(max_examples=60, deadline=None)
def test_any_label_survives_as_text(label):
    plain, odd = Page(picture(around("一"), "zh", "一", "一")), Page(picture(around(label), "zh", label, label))
    assert [tag for tag, _ in odd.elements] == [tag for tag, _ in plain.elements] or clean(label) == ""
    boxes = [node for node in odd.drawn["nodes"] if node["shape"] == "box"]
    assert boxes[0]["title"].split("\n")[0] == clean(label)
    assert odd.of("h1") == [clean(label)]
    assert any(clean(label) in cell for cell in odd.of("td"))


def test_the_script_of_pyvis_ends_where_we_end_it(zh):
    assert zh.of("script")[1].startswith("/**\n * vis-network")
    assert "new vis.Network" in zh.of("script")[2]


def test_the_guard_refuses_a_page_that_asks():
    from xml.etree.ElementTree import Element, SubElement

    from zhiji_kg.viewer import _check_asks_for_nothing

    for tag, attributes in (("link", {}), ("img", {"src": "x"}), ("p", {"onclick": "x"}), ("a", {"href": "x"})):
        root = Element("html")
        SubElement(root, tag, attributes)
        with pytest.raises(ValueError, match=tag):
            _check_asks_for_nothing(root)


# The file


def test_the_same_graph_gives_the_same_bytes(found, tmp_path):
    for name in ("1", "2"):
        write_picture(found, tmp_path / f"{name}.html", "zh", "数控技术", NOTICE)
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_another_process_gives_the_same_bytes(example_kg, analysed, tmp_path):
    """Hash seeds differ from process to process; the page does not."""
    programme, _ = analysed
    code = (
        "import sys; from pathlib import Path\n"
        "from zhiji_kg.network import neighbourhood; from zhiji_kg.store import open_store\n"
        "from zhiji_kg.viewer import write_picture\n"
        "near = neighbourhood(open_store(Path(sys.argv[1])), sys.argv[2])\n"
        "write_picture(near, Path(sys.argv[3]), 'zh', 't')\n"
    )
    pages = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.html"
        command = [sys.executable, "-c", code, str(example_kg), programme.thing.iri, str(path)]
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent.parent)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        pages.append(path.read_bytes())
    assert pages[0] == pages[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.html", "2.html"]  # pyvis left nothing


def test_it_is_one_file_of_modest_size(found, tmp_path):
    write_picture(found, tmp_path / "页.html", "zh", "数控技术")
    assert [path.name for path in tmp_path.iterdir()] == ["页.html"]
    assert (tmp_path / "页.html").stat().st_size < 800_000


def test_a_file_that_cannot_be_written_is_said_with_its_path(tmp_path):
    with pytest.raises(CannotRunError) as caught:
        write_picture(around("一"), tmp_path / "none" / "a.html", "zh", "t")
    (problem,) = caught.value.problems
    assert problem.code == "cannot-write"
    assert str(problem.where) == str(tmp_path / "none" / "a.html")


def test_a_failed_write_leaves_the_old_file(tmp_path):
    (tmp_path / "a.html").mkdir()
    with pytest.raises(CannotRunError):
        write_picture(around("一"), tmp_path / "a.html", "zh", "t")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


# In a browser


class Visit:
    """A page opened from a file in Chromium without a network, with all it did."""

    def __init__(self, context, path):
        self.requests, self.messages = [], []
        self.page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("dialog", lambda dialog: self.messages.append(dialog.message))
        self.page.goto(path.as_uri())
        self.outside = [url for url in self.requests if url != path.as_uri()]

    def colours(self):
        """How many different colours the canvas shows."""
        return self.page.evaluate(
            """() => { const c = document.querySelector('canvas');
            const p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
            const seen = new Set();
            for (let i = 0; i < p.length; i += 4) if (p[i + 3]) seen.add(p[i] << 16 | p[i + 1] << 8 | p[i + 2]);
            return seen.size; }"""
        )


@pytest.fixture
def context(chromium):
    opened = chromium.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def written(found, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "数控技术.html"
    write_picture(found, path, "zh", "数控技术", NOTICE)
    return path


@pytest.mark.browser
@browser_test
def test_it_opens_from_a_file_without_a_network(context, written):
    visit = Visit(context, written)
    visit.page.wait_for_timeout(300)
    assert visit.outside == []
    assert visit.messages == []
    assert visit.colours() > 20
    assert visit.page.get_by_text(NOTICE).is_visible()
    assert not visit.page.get_by_text("浏览器没有运行脚本").is_visible()


@pytest.mark.browser
@browser_test
def test_no_word_of_the_data_runs(context, tmp_path):
    path = tmp_path / "evil.html"
    write_picture(around(*EVIL), path, "zh", EVIL[1], EVIL[0])
    visit = Visit(context, path)
    visit.page.locator("summary").first.click()
    box = visit.page.locator("#picture").bounding_box()
    for step in range(40):  # rest on the boxes, so that tooltips open
        visit.page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * step / 40)
        visit.page.wait_for_timeout(20)
    visit.page.wait_for_timeout(400)
    assert visit.page.evaluate("window.broken") is None
    assert visit.page.locator("img, svg, iframe, a").count() == 0
    assert visit.page.locator("script").count() == 3
    assert (visit.outside, visit.messages) == ([], [])
    assert visit.page.title() == EVIL[1]


@pytest.mark.browser
@browser_test
def test_labels_are_harmless_even_without_the_policy(context, tmp_path):
    """The words are escaped, so the policy is a second wall and not the only one."""
    path = tmp_path / "bare.html"
    page = picture(around(*EVIL), "zh", EVIL[1], EVIL[0])
    path.write_text(page.replace("Content-Security-Policy", "X-None"), encoding="utf-8")
    visit = Visit(context, path)
    visit.page.mouse.move(200, 400)
    visit.page.wait_for_timeout(500)
    assert visit.page.evaluate("window.broken") is None
    assert visit.colours() > 5


@pytest.mark.browser
@browser_test
def test_a_click_dims_what_is_not_linked_and_a_click_beside_brings_it_back(context, written):
    visit = Visit(context, written)
    whole = visit.page.locator("#picture").bounding_box()
    drawn = visit.page.evaluate("JSON.parse(document.getElementById('drawn').textContent)")
    scale = whole["width"] / drawn["width"]
    course = next(n for n in drawn["nodes"] if n.get("title", "").startswith("数控车削编程与加工"))
    at = {
        "x": (course["x"] - drawn["x"] + drawn["width"] / 2) * scale,
        "y": (course["y"] - drawn["y"] + drawn["height"] / 2) * scale,
    }
    before = visit.page.locator("canvas").screenshot()
    visit.page.locator("#picture").click(position=at)
    visit.page.wait_for_timeout(500)
    assert "代码 ZH002" in visit.page.locator(".vis-tooltip").inner_text()
    during = visit.page.locator("canvas").screenshot()
    assert during != before
    visit.page.locator("#picture").click(position={"x": 5, "y": 5})
    visit.page.mouse.move(2, 2)
    visit.page.wait_for_timeout(500)
    assert visit.page.locator("canvas").screenshot() != during
    assert visit.messages == []


@pytest.mark.browser
@browser_test
def test_the_picture_can_be_made_larger_by_keyboard(context, written):
    visit = Visit(context, written)
    picture_box = visit.page.locator("#picture")
    before = picture_box.bounding_box()["width"]
    visit.page.locator("#larger").focus()
    visit.page.keyboard.press("Enter")
    assert picture_box.bounding_box()["width"] == pytest.approx(before * 1.25, rel=0.01)
    visit.page.locator("#fitting").press("Enter")
    assert picture_box.bounding_box()["width"] == pytest.approx(before, rel=0.01)


@pytest.mark.browser
@browser_test
def test_without_scripts_the_tables_say_it(chromium, written):
    quiet = chromium.new_context(java_script_enabled=False, offline=True)
    visit = Visit(quiet, written)
    assert visit.page.get_by_text("浏览器没有运行脚本").is_visible()
    assert not visit.page.locator("#picture").is_visible()
    visit.page.locator("summary").first.click()
    assert visit.page.get_by_text("思想道德与法治 (GG001)").is_visible()
    quiet.close()


@pytest.mark.browser
@browser_test
def test_a_narrow_window_scrolls_the_frame_and_not_the_page(chromium, written):
    phone = chromium.new_context(viewport={"width": 360, "height": 640}, offline=True)
    visit = Visit(phone, written)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.page.evaluate("(f => f.scrollWidth > f.clientWidth)(document.getElementById('frame'))")
    phone.close()


@pytest.mark.browser
@browser_test
def test_it_prints_with_all_tables_open(context, written, tmp_path):
    visit = Visit(context, written)
    visit.page.pdf(path=tmp_path / "p.pdf", prefer_css_page_size=True)
    assert visit.page.locator("details[open]").count() == 3
    assert (tmp_path / "p.pdf").stat().st_size > 50_000
