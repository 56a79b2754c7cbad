"""The panes of the window beside one another, whatever is done with them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from desktop_app.demo.script import Reply, Say
from desktop_app.demo.server import DemoServer
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        running.otherwise(Reply([Say("Yes.")]))
        yield running


def in_window(rig: Rig, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(rig.window, QPoint()), widget.size())


@pytest.mark.parametrize("pause", [0.0, 0.05], ids=["at once", "a moment later"])
def test_thinking_put_into_a_window_and_back_lies_on_nothing(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, pause: float
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.window.resize(1240, 800)
            pane, page = rig.window.thinking, rig.window.work.page
            detach = rig.named("Detach the thinking panel", QToolButton)
            await until(lambda: page.width() < 800, "the page beside the pane")
            for _ in range(3):
                detach.click()
                await asyncio.sleep(pause)
                assert pane.isFloating()
                detach.click()
                await until(
                    lambda: not in_window(rig, page).intersects(in_window(rig, pane)),
                    "the page beside the pane again",
                )
                assert not pane.isFloating()

    qloop(scenario())


def test_thinking_in_a_window_has_a_frame_and_leaves_the_shortcuts_working(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            pane = rig.window.thinking
            docked = pane.mapToGlobal(QPoint())
            rig.named("Detach the thinking panel", QToolButton).click()
            assert not pane.windowFlags() & Qt.WindowType.FramelessWindowHint
            assert pane.isVisible()
            assert pane.pos() != docked
            assert pane.screen().availableGeometry().contains(pane.geometry())
            await until(lambda: QApplication.activeWindow() is pane, "the pane's window")
            assert not rig.window.sidebar.isHidden()
            QTest.keyClick(pane, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
            assert rig.window.sidebar.isHidden()

    qloop(scenario())


def test_a_window_that_opens_anew_has_thinking_where_it_was(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.named("Detach the thinking panel", QToolButton).click()
            rig.window.thinking.resize(333, 444)
            await until(lambda: rig.window.thinking.width() == 333, "the size")
            rig.window.close()
        async with open_window(tmp_path, server) as rig:
            pane = rig.window.thinking
            assert pane.isVisible()
            assert pane.isFloating()
            assert pane.size() == QSize(333, 444)
            assert not pane.windowFlags() & Qt.WindowType.FramelessWindowHint

    qloop(scenario())
