"""Commands about the ontology itself: is it sound, what follows from it, and how it maps to others."""

import json
import re
from argparse import Namespace
from dataclasses import asdict
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ExitStatus
from ..findings import Grid
from ..texts import LIST_MARK
from ..vocabulary import shorten
from . import console
from .ask import hand_over
from .options import LANGUAGE, Parser, misuse, told

_IRI = re.compile("<([^>]+)>")
_ACTIONS = {
    "check": frozenset({"seconds"}),
    "mappings": frozenset({"form", "read", "output"}),
    "changes": frozenset({"since"}),
}
"""What can be asked of the ontology, and which options go with it besides ``--json``."""

if TYPE_CHECKING:
    from decimal import Decimal

    from ..reasoner.check import OntologyReport
    from ..reasoner.java import Profile
    from ..sssom import Correspondence


def ontology_arguments(parser: Parser) -> Parser:
    """``zhiji ontology check [--seconds N]``, ``mappings [--format F] [--read FILE] [-o]``, ``changes --since F``."""
    parser.add_argument("action", choices=tuple(_ACTIONS), help=told("option.action"))
    parser.option("--json", action="store_true")
    parser.option("--seconds", type=float, metavar="N")
    parser.option("--format", dest="form", choices=("table", "sssom", "turtle"))
    parser.option("--read", type=Path, metavar="FILE")
    parser.option("--since", type=Path, metavar="FILE")
    parser.output()
    return parser


def ontology(given: Namespace) -> ExitStatus:
    """Judge the ontology, hand over its mappings, or tell what changed in it."""
    options = {name: getattr(given, name) for name in ("seconds", "form", "read", "since", "output")}
    for name, value in options.items():
        if value is not None and name not in _ACTIONS[given.action]:
            option = "--format" if name == "form" else f"--{name}"
            raise misuse("zhiji ontology", told("ontology.not_for", option=option, action=given.action))
    return {"check": _check, "mappings": _mappings, "changes": _changes}[given.action](given)


def _changes(given: Namespace) -> ExitStatus:
    """The terms that an earlier release had not, or had otherwise."""
    from ..evolution import changes_since  # reads the whole ontology

    if given.since is None:
        raise misuse("zhiji ontology", told("ontology.since_what"))
    found = changes_since(given.since)
    if given.json:
        console.line(json.dumps([asdict(change) for change in found], ensure_ascii=False, indent=2))
        return ExitStatus.FINE
    mark = LIST_MARK[LANGUAGE]
    rows = tuple(
        (told(f"ontology.{c.change}"), c.term, c.label(LANGUAGE), mark.join(said.property for said in c.statements))
        for c in found
    )
    console.table(Grid("", tuple(told("ontology.change_headings").split("|")), rows, frozenset()))
    return ExitStatus.FINE


def _mappings(given: Namespace) -> ExitStatus:
    """The shipped mappings, or those of a file; a table for people, SSSOM and Turtle for programs."""
    from .. import sssom  # reads the whole ontology

    found = sssom.read_sssom(given.read) if given.read else sssom.shipped_mappings()
    if given.json and not given.form:
        plain = [asdict(mapping) | {"confidence": _number(mapping.confidence)} for mapping in found]
        hand_over(json.dumps(plain, ensure_ascii=False, indent=2) + "\n", given.output)
        return ExitStatus.FINE
    form = given.form or ("turtle" if given.read else "sssom" if given.output else "table")
    if form == "table" and given.output is None:
        console.table(_table(found))
    elif form == "table":
        raise misuse("zhiji ontology", told("ontology.not_for", option="--output", action="--format table"))
    else:
        hand_over(sssom.write_sssom(found) if form == "sssom" else sssom.write_turtle(found), given.output)
    return ExitStatus.FINE


def _number(confidence: "Decimal | None") -> float | None:
    return None if confidence is None else float(confidence)


def _table(mappings: "list[Correspondence]") -> Grid:
    from ..sssom import compact

    zh = LANGUAGE == "zh"
    rows = tuple(
        (
            (m.subject_label_zh if zh else m.subject_label) or compact(m.subject_id),
            compact(m.predicate_id),
            compact(m.object_id),
            m.object_label,
            "" if m.confidence is None else str(m.confidence),
            m.comment_zh if zh else m.comment,
        )
        for m in mappings
    )
    return Grid("", tuple(told("ontology.headings").split("|")), rows, frozenset({4}))


def _check(given: Namespace) -> ExitStatus:
    from ..reasoner.check import check_ontology  # reads the whole ontology
    from ..reasoner.hermit import PATIENCE

    seconds = PATIENCE if given.seconds is None else given.seconds
    if not 0 < seconds < inf:
        raise misuse("zhiji ontology", told("ontology.seconds"))
    report = check_ontology(seconds, _step)
    if given.json:
        console.line(json.dumps(_plain(report), ensure_ascii=False, indent=2))
    else:
        for said in _told(report):
            console.line(said)
    return ExitStatus.FINE if report.sound else ExitStatus.WRONG


def _step(key: str) -> None:
    console.step(key, LANGUAGE)


def _plain(report: "OntologyReport") -> dict[str, object]:
    """The report as JSON shows it: every field, and the verdict."""
    return {
        "sound": report.sound,
        "modules": list(report.modules),
        "dlModules": list(report.dl_modules),
        "consistent": {name: said.consistent for name, said in report.classified.items()},
        "unsatisfiable": {name: list(said.unsatisfiable) for name, said in report.classified.items()},
        "unintendedEquivalences": [list(names) for names in report.equivalences],
        "stages": [
            {"lower": s.lower, "higher": s.higher, "inferred": s.inferred, "asserted": s.asserted}
            for s in report.stages
        ],
        "profiles": {
            name: {p.name: {"inside": p.inside, "violations": list(p.violations)} for p in profiles}
            for name, profiles in report.profiles.items()
        },
        "konclude": None if report.second is None else {"agrees": report.agreed},
    }


def _told(report: "OntologyReport") -> list[str]:
    """The report as a person reads it, a line each."""
    mark = LIST_MARK[LANGUAGE]
    return [
        told("ontology.modules", modules=mark.join(report.modules), dl=mark.join(report.dl_modules) or "–"),
        *_consistency(report),
        *_subsumptions(report),
        _equivalences(report),
        *(_profile(which, profile) for which, found in report.profiles.items() for profile in found),
        _second_opinion(report),
        told("ontology.sound") if report.sound else told("ontology.wrong"),
    ]


def _consistency(report: "OntologyReport") -> list[str]:
    lines = []
    for name, said in report.classified.items():
        which = told(f"ontology.{name}")
        if not said.consistent:
            lines.append(told("ontology.inconsistent", which=which))
        elif said.unsatisfiable:
            lines.append(told("ontology.unsatisfiable", which=which, classes=_listed(said.unsatisfiable)))
        else:
            lines.append(told("ontology.consistent", which=which))
    return lines


def _subsumptions(report: "OntologyReport") -> list[str]:
    from ..reasoner.check import judged_triples, labels  # reads the whole ontology

    names = labels(judged_triples(), LANGUAGE)
    lines = []
    for stage in report.stages:
        how = "asserted" if stage.asserted else "inferred" if stage.inferred else "missing"
        lower, higher = (names.get(name, shorten(name)) for name in (stage.lower, stage.higher))
        lines.append(told("ontology.stage", lower=lower, higher=higher, how=told(f"ontology.{how}")))
    return lines or [told("ontology.no_stages")]


def _equivalences(report: "OntologyReport") -> str:
    if not report.equivalences:
        return told("ontology.no_equivalent")
    return told(
        "ontology.equivalent", classes="; ".join(" ≡ ".join(map(shorten, same)) for same in report.equivalences)
    )


def _profile(name: str, profile: "Profile") -> str:
    which = told(f"ontology.{name}")
    if profile.inside:
        return told("ontology.inside", which=which, profile=profile.name)
    if name == "dl" and profile.name == "RL":
        return told("ontology.outside_meant", which=which, profile=profile.name)
    shown = "; ".join(_IRI.sub(lambda found: shorten(found[1]), violation)[:160] for violation in profile.violations)
    return told("ontology.outside", which=which, profile=profile.name, violations=shown)


def _second_opinion(report: "OntologyReport") -> str:
    if report.second is None:
        return told("ontology.no_konclude")
    return told("ontology.konclude_agrees" if report.agreed else "ontology.konclude_differs")


def _listed(names: tuple[str, ...]) -> str:
    return LIST_MARK[LANGUAGE].join(map(shorten, names))
