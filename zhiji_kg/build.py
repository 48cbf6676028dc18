"""A build from end to end: read every source, put them together, infer, check, publish."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from .contradictions import contradictions
from .contradictions import problems as contradiction_problems
from .errors import LeftOut, Problem, SourceError, UnreadableError
from .graph import Dataset, assemble
from .inference import infer
from .rdf import graph_hash, nquads
from .resources import package_version
from .sources import Reading, read_sources
from .sources.tables import in_utf8
from .store.versions import Version, publish
from .validation import Violation, violations
from .validation import problems as shape_problems

Progress = Callable[[str], None]
"""Told the key of each step (``cli.step.…`` of ``web/texts``) as it begins."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A graph that was read and put together, with every problem found; not yet published.

    ``complete`` is the dataset with the inferred, ``violations`` what of it does not fit the shapes
    (``None`` until they are asked), and ``found`` what came to light after inference, as problems.
    As long as a source is wrong nothing is inferred, and while something contradicts itself no shape
    is asked: one mistake is told once.
    """

    readings: tuple[Reading, ...]
    dataset: Dataset
    complete: Dataset | None = None
    violations: tuple[Violation, ...] | None = None
    found: tuple[Problem, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """The problems of the sources, those between them, and of what was inferred from them, errors first."""
        found = [problem for reading in self.readings for problem in reading.problems]
        found += [*self.dataset.problems, *self.found]
        rank = {"error": 0, "warning": 1, "note": 2}
        return sorted(found, key=lambda problem: rank[problem.severity])

    @property
    def left_out(self) -> LeftOut:
        """Which checks wait until the errors found so far are mended: all of the graph's, its shapes, or none."""
        if self.complete is None:
            return "all"
        return "shapes" if self.violations is None else ""

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
    """Read the sources, put them together, infer, and check what came of it; nothing is written.

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
    prepared = Draft(tuple(readings), assemble(readings))
    return prepared if prepared.errors else _checked(prepared, progress)


def _checked(prepared: Draft, progress: Progress) -> Draft:
    """The draft with the inferred, and with what of it is contradictory or does not fit the shapes."""
    progress("infer")
    complete, store = infer(prepared.dataset)
    progress("validate")
    if wrong := contradictions(store, prepared.dataset.default):
        told = contradiction_problems(wrong, prepared.dataset, prepared.readings)
        return replace(prepared, complete=complete, found=tuple(told))
    unfit = violations(store)
    told = shape_problems(unfit, complete, prepared.readings)
    return replace(prepared, complete=complete, violations=tuple(unfit), found=tuple(told))


def build(
    sources: Sequence[Path], directory: Path, form: str | None = None, progress: Progress = lambda _step: None
) -> Published:
    """Read, infer, check and publish a new version, which is a function of the ontology and exactly these sources.

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
    if prepared.complete is None or prepared.errors:
        raise SourceError(*prepared.problems, left_out=prepared.left_out)
    progress("publish")
    version, is_new = publish(directory, nquads(prepared.complete.quads()), _manifest(prepared.readings))
    return Published(version, is_new, prepared)


def hash_of(prepared: Draft) -> str:
    """The graph hash that a draft would be published under."""
    complete = prepared.complete or infer(prepared.dataset)[0]
    return graph_hash(nquads(complete.quads()))


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
