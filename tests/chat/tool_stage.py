"""A session with one source of tools, for the tests of the loop."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from desktop_app.chat.events import ApprovalAsked, ApprovalSettled, ToolProgressed
from desktop_app.chat.permissions import Permissions
from desktop_app.chat.tool_box import ToolBox
from desktop_app.chat.tool_use import ToolLimits, ToolUse
from desktop_app.domain.message import Message, Role, ToolResult
from desktop_app.domain.tool import Decision
from tests.chat.conftest import Stage, WatchedStore
from tests.fakes.model import ScriptedModel
from tests.tool_fakes import FakeSource, MemoryPermissionStore


class ToolStage(Stage):
    """As ``Stage``; questions are answered with ``answers``, by the tool's name, else stand."""

    def __init__(self, store: WatchedStore, model: ScriptedModel) -> None:
        self.source_of_tools = FakeSource()
        self.box = ToolBox([self.source_of_tools])
        self.permissions = Permissions(MemoryPermissionStore(store))
        self.limits = ToolLimits()
        super().__init__(store, model, ToolUse(self.box, self.permissions, lambda: self.limits))
        self.answers: dict[str, Decision] = {}
        self.session.subscribe(self._on_event)

    def give(self, name, behaviour="done", allowed=True, **fields):
        """Offer a tool, answered yes when it is asked about unless told otherwise."""
        if allowed:
            self.answers[name] = Decision.ALLOW_ONCE
        return self.source_of_tools.give(name, behaviour, **fields)

    def name(self, tool: str) -> str:
        """The name by which the model calls a tool of the source."""
        return f"{self.source_of_tools.id}__{tool}"

    @property
    def calls(self) -> list[str]:
        return [call.tool.name for call in self.source_of_tools.calls]

    @property
    def asked(self) -> list[str]:
        return [event.approval.tool.name for event in self.watcher.of(ApprovalAsked)]

    @property
    def settled_ids(self) -> list[str]:
        return [event.call_id for event in self.watcher.of(ApprovalSettled)]

    @property
    def progress(self) -> list[ToolProgressed]:
        return self.watcher.of(ToolProgressed)

    @property
    def roles(self) -> list[Role]:
        return [message.role for message in self.session.messages]

    @property
    def tool_messages(self) -> list[Message]:
        return [message for message in self.session.messages if message.role is Role.TOOL]

    @property
    def results(self) -> list[ToolResult]:
        return [part for message in self.tool_messages for part in message.parts]

    async def until_result_of(self, tool: str) -> None:
        name = self.name(tool)
        await self.watcher.until(lambda: any(result.name == name for result in self.results))

    async def until_asked(self, count: int = 1) -> None:
        await self.watcher.until(lambda: len(self.asked) >= count)

    def _on_event(self, event: object) -> None:
        if isinstance(event, ApprovalAsked):
            decision = self.answers.get(event.approval.tool.name)
            if decision is not None:
                # As a person does it: after everybody has heard of the question.
                asyncio.get_running_loop().call_soon(
                    self.session.decide, event.approval.call_id, decision
                )


@pytest.fixture
async def it(store: WatchedStore, model: ScriptedModel) -> AsyncIterator[ToolStage]:
    stage = ToolStage(store, model)
    yield stage
    for gate in store.gates.values():
        gate.open()
    async with asyncio.timeout(10):
        await stage.session.close()
