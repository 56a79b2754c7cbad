"""The user and the password for the proxy whose address is in the settings.

The user's name stands in the settings, which are a plain file; the password in the keyring, under an
account that is bound to the proxy's address: another proxy is never told it, and the same one finds
it again. The system's proxy has nothing to do with this: it brings its own.
"""

from desktop_app.chat.ports import KeyStore
from desktop_app.domain.keyring_state import KeyReading, KeyringState, KeyWriting
from desktop_app.domain.proxy import (
    Proxy,
    ProxyAddressError,
    can_be_password,
    can_be_user,
    proxy_at,
)
from desktop_app.log import remember_secret
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import PROXY_URL, PROXY_USER


class ProxyLogin:
    """Reads, keeps and removes it.

    Args:
        settings: Hold the address and the user's name.
        keys: The keyring.
    """

    def __init__(self, settings: SettingsStore, keys: KeyStore) -> None:
        self._settings = settings
        self._keys = keys

    @property
    def proxy(self) -> Proxy | None:
        """The proxy of the settings with its user, without the password; ``None`` for no address."""
        try:
            proxy = proxy_at(self._settings.text(PROXY_URL))
        except ProxyAddressError:
            return None
        return proxy.with_login(self._settings.text(PROXY_USER), "")

    async def read(self, *, timeout: float | None = 10.0) -> KeyReading:
        """Return the password; never raises. Without an address there is none."""
        proxy = self.proxy
        if proxy is None:
            return KeyReading(None, KeyringState.READY)
        reading = await self._keys.read(proxy.password_account, timeout=timeout)
        remember_secret(reading.key or "")
        return reading

    async def keep(self, password: str) -> KeyWriting:
        """Store ``password`` for the address of the settings, in place of an older one.

        Raises:
            ValueError: When there is no address that it could belong to.
        """
        remember_secret(password)
        return await self._keys.write(self._account(), password)

    async def remove(self) -> KeyWriting:
        """Take the password of the address of the settings out of the keyring and this run.

        Raises:
            ValueError: When there is no address.
        """
        return await self._keys.delete(self._account())

    def take_apart(self, address: str) -> str | None:
        """Take an address with a login into the settings, without its password, which is returned.

        ``None`` means that ``address`` carries no login or cannot be used; nothing has changed then.
        """
        try:
            proxy = proxy_at(address)
        except ProxyAddressError:
            return None
        can_be = can_be_user(proxy.user) and can_be_password(proxy.password)
        if not (proxy.user or proxy.password) or not can_be:
            return None
        remember_secret(proxy.password)
        self._settings.set(PROXY_URL, proxy.address)
        self._settings.set(PROXY_USER, proxy.user)
        return proxy.password

    def _account(self) -> str:
        proxy = self.proxy
        if proxy is None:
            raise ValueError("there is no address of a proxy in the settings")
        return proxy.password_account
