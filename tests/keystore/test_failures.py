"""What the exceptions of keyrings mean, and what of them may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jeepney import DBusErrorResponse, HeaderFields, MessageType
from jeepney.low_level import Endianness, Header, Message
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError, PasswordSetError
from secretstorage.exceptions import (
    LockedException,
    PromptDismissedException,
    SecretServiceNotAvailableException,
)

from desktop_app.domain.keyring_state import KeyringState
from desktop_app.keystore.backends import NoUsableKeyring
from desktop_app.keystore.failures import detail_of, state_of

# As in keyring.backends.macOS.api, which can be imported on macOS only.
KeychainDenied = type("KeychainDenied", (Exception,), {})


def dbus_error(name):
    fields = {HeaderFields.error_name: name, HeaderFields.signature: "s"}
    header = Header(Endianness.little, MessageType.error, 0, 1, -1, 1, fields)
    return DBusErrorResponse(Message(header, ("it said no",)))


def raised_from(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NoUsableKeyring("no bus"), KeyringState.ABSENT),
        (NoKeyringError("none"), KeyringState.ABSENT),
        (ModuleNotFoundError("No module named 'secretstorage'"), KeyringState.ABSENT),
        (SecretServiceNotAvailableException("gone"), KeyringState.ABSENT),
        (
            raised_from(InitError("no"), SecretServiceNotAvailableException("gone")),
            KeyringState.ABSENT,
        ),
        (KeyringLocked("locked"), KeyringState.LOCKED),
        (LockedException("locked"), KeyringState.LOCKED),
        (PromptDismissedException("dismissed"), KeyringState.LOCKED),
        (
            raised_from(InitError("no"), PromptDismissedException("dismissed")),
            KeyringState.LOCKED,
        ),
        (raised_from(KeyringError("no"), KeychainDenied(-128, "Denied")), KeyringState.LOCKED),
        (raised_from(KeyringError("no"), Exception(-25308, "Unknown")), KeyringState.LOCKED),
        (dbus_error("org.freedesktop.Secret.Error.IsLocked"), KeyringState.LOCKED),
        (dbus_error("org.freedesktop.DBus.Error.Failed"), KeyringState.FAILED),
        (PasswordSetError("no"), KeyringState.FAILED),
        (Exception(1783, "CredWrite", "The stub received bad data"), KeyringState.FAILED),
        (ConnectionResetError(), KeyringState.FAILED),
        (ValueError(), KeyringState.FAILED),
    ],
    ids=repr,
)
def test_state(error, state):
    assert state_of(error) is state


def test_causes_that_form_a_ring_come_to_an_end():
    one, other = ValueError(), ValueError()
    one.__cause__, other.__cause__ = other, one
    assert state_of(one) is KeyringState.FAILED


def test_what_the_keyring_says_is_passed_on_in_one_line():
    assert detail_of(NoUsableKeyring("no bus\nhere"), ()) == "no bus here"
    assert detail_of(KeyringLocked("locked"), ()) == "KeyringLocked: locked"
    assert "it said no" in detail_of(dbus_error("org.freedesktop.DBus.Error.Failed"), ())
    assert len(detail_of(KeyringError("long " * 1000), ())) <= 200


def test_what_others_say_is_not_passed_on():
    assert detail_of(ValueError("invalid literal: 'sk-canary'"), ()) == "ValueError"


@given(key=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8), where=st.text())
def test_the_key_is_never_passed_on(key, where):
    text = detail_of(PasswordSetError(f"{where}{key}{where}{key}"), ("", key))
    assert key not in text.removeprefix("PasswordSetError")
