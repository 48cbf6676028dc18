"""The report as plain data: what JSON writes, and what other programs read.

Names of keys are stable. Every label and text stands in zh and en; figures carry their
denominators; each part names the query, the parameters and the graph that give it.
"""

import json
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from ..analysis import GapAnalysis, Profile
from ..findings import Cell, Coverage, Evidence, Finding, Group, Provenance, Tally, Target, Thing, Totals
from ..texts import Text
from .summary import headline, notice, weightiest

FORMAT = "zhiji-kg/gap-report/1"
Plain = dict[str, Any]


def findings_json(analysis: GapAnalysis) -> str:
    """The findings as a JSON array, one finding an object, without the graph's hash.

    Two graphs that differ only in words, say in a definition of the ontology, have different hashes
    and the same findings. Without it two lists of findings can be compared as they stand: a change
    in one is a change of what was found. The report carries the hash in each of its parts.
    """
    return _dump([finding_plain(finding, analysis.profile) for finding in analysis.findings])


def report_json(analysis: GapAnalysis) -> str:
    """The whole report as JSON."""
    return _dump(report_plain(analysis))


def report_plain(analysis: GapAnalysis) -> Plain:
    """The whole report as plain data."""
    return {
        "format": FORMAT,
        "programme": {
            **_thing_of(analysis.programme.thing),
            "school": analysis.programme.school,
            "track": _text(analysis.programme.track),
            "terms": analysis.programme.terms,
            "courses": analysis.programme.courses,
        },
        "graph": {"version": analysis.graph.version, "sha256": analysis.graph.sha256},
        **({"standard": analysis.asked} if analysis.asked else {}),
        "notice": _text(said) if (said := notice(analysis)) else None,
        "headline": _text(headline(analysis)),
        "weightiest": [_weighty(gap.coverage, gap.cell) for gap in weightiest(analysis)],
        "targets": [_coverage(coverage, analysis) for coverage in analysis.coverages],
        "findings": [
            {**finding_plain(finding, analysis.profile), "sha256": finding.provenance.sha256}
            for finding in analysis.findings
        ],
        "documents": [asdict(document) for document in analysis.documents],
    }


def finding_plain(finding: Finding, profile: Profile) -> Plain:
    """One finding as plain data."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "title": _text(profile.codes[finding.code].title),
        "basis": finding.basis,
        "source": _thing(finding.source),
        "dueFor": _thing(finding.due_for),
        "subject": _thing(finding.subject),
        "point": _thing(finding.point),
        "object": _thing(finding.object),
        "measured": _number(finding.measured),
        "threshold": _number(finding.threshold),
        "thresholdGrade": "rule" if finding.threshold_by_rule else "stated" if finding.threshold is not None else None,
        "part": _number(finding.part),
        "whole": _number(finding.whole),
        "weight": _number(finding.weight),
        "table": finding.table,
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
        "suggestion": _text(finding.suggestion),
        **_provenance(finding.provenance),
    }


def _provenance(provenance: Provenance) -> Plain:
    return {
        "query": provenance.query,
        "parameters": dict(provenance.parameters),
        "version": provenance.version,
    }


def _weighty(coverage: Coverage, cell: Cell) -> Plain:
    return {
        "source": _thing(coverage.target.source),
        "dueFor": _thing(coverage.target.due_for),
        "requirement": _thing(cell.requirement.thing),
        "state": cell.verdict.state,
        "weight": _number(cell.weight),
        "table": cell.requirement.table,
        "of": _number(coverage.totals.all[cell.requirement.table].denominator) if coverage.weighted else None,
    }


def _coverage(coverage: Coverage, analysis: GapAnalysis) -> Plain:
    return {
        "target": _target(coverage.target),
        "weighted": coverage.weighted,
        "totals": _totals(coverage.totals),
        "functions": [_group(group) for group in coverage.functions],
        "cells": [_cell(cell) for cell in coverage.cells],
        "query": "coverage",
        "parameters": {"programme": analysis.programme.thing.iri, "source": coverage.target.source.iri},
        "version": analysis.graph.version or analysis.graph.place,
        "sha256": analysis.graph.sha256,
    }


def _target(target: Target) -> Plain:
    return {
        "basis": target.basis,
        "source": _thing(target.source),
        "dueFor": _thing(target.due_for),
        "dueTerm": target.due_term,
        "dueStated": target.due_is_stated,
        "level": target.level,
    }


def _group(group: Group) -> Plain:
    inner = [_group(part) for part in group.groups]
    return {**_thing_of(group.thing), "totals": _totals(group.totals), **({"workContents": inner} if inner else {})}


def _cell(cell: Cell) -> Plain:
    requirement, verdict = cell.requirement, cell.verdict
    return {
        "requirement": _thing(requirement.thing),
        "kind": requirement.kind,
        "function": _thing(requirement.function),
        "workContent": _thing(requirement.work),
        "point": _thing(requirement.point),
        "state": verdict.state,
        "reviewedState": cell.reviewed.state,
        "leastDepth": cell.demand.least_depth,
        "leastDepthStated": cell.demand.depth_is_stated,
        "dueTerm": cell.demand.due_term,
        "weight": _number(cell.weight),
        "chosen": _thing(verdict.chosen.course) if verdict.chosen else None,
        "reasons": [
            {"code": s.code, "measured": _number(s.measured), "threshold": _number(s.threshold)}
            for s in verdict.shortfalls
        ],
        "offers": [
            {
                "course": _thing(offer.course), "depth": offer.depth, "hours": _number(offer.hours),
                "lastTerm": offer.last_term, "assessed": offer.assessed, "evidence": _evidence(offer.coverage),
            }
            for offer in cell.offers
        ],
        "evidence": _evidence(requirement.evidence),
        "examinations": [_evidence(examination) for examination in cell.examinations],
    }  # fmt: skip


def _totals(totals: Totals) -> Plain:
    return {
        reading: {table: _tally(tally) for table, tally in tallies.items()}
        for reading, tallies in (("all", totals.all), ("reviewedOnly", totals.reviewed))
    }


def _tally(tally: Tally) -> Plain:
    names = {
        "covered": tally.covered,
        "partial": tally.partial,
        "noMatch": tally.no_match,
        "notExamined": tally.not_examined,
        "denominator": tally.denominator,
        "stated": tally.stated,
        "knownGap": tally.known_gap,
        "upperBound": tally.upper_bound,
    }
    return {name: _number(value) for name, value in names.items()}


def _evidence(evidence: Evidence) -> Plain:
    told = {
        "iri": evidence.iri,
        "document": evidence.source,
        "cell": evidence.locator,
        "grade": evidence.grade,
        "reviewer": evidence.reviewer,
        "statedIn": evidence.stated_in,
    }
    return {key: value for key, value in told.items() if value}


def _thing(thing: Thing | None) -> Plain | None:
    return None if thing is None else _thing_of(thing)


def _thing_of(thing: Thing) -> Plain:
    return {"iri": thing.iri, "code": thing.code, "label": _text(thing.label)}


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _number(value: Fraction | float | bool | str | None) -> float | bool | str | None:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    rounded = round(float(value), 4)
    return int(rounded) if rounded.is_integer() else rounded


def _dump(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
