"""``python -m docs.turtle``: every file under ``ontology/`` in its canonical form (``--check``: only look)."""

import sys
from collections.abc import Callable
from pathlib import Path

from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.writers.trig import canonical_trig
from zhiji_kg.writers.turtle import canonical_turtle

_WRITERS: dict[str, Callable[[Path], str]] = {".ttl": canonical_turtle, ".trig": canonical_trig}


def main(arguments: list[str]) -> int:
    """Write the files that are not canonical, or name them; the exit status."""
    check = "--check" in arguments
    wrong = []
    for path in sorted(path for path in ONTOLOGY.rglob("*") if path.suffix in _WRITERS):
        canonical = _WRITERS[path.suffix](path)
        if path.read_text(encoding="utf-8") != canonical:
            wrong.append(path)
            if not check:
                path.write_text(canonical, encoding="utf-8")
    for path in wrong:
        print(path.relative_to(ONTOLOGY).as_posix())
    return 1 if wrong and check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
