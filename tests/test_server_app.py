"""The application as a whole: its rooms, its health, what it costs to import, and versions that change under it."""

import json
import re
import shutil
import subprocess
import sys
import threading
from contextlib import suppress

import pytest
from conftest import GOLDEN, environment
from test_server_protocol import QUERY, ask

from zhiji_kg.build import build
from zhiji_kg.errors import CannotRunError
from zhiji_kg.resources import examples
from zhiji_kg.server.app import application, healthz
from zhiji_kg.store.versions import rollback, serving
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


PAGES = [
    "/", "/ask/programmes", "/ask/course-points?course=A", "/graph", "/graph?focus=A", "/api/graph?focus=A", "/sparql",
    "/sparql?format=nt", "/query", "/query?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D", "/search?q=P",
    "/gaps/P1@2024", "/id/course/P1-A?format=html", "/ask/programmes?form=csv", "/api/terms", "/nowhere", "/ask/none",
]  # fmt: skip
TIMES = re.compile(rb"\d+\.\d\d (\xe7\xa7\x92|s\b)")


def read_page(site, target):
    """What a page says: its status, its tag and its text, without how long a query took."""
    answer, body = ask(site, "GET", target, {"Accept": "text/html, */*;q=0.5"} if target != "/sparql" else None)
    queried = target.startswith("/query?")
    return answer.status, "" if queried else answer.headers["ETag"], TIMES.sub(b"", body)


@pytest.fixture
def two_versions(tmp_path):
    """A folder with two small versions that differ in their names."""
    directory = tmp_path / "kg"
    build([GOLDEN / "two-plans" / "workbook"], directory)
    renamed = tmp_path / "renamed"
    shutil.copytree(GOLDEN / "two-plans" / "workbook", renamed)
    for table in renamed.glob("*.csv"):
        text = table.read_text(encoding="utf-8").replace("甲课", "新课").replace("甲专业", "新专业")
        table.write_text(text, encoding="utf-8")
    build([renamed], directory)
    return directory


def test_every_page_is_wholly_of_one_version(two_versions, serve_site):
    """While ``current`` goes to and fro, each page is byte for byte that of the one or of the other version."""
    site = serve_site(two_versions, workers=3, cache_mb=0)
    still = {target: set() for target in PAGES}
    for name in ("v1", "v2"):
        rollback(two_versions, name)
        for target in PAGES:
            still[target].add(read_page(site, target))
    assert all(len(still[target]) == 2 for target in PAGES if target not in ("/nowhere", "/api/terms"))
    mixed, turned, ended = [], [], threading.Event()

    def read():
        for target in PAGES * 3:
            found = read_page(site, target)
            if found not in still[target]:
                mixed.append((target, found))

    def flip():
        while not ended.is_set():
            for name in ("v1", "v2"):
                with suppress(CannotRunError):  # a worker just forked holds the lock until it is a program of its own
                    rollback(two_versions, name)
                    turned.append(name)

    readers, flipper = [threading.Thread(target=read) for _ in range(4)], threading.Thread(target=flip)
    flipper.start()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    ended.set()
    flipper.join()
    assert not mixed, sorted({target for target, _ in mixed})
    assert len(turned) > len(PAGES)


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

    def look():
        while not done.is_set():
            for target in PAGES[:8]:
                answer, _ = ask(site, "GET", target)  # a page may be told that its version went while it was made
                looked.append((target, answer.status == 200 or bool(answer.headers["Retry-After"])))

    looked = []
    readers = [threading.Thread(target=read, args=(number,)) for number in range(16)]
    readers += [threading.Thread(target=look) for _ in range(2)]
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
    assert [target for target, fine in looked if not fine and target in ("/", "/sparql", "/graph")] == []
