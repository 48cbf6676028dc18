"""What leads back to itself: the circles in links of any sort, in time that grows with the links alone."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

_Thing = TypeVar("_Thing", bound=Hashable)


def circles(links: Iterable[tuple[_Thing, _Thing]]) -> list[set[_Thing]]:
    """The things from which the links lead back to the thing itself, those that lead to each other together.

    These are the components of more than one thing, and the things linked to themselves.

    Args:
        links: from each thing to another.
    """
    known = list(links)
    place: dict[_Thing, int] = {}
    for link in known:
        for end in link:
            place.setdefault(end, len(place))
    ahead: list[list[int]] = [[] for _ in place]
    for start, end in known:
        ahead[place[start]].append(place[end])
    things = list(place)
    found = (component for component in components(ahead) if len(component) > 1 or component[0] in ahead[component[0]])
    return [{things[one] for one in component} for component in found]


def components(ahead: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The strongly connected components, each after all that it leads to.

    By Kosaraju and Sharir's two searches, without recursion.

    Args:
        ahead: for each place, the places that it leads to.
    """
    back: list[list[int]] = [[] for _ in ahead]
    for one, steps in enumerate(ahead):
        for other in steps:
            back[other].append(one)
    met: set[int] = set()
    left = [place for start in range(len(ahead)) for place in _left(ahead, start, met)]
    taken: set[int] = set()
    return reversed([list(_left(back, one, taken)) for one in reversed(left) if one not in taken])


def _left(ahead: Sequence[Sequence[int]], start: int, seen: set[int]) -> Iterator[int]:
    """What can be reached from a start and was not seen before, each when nothing new lies ahead of it."""
    if start in seen:
        return
    seen.add(start)
    path = [(start, iter(ahead[start]))]
    while path:
        one, steps = path[-1]
        new = next((other for other in steps if other not in seen), None)
        if new is None:
            path.pop()
            yield one
        else:
            seen.add(new)
            path.append((new, iter(ahead[new])))
