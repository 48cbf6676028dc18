"""The whole judgement of a plan: the example as it was planted, small plans as golden data, generated ones as laws."""

import csv
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiji_kg.analysis import analyse, find_programme, load_profile, programmes
from zhiji_kg.errors import UnreadableError
from zhiji_kg.findings import STATES, TABLES
from zhiji_kg.graph import assemble
from zhiji_kg.inference import infer
from zhiji_kg.queries import find_query
from zhiji_kg.resources import EXAMPLES
from zhiji_kg.sources.tables import Table
from zhiji_kg.sources.workbook import read_workbook
from zhiji_kg.store.remote import RemoteStore

GOLDEN = Path(__file__).parent / "golden"
PLANTED_CODES = {
    "ZJ-C01", "ZJ-C02", "ZJ-C03", "ZJ-C04", "ZJ-C05", "ZJ-C07", "ZJ-C09", "ZJ-C10", "ZJ-C11", "ZJ-C13", "ZJ-C14",
    "ZJ-D03"
}  # fmt: skip
NOT_IN_THE_EXAMPLE = {"ZJ-C06", "ZJ-C08", "ZJ-C12", "ZJ-D01", "ZJ-D02", "ZJ-D04", "ZJ-D05"}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def higher(example_store):
    return analyse(example_store, find_programme(example_store, "460103"))


@pytest.fixture(scope="module")
def technician(example_store):
    return analyse(example_store, find_programme(example_store, "TE-CNC"))


# The example: exactly what was planted


def shown(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return value  # a range
    return f"{float(value):g}"


def as_planted(finding):
    """A finding as a row of ``planted.csv``, without its reason."""
    of_table = finding.code == "ZJ-D03"
    thing = finding.object
    return (
        finding.code,
        finding.basis,
        finding.source.code if finding.source else "460103",
        finding.subject.label.zh if of_table else finding.subject.code,
        "" if thing is None else thing.label.zh if of_table else thing.code,
        shown(finding.measured),
        shown(finding.threshold),
    )


def test_the_example_gives_exactly_what_was_planted(higher):
    keys = ("code", "for", "source", "subject", "object", "measured", "threshold")
    planted = Counter(tuple(row[key] for key in keys) for row in rows(EXAMPLES / "planted.csv"))
    found = Counter(as_planted(finding) for finding in higher.findings if finding.code in PLANTED_CODES)
    assert {key[0] for key in planted} == PLANTED_CODES
    assert not planted - found, "planted and not found"
    assert not found - planted, "found and not planted"
    assert not NOT_IN_THE_EXAMPLE & {finding.code for finding in higher.findings}


def of_source(analysis, code):
    return next(
        c
        for c in analysis.coverages
        if code == (c.target.due_for if c.target.basis == "stage" else c.target.source).code
    )


TOTALS = [(case, row) for case in ("460103", "te-cnc") for row in rows(GOLDEN / case / "totals.csv")]


@pytest.mark.parametrize(("case", "row"), TOTALS, ids=[f"{case}-{r['source']}-{r['table']}" for case, r in TOTALS])
def test_totals_worked_out_apart(higher, technician, case, row):
    coverage = of_source({"460103": higher, "te-cnc": technician}[case], row["source"])
    tally = coverage.totals.all[row["table"]]
    for part in ("covered", "partial", "no_match", "not_examined", "denominator"):
        assert f"{float(getattr(tally, part)):.2f}" == f"{float(row[part]):.2f}", part
    assert tally.stated == (Fraction(row["stated"]) if row["stated"] else None)
    assert coverage.target.due_term == int(row["due"])


def test_targets_are_what_the_plan_aims_at_and_nothing_more(higher, technician):
    told = [(c.target.basis, c.target.source.code, c.target.due_term) for c in higher.coverages]
    assert told == [
        ("certificate", "CNC-TURNER-2005@4", 3),
        ("certificate", "CNC-TURNER-2005@3", 4),
        ("occupation", "6-18-01-01", 6),
        ("stage", "CNC-TURNER-2005@4", 2),
        ("stage", "CNC-TURNER-2005@3", 4),
    ]
    assert [c.target.source.code for c in technician.coverages] == [
        "CNC-TURNER-2005@4", "CNC-TURNER-2005@3", "6-18-01-01"
    ]  # fmt: skip


def test_a_level_not_aimed_at_can_be_asked_for(example_store):
    asked = analyse(example_store, find_programme(example_store, "460103"), source="CNC-TURNER-2005@2")
    (coverage,) = asked.coverages
    assert (coverage.target.basis, coverage.target.due_term) == ("asked", 6)
    assert coverage.totals.all["items"].denominator == len(coverage.cells) == 59
    assert not coverage.target.due_is_stated
    assert {finding.basis for finding in asked.findings} == {"asked"}
    assert {finding.source.code for finding in asked.findings} == {"CNC-TURNER-2005@2"}


@pytest.mark.parametrize(
    ("source", "bases"),
    [
        ("CNC-TURNER-2005", ["certificate", "certificate", "stage", "stage"]),
        ("CNC-TURNER-2005@4", ["certificate", "stage"]),
        ("https://w3id.org/zhiji/id/standard-level/CNC-TURNER-2005-4", ["certificate", "stage"]),
        ("6-18-01-01", ["occupation"]),
        ("S2", ["stage"]),
    ],
)
def test_one_source_alone(example_store, source, bases):
    looked = analyse(example_store, find_programme(example_store, "460103"), source=source)
    assert [coverage.target.basis for coverage in looked.coverages] == bases
    assert not {finding.code for finding in looked.findings} & {"ZJ-C05", "ZJ-C07", "ZJ-C09"}, (
        "the plan is not asked about"
    )


def test_every_finding_says_where_it_comes_from(higher):
    for finding in higher.findings:
        assert finding.evidence, finding.code
        assert all(evidence.source and "!" in evidence.locator for evidence in finding.evidence)
        assert finding.provenance.query == higher.profile.codes[finding.code].query
        query = find_query(finding.provenance.query)
        given_parameters = dict(finding.provenance.parameters)
        assert set(given_parameters) == {parameter.name for parameter in query.parameters}, "it can be asked again"
        assert given_parameters.get("programme", higher.programme.thing.iri) == higher.programme.thing.iri
        assert (finding.provenance.version, len(finding.provenance.sha256)) == ("v1", 64)
        assert finding.suggestion.zh
        assert finding.suggestion.en


def test_an_example_is_labelled_as_one(higher, two_plans):
    assert {document.identifier for document in higher.example_documents} == {
        "example-hv-cnc-460103",
        "example-std-cnc-turner-2005",
    }
    assert not analyse(two_plans, find_programme(two_plans, "P2")).example_documents


def test_only_the_documents_that_a_report_rests_on_are_named(higher, technician):
    assert {document.identifier for document in higher.documents} == {
        "example-hv-cnc-460103", "example-occupation-turner", "example-std-cnc-turner-2005"
    }  # fmt: skip
    assert "example-hv-cnc-460103" not in {document.identifier for document in technician.documents}


def test_the_same_findings_behind_an_endpoint(higher, example_endpoint):
    store = RemoteStore(example_endpoint)
    there = analyse(store, find_programme(store, "460103"))
    assert [as_planted(finding) for finding in there.findings] == [as_planted(f) for f in higher.findings]
    assert [finding.evidence for finding in there.findings] == [finding.evidence for finding in higher.findings]
    assert there.coverages == higher.coverages
    assert there.documents == higher.documents


# Which programme


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("P1", "P1@2024"),
        ("P1@2023", "P1@2023"),
        ("P1@2024", "P1@2024"),
        ("P2", "P2@2024"),
        ("zjd:programme-edition/P1-2023", "P1@2023"),
        ("https://w3id.org/zhiji/id/programme-edition/P2-2024", "P2@2024"),
    ],
)
def test_a_programme_by_its_code(two_plans, code, expected):
    assert find_programme(two_plans, code).thing.code == expected


WRONG_PROGRAMMES = [
    (None, "which-programme-option", "P1@2023、P1@2024、P2@2024"),
    ("P3", "unknown-code", "P1@2023、P1@2024、P2@2024"),
    ("P1@1999", "unknown-code", "P1@2023、P1@2024、P2@2024"),
    ("https://example.org/nothing", "unknown-code", "P1@2023、P1@2024、P2@2024"),
    ("https://exa mple.org/", "bad-parameter", None),
    ("zj:a b", "bad-parameter", None),
]


@pytest.mark.parametrize(("code", "problem", "known"), WRONG_PROGRAMMES)
def test_a_programme_that_is_not_there(two_plans, code, problem, known):
    with pytest.raises(UnreadableError) as caught:
        find_programme(two_plans, code)
    (said,) = caught.value.problems
    assert said.code == problem
    assert said.values.get("known") == known
    assert said.line("zh") != said.line("en")


def test_the_only_programme_need_not_be_named():
    store, _ = street({"P": {"Q": [("技能要求", None)]}}, [])
    assert find_programme(store, None).thing.code == "P@2024"


def test_a_graph_without_programmes_says_so():
    with pytest.raises(UnreadableError) as caught:
        find_programme(infer(assemble([]))[1], None)
    assert caught.value.problems[0].code == "no-programme"


@pytest.mark.parametrize("source", ["S9", "SA@1", "https://example.org/nothing", "P1"])
def test_a_source_that_is_not_there(two_plans, source):
    with pytest.raises(UnreadableError) as caught:
        analyse(two_plans, find_programme(two_plans, "P1"), source=source)
    assert caught.value.problems[0].code == "unknown-code"


def test_a_standard_without_its_level_is_not_guessed(two_plans):
    """P2 aims at SA only: of SB the levels are offered and none is chosen silently."""
    with pytest.raises(UnreadableError) as caught:
        analyse(two_plans, find_programme(two_plans, "P2"), source="SB")
    assert caught.value.problems[0].values["known"] == "SB@4"


def test_programmes_with_their_courses(two_plans):
    told = [(p.thing.code, p.school, p.track.zh, p.terms, p.courses) for p in programmes(two_plans)]
    assert told == [
        ("P1@2023", "甲校", "高职", 4, 1),
        ("P1@2024", "甲校", "高职", 4, 2),
        ("P2@2024", "乙校", "技工", 4, 2),
    ]


# Nothing leaks from one programme or edition to another

EXPECTED = rows(GOLDEN / "two-plans" / "expected.csv")


@pytest.mark.parametrize("row", EXPECTED, ids=[f"{r['programme']}-{r['source']}-{r['requirement']}" for r in EXPECTED])
def test_two_plans_that_share_points(two_plans, row):
    analysis = analyse(two_plans, find_programme(two_plans, row["programme"]), source=row["source"])
    (coverage,) = analysis.coverages
    (cell,) = [c for c in coverage.cells if c.requirement.thing.code == row["requirement"]]
    assert cell.verdict.state == row["state"], row["why"]
    assert [offer.course.code for offer in cell.offers] == row["courses"].split(), row["why"]
    found = [f.code for f in analysis.findings if f.subject.code == row["requirement"]]
    assert found == row["codes"].split(), row["why"]


def test_course_of_two_plans_with_one_code_is_each_its_own(two_plans):
    for code, label in (("P1", "甲课"), ("P2", "丙课")):
        analysis = analyse(two_plans, find_programme(two_plans, code), source="SA@4")
        taught = {
            o.course.label.zh for cell in analysis.coverages[0].cells for o in cell.offers if o.course.code == "A"
        }
        assert taught == {label}


# Laws, over generated plans that go the whole street: rows, draft, inference, store, analysis

KINDS = ("技能要求", "相关知识要求", "基本要求")
HEADINGS = {
    "专业": ("专业代码", "版本年", "专业名称", "学校", "轨道", "学制", "学期数"),
    "课程": ("专业代码", "课程代码", "课程名称", "模块", "总学时", "学期"),
    "要素点": ("要素点代码", "类型", "名称"),
    "覆盖": ("专业代码", "课程代码", "要素点代码", "状态", "深度", "学时", "考核", "审核人", "证据等级"),
    "职业标准": (
        "标准代码", "要求代码", "职业编码", "大典版次", "标准年", "等级", "职业功能", "工作内容", "类型", "要求",
        "要素点代码", "最低深度", "最少学时", "须考核",
    ),
    "权重": ("标准代码", "等级", "表", "职业功能", "权重"),
    "证书": ("专业代码", "证书代码", "证书名称", "标准代码", "等级", "到期学期"),
}  # fmt: skip
TERMS = 6
PLAN = ("P", "2024", "专业", "学校", "高职", "三年", str(TERMS))
ABOUT = (("项", "值"), ("工作簿标识", "generated"), ("证据等级", "推断"))
COURSES = {f"C{term}": term for term in range(1, TERMS + 1)}


def graded(headings):
    """Headings with a column for the evidence grade, which may be left empty."""
    return headings if "证据等级" in headings else (*headings, "证据等级")


def street(standard, coverage, weights=(), due="3", examples=()):
    """A store in memory of a plan and a standard ``{function: {work: [(kind, depth, hours, assess), …]}}``."""
    required, number = [], 0
    for function, works in standard.items():
        for work, items in works.items():
            for kind, *more in items:
                number += 1
                more = [*more, None, None, None][:3]
                required.append(("S", f"R{number}", "6-01-01-01", "2022", "2020", "四级", function, work, kind, "要求",
                                 f"K{number}", *("" if x is None else str(x) for x in more)))  # fmt: skip
    sheets = {
        "专业": [PLAN],
        "课程": [("P", code, code, "专业", "60", str(term)) for code, term in COURSES.items()],
        "要素点": [(row[10], "技能点", row[10]) for row in required],
        "覆盖": [("P", *row) for row in coverage],
        "职业标准": required,
        "权重": [("S", "四级", *row) for row in weights],
        "证书": [("P", "Z", "证", "S", "四级", due)],
    }
    for name in examples:
        sheets[name] = [(*row[: len(HEADINGS[name]) - (name == "覆盖")], "示例") for row in sheets[name]]
    tables = [Table("w", "说明", ABOUT)]
    tables += [
        Table("w", name, (graded(HEADINGS[name]), *map(tuple, found))) for name, found in sheets.items() if found
    ]
    reading = read_workbook(EXAMPLES, tables)
    dataset = assemble([reading])
    errors = [p.line("en") for p in [*reading.problems, *dataset.problems] if p.severity == "error"]
    assert not errors
    return infer(dataset)[1], required


EXAMPLE_SHEETS = ("专业", "课程", "覆盖", "职业标准", "权重", "证书")


@pytest.mark.parametrize("sheet", EXAMPLE_SHEETS)
def test_one_sheet_of_examples_makes_the_report_an_example(sheet):
    """Terms, due terms and weights decide a state as much as coverage does."""
    weights, coverage = [("技能", "一", "100")], [("C1", "K1", "", "3", "", "", "", "直接")]
    store, _ = street({"一": {"甲": [("技能要求",)]}}, coverage, weights, examples=(sheet,))
    assert [d.identifier for d in analyse(store, find_programme(store, None)).example_documents] == ["generated"]
    store, _ = street({"一": {"甲": [("技能要求",)]}}, coverage, weights)
    assert not analyse(store, find_programme(store, None)).example_documents


@st.composite
def plans(draw):
    """A standard of some functions and work contents, weights, and coverage of some of its points."""
    item = st.tuples(
        st.sampled_from(KINDS),
        st.none() | st.integers(1, 4),
        st.none() | st.integers(1, 9),
        st.none() | st.just("是"),
    )
    works = st.dictionaries(st.sampled_from("甲乙丙"), st.lists(item, min_size=1, max_size=3), min_size=1, max_size=2)
    standard = draw(st.dictionaries(st.sampled_from(["一", "二", "三"]), works, min_size=1, max_size=3))
    count = sum(len(items) for found in standard.values() for items in found.values())
    tables = draw(st.sets(st.sampled_from(["理论", "技能"])))
    figures = st.sampled_from(["0", "5", "33.3", "60"])
    weights = [(table, function, draw(figures)) for table in sorted(tables) for function in [*standard, "没有条目"]]
    covered = st.tuples(st.sampled_from(sorted(COURSES)), st.integers(1, count)).map(
        lambda pair: (pair[0], f"K{pair[1]}")
    )
    grades = st.sampled_from(["直接", "规则", "推断", "示例"])
    coverage = [
        (course, point, "", draw(st.sampled_from(["", "1", "2", "3", "4"])), draw(st.sampled_from(["", "1", "5", "9"])),
         draw(st.sampled_from(["", "是", "否"])), draw(st.sampled_from(["", "张三"])), draw(grades))
        for course, point in draw(st.lists(covered, max_size=8, unique=True))
    ]  # fmt: skip
    examined = draw(st.sets(st.integers(1, count), max_size=3))
    coverage += [("", f"K{number}", "无匹配", "", "", "", "", "直接") for number in sorted(examined)]
    return standard, coverage, weights, str(draw(st.integers(1, TERMS)))


def states(tally):
    return {state: tally.of(state) for state in STATES}


def added(tallies):
    return {state: sum((tally.of(state) for tally in tallies), Fraction(0)) for state in STATES}


def of_requirements(cells, table, reading):
    """The states summed requirement by requirement, with nothing of the engine's adding."""
    sums = dict.fromkeys(STATES, Fraction(0))
    for cell in cells:
        if table == "items" or (cell.requirement.table == table and cell.weight is not None):
            verdict = cell.verdict if reading == "all" else cell.reviewed
            sums[verdict.state] += 1 if table == "items" else cell.weight
    return sums


@settings(max_examples=40, deadline=None)
@given(plans())
def test_the_four_states_add_up_at_every_level(plan):
    store, required = street(*plan)
    analysis = analyse(store, find_programme(store, None), source="S")  # the rules about the plan are not asked
    (coverage,) = analysis.coverages
    assert len(coverage.cells) == len(required)
    weights = {("theory" if t == "理论" else "skills", f): Fraction(w) for t, f, w in plan[2]}
    for reading in ("all", "reviewed"):
        totals = getattr(coverage.totals, reading)
        assert set(totals) <= set(TABLES)
        assert totals["items"].denominator == len(required)
        for table, tally in totals.items():
            assert sum(states(tally).values()) == tally.denominator
            assert tally.known_gap <= tally.upper_bound <= tally.denominator
            assert tally.covered + tally.upper_bound == tally.denominator
            if table == "items":
                functions = [getattr(group.totals, reading)["items"] for group in coverage.functions]
            else:
                listed = {c.requirement.function.label.zh for c in coverage.cells if c.requirement.table == table}
                assert tally.stated == sum(w for (t, _), w in weights.items() if t == table)
                assert tally.denominator == sum(w for (t, f), w in weights.items() if t == table and f in listed)
                functions = [g for f in coverage.functions if (g := getattr(f.totals, reading).get(table))]
            assert added(functions) == states(tally)
            assert states(tally) == of_requirements(coverage.cells, table, reading)
            for part in ("known_gap", "upper_bound"):
                assert sum(getattr(one, part) for one in functions) == getattr(tally, part)
        for function in coverage.functions:
            for table, tally in getattr(function.totals, reading).items():
                works = [w for g in function.groups if (w := getattr(g.totals, reading).get(table))]
                assert added(works) == states(tally)
            for work in function.groups:
                inside = [
                    cell for cell in coverage.cells
                    if (cell.requirement.function, cell.requirement.work) == (function.thing, work.thing)
                ]  # fmt: skip
                for table, tally in getattr(work.totals, reading).items():
                    assert states(tally) == of_requirements(inside, table, reading)
    assert sum(1 for f in analysis.findings if f.code in ("ZJ-C01", "ZJ-C11")) == sum(
        1 for cell in coverage.cells if cell.verdict.state in ("no-match", "not-examined")
    )


WORSE = {"covered": 0, "partial": 1, "no-match": 2, "not-examined": 2}


@settings(max_examples=25, deadline=None)
@given(plans(), st.sampled_from(sorted(COURSES)), st.sampled_from(["", "1", "2", "3", "4"]), st.data())
def test_another_coverage_never_makes_a_cell_worse(plan, course, depth, data):
    standard, coverage, weights, due = plan
    before, required = street(standard, coverage, weights, due)
    point = data.draw(st.sampled_from([row[10] for row in required]))
    if any(row[:2] == (course, point) for row in coverage):
        return
    more = [*coverage, (course, point, "", depth, "9", "是", "", "直接")]
    after, _ = street(standard, more, weights, due)
    cells = [analyse(store, find_programme(store, None), source="S").coverages[0].cells for store in (before, after)]
    for old, new in zip(*cells, strict=True):
        assert WORSE[new.verdict.state] <= WORSE[old.verdict.state]
        assert WORSE[new.reviewed.state] <= WORSE[old.reviewed.state]
        assert new.requirement.point.code == point or new == old, "no other cell is touched"


@settings(max_examples=15, deadline=None)
@given(plans())
def test_a_later_due_term_never_makes_a_cell_worse(plan):
    *given_plan, _ = plan
    found = []
    for due in ("2", "5"):
        store, _ = street(*given_plan, due)
        found.append(analyse(store, find_programme(store, None), source="S").coverages[0].cells)
    for early, late in zip(*found, strict=True):
        assert WORSE[late.verdict.state] <= WORSE[early.verdict.state]


def test_a_profile_of_ones_own_judges(example_store, tmp_path):
    strict = tmp_path / "strict.toml"
    shipped = (EXAMPLES.parent / "queries" / "profile.toml").read_text(encoding="utf-8")
    strict.write_text(shipped.replace("knowledge = 2", "knowledge = 4").replace("courses = 3", "courses = 2"), "utf-8")
    programme = find_programme(example_store, "460103")
    ours, theirs = analyse(example_store, programme), analyse(example_store, programme, load_profile(strict))
    counted = [Counter(finding.code for finding in found.findings) for found in (ours, theirs)]
    assert counted[1]["ZJ-C02"] > counted[0]["ZJ-C02"]
    assert counted[1]["ZJ-C05"] > counted[0]["ZJ-C05"]
    assert theirs.coverages[0].totals.all["items"].denominator == 77
