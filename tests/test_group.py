"""Many programmes side by side: places, what is shared, who could lend, and the report in five formats."""

import io
import json
import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from composed import text_of, world
from hypothesis import given
from hypothesis import strategies as st
from in_rdflib import prepared
from rdflib import URIRef

from zhiji_kg.analysis import Programme, find_programme
from zhiji_kg.analysis.counting import counted_coverages, each_once
from zhiji_kg.analysis.group import (
    Standing,
    counted_totals,
    group_analysis,
    ranked,
)
from zhiji_kg.analysis.means import means_of
from zhiji_kg.cli import run
from zhiji_kg.errors import UnreadableError
from zhiji_kg.findings import Tally, Thing, Totals
from zhiji_kg.knowledge import KnowledgeGraph
from zhiji_kg.queries import ask_query, catalogue
from zhiji_kg.rdf import Iri
from zhiji_kg.report.group import GROUP_FORMAT, group_headline, group_json, group_notice, group_plain
from zhiji_kg.report.group_files import group_content, write_group_report
from zhiji_kg.report.group_html import group_html, kind_of, paper_html
from zhiji_kg.report.group_paper import group_paper, means_words
from zhiji_kg.report.group_xlsx import group_book, group_views
from zhiji_kg.report.summary import headline
from zhiji_kg.report.verify import verify_report
from zhiji_kg.texts import LANGUAGES, Text, say
from zhiji_kg.writers.blocks import Heading, Listing, Paper, Paragraph, Table, group_row, row

SHEETS = {
    "专业": """专业代码,版本年,专业名称,英文名,学校,轨道,学制,学期数
A,2026,甲方案,Plan A,甲校,高职,三年,6
B,2026,乙方案,Plan B,乙校,技工,三年,6
C,2026,丙方案,Plan C,丙校,高职,三年,6
D,2026,丁方案,Plan D,丁校,高职,三年,6
""",
    "课程": """专业代码,课程代码,课程名称,模块,核心,总学时,学期
A,A1,甲课,专业,否,60,3
B,B1,乙课,专业,否,60,4
C,C1,丙课,专业,否,60,1
D,D1,丁课,专业,否,60,6
""",
    "要素点": """要素点代码,类型,名称,上级要素点,需要设备
P1,技能点,点一,,
P2,技能点,点二,,
P3,技能点,点三,,
P4,技能点,点四,,
P5,技能点,点五,,数控车床
P6,技能点,点六,,
""",
    "职业标准": """标准代码,要求代码,职业编码,大典版次,标准年,等级,职业功能,工作内容,类型,要求,要素点代码
STD,R1,6-18-01-01,2022,2018,四级,加工,车削,技能要求,会点一,P1
STD,R2,6-18-01-01,2022,2018,四级,加工,车削,技能要求,会点二,P2
STD,R3,6-18-01-01,2022,2018,四级,加工,车削,技能要求,会点三,P3
STD,R4,6-18-01-01,2022,2018,四级,加工,车削,技能要求,会点四,P4
STD,R5,6-18-01-01,2022,2018,四级,加工,车削,技能要求,会点五,P5
STD,R6,6-18-01-01,2022,2018,四级,加工,车削,技能要求,会点六,P6
""",
    "权重": """标准代码,等级,表,职业功能,权重
STD,四级,技能,加工,90
""",
    "证书": """专业代码,证书代码,证书名称,标准代码,等级,到期学期
A,K,四级证,STD,四级,2
B,K,四级证,STD,四级,4
C,K,四级证,STD,四级,4
""",
    "覆盖": """专业代码,课程代码,要素点代码,状态,深度,学时,完成学期
A,A1,P1,覆盖,掌握,10,1
A,,P2,无匹配,,,
A,A1,P3,覆盖,了解,4,2
A,A1,P4,覆盖,掌握,8,3
A,,P5,无匹配,,,
B,B1,P1,覆盖,掌握,10,4
B,,P2,无匹配,,,
B,B1,P3,覆盖,熟练,12,4
B,B1,P4,覆盖,掌握,9,4
B,,P5,无匹配,,,
C,C1,P2,覆盖,掌握,,1
C,C1,P4,覆盖,掌握,7,1
C,C1,P5,覆盖,了解,3,1
C,,P6,无匹配,,,
D,D1,P3,覆盖,掌握,11,6
""",
    "组织": """组织代码,名称,类型,设备
O1,丙校中心,学校,
O2,某企业,企业,数控车床
""",
    "资源": """资源代码,类型,名称,课程代码,共建单位,共享单位
S1,教材,活页教材,C1,O1,O2
""",
    "共享承诺": """中心,类别,内容,责任单位
教学管理中心,共,共用实训场地,
""",
}
# By hand, out of six requirements: covered, partial, no match, not examined; place, best and worst possible place.
PLACES = {
    "B@2026": ((3, 0, 2, 1), (1, 1, 2)),
    "C@2026": ((2, 1, 1, 2), (2, 1, 2)),
    "A@2026": ((1, 2, 2, 1), (3, 2, 3)),
    "D@2026": ((0, 0, 0, 0), (None, None, None)),
}
# By hand: the point, where it is open, of which nobody has looked, whose course would close it for whom.
GAPS = [
    ("P5", "ABC", "", []),
    ("P2", "AB", "", [("C", "C1", "AB")]),
    ("P3", "A", "C", [("B", "B1", "A"), ("D", "D1", "A")]),
    ("P4", "A", "", [("C", "C1", "A")]),  # only late in A: B teaches it later still, so only C helps
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return world(tmp_path_factory.mktemp("group"), SHEETS)


@pytest.fixture(scope="module")
def group(store):
    return group_analysis(store)


def letter(programme):
    return programme.thing.code[0]


def test_the_standings_worked_by_hand(group):
    assert [standing.programme.thing.code for standing in group.standings] == list(PLACES)
    for standing in group.standings:
        tally = standing.tally
        states = (tally.covered, tally.partial, tally.no_match, tally.not_examined)
        placed = (standing.place, standing.best, standing.worst)
        assert (states, placed) == PLACES[standing.programme.thing.code]


def test_each_standing_is_the_headline_of_the_plan(group):
    """The same cells are counted as in the plan's own report: its sentence names the same figures."""
    tallies = {standing.programme: standing.tally for standing in group.standings}
    for member in group.members:
        tally = tallies[member.programme]
        assert counted_totals(member).all["items"] == tally
        numbers = [int(number) for number in re.findall(r"\d+(?= 条)", headline(member).zh)]
        if tally.denominator:
            assert numbers[:2] == [tally.denominator, tally.covered]
        assert len(list(each_once(counted_coverages(member.coverages)))) == tally.denominator


def test_nothing_composed_counts_as_reviewed(group):
    assert {standing.totals.reviewed["items"].covered for standing in group.standings} == {0}


def test_places_against_one_source_with_the_weights(group):
    """Six skill items share the 90 percent points that the table states; D does not aim at the standard."""
    (ranking,) = group.rankings
    assert ranking.source.code == "STD@4"
    assert [(letter(s.programme), s.place) for s in ranking.standings] == [("B", 1), ("C", 2), ("A", 3)]
    known = {letter(s.programme): s.totals.all["skills"].known_gap for s in ranking.standings}
    assert known == {"A": 60, "B": 30, "C": 30}
    assert "theory" not in ranking.standings[0].totals.all


def test_the_shared_gaps_worked_by_hand(group):
    told = [
        (
            gap.point.code,
            "".join(letter(one.programme) for one in gap.open),
            "".join(letter(programme) for programme in gap.unexamined),
            [(letter(x.programme), x.offer.course.code, "".join(map(letter, x.closes))) for x in gap.lenders],
        )
        for gap in group.gaps
    ]
    assert told == GAPS
    assert [gap.is_shared for gap in group.gaps] == [True, True, False, False]
    assert {len(gap.required_by) for gap in group.gaps} == {3}


def test_every_lender_and_every_open_cell_has_its_evidence(group):
    for gap in group.gaps:
        places = [one.cell.requirement.evidence for one in gap.open]
        places += [lender.offer.coverage for lender in gap.lenders]
        places += [means.evidence for means in gap.means]
        assert all(place.source == "composed" and "!" in place.locator and place.grade for place in places)


def test_resources_and_equipment_at_hand(group, store):
    by_point = {gap.point.code: gap.means for gap in group.gaps}
    (lathe,), (book,) = by_point["P5"][:1], by_point["P2"]
    assert (lathe.thing.code, lathe.equipment, [body.code for body in lathe.bodies]) == ("O2", ("数控车床",), ["O2"])
    assert (book.thing.code, book.course.name("zh"), book.equipment) == ("S1", "丙课", ())
    assert [body.code for body in book.bodies] == ["O1", "O2"]
    assert means_words(lathe, "zh") == "O2 某企业 有 数控车床"
    assert means_words(book, "en") == "resource S1 活页教材 (built by: 丙校中心; shared with: 某企业)"
    assert by_point["P3"] == ()
    assert set(means_of(store, "https://example.org/none")) == set()


def test_findings_of_the_group_stand_once(group):
    codes = [finding.code for finding in group.findings]
    assert codes.count("ZJ-R04") == 1
    assert {finding.basis for finding in group.findings} == {"group"}
    assert not set(codes) & set(group.counts())


def test_counts_are_the_findings_of_each_plan(group):
    counts = group.counts()
    for member in group.members:
        own = [finding for finding in member.findings if finding.basis not in ("group", "stage")]
        iri = member.programme.thing.iri
        assert {code: sum(f.code == code for f in own) for code in counts} == {
            code: counts[code].get(iri, 0) for code in counts
        }
    assert len(counts["ZJ-C01"]) == 3


def test_some_programmes_are_named_each_once(store):
    some = group_analysis(store, ["B", "A@2026", "B"])
    assert [letter(member.programme) for member in some.members] == ["B", "A"]
    assert [(gap.point.code, len(gap.open), len(gap.lenders)) for gap in some.gaps] == [
        ("P2", 2, 0),
        ("P5", 2, 0),
        ("P3", 1, 1),
    ]


def test_a_programme_that_is_not_there(store):
    with pytest.raises(UnreadableError) as stopped:
        group_analysis(store, ["A", "Z"])
    assert [problem.code for problem in stopped.value.problems] == ["unknown-code"]


def test_a_graph_without_programmes(tmp_path):
    with pytest.raises(UnreadableError) as stopped:
        group_analysis(world(tmp_path, {"要素点": SHEETS["要素点"]}))
    assert [problem.code for problem in stopped.value.problems] == ["no-programme"]


# Places


def standing(code, tally):
    programme = Programme(Thing(code, code, Text(code, code)), "", Text("", ""), 6, 1)
    return Standing(programme, Totals({"items": Tally(*map(Fraction, tally))}, {"items": Tally()}))


TALLIES = st.lists(st.tuples(*[st.integers(0, 4)] * 4), min_size=1, max_size=6)


@given(TALLIES, st.randoms(use_true_random=False))
def test_the_true_place_lies_in_the_range_whatever_an_examination_brings(tallies, random):
    placed = ranked(standing(f"P{number}", tally) for number, tally in enumerate(tallies))
    truth = {}
    for one in placed:
        tally = one.tally
        if tally.denominator:
            found = random.randint(0, int(tally.not_examined))
            truth[one.programme.thing.code] = (tally.known_gap + found) / tally.denominator
    for one in placed:
        if not one.tally.denominator:
            assert (one.place, one.best, one.worst) == (None, None, None)
            continue
        true_place = 1 + sum(gap < truth[one.programme.thing.code] for gap in truth.values())
        assert one.best <= true_place <= one.worst
        assert one.best <= one.place <= one.worst


@given(TALLIES, st.randoms(use_true_random=False))
def test_equals_share_a_place_whatever_their_order(tallies, random):
    given_in = [standing(f"P{number}", tally) for number, tally in enumerate(tallies)]
    shuffled = random.sample(given_in, len(given_in))
    assert ranked(given_in) == ranked(shuffled)
    uppers = {}
    for one in ranked(given_in):
        if one.tally.denominator:
            uppers.setdefault(one.tally.upper_bound / one.tally.denominator, set()).add(one.place)
    assert all(len(places) == 1 for places in uppers.values())
    places = sorted(one.place for one in ranked(given_in) if one.place)
    assert places == [1 + sum(other < place for other in places) for place in places]


# The five formats


def test_json_says_what_was_found(group):
    plain = json.loads(group_json(group))
    assert plain == json.loads(json.dumps(group_plain(group)))
    assert plain["format"] == GROUP_FORMAT
    assert [(one["place"], one["bestPossible"], one["worstPossible"]) for one in plain["standings"]] == [
        placed for _, placed in PLACES.values()
    ]
    for one, (states, _) in zip(plain["standings"], PLACES.values(), strict=True):
        items = one["totals"]["all"]["items"]
        assert (items["covered"], items["partial"], items["noMatch"], items["notExamined"]) == states
    assert [gap["point"]["code"] for gap in plain["gaps"]] == [point for point, *_ in GAPS]
    assert [len(gap["lenders"]) for gap in plain["gaps"]] == [0, 1, 2, 1]
    weights = {(one["weight"], one["of"]) for gap in plain["gaps"] for one in gap["open"]}
    assert weights == {(15, 90)}
    assert plain["gaps"][0]["means"][0]["equipment"] == ["数控车床"]
    assert [entry["label"]["zh"] for entry in plain["programmes"]] == ["甲方案", "乙方案", "丙方案", "丁方案"]
    assert all(entry["foundIn"] == len(entry["counts"]) <= entry["programmes"] for entry in plain["findingCounts"])


def test_the_sentence_and_the_notice(group):
    said = group_headline(group)
    assert said.zh == (
        "4 个培养方案共须达到 18 条要求（各方案分别计）：6 条已覆盖，已知缺口 8 条，尚未审查 4 条。"
        "有 2 个要素点是两个以上方案共同的缺口，其中 1 个可由集团内别的方案的课程补上；"
        "另有 2 个只有一个方案缺，而别的方案有课程可用。"
    )
    assert re.findall(r"\d+", said.en) == ["4", "18", "6", "8", "4", "2", "1", "2"]
    assert "【示例】合成" in group_notice(group).zh
    assert group_notice(replace(group, example_documents=())) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_read_back(group, language):
    book = openpyxl.load_workbook(io.BytesIO(group_book(group, language)))
    keys = ("about", "standings", "sources", "gaps", "lenders", "means", "findings", "of_group", "documents")
    assert book.sheetnames == [say(f"group.sheet.{key}")(language) for key in keys]
    rows = {key: list(sheet.values) for key, sheet in zip(keys, book, strict=True)}
    for key in keys:
        assert list(rows[key][0]) == say(f"group.heading.{key}")(language).split("|")
    standings = [line for line in rows["standings"][1:] if line[8] == say("report.reading.all")(language)]
    assert [(line[3], line[10:14], line[:3]) for line in standings] == [
        (code, states, placed) for code, (states, placed) in PLACES.items()
    ]
    assert {line[0] for line in rows["sources"][1:]} == {"STD@4"}
    assert len(rows["gaps"]) == 1 + sum(len(opened) for _, opened, _, _ in GAPS)
    assert len(rows["lenders"]) == 1 + sum(len(lenders) for *_, lenders in GAPS)
    assert rows["about"][1][1] == group_headline(group)(language)
    assert len(rows["findings"]) == 1 + 4 * len(group.counts())
    assert all(cell.data_type != "f" for sheet in book for line in sheet for cell in line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_holds_every_place_gap_and_lender(group, language):
    paper = group_paper(group, language)
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    assert all(len(line.cells) == len(table.columns) for table in tables for line in table.rows)
    text = "\n".join(cell.text for table in tables for line in table.rows for cell in line.cells)
    for gap in group.gaps:
        assert gap.point.name(language) in text
        for lender in gap.lenders:
            assert lender.offer.coverage.locator in text
    first = tables[0]
    assert [line.cells[0].text for line in first.rows] == ["1", "2", "3", "–"]
    assert [line.cells[1].text for line in first.rows] == ["1–2", "1–2", "2–3", "–"]
    assert "2/6\n(33.3 %)" in first.rows[0].cells[8].text
    assert first.rows[3].cells[8].text == "0/0"
    headings = [block.text for block in paper.blocks if isinstance(block, Heading) and block.level == 1]
    assert len(headings) == 9
    assert any(say("group.said.apart")(language) in b.text for b in paper.blocks if isinstance(b, Paragraph))


def test_a_paper_of_many_plans_has_no_column_for_each(group):
    """Nine plans have no room side by side: how many each has stands in the workbook."""
    extra = [
        replace(m, programme=replace(m.programme, thing=replace(m.programme.thing, iri=f"{m.programme.thing.iri}{n}")))
        for n in range(3)
        for m in group.members
    ]
    wide = group_paper(replace(group, members=tuple(extra)), "en")
    table = next(b for b in wide.blocks if isinstance(b, Table) and b.caption == say("group.said.too_wide")("en"))
    assert len(table.columns) == 3
    assert all(line.cells[1].text.endswith("/12") for line in table.rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_asks_for_nothing_and_names_all(group, language):
    text = group_html(group, language)
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"|url\(|@import|<script", text.replace("url(#", "(#")) == []
    assert text.count("<h2 id=") == 9
    assert [plan for plan in ("A@2026", "B@2026", "C@2026", "D@2026") if plan not in text] == []
    assert text.count("<table") == text.count("</table>") > 5
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets <= set(re.findall(r'id="([^"]+)"', text))


def test_what_a_stranger_writes_is_text(group):
    """A name that is HTML, Markdown or a formula stays a name in every format."""
    evil = Text("=1+1<script>alert(1)</script>|**x**", "=1+1<script>alert(1)</script>|**x**")
    first, *others = group.standings
    named = replace(first, programme=replace(first.programme, thing=replace(first.programme.thing, label=evil)))
    hostile = replace(group, standings=(named, *others))
    assert "<script>alert" not in group_html(hostile, "zh")
    assert "&lt;script&gt;alert" in group_html(hostile, "zh")
    markdown = group_content(hostile, "md", "zh").decode("utf-8")
    assert "<script>" not in markdown
    assert r"\*\*x\*\*" in markdown
    book = openpyxl.load_workbook(io.BytesIO(group_book(hostile, "zh")))
    cells = [cell for sheet in book for line in sheet for cell in line if str(cell.value).startswith("=1+1")]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_word_opens_with_the_same_tables(group):
    docx = pytest.importorskip("docx")
    document = docx.Document(io.BytesIO(group_content(group, "docx", "zh")))
    text = "\n".join(cell.text for table in document.tables for line in table.rows for cell in line.cells)
    assert [gap.point.name("zh") for gap in group.gaps if gap.point.name("zh") not in text] == []
    assert group_headline(group).zh in "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_every_block_has_its_drawing():
    """A paper of each kind of block: lists and rows that name others are drawn too."""
    table = Table("题", (), (group_row("一组"),))
    paper = Paper("题", "zh", (Listing(("一", "二"), numbered=True), Listing(("三",)), table, Paragraph("x", "note")))
    text = paper_html(replace(paper, blocks=(*paper.blocks, Table("", (), (row(),)))))
    assert [kind_of(block) for block in paper.blocks] == ["listing", "listing", "table", "paragraph"]
    assert text.count("<li>") == 3
    assert "<ol>" in text
    assert "一组</th>" in text


def test_a_format_that_there_is_not(group, tmp_path):
    with pytest.raises(UnreadableError) as stopped:
        write_group_report(group, "pdf", tmp_path / "g.pdf", "zh")
    assert [problem.code for problem in stopped.value.problems] == ["unknown-format"]


# The command


def test_the_command_writes_all_or_those_named(two_plans_kg, tmp_path, capsys):
    everyone, some = tmp_path / "all.json", tmp_path / "some.md"
    assert run(["report", "--kg", str(two_plans_kg), "--group", "-o", str(everyone)]) == 0
    codes = [entry["code"] for entry in json.loads(everyone.read_text("utf-8"))["programmes"]]
    assert codes == ["P1@2024", "P2@2024"]
    assert run(["report", "--kg", str(two_plans_kg), "--group", "P1@2023", "P2", "-o", str(some)]) == 0
    assert "P1&#64;2023" in some.read_text("utf-8")
    assert "P1&#64;2024" not in some.read_text("utf-8")
    assert str(some) in capsys.readouterr().out


@pytest.mark.parametrize("more", [("--programme", "P1"), ("--standard", "SA@4")])
def test_a_group_lists_its_plans_itself(two_plans_kg, tmp_path, more):
    with pytest.raises(UnreadableError) as stopped:
        run(["report", "--kg", str(two_plans_kg), "--group", *more, "-o", str(tmp_path / "g.json")])
    assert "--group" in stopped.value.problems[0].line("en")


def test_one_plan_is_a_group_too(two_plans):
    """Nothing is shared with nobody, and the place is the first of one."""
    alone = group_analysis(two_plans, ["P2"])
    assert find_programme(two_plans, "P2") == alone.members[0].programme
    assert (alone.gaps, alone.rankings) == ((), ())
    assert [(one.place, one.best, one.worst) for one in alone.standings] == [(1, 1, 1)]


# Choosing among the findings of one plan


def told_codes(capsys, kg, *given):
    status = run(["gaps", "--kg", str(kg), "--programme", "P1", "--format", "json", *given])
    return status, [(finding["code"], finding["severity"]) for finding in json.loads(capsys.readouterr().out)]


def test_findings_are_chosen_by_code_and_severity(two_plans_kg, capsys):
    """What is left out is what does not fit, and --fail-on looks at what is left."""
    rank = {"note": 0, "warning": 1, "error": 2}
    _, everything = told_codes(capsys, two_plans_kg)
    for codes in (("ZJ-C01",), ("c01", "C11")):
        full = {f"ZJ-{code[-3:].upper()}" for code in codes}
        _, chosen = told_codes(capsys, two_plans_kg, *(part for code in codes for part in ("--code", code)))
        assert chosen == [finding for finding in everything if finding[0] in full]
        assert chosen
    for severity, least in rank.items():
        _, chosen = told_codes(capsys, two_plans_kg, "--severity", severity)
        assert chosen == [finding for finding in everything if rank[finding[1]] >= least]
    notes = next(code for code, severity in everything if {s for c, s in everything if c == code} == {"note"})
    assert told_codes(capsys, two_plans_kg, "--fail-on", "error")[0] == 1
    assert told_codes(capsys, two_plans_kg, "--fail-on", "error", "--code", notes)[0] == 0


def test_the_totals_stay_when_findings_are_chosen(two_plans_kg, capsys):
    said = []
    for more in ((), ("--code", "C01")):
        run(["gaps", "--kg", str(two_plans_kg), "--programme", "P1", *more])
        said.append(capsys.readouterr().out)
    assert said[0].splitlines()[:10] == said[1].splitlines()[:10]
    assert "ZJ-C11" in said[0]
    assert "ZJ-C11" not in said[1]


def test_a_code_that_there_is_not(two_plans_kg):
    with pytest.raises(UnreadableError) as stopped:
        run(["gaps", "--kg", str(two_plans_kg), "--programme", "P1", "--code", "C99"])
    (problem,) = stopped.value.problems
    assert (problem.code, problem.values["code"]) == ("unknown-code", "ZJ-C99")


# Resources in both engines, and the report computed again


def test_the_means_are_the_same_in_rdflib(store):
    query = catalogue()["point-means"]
    source = next(Iri(c.target.source.iri) for c in group_analysis(store, ["A"]).members[0].coverages)
    here = Counter(
        tuple(None if term is None else text_of(term) for term in line)
        for line in ask_query(store, query, {"source": source}).rows
    )
    bound = {"source": URIRef(source.value)}
    there = KnowledgeGraph(store).graph().query(prepared(query.text, bound), initBindings=bound)
    assert Counter(tuple(None if term is None else str(term) for term in line) for line in there) == here
    assert here.total() == 7  # S1 with two bodies for each of C1's three points, and a lathe for P5


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_a_true_report_is_verified_in_silence_and_a_changed_one_named(two_plans_kg, tmp_path, capsys, form):
    path = tmp_path / f"group.{form}"
    assert run(["report", "--kg", str(two_plans_kg), "--group", "-o", str(path)]) == 0
    capsys.readouterr()
    assert run(["report", "--verify", str(path), "--kg", str(two_plans_kg)]) == 0
    assert capsys.readouterr().out == ""
    if form == "json":
        plain = json.loads(path.read_text("utf-8"))
        plain["standings"][1]["totals"]["all"]["items"]["covered"] += 1
        path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
        where = "standings[1].totals.all.items.covered"
    else:
        book = openpyxl.load_workbook(path)
        cell = book.worksheets[1]["K3"]
        cell.value += 1
        book.save(path)
        where = f"{book.sheetnames[1]}!K3"
    assert run(["report", "--verify", str(path), "--kg", str(two_plans_kg)]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert where in line


WRONG = [
    {"programmes": []},
    {"programmes": [{"iri": 1}]},
    {"programmes": None},
    {"graph": None},
]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_what_only_looks_like_a_report_of_a_group(two_plans, two_plans_kg, tmp_path, change):
    path = tmp_path / "group.json"
    plain = group_plain(group_analysis(two_plans, ["P1"])) | change
    path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    with pytest.raises(UnreadableError) as stopped:
        verify_report(path, two_plans_kg)
    assert [problem.code for problem in stopped.value.problems] == ["not-a-report"]


def test_a_report_of_a_graph_that_has_no_version(group, two_plans_kg, tmp_path):
    """The graph in memory was never published, so nothing can be computed again."""
    path = tmp_path / "group.json"
    write_group_report(group, "json", path, "zh")
    with pytest.raises(UnreadableError) as stopped:
        verify_report(path, two_plans_kg)
    assert stopped.value.problems[0].code in ("report-without-version", "report-version-gone")


def test_the_sheets_have_one_heading_in_each_language():
    for view in group_views():
        for language in LANGUAGES:
            headings = [column.heading(language) for column in view.columns]
            assert len(headings) == len(set(headings))
