"""Every query file: its header, its form, and equal rows whichever engine is asked and however values are bound."""

import re
from collections import Counter
from functools import cache

import pytest
from in_rdflib import prepared
from pyoxigraph import Store as OxigraphStore
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef
from rdflib.plugins.sparql import prepareQuery

from zhiji_kg.graph import ontology
from zhiji_kg.knowledge import KnowledgeGraph
from zhiji_kg.queries import ask_query, bind, catalogue, plain, read_query
from zhiji_kg.rdf import Iri, Literal
from zhiji_kg.resources import QUERIES
from zhiji_kg.store.remote import RemoteStore
from zhiji_kg.vocabulary import ONTOLOGY, PREFIXES

pytestmark = pytest.mark.xdist_group("query-files")  # what is asked once, parsed once and served once is so for all
FILES = sorted(QUERIES.rglob("*.rq"))
NAMES = [path.stem for path in FILES]
NAMED = [name for name in NAMES if catalogue()[name].folder != "infer"]
FOLDERS = {"ask", "browse", "gaps", "infer", "check"}
# Which document says what, and what was concluded, only the named graphs know: a file that asks them says so.
OF_NAMED_GRAPHS = [name for name in NAMED if "#+ graphs:" in catalogue()[name].text]
OF_THE_DEFAULT = [name for name in NAMED if name not in OF_NAMED_GRAPHS]
NONE = {
    "weights",
    "examinations",
    "prerequisite-order",
    "plan-requisites",
    "causes-of-link",
    "plan-indicators",
    "causes-of-type",
    "learner-stage",
    "learner-record",
    "certified-levels",
    "post-chain",
    "task-project-courses",
    "tasks-without-course",
    "core-courses-without-enterprise",
    "redundant-knowledge",
    "uncovered-requirements",
    "critical-courses",
    "source-of",  # a course is stated by its offering; passages are compared by golden/cq/CQ-54
    "plans-compared",
    "prerequisite-chains",
    "occupation-level-mappings",
    "courses-to-revise",
    "policy-total-hours",  # the policy is not asked of technician plans, nor of plans that state too little
    "policy-public-basic",
    "policy-practice",
    "policy-electives",
    "policy-core-courses",
    "policy-placement",
    "policy-hours-per-credit",
    "rates-without-denominator",
    "unasked-points",
    "tasks-without-project",
    "empty-cells",
    "steps-without-course",
    "course-orders",
    "over-full",
    "unproven-statements",
    "stage-expectations",
    "one-track-only",
    "tracks-differ",
    "superseded-sources",
    "core-course-enterprise",
    "commitments-unassigned",
    "point-equipment",
    "point-means",
}  # may have no row for a small plan
# Rules that have nothing to say of a graph without learners, tasks and points that embody an indicator.
IDLE = {
    "awarded-certificate",
    "certified-level",
    "included-attainments",
    "lower-levels",
    "own-trade",
    "serves-dimension",
    "serves-indicator",
    "task-requirements",
    "types-by-values",
    "values-by-type",
}
# All links of the source's world, and all its entities against all shapes of an area (which pySHACL checks too).
SLOW_IN_RDFLIB = {"links", "shape-reform", "shape-source"}
IN_RDFLIB = [name for name in OF_THE_DEFAULT if name not in SLOW_IN_RDFLIB]
RULES = [name for name in NAMES if name not in NAMED]
TYPES = {"iri", "string", "integer"}
KEYS = ["summary", "param", "cq", "facts", "answer", "graphs", "reads"]
TERMS = {t.subject.value for triples in ontology().values() for t in triples if hasattr(t.subject, "value")}

# Values for the parameters, by graph: what a person would write.
SETTINGS = {
    "example": [
        {
            "programme": "460103", "source": "CNC-TURNER-2005@4", "course": "ZH002", "of_class": "zj:Course",
            "entity": "zjd:course/460103-ZH006", "property": "zj:offeringOf",
            "other": "zj:Course", "learner": "L003", "interpretation": "cumulative-any-trade",
            "certificate": "CERT-CNC-4", "first": "460103", "second": "TE-CNC", "before": "460103", "after": "TE-CNC",
            "older": "CNC-TURNER-2005", "newer": "CNC-TURNER-2005", "post": "zjd:post/none", "term": "3",
            "code": "IND-21", "occupation": "6-04-01-01", "level": "3",
        },
        {
            "programme": "TE-CNC", "source": "6-18-01-01", "course": "YT02", "of_class": "zj:RequirementSource",
            "entity": "zjd:coverage/460103-2024-ZH006-S-3-3-5-1", "property": "zj:hasCoverage",
            "other": "zj:Course", "learner": "L005", "interpretation": "cumulative-own-trade",
            "certificate": "CERT-CNC-3", "first": "TE-CNC", "second": "460103", "before": "TE-CNC", "after": "460103",
            "older": "CNC-TURNER-2005", "newer": "CNC-TURNER-2005", "post": "zjd:post/none", "term": "1",
            "code": "L005", "occupation": "6-04-01-01", "level": "4",
        },
    ],
    "two-plans": [
        {
            "programme": "P1", "source": "SA@4", "course": "zjd:course/P1-A", "of_class": "zj:CompetencyPoint",
            "entity": "zjd:course/P1-A", "property": "zj:offeringOf",
            "other": "zj:Course", "learner": "zjd:learner/L1", "interpretation": "cumulative-own-trade",
            "certificate": "K1", "first": "P1", "second": "P2", "before": "P1@2023", "after": "P1", "older": "SA",
            "newer": "SB", "post": "zjd:post/none", "term": "2", "code": "A",
            "occupation": "6-01-01-01", "level": "4",
        },
        {
            "programme": "P1@2023", "source": "SB@4", "course": "C", "of_class": "zj:Programme",
            "entity": "zjd:coverage/P1-2024-B-W", "property": "zj:hasCoverage",
            "other": "zj:Course", "learner": "zjd:learner/L2", "interpretation": "exact-any-trade",
            "certificate": "K2", "first": "P1@2023", "second": "P1", "before": "P1", "after": "P2", "older": "SB",
            "newer": "SA", "post": "zjd:post/none", "term": "4", "code": "U",
            "occupation": "6-01-01-01", "level": "3",
        },
    ],
}  # fmt: skip


def settings(graph, query):
    """The distinct settings of a query on a graph; only a standard's level has weights."""
    taken = [p.name for p in query.parameters]
    found = {tuple((n, given[n]) for n in taken) for given in SETTINGS[graph]}
    levels = any(p.of_class == "zj:StandardLevel" for p in query.parameters)
    return [dict(pairs) for pairs in sorted(found) if not levels or "@" in dict(pairs)["source"]]


@pytest.fixture(params=FILES, ids=NAMES)
def query(request):
    return read_query(request.param)


def body(query):
    """The text without comments, IRIs and strings."""
    return re.sub(r"#[^\n]*|<[^<>\s]*>|\"[^\"\n]*\"", " ", re.sub(r"<[^<>\s]*>", " ", query.text))


def outer_where(query):
    """The WHERE of the query without what stands deeper: no OPTIONAL, UNION, subquery or FILTER."""
    text = body(query)
    start = text.index("WHERE")
    depth, kept = 0, []
    for letter in text[start:]:
        if letter == "}":
            depth -= 1
        if depth == 1:
            kept.append(letter)
        if letter == "{":
            depth += 1
    return re.sub(r"FILTER\s*\([^)]*\)|BIND\s*\([^)]*\)", " ", "".join(kept))


def test_there_are_questions_and_rules():
    assert {path.parent.name for path in FILES} <= FOLDERS
    assert len(NAMES) == len(set(NAMES)), "a name stands in two folders"
    assert {"coverage", "redundancy", "supports-point"} <= set(NAMES)


def test_summary_in_both_languages(query):
    said = re.search(r"^#\+ summary: (.+)$", query.text, re.M)[1]
    assert len(said.split(" | ")) == 2
    assert re.search(r"[\u4e00-\u9fff]", query.summary.zh)
    assert re.search(r"[A-Za-z]{3}", query.summary.en)
    assert not re.search(r"[\u4e00-\u9fff]", query.summary.en)


def test_each_parameter_is_described_in_both_languages(query):
    written = re.findall(r"^#\+ param (.+)$", query.text, re.M)
    assert len(written) == len(query.parameters)
    for line, parameter in zip(written, query.parameters, strict=True):
        assert re.fullmatch(r"\w+: \w+(\([\w:-]+\))? .+ \| .+", line)
        assert parameter.type in TYPES
        if parameter.of_class:
            prefix, local = parameter.of_class.split(":")
            assert PREFIXES[prefix] + local in TERMS


def test_header_comes_first_and_is_all_there_is(query):
    lines = query.text.splitlines()
    header = [line for line in lines if line.startswith("#+")]
    assert lines[: len(header)] == header
    keys = [line.split()[1].rstrip(":") for line in header]
    assert set(keys) <= set(KEYS)
    assert keys == sorted(keys, key=KEYS.index), "one order for all"
    assert {key for key, times in Counter(keys).items() if times > 1} <= {"param"}


def declares_its_answer(query):
    return query.folder == "ask" or query.competency_question


def test_what_people_ask_declares_its_answer(query):
    """The declared columns are those that the query projects, in their order."""
    if declares_its_answer(query):
        projected = tuple(variable.value for variable in OxigraphStore().query(query.text).variables)
        assert tuple(column.name for column in query.answer) == projected
    assert bool(query.answer) == bool(declares_its_answer(query))


def test_facts_stand_where_a_competency_question_is_answered(query):
    assert bool(query.facts) == bool(query.competency_question)


def test_competency_question_is_answered_by_one_file():
    answers = Counter(query.competency_question for query in catalogue().values() if query.competency_question)
    assert answers
    assert all(re.fullmatch(r"CQ-\d\d", number) for number in answers)
    assert set(answers.values()) == {1}


@pytest.mark.parametrize("name", sorted({*NAMES} - {*IN_RDFLIB} - {*RULES}))
def test_it_is_sparql_11_for_rdflib_too(name):
    """The few that are not run in rdflib's engine below."""
    prepareQuery(catalogue()[name].text)


def test_form_and_order(query):
    assert query.form == ("CONSTRUCT" if query.folder == "infer" else "SELECT")
    assert re.search(r"\bORDER BY(\s+(\?\w+|DESC\(\?\w+\)))+\s*$", body(query).rstrip() + "\n")
    assert "*" not in body(query).partition("WHERE")[0], "the columns are named one by one"


def test_it_reads_only_the_default_graph(query):
    assert not re.search(r"\b(FROM|SERVICE)\b", body(query), re.I)
    assert bool(re.search(r"\bGRAPH\b", body(query), re.I)) == (query.name in OF_NAMED_GRAPHS)


def test_few_questions_need_named_graphs():
    assert OF_NAMED_GRAPHS == ["concluded", "provenance"]
    assert {catalogue()[name].folder for name in OF_NAMED_GRAPHS} == {"browse"}


def test_prefixes_are_those_of_the_house(query):
    declared = dict(re.findall(r"^PREFIX (\w+): <([^>]+)>$", query.text, re.M))
    assert declared.items() <= PREFIXES.items()
    used = set(re.findall(r"(?<![\w?<])([a-z]+):[A-Za-z]", re.sub(r"^(\s*#.*|PREFIX.*)$", "", query.text, flags=re.M)))
    assert used - {"https", "http"} == set(declared), "declared and used are the same"


def test_every_term_is_in_the_ontology(query):
    named = set(re.findall(r"\bzj:(\w+)", query.text))
    assert not {name for name in named if ONTOLOGY + name not in TERMS}


def test_parameters_are_projected_and_bound_by_a_positive_pattern(query):
    projected = body(query).partition("WHERE")[0]
    where = outer_where(query)
    for parameter in query.parameters:
        assert re.search(rf"\?{parameter.name}\b", projected), f"{parameter.name} is not projected"
        assert re.search(rf"\?{parameter.name}\b", where), f"{parameter.name} is not in the outer WHERE"


def test_the_check_of_the_outer_where_sees_through_what_is_deeper():
    """The check above can fail: a parameter that stands only in a FILTER or an OPTIONAL is not found."""
    text = "SELECT ?a WHERE { ?b a zj:Course . FILTER(?a = ?b) OPTIONAL { ?a a ?c } { SELECT ?a WHERE { ?a a ?d } } }"
    said = outer_where(type(catalogue()["source"])("x", "ask", text, "SELECT", catalogue()["source"].summary))
    assert "?b" in said
    assert "?a" not in said


# Equal rows, in whichever engine, however bound


def as_rows(solutions):
    return [tuple(None if term is None else str(term) for term in row) for row in solutions.rows]


def in_rdflib(bound):
    """The values of parameters as rdflib takes them."""
    return {k: URIRef(v.value) if isinstance(v, Iri) else RdflibLiteral(plain(v)) for k, v in bound.items()}


def of_rdflib(term):
    """An rdflib term as pyoxigraph writes it."""
    if term is None or isinstance(term, URIRef):
        return None if term is None else f"<{term}>"
    if term.datatype is not None:
        return str(Literal(str(term), datatype=Iri(str(term.datatype))))
    return str(Literal(str(term), language=term.language))


@pytest.fixture(scope="module")
def graphs(example_store, two_plans):
    return {"example": example_store, "two-plans": two_plans}


@pytest.fixture(scope="module")
def endpoints(example_endpoint, two_plans_endpoint):
    return {"example": RemoteStore(example_endpoint), "two-plans": RemoteStore(two_plans_endpoint)}


@pytest.fixture(scope="module")
def rdflib_two_plans(two_plans):
    """The default graph in rdflib's own engine; the small one, for that engine is slow."""
    return KnowledgeGraph(two_plans).graph()


@pytest.fixture(scope="module")
def bare(two_plans):
    """The small graph without its named graphs."""
    store = OxigraphStore()
    store.extend(quad for quad in two_plans.quads() if str(quad.graph_name) == "DEFAULT")
    return store


@pytest.fixture(scope="module")
def answers(graphs):
    """A query with each of its settings, and what the store answers: asked once, compared with every other way."""

    @cache
    def of(graph, name):
        query = catalogue()[name]
        given = [(written, bind(graphs[graph], query, written)) for written in settings(graph, query)]
        return [(written, bound, ask_query(graphs[graph], query, bound)) for written, bound in given]

    return of


@pytest.mark.parametrize("graph", SETTINGS)
@pytest.mark.parametrize("name", NAMED)
def test_a_real_sparql_server_gives_the_same_rows_in_the_same_order(answers, endpoints, graph, name):
    query = catalogue()[name]
    for written, bound, here in answers(graph, name):
        there = ask_query(endpoints[graph], query, bound)
        assert there.variables == here.variables
        assert as_rows(there) == as_rows(here), written
        assert here.rows or name in NONE or query.folder == "check", f"{name} {written}: nothing is compared"


@pytest.mark.parametrize("graph", SETTINGS)
@pytest.mark.parametrize("name", NAMED)
def test_the_order_is_settled_by_the_query(answers, graph, name):
    """No two different rows are equal in all that ORDER BY names: no engine is left a choice."""
    query = catalogue()[name]
    order = re.findall(r"\?(\w+)", body(query).rpartition("ORDER BY")[2])
    assert set(order) <= set(re.findall(r"\?(\w+)", body(query).partition("WHERE")[0])), "what orders is shown"
    for written, _, found in answers(graph, name):
        places = [found.variables.index(name) for name in order]
        rows = set(as_rows(found))
        assert len(rows) == len(found.rows), "a row stands twice"
        assert len({tuple(row[place] for place in places) for row in rows}) == len(rows), written


def values_clause(bindings):
    """Bindings as one VALUES block for the end of a query: what SPARQL 1.1 has for it."""
    terms = " ".join(str(term) for term in bindings.values())
    return f"\nVALUES ({' '.join(f'?{name}' for name in bindings)}) {{ ({terms}) }}\n" if bindings else ""


@pytest.mark.parametrize("graph", SETTINGS)
@pytest.mark.parametrize("name", NAMED)
def test_values_at_the_end_give_what_values_in_every_group_give(graphs, answers, graph, name):
    for written, bound, here in answers(graph, name):
        tail = graphs[graph].select(catalogue()[name].text + values_clause(bound), {})
        assert as_rows(tail) == as_rows(here), written


@pytest.mark.parametrize("name", IN_RDFLIB)
def test_rdflib_gives_the_same_rows(answers, rdflib_two_plans, name):
    query = catalogue()[name]
    read = prepared(query.text, [parameter.name for parameter in query.parameters])
    for written, bound, here in answers("two-plans", name):
        there = rdflib_two_plans.query(read, initBindings=in_rdflib(bound))
        assert tuple(map(str, there.vars)) == here.variables
        rows = Counter(tuple(map(of_rdflib, row)) for row in there)
        assert rows == Counter(as_rows(here)), written


@pytest.mark.parametrize("name", RULES)
def test_rules_give_the_same_triples_in_rdflib_and_over_http(graphs, endpoints, rdflib_two_plans, name):
    text = catalogue()[name].text
    here = {str(triple) for triple in graphs["two-plans"].construct(text, {})}
    assert {str(triple) for triple in endpoints["two-plans"].construct(text, {})} == here
    there = rdflib_two_plans.query(text).graph
    assert {" ".join(map(of_rdflib, triple)) for triple in there} == here
    assert here or name in IDLE


@pytest.mark.parametrize("name", OF_THE_DEFAULT)
def test_the_default_graph_alone_answers(answers, bare, name):
    """Without the named graphs a named question says the same."""
    for _, bound, here in answers("two-plans", name):
        found = bare.query(catalogue()[name].text + values_clause(bound))
        rows = [tuple(None if s[v] is None else str(s[v]) for v in found.variables) for s in found]
        assert rows == as_rows(here)


def test_what_the_sources_say_is_in_the_default_graph(graphs):
    """The named graphs repeat it by source, and one holds the inferred: nothing stands in them alone."""
    by_graph = {}
    for quad in graphs["two-plans"].quads():
        by_graph.setdefault(str(quad.graph_name), set()).add(quad.triple)
    default = by_graph.pop("DEFAULT")
    assert len(by_graph) >= 5
    assert set().union(*by_graph.values()) == default
