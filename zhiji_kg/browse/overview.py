"""The overview: what a graph holds, its training plans each in a sentence, the documents it rests on."""

import time
from collections.abc import Callable, Mapping

from ..analysis import GapAnalysis
from ..knowledge import KnowledgeGraph
from ..queries import Row, run
from ..report.summary import headline, notice
from ..store.port import Store
from ..texts import Text
from ..vocabulary import curie, shorten
from .groups import GROUP_OF
from .names import Terms
from .values import Count, Document, Entity, Overview, ProgrammeCard

_WORKED_OUT = 12  # plans that are given their headline: each is a whole gap analysis
_READING_ORDER = tuple(GROUP_OF)
_EDITION = "zj:ProgrammeEdition"


Headlines = dict[str, tuple[Text, Text | None]]
"""Headline and notice of each plan that was worked out, by its IRI."""


def overview(
    graph: KnowledgeGraph,
    about: Mapping[str, object],
    seconds: float = 4.0,
    known: Headlines | None = None,
    *,
    gaps: Callable[[str], GapAnalysis] | None = None,
) -> Overview:
    """What is in a graph.

    Args:
        graph: an open graph; one with no plans in it, only a classification, is fine.
        about: the manifest of its version; ``published`` and ``quads`` are taken from it.
        seconds: after so long no further headline is begun; the first twelve plans are to have one.
        known: the headlines of earlier calls; what is worked out now is added, so the next call comes further.
        gaps: gives the analysis of a plan where somebody keeps them; else each is made.
    """
    known = {} if known is None else known
    late = time.monotonic() + seconds
    terms = Terms.of(graph.store)
    rows = run(graph.store, "programmes")
    for row in rows[:_WORKED_OUT]:
        _work_out(gaps or graph.gaps, str(row["programme"]), known, late)
    return Overview(
        version=graph.identity.version,
        sha256=graph.identity.sha256,
        published=str(about.get("published") or ""),
        quads=int(str(about.get("quads") or 0)),
        triples=int(run(graph.store, "size")[0]["triples"] or 0),
        contents=contents(graph.store, terms),
        programmes=tuple(_card(terms, row, known) for row in rows),
        documents=documents(graph.store),
    )


def is_whole(found: Overview) -> bool:
    """Whether every plan that is to have a headline has one: there was time for all."""
    return all(card.headline is not None for card in found.programmes[:_WORKED_OUT])


def contents(store: Store, terms: Terms) -> tuple[Count, ...]:
    """How many entities of each class, in the order of the picture; what the graph has none of is left out."""
    counts = [
        Count(shorten(str(row["class"])), terms.label(str(row["class"])), int(row["entities"] or 0))
        for row in run(store, "kinds")
    ]
    return tuple(sorted(counts, key=_in_reading_order))


def documents(store: Store) -> tuple[Document, ...]:
    """The source documents with their grades, each once."""
    found: dict[str, Document] = {}
    for row in run(store, "sources"):
        iri = str(row["document"])
        found.setdefault(iri, _document(iri, row))
    return tuple(found.values())


def _document(iri: str, row: Row) -> Document:
    return Document(
        iri=iri,
        identifier=_word(row, "identifier"),
        title=_word(row, "title") or _word(row, "titleEn"),
        grade=_word(row, "gradeCode"),
        grade_label=Text(_word(row, "grade"), _word(row, "gradeEn")),
        source=_word(row, "source"),
        licence=_word(row, "licence"),
    )


def _work_out(gaps: Callable[[str], GapAnalysis], iri: str, known: Headlines, late: float) -> None:
    if iri not in known and time.monotonic() < late:
        analysis = gaps(iri)
        known[iri] = headline(analysis), notice(analysis)


def _card(terms: Terms, row: Row, known: Headlines) -> ProgrammeCard:
    iri, code = str(row["programme"]), _word(row, "code")
    label = Text(_word(row, "label"), _word(row, "labelEn"))
    said, warned = known.get(iri, (None, None))
    return ProgrammeCard(
        entity=Entity(iri, _EDITION, terms.label(curie(_EDITION).value), label, code, iri.rpartition("/")[2]),
        school=_word(row, "school"),
        track=Text(_word(row, "track"), _word(row, "trackEn")),
        year=_word(row, "year"),
        terms=int(row["terms"] or 0),
        courses=int(row["courses"] or 0),
        headline=said,
        notice=warned,
    )


def _in_reading_order(count: Count) -> tuple[int, str]:
    known = count.kind in _READING_ORDER
    return (_READING_ORDER.index(count.kind) if known else len(_READING_ORDER), count.kind)


def _word(row: Row, name: str) -> str:
    return str(row[name] or "")
