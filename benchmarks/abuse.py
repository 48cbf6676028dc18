"""What each abusive query is answered, and how long the next simple one then waits.

The queries are those of ``tests/abuse/queries.toml``, and a body of 2 MB; SERVICE and LOAD point at a
listener on the loopback, whose hits are counted. ``zhiji serve`` runs with its default limits.
"""

import importlib.util
import socket
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from .http import JSON, ROOT, ours

SIMPLE = "SELECT (COUNT(*) AS ?n) { ?s a ?class }"


def abuse():
    """Print status and seconds of each, and the milliseconds of the simple query after it."""
    asked = [*cases(), ("2 MB of query", "#" + "x" * 2_000_000)]
    with (
        tempfile.TemporaryDirectory(prefix="zhiji-bench-") as name,
        _listener() as (place, hits),
        ours(Path(name)) as at,
    ):
        print(f"{'query':40} {'status':>6} {'seconds':>8} {'next ms':>8}")
        worst = 0.0
        for what, text in asked:
            status, seconds = _ask(at, text.replace("{listener}", place))
            after, waited = _ask(at, f"{SIMPLE} # {what} {time.time()}")  # never out of the cache
            worst = max(worst, waited)
            print(f"{what:40} {status:6} {seconds:8.2f} {waited * 1000:8.1f}{'' if after == 200 else f'  {after}!'}")
    kept = "kept" if worst < 1 and not hits else "MISSED"
    print(f"{kept}: the next query within {worst:.2f} s (target < 1), {len(hits)} hits at the listener (target 0)")


def cases():
    """Name and text of each case; ``{listener}`` is still to be filled in."""
    spec = importlib.util.spec_from_file_location("abusive", ROOT / "tests" / "abusive.py")
    abusive = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(abusive)
    for case in abusive.cases("queries")["case"]:
        yield case["name"], abusive.text_of(case["text"], "{listener}")


def _ask(place, text):
    """Status and seconds of a query."""
    headers = {"Accept": JSON, "Content-Type": "application/sparql-query"}
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(urllib.request.Request(place, text.encode(), headers), timeout=120) as answer:
            answer.read()
            return answer.status, time.perf_counter() - began
    except urllib.error.HTTPError as error:
        with error:
            error.read()
            return error.code, time.perf_counter() - began


class _listener:  # noqa: N801 - used as a function
    """A listener on the loopback that counts who comes."""

    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        hits = []

        def listen():
            while True:
                try:
                    hits.append(self._socket.accept()[1])
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        return f"127.0.0.1:{self._socket.getsockname()[1]}", hits

    def __exit__(self, *_):
        self._socket.close()
