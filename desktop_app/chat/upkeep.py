"""Looks after what is stored, without being asked: copies, a weekly examination, spare room.

Also does what the person asks for: a copy now, and the way back to one.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from desktop_app.chat.library import Library
from desktop_app.chat.ports import Safekeeper, StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.backup import Backup, BackupReason, Damage

_log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 60.0
"""How often it is looked whether something is due."""

BACKUP_SECONDS: Final = 1800.0
EXAMINATION_SECONDS: Final = 7 * 86_400.0

CLOSING_SECONDS: Final = 30.0
"""How long leaving the program may take for the last copy; what is stored is safe without it."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A copy was made."""

    backup: Backup


@dataclass(frozen=True, slots=True)
class BackupFailed:
    """No copy could be made by itself; said once, until one can be made again."""

    detail: str


@dataclass(frozen=True, slots=True)
class DamageFound:
    """What is stored is not what was saved."""

    damage: Damage


@dataclass(frozen=True, slots=True)
class RoomGivenUp:
    """The disk was full, and the spare room had to be given up so that saving went on."""


@dataclass(frozen=True, slots=True)
class Reloaded:
    """Every session was closed and the list read anew: what was shown of them is out of date."""


UpkeepEvent: TypeAlias = BackedUp | BackupFailed | DamageFound | RoomGivenUp | Reloaded


class Upkeep:
    """Decides when ``safekeeper`` does something.

    Args:
        safekeeper: Does it.
        library: Whose sessions end before something is restored.
        examined_at: Says when everything was last examined, in seconds since the Unix epoch; 0 for
            never.
        note_examined: Is told when that was done.
        clock: Seconds since the Unix epoch.
        sleep: Lets seconds pass.
    """

    def __init__(
        self,
        safekeeper: Safekeeper,
        library: Library,
        *,
        examined_at: Callable[[], float],
        note_examined: Callable[[float], None],
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._safekeeper = safekeeper
        self._library = library
        self._examined_at = examined_at
        self._note_examined = note_examined
        self._clock = clock
        self._sleep = sleep
        self._scope = TaskScope()
        self._listeners: list[Callable[[UpkeepEvent], None]] = []
        self._tried_at = clock()
        self._suspects = False
        self._failure_told = False
        self._lock = asyncio.Lock()

    def start(self) -> None:
        """Begin to look after things; ends with ``close``."""
        self._scope.start(self._look_now_and_then(), "upkeep")

    def subscribe(self, listener: Callable[[UpkeepEvent], None]) -> Callable[[], None]:
        """Call ``listener`` with every event; returns how to stop that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    async def look(self) -> None:
        """Do what is due; never raises ``StoreError``."""
        async with self._lock:
            if await self._safekeeper.keep_room():
                self._tell(RoomGivenUp())
            await self._library.save_waiting()
            now = self._clock()
            # A clock that was set back must not put it off for as long as that.
            if not 0 <= now - self._tried_at < BACKUP_SECONDS:
                self._tried_at = now
                await self._back_up_changes()
            if self._suspects or (self._examination_is_due(now) and not self._library.busy):
                await self._examine(now)

    async def list_backups(self) -> tuple[Backup, ...]:
        """All copies, the newest first.

        Raises:
            StoreError: When they cannot be read.
        """
        return await self._safekeeper.list_backups()

    async def back_up_now(self) -> Backup:
        """Make a copy that stays until the person deletes it.

        Raises:
            StoreError: When none can be made.
        """
        return await self._back_up(BackupReason.MANUAL)

    async def back_up_before_import(self) -> Backup:
        """Make a copy to go back to, should an import turn out not to be wanted.

        Raises:
            StoreError: When none can be made.
        """
        return await self._back_up(BackupReason.BEFORE_IMPORT)

    async def _back_up(self, reason: BackupReason) -> Backup:
        async with self._lock:
            backup = await self._safekeeper.back_up(reason)
        self._note_made(backup)
        return backup

    async def restore(self, name: str) -> Backup:
        """Go back to the copy ``name``: answers on their way are stopped and stored first.

        Returns:
            The copy of what was there until now, by which this can be undone.

        Raises:
            StoreError: When it cannot be done; everything is as it was, but for the stopped answers.
        """
        async with self._lock:
            try:
                return await self._library.replace(lambda: self._safekeeper.restore(name))
            finally:
                self._tell(Reloaded())

    async def close(self) -> None:
        """Make a last copy of what was changed, and end; sessions must be closed by now."""
        await self._scope.close()
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await self._safekeeper.back_up_changes()
        except (StoreError, TimeoutError) as error:
            _log.warning("no copy was made on leaving: %s", error)
        await self._safekeeper.aclose()
        self._listeners.clear()

    async def _look_now_and_then(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                _log.exception("looking after the conversations failed unexpectedly")
            await self._sleep(LOOK_SECONDS)

    async def _back_up_changes(self) -> None:
        try:
            backup = await self._safekeeper.back_up_changes()
        except StoreError as error:
            _log.warning("no copy could be made: %s", error)
            if not self._failure_told:
                self._failure_told = True
                # It may have been refused for damage, which an examination tells better.
                self._suspects = True
                self._tell(BackupFailed(str(error)))
            return
        if backup is not None:
            self._note_made(backup)

    def _note_made(self, backup: Backup) -> None:
        self._failure_told = False
        self._suspects = self._suspects or backup.is_damaged
        self._tell(BackedUp(backup))

    def _examination_is_due(self, now: float) -> bool:
        last = self._examined_at()
        if last == 0:
            self._note_examined(now)  # a first run has nothing to examine
            return False
        return not 0 <= now - last < EXAMINATION_SECONDS

    async def _examine(self, now: float) -> None:
        try:
            damage = await self._safekeeper.find_damage()
        except StoreError as error:
            _log.warning("what is stored could not be examined: %s", error)
            return
        self._suspects = False
        self._note_examined(now)
        if damage:
            _log.error(
                "Damage: %d messages; structure: %s", damage.messages, damage.structure or "sound"
            )
            self._tell(DamageFound(damage))

    def _tell(self, event: UpkeepEvent) -> None:
        for listener in tuple(self._listeners):
            listener(event)
