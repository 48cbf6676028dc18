"""The real classification, 2022 edition, where the workplace has it: what the command must find in it."""

from pathlib import Path

import pytest
from small_workbook import cli, told

from zhiji_kg.store import open_store

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "foreign" / "csco-2022" / "csco22.csv"
pytestmark = [
    pytest.mark.skipif(not FILE.is_file(), reason="the classification is not here (it is not ours to ship)"),
    pytest.mark.xdist_group("csco"),  # built once
]
ASK = "PREFIX zj: <https://w3id.org/zhiji/ontology/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT "
DOUBLED = ("2-03-01-00", "4-12-04-02", "5-03-00-00", "6-20-05-03")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    directory = tmp_path_factory.mktemp("csco") / "kg"
    return directory, cli("build", FILE, "--kg", directory)


def count(directory, pattern):
    (row,) = open_store(directory).select(f"{ASK} (COUNT(*) AS ?n) WHERE {{ {pattern} }}", {}).rows
    return int(row[0].value)


def test_four_warnings_and_no_more(built):
    done = built[1]
    out, err = told(done)
    assert done.returncode == 0
    assert len(err.splitlines()) == 4
    assert all(line.startswith("warning ") for line in err.splitlines())
    assert [code for code in DOUBLED if sum(code in line for line in err.splitlines()) == 1] == list(DOUBLED)
    assert "1632  Occupation" in out
    assert "10567  Typical work task" in out


@pytest.mark.parametrize(
    ("of_class", "number"), [("Occupation", 1632), ("TypicalWorkTask", 10567), ("Requirement", 10567)]
)
def test_as_many_as_there_are(built, of_class, number):
    assert count(built[0], f"?x a zj:{of_class}") == number


def test_the_cell_that_separates_its_items_otherwise(built):
    tasks = open_store(built[0]).select(
        f'{ASK} ?n WHERE {{ ?o skos:notation "4-05-02-02" ; zj:includesTask ?t . ?t zj:position ?n }}',
        {},
    )
    assert sorted(int(row[0].value) for row in tasks.rows) == list(range(1, 10))


def test_no_name_keeps_a_mark_or_a_separator(built):
    assert count(built[0], '?t a zj:TypicalWorkTask ; rdfs:label ?l FILTER(REGEX(?l, "^[0-9]+[.．]|[；;]$"))'.replace(
        "rdfs:label", "<http://www.w3.org/2000/01/rdf-schema#label>")) == 0  # fmt: skip


def test_every_occupation_has_a_group_that_is_there(built):
    assert count(built[0], "?o a zj:Occupation ; zj:inOccupationGroup ?g . ?g a zj:OccupationGroup") == 1632
