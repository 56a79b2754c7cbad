"""Opens the command palette over the window, and does what is chosen in it."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop_app.chat.tasks import TaskScope
from desktop_app.settings.table import RECENT_COMMANDS, Page
from desktop_app.ui.conversation.page import ConversationPage
from desktop_app.ui.palette.commands import (
    PALETTE,
    action_commands,
    model_commands,
    offer_commands,
    page_commands,
)
from desktop_app.ui.palette.offers import Offers
from desktop_app.ui.palette.ranking import Command
from desktop_app.ui.window_parts import WindowParts

if TYPE_CHECKING:
    from desktop_app.domain.mcp_content import Prompt, Resource
    from desktop_app.ui.mcp_servers.bringing import Bringing
    from desktop_app.ui.palette.palette import CommandPalette

_MOST_RECENT: Final = 30


class PaletteOpener:
    """The command palette of ``window``.

    Args:
        parts: What the window works with.
        actions: Its actions, by their ids.
        page: Has the models, and the message that is being written.
        open_settings: Opens the settings at a page.
        window: What the palette lies over.
    """

    def __init__(
        self,
        parts: WindowParts,
        actions: Mapping[str, QAction],
        page: ConversationPage,
        open_settings: Callable[[Page], object],
        window: QWidget,
    ) -> None:
        self._parts, self._actions, self._page = parts, actions, page
        self._open_settings, self._window = open_settings, window
        self._tasks = TaskScope()
        self._offers = Offers(parts.servers, self._tasks, window)
        self._offers.arrived.connect(self._on_offers_arrived)
        self._bringing: Bringing | None = None
        self.shown: CommandPalette | None = None

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What the actions do."""
        return {PALETTE: self.open}

    def open(self) -> None:
        """Open the palette; the same key closes it again."""
        # Loaded when it is first wanted: the window paints sooner without it.
        from desktop_app.ui.palette.palette import CommandPalette

        if self.shown is None:
            self.shown = CommandPalette(self._window)
            self.shown.chosen.connect(self._on_chosen)
            self.shown.closed.connect(self._on_closed)
        if self.shown.isVisible():
            self.shown.leave()
            return
        self._offers.refresh()
        self.shown.begin(tuple(self._commands()), self._recent)

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        if self.shown is not None:
            self.shown.leave()
        await self._tasks.close()

    def _commands(self) -> Iterator[Command]:
        header = self._page.header
        yield from action_commands(self._actions)
        if self._has_page:
            yield from model_commands(header.models, header.model, header.choose_model)
        has_servers = self._parts.servers is not None
        pages = [page for page in Page if page is not Page.MCP or has_servers]
        yield from page_commands(pages, self._open_settings)
        yield from self._of_servers()

    def _of_servers(self) -> Iterator[Command]:
        if self._has_page:
            yield from offer_commands(self._offers.known, self._bring)

    @property
    def _has_page(self) -> bool:
        """Whether there is a conversation to do something in."""
        return self._page.session is not None and self._page.isVisible()

    @property
    def _recent(self) -> list[str]:
        return self._parts.settings.text(RECENT_COMMANDS).splitlines()

    def _on_chosen(self, command: Command) -> None:
        recent = [command.id, *(each for each in self._recent if each != command.id)]
        self._parts.settings.set(RECENT_COMMANDS, "\n".join(recent[:_MOST_RECENT]))
        # What a server is to give may take a while, and may fail: that is said in the palette.
        if self.shown is not None and not command.is_slow:
            self.shown.leave()
        command.run()

    def _bring(self, offer: "Prompt | Resource") -> None:
        servers = self._parts.servers
        if servers is None or self.shown is None:
            return
        from desktop_app.ui.mcp_servers.bringing import Bringing

        if self._bringing is None:
            self._bringing = Bringing(servers(), self._tasks, self._window)
            self._bringing.told.connect(self.shown.say)
            self._bringing.brought.connect(self._on_brought)
        self._bringing.begin(offer)

    def _on_brought(self, text: str) -> None:
        if self.shown is not None:
            self.shown.leave()
        self._page.composer.insert_below(text)

    def _on_closed(self) -> None:
        if self._bringing is not None:
            self._bringing.leave()

    def _on_offers_arrived(self) -> None:
        if self.shown is not None and self.shown.isVisible():
            self.shown.add(tuple(self._of_servers()))
