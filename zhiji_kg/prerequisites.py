"""All earlier courses of a course, worked out when asked for: the closure of ``hasPrerequisite``.

Stored, it would grow with the square of the courses. Here each course has the set of those before it
as the bits of one integer; courses that wait for each other in a circle are taken together first, and
have each other and themselves before them, as a transitive property says.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .circles import components
from .queries import run
from .store.port import Store


@dataclass(frozen=True, slots=True)
class Closure:
    """A transitive relation: what comes after each of its things, over any number of steps.

    ``after`` holds for each place in ``things`` the places it leads to, as bits.
    """

    things: tuple[str, ...]
    after: tuple[int, ...]

    @classmethod
    def of(cls, links: Iterable[tuple[str, str]]) -> "Closure":
        """The closure of direct links, each from one thing to another."""
        known = set(links)
        things = tuple(sorted({end for link in known for end in link}))
        place = {thing: number for number, thing in enumerate(things)}
        ahead: list[list[int]] = [[] for _ in things]
        for one, other in known:
            ahead[place[one]].append(place[other])
        after = [0] * len(things)
        for component in components(ahead):
            steps = {step for member in component for step in ahead[member]}
            reached = 0
            for step in steps:
                reached |= 1 << step | after[step]
            for member in component:
                after[member] = reached
        return cls(things, tuple(after))

    def reached(self, thing: str) -> list[str]:
        """What a thing leads to, in the order of the names; nothing for what the relation does not know."""
        place = self._place(thing)
        return [] if place is None else [self.things[bit] for bit in _bits(self.after[place])]

    def holds(self, one: str, other: str) -> bool:
        """Whether one thing leads to another."""
        place, target = self._place(one), self._place(other)
        return place is not None and target is not None and bool(self.after[place] >> target & 1)

    def circular(self) -> list[str]:
        """The things that lead back to themselves."""
        return [thing for place, thing in enumerate(self.things) if self.after[place] >> place & 1]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every pair of the relation, in order."""
        for thing, after in zip(self.things, self.after, strict=True):
            yield from ((thing, self.things[bit]) for bit in _bits(after))

    def __len__(self) -> int:
        """How many pairs the relation has."""
        return sum(after.bit_count() for after in self.after)

    def _place(self, thing: str) -> int | None:
        place = bisect_left(self.things, thing)
        return place if place < len(self.things) and self.things[place] == thing else None


def prerequisites(store: Store) -> Closure:
    """All prerequisites of all courses of a graph, direct and indirect, by their IRIs.

    Args:
        store: the graph; what its documents state of prerequisites is enough.
    """
    rows = run(store, "prerequisite-links")
    return Closure.of((str(row["course"]), str(row["prerequisite"])) for row in rows)


def _bits(bits: int) -> Iterator[int]:
    """The places of the ones."""
    while bits:
        last = bits & -bits
        yield last.bit_length() - 1
        bits ^= last
