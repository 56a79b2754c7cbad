"""What the chat room needs of whoever offers tools, as Protocols. The rooms above implement them."""

from collections.abc import Callable
from typing import Protocol

from desktop_app.domain.message import Json
from desktop_app.domain.permission import Permission
from desktop_app.domain.tool import Tool, ToolOutcome, ToolProgress


class ToolError(Exception):
    """A call could not be made or did not come to an end; the message is one sentence in English.

    It is told to the model and shown to the person, so it holds no secret.
    """


class ToolSource(Protocol):
    """Somebody who offers tools: the built-in ones, or one MCP server."""

    @property
    def id(self) -> str:
        """What ``Tool.source`` of its tools says."""
        ...

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What can be called at this moment; empty while there is nothing to call."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after :attr:`tools` has changed; returns how to stop that."""
        ...

    async def preview(self, tool: Tool, arguments: Json) -> str:
        """Say what the call would change, as a unified diff, without changing it; often empty.

        Raises:
            ToolError: When the call could not be made anyway.
        """
        ...

    async def call(
        self, tool: Tool, arguments: Json, on_progress: Callable[[ToolProgress], None]
    ) -> ToolOutcome:
        """Make the call and wait for its end.

        Cancelling the task ends the tool itself, processes that it started included, before this
        returns.

        Args:
            tool: One of :attr:`tools`, as it was when the model was told of it.
            arguments: An object that the tool's schema allows.
            on_progress: Called on the event loop's thread, at any time before the end. While it was
                last told that the call waits for the person, the time of the call stands still.

        Raises:
            ToolError: When the call cannot be made, or breaks off.
        """
        ...


class PermissionStore(Protocol):
    """Where standing permissions are kept; they end with the conversation that they were given in.

    Raises:
        StoreError: From every method, when the database refuses.
    """

    async def permissions(self, conversation_id: str | None = None) -> tuple[Permission, ...]:
        """Return those of a conversation, or all of conversations that are not in the trash."""
        ...

    async def save_permission(self, permission: Permission) -> None:
        """Keep ``permission``, in place of one with the same key.

        Nothing is kept of a conversation that is not stored.
        """
        ...

    async def remove_permission(self, permission: Permission) -> None:
        """Forget the permission with the key of this one; one that is not there stays so."""
        ...
