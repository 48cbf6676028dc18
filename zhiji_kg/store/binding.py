"""Values for the variables of a query, given to every group of patterns that speaks of them.

An engine plans a query before it knows what is bound from outside, or joins one ``VALUES`` block at the end to
the whole: either way a pattern inside OPTIONAL, UNION or a subselect looks unbound, and is read through for every
plan in the graph. With the value at the head of each group the plan begins there, and a query costs what it finds
and not what surrounds it. Inside a group a bound variable can have no other value, so the rows are the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ..errors import unreadable
from ..rdf import Term

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<brace>[{}])
    |(?P<name>[\w.-]*:[\w.%-]*)
    |(?P<word>\w+)
    |(?P<other>\S)""",
    re.VERBOSE | re.DOTALL,
)
_NO_PATTERNS = {"CONSTRUCT", "VALUES"}


@dataclass(slots=True)
class _Group:
    """A pair of braces: where its inside begins, what opened it, and the variables that stand right in it.

    ``visible`` are the variables that mean the same inside as outside: those that every subselect around it
    projects; ``None`` where all do.
    """

    start: int
    opened_by: str
    outermost: bool
    visible: frozenset[str] | None
    variables: set[str] = field(default_factory=set)
    projected: set[str] | None = None

    @property
    def takes_values(self) -> bool:
        """Whether a VALUES may stand at its head: it holds patterns, and no subselect alone."""
        return self.projected is None and self.opened_by not in _NO_PATTERNS

    def names(self, bindings: Mapping[str, Term]) -> list[str]:
        """The bound variables that it is given values for."""
        wanted = bindings if self.outermost else self.variables & bindings.keys()
        return [name for name in bindings if name in wanted and (self.visible is None or name in self.visible)]


def with_values(query: str, bindings: Mapping[str, Term]) -> str:
    """The query with the bindings in every group of patterns that names their variables, and in the outermost.

    The groups of an EXISTS are left out: what a bound variable means there is not settled by SPARQL 1.1.

    Args:
        query: SPARQL 1.1: SELECT, ASK or CONSTRUCT.
        bindings: terms by the name of their variable, without ``?``.

    Returns:
        The query as an engine is to be asked.

    Raises:
        UnreadableError: when the query has no group of patterns that could take them.
    """
    if not bindings:
        return query
    groups = _groups(query)
    if not any(group.outermost for group in groups):
        names = ", ".join(f"?{name}" for name in bindings)
        raise unreadable("bad-query", reason=f"no WHERE {{ … }} that could take the values of {names}")
    inserted = []
    for group in groups:
        values = "".join(f" VALUES ?{name} {{ {bindings[name]} }}" for name in group.names(bindings))
        inserted.append((group.start, values))
    for start, values in sorted(inserted, reverse=True):
        query = f"{query[:start]}{values} {query[start:]}" if values else query
    return query


@lru_cache(maxsize=512)
def _groups(query: str) -> tuple[_Group, ...]:
    return tuple(_Braces().groups(query))


class _Braces:
    """Reads a query token by token and keeps account of the braces that are open."""

    def __init__(self) -> None:
        self._open: list[_Group] = []
        self._word = ""
        self._brackets = 0

    def groups(self, query: str) -> Iterator[_Group]:
        """The groups that may take values."""
        for token in _TOKEN.finditer(query):
            kind, text = token.lastgroup, token.group()
            if text == "{" and kind == "brace":
                self._begin(token.end())
            elif kind == "brace" and self._open:
                group = self._open.pop()
                self._word = ""
                if group.takes_values and not any(one.opened_by == "EXISTS" for one in (*self._open, group)):
                    yield group
            elif kind == "word":
                self._read(text.upper())
            elif kind == "variable" and self._open:
                self._mention(text[1:])
            elif kind == "other":
                self._brackets += (text == "(") - (text == ")")
                if (
                    text == "*"
                    and not self._brackets
                    and self._word in {"SELECT", "DISTINCT", "REDUCED"}
                    and self._open
                ):
                    self._open[-1].projected = None if self._open[-1].projected is None else {"*"}

    def _begin(self, start: int) -> None:
        around = self._open[-1] if self._open else None
        visible = around.visible if around else None
        if around and around.projected is not None and "*" not in around.projected:
            visible = frozenset(around.projected if visible is None else visible & around.projected)
        self._open.append(_Group(start, self._word, not self._open, visible))
        self._word = ""

    def _read(self, word: str) -> None:
        if word == "SELECT" and self._open:
            self._open[-1].projected = set()
        if word != "WHERE" or self._word != "CONSTRUCT":  # the short form has a template and no patterns
            self._word = word

    def _mention(self, name: str) -> None:
        group = self._open[-1]
        if group.projected is None:
            group.variables.add(name)
        elif not self._brackets or self._word == "AS":
            group.projected.add(name)
