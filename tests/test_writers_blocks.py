"""A paper in blocks, before it is drawn."""

from typing import get_args

from papers import paper_of

from zhiji_kg.writers import docx, markdown
from zhiji_kg.writers.blocks import Block, Cell, Heading, Row, group_row, headings, row


def test_a_row_of_texts_and_cells():
    made = row("甲", Cell("乙", tone="partial"), role="total")
    assert made == Row((Cell("甲"), Cell("乙", "partial")), "total")
    assert group_row("组") == Row((Cell("组", strong=True),), "group")


def test_headings_of_a_level_in_order():
    blocks = paper_of().blocks
    assert [heading.text for heading in headings(blocks)] == ["一、结论", "二、签字"]
    assert headings(blocks, 2) == [Heading("细节", 2)]


def test_both_writers_draw_every_kind_of_block():
    kinds = set(get_args(Block))
    assert set(docx._DRAWN) == set(markdown._DRAWN) == kinds
    assert {type(block) for block in paper_of().blocks} == kinds, "the paper of the tests holds each"
