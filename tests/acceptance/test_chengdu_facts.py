"""The scheme as data against the collected facts and the source text itself, where ``../shared`` is at hand."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from zhiji_kg.graph import shipped
from zhiji_kg.rdf import Iri
from zhiji_kg.vocabulary import DATA, NOTATION, source_graph, zj

SHARED = Path(__file__).resolve().parents[3] / "shared/data/domain"
needs_facts = pytest.mark.skipif(not SHARED.is_dir(), reason="the source text and its facts are not at hand")

SAID = set(shipped()[source_graph("chengdu-scheme")])
OBJECTS, RESTING = defaultdict(set), defaultdict(set)
for _triple in SAID:
    OBJECTS[_triple.subject, _triple.predicate].add(_triple.object)
    RESTING[_triple.object].add(_triple.subject)


def facts():
    return json.loads((SHARED / "seed_facts.json").read_text(encoding="utf-8"))["facts"] if SHARED.is_dir() else []


def without_spaces(text):
    return re.sub(r"\s+", "", text)


def quotations():
    """By code of a passage, its words."""
    codes = {subject: codes for (subject, predicate), codes in OBJECTS.items() if predicate == NOTATION}
    words = {subject: words for (subject, predicate), words in OBJECTS.items() if predicate == zj("quotation")}
    return {code.value: said.value for subject, (said,) in words.items() for code in codes[subject]}


QUOTED = quotations()


@needs_facts
def test_the_facts_are_those_that_were_collected():
    listed = (Path(__file__).parents[1] / "chengdu_facts.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.partition(",")[0] for line in listed] == [fact["id"] for fact in facts()]


@needs_facts
@pytest.mark.parametrize("fact", facts(), ids=lambda fact: fact["id"])
def test_a_fact_s_passage_quotes_its_evidence_word_for_word(fact):
    assert QUOTED[fact["id"]] == fact["evidence"]


@needs_facts
def test_every_quotation_stands_in_the_source_text():
    text = without_spaces((SHARED / "source_text.txt").read_text(encoding="utf-8"))
    assert not {code for code, words in QUOTED.items() if without_spaces(words) not in text}


@needs_facts
@pytest.mark.parametrize("fact", [f for f in facts() if "year" in f], ids=lambda fact: fact["id"])
def test_the_year_of_a_fact_is_said_of_something_that_rests_on_its_passage(fact):
    assert {int(year) for year in re.findall(r"\d{4}", str(fact["year"]))} <= numbers_about(fact["id"])


@needs_facts
@pytest.mark.parametrize("fact", [f for f in facts() if "value" in f], ids=lambda fact: fact["id"])
def test_the_value_of_a_fact_is_said_of_something_that_rests_on_its_passage(fact):
    assert float(fact["value"]) in numbers_about(fact["id"])


@needs_facts
@pytest.mark.parametrize("fact", [f for f in facts() if f.get("unit", "order") != "order"], ids=lambda fact: fact["id"])
def test_more_than_is_never_smoothed_into_equal(fact):
    about = RESTING[Iri(f"{DATA}passage/{fact['id']}")]
    comparators = {term.value for subject in about for term in OBJECTS.get((subject, zj("comparator")), ())}
    assert comparators == {DATA + "comparator/" + {"=": "equal", ">": "more-than"}[fact["comparator"]]}


def numbers_about(code):
    """The numbers said of what rests on a passage."""
    about = RESTING[Iri(f"{DATA}passage/{code}")]
    return {number(term) for (subject, _), terms in OBJECTS.items() if subject in about for term in terms}


def number(term):
    try:
        return float(term.value)
    except (AttributeError, ValueError):
        return None
