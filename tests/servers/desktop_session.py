"""A desktop of its own for tests of the whole program: screen, window manager, session, accessibility.

An X server without a screen (Xvfb), openbox, a private D-Bus session with a temporary home, the
accessibility bus, and on request an unlocked GNOME Keyring. Nothing of the desktop of whoever runs
the tests is seen or touched, and every process is gone when the context ends.
"""

import os
import selectors
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.secret_service import private_secret_service, private_session_bus

ACCESSIBILITY_BUS = Path("/usr/libexec/at-spi-bus-launcher")
PROGRAMS = ("Xvfb", "openbox", "xdotool", "dbus-daemon", "gnome-keyring-daemon")
SCREEN = "1440x900x24"
_PATIENCE = 20.0

# What would lead the program to the desktop, the language or the keys of whoever runs the tests.
_NOT_HANDED_DOWN = (
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "LANGUAGE",
    "LC_ALL",
    "LC_MESSAGES",
    "QT_QPA_PLATFORM",
    "QT_QPA_PLATFORMTHEME",
    "QT_STYLE_OVERRIDE",
    "QT_SCALE_FACTOR",
    "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE",
    "DESKTOP_SESSION",
    "NO_AT_BRIDGE",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "MINIMAX_API_KEY",
    "GNOME_KEYRING_CONTROL",
    "SSH_AUTH_SOCK",
    "PYTHON_KEYRING_BACKEND",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
)


def missing_programs() -> list[str]:
    """Return which of the programs that this needs are not installed."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    return missing if ACCESSIBILITY_BUS.exists() else [*missing, ACCESSIBILITY_BUS.name]


@dataclass(frozen=True)
class DesktopSession:
    """A desktop that is running.

    Attributes:
        environment: All variables for a program that is started on it.
    """

    environment: Mapping[str, str]

    def key(self, *keys: str) -> None:
        """Press keys by their X names, with modifiers joined by a plus sign: `ctrl+q`, `Return`."""
        self._xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type `text` on the keyboard, a key at a time, into whatever has the focus."""
        self._xdotool("type", "--delay", "4", "--", text)

    def click(self, x: int, y: int) -> None:
        """Click the left mouse button at a point of the screen, in pixels."""
        self._xdotool("mousemove", "--sync", str(x), str(y), "click", "1")

    def screenshot(self, file: Path) -> bool:
        """Write a picture of the whole screen; False where ImageMagick is not installed."""
        if shutil.which("import") is None:
            return False
        self._run("import", "-window", "root", str(file))
        return True

    def _xdotool(self, *words: str) -> None:
        self._run("xdotool", *words)

    def _run(self, *command: str) -> None:
        subprocess.run(
            command, env=dict(self.environment), check=True, timeout=_PATIENCE, capture_output=True
        )


@contextmanager
def desktop_session(
    folder: Path, *, keyring: bool = False, languages: str = ""
) -> Iterator[DesktopSession]:
    """Run a desktop for as long as the block lasts.

    Args:
        folder: An empty folder; the home of the session is made in it.
        keyring: Whether an unlocked GNOME Keyring runs. Without it the session has no keyring.
        languages: What the person reads, as the variable LANGUAGE has it: `zh_CN`, or nothing.
    """
    session_bus = private_secret_service if keyring else private_session_bus
    with session_bus(folder) as session:
        environment = {
            name: value for name, value in os.environ.items() if name not in _NOT_HANDED_DOWN
        }
        environment |= session
        environment |= {
            "LANG": f"{languages}.UTF-8" if languages else "C.UTF-8",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_ACCESSIBILITY": "1",
        }
        if languages:
            environment["LANGUAGE"] = languages
        with _x_server(environment) as display:
            environment["DISPLAY"] = display
            with (
                _window_manager(environment),
                _running([str(ACCESSIBILITY_BUS), "--launch-immediately"], environment),
            ):
                yield DesktopSession(environment)


@contextmanager
def _x_server(environment: Mapping[str, str]) -> Iterator[str]:
    """Run Xvfb on a display that is free; yield its name once it takes connections."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN]
    command += ["-nolisten", "tcp", "-noreset", "-dpi", "96"]
    try:
        with _running(command, environment, pass_fds=(writing,)):
            yield f":{_first_line(reading, 'Xvfb did not say which display it serves')}"
    finally:
        os.close(reading)
        os.close(writing)


@contextmanager
def _window_manager(environment: Mapping[str, str]) -> Iterator[None]:
    """Run openbox; the block begins when it takes care of windows.

    A window that is there before it never gets the keyboard from it.
    """
    pipe = Path(environment["XDG_RUNTIME_DIR"]) / "openbox-is-ready"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    command = ["openbox", "--sm-disable", "--startup", f"sh -c 'echo ready > {pipe}'"]
    try:
        with _running(command, environment):
            _first_line(reading, "openbox did not say that it is ready")
            yield
    finally:
        os.close(reading)


def _first_line(descriptor: int, complaint: str) -> str:
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            if not selector.select(_PATIENCE):
                raise TimeoutError(complaint)
            line += os.read(descriptor, 16)
    return line.decode().strip()


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], pass_fds: tuple[int, ...] = ()
) -> Iterator[None]:
    with subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=pass_fds,
    ) as process:
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
