"""Findings about the plan itself: what is taught redundantly, and prerequisites out of order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..findings import Finding, Provenance, Thing
from ..queries import Row, run
from ..rdf import Iri
from ..store.port import Store
from ..texts import LIST_MARK, Text
from .measure import evidence, thing
from .profile import Profile

REDUNDANT = "ZJ-C05"
OUT_OF_ORDER = "ZJ-C07"


def redundancies(store: Store, programme: Iri, profile: Profile, provenance: Provenance) -> Iterator[Finding]:
    """Points that several courses teach at the same depth.

    ``measured`` is the number of courses, ``threshold`` the number from which it counts; the
    courses, their depth and their hours stand in the suggestion and in the evidence.
    """
    groups: dict[tuple[str, int], dict[str, Row]] = defaultdict(dict)
    for row in run(store, "redundancy", programme=programme):
        groups[str(row["pointCode"]), int(row["depth"] or 0)].setdefault(str(row["coverage"]), row)
    policy = profile.codes[REDUNDANT]
    for (_, depth), rows in groups.items():
        courses = {str(row["courseCode"]): row for row in rows.values()}
        if len(courses) < profile.redundant_courses:
            continue
        hours = sum(float(row["hours"] or 0) for row in rows.values())
        taught = [thing(row, "course") for _, row in sorted(courses.items())]
        yield Finding(
            code=REDUNDANT,
            severity=policy.severity,
            subject=thing(next(iter(rows.values())), "point"),
            basis="plan",
            measured=float(len(courses)),
            threshold=float(profile.redundant_courses),
            evidence=tuple(evidence(row, "coverage") for row in rows.values()),
            suggestion=_suggest(policy.suggestion, taught, depth, hours),
            provenance=provenance,
        )


def _suggest(suggestion: Text, courses: Sequence[Thing], depth: int, hours: float) -> Text:
    names = Text(*(mark.join(f"{c.code} {c.name(said)}" for c in courses) for said, mark in LIST_MARK.items()))
    shown = int(hours) if hours.is_integer() else hours
    return Text(
        f"{suggestion.zh}（{names.zh}，深度 {depth}，共 {shown} 学时）",
        f"{suggestion.en} ({names.en}; depth {depth}, {shown} hours in all)",
    )


def prerequisites_out_of_order(
    store: Store, programme: Iri, profile: Profile, provenance: Provenance
) -> Iterator[Finding]:
    """Direct prerequisites that end after the dependent course begins, and, as notes, in the same term.

    ``measured`` is the last term of the prerequisite, ``threshold`` the first term of the course.
    """
    policy = profile.codes[OUT_OF_ORDER]
    for row in run(store, "prerequisite-order", programme=programme):
        last, first = int(row["lastTerm"] or 0), int(row["firstTerm"] or 0)
        if last >= first:
            yield Finding(
                code=OUT_OF_ORDER,
                severity=policy.severity if last > first else policy.severity_same_term,
                subject=thing(row, "course"),
                basis="plan",
                object=thing(row, "prerequisite"),
                measured=float(last),
                threshold=float(first),
                evidence=(evidence(row, "offering"),),
                suggestion=policy.suggestion,
                provenance=provenance,
            )
