"""How a question is read, found, bound and asked."""

from decimal import Decimal

import pytest

from zhiji_kg import queries, rdf
from zhiji_kg.errors import UnreadableError
from zhiji_kg.queries import (
    Column,
    ask_query,
    bind,
    catalogue,
    competency_questions,
    entity_by_code,
    find_query,
    numbered_query,
    plain,
    plain_rows,
    read_query,
    run,
)
from zhiji_kg.rdf import Iri, Literal
from zhiji_kg.store.port import Solutions
from zhiji_kg.vocabulary import DATA, curie

HEADER = """#+ summary: 问一问 | Just asking
#+ param course: iri(zj:Course) 课程 | the course
#+ param least: integer 至少 | at least
#+ param word: string 词 | a word
#+ param anything: iri 任何东西 | anything
#+ cq: CQ-99
#+ facts: MOD-2c1 CEN-1.1 CTX-01
#+ answer: course:iri least:integer? word:string anything:iri
PREFIX zj: <https://w3id.org/zhiji/ontology/>
"""
SELECT = HEADER + "SELECT ?course ?least ?word ?anything WHERE { ?course a ?anything } ORDER BY ?course\n"


@pytest.fixture
def written(tmp_path):
    def write(text, name="问题.rq"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def problem_of(call, *arguments, **named):
    with pytest.raises(UnreadableError) as caught:
        call(*arguments, **named)
    (problem,) = caught.value.problems
    for language in ("zh", "en"):
        assert "\n" not in problem.line(language)
    return problem


# Reading


def test_a_query_is_its_header_and_its_text(written):
    query = read_query(written(SELECT))
    assert (query.name, query.form, query.competency_question) == ("问题", "SELECT", "CQ-99")
    assert (query.summary.zh, query.summary.en) == ("问一问", "Just asking")
    assert [(p.name, p.type, p.of_class) for p in query.parameters] == [
        ("course", "iri", "zj:Course"),
        ("least", "integer", ""),
        ("word", "string", ""),
        ("anything", "iri", ""),
    ]
    assert query.plain()["parameters"][0]["summary"] == {"zh": "课程", "en": "the course"}
    assert query.plain()["competencyQuestion"] == "CQ-99"
    assert query.facts == ("MOD-2c1", "CEN-1.1", "CTX-01")
    assert query.answer[1] == Column("least", "integer", optional=True)
    assert [column.name for column in query.answer] == ["course", "least", "word", "anything"]
    assert query.plain()["facts"] == list(query.facts)
    assert query.plain()["answer"][0] == {"name": "course", "type": "iri", "optional": False}


def test_a_query_without_a_header_has_its_name(written):
    query = read_query(written("SELECT ?s WHERE { ?s ?p ?o }", "mine.rq"))
    assert (query.summary.zh, query.summary.en, query.parameters) == ("mine", "mine", ())
    assert (query.competency_question, query.facts, query.answer) == ("", (), ())


FORMS = [
    ("ASK { ?s ?p ?o }", "ASK"),
    ("construct { ?s ?p ?o } where { ?s ?p ?o }", "CONSTRUCT"),
    ("# DELETE everything\nSELECT ?s WHERE { ?s ?p 'INSERT' }", "SELECT"),
    ("PREFIX x: <http://e/DROP#> SELECT ?s WHERE { ?s ?p ?o }", "SELECT"),
]


@pytest.mark.parametrize(("text", "form"), FORMS)
def test_the_form_is_told_by_the_first_word_that_is_no_comment_string_or_iri(written, text, form):
    assert read_query(written(text)).form == form


BAD_FILES = [
    ("DELETE WHERE { ?s ?p ?o }", "query-not-read-only"),
    ("PREFIX zj: <http://e/> INSERT DATA { zj:a zj:b zj:c }", "query-not-read-only"),
    ("DESCRIBE <http://e/>", "query-not-read-only"),
    ("", "query-not-read-only"),
    ("#+ param : iri\nSELECT ?s WHERE { ?s ?p ?o }", "bad-query"),
    ("选择".encode("gb18030"), "bad-query"),
]
ODD_LINES = [
    ("cq: CQ-1", "CQ-1"),
    ("cq: CQ-01 CQ-02", "CQ-01 CQ-02"),
    ("cq:", ""),
    ("facts: MOD-2c1 mod2", "mod2"),
    ("facts: MOD-2c1 MOD-2c1", "MOD-2c1 MOD-2c1"),
    ("facts:", ""),
    ("answer: course", "course"),
    ("answer: course:thing", "course:thing"),
    ("answer: course:iri x:integer!", "x:integer!"),
    ("answer: course:iri course:string", "course:iri course:string"),
    ("answer:", ""),
]


@pytest.mark.parametrize(("line", "named"), ODD_LINES)
def test_a_header_line_that_is_not_as_it_should_be_is_shown(written, line, named):
    problem = problem_of(read_query, written(f"#+ {line}\nSELECT ?s WHERE {{ ?s ?p ?o }}"))
    assert problem.code == "bad-query"
    assert problem.values["reason"] == f"#+ {line.partition(':')[0]}: {named}"


@pytest.mark.parametrize(("text", "code"), BAD_FILES)
def test_a_file_that_holds_no_question(written, text, code):
    assert problem_of(read_query, written(text)).code == code


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path):
    assert problem_of(find_query, str(tmp_path / "none.rq")).code == "missing-file"
    assert problem_of(read_query, tmp_path).code == "cannot-open"


# Finding


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("coverage", "coverage"),
        ("CQ-18", "course-points"),
        ("cq-24", "prerequisite-chains"),
        ("CQ-6", "goal-dimensions-indicators"),
        ("cq6", "goal-dimensions-indicators"),
        ("CQ-006", "goal-dimensions-indicators"),
    ],
)
def test_a_question_by_name_or_number(name, found):
    assert find_query(name) is catalogue()[found]


def test_competency_questions_come_in_the_order_of_their_numbers():
    found = competency_questions()
    assert list(found) == sorted(found)
    assert found["CQ-18"] is catalogue()["course-points"]
    assert all(query.competency_question == number for number, query in found.items())


def test_two_files_that_claim_one_question_are_named(written, monkeypatch):
    one, other = (read_query(written(SELECT, name)) for name in ("one.rq", "other.rq"))
    monkeypatch.setattr(queries, "catalogue", lambda: {"one": one, "other": other})
    assert problem_of(competency_questions).values["reason"] == "#+ cq: CQ-99: one, other"


def test_a_file_is_found_by_its_path(written):
    assert find_query(str(written(SELECT))).competency_question == "CQ-99"


NEAR = [
    ("coverag", "coverage"),
    ("redundancies", "redundancy"),
    ("prerequisite-ordr", "prerequisite-order"),
    ("要点", ""),
]


@pytest.mark.parametrize(("name", "near"), NEAR)
def test_an_unknown_question_offers_near_ones(name, near):
    problem = problem_of(find_query, name)
    assert problem.code == "unknown-query"
    assert near in problem.values["near"]
    assert set(problem.values["near"].split("、")) <= set(catalogue())


@pytest.mark.parametrize("name", ["CQ-99", "cq-0", "CQ-60"])
def test_a_number_that_no_question_has_is_told_which_there_are(name):
    problem = problem_of(find_query, name)
    assert (problem.code, problem.values["first"], problem.values["last"]) == ("unknown-number", "CQ-01", "CQ-59")
    assert all("zhiji queries --cq" in problem.line(language) for language in ("zh", "en"))
    assert numbered_query("coverage") is numbered_query("CQ-") is numbered_query("CQ-1x") is None


# Binding


@pytest.fixture
def query(written):
    return read_query(written(SELECT))


def test_what_a_person_writes_becomes_terms(query, two_plans):
    bound = bind(two_plans, query, {"course": "B", "least": "-3", "word": "a b", "anything": "zj:Course"})
    assert bound == {
        "course": Iri(DATA + "course/P1-B"),
        "least": rdf.integer(-3),
        "word": Literal("a b"),
        "anything": curie("zj:Course"),
    }


FINE = {"course": "B", "least": "3", "word": "x", "anything": "zj:Course"}
BAD_VALUES = [
    ({**FINE, "least": "drei"}, "bad-parameter"),
    ({**FINE, "least": "2.5"}, "bad-parameter"),
    ({**FINE, "anything": "Course"}, "not-an-iri"),
    ({**FINE, "anything": "foo:Course"}, "not-an-iri"),
    ({**FINE, "anything": "A"}, "several-of-code"),
    ({**FINE, "anything": "http://a b"}, "bad-parameter"),
    ({**FINE, "anything": "zj:a>b"}, "bad-parameter"),
    ({**FINE, "course": "NONE"}, "unknown-code"),
    ({**FINE, "course": ""}, "unknown-code"),
    ({**FINE, "course": "A"}, "several-of-code"),
    ({**FINE, "corse": "B"}, "unknown-parameter"),
    ({"course": "B"}, "missing-parameter"),
]


@pytest.mark.parametrize(("given", "code"), BAD_VALUES)
def test_a_value_that_does_not_fit_is_named(query, two_plans, given, code):
    assert problem_of(bind, two_plans, query, given).code == code


def test_all_that_is_missing_is_told_at_once(query, two_plans):
    problem = problem_of(bind, two_plans, query, {"course": "B"})
    zh, en = problem.line("zh"), problem.line("en")
    assert "least（至少）、word（词）、anything（任何东西）" in zh
    assert "least (at least), word (a word), anything (anything)" in en
    assert all("--param least=… --param word=… --param anything=…" in line for line in (zh, en))


def test_what_is_no_iri_is_told_how_one_is_written(query, two_plans):
    problem = problem_of(bind, two_plans, query, FINE | {"anything": "NONE"})
    assert all("zjd:point/K-2-2-1-1" in problem.line(language) for language in ("zh", "en"))


@pytest.mark.parametrize("code", ["U", "u"])
def test_a_code_that_one_entity_bears_is_as_good_as_its_iri(query, two_plans, code):
    assert bind(two_plans, query, FINE | {"anything": code})["anything"] == Iri(DATA + "point/U")


def test_a_code_of_several_entities_offers_each_iri(query, two_plans):
    problem = problem_of(bind, two_plans, query, FINE | {"anything": "A"})
    assert "zjd:course/P1-A、zjd:course/P2-A" in problem.line("zh")
    assert str(problem.where) == "--param anything"


def test_a_number_from_a_notebook_is_taken_as_its_digits(example_store):
    bound = bind(example_store, catalogue()["targets"], {"programme": 460103})
    assert bound["programme"] == Iri(DATA + "programme-edition/460103-2024")


def test_a_code_that_several_bear_offers_each_of_them(two_plans):
    """P1 and P2 both have a course A: none is chosen silently, and what is offered is taken."""
    problem = problem_of(entity_by_code, two_plans, "zj:Course", "A", "--param course")
    assert problem.values["known"] == "zjd:course/P1-A、zjd:course/P2-A"
    assert str(problem.where) == "--param course"
    assert "Course" in problem.line("en")
    assert "课程" in problem.line("zh")
    for offered in problem.values["known"].split("、"):
        assert entity_by_code(two_plans, "zj:Course", offered) == curie(offered)


CODES = [
    ("zj:ProgrammeEdition", "P1", "programme-edition/P1-2024"),
    ("zj:ProgrammeEdition", "P1@2023", "programme-edition/P1-2023"),
    ("zj:StandardLevel", "SA@3", "standard-level/SA-3"),
    ("zj:RequirementSource", "SA@4", "standard-level/SA-4"),
    ("zj:Course", "C", "course/P2-C"),
    ("zj:CompetencyPoint", "U", "point/U"),
    ("zj:CompetencyPoint", "u", "point/U"),
    ("zj:StandardLevel", "sa@3", "standard-level/SA-3"),
]


@pytest.mark.parametrize(("of_class", "code", "iri"), CODES)
def test_an_entity_by_its_code(two_plans, of_class, code, iri):
    assert entity_by_code(two_plans, of_class, code) == Iri(DATA + iri)


UNKNOWN = [("zj:StandardLevel", "SA", "SA@3、SA@4"), ("zj:StandardLevel", "SX", "SA@3、SA@4、SB@4"),
           ("zj:Learner", "L1", "–"), ("zj:NoSuchClass", "x", "–")]  # fmt: skip


@pytest.mark.parametrize(("of_class", "code", "known"), UNKNOWN)
def test_an_unknown_code_offers_what_there_is(two_plans, of_class, code, known):
    problem = problem_of(entity_by_code, two_plans, of_class, code)
    assert (problem.code, problem.values["known"]) == ("unknown-code", known)


# Asking


def test_rows_are_plain_values(two_plans):
    (row,) = [r for r in run(two_plans, "coverage", programme=Iri(DATA + "programme-edition/P1-2023"),
                             source=Iri(DATA + "standard-level/SA-4")) if r["code"] == "R1"]  # fmt: skip
    assert row["courseLabel"] == "甲课"
    assert (row["depth"], row["hours"], row["lastTerm"], row["assessed"]) == (3, 10, 1, True)
    assert row["completionTerm"] is None
    assert row["course"] == DATA + "course/P1-A"


@pytest.mark.parametrize("bindings", [{}, {"programme": "x", "sauce": "y"}])
def test_a_question_is_not_asked_with_the_wrong_names(two_plans, bindings):
    terms = {name: Iri(f"http://e/{value}") for name, value in bindings.items()}
    assert problem_of(run, two_plans, "coverage", **terms).code in ("missing-parameter", "unknown-parameter")


def test_ask_and_construct_have_one_shape_too(two_plans, written):
    ask = read_query(written("ASK { ?s a <https://w3id.org/zhiji/ontology/Course> }"))
    assert plain_rows(ask_query(two_plans, ask, {})) == [{"answer": True}]
    made = ask_query(two_plans, catalogue()["supports-point"], {})
    assert made.variables == ("subject", "predicate", "object")
    shown = [tuple(map(str, row)) for row in made.rows]
    assert len(shown) == 2, "the coverage of the whole supports its two parts"
    assert shown == sorted(shown)


@pytest.mark.parametrize("text", ["SELECT ?s WHERE { ?s ?p", "SELECT ?s WHERE { ?s nope:p ?o }", "SELECT WHERE {}"])
def test_a_question_that_is_not_well_formed(two_plans, written, text):
    problem = problem_of(ask_query, two_plans, read_query(written(text)), {})
    assert problem.code == "bad-query"


PLAIN = [
    (None, None),
    (Iri("http://e/x"), "http://e/x"),
    (Literal("字", language="zh"), "字"),
    (rdf.integer(7), 7),
    (rdf.decimal(Decimal("2.50")), 2.5),
    (rdf.decimal(Decimal(60)), 60),
    (Literal("1.5E0", datatype=curie("xsd:double")), 1.5),
    (rdf.true_or_false(True), True),
    (rdf.true_or_false(False), False),
    (Literal("2024", datatype=curie("xsd:gYear")), "2024"),
]


@pytest.mark.parametrize(("term", "value"), PLAIN)
def test_plain_values(term, value):
    found = plain(term)
    assert found == value
    assert type(found) is type(value)
    assert plain_rows(Solutions(("x",), [(term,)])) == [{"x": value}]


@pytest.mark.parametrize(
    "text", ["SELECT ?s WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "ask { service ?s { ?s ?p ?o } }"]
)
def test_a_query_that_asks_elsewhere_is_refused(tmp_path, text):
    path = tmp_path / "elsewhere.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError) as refused:
        read_query(path)
    assert [problem.code for problem in refused.value.problems] == ["query-asks-elsewhere"]


def test_the_word_service_in_a_string_asks_nothing(tmp_path):
    path = tmp_path / "word.rq"
    path.write_text('SELECT ?s WHERE { ?s ?p "SERVICE" } # SERVICE', encoding="utf-8")
    assert read_query(path).form == "SELECT"
