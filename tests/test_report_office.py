"""The Word report in an office program that is not ours: it opens, keeps every word, and prints."""

import os
import re
import shutil
import subprocess

import pytest

from zhiji_kg.analysis import analyse, find_programme
from zhiji_kg.report.files import report_content
from zhiji_kg.report.summary import headline

pytestmark = pytest.mark.office
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def printed(example_store, tmp_path_factory):
    """The analysis, and the text of each page of its report in zh and en, as LibreOffice prints it."""
    if not os.environ.get("CI") and (OFFICE is None or shutil.which("pdftotext") is None):
        pytest.skip("no LibreOffice or no pdftotext on this machine")
    folder = tmp_path_factory.mktemp("office")
    analysis = analyse(example_store, find_programme(example_store, "460103"))
    for language in ("zh", "en"):
        (folder / f"{language}.docx").write_bytes(report_content(analysis, "docx", language))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
    subprocess.run([*command, folder / "zh.docx", folder / "en.docx"], check=True, capture_output=True, timeout=240)
    return analysis, {language: _pages(folder / f"{language}.pdf") for language in ("zh", "en")}


def _pages(path):
    made = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True)
    return made.stdout.decode("utf-8").split("\f")[:-1]


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_title_page_and_the_conclusion(printed, language):
    analysis, pages = printed
    assert squeezed(analysis.programme.thing.name(language)) in squeezed(pages[language][0])
    assert ("示例，不是结论" if language == "zh" else "An example, not a finding") in pages[language][0]
    assert squeezed(headline(analysis)(language)) in squeezed(pages[language][1])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_are_counted_and_none_is_empty(printed, language):
    pages = printed[1][language]
    for number, page in enumerate(pages[1:], 2):
        foot = f"第 {number} 页，共 {len(pages)} 页" if language == "zh" else f"Page {number} of {len(pages)}"
        assert squeezed(foot) in squeezed(page)
        assert len(squeezed(page)) > 150, f"page {number}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_and_every_subject_is_printed(printed, language):
    analysis, pages = printed
    text = squeezed("".join(pages[language]))
    assert {finding.code for finding in analysis.findings} <= set(re.findall(r"ZJ-[A-Z]\d\d", text))
    assert not {f.subject.code for f in analysis.findings if f.subject.code and squeezed(f.subject.code) not in text}


def test_headings_of_a_table_are_repeated_on_its_pages(printed):
    pages = [page for page in printed[1]["zh"] if "example-" in page and "!" in page]
    assert len(pages) > 5, "the appendix"
    assert all("证据" in page for page in pages)
