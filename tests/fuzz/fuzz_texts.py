"""All hostile texts, at every size, into the block view: no crash, no hang, no long step.

    python -m tests.fuzz.fuzz_texts [--children 2]

Each child shows its share; a text that does not end within the deadline is named, and ends the run.
"""

import argparse
import json
import subprocess
import sys
import threading
from itertools import islice
from pathlib import Path

from tests.ui.transcript.hostile_corpus import everything

ROOT = Path(__file__).parents[2]
DEADLINE = 60.0
"""Seconds for one text of at most a million characters."""

LONGEST_STEP = 0.4
"""CPU seconds of the window's thread."""


class Child:
    """One process that shows every n-th text."""

    def __init__(self, share: int, shares: int) -> None:
        self.names = [name for name, _ in islice(everything(), share, None, shares)]
        self.steps: list[float] = []
        self.findings: list[str] = []
        command = [sys.executable, "-m", "tests.ui.transcript.hostile_child", "everything"]
        self._process = subprocess.Popen(
            [*command, str(share), str(shares)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        """Read a line for each text; a timer kills the child when one is overdue."""
        assert self._process.stdout is not None
        for expected in self.names:
            watchdog = threading.Timer(DEADLINE, self._process.kill)
            watchdog.start()
            line = self._process.stdout.readline()
            watchdog.cancel()
            if not line:
                self.findings.append(f"{expected}: the process ended, or was ended, in this text")
                return
            name, longest, steps, _ = json.loads(line)
            self.steps += steps
            if longest > LONGEST_STEP:
                self.findings.append(f"{name}: a step of {longest:.3f} s")

    def wait(self) -> None:
        """Wait until all texts are shown."""
        self._thread.join()
        if self._process.wait() and not self.findings:
            self.findings.append(f"a child ended with status {self._process.returncode}")


def main() -> int:
    """Show everything; return 1 after a finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=2)
    shares = parser.parse_args().children
    children = [Child(share, shares) for share in range(shares)]
    for child in children:
        child.wait()
    steps = sorted(step for child in children for step in child.steps)
    texts = sum(len(child.names) for child in children)
    print(
        f"{texts} texts, {len(steps)} steps: longest {1000 * steps[-1]:.0f} ms,"
        f" 99 of 100 below {1000 * steps[int(len(steps) * 0.99)]:.0f} ms"
    )
    findings = [finding for child in children for finding in child.findings]
    print("\n".join(findings) or "no finding")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
