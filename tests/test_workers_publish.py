"""New versions while others read: every answer is wholly of one version, and none is an error."""

import json
import shutil
import threading
import time
from dataclasses import replace

import pytest
from pools import JSON, SHORT, ask, number, wait_until

from zhiji_kg.errors import CannotRunError
from zhiji_kg.rdf import Iri, Quad, integer, nquads
from zhiji_kg.store.versions import KEPT, publish, rollback
from zhiji_kg.workers.pool import Pool

SIZE = 100
VALUES = "SELECT ?v (COUNT(*) AS ?n) { ?s <urn:value> ?v } GROUP BY ?v"
READERS, PUBLISHES = 8, 4


def graph(value):
    """A graph whose every statement says the same value."""
    return nquads(Quad(Iri(f"urn:s{n}"), Iri("urn:value"), integer(value)) for n in range(SIZE))


def published(directory, value):
    return publish(directory, graph(value), {"value": value})[0]


@pytest.fixture
def kg(tmp_path):
    published(tmp_path / "kg", 0)
    return tmp_path / "kg"


def value_of(answer):
    """The one value that an answer is about."""
    (row,) = json.loads(answer.body)["results"]["bindings"]
    assert int(row["n"]["value"]) == SIZE
    return int(row["v"]["value"])


@pytest.mark.parametrize("cache_mb", [0, 8])
def test_every_answer_is_wholly_of_one_version(kg, cache_mb):
    wrong, seen, stop = [], set(), threading.Event()
    hashes = {}

    def read():
        while not stop.is_set():
            try:
                answer = ask(pool, VALUES)
                seen.add((answer.version, answer.sha256, value_of(answer)))
                time.sleep(0.01)  # readers have a network between themselves and us
            except Exception as error:
                wrong.append(error)
                return

    with Pool(kg, replace(SHORT, query_seconds=10.0, cache_mb=cache_mb)) as pool:
        hashes[0] = pool.version().sha256
        threads = [threading.Thread(target=read) for _ in range(READERS)]
        for thread in threads:
            thread.start()
        for value in range(1, PUBLISHES + 1):
            hashes[value] = published(kg, value).manifest["sha256"]
            wait_until(lambda value=value: wrong or any(seen_value == value for _, _, seen_value in list(seen)))
        stop.set()
        for thread in threads:
            thread.join(20)
    assert not wrong
    assert {(version, hashes[value]) for version, _, value in seen} == {(version, sha) for version, sha, _ in seen}
    assert {value for _, _, value in seen} == set(range(PUBLISHES + 1))
    assert len(list(kg.glob("v*"))) <= KEPT + 1


def test_a_step_back_is_seen_at_once(kg):
    with Pool(kg, SHORT) as pool:
        published(kg, 1)
        assert value_of(ask(pool, VALUES)) == 1
        rollback(kg, "v1")
        answer = ask(pool, VALUES)
        assert (answer.version, value_of(answer)) == ("v1", 0)


def test_another_graph_under_the_same_name_is_another_version(kg):
    with Pool(kg, replace(SHORT, cache_mb=8)) as pool:
        assert value_of(ask(pool, VALUES)) == 0
        shutil.rmtree(kg)
        published(kg, 7)
        answer = ask(pool, VALUES)
        assert (answer.version, value_of(answer)) == ("v1", 7)


def test_a_store_that_is_damaged_is_said_and_the_next_version_serves(kg):
    with Pool(kg, SHORT) as pool:
        shutil.rmtree(kg / "v1" / "store")
        with pytest.raises(CannotRunError) as caught:
            ask(pool, VALUES)
        assert caught.value.problems[0].code == "damaged-version"
        assert "v1" in caught.value.problems[0].line("zh")
        published(kg, 1)
        assert value_of(ask(pool, VALUES)) == 1


def test_a_version_pruned_as_it_was_asked_for_is_no_error(kg, monkeypatch):
    with Pool(kg, SHORT) as pool:
        old = pool.version()
        for value in range(1, KEPT + 2):
            published(kg, value)
        assert not old.directory.exists()
        said, real = [old, old], pool._pointer.read
        monkeypatch.setattr(pool._pointer.__class__, "read", lambda self: said.pop() if said else real())
        assert number(ask(pool, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", results=JSON)) == SIZE


@pytest.mark.parametrize("cache_mb", [0, 8])
def test_who_has_one_answer_can_ask_on_about_the_same_version(kg, cache_mb):
    with Pool(kg, replace(SHORT, query_seconds=10.0, cache_mb=cache_mb)) as pool:
        first = ask(pool, VALUES)
        assert first.serving == pool.version()
        published(kg, 1)
        assert value_of(ask(pool, VALUES)) == 1
        for again in (ask(pool, VALUES, at=first.serving), ask(pool, f"{VALUES} #", at=first.serving)):
            assert (again.version, again.serving, value_of(again)) == ("v1", first.serving, 0)


def test_a_version_that_went_is_not_taken_for_another(kg):
    with Pool(kg, replace(SHORT, query_seconds=10.0)) as pool:
        first = ask(pool, VALUES)
        for value in range(1, KEPT + 2):
            published(kg, value)
        ask(pool, VALUES)
        for _ in range(pool.limits.workers):
            with pytest.raises(CannotRunError) as caught:
                ask(pool, f"{VALUES} # another", at=first.serving)
            assert caught.value.problems[0].code == "damaged-version"
        assert value_of(ask(pool, VALUES)) == KEPT + 1
