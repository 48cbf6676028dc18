"""The named questions as forms and tables: what may be asked, what with, and what the graph answers."""

import difflib
from collections.abc import Mapping

from ..errors import unreadable
from ..queries import Parameter, Query, ask_query, bind, catalogue, numbered_query, plain
from ..rdf import Iri, Term
from ..store.port import Store
from ..texts import Text
from ..vocabulary import curie, shorten
from .names import first_rows, iri_of
from .values import Choice, Field, Question, Table

FOR_PEOPLE = ("ask", "gaps")
"""The folders whose questions people ask; the others serve inference, checks and these pages."""

_MOST_CHOICES = 200


def questions() -> tuple[Question, ...]:
    """The questions that people ask, by folder and name; their fields without choices, for no graph is asked."""
    found = [query for query in catalogue().values() if query.folder in FOR_PEOPLE]
    return tuple(_question(query, tuple(_field(parameter) for parameter in query.parameters)) for query in found)


def form(store: Store, name: str) -> Question:
    """A question with choices for each field that names an entity, where the graph has few enough to offer.

    Args:
        store: the graph.
        name: the question's name, or the competency question it answers (``CQ-19``).

    Raises:
        UnreadableError: when there is none.
    """
    query = for_people(name)
    fields = tuple(_field(parameter, _choices(store, parameter.of_class)) for parameter in query.parameters)
    return _question(query, fields)


def table(store: Store, name: str, written: Mapping[str, str], most: int = 1000) -> Table:
    """The answer to a question.

    Args:
        store: the graph.
        name: the question's name.
        written: the values of its fields as a person writes them.
        most: the rows to give; all are counted.

    Raises:
        UnreadableError: when the question or a value is unknown, or a value is missing.
    """
    query = for_people(name)
    found = ask_query(store, query, bind(store, query, written))
    rows = tuple(tuple(map(_cell, row)) for row in found.rows[: max(most, 0)])
    return Table(found.variables, rows, len(found.rows))


def for_people(name: str) -> Query:
    """A question that people ask, by its name or the competency question it answers.

    Raises:
        UnreadableError: when there is none; near names or the numbers are offered. A file is no question here.
    """
    known = {query.name: query for query in catalogue().values() if query.folder in FOR_PEOPLE}
    query = known.get(name) or numbered_query(name)
    if query and query.name in known:
        return query
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or list(known)[:3]
    raise unreadable("unknown-question", name=name, near="、".join(near))


def _question(query: Query, fields: tuple[Field, ...]) -> Question:
    return Question(
        query.name, query.folder, query.summary, query.competency_question, fields, query.text, query.answer
    )


def _field(parameter: Parameter, choices: tuple[Choice, ...] = ()) -> Field:
    return Field(parameter.name, parameter.type, parameter.of_class, parameter.summary, choices)


def _choices(store: Store, of_class: str) -> tuple[Choice, ...]:
    if not of_class:
        return ()
    labels: dict[str, Text] = {}
    # one row more than there is room for tells that there are too many; a code may stand in several rows
    for _, code, label, english in first_rows(store, "choices", 2 * _MOST_CHOICES + 1, of_class=curie(of_class)):
        labels.setdefault(iri_of(code), Text(iri_of(label), iri_of(english)))
    return tuple(Choice(code, labels[code]) for code in sorted(labels)) if len(labels) <= _MOST_CHOICES else ()


def _cell(term: Term | None) -> tuple[str, str]:
    """What a cell shows, and the IRI that it leads to where it is an entity."""
    if isinstance(term, Iri):
        return shorten(term.value), term.value
    value = plain(term)
    if isinstance(value, bool):
        return str(value).lower(), ""
    return ("" if value is None else str(value)), ""
