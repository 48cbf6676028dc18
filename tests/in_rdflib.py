"""Questions asked of rdflib's own engine, which is slow unless the patterns stand in a good order.

rdflib takes the triple patterns of a group in blocks of equally many unbound terms, whether or not they
share a variable; two names looked up before what ties them together are a product of all names. The
order says nothing about the answer, so it is mended here: next comes the pattern with the fewest
unbound terms, given all that stands before it, and names come last. A condition is tried as soon as
what it speaks of is bound: six names in two languages each are 64 rows of which one is wanted.
"""

from rdflib import RDFS, SKOS
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

NAMES = {RDFS.label, SKOS.notation}
"""What everything has, and what therefore selects least."""
_LEFT = {"Join": "p1", "LeftJoin": "p1", "Minus": "p1", "Extend": "p"}
_PLAIN = ("Builtin_LANG", "RelationalExpression")


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
    if part.name == "Filter":
        _hand_down(part)
    if part.name == "BGP":
        part["triples"] = _ordered(part.triples, known)
        return _settled(part, known)
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


def _hand_down(part):
    """Give the conditions of a group to its first patterns where they speak of nothing else."""
    first = part.p
    while first.name in _LEFT:
        first = first[_LEFT[first.name]]
    if first.name != "BGP":
        return
    bound = {term for triple in first.triples for term in triple if isinstance(term, Variable)}
    first["conditions"] = [each for each in _conjuncts(part.expr) if _is_plain(each) and _spoken_of(each) <= bound]


def _conjuncts(expression):
    if expression.name == "ConditionalAndExpression":
        return [each for one in (expression.expr, *expression.other) for each in _conjuncts(one)]
    return [expression]


def _is_plain(expression):
    """Whether it is a comparison of the language of a variable with a literal: neither counts rows nor looks around."""
    return expression.name == "RelationalExpression" and all(
        not isinstance(each, CompValue) or each.name in _PLAIN for each in (expression.expr, expression.other)
    )


def _spoken_of(expression):
    if isinstance(expression, Variable):
        return {expression}
    if isinstance(expression, CompValue):
        return set().union(*(_spoken_of(each) for each in expression.values()))
    return set()


def _settled(block, known):
    """Split a block of patterns after each that binds what a condition speaks of; gives what is bound at its end."""
    waiting, whole, since = list(dict.get(block, "conditions") or ()), None, []
    for triple in block.triples:
        since.append(triple)
        known = known | {term for term in triple if isinstance(term, Variable)}
        ready = [each for each in waiting if _spoken_of(each) <= known]
        if ready:
            waiting = [each for each in waiting if each not in ready]
            whole, since = _joined(whole, since), []
            for each in ready:
                whole = CompValue("Filter", p=whole, expr=each, no_isolated_scope=True)
    if whole is not None:
        whole = _joined(whole, since) if since else whole
        block.name = whole.name  # the block itself becomes the whole: what stands above it points at it
        block.update(whole)
    return known


def _joined(whole, triples):
    block = CompValue("BGP", triples=triples)
    return block if whole is None else CompValue("Join", p1=whole, p2=block, lazy=True)


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
