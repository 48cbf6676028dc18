"""The files of a release: complete, the same in two runs, described, and where w3id.org leads."""

import gzip
import hashlib
import re
import subprocess

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, VOID
from rdflib.compare import to_isomorphic

from docs import release as releasing
from docs.release import REDIRECTS, NotReadyError, release, version
from zhiji_kg.resources import ONTOLOGY

BASE, FILES = "https://kg.example.org", "https://files.example.org/zhiji"


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    out = tmp_path_factory.mktemp("release")
    return out, release(out, BASE, FILES)


@pytest.fixture(scope="module")
def whole():
    """How many triples the modules have together, and what they are whatever their blank nodes are called."""
    graph = rdflib.Graph()
    for path in ONTOLOGY.glob("*.ttl"):
        graph.parse(path)
    return len(graph), to_isomorphic(graph).internal_hash()


@pytest.mark.package
@pytest.mark.xdist_group("release")
class TestARelease:
    def test_every_file_is_there_with_its_digest(self, released):
        out, files = released
        now = version()
        names = {path.name for path in files}
        assert f"zhiji_kg-{now}-py3-none-any.whl" in names
        assert f"zhiji_kg-{now}.tar.gz" in names
        assert {f"zhiji-ontology-{now}.{form}" for form in ("ttl", "nt", "rdf", "jsonld")} <= names
        assert {f"zhiji-{path.stem}-{now}.ttl" for path in ONTOLOGY.glob("*.ttl")} <= names
        assert {f"zhiji-chengdu-{now}.trig", f"zhiji-dl-{now}.ttl", f"zhiji-shapes-{now}.ttl"} <= names
        assert {f"zhiji-examples-{now}.nq.gz", "void.ttl", "htaccess", "SHA256SUMS"} <= names
        checked = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=out, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout
        assert len((out / "SHA256SUMS").read_text(encoding="utf-8").splitlines()) == len(names) - 1

    def test_two_runs_give_the_same_bytes(self, released, tmp_path):
        out, _ = released
        release(tmp_path, BASE, FILES)
        assert (tmp_path / "SHA256SUMS").read_text("utf-8") == (out / "SHA256SUMS").read_text("utf-8")

    @pytest.mark.parametrize(("form", "name"), [("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld"), ("ttl", "turtle")])
    def test_the_forms_of_the_ontology_are_one_graph(self, released, whole, form, name):
        out, _ = released
        written = rdflib.Graph().parse(out / f"zhiji-ontology-{version()}.{form}", format=name)
        assert (len(written), to_isomorphic(written).internal_hash()) == whole

    def test_the_description_tells_each_dataset_and_file(self, released):
        out, _ = released
        described = rdflib.Graph().parse(out / "void.ttl")
        datasets = set(described.objects(None, DCAT.dataset))
        assert {str(d).rpartition("/")[2] for d in datasets} == {"ontology", "chengdu", "dl", "shapes", "examples"}
        for dataset in datasets:
            assert int(described.value(dataset, VOID.triples)) > 0
            assert described.value(dataset, DCTERMS.license) is not None
            assert {title.language for title in described.objects(dataset, DCTERMS.title)} == {"zh", "en"}
            for file in described.objects(dataset, DCAT.distribution):
                path = out / str(described.value(file, DCTERMS.title))
                digest = described.value(file, releasing.SPDX.checksum)
                assert int(described.value(file, DCAT.byteSize)) == path.stat().st_size
                assert str(described.value(digest, releasing.SPDX.checksumValue)) == sha256(path)

    def test_the_example_data_says_that_it_is_composed(self, released):
        out, _ = released
        lines = gzip.decompress((out / f"zhiji-examples-{version()}.nq.gz").read_bytes()).splitlines()
        described = rdflib.Graph().parse(out / "void.ttl")
        dataset = next(d for d in described.objects(None, DCAT.dataset) if str(d).endswith("/examples"))
        assert int(described.value(dataset, VOID.triples)) == len(lines) > 1000
        assert any("composed" in title for title in described.objects(dataset, DCTERMS.title))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# Versions


def test_the_versions_agree():
    assert re.fullmatch(r"\d+\.\d+\.\d+", version())


@pytest.mark.parametrize("place", ["CITATION.cff", "CHANGELOG.md"])
def test_a_place_that_names_another_version_is_told(place, tmp_path, monkeypatch):
    for name in ("pyproject.toml", "CITATION.cff", "CHANGELOG.md"):
        (tmp_path / name).write_text((releasing.ROOT / name).read_text("utf-8"), encoding="utf-8")
    wrong = (tmp_path / place).read_text("utf-8").replace(version(), "9.9.9")
    (tmp_path / place).write_text(wrong, encoding="utf-8")
    monkeypatch.setattr(releasing, "ROOT", tmp_path)
    with pytest.raises(NotReadyError, match=place):
        version()


def test_a_module_of_another_version_is_told(tmp_path, monkeypatch):
    module = tmp_path / "core.ttl"
    module.write_text((ONTOLOGY / "core.ttl").read_text("utf-8").replace(version(), "9.9.9"), encoding="utf-8")
    monkeypatch.setattr(releasing, "modules", lambda: [module])
    with pytest.raises(NotReadyError, match=r"core\.ttl"):
        version()


# Redirects, read as Apache's mod_rewrite reads them: the first rule that matches answers


def redirected(path):
    rules = [line.split() for line in REDIRECTS.read_text("utf-8").splitlines() if line.startswith("RewriteRule")]
    for _, pattern, target, flags in rules:
        assert "R=303" in flags
        if match := re.search(pattern, path):
            filled = re.sub(r"\$(\d)", lambda number: match[int(number[1])], target)
            return filled.replace("@BASE@", BASE).replace("@RELEASES@", FILES)
    return None


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("ontology/", f"{BASE}/ontology/"),
        ("ontology", f"{BASE}/ontology/"),
        ("ontology/CompetencyPoint", f"{BASE}/ontology/CompetencyPoint"),
        ("ontology/hasCoverage", f"{BASE}/ontology/hasCoverage"),
        ("ontology/0.2.0", f"{FILES}/0.2.0/zhiji-ontology-0.2.0.ttl"),
        ("module/core", f"{BASE}/module/core"),
        ("module/core.ttl", f"{BASE}/module/core.ttl"),
        ("module/core/0.2.0", f"{FILES}/0.2.0/zhiji-core-0.2.0.ttl"),
        ("id/course/460103-GG001", f"{BASE}/id/course/460103-GG001"),
        ("id/passage/CEN-1.1", f"{BASE}/id/passage/CEN-1.1"),
        ("", f"{BASE}/"),
        ("elsewhere", None),
    ],
)
def test_where_an_iri_of_ours_leads(path, target):
    assert redirected(path) == target


def test_every_term_and_version_of_the_ontology_is_led_somewhere():
    for path in ONTOLOGY.glob("*.ttl"):
        for term in rdflib.Graph().parse(path).subjects():
            if str(term).startswith("https://w3id.org/zhiji/") and "/.well-known/" not in str(term):
                assert redirected(str(term).removeprefix("https://w3id.org/zhiji/")), term
        for iri in rdflib.Graph().parse(path).objects(None, rdflib.OWL.versionIRI):
            assert redirected(str(iri).removeprefix("https://w3id.org/zhiji/")).startswith(FILES), iri
