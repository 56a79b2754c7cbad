"""What tests of the window share: a qasync loop on pytest-qt's application."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from PySide6.QtGui import QGuiApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

T = TypeVar("T")
QLoop = Callable[[Coroutine[Any, Any, T]], T]


@pytest.fixture(autouse=True, scope="session")
def _clipboard_is_emptied() -> Iterator[None]:
    """What is on the offscreen platform's clipboard at the very end is freed twice (Qt 6.11).

    The platforms that people use are not affected.
    """
    yield
    if isinstance(QGuiApplication.instance(), QGuiApplication):
        QGuiApplication.clipboard().clear()


@pytest.fixture
def qloop(qapp) -> Iterator[QLoop]:
    """Run a coroutine on a qasync loop with the test's QApplication; tasks left over are cancelled.

    ``qloop(scenario())`` returns what the coroutine returns, and fails after a minute.
    """
    from desktop_app.ui.event_loop import EventLoop

    async def within_time(work: Coroutine[Any, Any, T]) -> T:
        async with asyncio.timeout(60):
            return await work

    # Closing the only window of a test must not end the loop in the middle of it.
    quits = qapp.quitOnLastWindowClosed()
    qapp.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: EventLoop(qapp)) as runner:
        yield lambda work: runner.run(within_time(work))
    qapp.setQuitOnLastWindowClosed(quits)
