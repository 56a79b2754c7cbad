"""The program as a child process without a display: its own home, no way out of this machine."""

import os
import select
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

ROOT = Path(__file__).parents[2]
LOOPBACK_ONLY = ROOT / "tests" / "e2e" / "loopback_only"
PATIENCE = 30.0
"""Seconds that anything may take; the machine may be busy."""

BUILT: Final = os.environ.get("INTERLEAVE_PROGRAM")
"""The built program when that is to be tested; `make dist` says so."""

COMMAND: Final = (BUILT,) if BUILT else (sys.executable, "-m", "desktop_app")
"""What starts the program."""

_NOT_HANDED_DOWN = (
    "OPENAI_", "MINIMAX_", "XDG_", "QT_", "DISPLAY", "WAYLAND_", "DBUS_", "LANG", "LC_",
    "PYTHON_KEYRING", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy",
    "all_proxy", "COLUMNS",
)  # fmt: skip


def environment(home: Path, **variables: str) -> dict[str, str]:
    """Return the variables of a person whose home is `home`, with `variables` on top.

    There is no session bus and no keyring daemon: the program finds no keyring.
    """
    own = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_HANDED_DOWN)}
    own |= {
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join((str(LOOPBACK_ONLY), str(ROOT))),
        "PYTHONIOENCODING": "utf-8",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        "LANG": "C.UTF-8",
    }
    return own | variables


def run(
    *arguments: str | Path,
    home: Path,
    variables: Mapping[str, str] | None = None,
    timeout: float = PATIENCE,
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end and return what it printed."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment(home, **(variables or {})),
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )


class Child:
    """The program while it runs; what it prints can be read as it comes."""

    def __init__(
        self, *arguments: str | Path, home: Path, variables: Mapping[str, str] | None = None
    ) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            env=environment(home, **(variables or {})),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._pipes = {self.process.stdout.fileno(): b"", self.process.stderr.fileno(): b""}
        self._out, self._err = self._pipes

    @property
    def stdout(self) -> str:
        """What has come on standard output so far."""
        return self._pipes[self._out].decode("utf-8")

    @property
    def stderr(self) -> str:
        """What has come on standard error so far."""
        return self._pipes[self._err].decode("utf-8")

    def read_until(self, *, stdout: str = "", stderr: str = "") -> None:
        """Wait until both streams hold these words; fails when the program ends without them."""
        deadline = time.monotonic() + PATIENCE
        while stdout not in self.stdout or stderr not in self.stderr:
            ready, _, _ = select.select(list(self._pipes), [], [], deadline - time.monotonic())
            assert ready, f"not in time: {self.stdout!r} {self.stderr!r}"
            ended = True
            for pipe in ready:
                data = os.read(pipe, 65536)
                self._pipes[pipe] += data
                ended = ended and not data
            assert not (ended and len(ready) == 2), f"ended: {self.stdout!r} {self.stderr!r}"

    def wait(self) -> int:
        """Read both streams to their end and return the exit status."""
        out, err = self.process.communicate(timeout=PATIENCE)
        self._pipes[self._out] += out
        self._pipes[self._err] += err
        return self.process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def files_below(folder: Path) -> list[Path]:
    """Return every file below `folder`, relative to it."""
    return sorted(file.relative_to(folder) for file in folder.rglob("*") if not file.is_dir())


_SCENARIO = """
import asyncio, sys
from desktop_app.ui import main_window
from tests.ui.window_kit import until

begin = main_window.MainWindow.start

async def scenario(window):
{scenario}

async def within_time(window):
    try:
        async with asyncio.timeout(20):
            await scenario(window)
    finally:
        window.close()

async def start(window):
    await begin(window)
    # It runs once the program has nothing more to do for its start.
    window.scenario = asyncio.get_running_loop().create_task(within_time(window))
    window.scenario.add_done_callback(lambda task: task.result())

main_window.MainWindow.start = start
from desktop_app.__main__ import main
raise SystemExit(main(sys.argv[1:]))
"""


def run_with_window(
    scenario: str,
    *arguments: str | Path,
    home: Path,
    variables: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the program with its window, without a display; the window is closed after `scenario`.

    Args:
        scenario: Lines of a coroutine that knows `window` and `until`; what it prints comes back.
        arguments: The program's own.
        home: The person's home folder.
        variables: On top of the environment.
    """
    return subprocess.run(
        [
            sys.executable,
            "-c",
            _SCENARIO.format(scenario=textwrap.indent(textwrap.dedent(scenario), "    ")),
            *map(str, arguments),
        ],
        env=environment(home, QT_QPA_PLATFORM="offscreen", **(variables or {})),
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
