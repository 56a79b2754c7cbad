"""What MCP servers offer to be put into a message, as far as it is known; never keeps one waiting."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.chat.tasks import TaskScope

if TYPE_CHECKING:
    from desktop_app.chat.mcp_ports import ServersDoor
    from desktop_app.domain.mcp_content import Prompt, Resource

    Found = tuple[Prompt, ...] | tuple[Resource, ...]


class Offers(QObject):
    """Asks every server that is ready by itself, and keeps what each said last.

    Nothing is loaded or started for it.

    Signals:
        arrived(): More is known than before.
    """

    arrived = Signal()

    def __init__(self, door: "ServersDoor | None", tasks: TaskScope, parent: QObject) -> None:
        super().__init__(parent)
        self._door, self._tasks = door, tasks
        self._found: dict[tuple[str, str], Found] = {}
        self._asked: set[tuple[str, str]] = set()

    @property
    def known(self) -> "list[Prompt | Resource]":
        """What is known of: the prompts of each server, then its resources."""
        return [offer for found in self._found.values() for offer in found]

    def refresh(self) -> None:
        """Ask those who are ready now; the others have nothing to offer any more."""
        servers = self._door.opened if self._door is not None else None
        if servers is None:
            return
        from desktop_app.domain.mcp_server import ServerPhase

        ready = [entry.name for entry in servers.entries if entry.status.phase is ServerPhase.READY]
        kept: dict[tuple[str, str], Found] = {}
        for name in ready:
            for kind, ask in (("prompts", servers.prompts), ("resources", servers.resources)):
                key = (name, kind)
                kept[key] = self._found.get(key, ())
                if key not in self._asked:
                    self._asked.add(key)
                    self._tasks.start(self._fetch(key, ask), f"{kind} for the palette")
        self._found = kept

    async def _fetch(
        self,
        key: tuple[str, str],
        ask: "Callable[[str], Awaitable[Found]]",
    ) -> None:
        try:
            found = await ask(key[0])
        finally:
            self._asked.discard(key)
        if key in self._found and found != self._found[key]:
            self._found[key] = found
            self.arrived.emit()
