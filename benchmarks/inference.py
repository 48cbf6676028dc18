"""What follows from a graph of learners, courses and requirements: our rules beside owlrl, in one run.

First both work on a graph of the same make that owlrl can finish, and must conclude the same triples;
the ratio is theirs. Then ours alone works on 10,000 individuals. With ``-n`` both get that many.
CPU seconds of this process, with loading into the store and reading back.
"""

import random
import sys
import time

from zhiji_kg.graph import Dataset, shipped
from zhiji_kg.inference import infer
from zhiji_kg.rdf import Triple
from zhiji_kg.vocabulary import RDF_TYPE, entity, zj

from .oracle import entailed, of_ours, premises

SIZE = 10_000
SMALL = 500
TARGET, RATIO = 1.5, 20
KINDS = {
    "Course": 0.05, "CourseOffering": 0.05, "Coverage": 0.3, "SkillPoint": 0.15, "KnowledgePoint": 0.1,
    "Requirement": 0.2, "StandardLevel": 0.005, "TypicalWorkTask": 0.02, "Occupation": 0.005, "Examination": 0.02,
    "SkillCertificate": 0.01, "Learner": 0.09,
}  # fmt: skip
"""The share of each class: much as in the examples, with more learners."""


def made_up(individuals):
    """A graph of so many individuals in the proportions of ``KINDS``, always the same one, without the ontology."""
    pick = random.Random(2026)
    of = {
        kind: [entity(kind.lower(), str(number)) for number in range(max(2, round(share * individuals)))]
        for kind, share in KINDS.items()
    }
    points = [*of["SkillPoint"], *of["KnowledgePoint"]]
    found = {Triple(thing, RDF_TYPE, zj(kind)) for kind, things in of.items() for thing in things}

    def link(one, name, others):
        found.add(Triple(one, zj(name), pick.choice(others)))

    for part in of["SkillPoint"][len(of["SkillPoint"]) // 2 :]:
        link(part, "isPartOfPoint", of["SkillPoint"][: len(of["SkillPoint"]) // 2])
    for point in points:
        link(point, "embodiesIndicator", [entity("indicator", code) for code in INDICATORS])
    for course, later in zip(of["Course"], of["Course"][1:], strict=False):
        found.add(Triple(later, zj("hasDirectPrerequisite"), course))
    for number, offering in enumerate(of["CourseOffering"]):
        found.add(Triple(offering, zj("offeringOf"), of["Course"][number % len(of["Course"])]))
    for coverage in of["Coverage"]:
        found.add(Triple(pick.choice(of["Course"]), zj("hasCoverage"), coverage))
        link(coverage, "coversPoint", points)
        link(coverage, "inOffering", of["CourseOffering"])
    for requirement in of["Requirement"]:
        found.add(
            Triple(pick.choice([*of["StandardLevel"], *of["TypicalWorkTask"]]), zj("hasRequirement"), requirement)
        )
        link(requirement, "requiredPoint", points)
    for task in of["TypicalWorkTask"]:
        found.add(Triple(pick.choice(of["Occupation"]), zj("includesTask"), task))
    for examination in of["Examination"]:
        link(examination, "examinedPoint", points)
    for certificate in of["SkillCertificate"]:
        link(certificate, "basedOnStandardLevel", of["StandardLevel"])
        link(certificate, "certifiesLevel", [entity("skill-level", level) for level in ("5", "4", "3")])
    for learner in of["Learner"]:
        link(learner, "holdsCertificate", of["SkillCertificate"])
        link(learner, "achievedAttainment", [entity("academic-attainment", name) for name in ATTAINMENTS])
    return found


INDICATORS = [f"IND-{code}" for code in (11, 12, 13, 21, 22, 23, 24, 31, 32, 41, 42)]
ATTAINMENTS = ("secondary-vocational", "higher-vocational-year-1", "higher-vocational-year-2", "higher-vocational")


def ours(asserted):
    """The triples that our rules conclude, and the CPU seconds."""
    began = time.process_time()
    after, _ = infer(Dataset(asserted, {}))
    return after.default, time.process_time() - began


def theirs(asserted):
    """The triples that owlrl concludes, and the CPU seconds."""
    given = premises(asserted)
    began = time.process_time()
    return entailed(given), time.process_time() - began


def inference(individuals=None):
    """Print what both take where both are run, and what ours takes for 10,000 individuals.

    Raises:
        SystemExit: when the two conclude different triples.
    """
    shipped_triples = {triple for triples in shipped().values() for triple in triples}
    infer(Dataset(set(shipped_triples), {}))  # reads the rules: that counts for neither
    print(f"{'individuals':>12} {'asserted':>9} {'inferred':>9} {'ours CPU s':>11} {'owlrl CPU s':>12}  ratio")
    both = individuals or SMALL
    asserted = shipped_triples | made_up(both)
    mine, seconds = ours(set(asserted))
    other, slow = theirs(asserted)
    if {t for t in mine if of_ours(t)} != {t for t in other if of_ours(t)}:
        sys.exit("the two conclude different triples")
    row(both, asserted, mine, seconds, slow)
    ratio = slow / seconds
    if both != SIZE:
        asserted = shipped_triples | made_up(SIZE)
        mine, seconds = ours(set(asserted))
        row(SIZE, asserted, mine, seconds)
    print(f"{'kept' if ratio >= RATIO else 'MISSED'}: {ratio:.0f} × owlrl on {both:,}, same triples (target ≥ {RATIO})")
    print(f"{'kept' if seconds <= TARGET else 'MISSED'}: {seconds:.2f} s CPU on {SIZE:,} (target ≤ {TARGET})")


def row(individuals, asserted, after, seconds, slow=None):
    """One line of the table."""
    beside = f"{slow:12.2f}  {slow / seconds:.0f} ×" if slow else f"{'–':>12}"
    print(f"{individuals:12,} {len(asserted):9,} {len(after - asserted):9,} {seconds:11.2f} {beside}")
