"""IRIs of ours: one way to write each, plain ASCII, and none that two things share by accident."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiji_kg.vocabulary import (
    DATA,
    INFERRED_GRAPH,
    LABEL,
    PREFIXES,
    curie,
    entity,
    module_graph,
    scheme_value,
    shorten,
    slug,
    source_graph,
    zj,
)

PLAIN = ["460103", "CNC-TURNER-2005", "a.b_c-1", "9"]
HASHED = ["数控", "", "a b", "-a", "a/b", "../x", "Ｐ１", "a\n", "é", "a@2024"]


@pytest.mark.parametrize("code", PLAIN)
def test_a_plain_code_is_itself(code):
    assert slug(code) == code


@pytest.mark.parametrize("code", HASHED)
def test_any_other_code_is_ten_digits_of_its_sha_256(code):
    assert slug(code) == f"x-{hashlib.sha256(code.encode()).hexdigest()[:10]}"


def test_the_digits_stay_the_same_for_ever():
    assert entity("point", "").value == "https://w3id.org/zhiji/id/point/x-e3b0c44298"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_code_gives_a_part_that_needs_no_escape(code):
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", slug(code))
    assert slug(slug(code)) == slug(code)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2, unique=True))
def test_two_codes_are_two_things(codes):
    one, other = codes
    assert entity("point", one) != entity("point", other)
    assert entity("point", one) != entity("course", one)


def test_an_entity_is_its_kind_and_its_codes():
    assert entity("course", "460103", "ZY101").value == "https://w3id.org/zhiji/id/course/460103-ZY101"
    assert scheme_value("evidence-grade/direct").value == DATA + "evidence-grade/direct"
    assert source_graph("csco-2022").value == DATA + "source/csco-2022"
    assert module_graph("core").value == "https://w3id.org/zhiji/module/core"
    assert INFERRED_GRAPH.value == DATA + "graph/inferred"


def test_names_with_and_without_a_prefix():
    assert curie("hasCoverage") == zj("hasCoverage")
    assert curie("rdfs:label") == LABEL
    assert zj("hasCoverage").value == "https://w3id.org/zhiji/ontology/hasCoverage"
    with pytest.raises(KeyError):
        curie("nothing:label")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_what_a_prefix_makes_short_it_makes_long_again(prefix):
    assert shorten(PREFIXES[prefix] + "name") == f"{prefix}:name"
    assert curie(f"{prefix}:name").value == PREFIXES[prefix] + "name"


def test_what_has_no_prefix_stays():
    assert shorten("http://example.org/x") == "http://example.org/x"


def test_no_namespace_begins_another():
    for one in PREFIXES.values():
        assert not [other for other in PREFIXES.values() if other != one and other.startswith(one)]
