"""Puts formulas that have arrived into the rows that show their source, the reading place kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.formulas import formulas
from desktop_app.ui.transcript.placement import FormulaKey
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.scrolling import Dirty

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView


class FormulaSwap(QObject):
    """The side of a view that hears when formulas arrive."""

    def __init__(self, view: BlockView) -> None:
        super().__init__(view)
        self._view = view
        formulas().arrived.connect(self._on_arrived)

    def _on_arrived(self, keys: set[FormulaKey]) -> None:
        def waiting() -> list[tuple[EntryItem, int, Row]]:
            rows = self._view.stack.laid_rows()
            return [place for place in rows if not place[2].waiting.isdisjoint(keys)]

        stale = waiting()
        if not stale:
            return

        def change() -> Dirty:
            # Rows may have other numbers by now: the place that is kept had to be found first.
            stale = waiting()
            if not stale:
                return None
            for item, index, row in stale:
                row.drop()
                # What continues the line of a row begins where that row now ends.
                for later in (item.rows or [])[index + 1 :]:
                    if not later.block.run_on:
                        break
                    later.drop()
            return (stale[0][0], min(index for _, index, _ in stale))

        is_one = len({item for item, _, _ in stale}) == 1
        self._view.scrolling.change(change, is_full=not is_one)
        self._view.pointer.refresh()
