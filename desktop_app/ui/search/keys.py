"""The keys of a search: down from the field into what was found, and back up again."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView

from desktop_app.ui.search.panel import SearchPanel
from desktop_app.ui.text_input import LineInput


class SearchKeys(QObject):
    """Down and Up walk through field, titles and hits; Escape gives the whole list back.

    Args:
        field: Where the words are typed; the keys of a composition stay the input method's.
        titles: The conversations whose titles hold the words.
        panel: What stands in the texts.
    """

    def __init__(self, field: LineInput, titles: QListView, panel: SearchPanel) -> None:
        super().__init__(field)
        self._field = field
        self._titles = titles
        self._panel = panel
        for widget in (field, titles, panel.hits):
            widget.installEventFilter(self)
        field.submitted.connect(self._open_first)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that lead from one part to the next."""
        if not isinstance(event, QKeyEvent) or self._field.is_composing:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            # Elsewhere Escape stops the answer; here it ends the search first.
            if event.key() == Qt.Key.Key_Escape and self._field.text():
                event.accept()
            return False
        if event.type() is not QEvent.Type.KeyPress:
            return False
        match Qt.Key(event.key()):
            case Qt.Key.Key_Escape:
                return self._clear()
            case Qt.Key.Key_Down:
                return self._move(watched, 1)
            case Qt.Key.Key_Up:
                return self._move(watched, -1)
            case _:
                return False

    def _clear(self) -> bool:
        if not self._field.text():
            return False
        self._field.clear()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def _move(self, watched: QObject, step: int) -> bool:
        stops = [view for view in (self._titles, self._panel.hits) if self._has_rows(view)]
        if isinstance(watched, QListView):
            rows = watched.model().rowCount()
            at_edge = watched.currentIndex().row() == (rows - 1 if step > 0 else 0)
            if not at_edge or watched not in stops or not self._field.text().strip():
                return False
            place = stops.index(watched) + step
        else:
            place = 0 if step > 0 else -1
        if place == -1:
            self._field.setFocus(Qt.FocusReason.BacktabFocusReason)
            return watched is not self._field
        if place >= len(stops):
            return False
        target = stops[place]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        row = 0 if step > 0 else target.model().rowCount() - 1
        target.setCurrentIndex(target.model().index(row, 0))
        return True

    def _open_first(self) -> None:
        if not self._field.text().strip():
            return
        if self._has_rows(self._titles):
            self._titles.activated.emit(self._titles.model().index(0, 0))
        else:
            self._panel.choose_first()

    @staticmethod
    def _has_rows(view: QListView) -> bool:
        return view.isVisible() and view.model().rowCount() > 0
