"""The bars for finding: what they say, where they open, how one goes from hit to hit and out again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFont, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.ui.finding import Finding
from desktop_app.ui.transcript.view import BlockView
from tests.ui.transcript.kit import message

LONG = "A paragraph with **some** words in it that goes on for a while. " * 8
K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Window(QWidget):
    """A conversation, the thinking, and a box to write in, with the search between them."""

    def __init__(self) -> None:
        super().__init__()
        self.conversation, self.thinking, self.composer = BlockView(), BlockView(), QLineEdit()
        self.conversation.setFont(QFont("DejaVu Sans", 10))
        row = QHBoxLayout(self)
        for widget in (self.conversation, self.thinking, self.composer):
            row.addWidget(widget)
        self.finding = Finding(self.conversation, self.thinking, self)

    @property
    def bar(self):
        return self.finding.conversation_bar

    @property
    def thinking_bar(self):
        return self.finding.thinking_bar


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    made = Window()
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.conversation.set_entries(
        [message(n, f"{LONG}\n\nneedle {n} needle [link](https://a.b)") for n in range(12)]
    )
    made.thinking.set_entries([message("t", f"{LONG}\n\na needle here")])
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.composer.setFocus()
    qtbot.waitUntil(made.composer.hasFocus)
    return made


def type_(window: Window, bar, text: str) -> None:
    bar.edit.clear()
    QTest.keyClicks(bar.edit, text)
    for view in (window.conversation, window.thinking):
        view.finder.finish()


def test_the_bar_opens_over_the_conversation_and_has_the_focus(window: Window) -> None:
    window.finding.open()
    assert window.bar.isVisible()
    assert window.bar.edit.hasFocus()
    assert window.bar.edit.accessibleName() == "Find in conversation"
    corner = window.bar.geometry().topRight()
    assert window.conversation.viewport().geometry().contains(corner)


def test_what_is_typed_is_found_counted_and_scrolled_to(window: Window) -> None:
    window.conversation.scroll_to_entry("0")
    window.finding.open()
    type_(window, window.bar, "needle")
    assert window.bar.count.text() == "1 / 24"
    QTest.keyClick(window.bar.edit, K.Key_Return)
    assert window.bar.count.text() == "2 / 24"
    QTest.keyClick(window.bar.edit, K.Key_Return, SHIFT)
    QTest.keyClick(window.bar.edit, K.Key_Return, SHIFT)
    assert window.bar.count.text() == "24 / 24"
    assert window.conversation.is_at_end()
    type_(window, window.bar, "needle 7")
    assert window.bar.count.text() == "1 / 1"
    type_(window, window.bar, "nowhere")
    assert window.bar.count.text() == "No hits"
    type_(window, window.bar, "")
    assert window.bar.count.text() == ""


def test_the_switches_narrow_the_search(window: Window) -> None:
    window.finding.open()
    type_(window, window.bar, "needl")
    assert window.bar.count.text().endswith("/ 24")
    window.bar.words.click()
    window.conversation.finder.finish()
    assert window.bar.count.text() == "No hits"
    window.bar.words.click()
    type_(window, window.bar, "NEEDLE")
    assert window.bar.count.text().endswith("/ 24")
    window.bar.case.click()
    window.conversation.finder.finish()
    assert window.bar.count.text() == "No hits"
    assert (window.bar.case.accessibleName(), window.bar.words.accessibleName()) == (
        "Match case",
        "Whole words",
    )


def test_esc_closes_gives_the_focus_back_and_leaves_the_hit_selected(window: Window) -> None:
    window.finding.open()
    type_(window, window.bar, "needle 7")
    QTest.keyClick(window.bar.edit, K.Key_Escape)
    assert not window.bar.isVisible()
    assert window.composer.hasFocus()
    assert window.conversation.selected_text() == "needle 7"
    assert window.conversation.finder.count == 0
    assert window.conversation.finder.top_margin == 0
    assert window.conversation.painting.focused is None


def test_esc_closes_from_a_button_too_and_is_no_shortcut_meanwhile(window: Window) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    window.finding.open()
    window.bar.case.setFocus()
    event = QKeyEvent(QEvent.Type.ShortcutOverride, K.Key_Escape, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(window.bar.case, event)
    assert event.isAccepted()
    QTest.keyClick(window.bar.case, K.Key_Escape)
    assert not window.bar.isVisible()


def test_keys_step_with_and_without_an_open_bar(window: Window) -> None:
    handlers = window.finding.handlers()
    handlers["find_next"]()
    assert window.bar.isVisible(), "nothing to go on to: it asks"
    type_(window, window.bar, "needle")
    first = window.conversation.finder.position
    handlers["find_next"]()
    assert window.conversation.finder.position == first % 24 + 1
    handlers["find_previous"]()
    assert window.conversation.finder.position == first


def test_a_short_selection_is_what_is_looked_for(window: Window) -> None:
    window.conversation.scroll_to_entry("0")
    window.conversation.selection.set((0, 0, 2), (0, 0, 11))
    window.finding.open()
    window.conversation.finder.finish()
    assert window.bar.edit.text() == "paragraph"
    assert window.conversation.finder.count == 12 * 8
    assert window.conversation.finder.position == 1


def test_the_thinking_is_counted_and_led_over_to(window: Window) -> None:
    window.finding.open()
    type_(window, window.bar, "needle")
    assert window.bar.elsewhere.isVisible()
    assert window.bar.elsewhere.text() == "Thinking: 1"
    assert window.thinking.finder.position == 0, "counted only: nothing moves there"
    window.bar.elsewhere.click()
    assert not window.bar.isVisible()
    assert window.thinking_bar.isVisible()
    assert window.thinking_bar.edit.text() == "needle"
    assert window.thinking_bar.count.text() == "1 / 1"
    assert window.thinking_bar.elsewhere.text() == "Conversation: 24"
    assert window.thinking_bar.edit.accessibleName() == "Find in thinking"
    QTest.keyClick(window.thinking_bar.edit, K.Key_Escape)
    assert window.composer.hasFocus()
    type_(window, window.bar, "zzz")
    assert not window.bar.elsewhere.isVisible()


def test_a_hidden_thinking_pane_is_asked_for(window: Window, qtbot: QtBot) -> None:
    window.thinking.hide()
    window.finding.thinking_requested.connect(window.thinking.show)
    window.finding.open()
    type_(window, window.bar, "needle")
    with qtbot.waitSignal(window.finding.thinking_requested):
        window.bar.elsewhere.click()
    assert window.thinking_bar.isVisible()


def test_it_opens_in_the_thinking_where_the_focus_is(window: Window) -> None:
    window.thinking.setFocus()
    window.finding.open()
    assert window.thinking_bar.isVisible()
    assert not window.bar.isVisible()
    QTest.keyClick(window.thinking_bar.edit, K.Key_Escape)
    assert window.thinking.hasFocus()


def test_the_context_menu_leads_to_the_bar_of_its_view(window: Window) -> None:
    window.thinking.find_requested.emit()
    assert window.thinking_bar.isVisible()


def test_an_input_method_keeps_its_keys(window: Window) -> None:
    window.finding.open()
    QCoreApplication.sendEvent(window.bar.edit, QInputMethodEvent("bei", []))
    QTest.keyClick(window.bar.edit, K.Key_Return)
    QTest.keyClick(window.bar.edit, K.Key_Escape)
    assert window.bar.isVisible()
    commit = QInputMethodEvent()
    commit.setCommitString("北京")
    QCoreApplication.sendEvent(window.bar.edit, commit)
    assert window.bar.edit.text() == "北京"


def test_text_that_streams_in_is_counted(window: Window) -> None:
    window.finding.open()
    type_(window, window.bar, "needle")
    window.conversation.append_entry(message("s", "", streaming=True))
    window.conversation.append_text("s", "one more needle")
    window.conversation.take_in_deltas()
    window.conversation.finder.finish()
    assert window.bar.count.text().endswith("/ 25")


def test_the_bar_makes_way_for_a_hit_that_cannot_be_scrolled_from_under_it(window: Window) -> None:
    window.conversation.set_entries([message("short", "word " * 40 + "needle\n\nlast")])
    window.finding.open()
    type_(window, window.bar, "last")
    top = window.bar.y()
    type_(window, window.bar, "word")
    seen = set()
    for _ in range(40):
        seen.add(window.bar.y())
        item, hit = window.conversation.finder.current
        rect = window.conversation.caret.places.rect((item.index, hit.row, hit.start))
        assert not window.bar.geometry().contains(rect.center().toPoint())
        QTest.keyClick(window.bar.edit, K.Key_Return)
    assert len(seen) == 2, "above for hits below, below for hits above"
    type_(window, window.bar, "last")
    assert window.bar.y() == top


def test_ticks_on_the_scroll_bar_show_where_hits_are(window: Window, qtbot: QtBot) -> None:
    ticks, bar = window.bar.ticks, window.conversation.verticalScrollBar()
    assert ticks.isHidden()
    window.finding.open()
    type_(window, window.bar, "needle 11")
    qtbot.waitUntil(lambda: not ticks.isHidden(), timeout=3000)
    assert len(ticks.ticks) == 1
    assert ticks.current == ticks.ticks[0] > bar.height() * 0.9
    type_(window, window.bar, "needle")
    qtbot.waitUntil(lambda: len(ticks.ticks) == 12, timeout=3000)
    assert all(0 <= y < bar.height() for y in ticks.ticks)
    window.resize(1100, 400)
    qtbot.waitUntil(lambda: max(ticks.ticks) < 400, timeout=3000)
    window.finding.close()
    assert ticks.isHidden()


def test_an_empty_conversation_has_nothing_to_find(window: Window) -> None:
    window.conversation.clear()
    window.finding.open()
    assert not window.bar.isVisible()


@pytest.mark.parametrize("width", [240, 420, 1400])
def test_the_bar_fits_into_every_width(window: Window, width: int) -> None:
    window.thinking.hide()
    window.composer.hide()
    window.finding.open()
    type_(window, window.bar, "needle")
    window.resize(width, 500)
    QApplication.processEvents()
    area = window.conversation.viewport().geometry()
    assert area.contains(window.bar.geometry())
    for button in window.bar.findChildren(QWidget):
        if button.isVisible() and button.parent() is window.bar:
            assert window.bar.rect().contains(button.geometry()), button


def test_the_names_of_both_bars_follow_the_language(window):
    names = [bar.edit.accessibleName() for bar in (window.bar, window.thinking_bar)]
    for bar in (window.bar, window.thinking_bar):
        bar.set_name("?")
    QApplication.sendEvent(window.bar, QEvent(QEvent.Type.LanguageChange))
    assert [bar.edit.accessibleName() for bar in (window.bar, window.thinking_bar)] == names
