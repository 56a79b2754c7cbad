"""Measures the timeline: what a delta costs beside its text, and a result of 5 MB.

Run it with ``make bench``, or alone. Figures are processor time of this thread; the first is a
ratio within one run.
"""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QMainWindow

from desktop_app.domain.delta import Delta, ThinkingDelta, ToolCallDelta
from desktop_app.domain.message import (
    Message,
    MessageState,
    Role,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.ui.conversation.tool_calls import Live
from desktop_app.ui.thinking.pane import ThinkingPane

DELTAS = 4_000
LIVE = Live(is_running=True, rounds=25)


def seconds(act: Callable[[], object]) -> float:
    """Return the processor time that ``act`` takes in this thread."""
    begun = time.thread_time()
    act()
    return time.thread_time() - begun


def turn(rounds: int) -> list[Message]:
    """Return a turn of so many rounds, each with a thought, two calls and their results."""
    messages: list[Message] = []
    for number in range(rounds):
        calls = tuple(ToolCall(f"c{n}", "read_file", '{"path": "a.txt"}') for n in range(2))
        results = tuple(ToolResult(f"c{n}", "read_file", "line\n" * 20) for n in range(2))
        thought = Thought("I look at the next file. " * 20, 1.0)
        messages.append(Message(f"a{number}", Role.ASSISTANT, (thought, *calls)))
        messages.append(Message(f"t{number}", Role.TOOL, results))
    return messages


def stream(pane: ThinkingPane, before: list[Message], deltas: Sequence[Delta]) -> float:
    """Return what ``deltas`` cost after ``before``, one event each, painting apart."""
    open_message = Message("open", Role.ASSISTANT, (), state=MessageState.STREAMING)
    pane.show_turn([*before, open_message], LIVE)
    begun = (
        replace(open_message, parts=(Thought(deltas[0].text),))
        if isinstance(deltas[0], ThinkingDelta)
        else replace(open_message, parts=(ToolCall("c", "write", ""),))
    )

    def grow() -> None:
        for delta in deltas:
            pane.add_deltas((delta,), lambda: begun)

    cost = seconds(grow)
    pane.view.take_in_deltas()
    return cost


def main() -> None:
    """Print the figures."""
    application = QApplication.instance() or QApplication([])
    window = QMainWindow()
    pane = ThinkingPane(window)
    window.setCentralWidget(pane)
    window.resize(420, 800)
    window.show()
    application.processEvents()
    for name, delta in (
        ("thinking", ThinkingDelta("word ")),
        ("arguments of a call", ToolCallDelta(0, "c", "write", "word ")),
    ):
        deltas = [delta] * DELTAS
        stream(pane, [], deltas)
        alone, long = stream(pane, [], deltas), stream(pane, turn(25), deltas)
        print(
            f"a delta of {name}: {1e6 * alone / DELTAS:.1f} us; after 25 rounds"
            f" {long / alone:.2f} times that"
        )
    lines = [
        json.dumps({"id": n, "name": f"row {n}", "values": [n, {"a": None}]}) for n in range(90_000)
    ]
    for name, text in (("5 MB in lines", "\n".join(lines)), ("5 MB in one line", " ".join(lines))):
        first, last = turn(1)
        pane.show_turn([first, replace(last, parts=(), state=MessageState.STREAMING)], LIVE)
        result = replace(last, parts=(ToolResult("c0", "read_file", text[:5_000_000], sent=""),))
        came = seconds(lambda: pane.add_message(result))  # noqa: B023
        painted = seconds(lambda: pane.view.grab())
        again = seconds(lambda: pane.view.grab())
        print(
            f"a result of {name}: taken in {1e3 * came:.0f} ms, painted {1e3 * painted:.0f} ms,"
            f" once more {1e3 * again:.1f} ms"
        )


if __name__ == "__main__":
    main()
