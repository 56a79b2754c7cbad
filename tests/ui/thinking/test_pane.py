"""The thinking pane: a chain that grows is, at its end, the chain that a reopened message shows."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from desktop_app.domain.delta import TextDelta, ThinkingDelta
from desktop_app.domain.message import Message, MessageState, Role, Text, Thought
from desktop_app.ui.placeholder import Placeholder
from desktop_app.ui.thinking.pane import ThinkingPane

EMPTY = Message(id="a", role=Role.ASSISTANT, state=MessageState.STREAMING)
FINAL = replace(
    EMPTY,
    parts=(Thought("One, two.", 1.0), Text("First. "), Thought("Three.", 2.0), Text("Second.")),
    state=MessageState.COMPLETE,
)


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[ThinkingPane]:
    window = QMainWindow()
    qtbot.addWidget(window)
    widget = ThinkingPane(window)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, widget)
    window.resize(600, 500)
    window.show()
    yield widget
    window.hide()


def test_what_grew_is_what_is_reopened(pane: ThinkingPane) -> None:
    pane.show_chain([EMPTY])
    assert list(pane.view.entries()) == []
    for deltas in (
        [ThinkingDelta("One, "), ThinkingDelta("two.")],
        [TextDelta("First. ")],
        [ThinkingDelta("Three.")],
        [TextDelta("Second.")],
    ):
        pane.add_deltas("a", deltas)
    assert [step.text for step in pane.view.entries()] == ["One, two.", "Three."]
    assert not any(step.streaming for step in pane.view.entries())
    pane.finish(FINAL)
    grown = list(pane.view.entries())
    pane.show_chain([])
    pane.show_chain([FINAL])
    assert list(pane.view.entries()) == grown


def test_it_goes_on_in_the_middle_of_a_thought(pane: ThinkingPane) -> None:
    half = replace(EMPTY, parts=(Thought("Done.", 1.0), Text("x"), Thought("Half")))
    pane.show_chain([half])
    pane.add_deltas("a", [ThinkingDelta(" and whole.")])
    assert [step.text for step in pane.view.entries()] == ["Done.", "Half and whole."]
    pane.add_deltas("a", [TextDelta("y"), ThinkingDelta("Another.")])
    assert [step.text for step in pane.view.entries()][2:] == ["Another."]


def test_another_messages_thinking_is_not_taken_in(pane: ThinkingPane) -> None:
    pane.show_chain([FINAL])
    before = list(pane.view.entries())
    pane.add_deltas("b", [ThinkingDelta("elsewhere")])
    pane.finish(replace(FINAL, id="b"))
    assert list(pane.view.entries()) == before


def test_a_placeholder_stands_where_there_is_no_thinking(pane: ThinkingPane) -> None:
    (words,) = pane.findChildren(Placeholder)
    assert words.isVisible()
    pane.show_chain([FINAL])
    assert not words.isVisible()
    pane.show_chain([replace(FINAL, parts=(Text("No thinking."),))])
    assert words.isVisible()
    # A screen reader finds the timeline in any case.
    assert pane.view.isVisible()
    assert pane.message_id == "a"


def test_it_can_stand_in_a_window_of_its_own(pane: ThinkingPane) -> None:
    buttons = {b.accessibleName(): b for b in pane.findChildren(QToolButton)}
    detach = buttons["Detach the thinking panel"]
    floating = pane.isFloating()
    detach.click()
    assert pane.isFloating() is not floating
    buttons["Hide the thinking panel"].click()
    assert not pane.isVisible()
