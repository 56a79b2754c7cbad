from dataclasses import replace

import pytest

from desktop_app.chat.forecast import Forecaster
from desktop_app.chat.outgoing import Break, Item, ItemKind, Reason
from desktop_app.chat.ports import ChatRequest
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.message import CONTINUATION, Message, Role, Text
from desktop_app.providers.openai_chat.request import explain
from desktop_app.ui.context import words

REGION = Connection("r", "R", "https://api.minimax.io/v1", ConnectionSource.REGION)


def forecast(text="Hi", model="MiniMax-M2"):
    request = ChatRequest(model, (Message("1", Role.USER, (Text(text),)),), Parameters())
    return Forecaster(explain).forecast(request, REGION)


def test_the_meter_says_share_window_and_price():
    made = replace(forecast(), tokens=24_576)
    assert words.meter_short(made) == "12%"
    assert words.meter_long(made).startswith("12% of 204")
    assert words.meter_long(made).endswith("· < $0.0001")
    long = forecast("a fairly long word " * 5_000)
    assert words.meter_long(long).endswith("· about $0.0060")
    assert words.meter_name(made).startswith("Context of the next request: 12% of")
    assert words.cut_text() not in words.meter_name(made)
    assert words.cut_text() in words.meter_name(replace(made, cut="1"))


def test_where_the_window_is_not_known_it_says_the_tokens():
    made = replace(forecast(model="house-blend"), tokens=12)
    assert words.meter_short(made) == words.meter_long(made) == "12 tokens"
    assert "kept for the answer" not in words.figures_text(made)


def test_what_does_not_fit_is_full():
    made = replace(forecast(), fits=False)
    assert words.meter_short(made).endswith(", full")
    assert "· full" in words.meter_long(made)
    assert words.figures_text(made).startswith("There is no room for it")


def test_the_error_is_said():
    assert "±10%" in words.figures_text(forecast())
    assert "±5%" in words.figures_text(replace(forecast(), error=0.05))


@pytest.mark.parametrize(("share", "text"), [(0.0, "0%"), (0.004, "< 1%"), (0.126, "13%")])
def test_something_is_never_nothing(share, text):
    assert words.percent(share) == text


def test_every_piece_and_every_reason_has_words():
    for kind in ItemKind:
        assert words.kind_text(kind)
    for reason in Reason:
        item = Item(ItemKind.TEXT, "m", "x", sent=False, reason=reason)
        assert words.fate_text(item) == f"Not sent: {words.reason_text(reason)}"
    changed = Item(ItemKind.CALL, "m", "{}", reason=Reason.ARGUMENTS_REPLACED)
    assert words.fate_text(changed).startswith("Sent, changed: ")


def test_the_chain_says_where_it_is_cut():
    assert words.chain_text(None, 0).startswith("Chain complete")
    found = Break("m", Reason.WINDOW_FULL, 3)
    assert words.chain_text(found, 7).startswith("Chain cut at turn 7: The model’s window is full")


def test_a_turn_is_counted_by_its_questions():
    messages = [
        Message("0", Role.ASSISTANT),
        Message("1", Role.USER),
        Message("2", Role.ASSISTANT),
        Message("3", Role.USER, notices=(CONTINUATION,)),
        Message("4", Role.ASSISTANT),
        Message("5", Role.USER),
    ]
    assert [words.turn_number(messages, m.id) for m in messages] == [1, 2, 2, 2, 2, 3]
    assert words.turn_number(messages, "x") == 0
