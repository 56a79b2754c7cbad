"""All hostile texts, at every size, into the block view: no crash, no hang, no long step.

    python -m tests.fuzz.fuzz_texts [--children 2] [--seconds N] [--seed N] [--only WORDS]

All of them take some 22 minutes of processor time. They come in an order that the seed decides, so
that a run that ends after `--seconds` has seen a bit of everything. A text that ends its process, or
does not end within the deadline, is named, and the run goes on after it. Findings are printed as they
come.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from tests.ui.transcript.hostile_corpus import everything

ROOT = Path(__file__).parents[2]
DEADLINE = 180.0
"""Seconds for one text of at most a million characters, nearly all of which take less than twenty."""

LONGEST_STEP = 0.4
"""CPU seconds of the window's thread."""

TOLD_EVERY = 100
"""Texts from one line of progress to the next."""


@dataclass
class Run:
    """The texts that are still to be shown, and what was seen of the others."""

    names: deque[str]
    ends_at: float
    steps: list[float] = field(default_factory=list)
    wholes: list[tuple[float, str]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    shown: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> str | None:
        """The next text; None where none is left, or no time."""
        with self.lock:
            return self.names.popleft() if self.names and time.monotonic() < self.ends_at else None

    def take(self, line: str) -> None:
        """What a child says of a text."""
        name, longest, steps, whole = json.loads(line)
        with self.lock:
            self.shown += 1
            self.steps += steps
            self.wholes.append((whole, name))
            if self.shown % TOLD_EVERY == 0:
                print(f"{self.shown} texts shown, {len(self.names)} to come", flush=True)
        if longest > LONGEST_STEP:
            self.find(f"{name}: a step of {longest:.3f} s")

    def find(self, finding: str) -> None:
        """Note what is wrong."""
        with self.lock:
            self.findings.append(finding)
            print(finding, flush=True)


def show(run: Run) -> None:
    """Have texts shown by one child after the other: a new one only where the last one has ended."""
    child = None
    while (name := run.next()) is not None:
        if child is None or child.poll() is not None:
            child = subprocess.Popen(
                [sys.executable, "-m", "tests.ui.transcript.hostile_child", "named", "0", "1"],
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert child.stdin is not None
        assert child.stdout is not None
        begun = time.monotonic()
        watchdog = threading.Timer(DEADLINE, child.kill)
        watchdog.start()
        child.stdin.write(f"{name}\n")
        child.stdin.flush()
        line = child.stdout.readline()
        watchdog.cancel()
        if line:
            run.take(line)
            continue
        status = child.wait()
        was_killed = time.monotonic() - begun >= DEADLINE
        run.find(f"{name}: " + ("did not end" if was_killed else f"ended with status {status}"))
    if child is not None and child.poll() is None:
        assert child.stdin is not None
        child.stdin.close()
        if child.wait(DEADLINE):
            run.find(f"a child ended with status {child.returncode}")


def main() -> int:
    """Show the texts; return 1 after a finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="texts whose names hold these words")
    asked = parser.parse_args()
    names = [name for name, _ in everything() if asked.only in name]
    random.Random(asked.seed).shuffle(names)
    run = Run(deque(names), time.monotonic() + asked.seconds)
    print(f"{len(names)} texts, seed {asked.seed}", flush=True)
    threads = [threading.Thread(target=show, args=(run,)) for _ in range(asked.children)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    steps, wholes = sorted(run.steps), sorted(run.wholes, reverse=True)
    if steps:
        print(
            f"{run.shown} texts shown, {len(steps)} steps: longest {1000 * steps[-1]:.0f} ms,"
            f" 99 of 100 below {1000 * steps[int(len(steps) * 0.99)]:.0f} ms;"
            f" the longest by key or to a hit {wholes[0][0]:.2f} s ({wholes[0][1]})"
        )
    print("\n".join(run.findings) or "no finding")
    return 1 if run.findings else 0


if __name__ == "__main__":
    sys.exit(main())
