"""The three first questions of an empty conversation."""

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.ui.conversation.starters import Starters


def test_three_different_questions_each_give_their_text(qtbot: QtBot) -> None:
    starters = Starters()
    qtbot.addWidget(starters)
    starters.show()
    chosen: list[str] = []
    starters.chosen.connect(chosen.append)
    buttons = starters.findChildren(QPushButton)
    assert len(buttons) == len(set(starters.texts)) == 4
    for button in buttons:
        assert button.accessibleName() == button.text()
        button.click()
    assert chosen == list(starters.texts)


def test_long_questions_break_into_lines_in_a_narrow_window(qtbot: QtBot) -> None:
    starters = Starters()
    qtbot.addWidget(starters)
    starters.resize(600, 600)
    starters.show()
    (first, *_) = starters.findChildren(QPushButton)
    one_line = first.height()
    starters.resize(200, 700)
    qtbot.waitUntil(lambda: first.height() > one_line)
    assert first.width() <= 200
