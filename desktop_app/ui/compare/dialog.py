"""Two versions of an answer side by side, thinking included, with the words that differ marked."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.message import Message
from desktop_app.domain.word_diff import Pieces, word_diff
from desktop_app.ui.compare.marked_text import MarkedText
from desktop_app.ui.conversation.lengths import time_text
from desktop_app.ui.form_style import style_sheet
from desktop_app.ui.forms import Choice
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme

Compared = tuple[tuple[Pieces, Pieces], tuple[Pieces, Pieces]]
"""The thinking of both sides, and the answers of both."""

_STACKED_BELOW = 620


class _Comparer(QObject):
    """Compares off the window's thread; what comes late is told with its number."""

    compared = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, "compare")

    def compare(self, number: int, left: Message, right: Message) -> None:
        def work() -> None:
            found = (
                word_diff(left.thinking, right.thinking),
                word_diff(left.text, right.text),
            )
            self.compared.emit(number, found)

        self._pool.submit(work)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


class CompareDialog(QDialog):
    """Shows two of ``messages``; the person chooses which.

    Args:
        messages: All versions, the oldest first.
        message_id: The one that stands on the right, unless it is the first.
        parent: The window.
    """

    def __init__(
        self, messages: Sequence[Message], message_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._messages = tuple(messages)
        self._number = 0
        self._found: Compared | None = None
        self._choices = (Choice(), Choice())
        self._columns = (MarkedText(), MarkedText())
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("kind", "muted")
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        for choice, column in zip(self._choices, self._columns, strict=True):
            self._splitter.addWidget(_side(choice, column))
        self._comparer = _Comparer(self)
        self._comparer.compared.connect(self._on_compared)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.setSpacing(8)
        layout.addWidget(self._splitter, 1)
        layout.addWidget(self._words)
        ids = [message.id for message in self._messages]
        right = max(1, ids.index(message_id))
        self._retranslate()
        for choice, position in zip(self._choices, (right - 1, right), strict=True):
            choice.setCurrentIndex(position)
            choice.currentIndexChanged.connect(self._compare)
        self._tie_scrolling()
        self.resize(1000, 640)
        follow_theme(self, self._restyle)
        self._compare()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            if self._found is not None:
                self._show_found(self._found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One above the other where there is no room for two columns."""
        super().resizeEvent(event)
        narrow = event.size().width() < _STACKED_BELOW
        self._splitter.setOrientation(
            Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; Enter does nothing here."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Wait for the comparing thread, whose work is bounded, and close."""
        self._comparer.close()
        super().done(result)

    def _compare(self) -> None:
        self._number += 1
        left, right = (self._messages[choice.currentIndex()] for choice in self._choices)
        self._words.setText(self.tr("Comparing…"))
        self._comparer.compare(self._number, left, right)

    def _on_compared(self, number: int, found: Compared) -> None:
        if number == self._number:
            self._found = found
            self._show_found(found)

    def _show_found(self, found: Compared) -> None:
        thinking, answer = found
        has_thinking = any(thinking)
        for side, column in enumerate(self._columns):
            sections = [(self.tr("Thinking"), thinking[side])] if has_thinking else []
            column.show_sections([*sections, (self.tr("Answer"), answer[side])])
        changed = any(piece.changed for pair in found for side in pair for piece in side)
        self._words.setText(
            self.tr("Words that only one of them has are underlined.")
            if changed
            else self.tr("Both say the same.")
        )

    def _tie_scrolling(self) -> None:
        """Scroll both together, by the part of the way to the end."""
        bars = [column.verticalScrollBar() for column in self._columns]

        def tie(one: int, other: int) -> None:
            def follow(value: int) -> None:
                most = bars[one].maximum()
                wanted = round(value / most * bars[other].maximum()) if most else 0
                # Moved by the person alone: the other's answer to this would be a rounding apart.
                if (
                    bars[one].isSliderDown()
                    or self._columns[one].underMouse()
                    or (self._columns[one].hasFocus())
                ):
                    bars[other].setValue(wanted)

            bars[one].valueChanged.connect(follow)

        tie(0, 1)
        tie(1, 0)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Compare versions"))
        names = (self.tr("Left version"), self.tr("Right version"))
        for choice, name, column, words in zip(
            self._choices,
            names,
            self._columns,
            (self.tr("Left text"), self.tr("Right text")),
            strict=True,
        ):
            choice.setAccessibleName(name)
            column.setAccessibleName(words)
            position = choice.currentIndex()
            choice.blockSignals(True)
            choice.clear()
            for number, message in enumerate(self._messages, start=1):
                label = self.tr("Version {number}").replace("{number}", str(number))
                facts = (label, message.model or "", time_text(message.created_at))
                choice.addItem(" · ".join(filter(None, facts)))
            choice.setCurrentIndex(max(0, position))
            choice.blockSignals(False)

    def _restyle(self, tokens: Tokens) -> None:
        self.setStyleSheet(
            style_sheet(tokens)
            + f"""
#Side {{ background: {tokens.surface.name()}; border: 1px solid {tokens.border.name()};
  border-radius: 10px; }}
QSplitter::handle {{ background: transparent; }}
"""
        )


def _side(choice: Choice, column: MarkedText) -> QWidget:
    side = QFrame()
    side.setObjectName("Side")
    head = QHBoxLayout()
    head.addWidget(choice, 1)
    layout = QVBoxLayout(side)
    layout.setContentsMargins(8, 8, 8, 8)
    layout.addLayout(head)
    layout.addWidget(column, 1)
    return side
