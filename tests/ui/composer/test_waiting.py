"""The cards of messages that wait."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from desktop_app.domain.draft import Queued
from desktop_app.ui.composer.waiting import WaitingCards


@pytest.fixture
def cards(qtbot: QtBot) -> WaitingCards:
    widget = WaitingCards()
    qtbot.addWidget(widget)
    widget.resize(500, 400)
    return widget


def test_without_messages_nothing_is_shown(cards: WaitingCards) -> None:
    cards.show_waiting((), held=False)
    assert not cards.isVisible()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_card_has_its_room_and_many_scroll(
    cards: WaitingCards, qtbot: QtBot, count: int
) -> None:
    cards.show_waiting([Queued(f"m{n}", str(n)) for n in range(count)], held=False)
    (area,) = cards.findChildren(QScrollArea)
    qtbot.waitUntil(lambda: area.height() >= area.widget().sizeHint().height())
    few = area.height()
    cards.show_waiting([Queued(f"m{n}", str(n)) for n in range(30)], held=False)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert area.height() > few
    assert area.height() < 200


def test_what_they_wait_for_is_said(cards: WaitingCards) -> None:
    cards.show_waiting([Queued("a")], held=False)
    words = {label.text() for label in cards.findChildren(QLabel)}
    assert "Sent when the answer is complete:" in words
    (send,) = cards.findChildren(QPushButton)
    assert not send.isVisible()
    cards.show_waiting([Queued("a")], held=True)
    words = {label.text() for label in cards.findChildren(QLabel)}
    assert "Not sent yet: the answer before did not come to its end." in words
    assert send.isVisible()
    assert send.accessibleName() == "Send now"
