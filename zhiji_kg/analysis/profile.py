"""The policy that judges what the queries measure: ``queries/profile.toml``, or a copy of one's own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from ..errors import unreadable
from ..findings import Severity
from ..resources import QUERIES
from ..texts import Text, text_of

SHIPPED = QUERIES / "profile.toml"


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
    """Thresholds and texts. ``depth`` is the least depth by kind of requirement where none is stated.

    ``interpretation`` is the code of the way in which recognition rules are read.
    """

    depth: Mapping[str, int]
    redundant_courses: int
    weightiest: int
    codes: Mapping[str, CodePolicy]
    interpretation: str


@cache
def load_profile(path: Path = SHIPPED) -> Profile:
    """The profile of a file.

    Raises:
        UnreadableError: when the file is missing or lacks something.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Profile(
            depth={kind: _whole(depth) for kind, depth in data["depth"].items()},
            redundant_courses=_whole(data["redundancy"]["courses"]),
            weightiest=_whole(data["report"]["weightiest"]),
            codes=_codes(data["code"], path),
            interpretation=_interpretation(data, path),
        )
    except FileNotFoundError:
        raise unreadable("missing-file", str(path)) from None
    except OSError as error:
        raise unreadable("cannot-open", str(path), reason=error.strerror or str(error)) from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable("bad-settings", str(path), reason=str(error)) from None


def _codes(entries: Mapping[str, Any], path: Path) -> dict[str, CodePolicy]:
    """The policy of each code; a profile of one's own has to speak of every code that the shipped one knows."""
    codes = {code: _policy(entry) for code, entry in entries.items()}
    if path == SHIPPED:
        return codes
    if missing := sorted(load_profile().codes.keys() - codes.keys()):
        raise KeyError("、".join(missing))
    return codes


def _interpretation(data: Mapping[str, Any], path: Path) -> str:
    """How recognition rules are read; a profile of one's own that says nothing of it reads them as shipped."""
    if path != SHIPPED and "recognition" not in data:
        return load_profile().interpretation
    code = data["recognition"]["interpretation"]
    if not isinstance(code, str):
        raise TypeError(code)
    return code


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(value)
    return value


def _policy(entry: Mapping[str, object]) -> CodePolicy:
    texts = {name: text_of(entry[key]) for name, key in (("title", "title"), ("why", "why"), ("suggestion", "do"))}  # type: ignore[arg-type]
    severities = {key: entry[key] for key in ("severity", "severity_same_term") if key in entry}
    if wrong := set(severities.values()) - set(get_args(Severity)):
        raise ValueError(f"severity = {wrong.pop()!r}")
    return CodePolicy(**texts, **severities)  # type: ignore[arg-type]
