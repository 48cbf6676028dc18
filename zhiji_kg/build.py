"""A build from end to end: read every source, put them together, infer, publish."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from .errors import Problem, SourceError, UnreadableError
from .graph import Dataset, assemble
from .inference import infer
from .rdf import graph_hash, nquads
from .resources import package_version
from .sources import Reading, read_sources
from .sources.tables import in_utf8
from .store.versions import Version, publish

Progress = Callable[[str], None]
"""Told the key of each step (``cli.step.…`` of ``web/texts``) as it begins."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A graph that was read and put together, with every problem found; not yet published."""

    readings: tuple[Reading, ...]
    dataset: Dataset

    @property
    def problems(self) -> list[Problem]:
        """The problems of the sources and those between them, errors first."""
        found = [problem for reading in self.readings for problem in reading.problems] + self.dataset.problems
        rank = {"error": 0, "warning": 1, "note": 2}
        return sorted(found, key=lambda problem: rank[problem.severity])

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the graph from being published."""
        return [problem for problem in self.problems if problem.severity == "error"]


@dataclass(frozen=True, slots=True)
class Published:
    """What a build did: the version that serves now, whether it is new, and the draft it came from."""

    version: Version
    is_new: bool
    draft: Draft


def draft(sources: Sequence[Path], form: str | None = None, progress: Progress = lambda _step: None) -> Draft:
    """Read the sources and put them together; nothing is written.

    Args:
        sources: workbooks, folders or files of other formats.
        form: the format of all of them; told by content when not given.
        progress: told each step.

    Raises:
        UnreadableError: when no source is given or some cannot be read at all.
    """
    if not sources:
        raise UnreadableError(Problem("no-sources"))
    progress("read")
    readings, unread = read_sources(sources, form)
    if unread:
        raise UnreadableError(*unread)
    progress("assemble")
    return Draft(tuple(readings), assemble(readings))


def build(
    sources: Sequence[Path], directory: Path, form: str | None = None, progress: Progress = lambda _step: None
) -> Published:
    """Read, infer and publish a new version, which is a function of the ontology and exactly these sources.

    Args:
        sources: workbooks, folders or files of other formats.
        directory: the folder of versions.
        form: the format of all sources; told by content when not given.
        progress: told each step.

    Raises:
        SourceError: when a source is wrong; the version before keeps serving.
        UnreadableError: when a source cannot be read.
        CannotRunError: when the version cannot be written.
    """
    prepared = draft(sources, form, progress)
    if prepared.errors:
        raise SourceError(*prepared.problems)
    progress("infer")
    complete, _ = infer(prepared.dataset)
    progress("publish")
    version, is_new = publish(directory, nquads(complete.quads()), _manifest(prepared.readings))
    return Published(version, is_new, prepared)


def hash_of(prepared: Draft) -> str:
    """The graph hash that a draft would be published under."""
    return graph_hash(nquads(infer(prepared.dataset)[0].quads()))


def _manifest(readings: Sequence[Reading]) -> dict[str, Any]:
    return {
        "tool": f"zhiji-kg {package_version()}",
        "sources": [
            {"identifier": reading.identifier, "files": [_file(Path(name)) for name in reading.files]}
            for reading in sorted(readings, key=lambda reading: reading.identifier)
        ],
    }


def _file(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    name, folder = in_utf8(path.name), in_utf8(path.parent.name)
    return {"name": name, "folder": folder, "sha256": sha256(data).hexdigest(), "bytes": len(data)}
