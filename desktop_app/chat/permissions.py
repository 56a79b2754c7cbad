"""Which tools may be called without asking: what people allowed for good, and for a conversation."""

import logging
from collections.abc import Callable
from enum import Enum, auto

from desktop_app.chat.ports import StoreError
from desktop_app.chat.tool_names import BUILTIN
from desktop_app.chat.tool_ports import PermissionStore
from desktop_app.domain.permission import Permission
from desktop_app.domain.tool import Risk, Tool

_log = logging.getLogger(__name__)


class Standing(Enum):
    """What is known of a tool before the person is asked."""

    ALLOWED = auto()
    UNKNOWN = auto()
    CHANGED = auto()
    """It was allowed here, and is not what it was then."""


class Permissions:
    """Remembers what was allowed, each for one conversation and one form of a tool.

    A permission is given for a fingerprint: a tool whose description, schema or risk changes loses
    it. What cannot be stored holds for this run.

    Args:
        store: Where permissions are kept; ``None`` keeps them for this run.
        reading_is_allowed: Whether built-in tools that only read are never asked about.
    """

    def __init__(
        self,
        store: PermissionStore | None = None,
        reading_is_allowed: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._reading_is_allowed = reading_is_allowed
        self._of_this_run: dict[tuple[str, str, str], Permission] = {}
        self._listeners: list[Callable[[], None]] = []

    async def standing(self, conversation_id: str, tool: Tool) -> Standing:
        """Return whether ``tool`` may be called in a conversation without asking."""
        # The word of a server that it only reads proves nothing.
        reads = tool.source == BUILTIN and tool.risk is Risk.READS
        if reads and self._reading_is_allowed():
            return Standing.ALLOWED
        given = await self._given(conversation_id, tool)
        if given is None:
            return Standing.UNKNOWN
        return Standing.ALLOWED if given.fingerprint == tool.fingerprint else Standing.CHANGED

    async def allow(self, permission: Permission) -> None:
        """Remember a permission; it takes the place of one for an earlier form of the tool."""
        if await self._is_stored(permission):
            self._of_this_run.pop(permission.key, None)
        else:
            self._of_this_run[permission.key] = permission
        self._announce()

    async def everything(self) -> tuple[Permission, ...]:
        """Return all permissions that stand, the newest first.

        Raises:
            StoreError: When they cannot be read.
        """
        found = {} if self._store is None else {p.key: p for p in await self._store.permissions()}
        found |= self._of_this_run
        return tuple(sorted(found.values(), key=lambda permission: -permission.given_at))

    async def withdraw(self, permission: Permission) -> None:
        """Ask again from now on.

        Raises:
            StoreError: When it cannot be removed from the disk; then it still stands.
        """
        if self._store is not None:
            await self._store.remove_permission(permission)
        self._of_this_run.pop(permission.key, None)
        self._announce()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after a permission was given or withdrawn; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def _is_stored(self, permission: Permission) -> bool:
        """Store ``permission``; ``False`` when it is not, as with a conversation that is not."""
        if self._store is None:
            return False
        try:
            await self._store.save_permission(permission)
            return permission in await self._store.permissions(permission.conversation)
        except StoreError as error:
            _log.warning("a permission holds for this run alone: %s", error)
            return False

    async def _given(self, conversation_id: str, tool: Tool) -> Permission | None:
        """Return what was allowed of a tool in a conversation; unreadable is as good as nothing."""
        key = (conversation_id, tool.source, tool.name)
        if (given := self._of_this_run.get(key)) is not None or self._store is None:
            return given
        try:
            found = await self._store.permissions(conversation_id)
        except StoreError as error:
            _log.warning("permissions cannot be read: %s", error)
            return None
        return next((permission for permission in found if permission.key == key), None)

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            try:
                listener()
            except Exception:
                _log.exception("a listener failed on a change of permissions")
