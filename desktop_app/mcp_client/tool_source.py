"""The tools of one MCP server, for the chat."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from desktop_app.chat.mcp_ports import McpError
from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.message import Json
from desktop_app.domain.tool import Tool, ToolOutcome, ToolProgress
from desktop_app.mcp_client.outcomes import outcome_of

CallTool = Callable[
    [str, Mapping[str, Any], Callable[[ToolProgress], None]], Awaitable[Mapping[str, Any]]
]


class McpToolSource:
    """A :class:`desktop_app.chat.tool_ports.ToolSource`; what it offers follows the server.

    Args:
        name: Of the server, in the configuration.
        call: Calls a tool of it.
        tools: Gives its tools at this moment.
    """

    def __init__(
        self,
        name: str,
        call: CallTool,
        tools: Callable[[], tuple[Tool, ...]],
    ) -> None:
        self._name, self._call, self._tools = name, call, tools
        self._listeners: list[Callable[[], None]] = []
        self._told: tuple[Tool, ...] = ()

    @property
    def id(self) -> str:
        """The name of the server."""
        return self._name

    @property
    def title(self) -> str:
        """The name that the person gave it: a server could call itself like another one."""
        return self._name

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What it offers; empty unless it is ready."""
        return self._tools()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after the tools have changed; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def note_change(self) -> None:
        """Tell the listeners, when the tools are not what they were."""
        tools = self._tools()
        if tools != self._told:
            self._told = tools
            for listener in tuple(self._listeners):
                listener()

    async def preview(self, tool: Tool, arguments: Json) -> str:
        """Nothing: only the server knows what it will do."""
        del tool, arguments
        return ""

    async def call(
        self, tool: Tool, arguments: Json, on_progress: Callable[[ToolProgress], None]
    ) -> ToolOutcome:
        """Make the call.

        Cancelling tells the server, which may go on all the same: its process is shared by all calls.

        Raises:
            ToolError: When there is no answer.
        """
        offered = next((t for t in self._tools() if t.name == tool.name), None)
        if offered is None:
            raise ToolError(f"The MCP server “{self._name}” does not offer this tool any more.")
        if offered.fingerprint != tool.fingerprint:
            raise ToolError(
                f"The MCP server “{self._name}” has changed this tool since it was read."
            )
        try:
            return outcome_of(await self._call(tool.name, arguments, on_progress))
        except McpError as error:
            raise ToolError(str(error)) from None
