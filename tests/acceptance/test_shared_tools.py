"""The acceptance tools of the project's makers, where their folder stands beside ours."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ONTOCHECK = ROOT.parent / "shared" / "tools" / "ontocheck" / "ontocheck.py"


@pytest.mark.java
@pytest.mark.skipif(not ONTOCHECK.is_file(), reason="the folder shared/ does not stand beside the project")
@pytest.mark.skipif(shutil.which("java") is None, reason="ontocheck needs a Java of the system")
def test_ontocheck_finds_nothing_wrong_with_the_ontology():
    files = [str(path) for path in sorted((ROOT / "ontology").glob("*.ttl"))]
    command = [sys.executable, str(ONTOCHECK), *files, "--langs", "zh,en", "--profile", "DL,RL"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    last = run.stdout.strip().splitlines()[-1]
    assert ", 0 failed," in last, run.stdout
