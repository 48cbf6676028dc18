"""What several tests share: the example graph, built once a session, the command, and a SPARQL server."""

import csv
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.build import build
from zhiji_kg.resources import examples
from zhiji_kg.server import create_app
from zhiji_kg.server.serving import listen
from zhiji_kg.store import open_store
from zhiji_kg.workers.limits import Limits
from zhiji_kg.workers.pool import Pool

hypothesis.settings.register_profile("house", deadline=None)  # no test waits for a clock
hypothesis.settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent
# A Java that lives for seconds is done before its second compiler has paid for itself, and has little to sweep.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

OURS = ("ZHIJI_LANG", "ZHIJI_ENDPOINT", "PYTHONUTF8", "PYTHONIOENCODING")
GOLDEN = ROOT / "tests" / "golden"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def example_kg(tmp_path_factory):
    """The folder of versions that the example workbooks build."""
    directory = tmp_path_factory.mktemp("example") / "kg"
    build(examples(), directory)
    return directory


@pytest.fixture(scope="session")
def example_store(example_kg):
    """The example graph, open for questions."""
    return open_store(example_kg)


@pytest.fixture(scope="session")
def direct_analysis(tmp_path_factory):
    """The gap analysis of the same plan as if every statement in it stood in a document: nothing is an example."""
    folder = tmp_path_factory.mktemp("direct")
    for example in examples():
        for path in example.glob("*.csv"):
            copy = folder / example.name / path.name
            copy.parent.mkdir(exist_ok=True)
            text = path.read_text(encoding="utf-8")
            copy.write_text(re.sub(r"(?m),示例(?=,|$)", ",直接", text), encoding="utf-8")
    build(sorted(folder.iterdir()), folder.with_name("direct-kg"))
    store = open_store(folder.with_name("direct-kg"))
    return analyse(store, find_programme(store, "460103"))


@pytest.fixture(scope="session")
def two_plans_kg(tmp_path_factory):
    """A small graph: two programmes that share points, one of them in two editions."""
    directory = tmp_path_factory.mktemp("two-plans") / "kg"
    build([GOLDEN / "two-plans" / "workbook"], directory)
    return directory


@pytest.fixture(scope="session")
def two_plans(two_plans_kg):
    """The small graph, open for questions."""
    return open_store(two_plans_kg)


def environment(lang="en", **more):
    """The environment of a command: our package, one language, UTF-8, no endpoint of the machine's own."""
    inherited = {key: value for key, value in os.environ.items() if key not in OURS}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    if "LC_ALL" in more:  # a test about the locale: what Python makes of it is what counts
        return {**inherited, "PYTHONPATH": path, "ZHIJI_LANG": lang, **more}
    return {**inherited, "PYTHONPATH": path, "PYTHONUTF8": "1", "ZHIJI_LANG": lang, **more}


def run_zhiji(*arguments, lang="en", cwd=None, **more):
    """Run the command line as a user does and give what came of it."""
    command = [sys.executable, "-m", "zhiji_kg", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=environment(lang, **more), capture_output=True, text=True, encoding="utf-8", timeout=120
    )


@pytest.fixture(scope="session")
def zhiji():
    """The command ``zhiji`` as a function of its arguments."""
    return run_zhiji


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def oxigraph():
    """The server of the package ``oxigraph``."""
    found = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or shutil.which("oxigraph")
    if found is None:
        pytest.skip("the package oxigraph is not installed")
    return found


@pytest.fixture(scope="session")
def serve_graph(tmp_path_factory, zhiji):
    """Load what ``zhiji export --format nq`` writes into a real SPARQL server and give its endpoint."""
    servers = []

    def serve(kg):
        folder = tmp_path_factory.mktemp("server")
        dump, store = folder / "graph.nq", folder / "store"
        done = zhiji("export", "--kg", kg, "--format", "nq", "-o", dump)
        assert done.returncode == 0, done.stderr
        load = [oxigraph(), "load", "--location", store, "--file", dump]
        subprocess.run(load, check=True, capture_output=True, timeout=120)
        place = f"127.0.0.1:{free_port()}"
        command = [oxigraph(), "serve", "--location", store, "--bind", place]
        servers.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        wait_for(f"http://{place}/", servers[-1])
        return f"http://{place}/query"

    yield serve
    for server in servers:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url, server):
    for _ in range(200):
        assert server.poll() is None, "the server has ended"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{url} does not answer")


@pytest.fixture(scope="session")
def example_endpoint(example_kg, serve_graph):
    """The example graph behind a real SPARQL server."""
    return serve_graph(example_kg)


@pytest.fixture(scope="session")
def two_plans_endpoint(two_plans_kg, serve_graph):
    """The small graph behind a real SPARQL server."""
    return serve_graph(two_plans_kg)


@pytest.fixture(scope="session")
def serve_site():
    """Serve a folder of versions with real workers and the real web server, and give its address."""
    with ExitStack() as running:

        def serve(kg, cors="", hosts=(), **limits):
            patient = {"query_seconds": 60.0, "queue_seconds": 60.0}  # a machine that runs all tests at once is slow
            given = Limits(**{"workers": 2, "threads": 16, **patient, **limits})
            pool = running.enter_context(Pool(kg, given))
            server = listen(create_app(pool, cors, hosts), "127.0.0.1", 0, given)
            running.callback(server.close)
            threading.Thread(target=server.run, daemon=True).start()
            return server.url

        yield serve


@pytest.fixture(scope="session")
def example_site(example_kg, serve_site):
    """The example graph as a site: the address of its overview, without the last slash."""
    return serve_site(example_kg)


EVIL = {
    "甲课": "<img src=x onerror=alert(1)>",
    "乙课": '"><script>alert(2)</script>',
    "甲专业": "</script><b>坏</b>{0}",
}
"""What the names of the small graph become where strangers named things."""


@pytest.fixture(scope="session")
def evil_site(tmp_path_factory, serve_site):
    """A site whose graph was made from a workbook with HTML for names."""
    folder = tmp_path_factory.mktemp("evil")
    for path in (GOLDEN / "two-plans" / "workbook").glob("*.csv"):
        with path.open(encoding="utf-8") as given, (folder / path.name).open("w", encoding="utf-8", newline="") as copy:
            csv.writer(copy).writerows([EVIL.get(cell, cell) for cell in row] for row in csv.reader(given))
    build([folder], folder.with_name("evil-kg"))
    return serve_site(folder.with_name("evil-kg"))


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all tests of a process: Playwright starts no second one there."""
    if not os.environ.get("CI"):
        pytest.importorskip("playwright.sync_api")
        if CHROMIUM is None:
            pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()
