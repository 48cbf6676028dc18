"""The defined classes of the stages are what the rules give: no more, no less, and again tomorrow."""

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS

from docs.stages import FILE, ZJ, class_name, generated, main
from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.vocabulary import DATA, PREFIXES

SOURCE = FILE.read_text(encoding="utf-8")
SCHEMES = (ONTOLOGY / "schemes.ttl").read_text(encoding="utf-8")
ZJD = rdflib.Namespace(DATA)
HEAD = f"PREFIX zj: <{ZJ}>\nPREFIX zjd: <{DATA}>\nPREFIX rdfs: <{RDFS}>\nPREFIX skos: <{PREFIXES['skos']}>\n"
CRAFTSMAN = """
<STAGE> a zj:GrowthStage ; rdfs:label "Master craftsman"@en , "大工匠"@zh ; zj:stageOrder 5 ;
  zj:recognisedBy <RULE> .
<RULE> a zj:RecognitionRule ; skos:notation "RULE-5" ;
  zj:requiresAttainment <ATTAINMENT> ; zj:requiresSkillLevel <LEVEL> .
"""


def with_rule(**changes):
    """The source with a fifth stage and its rule."""
    iris = {
        "STAGE": ZJD["stage/S5"],
        "RULE": ZJD["recognition-rule/S5"],
        "ATTAINMENT": ZJD["academic-attainment/higher-vocational"],
        "LEVEL": ZJD["skill-level/1"],
    }
    more = changes.get("more", CRAFTSMAN)
    for name, iri in iris.items():
        more = more.replace(f"<{name}>", f"<{iri}>")
    return f"{SOURCE}\n{HEAD}{more}"


def graph_of(text):
    return rdflib.Graph().parse(data=text, format="turtle")


def classes(graph):
    return {term for term in graph.subjects(RDF.type, OWL.Class) if str(term).startswith(str(ZJ))}


def conditions(graph, term):
    """The values that a defined class asks for, by property; the class itself aside."""
    (whole,) = graph.objects(term, OWL.equivalentClass)
    members = list(graph.items(graph.value(whole, OWL.intersectionOf)))
    assert members[0] == ZJ.Learner
    return {graph.value(one, OWL.onProperty): graph.value(one, OWL.hasValue) for one in members[1:]}


def test_the_module_is_what_its_rules_give():
    assert generated(SOURCE, SCHEMES) == SOURCE
    assert main(["--check"]) == 0


def test_each_class_asks_for_the_two_parts_of_its_rule():
    graph = graph_of(SOURCE)
    assert len(classes(graph)) == len(set(graph.subjects(RDF.type, ZJ.GrowthStage))) == 4
    for term in classes(graph):
        rule = graph.value(term, RDFS.seeAlso)
        assert conditions(graph, term) == {
            ZJ.hasAcademicAttainment: graph.value(rule, ZJ.requiresAttainment),
            ZJ.holdsSkillLevel: graph.value(rule, ZJ.requiresSkillLevel),
        }
        assert (term, RDFS.subClassOf, ZJ.Learner) in graph
        assert not set(graph.objects(term, RDFS.subClassOf)) & classes(graph), "order is inferred, not asserted"


def test_a_rule_that_is_added_adds_a_class():
    graph = graph_of(generated(with_rule(), SCHEMES))
    assert classes(graph) - classes(graph_of(SOURCE)) == {ZJ.MasterCraftsman}
    assert conditions(graph, ZJ.MasterCraftsman) == {
        ZJ.hasAcademicAttainment: ZJD["academic-attainment/higher-vocational"],
        ZJ.holdsSkillLevel: ZJD["skill-level/1"],
    }
    said = {str(o) for o in graph.objects(ZJ.MasterCraftsman, SKOS.definition)}
    assert "具有“高职学历”且技能等级达到“一级/高级技师”的学习者。" in said
    assert {str(o) for o in graph.objects(ZJ.MasterCraftsman, RDFS.label)} == {
        "大工匠（学习者）",
        "Master craftsman (learner)",
    }
    assert all("RULE-5" in str(o) for o in graph.objects(ZJ.MasterCraftsman, SKOS.scopeNote))


def test_a_rule_that_is_changed_changes_its_class_and_no_other():
    rule = "    zj:requiresSkillLevel <https://w3id.org/zhiji/id/skill-level/3> ;"
    assert SOURCE.count(rule) == 1
    graph = graph_of(generated(SOURCE.replace(rule, rule.replace("level/3", "level/2")), SCHEMES))
    before = graph_of(SOURCE)
    assert conditions(graph, ZJ.SeniorApprentice)[ZJ.holdsSkillLevel] == ZJD["skill-level/2"]
    for term in classes(before) - {ZJ.SeniorApprentice}:
        assert conditions(graph, term) == conditions(before, term)


def test_what_is_said_of_a_class_by_hand_is_thrown_away_and_nothing_is_left_behind():
    by_hand = f'{SOURCE}\n{HEAD}zj:QuasiCraftsman rdfs:comment "by hand"@en .\nzj:Forgotten a <{OWL.Class}> .\n'
    assert generated(by_hand, SCHEMES) == SOURCE
    graph = graph_of(generated(with_rule(), SCHEMES))
    assert len(set(graph.subjects(RDF.type, OWL.Restriction))) == 2 * 5
    assert len(set(graph.subjects(RDF.type, OWL.AllDifferent))) == 3


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        (CRAFTSMAN.replace("zj:recognisedBy <RULE>", "skos:notation 'S5'"), "has 0 values of"),
        (CRAFTSMAN + "<STAGE> zj:recognisedBy <LEVEL> .", "has 2 values of"),
        (CRAFTSMAN.replace("zj:requiresSkillLevel <LEVEL>", "skos:note 'x'"), "has 0 values of"),
        (CRAFTSMAN.replace('"Master craftsman"@en , ', ""), "has 0 labels in en"),
        (CRAFTSMAN.replace("Master craftsman", "Quasi craftsman"), "two stages are named QuasiCraftsman"),
        (CRAFTSMAN.replace("Master craftsman", "大"), "no class can be named"),
    ],
)
def test_a_stage_that_gives_no_one_class_is_refused(more, wrong):
    with pytest.raises(ValueError, match=wrong):
        generated(with_rule(more=more), SCHEMES)


def test_names_of_classes():
    assert class_name("Quasi-craftsman") == "QuasiCraftsman"
    assert class_name("junior apprentice") == "JuniorApprentice"


def test_the_check_names_the_file_and_writing_mends_it(tmp_path, capsys):
    copy = tmp_path / "stages.ttl"
    copy.write_text(SOURCE.replace("达到“预备技师”", "达到“二级”"), encoding="utf-8")
    assert main(["--check"], copy) == 1
    assert "stages.ttl" in capsys.readouterr().out
    assert main([], copy) == 0
    assert copy.read_text(encoding="utf-8") == SOURCE
    assert main(["--check"], copy) == 0
