"""Conversations as rows, grouped by the day of their last message.

A group's heading belongs to its first row, so that every row is one conversation: for the keyboard,
for a screen reader, and for a test from outside.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.search_text import FoldedText, Term, parse

ID_ROLE: Final = int(Qt.ItemDataRole.UserRole)
HEADING_ROLE: Final = ID_ROLE + 1
TIME_ROLE: Final = ID_ROLE + 2
BUSY_ROLE: Final = ID_ROLE + 3
DRAFT_ROLE: Final = ID_ROLE + 4

_Index = QModelIndex | QPersistentModelIndex


class ConversationModel(QAbstractListModel):
    """The conversations whose title holds the words that are searched for, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Conversation, ...] = ()
        self._rows: list[Conversation] = []
        self._busy: frozenset[str] = frozenset()
        self._drafts: frozenset[str] = frozenset()
        self._terms: tuple[Term, ...] = ()
        self._folded: dict[str, FoldedText] = {}

    def set_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Show ``conversations``, which are sorted already."""
        self._all = tuple(conversations)
        self._folded.clear()
        self._refilter()

    def set_filter(self, text: str) -> None:
        """Show only conversations whose title holds every word of ``text``."""
        self._terms = parse(text)
        self._refilter()

    def set_busy(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which an answer is on its way."""
        if conversation_ids != self._busy:
            self._busy = conversation_ids
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [BUSY_ROLE])

    def set_drafts(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which something is unsent."""
        if conversation_ids != self._drafts:
            self._drafts = conversation_ids
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [DRAFT_ROLE])

    def row_of(self, conversation_id: str) -> int:
        """Return the row of a conversation, or -1."""
        return next((row for row, item in enumerate(self._rows) if item.id == conversation_id), -1)

    def conversation_at(self, row: int) -> Conversation | None:
        """Return the conversation in ``row``, or ``None``."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many conversations are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row shows."""
        conversation = self.conversation_at(index.row())
        if conversation is None:
            return None
        match role:
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.tr("Has a draft") if conversation.id in self._drafts else ""
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return conversation.title
            case Qt.ItemDataRole.ToolTipRole:
                return _plain_tooltip(conversation.title)
            case _ if role == ID_ROLE:
                return conversation.id
            case _ if role == HEADING_ROLE:
                return self._heading(index.row())
            case _ if role == TIME_ROLE:
                return conversation.updated_at
            case _ if role == BUSY_ROLE:
                return conversation.id in self._busy
            case _ if role == DRAFT_ROLE:
                return conversation.id in self._drafts
            case _:
                return None

    def retranslate(self) -> None:
        """Say the headings in another language."""
        self.layoutChanged.emit()

    def _refilter(self) -> None:
        rows = [item for item in self._all if self._matches(item)]
        if [item.id for item in rows] == [item.id for item in self._rows]:
            # The order stands: selection, scrolling and hover do too.
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _matches(self, conversation: Conversation) -> bool:
        if not self._terms:
            return True
        title = conversation.title
        folded = self._folded.get(title) or self._folded.setdefault(title, FoldedText(title))
        return all(term.is_in(folded) for term in self._terms)

    def _heading(self, row: int) -> str:
        group = self._group(self._rows[row])
        return group if row == 0 or group != self._group(self._rows[row - 1]) else ""

    def _group(self, conversation: Conversation) -> str:
        today = datetime.now().astimezone().date()
        day = datetime.fromtimestamp(conversation.updated_at).astimezone().date()
        if day >= today:
            return self.tr("Today")
        if day == today - timedelta(days=1):
            return self.tr("Yesterday")
        if day > today - timedelta(days=7):
            return self.tr("Previous 7 days")
        return self.tr("Earlier")


def _plain_tooltip(text: str) -> str:
    """Return ``text`` so that Qt shows it as it is; a title may hold markup from outside."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<p style='white-space: pre-wrap'>{escaped}</p>"
