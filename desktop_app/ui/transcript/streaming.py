"""Text on its way in: deltas gather here and go into their entries at most once a frame."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import shiboken6

from desktop_app.ui.transcript.clock import frame_clock
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.scrolling import Dirty

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView


class Streaming:
    """The deltas of a view that are not shown yet."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._pending: dict[str, list[str]] = {}

    def clear(self) -> None:
        """Forget all that waits."""
        self._pending.clear()

    def forget(self, entry_id: str) -> None:
        """Forget what waits for one entry."""
        self._pending.pop(entry_id, None)

    def append(self, entry_id: str, text: str) -> None:
        """More text of an entry; shown at the next frame. Unknown ids raise KeyError."""
        if entry_id not in self._view.stack.by_id:
            raise KeyError(entry_id)
        if text:
            self._pending.setdefault(entry_id, []).append(text)
            frame_clock().request(self.take_in)

    def finish(self, entry_id: str) -> None:
        """An entry's text is complete. An unknown id raises KeyError."""
        self.take_in()
        view = self._view
        item = view.stack.by_id[entry_id]

        def change() -> Dirty:
            first = item.finish(view.stack.style_of(item))
            item.entry = replace(item.entry, text=item.source, streaming=False)
            item.chrome = None
            view.stack.prepare(item)
            return (item, first if first is not None else -1)

        view.scrolling.change(change)
        view.accessible.finished(item)
        view.pointer.refresh()

    def take_in(self) -> None:
        """Put everything that waits into its entries."""
        view = self._view
        if not self._pending or not shiboken6.isValid(view):
            return
        frame_clock().cancel(self.take_in)
        pending, self._pending = self._pending, {}
        for entry_id, parts in pending.items():
            item = view.stack.by_id.get(entry_id)
            if item is not None:
                view.scrolling.change(partial(self._grow, item, "".join(parts)))

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
