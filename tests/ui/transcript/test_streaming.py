"""A smooth view: lumps are spread, the end of an entry waits for its text, readers get all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.ui.transcript import BlockView, Entry, EntryKind

LUMP = "An answer that comes in lumps of a hundred characters is shown evenly all the same, **word** by word. "


@pytest.fixture
def smooth(view) -> BlockView:
    view.set_smooth(is_smooth=True)
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", "", streaming=True)])
    return view


def shown(view: BlockView) -> str:
    """What has reached the rows, without asking for the rest."""
    return view.stack.by_id["a"].source


def test_a_lump_is_shown_bit_by_bit_and_whole_in_the_end(smooth, qtbot):
    smooth.append_text("a", LUMP)
    lengths = [len(shown(smooth))]
    smooth.stack.by_id["a"].source  # noqa: B018
    qtbot.waitUntil(lambda: lengths.append(len(shown(smooth))) or shown(smooth) == LUMP)
    assert len(set(lengths)) >= 4


def test_the_end_waits_for_the_text_and_comes_by_itself(smooth, qtbot):
    finished = Entry("a", EntryKind.ASSISTANT, "MiniMax", LUMP, note="12 tokens")
    smooth.append_text("a", LUMP)
    smooth.finish_entry("a")
    smooth.update_entry(finished)
    item = smooth.stack.by_id["a"]
    assert item.entry.streaming
    assert shown(smooth) != LUMP
    qtbot.waitUntil(lambda: item.entry == finished)
    assert shown(smooth) == LUMP


@pytest.mark.parametrize("ask", [BlockView.entries, lambda view: view.plain_text("a")])
def test_whoever_asks_for_the_text_gets_all_of_it(smooth, ask):
    finished = Entry("a", EntryKind.ASSISTANT, "MiniMax", LUMP)
    smooth.append_text("a", LUMP)
    smooth.finish_entry("a")
    smooth.update_entry(finished)
    ask(smooth)
    assert list(smooth.entries()) == [finished]


def test_text_after_a_finished_thought_of_the_same_id_keeps_its_order(smooth):
    smooth.append_text("a", LUMP)
    smooth.finish_entry("a")
    smooth.append_text("a", "more")
    assert smooth.entries()[0].text == LUMP + "more"


def test_another_entry_does_not_wait(smooth):
    smooth.append_text("a", LUMP)
    smooth.finish_entry("a")
    smooth.append_entry(Entry("b", EntryKind.ERROR, "Error", "cut off"))
    assert "b" in smooth.stack.by_id
    smooth.remove_entry("a")
    assert [entry.id for entry in smooth.entries()] == ["b"]


def test_a_change_of_a_streaming_entry_is_made_at_once(smooth):
    smooth.append_text("a", LUMP)
    entry = smooth.entries()[0]
    smooth.append_text("a", LUMP)
    smooth.update_entry(replace(entry, text="", note="it was thinking"))
    assert smooth.entries()[0].text == ""


def test_reduced_motion_shows_lumps_as_they_come_and_rests_the_caret(smooth):
    smooth.set_smooth(is_smooth=False)
    smooth.append_text("a", LUMP)
    smooth.streaming.step()
    assert shown(smooth) == LUMP
