"""Markdown: every text comes back word by word, and none of it is a mark, a link or HTML."""

import html

import pytest
from hostile import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from papers import paper_of, table_of

from zhiji_kg.writers.blocks import Heading, Paragraph
from zhiji_kg.writers.markdown import escaped, markdown_text

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def inline(text):
    return [token for token in READER.parse(text) if token.type == "inline"]


def read(text):
    """What a reader of Markdown sees, and the kinds of marks that stand in it."""
    kinds = {token.type for token in READER.parse(text)}
    seen = []
    for token in inline(text):
        kinds |= {child.type for child in token.children}
        seen.append("".join(child.content if child.type == "text" else "\n" for child in token.children
                            if child.type in ("text", "text_special", "html_inline", "softbreak")))  # fmt: skip
    return seen, kinds


def flat(text):
    return " ".join("".join(" " if (ord(c) < 32 and c != "\n") or c == "\n" else c for c in text).split())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_paragraph_is_its_words(text):
    tokens = READER.parse(escaped(text))
    assert [token.type for token in tokens] in (["paragraph_open", "inline", "paragraph_close"], [])
    children = [child for token in tokens if token.type == "inline" for child in token.children]
    assert {child.type for child in children} <= {"text", "text_special"}


@settings(max_examples=150)
@given(st.text(st.sampled_from("a1 _*`<>[]()!#|\\~$&-+=.)\"'@:/\n：中“”"), max_size=25))
def test_any_text_comes_back(text):
    shown = READER.renderInline(escaped(text))
    assert "<" not in shown, "no element comes of it"
    assert html.unescape(shown) == flat(text)


def test_a_table_holds_its_cells():
    texts = [text for text in HOSTILE if "\n" not in text and "\x00" not in text]
    rows = markdown_text(paper_of(table_of(texts)))
    tokens = READER.parse(rows)
    assert sum(token.type == "tr_open" for token in tokens) == len(texts) + 2
    assert sum(token.type == "td_open" for token in tokens) == 3 * (len(texts) + 1)
    assert not {t for t in read(rows)[1] if t in ("link_open", "image", "html_block", "code_inline", "s_open")}


def test_every_block_is_there():
    text = markdown_text(paper_of())
    kinds = {token.type for token in READER.parse(text)}
    assert {"heading_open", "table_open", "bullet_list_open", "ordered_list_open", "blockquote_open"} <= kinds
    for words in ("数控技术", "没有缺口。", "补一门课。", "有课程", "证书甲", "☐ 不同意", "委员", "v1"):
        assert words in text
    assert text.endswith("v1\n")


def test_a_bar_is_forty_signs_and_shows_the_smallest_part():
    lines = [line for line in markdown_text(paper_of()).splitlines() if "●●" in line]
    assert len(lines) == 2
    assert lines[0].count("●") + lines[0].count("◐") in (39, 40)
    assert lines[0].count("○") == 1
    assert lines[1].count("●") == 40


def test_headings_stand_in_their_levels():
    text = markdown_text(paper_of(Heading("甲"), Heading("乙", 2), Heading("丙", 3), Paragraph("丁")))
    tags = [token.tag for token in READER.parse(text) if token.type == "heading_open"]
    assert tags == ["h2", "h3", "h4"]
