"""Two plans put together: plan, draft, crosswalk, workbook and the two commands."""

import csv
import json
from dataclasses import replace

import openpyxl
import pytest

from zhiji_kg.analysis import analyse, find_programme, load_profile
from zhiji_kg.build import build
from zhiji_kg.cli.fuse import FORMS
from zhiji_kg.errors import UnreadableError
from zhiji_kg.findings import Thing
from zhiji_kg.fusion.crosswalk import crosswalk
from zhiji_kg.fusion.draft import fuse, offers_of
from zhiji_kg.fusion.paper import draft_paper
from zhiji_kg.fusion.plan import Course, Taught, number, offered_word, read_plan
from zhiji_kg.fusion.workbook import counts, overview, sheets_of, write_draft
from zhiji_kg.resources import examples
from zhiji_kg.store import open_store
from zhiji_kg.writers.blocks import Cover, Paragraph, Table
from zhiji_kg.writers.docx import docx_bytes
from zhiji_kg.writers.markdown import markdown_text

STANDARD = "CNC-TURNER-2005"
ORDERS = (("460103", "TE-CNC"), ("TE-CNC", "460103"))


@pytest.fixture(scope="module", params=ORDERS, ids="-".join)
def fused(request, example_store):
    """The draft of the two example plans, in both orders."""
    return fuse(example_store, *request.param, STANDARD)


@pytest.fixture(scope="module")
def drafted(example_store):
    """The draft with the higher vocational plan as its frame."""
    return fuse(example_store, *ORDERS[0], STANDARD)


@pytest.fixture(scope="module")
def plans(example_store):
    """The two example plans."""
    return [read_plan(example_store, find_programme(example_store, code)) for code in ORDERS[0]]


def rows_of(folder, sheet):
    path = next(path for path in examples() if path.name == folder) / f"{sheet}.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# The plan as it was read


def test_a_plan_is_what_its_workbook_says(plans):
    written = {row["课程代码"]: row for row in rows_of("hv-cnc-460103", "课程")}
    assert {course.code for course in plans[0].courses} == set(written)
    headings = {"name": "课程名称", "name_en": "英文名", "module": "模块", "stage": "阶段", "category": "类别",
                "nature": "性质", "core": "核心", "credits": "学分", "theory": "理论学时", "practice": "实践学时",
                "term": "学期", "assessment": "考核方式"}  # fmt: skip
    for code, row in written.items():
        cells = plans[0].course(code).cells
        assert {key: cells[key] for key in headings} == {key: row[heading] for key, heading in headings.items()}
        assert set(cells["prerequisites"].split("、")) == set(row["先修课程"].split("、"))
    taught = sum(len(course.taught) for course in plans[0].courses)
    assert taught == sum(row["状态"] == "覆盖" for row in rows_of("hv-cnc-460103", "覆盖"))


def test_a_course_that_is_not_there(plans):
    with pytest.raises(KeyError):
        plans[0].course("YT02")


def test_a_course_with_total_hours_only_keeps_them(plans):
    course = plans[1].course("YT02")
    assert (course.cells["theory"], course.cells["total"], course.hours, course.terms) == ("", "240", 240, (1,))


def test_a_larger_point_stands_for_its_parts(plans):
    supports = plans[1].course("YT04").supports()
    assert supports["S-4-2-1-1"].point.code == "A-4-2-1"
    assert supports["S-4-3-2-1"].point.code == "S-4-3-2-1"


def test_the_deepest_teaching_of_a_point_counts():
    shallow = Taught(Thing("a", "A"), frozenset({"A", "P"}), 2, 40)
    deep = Taught(Thing("p", "P"), frozenset({"P"}), 3, None)
    course = Course(Thing("c", "C"), {}, (), None, (shallow, deep))
    assert course.supports() == {"A": shallow, "P": deep}
    assert course.last_term == 0


def test_two_teachings_of_a_point_together():
    one = Taught(Thing("p", "P"), frozenset({"P"}), 2, None, 1, False, ("a",))
    other = Taught(Thing("p", "P"), frozenset({"P", "Q"}), None, 6, 2, True, ("b", "a"))
    assert one.with_more(other) == Taught(Thing("p", "P"), frozenset({"P", "Q"}), 2, 6, 1, True, ("a", "b"))


@pytest.mark.parametrize(("figure", "shown"), [(None, ""), (3.0, "3"), (2.5, "2.5"), (0, "0")])
def test_figures_in_cells(figure, shown):
    assert number(figure) == shown


def test_words_of_scheme_values():
    assert offered_word("track", "https://w3id.org/zhiji/id/track/technician") == "技工"
    assert offered_word("track", "track/none") == "track/none"


# The draft


def test_the_gap_is_no_larger_than_that_of_the_better_plan(fused):
    assert [figures.target.source.code for figures in fused.figures] == [f"{STANDARD}@4", f"{STANDARD}@3"]
    for figures in fused.figures:
        for table, tally in figures.draft.all.items():
            before = [plan.all[table] for plan in (figures.first, figures.second)]
            for after in (tally, figures.without_new.all[table]):
                assert after.denominator == before[0].denominator == before[1].denominator
                assert after.upper_bound <= min(one.upper_bound for one in before)
                assert after.known_gap <= min(one.known_gap for one in before)


def test_the_figures_of_the_two_plans_are_those_of_their_reports(drafted, example_store):
    for side, code in zip(("first", "second"), ORDERS[0], strict=True):
        analysis = analyse(example_store, find_programme(example_store, code))
        totals = {c.target.source.code: c.totals for c in analysis.coverages if c.target.basis == "certificate"}
        for figures in drafted.figures:
            assert getattr(figures, side) == totals[figures.target.source.code]


def test_nothing_that_either_plan_teaches_is_lost(fused):
    deepest = {}
    for course in fused.courses:
        for code, taught in course.supports().items():
            deepest[code] = max(deepest.get(code, 0), taught.depth or 0)
    for course in fused.first.courses:
        for code, taught in course.supports().items():
            assert deepest[code] >= (taught.depth or 0), f"{course.code} {code}"
    for course in fused.second.courses:
        for taught in course.taught:  # a larger point is taught where all of its parts are
            assert (taught.supports - {taught.point.code} or taught.supports) <= deepest.keys()


def test_every_course_of_both_plans_has_its_place(fused):
    named = [{one.code for row in fused.rows for one in getattr(row, side)} for side in ("first", "second")]
    assert named[0] == {course.code for course in fused.first.courses}
    assert named[1] == {course.code for course in fused.second.courses}
    codes = [course.code for course in fused.courses]
    assert len(codes) == len(set(codes))
    assert {row.decision for row in fused.rows} == {"keep", "merge", "new", "exempt"}
    assert sum(counts(fused).values()) == len(fused.rows)


def test_each_decision_names_what_decides_it(fused):
    for row in fused.rows:
        if row.decision == "merge":
            assert row.first
            assert len(row.first) + len(row.second) > 1
            assert row.points
        if row.decision == "new":
            assert not row.first + row.second
            for point in row.points:
                for plan in (fused.first, fused.second):
                    assert not offers_of(plan.courses, point.code)
        if row.decision == "exempt":
            taught = {code for one in fused.courses for code in one.supports()}
            assert row.instead
            assert {point.code for point in row.points} <= taught


def test_courses_stay_in_the_frame_and_wait_for_their_prerequisites(fused):
    ends = {course.code: course.last_term for course in fused.courses}
    before = {course.code for course in fused.first.courses}
    for course in fused.courses:
        assert course.terms
        assert max(course.terms) <= fused.first.programme.terms
        if course.code not in before:
            for earlier in filter(None, course.cells.get("prerequisites", "").split("、")):
                assert ends[earlier] < min(course.terms)


def test_a_course_of_which_nobody_says_what_it_teaches_is_never_exempt(example_store):
    fused = fuse(example_store, *ORDERS[1], STANDARD)
    rows = {one.code: row for row in fused.rows for one in row.second}
    assert rows["GG007"].decision == "keep"
    assert rows["GG007"].course.terms == (1, 2, 3, 4)
    assert rows["GG007"].course.cells["credits"] == "6"
    assert rows["ZH002"].decision in ("exempt", "merge")


def test_examples_worked_by_hand(drafted):
    rows = {row.course.code: row for row in drafted.rows}
    # S-4-5-3-1 is recorded as not taught in 460103 and due in term 3; YT08 teaches it to depth 3, assessed
    hosts = [c for c in drafted.courses if any(t.point.code == "S-4-5-3-1" for t in c.taught)]
    assert [(c.last_term <= 3, rows[c.code].decision) for c in hosts] == [(True, "merge")]
    assert "YT08" in {one.code for one in rows[hosts[0].code].second}
    # S-3-1-1-3 is taught by TZ004 in term 5, due in term 4: the teaching moves
    movers = [c for c in drafted.courses if any(t.point.code == "S-3-1-1-3" for t in c.taught)]
    assert [c.last_term <= 4 for c in movers] == [True]
    assert "TZ004" in {one.code for one in rows[movers[0].code].first}
    # neither plan teaches S-4-2-2-2: it is new, at the depth of the rule
    new = [row for row in drafted.rows if row.decision == "new" and "S-4-2-2-2" in {p.code for p in row.points}]
    assert [(row.course.terms, row.course.taught[0].depth, row.course.hours) for row in new] == [((3,), 3, 4.0)]
    # B-2-5 is too shallow in one plan and taught by none of the other: it remains, and is said
    assert "R4-0-7" in {requirement.code for _, requirement in drafted.remaining}


def test_what_grew_says_by_how_much(drafted):
    before = {course.code: course for course in drafted.first.courses}
    for row in drafted.rows:
        if row.decision == "merge":
            course = row.course
            stated = sum(float(course.cells.get(key) or 0) for key in ("theory", "practice", "total"))
            assert stated == course.hours
            assert course.hours >= 0
            assert float(course.cells["credits"]) >= float(before[course.code].cells["credits"])


def test_one_level_alone(example_store):
    fused = fuse(example_store, *ORDERS[0], f"{STANDARD}@4")
    assert [figures.target.source.code for figures in fused.figures] == [f"{STANDARD}@4"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("460103", "460103@2024", STANDARD), "same-programme"),
        (("460103", "TE-CNC", "NO-SUCH"), "unknown-code"),
        (("460103", "NO-SUCH", STANDARD), "unknown-code"),
    ],
)
def test_what_cannot_be_drafted(example_store, arguments, code):
    with pytest.raises(UnreadableError) as told:
        fuse(example_store, *arguments)
    assert told.value.problems[0].code == code


# The workbook


def test_the_workbook_is_accepted_and_gives_the_figures_of_the_draft(fused, tmp_path):
    path = tmp_path / "draft.xlsx"
    write_draft(fused, path)
    shared = [folder for folder in examples() if folder.name.startswith(("std-", "occupation-"))]
    build([path, *shared], tmp_path / "kg")  # which raises where zhiji check would name an error
    store = open_store(tmp_path / "kg")
    analysis = analyse(store, find_programme(store, fused.code))
    totals = {c.target.source.code: c.totals for c in analysis.coverages if c.target.basis == "certificate"}
    for figures in fused.figures:
        assert totals[figures.target.source.code] == figures.draft
    assert analysis.example_documents, "a draft out of examples is an example"


def test_check_has_nothing_to_remark_on_the_workbook(zhiji, fused, tmp_path):
    path = tmp_path / "draft.xlsx"
    write_draft(fused, path)
    shared = [folder for folder in examples() if folder.name.startswith(("std-", "occupation-"))]
    done = zhiji("check", path, *shared)
    assert done.returncode == 0
    for name in ("融合一览", "融合结论", "来源课程", "依据要素点"):
        assert name not in done.stdout + done.stderr


def test_the_workbook_is_marked_and_the_same_each_time(drafted, tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        write_draft(drafted, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    about = dict(row[:2] for row in book["说明"].iter_rows(min_row=2, values_only=True))
    assert "草案" in about["标题"]
    assert "示例" in about["标题"]
    assert about["证据等级"] == "示例"
    assert drafted.graph.sha256[:16] in about["来源"]
    assert book["融合一览"].max_row == len(drafted.rows) + 1
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_draft_that_rests_on_no_example_is_inferred(drafted):
    plain = sheets_of(replace(drafted, grade="inferred"))
    assert {row["grade"] for row in plain["coverage"]} == {"推断"}
    assert "示例" not in next(row["value"] for row in plain["about"] if row["item"] == "标题")


def test_the_overview_has_a_row_for_each_decision(drafted):
    headings, rows = overview(drafted)
    assert {len(row) for row in rows} == {len(headings)}
    assert {row[2] for row in rows} == {"保留", "合并", "新编", "免修"}


# The paper


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_paper_has_every_row_and_is_marked(drafted, language):
    paper = draft_paper(drafted, language)
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    assert sum(len(table.rows) for table in tables[1:]) == len(drafted.rows)
    for table in tables:
        assert {len(one.cells) for one in table.rows} == {len(table.columns)}
    mark = {"zh": "草案", "en": "Draft"}[language]
    assert mark in paper.header
    cover = paper.blocks[0]
    assert isinstance(cover, Cover)
    assert cover.notice
    said = [block for block in paper.blocks if isinstance(block, Paragraph) and "R4-0-7" in block.text]
    assert len(said) == 1
    written = markdown_text(paper)
    assert "13 – 17 / 77" in written
    assert "NEW-1" in written
    content = docx_bytes(paper)
    assert content[:2] == b"PK"
    assert content == docx_bytes(paper)


def test_a_paper_that_rests_on_no_example_says_nothing_of_one(drafted):
    paper = draft_paper(replace(drafted, grade="inferred"), "en")
    assert "Example" not in paper.header
    assert not paper.blocks[0].notice


# The crosswalk


def course(code, *taught):
    made = (Taught(Thing(p, p), frozenset({p}), depth, hours) for p, depth, hours in taught)
    return Course(Thing(code, code), {}, (1,), None, tuple(made))


def points(*numbers, depth=3):
    return [(f"P{number}", depth, 2.0) for number in numbers]


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        (points(1, 2, 3, 4, 5), points(1, 2, 3, 4, 6), "equivalent"),  # 4 of 5 is the limit, and counts
        (points(1, 2, 3, 4, 5, 6), points(1, 2, 3), "contains"),
        (points(1, 2), points(1, 2, 3, 4), "within"),
        (points(1, 2, 3), points(3, 4, 5), "overlaps"),
        (points(1, 2, 3), points(4, 5), None),
        (points(1, 2, depth=1), points(1, 2, depth=3), "conflicts"),
        (points(1, 2, depth=2), points(1, 2, depth=3), "equivalent"),  # one depth apart is no conflict
        (points(1, 2, depth=None), points(1, 2, depth=4), "equivalent"),  # what nobody states conflicts with nothing
    ],
)
def test_relations_of_two_courses(plans, first, second, relation):
    one, other = (replace(plan, courses=(course(code, *given),)) for plan, code, given in
                  zip(plans, "AB", (first, second), strict=True))  # fmt: skip
    found = crosswalk(one, other, load_profile())
    assert [pair.relation for pair in found] == ([relation] if relation else [])
    mirrored = {"contains": "within", "within": "contains"}.get(relation, relation)
    assert [pair.relation for pair in crosswalk(other, one, load_profile())] == ([mirrored] if relation else [])


def test_the_crosswalk_of_the_examples(plans):
    pairs = {(pair.first.code, pair.second.code): pair for pair in crosswalk(*plans, load_profile())}
    pair = pairs["ZH002", "YT04"]
    assert (pair.relation, len(pair.shared), pair.of_first, pair.of_second) == ("contains", 16, 24, 20)
    assert {point.code for point in pair.apart} == {"K-4-2-1-2", "K-4-2-1-3", "S-4-3-4-1"}
    # A-4-2-1 40, A-4-3-1 10, S-4-3-2-2 6, K-4-3-2-1 3, K-4-3-2-2 3, S-4-3-4-1 6, K-4-3-4-1 3
    assert pair.hours("second") == 71
    assert pair.plain()["points"] == {"shared": 16, "first": 24, "second": 20}
    for one in pairs.values():
        assert 0 < len(one.shared) <= min(one.of_first, one.of_second)


# The commands


def test_the_command_fuse(zhiji, example_kg, tmp_path):
    path = tmp_path / "draft.xlsx"
    done = zhiji("fuse", *ORDERS[0], "--standard", STANDARD, "--kg", example_kg, "-o", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "committee" in done.stdout
    assert "13 – 17 / 77" in done.stdout
    assert path.exists()
    wrong = zhiji("fuse", "460103", "460103", "--standard", STANDARD, "--kg", example_kg, "-o", path)
    assert wrong.returncode == 2
    assert wrong.stderr.count("\n") == 1


def test_the_command_shows_every_term_of_a_course(zhiji, example_kg, tmp_path):
    plans = ("460103", "TE-CNC", "--standard", STANDARD, "--kg", example_kg)
    shown = zhiji("fuse", *plans, "-o", tmp_path / "draft.md", lang="en").stdout
    (policy,) = (line for line in shown.splitlines() if " GG004 " in line)
    assert "1, 2, 3, 4" in policy


def test_a_draft_has_a_form(zhiji, tmp_path):
    done = zhiji("fuse", *ORDERS[0], "--standard", STANDARD, "-o", tmp_path / "draft.pdf")
    assert done.returncode == 2
    assert all(form in done.stderr for form in FORMS)


def test_the_command_crosswalk(zhiji, example_kg):
    shown = zhiji("crosswalk", *ORDERS[0], "--kg", example_kg)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "contains" in shown.stdout
    plain = json.loads(zhiji("crosswalk", *ORDERS[0], "--kg", example_kg, "--json").stdout)
    assert plain[0]["relation"] == "contains"
