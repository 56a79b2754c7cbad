"""Runs Python in a process of its own, with limits, and ends all of it; knows no tool.

The limits of the system are set by ``resources/run_python/confined.py``, inside the new process.
"""

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.paths import resource
from desktop_app.tools._work import Stop

MEMORY_BYTES: Final = 1024 * 1024 * 1024
MOST_OUTPUT: Final = 1_000_000
_PIECE: Final = 64 * 1024
_LOOK_SECONDS: Final = 0.5
_LAST_WORDS_SECONDS: Final = 1.0

IS_CONFINED: Final = os.name == "posix"
"""Whether the limits of the system can be set; on Windows the clock and the output alone are kept."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of it.

    Attributes:
        output: What it wrote.
        errors: What it wrote as errors.
        status: How it ended: 0 is well, 128 and more is by a signal.
        seconds: How long it ran.
        network_cut: Whether it had no network.
        ended_for: Why it was ended; empty when it ended by itself.
    """

    output: str
    errors: str
    status: int
    seconds: float
    network_cut: bool
    ended_for: str


def interpreter() -> str:
    """Return the Python to run: our own, or in a packaged program the one on the PATH.

    Raises:
        ToolError: When there is none.
    """
    if not getattr(sys, "frozen", False):
        return sys.executable
    for name in ("python3", "python"):
        if (found := shutil.which(name)) is not None:
            return found
    raise ToolError("There is no Python on this computer; install Python 3 to use this tool.")


def run(code: str, seconds: int, stop: Stop, *, memory: int = MEMORY_BYTES) -> Ran:
    """Run ``code`` in a fresh folder that is removed afterwards; blocks.

    Args:
        code: Python.
        seconds: Longest time, by the clock and of the processor.
        stop: Ends it.
        memory: Bytes that each of its processes may ask for.

    Raises:
        StoppedError: When ``stop`` was told so.
        ToolError: When it cannot be started.
    """
    python = interpreter()
    with tempfile.TemporaryDirectory(prefix="interleave-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, "main.py")
        file.write_text(code, encoding="utf-8", errors="surrogatepass", newline="\n")
        told, tell = os.pipe()
        try:
            process = subprocess.Popen(
                _command(python, file, tell, seconds, memory),
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(tell,) if IS_CONFINED else (),
                start_new_session=IS_CONFINED,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
                | getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            os.close(told)
            raise ToolError(f"Python cannot be started: {error.strerror}.") from None
        finally:
            os.close(tell)
        with process, os.fdopen(told, "rb") as news:
            watch = _Watch(process, time.monotonic() + seconds)
            stop.call(watch.kill)
            try:
                watch.read_all()
            finally:
                watch.close()
            stop.look()
            cut = IS_CONFINED and news.read(4) == b"cut"
        return watch.result(network_cut=cut)


def _command(python: str, file: Path, tell: int, seconds: int, memory: int) -> list[str]:
    plain = ["-I", "-B", "-X", "utf8"]
    if not IS_CONFINED:
        return [python, *plain, str(file)]
    confined = resource("run_python", "confined.py")
    return [python, *plain, str(confined), str(tell), str(seconds), str(memory), str(file)]


def _environment(folder: str) -> dict[str, str]:
    """Return the few variables that programs expect, and nothing of ours: no key, no address."""
    variables = {
        "PATH": os.defpath,
        "HOME": folder,
        "TMPDIR": folder,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
    }
    if os.name == "nt":
        variables |= {"TEMP": folder, "TMP": folder, "USERPROFILE": folder}
        # Without it, Windows finds no random numbers and no sockets.
        variables["SYSTEMROOT"] = os.environ.get("SYSTEMROOT", r"C:\Windows")
    return variables


class _Watch:
    """Reads what a process writes, and ends it with all that it started."""

    def __init__(self, process: "subprocess.Popen[bytes]", deadline: float) -> None:
        self._process = process
        self._began = time.monotonic()
        self._deadline = deadline
        self._texts: dict[IO[bytes], bytearray] = {
            stream: bytearray() for stream in (process.stdout, process.stderr) if stream is not None
        }
        self._ended_for = ""
        self._lock = threading.Lock()
        self._is_over = False

    def kill(self) -> None:
        """End it, and everything in its group; whoever waits for it hears of it."""
        if os.name == "nt":
            if self._process.poll() is None:
                subprocess.run(
                    ["taskkill", "/F", "/T", "/PID", str(self._process.pid)],
                    capture_output=True,
                    check=False,
                )
            return
        with self._lock, contextlib.suppress(ProcessLookupError, PermissionError):
            if not self._is_over:
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End what is left of it; from now on its number may be that of another process."""
        self.kill()
        with self._lock:
            self._is_over = True

    def read_all(self) -> None:
        """Read until it has ended, or was ended."""
        if os.name == "nt":
            self._read_on_windows()
            return
        last_words = float("inf")
        with selectors.DefaultSelector() as selector:
            for stream, text in self._texts.items():
                selector.register(stream, selectors.EVENT_READ, text)
            while selector.get_map() and time.monotonic() < last_words:
                for key, _ in selector.select(_LOOK_SECONDS):
                    self._take(selector, key)
                now = time.monotonic()
                if not self._ended_for and now > self._deadline:
                    self._end("it took too long")
                if last_words == float("inf") and (self._ended_for or self._has_ended()):
                    # What it left behind holds the pipes open.
                    self.kill()
                    last_words = now + _LAST_WORDS_SECONDS
        while not (self._ended_for or self._has_ended()):
            if time.monotonic() > self._deadline:
                self._end("it took too long")
            time.sleep(0.01)

    def _take(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        piece = os.read(key.fd, _PIECE)
        if not piece:
            selector.unregister(key.fileobj)
        elif len(key.data) < MOST_OUTPUT:
            key.data.extend(piece)
        else:
            self._end("it wrote too much")

    def _end(self, reason: str) -> None:
        self._ended_for = reason
        self.kill()

    def _has_ended(self) -> bool:
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return self._process.poll() is not None
        # Looked at without taking it: until it is taken, no other process has its number.
        ended = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return ended is not None

    def _read_on_windows(self) -> None:
        """Read with the library's own threads: pipes cannot be selected there."""
        try:
            texts = self._process.communicate(timeout=self._deadline - time.monotonic())
        except subprocess.TimeoutExpired:
            self._end("it took too long")
            texts = self._process.communicate()
        for known, text in zip(self._texts.values(), texts, strict=True):
            known.extend(text[:MOST_OUTPUT])

    def result(self, *, network_cut: bool) -> Ran:
        """Return what came of it; it has ended."""
        status = self._process.wait()
        output, errors = (
            text[:MOST_OUTPUT].decode("utf-8", "replace") for text in self._texts.values()
        )
        return Ran(
            output=output,
            errors=errors,
            status=status if status >= 0 else 128 - status,
            seconds=time.monotonic() - self._began,
            network_cut=network_cut,
            ended_for=self._ended_for,
        )
