"""Texts of ``tests/abuse/*.toml``: a part that is a pair ``[words, times]`` is repeated, with ``{n}`` counted up."""

import tomllib
from pathlib import Path


def cases(name):
    return tomllib.loads((Path(__file__).parent / "abuse" / f"{name}.toml").read_text(encoding="utf-8"))


def text_of(parts, listener=""):
    if isinstance(parts, str):
        return parts
    return "".join(part if isinstance(part, str) else _repeated(*part) for part in parts).replace(
        "{listener}", listener
    )


def _repeated(words, times):
    if "{n" not in words:
        return words * times
    return "".join(words.replace("{n}", str(n)).replace("{n+1}", str(n + 1)) for n in range(times))
