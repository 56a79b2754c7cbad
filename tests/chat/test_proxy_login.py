"""The login at a proxy: what is kept where, and for which proxy."""

import json

import pytest

from desktop_app import log
from desktop_app.chat.proxy_login import ProxyLogin
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import PROXY_URL, PROXY_USER
from tests.fakes.key_store import MemoryKeyStore

PASSWORD = "canary-p@ss-wörd"


@pytest.fixture(autouse=True)
def _secrets(monkeypatch):
    monkeypatch.setattr(log, "_known_secrets", ())


@pytest.fixture
def settings(tmp_path):
    return SettingsStore(tmp_path / "settings.json")


@pytest.fixture
def keys():
    return MemoryKeyStore()


@pytest.fixture
def login(settings, keys):
    return ProxyLogin(settings, keys)


async def test_an_address_with_a_login_is_taken_apart(login, settings, keys, tmp_path):
    password = login.take_apart("http://ann:canary-p%40ss-w%C3%B6rd@Proxy.Test:3128/")
    assert password == PASSWORD
    assert settings.text(PROXY_URL) == "http://proxy.test:3128"
    assert settings.text(PROXY_USER) == "ann"
    await login.keep(password)
    assert keys.items == {"proxy http://proxy.test:3128": PASSWORD}
    written = (tmp_path / "settings.json").read_text("utf-8")
    assert json.loads(written)["proxy_user"] == "ann"
    assert "canary" not in written
    assert "canary" not in log.redacted(f"connecting with {PASSWORD}")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://proxy.test:1",
        "ftp://ann:x@proxy.test:1",
        "http://a%3Ab:x@proxy.test",
        "http://ann:%0d@p.test",
    ],
)
async def test_what_is_not_taken_apart_changes_nothing(login, settings, address):
    assert login.take_apart(address) is None
    assert settings.text(PROXY_URL) == settings.text(PROXY_USER) == ""


async def test_a_user_alone_has_an_empty_password(login, settings):
    assert login.take_apart("socks5://ann@proxy.test") == ""
    assert settings.text(PROXY_URL) == "socks5://proxy.test:1080"
    assert login.proxy.user == "ann"


async def test_another_proxy_is_never_told_the_password(login, settings):
    settings.set(PROXY_URL, "http://one.test:1")
    await login.keep(PASSWORD)
    settings.set(PROXY_URL, "http://two.test:1")
    assert (await login.read()).key is None
    settings.set(PROXY_URL, "one.test:1")
    assert (await login.read()).key == PASSWORD


async def test_a_removed_password_is_gone(login, settings, keys):
    settings.set(PROXY_URL, "http://one.test:1")
    await login.keep(PASSWORD)
    assert (await login.remove()).state is KeyringState.READY
    assert keys.items == {}
    assert (await login.read()).key is None


async def test_without_a_keyring_it_is_kept_for_this_run(settings):
    keys = MemoryKeyStore(state=KeyringState.ABSENT)
    login = ProxyLogin(settings, keys)
    settings.set(PROXY_URL, "http://one.test:1")
    assert not (await login.keep(PASSWORD)).kept
    assert (await login.read()).key == PASSWORD
    assert keys.items == {}


async def test_without_an_address_there_is_nothing_to_keep(login, keys):
    assert login.proxy is None
    assert (await login.read()).key is None
    for action in (login.keep(PASSWORD), login.remove()):
        with pytest.raises(ValueError, match="no address"):
            await action
    assert keys.items == {}
