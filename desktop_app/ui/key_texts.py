"""What the keyring's answers mean, as sentences; translatable in the context "Keyring"."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from desktop_app.domain.keyring_state import KeyringState
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

SAVED: Final[Mapping[KeyringState, str]] = MappingProxyType(
    {
        KeyringState.READY: QT_TRANSLATE_NOOP("Keyring", "Saved in the system keyring."),
        KeyringState.ABSENT: QT_TRANSLATE_NOOP(
            "Keyring", "No usable keyring: the key is kept for this run only."
        ),
        KeyringState.LOCKED: QT_TRANSLATE_NOOP(
            "Keyring", "The keyring is locked: the key is kept for this run only."
        ),
        KeyringState.TIMED_OUT: QT_TRANSLATE_NOOP(
            "Keyring", "The keyring did not answer: the key is kept for this run only."
        ),
        KeyringState.FAILED: QT_TRANSLATE_NOOP(
            "Keyring", "The keyring did not take the key: it is kept for this run only."
        ),
        KeyringState.TOO_LONG: QT_TRANSLATE_NOOP(
            "Keyring", "The key is too long for this keyring: it is kept for this run only."
        ),
    }
)
"""The outcome of storing a key."""

REASONS: Final[Mapping[KeyringState, str]] = MappingProxyType(
    {
        KeyringState.READY: "",
        KeyringState.ABSENT: QT_TRANSLATE_NOOP(
            "Keyring",
            "This system has no password store that the program may use, such as GNOME Keyring, "
            "KWallet, the macOS Keychain or the Windows Credential Manager. Keys are never written to a plain file.",
        ),
        KeyringState.LOCKED: QT_TRANSLATE_NOOP(
            "Keyring", "It was not unlocked. Unlock it and save the key again to keep it."
        ),
        KeyringState.TIMED_OUT: QT_TRANSLATE_NOOP(
            "Keyring",
            "A window that asks for its password may still be open. Answer it, then save the key again.",
        ),
        KeyringState.FAILED: QT_TRANSLATE_NOOP(
            "Keyring", "It reported an error, or did not give back what was stored."
        ),
        KeyringState.TOO_LONG: QT_TRANSLATE_NOOP(
            "Keyring",
            "The Windows Credential Manager takes 1,280 characters. A shorter key can be kept.",
        ),
    }
)
"""Why a key is not kept, and what can be done."""

UNREADABLE: Final[Mapping[KeyringState, str]] = MappingProxyType(
    {
        KeyringState.READY: "",
        KeyringState.ABSENT: QT_TRANSLATE_NOOP(
            "Keyring", "No usable keyring: a key entered here is kept for this run only."
        ),
        KeyringState.LOCKED: QT_TRANSLATE_NOOP(
            "Keyring", "The system keyring is locked, so a key in it cannot be read."
        ),
        KeyringState.TIMED_OUT: QT_TRANSLATE_NOOP(
            "Keyring", "The system keyring did not answer. It may be waiting for its password."
        ),
        KeyringState.FAILED: QT_TRANSLATE_NOOP(
            "Keyring", "The system keyring reported an error, so a key in it cannot be read."
        ),
        KeyringState.TOO_LONG: "",
    }
)
"""Why no key could be read."""

REMOVED: Final = QT_TRANSLATE_NOOP("Keyring", "The key was removed.")
MAY_REMAIN: Final = QT_TRANSLATE_NOOP(
    "Keyring", "The key is forgotten for this run, but may still be in the system keyring."
)
