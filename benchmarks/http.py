"""200 clients on one named question, beside ``oxigraph serve`` in the same run.

Both serve the same example graph and are asked the same SPARQL text; their answers are checked equal
first. Each client holds one connection and asks again as soon as it has its answer. The two servers
take turns, and the load comes from a process of its own on the same machine, so only the ratio means
something. Two rows: the question as it stands, which ours answers from its cache of a version that
never changes, and the question with a comment that is new each time, which every time goes through
guard, worker and engine.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 200
TARGET = 0.5  # of what oxigraph serve answers
JSON = "application/sparql-results+json"
STARTED = re.compile(r"http://127\.0\.0\.1:\d+/")


@dataclass
class Tally:
    """What the clients saw: answers that were right, errors, and seconds for each answer."""

    right: int
    wrong: list[str]
    waits: list[float]
    seconds: float

    @property
    def rate(self):
        """Right answers a second."""
        return self.right / self.seconds

    def wait(self, share):
        """The wait in ms that this share of the answers did not exceed."""
        return 1000 * sorted(self.waits)[int(share * (len(self.waits) - 1))]


def question():
    """A named question with its value bound, as any endpoint takes it."""
    from zhiji_kg.queries import find_query
    from zhiji_kg.rdf import Iri
    from zhiji_kg.store.binding import with_values

    course = Iri("https://w3id.org/zhiji/id/course/460103-ZH006")
    return with_values(find_query("course-points").text, {"course": course})


def http(seconds, clients=CLIENTS):
    """Print the answers a second of both, and the ratio of ours to theirs.

    Raises:
        SystemExit: when a server does not start, the answers differ, or a client met an error.
    """
    text = question()
    with tempfile.TemporaryDirectory(prefix="zhiji-bench-") as name, ours(Path(name)) as a, theirs(Path(name)) as b:
        if rows(a, text) != rows(b, text):
            sys.exit("the two servers answer differently")
        print(f"{clients} clients, {seconds} s each; {len(rows(a, text))} rows a time, equal in both")
        print(f"{'':34} {'answers/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7}  ratio")
        ratios = [
            compared("one question again and again", text, (a, b), clients, seconds),
            compared("the same, new to the cache each time", text + "\n# %d", (a, b), clients, seconds),
        ]
    for ratio in ratios:
        print(f"{'kept' if ratio >= TARGET else 'MISSED'}: {ratio:.2f} × oxigraph serve (target ≥ {TARGET})")


def compared(what, text, places, clients, seconds):
    """Both servers under the same load; the ratio of ours to theirs."""
    print(what)
    tallies = [load(place, text, clients, seconds) for place in places]
    for server, tally in zip(("zhiji serve", "oxigraph serve"), tallies, strict=True):
        ratio = tally.rate / tallies[1].rate
        shown = f"{tally.rate:10.0f} {tally.wait(0.5):8.1f} {tally.wait(0.99):8.1f} {len(tally.wrong):7}"
        print(f"  {server:32} {shown}  {ratio:.2f} ×", flush=True)
    if tallies[0].wrong:
        sys.exit(f"an error: {tallies[0].wrong[0]}")
    return tallies[0].rate / tallies[1].rate


def load(place, text, clients, seconds):
    """Put a server under load from a process of its own."""
    given = json.dumps({"place": place, "text": text, "clients": clients, "seconds": seconds})
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.http"], input=given, capture_output=True, text=True, cwd=ROOT, check=True
    )
    return Tally(**json.loads(done.stdout))


async def _ask_for(place, text, clients, seconds):
    """All clients at once, until the time is over."""
    parts = urlsplit(place)
    tally = Tally(0, [], [], seconds)
    numbers = iter(range(10**9))
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_client(parts, text, numbers, until, tally) for _ in range(clients)))
    return tally


async def _client(parts, text, numbers, until, tally):
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    while (began := time.perf_counter()) < until:
        body = (text % next(numbers) if "%d" in text else text).encode()
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: {JSON}\r\n"
            f"Content-Type: application/sparql-query\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        try:
            status, answer = await _answer(reader)
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            tally.wrong.append(repr(error))
            return
        if status == 200 and answer.rstrip().endswith(b"}"):
            tally.right += 1
            tally.waits.append(time.perf_counter() - began)
        else:
            tally.wrong.append(f"{status} {answer[:200]!r}")
    writer.close()


async def _answer(reader):
    """Status and body of one answer, by its length or in chunks."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(None, 2)[1])
    if length := re.search(r"content-length: *(\d+)", head):
        return status, await reader.readexactly(int(length[1]))
    body = b""
    while size := int((await reader.readline()).strip() or b"0", 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return status, body


def rows(place, text):
    """The rows that an endpoint answers, in its order."""
    headers = {"Accept": JSON, "Content-Type": "application/sparql-query"}
    request = urllib.request.Request(place, text.encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["results"]["bindings"]


@contextmanager
def ours(folder):
    """``zhiji serve`` over the example."""
    _zhiji("demo", "--out", folder / "demo", "--no-serve")
    command = [*_command(), "serve", "--kg", folder / "demo" / "kg", "--port", "0"]
    server = subprocess.Popen(list(map(str, command)), env=_environment(), stdout=subprocess.PIPE, text=True)
    try:
        place = next(found[0] for line in server.stdout if (found := STARTED.search(line)))
        yield place + "sparql"
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def theirs(folder):
    """``oxigraph serve`` over the same graph."""
    oxigraph = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or shutil.which("oxigraph")
    if oxigraph is None:
        sys.exit("the package oxigraph is missing: pip install oxigraph")
    dump, store = folder / "graph.nq", folder / "store"
    _zhiji("export", "--kg", folder / "demo" / "kg", "--format", "nq", "-o", dump)
    subprocess.run([oxigraph, "load", "--location", store, "--file", dump], check=True, capture_output=True)
    place = f"127.0.0.1:{_free_port()}"
    command = [oxigraph, "serve-read-only", "--location", store, "--bind", place]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://{place}/")
        yield f"http://{place}/query"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _command():
    return sys.executable, "-m", "zhiji_kg"


def _environment():
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def _zhiji(*arguments):
    subprocess.run([*_command(), *map(str, arguments)], env=_environment(), check=True, stdout=subprocess.DEVNULL)


def _free_port():
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait(url):
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"{url} does not answer")


if __name__ == "__main__":
    made = asyncio.run(_ask_for(**json.load(sys.stdin)))
    json.dump(made.__dict__, sys.stdout)
