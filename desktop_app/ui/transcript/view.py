"""The block view: a scroll area that paints entries, and the whole public interface of the room.

It lays out only what is looked at. Every change goes through `_change`, which keeps the line
under the reader's eyes where it is, or stays at the end while the reader is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QStyle, QWidget

from desktop_app.ui.theme import tokens_for
from desktop_app.ui.transcript.chrome import DETAILS, Labels
from desktop_app.ui.transcript.clock import frame_clock
from desktop_app.ui.transcript.entry import Entry
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.highlight import Highlighter
from desktop_app.ui.transcript.keyboard import Keyboard
from desktop_app.ui.transcript.painting import Painting
from desktop_app.ui.transcript.pointer import Pointer
from desktop_app.ui.transcript.selection import Selection
from desktop_app.ui.transcript.stack import Stack
from desktop_app.ui.transcript.style import Style

NEAR_END = 2
"""Pixels from the end within which the view counts as being there."""
JUMP = 2
"""Viewport heights beyond which a scroll is a jump: what lies between is not laid out."""
COPIED_MILLISECONDS = 1_600

Dirty = tuple[EntryItem, int] | None


class BlockView(QAbstractScrollArea):
    """Shows entries as painted blocks; see the package for what it leaves to others."""

    link_activated = Signal(str)
    action_activated = Signal(str, str)
    entry_selected = Signal(str)
    at_end_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._zoom = 1.0
        labels = Labels(
            self.tr("Details"), self.tr("Hide details"), self.tr("Copy"), self.tr("Copied")
        )
        self.stack = Stack(self._make_style(), labels)
        self.selection = Selection(self.stack)
        self.highlighter = Highlighter(self)
        self.painting = Painting(self)
        self.pointer = Pointer(self)
        self.keyboard = Keyboard(self)
        self._pending: dict[str, list[str]] = {}
        self._is_following = True
        self._was_at_end = True
        self._is_settling = False

    # -- entries ------------------------------------------------------------------------------

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries and go to their end. Nothing is parsed that is not looked at."""
        self._pending.clear()
        self.selection.clear()
        self.pointer.forget()
        self.highlighter.clear()
        self.stack.width = self._content_width()
        self.stack.set_entries(entries)
        self._is_following = True
        self._settle_at_end()
        self.viewport().update()

    def entries(self) -> Sequence[Entry]:
        """All entries, with the text they have by now."""
        self._flush()
        return [self._current(item) for item in self.stack.items]

    def append_entry(self, entry: Entry) -> None:
        """Add an entry at the end."""
        self.insert(len(self.stack.items), entry)

    def insert(self, index: int, entry: Entry) -> None:
        """Add an entry before the one at `index`. A known id raises ValueError."""
        index = max(0, min(index, len(self.stack.items)))

        def change() -> Dirty:
            item = self.stack.insert(index, entry)
            if index < len(self.stack.items) - 1:
                self.selection.clear()
            return (item, -1)

        self._change(change)
        self._structure_changed()

    def update_entry(self, entry: Entry) -> None:
        """Replace the entry with the same id; a text that only grew keeps its layout."""
        self._flush()
        item = self.stack.by_id[entry.id]

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
                item.entry = entry
            elif is_kin and entry.text == source and entry.details == item.entry.details:
                item.entry = entry
            else:
                item.reset(entry)
            item.chrome = None
            self.stack.prepare(item)
            return (item, -1)

        self._change(change)
        self._structure_changed()

    def remove_entry(self, entry_id: str) -> None:
        """Take an entry out. An unknown id raises KeyError."""
        item = self.stack.by_id[entry_id]
        self._pending.pop(entry_id, None)
        self.selection.clear()
        self.pointer.forget()
        following = self.stack.items[item.index + 1 :][:1]

        def change() -> Dirty:
            self.stack.remove(item)
            return (following[0], -1) if following else None

        self._change(change, is_full=True)
        self._structure_changed()

    def clear(self) -> None:
        """Show nothing."""
        self.set_entries(())
        self._structure_changed()

    def plain_text(self, entry_id: str) -> str:
        """The whole text of an entry as plain text. An unknown id raises KeyError."""
        self._flush()
        return self.stack.by_id[entry_id].plain_text()

    # -- streaming ----------------------------------------------------------------------------

    def append_text(self, entry_id: str, text: str) -> None:
        """More text of a streaming entry; shown at the next frame. Unknown ids raise KeyError."""
        if entry_id not in self.stack.by_id:
            raise KeyError(entry_id)
        if text:
            self._pending.setdefault(entry_id, []).append(text)
            frame_clock().request(self._flush)

    def finish_entry(self, entry_id: str) -> None:
        """The entry's text is complete. An unknown id raises KeyError."""
        self._flush()
        item = self.stack.by_id[entry_id]

        def change() -> Dirty:
            first = item.finish(self.stack.style_of(item))
            item.entry = replace(item.entry, text=item.source, streaming=False)
            item.chrome = None
            self.stack.prepare(item)
            return (item, first if first is not None else -1)

        self._change(change)
        self._structure_changed()

    def _flush(self) -> None:
        """Take in what has gathered since the last frame."""
        if not self._pending:
            return
        frame_clock().cancel(self._flush)
        pending, self._pending = self._pending, {}
        for entry_id, parts in pending.items():
            item = self.stack.by_id.get(entry_id)
            if item is not None:
                self._change(lambda item=item, parts=parts: self._take_in(item, "".join(parts)))  # type: ignore[misc]

    def _take_in(self, item: EntryItem, text: str) -> Dirty:
        was_empty = not item.source
        first = item.append(text, self.stack.style_of(item))
        if was_empty:
            item.entry = replace(item.entry, text=text)
            item.chrome = None
            self.stack.prepare(item)
        self.stack.note_height(item)
        return (item, -1 if was_empty or first is None else max(0, first - 1))

    # -- scrolling ----------------------------------------------------------------------------

    def is_at_end(self) -> bool:
        """Whether the end of the last entry is in sight."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - NEAR_END

    def scroll_to_end(self) -> None:
        """Go to the end and follow it."""
        self._is_following = True
        self._change(lambda: None, is_full=True)

    def scroll_to_entry(self, entry_id: str) -> None:
        """Bring the beginning of an entry to the top. An unknown id raises KeyError."""
        item = self.stack.by_id[entry_id]
        self._is_following = False
        self._settle(lambda: float(self.stack.top_of(item)))
        self._is_following = self.is_at_end()
        self.viewport().update()
        self._tell_at_end()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The person scrolled, by whatever means. Qt's own hook."""
        del dx
        if self._is_settling:
            return
        self._flush_before_scroll()
        new = self.verticalScrollBar().value()
        old = new + dy
        height = self.viewport().height()
        is_jump = abs(dy) > JUMP * height
        anchor = self.stack.anchor_at(new if is_jump else old)
        if anchor is None:
            return
        moved = 0 if is_jump else -dy
        self._is_following = False
        self._settle(lambda: self.stack.place_of(anchor) + moved)
        self._is_following = self.is_at_end()
        shift = round(self.stack.place_of(anchor)) - self.verticalScrollBar().value()
        self._blit(height if is_jump else shift)
        self._tell_at_end()

    def _flush_before_scroll(self) -> None:
        frame_clock().cancel(self._flush)
        if self._pending:
            frame_clock().request(self._flush)

    def _change(self, change: Callable[[], Dirty], *, is_full: bool = False) -> None:
        """Run `change`, keep the reading place or the end, and repaint what differs."""
        before = self.verticalScrollBar().value()
        anchor = self.stack.anchor_at(before)
        dirty = change()
        if anchor is not None and self.stack.by_id.get(anchor.item.entry.id) is not anchor.item:
            item = self.stack.item_at(before)
            anchor = self.stack.anchor_at(before) if item else None
        if self._is_following:
            self._settle_at_end()
        elif anchor is not None:
            kept = anchor
            self._settle(lambda: self.stack.place_of(kept))
        else:
            self._settle(lambda: 0.0)
        value = self.verticalScrollBar().value()
        shift = round(self.stack.place_of(anchor)) - value if anchor is not None else 0
        if is_full or anchor is None:
            self.viewport().update()
        else:
            self._blit(shift)
            if dirty is not None:
                item, row = dirty
                y = self.stack.top_of(item) + (item.row_top(row) if row >= 0 else 0) - value
                y = max(0, y - self.stack.style.pitch)
                self.viewport().update(0, y, self.viewport().width(), self.viewport().height() - y)
        self._tell_at_end()

    def _blit(self, shift: int) -> None:
        if not shift:
            return
        if abs(shift) < self.viewport().height() and not self.painting.has_overlay():
            self.viewport().scroll(0, shift)
        else:
            self.viewport().update()

    def _settle_at_end(self) -> None:
        height = self.viewport().height()
        self._settle(lambda: float(self.stack.total - height))

    def _settle(self, wanted: Callable[[], float]) -> None:
        """Scroll to where `wanted` says, laying out what is seen there until heights agree."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        self._is_settling = True
        top = 0
        for _ in range(12):
            top = max(0, min(round(wanted()), self.stack.total - height))
            if not self.stack.measure(top, top + height):
                break
        bar.setRange(0, max(0, self.stack.total - height))
        bar.setPageStep(height)
        bar.setSingleStep(self.stack.style.pitch * 2)
        bar.setValue(top)
        self._is_settling = False
        self.stack.drop_far(top, top + height)

    def _tell_at_end(self) -> None:
        at_end = self.is_at_end()
        if at_end != self._was_at_end:
            self._was_at_end = at_end
            self.at_end_changed.emit(at_end)

    # -- looks --------------------------------------------------------------------------------

    def set_zoom(self, factor: float) -> None:
        """Scale all type by `factor`, 0.5 to 4."""
        self._zoom = max(0.5, min(4.0, factor))
        self._restyle()

    def _make_style(self) -> Style:
        return Style(tokens_for(self.palette()), self.font(), self._zoom)

    def _restyle(self) -> None:
        at_end = self._is_following
        value = self.verticalScrollBar().value()
        anchor = self.stack.anchor_at(value)
        self.stack.restyle(self._make_style())
        if anchor is not None and not at_end:
            self.stack.measure_anchor(anchor)
            self._settle(lambda: self.stack.place_of(anchor))
        else:
            self._settle_at_end()
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette, font and style."""
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if event.type() in kinds and hasattr(self, "_is_settling"):
            self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the first visible line where it is, or the end."""
        super().resizeEvent(event)
        anchor = self.stack.anchor_at(self.verticalScrollBar().value())
        self.stack.width = self._content_width()
        if self._is_following or anchor is None:
            self._settle_at_end()
        else:
            self.stack.measure_anchor(anchor)
            self._settle(lambda: self.stack.place_of(anchor))
            self._is_following = False
        self.viewport().update()
        self._tell_at_end()

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out for the real size on first show."""
        super().showEvent(event)
        self._change(lambda: None, is_full=True)

    def _content_width(self) -> int:
        """The width entries are laid out for; the same with and without a scroll bar."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        return max(120, self.width() - bar)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what the clip shows."""
        painter = QPainter(self.viewport())
        self.painting.paint(painter, event.rect())
        painter.end()

    # -- for the other parts of this room -----------------------------------------------------

    def update_rows(self, rect: QRectF) -> None:
        """Repaint a rectangle given in the heights of the stack."""
        value = self.verticalScrollBar().value()
        self.viewport().update(rect.translated(0, -value).toAlignedRect())

    def toggle_details(self, item: EntryItem) -> None:
        """Fold or unfold an entry's details."""

        def change() -> Dirty:
            item.is_unfolded = not item.is_unfolded
            item.forget_rows()
            self.stack.prepare(item)
            return (item, -1)

        self._is_following = False
        self._change(change)
        self._is_following = self.is_at_end()

    def press_action(self, item: EntryItem, action_id: str) -> None:
        """A button of an entry was pressed, by mouse, key or screen reader."""
        if action_id == DETAILS:
            self.toggle_details(item)
        else:
            self.action_activated.emit(item.entry.id, action_id)

    def button_focused(self, item: EntryItem, action_id: str) -> None:
        """The keyboard focus reached a painted button."""

    def _current(self, item: EntryItem) -> Entry:
        entry = item.entry
        return entry if entry.text == item.source else replace(entry, text=item.source)

    def _structure_changed(self) -> None:
        """Entries came or went: the pointer may be over something else now."""
        self.pointer.refresh()

    # -- selection ----------------------------------------------------------------------------

    def selected_text(self) -> str:
        """What is selected, as it would be copied."""
        return self.selection.text()

    def copy_selection(self) -> None:
        """Put the selection on the clipboard; nothing happens without one."""
        text = self.selection.text()
        if text:
            QGuiApplication.clipboard().setText(text)

    def select_all(self) -> None:
        """Select everything from the first entry to the last."""
        self.selection.select_all()
        self.viewport().update()

    # -- events, each handed to the part that owns it -------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Buttons, links, selection."""
        self.pointer.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Words."""
        self.pointer.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover and dragging."""
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a click or a drag."""
        self.pointer.release(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy, copy message, select all."""
        self.pointer.show_menu(event.pos(), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scrolling, copying, painted buttons."""
        if not self.keyboard.press(event):
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's signature
        """Tab walks through the painted buttons before it leaves."""
        return self.keyboard.walk(forwards=next) or super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus when it came by key."""
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.painting.shows_ring = event.reason() in keys
        self.viewport().update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        self.painting.shows_ring = False
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.painting.focused = None
        self.viewport().update()
        super().focusOutEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tool tips and leaving, which Qt sends to the viewport."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self.pointer.tooltip(event.pos(), event.globalPos())
            return True
        if event.type() is QEvent.Type.Leave:
            self.pointer.leave()
        return super().viewportEvent(event)
