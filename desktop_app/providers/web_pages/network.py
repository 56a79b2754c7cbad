"""Connections to addresses that were checked: what is looked up is what is connected to.

Imported late, as everything that knows the HTTP library.
"""

import ssl
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import httpcore2
from httpcore2 import SOCKET_OPTION, AsyncNetworkStream

from desktop_app.chat.background import in_daemon_thread
from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.internet_address import Reach
from desktop_app.providers.openai_chat.network import NetworkBackend
from desktop_app.providers.openai_chat.route import Route

_FAKE_ADDRESSES: Final = ("198.18.", "198.19.")
_FAKE: Final = (
    " A proxy program with “fake IP” gives every name such an address; let it give real ones."
)


class CheckedBackend(NetworkBackend):
    """Opens connections to addresses that may be asked, and to no other.

    A name is looked up once for each connection, and every address that it has must be one that may
    be asked. Then one of them is connected to, by number: a server of names that answers otherwise
    the next time changes nothing. A proxy is given the number too, so that it looks up nothing; only
    where private addresses are allowed, the proxy is given the name.

    Args:
        route: Says which proxy is taken.
        context: For the way to a proxy that is itself spoken to over TLS.
        look_up: Returns the addresses of a name; blocks.
        reach_of: Says whose an address is.
        private_addresses: Whether this computer and its network may be asked.
    """

    def __init__(
        self,
        route: Route,
        context: ssl.SSLContext | None,
        look_up: Callable[[str, int], Sequence[str]],
        reach_of: Callable[[str], Reach],
        *,
        private_addresses: bool,
    ) -> None:
        super().__init__(route, context)
        self._look_up = look_up
        self._reach_of = reach_of
        self._private_addresses = private_addresses

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Return a stream to ``host``, which was checked.

        Raises:
            ToolError: When it may not be asked, or there is no such name.
        """
        proxy = await self.proxy_to(host)
        try:
            addresses = await in_daemon_thread(lambda: self._look_up(host, port), "look up a name")
        except OSError:
            if proxy is not None and self._private_addresses:
                return await self.connect_through(proxy, host, port, timeout)
            raise ToolError(_unknown(host, by_proxy=proxy is not None)) from None
        for address in addresses:
            self._check(host, address)
        if proxy is not None and self._private_addresses:
            # What this computer is told of a name may be wrong, where somebody filters names.
            return await self.connect_through(proxy, host, port, timeout)
        failure: Exception = ToolError(_unknown(host, by_proxy=False))
        for address in dict.fromkeys(addresses):
            try:
                if proxy is not None:
                    return await self.connect_through(proxy, address, port, timeout)
                return await self.connect_straight(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    def _check(self, host: str, address: str) -> None:
        reach = self._reach_of(address)
        if reach is Reach.NOBODYS:
            raise ToolError(f"{host} is at {address}, where no page is; it is never asked.")
        if reach is Reach.PRIVATE and not self._private_addresses:
            why = _FAKE if address.startswith(_FAKE_ADDRESSES) else ""
            raise ToolError(
                f"{host} is on this computer or its network ({address}). Such pages are not read, "
                f"unless the person allows it in the settings under Tools and permissions.{why}"
            )


def _unknown(host: str, *, by_proxy: bool) -> str:
    if by_proxy:
        return (
            f"There is no server {host} that this computer can look up. The proxy might, but then "
            "nobody could check that it is not inside its network."
        )
    return f"There is no server {host}; check the address."
