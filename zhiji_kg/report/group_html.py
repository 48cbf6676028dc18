"""The report over many programmes as one HTML file: the paper's own blocks, drawn for a screen."""

from ..analysis.group import GroupAnalysis
from ..texts import Language
from ..writers.blocks import Block, Paper
from .group_paper import group_paper
from .html import drawn


def group_html(group: GroupAnalysis, language: Language) -> str:
    """The report over many programmes as the text of one HTML file, which asks for nothing outside itself.

    Args:
        group: what was found.
        language: of all words.
    """
    return paper_html(group_paper(group, language))


def paper_html(paper: Paper) -> str:
    """A paper as one HTML file.

    Args:
        paper: what stands on it; every text of it is escaped.
    """
    blocks = [(f"b{number}", kind_of(block), block) for number, block in enumerate(paper.blocks)]
    return drawn("report.group.html.j2", paper.language, paper=paper, blocks=blocks)


def kind_of(block: Block) -> str:
    """The name by which the template draws a block."""
    return type(block).__name__.lower()
