"""What readers hand on, and how a source's format is told."""

import pytest
from small_workbook import small

from zhiji_kg.errors import Address, UnreadableError
from zhiji_kg.rdf import text
from zhiji_kg.sources import FORMATS, Reading, Reference, read_source
from zhiji_kg.sources.occupations import CURRENT_EDITION, state_occupation
from zhiji_kg.sources.reading import Reading as ReadingOfItsModule
from zhiji_kg.vocabulary import LABEL, entity, zj

CLASSIFICATION = "level,code,name,definition,tasks\n4,9-01-01-01,甲工,,1.做甲\n"


def test_a_reading_collects_triples_and_problems():
    reading = ReadingOfItsModule("x", ("f.csv",))
    reading.add(entity("point", "P"), LABEL, text("甲", "zh"))
    reading.report("duplicate", Address("f.csv", "课程", "A2"), key="P", first="A1")
    reading.report("hours-disagree", Address("f.csv"), "warning", total=1, parts=2)
    assert [str(triple.object) for triple in reading.triples] == ['"甲"@zh']
    assert [problem.severity for problem in reading.problems] == ["error", "warning"]
    assert [problem.code for problem in reading.errors()] == ["duplicate"]
    assert reading.grade == "example"  # nothing is believed that does not say what it is


def test_two_readings_share_nothing():
    one, other = Reading("a", ()), Reading("b", ())
    one.add(entity("point", "P"), LABEL, text("甲"))
    one.refused.add(entity("point", "P"))
    one.references.append(Reference(entity("point", "P"), zj("Course"), Address("f"), "P"))
    assert (other.triples, other.references, other.refused, other.places) == ([], [], set(), {})


def test_the_format_is_told_by_content(tmp_path):
    (tmp_path / "any name.csv").write_text(CLASSIFICATION, encoding="utf-8")
    assert read_source(tmp_path / "any name.csv").identifier == "csco-2022"
    assert read_source(small(tmp_path / "book")).identifier == "small"
    assert set(FORMATS) == {"workbook", "csco"}


def test_a_folder_of_one_file_is_told_by_content_too(tmp_path):
    (tmp_path / "one.csv").write_text(CLASSIFICATION, encoding="utf-8")
    assert read_source(tmp_path).identifier == "csco-2022"


@pytest.mark.parametrize(
    ("form", "problem"),
    [("csco", "not-the-format"), ("workbook", None), (None, None)],
    ids=["csco", "workbook", "told"],
)
def test_a_format_may_be_named(form, problem, tmp_path):
    book = small(tmp_path / "book")
    if problem is None:
        assert read_source(book, form).identifier == "small"
    else:
        with pytest.raises(UnreadableError) as caught:
            read_source(book, form)
        assert caught.value.problems[0].code == problem


def test_one_sheet_of_a_workbook_alone_has_no_identifier(tmp_path):
    book = small(tmp_path / "book")
    assert [problem.code for problem in read_source(book / "课程.csv").problems] == ["no-identifier"]


EDITIONS = [
    (CURRENT_EDITION, "occupation/6-18-01-01", "2022"),
    ("2022年版", "occupation/6-18-01-01", "2022"),
    ("1999", "occupation/6-18-01-01-1999", "1999"),
    ("大典（2015版）", "occupation/6-18-01-01-2015", "2015"),
    ("first", "occupation/6-18-01-01-first", "first"),
]


@pytest.mark.parametrize(("edition", "iri", "year"), EDITIONS)
def test_an_occupation_is_that_of_its_edition(edition, iri, year):
    reading = Reading("x", ())
    occupation = state_occupation(reading, "6-18-01-01", edition)
    assert occupation.value.endswith(f"/id/{iri}")
    stated = {triple.predicate: triple.object for triple in reading.triples}
    assert stated[zj("catalogueEdition")] == text(year)
    assert LABEL not in stated


def test_an_occupation_has_the_name_the_source_tells():
    reading = Reading("x", ())
    state_occupation(reading, "6-18-01-01", name="车工")
    assert text("车工", "zh") in {triple.object for triple in reading.triples if triple.predicate == LABEL}
