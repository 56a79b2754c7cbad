"""Conversations as rows, grouped as ``grouping`` says.

A group's heading belongs to its first row, so that every row is one conversation: for the keyboard,
for a screen reader, and for a test from outside. Of a folded folder the first row is left, of which
the heading alone is painted.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.chat.trash import TRASH_DAYS
from desktop_app.domain.conversation import Conversation
from desktop_app.ui.conversation_list.grouping import Listing, folder_of, group_of, rank_of
from desktop_app.ui.plain_tooltip import plain_tooltip

if TYPE_CHECKING:
    from desktop_app.ui.conversation_list.title_filter import TitleFilter

ID_ROLE: Final = int(Qt.ItemDataRole.UserRole)
HEADING_ROLE: Final = ID_ROLE + 1
TIME_ROLE: Final = ID_ROLE + 2
BUSY_ROLE: Final = ID_ROLE + 3
FOLDER_ROLE: Final = ID_ROLE + 4
"""The folder that a row's heading names; empty where the heading is another, or none."""
FOLDED_ROLE: Final = ID_ROLE + 5
"""Whether the heading alone is shown, because the folder is folded."""
TAGS_ROLE: Final = ID_ROLE + 6
DRAFT_ROLE: Final = ID_ROLE + 7
ASKING_ROLE: Final = ID_ROLE + 8

_DAY: Final = 86_400.0

_Index = QModelIndex | QPersistentModelIndex


class ConversationModel(QAbstractListModel):
    """The conversations that the words in the search field mean, in groups.

    Args:
        clock: Seconds since the Unix epoch.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._listing = Listing.CONVERSATIONS
        self._all: tuple[Conversation, ...] = ()
        self._rows: list[Conversation] = []
        self._busy: frozenset[str] = frozenset()
        self._asking: frozenset[str] = frozenset()
        self._drafts: frozenset[str] = frozenset()
        self._filter: TitleFilter | None = None
        self._folded_names: frozenset[str] = frozenset()
        self._folded: dict[str, int] = {}

    def set_conversations(
        self, conversations: Sequence[Conversation], listing: Listing = Listing.CONVERSATIONS
    ) -> None:
        """Show ``conversations``, which are sorted by time already."""
        self._all = tuple(conversations)
        self._listing = listing
        self._refilter()

    def set_filter(self, text: str) -> None:
        """Show only conversations that ``text`` means; folded folders show theirs too."""
        # The window is painted without what reads queries.
        from desktop_app.ui.conversation_list.title_filter import TitleFilter

        self._filter = (self._filter or TitleFilter()).asking(text)
        self._refilter()

    def set_folded(self, folders: Collection[str]) -> None:
        """Show of these folders the headings alone."""
        self._folded_names = frozenset(folders)
        self._refilter()

    def set_busy(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which an answer is on its way."""
        if conversation_ids != self._busy:
            self._busy = conversation_ids
            self._tell_of([BUSY_ROLE])

    def set_asking(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which a call waits for the person's word."""
        if conversation_ids != self._asking:
            self._asking = conversation_ids
            self._tell_of([ASKING_ROLE])

    def set_drafts(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which something is unsent."""
        if conversation_ids != self._drafts:
            self._drafts = conversation_ids
            self._tell_of([DRAFT_ROLE])

    def ids(self) -> list[str]:
        """Return the ids of the conversations that are to be seen, from above."""
        return [item.id for item in self._rows if item.id not in self._folded]

    def row_of(self, conversation_id: str) -> int:
        """Return the row of a conversation, or -1 when it is not to be seen."""
        if conversation_id in self._folded:
            return -1
        return next((row for row, item in enumerate(self._rows) if item.id == conversation_id), -1)

    def conversation_at(self, row: int) -> Conversation | None:
        """Return the conversation in ``row``, or ``None``."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def is_folded(self, row: int) -> bool:
        """Whether of ``row`` the heading alone is shown."""
        return 0 <= row < len(self._rows) and self._rows[row].id in self._folded

    def folder_at(self, row: int) -> str:
        """Return the folder in which ``row`` is listed; empty when it stands in none."""
        found = self.conversation_at(row)
        return folder_of(found, self._listing) if found is not None else ""

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many conversations are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row shows."""
        conversation = self.conversation_at(index.row())
        if conversation is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return conversation.title
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._description(index.row())
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(conversation)
            case _ if role == ID_ROLE:
                return conversation.id
            case _ if role == HEADING_ROLE:
                return self._heading(index.row())
            case _ if role == FOLDER_ROLE:
                return self.folder_at(index.row()) if self._heading(index.row()) else ""
            case _ if role == FOLDED_ROLE:
                return conversation.id in self._folded
            case _ if role == TIME_ROLE:
                return conversation.updated_at
            case _ if role == BUSY_ROLE:
                return conversation.id in self._busy
            case _ if role == ASKING_ROLE:
                return conversation.id in self._asking
            case _ if role == TAGS_ROLE:
                return " ".join(f"#{tag}" for tag in conversation.tags)
            case _ if role == DRAFT_ROLE:
                return conversation.id in self._drafts
            case _:
                return None

    def retranslate(self) -> None:
        """Say the headings in another language."""
        self.layoutChanged.emit()

    def _refilter(self) -> None:
        listing = self._listing
        wanted = self._filter
        rows = [item for item in self._all if wanted is None or wanted.matches(item)]
        rows.sort(key=lambda item: rank_of(item, listing))
        folded: dict[str, int] = {}
        if self._folded_names and not self._filter:
            counts = Counter(folder_of(item, listing) for item in rows)
            seen: set[str] = set()
            shown = []
            for item in rows:
                folder = folder_of(item, listing)
                if folder in self._folded_names and folder:
                    if folder in seen:
                        continue
                    seen.add(folder)
                    folded[item.id] = counts[folder]
                shown.append(item)
            rows = shown
        same = [item.id for item in rows] == [item.id for item in self._rows]
        if same and folded.keys() == self._folded.keys():
            # The order stands: selection, scrolling and hover do too.
            self._rows, self._folded = rows, folded
            self._tell_of()
            return
        self.beginResetModel()
        self._rows, self._folded = rows, folded
        self.endResetModel()

    def _tell_of(self, roles: Sequence[int] = ()) -> None:
        """Say that rows may show something else: all of it, or what is told of ``roles``."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), list(roles))

    def _heading(self, row: int) -> str:
        item = self._rows[row]
        group = self._group(row)
        if row > 0 and group == self._group(row - 1):
            return ""
        count = self._folded.get(item.id)
        return group[1] if count is None else f"{group[1]} ({count})"

    def _group(self, row: int) -> tuple[int, str]:
        """The group of a row; a folder that is called like a day is another one."""
        item = self._rows[row]
        return rank_of(item, self._listing).place, group_of(item, self._listing)

    def _description(self, row: int) -> str:
        item = self._rows[row]
        words = [self._group(row)[1]]
        if (count := self._folded.get(item.id)) is not None:
            folded = self.tr("folded folder with {count} conversations")
            words.append(folded.replace("{count}", str(count)))
        if item.tags:
            words.append(self.tr("Tags: {tags}").replace("{tags}", ", ".join(item.tags)))
        if item.id in self._asking:
            words.append(self.tr("A tool waits for your permission"))
        if item.id in self._drafts:
            words.append(self.tr("Has a draft"))
        return ", ".join(words)

    def _tooltip(self, conversation: Conversation) -> str:
        lines = [conversation.title]
        if conversation.id in self._asking:
            lines.append(self.tr("A tool waits for your permission"))
        if conversation.tags:
            lines.append(" ".join(f"#{tag}" for tag in conversation.tags))
        if conversation.deleted_at is not None:
            left = TRASH_DAYS - int(max(0.0, self._clock() - conversation.deleted_at) // _DAY)
            sentence = self.tr("Deleted for good in {days} days.")
            lines.append(sentence.replace("{days}", str(max(0, left))))
        return plain_tooltip("\n".join(lines))
