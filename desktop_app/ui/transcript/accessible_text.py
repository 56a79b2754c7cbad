"""The text of an entry for screen readers that go through it piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessibleTextInterface

from desktop_app.ui.transcript import utf16

if TYPE_CHECKING:
    from desktop_app.ui.transcript.accessible_entry import EntryInterface


class EntryText(QAccessibleTextInterface):
    """The text of an entry, for readers that go through it piece by piece. Offsets are UTF-16."""

    def __init__(self, entry: EntryInterface) -> None:
        super().__init__()
        self._entry = entry
        self._cursor = 0

    def text(self, startOffset: int, endOffset: int) -> str:  # noqa: N803 - Qt's names
        """The text between two offsets."""
        text = self._entry.plain_text()
        end = utf16.length(text) if endOffset < 0 else endOffset
        return utf16.cut(text, startOffset, end)

    def characterCount(self) -> int:
        """How long the text is."""
        return utf16.length(self._entry.plain_text())

    def cursorPosition(self) -> int:
        """Where the reader put its cursor."""
        return self._cursor

    def setCursorPosition(self, position: int) -> None:
        """A reader's cursor; nothing is edited."""
        self._cursor = max(0, min(position, self.characterCount()))

    def selectionCount(self) -> int:
        """Selections are not told."""
        return 0

    def addSelection(self, startOffset: int, endOffset: int) -> None:  # noqa: N803 - Qt's names
        """Not offered."""

    def removeSelection(self, selectionIndex: int) -> None:  # noqa: N803 - Qt's names
        """Not offered."""

    def setSelection(self, selectionIndex: int, startOffset: int, endOffset: int) -> None:  # noqa: N803 - Qt's names
        """Not offered."""

    def offsetAtPoint(self, point: QPoint) -> int:
        """Not told."""
        del point
        return -1

    def characterRect(self, offset: int) -> QRect:
        """The whole entry, which is where the character is."""
        del offset
        return self._entry.rect()

    def scrollToSubstring(self, startIndex: int, endIndex: int) -> None:  # noqa: N803 - Qt's names
        """Bring the entry into sight."""
        del startIndex, endIndex
        self._entry.reveal()
