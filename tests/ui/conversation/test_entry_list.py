"""A lazy list of entries is the list of entries."""

import pytest

from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import Message, MessageState, Role, Text, Thought, ToolResult
from desktop_app.ui.conversation.entries import message_entries
from desktop_app.ui.conversation.entry_list import MessageEntries
from desktop_app.ui.conversation.turns import place_in_turn

FAILED = MessageState.FAILED
ERROR = ErrorRecord(ErrorKind.STORAGE)
MESSAGES = [
    Message("q1", Role.USER, (Text("Question"),), created_at=1.0),
    Message("a1", Role.ASSISTANT, (Thought("Hm."), Text("Answer")), created_at=2.0, model="M2"),
    Message("t1", Role.TOOL, (ToolResult("c", "tool", "result"),)),
    Message("a2", Role.ASSISTANT, (Text("Half an"),), state=FAILED, error=ERROR),
    Message("q2", Role.USER, (Text("Again?"),)),
    Message("a3", Role.ASSISTANT, (), state=FAILED, error=ERROR),
]


@pytest.fixture(autouse=True)
def _application(qapp):
    """Times and words are the application's."""


def test_it_is_the_list_of_all_entries():
    expected = [
        entry
        for number, message in enumerate(MESSAGES)
        for entry in message_entries(message, place=place_in_turn(MESSAGES, number))
    ]
    shown = MessageEntries(MESSAGES)
    assert list(shown) == expected
    assert shown[1:3] == expected[1:3]
    assert shown[-1] == expected[-1]
    assert shown.ids() == [entry.id for entry in expected]
    assert len(shown.text_lengths()) == len(expected)
    assert shown.text_lengths()[:2] == [len("Question"), len("Answer")]


def test_the_entries_of_a_message_are_found():
    shown = MessageEntries(MESSAGES)
    assert shown.ids_of("a2") == ("a2", "a2:error")
    assert shown.ids_of("t1") == ()
    assert shown.ids_of("nobody") == ()


def test_no_messages_are_no_entries():
    assert not MessageEntries(())
