"""Other entries in the place of those that are shown, without losing the reader's place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_app.ui.transcript.entry import Entry

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView


def swap_entries(
    view: BlockView, entries: Sequence[Entry], old: Sequence[str], new: Sequence[str]
) -> None:
    """Show ``entries``, of which the first of ``new`` stands where the first of ``old`` stood.

    A painted button of the one that had the keyboard's focus passes it on to the same button of the
    other, or to its first. Where there is either none before or none after, the end is shown.
    """
    stack, scrolling = view.stack, view.scrolling
    before = stack.by_id[old[0]] if old else None
    height = None if before is None else stack.top_of(before) - scrolling.value
    focused = view.painting.focused
    view.set_entries(entries)
    if not new or height is None:
        return
    after = stack.by_id[new[0]]
    scrolling.to(lambda: max(0.0, stack.top_of(after) - height))
    if focused is not None and focused[0] is before:
        enabled = [button.action.id for button in stack.prepare(after).buttons]
        kept = focused[1] if focused[1] in enabled else next(iter(enabled), "")
        view.painting.focused = (after, kept) if kept else None
        if kept:
            view.button_focused(after, kept)
