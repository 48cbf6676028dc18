"""What the request in hand stands on: the workers that answer it, and who may ask and read."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g

if TYPE_CHECKING:
    from ..workers.cache import Answer
    from ..workers.current import Serving
    from ..workers.limits import Limits
    from ..workers.pool import Pool

_PLACE = "zhiji"


@dataclass(frozen=True, slots=True)
class Service:
    """The workers, and for whom they answer.

    Args:
        pool: the workers.
        cors: the origin that may read the data from its own pages; empty for none, ``*`` for all.
        hosts: the names under which the service may be asked besides those of every machine for itself;
            ``None`` for any.
    """

    pool: "Pool"
    cors: str = ""
    hosts: Collection[str] | None = ()


class Asking:
    """The workers as one request asks them: all its answers are about one version.

    The first answer decides which: a version that was published meanwhile is for the next request.
    """

    def __init__(self, pool: "Pool") -> None:
        """Nothing is asked yet."""
        self._pool = pool
        self._at: Serving | None = None

    @property
    def limits(self) -> "Limits":
        """What a question may cost."""
        return self._pool.limits

    @property
    def fenced(self) -> str:
        """How the workers are fenced."""
        return self._pool.fenced

    def version(self) -> "Serving":
        """The version that this request is about; before its first answer, the one that serves now.

        Raises:
            ZhijiError: when nothing is published, or the version is damaged.
        """
        return self._at or self._pool.version()

    def answer(self, task: str, **given: Any) -> "Answer":  # noqa: ANN401 - each task takes its own
        """The answer to a question; see ``Pool.answer``.

        Raises:
            ZhijiError: whatever is wrong; ``damaged-version`` too where the version of this request is gone.
        """
        found = self._pool.answer(task, at=self._at, **given)
        self._at = self._at or found.serving
        return found


def install(app: Flask, service: Service) -> None:
    """Let every request of this application find the service."""
    app.extensions[_PLACE] = service


def service() -> Service:
    """The service behind the request in hand."""
    found: Service = current_app.extensions[_PLACE]
    return found


def pool() -> Asking:
    """The workers, as the request in hand asks them."""
    if "asking" not in g:
        g.asking = Asking(service().pool)
    found: Asking = g.asking
    return found
