"""Each task through a real worker, and the desk that keeps a version open."""

import io
import json
from dataclasses import replace

import openpyxl
import pytest
from pools import SHORT, pids
from pyoxigraph import RdfFormat, parse

from zhiji_kg.browse.overview import overview
from zhiji_kg.errors import CannotRunError, UnreadableError
from zhiji_kg.knowledge import KnowledgeGraph
from zhiji_kg.rdf import Iri
from zhiji_kg.report.files import answer_text
from zhiji_kg.store.versions import serving
from zhiji_kg.vocabulary import RDF_TYPE
from zhiji_kg.workers.pool import Pool
from zhiji_kg.workers.tasks import JSON, TASKS, Desk, Opened

TURTLE = RdfFormat.TURTLE
PROGRAMME = "https://w3id.org/zhiji/id/programme/460103"


@pytest.fixture(scope="module")
def pool(example_kg):
    with Pool(example_kg, replace(SHORT, query_seconds=20.0, answer_mb=8, workers=2)) as pool:
        yield pool


@pytest.fixture(scope="module")
def graph(example_kg):
    return KnowledgeGraph.open(example_kg)


def question(kg, task, **given):
    version = serving(kg)
    about = {"directory": str(version.directory), "sha256": version.manifest["sha256"]}
    return {**about, "task": task, "given": given}


def test_the_overview_is_of_the_version_that_answered(pool):
    answer = pool.answer("overview")
    said = answer.json()
    assert (said["version"], said["sha256"]) == (answer.version, answer.sha256)
    assert said["quads"] == pool.version().manifest["quads"]
    assert said["contents"][0]["label"].keys() == {"zh", "en"}


def test_an_overview_that_lacks_headlines_is_not_to_be_kept_and_the_next_one_goes_on(example_kg, monkeypatch):
    desk, asked = Desk(1 << 20), question(example_kg, "overview")
    with monkeypatch.context() as hurried:
        hurried.setattr(overview, "__defaults__", (0.0, None))
        reply = desk.answer(asked)
    assert [one["headline"] for one in json.loads(reply.body)["programmes"]] == [None, None]
    assert reply == (JSON, reply.body, False)
    whole = desk.answer(asked)
    assert all(one["headline"]["zh"] for one in json.loads(whole.body)["programmes"])
    assert whole.keep
    monkeypatch.setattr(overview, "__defaults__", (0.0, None))
    assert desk.answer(asked) == whole  # what was worked out once is not worked out again


def test_a_plan_is_analysed_once_for_the_overview_and_its_report(example_kg):
    opened = Opened(serving(example_kg), 1 << 20)
    TASKS["overview"](opened)
    made = list(opened._analyses.values())
    assert len(made) == 2
    for written in ("460103", "460103@2024", made[0].programme.thing.iri, made[1].programme.thing.iri):
        assert opened.analysis(written) in made
    assert len(opened._analyses) == 2


@pytest.mark.parametrize("keep", [True, False])
def test_what_is_not_to_be_kept_is_asked_for_again(example_kg, keep):
    class Told:
        kept, asked = False, 0

        def ask(self, written, seconds):
            self.asked += 1
            return {"media_type": JSON, "keep": keep}, b"%d" % self.asked

    with Pool(example_kg, replace(SHORT, cache_mb=1, workers=2)) as pool:
        workers, told = pool._queue.clear(), Told()
        told.is_ready, told.is_alive = True, lambda: True
        pool._queue.give(told)
        assert [pool.answer("overview").json() for _ in range(3)] == ([1, 1, 1] if keep else [1, 2, 3])
        pool._queue.clear()
        for worker in workers:
            pool._queue.give(worker)


def test_search_finds_and_resolve_names(pool):
    found = pool.answer("search", words="数控", limit=3, kind="").json()
    assert len(found["hits"]) == 3 < found["total"]
    assert pool.answer("resolve", written=found["hits"][0]["iri"]).json() == found["hits"][0]["iri"]


def test_an_entity_its_surroundings_and_its_description(pool):
    assert pool.answer("entity", iri=PROGRAMME).json()["entity"]["iri"] == PROGRAMME
    around = pool.answer("around", focus=PROGRAMME, opened=[PROGRAMME], limit=50, language="zh").json()
    assert around["focus"]["iri"] == PROGRAMME
    turtle = pool.answer("describe", iri=PROGRAMME, media="text/turtle")
    assert turtle.media_type == "text/turtle"
    assert (Iri(PROGRAMME), RDF_TYPE) in {(quad.subject, quad.predicate) for quad in parse(turtle.body, TURTLE)}


def test_an_unknown_entity_is_said_as_browse_says_it(pool):
    with pytest.raises(UnreadableError):
        pool.answer("entity", iri="https://w3id.org/zhiji/id/none")


def test_questions_their_forms_and_their_tables(pool):
    questions = pool.answer("questions").json()
    assert questions
    name = next(one["name"] for one in questions if not one["fields"])
    assert pool.answer("form", name=name).json()["name"] == name
    assert pool.answer("table", name=name, written={}).json()["columns"]


@pytest.mark.parametrize(("form", "media"), [("csv", "text/csv"), ("tsv", "text/tab"), ("json", "application/json")])
def test_rows_are_those_of_the_command(pool, graph, form, media):
    answer = pool.answer("rows", name="programmes", written={}, form=form)
    assert answer.media_type.startswith(media)
    assert answer.body.decode() == answer_text(graph.query("programmes"), form)


def test_rows_as_a_workbook_are_written_behind_the_fence(pool, graph):
    answer = pool.answer("rows", name="programmes", written={}, form="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).active
    assert sheet.max_row == len(graph.query("programmes")) + 1


@pytest.mark.parametrize(
    ("query", "media"),
    [
        ("SELECT * { ?s a ?c } LIMIT 2", "text/csv"),
        ("ASK {}", "text/csv"),
        ("DESCRIBE <https://w3id.org/zhiji/ontology/Course>", "text/turtle"),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", "text/turtle"),
    ],
)
def test_the_answer_to_a_query_as_a_file(pool, query, media):
    answer = pool.answer("rows_of_query", query=query, form="csv")
    assert answer.media_type.startswith(media)
    assert answer.serving == pool.version()
    assert answer.body


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT nonsense", "bad-query"),
        ("CLEAR ALL", "query-not-read-only"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "query-asks-elsewhere"),
        ("ASK " + "{" * 300 + "}" * 300, "query-too-deep"),
        ("SELECT * { ?a ?b ?c . ?d a ?f } LIMIT 90000", "answer-too-large"),
    ],
)
def test_a_query_for_a_file_is_guarded_as_any(pool, query, code):
    with pytest.raises(UnreadableError) as caught:
        pool.answer("rows_of_query", query=query, form="csv")
    assert caught.value.problems[0].code == code


@pytest.mark.parametrize("name", ["none", "queries/ask/programmes.rq", "../x.rq"])
@pytest.mark.parametrize("task", ["form", "table", "rows"])
def test_a_question_is_named_and_never_a_file(pool, task, name):
    more = {"form": {}, "table": {"written": {}}, "rows": {"written": {}, "form": "csv"}}[task]
    with pytest.raises(UnreadableError) as caught:
        pool.answer(task, name=name, **more)
    assert caught.value.problems[0].code == "unknown-question"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_of_a_programme(pool, language):
    answer = pool.answer("report", programme="460103", language=language)
    assert answer.media_type.startswith("text/html")
    assert ("缺口" if language == "zh" else "gap") in answer.body.decode().lower()


def test_problems_cross_with_their_words_in_both_languages(pool):
    with pytest.raises(UnreadableError) as caught:
        pool.answer("report", programme="none", language="zh")
    (problem,) = caught.value.problems
    assert problem.code == "unknown-code"
    assert "培养方案" in problem.line("zh")
    assert "programme" in problem.line("en")
    assert len(pids(pool)) == 2


def test_the_desk_keeps_a_version_open_and_lets_go_of_it(example_kg):
    desk = Desk(1 << 20)
    asked = question(example_kg, "questions")
    assert json.loads(desk.answer(asked)[1])
    opened = desk._opened
    desk.answer(asked)
    assert desk._opened is opened
    desk.close()
    desk.answer(asked)
    assert desk._opened is not opened


@pytest.mark.parametrize("other", [{"sha256": "0"}, {"directory": "v9"}])
def test_a_version_that_is_no_longer_there_is_said(example_kg, other):
    asked = question(example_kg, "questions")
    if "directory" in other:
        other = {"directory": str(example_kg / "v9")}
    with pytest.raises(CannotRunError) as caught:
        Desk(1 << 20).answer({**asked, **other})
    assert caught.value.problems[0].code == "damaged-version"


def test_analyses_and_the_index_are_made_once(example_kg):
    opened = Opened(serving(example_kg), 1 << 20)
    assert opened.analysis("460103") is opened.analysis("460103")
    assert opened.index is opened.index
    assert opened.analysis("460103").graph.version == "v1"


def test_every_task_is_a_function_of_the_open_version():
    assert {"sparql", "overview", "search", "entity", "describe", "around", "form", "table", "rows", "report"} <= set(
        TASKS
    )
