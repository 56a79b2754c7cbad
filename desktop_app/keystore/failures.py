"""What an exception of a keyring means, and what of it may be shown.

Backends raise their own errors, those of the libraries below them, and sometimes those of D-Bus or
of Python. They are told apart by name, since most of those libraries exist on one system only.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from desktop_app.domain.keyring_state import KeyringState
from desktop_app.domain.text import one_line
from desktop_app.keystore.backends import NoUsableKeyring

_STATES: Final = {
    "NoUsableKeyring": KeyringState.ABSENT,
    "NoKeyringError": KeyringState.ABSENT,
    "SecretServiceNotAvailableException": KeyringState.ABSENT,
    "ImportError": KeyringState.ABSENT,
    "KeyringLocked": KeyringState.LOCKED,
    "LockedException": KeyringState.LOCKED,
    "PromptDismissedException": KeyringState.LOCKED,
    "KeychainDenied": KeyringState.LOCKED,
}
_DBUS_IS_LOCKED: Final = "org.freedesktop.Secret.Error.IsLocked"
_KEYCHAIN_MAY_NOT_ASK: Final = -25308  # errSecInteractionNotAllowed: locked, in a session by ssh
_LIBRARIES: Final = {"keyring", "secretstorage", "jeepney", "win32ctypes", "pywintypes"}
_LONGEST_DETAIL: Final = 200
_MOST_CAUSES: Final = 8


def state_of(error: BaseException) -> KeyringState:
    """Return how the keyring stands when a call to it ended with ``error``."""
    for cause in _causes(error):
        for ancestor in type(cause).__mro__:
            if state := _STATES.get(ancestor.__name__):
                return state
        if getattr(cause, "name", None) == _DBUS_IS_LOCKED or (
            cause.args and cause.args[0] == _KEYCHAIN_MAY_NOT_ASK
        ):
            return KeyringState.LOCKED
    return KeyringState.FAILED


def detail_of(error: BaseException, secrets: Iterable[str]) -> str:
    """Return in one line what the keyring said, without any of ``secrets``.

    The message of an exception that is not the keyring's own is left out: it may quote what it
    stumbled over.
    """
    if isinstance(error, NoUsableKeyring):
        text = str(error)
    elif isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _LIBRARIES:
        text = f"{type(error).__name__}: {error}"
    else:
        text = type(error).__name__
    for secret in secrets:
        if secret:
            text = text.replace(secret, "••••")
    return one_line(text, _LONGEST_DETAIL)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error`` and what it was raised from; bounded, for causes may form a ring."""
    cause: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__
