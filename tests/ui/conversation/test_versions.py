"""Versions in the real window: made, looked through, compared, deleted and brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QTextEdit

from desktop_app.demo.script import Gate, Reply, Say, Think, Wait
from desktop_app.demo.server import DemoServer
from desktop_app.providers.openai_chat import loading
from desktop_app.ui.compare.dialog import CompareDialog
from desktop_app.ui.transcript.context_menu import build_menu
from desktop_app.ui.transcript.entry import Entry
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


def version(entry: Entry) -> str:
    return next((action.lead for action in entry.actions if action.lead), "")


def top_of(rig: Rig, entry: Entry) -> int:
    view = rig.window.work.page.view
    return view.stack.top_of(view.stack.by_id[entry.id]) - view.verticalScrollBar().value()


def from_menu(rig: Rig, entry: Entry, label: str) -> None:
    """Choose ``label`` from the context menu of an entry."""
    view = rig.window.work.page.view
    view.scroll_to_entry(entry.id)
    place = QPointF(view.viewport().width() / 2, top_of(rig, entry) + 30)
    menu = build_menu(view, view.pointer.hit(place))
    next(action for action in menu.actions() if action.text() == label).trigger()
    menu.close()


async def two_answers(rig: Rig) -> None:
    await rig.ask("Why tea?")
    rig.press_action(rig.entries[1], "retry")
    await rig.settled()


def test_asking_again_makes_a_version_and_the_arrows_lead_through_them(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(
        Reply([Think("Leaves."), Say("One")]), Reply([Think("Water."), Say("Two")]),
        Reply([Say("Three")]),
    )  # fmt: skip

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await two_answers(rig)
            assert rig.texts == ["Why tea?", "Two"]
            assert version(rig.entries[1]) == "2 / 2"
            rig.press_action(rig.entries[1], "version-previous")
            await until(lambda: rig.texts == ["Why tea?", "One"], "the first version")
            assert version(rig.entries[1]) == "1 / 2"
            assert [step.text for step in rig.steps] == ["Leaves."]
            # What is asked now follows the version that is shown.
            await rig.ask("And?")
            contents = [m["content"] for m in server.posts[2].field("messages")]
            assert contents == ["Why tea?", "One", "And?"]
            rig.press_action(rig.entries[1], "version-next")
            await until(lambda: rig.texts == ["Why tea?", "Two"], "the second version")
            assert [step.text for step in rig.steps] == ["Water."]
        async with open_window(tmp_path, server) as rig:
            assert rig.texts == ["Why tea?", "Two"]
            rig.press_action(rig.entries[1], "version-previous")
            await until(lambda: len(rig.entries) == 4, "the branch that was not read yet")
            assert rig.texts == ["Why tea?", "One", "And?", "Three"]

    qloop(scenario())


def test_the_place_of_the_reader_and_of_the_keyboard_stays(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    long = "\n\n".join(f"Paragraph {number} of a long answer." for number in range(60))
    for text in (long, long, f"{long}\n\nlonger", "And more"):
        server.enqueue(Reply([Say(text)]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("One")
            await rig.ask("Two")
            rig.press_action(rig.entries[3], "retry")
            await rig.settled()
            await rig.ask("Three")
            view = rig.window.work.page.view
            answer = rig.entries[3]
            view.scroll_to_entry(answer.id)
            bar = view.verticalScrollBar()
            bar.setValue(bar.value() - 40)
            place = top_of(rig, answer)
            assert place > 0
            view.painting.focused = (view.stack.by_id[answer.id], "version-previous")
            rig.press_action(answer, "version-previous")
            await until(lambda: version(rig.entries[3]) == "1 / 2", "the first version")
            assert top_of(rig, rig.entries[3]) == place
            # The first has none before it, so the focus is on the way back.
            assert view.painting.focused == (
                view.stack.by_id[rig.entries[3].id],
                "version-next",
            )
            rig.press_action(rig.entries[3], "version-next")
            await until(lambda: version(rig.entries[3]) == "2 / 2", "the second version")
            assert top_of(rig, rig.entries[3]) == place

    qloop(scenario())


def test_a_version_is_deleted_from_the_menu_and_comes_back(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Say("One")]), Reply([Say("Two")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await two_answers(rig)
            from_menu(rig, rig.entries[1], "Delete this version")
            await until(lambda: rig.texts == ["Why tea?", "One"], "the version that is left")
            assert version(rig.entries[1]) == ""
            assert rig.has("Version deleted")
            rig.click("Undo")
            await until(lambda: rig.texts == ["Why tea?", "Two"], "the version that came back")
            assert version(rig.entries[1]) == "2 / 2"
            from_menu(rig, rig.entries[1], "Delete this version")
            await until(lambda: rig.texts == ["Why tea?", "One"], "the version that is left")
            await until(rig.window.actions_by_id["undo"].isEnabled, "the way back")
            rig.trigger("undo")
            await until(lambda: rig.texts == ["Why tea?", "Two"], "the version that came back")
            await until(rig.window.actions_by_id["redo"].isEnabled, "the way there again")
            rig.trigger("redo")
            await until(lambda: rig.texts == ["Why tea?", "One"], "the version deleted once more")
            await until(rig.window.actions_by_id["undo"].isEnabled, "the way back")
            rig.trigger("undo")
            await until(lambda: rig.texts == ["Why tea?", "Two"], "the version that came back")

    qloop(scenario())


def test_versions_stand_still_while_an_answer_streams(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("One")]), Reply([Say("Two")]), Reply([Say("Three"), Wait(gate)]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await two_answers(rig)
            rig.send("More")
            await gate.reached.arrived()
            rig.press_action(rig.entries[1], "version-previous")
            assert "Not while an answer is on its way" in rig.status
            assert len(rig.entries) == 4
            gate.open()
            await rig.settled()
            assert rig.texts[-1] == "Three"

    qloop(scenario())


def marked(column: QTextEdit) -> str:
    """The text of a column with brackets round what is marked."""
    found = ""
    block = column.document().begin()
    while block.isValid():
        fragments = block.begin()
        while not fragments.atEnd():
            piece = fragments.fragment()
            is_marked = piece.charFormat().fontUnderline()
            found += f"[{piece.text()}]" if is_marked else piece.text()
            fragments += 1
        found += "\n"
        block = block.next()
    return found


def test_two_answers_are_compared_word_by_word_with_their_thinking(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(
        Reply([Think("Leaves come first."), Say("Tea is made of leaves.")]),
        Reply([Think("Water comes first."), Say("Tea is made of water.")]),
        Reply([Say("Tea.")]),
    )

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await two_answers(rig)
            rig.press_action(rig.entries[1], "retry")
            await rig.settled()
            rig.press_action(rig.entries[1], "version-previous")
            await until(lambda: version(rig.entries[1]) == "2 / 3", "the second version")
            from_menu(rig, rig.entries[1], "Compare versions…")
            dialogs = rig.window.findChildren
            await until(lambda: dialogs(CompareDialog), "the comparison")
            (dialog,) = dialogs(CompareDialog)
            columns = {text.accessibleName(): text for text in dialog.findChildren(QTextEdit)}
            left, right = columns["Left text"], columns["Right text"]
            await until(lambda: "Answer" in right.toPlainText(), "the texts")
            assert "[Leaves come] first." in marked(left)
            assert "[Water comes] first." in marked(right)
            assert "Tea is made of [leaves]." in marked(left)
            assert "Tea is made of [water]." in marked(right)
            choice = next(
                box
                for box in dialog.findChildren(QComboBox)
                if box.accessibleName() == "Right version"
            )
            choice.setCurrentIndex(2)
            await until(lambda: "water" not in right.toPlainText(), "the third version")
            assert "Tea[ is made of leaves]." in marked(left)
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            await until(lambda: not dialogs(CompareDialog), "the end of the dialog")
            assert QApplication.activeModalWidget() is None

    qloop(scenario())
