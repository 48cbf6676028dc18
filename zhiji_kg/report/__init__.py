"""Reports: one gap analysis as a terminal text, one-file HTML, xlsx, docx, Markdown and JSON."""
