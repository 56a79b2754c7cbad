"""The contract of a key store: on the fake, on a scripted keyring, and on a real one."""

import threading

import pytest
from keyring.errors import KeyringLocked, PasswordDeleteError

from desktop_app.chat.ports import KeyStore
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.keystore.keyring_key_store import KeyringKeyStore
from tests.contracts.keystore_contract import KeyStoreContract
from tests.fakes.key_store import MemoryKeyStore
from tests.servers.secret_service import lock, unlock


class FakeKeyring:
    def __init__(self) -> None:
        self.items: dict[str, str] = {}
        self.runs: list[MemoryKeyStore] = []
        self.state = KeyringState.READY

    def new_run(self) -> KeyStore:
        self.runs.append(MemoryKeyStore(self.items, self.state))
        return self.runs[-1]

    def lock(self) -> None:
        self._set(KeyringState.LOCKED)

    def unlock(self) -> None:
        self._set(KeyringState.READY)

    def _set(self, state: KeyringState) -> None:
        self.state = state
        for run in self.runs:
            run.state = state


class ScriptedKeyring:
    """A backend in memory that raises what the library raises."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}
        self.locked = False

    def new_run(self) -> KeyStore:
        return KeyringKeyStore(lambda: self)

    def lock(self) -> None:
        self.locked = True

    def unlock(self) -> None:
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._require_unlocked()
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._require_unlocked()
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._require_unlocked()
        if self.items.pop((service, username), None) is None:
            raise PasswordDeleteError("No such password!")

    def _require_unlocked(self) -> None:
        assert threading.current_thread() is not threading.main_thread()
        if self.locked:
            raise KeyringLocked("Failed to unlock the collection!")


class RealKeyring:
    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables

    def new_run(self) -> KeyStore:
        return KeyringKeyStore()

    def lock(self) -> None:
        lock(self.variables)

    def unlock(self) -> None:
        unlock(self.variables)


class TestMemoryKeyStore(KeyStoreContract):
    @pytest.fixture
    def keyring(self):
        return FakeKeyring()


class TestKeyringKeyStore(KeyStoreContract):
    @pytest.fixture
    def keyring(self):
        return ScriptedKeyring()


@pytest.mark.keyring
class TestKeyringKeyStoreOnSecretService(KeyStoreContract):
    @pytest.fixture
    def keyring(self, secret_service, monkeypatch):
        address = secret_service["DBUS_SESSION_BUS_ADDRESS"]
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        return RealKeyring(secret_service)
