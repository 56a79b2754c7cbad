"""What a view does ahead of time, a few milliseconds at once between frames.

Long texts in sight are read on, and the page above and the page below what is seen are laid out:
measured, a page of text that nobody has looked at takes 15 to 19 ms, one that was warmed 3. Fonts
that are loaded on first use (Chinese 2 ms, emoji 8 ms, Thai 12 ms) are loaded here too, once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QTimer
from PySide6.QtGui import QImage, QPainter, QTextLayout

from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.stack import Anchor

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

SLICE_SECONDS = 0.003
PAUSE_MILLISECONDS = 8
"""From one slice to the next: at most a quarter of a core, and the loop turns in between."""
DELAY_MILLISECONDS = 60
"""Nothing is done ahead until the view has rested this long."""
PAGES = 1.5
"""Viewport heights above and below that are laid out ahead."""
SAMPLES = ("汉字，かな、한글", "😀 👩\u200d💻 🇨🇳 ✅", "ภาษาไทย", "עברית العربية", "∑ → ✓ ─")


class Idle:
    """The work ahead of one view."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._work: Iterator[None] | None = None
        self._anchor: Anchor | None = None
        self._timer = QTimer(view)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._slice)

    def moved(self) -> None:
        """What is seen has changed: begin anew once it rests."""
        self._work = None
        self._timer.start(DELAY_MILLISECONDS)

    def is_busy(self) -> bool:
        """Whether there may be something left to do."""
        return self._timer.isActive()

    def _slice(self) -> None:
        view = self._view
        if view.isVisible() and view.stack.items:
            view.work_ahead(self._work_on)

    def _work_on(self) -> None:
        self._anchor = self._view.stack.anchor_at(self._view.scrolling.value)
        if self._work is None:
            self._work = self._all_work()
        deadline = time.perf_counter() + SLICE_SECONDS
        for _ in self._work:
            if time.perf_counter() >= deadline:
                self._timer.start(PAUSE_MILLISECONDS)
                return

    def _all_work(self) -> Iterator[None]:
        yield from self._pages()
        yield from self._texts()
        yield from _fonts(self._view)

    def _pages(self) -> Iterator[None]:
        """Lay out a row above and a row below at a time, from what is seen outwards."""
        view, stack = self._view, self._view.stack
        height = view.viewport().height()
        reach, step = round(PAGES * height), max(8, stack.style.pitch)
        for away in range(0, reach, step):
            for top in (-away - step, height + away):
                # The place is asked for anew: what was laid out above has moved it.
                begin = round(stack.place_of(self._anchor)) + top if self._anchor else top
                if stack.measure(begin, begin + step):
                    stack.measure(begin, begin + step)
                yield

    def _texts(self) -> Iterator[None]:
        """Read on what is in sight."""
        stack, seen = self._view.stack, self._view.viewport().height()
        top = self._view.scrolling.value
        item: EntryItem | None = stack.item_at(top)
        while item is not None:
            while not item.is_read and stack.items.holds(item):
                stack.read_on(item, 0.0)
                yield
            following = item.index + 1
            if following >= len(stack.items) or stack.top_of(item) + item.height >= top + seen:
                return
            item = stack.items[following]


def _fonts(view: BlockView) -> Iterator[None]:
    """Draw a few letters of each script nowhere, once in the life of the program."""
    application = QCoreApplication.instance()
    if application is None or application.property("fonts-are-warm"):
        return
    application.setProperty("fonts-are-warm", True)
    for sample in SAMPLES:
        image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
        layout = QTextLayout(sample, view.stack.style.body)
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        yield
        painter = QPainter(image)
        layout.draw(painter, QPointF(0, 0))
        painter.end()
        yield
