"""Messages, and the small values that go with them."""

import pytest

from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.keyring_state import KeyReading, KeyringState
from desktop_app.domain.message import (
    CONTINUATION,
    Message,
    MessageState,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.usage import Usage

CALL = ToolCall("call_1", "read", "{}")
ANSWER = Message(
    "id", Role.ASSISTANT, (Thought("first"), Text("Hel"), CALL, Thought("second"), Text("lo"))
)


def test_answer_thinking_and_calls_are_told_apart():
    assert ANSWER.text == "Hello"
    assert ANSWER.thinking == "first\n\nsecond"
    assert ANSWER.tool_calls == (CALL,)


def test_what_a_tool_answered_is_not_the_answer():
    message = Message("id", Role.TOOL, (ToolResult("call_1", "read", "contents"),))
    assert (message.text, message.thinking, message.tool_calls) == ("", "", ())


@pytest.mark.parametrize("state", MessageState)
def test_only_what_streams_is_not_final(state):
    message = Message("id", Role.ASSISTANT, state=state)
    assert message.is_final is (state is not MessageState.STREAMING)


def test_tokens_that_were_not_reported_count_as_none():
    assert Usage().total == 0
    assert Usage(prompt=10).total == 10
    assert Usage(prompt=10, completion=5, reasoning=4, cached=8).total == 15


def test_an_error_says_its_kind_and_what_was_said():
    plain = ChatError(ErrorRecord(ErrorKind.REFUSED))
    assert (plain.kind, str(plain)) == (ErrorKind.REFUSED, "refused")
    detailed = ChatError(ErrorRecord(ErrorKind.SERVER, status=500, detail="boom"))
    assert str(detailed) == "server: boom"
    assert detailed.record.status == 500


def test_a_reading_does_not_show_its_key():
    assert "canary" not in f"{KeyReading('sk-canary', KeyringState.READY)!r}"
    assert "key=set" in repr(KeyReading("sk-canary", KeyringState.READY))
    assert "key=none" in repr(KeyReading(None, KeyringState.LOCKED))


@pytest.mark.parametrize("state", MessageState)
@pytest.mark.parametrize(
    "parts", [(), (Thought("hm"),), (Text(" \n"),), (Thought("hm"), Text("A"))]
)
def test_an_answer_that_ended_early_with_text_can_go_on(state, parts):
    early = state not in {MessageState.STREAMING, MessageState.COMPLETE}
    message = Message("id", Role.ASSISTANT, parts, state=state)
    assert message.can_continue is (early and parts[-1:] == (Text("A"),))
    assert not Message("id", Role.USER, parts, state=state).can_continue


def test_a_continuation_is_asked_for_in_the_persons_role():
    assert Message("id", Role.USER, notices=(CONTINUATION,)).is_continuation
    assert not Message("id", Role.USER).is_continuation
    assert not Message("id", Role.ASSISTANT, notices=(CONTINUATION,)).is_continuation
