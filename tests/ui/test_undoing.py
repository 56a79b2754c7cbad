"""Deletions are undone one by one, the last first."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.ui.toast import Toast
from desktop_app.ui.undoing import Undoing


def test_the_last_deletion_is_undone_first(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(400, 300)
    ground.show()
    action, toast, undone = QAction(ground), Toast(ground), []
    undoing = Undoing(action, toast)
    assert not action.isEnabled()
    undoing.add(lambda: undone.append("one"), "One deleted", "Undo")
    undoing.add(lambda: undone.append("two"), "Two deleted", "Undo")
    assert action.isEnabled()
    assert toast.act()
    assert undone == ["two"]
    assert not toast.isVisible()
    undoing.undo()
    undoing.undo()
    assert undone == ["two", "one"]
    assert not action.isEnabled()


def test_one_that_is_told_of_elsewhere_shows_no_toast(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.show()
    toast = Toast(ground)
    undoing = Undoing(QAction(ground), toast)
    undoing.add(lambda: None)
    assert not toast.isVisible()
