"""What the program says of a request is what stands in the request: any conversation, over HTTP.

The plan is compared with the body as the server took it off the socket, and as it was recorded.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.chat.outgoing import Item, ItemKind, Reason
from desktop_app.chat.ports import ChatRequest
from desktop_app.demo.script import Reply
from desktop_app.demo.server import DemoServer
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.errors import ChatError
from desktop_app.domain.message import (
    SUMMARY,
    Message,
    MessageState,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.tool import ToolSpec
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.request import explain
from desktop_app.providers.openai_chat.wire_shape import MINIMAX, OPENAI

OVER_A_SOCKET = 300
TOLERANT = [HealthCheck.too_slow, HealthCheck.data_too_large]
SENT_IN_ANOTHER_FORM = {
    Reason.ARGUMENTS_REPLACED, Reason.REBUILT, Reason.IN_TEXT, Reason.NEW_ID, Reason.NOT_ENDED,
}  # fmt: skip

WORDS = st.sampled_from(["", " ", "yes", "no", "茶", "two words", "a\n\nb", "<b>", "😀"])
IDS = st.sampled_from(["c1", "c2", "c3", "call_f", ""])
ARGUMENTS = st.sampled_from(["{}", '{"a": 1}', '{"a": ', "", "[1]", "null", '{"字": "茶"}'])
FINAL = st.sampled_from([state for state in MessageState if state is not MessageState.STREAMING])
CALLS = st.builds(ToolCall, IDS, st.sampled_from(["f", "g"]), ARGUMENTS)

TOOLS = st.lists(
    st.builds(
        ToolSpec, st.sampled_from(["f", "g"]), WORDS, st.just({"type": "object", "properties": {}})
    ),
    max_size=2,
    unique_by=lambda spec: spec.name,
)


@st.composite
def received(draw: st.DrawFn, parts: tuple[Any, ...]) -> Any:
    """What a server may have sent for such parts."""
    form = draw(st.sampled_from(["nothing", "details", "content", "tags", "thoughtless"]))
    if form == "nothing":
        return None
    thinking = "".join(part.text for part in parts if isinstance(part, Thought))
    text = "".join(part.text for part in parts if isinstance(part, Text))
    body: dict[str, Any] = {"role": "assistant", "content": text}
    if thinking and form == "details":
        cut = len(thinking) // 2
        pieces = [thinking[:cut], thinking[cut:]]
        body["reasoning_details"] = [{"type": "reasoning.text", "text": piece} for piece in pieces]
    elif thinking and form == "content":
        body["reasoning_content"] = thinking
    elif thinking and form == "tags":
        body["content"] = f"<think>\n{thinking}\n</think>\n\n{text}"
    calls = [part for part in parts if isinstance(part, ToolCall)]
    if calls:
        body["tool_calls"] = [
            {"id": c.call_id, "type": "function",
             "function": {"name": c.name, "arguments": c.arguments}}
            for c in calls
        ]  # fmt: skip
    return {"dialect": draw(st.sampled_from([MINIMAX, OPENAI])), "message": body}


@st.composite
def answers(draw: st.DrawFn, name: str) -> Message:
    parts: list[Any] = []
    if thought := draw(WORDS):
        parts.append(Thought(thought))
    if text := draw(WORDS):
        parts.append(Text(text))
    parts += draw(st.lists(CALLS, max_size=3))
    return Message(
        name,
        Role.ASSISTANT,
        tuple(parts),
        state=draw(FINAL),
        received=draw(received(tuple(parts))),
    )


@st.composite
def results(draw: st.DrawFn, name: str, calls: tuple[ToolCall, ...]) -> Message:
    """Results of most of the calls, of some twice, and of calls that nobody made."""
    ids = draw(st.lists(st.sampled_from([c.call_id for c in calls] or ["c9"]), max_size=4))
    ids += [call.call_id for call in calls if draw(st.integers(0, 3))]
    parts = tuple(
        ToolResult(i, "f", draw(WORDS), sent=draw(st.none() | st.just("cut for you"))) for i in ids
    )
    return Message(name, Role.TOOL, parts)


@st.composite
def conversations(draw: st.DrawFn) -> tuple[Message, ...]:
    """Turns of any number of rounds, some of which went wrong in every way there is."""
    found: list[Message] = []
    for turn in range(draw(st.integers(1, 4))):
        notices = (SUMMARY,) if turn == 0 and draw(st.booleans()) else ()
        question = Message(f"q{turn}", Role.USER, (Text(draw(WORDS)),), notices=notices)
        found.append(question)
        for round_ in range(draw(st.integers(0, 3))):
            answer = draw(answers(f"a{turn}.{round_}"))
            found.append(answer)
            if answer.tool_calls and draw(st.integers(0, 4)):
                found.append(draw(results(f"t{turn}.{round_}", answer.tool_calls)))
    return tuple(found)


@dataclass(frozen=True)
class Said:
    """A piece of a request's messages: which message, and what it says."""

    place: int
    kind: str
    text: str
    name: str = ""
    call_id: str = ""


def said_in_body(messages: list[Any]) -> list[Said]:
    """The pieces of a body, found without any code of the program."""
    found = []
    for place, message in enumerate(messages):
        role, content = message["role"], message["content"]
        match role:
            case "tool":
                found.append(Said(place, "result", content, call_id=message["tool_call_id"]))
            case "assistant":
                if thinking := message.get("reasoning_details"):
                    found.append(Said(place, "thinking", "".join(d["text"] for d in thinking)))
                if content:
                    found.append(Said(place, "text", content))
                for call in message.get("tool_calls", ()):
                    function = call["function"]
                    found.append(
                        Said(place, "call", function["arguments"], function["name"], call["id"])
                    )
            case _:
                found.append(Said(place, role, content))
    return found


def said_in_plan(plan: tuple[Item, ...]) -> list[Said]:
    """The same of what the program says that it sends."""
    found = []
    sent = [item for item in plan if item.sent and item.reason is not Reason.IN_TEXT]
    for place, items in groupby(sent, key=lambda item: item.place):
        pieces = list(items)
        assert place is not None
        if pieces[0].kind in {ItemKind.QUESTION, ItemKind.SUMMARY}:
            text = "\n\n".join(piece.text for piece in pieces)
            found.append(Said(place, "user", text))
            continue
        for piece in pieces:
            name = piece.name if piece.kind is ItemKind.CALL else ""
            found.append(Said(place, piece.kind.value, piece.text, name, piece.call_id))
    return found


def look_at_the_reasons(messages: tuple[Message, ...], plan: tuple[Item, ...]) -> None:
    """Every piece of every message is spoken of, and whatever is missing has its reason."""
    for item in plan:
        assert item.sent == (item.place is not None)
        if item.sent:
            assert item.reason is None or item.reason in SENT_IN_ANOTHER_FORM
        else:
            assert item.reason is not None
            assert item.reason not in SENT_IN_ANOTHER_FORM
    for message in messages:
        of_message = [item for item in plan if item.message_id == message.id]
        kinds = [item.kind for item in of_message]
        assert kinds.count(ItemKind.THINKING) == bool(message.thinking)
        assert kinds.count(ItemKind.CALL) == len(message.tool_calls)
        results = [part for part in message.parts if isinstance(part, ToolResult)]
        made_up = [item for item in of_message if item.reason is Reason.NOT_ENDED]
        assert kinds.count(ItemKind.RESULT) == len(results) + len(made_up)
        if message.text:
            assert {ItemKind.TEXT, ItemKind.QUESTION, ItemKind.SUMMARY} & set(kinds)


def test_the_plan_is_the_body():
    loop = asyncio.new_event_loop()
    with DemoServer() as server:
        server.otherwise(Reply(["ok"]))
        models = [
            OpenAIChatModel(
                Connection(
                    "p", "P", server.base_url, ConnectionSource.CUSTOM, is_minimax=is_minimax
                ),
                "key",
            )
            for is_minimax in (True, False)
        ]

        async def send(model: OpenAIChatModel, request: ChatRequest) -> str:
            exchange = model.stream(request)
            # The demo refuses some of these, as the service does; what was sent is all that counts.
            with suppress(ChatError):
                async with asyncio.timeout(20), exchange as answer:
                    async for _ in answer:
                        pass
            assert exchange.record is not None
            return exchange.record.request_body

        @settings(max_examples=OVER_A_SOCKET, suppress_health_check=TOLERANT, deadline=None)
        @given(conversations(), st.booleans(), st.sampled_from(["", " ", "Be kind."]), TOOLS)
        def prove(
            messages: tuple[Message, ...],
            is_minimax: bool,
            system: str,
            tools: list[ToolSpec],
        ) -> None:
            model = models[0] if is_minimax else models[1]
            request = ChatRequest(
                "MiniMax-M2", messages, Parameters(system_prompt=system), tuple(tools)
            )
            recorded = json.loads(loop.run_until_complete(send(model, request)))
            taken = server.posts[server.posts.total - 1].json
            assert recorded == taken
            plan = explain(request, model.connection)
            told = [item for item in plan if item.kind is ItemKind.TOOL]
            assert [json.loads(item.text) for item in told] == taken.get("tools", [])
            assert [item.name for item in told] == [spec.name for spec in tools]
            spoken = plan[len(told) :]
            assert said_in_plan(spoken) == said_in_body(taken["messages"])
            look_at_the_reasons(messages, spoken)

        try:
            prove()
        finally:
            for model in models:
                loop.run_until_complete(model.aclose())
            loop.close()
