"""The key store of the program: the system's keyring, with this run's memory behind it.

It must not delete anything because something failed, and must not take a locked keyring for one
without a key.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from desktop_app import APP_NAME
from desktop_app.domain.keyring_state import KeyReading, KeyringState, KeyWriting
from desktop_app.keystore.backends import LONGEST_KEY, KeyBackend, usable_backend
from desktop_app.keystore.daemon_calls import Call, OneAtATime
from desktop_app.keystore.failures import detail_of, state_of

_MOST_DUPLICATES: Final = 8
"""Other programs can store further items under the same names; a deletion removes those too."""

_UNANSWERED: Final = "no answer in time"


@dataclass(frozen=True, slots=True)
class _Remembered:
    """A key in this run's memory; ``kept`` says that the keyring has it too."""

    key: str = field(repr=False)
    kept: bool


class KeyringKeyStore:
    """Implements :class:`desktop_app.chat.ports.KeyStore`.

    A key that the keyring did not take is valid for this run and goes before an older one that the
    keyring holds. A key that was read once serves on when the keyring is locked later.

    Args:
        choose_backend: Gives the keyring for one call, in the thread of that call. Raises
            ``NoUsableKeyring`` when there is none.
        longest_key: Most code units of UTF-16 that the keyring takes; ``None`` for any number.
    """

    def __init__(
        self,
        choose_backend: Callable[[], KeyBackend] = usable_backend,
        *,
        longest_key: int | None = LONGEST_KEY,
    ) -> None:
        self._choose_backend = choose_backend
        self._longest_key = longest_key
        self._thread = OneAtATime("keyring")
        self._memory: dict[str, _Remembered] = {}
        # A read that timed out stays here: the next one waits for the same prompt instead of
        # opening a second, or finds the answer that came meanwhile.
        self._reads: dict[str, Call[KeyReading]] = {}

    async def read(self, account: str, *, timeout: float | None = 10.0) -> KeyReading:
        """Return the key of ``account``; never raises. ``timeout`` in seconds, ``None`` waits."""
        call = self._open_read(account)
        reading = await call.wait(timeout)
        if reading is None:
            reading = KeyReading(None, KeyringState.TIMED_OUT, detail=_UNANSWERED)
        is_current = self._reads.get(account) is call
        if is_current and call.answer is not None:
            del self._reads[account]
        return self._with_memory(account, reading, remember=is_current)

    async def write(self, account: str, key: str, *, timeout: float | None = None) -> KeyWriting:
        """Store ``key`` and read it back. When that fails the key is kept for this run only.

        After a time-out the keyring may take the key yet; the next reading says whether it did.
        """
        mine = self._memory[account] = _Remembered(key, kept=False)
        self._reads.pop(account, None)
        units = len(key.encode("utf-16-le", "surrogatepass")) // 2
        if self._longest_key is not None and units > self._longest_key:
            detail = f"{units} characters, the keyring takes {self._longest_key}"
            return KeyWriting(KeyringState.TOO_LONG, kept=False, detail=detail)
        call = self._thread.submit(
            Call(lambda: self._store(account, key), lambda error: _failed_writing(error, key))
        )
        writing = await call.wait(timeout)
        if writing is None:
            return KeyWriting(KeyringState.TIMED_OUT, kept=False, detail=_UNANSWERED)
        if writing.kept and self._memory.get(account) is mine:
            self._memory[account] = replace(mine, kept=True)
        return writing

    async def delete(self, account: str, *, timeout: float | None = None) -> KeyWriting:
        """Remove the key of ``account`` from the keyring and from this run's memory.

        ``READY`` means that it is gone, or never was. In every other state but ``ABSENT`` the
        keyring may hold it still, and ``kept`` says so.
        """
        forgotten = self._memory.pop(account, None)
        self._reads.pop(account, None)
        key = forgotten.key if forgotten else ""
        call = self._thread.submit(
            Call(lambda: self._remove(account), lambda error: _failed_deletion(error, key))
        )
        removal = await call.wait(timeout)
        return removal or KeyWriting(KeyringState.TIMED_OUT, kept=True, detail=_UNANSWERED)

    def _open_read(self, account: str) -> Call[KeyReading]:
        """Return the read of ``account`` that is under way or was answered late, or a new one."""
        call = self._reads.get(account)
        # What went wrong late is asked again: the person may have unlocked the keyring since.
        if (
            call is not None
            and call.can_be_awaited
            and (call.answer is None or call.answer.state is KeyringState.READY)
        ):
            return call
        call = self._thread.submit(Call(lambda: self._fetch(account), self._failed_reading))
        self._reads[account] = call
        return call

    def _with_memory(self, account: str, reading: KeyReading, *, remember: bool) -> KeyReading:
        """Return ``reading`` completed by this run's memory, and bring the memory up to date.

        ``remember`` is false for a reading that a later write or deletion has overtaken.
        """
        memory = self._memory.get(account)
        if memory is not None and not memory.kept and memory.key != reading.key:
            return replace(reading, key=memory.key, kept=False)
        if reading.state is not KeyringState.READY:
            return replace(reading, key=memory.key, kept=memory.kept) if memory else reading
        if remember and reading.key is not None:
            self._memory[account] = _Remembered(reading.key, kept=True)
        elif remember:
            self._memory.pop(account, None)
        return reading

    # What follows runs in the thread.

    def _fetch(self, account: str) -> KeyReading:
        key = self._choose_backend().get_password(APP_NAME, account) or None
        return KeyReading(key, KeyringState.READY, kept=key is not None)

    def _store(self, account: str, key: str) -> KeyWriting:
        backend = self._choose_backend()
        backend.set_password(APP_NAME, account, key)
        if backend.get_password(APP_NAME, account) == key:
            return KeyWriting(KeyringState.READY, kept=True)
        return KeyWriting(
            KeyringState.FAILED, kept=False, detail="the keyring did not give back what was stored"
        )

    def _remove(self, account: str) -> KeyWriting:
        backend = self._choose_backend()
        # Asking first: to delete in a Secret Service without a collection opens a prompt for one.
        for _ in range(_MOST_DUPLICATES):
            if backend.get_password(APP_NAME, account) is None:
                return KeyWriting(KeyringState.READY, kept=False)
            backend.delete_password(APP_NAME, account)
        return KeyWriting(KeyringState.FAILED, kept=True, detail="the keyring still has a key")

    def _failed_reading(self, error: BaseException) -> KeyReading:
        keys = [remembered.key for remembered in tuple(self._memory.values())]
        return KeyReading(None, state_of(error), detail=detail_of(error, keys))


def _failed_writing(error: BaseException, key: str) -> KeyWriting:
    return KeyWriting(state_of(error), kept=False, detail=detail_of(error, (key,)))


def _failed_deletion(error: BaseException, key: str) -> KeyWriting:
    state = state_of(error)
    return KeyWriting(state, kept=state is not KeyringState.ABSENT, detail=detail_of(error, (key,)))
