"""The block view: a scroll area that paints entries, and the whole public interface of the room.

It lays out only what is looked at. Every change goes through `_change`, which keeps the line
under the reader's eyes where it is, or stays at the end while the reader is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QStyle, QWidget

from desktop_app.ui.theme import tokens_for
from desktop_app.ui.transcript.accessible import AccessibleEntries
from desktop_app.ui.transcript.block_controls import BlockControls
from desktop_app.ui.transcript.caret import Caret
from desktop_app.ui.transcript.chrome import DETAILS, FOLD_ENTRY, Labels
from desktop_app.ui.transcript.context_menu import show_menu
from desktop_app.ui.transcript.copying import Copying
from desktop_app.ui.transcript.entry import Entry
from desktop_app.ui.transcript.entry_folding import toggle_details, toggle_fold
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.finder import Finder
from desktop_app.ui.transcript.footnotes import NOTE, follow_note
from desktop_app.ui.transcript.formula_swap import FormulaSwap
from desktop_app.ui.transcript.highlight import Highlighter
from desktop_app.ui.transcript.idle import Idle
from desktop_app.ui.transcript.images import Images
from desktop_app.ui.transcript.keyboard import Keyboard
from desktop_app.ui.transcript.links import find_link
from desktop_app.ui.transcript.painting import Painting
from desktop_app.ui.transcript.pointer import Pointer
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.scroll_bar import ScrollBar
from desktop_app.ui.transcript.scrolling import Dirty, Scrolling
from desktop_app.ui.transcript.selection import Selection
from desktop_app.ui.transcript.stack import Stack
from desktop_app.ui.transcript.streaming import Streaming
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.view_events import ViewEvents
from desktop_app.ui.transcript.waiting_input import WaitingInput


class BlockView(ViewEvents):
    """Shows entries as painted blocks; see the package for what it leaves to others."""

    link_activated = Signal(str, str)
    """The target of a link, and the words that it stood behind."""
    action_activated = Signal(str, str)
    entry_selected = Signal(str)
    code_save_requested = Signal(str, str)
    at_end_changed = Signal(bool)
    find_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.bar = ScrollBar(self)
        self.setVerticalScrollBar(self.bar)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._zoom = 1.0
        self._room = (0, 0)
        self._code_look = (True, False)
        labels = Labels(
            self.tr("Details"), self.tr("Hide details"), self.tr("Fold"), self.tr("Unfold")
        )
        self.stack = Stack(self._make_style(), labels)
        self.selection = Selection(self.stack)
        self.stack.on_rows_moved = self._rows_moved
        self.highlighter = Highlighter(self)
        self.images = Images(self)
        self.images.ready.connect(lambda _address: self.viewport().update())
        self.painting = Painting(self)
        self.scrolling = Scrolling(self)
        self.stack.keep_place = self.scrolling.change
        self.controls = BlockControls(self)
        self.copying = Copying(self)
        self.caret = Caret(self)
        self.pointer = Pointer(self)
        self.keyboard = Keyboard(self)
        self.finder = Finder(self)
        self.accessible = AccessibleEntries(self)
        self.streaming = Streaming(self)
        self.formula_swap = FormulaSwap(self)
        self.idle = Idle(self)
        self.waiting = WaitingInput(self)

    # -- entries ------------------------------------------------------------------------------

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries and go to their end. Nothing is parsed that is not looked at."""
        self.streaming.clear()
        self.waiting.clear()
        self.accessible.cleared()
        self.clear_selection()
        self.pointer.forget()
        self.highlighter.clear()
        self.stack.width = self._content_width()
        self.stack.set_entries(entries)
        self.scrolling.to_end()
        self.finder.reset()

    def entries(self) -> Sequence[Entry]:
        """All entries, with the text they have by now."""
        self.take_in_deltas()
        return [self._current(item) for item in self.stack.items]

    def append_entry(self, entry: Entry) -> None:
        """Add an entry at the end."""
        self.insert(len(self.stack.items), entry)

    def insert(self, index: int, entry: Entry) -> None:
        """Add an entry before the one at `index`. A known id raises ValueError."""
        index = max(0, min(index, len(self.stack.items)))

        def change() -> Dirty:
            return (self.stack.insert(index, entry), -1)

        self.scrolling.change(change, is_full=index < len(self.stack.items))
        self.accessible.added(self.stack.by_id[entry.id])
        self.pointer.refresh()

    def update_entry(self, entry: Entry) -> None:
        """Replace the entry with the same id; a text that only grew keeps its layout.

        A final entry waits until the text that streamed is shown. An unknown id raises KeyError.
        """
        item = self.stack.by_id[entry.id]
        if entry.streaming:
            self.take_in_deltas()
        self.streaming.after(entry.id, partial(self._update_entry, item, entry))

    def _update_entry(self, item: EntryItem, entry: Entry) -> None:
        self.take_in_deltas()

        def change() -> Dirty:
            source = item.source
            is_kin = (entry.kind, entry.markdown) == (item.entry.kind, item.entry.markdown)
            if is_kin and entry.text.startswith(source) and item.entry.streaming:
                more = entry.text[len(source) :]
                style = self.stack.style_of(item)
                if more:
                    item.append(more, style)
                if not entry.streaming:
                    item.finish(style)
                item.take_in()
                item.entry = entry
            elif is_kin and entry.text == source and entry.details == item.entry.details:
                item.entry = entry
            else:
                item.reset(entry)
            item.chrome = None
            self.stack.prepare(item)
            return (item, -1)

        self.scrolling.change(change)
        self.accessible.replaced(item)
        self.pointer.refresh()

    def remove_entry(self, entry_id: str) -> None:
        """Take an entry out. An unknown id raises KeyError."""
        item = self.stack.by_id[entry_id]
        self.streaming.forget(entry_id)
        self.accessible.removed(item)
        self.pointer.forget()
        following = self.stack.items[item.index + 1 :][:1]

        def change() -> Dirty:
            self.stack.remove(item)
            return (following[0], -1) if following else None

        self.scrolling.change(change, is_full=True)
        self.finder.note_change(item, -1)

    def clear(self) -> None:
        """Show nothing."""
        self.set_entries(())

    def plain_text(self, entry_id: str) -> str:
        """The whole text of an entry as plain text. An unknown id raises KeyError."""
        self.take_in_deltas()
        return self.stack.by_id[entry_id].plain_text()

    # -- streaming ----------------------------------------------------------------------------

    def append_text(self, entry_id: str, text: str) -> None:
        """More text of a streaming entry; shown at the next frame. Unknown ids raise KeyError."""
        self.streaming.append(entry_id, text)

    def finish_entry(self, entry_id: str) -> None:
        """The entry's text is complete. An unknown id raises KeyError."""
        self.streaming.finish(entry_id)

    def take_in_deltas(self) -> None:
        """Take in what has gathered since the last frame."""
        self.streaming.take_in()

    def set_smooth(self, *, is_smooth: bool) -> None:
        """Show text that comes in lumps evenly, at most 300 ms late, or just as it comes."""
        self.take_in_deltas()
        self.streaming.is_smooth = is_smooth
        self.painting.rest_caret(is_resting=not is_smooth)

    # -- scrolling ----------------------------------------------------------------------------

    def is_at_end(self) -> bool:
        """Whether the end of the last entry is in sight."""
        return self.scrolling.is_at_end()

    def scroll_to_end(self) -> None:
        """Go to the end and follow it."""
        self.scrolling.to_end()

    def begin_answer(self, entry_id: str) -> None:
        """An entry at the end begins to grow: follow it as the person wishes. Unknown: KeyError."""
        self.scrolling.begin_answer(self.stack.by_id[entry_id])

    def scroll_to_entry(self, entry_id: str) -> None:
        """Bring the beginning of an entry to the top. An unknown id raises KeyError."""
        item = self.stack.by_id[entry_id]
        self.scrolling.to(lambda: float(self.stack.top_of(item)))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The scroll bar moved."""
        del dx
        self.scrolling.scrolled(dy)
        self.pointer.scrolled()

    # -- looks --------------------------------------------------------------------------------

    def set_zoom(self, factor: float) -> None:
        """Scale all type by `factor`, 0.5 to 4."""
        self._zoom = max(0.5, min(4.0, factor))
        self._restyle()

    def set_code_look(self, *, wraps: bool, folds: bool) -> None:
        """How code is set where the reader chose nothing for a block: see the settings."""
        if (wraps, folds) != self._code_look:
            self._code_look = (wraps, folds)
            self._restyle()

    def _make_style(self) -> Style:
        wraps, folds = self._code_look
        return Style(
            tokens_for(self.palette()),
            self.font(),
            self._zoom,
            wraps_code=wraps,
            folds_code=folds,
        )

    def _restyle(self) -> None:
        anchor = self.stack.anchor_at(self.scrolling.value)
        self.stack.restyle(self._make_style())
        self.scrolling.settle(anchor)
        self.viewport().update()
        self.idle.moved()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette, font and style."""
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if event.type() in kinds and hasattr(self, "pointer"):
            self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the first visible line where it is, or the end."""
        super().resizeEvent(event)
        room = (self._content_width(), self.viewport().height())
        if room == self._room:
            return  # The scroll bar came or went, for which room is kept.
        self._room = room
        anchor = self.stack.anchor_at(self.scrolling.value)
        self.stack.width = room[0]
        self.scrolling.settle(anchor)
        self.viewport().update()
        self.scrolling.tell_at_end()
        self.idle.moved()

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out for the real size on first show."""
        super().showEvent(event)
        self.scrolling.change(lambda: None, is_full=True)

    def _content_width(self) -> int:
        """The width entries are laid out for; the same with and without a scroll bar."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        return max(120, self.width() - bar)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what the clip shows."""
        painter = QPainter(self.viewport())
        try:
            self.painting.paint(painter, event.rect())
        finally:
            # A painter that is left open when an exception passes takes the process down.
            painter.end()

    def show_menu(self, event: QContextMenuEvent) -> None:
        """What can be copied, and what can be done with all of it."""
        show_menu(self, event)

    # -- for the other parts of this room -----------------------------------------------------

    def read_under(self, at: QPointF) -> None:
        """Read all of the entry at a point, so that its rows keep their numbers from now on."""
        item = self.stack.item_at(at.y() + self.scrolling.value)
        if item is not None:
            self.stack.rows_of(item)

    def read_on(self, item: EntryItem, seconds: float) -> None:
        """Read more of an entry that is shown, for about `seconds`; nothing in sight moves."""
        self.work_ahead(lambda: self.stack.read_on(item, seconds))

    def work_ahead(self, work: Callable[[], None]) -> None:
        """Read or lay out what nobody may have looked at yet; nothing in sight moves."""
        before = self.rows_in_sight()
        self.scrolling.change(work)
        if self.rows_in_sight() != before:
            # What was shown for the moment has turned out to be something else.
            self.viewport().update()

    def rows_in_sight(self) -> list[Row]:
        """The rows that the viewport shows, whatever is known of them."""
        top = self.scrolling.value
        return self.stack.rows_between(top, top + self.viewport().height())

    def _rows_moved(self, item: EntryItem, row: int, by: int) -> None:
        """Rows of an entry from `row` on have other numbers than before."""
        hovered = self.painting.hovered
        if hovered is not None and hovered[0] is item and hovered[1] >= row:
            self.painting.hovered = (item, hovered[1] + by, hovered[2])

    def update_rows(self, rect: QRectF) -> None:
        """Repaint a rectangle given in the heights of the stack."""
        value = self.verticalScrollBar().value()
        self.viewport().update(rect.translated(0, -value).toAlignedRect())

    def press_action(self, item: EntryItem, action_id: str) -> None:
        """A button of an entry was pressed, by mouse, key or screen reader."""
        if action_id == DETAILS:
            toggle_details(self, item)
        elif action_id == FOLD_ENTRY:
            toggle_fold(self, item)
        elif not self.controls.press(item, action_id):
            self.action_activated.emit(item.entry.id, action_id)

    def follow_link(self, item: EntryItem, link_id: str) -> None:
        """A link was chosen by key or screen reader."""
        link = find_link(item, link_id)
        if link is not None and link.target.startswith(NOTE):
            follow_note(self, item, link.target)
        elif link is not None:
            self.link_activated.emit(link.target, link.words)

    def button_focused(self, item: EntryItem, action_id: str) -> None:
        """The keyboard focus reached a painted button or a link."""
        self.accessible.focused(item, action_id)

    def _current(self, item: EntryItem) -> Entry:
        entry = item.entry
        return entry if entry.text == item.source else replace(entry, text=item.source)

    # -- selection ----------------------------------------------------------------------------

    def selected_text(self) -> str:
        """What is selected, as it would be copied."""
        return self.copying.plain()

    def copy_selection(self) -> None:
        """Put the selection on the clipboard, plain and rich; nothing happens without one."""
        self.copying.copy()

    def select_all(self) -> None:
        """Select everything from the first entry to the last."""
        self.selection.select_all()
        self.viewport().update()

    def clear_selection(self) -> None:
        """Let go of the selection, and take the text cursor away."""
        self.caret.hide()
        self.selection.clear()
        self.viewport().update()
