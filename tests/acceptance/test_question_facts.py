"""The competency questions against the collected ones, where ``../shared`` is at hand."""

import json
from pathlib import Path

import pytest

from zhiji_kg.queries import competency_questions

COLLECTED = Path(__file__).resolve().parents[3] / "shared/data/domain/competency_questions.json"
pytestmark = pytest.mark.skipif(not COLLECTED.is_file(), reason="the collected competency questions are not at hand")


def collected():
    return json.loads(COLLECTED.read_text(encoding="utf-8"))["competency_questions"]


def test_every_question_is_answered():
    assert sorted(competency_questions()) == sorted(entry["id"] for entry in collected())


def test_each_names_the_facts_it_was_collected_with():
    named = {number: set(query.facts) for number, query in competency_questions().items()}
    assert named == {entry["id"]: set(entry["facts"]) for entry in collected()}
