"""What differs between two rows of a sheet, as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..texts import Language, Text


@dataclass(frozen=True, slots=True)
class Change:
    """One thing said on both sides in different ways; an empty text where a side says nothing."""

    of: Text
    before: str
    after: str

    def told(self, language: Language) -> str:
        """In a few words: ``学期 3 → 4``."""
        return f"{self.of(language)} {self.before or '–'} → {self.after or '–'}"

    def plain(self) -> dict[str, str]:
        """As plain data."""
        return {"of": self.of.en, "before": self.before, "after": self.after}


def changed(of: Iterable[tuple[Text, str, str]]) -> tuple[Change, ...]:
    """The changes among named pairs of values: those whose sides differ.

    Args:
        of: the name of what is said, and what each side says.
    """
    return tuple(Change(name, before, after) for name, before, after in of if before != after)
