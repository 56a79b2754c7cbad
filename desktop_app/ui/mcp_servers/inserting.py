"""Puts what MCP servers offer into the message that is being written: a resource, or a prompt."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.text import fenced

if TYPE_CHECKING:
    from desktop_app.chat.mcp_ports import McpServers
    from desktop_app.domain.mcp_content import PromptMessage, Resource, ResourceText
    from desktop_app.ui.mcp_servers.offers_dialog import OffersDialog


class Inserting:
    """Opens the choice of what servers offer.

    Args:
        servers: Gives the servers; ``None`` where there are none in this run.
        insert: Takes the text that goes into the message.
        window: What the choice stands in front of.
    """

    def __init__(
        self,
        servers: "Callable[[], McpServers] | None",
        insert: Callable[[str], None],
        window: QWidget,
    ) -> None:
        self._servers, self._insert, self._window = servers, insert, window
        self._tasks = TaskScope()
        self.dialog: OffersDialog | None = None

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What the actions do."""
        return {"insert_from_server": self.open}

    def open(self) -> None:
        """Show what there is to insert."""
        if self._servers is None:
            return
        # Loaded when it is first wanted: the window paints sooner without it.
        from desktop_app.ui.mcp_servers.offers_dialog import OffersDialog

        if self.dialog is None:
            self.dialog = OffersDialog(self._servers(), self._tasks, self._window)
            self.dialog.chosen.connect(self._insert)
        self.dialog.begin()

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self._tasks.close()


def quoted(resource: "Resource", contents: "Sequence[ResourceText]") -> str:
    """Return what was read as Markdown: where it is from, and the text in a fence that it cannot end."""
    return "\n\n".join(
        f"{resource.server}: {content.uri}\n\n{fenced(content.text)}"
        for content in contents
        if content.text
    )


def joined(messages: "Sequence[PromptMessage]") -> str:
    """Return the texts of a prompt; who is to say them is lost, as a message has one author."""
    return "\n\n".join(message.text for message in messages if message.text)
