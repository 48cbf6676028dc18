"""Fetch the JavaScript that we ship and test with: ``python -m docs.vendor [--check]``, for maintainers only.

Nothing of it is built or fetched when the package is installed or run: the files are committed,
with their licences beside them, and ``MANIFEST.json`` of each folder holds their SHA-256.
``npm pack`` fetches by package name; npm is needed for nothing else.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "web" / "static" / "vendor"
TESTING = ROOT / "tests" / "browser" / "vendor"
FOLDERS = (SHIPPED, TESTING)
MANIFEST = "MANIFEST.json"


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm, and which of its files we take: ``(path in the package, our name)``."""

    name: str
    version: str
    licence: str
    folder: Path
    files: tuple[tuple[str, str], ...]


PACKAGES = (
    Package(
        "cytoscape",
        "3.34.4",
        "MIT",
        SHIPPED,
        (("dist/cytoscape.esm.min.mjs", "cytoscape.esm.min.mjs"), ("LICENSE", "cytoscape.LICENSE")),
    ),
    # CodeMirror itself and not YASQE, which is built on it: that bundle calls three outside hosts by
    # default, carries a table of strangers' prefixes, and its package holds no licence text.
    Package(
        "codemirror",
        "5.65.21",
        "MIT",
        SHIPPED,
        (
            ("lib/codemirror.js", "codemirror.js"),
            ("lib/codemirror.css", "codemirror.css"),
            ("mode/sparql/sparql.js", "codemirror-sparql.js"),
            ("addon/edit/matchbrackets.js", "codemirror-matchbrackets.js"),
            ("addon/hint/show-hint.js", "codemirror-show-hint.js"),
            ("addon/hint/show-hint.css", "codemirror-show-hint.css"),
            ("LICENSE", "codemirror.LICENSE"),
        ),
    ),
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        TESTING,
        (
            ("axe.min.js", "axe.min.js"),
            ("LICENSE", "axe-core.LICENSE"),
            ("LICENSE-3RD-PARTY.txt", "axe-core.3RD-PARTY"),
        ),
    ),
)


def digest(path: Path) -> str:
    """The SHA-256 of a file, as the manifest writes it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def damage(folder: Path) -> list[str]:
    """What of a folder is not as its manifest says: files changed, missing or not listed."""
    listed = {entry["file"]: entry["sha256"] for entry in json.loads((folder / MANIFEST).read_text(encoding="utf-8"))}
    present = {path.name for path in folder.iterdir()} - {MANIFEST}
    changed = [name for name in sorted(listed.keys() & present) if digest(folder / name) != listed[name]]
    return [
        *(f"{name}: changed" for name in changed),
        *(f"{name}: missing" for name in sorted(listed.keys() - present)),
        *(f"{name}: not listed" for name in sorted(present - listed.keys())),
    ]


def fetch(package: Package, into: Path) -> None:
    """Unpack a package of npm into a folder."""
    asked = ["npm", "pack", f"{package.name}@{package.version}", "--pack-destination", str(into), "--silent"]
    packed = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()[-1]
    with tarfile.open(into / packed) as archive:
        archive.extractall(into, filter="data")


def refresh() -> None:
    """Fetch every package and write the files, their licences and the manifests anew."""
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        taken = [entry for package in PACKAGES if package.folder == folder for entry in take(package)]
        (folder / MANIFEST).write_text(json.dumps(taken, indent=1) + "\n", encoding="utf-8", newline="\n")


def take(package: Package) -> list[dict[str, str]]:
    """Copy the files of one package that we want, and give their entries in the manifest."""
    entries = []
    with tempfile.TemporaryDirectory() as place:
        fetch(package, Path(place))
        for inside, name in package.files:
            shutil.copyfile(Path(place) / "package" / inside, package.folder / name)
            entry = {"name": package.name, "version": package.version, "licence": package.licence, "file": name}
            entries.append(entry | {"sha256": digest(package.folder / name)})
    return entries


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        refresh()
    found = [f"{folder.name}/{line}" for folder in FOLDERS for line in damage(folder)]
    sys.exit("\n".join(found) or None)
