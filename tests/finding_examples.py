"""The minimal examples of the finding codes, ``examples/findings/<CODE>/``, and what the engine finds in them.

``found/`` and ``not-found/`` are workbooks as small as can be: the first has the thing that the code names, the
second is the same with that one thing mended. ``expected.json`` holds ``shows`` (zh and en: what is wrong in the
first), ``findings`` (all findings of the code in the first, each with code, subject, object, measured, threshold;
a thing without a code goes by its Chinese name) and, only where the example cannot be without, ``errors`` (the codes
of the problems with which ``zhiji check`` refuses either workbook).
"""

import csv
import json
from dataclasses import dataclass

from zhiji_kg.analysis import analyse, load_profile, programmes
from zhiji_kg.build import draft
from zhiji_kg.resources import EXAMPLES
from zhiji_kg.store.oxigraph import EmbeddedStore

FOLDER = EXAMPLES / "findings"
SIDES = ("found", "not-found")
CODES = sorted(load_profile().codes)


@dataclass(frozen=True)
class Told:
    """What of a finding an example states."""

    code: str
    subject: str
    object: str | None
    measured: float | bool | str | None
    threshold: float | bool | str | None


def expected(code):
    """The file ``expected.json`` of a code."""
    return json.loads((FOLDER / code / "expected.json").read_text(encoding="utf-8"))


def expected_findings(code):
    """The findings that ``found/`` must give of its code, sorted."""
    return in_order(Told(**one) for one in expected(code)["findings"])


def sheets(code, side):
    """The rows of each sheet of an example, by the name of the sheet."""
    read = {}
    for path in sorted((FOLDER / code / side).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            read[path.stem] = list(csv.reader(file))
    return read


def store_of(prepared):
    """The graph of a draft, in memory."""
    return EmbeddedStore.in_memory(prepared.complete.quads())


def findings_in(store):
    """Everything that the engine finds in a graph: of each programme, and of the group, each once."""
    told = [finding for programme in programmes(store) for finding in analyse(store, programme).findings]
    return list({(f.code, f.subject, f.object, f.source, f.due_for, f.point): f for f in told}.values())


def told_of(findings, code):
    """The findings of a code as an example states them, sorted."""
    return in_order(Told(f.code, name(f.subject), name(f.object), f.measured, f.threshold)
                    for f in findings if f.code == code)  # fmt: skip


def name(thing):
    """The code of a thing, its Chinese name where it has none."""
    return None if thing is None else thing.code or thing.name("zh")


def in_order(findings):
    """Findings in one order, whatever they hold."""
    return sorted(findings, key=lambda told: [str(value) for value in (told.subject, told.object, told.measured)])


def checked(code, side):
    """The draft of an example."""
    return draft([FOLDER / code / side])


__all__ = ["CODES", "FOLDER", "SIDES", "Told", "checked", "expected", "expected_findings", "findings_in",
           "sheets", "store_of", "told_of"]  # fmt: skip
