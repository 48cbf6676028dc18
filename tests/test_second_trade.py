"""A second trade: the industrial-robot example goes through the code that was made for turning, unchanged.

It has no weight table, and its standard names an occupation code that the classification of 2022 replaced. What
the engine must say of it was worked out by hand, from the rows of the workbooks:

- level 4, due in term 3: R4-1-1, R4-1-2 and R4-2-2 covered; R4-2-1 taught to 2 where 3 is required (a rule) and
  R4-3-1 not assessed: partial; R4-3-2 examined, no match;
- level 3, due in term 4: R3-1-1 is finished in term 5: partial; R3-3-1 has neither coverage nor examination;
- of the seven main tasks of the occupation two are taken up, five not examined.
"""

import re

import pytest

from tests.finding_examples import store_of
from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.build import draft
from zhiji_kg.findings import STATES
from zhiji_kg.queries import run
from zhiji_kg.report.plain import findings_json
from zhiji_kg.resources import EXAMPLES, examples

FOLDERS = sorted((EXAMPLES / "industrial-robot").iterdir())
STATES_BY_HAND = {
    ("ROBOT-OPERATOR-2020@4", 3): (3, 2, 1, 0),
    ("ROBOT-OPERATOR-2020@3", 4): (0, 1, 0, 1),
    ("6-31-07-03", 6): (2, 0, 0, 5),
}
FINDINGS_BY_HAND = {
    ("ZJ-C01", "R4-3-2", None, None, None),
    ("ZJ-C02", "R4-2-1", "RB02", 2, 3),
    ("ZJ-C04", "R4-3-1", "RB03", False, True),
    ("ZJ-C03", "R3-1-1", "RB04", 5, 4),
    ("ZJ-C11", "R3-3-1", None, None, None),
    *((("ZJ-C11", f"6-31-07-03-{task}", None, None, None)) for task in (1, 4, 5, 6, 7)),
}
OF_CELLS = {"ZJ-C01", "ZJ-C02", "ZJ-C03", "ZJ-C04", "ZJ-C11", "ZJ-C14"}


@pytest.fixture(scope="module")
def robots():
    prepared = draft(FOLDERS)
    assert prepared.errors == []
    return store_of(prepared)


@pytest.fixture(scope="module")
def analysis(robots):
    return analyse(robots, find_programme(robots, "460305"))


def test_the_demo_does_not_read_it():
    assert len(FOLDERS) == 3
    assert set(FOLDERS).isdisjoint(examples())


def test_the_states_are_those_worked_by_hand(analysis):
    counted = {
        (coverage.target.source.code, coverage.target.due_term): tuple(
            int(coverage.totals.all["items"].of(state)) for state in STATES
        )
        for coverage in analysis.coverages
    }
    assert counted == STATES_BY_HAND


def test_the_findings_of_cells_are_those_worked_by_hand(analysis):
    found = [
        (f.code, f.subject.code, f.object.code if f.object else None, f.measured, f.threshold)
        for f in analysis.findings
        if f.code in OF_CELLS
    ]
    assert len(found) == len(FINDINGS_BY_HAND)
    assert set(found) == FINDINGS_BY_HAND


def test_without_a_weight_table_it_is_unweighted_and_says_so(analysis):
    assert [coverage.weighted for coverage in analysis.coverages] == [False] * 3
    assert {cell.weight for coverage in analysis.coverages for cell in coverage.cells} == {None}
    assert {code for finding in analysis.findings if (code := finding.code) in {"ZJ-D02", "ZJ-D03"}} == set()


def test_the_code_of_an_older_edition_is_another_occupation(robots):
    rows = run(robots, "entities-of-class", of_class=_occupation())
    iris = {str(value) for row in rows for value in row.values() if isinstance(value, str)}
    assert any(iri.endswith("occupation/6-31-07-03") for iri in iris)
    assert any(re.search(r"occupation/6-30-99-00-2015$", iri) for iri in iris)


def test_every_document_says_that_it_is_an_example(analysis):
    assert {document.grade for document in analysis.documents} == {"example"}
    assert analysis.example_documents == analysis.documents
    assert all("示例" in document.title for document in analysis.documents)
    assert "460305" in findings_json(analysis)


def _occupation():
    from zhiji_kg.vocabulary import zj

    return zj("Occupation")
