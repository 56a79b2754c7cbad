"""Small dialogs. All are opened, none is executed: a nested event loop would freeze a stream."""

import platform
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app import APP_NAME, __version__
from desktop_app.ui.actions import ACTIONS
from desktop_app.ui.form_style import KIND, wear_dialog_style
from desktop_app.ui.forms import confirm
from desktop_app.ui.icons import app_icon
from desktop_app.ui.text_input import LineInput
from desktop_app.ui.theming import current_tokens


def show_rename(title: str, parent: QWidget, on_done: Callable[[str], None]) -> QDialog:
    """Ask for another title; ``on_done`` is called with one that is not blank."""
    return ask_line(
        QCoreApplication.translate("Dialogs", "Rename the conversation"),
        QCoreApplication.translate("Dialogs", "Title"),
        title,
        parent,
        on_done,
    )


def ask_line(
    heading: str, name: str, text: str, parent: QWidget, on_done: Callable[[str], None]
) -> QDialog:
    """Ask for a line of text, ``text`` at first; ``on_done`` is called with one that is not blank."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(heading)
    field = LineInput()
    field.setText(text)
    field.selectAll()
    field.setMinimumWidth(340)
    field.setAccessibleName(name)
    field.setPlaceholderText(name)
    buttons = QDialogButtonBox(
        QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
    )
    buttons.button(QDialogButtonBox.StandardButton.Ok).setProperty(KIND, "primary")
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(18, 18, 18, 14)
    layout.setSpacing(14)
    layout.addWidget(field)
    layout.addWidget(buttons)

    def accept() -> None:
        if field.text().strip():
            on_done(field.text().strip())
            dialog.accept()

    wear_dialog_style(dialog)
    field.submitted.connect(accept)
    buttons.accepted.connect(accept)
    buttons.rejected.connect(dialog.reject)
    dialog.open()
    return dialog


def ask_first(
    question: str, advice: str, label: str, parent: QWidget, on_agreed: Callable[[], object]
) -> QMessageBox:
    """Ask before what cannot be undone; ``label`` names it on the button that is not the default."""
    return confirm(
        parent, question, advice, label, on_agreed, icon=QMessageBox.Icon.Warning, title=""
    )


def show_shortcuts(parent: QWidget) -> QDialog:
    """Show every action that has a shortcut, from the table of actions."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(QCoreApplication.translate("Dialogs", "Keyboard shortcuts"))
    tokens = current_tokens()
    body = QWidget()
    grid = QGridLayout(body)
    grid.setContentsMargins(22, 18, 22, 18)
    grid.setHorizontalSpacing(36)
    grid.setVerticalSpacing(9)
    rows = [row for row in ACTIONS if row.shortcuts]
    for number, row in enumerate(rows):
        keys = "   ".join(
            QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            for keys in row.shortcuts
        )
        name = QLabel(QCoreApplication.translate("Actions", row.label))
        shortcut = QLabel(keys)
        shortcut.setStyleSheet(f"color: {tokens.text_muted.name()};")
        shortcut.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(name, number, 0)
        grid.addWidget(shortcut, number, 1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidget(body)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(area)
    dialog.resize(body.sizeHint().width() + 30, min(560, body.sizeHint().height() + 6))
    dialog.open()
    return dialog


def show_about(parent: QWidget) -> QMessageBox:
    """Say what this program is, and that it is not the vendor's."""
    words = QCoreApplication.translate(
        "Dialogs",
        "A native desktop client for MiniMax-M2 and its siblings.\n"
        "Unofficial: not made, endorsed or supported by MiniMax.",
    )
    facts = QCoreApplication.translate(
        "Dialogs",
        "Version {version} · Qt {qt} · Python {python}\n"
        "Free software under the MIT licence. Qt is used under the LGPL, version 3.",
    )
    for name, value in (
        ("{version}", __version__),
        ("{qt}", qVersion()),
        ("{python}", platform.python_version()),
    ):
        facts = facts.replace(name, value)
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(QCoreApplication.translate("Dialogs", "About Interleave"))
    box.setIconPixmap(app_icon().pixmap(64, 64))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"{APP_NAME}\n\n{words}")
    box.setInformativeText(facts)
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    wear_dialog_style(box)
    box.open()
    return box
