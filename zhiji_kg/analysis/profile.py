"""The policy that judges what the queries measure: ``queries/profile.toml``, or a copy of one's own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import unreadable
from ..findings import Severity
from ..resources import QUERIES
from ..texts import Text, text_of


@dataclass(frozen=True, slots=True)
class CodePolicy:
    """What the profile says of one finding code."""

    severity: Severity
    title: Text
    why: Text
    suggestion: Text
    severity_same_term: Severity = "note"


@dataclass(frozen=True, slots=True)
class Profile:
    """Thresholds and texts. ``depth`` is the least depth by kind of requirement where none is stated."""

    depth: Mapping[str, int]
    redundant_courses: int
    weightiest: int
    codes: Mapping[str, CodePolicy]


@cache
def load_profile(path: Path = QUERIES / "profile.toml") -> Profile:
    """The profile of a file.

    Raises:
        UnreadableError: when the file is missing or lacks something.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Profile(
            depth=data["depth"],
            redundant_courses=data["redundancy"]["courses"],
            weightiest=data["report"]["weightiest"],
            codes={code: _policy(entry) for code, entry in data["code"].items()},
        )
    except FileNotFoundError:
        raise unreadable("missing-file", str(path)) from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise unreadable("bad-settings", str(path), reason=str(error)) from None


def _policy(entry: Mapping[str, object]) -> CodePolicy:
    texts = {name: text_of(entry[key]) for name, key in (("title", "title"), ("why", "why"), ("suggestion", "do"))}  # type: ignore[arg-type]
    severities = {key: entry[key] for key in ("severity", "severity_same_term") if key in entry}
    return CodePolicy(**texts, **severities)  # type: ignore[arg-type]
