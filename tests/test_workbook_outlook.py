"""What workbooks tell each other before a row is written."""

from small_workbook import small

from zhiji_kg.sources.tables import read_tables
from zhiji_kg.sources.workbook.layout import workbook_layout
from zhiji_kg.sources.workbook.outlook import Outlook, look_ahead, together
from zhiji_kg.sources.workbook.rows import read_rows


def outlook(folder, **changes):
    return look_ahead(read_rows(read_tables(small(folder, **changes)), workbook_layout()))


def test_what_a_workbook_tells(tmp_path):
    told = outlook(tmp_path / "book")
    assert told.editions == {"460103": ["2024"]}
    assert told.term_counts == {("460103", "2024"): 6}
    assert told.course_owners == {code: ["460103"] for code in ("GG1", "GG2", "ZY1", "ZY2", "ZY3", "ZY4")}
    assert told.stage_terms == {("460103", "2024", "S2"): 3}
    assert told.stage_of_level == {"4": "S2"}
    assert told.certified == {"S2", "4"}
    assert not told.plans_lost


def test_a_stage_of_a_plan_told_elsewhere_waits_for_its_year(tmp_path):
    told = outlook(tmp_path / "book", remove=["专业", "课程", "覆盖"])
    assert told.stage_terms == {("460103", "*", "S2"): 3}


def test_a_stage_may_name_its_edition(tmp_path):
    told = outlook(tmp_path / "book", set={"阶段与认定!F2": "460103@2026"})
    assert told.stage_terms == {("460103", "2026", "S2"): 3}


def test_a_sheet_of_plans_that_cannot_be_read_is_lost(tmp_path):
    assert outlook(tmp_path / "book", set={"专业!A1": "代码"}).plans_lost
    assert outlook(tmp_path / "other", set={"专业!A2": ""}).plans_lost


def test_together_they_tell_all_and_the_first_goes_before():
    one = Outlook({"P": ["2024"]}, {("P", "2024"): 6}, {"C": ["P"]}, {("P", "2024", "S2"): 3}, {"4": "S2"}, {"4"})
    other = Outlook({"P": ["2024", "2026"]}, {("P", "2024"): 8}, {"C": ["Q"]}, {}, {"3": "S3"}, {"S3"}, plans_lost=True)
    whole = together([one, other])
    assert whole.editions == {"P": ["2024", "2026"]}
    assert whole.term_counts == {("P", "2024"): 6}
    assert whole.course_owners == {"C": ["P", "Q"]}
    assert whole.stage_of_level == {"4": "S2", "3": "S3"}
    assert whole.certified == {"4", "S3"}
    assert whole.plans_lost
    assert together([]) == Outlook()
