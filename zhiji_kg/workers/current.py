"""Which version serves, read cheaply at every request.

The web process holds no store, so this reads the pointer and the manifest without the engine.
"""

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import cannot_run, unreadable

_TRIES, _SWAPPING = 10, 0.02


@dataclass(frozen=True, slots=True)
class Serving:
    """The version that serves: its name, its hash, its directory and its manifest."""

    name: str
    sha256: str
    directory: Path
    manifest: Mapping[str, Any]


class Pointer:
    """``current`` of a folder of versions; the manifest is read again only when it is another file."""

    def __init__(self, directory: Path) -> None:
        """Watch a folder; nothing is read yet."""
        self._directory = directory.absolute()
        self._folder = str(self._directory)
        self._current = str(self._directory / "current")
        self._known: tuple[tuple[object, ...], Serving] | None = None

    def read(self) -> Serving:
        """The version that serves now.

        Raises:
            UnreadableError: when nothing is published.
            CannotRunError: when the version is damaged.
        """
        name = self._pointed()
        try:
            seen = os.stat(f"{self._folder}/{name}/manifest.json")  # noqa: PTH116  # five times as fast as a Path's
            which = (name, seen.st_ino, seen.st_mtime_ns, seen.st_size)
            known = self._known
            if known is None or known[0] != which:
                known = (which, _serving(self._directory / name))
                self._known = known
            return known[1]
        except (OSError, ValueError, KeyError, TypeError) as error:
            place = str(self._directory / name)
            reason = getattr(error, "strerror", None) or "manifest.json"
            raise cannot_run("damaged-version", place, version=name, reason=reason) from None

    def _pointed(self) -> str:
        with suppress(OSError):
            return os.path.basename(os.readlink(self._current))  # noqa: PTH115, PTH119  # as above
        name = _written(Path(self._current))
        if not name:
            raise unreadable("no-version", str(self._directory), directory=self._directory)
        return name


def _written(pointer: Path) -> str:
    """What a pointer says that is a file; Windows refuses it for the moment in which it is swapped."""
    for _ in range(_TRIES):
        try:
            return pointer.read_text(encoding="utf-8").strip()
        except PermissionError:
            time.sleep(_SWAPPING)
        except OSError:
            break
    return ""


def _serving(directory: Path) -> Serving:
    manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    return Serving(directory.name, str(manifest["sha256"]), directory, manifest)
