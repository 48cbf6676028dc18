"""Which version serves: the pointer, the manifest, and what can be wrong with them."""

import json
import shutil
from pathlib import Path

import pytest

from zhiji_kg.errors import CannotRunError, UnreadableError
from zhiji_kg.rdf import Iri, Quad, nquads
from zhiji_kg.store.versions import publish, rollback, serving
from zhiji_kg.workers.current import Pointer


def lines(value):
    return nquads([Quad(Iri("urn:a"), Iri("urn:b"), Iri(f"urn:{value}"))])


@pytest.fixture
def kg(tmp_path):
    publish(tmp_path / "kg", lines(1), {})
    return tmp_path / "kg"


def test_it_is_what_the_store_says_and_is_read_once(kg):
    pointer, said = Pointer(kg), serving(kg)
    now = pointer.read()
    assert (now.name, now.sha256, now.directory) == (said.name, said.manifest["sha256"], kg / "v1")
    assert now.manifest == said.manifest
    assert pointer.read() is now


def test_a_new_version_and_a_step_back_are_seen_at_once(kg):
    pointer = Pointer(kg)
    first = pointer.read()
    publish(kg, lines(2), {})
    second = pointer.read()
    assert (second.name, second.sha256 == first.sha256) == ("v2", False)
    rollback(kg, "v1")
    assert pointer.read() == first


def test_another_graph_under_the_same_name_is_another_version(kg):
    pointer = Pointer(kg)
    first = pointer.read()
    shutil.rmtree(kg)
    publish(kg, lines(2), {})
    assert pointer.read().name == first.name
    assert pointer.read().sha256 != first.sha256


def test_a_pointer_that_is_a_file_leads_there_too(kg):
    (kg / "current").unlink()
    (kg / "current").write_text("v1\n", encoding="utf-8")
    assert Pointer(kg).read().name == "v1"


def test_a_pointer_that_is_a_file_may_be_refused_for_a_moment(kg, monkeypatch):
    """As Windows refuses a file that is being replaced."""
    (kg / "current").unlink()
    (kg / "current").write_text("v1", encoding="utf-8")
    refused, read = [1, 2, 3], Path.read_text

    def swapped(path, *given, **more):
        if path.name == "current" and refused:
            raise PermissionError(refused.pop())
        return read(path, *given, **more)

    monkeypatch.setattr(Path, "read_text", swapped)
    assert Pointer(kg).read().name == "v1"
    refused.extend(range(100))
    with pytest.raises(UnreadableError):
        Pointer(kg).read()


def test_a_pointer_to_the_whole_path_leads_there_too(kg):
    (kg / "current").unlink()
    (kg / "current").symlink_to(kg / "v1")
    assert Pointer(kg).read().name == "v1"


def test_a_folder_named_from_here_stays_the_same_wherever_we_go(kg, monkeypatch, tmp_path):
    monkeypatch.chdir(kg.parent)
    pointer = Pointer(kg.relative_to(kg.parent))
    monkeypatch.chdir(tmp_path.parent)
    assert pointer.read().directory == kg / "v1"


def test_nothing_published_is_said(tmp_path):
    with pytest.raises(UnreadableError) as caught:
        Pointer(tmp_path / "none").read()
    assert caught.value.problems[0].code == "no-version"
    assert "none" in caught.value.problems[0].line("zh")


@pytest.mark.parametrize("text", [None, "", "[]", "{}", "{", json.dumps({"quads": 1})])
def test_a_manifest_that_cannot_be_read_is_damage(kg, text):
    manifest = kg / "v1" / "manifest.json"
    manifest.unlink() if text is None else manifest.write_text(text, encoding="utf-8")
    with pytest.raises(CannotRunError) as caught:
        Pointer(kg).read()
    assert caught.value.problems[0].code == "damaged-version"
