"""The composer: what is submitted, when it can be, and that nothing written is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QToolButton
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


def test_while_an_answer_streams_there_is_stop_in_the_place_of_send(
    composer: Composer, qtbot: QtBot
) -> None:
    texts, stops = submitted(composer), []
    composer.stop_requested.connect(lambda: stops.append(1))
    composer.set_text("Next")
    composer.set_busy(True)
    assert not button(composer, "Send").isVisible()
    (box,) = composer.findChildren(QPlainTextEdit)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert texts == []
    assert composer.text == "Next"
    button(composer, "Stop").click()
    assert stops == [1]
    composer.set_busy(False)
    assert not button(composer, "Stop").isVisible()
    button(composer, "Send").click()
    assert texts == ["Next"]


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
