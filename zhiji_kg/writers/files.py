"""A file is written as a whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import cannot_run


@contextmanager
def in_one_step(path: Path) -> Iterator[Path]:
    """A file beside the wanted one to write to; it takes the wanted one's place when the block ends well.

    Raises:
        CannotRunError: when it cannot be written; an old file is then untouched.
    """
    aside = path.parent / f".zhiji-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    try:
        yield aside
        aside.replace(path)
    except OSError as error:
        raise cannot_run("cannot-write", str(path), reason=error.strerror or str(error)) from None
    finally:
        with suppress(OSError):
            aside.unlink()


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file as a whole; text as UTF-8 with the line ends it has.

    Raises:
        CannotRunError: when it cannot be written; an old file is then untouched.
    """
    with in_one_step(path) as aside:
        aside.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
