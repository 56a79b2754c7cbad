"""What will be sent, in the real window, held against what the server gets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from desktop_app.chat.outgoing import Reason
from desktop_app.demo.script import Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.message import Sending
from desktop_app.providers.openai_chat import loading
from desktop_app.ui.context.cut_mark import (
    CUT_ID,
    EDIT_SUMMARY,
    OPEN_LEDGER,
    SUM_UP,
    SUMMARY_ID,
)
from desktop_app.ui.context.dialog import ContextDialog
from desktop_app.ui.context.summary_dialog import SummaryDialog
from desktop_app.ui.thinking.steps import REQUEST
from desktop_app.ui.transcript.entry import EntryKind
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until

WORDS = "because of the leaves " * 60
"""About 280 tokens."""


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


async def talk(rig: Rig, server: DemoServer, *questions: str) -> None:
    for question in questions:
        server.enqueue(Reply([Think("Hm."), Say(WORDS)]))
        await rig.ask(question)


def last_body(server: DemoServer) -> list[Any]:
    messages: list[Any] = server.posts[server.posts.total - 1].json["messages"]
    return messages


async def forecast(rig: Rig, answers: int) -> None:
    """Wait for the forecast that knows of so many messages, and the draft."""

    def is_there() -> bool:
        made = rig.window.work.context.watch.forecast
        return made is not None and len(made.branch) == answers + 1

    await until(is_there, "the forecast")


def tight(rig: Rig, tokens: int) -> None:
    """Leave so little room for requests."""
    rig.session.set_parameters(Parameters(max_tokens=204_800 - tokens))


def ledger(rig: Rig) -> ContextDialog:
    return rig.window.work.context.open()


def titles(dialog: ContextDialog) -> list[tuple[str, str]]:
    return [(item.text(0), item.text(3)) for item in dialog._top_items()]


def select(dialog: ContextDialog, title: str) -> None:
    dialog.tree.setCurrentItem(next(i for i in dialog._top_items() if i.text(0).startswith(title)))


def push(dialog: Any, words: str) -> None:
    buttons = dialog.findChildren(QPushButton)
    button = next(b for b in buttons if b.text().replace("&", "") == words)
    assert button.isEnabled()
    button.click()


def test_the_header_says_how_full_the_window_is_and_that_the_chain_is_whole(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            header = rig.window.work.page.header
            assert not header.meter.isVisible()
            assert not header.chain.isVisible()
            await talk(rig, server, "Why?")
            await until(header.meter.isVisible, "the meter")
            await forecast(rig, 2)
            assert header.meter.text().startswith("< 1%")
            assert "204" in header.meter.accessibleName()
            assert header.chain.accessibleName().startswith("Chain complete")
            assert CUT_ID not in [entry.id for entry in rig.entries]
            # The keyboard opens it, too.
            header.meter.setFocus()
            QTest.keyClick(header.meter, Qt.Key.Key_Space)
            await until(
                lambda: rig.window.work.page.findChild(ContextDialog) is not None, "the ledger"
            )

    qloop(scenario())


def test_a_full_window_is_said_at_the_place_of_the_cut_and_obeyed(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await talk(rig, server, "One?", "Two?", "Three?")
            tight(rig, 700)
            entries = lambda: [entry.id for entry in rig.entries]  # noqa: E731
            await until(lambda: CUT_ID in entries(), "the mark")
            context = rig.window.work.context
            assert context.watch.forecast is not None
            cut = context.watch.forecast.cut
            assert entries()[entries().index(CUT_ID) + 1] == cut
            mark = next(entry for entry in rig.entries if entry.id == CUT_ID)
            assert mark.accessible_name == "Earlier messages are not sent"
            header = rig.window.work.page.header
            assert "full" in header.meter.text()
            assert "Earlier messages are not sent" in header.meter.accessibleName()
            assert "window is full" in header.chain.accessibleName()
            planned = [item.text for item in context.watch.forecast.plan if item.sent and item.text]
            await talk(rig, server, "Four?")
            sent = [message["content"] for message in last_body(server)]
            assert sent[-1] == "Four?"
            assert set(sent[:-1]) <= set(planned)
            assert "One?" not in sent
            # The button of the mark opens the ledger.
            rig.press_action(mark, OPEN_LEDGER)
            dialog = ledger(rig)
            assert (
                "Turn 1: One?",
                "Not sent: The model’s window is full; the oldest turns leave first.",
            ) in titles(dialog)
            # With room again the mark goes.
            tight(rig, 100_000)
            await until(lambda: CUT_ID not in entries(), "the end of the mark")

    qloop(scenario())


def test_pinned_and_left_out_are_kept_obeyed_and_undone(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await talk(rig, server, "One?", "Two?")
            await forecast(rig, 4)
            dialog = ledger(rig)
            select(dialog, "Turn 1")
            push(dialog, "Pin")
            await until(lambda: ("Turn 1: One?", "Sent · pinned") in titles(dialog), "the pin")
            select(dialog, "Turn 2")
            push(dialog, "Leave out")
            left = ("Turn 2: Two?", "Not sent: You left it out.")
            await until(lambda: left in titles(dialog), "what was left out")
            notes = [entry.note for entry in rig.entries if entry.kind is EntryKind.USER]
            assert notes == ["Pinned: always sent", "Left out: not sent"]
            await rig.session.settled()
            stored = await rig.store.load_branch(rig.session.conversation.id)
            assert [m.sending for m in stored[::2]] == [Sending.PINNED, Sending.LEFT_OUT]
            assert "You left it out" in rig.window.work.page.header.chain.accessibleName()
            await talk(rig, server, "Three?")
            asked = [m["content"] for m in last_body(server) if m["role"] == "user"]
            assert asked == ["One?", "Three?"]
            rig.window.work.deeds.undo()
            await until(lambda: ("Turn 2: Two?", "Sent") in titles(dialog), "what came back")
            select(dialog, "Turn 1")
            push(dialog, "Unpin")
            await until(lambda: ("Turn 1: One?", "Sent") in titles(dialog), "the end of the pin")

    qloop(scenario())


def test_an_earlier_request_is_shown_as_it_was_recorded(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await talk(rig, server, "One?")
            dialog = ledger(rig)
            await forecast(rig, 2)
            select(dialog, "Turn 1")
            push(dialog, "Leave out")
            await until(lambda: rig.session.messages[0].sending is Sending.LEFT_OUT, "the wish")
            await talk(rig, server, "Two?")
            await forecast(rig, 4)
            # Sent again by now; the request of the second turn still went without the first.
            select(dialog, "Turn 1")
            push(dialog, "Send again")
            await until(lambda: ("Turn 1: One?", "Sent") in titles(dialog), "the wish")
            first, second = (m.id for m in rig.session.messages[1::2])
            dialog.choose(second)
            missing = (
                "Turn 1: One?",
                "Not sent: It does not stand in the request that was recorded.",
            )
            await until(lambda: missing in titles(dialog), "the second request")
            assert ("Turn 2: Two?", "Sent") in titles(dialog)
            assert not any(b.isEnabled() for b in dialog.findChildren(QPushButton))
            dialog.choose(first)
            await until(lambda: len(titles(dialog)) == 2, "the first request")
            assert titles(dialog)[0] == ("Turn 1: One?", "Sent")

    qloop(scenario())


def test_a_step_of_the_timeline_leads_to_its_request(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await talk(rig, server, "One?", "Two?")
            await forecast(rig, 4)
            rig.window.work.page.view.entry_selected.emit(rig.entries[1].id)
            await until(lambda: len(rig.steps) == 1, "the first turn")
            rig.window.thinking.view.action_activated.emit(rig.steps[0].id, REQUEST)
            (dialog,) = rig.window.findChildren(ContextDialog)
            assert dialog.isVisible()
            assert dialog.chosen == rig.session.messages[1].id
            await until(lambda: len(titles(dialog)) == 2, "its request")
            assert titles(dialog)[0] == ("Turn 1: One?", "Sent")

    qloop(scenario())


def test_what_is_left_out_is_summed_up_once_and_can_be_changed(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await talk(rig, server, "One?", "Two?", "Three?")
            tight(rig, 700)
            by_id = rig.window.work.page.view.stack.by_id
            await until(lambda: CUT_ID in by_id, "the mark")
            before = server.posts.total
            mark = next(entry for entry in rig.entries if entry.id == CUT_ID)
            rig.press_action(mark, SUM_UP)
            question = rig.window.work.page.findChild(QMessageBox)
            assert question is not None
            assert "tokens" in question.informativeText()
            # Nothing is asked before the person agrees.
            assert server.posts.total == before
            server.enqueue(Reply([Think("Hm."), Say("They spoke of **leaves**.")]))
            next(b for b in question.buttons() if b.text() == "Summarise").click()

            def shown() -> str:
                return next((e.text for e in rig.entries if e.id == SUMMARY_ID), "")

            await until(lambda: shown() == "They spoke of **leaves**.", "the summary")
            told = last_body(server)
            assert "One?" in told[-1]["content"]
            await talk(rig, server, "Four?")
            sent = last_body(server)
            assert "They spoke of **leaves**." in sent[0]["content"]
            assert "One?" not in sent[0]["content"]
            assert "Three?" in sent[0]["content"]
            # Changed by hand, and taken away again.
            mark = next(entry for entry in rig.entries if entry.id == SUMMARY_ID)
            rig.press_action(mark, EDIT_SUMMARY)
            editor = rig.window.work.page.findChild(SummaryDialog)
            assert editor is not None
            editor.box.setPlainText("Leaves.")
            push(editor, "Save")
            await until(lambda: shown() == "Leaves.", "the change")
            rig.window.work.deeds.undo()
            await until(lambda: shown() == "They spoke of **leaves**.", "the summary as it was")

    qloop(scenario())


def test_typing_makes_no_forecast(qloop: QLoop[None], tmp_path: Path, server: DemoServer) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await talk(rig, server, "One?")
            await forecast(rig, 2)
            watch = rig.window.work.context.watch
            made = watch.forecast
            rig.type("And then")
            assert not watch._timer.isActive()
            assert watch.forecast is made
            # The ledger counts it when it is opened.
            dialog = ledger(rig)
            await until(lambda: watch.forecast is not made, "another forecast")
            assert ("Your next message: And then", "Sent") in titles(dialog)
            assert watch.forecast is not None
            assert not any(i.reason is Reason.EMPTY for i in watch.forecast.plan)

    qloop(scenario())
