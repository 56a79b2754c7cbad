"""Drives the program from outside: a real process, worked through its accessible names.

    with running_program(desktop, "--demo", "--data-dir", folder) as app:
        app.find("Message").set_text("Hello")
        app.find("Send").press()
        app.wait_text("Conversation", contains="Hello")

Waiting means asking again until a condition holds, the time is over or the program has ended, and
an ended program is noticed at once.
"""

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from tests.servers.desktop_session import DesktopSession
from tests.servers.program import COMMAND

T = TypeVar("T")

PROBE = Path(__file__).with_name("accessibility_probe.py")
ROOT = Path(__file__).parents[2]
SYSTEM_PYTHON = Path("/usr/bin/python3")
PYATSPI = Path("/usr/lib/python3/dist-packages/pyatspi/__init__.py")
PATIENCE = 20.0
"""Seconds that anything may take that a person would expect at once; the machine may be busy."""
_ASK_AGAIN = 0.04


class ElementError(LookupError):
    """An element is not there, is gone, or cannot do what was asked of it."""


class NotInTimeError(AssertionError):
    """Something did not come about within the time allowed."""


class ProgramEndedError(AssertionError):
    """The program ended while a test waited for something in its window."""

    def __init__(self, status: int, awaited: str, log: str) -> None:
        super().__init__(f"the program ended with {status} before {awaited}\n{log}")


@dataclass(frozen=True)
class Seen:
    """What a screen reader gets to know of one element; `extents` are x, y, width and height."""

    name: str
    role: str
    description: str
    states: tuple[str, ...]
    text: str | None
    value: float | None
    actions: tuple[str, ...]
    extents: tuple[int, int, int, int] | None

    @property
    def words(self) -> str:
        """Its text where it has one, else its description."""
        return self.text if self.text is not None else self.description


class Element:
    """One element of the window: a button, a text box, a message."""

    def __init__(self, app: "Application", number: int) -> None:
        self._app = app
        self._number = number

    def look(self) -> Seen:
        """Return how it is now."""
        fields = self._ask("describe")
        return Seen(**{k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()})

    @property
    def text(self) -> str:
        """Its text where it has one, else its description."""
        return self.look().words

    @property
    def name(self) -> str:
        """Its accessible name."""
        return self.look().name

    @property
    def children(self) -> list["Element"]:
        """Its children in order."""
        return [Element(self._app, number) for number in self._ask("children")]

    @property
    def whole_text(self) -> str:
        """Its own text, or for a list what its children say, a line each: `name: text`."""
        seen = self.look()
        if seen.text is not None:
            return seen.text
        said = [(child.name, child.words) for child in (child.look() for child in self.children)]
        return "\n".join(f"{name}: {words}" for name, words in said if name or words)

    def press(self, action: str | None = None) -> None:
        """Perform an action, the first one if none is named."""
        self._ask("press", action=action)

    def set_text(self, text: str) -> None:
        """Replace what stands in this text box."""
        self._ask("set_text", text=text)

    def focus(self) -> None:
        """Give it the keyboard and wait until it has it."""
        self._ask("focus")
        self._app.wait_until(lambda: "focused" in self.look().states, f"focus of {self.name}")

    def select(self, child_name: str) -> None:
        """Select the child of that name in this list or combo box."""
        names = [child.name for child in self.children]
        self._ask("select_child", index=names.index(child_name))

    def click(self) -> None:
        """Click its middle with the mouse."""
        extents = self.look().extents
        assert extents is not None
        x, y, width, height = extents
        self._app.desktop.click(x + width // 2, y + height // 2)

    def find(self, name: str | None = None, role: str | None = None) -> "Element":
        """Wait for an element below this one; see `Application.find`."""
        return self._app.find(name, role, within=self)

    @property
    def number(self) -> int:
        """How the probe calls it."""
        return self._number

    def _ask(self, operation: str, **arguments: Any) -> Any:
        return self._app.ask(operation, element=self._number, **arguments)


class Application:
    """The program, running; as one object for what a test does to it and sees of it."""

    def __init__(
        self,
        desktop: DesktopSession,
        process: subprocess.Popen[bytes],
        probe: subprocess.Popen[str],
        log: Path,
    ) -> None:
        self.desktop = desktop
        self._process = process
        self._probe = probe
        self._log = log
        self._ended = os.pidfd_open(process.pid)

    def wait_for_window(self, timeout: float = PATIENCE) -> Self:
        """Wait until a window is there and has the keyboard."""
        self.wait_until(
            lambda: self.ask("find_program", pid=self._process.pid), "the program", timeout
        )
        self.wait_until(
            lambda: any(
                "active" in element.look().states
                for role in ("frame", "dialog", "window")
                for element in self.all(role=role)
            ),
            "an active window",
            timeout,
        )
        return self

    def find(
        self,
        name: str | None = None,
        role: str | None = None,
        *,
        within: Element | None = None,
        timeout: float = PATIENCE,
    ) -> Element:
        """Wait for an element that shows, by accessible name or role, and return the first one."""
        what = f"{role or 'element'} {name!r}"
        return self.wait_until(lambda: self.all(name, role, within=within), what, timeout)[0]

    def here(self, name: str, role: str | None = None) -> Element:
        """Return the first element of that name and role that shows now.

        Raises:
            ElementError: When there is none.
        """
        found = self.all(name, role)
        if not found:
            raise ElementError(name)
        return found[0]

    def all(
        self,
        name: str | None = None,
        role: str | None = None,
        *,
        within: Element | None = None,
        showing: bool = True,
    ) -> list[Element]:
        """Return the elements of that name and role that are there now."""
        start = within.number if within is not None else 0
        numbers = self.ask("find", within=start, name=name, role=role, showing=showing)
        return [Element(self, number) for number in numbers]

    def wait_gone(self, name: str, role: str | None = None, timeout: float = PATIENCE) -> None:
        """Wait until no element of that name and role shows."""
        self.wait_until(lambda: not self.all(name, role), f"the end of {name!r}", timeout)

    def wait_text(
        self,
        name: str,
        role: str | None = None,
        *,
        contains: str | None = None,
        equals: str | None = None,
        lacks: str | None = None,
        timeout: float = PATIENCE,
    ) -> str:
        """Wait until the words of an element and its children are as asked; return them."""

        def read() -> str | None:
            text = self.here(name, role).whole_text
            right = (
                (contains is None or contains in text)
                and (equals is None or equals == text)
                and (lacks is None or lacks not in text)
            )
            return text if right else None

        wish = ", ".join(
            f"{verb} {text!r}"
            for verb, text in (("contains", contains), ("is", equals), ("lacks", lacks))
            if text is not None
        )
        return self.wait_until(read, f"{name!r} that {wish}", timeout)

    def wait_until(
        self, condition: Callable[[], T], what: str = "it", timeout: float = PATIENCE
    ) -> T:
        """Ask `condition` again and again until what it returns is true, and return that.

        An element that is not there, or no longer, counts as not yet.

        Raises:
            NotInTimeError: When the time is over; with what the window shows.
            ProgramEndedError: When the program has ended.
        """
        deadline = time.monotonic() + timeout
        while True:
            reason = ""
            try:
                result = condition()
            except ElementError as error:
                reason = f" ({error})"
            else:
                if result:
                    return result
            if select.select([self._ended], [], [], _ASK_AGAIN)[0]:
                raise ProgramEndedError(self._process.wait(), what, self.log)
            if time.monotonic() > deadline:
                complaint = f"no {what} within {timeout} s{reason}\n{self.outline()}\n{self.log}"
                raise NotInTimeError(complaint)

    def wait_ended(self, timeout: float = PATIENCE) -> int:
        """Wait until the program has ended by itself; return its exit status."""
        return self._process.wait(timeout)

    @property
    def has_ended(self) -> bool:
        """Whether the program is no longer running."""
        return self._process.poll() is not None

    @property
    def log(self) -> str:
        """What the program has written to its output and error output."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def outline(self) -> str:
        """Return the tree of the window as a screen reader finds it, a line an element."""
        try:
            return "\n".join(self.ask("outline", element=0))
        except ElementError as error:
            return f"(no window: {error})"

    def ask(self, operation: str, **arguments: Any) -> Any:
        """Let the probe do something; see `accessibility_probe.py`.

        Raises:
            ElementError: When it cannot be done.
        """
        assert self._probe.stdin is not None
        assert self._probe.stdout is not None
        self._probe.stdin.write(json.dumps({"operation": operation, "arguments": arguments}) + "\n")
        self._probe.stdin.flush()
        line = self._probe.stdout.readline()
        if not line:
            raise AssertionError("the accessibility probe has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise ElementError(answer["error"])
        return answer["result"]

    def close(self) -> None:
        """Kill the program if it still runs, with everything that it started."""
        if not self.has_ended:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)
        os.close(self._ended)


@contextmanager
def running_program(
    desktop: DesktopSession,
    *arguments: str | Path,
    log: Path,
    environment: dict[str, str] | None = None,
    command: tuple[str, ...] = COMMAND,
) -> Iterator[Application]:
    """Start the program on `desktop` and wait for its window; it is gone when the block ends.

    Args:
        desktop: Where its window opens.
        *arguments: Its command line.
        log: The file that takes its output and error output.
        environment: Variables beyond those of the desktop.
        command: What to start.
    """
    variables = {**desktop.environment, **(environment or {})}
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [str(SYSTEM_PYTHON), str(PROBE)],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as probe,
        subprocess.Popen(
            [*command, *map(str, arguments)],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as process,
    ):
        app = Application(desktop, process, probe, log)
        try:
            yield app.wait_for_window()
        finally:
            app.close()
            assert probe.stdin is not None
            probe.stdin.close()
            probe.wait(PATIENCE)
