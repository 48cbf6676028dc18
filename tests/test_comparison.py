"""Two of a kind side by side: plans of two graphs, editions and schools, standards, and the command."""

import json

import pytest
from conftest import run_zhiji
from hypothesis import given
from hypothesis import strategies as st
from small_workbook import SHEETS, rows_of, small, tables, write_csv

from zhiji_kg.analysis import find_programme, load_profile
from zhiji_kg.build import build, draft
from zhiji_kg.comparison.plans import compare_plans
from zhiji_kg.comparison.standards import Asked, compare_standards, is_standard
from zhiji_kg.comparison.standards import _paired as paired
from zhiji_kg.comparison.values import Change, changed
from zhiji_kg.errors import UnreadableError
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.texts import Text

PROFILE = load_profile()
# A later edition of the standard: R1 in the same words, R2 reworded and deeper, R3 gone, R4 new; weights otherwise.
NEWER = """STD2,A1,6-18-01-01,2022,2024,四级,准备,读图,相关知识要求,能看懂零件图,P1,理解,8,否
STD2,A2,6-18-01-01,2022,2024,四级,加工,车外圆,技能要求,能熟练车外圆并对刀,P2、P3,4,,是
STD2,A4,6-18-01-01,2022,2024,四级,加工,车螺纹,技能要求,能车梯形螺纹,,,,
"""
WEIGHTS = "STD2,四级,理论,准备,100\nSTD2,四级,技能,加工,100\n"


def store_of(folder, **changes):
    """The graph of the small workbook with some changes."""
    return graph_of(small(folder, **changes))


def graph_of(folder):
    made = draft([folder])
    assert not made.errors
    return EmbeddedStore.in_memory(made.complete.quads())


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    return store_of(tmp_path_factory.mktemp("before") / "small")


@pytest.fixture(scope="module")
def two_editions(tmp_path_factory):
    more = {"职业标准": rows_of(NEWER), "权重": rows_of(WEIGHTS)}
    return store_of(tmp_path_factory.mktemp("editions") / "small", append=more)


def compared(first, second, code="460103"):
    return compare_plans((first, find_programme(first, code)), (second, find_programme(second, code)), PROFILE)


def by_code(found):
    return {course.course.code: course for course in found.courses}


def test_a_plan_beside_itself_differs_in_nothing(before):
    found = compared(before, before)
    assert [course.kind for course in found.courses] == ["same"] * 6
    assert found.requirements == ()
    assert found.codes
    assert all(one == two for one, two in found.codes.values())
    assert found.of_one_programme
    assert found.plain()["coursesTheSame"] == 6
    assert found.plain()["courses"] == []


def test_what_changed_in_a_course_stands_with_what_follows(before, tmp_path):
    """GG1 reads drawings less deep and a term later; P1 was covered by it and no longer is."""
    after = store_of(tmp_path / "small", set={"课程!L2": "5", "覆盖!E2": "了解", "覆盖!G2": "5"})
    found = compared(before, after)
    course = by_code(found)["GG1"]
    assert [one.course.code for one in found.courses if one.kind != "same"] == ["GG1"]
    assert [(change.of.zh, change.before, change.after) for change in course.changes] == [("学期", "1", "5")]
    [point] = course.points
    assert [(c.of.en, c.before, c.after) for c in point.changes] == [
        ("depth", "3", "1"),
        ("completed in term", "1", "5"),
    ]
    [follows] = [one for one in course.consequences if one.cell.requirement.kind == "knowledge"]
    assert (follows.before.state, follows.after.state, follows.better) == ("covered", "partial", False)
    assert follows.plain()["after"] == {"state": "partial", "shortfalls": ["ZJ-C02", "ZJ-C03"]}
    back = by_code(compared(after, before))["GG1"].consequences
    assert [one.better for one in back] == [True]


def test_a_dropped_course_leaves_what_it_covered_open(before, tmp_path):
    after = store_of(tmp_path / "small", set={"课程!N3": "", "课程!N4": "GG2"}, remove=(), keep={"覆盖": 1})
    found = compared(before, after)
    gone = by_code(found)["GG1"]
    assert [(one.code, one.before is not None, one.after) for one in gone.points] == [("P1", True, None)]
    assert {one.after.state for one in gone.consequences} == {"not-examined"}
    came = by_code(compared(after, before))["GG1"]
    assert [(one.before, one.after is not None) for one in came.points] == [(None, True)]


def test_two_editions_of_a_plan_and_their_new_and_dropped_courses(tmp_path):
    """An edition of 2026 has GG1 by another name and ZY9, and none of the others."""
    plan = rows_of(SHEETS["专业"])[1]
    course = rows_of(SHEETS["课程"])[1]
    own = [["460103@2024", *row[1:]] for row in rows_of(SHEETS["课程"])[1:]]
    new = [["460103@2026", "GG1", "工程制图", *course[3:]], ["460103@2026", "ZY9", *course[2:]]]
    sheets = tables()
    sheets["专业"].append([plan[0], "2026", *plan[2:]])
    for name in ("覆盖", "证书", "阶段与认定"):
        sheets[name] = [["460103@2024" if cell == "460103" else cell for cell in row] for row in sheets[name]]
    sheets["课程"][1:] = [*own, *new]
    store = graph_of(write_csv(tmp_path / "small", sheets))
    sides = [(store, find_programme(store, code)) for code in ("460103@2024", "460103@2026")]
    found = compare_plans(*sides, PROFILE)
    kinds = {code: course.kind for code, course in by_code(found).items()}
    assert kinds == {"GG1": "changed", "ZY9": "added"} | dict.fromkeys(["GG2", "ZY1", "ZY2", "ZY3", "ZY4"], "removed")
    assert ("课程名称", "机械制图", "工程制图") in [(c.of.zh, c.before, c.after) for c in by_code(found)["GG1"].changes]
    assert found.of_one_programme
    [plain] = [one for one in found.plain()["courses"] if one["second"] == "ZY9"]
    assert (plain["kind"], plain["first"]) == ("added", None)


def test_two_schools_are_matched_by_what_they_teach(example_store):
    sides = [(example_store, find_programme(example_store, code)) for code in ("460103", "TE-CNC")]
    found = compare_plans(*sides, PROFILE)
    assert not found.of_one_programme
    of_first = {course.first.code for course in found.courses if course.first}
    assert len(of_first) == found.first.programme.courses
    assert sum(course.second is not None for course in found.courses) == found.second.programme.courses
    before, after = next((one, other) for one, other in found.targets() if one and other)
    assert before.target.source.iri == after.target.source.iri
    assert before.totals.all["items"].denominator == after.totals.all["items"].denominator
    states = {one.cell.requirement.thing.code for one in found.requirements}
    assert states
    assert all(one.plain()["before"] != one.plain()["after"] for one in found.requirements)


def test_a_plan_beside_its_double_at_another_school_is_equivalent(tmp_path):
    """The same courses under another programme code are equivalent where they teach something."""
    more = {name: [["999999", *row[1:]] for row in rows_of(SHEETS[name])[1:]] for name in ("专业", "课程", "覆盖")}
    store = store_of(tmp_path / "small", append=more, set={"典型工作任务!F2": "460103/ZY1"})
    sides = [(store, find_programme(store, code)) for code in ("460103", "999999")]
    found = compare_plans(*sides, PROFILE)
    assert {course.course.code for course in found.courses if course.kind == "same"} <= {"GG1", "ZY1", "ZY2"}
    paired_codes = [(c.first.code, c.second.code) for c in found.courses if c.first and c.second]
    assert ("GG1", "GG1") in paired_codes
    assert len({one for one, _ in paired_codes}) == len({two for _, two in paired_codes}) == len(paired_codes)


# Editions of a standard


def test_editions_are_matched_by_what_they_say(two_editions):
    found = compare_standards(two_editions, "STD", "STD2", PROFILE)
    assert (found.of_first, found.of_second, found.same) == (3, 3, 1)
    told = [(one.kind, one.first and one.first.code, one.second and one.second.code) for one in found.requirements]
    assert told == [("changed", "R2", "A2"), ("added", None, "A4"), ("removed", "R3", None)]
    changes = {change.of.en: (change.before, change.after) for change in found.requirements[0].changes}
    assert changes == {"requirement": ("能车外圆并对刀", "能熟练车外圆并对刀"), "least depth": ("3", "4")}
    assert found.plain()["requirements"][0]["likeness"] == 1


def test_the_courses_of_plans_that_aim_at_the_first_are_named_with_what_they_reach(two_editions):
    found = compare_standards(two_editions, "STD", "STD2", PROFILE)
    touched = {(one.course.code, one.change.asked.code): (one.depth, one.enough) for one in found.touched}
    assert touched == {("ZY1", "A2"): (4, True), ("ZY2", "A2"): (2, False)}
    assert [one["programme"] for one in found.plain()["courses"]] == ["460103@2024"] * 2
    assert compare_standards(two_editions, "STD2", "STD", PROFILE).touched == (), "no plan aims at the newer one"


def test_weights_that_changed_are_named(two_editions):
    found = compare_standards(two_editions, "STD", "STD2", PROFILE)
    weights = {(one.table, one.function): (one.before, one.after) for one in found.weights}
    assert weights == {
        ("theory", "准备"): (60, 100), ("theory", "加工"): (40, None),
        ("skills", "准备"): (20, None), ("skills", "加工"): (80, 100),
    }  # fmt: skip


def test_an_edition_beside_itself_differs_in_nothing(two_editions):
    found = compare_standards(two_editions, "STD", "STD", PROFILE)
    assert (found.same, found.requirements, found.weights, found.touched) == (3, (), (), ())


def test_a_standard_that_is_none_is_said_to_be_none(two_editions):
    assert is_standard(two_editions, "std2")
    assert not is_standard(two_editions, "460103")
    with pytest.raises(UnreadableError):
        compare_standards(two_editions, "STD", "STD9", PROFILE)


def asked(code, text, level="4", points=None, **more):
    return Asked(code, level, "skill", "F", "W", text, tuple(points or [f"S/{code}"]), **more)


def pairs(first, second, least=0.6):
    found, same = paired(first, second, least)
    return [(one.first and one.first.code, one.second and one.second.code) for one in found], same


def test_words_at_another_level_are_a_move():
    found, same = paired([asked("R1", "能车外圆")], [asked("A1", "能车外圆", level="3")], 0.6)
    assert [(one.kind, [change.told("en") for change in one.changes]) for one in found] == [
        ("changed", ["level 4 → 3"])
    ]
    assert same == 0


def test_likeness_is_a_suggestion_and_says_so():
    first, second = [asked("R1", "能车削外圆和端面")], [asked("A1", "能车削外圆和内孔")]
    [one] = paired(first, second, 0.6)[0]
    assert one.kind == "changed"
    assert 0.6 <= one.likeness < 1
    assert pairs(first, second, 0.9) == ([(None, "A1"), ("R1", None)], 0)


def test_words_said_twice_are_not_matched_by_words_alone():
    twice = [asked("R1", "能测量", points=["P1"]), asked("R2", "能测量", points=["P2"])]
    again = [asked("A2", "能测量", points=["P2"]), asked("A1", "能测量", points=["P1"])]
    assert pairs(twice, again) == ([], 2)


WORDS = st.lists(st.text(alphabet="车铣磨外圆内孔", min_size=2, max_size=6), max_size=6)


@given(WORDS, WORDS)
def test_every_requirement_of_both_editions_is_accounted_for(ours, theirs):
    first = [asked(f"R{i}", text) for i, text in enumerate(ours)]
    second = [asked(f"A{i}", text) for i, text in enumerate(theirs)]
    found, same = paired(first, second, 0.6)
    kinds = [one.kind for one in found]
    assert same + kinds.count("changed") + kinds.count("removed") == len(first)
    assert same + kinds.count("changed") + kinds.count("added") == len(second)
    assert len({one.first.code for one in found if one.first}) == sum(one.first is not None for one in found)


@pytest.mark.parametrize("seen", [("a", "a"), ("", "")])
def test_what_both_say_is_no_change(seen):
    assert changed([(Text("学期", "term"), *seen)]) == ()


def test_a_change_is_told_in_a_few_words():
    [one] = changed([(Text("学期", "term"), "3", "4")])
    assert (one.told("zh"), one.told("en")) == ("学期 3 → 4", "term 3 → 4")
    assert Change(Text("学分", "credits"), "", "2").told("en") == "credits – → 2"
    assert one.plain() == {"of": "term", "before": "3", "after": "4"}


# The command


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory):
    """A folder of two versions: the second has the newer standard, too, and GG1 a term later."""
    place = tmp_path_factory.mktemp("versions")
    build([small(place / "one")], place / "kg")
    changes = {
        "set": {"课程!L2": "5", "覆盖!G2": "5"},
        "append": {"职业标准": rows_of(NEWER), "权重": rows_of(WEIGHTS)},
    }
    build([small(place / "two", **changes)], place / "kg")
    return place / "kg"


def test_versions_by_entity_and_by_plan(two_versions):
    done = run_zhiji("compare", "v1", "v2", "--kg", two_versions, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["first"]["version"], found["second"]["version"]) == ("v1", "v2")
    assert any("STD2" in line for line in found["entities"])
    [plan] = found["programmes"]
    assert [course["second"] for course in plan["courses"]] == ["GG1"]
    assert [one["after"]["shortfalls"] for one in plan["courses"][0]["consequences"]] == [["ZJ-C03"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_of_versions_plans_and_standards(two_versions, lang):
    versions = run_zhiji("compare", "v1", "v2", "--kg", two_versions, "--programme", "460103", lang=lang)
    plans = run_zhiji("compare", "460103", "460103", "--kg", two_versions, lang=lang)
    standards = run_zhiji("compare", "STD", "STD2", "--kg", two_versions, lang=lang)
    for done in (versions, plans, standards):
        assert (done.returncode, done.stderr) == (0, "")
        assert "None" not in done.stdout
    assert "GG1" in versions.stdout
    assert {"zh": "不变 6", "en": "6 the same"}[lang] in plans.stdout
    assert {"zh": "相同 1，改变 1，增加 1，取消 1", "en": "1 the same, 1 changed, 1 added, 1 removed"}[
        lang
    ] in standards.stdout
    assert {"zh": "不够", "en": "no"}[lang] in standards.stdout


@pytest.mark.parametrize("ending", [".json", ".md", ".docx"])
def test_a_comparison_as_a_file(two_versions, tmp_path, ending):
    written = tmp_path / f"比较{ending}"
    done = run_zhiji("compare", "STD", "STD2", "--kg", two_versions, "-o", written)
    assert done.returncode == 0
    content = written.read_bytes()
    if ending == ".docx":
        assert content.startswith(b"PK")
    else:
        assert "能熟练车外圆并对刀" in content.decode("utf-8")


BAD = [
    (("STD", "460103"), "two of a kind"),
    (("v1", "v9"), "v1"),
    (("STD", "STD2", "-o", "x.pdf"), ".docx"),
    (("460103", "nowhere"), "nowhere"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD)
def test_what_cannot_be_compared_is_said_in_a_line(two_versions, arguments, said):
    done = run_zhiji("compare", *arguments, "--kg", two_versions)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
