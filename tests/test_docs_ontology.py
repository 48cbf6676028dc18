"""docs/ontology: what is committed is what the ontology gives; links lead somewhere; every term stands there."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs import ontology as written
from zhiji_kg.documentation import documentation
from zhiji_kg.documentation.reading import document
from zhiji_kg.texts import LANGUAGES
from zhiji_kg.vocabulary import ONTOLOGY

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "ontology"
PAGES = written.pages(documentation())
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")


def test_what_is_committed_is_what_the_ontology_gives(capsys):
    assert written.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_module_has_a_page_and_each_term_a_place_on_it(language):
    for module in documentation().modules:
        page = PAGES[written.page_name(module.name, language)]
        for term in module.terms:
            assert page.count(f'<a id="{term.anchor}"></a>') == 1
            assert f"`{term.ref.name}`" in page
            assert f"({term.ref.iri})" in page or f"<{term.ref.iri}>" in page
            for label in (term.ref.label.zh, term.ref.label.en):
                assert written.plain(label) in page


def test_every_local_name_stands_in_both_languages():
    """What check 30 of ontocheck asks of the documentation."""
    for language in LANGUAGES:
        text = "".join(page for name, page in PAGES.items() if name.endswith(f".{language}.md"))
        names = [term.ref.iri for term in documentation().terms() if term.ref.iri.startswith(ONTOLOGY)]
        assert len(names) > 200
        assert not [iri for iri in names if iri.rpartition("/")[2] not in text]


def anchors_of(page):
    return set(re.findall(r'<a id="([^"]+)"></a>', page))


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith(".md")])
def test_links_lead_somewhere(name):
    found = [target for target in LINK.findall(PAGES[name]) if "://" not in target]
    assert found
    for target in set(found):
        file, _, anchor = target.partition("#")
        if file.startswith("../../"):
            assert (FOLDER / file).exists(), target
        elif not anchor:
            assert file in PAGES or file in written.BY_HAND_OR_OTHERS, target
        else:
            assert anchor in anchors_of(PAGES[file or name]), target


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith(".svg")])
def test_pictures_are_whole_and_shown(name):
    root = ElementTree.fromstring(PAGES[name])
    assert root.attrib["viewBox"].startswith("0 0 ")
    page = PAGES[name.removesuffix(".svg") + ".md"]
    assert f"]({name})" in page


def test_a_page_says_what_a_reader_wants_to_know():
    page = PAGES["stages.zh.md"]
    for words in ("版本", "许可", "引用格式", "/module/stages.ttl", "English", "准工匠", "“预备技师”"):
        assert words in page, words
    assert "CQ-" in PAGES["core.en.md"]
    assert "(stated in dl)" in PAGES["core.en.md"]
    assert "../../queries/ask/" in PAGES["core.zh.md"]


def test_words_are_shown_as_they_stand():
    assert written.plain("a_b *c* [d] <e> | `f`\n g") == "a\\_b \\*c\\* \\[d\\] \\<e\\> \\| \\`f\\` g"
    assert written.plain(" 或 ") == " 或 "


def test_what_is_wrong_is_named_and_mended(tmp_path, monkeypatch, capsys):
    here = Path(__file__).resolve().parent / "documentation"
    small = document(here / "ontology", here / "queries")
    monkeypatch.setattr(written, "FOLDER", tmp_path / "ontology")
    monkeypatch.setattr(written, "documentation", lambda: small)
    assert written.main(["--check"]) == 1
    assert written.main([]) == 0
    assert written.main(["--check"]) == 0
    (tmp_path / "ontology" / "gone.zh.md").write_text("old", encoding="utf-8")
    (tmp_path / "ontology" / "changes.md").write_text("of others", encoding="utf-8")
    (tmp_path / "ontology" / "core.zh.md").write_text("changed", encoding="utf-8")
    capsys.readouterr()
    assert written.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "gone.zh.md" in said
    assert "core.zh.md" in said
    assert "changes.md" not in said
    assert written.main([]) == 0
    assert sorted(path.name for path in (tmp_path / "ontology").glob("*.md")) == sorted(
        ["changes.md", *(name for name in written.pages(small) if name.endswith(".md"))]
    )
    page = (tmp_path / "ontology" / "core.en.md").read_text(encoding="utf-8")
    assert "**deprecated** Use instead [Circle](#Circle)" in page
    assert "close [Course](https://schema.org/Course) · confidence 0.8 · Both mean a course." in page
    assert "[Shape of a course](shapes.en.md#Course)" in page
    assert "give the credits" in (tmp_path / "ontology" / "shapes.en.md").read_text(encoding="utf-8")
    assert "| [课程](core.zh.md#Course) | Course | 2 |" in (tmp_path / "ontology" / "place.zh.md").read_text("utf-8")
