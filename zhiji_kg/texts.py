"""What we say to people, in zh and en, read from the shipped text files.

A text is a pair of templates. Values are put in with ``str.format``; a value that is
itself a pair is put in in the same language.
"""

import locale
import os
import sys
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from .resources import LAYOUTS, WEB

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
LIST_MARK: dict[Language, str] = {"zh": "、", "en": ", "}
"""What parts the items of a list in a sentence."""


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in both languages."""

    zh: str
    en: str

    def __call__(self, language: Language, /, **values: object) -> str:
        """The text in a language, with its values put in; without values it is taken as it stands.

        So a name out of somebody's data may hold braces.

        Raises:
            KeyError: when the template names a value that was not given.
        """
        template = self.zh if language == "zh" else self.en
        if not values:
            return template
        return template.format(**{key: _spoken(value, language) for key, value in values.items()})


def _spoken(value: object, language: Language) -> object:
    if isinstance(value, Text):
        return value(language)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


NOTHING = Text("", "")
"""No text: where an entity has no name, or a column no explanation."""


def folded(written: str) -> str:
    """A heading or name as it is compared: full-width forms folded, without spaces, stars and case."""
    plain = unicodedata.normalize("NFKC", written).casefold()
    return "".join(plain.split()).strip("*").replace("（", "(").replace("）", ")")


def text_of(pair: Mapping[str, str]) -> Text:
    """A text from a table ``{zh = …, en = …}`` of a TOML file."""
    return Text(zh=pair["zh"], en=pair["en"])


@cache
def _tables(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def problem_text(code: str) -> tuple[Text, Text]:
    """What is wrong and what to do, for a problem code of ``layouts/problems.toml``."""
    entry = _tables(LAYOUTS / "problems.toml")[code]
    return text_of(entry["wrong"]), text_of(entry["do"])


def say(key: str) -> Text:
    """A text of ``web/texts`` by its key: ``report.title`` is ``title`` in ``report.toml``.

    Raises:
        KeyError: when no such text stands in the file.
    """
    room, *path = key.split(".")
    table: Any = _tables(WEB / "texts" / f"{room}.toml")
    for part in path:
        table = table[part]
    return text_of(table)


def preferred_language() -> Language:
    """The reader's language: ``ZHIJI_LANG``, else the locale; zh for a Chinese one, en otherwise."""
    for variable in ("ZHIJI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    if sys.platform == "win32":
        return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
    return "en"
