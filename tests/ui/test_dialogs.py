"""The small dialogs: opened and never executed, with words from the tables they follow."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop_app import __version__
from desktop_app.ui.actions import ACTIONS
from desktop_app.ui.dialogs import ask_first, show_about, show_rename, show_shortcuts


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    yield widget
    widget.hide()


def test_a_name_is_taken_once_it_is_not_blank(window: QWidget, qtbot: QtBot) -> None:
    names: list[str] = []
    dialog = show_rename("Tea", window, names.append)
    (field,) = dialog.findChildren(QLineEdit)
    assert field.selectedText() == "Tea"
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    field.setText(" \t")
    buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    assert names == []
    assert dialog.isVisible()
    field.setText("  Green tea ")
    buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    assert names == ["Green tea"]


def test_a_name_is_left_as_it_was_on_cancel(window: QWidget, qtbot: QtBot) -> None:
    names: list[str] = []
    dialog = show_rename("Tea", window, names.append)
    qtbot.keyClicks(dialog.findChildren(QLineEdit)[0], "Other")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert names == []


def test_what_cannot_be_undone_is_asked_with_a_warning_named_by_its_question(
    window: QWidget,
) -> None:
    agreed: list[bool] = []
    box = ask_first(
        "Delete all?", "It is gone then.", "Delete", window, lambda: agreed.append(True)
    )
    assert box.icon() is QMessageBox.Icon.Warning
    interface = QAccessible.queryAccessibleInterface(box)
    assert interface.text(QAccessible.Text.Name) == "Delete all?"
    assert box.defaultButton().text() != "Delete"
    next(button for button in box.buttons() if button.text() == "Delete").click()
    assert agreed == [True]


def test_every_shortcut_is_listed(window: QWidget) -> None:
    dialog = show_shortcuts(window)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    for row in ACTIONS:
        assert (row.label in words) is bool(row.shortcuts)
        for keys in row.shortcuts:
            shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            assert any(shown in word.split("   ") for word in words)


def test_about_says_what_it_is_and_that_it_is_not_the_vendors(window: QWidget) -> None:
    box = show_about(window)
    assert "Unofficial" in box.text()
    assert __version__ in box.informativeText()
    assert "{" not in box.informativeText()
    assert box.isModal()
    assert box.isVisible()
