"""The cases of ``tests/ontology``: each file a small world of its own, the invalid ones with what breaks in them.

All worlds lie in one graph, which is inferred and checked once: their names keep them apart.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

from zhiji_kg.graph import Dataset, ontology
from zhiji_kg.inference import infer
from zhiji_kg.rdf import Iri, parse_turtle
from zhiji_kg.validation import violations
from zhiji_kg.validation.oracle import findings_of
from zhiji_kg.validation.shapes import SHACL, SHAPE

HERE = Path(__file__).parent / "ontology"
BASE = "https://w3id.org/zhiji/test/"
VALID = sorted(path.stem for path in (HERE / "valid").glob("*.ttl"))
INVALID = sorted(path.stem for path in (HERE / "invalid").glob("*.ttl"))


def read_case(folder, name):
    """The triples of a case without the expectation, and what is expected: shape, component, thing."""
    results, said = defaultdict(dict), []
    for triple in parse_turtle(HERE / folder / f"{name}.ttl"):
        if triple.predicate.value.startswith(SHACL):
            results[triple.subject][triple.predicate.value.removeprefix(SHACL)] = triple.object.value
        elif triple.object != Iri(SHACL + "ValidationResult"):
            said.append(triple)
    return said, {expected(result) for result in results.values()}


def expected(result):
    component = result["sourceConstraintComponent"].removeprefix(SHACL).removesuffix("ConstraintComponent")
    return result["sourceShape"].removeprefix(SHAPE), component, result["focusNode"]


@cache
def modules():
    return frozenset(triple for triples in ontology().values() for triple in triples)


@cache
def all_worlds():
    """Every case in one graph, with the inferred: the dataset and the store."""
    said = {
        t for folder, names in (("valid", VALID), ("invalid", INVALID)) for n in names for t in read_case(folder, n)[0]
    }
    return infer(Dataset(said | modules(), {}))


@cache
def found_in_all():
    """What the queries find in all worlds, by world (``invalid/Coverage-depth.MaxInclusive``)."""
    by_world = defaultdict(set)
    for finding in findings_of(violations(all_worlds()[1])):
        assert finding[2].startswith(BASE), f"{finding} is in no case"
        by_world["/".join(finding[2].removeprefix(BASE).split("/")[:2])].add(finding)
    return by_world
