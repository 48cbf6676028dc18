"""Mappings to the terms of others: triples and SSSOM, there and back."""

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from zhiji_kg.errors import UnreadableError
from zhiji_kg.graph import ontology
from zhiji_kg.rdf import Iri, Triple, parse_turtle
from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.sssom import (
    BUILT_IN,
    CURIES,
    RELATIONS,
    Correspondence,
    compact,
    from_triples,
    in_order,
    read_sssom,
    shipped_mappings,
    to_triples,
    write_sssom,
    write_turtle,
)
from zhiji_kg.vocabulary import LABEL, RDF_TYPE, curie, zj

TABLE = ONTOLOGY / "alignment.sssom.tsv"
# The slots of a mapping that SSSOM 1.1 knows, in its order, as far as we use them
# (sssom_schema.yaml of mapping-commons/sssom); subject, predicate, object and justification are required.
SSSOM_SLOTS = [
    "record_id",
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "confidence",
    "comment",
]
MINIMAL = (
    "#curie_map:\n#  a: https://example.org/a/\n#license: https://creativecommons.org/licenses/by/4.0/\n"
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    "a:x\tskos:closeMatch\ta:y\tsemapv:ManualMappingCuration\n"
)


def as_set(mappings):
    return set(in_order(mappings))


def read_text(text, folder, name="some.sssom.tsv"):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_sssom(path)


# What is shipped


def test_the_shipped_table_is_the_one_the_module_gives():
    assert TABLE.read_text(encoding="utf-8") == write_sssom(shipped_mappings())


def test_the_shipped_table_read_back_gives_the_same_mappings_and_the_same_triples():
    read = read_sssom(TABLE)
    assert read == shipped_mappings()
    module = set(ontology()["alignment"])
    assert set(to_triples(read)) <= module
    mapped = {t for t in module if t.predicate in RELATIONS}
    assert mapped == {t for t in to_triples(read) if t.predicate in RELATIONS}
    nodes = {t.subject for t in module if t.predicate == RDF_TYPE and t.object == zj("Mapping")}
    assert {t for t in module if t.subject in nodes} == {t for t in to_triples(read) if t.subject in nodes}


def test_turtle_of_the_table_says_what_the_module_says(tmp_path):
    path = tmp_path / "mappings.ttl"
    path.write_text(write_turtle(read_sssom(TABLE)), encoding="utf-8")
    assert set(parse_turtle(path)) == set(to_triples(shipped_mappings()))
    assert write_turtle(shipped_mappings()) == path.read_text(encoding="utf-8")


def test_the_table_is_sssom():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    assert lines[: len(header)] == header
    assert header[0] == "#curie_map:"
    keys = [line[1:].partition(":")[0] for line in header if not line.startswith("# ")]
    assert keys == [
        "curie_map",
        "sssom_version",
        "mapping_set_id",
        "mapping_set_version",
        "mapping_set_title",
        "creator_label",
        "license",
        "extension_definitions",
    ]
    columns = lines[len(header)].split("\t")
    assert columns[: len(SSSOM_SLOTS)] == SSSOM_SLOTS
    declared = [line.partition("slot_name: ")[2] for line in header if "slot_name" in line]
    assert columns[len(SSSOM_SLOTS) :] == declared
    rows = list(csv.DictReader(lines[len(header) :], delimiter="\t"))
    assert [list(row.values()) for row in rows] == sorted(list(row.values()) for row in rows)
    prefixes = {line.split(":")[0].strip("# ") for line in header if line.startswith("#  ") and "slot" not in line}
    used = {
        value.partition(":")[0]
        for row in rows
        for slot, value in row.items()
        if slot in ("record_id", "subject_id", "predicate_id", "object_id", "mapping_justification", "status")
    }
    assert used - prefixes == {"skos", "semapv"}  # built in
    assert not prefixes & BUILT_IN.keys()


def test_every_mapping_is_a_proposal_with_reason_enough():
    mappings = shipped_mappings()
    assert len(mappings) > 70
    assert len({m.record_id for m in mappings}) == len(mappings)
    assert len({(m.subject_id, m.predicate_id, m.object_id) for m in mappings}) == len(mappings)
    for m in mappings:
        assert Iri(m.predicate_id) in RELATIONS
        assert m.mapping_justification == BUILT_IN["semapv"] + "ManualMappingCuration"
        assert m.status.endswith("/draft")
        assert 0 < m.confidence < 1
        assert m.author_label
        assert m.subject_label
        assert re.search("[\u4e00-\u9fff]", m.subject_label_zh)
        assert bool(m.comment) == bool(m.comment_zh)
        assert m.confidence >= Decimal("0.6") or m.comment  # a doubtful one says why


def test_every_vocabulary_of_the_issue_is_mapped_to():
    found = {compact(m.object_id).partition(":")[0] for m in shipped_mappings()}
    assert found >= {"esco", "esco-occupation", "isco", "ceterms", "ceasn", "asn", "elm", "eqf", "schema"}


def test_levels_are_mapped_to_the_eqf_as_proposals_only():
    levels = [m for m in shipped_mappings() if "/eqf/" in m.object_id]
    assert len(levels) >= 10
    assert {m.predicate_id for m in levels} == {curie("skos:relatedMatch").value}
    assert {m.confidence for m in levels} == {Decimal("0.3")}
    assert all("proposal" in m.comment and "建议" in m.comment_zh for m in levels)


def test_six_occupations_are_mapped_and_put_into_nobody_s_graph():
    """A mapping names an occupation by the IRI its reader gives it; only a source makes it an entity of a graph."""
    module = ontology()["alignment"]
    assert not [t for t in module if t.predicate == RDF_TYPE and t.object == zj("Occupation")]
    mapped = {m.subject_id: m for m in shipped_mappings() if "/id/occupation/" in m.subject_id}
    assert {iri.rpartition("/")[2] for iri in mapped} == {
        "6-18-01-01",
        "6-04-01-01-1999",
        "6-31-01-03",
        "6-31-07-03",
        "6-30-99-00-2015",
        "6-31-07-01",
    }
    assert all(mapping.subject_label and mapping.subject_label_zh for mapping in mapped.values())
    esco = {m.object_id for m in shipped_mappings() if m.object_id.startswith(CURIES["esco-occupation"])}
    assert len(esco) == 8


def test_nothing_is_made_equal_for_a_reasoner():
    forbidden = {"owl:equivalentClass", "owl:equivalentProperty", "owl:sameAs", "skos:exactMatch"}
    triples = ontology()["alignment"]
    assert not [t for t in triples if t.predicate in set(map(curie, forbidden))]
    kinds = {t.object for t in triples if t.subject in RELATIONS and t.predicate == RDF_TYPE}
    assert kinds == {curie("owl:AnnotationProperty")}
    assert not [
        t for t in triples if "genid" in str(t.subject) and t.predicate == RDF_TYPE and "Disjoint" not in str(t)
    ]


# There and back

WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\t\n\"'|#:，\u2028\x85"), max_size=20
)
LOCAL = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
SPACES = sorted({**CURIES, **BUILT_IN}.values())
IRIS = st.builds(str.__add__, st.sampled_from(SPACES), LOCAL)
CONFIDENCE = st.none() | st.decimals(0, 1, places=3).map(lambda d: Decimal(str(d)).normalize())
MAPPINGS = st.builds(
    Correspondence,
    record_id=st.builds("{}mapping/{}".format, st.just(CURIES["zjd"]), LOCAL),
    subject_id=IRIS,
    subject_label=WORDS,
    predicate_id=st.sampled_from([relation.value for relation in RELATIONS]),
    object_id=IRIS,
    object_label=WORDS,
    mapping_justification=st.just(BUILT_IN["semapv"] + "ManualMappingCuration"),
    author_label=WORDS,
    confidence=CONFIDENCE,
    comment=WORDS,
    status=st.just("") | st.just(CURIES["bibo"] + "status/draft"),
    subject_label_zh=WORDS,
    comment_zh=WORDS,
)
SETS = st.lists(MAPPINGS, max_size=5, unique_by=lambda m: m.record_id)


def plain(mapping):
    """One mapping whose words need quoting."""
    words = dict.fromkeys(("subject_label", "object_label", "author_label", "comment"), 'a "b"\tc\nd')
    return Correspondence(
        record_id=CURIES["zjd"] + "mapping/m",
        subject_id=CURIES["zj"] + "Course",
        predicate_id=RELATIONS[0].value,
        object_id=CURIES["schema"] + "Course",
        mapping_justification=BUILT_IN["semapv"] + "ManualMappingCuration",
        confidence=Decimal("0"),
        status="",
        subject_label_zh="课程",
        comment_zh="",
        **words,
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SETS)
@example([plain(None)])
def test_what_is_written_is_read_back(tmp_path, mappings):
    written = write_sssom(mappings)
    assert read_text(written, tmp_path) == in_order(mappings)
    assert write_sssom(read_text(written, tmp_path)) == written
    assert write_sssom(reversed(mappings)) == written


@settings(max_examples=50)
@given(SETS)
@example([plain(None)])
def test_triples_and_back(mappings):
    """A subject has one label, in the graph as in life; so the labels are taken from the first mapping of each."""
    first = {}
    labels = []
    for m in mappings:
        if m.subject_id not in first:
            first[m.subject_id] = m
            for language, label in (("en", m.subject_label), ("zh", m.subject_label_zh)):
                labels += (
                    [Triple(Iri(m.subject_id), LABEL, type(text_of(""))(label, language=language))] if label else []
                )
    back = from_triples(to_triples(mappings), labels)
    expected = [
        Correspondence(**{slot: getattr(m, slot) for slot in Correspondence.__dataclass_fields__} | {
            "subject_label": first[m.subject_id].subject_label,
            "subject_label_zh": first[m.subject_id].subject_label_zh,
        })
        for m in mappings
    ]  # fmt: skip
    assert back == in_order(expected)


def text_of(value):
    from zhiji_kg.rdf import text

    return text(value)


# Tables of others


def test_a_minimal_table_of_another_hand(tmp_path):
    (one,) = read_text(MINIMAL, tmp_path)
    assert (one.subject_id, one.object_id) == ("https://example.org/a/x", "https://example.org/a/y")
    assert one.record_id.startswith(CURIES["zjd"] + "mapping/")
    assert (one.confidence, one.comment, one.status) == (None, "", "")
    assert read_text(MINIMAL, tmp_path)[0].record_id == one.record_id
    assert all(zj("confidence") != t.predicate for t in to_triples([one]))


VARIANTS = {
    "spaces before the YAML": MINIMAL.replace("#", "# "),
    "quoted IRIs": MINIMAL.replace("https://example.org/a/", '"https://example.org/a/"'),
    "an unknown column": MINIMAL.replace("justification\n", "justification\tmood\n").replace(
        "ation\n", "ation\tgood\n", 2
    ),
    "Windows line ends": MINIMAL.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + MINIMAL,
    "the map is not first": MINIMAL.replace("#curie_map", "#mapping_set_id: https://example.org/set\n#curie_map"),
}


@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS)
def test_what_the_standard_allows_is_read(tmp_path, text):
    assert read_text(text, tmp_path) == read_text(MINIMAL, tmp_path, "minimal.tsv")


REFUSED = {
    "an unknown prefix": (MINIMAL.replace("a:y", "b:y"), "sssom-curie", ":5"),
    "an IRI in full": (MINIMAL.replace("a:y", "https://example.org/a/y"), "sssom-curie", ":5"),
    "no CURIE": (MINIMAL.replace("a:y", "y"), "sssom-curie", ":5"),
    "no object": (MINIMAL.replace("a:y", ""), "sssom-curie", ":5"),
    "a space in it": (MINIMAL.replace("a:y", "a:y z"), "sssom-curie", ":5"),
    "exactMatch": (MINIMAL.replace("close", "exact"), "sssom-relation", ":5"),
    "no column of justification": (MINIMAL.replace("mapping_just", "just"), "not-sssom", ""),
    "no table": ("", "not-sssom", ""),
    "the same column twice": (MINIMAL.replace("_justification", "_justification\tobject_id"), "not-sssom", ""),
    "the same record twice": (
        MINIMAL + MINIMAL.splitlines(keepends=True)[-1],
        "not-sssom",
        ":6",
    ),
    "a quote without end": (MINIMAL.replace("a:x", '"a:x'), "not-sssom", ":5"),
    "not UTF-8": (MINIMAL.encode("utf-16"), "not-sssom", ""),
}


@pytest.mark.parametrize(("text", "code", "line"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_good_is_refused_with_its_line(tmp_path, text, code, line):
    with pytest.raises(UnreadableError) as caught:
        read_text(text, tmp_path)
    problem = caught.value.problems[0]
    assert problem.code == code
    assert str(problem.where).endswith(f"some.sssom.tsv{line}")


@pytest.mark.parametrize(("written", "good"), [("0", True), ("1", True), ("0.25", True), ("", True), ("1.01", False),
                                               ("-0.1", False), ("NaN", False), ("much", False)])  # fmt: skip
def test_a_confidence_is_from_0_to_1(tmp_path, written, good):
    text = MINIMAL.replace("justification\n", "justification\tconfidence\n")
    text = text.removesuffix("\n") + f"\t{written}\n"
    if good:
        assert read_text(text, tmp_path)[0].confidence == (Decimal(written) if written else None)
    else:
        with pytest.raises(UnreadableError) as caught:
            read_text(text, tmp_path)
        assert caught.value.problems[0].code == "sssom-confidence"


def test_a_file_that_is_not_there(tmp_path):
    for path, code in ((tmp_path / "nowhere.tsv", "missing-file"), (tmp_path, "cannot-open")):
        with pytest.raises(UnreadableError) as caught:
            read_sssom(path)
        assert [(p.code, str(p.where)) for p in caught.value.problems] == [(code, str(path))]


def test_the_longest_prefix_names_an_iri():
    assert compact("https://w3id.org/zhiji/id/occupation/6-18-01-01") == "zjd:occupation/6-18-01-01"
    assert compact("http://data.europa.eu/esco/isco/C7223") == "isco:C7223"
    assert compact("https://example.org/") == "https://example.org/"
    assert compact("https://example.org/a/b", {"e": "https://example.org/", "a": "https://example.org/a/"}) == "a:b"


def test_a_version_of_the_set_can_be_given():
    assert "#mapping_set_version: 9.9\n" in write_sssom(shipped_mappings()[:1], "9.9")
    assert next(csv.reader(io.StringIO(write_sssom([], "1").splitlines()[-1]), delimiter="\t")) == [
        "subject_id",
        "predicate_id",
        "object_id",
        "mapping_justification",
    ]
