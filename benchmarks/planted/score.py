"""``python -m benchmarks planted``: plant gaps, let the engine look, and count what it found of them and what beside.

Precision is the share of what was found that was planted, recall the share of what was planted that was found;
both for each code, and both must be 1.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from . import resting, tracks
from .gaps import PLANTERS
from .plan import Plan, Planted, sheets_of, shown, sound, write
from .policy import BREAKABLE, frame
from .resources import WHOLE_GRAPH, furnish

SIZES = {"small": (1, 20, 1), "medium": (2, 80, 3), "large": (4, 250, 5)}
"""Programmes, sound requirements in each, and gaps of each code in each."""


def world(seed: int, size: str) -> list[Plan]:
    """The programmes of a seed and size, with everything that was planted; always the same.

    Beside those of the size stands one small plan for each clause that a plan as a whole can break.
    """
    chance = random.Random(f"planted/{size}/{seed}")
    programmes, cells, gaps = SIZES[size]
    plans = [sound(number, cells, chance) for number in range(1, programmes + 1)]
    for plan in plans:
        order = [planter for planter in PLANTERS.values() for _ in range(gaps)]
        chance.shuffle(order)
        for planter in order:
            planter(plan)
        finish(plan)
    for code in BREAKABLE:
        plans.append(sound(len(plans) + 1, 5, chance, free=8))
        finish(plans[-1], code)
    return plans + special(len(plans) + 1, gaps, chance)


def special(number: int, gaps: int, chance: random.Random) -> list[Plan]:
    """The plans that stand for more than themselves, numbered from ``number``: see ``tracks``."""
    plans = [
        *tracks.two_tracks(number, gaps, chance),
        tracks.staged(number + 2, gaps, chance),
        tracks.superseded(number + 3, gaps, chance),
        tracks.recoded(number + 4, chance),
        sound(number + 5, 20, chance, free=8),
    ]
    resting.lean(plans[-1])
    for plan in plans:
        finish(plan)
    return plans


def finish(plan: Plan, broken: str = "") -> None:
    """Give a plan all that it lacks by oversight, and write down what follows from what was planted."""
    resting.spread(plan)
    resting.write_down(plan)
    if plan.track == "高职":
        frame(plan, broken)
    else:
        plan.make_room()
        furnish(plan)


def planted_in(plans: Iterable[Plan]) -> list[Planted]:
    """Everything that must be found."""
    return sorted(one for plan in plans for one in plan.planted)


def found_in(folder: Path, codes: Iterable[str]) -> list[Planted]:
    """What the engine finds of some codes in a workbook.

    Raises:
        SystemExit: when the workbook is refused: then the generator is wrong, and no figure means anything.
    """
    from zhiji_kg.analysis import analyse, programmes  # the engine; nothing else here knows it
    from zhiji_kg.build import draft
    from zhiji_kg.store.oxigraph import EmbeddedStore

    prepared = draft([folder])
    if prepared.errors or prepared.complete is None:
        sys.exit(f"{folder}: {[str(problem.code) for problem in prepared.errors]}")
    store, wanted = EmbeddedStore.in_memory(prepared.complete.quads()), set(codes)
    found: list[Planted] = []
    told: list[set[Planted]] = []
    for programme in programmes(store):
        for finding in analyse(store, programme).findings:
            if finding.code in wanted:
                subject, other = (named(thing) for thing in (finding.subject, finding.object))
                code = WHOLE_GRAPH if finding.basis == "group" else programme.thing.code.partition("@")[0]
                found.append(Planted(code, finding.code, subject, other, shown(finding.measured)))
        told.append({one for one in found if one.programme == WHOLE_GRAPH})
    return sorted(once(found, told))


def once(found: list[Planted], told: list[set[Planted]]) -> list[Planted]:
    """What was found, the findings of the whole graph once each: every programme's list has to repeat them.

    Raises:
        SystemExit: when the programmes do not tell the same of the whole graph.
    """
    if any(one != told[-1] for one in told):
        sys.exit("the programmes tell different findings of the whole graph")
    return [one for one in found if one.programme != WHOLE_GRAPH] + sorted(told[-1] if told else ())


def named(thing: object) -> str:
    """The code of a thing, else its Chinese name; nothing for none."""
    return "" if thing is None else thing.code or thing.name("zh")  # type: ignore[attr-defined]


def score(
    planted: Iterable[Planted], found: Iterable[Planted], tried: Iterable[str] = ()
) -> dict[str, tuple[int, int, int]]:
    """For each code how much was planted, how much was found, and how much of that was right; repeats count.

    Every code of ``tried`` is counted, also one that was neither planted nor found.
    """
    wanted, got = Counter(planted), Counter(found)
    right = wanted & got
    codes = sorted({*tried, *(one.code for one in [*wanted, *got])})
    return {code: tuple(_of(code, counted) for counted in (wanted, got, right)) for code in codes}  # type: ignore[misc]


def passed(planted: int, found: int, right: int) -> bool:
    """Whether a code is 1.0 / 1.0; one that was not planted is not, since nothing was tried."""
    return 0 < planted == found == right


def _of(code: str, counted: Counter[Planted]) -> int:
    return sum(number for one, number in counted.items() if one.code == code)


def codes_planted() -> list[str]:
    """The codes that are planted."""
    planters = {code for names in PLANTERS for code in names.split(" + ")}
    return sorted(planters | set(BREAKABLE) | set(tracks.CODES) | {resting.CODE})


def codes_known() -> list[str]:
    """The codes that the engine knows or that are planted: what each world is asked for."""
    from zhiji_kg.analysis import load_profile

    return sorted({*load_profile().codes, *codes_planted()})


def planted(seeds: Iterable[int], sizes: Iterable[str], keep: Path | None = None) -> int:
    """Print precision and recall of each code at each size, over the seeds; the exit status.

    It is 0 only where every code was planted in every world, and both figures are 1.

    Args:
        seeds: one world each.
        sizes: names of ``SIZES``.
        keep: where the workbooks and their truth are left, if anywhere.
    """
    failed, codes = 0, codes_known()
    print(f"{'size':8} {'seed':>4} {'code':8} {'planted':>8} {'found':>6} {'right':>6} {'precision':>10} {'recall':>7}")
    for size in sizes:
        for seed in seeds:
            with tempfile.TemporaryDirectory(prefix="zhiji-planted-") as scratch:
                folder = (keep or Path(scratch)) / f"{size}-{seed}"
                plans = world(seed, size)
                write(sheets_of(plans, f"planted-{size}-{seed}"), folder)
                if keep is not None:
                    write({"truth": truth(plans)}, folder.with_name(f"{folder.name}-truth"))
                scores = score(planted_in(plans), found_in(folder, codes), codes)
            for code, counts in scores.items():
                print(line(size, seed, code, *counts))
                failed += not passed(*counts)
    print("all 1.0 / 1.0" if not failed else f"{failed} codes are not 1.0 / 1.0")
    print(not_planted(codes_planted()))
    return 1 if failed else 0


def truth(plans: Iterable[Plan]) -> list[list[str]]:
    """What must be found, as a table."""
    rows = [[one.programme, one.code, one.subject, one.object, one.measured] for one in planted_in(plans)]
    return [["programme", "code", "subject", "object", "measured"], *rows]


def line(size: str, seed: int, code: str, planted: int, found: int, right: int) -> str:
    """One line of the table; a share of nothing is shown as a dash."""
    precision, recall = (f"{right / whole:.3f}" if whole else "–" for whole in (found, planted))
    return f"{size:8} {seed:>4} {code:8} {planted:>8} {found:>6} {right:>6} {precision:>10} {recall:>7}"


def not_planted(codes: Iterable[str]) -> str:
    """The codes that the engine knows and nothing plants yet."""
    from zhiji_kg.analysis import load_profile

    missing = sorted(set(load_profile().codes) - set(codes))
    return f"not planted: {' '.join(missing) or 'none'}"
