"""The keyrings that a key may go to: one for each system, named here and nowhere else.

The classes of the ``keyring`` library are used, its choice among them is not: an environment
variable (``PYTHON_KEYRING_BACKEND``, ``KEYRING_PROPERTY_*``, ``KEYCHAIN_PATH``) or a file
(``keyringrc.cfg``) could send a key to a backend that writes plain text or forgets it.

Importing ``keyring`` takes about 120 ms and choosing a backend talks to D-Bus, so both happen
inside the functions, which only the keystore's own thread calls.
"""

import sys
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

WINDOWS_LONGEST_KEY: Final = 1280
"""Code units of UTF-16: the Credential Manager takes 2560 bytes and answers more with error 1783."""

LONGEST_KEY: Final = WINDOWS_LONGEST_KEY if sys.platform == "win32" else None
"""The longest key that this system's keyring takes, in code units of UTF-16; ``None``: any."""


class NoUsableKeyring(Exception):  # noqa: N818 - it is an answer about the system, not a fault
    """This system has no keyring that a key may go to; the message says why."""


class KeyBackend(Protocol):
    """What is asked of a keyring. Every method may block for as long as a prompt is open."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is stored, ``None`` when nothing is."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store, in place of what was stored before."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Remove one item; raises when there is none."""
        ...


def usable_backend() -> KeyBackend:
    """Return this system's keyring once it says that it can be used; opens no prompt.

    Raises:
        NoUsableKeyring: When it is not installed, not running and not startable, or when this
            system is not one of those on the list.
    """
    try:
        backend_class = _allowed_class(sys.platform)
        usable = backend_class.priority > 0
    except Exception as error:
        raise NoUsableKeyring(str(error)) from error
    if not usable:
        reason = f"{backend_class.name} cannot be used here"
        raise NoUsableKeyring(reason)
    return backend_class()


def backend_name() -> str:
    """Return the name of this system's keyring, and why it cannot be used just now if it cannot.

    Where the system always has a keyring, and where the library for it is missing, one that cannot
    be used is a fault of the installation; a Secret Service may just not run at the moment.

    Raises:
        NoUsableKeyring: On Windows and macOS, when the keyring cannot be used.
        ImportError: When the library is missing.
    """
    name = _allowed_class(sys.platform).__name__
    try:
        usable_backend()
    except NoUsableKeyring as reason:
        if sys.platform in {"win32", "darwin"}:
            raise
        return f"{name}, not usable now: {reason}"
    return name


@cache
def _allowed_class(platform: str) -> "type[KeyringBackend]":
    if platform == "win32":
        return _windows_vault()
    if platform == "darwin":
        return _macos_keychain()
    return _secret_service()


class _Unconfigurable:
    """Takes no properties from the environment, such as another collection or keychain."""

    def set_properties_from_env(self) -> None:
        """Do not read ``KEYRING_PROPERTY_*``."""


def _secret_service() -> "type[KeyringBackend]":
    """GNOME Keyring, KWallet, KeePassXC: whoever serves the Secret Service on D-Bus."""
    from contextlib import closing

    import secretstorage
    from keyring.backends.SecretService import Keyring
    from keyring.errors import KeyringLocked

    class SecretService(_Unconfigurable, Keyring):
        """The default collection of the Secret Service."""

        def get_preferred_collection(self) -> secretstorage.Collection:
            """Return the collection, unlocked and open; the caller closes its connection.

            The library's own leaves the connection open for the garbage collector when the person
            does not unlock the keyring, one socket for every try.
            """
            bus = secretstorage.dbus_init()
            try:
                collection = secretstorage.get_default_collection(bus)
                if collection.is_locked():
                    collection.unlock()
                    if collection.is_locked():
                        raise KeyringLocked("the collection was not unlocked")
            except BaseException:
                bus.close()
                raise
            return collection

        def get_password(self, service: str, username: str) -> str | None:
            """Return what is stored.

            The library answers a missing default collection by asking the person for the password
            of a new one, even when only reading: at the first start, before any key exists. Where
            there is no collection there is no key.
            """
            with closing(secretstorage.dbus_init()) as bus:
                try:
                    secretstorage.Collection(bus)
                except secretstorage.ItemNotFoundException:
                    return None
            stored: str | None = super().get_password(service, username)  # type: ignore[no-untyped-call]
            return stored

    return SecretService


def _windows_vault() -> "type[KeyringBackend]":
    from keyring.backends.Windows import WinVaultKeyring

    class CredentialManager(_Unconfigurable, WinVaultKeyring):
        """The generic credentials of the person who is logged in."""

    return CredentialManager


def _macos_keychain() -> "type[KeyringBackend]":
    from keyring.backends.macOS import Keyring

    class Keychain(_Unconfigurable, Keyring):
        """The login keychain."""

        keychain = None  # else KEYCHAIN_PATH, which the library reads only to warn about it

    return Keychain
