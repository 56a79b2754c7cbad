"""The way out: which proxy a connection takes, and whose certificates are trusted.

Free of the SDK and its HTTP library; :mod:`.tunnel` speaks with the proxy.
"""

import sys
from dataclasses import dataclass, field
from typing import Final

from desktop_app.domain.connection import is_loopback
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.proxy import Proxy, ProxyAddressError, ProxyMode, proxy_at
from desktop_app.log import remember_secret

_SYSTEM_NAMES: Final = ("https", "all", "socks")
"""What the system calls the proxy of an https address, most telling first."""


@dataclass(frozen=True, slots=True)
class Route:
    """How requests leave this machine.

    Attributes:
        mode: Which proxy is taken.
        proxy_url: For :attr:`ProxyMode.CUSTOM`.
        ca_file: A PEM file with certificates to trust beside the system's; empty for none.
        user: Of the proxy at ``proxy_url``; empty for one that does not ask.
        password: Belongs to ``user``.
    """

    mode: ProxyMode = ProxyMode.NONE
    proxy_url: str = ""
    ca_file: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def proxy_for(self, host: str) -> Proxy | None:
        """Return the proxy on the way to ``host``, ``None`` for the straight way.

        This machine is always reached straight. The system is asked each time: a computer that is
        carried about changes its proxy while the program runs. May look up names (the system's
        list of exceptions on Windows does), so it is called off the window's thread.

        Raises:
            ChatError: When the address of the proxy cannot be used.
        """
        if is_loopback(host) or self.mode is ProxyMode.NONE:
            return None
        text = self.proxy_url if self.mode is ProxyMode.CUSTOM else _system_proxy(host)
        if text is None:
            return None
        try:
            proxy = proxy_at(text)
        except ProxyAddressError as error:
            detail = f"{self.mode.value} proxy: {error.problem.value}"
            raise ChatError(ErrorRecord(ErrorKind.BAD_PROXY, detail=detail)) from None
        if self.mode is ProxyMode.CUSTOM and self.user:
            proxy = proxy.with_login(self.user, self.password)
        remember_secret(proxy.password)
        return proxy


STRAIGHT: Final = Route()


def _system_proxy(host: str) -> str | None:
    """Return the proxy of the environment or the system; nothing evaluates a PAC file here.

    On Linux the environment goes before the desktop's settings, as it does for other programs: who
    sets it for one program means that program.
    """
    # Loaded when it is wanted: with its dependencies it takes some 20 ms.
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    found = next((proxies[name] for name in _SYSTEM_NAMES if proxies.get(name)), None)
    if found is None and sys.platform == "linux":
        from desktop_app.providers.openai_chat.desktop_proxy import PORTAL

        found = PORTAL.proxy_for(host)
    return None if found is None or proxy_bypass(host) else found
