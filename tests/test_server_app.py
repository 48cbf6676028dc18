"""The application as a whole: its rooms, its health, what it costs to import, and versions that change under it."""

import json
import subprocess
import sys
import threading

import pytest
from conftest import GOLDEN, environment
from test_server_protocol import QUERY, ask

from zhiji_kg.build import build
from zhiji_kg.resources import examples
from zhiji_kg.server.app import application, healthz
from zhiji_kg.store.versions import serving
from zhiji_kg.workers.limits import Limits
from zhiji_kg.workers.pool import Pool


def test_health(example_site, example_kg):
    answer, body = ask(example_site, "GET", "/healthz")
    assert answer.status == 200
    told = json.loads(body)
    identity = serving(example_kg).identity
    assert (told["status"], told["version"], told["sha256"]) == ("ok", identity.version, identity.sha256)
    assert told["workers"] == 2
    assert told["fenced"] in ("full", "memory", "none")
    assert healthz.__doc__


def test_not_healthy_once_the_workers_are_gone(two_plans_kg):
    with Pool(two_plans_kg, Limits(workers=2)) as pool:
        client = application(pool, "").test_client()
        assert client.get("/healthz").status_code == 200
        assert client.get(QUERY).status_code == 200
        pool.close()
        assert client.get("/healthz").status_code >= 500
        assert client.get("/healthz", headers={"Accept": "text/html"}).status_code >= 500


@pytest.mark.parametrize("module", ["zhiji_kg.server", "zhiji_kg.cli"])
def test_the_web_stack_is_imported_by_who_serves(module):
    code = f"import sys, {module}; print(*sorted(n for n in ('flask', 'waitress', 'werkzeug') if n in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_the_web_process_holds_no_store():
    code = (
        "import sys, zhiji_kg.server.app, zhiji_kg.server.serving, zhiji_kg.workers.pool;"
        "print(*(n for n in ('zhiji_kg.store', 'zhiji_kg.queries', 'zhiji_kg.browse') if n in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


COUNT = "/sparql?format=csv&query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20%23"


def test_every_answer_is_wholly_of_one_version(tmp_path, serve_site):
    """While new versions are published, readers get the one or the other, and no error."""
    plans = [GOLDEN / "two-plans" / "workbook"]
    directory = tmp_path / "kg"
    sizes, read_now, done = set(), [], threading.Event()

    def publish(sources):
        build(sources, directory)
        store = serving(directory).open()
        sizes.add(store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", {}).rows[0][0].value)

    publish(plans)
    site = serve_site(directory, workers=3)

    def read(number):
        asked = 0
        while not done.is_set():
            asked += 1
            target = f"{COUNT}{number}-{asked}"  # asked anew each time, and not out of the cache
            answer, body = ask(site, "GET", target)
            read_now.append((answer.status, body.decode().split()[-1]))

    readers = [threading.Thread(target=read, args=(number,)) for number in range(16)]
    for reader in readers:
        reader.start()
    for sources in (examples(), plans, examples(), plans):
        publish(sources)
    done.set()
    for reader in readers:
        reader.join()
    assert len(sizes) == 2
    wrong = [found for found in read_now if found[0] != 200 or found[1] not in sizes]
    assert not wrong, wrong[:3]
    assert {size for _, size in read_now} == sizes
