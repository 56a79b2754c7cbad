"""What a screen reader finds in a block view, asked for within the process."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible, QAccessibleActionInterface
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.ui.transcript import BlockView, Entry, EntryAction, EntryKind

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description
ENTRIES = [
    Entry("1", EntryKind.USER, "You", "Hello", caption="14:03"),
    Entry("2", EntryKind.ASSISTANT, "MiniMax", "An **answer** with `code` 😀\n\n- a", caption="14:04"),
    Entry("3", EntryKind.ERROR, "Error", "It failed.", actions=(EntryAction("retry", "Retry"),),
          details="HTTP 500"),
]  # fmt: skip


@pytest.fixture
def interface(view):
    view.setAccessibleName("Conversation")
    view.set_entries(ENTRIES)
    return QAccessible.queryAccessibleInterface(view)


def test_the_view_is_a_named_list_with_a_child_per_entry(interface):
    assert interface.text(NAME) == "Conversation"
    assert interface.role() is QAccessible.Role.List
    names = [interface.child(index).text(NAME) for index in range(interface.childCount())]
    assert names == ["You, 14:03", "MiniMax, 14:04", "Error"]
    assert all(interface.child(n).role() is QAccessible.Role.ListItem for n in range(3))
    assert interface.indexOfChild(interface.child(1)) == 1
    assert interface.child(7) is None


def test_the_whole_text_can_be_read(interface):
    answer = interface.child(1)
    expected = "An answer with code 😀\n\n• a"
    assert answer.text(DESCRIPTION) == expected
    reading = answer.textInterface()
    assert reading.text(0, -1) == expected
    assert reading.characterCount() == len(expected.encode("utf-16-le")) // 2
    assert reading.text(3, 9) == "answer"


def test_buttons_are_children_that_can_be_pressed(view, interface, qtbot):
    error = interface.child(2)
    assert [error.child(n).text(NAME) for n in range(error.childCount())] == ["Retry", "Details"]
    retry = error.child(0)
    assert retry.role() is QAccessible.Role.Button
    assert error.indexOfChild(retry) == 0
    with qtbot.waitSignal(view.action_activated) as pressed:
        retry.actionInterface().doAction(QAccessibleActionInterface.pressAction())
    assert pressed.args == ["3", "retry"]
    error.child(1).actionInterface().doAction(QAccessibleActionInterface.pressAction())
    assert error.child(1).text(NAME) == "Hide details"
    assert "HTTP 500" in error.text(DESCRIPTION)


def test_places_on_the_screen(view, interface):
    rect = interface.child(2).rect()
    assert interface.rect().contains(rect.center())
    found = interface.childAt(rect.center().x(), rect.center().y())
    assert found is interface.child(2)
    retry = interface.child(2).child(0).rect()
    assert rect.contains(retry)


def test_what_is_scrolled_away_is_off_screen(view, interface):
    view.set_entries([Entry(str(n), EntryKind.USER, "You", "text\n\n" * 9) for n in range(50)])
    assert interface.child(0).state().offscreen
    assert not interface.child(49).state().offscreen


def test_streamed_text_is_read_as_far_as_it_came(view, interface):
    view.append_entry(Entry("s", EntryKind.ASSISTANT, "MiniMax", "", streaming=True))
    child = interface.child(3)
    assert child.state().busy
    view.append_text("s", "One ")
    view.take_in_deltas()
    assert child.text(DESCRIPTION) == "One"
    view.append_text("s", "**two**")
    view.finish_entry("s")
    assert child.text(DESCRIPTION) == "One two"
    assert not child.state().busy


def test_the_parent_leads_to_the_view(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    view = BlockView(window)
    view.set_entries(ENTRIES)
    parent = QAccessible.queryAccessibleInterface(window)
    (child,) = [parent.child(n) for n in range(parent.childCount())]
    assert child.child(0).parent() is child
    assert child.parent().object() is window


def test_entries_and_views_may_go_while_they_are_being_read(qtbot, monkeypatch):
    QAccessible.setActive(True)
    try:
        for turn in range(20):
            window = QWidget()
            view = BlockView(window)
            view.set_entries(ENTRIES * 1)
            window.show()
            read_all(QAccessible.queryAccessibleInterface(window))
            view.remove_entry("3")
            view.append_entry(Entry("n", EntryKind.ASSISTANT, "MiniMax", "", streaming=True))
            view.append_text("n", "text")
            view.finish_entry("n")
            read_all(QAccessible.queryAccessibleInterface(window))
            if turn % 2:
                view.set_entries(ENTRIES[:1])
                read_all(QAccessible.queryAccessibleInterface(window))
            window.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            del window, view
            gc.collect()
    finally:
        QAccessible.setActive(False)


def read_all(interface):
    interface.text(NAME), interface.text(DESCRIPTION), interface.state(), interface.rect()
    for index in range(interface.childCount()):
        read_all(interface.child(index))


def test_a_finished_answer_is_announced_and_a_thought_is_not(view, interface, monkeypatch):
    told = []
    monkeypatch.setattr(QAccessible, "isActive", staticmethod(lambda: True))
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", staticmethod(lambda event: told.append(event))
    )
    for kind in (EntryKind.THOUGHT, EntryKind.ASSISTANT):
        view.append_entry(Entry(kind.value, kind, "Name", "", streaming=True))
        view.append_text(kind.value, "**done**")
        view.finish_entry(kind.value)
    messages = [event.message() for event in told if hasattr(event, "message")]
    assert messages == ["Name: done"]
