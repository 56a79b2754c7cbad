"""What every key store promises; the fake and the real room both pass it.

A test module subclasses :class:`KeyStoreContract` and gives it the fixture ``keyring``.
"""

from typing import Protocol

import pytest

from desktop_app.chat.ports import KeyStore
from desktop_app.domain.keyring_state import KeyringState

ACCOUNT = "intl https://api.minimax.io:443"
OTHER = "我的服务器 https://a.example:443"


class Keyring(Protocol):
    """A keyring that the tests can lock, and programs that use it one after another."""

    def new_run(self) -> KeyStore:
        """Return the key store of a program that was just started."""
        ...

    def lock(self) -> None: ...

    def unlock(self) -> None: ...


class KeyStoreContract:
    @pytest.fixture
    def store(self, keyring: Keyring) -> KeyStore:
        return keyring.new_run()

    async def test_nothing_was_ever_stored(self, store):
        reading = await store.read(ACCOUNT)
        assert (reading.key, reading.state, reading.kept) == (None, KeyringState.READY, False)

    async def test_a_key_is_there_in_the_next_run(self, keyring, store):
        writing = await store.write(ACCOUNT, "sk-1")
        assert (writing.state, writing.kept) == (KeyringState.READY, True)
        for run in (store, keyring.new_run()):
            reading = await run.read(ACCOUNT)
            assert (reading.key, reading.state, reading.kept) == ("sk-1", KeyringState.READY, True)

    async def test_the_newest_key_counts(self, keyring, store):
        await store.write(ACCOUNT, "sk-1")
        await store.write(ACCOUNT, "sk-2")
        assert (await store.read(ACCOUNT)).key == "sk-2"
        assert (await keyring.new_run().read(ACCOUNT)).key == "sk-2"

    async def test_accounts_are_kept_apart(self, store):
        await store.write(ACCOUNT, "sk-1")
        await store.write(OTHER, "sk-2")
        await store.delete(ACCOUNT)
        assert (await store.read(ACCOUNT)).key is None
        assert (await store.read(OTHER)).key == "sk-2"

    async def test_a_deleted_key_is_gone(self, keyring, store):
        await store.write(ACCOUNT, "sk-1")
        removal = await store.delete(ACCOUNT)
        assert (removal.state, removal.kept) == (KeyringState.READY, False)
        for run in (store, keyring.new_run()):
            reading = await run.read(ACCOUNT)
            assert (reading.key, reading.state) == (None, KeyringState.READY)

    async def test_deleting_what_is_not_there_succeeds(self, store):
        removal = await store.delete(ACCOUNT)
        assert (removal.state, removal.kept) == (KeyringState.READY, False)

    async def test_a_locked_keyring_is_not_one_without_a_key(self, keyring, store):
        await keyring.new_run().write(ACCOUNT, "sk-1")
        keyring.lock()
        reading = await store.read(ACCOUNT)
        assert (reading.key, reading.state, reading.kept) == (None, KeyringState.LOCKED, False)

    async def test_a_key_that_was_read_serves_on_when_the_keyring_is_locked(self, keyring, store):
        await keyring.new_run().write(ACCOUNT, "sk-1")
        await store.read(ACCOUNT)
        keyring.lock()
        reading = await store.read(ACCOUNT)
        assert (reading.key, reading.state, reading.kept) == ("sk-1", KeyringState.LOCKED, True)

    async def test_a_key_that_cannot_be_stored_lives_for_this_run(self, keyring, store):
        await store.write(ACCOUNT, "sk-old")
        keyring.lock()
        writing = await store.write(ACCOUNT, "sk-new")
        assert (writing.state, writing.kept) == (KeyringState.LOCKED, False)
        reading = await store.read(ACCOUNT)
        assert (reading.key, reading.state, reading.kept) == ("sk-new", KeyringState.LOCKED, False)
        keyring.unlock()
        reading = await store.read(ACCOUNT)
        assert (reading.key, reading.state, reading.kept) == ("sk-new", KeyringState.READY, False)
        # Nothing was deleted because something failed.
        assert (await keyring.new_run().read(ACCOUNT)).key == "sk-old"

    async def test_a_key_of_this_run_is_kept_once_it_can_be(self, keyring, store):
        await store.read(OTHER)
        await keyring.new_run().write(OTHER, "sk-2")
        keyring.lock()
        await store.write(ACCOUNT, "sk-1")
        keyring.unlock()
        assert (await store.write(ACCOUNT, "sk-1")).kept
        assert (await store.read(ACCOUNT)).kept
        assert (await keyring.new_run().read(ACCOUNT)).key == "sk-1"

    async def test_a_locked_keyring_deletes_nothing_and_says_so(self, keyring, store):
        await store.write(ACCOUNT, "sk-1")
        keyring.lock()
        removal = await store.delete(ACCOUNT)
        assert (removal.state, removal.kept) == (KeyringState.LOCKED, True)
        assert (await store.read(ACCOUNT)).key is None
        keyring.unlock()
        assert (await keyring.new_run().read(ACCOUNT)).key == "sk-1"

    async def test_no_answer_shows_the_key(self, keyring, store):
        answers = [await store.write(ACCOUNT, "sk-canary"), await store.read(ACCOUNT)]
        keyring.lock()
        answers += [await store.write(ACCOUNT, "sk-canary"), await store.read(ACCOUNT)]
        answers.append(await store.delete(ACCOUNT))
        for answer in answers:
            assert "canary" not in f"{answer!r} {answer} {answer.detail}"
