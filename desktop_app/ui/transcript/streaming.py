"""Text on its way in: deltas gather here and go into their entries at most once a frame.

Where the view is smooth, text that came in a lump is given out step by step (see `pacing`). The end
of an entry waits for its text; whoever asks for the text itself gets all of it at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt, QTimer

from desktop_app.ui.transcript.clock import frame_clock
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.pacing import STEP_SECONDS, Pacer
from desktop_app.ui.transcript.scrolling import Dirty

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView


class Streaming:
    """The deltas of a view that are not shown yet."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._clock = frame_clock()
        self.is_smooth = False
        self._pacers: dict[str, Pacer] = {}
        self._afterwards: dict[str, list[Callable[[], None]]] = {}
        self._next_step = QTimer(view)
        self._next_step.setSingleShot(True)
        self._next_step.setTimerType(Qt.TimerType.PreciseTimer)
        self._next_step.setInterval(round(STEP_SECONDS * 1000))
        self._next_step.timeout.connect(lambda: self._clock.request(self.step))

    def clear(self) -> None:
        """Forget all that waits."""
        self._pacers.clear()
        self._afterwards.clear()

    def forget(self, entry_id: str) -> None:
        """Forget what waits for one entry."""
        self._pacers.pop(entry_id, None)
        self._afterwards.pop(entry_id, None)

    def append(self, entry_id: str, text: str) -> None:
        """More text of an entry; shown from the next frame on. Unknown ids raise KeyError."""
        if entry_id not in self._view.stack.by_id:
            raise KeyError(entry_id)
        if entry_id in self._afterwards:
            self.take_in()
        if not text:
            return
        pacer = self._pacers.get(entry_id)
        if pacer is None:
            pacer = self._pacers[entry_id] = Pacer(is_smooth=self.is_smooth)
        pacer.put(text, time.perf_counter())
        if not self._next_step.isActive():
            self._clock.request(self.step)

    def after(self, entry_id: str, act: Callable[[], None]) -> None:
        """Run `act` once the text of an entry is shown; now, where nothing waits."""
        pacer = self._pacers.get(entry_id)
        if self.is_smooth and pacer is not None and pacer.is_waiting:
            self._afterwards.setdefault(entry_id, []).append(act)
        else:
            act()

    def finish(self, entry_id: str) -> None:
        """An entry's text is complete. An unknown id raises KeyError."""
        item = self._view.stack.by_id[entry_id]
        if not self.is_smooth:
            self.take_in()
        self.after(entry_id, partial(self._finish, item))

    def step(self) -> None:
        """A frame has come: show what is due."""
        if not shiboken6.isValid(self._view):
            return
        now = time.perf_counter()
        self._show({entry_id: pacer.take(now) for entry_id, pacer in self._pacers.items()})
        if any(pacer.is_waiting for pacer in self._pacers.values()):
            self._next_step.start()

    def take_in(self) -> None:
        """Put everything that waits into its entries."""
        if not shiboken6.isValid(self._view):
            return
        self._clock.cancel(self.step)
        self._next_step.stop()
        self._show({entry_id: pacer.take_all() for entry_id, pacer in self._pacers.items()})

    def _show(self, texts: dict[str, str]) -> None:
        view = self._view
        for entry_id, text in texts.items():
            item = view.stack.by_id.get(entry_id)
            if item is not None and text:
                view.scrolling.change(partial(self._grow, item, text), growing=item)
            pacer = self._pacers.get(entry_id)
            if pacer is None or not pacer.is_waiting:
                for act in self._afterwards.pop(entry_id, ()):
                    act()

    def _finish(self, item: EntryItem) -> None:
        view = self._view
        self._pacers.pop(item.entry.id, None)

        def change() -> Dirty:
            first = item.finish(view.stack.style_of(item))
            item.entry = replace(item.entry, text=item.source, streaming=False)
            item.chrome = None
            view.stack.prepare(item)
            return (item, first if first is not None else -1)

        view.scrolling.change(change)
        view.accessible.finished(item)
        view.pointer.refresh()

    def _grow(self, item: EntryItem, text: str) -> Dirty:
        stack = self._view.stack
        was_empty = not item.length
        first = item.append(text, stack.style_of(item))
        if was_empty:
            # The frame kept a line free for the caret as long as there was no text.
            item.take_in()
            item.chrome = None
            stack.prepare(item)
        stack.note_height(item)
        return (item, -1 if was_empty or first is None else first)
