"""A ``Safekeeper`` in memory."""

from copy import deepcopy

from desktop_app.chat.ports import StoreError
from desktop_app.domain.backup import Backup, BackupReason, Damage
from tests.fakes.conversation_store import MemoryConversationStore


class MemorySafekeeper:
    """A ``Safekeeper`` that copies a ``MemoryConversationStore``; keeps every copy.

    Set ``failure`` and every method that can refuse raises it. ``damage`` is what is found, and
    ``room_was_needed`` what is said once of the spare room.
    """

    def __init__(self, store: MemoryConversationStore) -> None:
        self.store = store
        self.copies: dict[str, tuple[Backup, dict[str, object]]] = {}
        self.failure: StoreError | None = None
        self.damage = Damage()
        self.room_was_needed = False
        self.closed = False
        self._copied = self._content()

    async def list_backups(self) -> tuple[Backup, ...]:
        self._refuse()
        return tuple(backup for backup, _ in reversed(self.copies.values()))

    async def back_up(self, reason: BackupReason) -> Backup:
        self._refuse()
        self._copied = self._content()
        made_at = 1_795_000_000 + len(self.copies)
        shown = len(self.store.conversations) - len(self.store.deleted)
        name = f"{made_at}-{reason.value}"
        backup = Backup(name, made_at, reason, size=1, conversations=shown)
        self.copies[name] = backup, self._copied
        return backup

    async def back_up_changes(self) -> Backup | None:
        self._refuse()
        if self._content() == self._copied:
            return None
        return await self.back_up(BackupReason.AUTOMATIC)

    async def restore(self, name: str) -> Backup:
        self._refuse()
        if name not in self.copies:
            raise StoreError("there is no such copy")
        before = await self.back_up(BackupReason.BEFORE_RESTORE)
        self._copied = self.copies[name][1]
        vars(self.store).update(deepcopy(self._copied))
        return before

    async def find_damage(self) -> Damage:
        self._refuse()
        return self.damage

    async def keep_room(self) -> bool:
        was, self.room_was_needed = self.room_was_needed, False
        return was

    async def aclose(self) -> None:
        self.closed = True

    def _content(self) -> dict[str, object]:
        names = ("conversations", "deleted", "messages", "deltas", "exchanges", "_owners")
        return deepcopy({name: vars(self.store)[name] for name in names})

    def _refuse(self) -> None:
        if self.failure is not None:
            raise self.failure
