"""Guards the bound on PySide6: a Qt call must not lose a reference to ``None``.

PySide6 6.12.0 drops one at every call that returns nothing; on Python 3.11 the process ends when the
count reaches zero, after some minutes of ordinary use. From Python 3.12 on ``None`` is immortal and
its count stands still.
"""

import json
import os
import subprocess
import sys

CALLS = 20_000
NOISE = 200
"""References to None that the interpreter itself may give back while the calls run."""

PROGRAM = f"""
import json, sys
from PySide6.QtWidgets import QApplication, QWidget

application = QApplication([])
widget = QWidget()
widget.setEnabled(True)
before = sys.getrefcount(None)
for _ in range({CALLS}):
    widget.setEnabled(True)
print(json.dumps([before, sys.getrefcount(None)]))
"""


def test_qt_calls_leave_the_references_to_none_alone() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert answer.returncode == 0, answer.stderr
    before, after = json.loads(answer.stdout)
    assert abs(after - before) < NOISE
