"""``python -m docs.turtle``: every file under ``ontology/`` in its canonical form (``--check``: only look)."""

import sys

from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.writers.turtle import canonical_turtle, format_files


def main(arguments: list[str]) -> int:
    """Write the files that are not canonical, or name them; the exit status."""
    files = sorted(ONTOLOGY.glob("*.ttl"))
    if "--check" in arguments:
        wrong = [path for path in files if path.read_text(encoding="utf-8") != canonical_turtle(path)]
    else:
        wrong = format_files(files)
    for path in wrong:
        print(path.name)
    return 1 if wrong and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
