"""The composer: what is submitted, when it can be, and that nothing written is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from desktop_app.ui.composer.composer import Composer


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    widget = Composer()
    qtbot.addWidget(widget)
    widget.resize(500, 120)
    widget.show()
    return widget


def button(composer: Composer, name: str) -> QToolButton:
    return next(b for b in composer.findChildren(QToolButton) if b.accessibleName() == name)


def submitted(composer: Composer) -> list[str]:
    texts: list[str] = []
    composer.submitted.connect(texts.append)
    return texts


def test_a_submitted_text_stays_until_its_owner_takes_it(composer: Composer, qtbot: QtBot) -> None:
    texts = submitted(composer)
    (box,) = composer.findChildren(QPlainTextEdit)
    qtbot.keyClicks(box, "Hello")
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(box, "Ada")
    assert texts == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert texts == ["Hello\nAda"]
    assert composer.text == "Hello\nAda"
    composer.clear()
    assert composer.text == ""


@pytest.mark.parametrize("text", ["", "  ", "\n\n", "\u3000"])
def test_a_blank_text_is_not_submitted(composer: Composer, qtbot: QtBot, text: str) -> None:
    texts = submitted(composer)
    composer.set_text(text)
    assert not button(composer, "Send").isEnabled()
    (box,) = composer.findChildren(QPlainTextEdit)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert texts == []


def test_while_an_answer_streams_there_is_stop_and_a_text_may_wait(
    composer: Composer, qtbot: QtBot
) -> None:
    texts, stops = submitted(composer), []
    composer.stop_requested.connect(lambda: stops.append(1))
    composer.set_busy(True)
    assert not button(composer, "Send").isVisible()
    button(composer, "Stop").click()
    assert stops == [1]
    (box,) = composer.findChildren(QPlainTextEdit)
    qtbot.keyClicks(box, "Next")
    assert button(composer, "Send").isVisible()
    assert button(composer, "Send").toolTip() == "Send when the answer is complete"
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert texts == ["Next"]
    composer.set_busy(False)
    assert not button(composer, "Stop").isVisible()
    assert button(composer, "Send").toolTip() == "Send"
    button(composer, "Send").click()
    assert texts == ["Next", "Next"]


def test_up_asks_for_the_last_message_only_in_an_empty_box(
    composer: Composer, qtbot: QtBot
) -> None:
    asked: list[int] = []
    composer.edit_last_requested.connect(lambda: asked.append(1))
    (box,) = composer.findChildren(QPlainTextEdit)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert asked == [1]
    qtbot.keyClick(box, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(box, "a")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    composer.clear()
    composer.set_editing(True)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert asked == [1]


def compose(box: QPlainTextEdit, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(box, event)


def test_the_keys_of_a_composition_are_the_input_methods(composer: Composer, qtbot: QtBot) -> None:
    heard: list[str] = []
    composer.edit_last_requested.connect(lambda: heard.append("up"))
    composer.edit_left.connect(lambda: heard.append("escape"))
    (box,) = composer.findChildren(QPlainTextEdit)
    compose(box, "ni")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    composer.set_editing(True)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert heard == []
    compose(box, "", "你")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert heard == ["escape"]


def test_a_composition_is_no_text_until_it_is_committed(composer: Composer, qtbot: QtBot) -> None:
    (box,) = composer.findChildren(QPlainTextEdit)
    qtbot.keyClicks(box, "a")
    compose(box, "ni")
    assert composer.text == "a"
    compose(box, "", "你")
    assert composer.text == "a你"


def test_the_focus_does_not_vanish_with_a_button(composer: Composer, qtbot: QtBot) -> None:
    (box,) = composer.findChildren(QPlainTextEdit)
    composer.activateWindow()
    composer.set_text("Next")
    button(composer, "Send").setFocus()
    qtbot.waitUntil(button(composer, "Send").hasFocus)
    composer.set_busy(True)
    assert box.hasFocus()
    button(composer, "Stop").setFocus()
    composer.set_busy(False)
    assert box.hasFocus()


def test_it_grows_with_its_text_up_to_a_bound(composer: Composer, qtbot: QtBot) -> None:
    (box,) = composer.findChildren(QPlainTextEdit)
    composer.set_maximum_text_height(200)
    low = box.sizeHint().height()
    composer.set_text("line\n" * 4)
    assert low < box.sizeHint().height() <= 200
    composer.set_text("line\n" * 400)
    assert box.sizeHint().height() <= 200
