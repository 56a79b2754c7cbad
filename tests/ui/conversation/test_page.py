"""A conversation in the real window: what is shown, stopped, refused, asked again and found again."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox

from desktop_app.chat.error_text import ERROR_TEXTS
from desktop_app.chat.events import Phase
from desktop_app.demo import faults
from desktop_app.demo.script import Answer, End, Gate, Reply, Say, Think, Wait
from desktop_app.demo.server import DemoServer
from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.message import MessageState
from desktop_app.providers.openai_chat import loading
from desktop_app.ui.transcript.entry import EntryKind
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


def test_question_and_answer_are_shown_and_thinking_stands_beside_them(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Think("A greeting, "), Think("so greet."), Say("Hello "), Say("Ada.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Hi, I am Ada")
            question, answer = rig.entries
            assert (question.kind, question.text) == (EntryKind.USER, "Hi, I am Ada")
            assert (answer.kind, answer.text) == (EntryKind.ASSISTANT, "Hello Ada.")
            assert question.name == "You"
            assert answer.name == "MiniMax"
            assert "MiniMax-M2" in answer.caption
            (thought,) = rig.steps
            assert (thought.kind, thought.text) == (EntryKind.THOUGHT, "A greeting, so greet.")
            assert not thought.streaming
            assert "greet" not in "".join(rig.texts)
            assert "Ada" not in thought.text
            assert rig.status == "ready"
            assert rig.window.work.page.composer.text == ""
            assert rig.titles == ["Hi, I am Ada"]

    qloop(scenario())


def test_each_piece_is_shown_the_moment_it_comes(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    before, thought, half = Gate(), Gate(), Gate()
    server.enqueue(
        Reply([Wait(before), Think("Hm."), Wait(thought), Say("Half"), Wait(half), Say(" whole")])
    )

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.send("Well?")
            await until(lambda: rig.texts[:1] == ["Well?"])
            await rig.phase(Phase.WAITING)
            await until(lambda: rig.status.startswith("waiting for the first token"))
            before.open()
            await until(lambda: [step.text for step in rig.steps] == ["Hm."])
            assert rig.steps[0].streaming
            assert rig.status.startswith("thinking")
            thought.open()
            await until(lambda: rig.texts[-1] == "Half")
            assert rig.status.startswith("writing")
            assert not rig.steps[0].streaming
            assert rig.entries[-1].streaming
            half.open()
            await until(lambda: rig.texts[-1] == "Half whole")
            await rig.settled()

    qloop(scenario())


def test_thinking_between_the_parts_of_an_answer_keeps_its_order(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Think("One."), Say("First, "), Think("Two."), Say("second.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Go")
            assert rig.texts == ["Go", "First, second."]
            assert [step.text for step in rig.steps] == ["One.", "Two."]

    qloop(scenario())


async def _stop_by_key(rig: Rig) -> None:
    rig.press(Qt.Key.Key_Escape)


async def _stop_by_button(rig: Rig) -> None:
    rig.click("Stop")


@pytest.mark.parametrize("stop", [_stop_by_key, _stop_by_button])
@pytest.mark.parametrize("phase", ["waiting_for_headers", "waiting", "thinking", "writing"])
def test_stop_keeps_what_came_and_leaves_the_conversation_usable(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, phase: str, stop: object
) -> None:
    gate = Gate()
    hold = Wait(gate)
    server.enqueue(
        {
            "waiting_for_headers": Reply([Say("never")], before=[hold]),
            "waiting": Reply([hold, Say("never")]),
            "thinking": Reply([Think("So far"), hold, Say("never")]),
            "writing": Reply([Think("Thought."), Say("So far"), hold, Say(" never")]),
        }[phase],
        Reply([Say("Here again.")]),
    )

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.send("Go")
            await gate.reached.arrived()
            await rig.phase(Phase(phase.partition("_")[0]))
            await stop(rig)  # type: ignore[operator]
            await rig.settled()
            assert rig.status == "stopped"
            answer = rig.entries[-1]
            assert answer.text == ("So far" if phase == "writing" else "")
            assert "Stopped" in answer.note
            expected = {"thinking": ["So far"], "writing": ["Thought."]}.get(phase, [])
            assert [step.text for step in rig.steps] == expected
            assert not any(step.streaming for step in rig.steps)
            await server.disconnected.arrived(1)
            assert rig.has("Send")
            assert not rig.has("Stop")
            await rig.ask("And now?")
            assert rig.texts[-1] == "Here again."

    qloop(scenario())


def test_stop_right_after_sending(qloop: QLoop[None], tmp_path: Path, server: DemoServer) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.send("Go")
            rig.trigger("stop")
            await rig.settled()
            assert rig.session.messages[-1].state is MessageState.STOPPED
            assert rig.status == "stopped"
            assert rig.texts == ["Go", ""]

    qloop(scenario())


@pytest.mark.parametrize(
    ("answer", "kind", "actions"),
    [
        (faults.wrong_key(), ErrorKind.INVALID_KEY, ["open_settings", "retry"]),
        (faults.no_balance(), ErrorKind.BALANCE, ["retry"]),
        (faults.rate_limited(), ErrorKind.RATE_LIMIT, ["retry"]),
        (faults.server_error(), ErrorKind.SERVER, ["retry"]),
        (faults.input_sensitive(), ErrorKind.SENSITIVE_INPUT, []),
    ],
    ids=["401", "402", "429", "500", "422"],
)
def test_a_refusal_is_told_in_its_place_and_retry_works(
    qloop: QLoop[None],
    tmp_path: Path,
    server: DemoServer,
    answer: Answer,
    kind: ErrorKind,
    actions: list[str],
) -> None:
    server.enqueue(answer, Reply([Say("Now it works.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Go")
            question, card = rig.entries
            assert question.text == "Go"
            assert card.kind is EntryKind.ERROR
            assert card.name == "Error"
            host = rig.book.current.host
            sentence = ERROR_TEXTS[kind].sentence.replace("{host}", host)
            assert card.text.splitlines()[0] == sentence
            assert "HTTP status: " in card.details
            assert "trace id: " in card.details
            assert [a.id for a in card.actions if a.id in {"open_settings", "retry"}] == actions
            assert card.actions[-1].id == "copy_report"
            assert rig.status == "error"
            rig.press_action(card, "copy_report")
            assert QGuiApplication.clipboard().text() == card.details
            if "retry" in actions:
                rig.press_action(card, "retry")
                await rig.settled()
                assert rig.texts == ["Go", "Now it works."]
                assert rig.status == "ready"
                sent = [request.field("messages") for request in server.posts]
                assert sent == [[{"role": "user", "content": "Go"}]] * 2

    qloop(scenario())


def test_nothing_answers_at_the_address(qloop: QLoop[None], tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"

        async def scenario() -> None:
            async with open_window(tmp_path, address) as rig:
                await rig.ask("Go")
                card = rig.shown(EntryKind.ERROR)
                assert card.text.startswith("Nothing answers at 127.0.0.1:")
                assert [action.id for action in card.actions] == [
                    "open_settings",
                    "retry",
                    "wire",
                    "copy_report",
                ]
                rig.press_action(card, "open_settings")
                assert rig.named("Settings").isVisible()

        qloop(scenario())


def test_a_failure_stands_below_the_text_that_came_before_it(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Think("Hm."), Say("Half of it")], end=End.RST))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Go")
            kinds = [entry.kind for entry in rig.entries]
            assert kinds == [EntryKind.USER, EntryKind.ASSISTANT, EntryKind.ERROR]
            assert rig.texts[1] == "Half of it"
            assert [step.text for step in rig.steps] == ["Hm."]

    qloop(scenario())


def test_only_the_last_answer_can_be_asked_for_again(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(faults.rate_limited(), Reply([Say("One.")]), Reply([Say("Two.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            for text in ("A", "B", "C"):
                await rig.ask(text)
            offered = [[a.id for a in e.actions if a.id == "retry"] for e in rig.entries]
            assert offered == [[], [], [], [], [], ["retry"]]
            assert rig.texts[0] == "A"
            assert rig.entries[1].kind is EntryKind.ERROR
            assert rig.texts[2:] == ["B", "One.", "C", "Two."]

    qloop(scenario())


@pytest.mark.parametrize("text", ["", "   "])
def test_a_blank_message_is_not_sent(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, text: str
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.send(text)
            assert not rig.named("Send", QAbstractButton).isEnabled()
            assert rig.session.messages == ()
            assert rig.window.work.page.composer.text == text
            assert server.posts.total == 0

    qloop(scenario())


def test_coming_back_to_an_answer_that_streams_shows_all_of_it(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    away, back = Gate(), Gate()
    server.enqueue(
        Reply([Say("Short.")]),
        Reply([Think("Long"), Say("Before, "), Wait(away), Say("meanwhile, "), Wait(back),
               Say("after.")]),
    )  # fmt: skip

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("The short one")
            first = rig.session.conversation.id
            rig.trigger("new_conversation")
            await until(lambda: rig.session.conversation.id != first)
            rig.send("The long one")
            await until(lambda: rig.texts[-1:] == ["Before, "])
            second = rig.session.conversation.id
            rig.trigger("next_conversation")
            await until(lambda: rig.session.conversation.id == first)
            assert rig.texts == ["The short one", "Short."]
            assert rig.status == "ready"
            away.open()
            await back.reached.arrived()
            rig.trigger("previous_conversation")
            await until(lambda: rig.session.conversation.id == second)
            await until(lambda: rig.texts == ["The long one", "Before, meanwhile, "])
            assert [step.text for step in rig.steps] == ["Long"]
            assert rig.status.startswith("writing")
            assert rig.has("Stop")
            back.open()
            await rig.settled()
            assert rig.texts == ["The long one", "Before, meanwhile, after."]
            assert [step.text for step in rig.steps] == ["Long"]

    qloop(scenario())


def test_an_answer_ends_while_another_conversation_is_shown(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("Half, "), Wait(gate), Say("whole.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.send("Long")
            await until(lambda: rig.texts[-1:] == ["Half, "])
            session = rig.session
            await rig.new_conversation()
            assert rig.entries == []
            assert rig.library.busy == {session.conversation.id}
            gate.open()
            await until(lambda: not rig.library.busy)
            assert rig.entries == []
            assert rig.status == "ready"
            rig.trigger("next_conversation")
            await until(lambda: rig.session is session)
            assert rig.texts == ["Long", "Half, whole."]

    qloop(scenario())


def test_drafts_wait_in_their_conversations(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.otherwise(Reply([Say("Yes.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("One")
            rig.type("left here")
            first = rig.session
            await rig.new_conversation()
            assert rig.window.work.page.composer.text == ""
            rig.type("new thought")
            rig.trigger("next_conversation")
            await until(lambda: rig.session is first)
            assert rig.window.work.page.composer.text == "left here"
            await rig.new_conversation()
            assert rig.window.work.page.composer.text == "new thought"
            # And once more, from the empty conversation itself.
            rig.trigger("new_conversation")
            await asyncio.sleep(0)
            assert rig.window.work.page.composer.text == "new thought"

    qloop(scenario())


def test_any_name_can_be_typed_as_a_model(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.otherwise(Reply([Say("Yes.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            choice = rig.named("Model", QComboBox)
            editor = choice.lineEdit()
            assert editor is not None
            editor.setText("  my-own-model ")
            editor.editingFinished.emit()
            assert rig.session.conversation.model == "my-own-model"
            await rig.ask("One")
            editor.setText("")
            editor.editingFinished.emit()
            assert choice.currentText() == "my-own-model"
            index = choice.findText("MiniMax-M2-Stable")
            choice.setCurrentIndex(index)
            choice.activated.emit(index)
            await rig.ask("Two")
            models = [request.field("model") for request in server.posts]
            assert models == ["my-own-model", "MiniMax-M2-Stable"]

    qloop(scenario())


def test_the_models_of_the_server_join_the_catalogue(qloop: QLoop[None], tmp_path: Path) -> None:
    with DemoServer(models=[("MiniMax-M2", 1), ("house-blend", 2)]) as server:

        async def scenario() -> None:
            async with open_window(tmp_path, server) as rig:
                choice = rig.named("Model", QComboBox)
                await until(lambda: choice.findText("house-blend") >= 0)
                names = [choice.itemText(row) for row in range(choice.count())]
                assert names.count("MiniMax-M2") == 1
                assert "MiniMax-M2-Stable" in names
                assert choice.currentText() == "MiniMax-M2"

        qloop(scenario())


def test_the_last_answer_goes_to_the_clipboard_as_markdown(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Say("**Bold** and `code`")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            QGuiApplication.clipboard().setText("before")
            rig.trigger("copy_last_answer")
            assert QGuiApplication.clipboard().text() == "before"
            await rig.ask("Go")
            rig.trigger("copy_last_answer")
            assert QGuiApplication.clipboard().text() == "**Bold** and `code`"
            QGuiApplication.clipboard().setText("before")
            rig.press_action(rig.entries[-1], "copy")
            assert QGuiApplication.clipboard().text() == "**Bold** and `code`"

    qloop(scenario())


def test_a_starter_asks_its_question(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Say("Gladly.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            text = rig.window.work.page.starters.texts[0]
            assert rig.window.work.page.starters.isVisible()
            rig.click(text)
            await rig.settled()
            assert rig.texts == [text, "Gladly."]
            assert not rig.window.work.page.starters.isVisible()

    qloop(scenario())


def test_selecting_a_message_shows_its_chain(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(
        Reply([Think("First thought."), Say("One.")]),
        Reply([Think("Second thought."), Say("Two.")]),
    )

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("A")
            await rig.ask("B")
            assert [step.text for step in rig.steps] == ["Second thought."]
            view = rig.window.work.page.view
            view.entry_selected.emit(rig.entries[1].id)
            assert [step.text for step in rig.steps] == ["First thought."]
            view.entry_selected.emit(rig.entries[2].id)
            assert [step.text for step in rig.steps] == ["Second thought."]
            rig.window.thinking.view.entry_selected.emit(rig.steps[0].id)

    qloop(scenario())


def test_closing_in_the_middle_of_an_answer_keeps_it_for_the_next_start(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Think("Thought."), Say("As far as this"), Wait(gate), Say("never")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.send("Go")
            await until(lambda: rig.texts[-1:] == ["As far as this"])
            rig.window.close()
        await server.disconnected.arrived(1)
        async with open_window(tmp_path, server) as rig:
            assert rig.texts == ["Go", "As far as this"]
            assert "Stopped" in rig.entries[-1].note
            assert [step.text for step in rig.steps] == ["Thought."]
            assert rig.titles == ["Go"]
            server.enqueue(Reply([Say("On we go.")]))
            await rig.ask("On")
            sent = server.posts[1].field("messages")
            assert [message["role"] for message in sent] == ["user", "assistant", "user"]
            assert sent[1]["content"] == "As far as this"
            assert sent[1]["reasoning_details"][0]["text"] == "Thought."

    qloop(scenario())


def test_reopened_entries_are_the_ones_that_were_shown(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(
        Reply([Think("One."), Say("First, "), Think("Two."), Say("second.")]),
        faults.rate_limited(),
    )

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Go")
            steps = rig.steps
            await rig.ask("Again")
            before = rig.entries
        async with open_window(tmp_path, server) as rig:
            assert rig.entries == before
            rig.window.work.page.view.entry_selected.emit(before[1].id)
            assert rig.steps == steps

    qloop(scenario())


def test_what_cannot_be_stored_stays_on_the_screen_and_is_said(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.chat.ports import StoreError

    server.enqueue(Reply([Say("Still here.")]))

    async def refuse(*_: object) -> None:
        raise StoreError("the disk is full")

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            monkeypatch.setattr(rig.store, "add_messages", refuse)
            await rig.ask("Go")
            assert rig.texts == ["Go", "Still here."]
            assert ERROR_TEXTS[ErrorKind.STORAGE].sentence in rig.status
            monkeypatch.undo()

    qloop(scenario())
