"""Whole conversations of any shape, for property tests."""

from hypothesis import strategies as st

from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.exchange import ExchangeRecord, WireEvent
from desktop_app.domain.message import (
    Message,
    MessageState,
    ResultImage,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.usage import Usage

# What storage keeps of a text: anything but NUL and halves of surrogate pairs.
TEXT = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    | st.sampled_from("茶🍵\u202e\u200b\ufeff\\\"'`<>&|\n\r\t"),
    max_size=12,
)
SECONDS = st.floats(0, 2e9)
COUNT = st.none() | st.integers(0, 2**40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
PART = st.one_of(
    st.builds(Thought, TEXT, st.none() | SECONDS),
    st.builds(Text, TEXT),
    st.builds(ToolCall, TEXT, TEXT, TEXT),
    st.builds(
        ToolResult,
        TEXT,
        TEXT,
        TEXT,
        st.booleans(),
        st.none() | TEXT,
        st.lists(st.builds(ResultImage, TEXT, TEXT), max_size=2).map(tuple),
        st.none() | SECONDS,
    ),
)
ERROR = st.builds(
    ErrorRecord, st.sampled_from(ErrorKind), st.none() | TEXT, COUNT, COUNT, st.none() | TEXT, TEXT,
    st.none() | SECONDS,
)  # fmt: skip
FINAL = st.sampled_from([state for state in MessageState if state is not MessageState.STREAMING])
PARAMETERS = st.builds(
    Parameters, TEXT, st.none() | st.floats(0.01, 1), st.none() | st.floats(0.01, 1),
    st.none() | st.integers(1, 1000),
)  # fmt: skip


@st.composite
def trees(draw: st.DrawFn) -> ConversationTree:
    """A conversation with branches, a chain as it was received, and its wire log."""
    names = draw(st.lists(st.uuids().map(str), min_size=1, max_size=6, unique=True))
    key, ids = names[0], names[1:]
    messages = tuple(
        Message(
            id=id_,
            role=draw(st.sampled_from(Role)),
            parts=tuple(draw(st.lists(PART, max_size=3))),
            parent=draw(st.none() | st.sampled_from(ids[:number])) if number else None,
            created_at=draw(SECONDS),
            state=draw(FINAL),
            model=draw(st.none() | TEXT),
            finish_reason=draw(st.none() | TEXT),
            usage=draw(st.none() | st.builds(Usage, COUNT, COUNT, COUNT, COUNT)),
            error=draw(st.none() | ERROR),
            received=draw(st.none() | st.dictionaries(st.text(max_size=4), JSON, max_size=3)),
            notices=tuple(draw(st.lists(TEXT, max_size=2))),
            host=draw(st.none() | TEXT),
        )
        for number, id_ in enumerate(ids)
    )
    exchanges = tuple(
        ExchangeRecord(
            id=f"{id_}-wire",
            message_id=id_,
            started_at=draw(SECONDS),
            method="POST",
            url="https://api.minimax.io/v1/chat/completions",
            request_headers=(("Authorization", "Bearer ••••"),),
            request_body=draw(TEXT),
            events=tuple(draw(st.lists(st.builds(WireEvent, SECONDS, TEXT), max_size=2))),
            body=draw(TEXT),
        )
        for id_ in ids
        if draw(st.booleans())
    )
    return ConversationTree(
        Conversation(
            id=key,
            title=draw(TEXT),
            created_at=draw(SECONDS),
            updated_at=draw(SECONDS),
            model=draw(TEXT),
            parameters=draw(PARAMETERS),
            head=draw(st.none() | st.sampled_from(ids)) if ids else None,
        ),
        messages,
        exchanges,
        draw(TEXT),
    )
