"""Searching while somebody types, and going to what was found."""

import asyncio

from PySide6.QtCore import QObject, Signal

from desktop_app.chat.library import Library
from desktop_app.chat.ports import ConversationSearch, StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.search import SearchQuery
from desktop_app.ui.search.hits_model import FoundRow
from desktop_app.ui.search.panel import SearchPanel


class Searching(QObject):
    """Ties the panel to the search and to the conversations.

    Args:
        panel: Shows what is found.
        search: Finds it.
        library: Opens it.
        parent: The window.

    Signals:
        opened(ChatSession): The conversation of a hit is open, to be shown.
        arrived(ChatSession, Hit, str): It was shown; carries the place and what was searched for.
        refused(object): The database refused to open one; carries the error.
        restored(): One was taken out of the trash to be opened.
    """

    opened = Signal(object)
    arrived = Signal(object, object, str)
    refused = Signal(object)
    restored = Signal()

    def __init__(
        self, panel: SearchPanel, search: ConversationSearch, library: Library, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._search = search
        self._library = library
        self._text = ""
        self._scope = TaskScope()
        self._looking: asyncio.Task[None] | None = None
        self._going: asyncio.Task[None] | None = None
        panel.query_changed.connect(self.refresh)
        panel.hit_chosen.connect(self._on_hit_chosen)
        self._ends = (library.subscribe(self.refresh), search.subscribe(self.refresh))

    def look_for(self, text: str) -> None:
        """Search for ``text``; what was looked for until now is given up."""
        if text != self._text:
            self._text = text
            self.refresh()

    def refresh(self) -> None:
        """Search once more, for there may be something else now."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        if self._text.strip():
            listed = (*self._library.conversations, *self._library.archived)
            models = {conversation.model for conversation in listed}
            self._panel.set_models(tuple(models))
            self._looking = self._scope.start(
                self._look(self._panel.query(self._text)), "search conversations"
            )

    def stay(self) -> None:
        """Do not go to a hit that is still being opened: another place was chosen."""
        if self._going is not None:
            self._going.cancel()
            self._going = None

    async def aclose(self) -> None:
        """End what runs."""
        for end in self._ends:
            end()
        await self._scope.close()

    async def _look(self, query: SearchQuery) -> None:
        try:
            result = await self._search.search(query)
        except StoreError as error:
            self._panel.show_failure(str(error))
        else:
            self._panel.show_result(query, result)

    def _on_hit_chosen(self, found: FoundRow) -> None:
        self.stay()
        query = self._panel.query(self._text)
        self._going = self._scope.start(self._go(found, query), "open a hit")

    async def _go(self, found: FoundRow, query: SearchQuery) -> None:
        conversation, hit = found.group.conversation_id, found.hit
        try:
            if query.in_trash:
                await self._library.restore(conversation)
                self.restored.emit()
            session = await self._library.open_at(conversation, hit.message_id)
        except (StoreError, KeyError) as error:
            self.refused.emit(error)
        else:
            self._going = None
            self.opened.emit(session)
            self.arrived.emit(session, hit, query.text)
