"""A conversation and its messages, each field of them filled: what the stores are tried with."""

from dataclasses import replace

from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.exchange import MASKED_KEY, ExchangeRecord, WireEvent
from desktop_app.domain.message import (
    Message,
    MessageState,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.usage import Usage

CONVERSATION = Conversation(
    "c1",
    title="Tea 茶",
    created_at=100.25,
    updated_at=200.5,
    model="MiniMax-M2",
    parameters=Parameters("Be brief.\n简短", 0.7, 0.95, 4096),
)


QUESTION = Message("m1", Role.USER, (Text("Why tea?"),), created_at=200.5)


STREAMING = Message(
    "m2",
    Role.ASSISTANT,
    parent="m1",
    created_at=201.0,
    state=MessageState.STREAMING,
    model="MiniMax-M2",
)


ANSWER = replace(
    STREAMING,
    parts=(
        Thought("Let me see", 1.25),
        ToolCall("call_1", "look", '{"at": "tea"}'),
        ToolResult("call_1", "look", "green", is_error=True),
        Thought("so"),
        Text("Because. 🍵"),
    ),
    state=MessageState.FAILED,
    finish_reason="tool_calls",
    usage=Usage(11, 22, None, 0),
    error=ErrorRecord(
        ErrorKind.RATE_LIMIT, "api.minimax.io", 1002, 429, "trace", "slow down", 1234.5
    ),
    received={
        "role": "assistant",
        "content": "Because. 🍵",
        "reasoning_details": [{"type": "reasoning.text", "text": "Let me see", "index": 0}],
    },
    notices=("output_sensitive",),
)


def with_head(head: str | None) -> Conversation:
    return replace(CONVERSATION, head=head)


EXCHANGE = ExchangeRecord(
    id="e1",
    message_id="m2",
    started_at=1795410797.905451,
    method="POST",
    url="http://127.0.0.1:1/v1/chat/completions",
    request_headers=(("Host", "127.0.0.1:1"), ("Authorization", MASKED_KEY), ("X", "a"), ("X", "")),
    request_body='{"messages":[{"role":"user","content":"茶 🍵 \\u8336"}]}',
    status=200,
    response_headers=(("Trace-Id", "abc"),),
    events=(WireEvent(0.1, "data: {}"), WireEvent(0.30000000000000004, "id: 1\r\ndata: \x00é")),
    body="rest",
    sent_at=0.05,
    first_byte_at=0.1,
    ended_at=1 / 3,
    error="cut_off",
    truncated=True,
)
