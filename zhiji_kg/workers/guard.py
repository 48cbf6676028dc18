"""The guard: a look at the text of a query before a worker sees it.

It refuses what would take an engine down or reach out of it, in time linear in the text and
without understanding more of SPARQL than where its tokens end. The fence around the workers
holds where the guard errs; the guard is there so that the answer says what is wrong.

Engines read SPARQL without word boundaries (``1SERVICE``, ``FILTERex:f(…)``), so words are
looked for inside what stands together. A ``<`` begins an IRI or is an operator; which of the
two follows from the brackets around it.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from ..errors import unreadable
from .limits import Limits

_NAME = r"[A-Za-z0-9_\x80-\U0010ffff]"
_RUN = rf"{_NAME}(?:{_NAME}|[.\-])*+"
_LOCAL = rf"(?:{_NAME}|[:%]|\\.)(?:{_NAME}|[.\-:%]|\\.)*+"
_LONG = r"(?P<long>{})|"
_LONG_OF = {
    '"': r'"{3}(?:[^"\\]|\\[\s\S]|"(?!""))*+"{3}',
    "'": r"'{3}(?:[^'\\]|\\[\s\S]|'(?!''))*+'{3}",
}
_OTHERS = rf"""(?P<comment>\#[^\r\n]*+)
|(?P<string>"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+')
|(?P<unclosed>["'])
|(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
|(?P<held>[?$]{_NAME}++|_:{_RUN}|@[A-Za-z][A-Za-z0-9\-]*+)
|(?P<name>(?:{_RUN})?+:(?:{_LOCAL})?+)
|(?P<word>{_RUN})
|(?P<open><<\(|[{{(\[])
|(?P<close>[}})\]])
|(?P<operator>\^\^|\|\||&&|[<>=!|+*/^,\-])
|(?P<other>[^\x00-\x20\x7f.;])"""
_BETWEEN = r"[\x00-\x20\x7f.;]*+"
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")

_PROLOGUE = ("PREFIX", "BASE", "VERSION")
_WRITING = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_CLAUSES = ("FILTER", "MINUS", "BIND", "VALUES", "GRAPH", "EXISTS", "LATERAL")
_COUNTED = frozenset(("||", "&&", *"!|+*/^-"))
_EXPRESSIONS_FOLLOW = ("SELECT", "BY", "HAVING")
_EXPRESSIONS_END = ("WHERE", "VALUES", "FROM")
_NO_EXPRESSION_AFTER = ("VALUES", "TRUE", "FALSE", "UNDEF")
_NO_OPERANDS = frozenset(("operator", "open"))
_BEFORE_A_GRAPH = ("GRAPH", "FROM", "NAMED", "DESCRIBE")
_BEFORE_A_CALL = ("FILTER", "HAVING", "ORDERBY", "GROUPBY")
_VOLATILE = ("NOW", "RAND", "UUID", "BNODE")
_NOTHING = ("comment", "other")
_KNOWN_WORD = 64  # letters; what is longer is no keyword, and not worth any memory


def check(query: str, limits: Limits) -> bool:
    """Let a query pass, or say why not.

    Args:
        query: the text as it came.
        limits: how deep, branched and long it may be.

    Returns:
        Whether its answer holds: false for what may say something else each time, by NOW, RAND, UUID, STRUUID or BNODE.

    Raises:
        UnreadableError: ``query-too-long``, ``query-too-deep``, ``query-too-branched``, ``query-too-chained``,
            ``query-asks-elsewhere``, ``query-not-read-only`` or ``bad-query``.
    """
    holds = True
    for text in dict.fromkeys((query, _unescaped(query))):  # whether escapes are undone first, engines disagree
        scan = _Scan(limits)
        scan.read(text)
        holds = holds and not scan.is_volatile
    return holds


def _unescaped(query: str) -> str:
    """The text with every code point escape undone, as the standard has it."""
    if "\\u" not in query and "\\U" not in query:
        return query
    return _ESCAPED.sub(lambda match: chr(int(match[1] or match[2], 16)), query)


@cache
def _tokens(quotes: str) -> re.Pattern[str]:
    """What a token is; long strings are looked for of these quotes only."""
    long = _LONG.format("|".join(_LONG_OF[quote] for quote in quotes)) if quotes else ""
    return re.compile(f"{_BETWEEN}(?:{long}{_OTHERS})", re.VERBOSE)


class _Word(NamedTuple):
    """What stands together without a space: the keyword at its end, and what is in it."""

    keyword: str
    asks_elsewhere: bool
    modifiers: bool | None
    is_operand: bool
    is_volatile: bool
    branches: int
    operators: int


@lru_cache(maxsize=1024)
def _known(run: str) -> _Word:
    """The same for the words that every query has: nearly all of them, over and over again."""
    return _word(run)


def _word(run: str) -> _Word:
    upper = run.upper()
    keyword = upper.replace("-", ".").rpartition(".")[2]
    ends = any(end in keyword for end in _EXPRESSIONS_END)
    begins = any(beginning in keyword for beginning in _EXPRESSIONS_FOLLOW)
    return _Word(
        keyword=keyword,
        asks_elsewhere="SERVICE" in upper,
        modifiers=False if ends else True if begins else None,
        is_operand=keyword.endswith(("TRUE", "FALSE")) or keyword[-1:].isdigit() or run.endswith("."),
        is_volatile=any(call in upper for call in _VOLATILE),
        branches=upper.count("UNION") + upper.count("OPTIONAL"),
        operators=run.count("-") + (keyword in _CLAUSES),
    )


class _Scan:
    """What is known of the text so far.

    Inside an expression a ``<`` after an operand is an operator; elsewhere it begins an IRI.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._outer: list[tuple[bool, bool]] = []  # for each open bracket the two that follow, as they were before it
        self._in_expression = False
        self._modifiers = False  # from SELECT, BY or HAVING to what ends them, brackets hold expressions
        self._after_operand = False
        self._branches = self._operators = 0
        self.is_volatile = False
        self._form = ""
        self._last = self._before = ("", "")  # kind and text of the last token and the one before it

    def read(self, text: str) -> None:
        """Read the text to its end, or raise."""
        quotes, at = "\"'", 0
        next_token, tokens = _tokens(quotes).match, 0
        while match := next_token(text, at):
            tokens += 1
            if tokens > self._limits.tokens:
                raise unreadable("query-too-long", most=self._limits.tokens)
            kind = str(match.lastgroup)
            token, at = match[kind], match.end()
            if kind == "unclosed":
                return  # no engine gets past this
            if kind == "iri" and self._in_expression and self._after_operand:
                kind, token, at = "operator", "<", match.start(kind) + 1
            if token in ('""', "''") and text.startswith(token[0], at):
                quotes = quotes.replace(token[0], "")  # none is closed from here on: do not look for its end again
                next_token = _tokens(quotes).match
            if kind not in _NOTHING:
                self._take(kind, token)

    def _take(self, kind: str, token: str) -> None:
        self._after_operand = kind not in _NO_OPERANDS
        if kind == "word":
            token = self._take_word(token)
        elif kind == "open":
            self._take_open(token)
        elif kind == "close" and self._outer:
            self._in_expression, self._modifiers = self._outer.pop()
        elif kind == "operator" and token in _COUNTED:
            self._count_operators(1)
        self._before, self._last = self._last, (kind, token)

    def _take_word(self, run: str) -> str:
        """Note what a keyword means, and give it."""
        word = _known(run) if len(run) <= _KNOWN_WORD else _word(run)
        if word.asks_elsewhere:
            raise unreadable("query-asks-elsewhere")
        self.is_volatile = self.is_volatile or word.is_volatile
        if not self._form and word.keyword not in _PROLOGUE:
            self._form = word.keyword
            if word.keyword in _WRITING:
                raise unreadable("query-not-read-only")
        if word.modifiers is not None:
            self._modifiers = word.modifiers
        self._after_operand = word.is_operand
        if word.branches:
            self._count_branches(word.branches)
        if word.operators:
            self._count_operators(word.operators)
        return word.keyword

    def _take_open(self, bracket: str) -> None:
        self._refuse_glued(bracket)
        expression = bracket == "(" and (self._in_expression or self._modifiers or self._is_call())
        self._outer.append((self._in_expression, self._modifiers))
        if len(self._outer) > self._limits.nesting:
            raise unreadable("query-too-deep", most=self._limits.nesting)
        self._in_expression, self._modifiers = expression, self._modifiers and bracket == "("

    def _is_call(self) -> bool:
        """Whether the bracket that opens outside of an expression holds one: after a keyword, or what FILTER calls."""
        kind, token = self._last
        if kind == "word":
            return token != "A" and not token.endswith(_NO_EXPRESSION_AFTER)
        return kind in ("name", "iri") and self._before[0] == "word" and self._before[1].endswith("FILTER")

    def _refuse_glued(self, bracket: str) -> None:
        """A keyword and a prefixed name without a space between them: ``SERVICE:x {`` and ``FILTERex:f(``."""
        kind, token = self._last
        if kind != "name":
            return
        prefix, before = token.partition(":")[0].upper(), self._before[1] if self._before[0] == "word" else ""
        if bracket == "{" and "SERVICE" in prefix and before not in _BEFORE_A_GRAPH:
            raise unreadable("query-asks-elsewhere")
        if bracket == "(" and (before in ("ORDER", "GROUP") or any(word in prefix for word in _BEFORE_A_CALL)):
            raise unreadable("bad-query", reason=f"{token} (")

    def _count_branches(self, more: int) -> None:
        self._branches += more
        if self._branches > self._limits.branches:
            raise unreadable("query-too-branched", most=self._limits.branches)

    def _count_operators(self, more: int) -> None:
        self._operators += more
        if self._operators > self._limits.operators:
            raise unreadable("query-too-chained", most=self._limits.operators)
