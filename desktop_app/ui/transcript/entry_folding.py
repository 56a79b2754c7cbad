"""Folding an entry to its name line, and folding its details: what a reader opens and closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.scrolling import Dirty

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView


def toggle_details(view: BlockView, item: EntryItem) -> None:
    """Fold or unfold an entry's details."""
    item.is_unfolded = not item.is_unfolded
    _show_anew(view, item)


def toggle_fold(view: BlockView, item: EntryItem) -> None:
    """Show of an entry the name line alone, or all of it again."""
    item.is_folded = not item.is_folded
    _show_anew(view, item)


def unfold_at(view: BlockView, item: EntryItem, row: int) -> None:
    """Unfold what keeps a row of an entry from being seen."""
    if item.is_folded:
        toggle_fold(view, item)
    if item.entry.details and not item.is_unfolded and row >= len(view.stack.rows_of(item)):
        toggle_details(view, item)


def _show_anew(view: BlockView, item: EntryItem) -> None:
    def change() -> Dirty:
        item.forget_rows()
        view.stack.prepare(item)
        return (item, -1)

    view.scrolling.is_following = False
    view.scrolling.change(change)
    view.scrolling.is_following = view.is_at_end()
    view.accessible.replaced(item)
