"""What others wrote and we ship: each file is the one that the manifest names, with its licence beside it."""

import json
import re

import pytest

from docs import vendor


@pytest.mark.parametrize("folder", vendor.FOLDERS, ids=lambda folder: folder.parts[-3])
def test_every_file_is_listed_and_unchanged(folder):
    assert vendor.damage(folder) == []


@pytest.mark.parametrize("folder", vendor.FOLDERS, ids=lambda folder: folder.parts[-3])
def test_the_manifest_is_that_of_the_script(folder):
    listed = json.loads((folder / vendor.MANIFEST).read_text(encoding="utf-8"))
    wanted = [
        (package.name, package.version, package.licence, name)
        for package in vendor.PACKAGES
        if package.folder == folder
        for _, name in package.files
    ]
    assert [(one["name"], one["version"], one["licence"], one["file"]) for one in listed] == wanted


@pytest.mark.parametrize("package", vendor.PACKAGES, ids=lambda package: package.name)
def test_the_licence_lies_beside_it(package):
    (licence,) = [name for _, name in package.files if name.endswith(".LICENSE")]
    text = (package.folder / licence).read_text(encoding="utf-8")
    assert "Permission is hereby granted" in text or "Mozilla Public License" in text


def test_what_is_shipped_is_free_to_pass_on():
    assert {package.licence for package in vendor.PACKAGES if package.folder == vendor.SHIPPED} == {"MIT"}


def test_damage_is_seen(tmp_path):
    (tmp_path / "a").write_text("a")
    (tmp_path / "c").write_text("c")
    entries = [{"file": "a", "sha256": "0" * 64}, {"file": "b", "sha256": "0" * 64}]
    (tmp_path / vendor.MANIFEST).write_text(json.dumps(entries))
    assert vendor.damage(tmp_path) == ["a: changed", "b: missing", "c: not listed"]


def test_nothing_that_is_shipped_calls_out():
    """No script opens a line to anywhere, and none holds an address but that of a namespace."""
    for path in vendor.SHIPPED.glob("*.*js"):
        code = path.read_text(encoding="utf-8")
        assert set(re.findall(r"[\"'`]https?://([\w.-]+)", code)) <= {"www.w3.org"}, path.name
        calls = r"\bXMLHttpRequest\b|\bfetch\(|sendBeacon|new Worker\(|\bWebSocket\b|importScripts|\beval\("
        assert not re.search(calls, code), path.name
