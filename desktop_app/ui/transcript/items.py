"""The entries of a view as items, each made when it is asked for.

Opening a conversation of ten thousand messages must not cost more than opening one of ten: only
those in sight become items, and a lazy sequence of entries makes only those entries too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from desktop_app.ui.transcript.entry import Entry, EntrySequence
from desktop_app.ui.transcript.entry_item import EntryItem


class Items(Sequence[EntryItem]):
    """A list of items with their numbers up to date, found by number and by id."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        # A list may change under our hands; a sequence that makes its entries does not.
        self._entries = entries if isinstance(entries, EntrySequence) else tuple(entries)
        self._items: list[EntryItem | None] = [None] * len(self._entries)
        self._numbers: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> EntryItem: ...
    @overload
    def __getitem__(self, index: slice) -> list[EntryItem]: ...

    def __getitem__(self, index: int | slice) -> EntryItem | list[EntryItem]:
        if isinstance(index, slice):
            return [self._item(number) for number in range(*index.indices(len(self._items)))]
        return self._item(range(len(self._items))[index])

    def _item(self, number: int) -> EntryItem:
        item = self._items[number]
        if item is None:
            item = self._items[number] = EntryItem(self._entries[number], number)
        return item

    def made(self) -> Iterator[EntryItem]:
        """The items that somebody has asked for."""
        return filter(None, self._items)

    def holds(self, item: EntryItem) -> bool:
        """Whether an item is still one of these."""
        return item.index < len(self._items) and self._items[item.index] is item

    def append(self, item: EntryItem) -> None:
        """Add an item at the end; its number is the next one."""
        self._items.append(item)
        if self._numbers is not None:
            self._numbers[item.entry.id] = item.index

    def insert(self, index: int, item: EntryItem) -> None:
        """Put an item between others."""
        everything = self[:]
        everything.insert(index, item)
        self._renumber(everything)

    def remove(self, item: EntryItem) -> None:
        """Take an item out."""
        if item.index + 1 == len(self._items):
            self._items.pop()
            if self._numbers is not None:
                del self._numbers[item.entry.id]
            return
        everything = self[:]
        del everything[item.index]
        self._renumber(everything)

    def _renumber(self, items: list[EntryItem]) -> None:
        for number, item in enumerate(items):
            item.index = number
        self._items = [*items]
        self._numbers = None

    def number_of(self, entry_id: str) -> int | None:
        """The number of an entry; None for an unknown id."""
        if self._numbers is None:
            ids = self._entries.ids() if isinstance(self._entries, EntrySequence) else None
            if ids is None or len(ids) != len(self._items):
                ids = [item.entry.id for item in self]
            self._numbers = {entry_id: number for number, entry_id in enumerate(ids)}
        return self._numbers.get(entry_id)


class ItemsById:
    """The same items, by the ids of their entries."""

    def __init__(self, items: Items) -> None:
        self._items = items

    def __contains__(self, entry_id: str) -> bool:
        return self._items.number_of(entry_id) is not None

    def __getitem__(self, entry_id: str) -> EntryItem:
        number = self._items.number_of(entry_id)
        if number is None:
            raise KeyError(entry_id)
        return self._items[number]

    def get(self, entry_id: str) -> EntryItem | None:
        """The item; None for an unknown id."""
        number = self._items.number_of(entry_id)
        return None if number is None else self._items[number]
