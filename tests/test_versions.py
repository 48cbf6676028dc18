"""Published versions: all or nothing, three are kept, and whatever happens the one before still serves."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_workbook import ROOT, bytes_of, cli, small, told

from zhiji_kg.build import build
from zhiji_kg.errors import CannotRunError, UnreadableError
from zhiji_kg.rdf import Iri, Quad, graph_hash, integer, nquads
from zhiji_kg.store import open_store
from zhiji_kg.store.versions import KEPT, current, publish, rollback, serving, verify, versions

S, P = Iri("http://x/s"), Iri("http://x/p")
ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"


def graph(*numbers):
    return nquads(Quad(S, P, integer(number)) for number in numbers)


def names(directory):
    return [version.name for version in versions(directory)]


@pytest.fixture
def kg(tmp_path):
    directory = tmp_path / "图 谱"
    publish(directory, graph(1), {"note": "first"})
    return directory


def test_a_version_holds_the_graph_and_says_what_it_is(kg):
    version = current(kg)
    assert (version.name, version.manifest["note"], version.manifest["quads"]) == ("v1", "first", 1)
    assert version.manifest["sha256"] == graph_hash(graph(1)) == version.identity.sha256
    assert (version.identity.version, version.identity.place) == ("v1", str(kg / "v1"))
    assert version.open().select(ALL, {}).rows == [(S, P, integer(1))]
    assert verify(version) == []
    assert sorted(path.name for path in kg.iterdir()) == [".lock", "current", "v1"]
    assert sorted(path.name for path in (kg / "v1").iterdir()) == ["manifest.json", "store"]


def test_the_same_graph_is_no_new_version(kg):
    before = bytes_of(kg)
    version, is_new = publish(kg, graph(1), {"note": "other"})
    assert (version.name, is_new, version.manifest["note"]) == ("v1", False, "first")
    assert bytes_of(kg) == before


def test_the_last_three_are_kept(kg):
    for number in range(2, 7):
        publish(kg, graph(number), {})
    assert names(kg) == ["v4", "v5", "v6"]
    assert len(names(kg)) == KEPT
    assert serving(kg).name == "v6"


def test_versions_are_in_the_order_of_their_numbers(kg):
    for number in range(2, 12):
        publish(kg, graph(number), {})
    assert names(kg) == ["v9", "v10", "v11"]


def test_the_version_people_went_back_to_outlives_the_next_build(kg):
    publish(kg, graph(2), {})
    publish(kg, graph(3), {})
    rollback(kg, "v1")
    publish(kg, graph(4), {})
    assert names(kg) == ["v1", "v2", "v3", "v4"]
    assert current(kg).name == "v4"
    publish(kg, graph(5), {})
    assert names(kg) == ["v3", "v4", "v5"]


@pytest.mark.parametrize("key", ["sha256", "quads", "published", "files"])
def test_a_manifest_that_lacks_something_is_a_damaged_version(kg, key):
    path = kg / "v1" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest[key]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(CannotRunError) as refused:
        current(kg)
    assert [problem.code for problem in refused.value.problems] == ["damaged-version"]
    done = cli("versions", "--kg", kg)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.decode().count("\n") == 1
    assert "version v1 is damaged" in done.stderr.decode()


def test_rollback_and_on_from_there(kg):
    publish(kg, graph(2), {})
    assert rollback(kg, "v1").name == "v1"
    assert (serving(kg).name, names(kg)) == ("v1", ["v1", "v2"])
    version, is_new = publish(kg, graph(3), {})
    assert (version.name, is_new, serving(kg).name) == ("v3", True, "v3")


def test_rollback_to_a_version_that_is_not_there(kg):
    with pytest.raises(UnreadableError) as caught:
        rollback(kg, "v7")
    assert (caught.value.problems[0].code, caught.value.problems[0].values["known"]) == ("unknown-version", "v1")


def test_nothing_published(tmp_path):
    assert versions(tmp_path / "none") == []
    assert current(tmp_path / "none") is None
    for ask in (lambda: serving(tmp_path), lambda: open_store(tmp_path)):
        with pytest.raises(UnreadableError) as caught:
            ask()
        assert caught.value.problems[0].code == "no-version"


def test_current_is_a_link_or_a_file_that_holds_the_name(kg, monkeypatch):
    assert (kg / "current").readlink() == Path("v1")

    def refused(*_, **__):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "symlink_to", refused)
    publish(kg, graph(2), {})
    assert not (kg / "current").is_symlink()
    assert (kg / "current").read_text(encoding="utf-8") == "v2"
    assert serving(kg).name == "v2"
    monkeypatch.undo()
    publish(kg, graph(3), {})
    assert (kg / "current").readlink() == Path("v3")


# What is damaged


def flipped(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 0x40
    path.write_bytes(bytes(data))


def files_of_the_store():
    return ["CURRENT", "MANIFEST", "IDENTITY", "OPTIONS", ".sst"]


@pytest.mark.parametrize("part", files_of_the_store())
@pytest.mark.parametrize("place", [0, 0.5, -1])
def test_a_flipped_byte_is_found(kg, part, place):
    path = next(p for p in sorted((kg / "v1" / "store").iterdir()) if part in p.name and p.stat().st_size)
    at = int(path.stat().st_size * place) if place == 0.5 else place
    flipped(path, at)
    assert path.name in verify(serving(kg))
    flipped(path, at)
    assert verify(serving(kg)) == []


def test_a_file_that_is_gone_or_another_graph_is_found(kg):
    (kg / "v1" / "store" / "IDENTITY").unlink()
    assert verify(serving(kg)) == ["IDENTITY"]
    publish(kg, graph(2), {})
    shutil.rmtree(kg / "v2" / "store")
    shutil.copytree(kg / "v1" / "store", kg / "v2" / "store")
    assert "graph" in verify(serving(kg))


@pytest.mark.parametrize("damage", ["{", "[]", '{"quads": 1}', "null", "", "\udcff"])
def test_a_damaged_manifest_is_one_line_and_can_be_published_again(kg, damage):
    publish(kg, graph(2), {})
    (kg / "v2" / "manifest.json").write_bytes(damage.encode("utf-8", "surrogateescape"))
    for ask in (current, serving, open_store):
        with pytest.raises(CannotRunError) as caught:
            ask(kg)
        assert caught.value.problems[0].code == "damaged-version"
        assert "\n" not in str(caught.value)
    assert names(kg) == ["v1"]  # what cannot be read as a version is left out
    version, is_new = publish(kg, graph(2), {})
    assert (version.name, is_new, serving(kg).name) == ("v3", True, "v3")


def test_going_back_from_a_damaged_version(kg):
    publish(kg, graph(2), {})
    (kg / "v2" / "manifest.json").unlink()
    assert rollback(kg, "v1").open().select(ALL, {}).rows == [(S, P, integer(1))]


@pytest.mark.parametrize("part", ["CURRENT", "MANIFEST", ".sst"])
def test_a_store_that_does_not_open_is_one_line_and_is_published_anew(kg, part):
    path = next(p for p in sorted((kg / "v1" / "store").iterdir()) if part in p.name)
    flipped(path, 0)
    if part != ".sst":  # a block is only looked at when it is read
        with pytest.raises(CannotRunError) as caught:
            serving(kg).open()
        assert caught.value.problems[0].code == "damaged-version"
    version, is_new = publish(kg, graph(1), {})  # the same graph, and yet not the same version
    assert (version.name, is_new, verify(version)) == ("v2", True, [])


def test_a_pointer_to_nothing(kg):
    shutil.rmtree(kg / "v1")
    with pytest.raises(CannotRunError):
        current(kg)
    assert publish(kg, graph(1), {})[1]
    assert serving(kg).open().select(ALL, {}).rows == [(S, P, integer(1))]


# What cannot be written


@pytest.mark.parametrize("below", [".", "kg", "deep/kg"])
def test_a_place_that_cannot_be_written(tmp_path, below):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CannotRunError) as caught:
        publish(tmp_path / "file" / below, graph(1), {})
    (problem,) = caught.value.problems
    assert problem.code == "publish-failed"
    assert "\n" not in problem.line("zh") + problem.line("en")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_through_the_command_it_is_exit_3(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = cli("build", small(tmp_path / "book"), "--kg", tmp_path / "file" / "kg")
    out, err = told(done)
    assert (done.returncode, out, err.count("\n")) == (3, "", 1)
    assert "publishing failed" in err


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are those of Unix")
def test_a_disk_that_is_full_leaves_the_version_before(kg):
    before = bytes_of(kg)
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        f"sys.path.insert(0, {str(ROOT)!r});"
        "from pathlib import Path; from zhiji_kg.store.versions import publish\n"
        "from zhiji_kg.errors import CannotRunError\n"
        "lines = [b'<http://x/s> <http://x/p> \"%06d\" .\\n' % n for n in range(500)]\n"
        "try: publish(Path(sys.argv[1]), lines, {})\n"
        "except CannotRunError as error: print(error.problems[0].code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(kg)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("publish-failed", 0), done.stderr
    assert bytes_of(kg) == before


def test_a_graph_that_is_not_read_back_as_it_was_meant_is_not_published(kg):
    with pytest.raises(CannotRunError) as caught:
        publish(kg, [b"<http://x/s> <http://x/p> <http://x/o> .\n", b"this is no quad\n"], {})
    assert caught.value.problems[0].code == "publish-failed"
    with pytest.raises(CannotRunError) as caught:
        publish(kg, [b'<http://x/s>   <http://x/p> "1" .\n'], {})  # not the line that the store gives back
    assert "read back another graph" in str(caught.value)
    assert (names(kg), serving(kg).name) == (["v1"], "v1")


# Two at once, and what a killed one leaves


def test_a_second_build_waits_for_nobody(kg):
    import fcntl

    with (kg / ".lock").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for act in (lambda: publish(kg, graph(2), {}), lambda: rollback(kg, "v1")):
            with pytest.raises(CannotRunError) as caught:
                act()
            assert caught.value.problems[0].code == "being-built"
        assert open_store(kg).select(ALL, {}).rows == [(S, P, integer(1))]  # who reads is not kept waiting
    assert publish(kg, graph(2), {})[1]


def test_a_folder_whose_lock_cannot_be_opened(kg):
    (kg / ".lock").unlink()
    (kg / ".lock").mkdir()
    for act in (lambda: publish(kg, graph(2), {}), lambda: rollback(kg, "v1")):
        with pytest.raises(CannotRunError) as caught:
            act()
        assert caught.value.problems[0].code == "publish-failed"


def test_what_a_killed_build_left_is_swept(kg):
    left = kg / ".building-dead"
    (left / "store").mkdir(parents=True)
    (left / "store" / "000001.sst").write_bytes(b"x")
    (kg / ".current-v9").symlink_to("v9")
    publish(kg, graph(1), {})  # even a build that publishes nothing
    assert sorted(path.name for path in kg.iterdir()) == [".lock", "current", "v1"]


def test_a_version_whose_number_is_taken_is_not_written_over(kg):
    (kg / "v2").mkdir()  # renamed into place, and killed before anything pointed at it
    shutil.copytree(kg / "v1", kg / "v3")
    version, _ = publish(kg, graph(2), {})
    assert version.name == "v4"
    assert serving(kg).name == "v4"


def started(kg, book):
    command = [sys.executable, "-m", "zhiji_kg", "build", str(book), "--kg", str(kg)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_kill_9_at_any_moment_leaves_the_version_before(tmp_path):
    """Twenty builds, each killed with its child at another moment of the time that a build takes."""
    kg, chance = tmp_path / "图 谱", random.Random(20)
    build([small(tmp_path / "before")], kg)
    start = time.monotonic()
    assert started(tmp_path / "other", small(tmp_path / "timing", set={"课程!H2": "7"})).wait(60) == 0
    duration = time.monotonic() - start
    killed, name = 0, ""
    for turn in range(20):
        if serving(kg).name != name:  # otherwise the turn before has just compared all of it
            name, before, quads = serving(kg).name, bytes_of(serving(kg).directory), set(open_store(kg).quads())
        process = started(kg, small(tmp_path / "book", set={"课程!H2": str(turn + 20)}))
        time.sleep(duration * (turn + chance.random()) / 20)
        killed += kill_group(process)
        version = serving(kg)
        if version.name == name:
            assert bytes_of(version.directory) == before
            assert set(open_store(kg).quads()) == quads
        else:  # it was done, or as good as done: then the new version serves, and it is whole
            assert int(version.name[1:]) > int(name[1:])
        assert verify(version) == []
    assert killed >= 10
    done = build([small(tmp_path / "book", set={"课程!H2": "99"})], kg)
    assert (done.is_new, verify(done.version), serving(kg).name) == (True, [], done.version.name)
    assert not [path for path in kg.iterdir() if path.name.startswith((".building", ".current"))]


def kill_group(process):
    """Kill a build and its child; whether it was still at work."""
    at_work = process.poll() is None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        at_work = False
    process.wait(30)
    return at_work and process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("step", ["_load_in_child", "_read_back", "_sync_tree", "_point", "_prune"])
def test_an_error_in_any_step_leaves_the_version_before(kg, step, monkeypatch):
    def fails(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"zhiji_kg.store.versions.{step}", fails)
    with pytest.raises(CannotRunError) as caught:
        publish(kg, graph(2), {})
    assert "No space left on device" in str(caught.value)
    assert serving(kg).name == ("v2" if step == "_prune" else "v1")
    assert verify(serving(kg)) == []
    assert not list(kg.glob(".building-*"))
    monkeypatch.undo()
    assert publish(kg, graph(3), {})[1]


def test_the_manifest_is_json_that_people_can_read(kg):
    content = (kg / "v1" / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(content)
    assert list(manifest) == sorted(manifest)
    assert content.endswith("}\n")
    assert set(manifest) >= {"sha256", "quads", "published", "version", "files"}
    assert manifest["published"].endswith("+00:00")


def test_the_commands_about_versions(tmp_path):
    kg = tmp_path / "kg"
    for value in ("1", "2"):
        build([small(tmp_path / "book", set={"课程!H2": value})], kg)
    listed = json.loads(cli("versions", "--kg", kg, "--json").stdout)
    assert [(row["version"], row["serving"]) for row in listed] == [("v1", False), ("v2", True)]
    assert cli("rollback", "v1", "--kg", kg).returncode == 0
    assert cli("verify", "--kg", kg).returncode == 0
    flipped(next(path for path in (kg / "v1" / "store").iterdir() if path.suffix == ".sst"), 0)
    done = cli("verify", "--kg", kg)
    assert done.returncode == 1
    assert ".sst" in told(done)[0]
    assert cli("rollback", "v9", "--kg", kg).returncode == 2
    assert cli("verify", "--kg", tmp_path).returncode == 2
