"""What a request may cost: the limits of the service, from ``zhiji.toml`` and ``ZHIJI_…``."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields

from ..errors import unreadable

Number = int | float

RANGES: dict[str, tuple[Number, Number]] = {
    "workers": (2, 16),
    "query_seconds": (0.1, 600.0),
    "quick_seconds": (0.1, 60.0),
    "queue_seconds": (0.0, 60.0),
    "memory_mb": (1024, 65536),
    "query_kb": (1, 16000),
    "tokens": (1000, 2_000_000),
    "nesting": (10, 2000),
    "branches": (1, 2000),
    "operators": (100, 20000),
    "answer_mb": (1, 1024),
    "cache_mb": (0, 4096),
    "threads": (1, 256),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a service; what hits one is told its name.

    Args:
        workers: processes that answer; the last one is kept for quick questions.
        query_seconds: how long a question may take.
        quick_seconds: how long a question may take in the worker that is kept.
        queue_seconds: how long a question waits for a free worker.
        memory_mb: address space of a worker; below 1024 the engine does not stand.
        query_kb: the body of a request.
        tokens: how many words, names, values and signs a query may have.
        nesting: how deep brackets may be nested in a query.
        branches: how many UNION and OPTIONAL a query may have.
        operators: how many operators and clauses a query may have.
        answer_mb: the largest answer.
        cache_mb: memory for answers that are kept.
        threads: requests that are served at once.
    """

    workers: int = 3
    query_seconds: float = 10.0
    quick_seconds: float = 1.0
    queue_seconds: float = 5.0
    memory_mb: int = 2048
    query_kb: int = 1000
    tokens: int = 100_000
    nesting: int = 200
    branches: int = 300
    operators: int = 5000
    answer_mb: int = 64
    cache_mb: int = 64
    threads: int = 64

    @classmethod
    def of(cls, table: Mapping[str, object], environment: Mapping[str, str]) -> "Limits":
        """The limits that a configuration sets; the defaults for the rest.

        Args:
            table: the table ``[serve]`` of ``zhiji.toml``.
            environment: the environment; ``ZHIJI_QUERY_SECONDS`` wins over ``query_seconds``.

        Raises:
            UnreadableError: when a name is not known, or a value is not in its range.
        """
        for name in table:
            if name not in RANGES:
                near = difflib.get_close_matches(name, RANGES, n=2) or list(RANGES)
                raise unreadable("unknown-limit", name=name, near="、".join(near))
        written = {**table, **{n: environment[_variable(n)] for n in RANGES if environment.get(_variable(n))}}
        whole = {field.name for field in fields(cls) if field.type is int}
        return cls(**{name: _number(name, value, name in whole) for name, value in written.items()})  # type: ignore[arg-type]


def _variable(name: str) -> str:
    return f"ZHIJI_{name.upper()}"


def _number(name: str, value: object, whole: bool) -> Number:
    least, most = RANGES[name]
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        number: Number = int(str(value)) if whole else float(value)
    except ValueError:
        raise _bad(name, value) from None
    if not least <= number <= most:
        raise _bad(name, value)
    return number


def _bad(name: str, value: object) -> Exception:
    least, most = RANGES[name]
    return unreadable("bad-limit", name=name, value=value, allowed=f"{least:g}–{most:g}")
