"""The project's own settings: ``zhiji.toml`` beside the workbooks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import unreadable

NAME = "zhiji.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``zhiji.toml`` says: the sources of a build, the folder of versions, a profile of one's own.

    ``serve`` is the table of that name as it stands; its names are checked by who serves.
    """

    sources: tuple[Path, ...] = ()
    kg: Path = Path("kg")
    profile: Path | None = None
    serve: Mapping[str, Any] = field(default_factory=dict)


def read_settings(directory: Path = Path()) -> Settings:
    """The settings of a folder; the defaults where it has none. Paths are relative to the folder.

    Raises:
        UnreadableError: when the file is not TOML, a name is not known or a value is of the wrong kind.
    """
    path = directory / NAME
    if not path.is_file():
        return Settings()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return _settings(directory, data)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise unreadable("bad-settings", str(path), reason=str(error)) from None
    except OSError as error:
        raise unreadable("cannot-open", str(path), reason=error.strerror or str(error)) from None


def _settings(directory: Path, data: Mapping[str, Any]) -> Settings:
    unknown = sorted(data.keys() - {field.name for field in fields(Settings)})
    if unknown:
        raise TypeError("、".join(unknown))
    sources, profile, serve = data.get("sources", []), data.get("profile"), data.get("serve", {})
    if not isinstance(sources, list):
        raise TypeError(f"sources = {sources!r}")
    if not isinstance(serve, dict):
        raise TypeError(f"serve = {serve!r}")
    return Settings(
        sources=tuple(directory / source for source in sources),
        kg=directory / data.get("kg", "kg"),
        profile=directory / profile if profile is not None else None,
        serve=serve,
    )
