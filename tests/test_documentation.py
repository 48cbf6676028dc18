"""The ontology explained: axioms in words, modules with their terms, pictures, and files to take home.

``tests/documentation/`` holds a small ontology with every kind of axiom, and what each says in zh and en.
"""

import csv
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph
import pytest
import rdflib
from conftest import environment

from zhiji_kg.documentation import diagram, documentation, downloads, facts, phrases
from zhiji_kg.documentation.axioms import Axioms
from zhiji_kg.documentation.matches import RELATIONS, matches_of
from zhiji_kg.documentation.model import KINDS, MODULE_KINDS, Documentation, Piece, Ref, Said, Sentence
from zhiji_kg.documentation.reading import document, module_files, read_file
from zhiji_kg.rdf import Iri, read_as_written
from zhiji_kg.resources import ONTOLOGY as FILES
from zhiji_kg.resources import QUERIES
from zhiji_kg.texts import LANGUAGES, Text, say
from zhiji_kg.vocabulary import ONTOLOGY, curie, zj

HERE = Path(__file__).resolve().parent / "documentation"
MEDIA_TYPES = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}
SVG = "{http://www.w3.org/2000/svg}"
TEXT_ROOM = Path(__file__).resolve().parent.parent / "web" / "texts" / "ontology.toml"


@pytest.fixture(scope="module")
def small():
    return document(HERE / "ontology", HERE / "queries")


@pytest.fixture(scope="module")
def core(small):
    return small.module("core")


def term_of(small, name):
    return small.term(ONTOLOGY + name)


# Axioms in words


def cases():
    found = defaultdict(list)
    for row in csv.DictReader((HERE / "words.csv").open(encoding="utf-8")):
        found[row["term"]].append((row["module"], row["zh"], row["en"]))
    return found


CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_what_the_axioms_of_a_term_say(small, name):
    said = [(one.module, one.sentence.plain("zh"), one.sentence.plain("en")) for one in term_of(small, name).axioms]
    assert said == CASES[name]


def test_no_term_of_the_small_ontology_is_left_out(small):
    with_axioms = {term.ref.name.removeprefix("zj:") for term in small.terms() if term.axioms}
    assert with_axioms == set(CASES)


def test_every_pattern_of_words_stands_in_a_case():
    room = tomllib.loads(TEXT_ROOM.read_text(encoding="utf-8"))
    told = "\n".join(zh for rows in CASES.values() for _, zh, _ in rows)
    unmet = {
        f"{table}.{key}"
        for table in ("phrase", "axiom")
        for key, pair in room[table].items()
        if not re.search(".+?".join(map(re.escape, re.split(r"\{\w+\}", pair["zh"]))), told)
    }
    assert unmet == set()


def test_a_name_in_a_sentence_is_a_link(small):
    (sentence,) = [one.sentence for one in term_of(small, "Unit").axioms if "课程" in one.sentence.plain("zh")]
    linked = [piece.ref.name for piece in sentence.of("en") if piece.ref]
    assert linked == ["zj:Unit", "zj:Course"]
    assert [piece.ref.anchor for piece in sentence.zh if piece.ref] == ["Unit", "Course"]


def test_the_words_of_the_shipped_ontology_are_whole():
    known = documentation()
    for term in known.terms():
        for axiom in term.axioms:
            for language in LANGUAGES:
                said = axiom.sentence.plain(language)
                assert said.endswith(("。", ".")), said
                assert "{" not in said
                assert say("ontology.phrase.unread")(language) not in said, (term.ref.name, said)
                assert "  " not in said.strip(), said


STAGES = {
    "JuniorApprentice": ("中职学历", "五级/初级工"),
    "IntermediateApprentice": ("高职一年级学业", "四级/中级工"),
    "SeniorApprentice": ("高职二年级学业", "三级/高级工"),
    "QuasiCraftsman": ("高职学历", "预备技师"),
}


@pytest.mark.parametrize("name", STAGES)
def test_a_defined_class_is_told_by_what_it_takes(name):
    attainment, level = STAGES[name]
    said = [one.sentence.plain("zh") for one in documentation().term(ONTOLOGY + name).axioms]
    assert any(f"“{attainment}”且" in line and f"“{level}”的学习者" in line for line in said), said


ARTICLES = [("Course", "a course"), ("Exam", "an exam"), ("Unit", "a unit"), ("Umbrella", "an umbrella")]


@pytest.mark.parametrize(("label", "said"), ARTICLES)
def test_a_or_an(label, said):
    names = facts.Names(facts.Facts([]), {})
    names._known[ONTOLOGY + label] = Ref(ONTOLOGY + label, f"zj:{label}", Text(label, label))
    assert phrases.Phrases(names).a_kind(zj(label)).plain("en") == said


def test_phrases_are_put_into_their_places():
    one = Sentence((Piece("甲"),), (Piece("A"),))
    assert phrases.put(Text("{b}和{a}", "{a} and {b}"), a=one, b=one).plain("en") == "A and A"
    assert phrases.listed([one, one, one], Text("或", " or ")).plain("zh") == "甲、甲或甲"
    assert phrases.listed([one], Text("或", " or ")).plain("en") == "A"
    with pytest.raises(KeyError):
        phrases.put(Text("{a}", "{a}"), b=one)


# Modules and terms


def test_the_modules_of_a_folder(small):
    assert [(one.name, one.kind, one.file) for one in small.modules] == [
        ("core", "ontology", "core.ttl"),
        ("alignment", "ontology", "mapping.ttl"),  # a header says the name, not the file
        ("dl/limits", "dl", "dl/limits.ttl"),
        ("shapes", "shapes", "shapes/*.ttl"),
        ("place", "data", "place.trig"),
    ]
    assert {one.kind for one in small.modules} == set(MODULE_KINDS)
    assert small.module("none") is None


def test_the_header_of_a_module(core):
    assert (core.title.zh, core.version, core.modified) == ("小本体", "0.9.0", "2026-01-02")
    assert core.version_iri == "https://w3id.org/zhiji/module/core/0.9.0"
    assert Said("先有的。", "zh") in core.history


def test_terms_stand_by_kind_and_values_in_their_scheme(core):
    assert [kind for kind, _ in core.counts()] == list(KINDS)
    assert dict(core.counts()) == {
        "class": 12, "object-property": 5, "datatype-property": 1, "annotation-property": 1, "scheme": 1,
        "individual": 1,
    }  # fmt: skip
    (scheme,) = core.of_kind("scheme")
    assert [(one.notation, one.ref.label.zh) for one in scheme.scheme] == [("2", "甲等"), ("10", "乙等")]
    assert scheme.anchor == "scheme-mark"


def test_what_is_said_of_a_term(small):
    course = term_of(small, "Course")
    assert [one.words for one in course.alternatives] == ["科目"]
    assert {one.language for one in course.examples} == {"zh", "en"}
    assert [ref.name for ref in course.below] == ["zj:Unit"]
    assert [ref.name for ref in course.uses] == ["zj:besides", "zj:near", "zj:partOf"]
    assert [ref.label.zh for ref in course.shapes] == ["课程的形状"]
    assert [ref.name for ref in term_of(small, "Unit").above] == ["skos:Concept", "zj:Course"]
    assert term_of(small, "Square").deprecated
    assert [ref.name for ref in term_of(small, "Square").successors] == ["zj:Circle"]
    assert not course.deprecated
    assert small.term(ONTOLOGY + "None") is None


def test_the_questions_that_use_a_term(small):
    uses = term_of(small, "Course").questions
    assert [(use.name, use.competency_question, use.folder) for use in uses] == [
        ("units-of-a-course", "CQ-12", "ask"),
        ("all-courses", "", "ask"),
    ]
    assert uses[0].summary == Text("一门课程的单元", "The units of a course")
    assert uses[1].summary == Text("all-courses", "all-courses")
    assert [use.folder for use in term_of(small, "hasPart").questions] == ["infer"]
    assert term_of(small, "Mark").questions == ()


def test_axioms_about_the_terms_of_others_stand_where_they_are_stated(small):
    ((ref, axioms),) = small.module("dl/limits").about
    assert (ref.name, ref.module, len(axioms)) == ("zj:Course", "core", 1)
    assert [one.module for one in term_of(small, "Course").axioms] == ["core", "dl/limits"]
    assert small.module("core").about == ()


def test_groups_that_exclude_each_other(core):
    assert [(kind, len(members)) for kind, members in core.groups] == [
        ("classes", 8),
        ("classes", 2),
        ("individuals", 2),
    ]


def test_shapes_and_data(small):
    (shape,) = small.module("shapes").shapes
    assert [ref.name for ref in shape.targets] == ["zj:Course"]
    assert [ref.name for ref in shape.paths] == ["zj:credits"]
    assert {one.words for one in shape.messages} == {"写学分", "give the credits"}
    place = small.module("place")
    assert (place.title.en, place.iri) == ("The text", "https://w3id.org/zhiji/id/source/text")
    assert [(tally.of.name, tally.number) for tally in place.tallies] == [("zj:Course", 2), ("zj:SourceDocument", 1)]


def test_alignments(small):
    close, broad = term_of(small, "Course").matches
    assert (close.relation, close.name, close.label.en, close.confidence) == (
        "closeMatch",
        "schema:Course",
        "Course",
        "0.8",
    )
    assert close.justification == "ManualMappingCuration"
    assert Said("都指一门课。", "zh") in close.comments
    assert (broad.relation, broad.confidence, broad.comments) == ("broadMatch", "", ())
    assert [one.relation for one in term_of(small, "Unit").matches] == ["exactMatch"]
    aligned = dict(small.module("alignment").matches)
    assert {ref.name for ref in aligned} == {"zj:Course", "zj:Unit"}
    assert set(RELATIONS) == {name for name in RELATIONS if say(f"ontology.relation.{name}")}
    assert matches_of(facts.Facts([])) == {}


SEARCHES = [
    ("课程", "Course"), ("Course", "Course"), ("zj:Course", "Course"), ("科目", "Course"), ("who learns", "Learner"),
    ("is part", "partOf"), ("CREDITS", "credits"), ("甲等", "A"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "label"), SEARCHES)
def test_a_term_is_found(small, written, label):
    first = small.find(written)[0]
    assert label in (first.ref.name.removeprefix("zj:"), first.ref.label.en)


def test_what_is_not_there_is_not_found(small):
    assert small.find("") == small.find("  ") == small.find("没有这样的词") == ()
    assert Documentation(()).find("课程") == ()


def test_everything_of_ours_that_is_shipped_is_explained():
    known = documentation()
    subjects = {
        triple.subject.value
        for path in FILES.glob("*.ttl")
        for triple in read_as_written(path, "x")
        if isinstance(triple.subject, Iri) and triple.subject.value.startswith(ONTOLOGY)
    }
    explained = {term.ref.iri for term in known.terms()}
    assert not subjects - explained
    for term in known.terms():
        assert term.ref.label.zh, term.ref
        assert term.ref.label.en, term.ref
    for module in known.modules:
        anchors = [one.anchor for term in module.terms for one in (term, *term.scheme)]
        assert len(anchors) == len(set(anchors))
        assert all(re.fullmatch(r"[\w.-]+", anchor) for anchor in anchors)


def test_the_questions_of_the_package_are_linked_to_terms():
    asked = {use.name for term in documentation().terms() for use in term.questions}
    named = {path.stem for path in QUERIES.glob("*/*.rq") if re.search(r"\bzj:[A-Za-z]", path.read_text("utf-8"))}
    assert len(asked) > 20
    assert asked <= named


def test_facts_are_looked_up(core):
    path = HERE / "ontology" / "core.ttl"
    file, triples = read_file(path, HERE / "ontology")
    assert (file.name, file.kind, file.facts.number) == ("core", "ontology", len(triples))
    assert file.facts.pair(zj("OnlyEnglish"), curie("rdfs:label")) == Text("", "Only English")
    assert file.facts.text(zj("Course"), curie("rdfs:seeAlso")) == ""
    assert file.facts.of_type(curie("owl:Nothing")) == file.facts.items(None) == file.facts.all(zj("None")) == []
    axioms = Axioms(file.facts, facts.Names(file.facts, {}))
    assert list(axioms.of(zj("None"))) == []
    assert [path.name for path in module_files(HERE / "ontology")][:2] == ["core.ttl", "mapping.ttl"]
    assert core.triples == file.facts.number


NAMES = [
    ("https://w3id.org/zhiji/ontology/Course", "zj:Course", "Course"),
    ("https://w3id.org/zhiji/id/skill-level/5", "zjd:skill-level/5", "skill-level-5"),
    ("https://schema.org/Course", "schema:Course", "Course"),
    ("http://purl.org/linked-data/cube#Observation", "qb:Observation", "cube-Observation"),
    ("https://w3id.org/zhiji/shape/Coverage-depth", "https://w3id.org/zhiji/shape/Coverage-depth", "Coverage-depth"),
]


@pytest.mark.parametrize(("iri", "name", "anchor"), NAMES)
def test_names_and_anchors(iri, name, anchor):
    assert facts.prefixed(Iri(iri)) == name
    assert facts.anchor_of(iri) == anchor


# Pictures


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_shows_each_class_and_each_relation(language):
    for module in documentation().modules:
        picture = diagram.svg(module, language)
        if not module.of_kind("class"):
            continue
        shown = "\n".join("".join(one.itertext()) for one in ElementTree.fromstring(picture).iter(SVG + "text"))
        for term in module.of_kind("class"):
            assert f"· {term.ref.name.removeprefix('zj:')}"[:12] in shown or term.ref.label(language)[:6] in shown, term
        for term in module.of_kind("object-property"):
            if term.domains:
                assert term.ref.label(language)[:18] in shown, term.ref


def boxes_of(picture):
    """The boxes of a picture with the texts that stand in each: (x, y, width, height)."""
    root = ElementTree.fromstring(picture)
    frame = tuple(float(number) for number in root.attrib["viewBox"].split())
    found = [
        tuple(float(one.attrib[key]) for key in ("x", "y", "width", "height"))
        for one in root.iter(SVG + "rect")
        if one.attrib["class"] == "dg-box"
    ]
    texts = [
        (float(one.attrib["x"]), float(one.attrib["y"]), "".join(one.itertext())) for one in root.iter(SVG + "text")
    ]
    return frame, found, texts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [module.name for module in documentation().modules if diagram.svg(module, "zh")])
def test_boxes_stand_apart_and_hold_their_words(name, language):
    frame, boxes, texts = boxes_of(diagram.svg(documentation().module(name), language))
    assert boxes
    for number, (x, y, width, height) in enumerate(boxes):
        assert 0 <= x < x + width <= frame[2]
        assert 0 <= y < y + height <= frame[3]
        for other_x, other_y, other_width, other_height in boxes[number + 1 :]:
            apart = x + width <= other_x or other_x + other_width <= x
            assert apart or y + height <= other_y or other_y + other_height <= y
    for x, y, words in texts:
        assert any(bx < x < bx + width and by < y < by + height for bx, by, width, height in boxes), words


def test_a_picture_by_itself_brings_its_looks_and_one_in_a_page_its_links(core):
    alone = diagram.svg(core, "zh")
    inside = diagram.svg(core, "zh", lambda ref: f"#{ref.anchor}" if ref.anchor else "")
    assert "prefers-color-scheme: dark" in alone
    assert "<a " not in alone
    assert "<style" not in inside
    assert "style=" not in inside
    assert 'href="#Course"' in inside
    assert re.findall(r'class="dg-(\w+)"', inside)
    css = (TEXT_ROOM.parent.parent / "static" / "site" / "site.css").read_text(encoding="utf-8")
    for name in set(re.findall(r"\.(dg[\w-]*)", diagram.STYLE)) - {"dg-ground"}:
        assert f".{name} " in css, name


def test_a_circle_of_classes_is_drawn_all_the_same(core):
    names = {box.ref.name for box in diagram.boxes(core, "zh")}
    assert {"zj:Circle", "zj:Square"} <= names
    (course,) = [box for box in diagram.boxes(core, "zh") if box.ref.name == "zj:Course"]
    assert [box.ref.name for box in course.below] == ["zj:Unit"]
    assert [row.words for row in course.below[0].rows] == ["属于 → 课程"]
    assert course.reach() > course.height() > 0


def test_nothing_to_draw_is_no_picture(small):
    assert diagram.svg(small.module("place"), "zh") == diagram.svg(small.module("shapes"), "en") == ""
    assert diagram.boxes(small.module("dl/limits"), "zh") == ()


def test_a_far_class_stands_over_its_subclasses():
    stages = documentation().module("stages")
    (learner,) = [box for box in diagram.boxes(stages, "en") if box.far]
    assert (learner.ref.name, len(learner.below)) == ("zj:Learner", 4)
    assert diagram.Row("x").to is None


# Files to take home


@cache
def read_by_rdflib(name):
    """What the files of a module say, by another reader than ours."""
    source = rdflib.Graph()
    for path in downloads.files_of(name):
        read = rdflib.Dataset().parse(path) if path.suffix == ".trig" else rdflib.Graph().parse(path)
        for quad in read:
            source.add(quad[:3])
    return canonical(source)


def canonical(graph):
    """The triples of a graph with its blank nodes named by what they are, as RDFC-1.0 does."""
    lines = graph.serialize(format="nt", encoding="utf-8")
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_TRIPLES))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("name", [*(module.name for module in documentation().modules), downloads.WHOLE])
def test_every_form_says_what_the_file_says(name, media_type):
    given = rdflib.Graph().parse(data=downloads.download(name, media_type), format=MEDIA_TYPES[media_type])
    assert len(given) > 10
    assert canonical(given) == read_by_rdflib(name)


def test_a_turtle_file_is_given_as_it_is():
    assert downloads.download("core", downloads.TURTLE) == (FILES / "core.ttl").read_bytes()
    assert downloads.files_of("none") == ()
    with pytest.raises(KeyError):
        downloads.download("none", downloads.TURTLE)
    assert downloads.address_of("core", "nt") == "/module/core.nt"
    assert downloads.address_of(downloads.WHOLE, "ttl") == "/ontology.ttl"


def test_the_same_bytes_in_every_process():
    code = (
        "import hashlib\n"
        "from zhiji_kg.documentation import documentation\n"
        "from zhiji_kg.documentation.downloads import download\n"
        "from zhiji_kg.documentation.diagram import svg\n"
        f"forms = {list(MEDIA_TYPES)!r}\n"
        "parts = [download('stages', form) for form in forms]\n"
        "parts += [svg(one, 'zh').encode() + repr(one).encode() for one in documentation().modules]\n"
        "print(hashlib.sha256(b''.join(parts)).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=environment(PYTHONHASHSEED=seed),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_blank_nodes_are_named_by_file_and_place():
    path = HERE / "ontology" / "core.ttl"
    first, again = (read_as_written(path, "core") for _ in range(2))
    assert first == again
    assert "_:core-1" in {str(triple.subject) for triple in first}
    assert len(read_as_written(HERE / "ontology" / "place.trig", "p")) == 5


def test_every_text_of_the_documentation_is_said():
    root = TEXT_ROOM.parent.parent
    places = [*Path(diagram.__file__).parent.glob("*.py"), *(root / "templates" / "site").glob("*.j2")]
    places += [root.parent / "docs" / "ontology.py", root.parent / "zhiji_kg" / "server" / "ontology.py"]
    sources = "".join(path.read_text(encoding="utf-8") for path in places if path.is_file())
    room = tomllib.loads(TEXT_ROOM.read_text(encoding="utf-8"))
    assert not [key for key in room["page"] if not re.search(rf'page\.{key}["\']|["\']{key}["\'],', sources)]
