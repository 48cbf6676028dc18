"""The doubtful spots among the figures, bases and bodies of the scheme are modelled, not smoothed over."""

import pytest

from zhiji_kg.graph import assemble, shipped
from zhiji_kg.inference import infer
from zhiji_kg.queries import run
from zhiji_kg.rdf import DefaultGraph, Iri, Literal, Quad, Triple
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.vocabulary import DATA, DERIVED_FROM, LABEL, RDF_TYPE, curie, zj

EVERYTHING = {triple for triples in shipped().values() for triple in triples}
ABOUT, KIND, NOTE = zj("doubtAbout"), zj("doubtKind"), curie("skos:scopeNote")


def thing(path):
    return Iri(DATA + path)


def values(subject, property_):
    return {t.object for t in EVERYTHING if t.subject == thing(subject) and t.predicate == property_}


def only(subject, property_):
    (value,) = values(subject, property_)
    return value


def figure(fact):
    """Indicator, comparator, number, group and region of an observation."""
    of = f"observation/{fact}"
    parts = [only(of, zj(name)) for name in ("ofIndicator", "comparator", "figureValue", "ofGroup", "countedInRegion")]
    return tuple(part.value.removeprefix(DATA).rpartition("/")[2] for part in parts)


def asked(triples, name):
    return run(EmbeddedStore.in_memory(Quad(*triple, DefaultGraph()) for triple in triples), name)


# Doubtful spots


def test_five_member_types_and_four_sides_of_resources_stay_apart():
    members = values("organisation/zhi-ji-group", zj("hasMemberType"))
    sides = values("duty/GRP-9a", zj("integratesResourcesOf"))
    assert (len(members), len(sides)) == (5, 4)
    assert not members & sides
    assert only("doubt/members-and-resources", KIND) == thing("doubt-kind/unequal-lists")


def test_the_base_listed_twice_is_one_base_with_two_mentions_and_a_doubt():
    mentions = values("training-base/HON-B1", DERIVED_FROM)
    assert mentions == {thing("passage/HON-B1"), thing("passage/HON-B1-2")}
    assert thing("training-base/HON-B1") in values("doubt/base-listed-twice", ABOUT)
    named = [t for t in EVERYTHING if t.predicate == LABEL and t.object.value == "国家级智能制造生产性实训基地"]
    assert [t.subject for t in named] == [thing("training-base/HON-B1")]


def test_two_names_that_may_be_one_base_are_two_bases_linked_as_possibly_the_same():
    assert thing("training-base/HON-B7") in values("training-base/HON-B3", zj("possiblySameAs"))
    assert thing("training-base/HON-B3") in values("training-base/HON-B7", zj("possiblySameAs"))
    both = {thing("training-base/HON-B3"), thing("training-base/HON-B7")}
    assert values("doubt/high-skilled-talent-base", ABOUT) == both


def test_nothing_is_declared_identical():
    assert not [t for t in EVERYTHING if t.predicate == curie("owl:sameAs")]


def test_more_than_forty_schools_are_two_figures_of_two_areas():
    nationwide, nearby = figure("PRM-01"), figure("PRM-02")
    assert nationwide[:4] == nearby[:4] == ("using-schools", "more-than", "40", "using-schools")
    assert (nationwide[4], nearby[4]) == ("china", "sichuan-chongqing")
    assert only("doubt/forty-schools", KIND) == thing("doubt-kind/differing-scope")


REPEATED = {
    "provincial-experts": ("OUT-05", "OUT-27"),
    "national-technical-experts": ("OUT-03", "OUT-03-2"),
    "sichuan-technical-experts": ("OUT-06", "OUT-06-2"),
    "chengdu-craftsmen": ("OUT-07", "OUT-07-2", "OUT-30"),
}


@pytest.mark.parametrize("doubt", REPEATED)
def test_a_repeated_figure_is_an_observation_for_each_mention(doubt):
    figures = [figure(fact) for fact in REPEATED[doubt]]
    assert len({each[:3] for each in figures}) == 1, "one indicator, one comparator, one number"
    passages = {only(f"observation/{fact}", zj("statedIn")) for fact in REPEATED[doubt]}
    assert len(passages) == len(figures)
    assert values(f"doubt/{doubt}", ABOUT) == {thing(f"observation/{fact}") for fact in REPEATED[doubt]}
    assert only(f"doubt/{doubt}", KIND) == thing("doubt-kind/repeated-figure")


def test_the_experts_are_counted_among_talents_and_among_teachers():
    assert (figure("OUT-05")[3], figure("OUT-27")[3]) == ("trained-talents", "teachers")


def test_programmes_in_practice_and_plans_developed_are_different_things():
    programmes, plans = figure("CTX-21"), figure("OUT-14")
    assert (programmes[0], programmes[2]) == ("programmes-in-practice", "24")
    assert (plans[0], plans[2]) == ("integrated-plans", "43")
    assert only("observation/CTX-21", zj("inUnit")) != only("observation/OUT-14", zj("inUnit"))
    assert only("doubt/programmes-and-plans", KIND) == thing("doubt-kind/not-to-be-equated")


def test_the_doubt_about_bounds_names_every_bound_and_nothing_else():
    bounds = {
        t.subject for t in EVERYTHING if t.predicate == zj("comparator") and t.object == thing("comparator/more-than")
    }
    assert values("doubt/bounds", ABOUT) == bounds
    assert len(bounds) == 14


def test_the_doubled_word_is_kept_in_the_quotation_only():
    assert "日常日常" in only("passage/GRP-10b", zj("quotation")).value
    assert not [t for t in EVERYTHING if t.predicate == LABEL and "日常日常" in t.object.value]


def test_the_domestic_ranking_is_not_put_under_the_brics_ranking():
    assert values("ranking/international-competitions", zj("partOfRanking")) == {thing("ranking/brics-skills")}
    assert values("ranking/domestic-competitions", zj("partOfRanking")) == set()
    assert values("doubt/domestic-ranking", ABOUT) == {thing("ranking/domestic-competitions")}


def test_every_doubt_has_a_kind_a_reason_in_both_languages_and_rests_on_passages():
    doubts = {t.subject for t in EVERYTHING if t.predicate == RDF_TYPE and t.object == zj("DoubtfulSpot")}
    kinds = {t.subject for t in EVERYTHING if t.predicate == RDF_TYPE and t.object == zj("DoubtKind")}
    assert len(doubts) >= 13
    for doubt in doubts:
        path = doubt.value.removeprefix(DATA)
        assert values(path, KIND) <= kinds
        assert len(values(path, KIND)) == 1
        assert values(path, ABOUT)
        assert {note.language for note in values(path, NOTE) if isinstance(note, Literal)} == {"zh", "en"}
        assert all(passage.value.startswith(DATA + "passage/") for passage in values(path, DERIVED_FROM))


# The answers follow the graph


def test_without_one_shared_commitment_it_is_not_four_and_four():
    gone = Triple(thing("mechanism/four-unified-four-shared"), zj("setsCommitment"), thing("commitment/CEN-2G"))
    assert gone in EVERYTHING
    rows = asked(EVERYTHING - {gone}, "four-unified-four-shared")
    assert {(row["unifiedTotal"], row["sharedTotal"], row["asNamed"]) for row in rows} == {(4, 3, False)}
    assert {row["position"] for row in rows if row["shared"] is None} == {2}
    assert len(rows) == 18


def test_commitments_of_a_workbook_do_not_count_as_those_of_the_scheme():
    mine = thing("commitment/mine")
    added = {
        Triple(mine, RDF_TYPE, zj("Commitment")),
        Triple(mine, zj("ofCentre"), thing("centre/enrolment")),
        Triple(mine, zj("commitmentKind"), thing("commitment-kind/unified")),
    }
    rows = asked(EVERYTHING | added, "four-unified-four-shared")
    assert all(row["asNamed"] for row in rows)
    assert len(rows) == 18


@pytest.mark.parametrize(
    ("property_", "old", "new"),
    [
        ("figureValue", Literal("33", datatype=curie("xsd:decimal")), Literal("34", datatype=curie("xsd:decimal"))),
        ("comparator", Iri(DATA + "comparator/equal"), Iri(DATA + "comparator/more-than")),
    ],
)
def test_a_repeated_figure_with_another_value_or_comparator_disagrees(property_, old, new):
    subject = thing("observation/OUT-06-2")
    assert Triple(subject, zj(property_), old) in EVERYTHING
    changed = EVERYTHING - {Triple(subject, zj(property_), old)} | {Triple(subject, zj(property_), new)}
    agree = {row["subject"].rpartition("/")[2]: row["valuesAgree"] for row in asked(changed, "repeated-figures")}
    assert agree["sichuan-technical-experts"] is False
    assert agree["national-technical-experts"] is True


def test_repeated_figures_agree_in_value_and_three_of_them_differ_in_scope():
    rows = [row for row in asked(EVERYTHING, "repeated-figures") if row["valuesAgree"] is not None]
    scope = {row["subject"].rpartition("/")[2]: row["scopeAgrees"] for row in rows}
    assert all(row["valuesAgree"] for row in rows)
    assert {name for name, agrees in scope.items() if not agrees} == {
        "chengdu-craftsmen", "provincial-outstanding-experts", "using-schools",
    }  # fmt: skip
    assert len(scope) == 5


def test_the_link_of_possible_identity_goes_both_ways_by_inference_alone():
    _dataset, store = infer(assemble([]))
    linked = [row for row in run(store, "bases-and-platforms") if row["possiblySame"]]
    assert {row["item"] for row in linked} == {row["possiblySame"] for row in linked}
    assert len(linked) == 2
