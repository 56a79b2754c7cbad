"""The short word that something was done, and the way back."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.ui.toast import Toast


@pytest.fixture
def ground(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(600, 400)
    widget.show()
    return widget


def test_it_says_a_word_and_does_what_its_button_says_once(ground: QWidget) -> None:
    toast, done = Toast(ground), []
    assert not toast.isVisible()
    assert not toast.act()
    toast.say("Gone", "Undo", lambda: done.append(1))
    assert toast.isVisible()
    assert toast.accessibleName() == "Gone"
    (button,) = toast.findChildren(QPushButton)
    assert button.text() == "Undo"
    button.click()
    assert done == [1]
    assert not toast.isVisible()
    assert not toast.act()


def test_without_an_action_there_is_no_button(ground: QWidget) -> None:
    toast = Toast(ground)
    toast.say("Copied")
    (button,) = toast.findChildren(QPushButton)
    assert toast.isVisible()
    assert not button.isVisible()
    assert not toast.act()


def test_it_goes_by_itself(ground: QWidget) -> None:
    toast = Toast(ground)
    toast.say("Gone", "Undo", lambda: None)
    (timer,) = toast.findChildren(QTimer)
    assert timer.isActive()
    timer.timeout.emit()
    assert not toast.isVisible()


def test_it_stays_inside_a_window_that_changes_its_size(ground: QWidget, qtbot: QtBot) -> None:
    toast = Toast(ground)
    toast.say("A conversation was deleted", "Undo", lambda: None)
    for width, height in ((600, 400), (900, 300), (320, 500)):
        ground.resize(width, height)
        qtbot.waitUntil(lambda: ground.rect().contains(toast.geometry()))
        assert abs(toast.geometry().center().x() - ground.rect().center().x()) <= 1


def test_many_toasts_leave_one_follower_of_the_theme(ground: QWidget) -> None:
    toast = Toast(ground)
    toast.say("one", "Undo", lambda: None)
    children = len(toast.children())
    for _ in range(50):
        toast.say("again", "Undo", lambda: None)
    assert len(toast.children()) == children
