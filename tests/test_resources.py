"""Where the shipped files lie, from wherever the command is called."""

import subprocess
import sys

import pytest
from small_workbook import ROOT

from zhiji_kg import resources

FOLDERS = {
    "ONTOLOGY": "core.ttl",
    "QUERIES": "profile.toml",
    "LAYOUTS": "workbook.toml",
    "WEB": "texts/cli.toml",
    "EXAMPLES": "cell-cases.csv",
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_shipped_folder_is_there(folder):
    path = getattr(resources, folder)
    assert path.is_absolute()
    assert (path / FOLDERS[folder]).is_file()


def test_they_are_found_from_another_folder(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from zhiji_kg import resources as r; print(r.ONTOLOGY)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(resources.ONTOLOGY)


def test_the_examples_are_workbooks_in_a_fixed_order():
    found = resources.examples()
    assert [folder.name for folder in found] == sorted(folder.name for folder in found)
    assert {"hv-cnc-460103", "std-cnc-turner-2005", "tech-cnc-preparatory"} <= {folder.name for folder in found}
    assert all((folder / "说明.csv").is_file() for folder in found)


def test_the_version_is_that_of_the_project_or_says_that_it_is_not_known():
    assert resources.package_version() in (project_version(), "0+unknown")


def test_a_bare_checkout_has_no_version(monkeypatch):
    monkeypatch.setattr("importlib.metadata.distribution", missing)
    assert resources.package_version() == "0+unknown"


def missing(name):
    from importlib.metadata import PackageNotFoundError

    raise PackageNotFoundError(name)


def project_version():
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
