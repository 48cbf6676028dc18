"""The report over many programmes as a file: which format is written by which room."""

from collections.abc import Callable
from pathlib import Path

from ..analysis.group import GroupAnalysis
from ..errors import unreadable
from ..texts import Language
from ..writers.files import write_whole
from .group import group_json


def write_group_report(group: GroupAnalysis, form: str, path: Path, language: Language) -> None:
    """Write a report over many programmes.

    Args:
        group: what was found.
        form: ``html``, ``xlsx``, ``docx``, ``md`` or ``json``.
        path: the file; it is replaced in one step.
        language: of the texts; JSON holds both.

    Raises:
        UnreadableError: when the format is unknown.
        CannotRunError: when the file cannot be written.
    """
    if form not in _FORMS:
        raise unreadable("unknown-format", str(path), form=form, known="、".join(_FORMS))
    write_whole(path, group_content(group, form, language))


def group_content(group: GroupAnalysis, form: str, language: Language) -> bytes:
    """A report over many programmes as the bytes of its file.

    Args:
        group: what was found.
        form: ``html``, ``xlsx``, ``docx``, ``md`` or ``json``.
        language: of the texts; JSON holds both.

    Raises:
        KeyError: when the format is unknown.
    """
    return _FORMS[form](group, language)


def _html(group: GroupAnalysis, language: Language) -> bytes:
    from .group_html import group_html  # jinja2 is slow to import

    return group_html(group, language).encode("utf-8", "replace")


def _xlsx(group: GroupAnalysis, language: Language) -> bytes:
    from .group_xlsx import group_book  # xlsxwriter is slow to import

    return group_book(group, language)


def _docx(group: GroupAnalysis, language: Language) -> bytes:
    from ..writers.docx import docx_bytes  # python-docx is slow to import
    from .group_paper import group_paper

    return docx_bytes(group_paper(group, language))


def _markdown(group: GroupAnalysis, language: Language) -> bytes:
    from ..writers.markdown import markdown_text
    from .group_paper import group_paper

    return markdown_text(group_paper(group, language)).encode("utf-8", "replace")


def _json(group: GroupAnalysis, _language: Language) -> bytes:
    return group_json(group).encode("utf-8", "replace")


_FORMS: dict[str, Callable[[GroupAnalysis, Language], bytes]] = {
    "html": _html,
    "xlsx": _xlsx,
    "docx": _docx,
    "md": _markdown,
    "json": _json,
}
