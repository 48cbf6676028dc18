"""The project's own settings: ``zhiji.toml`` beside the workbooks."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..errors import unreadable

NAME = "zhiji.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``zhiji.toml`` says: the sources of a build, the folder of versions, a profile of one's own."""

    sources: tuple[Path, ...] = ()
    kg: Path = Path("kg")
    profile: Path | None = None


def read_settings(directory: Path = Path()) -> Settings:
    """The settings of a folder; the defaults where it has none. Paths are relative to the folder.

    Raises:
        UnreadableError: when the file is not TOML or a value is of the wrong kind.
    """
    path = directory / NAME
    if not path.is_file():
        return Settings()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        profile = data.get("profile")
        return Settings(
            sources=tuple(directory / source for source in data.get("sources", ())),
            kg=directory / data.get("kg", "kg"),
            profile=directory / profile if profile else None,
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise unreadable("bad-settings", str(path), reason=str(error)) from None
