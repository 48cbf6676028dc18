"""``python -m docs.stages``: the defined classes of ``ontology/stages.ttl``, rewritten from its rules (``--check``).

The individuals are the data: a growth stage, the rule that recognises it, the attainment and the
skill level that the rule asks for. What OWL needs to recognise a learner is written from them, one
defined class a stage; so a rule that is added or changed changes the class, and nothing is said twice.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection

from zhiji_kg.resources import ONTOLOGY
from zhiji_kg.vocabulary import MODULE
from zhiji_kg.vocabulary import ONTOLOGY as NAMESPACE

FILE = ONTOLOGY / "stages.ttl"
ZJ = rdflib.Namespace(NAMESPACE)
HERE = URIRef(MODULE + "stages")

LABEL = {"zh": "{stage}（学习者）", "en": "{stage} (learner)"}
DEFINITION = {
    "zh": "具有“{attainment}”且技能等级达到“{level}”的学习者。",
    "en": "A learner who has the attainment ‘{attainment}’ and holds the skill level ‘{level}’.",
}
NOTE = {
    "zh": "由认定规则 {rule} 生成。按等级累计和学业累计，达到后一阶段者也达到本阶段；这种累计，以及证书须属本职业"
    "（本公理未作要求）的看法，都是本项目的解释，不出自来源文本。",
    "en": "Written from the rule {rule}. With levels and attainments cumulative, whoever reaches a later stage reaches "
    "this one too. That cumulation, and the view that the certificate must be in the learner's own trade (which this "
    "axiom does not demand), are interpretations of this project, not of the source.",
}


def generated(source: str, schemes: str) -> str:
    """The module with its defined classes written anew.

    Args:
        source: the text of ``stages.ttl``; what it says of classes is not read, but thrown away.
        schemes: the text of ``schemes.ttl``, which names the attainments and levels.

    Returns:
        The canonical Turtle.

    Raises:
        ValueError: when a stage has no rule or several, a rule lacks a part, or two stages give one name.
    """
    graph = Graph().parse(data=source, format="turtle")
    names = graph + Graph().parse(data=schemes, format="turtle")
    for term in set(graph.subjects(RDF.type, OWL.Class)):
        if str(term).startswith(NAMESPACE):
            graph.remove((term, None, None))
    stages = sorted(graph.subjects(RDF.type, ZJ.GrowthStage), key=str)
    classes = [class_name(_label(names, stage, "en")) for stage in stages]
    if twice := {name for name in classes if classes.count(name) > 1}:
        raise ValueError(f"two stages are named {twice.pop()}")
    for name, stage in zip(classes, stages, strict=True):
        for triple in _class_of(names, ZJ[name], stage):
            graph.add(triple)
    _forget_unused(graph)
    text: str = graph.serialize(format="longturtle", canon=True, encoding=None)
    return text


def class_name(label: str) -> str:
    """The name of the class of a stage, from its English label: ``Quasi-craftsman`` gives ``QuasiCraftsman``.

    Raises:
        ValueError: when the label has no letter to make a name of.
    """
    name = "".join(word[0].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", label))
    if not name[:1].isalpha():
        raise ValueError(f"no class can be named after the label {label!r}")
    return name


def _class_of(names: Graph, term: URIRef, stage: rdflib.term.Node) -> Iterator[tuple[rdflib.term.Node, ...]]:
    """The triples of one defined class."""
    rule = _only(names, stage, ZJ.recognisedBy)
    parts = {
        ZJ.hasAcademicAttainment: _only(names, rule, ZJ.requiresAttainment),
        ZJ.holdsSkillLevel: _only(names, rule, ZJ.requiresSkillLevel),
    }
    attainment, level = parts.values()
    yield term, RDF.type, OWL.Class
    yield term, RDFS.subClassOf, ZJ.Learner
    yield term, RDFS.isDefinedBy, HERE
    yield term, RDFS.seeAlso, rule
    for language in ("zh", "en"):
        words = {
            "stage": _label(names, stage, language),
            "attainment": _label(names, attainment, language),
            "level": _label(names, level, language),
            "rule": str(names.value(rule, SKOS.notation)),
        }
        for predicate, template in ((RDFS.label, LABEL), (SKOS.definition, DEFINITION), (SKOS.scopeNote, NOTE)):
            yield term, predicate, Literal(template[language].format(**words), lang=language)
    yield from _equivalence(term, parts)


def _equivalence(term: URIRef, parts: dict[URIRef, rdflib.term.Node]) -> Iterator[tuple[rdflib.term.Node, ...]]:
    """The class is what the learners are who have both parts."""
    made, whole = Graph(), BNode()
    restrictions: list[rdflib.term.Node] = [ZJ.Learner]
    for on, value in parts.items():
        restriction = BNode()
        made.add((restriction, RDF.type, OWL.Restriction))
        made.add((restriction, OWL.onProperty, on))
        made.add((restriction, OWL.hasValue, value))
        restrictions.append(restriction)
    members = BNode()
    Collection(made, members, restrictions)
    made.add((whole, RDF.type, OWL.Class))
    made.add((whole, OWL.intersectionOf, members))
    made.add((term, OWL.equivalentClass, whole))
    yield from made


def _only(graph: Graph, subject: rdflib.term.Node, predicate: URIRef) -> rdflib.term.Node:
    """The one value of a property: OWL could say "or" of two, but not within OWL 2 RL."""
    values = list(graph.objects(subject, predicate))
    if len(values) != 1:
        raise ValueError(f"{subject} has {len(values)} values of {predicate}; one is needed")
    return values[0]


def _label(graph: Graph, subject: rdflib.term.Node, language: str) -> str:
    found = [str(o) for o in graph.objects(subject, RDFS.label) if isinstance(o, Literal) and o.language == language]
    if len(found) != 1:
        raise ValueError(f"{subject} has {len(found)} labels in {language}; one is needed")
    return found[0]


def _forget_unused(graph: Graph) -> None:
    """Take away what hung on the classes that were thrown away: restrictions and lists that nothing names."""
    while lost := {s for s in graph.subjects() if isinstance(s, BNode) and _is_unused(graph, s)}:
        for node in lost:
            graph.remove((node, None, None))


def _is_unused(graph: Graph, node: BNode) -> bool:
    """Whether nothing names a blank node; axioms such as AllDifferent are named by nothing, and stay."""
    is_axiom = any(str(of).startswith(str(OWL) + "All") for of in graph.objects(node, RDF.type))
    return not is_axiom and (None, None, node) not in graph


def main(arguments: list[str], path: Path = FILE) -> int:
    """Write the module where it is not what its rules give, or say so; the exit status."""
    source = path.read_text(encoding="utf-8")
    made = generated(source, (ONTOLOGY / "schemes.ttl").read_text(encoding="utf-8"))
    if made == source:
        return 0
    print(f"{path.name}: not what its rules give" if "--check" in arguments else path.name)
    if "--check" in arguments:
        return 1
    path.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
