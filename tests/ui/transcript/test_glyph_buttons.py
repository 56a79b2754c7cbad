"""Buttons that are glyphs, with words before them: painted, pressed, walked through, and told."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible

from desktop_app.ui.transcript import Entry, EntryAction, EntryKind
from desktop_app.ui.transcript.chrome import BACK, FORWARD
from desktop_app.ui.transcript.swapping import swap_entries
from tests.ui.transcript.kit import message

PREVIOUS = EntryAction("previous", "Previous version", glyph=BACK, enabled=False)
NEXT = EntryAction("next", "Next version", glyph=FORWARD, lead="1 / 2")
COPY = EntryAction("copy", "Copy")


@pytest.fixture
def shown(view):
    view.set_entries([message(1, "short", actions=(PREVIOUS, NEXT, COPY))])
    view.viewport().repaint()
    return view


def centre(view, action_id):
    item = view.stack.items[0]
    chrome = view.stack.prepare(item)
    box = next(place.box for place in chrome.places if place.action.id == action_id)
    top = view.stack.top_of(item) - view.verticalScrollBar().value() + item.height - chrome.foot
    return QPoint(round(box.center().x()), round(top + box.center().y()))


def test_one_that_is_not_enabled_is_seen_and_not_pressed(shown, qtbot):
    pressed = []
    shown.action_activated.connect(lambda *args: pressed.append(args))
    for name in ("previous", "next"):
        qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=centre(shown, name))
    assert pressed == [("1", "next")]


def test_the_keyboard_passes_one_that_is_not_enabled(shown, qtbot):
    shown.setFocus()
    walked = []
    for _ in range(2):
        qtbot.keyClick(shown, Qt.Key.Key_Tab)
        walked.append(shown.painting.focused[1])
    assert walked == ["next", "copy"]


def test_the_words_stand_between_the_two(shown):
    back, on, copy = shown.stack.prepare(shown.stack.items[0]).places
    assert back.box.right() < on.box.left() < copy.box.left()
    room = on.box.left() - back.box.right()
    assert room > shown.stack.prepare(shown.stack.items[0]).style.small_metrics.horizontalAdvance(
        "1 / 2"
    )


def test_they_are_painted(shown):
    with_glyphs = shown.grab().toImage()
    shown.update_entry(message(1, "short", actions=(COPY,)))
    assert shown.grab().toImage() != with_glyphs


@pytest.mark.parametrize("width", [160, 300, 900])
def test_those_of_an_own_message_stand_below_its_right_edge(view, width):
    view.resize(width, 500)
    edit = EntryAction("edit", "Edit")
    view.set_entries([Entry("1", EntryKind.USER, "You", "Hi", actions=(PREVIOUS, NEXT, edit))])
    chrome = view.stack.prepare(view.stack.items[0])
    last = max(place.box.right() for place in chrome.places)
    assert last <= view.viewport().width()
    assert min(place.box.left() for place in chrome.places) >= 0
    assert last > chrome.left + chrome.column


def test_a_screen_reader_hears_name_place_and_state(shown):
    entry = QAccessible.queryAccessibleInterface(shown).child(0)
    back, on = entry.child(0), entry.child(1)
    assert back.text(QAccessible.Text.Name) == "Previous version"
    assert on.text(QAccessible.Text.Name) == "Next version"
    assert on.text(QAccessible.Text.Description) == "1 / 2"
    assert back.state().disabled
    assert not on.state().disabled
    assert not on.rect().isEmpty()
    pressed = []
    shown.action_activated.connect(lambda *args: pressed.append(args))
    back.press()
    on.press()
    assert pressed == [("1", "next")]


def test_swapping_without_a_place_before_shows_the_end(view):
    long = "\n\n".join(f"Paragraph {n}" for n in range(80))
    swap_entries(view, [message(1, long)], (), ("1",))
    assert view.is_at_end()
    swap_entries(view, [message(2, long)], ("1",), ())
    assert view.is_at_end()
