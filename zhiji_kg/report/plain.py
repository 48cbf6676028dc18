"""The report as plain data: what JSON writes, and what other programs read.

Names of keys are stable. Every label and text stands in zh and en; figures carry their
denominators; each part names the query, the parameters and the graph that give it.
"""

import json
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from ..analysis import GapAnalysis, Profile
from ..analysis.shape import HOURS, INDICATORS, PlanShape
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
            **entity_plain(analysis.programme.thing),
            "school": analysis.programme.school,
            "track": text_plain(analysis.programme.track),
            "terms": analysis.programme.terms,
            "courses": analysis.programme.courses,
        },
        "graph": {"version": analysis.graph.version, "sha256": analysis.graph.sha256},
        "profile": profile_plain(analysis.profile),
        **({"standard": analysis.asked} if analysis.asked else {}),
        "notice": text_plain(said) if (said := notice(analysis)) else None,
        "headline": text_plain(headline(analysis)),
        "weightiest": [_weighty(gap.coverage, gap.cell) for gap in weightiest(analysis)],
        "targets": [_coverage(coverage, analysis) for coverage in analysis.coverages],
        "shape": _shape(analysis.shape),
        "findings": [
            {**finding_plain(finding, analysis.profile), "sha256": finding.provenance.sha256}
            for finding in analysis.findings
        ],
        "documents": [asdict(document) for document in analysis.documents],
    }


def profile_plain(profile: Profile) -> Plain:
    """By which policy a report judges: the shipped one or one's own, and the digest of what it says."""
    return {"shipped": profile.shipped, "sha256": profile.sha256}


def finding_plain(finding: Finding, profile: Profile) -> Plain:
    """One finding as plain data."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "title": text_plain(profile.codes[finding.code].title),
        "basis": finding.basis,
        "source": thing_plain(finding.source),
        "dueFor": thing_plain(finding.due_for),
        "subject": thing_plain(finding.subject),
        "point": thing_plain(finding.point),
        "object": thing_plain(finding.object),
        "measured": number_plain(finding.measured),
        "threshold": number_plain(finding.threshold),
        "thresholdGrade": "rule" if finding.threshold_by_rule else "stated" if finding.threshold is not None else None,
        "part": number_plain(finding.part),
        "whole": number_plain(finding.whole),
        "weight": number_plain(finding.weight),
        "table": finding.table,
        "evidence": [evidence_plain(evidence) for evidence in finding.evidence],
        "suggestion": text_plain(finding.suggestion),
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
        "source": thing_plain(coverage.target.source),
        "dueFor": thing_plain(coverage.target.due_for),
        "requirement": thing_plain(cell.requirement.thing),
        "state": cell.verdict.state,
        "weight": number_plain(cell.weight),
        "table": cell.requirement.table,
        "of": number_plain(coverage.totals.all[cell.requirement.table].denominator) if coverage.weighted else None,
    }


def _coverage(coverage: Coverage, analysis: GapAnalysis) -> Plain:
    return {
        "target": target_plain(coverage.target),
        "weighted": coverage.weighted,
        "totals": totals_plain(coverage.totals),
        "functions": [_group(group) for group in coverage.functions],
        "cells": [_cell(cell) for cell in coverage.cells],
        "query": "coverage",
        "parameters": {"programme": analysis.programme.thing.iri, "source": coverage.target.source.iri},
        "version": analysis.graph.version or analysis.graph.place,
        "sha256": analysis.graph.sha256,
    }


def _shape(shape: PlanShape) -> Plain:
    """Where the hours of the plan lie and what supports each indicator, each with the whole that it is part of."""
    return {
        "courses": shape.courses,
        "hours": number_plain(shape.hours),
        "loads": [
            {
                "stage": thing_plain(load.stage),
                "module": thing_plain(load.module),
                "courses": load.courses,
                "hours": number_plain(load.hours),
            }
            for load in shape.loads
        ],
        "indicators": [
            {"indicator": thing_plain(support.indicator), "courses": support.courses, "points": support.points}
            for support in shape.supports
        ],
        "queries": [HOURS, INDICATORS],
    }


def target_plain(target: Target) -> Plain:
    """What is aimed at, as plain data."""
    return {
        "basis": target.basis,
        "source": thing_plain(target.source),
        "dueFor": thing_plain(target.due_for),
        "dueTerm": target.due_term,
        "dueStated": target.due_is_stated,
        "level": target.level,
    }


def _group(group: Group) -> Plain:
    inner = [_group(part) for part in group.groups]
    return {
        **entity_plain(group.thing),
        "totals": totals_plain(group.totals),
        **({"workContents": inner} if inner else {}),
    }


def _cell(cell: Cell) -> Plain:
    requirement, verdict = cell.requirement, cell.verdict
    return {
        "requirement": thing_plain(requirement.thing),
        "kind": requirement.kind,
        "function": thing_plain(requirement.function),
        "workContent": thing_plain(requirement.work),
        "point": thing_plain(requirement.point),
        "state": verdict.state,
        "reviewedState": cell.reviewed.state,
        "leastDepth": cell.demand.least_depth,
        "leastDepthStated": cell.demand.depth_is_stated,
        "dueTerm": cell.demand.due_term,
        "weight": number_plain(cell.weight),
        "chosen": thing_plain(verdict.chosen.course) if verdict.chosen else None,
        "reasons": [
            {"code": s.code, "measured": number_plain(s.measured), "threshold": number_plain(s.threshold)}
            for s in verdict.shortfalls
        ],
        "offers": [
            {
                "course": thing_plain(offer.course), "depth": offer.depth, "hours": number_plain(offer.hours),
                "lastTerm": offer.last_term, "assessed": offer.assessed, "evidence": evidence_plain(offer.coverage),
            }
            for offer in cell.offers
        ],
        "evidence": evidence_plain(requirement.evidence),
        "examinations": [evidence_plain(examination) for examination in cell.examinations],
    }  # fmt: skip


def totals_plain(totals: Totals) -> Plain:
    """Counts and shares, reading by reading and table by table, as plain data."""
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
    return {name: number_plain(value) for name, value in names.items()}


def evidence_plain(evidence: Evidence) -> Plain:
    """Where something stands, as plain data."""
    told = {
        "iri": evidence.iri,
        "document": evidence.source,
        "cell": evidence.locator,
        "grade": evidence.grade,
        "reviewer": evidence.reviewer,
        "statedIn": evidence.stated_in,
    }
    return {key: value for key, value in told.items() if value}


def thing_plain(thing: Thing | None) -> Plain | None:
    """An entity as plain data; none stays none."""
    return None if thing is None else entity_plain(thing)


def entity_plain(thing: Thing) -> Plain:
    """An entity by its IRI, code and labels, as plain data."""
    return {"iri": thing.iri, "code": thing.code, "label": text_plain(thing.label)}


def text_plain(text: Text) -> dict[str, str]:
    """A text in zh and en, as plain data."""
    return {"zh": text.zh, "en": text.en}


def number_plain(value: Fraction | float | bool | str | None) -> float | bool | str | None:
    """A figure as JSON has it: a whole one without decimals, others rounded."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    rounded = round(float(value), 4)
    return int(rounded) if rounded.is_integer() else rounded


def _dump(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
