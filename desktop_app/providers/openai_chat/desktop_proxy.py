"""The proxy that a person set in the settings of a Linux desktop, asked of the desktop's portal.

The portal (``org.freedesktop.portal.ProxyResolver`` on the session's D-Bus) answers for GNOME's
settings and, where its GLib has libproxy, for those of KDE; it knows their exceptions, and it is the
portal that evaluates an automatic configuration (PAC), if the desktop can. Qt is no help: the
wheel's QtNetwork is built without libproxy and looks at the environment alone.
"""

import logging
from typing import Any, Final

from desktop_app.domain.proxy import ProxyAddressError, proxy_at

_log = logging.getLogger(__name__)

_SECONDS: Final = 3.0
"""How long the portal may take; an automatic configuration may have to be fetched first."""

_DIRECT: Final = "direct://"


class DesktopPortal:
    """Asks the portal, and asks it no more in this run once it has not answered in time."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._is_silent = False

    def proxy_for(self, host: str) -> str | None:
        """Return the address of the proxy on the way to ``host``; ``None`` for the straight way.

        That is also the answer where there is no session, no portal, or no answer in time. Blocks
        for some seconds at most, so it is called off the window's thread. The address may carry a
        user and a password.
        """
        if self._is_silent:
            return None
        try:
            return chosen(
                _lookup(f"https://{f'[{host}]' if ':' in host else host}/", self._seconds)
            )
        except TimeoutError:
            self._is_silent = True
            _log.warning("the desktop's portal does not say which proxy to use")
        except (KeyError, OSError, ValueError, RuntimeError) as error:
            # No session bus, or none that can be spoken to; a KeyError is a missing variable.
            _log.debug("there is no desktop's portal: %s", type(error).__name__)
        return None


def chosen(addresses: list[str]) -> str | None:
    """Return the first of ``addresses`` that can be used, ``None`` for the straight way.

    Where none can, such as SOCKS 4 alone, the first is returned all the same: to go straight in
    spite of it would show the person's traffic to a network that they meant to avoid.
    """
    for address in addresses:
        if address.startswith(_DIRECT):
            return None
        try:
            proxy_at(address)
        except ProxyAddressError:
            continue
        return address
    return addresses[0] if addresses else None


def _lookup(url: str, seconds: float) -> list[str]:
    """Ask the portal about ``url``; an error of its own is an empty answer.

    Raises:
        TimeoutError: When it does not answer within ``seconds``.
        KeyError, OSError, ValueError, RuntimeError: When there is no session bus to ask on.
    """
    # Part of keyring's way to the Secret Service; loaded when it is wanted.
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    portal = DBusAddress(
        "/org/freedesktop/portal/desktop",
        bus_name="org.freedesktop.portal.Desktop",
        interface="org.freedesktop.portal.ProxyResolver",
    )
    with open_dbus_connection("SESSION") as bus:
        reply = bus.send_and_get_reply(
            new_method_call(portal, "Lookup", "s", (url,)), timeout=seconds
        )
    body: Any = reply.body
    if reply.header.message_type is not MessageType.method_return:
        return []
    return [address for address in body[0] if isinstance(address, str)]


PORTAL: Final = DesktopPortal()
