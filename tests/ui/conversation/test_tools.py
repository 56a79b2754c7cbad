"""Questions with tools, as a person meets them: the real window, sessions, store and server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from desktop_app.chat.events import Phase
from desktop_app.demo.journal import Gate
from desktop_app.demo.script import Call, Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.domain.tool import Risk
from desktop_app.ui.conversation.entries import CALLS
from desktop_app.ui.transcript.entry import EntryKind, Tone
from tests.tool_fakes import FakeSource
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until

READ = {"path": "notes.txt"}


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def files() -> FakeSource:
    source = FakeSource("builtin", "Built-in tools")
    source.give("read_file", "the third line", risk=Risk.WRITES)
    return source


def usage(prompt: int, completion: int) -> dict[str, int]:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def script(server: DemoServer) -> None:
    """A question with one round of a tool."""
    server.enqueue(
        Reply([Think("I should look."), Call("read_file", READ)], usage=usage(100, 20)),
        Reply([Think("Found it."), Say("It is *there*.")], usage=usage(150, 10)),
    )


def card(rig: Rig) -> str:
    """What the card shows, whole."""
    view = rig.window.work.page.approval.view
    return "\n".join(f"{entry.name}\n{entry.text}" for entry in view.entries())


async def asked(rig: Rig) -> None:
    await rig.phase(Phase.ASKING)
    await until(lambda: rig.has("Allow once"), "the question")


async def ask(rig: Rig) -> None:
    """Send the question that wants a tool, and wait until the tool wants permission."""
    rig.send("Where is it?")
    await asked(rig)


def answers(rig: Rig) -> list[tuple[str, dict[str, str]]]:
    return [
        (entry.text, {action.id: action.label for action in entry.actions})
        for entry in rig.entries
        if entry.kind is EntryKind.ASSISTANT
    ]


def test_a_round_is_allowed_by_keyboard_and_read_in_the_timeline(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, files: FakeSource
) -> None:
    script(server)

    async def first_run() -> None:
        async with open_window(tmp_path, server, tools=[files]) as rig:
            rig.send("Where is it?")
            rig.type("what I type meanwhile ")
            await asked(rig)
            assert rig.status == "waiting for your permission"
            assert json.dumps(READ) in card(rig)
            # Nothing took the focus: what is typed goes on, and Enter and Space allow nothing.
            box = rig.named("Message", QPlainTextEdit)
            assert QApplication.focusWidget() is box
            QTest.keyClicks(box, " and more")
            assert box.toPlainText().endswith("meanwhile  and more")
            assert files.calls == []
            (entry, calls) = answers(rig)[0]
            assert (entry, calls) == ("", {CALLS: "Waiting for your permission: read_file"})
            assert [step.caption for step in rig.steps][1:] == ["waiting for you"]
            assert rig.steps[1].tone is Tone.WAITING
            assert rig.steps[0].heading == "Round 1 of 25 · 20 tokens"

            # A call without its result is no cut of the chain as long as it may get one.
            await until(rig.window.work.page.header.chain.isVisible, "the forecast")
            assert rig.window.work.page.header.chain.accessibleName().startswith("Chain complete")
            rig.trigger("answer_question")
            assert rig.window.work.page.approval.view.hasFocus()
            while QApplication.focusWidget() is not rig.window.work.page.approval.once:
                QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            QTest.keyClick(rig.window.work.page.approval.once, Qt.Key.Key_Space)
            await rig.settled()
            assert [call.arguments for call in files.calls] == [READ]
            assert not rig.has("Allow once")
            assert QApplication.focusWidget() is box
            seen(rig)

    def seen(rig: Rig) -> None:
        assert [(step.name, step.text) for step in rig.steps] == [
            ("Thought", "I should look."),
            ("Tool call read_file", '{"path": "notes.txt"}'),
            ("Tool result read_file", "the third line"),
            ("Thought", "Found it."),
        ]
        assert [step.heading for step in rig.steps] == [
            "Round 1 · 20 tokens",
            "",
            "",
            "Round 2 · 10 tokens",
        ]
        assert [entry.kind for entry in rig.entries] == [
            EntryKind.USER,
            EntryKind.ASSISTANT,
            EntryKind.ASSISTANT,
        ]
        (compact, calls), (text, actions) = answers(rig)
        assert compact == ""
        assert calls[CALLS].startswith("Called read_file")
        assert text == "It is *there*."
        assert list(actions) == ["copy", "retry", "wire"]
        assert rig.entries[-1].note.startswith("280 tokens")

    async def second_run() -> None:
        async with open_window(tmp_path, server, tools=[files]) as rig:
            await until(lambda: rig.entries, "the conversation")
            seen(rig)

    qloop(first_run())
    qloop(second_run())


def test_a_call_is_denied_with_a_reason(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, files: FakeSource
) -> None:
    script(server)

    async def scenario() -> None:
        async with open_window(tmp_path, server, tools=[files]) as rig:
            await ask(rig)
            rig.click("Deny with a reason…")
            reason = rig.named("Reason for the denial", QLineEdit)
            assert reason.hasFocus()
            QTest.keyClicks(reason, "not that file")
            QTest.keyClick(reason, Qt.Key.Key_Return)
            await rig.settled()
            assert files.calls == []
            assert rig.steps[1].caption == "denied"
            assert "not that file" in rig.steps[2].text
            assert "not that file" in json.dumps(server.posts[-1].json)
            assert answers(rig)[0][1][CALLS] == "Called read_file · 1 denied"

    qloop(scenario())


def test_several_questions_are_asked_one_after_the_other(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, files: FakeSource
) -> None:
    files.give("write_file", "written", risk=Risk.WRITES)
    files.previews["write_file"] = "--- a\n+++ a\n-old\n+new\n"
    calls = [Call("read_file", READ), Call("write_file", {"path": "b"})]
    server.enqueue(Reply(calls), Reply([Say("Done.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server, tools=[files]) as rig:
            await ask(rig)
            page = rig.window.work.page
            assert [each.tool.name for each in page.approval.questions] == [
                "read_file",
                "write_file",
            ]
            rig.click("Next question")
            assert "What would change\n--- a\n+++ a\n-old\n+new" in card(rig)
            page.approval.deny.setFocus()
            rig.click("Deny")
            shown = page.approval.shown
            assert shown is not None
            assert shown.tool.name == "read_file"
            # The key that answered one question does not answer the next.
            assert page.approval.view.hasFocus()
            assert rig.steps[0].caption == "waiting for you"
            rig.click("Allow for this conversation")
            await rig.settled()
            assert [call.tool.name for call in files.calls] == ["read_file"]
            assert answers(rig)[0][1][CALLS].startswith("Called read_file, write_file · 1 denied")

    qloop(scenario())


def test_a_tool_that_runs_is_named_and_stopped(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, files: FakeSource
) -> None:
    gate = Gate()
    files.give("read_file", gate)
    script(server)

    async def scenario() -> None:
        async with open_window(tmp_path, server, tools=[files]) as rig:
            await ask(rig)
            rig.click("Allow once")
            await rig.phase(Phase.RUNNING_TOOL)
            await files.begun.arrived(1)
            await until(lambda: rig.status.startswith("running read_file"), "the status")
            assert rig.steps[1].caption == "running"
            assert answers(rig)[0][1] == {CALLS: "Calling read_file …"}
            rig.click("Stop")
            await rig.settled()
            assert rig.steps[1].caption == "interrupted"
            (_, actions) = answers(rig)[-1]
            assert "retry" in actions
            assert rig.entries[-1].note.startswith("Stopped")

    qloop(scenario())


def test_stop_takes_the_question_back(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, files: FakeSource
) -> None:
    script(server)

    async def scenario() -> None:
        async with open_window(tmp_path, server, tools=[files]) as rig:
            await ask(rig)
            rig.press(Qt.Key.Key_Escape)
            await rig.settled()
            assert not rig.has("Allow once")
            assert files.calls == []
            assert rig.status == "stopped"
            assert rig.steps[1].caption == "interrupted"
            # What the tool was to find is asked for again with the next round.
            assert "continue" in answers(rig)[-1][1]

    qloop(scenario())


def test_the_way_leads_from_the_answer_to_the_timeline_and_back(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, files: FakeSource
) -> None:
    script(server)
    server.enqueue(Reply([Say("word\n\n" * 200)]))

    async def scenario() -> None:
        async with open_window(tmp_path, server, tools=[files]) as rig:
            await ask(rig)
            rig.click("Allow once")
            await rig.settled()
            await rig.ask("And more?")
            assert rig.steps == []
            thinking, view = rig.window.thinking, rig.window.work.page.view
            thinking.hide()
            rig.press_action(rig.entries[1], CALLS)
            assert thinking.isVisible()
            assert len(rig.steps) == 4
            bottom = view.verticalScrollBar().value()
            thinking.view.entry_selected.emit(rig.steps[-1].id)
            assert view.verticalScrollBar().value() < bottom
            view.entry_selected.emit(rig.entries[-1].id)
            assert rig.steps == []
            view.entry_selected.emit(rig.entries[2].id)
            assert len(rig.steps) == 4

    qloop(scenario())


def test_the_whole_answer_is_asked_for_again(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, files: FakeSource
) -> None:
    script(server)
    server.enqueue(Reply([Say("Without looking.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server, tools=[files]) as rig:
            await ask(rig)
            rig.click("Allow once")
            await rig.settled()
            rig.press_action(rig.entries[-1], "retry")
            await rig.settled()
            assert rig.texts == ["Where is it?", "Without looking."]
            rig.press_action(rig.entries[-1], "version-previous")
            await until(lambda: len(rig.entries) == 3, "the earlier version")
            assert [action.id for action in rig.entries[-1].actions][:2] == [
                "version-previous",
                "version-next",
            ]
            assert len(rig.steps) == 4

    qloop(scenario())


def test_another_conversation_that_asks_is_marked(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, files: FakeSource
) -> None:
    script(server)

    async def scenario() -> None:
        async with open_window(tmp_path, server, tools=[files]) as rig:
            await ask(rig)
            asking = rig.session
            await rig.new_conversation()
            assert not rig.has("Allow once")
            model = rig.window.sidebar._list.model()
            description = Qt.ItemDataRole.AccessibleDescriptionRole
            assert "waits for your permission" in model.index(0, 0).data(description)
            assert not rig.window.banners.has("question")
            # Where the list is hidden, a notice says it and leads there.
            rig.trigger("toggle_sidebar")
            rig.window.work.questions.show()
            assert rig.window.banners.has("question")
            rig.trigger("toggle_sidebar")
            rig.window.sidebar.conversation_chosen.emit(asking.conversation.id)
            await until(lambda: rig.has("Allow once"), "the question again")
            assert not rig.window.banners.has("question")
            rig.click("Deny")
            await rig.settled()
            assert "waits" not in model.index(0, 0).data(description)

    qloop(scenario())
