"""What came back: the events of a stream and the one that is chosen, or the body of a plain answer."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSplitter,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.ui.forms import link_button, muted_label, text_width
from desktop_app.ui.wire_view.event_table import NUMBER, SIZE, TEXT, TIME, EventTable
from desktop_app.ui.wire_view.plain_wire import header_lines, pretty_event, pretty_json
from desktop_app.ui.wire_view.wire_text import WireText

_LEAST_CHARACTERS: Final = 64
"""Width from which on the table shows sizes, in average characters."""


class EventsPage(QWidget):
    """The table above, the whole of what is chosen below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: ExchangeRecord | None = None
        self.table, self.model, self.whole = QTableView(), EventTable(), WireText()
        self._note, self._headers = muted_label(), link_button()
        self.table.setModel(self.model)
        self._set_up_table()
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(4)
        below.addWidget(self._headers, 0, Qt.AlignmentFlag.AlignLeft)
        below.addWidget(self.whole, 1)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(10)
        halves.addWidget(self.table)
        halves.addWidget(lower)
        halves.setStretchFactor(0, 1)
        halves.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._note)
        layout.addWidget(halves, 1)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self._headers.clicked.connect(self._show_answer)
        self._retranslate()

    def show_record(self, record: ExchangeRecord) -> None:
        """Show what came back for the request of ``record``."""
        self._record = record
        self.model.show_events(record.events)
        self.table.setVisible(bool(record.events))
        self._headers.setVisible(bool(record.events))
        self._show_note()
        if record.events:
            self.table.setCurrentIndex(self.model.index(0, NUMBER))
        else:
            self._show_answer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the width to the beginning of the events where there is little of it."""
        super().resizeEvent(event)
        self.table.setColumnHidden(SIZE, event.size().width() < text_width(_LEAST_CHARACTERS))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self._show_note()

    def _on_row(self, current: QModelIndex) -> None:
        if current.isValid():
            self.whole.show_text(pretty_event(self.model.event_at(current.row()).text))

    def _show_answer(self) -> None:
        record = self._record
        if record is not None:
            parts = (header_lines(record.response_headers), pretty_json(record.body))
            self.whole.show_text("\n\n".join(filter(None, parts)))

    def _show_note(self) -> None:
        record = self._record
        notes = []
        if record is not None and record.truncated:
            notes.append(self.tr("Not all is here: the record reached the size set for it."))
        if record is not None and record.status is None:
            notes.append(self.tr("No answer came."))
        elif record is not None and not record.events:
            notes.append(self.tr("The answer was no stream of events."))
        self._note.setText(" ".join(notes))
        self._note.setVisible(bool(notes))

    def _set_up_table(self) -> None:
        table, behaviour = self.table, QAbstractItemView
        table.setSelectionBehavior(behaviour.SelectionBehavior.SelectRows)
        table.setSelectionMode(behaviour.SelectionMode.SingleSelection)
        table.setEditTriggers(behaviour.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setCornerButtonEnabled(False)
        table.setMinimumHeight(90)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setItemDelegate(QStyledItemDelegate(table))
        # One height for all: measuring each of many thousand rows would take seconds.
        rows = table.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(table.fontMetrics().height() + 10)
        columns = table.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setSectionsClickable(False)
        columns.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        for column, characters in ((NUMBER, 6), (TIME, 8), (SIZE, 7)):
            table.setColumnWidth(column, text_width(characters) + 16)

    def _retranslate(self) -> None:
        self.model.retranslate()
        self.table.setAccessibleName(self.tr("Events"))
        self.whole.box.setAccessibleName(self.tr("Whole event"))
        self._headers.setText(self.tr("Show the &headers of the answer"))
