"""Published versions: immutable directories, and ``current`` that points at the one that serves.

A version is built aside by a child process, read back in full, and only then renamed into
its place and pointed at. A crash at any moment leaves ``current`` as it was.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any

from ..errors import CannotRunError, cannot_run, unreadable
from ..rdf import graph_hash, nquads
from .oxigraph import EmbeddedStore
from .port import GraphIdentity

KEPT = 3
_NAME = re.compile(r"v(\d+)")
_NEEDED = ("sha256", "quads", "published", "files")
_BUILDING = ".building-"
_POINTING = ".current-"
_PATIENCE = 100  # times 20 ms


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: its name (``v3``), its directory and its manifest."""

    name: str
    directory: Path
    manifest: Mapping[str, Any]

    @property
    def identity(self) -> GraphIdentity:
        """Version, hash and place."""
        return GraphIdentity(self.name, str(self.manifest["sha256"]), str(self.directory))

    def open(self) -> EmbeddedStore:
        """The version's store, read-only.

        Raises:
            CannotRunError: when the store cannot be opened.
        """
        try:
            return EmbeddedStore.over(_in_utf8(self.directory / "store"), self.identity)
        except (RuntimeError, ValueError) as error:  # bytes that are not what the engine wrote; a name it cannot take
            reason = str(error).splitlines()[0]
            raise cannot_run("damaged-version", str(self.directory), version=self.name, reason=reason) from None


def versions(directory: Path) -> list[Version]:
    """The versions of a folder, the oldest first; what cannot be read as one is left out."""
    found = []
    for path in directory.iterdir() if directory.is_dir() else ():
        if _NAME.fullmatch(path.name):
            with suppress(CannotRunError):
                found.append(_read(path))
    return sorted(found, key=lambda version: int(version.name[1:]))


def current(directory: Path) -> Version | None:
    """The version that serves, or ``None`` where nothing was published.

    Raises:
        CannotRunError: when the version is there but damaged.
    """
    name = _pointed(directory)
    return _read(directory / name) if name else None


def _pointed(directory: Path) -> str:
    """The name of the version that ``current`` points at; empty where there is none."""
    pointer = directory / "current"
    if pointer.is_symlink():
        return pointer.readlink().name
    if pointer.is_file():  # Windows without the right to make symlinks
        return pointer.read_text(encoding="utf-8").strip()
    return ""


def serving(directory: Path) -> Version:
    """The version that serves.

    Raises:
        UnreadableError: when nothing has been published in the folder.
    """
    version = current(directory)
    if version is None:
        raise unreadable("no-version", str(directory), directory=directory)
    return version


def publish(directory: Path, lines: Sequence[bytes], about: Mapping[str, Any]) -> tuple[Version, bool]:
    """Publish a graph as a new version, unless the version that serves is the same graph.

    Args:
        directory: the folder of versions; made when missing.
        lines: the graph as sorted N-Quads lines.
        about: what else the manifest should say (sources, tool version).

    Returns:
        The version that serves now, and whether it is new.

    Raises:
        CannotRunError: when another build writes the folder, or the disk is full or not writable.
    """
    digest = graph_hash(lines)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(directory):
            _sweep(directory)
            before, pointed = _intact(directory), _pointed(directory)
            if before is not None and before.manifest["sha256"] == digest:
                return before, False
            version = _build(directory, lines, {**about, "sha256": digest, "quads": len(lines)})
            _point(directory, version.name)
            _prune(directory, {version.name, pointed})
            return version, True
    except (OSError, ValueError) as error:  # a name that the engine cannot take is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise cannot_run("publish-failed", str(directory), reason=reason) from None


def _intact(directory: Path) -> Version | None:
    """The version that serves; ``None`` where there is none, or it was damaged and has to be published again."""
    try:
        version = current(directory)
        return version if version and not _changed_files(version) else None
    except (CannotRunError, OSError):
        return None


def rollback(directory: Path, name: str) -> Version:
    """Point ``current`` at an earlier version.

    Raises:
        UnreadableError: when there is no such version.
        CannotRunError: when a build is under way, or the folder cannot be written.
    """
    known = {version.name: version for version in versions(directory)}
    if name not in known:
        shown = "、".join(known) or "–"
        raise unreadable("unknown-version", str(directory), version=name, known=shown)
    try:
        with _locked(directory):
            _point(directory, name)
    except OSError as error:
        raise cannot_run("publish-failed", str(directory), reason=error.strerror or str(error)) from None
    return known[name]


def verify(version: Version) -> list[str]:
    """What of a version is no longer as it was published: names of files, and ``graph`` for the graph hash.

    Raises:
        CannotRunError: when the store is as it was published and yet cannot be opened.
    """
    wrong = _changed_files(version)
    try:
        same = graph_hash(nquads(version.open().quads())) == version.manifest["sha256"]
    except (CannotRunError, OSError, RuntimeError, ValueError):  # a store with changed bytes may fail in any way
        if not wrong:
            raise
        same = False
    return wrong if same else [*wrong, "graph"]


def _changed_files(version: Version) -> list[str]:
    published: Mapping[str, str] = version.manifest.get("files", {})
    store = version.directory / "store"
    now = _digests(store) if store.is_dir() else {}
    return [name for name, digest in published.items() if now.get(name) != digest]


def _build(directory: Path, lines: Sequence[bytes], manifest: dict[str, Any]) -> Version:
    aside = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=directory))
    try:
        _load_in_child(aside, lines)
        _read_back(aside / "store", manifest)
        name = f"v{_next_number(directory)}"
        manifest |= {"version": name, "published": datetime.now(UTC).isoformat(timespec="seconds")}
        manifest["files"] = _digests(aside / "store")
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
        (aside / "manifest.json").write_text(text + "\n", encoding="utf-8")
        aside.chmod(0o755)
        _sync_tree(aside)
        aside.rename(directory / name)
        _sync(directory)
        return Version(name, directory / name, manifest)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _load_in_child(aside: Path, lines: Sequence[bytes]) -> None:
    """Fill the store in a process of its own: whatever happens to it, ours goes on."""
    dump = aside / "graph.nq"
    with dump.open("wb") as file:
        file.writelines(lines)
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
    command = [sys.executable, "-m", "zhiji_kg.store.loader", str(dump), str(aside / "store")]
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    dump.unlink()
    if child.returncode != 0:
        said = child.stderr.strip().splitlines() or [f"exit {child.returncode}"]
        raise cannot_run("publish-failed", str(aside.parent), reason=said[-1])


def _read_back(store: Path, manifest: Mapping[str, Any]) -> None:
    """Read every quad of the new store: it must be the graph we meant, to the last byte."""
    written = EmbeddedStore.over(_in_utf8(store), GraphIdentity("", "", str(store)))
    if graph_hash(nquads(written.quads())) != manifest["sha256"]:
        raise cannot_run("publish-failed", str(store), reason="read back another graph")


def _read(path: Path) -> Version:
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        return Version(path.name, path, {**{key: manifest[key] for key in _NEEDED}, **manifest})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise cannot_run("damaged-version", str(path), version=path.name, reason=str(error)) from None


def _next_number(directory: Path) -> int:
    numbers = [int(match[1]) for path in directory.iterdir() if (match := _NAME.fullmatch(path.name))]
    return max(numbers, default=0) + 1


def _point(directory: Path, name: str) -> None:
    """Swap ``current`` in one step."""
    fresh = directory / f"{_POINTING}{name}"
    fresh.unlink(missing_ok=True)
    if not _is_linked(fresh, name):
        fresh.write_text(name, encoding="utf-8")
    _put_in_place(fresh, directory / "current")
    _sync(directory)


def _is_linked(fresh: Path, name: str) -> bool:
    """Make the pointer a symlink, where there are any and one can take the place of another."""
    if sys.platform == "win32":  # a link to a folder cannot be replaced there
        return False
    try:
        fresh.symlink_to(name, target_is_directory=True)
    except OSError:
        return False
    return True


def _put_in_place(fresh: Path, pointer: Path) -> None:
    """Replace the pointer; on Windows that is refused for the moment in which somebody reads it."""
    for _ in range(_PATIENCE if sys.platform == "win32" else 1):
        try:
            fresh.replace(pointer)
        except PermissionError:
            time.sleep(0.02)
        else:
            return
    fresh.replace(pointer)


def _prune(directory: Path, kept: set[str]) -> None:
    """Keep the last ones, and the one that served until now: somebody may have gone back to it for a reason."""
    for version in versions(directory)[:-KEPT]:
        if version.name not in kept:
            shutil.rmtree(version.directory, ignore_errors=True)


def _sweep(directory: Path) -> None:
    """Remove what a build that was killed left behind."""
    for path in directory.glob(f"{_BUILDING}*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in directory.glob(f"{_POINTING}*"):
        path.unlink(missing_ok=True)


def _in_utf8(path: Path) -> Path:
    """A path as the engine takes it, which knows UTF-8 only, whatever the locale says."""
    return Path(os.fsencode(path).decode("utf-8", "surrogateescape"))


def _digests(store: Path) -> dict[str, str]:
    digests = {}
    for path in sorted(store.iterdir()):
        with path.open("rb") as file:
            digests[path.name] = file_digest(file, "sha256").hexdigest()
    return digests


def _sync_tree(directory: Path) -> None:
    for path in directory.rglob("*"):
        _sync(path)
    _sync(directory)


def _sync(path: Path) -> None:
    if sys.platform == "win32" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold the folder's lock; it is let go when the process ends, however it ends."""
    with (directory / ".lock").open("a+b") as file:
        try:
            _lock(file)
        except OSError:
            raise cannot_run("being-built", str(directory)) from None
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
