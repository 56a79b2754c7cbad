"""Items are made when asked for, and keep their numbers and ids whatever comes and goes."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.ui.transcript import Entry, EntryKind
from desktop_app.ui.transcript.entry import EntrySequence
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.items import Items, ItemsById


def entry(name):
    return Entry(str(name), EntryKind.USER, "You", f"text {name}")


class Counted(EntrySequence):
    """Says which entries were made."""

    def __init__(self, count):
        self.count = count
        self.made = []

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        self.made.append(index)
        return entry(index)

    def ids(self):
        return [str(index) for index in range(self.count)]

    def text_lengths(self):
        return [6] * self.count


def test_only_what_is_asked_for_is_made():
    source = Counted(10_000)
    items = Items(source)
    assert len(items) == 10_000
    assert items[9_999].entry.id == "9999"
    assert items[-2].index == 9_998
    assert ItemsById(items)["17"].index == 17
    assert "10000" not in ItemsById(items)
    assert source.made == [9_999, 9_998, 17]
    assert [item.index for item in items.made()] == [17, 9_998, 9_999]


def test_a_view_makes_only_the_entries_in_sight(view):
    source = Counted(10_000)
    view.set_entries(source)
    view.verticalScrollBar().setValue(0)
    assert len(set(source.made)) < 60
    assert view.plain_text("5000") == "text 5000"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 50)), max_size=30))
def test_numbers_and_ids_agree_after_any_insertions_and_removals(steps):
    items, expected = Items([entry(n) for n in range(5)]), [str(n) for n in range(5)]
    by_id = ItemsById(items)
    for step, (adds, place) in enumerate(steps):
        if adds or not expected:
            name, index = f"new {step}", place % (len(expected) + 1)
            item = EntryItem(entry(name), index)
            items.append(item) if index == len(items) else items.insert(index, item)
            expected.insert(index, name)
        else:
            gone = items[place % len(expected)]
            assert items.holds(gone)
            items.remove(gone)
            assert not items.holds(gone)
            expected.remove(gone.entry.id)
        assert [item.entry.id for item in items] == expected
        assert [by_id[name].index for name in expected] == list(range(len(expected)))
    assert by_id.get("nobody") is None
