"""The report over many programmes: its one sentence, and its plain data for JSON."""

import json
from dataclasses import asdict

from ..analysis.group import GroupAnalysis, Lender, OpenCell, Ranking, SharedGap, Standing
from ..analysis.means import QUERY, Means
from ..findings import Thing
from ..texts import LANGUAGES, Text, say
from .plain import (
    Plain,
    entity_plain,
    evidence_plain,
    finding_plain,
    number_plain,
    profile_plain,
    target_plain,
    text_plain,
    thing_plain,
    totals_plain,
)
from .summary import figure, headline

GROUP_FORMAT = "zhiji-kg/group-report/1"


def group_headline(group: GroupAnalysis) -> Text:
    """The answer in one sentence: what all have to meet, and how much of what is open the group could close itself."""
    tallies = [standing.tally for standing in group.standings]
    shared = [gap for gap in group.gaps if gap.is_shared]
    values = {
        "programmes": len(group.members),
        "required": figure(sum(tally.denominator for tally in tallies)),
        "covered": figure(sum(tally.covered for tally in tallies)),
        "known": figure(sum(tally.known_gap for tally in tallies)),
        "not_examined": figure(sum(tally.not_examined for tally in tallies)),
        "shared": len(shared),
        "closable": sum(bool(gap.lenders) for gap in shared),
        "lendable": len(group.gaps) - len(shared),
    }
    return Text(*(say("group.lead")(language, **values) for language in LANGUAGES))


def group_notice(group: GroupAnalysis) -> Text | None:
    """What has to be said where evidence is an example: by which documents; else nothing."""
    if not group.example_documents:
        return None
    titles = [document.title for document in group.example_documents]
    said = say("report.headline.example")
    return Text(said("zh", titles="；".join(titles)), said("en", titles="; ".join(titles)))


def group_json(group: GroupAnalysis) -> str:
    """The whole report as JSON."""
    return json.dumps(group_plain(group), ensure_ascii=False, indent=2) + "\n"


def group_plain(group: GroupAnalysis) -> Plain:
    """The whole report as plain data. Names of keys are stable; every figure stands with its denominator."""
    said = group_notice(group)
    return {
        "format": GROUP_FORMAT,
        "graph": {"version": group.graph.version, "sha256": group.graph.sha256},
        "profile": profile_plain(group.profile),
        "notice": text_plain(said) if said else None,
        "headline": text_plain(group_headline(group)),
        "programmes": [
            {
                **entity_plain(member.programme.thing),
                "school": member.programme.school,
                "track": text_plain(member.programme.track),
                "headline": text_plain(headline(member)),
            }
            for member in group.members
        ],
        "standings": [_standing(standing) for standing in group.standings],
        "sources": [_ranking(ranking) for ranking in group.rankings],
        "gaps": [_gap(gap) for gap in group.gaps],
        "findingCounts": [
            {"code": code, "title": text_plain(group.profile.codes[code].title), "counts": counts,
             "foundIn": len(counts), "programmes": len(group.members)}
            for code, counts in group.counts().items()
        ],
        "findings": [finding_plain(finding, group.profile) for finding in group.findings],
        "documents": [asdict(document) for document in group.documents],
        "queries": {"coverage": "coverage", "means": QUERY},
    }  # fmt: skip


def _standing(standing: Standing) -> Plain:
    return {
        "programme": standing.programme.thing.iri,
        "place": standing.place,
        "bestPossible": standing.best,
        "worstPossible": standing.worst,
        "totals": totals_plain(standing.totals),
    }


def _ranking(ranking: Ranking) -> Plain:
    return {"source": thing_plain(ranking.source), "standings": [_standing(standing) for standing in ranking.standings]}


def _gap(gap: SharedGap) -> Plain:
    return {
        "point": thing_plain(gap.point),
        "shared": gap.is_shared,
        "requiredBy": [programme.thing.iri for programme in gap.required_by],
        "open": [_open(one) for one in gap.open],
        "notExamined": [programme.thing.iri for programme in gap.unexamined],
        "lenders": [_lender(lender) for lender in gap.lenders],
        "means": [_means(means) for means in gap.means],
    }


def _open(one: OpenCell) -> Plain:
    requirement, verdict = one.cell.requirement, one.cell.verdict
    weighed = one.cell.weight is not None
    return {
        "programme": one.programme.thing.iri,
        "target": target_plain(one.coverage.target),
        "requirement": thing_plain(requirement.thing),
        "state": verdict.state,
        "reasons": [
            {"code": short.code, "measured": number_plain(short.measured), "threshold": number_plain(short.threshold)}
            for short in verdict.shortfalls
        ],
        "weight": number_plain(one.cell.weight),
        "table": requirement.table,
        "of": number_plain(one.coverage.totals.all[requirement.table].denominator) if weighed else None,
        "evidence": [evidence_plain(requirement.evidence), *(evidence_plain(e) for e in one.cell.examinations)],
        "taught": evidence_plain(verdict.chosen.coverage) if verdict.chosen else None,
    }


def _lender(lender: Lender) -> Plain:
    offer = lender.offer
    return {
        "programme": lender.programme.thing.iri,
        "course": thing_plain(offer.course),
        "depth": offer.depth,
        "hours": number_plain(offer.hours),
        "lastTerm": offer.last_term,
        "assessed": offer.assessed,
        "closesFor": [programme.thing.iri for programme in lender.closes],
        "evidence": evidence_plain(offer.coverage),
    }


def _means(means: Means) -> Plain:
    def things(given: tuple[Thing, ...]) -> list[Plain | None]:
        return [thing_plain(thing) for thing in given]

    return {
        "of": thing_plain(means.thing),
        "course": thing_plain(means.course),
        "builtBy": things(means.built_by),
        "sharedWith": things(means.shared_with),
        "equipment": list(means.equipment),
        "evidence": evidence_plain(means.evidence),
    }
