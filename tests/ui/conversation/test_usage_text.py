"""Tokens and cost in words, under an answer and for a conversation."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QPoint
from PySide6.QtWidgets import QLabel, QToolTip
from pytestqt.qtbot import QtBot

from desktop_app.domain.message import Message, Role, Text
from desktop_app.domain.usage import Usage
from desktop_app.ui.conversation.entries import message_entries
from desktop_app.ui.conversation.header import Header
from desktop_app.ui.conversation.usage_text import (
    money,
    totals,
    usage_line,
    usage_tip,
)
from desktop_app.ui.transcript.view import BlockView

USAGE = Usage(1000, 1204, cached=500, reasoning=900)


@pytest.fixture(autouse=True)
def _american(qapp: object) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


def answer(
    usage: Usage | None = USAGE, model: str = "MiniMax-M2", host: str | None = "api.minimax.io"
) -> Message:
    return Message("a", Role.ASSISTANT, parts=(Text("Yes."),), model=model, usage=usage, host=host)


def test_a_line_of_tokens_and_cost() -> None:
    assert usage_line([answer()]) == "2,204 tokens · $0.0016"
    assert usage_line([answer(model="house-blend")]) == "2,204 tokens"
    assert usage_line([answer(host="127.0.0.1:8000")]) == "2,204 tokens"
    assert "Price" not in usage_tip([answer(host="127.0.0.1:8000")])
    assert usage_tip([answer()]).splitlines() == [
        "Request: 1,000 tokens",
        "of these from the cache: 500",
        "Answer: 1,204 tokens",
        "of these thinking: 900",
        "Price list of 9/29/26: $0.0016",
    ]


def test_numbers_follow_the_locale() -> None:
    QLocale.setDefault(QLocale("de_DE"))
    assert usage_line([answer()]) == "2.204 tokens · $0,0016"


@pytest.mark.parametrize("usage", [None, Usage(), Usage(0, 0), Usage(0, 0, 0, 0)])
def test_nothing_is_said_where_nothing_was_counted(usage: Usage | None) -> None:
    assert usage_line([answer(usage)]) == usage_tip([answer(usage)]) == ""
    assert totals([answer(usage)]) == ("", "")
    (entry,) = message_entries(answer(usage))
    assert (entry.note, entry.note_tip) == ("", "")


def test_what_was_not_measured_is_left_out() -> None:
    tip = usage_tip([answer(Usage(10, 20, cached=0, reasoning=0), "house-blend")])
    assert tip.splitlines() == ["Request: 10 tokens", "Answer: 20 tokens"]
    assert usage_tip([answer(Usage(None, 20))]) == "Answer: 20 tokens"


@pytest.mark.parametrize(
    ("dollars", "words"),
    [
        (0.0, "$0.00"),
        (0.00004, "< $0.0001"),
        (0.0006, "$0.0006"),
        (0.0123, "$0.0123"),
        (1.005, "$1.00"),
        (1234.5, "$1,234.50"),
    ],
)
def test_amounts(dollars: float, words: str) -> None:
    assert money(dollars) == words


def test_a_conversation_is_summed_up() -> None:
    messages = [answer(), answer(), answer(model="house-blend"), answer(None)]
    line, tip = totals(messages)
    assert line == "6,612 tokens · $0.0032"
    first, *_, price, unknown = tip.splitlines()
    assert first == "The answers of this conversation that are shown"
    assert price == "Price list of 9/29/26: $0.0032"
    assert unknown == "No price is known for 1 of the answers."


def test_it_stands_under_the_answer_with_its_breakdown_behind_it(qtbot: QtBot) -> None:
    (entry,) = message_entries(answer())
    assert entry.note == "2,204 tokens · $0.0016"
    view = BlockView()
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.set_entries([entry])
    view.show()
    item = view.stack.items[0]
    chrome = view.stack.prepare(item)
    top = view.stack.top_of(item) - view.verticalScrollBar().value()
    foot = top + item.height - chrome.foot
    at = QPoint(chrome.row_left + 5, round(foot + chrome.note_top + 5))
    view.pointer.tooltip(at, view.mapToGlobal(at))
    assert "Answer: 1,204 tokens" in QToolTip.text()


def test_the_header_shows_the_sum_where_there_is_room(qtbot: QtBot) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.resize(1000, 50)
    header.show()
    (label,) = [found for found in header.findChildren(QLabel) if type(found) is QLabel]
    assert not label.isVisible()
    header.set_usage("6,612 tokens · $0.0032", "Request: 6,000 tokens")
    assert label.isVisible()
    assert label.text() == "6,612 tokens · $0.0032"
    assert label.toolTip() == "Request: 6,000 tokens"
    header.resize(800, 50)
    assert label.text() == "$0.0032"
    header.set_usage("6,612 tokens", "Request: 6,000 tokens")
    assert label.text() == "6,612 tokens"
    header.resize(700, 50)
    assert not label.isVisible()
    header.resize(1000, 50)
    assert label.isVisible()
    header.set_usage("", "")
    assert not label.isVisible()
