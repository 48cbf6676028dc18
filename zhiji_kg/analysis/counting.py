"""What a plan's headline counts: its certificates, and every requirement of them once."""

from collections.abc import Iterable, Iterator, Sequence

from ..findings import Cell, Coverage


def counted_coverages(coverages: Sequence[Coverage]) -> list[Coverage]:
    """Those of its coverages that a plan's headline counts: of certificates; of all but stages where it has none."""
    return [c for c in coverages if c.target.basis == "certificate"] or [
        c for c in coverages if c.target.basis != "stage"
    ]


def each_once(coverages: Iterable[Coverage]) -> Iterator[tuple[Coverage, Cell]]:
    """The cells of some coverages; a requirement of a source that several aim at is given by the first only."""
    given: set[tuple[str, str]] = set()
    for coverage in coverages:
        for cell in coverage.cells:
            key = (coverage.target.source.iri, cell.requirement.thing.iri)
            if key not in given:
                given.add(key)
                yield coverage, cell
