"""A server that is asked about keys, played by the test; waiting; and going round with Tab."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop_app.chat.key_check import KeyCheck
from desktop_app.domain.connection import Connection
from desktop_app.domain.errors import ErrorKind, ErrorRecord


def refused(kind: ErrorKind, **facts) -> KeyCheck:
    return KeyCheck((), 12, ErrorRecord(kind, **facts))


class FakeProbe:
    """Answers with what ``answers`` holds for a connection's id; ``gate`` holds every answer back."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: dict[str, KeyCheck | Exception] = {}
        self.gate: asyncio.Event | None = None
        self.cancelled = 0

    async def __call__(self, connection: Connection, key: str) -> KeyCheck:
        self.asked.append((connection.id, key))
        try:
            if self.gate is not None:
                await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        answer = self.answers.get(connection.id, KeyCheck(("MiniMax-M2", "MiniMax-M2-Stable"), 231))
        if isinstance(answer, Exception):
            raise answer
        return answer


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Let the loop run until ``condition`` holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (a window's state has no event)
            await asyncio.sleep(0)


async def tabbed_names(window: QWidget) -> set[str]:
    """Press Tab until the focus is back where it began; return what was reached, by name."""
    window.activateWindow()
    await until(lambda: QApplication.focusWidget() is not None)
    names, first = set(), QApplication.focusWidget()
    for _ in range(100):
        widget = QApplication.focusWidget()
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        names.add(widget.accessibleName() or text)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is first:
            return names
    raise AssertionError("Tab never came back to where it began")
