"""The policy that judges what the queries measure: ``queries/profile.toml``, and what a file of one's own changes."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from ..errors import unreadable
from ..findings import Severity
from ..resources import QUERIES
from ..texts import Text, text_of

SHIPPED = QUERIES / "profile.toml"
Group = Literal["standards", "curriculum", "resources", "policy", "data"]
Holds = Literal["always", "below", "above", "outside", "differs"]
Section = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CodePolicy:
    """What the profile says of one finding code.

    ``query`` is the question whose rows decide. Where ``holds`` says when a row is a finding the rules
    engine judges the rows by itself, against ``threshold`` (two figures where ``holds`` is *outside*);
    where it says nothing an analysis of its own does. ``clause`` is the clause of the policy document
    that a code stands for. A code that is not ``enabled`` gives no findings.
    """

    severity: Severity
    title: Text
    why: Text
    suggestion: Text
    group: Group
    severity_same_term: Severity = "note"
    query: str = ""
    holds: Holds | None = None
    threshold: tuple[Fraction, ...] = ()
    clause: Text | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Profile:
    """Thresholds and texts. ``depth`` is the least depth by kind of requirement where none is stated.

    ``interpretation`` is the code of the way in which recognition rules are read. ``sections`` are all
    the tables of the file but the codes, as written, for those who keep settings of their own there.
    ``sha256`` is of what it says, order and comments aside: two that judge alike have the same.
    """

    depth: Mapping[str, int]
    redundant_courses: int
    critical_share: Fraction
    weightiest: int
    codes: Mapping[str, CodePolicy]
    interpretation: str
    sections: Mapping[str, Section]
    sha256: str

    @property
    def shipped(self) -> bool:
        """Whether it says what the shipped profile says, wherever it stands."""
        return self.sha256 == _digest(_read(SHIPPED))

    def enabled(self, code: str) -> bool:
        """Whether a finding code is looked for."""
        return self.codes[code].enabled


@cache
def load_profile(path: Path = SHIPPED) -> Profile:
    """The profile of a file. What a file of one's own does not say it takes from the shipped one, entry by entry.

    Raises:
        UnreadableError: when the file is missing, or says something that is not understood.
    """
    try:
        data = _read(path)
        codes = {code: _policy(code, entry) for code, entry in data["code"].items()}
        return Profile(
            depth={kind: _whole(depth) for kind, depth in data["depth"].items()},
            redundant_courses=_whole(data["redundancy"]["courses"]),
            critical_share=_share(data["critical"]["share"]),
            weightiest=_whole(data["report"]["weightiest"]),
            codes=codes,
            interpretation=_word(data["recognition"]["interpretation"]),
            sections={name: section for name, section in data.items() if name != "code"},
            sha256=_digest(data),
        )
    except FileNotFoundError:
        raise unreadable("missing-file", str(path)) from None
    except OSError as error:
        raise unreadable("cannot-open", str(path), reason=error.strerror or str(error)) from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable("bad-settings", str(path), reason=str(error)) from None


def _digest(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def _read(path: Path) -> dict[str, Any]:
    data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    return data if path == SHIPPED else _over(_read(SHIPPED), data)


def _over(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The shipped tables with what one's own file changes; a name that is not known there is a slip of the pen.

    Raises:
        KeyError: on a section, a code or a setting that the shipped profile does not know.
    """
    merged = dict(shipped)
    for name, section in own.items():
        inner = {**shipped[name]}
        for key, value in section.items():
            if key not in inner:
                raise KeyError(f"[{name}] {key}")
            inner[key] = {**inner[key], **value} if name == "code" else value
        merged[name] = inner
    return merged


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(value)
    return value


def _share(value: object) -> Fraction:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
        raise TypeError(value)
    return Fraction(Decimal(str(value)))


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _policy(code: str, entry: Section) -> CodePolicy:
    known = {"severity", "severity_same_term", "title", "why", "do", "group", "query", "holds", "threshold", "clause",
             "enabled"}  # fmt: skip
    if odd := sorted(entry.keys() - known):
        raise KeyError(f"[code.{code}] {odd[0]}")
    holds = _one_of(entry, "holds", Holds) if "holds" in entry else None
    clause = entry.get("clause")
    if not isinstance(entry.get("enabled", True), bool):
        raise TypeError(f"[code.{code}] enabled = {entry['enabled']!r}")
    return CodePolicy(
        severity=_one_of(entry, "severity", Severity),
        severity_same_term=_one_of(entry, "severity_same_term", Severity) if "severity_same_term" in entry else "note",
        title=text_of(entry["title"]),
        why=text_of(entry["why"]),
        suggestion=text_of(entry["do"]),
        group=_one_of(entry, "group", Group),
        query=_word(entry["query"] if holds else entry.get("query", "")),
        holds=holds,
        threshold=_threshold(code, holds, entry.get("threshold")),
        clause=text_of(clause) if clause is not None else None,
        enabled=entry.get("enabled", True),
    )


def _one_of(entry: Section, key: str, words: Any) -> Any:  # noqa: ANN401 - a Literal type and one of its words
    if entry[key] not in get_args(words):
        raise ValueError(f"{key} = {entry[key]!r}")
    return entry[key]


def _threshold(code: str, holds: Holds | None, written: object) -> tuple[Fraction, ...]:
    """The figures of a threshold, exactly as written: one where a limit is named, two for a range."""
    figures = written if isinstance(written, list) else [] if written is None else [written]
    wanted = {"below": 1, "above": 1, "outside": 2, "differs": len(figures) and 1}.get(holds or "", 0)
    numbers = [f for f in figures if isinstance(f, (int, float)) and not isinstance(f, bool)]
    if len(numbers) != len(figures) or len(figures) != wanted or numbers != sorted(numbers):
        raise ValueError(f"[code.{code}] threshold = {written!r}")
    return tuple(Fraction(Decimal(str(number))) for number in numbers)
