"""The engine against cases worked by hand: ``examples/cell-cases.csv`` and ``cell-totals.csv``."""

import csv
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest

from zhiji_kg.analysis import load_profile
from zhiji_kg.analysis.gaps import codes_of
from zhiji_kg.analysis.measure import judge_cells
from zhiji_kg.analysis.totals import totals, weights_without_items
from zhiji_kg.findings import Evidence, Offer, Requirement, Thing
from zhiji_kg.resources import EXAMPLES
from zhiji_kg.texts import Text


def rows(name):
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CASES = defaultdict(list)
for _row in rows("cell-cases.csv"):
    CASES[_row["case"]].append(_row)
TOTALS = defaultdict(list)
for _row in rows("cell-totals.csv"):
    TOTALS[_row["case"]].append(_row)


def optional(convert, written):
    return convert(written) if written else None


def offer_of(entry, place):
    course, *tokens = entry.split()
    told = {token[0]: token[1:] for token in tokens if token[0] in "dht" and token not in ("direct",)}
    grade = next(t for t in tokens if t in ("direct", "rule", "inferred", "example"))
    evidence = Evidence(f"{course}#{place}", grade=grade, reviewer="张三" if "rev" in tokens else "")
    return Offer(
        coverage=evidence,
        course=Thing(course, course),
        last_term=int(told["t"]),
        depth=optional(int, told.get("d")),
        hours=optional(float, told.get("h")),
        assessed="a" in tokens,
    )


def requirement_of(row):
    function = Thing(row["function"], row["function"], Text(row["function"], "")) if row["function"] else None
    return Requirement(
        thing=Thing(row["item"], row["item"]),
        kind=row["kind"],
        point=Thing(f"point-{row['item']}"),
        evidence=Evidence(row["item"]),
        function=function,
        least_depth=optional(int, row["least_depth"]),
        least_hours=optional(float, row["least_hours"]),
        must_be_assessed=row["must_assess"] == "yes",
    )


def weights_of(case):
    tables = {}
    for row in TOTALS[case]:
        if row["table"] != "items":
            pairs = (pair.split("=") for pair in row["weights"].split(";") if pair.strip())
            tables[row["table"]] = {name.strip(): Fraction(Decimal(weight.strip())) for name, weight in pairs}
    return tables


def cells_of(case):
    written = CASES[case]
    offers = {
        row["item"]: [offer_of(e, n) for n, e in enumerate(row["coverages"].split(";")) if e.strip()] for row in written
    }
    examinations = {f"point-{r['item']}": [Evidence("examination")] for r in written if r["examined"] == "no-match"}
    due = int(written[0]["due_term"] or written[0]["term_count"])
    requirements = [requirement_of(row) for row in written]
    return judge_cells(requirements, offers, examinations, weights_of(case), due, load_profile())


ITEMS = [(case, row) for case, written in CASES.items() for row in written]


def test_there_are_cases_enough():
    assert len(ITEMS) >= 24
    assert {row["state"] for _, row in ITEMS} == {"covered", "partial", "no-match", "not-examined"}


@pytest.mark.parametrize(("case", "row"), ITEMS, ids=[row["item"] for _, row in ITEMS])
def test_cell(case, row):
    cell = next(cell for cell in cells_of(case) if cell.requirement.thing.code == row["item"])
    assert cell.verdict.state == row["state"], row["note"]
    assert codes_of(cell) == row["codes"].split(), row["note"]
    chosen = cell.verdict.chosen
    assert (chosen.course.code if chosen else "") == row["chosen"], row["note"]
    assert cell.reviewed.state == row["reviewed_state"], row["note"]
    for table in ("theory", "skills"):
        share = cell.weight if cell.requirement.table == table else None
        assert shown(share) == (row[f"{table}_weight"] and shown(Fraction(row[f"{table}_weight"]))), row["note"]


def shown(share):
    return "" if share is None else f"{float(round(share, 4)):.4f}"


TOTAL_ROWS = [(case, row) for case, written in TOTALS.items() for row in written]


@pytest.mark.parametrize(
    ("case", "row"), TOTAL_ROWS, ids=[f"{r['case']}-{r['table']}-{r['reading']}" for _, r in TOTAL_ROWS]
)
def test_totals(case, row):
    cells, weights = cells_of(case), weights_of(case)
    tally = getattr(totals(cells, weights), row["reading"]).get(row["table"])
    figures = {
        "covered": tally.covered,
        "partial": tally.partial,
        "no_match": tally.no_match,
        "not_examined": tally.not_examined,
        "denominator": tally.denominator,
        "known_gap": tally.known_gap,
        "upper_bound": tally.upper_bound,
    }
    assert {key: shown(value) for key, value in figures.items()} == {key: shown(Fraction(row[key])) for key in figures}
    assert shown(tally.stated) == (row["stated_total"] and shown(Fraction(row["stated_total"])))
    if row["reading"] == "all" and row["table"] != "items":
        assert set(row["findings"].split()) == set(table_findings(row["table"], cells, weights))


def table_findings(table, cells, weights):
    if sum(weights[table].values()) != 100:
        yield "ZJ-D02"
    for of, function in weights_without_items([cell.requirement for cell in cells], weights):
        if of == table:
            yield f"ZJ-D03:{function}"


@pytest.mark.parametrize("case", CASES)
def test_the_states_add_up_to_what_is_required(case):
    cells = cells_of(case)
    assert totals(cells, {}).all["items"].denominator == len(cells)
