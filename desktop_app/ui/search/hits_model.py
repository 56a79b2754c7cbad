"""Hits as rows, grouped by conversation; the first row of a group bears its title."""

from collections.abc import Callable
from typing import Final, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from desktop_app.domain.search import ConversationHits, Hit, Scope, SearchResult

HIT_ROLE: Final = int(Qt.ItemDataRole.UserRole)
HEADING_ROLE: Final = HIT_ROLE + 1
SCOPE_ROLE: Final = HIT_ROLE + 2
DATE_ROLE: Final = HIT_ROLE + 3

_Index = QModelIndex | QPersistentModelIndex


class FoundRow(NamedTuple):
    """A hit and where it is."""

    group: ConversationHits
    hit: Hit
    is_first: bool


def scope_name(scope: Scope) -> str:
    """Return what a scope is called."""
    names: dict[Scope, Callable[[], str]] = {
        Scope.ANSWERS: lambda: QCoreApplication.translate("Search", "Answers"),
        Scope.THINKING: lambda: QCoreApplication.translate("Search", "Thinking"),
        Scope.TOOLS: lambda: QCoreApplication.translate("Search", "Tools"),
        Scope.MINE: lambda: QCoreApplication.translate("Search", "Mine"),
    }
    return names[scope]()


class HitsModel(QAbstractListModel):
    """The rows of a search."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[FoundRow] = []

    def show(self, result: SearchResult) -> None:
        """Show the hits of ``result``."""
        rows = [
            FoundRow(group, hit, is_first=position == 0)
            for group in result.conversations
            for position, hit in enumerate(group.hits)
        ]
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_at(self, row: int) -> FoundRow | None:
        """Return what stands in ``row``, or ``None``."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many hits are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row shows."""
        found = self.row_at(index.row())
        if found is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return found.hit.excerpt
            case Qt.ItemDataRole.AccessibleTextRole:
                about = (found.group.title, scope_name(found.hit.scope), date_text(found.hit))
                return f"{', '.join(filter(None, about))}: {found.hit.excerpt}"
            case _ if role == HIT_ROLE:
                return found.hit
            case _ if role == HEADING_ROLE:
                return found.group.title if found.is_first else ""
            case _ if role == SCOPE_ROLE:
                return scope_name(found.hit.scope)
            case _ if role == DATE_ROLE:
                return date_text(found.hit)
            case _:
                return None

    def retranslate(self) -> None:
        """Say the names in another language."""
        self.layoutChanged.emit()


def date_text(hit: Hit) -> str:
    """Return when a hit was written: the time for today, the date otherwise."""
    if not hit.created_at:
        return ""
    moment = QDateTime.fromSecsSinceEpoch(int(hit.created_at))
    locale = QLocale()
    if moment.date() == QDateTime.currentDateTime().date():
        return locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    return locale.toString(moment.date(), QLocale.FormatType.ShortFormat)
