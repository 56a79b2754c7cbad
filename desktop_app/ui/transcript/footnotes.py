"""From the mark of a footnote to the footnote, and from its number back to the mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Look
from desktop_app.ui.transcript.fragments import blocks_shown
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.selection import Place

if TYPE_CHECKING:
    from desktop_app.ui.transcript.entry_item import EntryItem
    from desktop_app.ui.transcript.view import BlockView

NOTE = "note:"
BACK = "back:"
"""Beginnings of the names of what can be pressed; the footnote's label follows."""


def follow_note(view: BlockView, item: EntryItem, part: str) -> None:
    """Scroll from a mark to its footnote or back, and put the text cursor there."""
    label = part.partition(":")[2]
    view.stack.rows_of(item)
    place = footnote_of(item, label) if part.startswith(NOTE) else mark_of(item, label)
    if place is None:
        return
    view.selection.set(place, place)
    view.caret.show()
    view.caret.reveal()


def footnote_of(item: EntryItem, label: str) -> Place | None:
    """Where the footnote with a label begins; None where the text has none."""
    for index, block in enumerate(blocks_shown(item)):
        if block.note == label:
            return (item.index, index, 0)
    return None


def mark_of(item: EntryItem, label: str) -> Place | None:
    """Where the first mark of a footnote stands; None where there is none."""
    sign = f"[^{label}]"
    for index, block in enumerate(blocks_shown(item)):
        if sign not in block.source:
            continue
        rich = rich_text(block.source)
        for span in rich.spans:
            if span.look & Look.NOTE and span.target == label:
                return (item.index, index, utf16.offsets(rich.text)(span.start))
    return None
