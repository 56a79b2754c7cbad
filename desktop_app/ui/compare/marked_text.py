"""A column of text with marked words, filled a slice at a time so that the window never waits."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from desktop_app.domain.word_diff import Piece
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import current_tokens, follow_theme

_SLICE: Final = 8_000
"""Characters that are put in at a time: 2 to 6 ms."""

_REPLACED: Final = {
    ord("\u2028"): "\n",
    ord("\u2029"): "\n",
    ord("\x00"): "\N{REPLACEMENT CHARACTER}",
}

Section = tuple[str, Sequence[Piece]]
"""A heading and the text below it."""


class MarkedText(QTextEdit):
    """Read-only; a marked word is underlined and set bold on a tint, so not told by colour alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self._sections: tuple[Section, ...] = ()
        self._waiting: list[tuple[str, str]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._put_slice)
        follow_theme(self, self._restyle)

    @property
    def is_filled(self) -> bool:
        """Whether all of the text is in."""
        return not self._waiting

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show other texts, from their beginning."""
        self._sections = tuple(sections)
        self.clear()
        self._waiting = []
        for heading, pieces in sections:
            self._waiting.append(("heading", heading + "\n"))
            for piece in pieces:
                kind = "changed" if piece.changed else "same"
                self._waiting += [
                    (kind, piece.text[start : start + _SLICE])
                    for start in range(0, len(piece.text), _SLICE)
                ]
            self._waiting.append(("same", "\n\n"))
        self._waiting.reverse()
        self._put_slice()
        self._timer.start()

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs the text anew."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._sections:
            self.show_sections(self._sections)

    def _put_slice(self) -> None:
        room = _SLICE
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        while self._waiting and room > 0:
            kind, text = self._waiting.pop()
            cursor.insertText(text.translate(_REPLACED), self._format(kind))
            room -= len(text)
        cursor.endEditBlock()
        if not self._waiting:
            self._timer.stop()

    def _format(self, kind: str) -> QTextCharFormat:
        tokens, made = current_tokens(), QTextCharFormat()
        made.setForeground(tokens.text)
        if kind == "heading":
            made.setForeground(tokens.text_muted)
            made.setFontWeight(QFont.Weight.DemiBold)
        elif kind == "changed":
            made.setFontWeight(QFont.Weight.DemiBold)
            made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            made.setUnderlineColor(tokens.accent)
            made.setBackground(_tint(tokens))
        return made

    def _restyle(self, tokens: Tokens) -> None:
        self.setStyleSheet(
            f"QTextEdit {{ background: {tokens.surface.name()}; color: {tokens.text.name()};"
            " border: none; padding: 4px 10px; }"
        )
        if self._sections:
            self.show_sections(self._sections)


def _tint(tokens: Tokens) -> QColor:
    return mix(tokens.surface, tokens.accent, 0.3 if tokens.dark else 0.14)
