"""The card for a person without a key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from desktop_app.chat.connections import ConnectionBook
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.settings.store import SettingsStore
from desktop_app.ui.first_run import FirstRunCard
from desktop_app.ui.forms import text_width
from tests.fakes.key_store import MemoryKeyStore
from tests.ui.probes import FakeProbe, tabbed_names, until

KEY = "sk-cp-abcdefghijkl1234"


@pytest.fixture
def card(qtbot):
    keys = MemoryKeyStore()
    widget = FirstRunCard(ConnectionBook(SettingsStore(None), keys), keys, FakeProbe())
    widget.keys = keys
    widget.finished_count = []
    widget.finished.connect(lambda: widget.finished_count.append(True))
    qtbot.addWidget(widget)
    return widget


def button(card, text):
    return next(b for b in card.findChildren(QPushButton) if b.text() == text)


async def save(card):
    card.show()
    card.findChild(QLineEdit).setText(KEY)
    QTest.mouseClick(button(card, "Save"), Qt.MouseButton.LeftButton)
    await card.key_form._tasks.join()


def test_it_says_what_it_is_and_where_the_key_goes(card):
    words = " ".join(label.text() for label in card.findChildren(QLabel))
    assert "Interleave" in words
    assert "Unofficial" in words
    assert "system’s keyring" in words


def test_a_kept_key_finishes(qloop, card):
    async def scenario():
        await save(card)
        assert card.finished_count == [True]
        await card.aclose()

    qloop(scenario())


def test_a_key_for_this_run_is_said_before_going_on(qloop, card):
    card.keys.state = KeyringState.ABSENT

    async def scenario():
        await save(card)
        assert card.finished_count == []
        assert "for this run only" in card.key_form.notice.text
        start = button(card, "Start chatting")
        assert start.isVisible()
        start.click()
        assert card.finished_count == [True]
        await card.aclose()

    qloop(scenario())


def test_the_demo_can_be_asked_for(qtbot, card):
    with qtbot.waitSignal(card.demo_requested, timeout=1000):
        button(card, "Try the demo").click()


@pytest.mark.parametrize("width", [420, 900, 1600])
def test_it_fits_every_width(qloop, qtbot, card, width):
    async def scenario():
        card.resize(width, 400)
        card.show()
        await card.key_form._tasks.join()
        assert card.widget().width() <= width
        assert card.key_form.width() <= text_width(62)
        assert card.verticalScrollBar().maximum() > 0  # a low window scrolls
        await card.aclose()

    qloop(scenario())


def test_the_focus_goes_to_the_key_and_tab_to_everything(qloop, card):
    async def scenario():
        card.show()
        card.activateWindow()
        card.setFocus()
        await until(lambda: card.focusWidget() is card.findChild(QLineEdit))
        await card.key_form._tasks.join()
        names = await tabbed_names(card)
        assert {"Region", "API key", "Show the key", "Get a key", "Save", "Test key"} <= names
        assert "Try the demo" in names
        await card.aclose()

    qloop(scenario())
