"""The list widget: several rows can be selected, headings of folders fold, keys as lists have them."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from desktop_app.ui.conversation_list.delegate import ConversationDelegate, heading_height
from desktop_app.ui.conversation_list.model import FOLDED_ROLE, FOLDER_ROLE, ConversationModel

_SELECTING: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class ConversationView(QListView):
    """Shows a :class:`ConversationModel`.

    Dragging is left out on purpose: the view's own runs a nested event loop (``QDrag.exec``), in
    which an answer that streams elsewhere would stand still.

    Signals:
        delete_requested(): Delete was pressed.
        rename_requested(): F2 was pressed.
        fold_requested(str, bool): This folder is to be folded, or unfolded.
        menu_requested(QPoint): A context menu is wanted at this place of the viewport, for what is
            selected.
    """

    delete_requested = Signal()
    rename_requested = Signal()
    fold_requested = Signal(str, bool)
    menu_requested = Signal(QPoint)

    def __init__(self, model: ConversationModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conversations = model
        self._heading_pressed = False
        self.pressed_to_select = False
        """Whether Ctrl or Shift was held at the last press: it selects for what is to come."""
        self.setModel(model)
        self.setItemDelegate(ConversationDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)

    def selected_rows(self) -> list[int]:
        """Return the rows that are selected, from above, folded ones left out."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [row for row in rows if not self._conversations.is_folded(row)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys that lists have everywhere; left and right fold and unfold a folder."""
        current = self.currentIndex()
        folder = self._conversations.folder_at(current.row())
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Delete:
            self.delete_requested.emit()
        elif key == Qt.Key.Key_F2:
            self.rename_requested.emit()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right} and plain and folder:
            self.fold_requested.emit(folder, key == Qt.Key.Key_Left)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and current.data(FOLDED_ROLE):
            self.fold_requested.emit(folder, False)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Fold or unfold a folder by its heading; another heading is no part of its row.

        Beside the rows nothing is pressed: what is shown stays the row that is selected.
        """
        place = event.position().toPoint()
        index = self._heading_at(place)
        self._heading_pressed = index.isValid()
        self.pressed_to_select = bool(event.modifiers() & _SELECTING)
        if not self.indexAt(place).isValid():
            event.accept()
        elif not self._heading_pressed:
            super().mousePressEvent(event)
        elif event.button() is Qt.MouseButton.LeftButton and (folder := index.data(FOLDER_ROLE)):
            self.fold_requested.emit(folder, not index.data(FOLDED_ROLE))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select nothing by a press on a heading."""
        if not self._heading_pressed or not event.buttons():
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A heading is no row that was clicked."""
        if self._heading_pressed:
            self._heading_pressed = False
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press on a heading is a press."""
        if self._heading_at(event.position().toPoint()).isValid():
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu: by the mouse for the row under it, by the keyboard for what is selected."""
        event.accept()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            index = self.indexAt(event.pos())
            if not index.isValid() or self._heading_at(event.pos()).isValid():
                return
            if not self.selectionModel().isSelected(index):
                flags = QItemSelectionModel.SelectionFlag
                self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)
            self.menu_requested.emit(event.pos())
        elif self.selected_rows():
            self.menu_requested.emit(self.visualRect(self.currentIndex()).center())

    def _heading_at(self, position: QPoint) -> QModelIndex:
        """Return the row whose heading is at ``position``, or an index that is not valid."""
        index = self.indexAt(position)
        if not index.isValid():
            return index
        top = self.visualRect(index).top()
        inside = position.y() - top < heading_height(index, self.font())
        return index if inside else QModelIndex()
