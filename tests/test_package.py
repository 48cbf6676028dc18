"""The package as others get it: wheel, and sdist → wheel, in a clean environment, from another folder."""

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("ontology", "queries", "web", "layouts", "examples")
pytestmark = [pytest.mark.package, pytest.mark.xdist_group("package")]


# Nothing of the checkout or of this environment may help.
HELPING = ("PYTHON", "VIRTUAL_ENV", "ZHIJI")
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith(HELPING)} | {"PYTHONUTF8": "1"}


def run(*command, cwd, **environment):
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=CLEAN | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The sdist, the wheel made from it, and the wheel made from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir")
    run(*build, folder / "direct", "--wheel", ROOT, cwd=folder)
    run(*build, folder / "through", ROOT, cwd=folder)  # without --wheel: the sdist, then the wheel from the sdist
    return {
        "wheel": next((folder / "direct").glob("*.whl")),
        "sdist": next((folder / "through").glob("*.tar.gz")),
        "sdist-wheel": next((folder / "through").glob("*.whl")),
    }


def content(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


def test_both_wheels_are_the_same(built):
    direct, through = content(built["wheel"]), content(built["sdist-wheel"])
    assert direct.keys() == through.keys()
    assert not [name for name in direct if direct[name] != through[name]]


def test_the_wheel_holds_the_shipped_folders_and_nothing_else(built):
    names = set(content(built["wheel"]))
    expected = {
        f"zhiji_kg/_files/{path.relative_to(ROOT).as_posix()}"
        for folder in SHIPPED
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert not expected - names
    assert "zhiji_kg/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"zhiji_kg"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_sdist_holds_the_tests(built):
    with tarfile.open(built["sdist"]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"README.md", "LICENSE", "Makefile", "tests/test_package.py", ".ci/run"} <= names


def environment(folder):
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    return scripts / "python", scripts / "zhiji"


def demo(zhiji, folder):
    """Run the demo where nothing of ours lies; it must leave the graph and the reports."""
    folder.mkdir()
    shown = run(zhiji, "demo", "--out", "示例 out", "--no-serve", cwd=folder)
    out = folder / "示例 out"
    assert (out / "kg").is_dir()
    reports = {path.suffix for path in out.rglob("*") if path.is_file() and "kg" not in path.relative_to(out).parts}
    assert {".html", ".xlsx", ".json"} <= reports
    assert "示例 out" in shown
    return out


def browse(zhiji, kg):
    """Serve what the demo left: templates, scripts and texts came along."""
    command = [zhiji, "serve", "--kg", kg, "--port", "0"]
    environment = {**CLEAN, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=kg.parent, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as server:
        try:
            url = re.search(r"http://[\w.:]+/", server.stdout.readline())[0]
            for path in ("", "graph", "query", "static/site/graph.js", "static/vendor/cytoscape.esm.min.mjs"):
                with urllib.request.urlopen(url + path, timeout=60) as answer:
                    assert answer.status == 200, path
        finally:
            server.terminate()


def test_the_wheel_in_a_clean_environment(built, tmp_path):
    """With its dependencies as pip finds them."""
    python, zhiji = environment(tmp_path / "env")
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", built["wheel"], cwd=tmp_path)
    where = run(python, "-c", "import zhiji_kg.resources as r; print(r.QUERIES)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(tmp_path / "env")
    assert "zhiji-kg" in run(zhiji, "--version", cwd=tmp_path)
    browse(zhiji, demo(zhiji, tmp_path / "elsewhere") / "kg")


def test_the_wheel_from_the_sdist_in_a_clean_environment(built, tmp_path):
    """With the dependencies of this environment, which saves a second download."""
    python, zhiji = environment(tmp_path / "env")
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*pip, built["sdist-wheel"], cwd=tmp_path)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "lent.pth").write_text("\n".join(sorted(lent)) + "\n", encoding="utf-8")
    where = run(python, "-c", "import zhiji_kg.resources as r; print(r.QUERIES)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(tmp_path / "env")
    demo(zhiji, tmp_path / "elsewhere")
