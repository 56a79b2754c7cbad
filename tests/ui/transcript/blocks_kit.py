"""What tests of code blocks and tables share: the places of their parts, wheels and drags."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop_app.ui.transcript import BlockView, Entry, EntryKind


def show(view: BlockView, text: str, **fields: object) -> None:
    """Show one answer from its beginning."""
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", text, **fields)])
    view.scroll_to_entry("a")


def rows(view: BlockView):
    """The rows of the answer."""
    return view.stack.rows_of(view.stack.by_id["a"])


def button_labels(view: BlockView) -> dict[str, str]:
    """The labels of the answer's block buttons by their ids."""
    item = view.stack.by_id["a"]
    return {identity: label for identity, label, _ in view.controls.buttons_of(item)}


def button_point(view: BlockView, identity: str) -> QPoint:
    """The middle of a block button in the viewport."""
    item = view.stack.by_id["a"]
    boxes = {id_: box for id_, _, box in view.controls.buttons_of(item)}
    top = view.stack.top_of(item) - view.verticalScrollBar().value()
    return boxes[identity].translated(0, top).center().toPoint()


def row_point(view: BlockView, index: int, x: float = 40, y: float = -1) -> QPoint:
    """A point of the viewport inside a row; by default in the middle of its frame's height."""
    item = view.stack.by_id["a"]
    row = rows(view)[index]
    item.measure_row(index)
    inside = row.frame.center().y() if y < 0 else y
    left = item.chrome.row_left
    top = view.stack.top_of(item) + item.row_top(index) - view.verticalScrollBar().value()
    return QPoint(round(left + x), round(top + inside))


def wheel(
    view: BlockView,
    at: QPoint,
    *,
    angle: tuple[int, int] = (0, 0),
    pixels: tuple[int, int] = (0, 0),
    shift: bool = False,
) -> None:
    """Turn the wheel, or move two fingers, at a point of the viewport."""
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(*pixels),
        QPoint(*angle),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def fence(code: str, info: str = "python") -> str:
    """Code between its fences."""
    return f"```{info}\n{code}\n```\n"
