"""The thinking pane: a chain that grows is, at its end, the chain that a reopened turn shows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from desktop_app.domain.delta import (
    Delta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    ToolResultDelta,
    UsageDelta,
)
from desktop_app.domain.message import Message, MessageState, Role, Text, Thought, ToolResult
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.domain.tool import ToolProgress
from desktop_app.domain.usage import Usage
from desktop_app.ui.conversation.tool_calls import Live
from desktop_app.ui.placeholder import Placeholder
from desktop_app.ui.thinking.pane import ThinkingPane
from desktop_app.ui.thinking.steps import COPY_JSON, COPY_TEXT, JUMP, REQUEST

EMPTY = Message(id="a", role=Role.ASSISTANT, state=MessageState.STREAMING)
FINAL = replace(
    EMPTY,
    parts=(Thought("One, two.", 1.0), Text("First. "), Thought("Three.", 2.0), Text("Second.")),
    state=MessageState.COMPLETE,
)


class Streamed:
    """A message that grows in the pane as it does in a session."""

    def __init__(self, pane: ThinkingPane, message: Message) -> None:
        self.pane = pane
        self.message = message
        self.builder = MessageBuilder(clock=lambda: 0.0)
        self.asked = 0

    def so_far(self) -> Message:
        self.asked += 1
        return replace(self.message, parts=(*self.message.parts, *self.builder.parts))

    def grow(self, *deltas: Delta) -> None:
        self.builder.add(deltas)
        self.pane.add_deltas(deltas, self.so_far)

    def finish(self) -> Message:
        final = replace(
            self.so_far(), state=MessageState.COMPLETE, usage=self.builder.usage, created_at=1.0
        )
        self.pane.add_message(final)
        return final


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


def begin(pane: ThinkingPane, *before: Message, live: Live | None = None) -> Streamed:
    pane.show_turn([*before, EMPTY], live or Live(is_running=True, rounds=25))
    return Streamed(pane, EMPTY)


def texts(pane: ThinkingPane) -> list[str]:
    return [step.text for step in pane.view.entries()]


def captions(pane: ThinkingPane) -> dict[str, str]:
    return {step.name: step.caption for step in pane.view.entries()}


def test_what_grew_is_what_is_reopened(pane: ThinkingPane) -> None:
    stream = begin(pane)
    assert texts(pane) == []
    stream.grow(ThinkingDelta("One, "), ThinkingDelta("two."))
    stream.grow(TextDelta("First. "))
    stream.grow(ThinkingDelta("Three."))
    stream.grow(TextDelta("Second."))
    assert texts(pane) == ["One, two.", "Three."]
    assert not any(step.streaming for step in pane.view.entries())
    final = stream.finish()
    pane.set_live(Live())
    grown = list(pane.view.entries())
    pane.show_turn([])
    pane.show_turn([final])
    assert list(pane.view.entries()) == grown


def test_a_turn_with_tools_grew_is_what_is_reopened(pane: ThinkingPane) -> None:
    stream = begin(pane)
    stream.grow(ThinkingDelta("Two things."))
    stream.grow(ToolCallDelta(0, "c1", "read_file", '{"path":'))
    stream.grow(ToolCallDelta(1, "c2", "calculator", '{"expression":'))
    stream.grow(ToolCallDelta(0, arguments='"a.txt"}'), ToolCallDelta(1, arguments='"6*7"}'))
    pane.view.take_in_deltas()
    assert texts(pane)[1:] == ['{"path":"a.txt"}', '{"expression":"6*7"}']
    stream.grow(UsageDelta(Usage(100, 42, reasoning=17)))
    asking = stream.finish()
    assert captions(pane)["Thought"] == "17 tokens"
    assert captions(pane)["Tool call read_file"] == "running"
    assert pane.view.entries()[0].heading == "Round 1 of 25 · 42 tokens"

    tools = Message(id="t", role=Role.TOOL, parent="a", state=MessageState.STREAMING)
    pane.add_message(tools)
    results = Streamed(pane, tools)
    # They come in the order of their ends, and are shown in that of the calls.
    results.grow(ToolResultDelta(ToolResult("c2", "calculator", "42", seconds=0.5, sent="42")))
    assert captions(pane)["Tool call calculator"] == "done · 0.5 s"
    assert captions(pane)["Tool call read_file"] == "running"
    results.grow(ToolResultDelta(ToolResult("c1", "read_file", "no", True, sent="no", seconds=1)))
    names = [step.name for step in pane.view.entries()]
    assert names == [
        "Thought",
        "Tool call read_file",
        "Tool call calculator",
        "Tool result read_file",
        "Tool result calculator",
    ]
    assert captions(pane)["Tool call read_file"] == "failed · 1.0 s"
    answered = replace(
        tools, parts=tuple(reversed(results.builder.parts)), state=MessageState.COMPLETE
    )
    pane.add_message(answered)
    last = Message(id="b", role=Role.ASSISTANT, parent="t", state=MessageState.STREAMING)
    pane.add_message(last)
    more = Streamed(pane, last)
    more.grow(ThinkingDelta("So."), TextDelta("42."))
    assert pane.view.entries()[-1].heading == "Round 2 of 25"
    final = more.finish()
    pane.set_live(Live())
    assert [step.heading for step in pane.view.entries() if step.heading] == [
        "Round 1 · 42 tokens",
        "Round 2",
    ]
    grown = list(pane.view.entries())
    pane.show_turn([])
    pane.show_turn([asking, answered, final])
    assert list(pane.view.entries()) == grown


def test_it_goes_on_in_the_middle_of_a_thought(pane: ThinkingPane) -> None:
    half = replace(EMPTY, parts=(Thought("Done.", 1.0), Text("x"), Thought("Half")))
    pane.show_turn([half], Live(is_running=True))
    stream = Streamed(pane, replace(half, parts=half.parts[:2]))
    stream.builder.add([ThinkingDelta("Half")])
    stream.grow(ThinkingDelta(" and whole."))
    pane.view.take_in_deltas()
    assert texts(pane) == ["Done.", "Half and whole."]
    stream.grow(TextDelta("y"), ThinkingDelta("Another."))
    assert texts(pane)[2:] == ["Another."]


def test_deltas_of_an_open_step_cost_nothing_but_their_text(pane: ThinkingPane) -> None:
    stream = begin(pane)
    for _ in range(500):
        stream.grow(ThinkingDelta("word "))
    assert stream.asked == 1
    for number in range(500):
        # Two calls that are written in turns.
        stream.grow(ToolCallDelta(number % 2, f"c{number % 2}", "tool", "x"))
    assert stream.asked == 3
    for _ in range(500):
        stream.grow(TextDelta("word "), UsageDelta(Usage(1, 1)))
    assert stream.asked == 4
    pane.view.take_in_deltas()
    assert [len(text) for text in texts(pane)] == [2500, 250, 250]


def test_a_call_says_how_it_stands(pane: ThinkingPane) -> None:
    stream = begin(pane)
    stream.grow(ToolCallDelta(0, "c1", "a", "{}"), ToolCallDelta(1, "c2", "b", "{}"))
    assert captions(pane) == {"Tool call a": "being written", "Tool call b": "being written"}
    stream.finish()
    running = Live(is_running=True, rounds=25)
    pane.set_live(replace(running, waiting=frozenset({"c1"})))
    assert captions(pane) == {"Tool call a": "waiting for you", "Tool call b": "allowed"}
    pane.set_live(replace(running, progress={"c1": ToolProgress("page 3\n of 7", 0.428)}))
    assert captions(pane)["Tool call a"] == "running · 43 % · page 3 of 7"
    assert captions(pane)["Tool call b"] == "running"
    pane.set_live(Live())
    assert captions(pane)["Tool call a"] == "interrupted"


def test_a_step_can_be_copied_as_text_and_as_json(pane: ThinkingPane) -> None:
    raw = '{"rows":[1,2,3],"name":"\\u4f60","text":"' + "x" * 60 + '"}'
    result = ToolResult("c1", "read", raw)
    stream = begin(pane)
    stream.grow(ToolCallDelta(0, "c1", "read", raw))
    stream.finish()
    pane.add_message(Message(id="t", role=Role.TOOL, parts=(result,)))
    step = pane.view.entries()[-1]
    assert [action.id for action in step.menu] == [JUMP, COPY_TEXT, COPY_JSON]
    for entry in pane.view.entries():
        pane.view.action_activated.emit(entry.id, COPY_JSON)
        assert QGuiApplication.clipboard().text() == raw
        pane.view.action_activated.emit(entry.id, COPY_TEXT)
        assert '\n  "rows": [1, 2, 3],\n  "name": "你",' in QGuiApplication.clipboard().text()


def test_a_step_leads_to_what_came_of_it_by_key_too(pane: ThinkingPane) -> None:
    chosen: list[str] = []
    pane.step_chosen.connect(chosen.append)
    begin(pane).grow(ThinkingDelta("One"))
    (step,) = pane.view.entries()
    pane.view.action_activated.emit(step.id, JUMP)
    assert chosen == [step.id]


def test_what_was_sent_is_asked_for_of_what_a_model_said(pane: ThinkingPane) -> None:
    wanted: list[str] = []
    pane.request_chosen.connect(wanted.append)
    stream = begin(pane)
    stream.grow(ThinkingDelta("One"))
    # Until it is over, nothing of it was recorded.
    assert REQUEST not in [action.id for action in pane.view.entries()[0].menu]
    stream.grow(ToolCallDelta(0, "c1", "read", "{}"))
    stream.finish()
    pane.add_message(Message(id="t", role=Role.TOOL, parts=(ToolResult("c1", "read", "x"),)))
    thought, call, result = pane.view.entries()
    for step in (thought, call):
        assert step.menu[-1].id == REQUEST
        assert step.menu[-1].label == "What was sent for this…"
        pane.view.action_activated.emit(step.id, REQUEST)
    assert REQUEST not in [action.id for action in result.menu]
    (message,) = {pane.timeline.message_of(step.id) for step in (thought, call)}
    assert wanted == [message, message]


def test_another_language_says_the_same(pane: ThinkingPane) -> None:
    stream = begin(pane)
    stream.grow(ThinkingDelta("One"))
    stream.finish()
    before: Sequence[object] = list(pane.view.entries())
    pane.timeline.retranslate()
    assert list(pane.view.entries()) == before


def test_a_placeholder_stands_where_there_is_no_thinking(pane: ThinkingPane) -> None:
    (words,) = pane.findChildren(Placeholder)
    assert words.isVisible()
    pane.show_turn([FINAL])
    assert not words.isVisible()
    pane.show_turn([replace(FINAL, parts=(Text("No thinking."),))])
    assert words.isVisible()
    # A screen reader finds the timeline in any case.
    assert pane.view.isVisible()
    assert pane.turn_id == "a"


def test_it_can_stand_in_a_window_of_its_own(pane: ThinkingPane) -> None:
    buttons = {b.accessibleName(): b for b in pane.findChildren(QToolButton)}
    detach = buttons["Detach the thinking panel"]
    floating = pane.isFloating()
    detach.click()
    assert pane.isFloating() is not floating
    buttons["Hide the thinking panel"].click()
    assert not pane.isVisible()
