"""Fakes of what offers tools and of what keeps permissions."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from desktop_app.chat.tool_ports import ToolError
from desktop_app.demo.journal import Gate, Journal
from desktop_app.domain.delta import FinishDelta, ToolCallDelta
from desktop_app.domain.message import Json
from desktop_app.domain.permission import Permission
from desktop_app.domain.tool import Risk, Tool, ToolOutcome, ToolProgress
from tests.fakes.conversation_store import MemoryConversationStore
from tests.fakes.model import ScriptedAnswer

Behaviour: TypeAlias = Callable[
    [Json, Callable[[ToolProgress], None]], Awaitable[ToolOutcome | str]
]


@dataclass
class Call:
    """One call that reached a source: of which tool, with what, and how it ended."""

    tool: Tool
    arguments: Json
    ended: str = ""


@dataclass
class FakeSource:
    """A ``ToolSource`` whose tools do what they are told.

    Attributes:
        calls: Every call that was made, in the order of their beginnings.
        begun: The names of the tools that were called, to wait for; ``ended`` of those that ended.
        previews: What a call would change, by the name of the tool; or what is raised.
    """

    id: str = "files"
    title: str = "Files"
    tools: tuple[Tool, ...] = ()
    calls: list[Call] = field(default_factory=list)
    begun: Journal[str] = field(default_factory=lambda: Journal("calls begun"))
    ended: Journal[str] = field(default_factory=lambda: Journal("calls ended"))
    previews: dict[str, str | Exception] = field(default_factory=dict)
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    listeners: list[Callable[[], None]] = field(default_factory=list)

    def give(
        self,
        name: str,
        behaviour: Behaviour | str | Exception | Gate = "done",
        **fields: Any,
    ) -> Tool:
        """Offer a tool: what it answers or raises, a gate to stop at before "done", or what it does."""
        wanted = {
            "description": f"Does {name}",
            "schema": {"type": "object"},
            "risk": Risk.UNKNOWN,
            **fields,
        }
        tool = Tool(self.id, name, **wanted)
        self.tools = (*(t for t in self.tools if t.name != name), tool)
        self.behaviours[name] = _behaviour(behaviour)
        self.announce()
        return tool

    def take(self, name: str) -> None:
        """Offer a tool no more."""
        self.tools = tuple(tool for tool in self.tools if tool.name != name)
        self.announce()

    def announce(self) -> None:
        for listener in tuple(self.listeners):
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    async def preview(self, tool: Tool, arguments: Json) -> str:
        preview = self.previews.get(tool.name, "")
        if isinstance(preview, Exception):
            raise preview
        return preview

    async def call(
        self, tool: Tool, arguments: Json, on_progress: Callable[[ToolProgress], None]
    ) -> ToolOutcome:
        if tool not in self.tools:
            raise ToolError("There is no such tool any more.")
        call = Call(tool, arguments)
        self.calls.append(call)
        self.begun.append(tool.name)
        try:
            outcome = await self.behaviours[tool.name](arguments, on_progress)
            call.ended = "answered"
        except ToolError:
            call.ended = "refused"
            raise
        except BaseException as error:
            call.ended = type(error).__name__
            raise
        finally:
            self.ended.append(tool.name)
        return ToolOutcome(outcome) if isinstance(outcome, str) else outcome


def _behaviour(wanted: Behaviour | str | Exception | Gate) -> Behaviour:
    async def behave(arguments: Json, on_progress: Callable[[ToolProgress], None]) -> str:
        if isinstance(wanted, Gate):
            wanted.reached.mark()
            await wanted.opened.arrived(None)
            return "done"
        if isinstance(wanted, Exception):
            raise wanted
        assert isinstance(wanted, str)
        return wanted

    return behave if isinstance(wanted, str | Exception | Gate) else wanted


class MemoryPermissionStore:
    """A ``PermissionStore`` beside a store of conversations; raises what that one raises."""

    def __init__(self, conversations: MemoryConversationStore) -> None:
        self._conversations = conversations

    async def permissions(self, conversation_id: str | None = None) -> tuple[Permission, ...]:
        self._conversations._refuse()
        found = [
            permission
            for permission in self._conversations.permissions.values()
            if conversation_id == permission.conversation
            or (
                conversation_id is None
                and permission.conversation not in self._conversations.deleted
            )
        ]
        return tuple(sorted(found, key=lambda p: (-p.given_at, p.source, p.tool)))

    async def save_permission(self, permission: Permission) -> None:
        self._conversations._refuse()
        if permission.conversation in self._conversations.conversations:
            self._conversations.permissions[permission.key] = permission

    async def remove_permission(self, permission: Permission) -> None:
        self._conversations._refuse()
        self._conversations.permissions.pop(permission.key, None)


def calling(
    *calls: tuple[str, str] | tuple[str, str, str], before: Sequence[Any] = ()
) -> ScriptedAnswer:
    """An answer that calls tools: each as name and arguments, and its id unless that is c1, c2 ..."""
    deltas = [
        ToolCallDelta(place, call[2] if len(call) == 3 else f"c{place + 1}", call[0], call[1])
        for place, call in enumerate(calls)
    ]
    return ScriptedAnswer((*before, tuple(deltas), (FinishDelta("tool_calls"),)))


def changed(tool: Tool, **fields: Any) -> Tool:
    return replace(tool, **fields)
