"""Questions asked of rdflib's own engine, which is slow unless the patterns stand in a good order.

rdflib takes the triple patterns of a group in blocks of equally many unbound terms, whether or not they
share a variable; two names looked up before what ties them together are a product of all names. The
order says nothing about the answer, so it is mended here: next comes the pattern with the fewest
unbound terms, given all that stands before it, and names come last.
"""

from rdflib import RDFS, SKOS
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Variable

NAMES = {RDFS.label, SKOS.notation}
"""What everything has, and what therefore selects least."""


def prepared(text, parameters=()):
    """A query for rdflib with its patterns in a good order.

    Args:
        text: the query.
        parameters: the names of variables that will be bound from the start.
    """
    query = prepareQuery(text)
    _settle(query.algebra, frozenset(map(Variable, parameters)))
    return query


def _settle(part, known):
    """Order the patterns in a part of the algebra; gives the variables that are bound after it."""
    if part.name == "BGP":
        part["triples"] = _ordered(part.triples, known)
        return known | {term for triple in part.triples for term in triple if isinstance(term, Variable)}
    if part.name == "Union":
        return _settle(part.p1, known) & _settle(part.p2, known)
    if part.name in ("Join", "LeftJoin", "Minus"):
        left = _settle(part.p1, known)
        sees_left = part.name == "LeftJoin" or (part.name == "Join" and part.lazy)
        right = _settle(part.p2, left if sees_left else known)
        return left | right if part.name == "Join" else left
    if part.name == "Extend":
        return _settle(part.p, known) | {part.var}
    within = dict.get(part, "p")
    return _settle(within, known) if within is not None else known


def _ordered(triples, known):
    todo, done = list(triples), []
    while todo:
        best = min(todo, key=lambda triple: (_open_terms(triple, known), triple[1] in NAMES, triples.index(triple)))
        todo.remove(best)
        done.append(best)
        known = known | set(best)
    return done


def _open_terms(triple, known):
    return sum(isinstance(term, Variable) and term not in known for term in triple)
