"""Messages that wait to be sent, as cards above the composer: read, rewrite, remove, send."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.draft import Queued
from desktop_app.domain.text import one_line
from desktop_app.ui.elided_title import ElidedTitle
from desktop_app.ui.icons import icon
from desktop_app.ui.text_input import TextInput
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme

_MOST_HEIGHT: Final = 168
_ICON: Final = 15
_SHOWN_CHARACTERS: Final = 400


class WaitingCards(QWidget):
    """Shows what waits, first on top; knows nothing of what it waits for but a word.

    Signals:
        rewritten(str, str): The message with this id has another text now.
        removed(str): The message with this id is not to be sent.
        send_requested(): They are to be sent now.
    """

    rewritten = Signal(str, str)
    removed = Signal(str)
    send_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = False
        self._cards: dict[str, _Card] = {}
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._send = QPushButton()
        self._send.setCursor(Qt.CursorShape.PointingHandCursor)
        self._send.clicked.connect(self.send_requested)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.addWidget(self._words, 1)
        head.addWidget(self._send)
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._list)
        self._list.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._area)
        self._retranslate()
        follow_theme(self, self._restyle)
        self.hide()

    def show_waiting(self, messages: Sequence[Queued], *, held: bool) -> None:
        """Show ``messages``; ``held`` says that they wait for the person, not for an answer."""
        self._held = held
        for gone in self._cards.keys() - {message.id for message in messages}:
            card = self._cards.pop(gone)
            self._rows.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, message in enumerate(messages):
            if message.id not in self._cards:
                card = self._cards[message.id] = _Card(message.id)
                card.rewritten.connect(self.rewritten)
                card.removed.connect(self.removed)
            card = self._cards[message.id]
            card.show_text(message.text)
            self._rows.insertWidget(place, card)
            card.show()
        self._send.setVisible(held)
        self._retranslate()
        self.setVisible(bool(messages))
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Be as high as the cards, up to a limit."""
        if watched is self._list and event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return False

    def _fit(self) -> None:
        self._area.setFixedHeight(min(self._list.sizeHint().height(), _MOST_HEIGHT))

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Waiting messages"))
        self._words.setText(
            self.tr("Not sent yet: the answer before did not come to its end.")
            if self._held
            else self.tr("Sent when the answer is complete:")
        )
        self._send.setText(self.tr("Send now"))
        self._send.setAccessibleName(self.tr("Send now"))

    def _restyle(self, tokens: Tokens) -> None:
        muted = mix(tokens.text_muted, tokens.surface, 0.1).name()
        self.setStyleSheet(
            f"""
QLabel {{ color: {muted}; font-size: 8.5pt; background: transparent; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; }}
QPushButton {{ color: {tokens.accent_text.name()}; background: {tokens.accent.name()};
  border: none; border-radius: 7px; padding: 4px 11px; }}
QPushButton:hover {{ background: {mix(tokens.accent, tokens.text, 0.15).name()}; }}
QPushButton:focus {{ border: 2px solid {mix(tokens.accent, tokens.text, 0.45).name()};
  padding: 2px 9px; }}
"""
        )


class _Card(QFrame):
    """One message that waits; its text becomes a box when it is to be rewritten."""

    rewritten = Signal(str, str)
    removed = Signal(str)

    def __init__(self, message_id: str) -> None:
        super().__init__()
        self.setObjectName("Card")
        self._id = message_id
        self._text = ""
        self._line = ElidedTitle(bold=False)
        self._box = TextInput()
        self._box.setFrameShape(QFrame.Shape.NoFrame)
        self._box.set_most_height(110)
        self._box.submitted.connect(self._on_submitted)
        self._box.installEventFilter(self)
        self._box.hide()
        self._edit = self._button()
        self._edit.clicked.connect(self._begin)
        self._remove = self._button()
        self._remove.clicked.connect(lambda: self.removed.emit(self._id))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 3, 4, 3)
        layout.setSpacing(2)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._box, 1)
        layout.addWidget(self._edit)
        layout.addWidget(self._remove)
        self._retranslate()
        follow_theme(self, self._restyle)

    def show_text(self, text: str) -> None:
        """Show ``text``; what is being rewritten stays as it is."""
        if text != self._text:
            self._text = text
            self._line.set_text(one_line(text, _SHOWN_CHARACTERS))
            self._line.setAccessibleName(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves the text as it was; leaving the box keeps what was written."""
        if watched is self._box:
            kind = event.type()
            escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            if escape and not self._box.is_composing:
                if kind is QEvent.Type.ShortcutOverride:
                    event.accept()
                    return True
                if kind is QEvent.Type.KeyPress:
                    self._end()
                    self._edit.setFocus()
                    return True
            if kind is QEvent.Type.FocusOut and self._box.isVisible():
                self._take()
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _begin(self) -> None:
        self._box.setPlainText(self._text)
        self._line.hide()
        self._box.show()
        cursor = self._box.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self._box.setTextCursor(cursor)
        self._box.setFocus()

    def _on_submitted(self) -> None:
        self._take()
        self._edit.setFocus()

    def _take(self) -> None:
        text = self._box.toPlainText()
        self._end()
        if text != self._text:
            self.rewritten.emit(self._id, text)

    def _end(self) -> None:
        self._box.hide()
        self._line.show()

    def _button(self) -> QToolButton:
        button = QToolButton()
        button.setIconSize(QSize(_ICON, _ICON))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _retranslate(self) -> None:
        self._box.setAccessibleName(self.tr("Waiting message"))
        for button, words in (
            (self._edit, self.tr("Edit waiting message")),
            (self._remove, self.tr("Remove waiting message")),
        ):
            button.setAccessibleName(words)
            button.setToolTip(words)

    def _restyle(self, tokens: Tokens) -> None:
        self._edit.setIcon(icon("pencil", tokens.text_muted))
        self._remove.setIcon(icon("close", tokens.text_muted))
        self.setStyleSheet(
            f"""
#Card {{ background: {tokens.user_card.name()}; border: 1px solid {tokens.user_border.name()};
  border-radius: 10px; }}
#Card QLabel {{ color: {tokens.text.name()}; font-size: 10pt; }}
#Card QPlainTextEdit {{ background: transparent; border: none; color: {tokens.text.name()}; }}
#Card QToolButton {{ border: none; border-radius: 6px; padding: 5px; background: transparent; }}
#Card QToolButton:hover {{ background: {tokens.hover.name()}; }}
#Card QToolButton:focus {{ border: 1px solid {tokens.accent.name()}; padding: 4px; }}
"""
        )
