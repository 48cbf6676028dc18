"""The rules engine: runs the query of each finding code that a query alone decides, and judges what it measures.

A rule is data: a query in ``queries/gaps`` that measures, and an entry of the profile that says when what
it measures is a finding. Adding one adds no code here.

The columns of such a query: ``subject`` with its code and labels; perhaps ``object``, ``point`` or
``source`` likewise; perhaps ``measured``, or ``part`` and ``whole`` of which it is the share; perhaps
``expected``, with which it is compared; ``evidence`` with its document, cell, grade and reviewer; perhaps
``detail`` and ``detailEn``, what a reader should see beside the suggestion. Rows with the same subject and
object are one finding with several pieces of evidence.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from ..findings import Evidence, Finding, Provenance, Thing
from ..queries import Row, find_query, run
from ..rdf import Iri
from ..store.port import Store
from ..texts import LIST_MARK, Text
from .measure import evidence, thing
from .profile import CodePolicy, Profile

_PROGRAMME = "programme"


def rule_findings(store: Store, programme: Iri, profile: Profile, codes: Iterable[str] = ()) -> Iterator[Finding]:
    """The findings of every rule of the profile that is enabled, in the order of the profile.

    Args:
        store: the graph.
        programme: the programme edition for the rules that ask about one.
        profile: the policy.
        codes: run these rules only; all of them when none is named.
    """
    wanted = set(codes)
    for code, policy in profile.codes.items():
        if policy.holds is not None and policy.enabled and (not wanted or code in wanted):
            yield from findings_of_rule(store, programme, code, policy)


def findings_of_rule(store: Store, programme: Iri, code: str, policy: CodePolicy) -> Iterator[Finding]:
    """The findings of one rule: *plan* or *policy* where its query asks about a programme, else *group*."""
    query = find_query(policy.query)
    of_plan = any(parameter.name == _PROGRAMME for parameter in query.parameters)
    bound = {_PROGRAMME: programme} if of_plan else {}
    identity = store.identity
    parameters = tuple((name, term.value) for name, term in bound.items())
    provenance = Provenance(policy.query, parameters, identity.version or identity.place, identity.sha256)
    basis = "group" if not of_plan else "policy" if policy.group == "policy" else "plan"
    for rows in _by_finding(run(store, policy.query, **bound)):
        finding = judge_rows(rows, code, policy, basis, provenance)
        if finding is not None:
            yield finding


def judge_rows(
    rows: Sequence[Row], code: str, policy: CodePolicy, basis: str, provenance: Provenance
) -> Finding | None:
    """The finding of some rows about one subject and object, if what they measure makes one.

    A share is never judged where there is nothing to be a share of, and a figure never where there is none:
    not known is not the same as too little.
    """
    row = rows[0]
    part, whole = figure(row.get("part")), figure(row.get("whole"))
    measured = part / whole if part is not None and whole else figure(row.get("measured"))
    expected = figure(row.get("expected"))
    if not holds(policy, measured, expected):
        return None
    return Finding(
        code=code,
        severity=policy.severity,
        subject=thing(row, "subject"),
        basis=basis,
        source=_thing(row, "source"),
        point=_thing(row, "point"),
        object=_thing(row, "object"),
        measured=_plain(measured),
        threshold=_plain(expected) if policy.holds in ("always", "differs") else _threshold(policy.threshold),
        threshold_by_rule=bool(policy.threshold) and policy.holds != "differs" and policy.clause is None,
        part=part,
        whole=whole,
        evidence=tuple(_evidence(rows)),
        suggestion=_suggestion(policy.suggestion, rows),
        provenance=provenance,
    )


def holds(policy: CodePolicy, measured: Fraction | None, expected: Fraction | None = None) -> bool:
    """Whether what was measured is a finding of a code; compared exactly, a limit itself is never a finding."""
    if policy.holds == "always":
        return True
    if measured is None or (policy.holds == "differs" and expected is None):
        return False
    low, high = (policy.threshold or (Fraction(0),))[0], (policy.threshold or (Fraction(0),))[-1]
    return {
        "below": measured < low,
        "above": measured > high,
        "outside": not low <= measured <= high,
        "differs": abs(measured - (expected or 0)) > high,
    }[policy.holds or "differs"]


def figure(value: object) -> Fraction | None:
    """A number of a row, exactly as the graph states it."""
    if value is None or isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return Fraction(Decimal(str(value)))


def _by_finding(rows: Iterable[Row]) -> list[list[Row]]:
    found: dict[tuple[object, object, object], list[Row]] = {}
    for row in rows:
        found.setdefault((row["subject"], row.get("object"), row.get("point")), []).append(row)
    return list(found.values())


def _thing(row: Row, name: str) -> Thing | None:
    return thing(row, name) if row.get(name) else None


def _evidence(rows: Iterable[Row]) -> Iterator[Evidence]:
    seen: set[Evidence] = set()
    for row in rows:
        found = evidence(row, "evidence") if row.get("evidence") else None
        if found and found not in seen:
            seen.add(found)
            yield found


def _suggestion(suggestion: Text, rows: Sequence[Row]) -> Text:
    """The suggestion, and in brackets what the rows add to it."""
    zh = [str(row["detail"]) for row in rows if row.get("detail")]
    en = [str(row.get("detailEn") or row["detail"]) for row in rows if row.get("detail")]
    if not zh:
        return suggestion
    names = (LIST_MARK["zh"].join(dict.fromkeys(zh)), LIST_MARK["en"].join(dict.fromkeys(en)))
    return Text(f"{suggestion.zh}（{names[0]}）", f"{suggestion.en} ({names[1]})")


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _threshold(limits: Sequence[Fraction]) -> float | str | None:
    """A limit as a figure; a range as it is written, ``16–18``."""
    if len(limits) < 2:
        return float(limits[0]) if limits else None
    return "–".join(f"{float(limit):g}" for limit in limits)
