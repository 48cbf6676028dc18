"""Texts out of a stranger's workbook that want to be more than texts."""

HOSTILE = (
    "=1+1", "+HYPERLINK(1)", "-cmd|'/c calc'!A0", "@SUM(A1)", "\t=1+1", "=HYPERLINK(\"http://e/x\",\"点我\")",
    "http://example.invalid/x", "<script>alert(1)</script>", "[点我](http://example.invalid)", "![图](http://e/x.png)",
    "# 标题", "1. 一", "2) 二", "- 项", "> 引", "| a | b |", "**粗**", "`码`", "www.example.invalid", "a@b.example",
    "&lt;b&gt;", "a_b_c", "~~x~~", "$x$", "{0}", "{{ x }}", "行一\n行二", "\x00\x0b\ufffe",
    "---", "===", "\\", "  空  格  ", "${jndi}", "{ HYPERLINK \"http://e\" }",
)  # fmt: skip
