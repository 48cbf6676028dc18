"""Findings about the plan itself: what is taught redundantly, and prerequisites out of order or in a ring."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..circles import circles
from ..findings import Finding, Provenance, Thing
from ..queries import Row, run
from ..rdf import Iri
from ..store.port import Store
from ..texts import LIST_MARK, Text
from .measure import evidence, thing
from .profile import Profile

REDUNDANT = "ZJ-C05"
OUT_OF_ORDER = "ZJ-C07"
WAITING = "ZJ-C08"
_BEFORE, _SAME_TERM = "earlier", "same-term"


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
    names = _named(courses)
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


def courses_that_wait(store: Store, programme: Iri, profile: Profile, provenance: Provenance) -> Iterator[Finding]:
    """Courses that wait for each other, so that no order of terms satisfies them, each ring once.

    A prerequisite comes before its course, a corequisite no later, a strict corequisite in the same term.
    No terms can be found for them exactly where a ring of these bonds holds a prerequisite, for along the
    ring the terms never fall and there they rise. ``measured`` is the number of courses; the subject is
    the first of them by code, the others stand in the suggestion.
    """
    rows = run(store, "course-orders", programme=programme)
    links = [(str(row["course"]), str(row["other"])) for row in rows]
    links += [(str(row["other"]), str(row["course"])) for row in rows if row["bond"] == _SAME_TERM]
    policy = profile.codes[WAITING]
    for ring in sorted(circles(links), key=min):
        inside = [row for row in rows if row["course"] in ring and row["other"] in ring]
        if not any(row["bond"] == _BEFORE for row in inside):
            continue
        named = {thing(row, end) for row in inside for end in ("course", "other")}
        courses = sorted(named, key=lambda course: course.code)
        yield Finding(
            code=WAITING,
            severity=policy.severity,
            subject=courses[0],
            basis="plan",
            measured=float(len(ring)),
            evidence=tuple(dict.fromkeys(evidence(row, "offering") for row in inside)),
            suggestion=_among(policy.suggestion, courses),
            provenance=provenance,
        )


def _among(suggestion: Text, courses: Sequence[Thing]) -> Text:
    names = _named(courses)
    return Text(f"{suggestion.zh}（{names.zh}）", f"{suggestion.en} ({names.en})")


def _named(courses: Sequence[Thing]) -> Text:
    zh, en = (mark.join(f"{c.code} {c.name(said)}" for c in courses) for said, mark in LIST_MARK.items())
    return Text(zh, en)
