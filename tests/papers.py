"""A paper with every kind of block, for the tests of what draws papers."""

from zhiji_kg.writers.blocks import (
    Bar,
    Bars,
    Cell,
    Column,
    Contents,
    Cover,
    Facts,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Signatures,
    Stretch,
    Table,
    group_row,
    row,
)


def table_of(texts):
    """A table with one text a row, in each of its cells."""
    rows = [row(text, Cell(text, strong=True), Cell(text, tone="partial")) for text in texts]
    return Table("表", (Column("甲", 2), Column("乙", 1, True), Column("丙")), (group_row("一组"), *rows))


def paper_of(*blocks, language="zh"):
    """A paper of these blocks; of every kind of block where none is given."""
    kinds = (
        Cover("报告", "数控技术", "460103", (("学校", "甲校"),), "示例\n不是结论"),
        Contents("目录"),
        Heading("一、结论"),
        Paragraph("没有缺口。", "lead"),
        Paragraph("只是示例。", "note"),
        Paragraph("补一门课。", label="怎么办"),
        Listing(("甲", "乙")),
        Listing(("先", "后"), numbered=True),
        Facts((("已覆盖", "有课程"), ("无匹配", "没有课程"))),
        table_of(["一", "二"]),
        Bars(
            "四种状态",
            (("covered", "● 已覆盖"), ("partial", "◐ 部分"), ("no-match", "○ 无匹配")),
            (
                Bar("证书甲", "条数", (Stretch("covered", "● 9", 90), Stretch("partial", "◐ 1", 9.7),
                                  Stretch("no-match", "○ 0.03", 0.3))),
                Bar("证书甲", "权重", (Stretch("covered", "● 100", 100),)),
            ),
        ),
        Heading("二、签字", new_page=True),
        Heading("细节", 2),
        Signatures("结论", ("同意", "不同意"), "意见", ("主任", "委员"), "日期"),
    )  # fmt: skip
    return Paper("报告 · 数控技术", language, blocks or kinds, "页眉", "v1", "第 {page} 页，共 {pages} 页")
