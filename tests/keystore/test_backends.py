"""Which keyrings a key may go to."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from keyring.backends import SecretService, Windows, macOS

from desktop_app.keystore import backends
from desktop_app.keystore.backends import NoUsableKeyring, backend_name, usable_backend

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("platform", "allowed"),
    [
        ("linux", SecretService.Keyring),
        ("freebsd14", SecretService.Keyring),
        ("win32", Windows.WinVaultKeyring),
        ("darwin", macOS.Keyring),
    ],
)
def test_one_backend_for_each_system(platform, allowed):
    assert issubclass(backends._allowed_class(platform), allowed)


def test_the_keyring_of_another_system_cannot_be_used(monkeypatch):
    another = "darwin" if sys.platform == "win32" else "win32"
    monkeypatch.setattr(backends, "sys", SimpleNamespace(platform=another))
    with pytest.raises(NoUsableKeyring, match=r"(?i)required|requires"):
        usable_backend()


def test_a_backend_that_thinks_little_of_itself_is_not_used(monkeypatch):
    monkeypatch.setattr(
        backends, "_allowed_class", lambda platform: SimpleNamespace(priority=-1, name="Weak")
    )
    with pytest.raises(NoUsableKeyring, match="Weak cannot be used here"):
        usable_backend()


def test_a_missing_library_is_a_missing_keyring(monkeypatch):
    monkeypatch.setitem(sys.modules, "secretstorage", None)
    monkeypatch.setattr(backends, "_allowed_class", backends._allowed_class.__wrapped__)
    monkeypatch.setattr(backends, "sys", SimpleNamespace(platform="linux"))
    with pytest.raises(NoUsableKeyring, match="secretstorage"):
        usable_backend()


def test_a_service_that_does_not_run_is_named_with_the_reason(monkeypatch):
    monkeypatch.setattr(backends, "sys", SimpleNamespace(platform="linux"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert backend_name().startswith("SecretService, not usable now: ")
    assert "DBUS_SESSION_BUS_ADDRESS" in backend_name()


@pytest.mark.keyring
def test_a_service_that_runs_is_named(monkeypatch, secret_service):
    address = secret_service["DBUS_SESSION_BUS_ADDRESS"]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert backend_name() == "SecretService"


def test_a_fault_of_the_installation_is_raised(monkeypatch):
    another = "darwin" if sys.platform == "win32" else "win32"
    monkeypatch.setattr(backends, "sys", SimpleNamespace(platform=another))
    with pytest.raises(NoUsableKeyring):
        backend_name()
    monkeypatch.setitem(sys.modules, "secretstorage", None)
    monkeypatch.setattr(backends, "_allowed_class", backends._allowed_class.__wrapped__)
    monkeypatch.setattr(backends, "sys", SimpleNamespace(platform="linux"))
    with pytest.raises(ImportError, match="secretstorage"):
        backend_name()


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_the_environment_sets_no_property(monkeypatch, platform):
    monkeypatch.setenv("KEYRING_PROPERTY_KEYCHAIN", "/tmp/elsewhere")
    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/elsewhere")
    monkeypatch.setenv("KEYRING_PROPERTY_PERSIST", "session")
    monkeypatch.setattr(macOS.Keyring, "keychain", "/tmp/elsewhere")
    backend = backends._allowed_class(platform)()
    assert vars(backend) == {}
    assert getattr(backend, "keychain", None) is None


def test_the_room_is_imported_without_the_library():
    code = (
        "import sys, desktop_app.keystore.keyring_key_store as room; room.KeyringKeyStore();"
        "print(sorted({'keyring', 'secretstorage', 'jeepney'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
