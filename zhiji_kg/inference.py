"""From the asserted to the inferred: the rules of ``queries/infer`` run to a fixpoint.

The rules are CONSTRUCT queries over the default graph. Together they are OWL 2 RL on our vocabulary:
every triple with a property of ours and every membership in a class of ours that the ontology entails
(https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules). Three things
are our own: two names are two things, so a functional property with two values is a contradiction
(``contradictions``) and no identity; ``hasPrerequisite`` is closed when asked for (``prerequisites``);
and ``examined-requirement`` says what a chain could only say through an inverse that has no name.

What they give is kept apart in the graph of the inferred and joins the default graph, so that named
questions see it.
"""

import re
from dataclasses import dataclass
from functools import cache

from . import queries
from .graph import Dataset
from .rdf import Iri, Triple
from .store.oxigraph import EmbeddedStore

LINKS, TYPES = "links", "types"

_NEW = "urn:new"
"""The graph in which an update leaves what it found, beside the default graph."""

_READS = re.compile(r"^#\+ reads: (.+)$", re.M)
_PARTS = re.compile(r"CONSTRUCT\s*\{(?P<head>[^{}]*)\}\s*WHERE\s*(?P<body>\{.*\})[^{}]*\Z", re.S)
_OURS = re.compile(r"\bzj:\w+")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, with what decides when it is run.

    ``reads`` says whether it reads links, types or both (``#+ reads: types`` in its header; links where
    it says nothing). ``gives`` and ``uses`` are the properties in its head and body; a rule that reads
    the ontology may give and use any, and has none of them.
    """

    name: str
    reads: frozenset[str]
    gives_types: bool
    gives: frozenset[str]
    uses: frozenset[str]
    update: str

    @classmethod
    def of(cls, query: queries.Query) -> "Rule":
        """The rule of a file of ``queries/infer``, its CONSTRUCT rewritten as INSERT.

        Raises:
            ValueError: when the file is not one CONSTRUCT with a WHERE.
        """
        parts, reads = _PARTS.search(query.text), _READS.search(query.text)
        if parts is None:
            raise ValueError(query.name)
        head = parts["head"].strip()
        gives = frozenset(_OURS.findall(head))
        insert = f"INSERT {{ {head} . GRAPH <{_NEW}> {{ {head} }} }}"
        unknown = f"WHERE {{ {parts['body']} FILTER NOT EXISTS {{ {head} }} }}"
        return cls(
            name=query.name,
            reads=frozenset(reads[1].split() if reads else (LINKS,)),
            gives_types=" a " in head,
            gives=gives,
            uses=frozenset(_OURS.findall(parts["body"])) if gives else frozenset(),
            update=f"{query.text[: parts.start()]}{insert} {unknown}",
        )

    def stirs(self, other: "Rule") -> bool:
        """Whether another rule may find something new in what this one gives."""
        if self.gives_types:
            return TYPES in other.reads
        return LINKS in other.reads and not (self.gives and other.uses and self.gives.isdisjoint(other.uses))

    def turn(self) -> tuple[bool, bool, int, bool, str]:
        """When it is its turn: links from links, types from links, then what reads types; the general ones last."""
        return TYPES in self.reads, self.gives_types, len(self.reads), not self.gives, self.name


@cache
def rules() -> tuple[Rule, ...]:
    """The rules, in the order in which they take their turns."""
    files = (query for query in queries.catalogue().values() if query.folder == "infer")
    return tuple(sorted(map(Rule.of, files), key=Rule.turn))


def infer(dataset: Dataset) -> tuple[Dataset, EmbeddedStore]:
    """Run the rules until none gives anything new.

    The rules take turns, and one has its turn again only when another that stirs it has given something:
    that saves time and changes nothing.

    Args:
        dataset: the asserted.

    Returns:
        The dataset with the inferred triples, and the store in memory that holds its default graph.
    """
    store = EmbeddedStore.holding(dataset.default)
    found: set[Triple] = set()
    waiting = set(rules())
    while waiting:
        first = min(map(Rule.turn, waiting))[:2]
        for rule in [rule for rule in rules() if rule in waiting and rule.turn()[:2] == first]:
            waiting.discard(rule)
            store.update(rule.update)
            if new := store.take(Iri(_NEW)):
                found |= new
                waiting.update(other for other in rules() if rule.stirs(other))
    return dataset.with_inferred(found), store
