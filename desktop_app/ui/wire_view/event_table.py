"""The events of a stream as a table; a row is made when it is looked at, so thousands cost nothing."""

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.domain.exchange import WireEvent
from desktop_app.ui.wire_view.plain_wire import preview

NUMBER, TIME, SIZE, TEXT = range(4)

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_TO_THE_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class EventTable(QAbstractTableModel):
    """Number, arrival, size in bytes and beginning of each event."""

    def __init__(self) -> None:
        super().__init__()
        self._events: tuple[WireEvent, ...] = ()

    def show_events(self, events: tuple[WireEvent, ...]) -> None:
        """Show ``events`` in place of what is shown."""
        self.beginResetModel()
        self._events = events
        self.endResetModel()

    def event_at(self, row: int) -> WireEvent:
        """Return the event in a row, counted from 0."""
        return self._events[row]

    def retranslate(self) -> None:
        """Say the headings again, in the language of the moment."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, NUMBER, TEXT)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Every event has a row."""
        return 0 if parent.isValid() else len(self._events)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Four, whatever the events are."""
        return 0 if parent.isValid() else TEXT + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what stands in a cell."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() != TEXT:
            return _TO_THE_RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        event, locale = self._events[index.row()], QLocale()
        if index.column() == NUMBER:
            return locale.toString(index.row() + 1)
        if index.column() == TIME:
            return f"{locale.toString(event.at, 'f', 3)} s"
        if index.column() == SIZE:
            return locale.toString(len(event.text.encode("utf-8", "surrogatepass")))
        return preview(event.text)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return the heading of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            return left if section == TEXT else _TO_THE_RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("No."), self.tr("Time"), self.tr("Bytes"), self.tr("Event"))[section]
