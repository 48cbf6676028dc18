"""Answers that are kept: a version never changes, so an answer about it holds for ever.

The pool does not keep what holds for the moment alone: what a query made of the time or of chance,
and what a worker could not finish.
"""

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from .current import Serving

_LARGEST = 4  # no answer takes more than this part of the cache
_BESIDES = 300  # bytes that an entry costs besides its key and its body


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker answered, and the version that it is about.

    ``holds`` is false where the same question about the same version may be answered otherwise the next time;
    ``serving`` is the version as it is to be given with the next question that has to be about it too.
    """

    version: str
    sha256: str
    media_type: str
    body: bytes
    holds: bool = True
    serving: Serving | None = None

    def json(self) -> Any:  # noqa: ANN401  # whatever the task says
        """The body as plain data."""
        return json.loads(self.body)


Key = tuple[str, str, bytes]
"""The version's name, its hash, and the question as it is sent to a worker."""


class Cache:
    """The answers asked for last, as many as a number of bytes holds."""

    def __init__(self, most_bytes: int) -> None:
        """An empty cache; of no bytes it keeps nothing."""
        self._most, self._held = most_bytes, 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Answer | None:
        """The answer to a question about a version, if it is still here."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer; the ones that nobody asked for the longest go."""
        size = _size(key, answer)
        if size > self._most // _LARGEST:
            return
        with self._lock:
            before = self._answers.pop(key, None)
            self._held += size - (_size(key, before) if before else 0)
            self._answers[key] = answer
            while self._held > self._most:
                gone, forgotten = self._answers.popitem(last=False)
                self._held -= _size(gone, forgotten)


def _size(key: Key, answer: Answer) -> int:
    return len(key[2]) + len(answer.body) + _BESIDES
