"""Named questions: the query files, their headers, and how one is asked.

A query file says in its header what it answers, in zh and en, and which parameters it
takes; catalogue, help and forms are made from that. Values are bound as terms and never
pasted into the text.
"""

import difflib
import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from . import rdf
from .errors import Address, Problem, UnreadableError, unreadable
from .rdf import Iri, Term
from .resources import QUERIES
from .store.port import Solutions, Store
from .texts import Text, folded
from .vocabulary import PREFIXES, curie, shorten

Value = str | int | float | bool | None
Row = dict[str, Value]
Form = Literal["SELECT", "ASK", "CONSTRUCT"]
ColumnType = Literal["iri", "string", "integer", "decimal", "boolean", "dateTime"]

_HAS_EDITIONS = "zj:ProgrammeEdition"
_OFFERED = 8  # how many codes are offered in place of an unknown one

_HEADER = re.compile(r"#\+\s*(\w+)\s*:?\s*(.*)")
_PARAMETER = re.compile(r"(\w+)\s*:\s*(\w+)(?:\(([\w:-]+)\))?\s*(.*)")
_QUESTION = re.compile(r"CQ-\d\d")
_NUMBER = re.compile(r"cq-?(\d{1,4})", re.I | re.A)
_FACT = re.compile(r"[A-Z]+-[A-Za-z0-9.]+")
_COLUMN = re.compile(rf"(\w+):({'|'.join(get_args(ColumnType))})(\?)?")
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE|INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)\b", re.I)
_NOISE = re.compile(r"#[^\n]*|<[^<>\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query: its type, the class of the entity it names, and what it is."""

    name: str
    type: str
    of_class: str
    summary: Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer as its query declares it: the type of its values, and whether a row may lack one."""

    name: str
    type: ColumnType
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query file: its name (the file's stem), what it answers, its parameters and its text.

    A query that answers a competency question says which, by which facts of the source, and what
    columns its answer has; others leave these empty.
    """

    name: str
    folder: str
    text: str
    form: Form
    summary: Text
    parameters: tuple[Parameter, ...] = ()
    competency_question: str = ""
    facts: tuple[str, ...] = ()
    answer: tuple[Column, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The entry of the catalogue as plain data."""
        return {
            "name": self.name,
            "folder": self.folder,
            "summary": {"zh": self.summary.zh, "en": self.summary.en},
            "competencyQuestion": self.competency_question or None,
            "facts": list(self.facts),
            "answer": [{"name": c.name, "type": c.type, "optional": c.optional} for c in self.answer],
            "parameters": [
                {"name": p.name, "type": p.type, "class": p.of_class or None,
                 "summary": {"zh": p.summary.zh, "en": p.summary.en}}
                for p in self.parameters
            ],
        }  # fmt: skip


@cache
def catalogue() -> dict[str, Query]:
    """Every named question by name, in the order of folder and name."""
    return {path.stem: read_query(path) for path in sorted(QUERIES.glob("*/*.rq"))}


def competency_questions() -> dict[str, Query]:
    """The question file that answers each competency question, in the order of their numbers.

    Raises:
        UnreadableError: when two files claim to answer the same one.
    """
    found: dict[str, Query] = {}
    for query in catalogue().values():
        if number := query.competency_question:
            if number in found:
                raise unreadable("bad-query", reason=f"#+ cq: {number}: {found[number].name}, {query.name}")
            found[number] = query
    return dict(sorted(found.items()))


def read_query(path: Path) -> Query:
    """Read a query file with its header.

    Raises:
        UnreadableError: when the file is missing, its query is not SELECT, ASK or CONSTRUCT, or a line
            of its header is not as it should be.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise unreadable("missing-file", str(path)) from None
    except OSError as error:
        raise unreadable("cannot-open", str(path), reason=error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise unreadable("bad-query", str(path), reason="not UTF-8") from None
    header = [match.groups() for line in content.splitlines() if (match := _HEADER.match(line))]
    said = {key: value for key, value in header if key != "param"}
    return Query(
        name=path.stem,
        folder=path.parent.name,
        text=content,
        form=_form(content, path),
        summary=_pair(said.get("summary", path.stem)),
        parameters=tuple(_parameter(value) for key, value in header if key == "param"),
        competency_question="".join(_words(said, "cq", _QUESTION, most=1)),
        facts=_words(said, "facts", _FACT),
        answer=_answer(said),
    )


def numbered_query(name: str) -> Query | None:
    """The query that answers the competency question of a number, written as ``CQ-06``, ``cq-6`` or ``CQ6``.

    Returns:
        None where no such number is written.

    Raises:
        UnreadableError: when a number is written that no question has.
    """
    number = _NUMBER.fullmatch(name)
    if number is None:
        return None
    known = competency_questions()
    query = known.get(f"CQ-{int(number[1]):02d}")
    if query is None:
        raise unreadable("unknown-number", name=name, first=min(known), last=max(known))
    return query


def find_query(name: str) -> Query:
    """A query by its name, by the competency question it answers (``CQ-19``), or by its file.

    Raises:
        UnreadableError: when there is none; near names are offered, or which numbers there are.
    """
    known = catalogue()
    if query := known.get(name) or numbered_query(name):
        return query
    if name.endswith(".rq"):
        return read_query(Path(name))
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or list(known)[:3]
    raise unreadable("unknown-query", name=name, near="、".join(near))


def run(store: Store, name: str, **bindings: Term) -> list[Row]:
    """Ask a named SELECT question of the package with terms bound to its parameters.

    Returns:
        The rows as plain values: IRIs and strings as ``str``, numbers and booleans as such.
    """
    return plain_rows(ask_query(store, find_query(name), bindings))


def ask_query(store: Store, query: Query, bindings: Mapping[str, Term]) -> Solutions:
    """The answer to a query as a table of terms.

    An ASK gives one row with the column ``answer``; a CONSTRUCT the columns subject, predicate, object.

    Raises:
        UnreadableError: when a parameter is misspelt or missing, or the query is not well formed.
    """
    _check_names(query, bindings)
    if query.form == "ASK":
        return Solutions(("answer",), [(rdf.true_or_false(store.ask(query.text, bindings)),)])
    if query.form == "CONSTRUCT":
        triples = sorted(store.construct(query.text, bindings), key=str)
        return Solutions(("subject", "predicate", "object"), [(t.subject, t.predicate, t.object) for t in triples])
    return store.select(query.text, bindings)


def bind(store: Store, query: Query, written: Mapping[str, str]) -> dict[str, Term]:
    """Terms for the values that a person wrote for a query's parameters.

    A value of type ``iri`` may be an IRI, a prefixed name, or the code of an entity of the parameter's
    class, of any class where it has none; an edition of a programme is taken as the latest unless
    ``CODE@YEAR`` says which. Codes are found in capitals and small letters alike.

    Raises:
        UnreadableError: when a name or a value does not fit.
    """
    types = {parameter.name: parameter for parameter in query.parameters}
    _check_names(query, written)
    return {name: _term(store, types[name], str(value)) for name, value in written.items()}


def plain_rows(solutions: Solutions) -> list[Row]:
    """The rows with plain values in place of terms."""
    return [
        dict(zip(solutions.variables, map(plain, row), strict=True)) for row in solutions.rows
    ]  # fmt: skip


def plain(term: Term | None) -> Value:
    """An IRI or a string as ``str``, a number or a boolean as such, an unbound variable as ``None``."""
    if not isinstance(term, rdf.Literal):
        return None if term is None else getattr(term, "value", str(term))
    kind = term.datatype.value.removeprefix(PREFIXES["xsd"])
    try:
        if kind in ("integer", "int", "long", "nonNegativeInteger"):
            return int(term.value)
        if kind in ("decimal", "double", "float") and math.isfinite(number := float(term.value)):
            return int(number) if number.is_integer() else number
    except ValueError:
        return term.value  # called a number, and none
    return term.value == "true" if kind == "boolean" else term.value


def entity_by_code(store: Store, of_class: str, code: str, option: str = "") -> Iri:
    """The entity of a class that bears a code: an IRI, a prefixed name or a notation.

    Of a programme with several editions it is the latest, unless the code says which.

    Raises:
        UnreadableError: when the graph holds none, or several; some that it holds are offered.
    """
    if iri := _written_iri(code, option):
        return iri
    rows = run(store, "entities-of-class", of_class=curie(of_class))
    codes: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        codes[str(row["code"])].add(str(row["entity"]))
    editions = sorted(known for known in codes if known.partition("@")[0] == code)
    latest = editions[-1] if editions and of_class == _HAS_EDITIONS else ""
    alike = (entities for known, entities in codes.items() if folded(known) == folded(code))
    found = sorted(codes.get(code) or codes.get(latest) or set().union(*alike))
    if len(found) == 1:
        return Iri(found[0])
    what = next((Text(str(row["class_label"]), str(row["class_label_en"])) for row in rows), of_class)
    near = sorted(difflib.get_close_matches(code, codes, _OFFERED, 0.0))  # the nearest, however far
    offered = [shorten(iri) for iri in found] or editions or near or ["–"]
    values = {"code": code, "what": what, "known": "、".join(offered)}
    problem = "several-of-code" if found else "unknown-code"
    raise UnreadableError(Problem(problem, Address(option) if option else None, values))


def _written_iri(written: str, option: str) -> Iri | None:
    """An IRI or a prefixed name as such; ``None`` where a code is written."""
    prefix = written.partition(":")[0]
    if "://" not in written and (":" not in written or prefix not in PREFIXES):
        return None
    try:
        return Iri(written) if "://" in written else curie(written)
    except ValueError:
        raise unreadable("bad-parameter", name=option or "IRI", value=written, type="IRI") from None


def _check_names(query: Query, given: Mapping[str, Any]) -> None:
    known = [parameter.name for parameter in query.parameters]
    for name in given:
        if name not in known:
            raise unreadable("unknown-parameter", query=query.name, name=name, known="、".join(known) or "–")
    if lacking := [parameter for parameter in query.parameters if parameter.name not in given]:
        zh = "、".join(f"{parameter.name}（{parameter.summary.zh}）" for parameter in lacking)
        en = ", ".join(f"{parameter.name} ({parameter.summary.en})" for parameter in lacking)
        add = " ".join(f"--param {parameter.name}=…" for parameter in lacking)
        raise unreadable("missing-parameter", query=query.name, missing=Text(zh, en), add=add)


def _term(store: Store, parameter: Parameter, value: str) -> Term:
    if parameter.type == "iri":
        if parameter.of_class:
            return entity_by_code(store, parameter.of_class, value, f"--param {parameter.name}")
        return _written_iri(value, f"--param {parameter.name}") or _bearer(store, parameter.name, value)
    if parameter.type == "integer" and re.fullmatch(r"[+-]?\d+", value):
        return rdf.integer(int(value))
    if parameter.type == "string":
        return rdf.text(value)
    raise unreadable("bad-parameter", name=parameter.name, value=value, type=parameter.type)


def _bearer(store: Store, name: str, code: str) -> Iri:
    """The only entity, of whatever class, that bears a code."""
    for written in dict.fromkeys((code, code.upper())):
        found = [str(row["entity"]) for row in run(store, "bearers", code=rdf.text(written))]
        if len(found) == 1:
            return Iri(found[0])
        if found:
            known = "、".join(map(shorten, found))
            values = {"code": code, "what": Text("实体", "entities"), "known": known}
            raise UnreadableError(Problem("several-of-code", Address(f"--param {name}"), values))
    raise unreadable("not-an-iri", name=name, value=code)


def _form(content: str, path: Path) -> Form:
    words = _NOISE.sub(" ", content)
    if re.search(r"\bSERVICE\b", words, re.I):
        raise unreadable("query-asks-elsewhere", str(path))
    found = _FORM.search(words)
    form = found[1].upper() if found else ""
    if form not in ("SELECT", "ASK", "CONSTRUCT"):
        raise unreadable("query-not-read-only", str(path))
    return form  # type: ignore[return-value]


def _pair(words: str) -> Text:
    zh, _, en = words.partition("|")
    return Text(zh.strip(), (en or zh).strip())


def _words(said: Mapping[str, str], key: str, form: re.Pattern[str], most: int = 1000) -> tuple[str, ...]:
    """The words of a header line, each of the form that this line takes and none twice; none where it is missing."""
    words = tuple(said.get(key, "").split())
    odd = [word for word in words if form.fullmatch(word) is None]
    if key in said and (odd or not 0 < len(words) <= most or len(set(words)) < len(words)):
        raise unreadable("bad-query", reason=f"#+ {key}: {' '.join(odd) or said[key]}")
    return words


def _answer(said: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns that a header declares, in their order; each stands once."""
    found = [_COLUMN.fullmatch(word) for word in _words(said, "answer", _COLUMN)]
    columns = tuple(Column(match[1], match[2], match[3] is not None) for match in found if match)  # type: ignore[arg-type]
    if len({column.name for column in columns}) < len(columns):
        raise unreadable("bad-query", reason=f"#+ answer: {said['answer']}")
    return columns


def _parameter(written: str) -> Parameter:
    match = _PARAMETER.match(written)
    if match is None:
        raise unreadable("bad-query", reason=f"#+ param {written}")
    name, kind, of_class, words = match.groups()
    return Parameter(name, kind, of_class or "", _pair(words or name))
