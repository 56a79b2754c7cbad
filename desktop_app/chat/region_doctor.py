"""Which region a key belongs to: asks the other region's host, and keeps the key there.

Used by the key form and by the error card. It never asks by itself: a key is sent to another host
only after a person agreed to that, and whoever calls :meth:`RegionDoctor.ask` has their consent.
"""

from desktop_app.catalog.regions import find_region
from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.key_check import KeyCheck, KeyProbe, ask_within_time
from desktop_app.chat.ports import KeyStore
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.keyring_state import KeyWriting


class RegionDoctor:
    """Finds the region of a key.

    Args:
        book: The connections and their keys.
        keys: The keyring.
        probe: Asks one server about one key.
    """

    def __init__(self, book: ConnectionBook, keys: KeyStore, probe: KeyProbe) -> None:
        self._book = book
        self._keys = keys
        self._probe = probe

    def other_region(self, connection: Connection) -> Connection | None:
        """Return the other region of a region; ``None`` for everything that is none."""
        region = find_region(connection.id)
        if region is None or connection.source is not ConnectionSource.REGION:
            return None
        return next((c for c in self._book.choices if c.id == region.other), None)

    async def key(self, connection: Connection) -> str:
        """Return the key that is used for ``connection``, or an empty text."""
        return (await self._book.key(connection)).key or ""

    async def ask(self, connection: Connection, key: str) -> KeyCheck:
        """Send ``key`` to ``connection`` and return what it says of it; never raises."""
        return await ask_within_time(self._probe, connection, key)

    def is_given(self, connection: Connection) -> bool:
        """Whether the key of ``connection`` is not the keyring's: the environment's, or the demo's."""
        own = {ConnectionSource.DEMO, ConnectionSource.ENVIRONMENT}
        return bool(self._book.environment_key(connection)) or connection.source in own

    async def keep(self, connection: Connection, key: str) -> KeyWriting:
        """Store ``key`` as the one of ``connection``, and tell those who follow the keys."""
        writing = await self._keys.write(connection.key_account, key)
        self._book.announce_key_change()
        return writing
