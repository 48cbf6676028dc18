"""The one-file HTML report: its figures, its words, its safety, and how it looks to a browser."""

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from zhiji_kg import queries
from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.errors import CannotRunError
from zhiji_kg.findings import STATES, Evidence, Tally, Thing
from zhiji_kg.report.html import SYMBOLS, render_fragment, render_html, write_html
from zhiji_kg.report.page import arrange, stretches
from zhiji_kg.report.summary import (
    as_shown,
    figure,
    headline,
    notice,
    reason,
    share,
    state_name,
    target_name,
    weightiest,
)
from zhiji_kg.resources import WEB
from zhiji_kg.texts import LANGUAGES, Text, say

VOID = {"meta", "link", "img", "br", "hr", "input", "rect", "circle", "path", "col", "line", "polygon"}
LOADING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "ping", "xlink:href"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> =1+1"


class Page(HTMLParser):
    """What a test asks of a page: its elements with their text, in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self._open = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "attrs": dict(attrs), "text": "", "parents": [e["tag"] for e in self._open]}
        element["inside"] = list(self._open)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1]["tag"] == tag, f"</{tag}> closes <{self._open[-1]['tag']}>"
        self._open.pop()

    def handle_data(self, data):
        for element in self._open:
            element["text"] += data

    def all(self, tag, **attrs):
        wanted = {key.replace("_", "-").strip("-"): value for key, value in attrs.items()}
        return [e for e in self.elements if e["tag"] == tag and all(e["attrs"].get(k) == v for k, v in wanted.items())]

    def cells(self, row):
        return [plain(e["text"]) for e in self.elements if e["tag"] in ("th", "td") and row in e["inside"]]

    def text(self):
        return plain(next(e["text"] for e in self.elements if e["tag"] == "body"))


def plain(text):
    return " ".join(text.split())


def fraction(part, tally):
    return share(part, tally) if tally.denominator else "–"


@pytest.fixture(scope="module")
def analysis(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def source(analysis, language):
    return render_html(analysis, language)


@pytest.fixture(scope="module")
def page(source):
    return Page(source)


def parts_of(analysis):
    arranged = arrange(analysis)
    return {part.anchor: part for part in arranged.targets + arranged.stages}


# Figures


def test_the_totals_are_those_of_the_analysis(page, analysis, language):
    rows = [row for row in page.all("tr") if "data-reading" in row["attrs"]]
    parts, seen = parts_of(analysis), set()
    for row in rows:
        anchor, table, reading = (row["attrs"][f"data-{name}"] for name in ("target", "table", "reading"))
        seen.add((anchor, table, reading))
        totals = parts[anchor].coverage.totals
        tally = (totals.all if reading == "all" else totals.reviewed)[table]
        cells = page.cells(row)
        assert cells[0] == say(f"report.table.{table}")(language)
        assert re.findall(r"[\d.]+", cells[1])[0] == figure(tally.denominator)
        assert cells[2:6] == [figure(as_shown(tally).of(state)) for state in STATES]
        assert cells[6:8] == [fraction("known_gap", tally), fraction("upper_bound", tally)]
        if reading == "all":
            reviewed = totals.reviewed[table]
            assert cells[8] == fraction("covered", reviewed)
    wanted = {(anchor, table, "all") for anchor, part in parts.items() for table in part.coverage.totals.all}
    wanted |= {
        (anchor, table, "reviewed")
        for anchor, part in parts.items()
        if part.coverage.target.basis != "stage"
        for table in part.coverage.totals.reviewed
    }
    assert seen == wanted


def test_the_four_states_add_up_in_every_row_that_is_shown(page):
    rows = [r for r in page.all("tr") if "data-reading" in r["attrs"] or "data-kind" in r["attrs"]]
    counted = 0
    for row in rows:
        if row["attrs"].get("data-kind") in ("item", "stage", "flow", "hours", "indicator"):
            continue
        required, *states = [float(re.findall(r"[\d.]+", cell)[0]) for cell in page.cells(row)[1:6]]
        assert sum(states) == pytest.approx(required, abs=1e-9)
        counted += 1
    assert counted > 100


def test_the_matrix_has_every_function_and_work_content(page, analysis, language):
    shown = [(r["attrs"]["data-kind"], page.cells(r)) for r in page.all("tr") if "data-kind" in r["attrs"]]
    lines = [cells for kind, cells in shown if kind in ("function", "work")]
    expected = []
    for part in parts_of(analysis).values():
        for line in part.lines:
            items = line.group.totals.all["items"]
            figures = [figure(items.denominator), *(figure(items.of(state)) for state in STATES)]
            gap = fraction("known_gap", items)
            expected.append([line.group.thing.name(language), *figures, gap])
    assert [cells[:7] for cells in lines] == expected
    weighted = [part for part in parts_of(analysis).values() if part.lines]
    assert sum(kind == "total" for kind, _ in shown) == len(weighted)
    assert sum(kind == "total-reviewed" for kind, _ in shown) == len(weighted)


def test_a_weight_without_items_is_said(page, language):
    said = say("report.table.stated_short")(language, denominator=95, stated=100)
    assert said in page.text()


def test_a_source_without_weights_is_called_unweighted(page, language):
    assert say("report.table.unweighted")(language) in page.text()


def test_no_percentage_without_numerator_and_denominator(page, analysis, language):
    text = page.text()
    for finding in analysis.findings:
        said = plain(reason(finding, language))
        if finding.whole is not None and "%" in said:  # a share against a limit: it names part and whole in its own way
            assert figure(finding.part) in said
            assert figure(finding.whole) in said
            text = text.replace(said, "")
    assert text.count("%") == len(re.findall(r"[\d.]+/[\d.]+ \([\d.]+ %\)", text)) > 100


def test_bars_show_the_states_in_their_proportion():
    tally = Tally(Fraction(1), Fraction(2), Fraction(0), Fraction(5))
    assert [(s.state, s.start, s.length) for s in stretches(tally)] == [
        ("covered", 0, 12.5),
        ("partial", 12.5, 25),
        ("not-examined", 37.5, 62.5),
    ]


def test_every_bar_says_its_figures_in_words(page, analysis, language):
    labels = [svg["attrs"]["aria-label"] for svg in page.all("svg", role="img", class_="bar")]
    parts = parts_of(analysis).values()
    assert len(labels) == sum(len(part.bars) for part in parts)
    for part in parts:
        for table, tally, _ in part.bars:
            own = [w for w in labels if part.name(language) in w and say(f"report.table.{table}")(language) in w]
            assert any(
                all(f"{state_name(s)(language)} {figure(as_shown(tally).of(s))}" in w for s in STATES) for w in own
            )


# The answer, the findings, the evidence


def test_it_opens_with_the_answer(page, analysis, language):
    arranged = arrange(analysis)
    of_all = [name for name, groups in (("policy", arranged.policy), ("group", arranged.group)) if groups]
    main = plain(next(e["text"] for e in page.all("main")))
    answer = say("report.page.answer")(language)
    assert main.startswith(f"{answer} {headline(analysis)(language)}")
    sections = [s["attrs"]["id"] for s in page.all("section") if "id" in s["attrs"]]
    assert sections == ["answer", "matrix", "stages", "shape", "findings", "data", "plan", *of_all, "method"]


def test_the_five_gaps_that_weigh_most(page, analysis, language):
    listed = next(e for e in page.all("ol") if e["attrs"].get("class") == "weightiest")
    items = [e for e in page.all("li") if e["inside"][-1] is listed]
    gaps = weightiest(analysis)
    assert len(items) == len(gaps) == 5
    for item, gap in zip(items, gaps, strict=True):
        text = plain(item["text"])
        assert gap.cell.requirement.thing.name(language) in text
        assert target_name(gap.coverage.target)(language) in text
        tally = gap.coverage.totals.all[gap.cell.requirement.table]
        assert figure(gap.cell.weight) in text
        assert figure(tally.denominator) in text
        assert gap.findings
        for finding in gap.findings:
            assert plain(reason(finding, language)) in text
            assert finding.suggestion(language) in text
            assert all(evidence.locator in text for evidence in finding.evidence)


def test_weights_are_told_as_a_part_of_a_whole(analysis):
    assert "7.5 of 95 skills" in Page(render_html(analysis, "en")).text()
    assert "技能权重 7.5/95" in Page(render_html(analysis, "zh")).text()


def test_every_finding_stands_there_once(page, analysis):
    shown = Counter(row["attrs"]["data-code"] for row in page.all("tr") if "data-code" in row["attrs"])
    assert shown == Counter(finding.code for finding in analysis.findings)
    assert {"ZJ-C01", "ZJ-C02", "ZJ-C03", "ZJ-C05", "ZJ-C07", "ZJ-C11"} <= set(shown)


def test_every_finding_has_its_reason_and_its_evidence(page, analysis, language):
    rows = Counter(" ".join(page.cells(r)) for r in page.all("tr") if "data-code" in r["attrs"])
    for finding in analysis.findings:
        fitting = [
            row
            for row in rows
            if finding.subject.name(language) in row
            and plain(reason(finding, language)) in row
            and all(f"{e.source} · {e.locator}" in row for e in finding.evidence)
        ]
        assert fitting, finding


def test_an_evidence_line_reads_document_cell_grade(analysis):
    text = Page(render_html(analysis, "zh")).text()
    assert re.search(r"example-hv-cnc-460103 · 覆盖!A\d+ · 示例", text)


def test_a_reviewer_is_named(analysis):
    first, *others = analysis.findings
    evidence = replace(first.evidence[0], reviewer="李审核")
    reviewed = replace(analysis, findings=(replace(first, evidence=(evidence,)), *others))
    assert say("report.page.reviewed_by")("zh", name="李审核") in Page(render_html(reviewed, "zh")).text()


def test_depths_are_told_in_words(analysis):
    assert "深度 1（了解），要求 2（理解）" in Page(render_html(analysis, "zh")).text()


def test_stages_stand_in_a_part_of_their_own(page, analysis, language):
    stages = next(s for s in page.all("section", id="stages"))
    answer = next(s for s in page.all("section", id="answer"))
    assert say("report.page.stages_intro")(language) in plain(stages["text"])
    for coverage in analysis.coverages:
        name = target_name(coverage.target)(language)
        assert (name in answer["text"]) is (coverage.target.basis != "stage")
        assert (name in stages["text"]) is (coverage.target.basis == "stage")


def test_the_documents_are_labelled_with_their_grade(page, analysis, language):
    rows = {r["attrs"]["data-document"]: page.cells(r) for r in page.all("tr") if "data-document" in r["attrs"]}
    for document in analysis.documents:
        title, grade, origin, licence = rows[document.identifier]
        assert document.title in title
        assert grade == say(f"report.grade.{document.grade}")(language)
        assert (origin, licence) == (plain(document.source), document.licence)


# Where the numbers come from


def test_every_footnote_is_a_question_that_answers(page, analysis, example_store):
    notes = [plain(code["text"]) for code in page.all("code")]
    assert notes
    for command in notes:
        _, _, name, *rest = command.split()
        given = dict(word.split("=", 1) for word in rest if word != "--param")
        query = queries.find_query(name)
        answer = queries.ask_query(example_store, query, queries.bind(example_store, query, given))
        assert answer.rows, command


def test_every_mark_leads_to_its_footnote(page):
    ids = [e["attrs"]["id"] for e in page.elements if "id" in e["attrs"]]
    assert len(ids) == len(set(ids))
    links = [a["attrs"]["href"] for a in page.all("a")]
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    assert sum(link.startswith("#Q") for link in links) > 20


def test_the_whole_hash_and_the_version_are_told(page, analysis):
    assert analysis.graph.sha256 in page.text()
    assert analysis.graph.version in page.text()


def test_every_table_names_its_query(page):
    for table in page.all("table"):
        marks = [e for e in page.elements if e["tag"] == "a" and table in e["inside"]]
        nearby = "documents" in table["attrs"]["class"] or "findings" in table["attrs"]["class"]
        assert marks or nearby
    headings = [h for h in page.all("h4") if h["attrs"].get("id", "")[:2] in ("f-", "d-", "p-")]
    assert headings
    assert all(re.search(r"\[Q\d+\]", h["text"]) for h in headings)


def test_the_words_are_explained(page, language):
    text = page.text()
    for state in STATES:
        assert say(f"report.means.{state}")(language) in text
    for reading in ("known_gap", "upper_bound", "reviewed"):
        assert say(f"report.means.{reading}")(language) in text
    for depth in (1, 2, 3, 4):
        assert say(f"report.depth.{depth}")(language) in text


# Honesty


def test_an_example_says_so_at_the_top_and_on_every_printed_page(analysis, source, page, language):
    shown = next(p for p in page.all("p", role="note"))
    assert "header" in shown["parents"]
    assert notice(analysis)(language) in plain(shown["text"])
    assert f'@bottom-left {{ content: "{say("report.page.print_example")(language)}"' in source


def test_real_data_does_not_wear_the_label(direct_analysis, language):
    assert not Page(render_html(direct_analysis, language)).all("p", role="note")


def test_labels_without_a_translation_are_marked(analysis):
    page = Page(render_html(analysis, "en"))
    marked = {plain(e["text"]) for e in page.elements if e["attrs"].get("lang") == "zh"}
    functions = {g.thing.label.zh for c in analysis.coverages for g in c.functions if not g.thing.label.en}
    assert functions
    assert functions <= marked


# Safety


def test_it_asks_for_nothing_outside_itself(source, page):
    tags = {e["tag"] for e in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "audio", "video", "use"}
    for element in page.elements:
        assert not LOADING & set(element["attrs"])
        assert not any(name.startswith("on") for name in element["attrs"])
        assert not any("http" in (value or "") for value in element["attrs"].values())
    style = next(e for e in page.all("style"))["text"]
    assert "@import" not in style
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", style))
    policy = next(m for m in page.all("meta") if m["attrs"].get("http-equiv") == "Content-Security-Policy")
    assert policy["attrs"]["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def hostile(analysis):
    """The same analysis with an attack in every place that a workbook can write to."""
    bad = Text(HOSTILE, HOSTILE)
    evidence = Evidence(HOSTILE, HOSTILE, HOSTILE, "direct", HOSTILE, HOSTILE)
    thing = Thing("https://example.org/x", HOSTILE, bad)
    findings = tuple(
        replace(f, subject=thing, object=thing, evidence=(evidence,), suggestion=bad) for f in analysis.findings
    )
    coverages = tuple(_hostile_coverage(c, thing, evidence) for c in analysis.coverages)
    programme = replace(
        analysis.programme, thing=replace(analysis.programme.thing, label=bad, code=HOSTILE), school=HOSTILE
    )
    documents = tuple(replace(d, title=HOSTILE, source=HOSTILE, licence=HOSTILE) for d in analysis.documents)
    return replace(analysis, programme=programme, findings=findings, coverages=coverages, documents=documents)


def _hostile_coverage(coverage, thing, evidence):
    cells = tuple(
        replace(cell, requirement=replace(cell.requirement, thing=thing, function=thing, evidence=evidence),
                offers=tuple(replace(o, course=thing, coverage=evidence) for o in cell.offers))
        for cell in coverage.cells
    )  # fmt: skip
    functions = tuple(replace(group, thing=thing) for group in coverage.functions)
    return replace(coverage, cells=cells, functions=functions, target=replace(coverage.target, due_for=thing))


def test_hostile_labels_are_only_text(analysis, language):
    source = render_html(hostile(analysis), language)
    assert "<script" not in source
    assert "<img" not in source
    page = Page(source)
    assert not any(name.startswith("on") for e in page.elements for name in e["attrs"])
    assert "<script>alert(1)</script>" in page.text()


def test_hostile_labels_are_only_text_where_they_are_links(analysis, language):
    source = render_fragment(hostile(analysis), language)
    assert "<script" not in source
    assert "<img" not in source
    page = Page(source)
    assert not any(name.startswith("on") for e in page.elements for name in e["attrs"])
    assert {link["attrs"]["href"][0] for link in page.all("a")} == {"#", "/"}


def test_braces_in_a_label_are_only_text(analysis, language):
    label = Text("{{ 7*7 }} {x}", "{{ 7*7 }} {x}")
    programme = replace(analysis.programme, thing=replace(analysis.programme.thing, label=label))
    assert "{{ 7*7 }} {x}" in Page(render_html(replace(analysis, programme=programme), language)).text()


# The file


def test_the_same_analysis_gives_the_same_bytes(analysis, tmp_path, language, source):
    write_html(analysis, tmp_path / "报 告.html", language)
    assert (tmp_path / "报 告.html").read_bytes() == source.encode()
    assert [file.name for file in tmp_path.iterdir()] == ["报 告.html"]


def test_another_process_with_other_hashes_gives_the_same_bytes(analysis, example_kg):
    program = (
        "import sys, pathlib; from zhiji_kg.store import open_store; from zhiji_kg.analysis import *;"
        "from zhiji_kg.report.html import render_html;"
        f"store = open_store(pathlib.Path({str(example_kg)!r}));"
        "sys.stdout.buffer.write(render_html(analyse(store, find_programme(store, '460103')), 'zh').encode())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=True)
    assert ran.stdout.decode() == render_html(analysis, "zh")


def test_no_date_of_today(source):
    assert not re.search(r"20\d\d-\d\d-\d\d", source)


def test_what_cannot_be_written_is_said(analysis, tmp_path):
    with pytest.raises(CannotRunError, match="cannot be written"):
        write_html(analysis, tmp_path / "nowhere" / "report.html", "zh")
    taken = tmp_path / "folder.html"
    taken.mkdir()
    with pytest.raises(CannotRunError):
        write_html(analysis, taken, "zh")
    assert [file.name for file in tmp_path.iterdir()] == ["folder.html"]


@pytest.mark.parametrize("asked", ["CNC-TURNER-2005@2", "CNC-TURNER-2005@4", "6-18-01-01"])
def test_one_source_alone(example_store, language, asked):
    analysis = analyse(example_store, find_programme(example_store, "460103"), source=asked)
    page = Page(render_html(analysis, language))
    assert headline(analysis)(language) in page.text()
    assert len([r for r in page.all("tr") if "data-code" in r["attrs"]]) == len(analysis.findings)


def test_the_other_programme(example_store, language):
    analysis = analyse(example_store, find_programme(example_store, "TE-CNC"))
    page = Page(render_html(analysis, language))
    assert len([r for r in page.all("tr") if "data-code" in r["attrs"]]) == len(analysis.findings)


def test_a_programme_that_aims_at_nothing(analysis, language):
    page = Page(render_html(replace(analysis, coverages=(), findings=()), language))
    said = say("report.headline.nothing")(language, programme=analysis.programme.thing.name(language))
    assert said in page.text()


# Structure


def test_headings_and_landmarks(page):
    levels = [int(e["tag"][1]) for e in page.elements if re.fullmatch("h[1-6]", e["tag"])]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(len(page.all(tag)) == 1 for tag in ("header", "nav", "main", "footer"))


def test_tables_are_captioned_and_scoped(page):
    for table in page.all("table"):
        assert [e for e in page.elements if e["tag"] == "caption" and table in e["inside"]]
    assert all("scope" in th["attrs"] for th in page.all("th"))
    for row in page.all("tr"):
        if "data-code" in row["attrs"] or "data-reading" in row["attrs"]:
            first = next(e for e in page.elements if e["tag"] in ("th", "td") and row in e["inside"])
            assert (first["tag"], first["attrs"]["scope"]) == ("th", "row")


def test_a_state_is_a_sign_and_a_word(page, language):
    badges = [e for e in page.all("span") if e["attrs"].get("class", "").startswith("state s-")]
    assert badges
    for badge in badges:
        state = badge["attrs"]["class"].removeprefix("state s-")
        assert plain(badge["text"]) == f"{SYMBOLS[state]} {state_name(state)(language)}"
    assert len(set(SYMBOLS.values())) == len(STATES)


def luminance(colour):
    def linear(value):
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_contrasts_with_its_ground():
    css = (WEB / "templates" / "report.css").read_text(encoding="utf-8")
    inks = [
        re.search(rf"--{name}: (#\w{{6}})", css)[1]
        for name in ("ink", "soft", "faint", "accent", "amber", "red", "grey")
    ]
    for ink in inks:
        for ground in ("#ffffff", "#f5f7f8", "#fff8e6"):
            light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


# In a browser, from a file, with the network off


@pytest.fixture
def opened(chromium, source, tmp_path):
    path = tmp_path / "报 告.html"
    path.write_text(source, encoding="utf-8")
    context = chromium.new_context(offline=True, java_script_enabled=True)
    tab, asked, complaints = context.new_page(), [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(path.as_uri())
    yield tab, asked, complaints
    context.close()


@pytest.mark.browser
def test_it_opens_from_a_stick_without_a_request(opened):
    _, asked, complaints = opened
    assert len(asked) == 1
    assert asked[0].startswith("file://")
    assert complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_is_wider_than_the_screen(opened, width):
    tab, _, _ = opened
    tab.set_viewport_size({"width": width, "height": 900})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    beyond = (
        # a picture scrolls in a frame of its own
        "[...document.querySelectorAll('body *')].filter(e => !e.closest('.chart svg'))"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert tab.evaluate(beyond) == 0


@pytest.mark.browser
def test_a_narrow_table_still_names_its_figures(opened):
    tab, _, _ = opened
    tab.set_viewport_size({"width": 360, "height": 900})
    label = "getComputedStyle(document.querySelector('.totals td'), '::before').content"
    assert tab.evaluate(label).strip('"') == tab.evaluate("document.querySelector('.totals td').dataset.label")


@pytest.mark.browser
def test_it_prints_on_a4(opened, tmp_path):
    tab, _, _ = opened
    printed = tab.pdf(path=str(tmp_path / "r.pdf"), prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 1
    boxes = {tuple(round(float(n)) for n in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", printed)}
    assert len(boxes) == 1
    width, height = boxes.pop()[2:]
    assert (width, height) == (pytest.approx(595, abs=1), pytest.approx(842, abs=1))
