"""A ``KeyStore`` in memory."""

from desktop_app.domain.keyring_state import KeyReading, KeyringState, KeyWriting


class MemoryKeyStore:
    """A ``KeyStore`` without a keyring.

    ``items`` is what the keyring holds, by account, and may be shared by several runs; ``this_run``
    is what was written or read in this one. Any ``state`` but ``READY`` refuses every call.
    """

    def __init__(
        self, items: dict[str, str] | None = None, state: KeyringState = KeyringState.READY
    ) -> None:
        self.items = {} if items is None else items
        self.this_run: dict[str, str] = {}
        self.state = state
        self._not_kept: set[str] = set()

    async def read(self, account: str, *, timeout: float | None = 10.0) -> KeyReading:
        if self.state is KeyringState.READY and account not in self._not_kept:
            self.this_run.pop(account, None)
            if account in self.items:
                self.this_run[account] = self.items[account]
        key = self.this_run.get(account)
        kept = key is not None and account not in self._not_kept
        return KeyReading(key, self.state, kept)

    async def write(self, account: str, key: str, *, timeout: float | None = None) -> KeyWriting:
        self.this_run[account] = key
        kept = self.state is KeyringState.READY
        if kept:
            self.items[account] = key
            self._not_kept.discard(account)
        else:
            self._not_kept.add(account)
        return KeyWriting(self.state, kept)

    async def delete(self, account: str, *, timeout: float | None = None) -> KeyWriting:
        self.this_run.pop(account, None)
        self._not_kept.discard(account)
        if self.state is KeyringState.READY:
            self.items.pop(account, None)
        may_remain = self.state not in {KeyringState.READY, KeyringState.ABSENT}
        return KeyWriting(self.state, may_remain)
