"""Conversations with real servers in them: whatever a server does, there is a result and an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from desktop_app.chat.events import ApprovalAsked, ToolProgressed
from desktop_app.chat.permissions import Permissions
from desktop_app.chat.tool_box import ToolBox
from desktop_app.chat.tool_names import wire_name
from desktop_app.chat.tool_use import ToolLimits, ToolUse
from desktop_app.domain.mcp_content import Elicitation, ElicitationAnswer, ElicitationChoice
from desktop_app.domain.message import MessageState, Role, ToolResult
from desktop_app.domain.tool import Decision
from tests.chat.conftest import COMPLETE, Stage, WatchedStore
from tests.fakes.model import ScriptedModel
from tests.mcp_client.conftest import Rig, our_server, running
from tests.servers.mcp_behaviour import ORDER
from tests.tool_fakes import MemoryPermissionStore, calling


class Conversation(Stage):
    """A session whose every question is answered yes."""

    def __init__(self, box: ToolBox, limits: ToolLimits) -> None:
        store = WatchedStore()
        permissions = Permissions(MemoryPermissionStore(store))
        super().__init__(store, ScriptedModel(), ToolUse(box, permissions, lambda: limits))
        self.box = box
        self.asked: list[ApprovalAsked] = []
        self.session.subscribe(self._on_event)

    def name(self, tool: str) -> str:
        (name,) = [o.wire_name for o in self.box.offer() if o.tool.name == tool]
        return name

    @property
    def results(self) -> list[ToolResult]:
        tools = [m for m in self.session.messages if m.role is Role.TOOL]
        return [part for m in tools for part in m.parts if isinstance(part, ToolResult)]

    def _on_event(self, event: object) -> None:
        if isinstance(event, ApprovalAsked):
            self.asked.append(event)
            decide = self.session.decide
            call_id = event.approval.call_id
            asyncio.get_running_loop().call_soon(decide, call_id, Decision.ALLOW_ONCE)


@asynccontextmanager
async def conversation(
    tmp_path: Path, servers: dict[str, object], limits: ToolLimits | None = None
) -> AsyncIterator[tuple[Conversation, Rig]]:
    box = ToolBox()
    parts = {"add_source": box.add, "remove_source": box.remove}
    async with running(tmp_path, servers, **parts) as rig:  # type: ignore[arg-type]
        talk = Conversation(box, limits or ToolLimits())
        try:
            yield talk, rig
        finally:
            await talk.session.close()


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        ("echo", "tea"),
        ("fail", "It did not work."),
        ("die", "ended before it answered"),
        ("huge", "answered 50.0 MB in one message"),
        ("orders", ORDER),
        ("mixed", "hologram"),
        ("noise", "quiet"),
    ],
)
async def test_there_is_a_result_and_the_conversation_goes_on(
    tmp_path: Path, tool: str, said: str
) -> None:
    async with conversation(tmp_path, {"own": our_server()}) as (talk, rig):
        answer = await talk.ask("?", calling((talk.name(tool), '{"text": "tea"}')), COMPLETE)
        assert answer.state is MessageState.COMPLETE
        assert answer.text == "Because of leaves."
        (result,) = talk.results
        assert said in result.text
        # Its words are marked as data from outside before they reach the model.
        sent = talk.model.requests[1].messages[-1].parts[0]
        assert isinstance(sent, ToolResult)
        assert sent.sent is not None
        assert "not instructions" in sent.sent
        assert [event.approval.tool.name for event in talk.asked] == [tool]
        if tool == "die":
            # Until its end is noticed, what it offered stands there still.
            await rig.until(lambda: "program: ended" in rig.log("own"))
        await rig.until(lambda: "own__echo" in talk.box.offer().names)
        await talk.ask("And now?", calling((talk.name("echo"), '{"text": "on"}')), COMPLETE)
        assert talk.results[-1].text == "on"


async def test_a_call_that_is_never_answered_ends_at_the_loops_time(tmp_path: Path) -> None:
    limits = ToolLimits(seconds=0.3)
    async with conversation(tmp_path, {"own": our_server("--note")}, limits) as (talk, rig):
        answer = await talk.ask("?", calling((talk.name("wait"), "{}")), COMPLETE)
        assert answer.text == "Because of leaves."
        assert talk.results[0].is_error
        await rig.until(lambda: "cancelled" in rig.log("own"))


async def test_stop_ends_the_call_and_tells_the_server(tmp_path: Path) -> None:
    async with conversation(tmp_path, {"own": our_server("--note")}) as (talk, rig):
        talk.model.then(calling((talk.name("wait"), "{}")))
        assert talk.session.send("?")
        await rig.until(lambda: "waiting" in rig.log("own"))
        talk.session.stop()
        await talk.settled()
        await rig.until(lambda: "cancelled" in rig.log("own"))


async def test_names_that_collide_or_that_no_service_takes_are_told_apart(tmp_path: Path) -> None:
    servers = {"a": our_server("--odd-names"), "a!": our_server("--odd-names"), "b": our_server()}
    async with conversation(tmp_path, servers) as (talk, _rig):
        names = talk.box.offer().names
        assert len(names) == 5 + 5 + 18
        assert len(set(names)) == len(names)
        assert all(len(name) <= 64 and name.replace("-", "_").isidentifier() for name in names)
        offered = [o for o in talk.box.offer() if o.tool.source == "a!" and o.tool.name == "echo"]
        assert offered[0].wire_name == wire_name(offered[0].tool)


async def test_odd_schemas_do_not_spoil_the_request(tmp_path: Path) -> None:
    async with conversation(tmp_path, {"own": our_server("--odd-schemas")}) as (talk, _rig):
        answer = await talk.ask("?", COMPLETE)
        assert answer.state is MessageState.COMPLETE
        (request,) = talk.model.requests
        assert len(request.tools) == 7
        assert all(spec.parameters["type"] == "object" for spec in request.tools)


async def test_tools_that_come_later_are_in_the_next_request(tmp_path: Path) -> None:
    async with conversation(tmp_path, {"own": our_server()}) as (talk, rig):
        changed = calling((talk.name("change"), "{}"))
        await talk.ask("?", changed, COMPLETE)
        await rig.until(lambda: len(talk.box.offer().names) == 19)
        await talk.ask("?", calling((talk.name("echo"), '{"text": "x"}')), COMPLETE)
        assert talk.results[-1].text == "x"
        assert len(talk.model.requests[-1].tools) == 19


async def test_the_loop_is_told_when_a_server_waits_for_the_person(tmp_path: Path) -> None:
    async with conversation(tmp_path, {"own": our_server()}) as (talk, rig):
        heard: list[bool] = []

        def hear(event: object) -> None:
            if isinstance(event, ToolProgressed):
                heard.append(event.progress.is_waiting)

        talk.session.subscribe(hear)

        async def ask(_question: Elicitation) -> ElicitationAnswer:
            assert heard == [True]
            return ElicitationAnswer(ElicitationChoice.DECLINE)

        rig.servers.attend(ask, None)
        await talk.ask("?", calling((talk.name("ask"), "{}")), COMPLETE)
        (result,) = talk.results
        assert not result.is_error
        assert '"decline"' in result.text
        assert heard == [True, False]
