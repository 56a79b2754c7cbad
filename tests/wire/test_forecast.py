"""What is forecast before a question is what goes with it: turns of many rounds, over HTTP, stored."""

import asyncio
import json
from functools import partial
from typing import Any

import pytest

from desktop_app.chat.events import ApprovalAsked
from desktop_app.chat.outgoing import ItemKind, Reason
from desktop_app.chat.outlook import Outlook
from desktop_app.chat.permissions import Permissions
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tool_box import ToolBox
from desktop_app.chat.tool_use import ToolUse
from desktop_app.chat.wishes import Wish
from desktop_app.demo.events import Call
from desktop_app.demo.script import Reply, Say, Think
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.message import Message, MessageState, Sending
from desktop_app.domain.tool import Decision
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.request import explain
from tests.fakes.conversation_store import MemoryConversationStore
from tests.tool_fakes import FakeSource, MemoryPermissionStore
from tests.wire.test_outgoing import said_in_body, said_in_plan

PATIENCE = 20.0
LONG = "because of the leaves " * 60


class Talk:
    """A session with tools whose requests are fitted into the window."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.store = MemoryConversationStore()
        self.source = FakeSource()
        self.source.give("look", "green")
        self.source.give("weigh", "7 grams")
        self.connection = Connection("d", "D", server.base_url, ConnectionSource.DEMO)
        self.model = OpenAIChatModel(self.connection, "key")
        self.outlook = Outlook(explain, lambda: self.connection)
        permissions = Permissions(MemoryPermissionStore(self.store))
        self.session = ChatSession(
            Conversation("c", model="MiniMax-M2"),
            (),
            self.store,
            self._source,
            tools=ToolUse(ToolBox([self.source]), permissions),
            fit=partial(self.outlook.fit, "c"),
        )
        self.session.subscribe(self._allow)

    async def ask(self, text: str, *replies: Reply) -> list[Any]:
        """Ask, and return the bodies of the requests that the turn made."""
        before = self.server.posts.total
        self.server.enqueue(*replies)
        assert self.session.send(text)
        async with asyncio.timeout(PATIENCE):
            await self.session.settled()
        answer = self.session.messages[-1]
        assert answer.state is MessageState.COMPLETE, answer.error
        return [post.json for post in list(self.server.posts)[before:]]

    async def prove(self, text: str) -> None:
        """Ask ``text`` and hold what goes against what was forecast, message for message."""
        request = self.session.next_request(text)
        forecast = await self.outlook.forecast("c", request)
        (body,) = await self.ask(text, Reply([Think("Hm."), Say("Yes.")]))
        tools = [item for item in forecast.plan if item.kind is ItemKind.TOOL]
        assert [json.loads(item.text) for item in tools] == body["tools"]
        spoken = tuple(item for item in forecast.plan if item.kind is not ItemKind.TOOL)
        assert said_in_plan(spoken) == said_in_body(body["messages"])
        # And what was recorded of it says the same of the messages that were there.
        (record,) = await self.store.load_exchanges(self.session.messages[-1].id)
        assert json.loads(record.request_body) == body
        was = await self.outlook.recorded("c", record, request)
        assert was is not None
        sent = [(i.kind, i.call_id, i.text) for i in forecast.plan if i.sent and i.message_id]
        found = [(i.kind, i.call_id, i.text) for i in was.plan if i.sent and i.message_id]
        if not any(item.kind is ItemKind.SUMMARY for item in forecast.plan):
            assert found == sent

    async def end(self) -> None:
        await self.session.close()
        await self.model.aclose()
        self.outlook.end()

    def _allow(self, event: object) -> None:
        if isinstance(event, ApprovalAsked):
            decide = partial(self.session.decide, event.approval.call_id, Decision.ALLOW_ONCE)
            asyncio.get_running_loop().call_soon(decide)

    async def _source(self) -> OpenAIChatModel:
        return self.model


@pytest.fixture
async def talk(server):
    made = Talk(server)
    yield made
    await made.end()


ROUNDS = (
    Reply([Think("Two at once."), Call("files__look", {"at": "tea"}), Call("files__weigh", {})]),
    Reply([Think("Once more."), Say("A moment."), Call("files__look", '{"at": ')]),
    Reply([Think("Enough."), Say(LONG)]),
)


async def test_a_turn_of_many_rounds_goes_back_as_forecast(talk):
    bodies = await talk.ask("Which tea?", *ROUNDS)
    assert len(bodies) == 3
    plan = (await talk.outlook.forecast("c", talk.session.next_request("And?"))).plan
    kinds = [item.kind for item in plan]
    assert kinds.count(ItemKind.CALL) == kinds.count(ItemKind.RESULT) == 3
    assert {item.reason for item in plan} == {None, Reason.ARGUMENTS_REPLACED}
    assert all(item.sent for item in plan)
    await talk.prove("And then?")
    await talk.prove("And after that?")


async def test_what_is_left_out_of_a_turn_of_many_rounds(talk):
    await talk.ask("Which tea?", *ROUNDS)
    first_round = next(m for m in talk.session.messages if m.tool_calls)
    talk.session.wishes.apply({first_round.id: Wish(Sending.LEFT_OUT)})
    await talk.prove("And then?")
    left = [item for item in await plan_of(talk) if item.reason is Reason.LEFT_OUT]
    assert [item.kind for item in left] == [
        ItemKind.THINKING, ItemKind.CALL, ItemKind.CALL, ItemKind.RESULT, ItemKind.RESULT,
    ]  # fmt: skip


async def test_a_full_window_and_a_summary(talk):
    await talk.ask("Which tea?", *ROUNDS)
    await talk.ask("Which water?", *ROUNDS)
    whole = (await talk.outlook.forecast("c", talk.session.next_request("x"))).tokens
    talk.session.set_parameters(Parameters(max_tokens=204_800 - whole + 200))
    await talk.prove("And then?")
    assert Reason.WINDOW_FULL in {item.reason for item in await plan_of(talk)}
    second = question(talk, "Which water?")
    talk.session.wishes.apply({second.id: Wish(summary="Green tea, 7 grams.")})
    await talk.prove("And now?")
    assert Reason.SUMMARISED in {item.reason for item in await plan_of(talk)}


async def plan_of(talk: Talk) -> Any:
    return (await talk.outlook.forecast("c", talk.session.next_request("x"))).plan


def question(talk: Talk, text: str) -> Message:
    return next(m for m in talk.session.messages if m.text == text)
