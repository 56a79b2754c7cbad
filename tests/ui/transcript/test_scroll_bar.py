"""When the scroll bar of a view is painted, and that it then looks as it should."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.ui.transcript.kit import message

LINES = 120


class Paints(QObject):
    """Counts the paints of a widget."""

    def __init__(self, widget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


def on_screen(view) -> QImage:
    """The bar as it stands on the screen."""
    bar = view.bar
    corner = bar.mapTo(view, bar.rect().topLeft())
    pixmap = view.screen().grabWindow(
        view.winId(), corner.x(), corner.y(), bar.width(), bar.height()
    )
    return pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)


def painted_anew(view) -> QImage:
    return view.bar.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def stream(view, text) -> None:
    view.append_text("a", text)
    view.take_in_deltas()
    QApplication.processEvents()


@pytest.fixture
def streaming(view):
    """A view at the end of an answer that is longer than the viewport."""
    view.append_entry(message("a", "A line.\n\n" * 200, streaming=True))
    QApplication.processEvents()
    # It has its place and its size by now, and is told of the next line as of any other.
    stream(view, "A line.\n\n")
    assert view.bar.maximum() > 0
    return view


def test_lines_that_move_no_pixel_of_it_paint_nothing(streaming):
    paints, seen = Paints(streaming.bar), []
    for _ in range(LINES):
        before = painted_anew(streaming)
        paints.count = 0
        stream(streaming, "Another line.\n\n")
        is_other = painted_anew(streaming) != before
        seen.append(is_other)
        assert (paints.count - 1, is_other) in ((0, False), (1, True)), (len(seen), paints.count)
        assert on_screen(streaming) == painted_anew(streaming)

    assert 0 < sum(seen) < LINES / 3


def test_scrolling_paints_it(streaming):
    bar = streaming.bar
    for value in (0, bar.maximum() // 2, bar.maximum()):
        bar.setValue(value)
        QApplication.processEvents()
        assert on_screen(streaming) == painted_anew(streaming)


def test_a_window_of_another_size_paints_it(streaming):
    streaming.resize(600, 300)
    QApplication.processEvents()
    assert on_screen(streaming) == painted_anew(streaming)


def test_the_end_of_the_range_is_told_once_for_each_change(streaming):
    told = []
    streaming.bar.rangeChanged.connect(lambda low, high: told.append((low, high)))
    stream(streaming, "Another line.\n\nAnd one.\n\n")
    stream(streaming, "And")

    assert told[-1] == (0, streaming.bar.maximum())
    assert len(told) == len(set(told))
    assert streaming.bar.value() == streaming.bar.maximum()
