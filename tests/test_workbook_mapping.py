"""From rows to triples: what the small workbook becomes, column by column."""

import pytest
from small_workbook import change, small, tables, write_csv, write_xlsx

from zhiji_kg.build import build, draft, hash_of
from zhiji_kg.rdf import DefaultGraph, Iri, Literal
from zhiji_kg.sources import read_source
from zhiji_kg.sources.tables import Table
from zhiji_kg.sources.workbook import is_workbook, read_workbook
from zhiji_kg.sources.workbook.layout import workbook_layout
from zhiji_kg.sources.workbook.mapping import edition_code, literal
from zhiji_kg.sources.workbook.rows import read_rows
from zhiji_kg.sources.workbook.rules import RULES, level_word
from zhiji_kg.store import open_store
from zhiji_kg.vocabulary import curie, entity, shorten, slug, zj

PREFIX = "https://w3id.org/zhiji/id/"


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    return read_source(small(tmp_path_factory.mktemp("mapping") / "book"))


def facts(reading, subject):
    """(property, value) of a thing: literals as text, IRIs shortened."""
    return {
        (shorten(t.predicate.value), shown(t.object)) for t in reading.triples if t.subject.value == PREFIX + subject
    }


def shown(term):
    if not isinstance(term, Literal):
        return shorten(term.value)
    return f"{term.value}@{term.language}" if term.language else term.value


BECOMES = {
    "programme/460103": {
        ("rdf:type", "zj:Programme"),
        ("rdfs:label", "数控技术@zh"),
        ("skos:notation", "460103"),
    },
    "programme-edition/460103-2024": {
        ("zj:editionYear", "2024"),
        ("zj:termCount", "6"),
        ("zj:onTrack", "zjd:track/higher-vocational"),
        ("zj:studyDuration", "三年"),
        ("skos:notation", "460103@2024"),
        ("zj:editionOf", "zjd:programme/460103"),
        ("zj:offeredBy", f"zjd:organisation/{slug('某学院')}"),
        ("zj:preparesFor", "zjd:occupation/6-18-01-01"),
        ("zj:hasTarget", "zjd:target/460103-2024-6-18-01-01"),
        ("zj:hasTarget", "zjd:target/460103-2024-C4"),
        ("zj:hasTarget", "zjd:target/460103-2024-C4-S2"),
        ("zj:locator", "专业!A2"),
        ("zj:evidenceGrade", "zjd:evidence-grade/inferred"),
        ("prov:wasDerivedFrom", "zjd:source/small"),
    },
    "course/460103-ZY1": {
        ("rdf:type", "zj:Course"),
        ("rdf:type", "zj:ProjectCourse"),
        ("rdfs:label", "数控车削@zh"),
        ("rdfs:label", "CNC turning@en"),
        ("skos:notation", "ZY1"),
        ("zj:hasDirectPrerequisite", "zjd:course/460103-GG1"),
        ("zj:hasDirectPrerequisite", "zjd:course/460103-GG2"),
        ("zj:hasCoverage", "zjd:coverage/460103-2024-ZY1-P2"),
    },
    "offering/460103-2024-ZY1": {
        ("zj:offeringOf", "zjd:course/460103-ZY1"),
        ("zj:inTerm", "3"),
        ("zj:inTerm", "4"),
        ("zj:lastTerm", "4"),
        ("zj:totalHours", "80"),
        ("zj:credits", "4"),
        ("zj:isCoreCourse", "true"),
        ("zj:inModule", "zjd:module/professional"),
        ("zj:courseNature", "zjd:course-nature/required"),
        ("zj:assessmentMode", "zjd:assessment-mode/examination"),
        ("zj:locator", "课程!A4"),
    },
    "offering/460103-2024-ZY3": {("zj:totalHours", "16"), ("zj:credits", "1")},
    "offering/460103-2024-GG2": {("zj:credits", "2.5"), ("zj:totalHours", "40")},
    "point/P3": {("rdf:type", "zj:SkillPoint"), ("zj:isPartOfPoint", "zjd:point/P2"), ("rdfs:label", "对刀@zh")},
    "coverage/460103-2024-GG1-P1": {
        ("zj:depth", "3"),
        ("zj:hours", "10"),
        ("zj:completionTerm", "1"),
        ("zj:isAssessed", "true"),
        ("zj:deliveryMode", "zjd:delivery-mode/lecture"),
        ("zj:deliveryMode", "zjd:delivery-mode/assessment"),
        ("zj:coversPoint", "zjd:point/P1"),
        ("zj:inOffering", "zjd:offering/460103-2024-GG1"),
        ("zj:reviewer", "张老师"),
        ("zj:reviewDate", "2026-09-01"),
        ("zj:locator", "覆盖!A2"),
    },
    "examination/460103-2024-P4": {
        ("rdf:type", "zj:Examination"),
        ("zj:examinedPoint", "zjd:point/P4"),
        ("zj:examinedProgramme", "zjd:programme-edition/460103-2024"),
        ("zj:examinationResult", "zjd:examination-result/no-match"),
    },
    "requirement/STD-R1": {
        ("zj:requiredPoint", "zjd:point/P1"),
        ("zj:leastDepth", "2"),
        ("zj:leastHours", "8"),
        ("zj:mustBeAssessed", "false"),
        ("zj:requirementKind", "zjd:requirement-kind/knowledge"),
        ("rdfs:label", "能看懂零件图@zh"),
    },
    "requirement/STD-R2-P2": {("zj:requiredPoint", "zjd:point/P2"), ("zj:leastDepth", "3"), ("skos:notation", "R2")},
    "requirement/STD-R2-P3": {("zj:requiredPoint", "zjd:point/P3"), ("zj:mustBeAssessed", "true")},
    "requirement/STD-R3": {("zj:requiredPoint", "zjd:point/x-31ef396065")},
    "point/x-31ef396065": {
        ("rdf:type", "zj:SkillPoint"),
        ("rdfs:label", "能检测零件@zh"),
        ("skos:notation", "STD/R3"),
    },
    "standard/STD": {
        ("rdf:type", "zj:OccupationalStandard"),
        ("zj:standardYear", "2018"),
        ("zj:standardFor", "zjd:occupation/6-18-01-01"),
    },
    "standard-level/STD-4": {
        ("zj:levelOf", "zjd:standard/STD"),
        ("zj:atSkillLevel", "zjd:skill-level/4"),
        ("zj:hasRequirement", "zjd:requirement/STD-R1"),
        ("zj:hasRequirement", "zjd:requirement/STD-R2-P3"),
        ("rdfs:label", "STD 四级/中级工@zh"),
        ("rdfs:label", "STD level 4@en"),
    },
    f"weight/STD-4-theory-{slug('准备')}": {
        ("zj:weightValue", "60"),
        ("zj:weightTable", "zjd:weight-table/theory"),
        ("zj:weightOfFunction", f"zjd:function/STD-4-{slug('准备')}"),
        ("zj:weightOfLevel", "zjd:standard-level/STD-4"),
    },
    "target/460103-2024-C4": {
        ("zj:targetSource", "zjd:standard-level/STD-4"),
        ("zj:dueFor", "zjd:certificate/C4"),
        ("zj:dueTerm", "4"),
    },
    "target/460103-2024-C4-S2": {
        ("zj:targetSource", "zjd:standard-level/STD-4"),
        ("zj:dueFor", "zjd:stage/S2"),
        ("zj:dueTerm", "3"),
    },
    "certificate/C4": {("zj:certifiesLevel", "zjd:skill-level/4"), ("zj:forStage", "zjd:stage/S2")},
    "stage/S2": {("zj:stageOrder", "2"), ("zj:recognisedBy", "zjd:recognition-rule/S2")},
    "recognition-rule/S2": {
        ("zj:requiresAttainment", "zjd:academic-attainment/higher-vocational-year-1"),
        ("zj:requiresSkillLevel", "zjd:skill-level/4"),
    },
    "task/T1": {("rdf:type", "zj:TypicalWorkTask"), ("zj:takenUpBy", "zjd:course/460103-ZY1"), ("zj:position", "1")},
    "requirement/task-T1": {("zj:requiredPoint", "zjd:point/P2"), ("zj:requirementKind", "zjd:requirement-kind/task")},
    "occupation/6-18-01-01": {
        ("zj:includesTask", "zjd:task/T1"),
        ("rdfs:label", "车工@zh"),
        ("zj:catalogueEdition", "2022"),
    },
    "source/small": {
        ("rdf:type", "zj:SourceDocument"),
        ("rdfs:label", "六门课的小工作簿@zh"),
        ("dcterms:identifier", "small"),
        ("zj:evidenceGrade", "zjd:evidence-grade/inferred"),
    },
}


@pytest.mark.parametrize("subject", BECOMES)
def test_a_row_becomes(subject, reading):
    assert BECOMES[subject] - facts(reading, subject) == set()


ABSENT = [
    ("coverage/460103-2024-ZY2-P2", "zj:completionTerm"),
    ("offering/460103-2024-ZY3", "zj:theoryHours"),
    ("requirement/STD-R2-P2", "zj:leastHours"),
    ("coverage/460103-2024-ZY1-P2", "zj:reviewer"),
    ("target/460103-2024-6-18-01-01", "zj:dueTerm"),
]


@pytest.mark.parametrize(("subject", "name"), ABSENT)
def test_an_empty_cell_says_nothing(subject, name, reading):
    known = facts(reading, subject)
    assert known
    assert name not in {key for key, _ in known}


def test_an_unknown_column_is_kept_as_a_note(tmp_path):
    reading = read_source(
        small(tmp_path / "b", set={"课程!O1": "备注", "课程!O2": "与企业合开", "职业标准!O1": "页", "职业标准!O2": "3"})
    )
    assert ("zj:note", "备注: 与企业合开") in facts(reading, "offering/460103-2024-GG1")
    assert ("zj:note", "页: 3") in facts(reading, "requirement/STD-R1")
    assert len([t for t in reading.triples if shorten(t.predicate.value) == "zj:note"]) == 2


def test_a_cell_without_a_heading_is_kept_under_its_letters(tmp_path):
    reading = read_source(small(tmp_path / "b", set={"课程!O2": "与企业合开"}))
    assert ("zj:note", "O: 与企业合开") in facts(reading, "offering/460103-2024-GG1")


def test_a_row_may_have_evidence_of_its_own(tmp_path):
    changes = {
        "要素点!F1": "证据等级",
        "要素点!F2": "直接",
        "要素点!G1": "可信度",
        "要素点!G2": "0.8",
        "要素点!H1": "出处",
        "要素点!H2": "第12页",
    }
    reading = read_source(small(tmp_path / "b", set=changes))
    assert {
        ("zj:evidenceGrade", "zjd:evidence-grade/direct"), ("zj:confidence", "0.8"), ("zj:statedEvidence", "第12页"),
    } <= facts(reading, "point/P1")  # fmt: skip
    assert ("zj:evidenceGrade", "zjd:evidence-grade/inferred") in facts(reading, "point/P2")


def test_codes_that_are_not_ascii_lead_to_the_same_things_from_every_sheet(tmp_path):
    """A programme 数控 has its courses, coverages, terms and certificate as one with a number has."""
    changes = {"专业!A2": "数控", "证书!A2": "数控", "阶段与认定!F2": "数控"}
    changes |= {f"课程!A{row}": "数控" for row in range(2, 8)} | {f"覆盖!A{row}": "数控" for row in range(2, 6)}
    book = small(tmp_path / "b", set=changes)
    reading = read_source(book)
    edition = f"programme-edition/{slug('数控')}-2024"
    offered = {value for name, value in facts(reading, edition) if name == "zj:hasOffering"}
    assert len(offered) == 6
    assert ("skos:notation", "数控@2024") in facts(reading, edition)
    build([book], tmp_path / "kg")
    rows = (
        open_store(tmp_path / "kg")
        .select(
            "PREFIX zj: <https://w3id.org/zhiji/ontology/> SELECT ?o { ?p a zj:ProgrammeEdition ; zj:termCount 6 ;"
            " zj:hasOffering ?o ; zj:hasTarget ?t . ?t zj:dueTerm 4 . ?e zj:examinedProgramme ?p }",
            {},
        )
        .rows
    )
    assert len(rows) == 6
    late = draft([small(tmp_path / "late", set=changes | {"证书!F2": "8"})])
    assert [problem.code for problem in late.errors] == ["term-beyond-plan"]


def test_two_editions_of_a_programme(tmp_path):
    sheets = tables()
    sheets["专业"].append(["460103", "2025", "数控技术", "某学院", "高职", "三年", "8"])
    for name in ("课程", "覆盖", "证书"):
        sheets[name] = [sheets[name][0]] + [
            [f"460103@{year}", *row[1:]] for year in (2024, 2025) for row in sheets[name][1:]
        ]
    sheets["阶段与认定"][1][5] = "460103@2025"
    reading = read_source(write_csv(tmp_path / "b", sheets))
    assert [p.code for p in reading.problems] == []
    assert ("zj:dueTerm", "3") in facts(reading, "target/460103-2025-C4-S2")
    assert facts(reading, "target/460103-2024-C4-S2") == set()
    assert draft([tmp_path / "b"]).errors == []


def test_an_edition_may_stand_in_another_workbook(tmp_path):
    plans = small(tmp_path / "plans", identifier="plans")
    certificates = change(tables(identifier="more"), remove=[s for s in tables() if s not in ("说明", "证书")])
    certificates["证书"][1][:2] = ["460103@2024", "C5"]
    more = write_csv(tmp_path / "more", certificates)
    assert draft([plans, more]).errors == []
    assert {problem.code for problem in draft([more]).errors} == {"unknown-entity"}


OTHERS = {
    "能力指标": (
        "指标代码,维度,名称,阶段,期望\nIND-1,强技能,能加工,S2,独立加工\n",
        "stage-expectation/IND-1-S2",
        ("zj:forIndicator", "zjd:indicator/IND-1"),
    ),
    "岗位": (
        "岗位代码,名称,职业编码\nPOST,操作工,6-18-01-01、6-18-01-02\n",
        "post/POST",
        ("zj:forOccupation", "zjd:occupation/6-18-01-02"),
    ),
    "组织": (
        "组织代码,名称,类型,上级\nO1,某校,学校,\nO2,某系,系部,O1\n",
        "organisation/O2",
        ("zj:partOfOrganisation", "zjd:organisation/O1"),
    ),
    "资源": (
        "资源代码,类型,名称,课程代码\nRES,教材,车削教材,ZY1、460103/ZY2\n",
        "resource/RES",
        ("zj:supportsCourse", "zjd:course/460103-ZY2"),
    ),
    "师资": (
        "教师代码,姓名,技能等级,课程代码\nT9,企业导师甲,技师,ZY1\n",
        "teacher/T9",
        ("zj:atSkillLevel", "zjd:skill-level/2"),
    ),
    "学习者": (
        "学习者代码,学业,证书,专业代码\nL1,中职学历,C4,460103\n",
        "learner/L1",
        ("zj:forProgramme", "zjd:programme-edition/460103-2024"),
    ),
    "成效": (
        "指标,届别,分子,分母\n就业率,2024届,95,100\n",
        f"outcome/{slug('就业率')}-{slug('2024届')}",
        ("zj:numerator", "95"),
    ),
    "共享承诺": (
        "中心,类别,内容\n教学管理中心,统,统一课程标准\n",
        f"commitment/teaching-management-unified-{slug('统一课程标准')}",
        ("zj:commitmentKind", "zjd:commitment-kind/unified"),
    ),
}


def test_learners_their_certificates_and_their_trades(tmp_path):
    """The record says what was achieved and issued; what follows from it is left to inference."""
    book = small(tmp_path / "b")
    learners = "学习者代码,学业,证书,专业代码,职业编码\nL1,中职学历、高职一年级学业,C4,460103,{}\nL2,中职学历,,,\n"
    (book / "学习者.csv").write_text(learners.format("6-18-01-01、6-18-01-02"), encoding="utf-8")
    (book / "组织.csv").write_text("组织代码,名称,类型\nO1,某鉴定所,鉴定机构\n", encoding="utf-8")
    awards = "学习者代码,证书代码,获证日期,发证单位,职业编码\nL1,C4,2026-06-30,O1,6-18-01-02\nL2,C4,,,\n"
    (book / "获证.csv").write_text(awards, encoding="utf-8")
    prepared = draft([book])
    told = [(problem.code, problem.severity, problem.where.cell) for problem in prepared.problems]
    assert told == [("unknown-occupation", "warning", "E2")]  # 6-18-01-02 stands in no sheet
    (reading,) = prepared.readings
    assert {
        ("rdf:type", "zj:Learner"),
        ("zj:achievedAttainment", "zjd:academic-attainment/secondary-vocational"),
        ("zj:achievedAttainment", "zjd:academic-attainment/higher-vocational-year-1"),
        ("zj:holdsCertificate", "zjd:certificate/C4"),
        ("zj:holdsAward", "zjd:award/L1-C4"),
        ("zj:forProgramme", "zjd:programme-edition/460103-2024"),
        ("zj:hasOwnTrade", "zjd:occupation/6-18-01-01"),
        ("zj:hasOwnTrade", "zjd:occupation/6-18-01-02"),
    } <= facts(reading, "learner/L1")
    assert {
        ("rdf:type", "zj:AwardedCertificate"),
        ("zj:awardOf", "zjd:certificate/C4"),
        ("zj:awardDate", "2026-06-30"),
        ("zj:awardedBy", "zjd:organisation/O1"),
        ("zj:awardedFor", "zjd:occupation/6-18-01-02"),
        ("zj:locator", "获证!A2"),
    } <= facts(reading, "award/L1-C4")
    assert ("zj:holdsAward", "zjd:award/L2-C4") in facts(reading, "learner/L2")
    assert not {name for name, _ in facts(reading, "award/L2-C4")} & {"zj:awardDate", "zj:awardedBy", "zj:awardedFor"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("L9,C4,2026-06-30,,", "unknown-entity"),
        ("L1,C9,2026-06-30,,", "unknown-entity"),
        ("L1,C4,,O9,", "unknown-entity"),
        ("L1,C4,六月,,", "not-a-date"),
        (",C4,,,", "required-cell-empty"),
        ("L1,C4,,,\nL1,C4,2026-06-30,,", "duplicate"),
    ],
)
def test_an_award_that_cannot_be(row, code, tmp_path):
    book = small(tmp_path / "b")
    (book / "学习者.csv").write_text("学习者代码,学业\nL1,中职学历\n", encoding="utf-8")
    (book / "获证.csv").write_text(f"学习者代码,证书代码,获证日期,发证单位,职业编码\n{row}\n", encoding="utf-8")
    (problem,) = draft([book]).problems
    assert problem.code == code
    assert str(problem.where).endswith(tuple(f"获证!{letter}{n}" for letter in "ABCD" for n in (2, 3)))


@pytest.mark.parametrize("sheet", OTHERS)
def test_the_other_sheets(sheet, tmp_path):
    content, subject, fact = OTHERS[sheet]
    book = small(tmp_path / "b")
    (book / f"{sheet}.csv").write_text(content, encoding="utf-8")
    prepared = draft([book])
    assert prepared.problems == []
    assert fact in facts(prepared.readings[0], subject)


def test_company_projects_are_hosted_by_organisations(tmp_path):
    book = small(tmp_path / "b")
    (book / "组织.csv").write_text("组织代码,名称,类型\nO1,某企业,企业\n", encoding="utf-8")
    project = "项目代码,名称,企业,课程代码,双进行动\nPRJ,轴,{},ZY1,企业项目进课程\n"
    (book / "企业项目.csv").write_text(project.format("O1"), encoding="utf-8")
    assert draft([book]).problems == []
    (book / "企业项目.csv").write_text(project.format("O7"), encoding="utf-8")
    (problem,) = draft([book]).problems
    assert (problem.code, problem.where.cell) == ("unknown-entity", "C2")


# Where in the graph


def test_every_thing_of_a_row_says_where_it_was_read(reading):
    wanted = {
        "Coverage",
        "Requirement",
        "CourseOffering",
        "ProgrammeEdition",
        "Examination",
        "ProgrammeTarget",
        "FunctionWeight",
    }
    for triple in reading.triples:
        if shorten(triple.predicate.value) == "rdf:type" and triple.object.value.rpartition("/")[2] in wanted:
            names = {name for name, _ in facts(reading, triple.subject.value.removeprefix(PREFIX))}
            assert {"zj:locator", "prov:wasDerivedFrom", "zj:evidenceGrade"} <= names, triple


def test_rows_keep_what_could_be_read_of_a_refused_one(tmp_path):
    layout = workbook_layout()
    head = ("要素点代码", "类型", "名称")
    rows = read_rows([Table("f", "要素点", (head, ("P1", "错", "甲"), ("P2", "知识点", "乙"), ("", "", "")))], layout)
    assert [row.values["point"] for row in rows.of("points")] == ["P2"]
    assert [row.values for row in rows.refused["points"]] == [{"point": "P1", "name": "甲"}]
    assert [row.locator for row in rows.written("points")] == ["要素点!A3", "要素点!A2"]
    assert rows.of("courses") == rows.written("courses") == []


def test_what_is_a_workbook():
    assert is_workbook([Table("f", "封面", ()), Table("f", " Courses ", ())])
    assert not is_workbook([Table("f", "封面", ())])


def test_a_workbook_is_named_by_itself_and_not_by_its_file(tmp_path):
    one, other = read_source(small(tmp_path / "a")), read_source(write_xlsx(tmp_path / "另 一.xlsx", tables()))
    assert one.identifier == other.identifier == "small"
    assert set(one.triples) == set(other.triples)
    assert other.files == (str(tmp_path / "另 一.xlsx"),)
    assert len(one.files) == 10


def test_read_workbook_takes_tables_from_anywhere():
    rows = (("项", "值"), ("workbook identifier", "x"), ("Evidence grade", "direct"), ("作者", "某人"))
    reading = read_workbook(None, [Table("somewhere", "about", rows)])
    assert (reading.identifier, reading.grade, reading.problems) == ("x", "direct", [])
    assert ("dcterms:creator", "某人") in facts(reading, "source/x")


def test_every_rule_is_of_a_sheet():
    assert set(RULES) <= set(workbook_layout().by_key)


@pytest.mark.parametrize(("level", "word"), [("4", "四级/中级工"), ("PT", "预备技师"), ("1", "一级/高级技师")])
def test_levels_have_their_words(level, word):
    assert level_word(workbook_layout(), level) == word


@pytest.mark.parametrize(("programme", "key"), [("460103", "460103-2024"), ("数控", f"{slug('数控')}-2024")])
def test_the_key_of_an_edition_is_a_part_of_longer_keys(programme, key):
    assert edition_code(programme, "2024") == key
    assert entity("programme-edition", programme, "2024") == entity("programme-edition", key)


def test_literals_by_the_type_of_the_cell():
    assert [literal(value).datatype.value.rpartition("#")[2] for value in (True, 3, "x")] == [
        "boolean",
        "integer",
        "string",
    ]


def test_the_graph_of_a_workbook_holds_no_blank_node(tmp_path):
    prepared = draft([small(tmp_path / "b")])
    for quad in prepared.dataset.quads():
        assert isinstance(quad.subject, Iri)
        assert isinstance(quad.object, Iri | Literal)
        assert isinstance(quad.graph_name, Iri | DefaultGraph)
    assert hash_of(prepared) == hash_of(draft([tmp_path / "b"]))
    assert curie("zj:note") == Iri("https://w3id.org/zhiji/ontology/note")


def test_standards_that_number_alike_do_not_share_their_points(tmp_path):
    """Requirement 1.1 of a turner and 1.1 of a welder are two things, and a course covers the one it names."""
    welder = {"职业标准!A2": "WELD", "职业标准!B2": "R3", "职业标准!J2": "能焊角焊缝", "职业标准!K2": ""}
    others = ["专业", "课程", "覆盖", "要素点", "权重", "证书", "阶段与认定", "典型工作任务"]
    sources = [
        small(tmp_path / "turner", append={"覆盖": [["460103", "ZY3", "STD/R3", "覆盖", "掌握"]]}),
        small(tmp_path / "welder", identifier="welder", remove=others, keep={"职业标准": 2}, set=welder),
    ]
    prepared = draft(sources)
    assert not prepared.errors
    points = {str(t.object) for t in prepared.dataset.default if t.predicate == zj("requiredPoint")}
    assert {str(entity("point", "STD/R3")), str(entity("point", "WELD/R3"))} <= points
    covered = {str(t.object) for t in prepared.dataset.default if t.predicate == zj("coversPoint")}
    assert str(entity("point", "WELD/R3")) not in covered


STAGES = ["专业", "课程", "覆盖", "要素点", "职业标准", "权重", "证书", "典型工作任务"]


def targets(sources):
    prepared = draft(sources)
    assert not prepared.errors
    return {str(t.object) for t in prepared.dataset.default if t.predicate == zj("dueFor")}


def test_a_stage_of_another_workbook_sets_its_due_term(tmp_path):
    plan = small(tmp_path / "plan", remove=["阶段与认定"])
    stages = small(tmp_path / "stages", identifier="stages", remove=STAGES)
    stage = str(entity("stage", "S2"))
    assert stage not in targets([plan])
    assert stage in targets([plan, stages])
    assert stage in targets([stages, plan])


def test_a_stage_is_paired_with_the_certificate_of_its_level(tmp_path):
    assert str(entity("stage", "S2")) in targets([small(tmp_path / "b", set={"证书!G2": ""})])


def test_a_stage_without_a_programme_speaks_of_the_plans_of_its_workbook(tmp_path):
    assert str(entity("stage", "S2")) in targets([small(tmp_path / "b", set={"阶段与认定!F2": ""})])


def test_a_prerequisite_belongs_to_its_edition(tmp_path):
    """The edition of 2026 has dropped it; the course keeps what some edition asks."""
    others = ["职业标准", "权重", "证书", "阶段与认定", "典型工作任务"]
    changed = {"专业!B2": "2026", "课程!N3": ""}
    newer = small(tmp_path / "newer", identifier="newer", remove=others, set=changed)
    triples = draft([small(tmp_path / "older"), newer]).dataset.default
    asked = {(str(t.subject), str(t.object)) for t in triples if t.predicate == zj("requiresEarlier")}
    earlier = str(entity("course", "460103", "GG1"))
    assert (str(entity("offering", "460103-2024", "GG2")), earlier) in asked
    assert (str(entity("offering", "460103-2026", "GG2")), earlier) not in asked
