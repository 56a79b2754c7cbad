"""The composer: a text box that grows to half the height, and the buttons that send and stop."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop_app.ui.icons import icon
from desktop_app.ui.text_input import TextInput
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme

_BUTTON = 34
_ICON = 18
_NONE = Qt.KeyboardModifier.NoModifier


class Composer(QFrame):
    """Takes what a person writes; knows nothing of conversations.

    A submitted text stays in the box until its owner clears it, so that nothing is lost when it
    cannot be sent.
    """

    submitted = Signal(str)
    stop_requested = Signal()
    text_changed = Signal()
    edit_last_requested = Signal()
    edit_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Composer")
        self._busy = False
        self._editing = False
        self._box = TextInput()
        self._box.installEventFilter(self)
        self._box.setFrameShape(QFrame.Shape.NoFrame)
        self._box.submitted.connect(self._submit)
        self._box.textChanged.connect(self._on_text_changed)
        self._hint = QLabel()
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._send = self._round_button()
        self._send.clicked.connect(self._submit)
        self._stop = self._round_button()
        self._stop.clicked.connect(self.stop_requested)
        self._stop.hide()
        bottom = QHBoxLayout()
        bottom.setContentsMargins(6, 0, 0, 0)
        bottom.addWidget(self._hint, 1)
        bottom.addWidget(self._send)
        bottom.addWidget(self._stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self._box)
        layout.addLayout(bottom)
        self._send_key = "enter"
        self._retranslate()
        follow_theme(self, self._restyle)
        self._on_text_changed()

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self._box.toPlainText()

    def set_text(self, text: str) -> None:
        """Replace what stands in the box and put the cursor behind it."""
        self._box.setPlainText(text)
        cursor = self._box.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self._box.setTextCursor(cursor)

    def insert_below(self, text: str) -> None:
        """Put ``text`` below what stands in the box, as one step that can be undone."""
        cursor = self._box.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(f"\n\n{text}" if self.text.strip() else text)
        self._box.setTextCursor(cursor)
        self.focus_text()

    def focus_text(self) -> None:
        """Put the cursor into the box; a focus proxy would make Tab skip the buttons."""
        self._box.setFocus()

    def clear(self) -> None:
        """Empty the box."""
        self._box.clear()

    def set_editing(self, editing: bool) -> None:
        """Say that what stands in the box takes the place of a message."""
        self._editing = editing
        self._retranslate()

    def set_busy(self, busy: bool) -> None:
        """Offer "Stop" while an answer is on its way, and "Send" where there is something to send."""
        if busy == self._busy:
            return
        self._busy = busy
        focused = self._send.hasFocus() or self._stop.hasFocus()
        self._stop.setVisible(busy)
        if focused:
            self._box.setFocus()
        self._retranslate()
        self._on_text_changed()

    def set_send_key(self, send_key: str) -> None:
        """Send with ``enter`` or with ``ctrl+enter``."""
        self._send_key = send_key
        self._box.set_send_key(send_key)
        self._retranslate()

    def set_maximum_text_height(self, height: int) -> None:
        """Let the box grow up to ``height`` pixels, then scroll."""
        self._box.set_most_height(height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up in an empty box asks for the last message; Escape leaves the editing of one."""
        if watched is not self._box or not isinstance(event, QKeyEvent) or self._box.is_composing:
            return False
        is_press = event.type() is QEvent.Type.KeyPress
        if event.key() == Qt.Key.Key_Up and is_press and not self._editing:
            plain = event.modifiers() in (_NONE, Qt.KeyboardModifier.KeypadModifier)
            if plain and self._box.document().isEmpty():
                self.edit_last_requested.emit()
                return True
        if event.key() == Qt.Key.Key_Escape and self._editing and event.modifiers() == _NONE:
            # The key is taken from the window's own shortcut, which stops an answer.
            event.accept()
            if is_press:
                self.edit_left.emit()
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _round_button(self) -> QToolButton:
        button = QToolButton()
        button.setFixedSize(_BUTTON, _BUTTON)
        button.setIconSize(QSize(_ICON, _ICON))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _submit(self) -> None:
        text = self._box.toPlainText()
        if text.strip():
            self.submitted.emit(text)

    def _on_text_changed(self) -> None:
        has_text = bool(self._box.toPlainText().strip())
        self._send.setEnabled(has_text)
        self._send.setVisible(has_text or not self._busy)
        self.text_changed.emit()

    def _retranslate(self) -> None:
        self._box.setAccessibleName(self.tr("Message"))
        self._box.setPlaceholderText(self.tr("Write a message…"))
        waits = self._busy and not self._editing
        if self._send_key == "enter":
            self._hint.setText(
                self.tr("Enter lets it wait for the answer · Shift+Enter starts a new line")
                if waits
                else self.tr("Enter sends · Shift+Enter starts a new line")
            )
        else:
            self._hint.setText(
                self.tr("Ctrl+Enter lets it wait for the answer · Enter starts a new line")
                if waits
                else self.tr("Ctrl+Enter sends · Enter starts a new line")
            )
        self._send.setAccessibleName(self.tr("Send"))
        self._send.setToolTip(
            self.tr("Send when the answer is complete") if waits else self.tr("Send")
        )
        self._stop.setAccessibleName(self.tr("Stop"))
        self._stop.setToolTip(self.tr("Stop the answer (Esc)"))

    def _restyle(self, tokens: Tokens) -> None:
        self._send.setIcon(icon("send", tokens.accent_text))
        self._stop.setIcon(icon("stop", tokens.surface))
        faint = mix(tokens.surface, tokens.text_muted, 0.22)
        self.setStyleSheet(
            f"""
#Composer {{ background: {tokens.surface_raised.name()}; border: 1px solid {tokens.border.name()};
  border-radius: 16px; }}
#Composer QPlainTextEdit {{ background: transparent; border: none; color: {tokens.text.name()}; }}
#Composer QLabel {{ color: {mix(tokens.text_muted, tokens.surface, 0.25).name()}; font-size: 8.5pt;
  background: transparent; }}
#Composer QToolButton {{ border: none; border-radius: {_BUTTON // 2}px;
  background: {tokens.accent.name()}; }}
#Composer QToolButton:hover {{ background: {mix(tokens.accent, tokens.text, 0.15).name()}; }}
#Composer QToolButton:focus {{ border: 2px solid {mix(tokens.accent, tokens.text, 0.45).name()}; }}
#Composer QToolButton:disabled {{ background: {faint.name()}; }}
"""
        )
        self._stop.setStyleSheet(f"QToolButton {{ background: {tokens.text.name()}; }}")
