"""Hostile texts, each in a process of its own with a deadline: no crash, no hang, no long step."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.transcript.hostile_child import CASES

CHILD = Path(__file__).with_name("hostile_child.py")
ROOT = Path(__file__).parents[3]
DEADLINE = 60.0
"""Wall seconds for one text of 300,000 characters; about one second on an idle machine."""
LONGEST_STEP = 3.0
"""CPU seconds. Measured 0.75 at most: opening 75,000 headings at once."""


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_text_neither_hangs_nor_crashes_the_view(name):
    done = subprocess.run(
        [sys.executable, str(CHILD), name],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    longest, _ = map(float, done.stdout.split())
    assert longest < LONGEST_STEP
