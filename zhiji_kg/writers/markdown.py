"""A paper as Markdown (CommonMark with the tables of GitHub), for whoever keeps reports beside code.

Every text is escaped: no name out of a stranger's workbook becomes a heading, a link or HTML.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from .blocks import (
    Bars,
    Block,
    Cell,
    Contents,
    Cover,
    Facts,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Row,
    Signatures,
    Table,
    headings,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_LEADING = re.compile(r"^([-+=])")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_BREAKS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_SCHEME = re.compile(r"(?i)\b(https?|ftp|mailto):|\bwww\.|@")
_BAR = 40  # signs in a bar
_INSET = "&emsp;"


def markdown_text(paper: Paper) -> str:
    """A paper as the text of a Markdown file.

    Args:
        paper: what stands on it.

    Returns:
        The text, which ends in a line feed.
    """
    parts = [_DRAWN[type(block)](block, paper) for block in paper.blocks]
    foot = [f"---\n\n{escaped(paper.footer)}"] if paper.footer else []
    return "\n\n".join(part for part in [*parts, *foot] if part) + "\n"


def escaped(text: str) -> str:
    """A text that Markdown takes word by word, on one line: no mark, no link and no HTML comes of it."""
    flat = " ".join(_BREAKS.sub(" ", text).split())
    plain = _SCHEME.sub(_unlinked, _SPECIAL.sub(r"\\\1", flat))
    return _LEADING.sub(r"\\\1", _NUMBERED.sub(r"\1\\\2", plain))


def _unlinked(found: re.Match[str]) -> str:
    """An address without the sign by which GitHub would make a link of it."""
    written = found.group()
    return f"{written[:-1]}&#{ord(written[-1])};"


def _lines(text: str) -> str:
    return "<br>".join(escaped(line) for line in text.split("\n"))


def _cover(cover: Cover, _paper: Paper) -> str:
    facts = "\n".join(f"- **{escaped(name)}** {_lines(value)}" for name, value in cover.facts)
    subtitle = _lines(cover.subtitle)
    notice = f"> {_lines(cover.notice)}" if cover.notice else ""
    parts = (f"# {escaped(cover.kicker)}", f"**{escaped(cover.title)}**", subtitle, facts, notice)
    return "\n\n".join(part for part in parts if part)


def _contents(contents: Contents, paper: Paper) -> str:
    items = "\n".join(f"- {escaped(heading.text)}" for heading in headings(paper.blocks))
    return f"**{escaped(contents.title)}**\n\n{items}"


def _heading(heading: Heading, _paper: Paper) -> str:
    return f"{'#' * (heading.level + 1)} {escaped(heading.text)}"


def _paragraph(paragraph: Paragraph, _paper: Paper) -> str:
    label = f"**{escaped(paragraph.label)}** " if paragraph.label else ""
    said = label + _lines(paragraph.text)
    return {"lead": f"**{said}**" if not label else said, "note": f"> {said}"}.get(paragraph.look, said)


def _listing(listing: Listing, _paper: Paper) -> str:
    signs = (f"{number}." if listing.numbered else "-" for number in range(1, len(listing.items) + 1))
    return "\n".join(f"{sign} {_lines(item)}" for sign, item in zip(signs, listing.items, strict=True))


def _facts(facts: Facts, _paper: Paper) -> str:
    return "\n".join(f"- **{escaped(name)}** {_lines(value)}" for name, value in facts.rows)


def _table(table: Table, _paper: Paper) -> str:
    heads = [escaped(column.heading) for column in table.columns]
    sides = ["---:" if column.number else "---" for column in table.columns]
    lines = [_line(heads), _line(sides), *(_line(_cells(row, len(heads))) for row in table.rows)]
    caption = [f"**{escaped(table.caption)}**\n"] if table.caption else []
    return "\n".join([*caption, *lines])


def _cells(row: Row, width: int) -> list[str]:
    told = [_cell(cell, row) for cell in row.cells]
    return told + [""] * (width - len(told))


def _cell(cell: Cell, row: Row) -> str:
    text = _lines(cell.text)
    bold = text and (cell.strong or row.role)
    return _INSET * cell.inset + (f"**{text}**" if bold else text)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _bars(figure: Bars, _paper: Paper) -> str:
    signs = {tone: words.partition(" ")[0] for tone, words in figure.key}
    rows = []
    for bar in figure.bars:
        drawn = "".join(signs[part.tone] * count for part, count in zip(bar.parts, _counts(bar.parts), strict=True))
        rows.append(_line([escaped(bar.group), escaped(bar.name), drawn]))
    key = " · ".join(escaped(words) for _, words in figure.key)
    head = [f"**{escaped(figure.caption)}**", "", key, "", "|  |  |  |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _counts(parts: Iterable[Any]) -> list[int]:
    """How many signs each part of a bar has: they add up, and what is there is seen."""
    ends, reached = [], 0.0
    for part in parts:
        reached += part.length
        ends.append(round(reached * _BAR / 100))
    return [max(1, end - start) for start, end in zip([0, *ends], ends, strict=False)]


def _signatures(block: Signatures, _paper: Paper) -> str:
    choices = "　".join(f"☐ {escaped(choice)}" for choice in block.choices)
    lines = [f"- {escaped(signer)}: ＿＿＿＿＿＿　{escaped(block.date)}: ＿＿＿＿＿＿" for signer in block.signers]
    return "\n".join([f"**{escaped(block.question)}** {choices}", "", f"**{escaped(block.remarks)}**", "", *lines])


_DRAWN: dict[type[Block], Callable[[Any, Paper], str]] = {
    Cover: _cover,
    Contents: _contents,
    Heading: _heading,
    Paragraph: _paragraph,
    Listing: _listing,
    Facts: _facts,
    Table: _table,
    Bars: _bars,
    Signatures: _signatures,
}
