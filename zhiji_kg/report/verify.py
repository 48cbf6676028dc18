"""A report held against the graph it names: every number computed again, and what differs.

A JSON or xlsx report says of which version of the graph it was made, and by the hash which graph
that was. The same report is made again of that version and laid beside the file. Values are
compared as they stand, sentences by the figures in them: better wording is no other result.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ..analysis import GapAnalysis, Profile, analyse, find_programme
from ..analysis.group import GroupAnalysis, group_analysis
from ..errors import Address, unreadable
from ..sources.tables import Table, column_letters, read_tables
from ..store.versions import Version, versions
from ..texts import LANGUAGES, Language, say
from .group import GROUP_FORMAT, group_plain
from .group_xlsx import group_book, group_views
from .plain import FORMAT, report_plain
from .xlsx import View, report_book, views

_PROSE_KEYS = frozenset({"title", "headline", "notice", "suggestion"})
_PROSE_COLUMNS = frozenset({"title", "reason", "suggestion"})
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in a report that does not say what the graph gives.

    ``where`` is a key path (``targets[0].totals.all.items.covered``) or a cell (``汇总!G5``);
    ``reported`` and ``recomputed`` are what stands there and what should, ``None`` where nothing does.
    """

    where: str
    reported: str | None
    recomputed: str | None


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a report says it is: of which graph, for which programme (or many), against which source alone."""

    version: str
    sha256: str
    programme: str
    standard: str | None
    members: tuple[str, ...] = ()


def verify_report(path: Path, directory: Path, profile: Profile | None = None) -> list[Difference]:
    """Compute a report again from the version that it names, and say what differs.

    Args:
        path: a report that ``zhiji report`` wrote as JSON or xlsx, of one programme or of many.
        directory: the folder of versions.
        profile: the policy the report was judged by; the shipped one when not given.

    Returns:
        What differs, in the order of the file; nothing when every number is true.

    Raises:
        UnreadableError: when the file is no such report, when it names no version, or when the folder
            no longer holds that version.
        CannotRunError: when the version is damaged.
    """
    return list(_in_book(path, directory, profile) if _is_zip(path) else _in_json(path, directory, profile))


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except FileNotFoundError:
        raise unreadable("missing-file", str(path)) from None
    except OSError as error:
        raise unreadable("cannot-open", str(path), reason=error.strerror or str(error)) from None


def _again(path: Path, directory: Path, claim: _Claim, profile: Profile | None) -> GapAnalysis:
    """The analysis that the report was made of, made again."""
    if not claim.sha256:
        raise unreadable("report-without-version", str(path))
    store = _version(path, directory, claim).open()
    return analyse(store, find_programme(store, claim.programme), profile, claim.standard)


def _group_again(path: Path, directory: Path, claim: _Claim, profile: Profile | None) -> GroupAnalysis:
    """The comparison of many programmes that the report was made of, made again."""
    if not claim.sha256:
        raise unreadable("report-without-version", str(path))
    return group_analysis(_version(path, directory, claim).open(), claim.members, profile)


def _version(path: Path, directory: Path, claim: _Claim) -> Version:
    """The version with the graph that the report names; the hash decides, for a name may be given anew elsewhere."""
    known = versions(directory)
    same = [version for version in known if version.manifest["sha256"] == claim.sha256]
    if not same:
        shown = "、".join(f"{version.name} ({str(version.manifest['sha256'])[:12]})" for version in known) or "–"
        raise unreadable(
            "report-version-gone", str(path), version=claim.version, hash=claim.sha256[:12], directory=directory,
            known=shown,
        )  # fmt: skip
    return replace(same[-1], name=claim.version)  # the report is compared with what was published, not with its name


# JSON


def _in_json(path: Path, directory: Path, profile: Profile | None) -> Iterator[Difference]:
    reported = _read_json(path)
    if reported["format"] == GROUP_FORMAT:
        made = group_plain(_group_again(path, directory, _claim_of_group(path, reported), profile))
    else:
        made = report_plain(_again(path, directory, _claim_of_json(path, reported), profile))
    yield from _differences("", reported, json.loads(json.dumps(made)))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        reported = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested to break a reader
        reported = None
    if not isinstance(reported, dict) or reported.get("format") not in (FORMAT, GROUP_FORMAT):
        raise unreadable("not-a-report", str(path))
    return reported


def _claim_of_json(path: Path, reported: Mapping[str, Any]) -> _Claim:
    try:
        graph, programme = reported["graph"], reported["programme"]
        standard = reported.get("standard")
        told = (graph["version"] or "", graph["sha256"] or "", programme["iri"], "" if standard is None else standard)
    except (KeyError, TypeError):
        raise unreadable("not-a-report", str(path)) from None
    if not all(isinstance(word, str) for word in told):
        raise unreadable("not-a-report", str(path))
    version, sha256, iri, asked = told
    return _Claim(version, sha256, iri, asked or None)


def _claim_of_group(path: Path, reported: Mapping[str, Any]) -> _Claim:
    try:
        graph = reported["graph"]
        told = [graph["version"] or "", graph["sha256"] or "", *(one["iri"] for one in reported["programmes"])]
    except (KeyError, TypeError):
        raise unreadable("not-a-report", str(path)) from None
    version, sha256, *members = told
    if not members or not all(isinstance(word, str) for word in told):
        raise unreadable("not-a-report", str(path))
    return _Claim(version, sha256, "", None, tuple(members))


def _differences(where: str, reported: object, made: object, *, prose: bool = False) -> Iterator[Difference]:
    """Where two JSON values differ, leaf by leaf."""
    if isinstance(reported, dict) and isinstance(made, dict):
        for key in [*made, *(key for key in reported if key not in made)]:
            inner = f"{where}.{key}" if where else str(key)
            if key not in reported or key not in made:
                yield Difference(inner, _shown(reported, key), _shown(made, key))
            else:
                yield from _differences(inner, reported[key], made[key], prose=prose or key in _PROSE_KEYS)
    elif isinstance(reported, list) and isinstance(made, list):
        for at, ours in _aligned([_signature(item) for item in reported], [_signature(item) for item in made]):
            if at is None or ours is None:
                place = len(reported) if at is None else at
                yield Difference(f"{where}[{place}]", _shown(reported, at), _shown(made, ours))
            else:
                yield from _differences(f"{where}[{at}]", reported[at], made[ours], prose=prose)
    elif not _same(reported, made, prose=prose):
        yield Difference(where, _as_text(reported), _as_text(made))


def _same(reported: object, made: object, *, prose: bool) -> bool:
    if isinstance(reported, bool) or isinstance(made, bool):  # to Python true is 1
        return reported is made
    if prose and isinstance(reported, str) and isinstance(made, str):
        return _FIGURE.findall(reported) == _FIGURE.findall(made)
    return reported == made


def _signature(item: object) -> str:
    return json.dumps(item, ensure_ascii=False, sort_keys=True)


def _aligned(reported: Sequence[object], made: Sequence[object]) -> Iterator[tuple[int | None, int | None]]:
    """Which place of one list answers to which of the other, so that a missing entry does not shift all others."""
    for kind, low, high, first, last in SequenceMatcher(None, reported, made, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from zip_longest(range(low, high), range(first, last))


def _shown(holder: Any, key: Any) -> str | None:  # noqa: ANN401 - an object or a list out of JSON
    known = key in holder if isinstance(holder, dict) else key is not None
    return _as_text(holder[key]) if known else None


def _as_text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


# xlsx


def _in_book(path: Path, directory: Path, profile: Profile | None) -> Iterator[Difference]:
    if path.suffix.lower() in (".docx", ".odt", ".zip"):  # packed like a workbook, and none
        raise unreadable("not-a-report", str(path))
    tables = {table.name: table for table in read_tables(path)}
    language, group_language = (_spoken(known, tables) for known in (views(), group_views()))
    if language is not None:
        analysis = _again(path, directory, _claim_of_book(path, tables, language), profile)
        yield from _in_sheets(views(), tables, report_book(analysis, language), language)
    elif group_language is not None:
        group = _group_again(path, directory, _claim_of_group_book(path, tables, group_language), profile)
        yield from _in_sheets(group_views(), tables, group_book(group, group_language), group_language)
    else:
        raise unreadable("not-a-report", str(path))


def _spoken(known: Sequence[View], tables: Mapping[str, Table]) -> Language | None:
    """In which language a book has all these sheets, if it has them."""
    return next((spoken for spoken in LANGUAGES if {view.name(spoken) for view in known} <= set(tables)), None)


def _in_sheets(
    known: Sequence[View], tables: Mapping[str, Table], book: bytes, language: Language
) -> Iterator[Difference]:
    made = _read_back(book)
    for view in known:
        yield from _in_sheet(view, tables[view.name(language)], made[view.name(language)], language)


def _read_back(book: bytes) -> dict[str, Table]:
    """A book of ours as its reader gives it, so that a figure is compared in the form in which it is read."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.xlsx"
        file.write_bytes(book)
        return {table.name: table for table in read_tables(file)}


def _claim_of_book(path: Path, tables: Mapping[str, Table], language: Language) -> _Claim:
    about, summary = (tables[view.name(language)] for view in views()[:2])
    told = {row[0]: row[1] for row in about.rows if len(row) > 1}
    try:
        version, sha256, programme = (
            told[say(f"report.page.{key}")(language)] for key in ("version", "hash", "programme")
        )
    except KeyError:
        raise unreadable("not-a-report", str(path)) from None
    iris = re.findall(r"^programme=(.+)$", "\n".join("\n".join(row) for row in summary.rows), re.MULTILINE)
    return _Claim(
        version,
        sha256,
        programme=iris[0] if iris else programme.partition(" ")[0],
        standard=told.get(say("report.page.asked")(language)),
    )


def _claim_of_group_book(path: Path, tables: Mapping[str, Table], language: Language) -> _Claim:
    about = tables[group_views()[0].name(language)]
    told = {row[0]: row[1] for row in about.rows if len(row) > 1}
    try:
        version, sha256, members = (
            told[say(key)(language)] for key in ("report.page.version", "report.page.hash", "group.members")
        )
    except KeyError:
        raise unreadable("not-a-report", str(path)) from None
    return _Claim(version, sha256, "", None, tuple(members.split("\n")))


def _in_sheet(view: View, reported: Table, made: Table, language: Language) -> Iterator[Difference]:
    theirs, ours = _rows(reported), _rows(made)
    tool = say("report.sheet.tool")(language)
    for at, place in _aligned(theirs, ours):
        if at is None or place is None:
            where = f"{reported.name}!{(len(theirs) if at is None else at) + 1}"
            yield Difference(where, _row_shown(theirs, at), _row_shown(ours, place))
        elif view.key != "about" or ours[place][0] != tool:  # which release wrote it is no result
            yield from _in_row(view, reported, at, theirs[at], ours[place])


def _in_row(view: View, table: Table, at: int, reported: Sequence[str], made: Sequence[str]) -> Iterator[Difference]:
    for column, (theirs, ours) in enumerate(zip_longest(reported, made, fillvalue="")):
        key = view.columns[column].key if column < len(view.columns) else ""
        prose = key in _PROSE_COLUMNS or (view.key == "about" and key == "value")
        unread = Address(table.file, table.name, f"{column_letters(column)}{at + 1}") in table.unread
        if unread or not _same(theirs, ours, prose=prose):
            yield Difference(f"{table.name}!{column_letters(column)}{at + 1}", _as_text(theirs), _as_text(ours))


def _rows(table: Table) -> list[tuple[str, ...]]:
    """The rows without the blank cells and rows that a spreadsheet leaves at their ends."""
    rows = [tuple(row) for row in table.rows]
    rows = [row[: max((place + 1 for place, cell in enumerate(row) if cell), default=0)] for row in rows]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _row_shown(rows: Sequence[Sequence[str]], at: int | None) -> str | None:
    return None if at is None else _as_text(" | ".join(rows[at]))
