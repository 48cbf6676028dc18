"""What lies around an entity: its neighbours and those of each entity that was opened, placed for a picture."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest

from ..errors import unreadable
from ..rdf import Iri
from ..store.port import Store
from ..texts import Language
from ..vocabulary import curie, shorten
from .groups import COLUMN, GROUPS, Group, group_of
from .links import Links
from .names import Terms, entities
from .places import Box, name_in, places, width_of
from .values import Around, Count, Drawn, Edge, Entity

MOST = 1_000
"""More boxes than this are never drawn: nobody can read them, and no browser moves them."""


def around(store: Store, focus: str, opened: Sequence[str] = (), limit: int = 300, language: Language = "zh") -> Around:
    """The neighbourhood of an entity and of those that were opened, with all links between what is shown.

    A neighbour is linked directly, or through one record (an offering, a coverage, a target …).

    Args:
        store: the graph.
        focus: the IRI of the entity in the middle.
        opened: IRIs of entities whose neighbours are wanted too; what the graph does not hold is passed over.
        limit: the most boxes. The focus is always shown, then what was opened, then in turn one of each
            group; the rest is counted in ``left_out``.
        language: in which the names will stand in the boxes, which are made to their width.

    Raises:
        UnreadableError: when the graph holds no such focus.
    """
    terms, room = Terms.of(store), max(1, min(limit, MOST))
    asked = _asked(store, terms, focus, opened, room)
    links = Links(store, terms)
    links.read(asked)
    met = dict.fromkeys(chain.from_iterable(sorted(links.near(iri)) for iri in asked))
    others = {iri: _group(terms, links.kind(iri)) for iri in met if iri not in asked}
    kept = _each_in_turn(others, room - len(asked))
    shown = asked | entities(store, terms, kept)
    links.read(shown)
    groups = {iri: others.get(iri) or _group(terms, curie(entity.kind).value) for iri, entity in shown.items()}
    lines = list(links.between({iri: COLUMN[group] for iri, group in groups.items()}))
    return Around(
        focus=shown[focus],
        opened=tuple(asked)[1:],
        nodes=tuple(_drawn(shown, groups, lines, links, asked, language)),
        edges=tuple(Edge(one, other, tuple(map(terms.named, names))) for one, other, names in lines),
        left_out=tuple(_counted(terms, (links.kind(iri) for iri in others if iri not in shown))),
        limit=limit,
    )


def _asked(store: Store, terms: Terms, focus: str, opened: Sequence[str], room: int) -> dict[str, Entity]:
    """The focus, then what was opened and is in the graph, as much as there is room for."""
    wanted = [iri for iri in dict.fromkeys([focus, *opened]) if _is_iri(iri)][:MOST]
    known = entities(store, terms, wanted)
    found = {iri: known[iri] for iri in [iri for iri in wanted if known[iri].kind][:room]}
    if focus not in found:
        raise unreadable("no-such-entity", entity=focus)
    return found


def _is_iri(written: str) -> bool:
    try:
        Iri(written)
    except ValueError:
        return False
    return True


def _group(terms: Terms, kind: str) -> Group:
    return group_of(shorten(kind), map(shorten, terms.broader.get(kind, ())))


def _each_in_turn(others: Mapping[str, Group], room: int) -> list[str]:
    """As many as there is room for: the first of each group, then the second of each, and so on."""
    of_group: dict[str, list[str]] = defaultdict(list)
    for iri, group in others.items():
        of_group[group].append(iri)
    turns = zip_longest(*(of_group[group] for group in GROUPS))
    return [iri for iri in chain.from_iterable(turns) if iri is not None][:room]


def _drawn(
    shown: Mapping[str, Entity],
    groups: Mapping[str, Group],
    lines: Sequence[tuple[str, str, tuple[str, ...]]],
    links: Links,
    asked: Mapping[str, Entity],
    language: Language,
) -> Iterator[Drawn]:
    focus = next(iter(asked))
    boxes = {
        iri: Box(iri, COLUMN[groups[iri]], width_of(name_in(language, entity.label, entity.code or entity.local)))
        for iri, entity in shown.items()
    }
    stand = places(list(boxes.values()), [(one, other) for one, other, _ in lines], focus)
    for iri, entity in shown.items():
        hidden = len(links.near(iri) - shown.keys())
        yield Drawn(entity, groups[iri], *stand[iri], boxes[iri].width, iri in asked, hidden)


def _counted(terms: Terms, kinds: Iterable[str]) -> Iterator[Count]:
    for kind, number in sorted(Counter(kinds).items(), key=lambda counted: (-counted[1], counted[0])):
        yield Count(shorten(kind), terms.label(kind), number)
