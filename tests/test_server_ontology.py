"""The shipped ontology over HTTP: an index, a page for each module, and files that need no Accept header."""

import re
from urllib.parse import quote

import pytest
import rdflib
from test_pages import Page
from test_server_negotiation import FIREFOX, GRAPH_READERS
from test_server_protocol import ask, assert_readable

from zhiji_kg.documentation import documentation
from zhiji_kg.documentation.downloads import WHOLE, address_of, download
from zhiji_kg.resources import ONTOLOGY as FILES
from zhiji_kg.server.negotiation import GRAPHS
from zhiji_kg.server.ontology import address, described, ontology
from zhiji_kg.texts import LANGUAGES
from zhiji_kg.vocabulary import DATA, ONTOLOGY, page_of

MODULES = [module.name for module in documentation().modules]
VERSION = documentation().modules[0].version


def page_at(site, target, language="zh", status=200):
    answer, body = ask(site, "GET", target, {"Accept": FIREFOX, "Accept-Language": language})
    assert answer.status == status, body[:400]
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer, Page(body.decode("utf-8"))


# Pages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_a_page_with_all_its_terms(example_site, name, language):
    _, page = page_at(example_site, f"/module/{name}", language)
    module = documentation().module(name)
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert module.title(language) in page.text
    assert f"ontology/{module.file}" in page.text
    for term in module.terms:
        assert term.anchor in ids
        for words in (term.ref.label.zh, term.ref.label.en, term.definition(language)):
            assert " ".join(words.split()) in page.text, term.ref
        for axiom in term.axioms:
            assert " ".join(axiom.sentence.plain(language).split()) in page.text
    for form in GRAPHS:
        assert f"/module/{name}.{form.short}" in {a.get("href") for a in page.of("a")}


def test_every_link_within_the_documentation_leads_to_its_place(example_site):
    pages = {one: page_at(example_site, f"/module/{one}")[1] for one in MODULES}
    places = {
        one: {attributes["id"] for _, attributes in page.elements if "id" in attributes} for one, page in pages.items()
    }
    for one, page in pages.items():
        for link in {a.get("href", "") for a in page.of("a")}:
            found = re.fullmatch(r"(?:/module/([\w/-]+))?#(.+)", link)
            if found:
                assert found[2] in places[found[1] or one], link


def test_the_index_names_every_module_with_its_files(example_site):
    answer, page = page_at(example_site, "/ontology/")
    links = {a.get("href") for a in page.of("a")}
    for module in documentation().modules:
        assert f"/module/{module.name}" in links
        assert f"/module/{module.name}.jsonld" in links
        for _, number in module.counts():
            assert str(number) in page.text
    assert "/ontology.rdf" in links
    assert answer.headers["Vary"] == "Accept, Accept-Language, Cookie"


@pytest.mark.parametrize("target", ["/ontology/", "/module/core", "/ontology/Course"])
def test_a_page_says_which_version_it_is_about(example_site, target):
    _, page = page_at(example_site, target, "en")
    assert re.search(rf"ontology {VERSION}, as shipped with this software.* graph v\d", page.text, re.I)


@pytest.mark.parametrize(
    ("written", "place"),
    [("课程", "/module/core#Course"), ("Course", "/module/core#Course"), ("zj:Course", "/module/core#Course")],
)
def test_a_name_leads_straight_to_its_term(example_site, written, place):
    answer, _ = ask(example_site, "GET", f"/ontology/?q={quote(written)}", {"Accept": FIREFOX})
    assert (answer.status, answer.headers["Location"]) == (303, place)


def test_words_find_terms(example_site):
    _, page = page_at(example_site, "/ontology/?q=skill+level&lang=en", "en")
    assert re.search(r"“skill level”: \d+ terms found", page.text) or "term found" in page.text
    assert "/module/core#SkillLevel" in [a.get("href") for a in page.of("a")]
    _, page = page_at(example_site, "/ontology/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert(1)</script>" in page.text
    _, page = page_at(example_site, "/ontology/?q=" + "x" * 5000)
    assert "x" * 201 not in page.text


def test_the_pages_are_held(example_site):
    for target in ("/ontology/", "/module/stages"):
        answer, _ = ask(example_site, "GET", target, {"Accept": FIREFOX})
        held = {"Accept": FIREFOX, "If-None-Match": answer.headers["ETag"]}
        assert ask(example_site, "GET", target, held)[0].status == 304
        assert ask(example_site, "GET", target, held | {"Accept-Language": "en"})[0].status == 200


def test_one_file_of_shapes_is_explained_with_the_others(example_site):
    name = next(path.stem for path in sorted(FILES.glob("shapes/*.ttl")))
    _, page = page_at(example_site, f"/module/shapes/{name}")
    assert documentation().module("shapes").title.zh in page.text
    answer, body = ask(example_site, "GET", f"/module/shapes/{name}.ttl")
    assert (answer.status, body) == (200, (FILES / "shapes" / f"{name}.ttl").read_bytes())


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("/ontology/core", "/module/core"),
        ("/ontology/core.ttl", "/module/core.ttl"),
        ("/ontology/stages?lang=en", "/module/stages?lang=en"),
        ("/ontology/shapes", "/module/shapes"),
    ],
)
def test_a_module_that_is_sought_among_the_terms_is_found(example_site, target, place):
    for accept in (FIREFOX, "text/turtle"):
        answer, _ = ask(example_site, "GET", target, {"Accept": accept})
        assert (answer.status, answer.headers["Location"]) == (303, place)
        assert ask(example_site, "GET", place)[0].status == 200


# Files


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.short)
@pytest.mark.parametrize("name", [*MODULES, WHOLE])
def test_a_file_is_had_by_its_address_alone(example_site, name, form):
    answer, body = ask(example_site, "GET", address_of(name, form.short), {"Accept": "text/html"})
    assert answer.status == 200
    assert answer.headers.get_content_type() == form.media_type
    assert body == download(name, form.media_type)
    again, nothing = ask(example_site, "GET", address_of(name, form.short), {"If-None-Match": answer.headers["ETag"]})
    assert (again.status, nothing) == (304, b"")


@pytest.mark.parametrize("media_type", GRAPH_READERS)
@pytest.mark.parametrize(("target", "name"), [("/ontology/", WHOLE), ("/module/stages", "stages")])
def test_a_program_gets_the_form_that_it_asks_for(example_site, target, name, media_type):
    answer, body = ask(example_site, "GET", target, {"Accept": media_type})
    assert answer.headers.get_content_type() == media_type
    asked = next(form.media_type for form in GRAPHS if media_type in (form.media_type, *form.aliases))
    assert body == download(name, asked)
    assert len(rdflib.Graph().parse(data=body, format=GRAPH_READERS[media_type])) > 100


@pytest.mark.parametrize("target", ["/ontology/", "/module/core", f"/module/core/{VERSION}"])
def test_who_does_not_mind_gets_turtle(example_site, target):
    answer, body = ask(example_site, "GET", target, {"Accept": "*/*"})
    assert answer.headers.get_content_type() == "text/turtle"
    assert f"<https://w3id.org/zhiji/module/core/{VERSION}>".encode() in body
    assert ask(example_site, "GET", target, {"Accept": "text/csv"})[0].status == 406


def test_all_forms_are_linked_and_the_links_lead_there(example_site):
    for target in ("/ontology/", "/module/core", "/module/core.nt", "/ontology.ttl"):
        answer, _ = ask(example_site, "GET", target, {"Accept": FIREFOX})
        links = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', answer.headers["Link"])
        assert len(links) == len(GRAPHS)
        for there, media_type in links:
            assert ask(example_site, "GET", there)[0].headers.get_content_type() == media_type


NOTHING = [
    ("/ontology.docx", 400), ("/module/none", 404), ("/module/none.ttl", 404), ("/module/core/9.9.9", 404),
    ("/module/", 404), ("/module/../core", 404), ("/module/shapes/none", 404), ("/module/core.docx", 404),
]  # fmt: skip


@pytest.mark.parametrize(("target", "status"), NOTHING)
def test_what_there_is_not(example_site, target, status):
    answer, body = ask(example_site, "GET", target)
    assert answer.status == status
    assert_readable(answer, body, "")
    assert ask(example_site, "GET", target, {"Accept": FIREFOX})[0].status == status


def test_where_a_term_is_explained():
    course = described(ONTOLOGY + "Course")
    assert address(course.ref) == "/module/core#Course"
    assert described(DATA + "course/1") is None
    assert described(ONTOLOGY + "None") is None
    (core,) = [ref for module in documentation().modules for ref in module.imports if ref.module == "core"][:1]
    assert address(core) == page_of(core.iri) == "/module/core"
    assert address(next(ref for ref in described(ONTOLOGY + "SkillLevel").above if not ref.module)) == ""
    assert ontology.name == "ontology"
