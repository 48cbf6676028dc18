"""``python -m docs.release --out DIR [--base URL --releases URL]``: all files of a release, with their SHA-256.

Written are the wheel and the sdist; the ontology as a whole in four forms and each module as Turtle; the source's
world, the axioms for HermiT, the shapes and the mappings; the example graph as N-Quads; a description of all that
in VoID and DCAT (``void.ttl``); the redirect rules for w3id.org, where ``--base`` says what they lead to; and
``SHA256SUMS``. Two runs on one tree give the same bytes.
"""

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import rdflib
from rdflib import DCAT, DCTERMS, OWL, RDF, VOID, XSD
from rdflib.compare import to_canonical_graph

from docs.changes import RELEASES
from zhiji_kg.build import build
from zhiji_kg.exports import dump
from zhiji_kg.knowledge import KnowledgeGraph
from zhiji_kg.resources import ONTOLOGY, examples

ROOT = Path(__file__).resolve().parent.parent
REDIRECTS = Path(__file__).parent / "w3id.htaccess"
LICENCE = rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")
NAMESPACE = rdflib.Namespace("https://w3id.org/zhiji/")
DCAT_VERSION = rdflib.URIRef("http://www.w3.org/ns/dcat#version")  # of DCAT 3, which rdflib does not know yet
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
EPOCH = "1767225600"  # the archives' time stamps, so that two builds give the same bytes


class NotReadyError(Exception):
    """The tree is not fit for a release; the message says why."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset of the release as the description tells it."""

    name: str
    title: tuple[str, str]
    description: tuple[str, str]
    files: tuple[Path, ...]
    triples: int


def version() -> str:
    """The version in pyproject.toml, which every other place has to agree with.

    Raises:
        NotReadyError: when the citation, the changelog or a module of the ontology names another one.
    """
    now = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if f"\nversion: {now}\n" not in (ROOT / "CITATION.cff").read_text(encoding="utf-8"):
        raise NotReadyError(f"CITATION.cff: not of version {now}")
    if not re.search(rf"^## {re.escape(now)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M):
        raise NotReadyError(f"CHANGELOG.md: no entry for {now}")
    for path in modules():
        said = {str(info) for info in rdflib.Graph().parse(path).objects(None, OWL.versionInfo)}
        if said != {now}:
            raise NotReadyError(f"{path.name}: of version {', '.join(sorted(said)) or 'none'}, not {now}")
    return str(now)


def modules() -> list[Path]:
    """The modules of the ontology."""
    return sorted(ONTOLOGY.glob("*.ttl"))


def release(out: Path, base: str = "", releases: str = "") -> list[Path]:
    """Write every file of the release.

    Args:
        out: the folder to write into; made when missing.
        base: where the public service answers; without it no redirect rules are written.
        releases: where released files will lie, a folder for each version.

    Returns:
        The files, in the order of their names.

    Raises:
        NotReadyError: when versions disagree.
    """
    now = version()
    out.mkdir(parents=True, exist_ok=True)
    _archives(out)
    whole = rdflib.Graph()
    for path in modules():
        whole.parse(path)
        shutil.copyfile(path, out / f"zhiji-{path.stem}-{now}.ttl")
    ontology = Dataset(
        "ontology",
        ("职技图谱本体", "The ontology of zhiji-kg"),
        ("全部模块合为一图。", "All modules as one graph."),
        tuple(_forms(whole, out, f"zhiji-ontology-{now}")),
        len(whole),
    )
    datasets = [ontology, *_companions(out, now), _examples(out, now)]
    _describe(datasets, out / "void.ttl", now)
    if base:
        _redirects(out / "htaccess", base, releases or f"{base}/releases")
    _sums(out)
    return sorted(path for path in out.iterdir() if path.is_file())


def _archives(out: Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(
        command, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotReadyError(f"the archives were not built: {done.stderr.strip()[-400:]}")


def _forms(graph: rdflib.Graph, out: Path, stem: str) -> Iterator[Path]:
    """The graph in each form, blank nodes named by the canonical algorithm so that runs agree."""
    canonical = to_canonical_graph(graph)
    lines = sorted(canonical.serialize(format="nt").splitlines(keepends=True))
    ordered = rdflib.Graph()  # not parsed from the lines: that would give blank nodes names by chance
    for triple in sorted(canonical):
        ordered.add(triple)
    for prefix, namespace in graph.namespaces():
        ordered.bind(prefix, namespace)
    written = {
        "ttl": graph.serialize(format="longturtle", canon=True),
        "nt": "".join(lines),
        "rdf": ordered.serialize(format="xml"),
        "jsonld": ordered.serialize(format="json-ld", sort_keys=True),
    }
    for form, content in written.items():
        path = out / f"{stem}.{form}"
        path.write_text(content, encoding="utf-8")
        yield path


def _companions(out: Path, now: str) -> Iterator[Dataset]:
    """What stands beside the modules: copied as it is."""
    world = out / f"zhiji-chengdu-{now}.trig"
    shutil.copyfile(ONTOLOGY / "chengdu.trig", world)
    count = len(rdflib.Dataset(default_union=True).parse(world, format="trig"))
    yield Dataset(
        "chengdu",
        ("成都“职-技”融通方案的事实", "The facts of the Chengdu scheme"),
        ("263 条事实，各附原文出处。", "263 facts, each with the passage it rests on."),
        (world,),
        count,
    )
    for folder, title in (("dl", ("RL 之外的公理", "Axioms outside RL")), ("shapes", ("SHACL 形状", "SHACL shapes"))):
        graph = rdflib.Graph()
        for path in sorted((ONTOLOGY / folder).glob("*.ttl")):
            graph.parse(path)
        target = out / f"zhiji-{folder}-{now}.ttl"
        target.write_text(graph.serialize(format="longturtle", canon=True), encoding="utf-8")
        yield Dataset(folder, title, title, (target,), len(graph))


def _examples(out: Path, now: str) -> Dataset:
    """The example graph: composed, and said so in its description."""
    target = out / f"zhiji-examples-{now}.nq.gz"
    with tempfile.TemporaryDirectory() as folder:
        build(examples(), Path(folder) / "kg")
        plain = Path(folder) / "examples.nq"
        dump(KnowledgeGraph.open(Path(folder) / "kg"), "nq", plain)
        content = plain.read_bytes()
    with target.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as packed:
        packed.write(content)
    return Dataset(
        "examples",
        ("示例图谱（编写的示例，不是某校的真实情况）", "The example graph (composed, no real school)"),
        (
            "由自带的示例工作簿建成；其中的缺口说明报告是什么样子，不是对任何学校的结论。",
            "Built from the shipped example workbooks: its gaps show what a report looks like, of no real school.",
        ),
        (target,),
        len(content.splitlines()),
    )


def _describe(datasets: list[Dataset], path: Path, now: str) -> None:
    """VoID and DCAT: what the datasets are, how large, under which licence, and each file with its digest."""
    graph = rdflib.Graph()
    for prefix, namespace in (("dcat", DCAT), ("void", VOID), ("spdx", SPDX)):
        graph.bind(prefix, namespace)
    catalogue = NAMESPACE["release/" + now]
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    _said(graph, catalogue, DCTERMS.title, (f"职技图谱 {now}", f"zhiji-kg {now}"))
    graph.add((catalogue, DCTERMS.license, LICENCE))
    graph.add((catalogue, DCTERMS.publisher, rdflib.Literal("zhiji-kg contributors")))
    for dataset in datasets:
        node = NAMESPACE[f"release/{now}/{dataset.name}"]
        graph.add((catalogue, DCAT.dataset, node))
        for kind in (DCAT.Dataset, VOID.Dataset):
            graph.add((node, RDF.type, kind))
        _said(graph, node, DCTERMS.title, dataset.title)
        _said(graph, node, DCTERMS.description, dataset.description)
        graph.add((node, DCTERMS.license, LICENCE))
        graph.add((node, DCAT_VERSION, rdflib.Literal(now)))
        graph.add((node, VOID.triples, rdflib.Literal(dataset.triples)))
        graph.add((node, VOID.uriSpace, rdflib.Literal(str(NAMESPACE))))
        for file in dataset.files:
            _distribution(graph, node, file)
    path.write_text(graph.serialize(format="longturtle", canon=True), encoding="utf-8")


def _distribution(graph: rdflib.Graph, dataset: rdflib.URIRef, file: Path) -> None:
    node, digest = rdflib.URIRef(f"{dataset}/{file.name}"), rdflib.URIRef(f"{dataset}/{file.name}#sha256")
    graph.add((dataset, DCAT.distribution, node))
    graph.add((node, RDF.type, DCAT.Distribution))
    graph.add((node, DCTERMS.title, rdflib.Literal(file.name)))
    graph.add((node, DCAT.byteSize, rdflib.Literal(file.stat().st_size, datatype=XSD.nonNegativeInteger)))
    graph.add((node, SPDX.checksum, digest))
    graph.add((digest, RDF.type, SPDX.Checksum))
    graph.add((digest, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    graph.add((digest, SPDX.checksumValue, rdflib.Literal(_sha256(file))))


def _said(graph: rdflib.Graph, node: rdflib.URIRef, predicate: rdflib.URIRef, texts: tuple[str, str]) -> None:
    for text, language in zip(texts, ("zh", "en"), strict=True):
        graph.add((node, predicate, rdflib.Literal(text, lang=language)))


def _redirects(path: Path, base: str, releases: str) -> None:
    filled = REDIRECTS.read_text(encoding="utf-8").replace("@BASE@", base.rstrip("/"))
    path.write_text(filled.replace("@RELEASES@", releases.rstrip("/")), encoding="utf-8")


def _sums(out: Path) -> None:
    """``SHA256SUMS``, as ``sha256sum --check`` reads it."""
    files = sorted(path for path in out.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{_sha256(path)}  {path.name}\n" for path in files]
    (out / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def snapshot(now: str) -> Path:
    """Keep the ontology of this release for the next one's list of changes."""
    graph = rdflib.Graph()
    for path in modules():
        graph.parse(path)
    kept = RELEASES / f"ontology-{now}.ttl"
    kept.write_text(graph.serialize(format="longturtle", canon=True), encoding="utf-8")
    return kept


def main(arguments: list[str]) -> int:
    """Write the release; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m docs.release")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--base", default="", help="where the public service answers")
    parser.add_argument("--releases", default="", help="where released files lie, a folder for each version")
    parser.add_argument("--snapshot", action="store_true", help="also keep the ontology in docs/releases")
    given = parser.parse_args(arguments)
    try:
        for path in release(given.out, given.base, given.releases):
            print(path.name)
        if given.snapshot:
            print(snapshot(version()).name)
    except NotReadyError as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
