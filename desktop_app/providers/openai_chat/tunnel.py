"""Asks a proxy for a way through to a server: HTTP's ``CONNECT`` and SOCKS 5 (RFC 1928, 1929).

Written here, on top of the HTTP library's sockets, because its own proxy pools send the ``CONNECT``
as a request like any other (which would count as "the request has left"), need one more package for
SOCKS, and say of a refusal only that there was one. Servers beyond this machine are reached by https
alone, so a proxy only ever sees where to, and encrypted bytes. Imported late; see :mod:`.loading`.
"""

import base64
import ipaddress
import re
from typing import Final

from httpcore2 import AsyncNetworkStream

from desktop_app import APP_NAME, __version__
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.proxy import Proxy
from desktop_app.log import remember_secret

_LONGEST_HEAD: Final = 64 * 1024
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?![0-9])")
_NEEDS_PASSWORD: Final = 407
_SCHEMES: Final = ("Basic", "Digest", "Negotiate", "NTLM", "Kerberos", "Bearer")
_SOCKS_REPLIES: Final = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "time to live expired",
    7: "command not supported",
    8: "address type not supported",
}


async def open_tunnel(
    stream: AsyncNetworkStream, proxy: Proxy, host: str, port: int, timeout: float | None
) -> None:
    """Have ``proxy``, at the other end of ``stream``, pass everything on to ``host``.

    Args:
        stream: Connected to the proxy, encrypted where the proxy wants it.
        proxy: With its user and password, if it has any.
        host: Name or address of the server; names are looked up by the proxy.
        port: TCP port of the server.
        timeout: Seconds for each packet.

    Raises:
        ChatError: ``PROXY_PASSWORD`` when it wants another user or password, ``PROXY`` when it
            refuses or says something that is no answer.
    """
    conversation = _Conversation(stream, proxy, timeout)
    if proxy.scheme == "socks5":
        await _socks(conversation, host, port)
    else:
        await _connect(conversation, host, port)


class _Conversation:
    """Bytes to and from a proxy that is not trusted to end what it says."""

    def __init__(self, stream: AsyncNetworkStream, proxy: Proxy, timeout: float | None) -> None:
        self.proxy = proxy
        self._stream = stream
        self._timeout = timeout

    async def say(self, words: bytes) -> None:
        await self._stream.write(words, self._timeout)

    async def hear(self, count: int) -> bytes:
        heard = b""
        while len(heard) < count:
            part = await self._stream.read(count - len(heard), self._timeout)
            if not part:
                raise self.failure("it closed the connection")
            heard += part
        return heard

    async def hear_head(self) -> bytes:
        heard = b""
        while b"\r\n\r\n" not in heard:
            part = await self._stream.read(4096, self._timeout)
            if not part:
                raise self.failure("it closed the connection")
            heard += part
            if len(heard) > _LONGEST_HEAD:
                raise self.failure("its answer does not end")
        return heard

    def failure(self, reason: str, kind: ErrorKind = ErrorKind.PROXY) -> ChatError:
        return ChatError(ErrorRecord(kind, host=self.proxy.place, detail=reason))


async def _connect(proxy: _Conversation, host: str, port: int) -> None:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [
        f"CONNECT {target} HTTP/1.1",
        f"Host: {target}",
        f"User-Agent: {APP_NAME}/{__version__}",
    ]
    if proxy.proxy.user:
        words = base64.b64encode(f"{proxy.proxy.user}:{proxy.proxy.password}".encode())
        # As good as the password to whoever reads it.
        remember_secret(words.decode("ascii"))
        lines.append(f"Proxy-Authorization: Basic {words.decode('ascii')}")
    await proxy.say("\r\n".join((*lines, "", "")).encode("ascii"))
    head = await proxy.hear_head()
    match = _STATUS.match(head)
    if match is None:
        raise proxy.failure("it does not speak HTTP")
    status = int(match[1])
    if status == _NEEDS_PASSWORD:
        said = f"CONNECT {target}: HTTP {status}; {_about_login(proxy.proxy, head)}"
        raise proxy.failure(said, ErrorKind.PROXY_PASSWORD)
    if not 200 <= status < 300:
        raise proxy.failure(f"CONNECT {target}: HTTP {status}")
    if not head.endswith(b"\r\n\r\n"):
        # In TLS the client speaks first, so these bytes are not the server's.
        raise proxy.failure("it sent more than an answer to CONNECT")


def _about_login(proxy: Proxy, head: bytes) -> str:
    """Return what became of the login, from an answer that asks for one.

    Of what the proxy says only the names of schemes are told: it could repeat the password.
    """
    offered = {
        name
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"proxy-authenticate:")
        for name in _SCHEMES
        if re.search(rb"[:,]\s*%s\b" % name.encode(), line, re.IGNORECASE)
    }
    if offered and "Basic" not in offered:
        return f"it asks for {', '.join(sorted(offered))}, and this program can do Basic"
    return "the user name or password was refused" if proxy.user else "no user name was sent"


async def _socks(proxy: _Conversation, host: str, port: int) -> None:
    user, password = proxy.proxy.user.encode(), proxy.proxy.password.encode()
    methods = b"\x00\x02" if user else b"\x00"
    await proxy.say(b"\x05" + bytes([len(methods)]) + methods)
    version, method = await proxy.hear(2)
    if version != 5:
        raise proxy.failure("it does not speak SOCKS 5")
    if method == 2 and user:
        if max(len(user), len(password)) > 255:
            raise proxy.failure("user or password too long", ErrorKind.PROXY_PASSWORD)
        await proxy.say(b"\x01" + bytes([len(user)]) + user + bytes([len(password)]) + password)
        if (await proxy.hear(2))[1] != 0:
            raise proxy.failure("SOCKS: user or password refused", ErrorKind.PROXY_PASSWORD)
    elif method != 0:
        raise proxy.failure("SOCKS: a user and password are wanted", ErrorKind.PROXY_PASSWORD)
    await proxy.say(b"\x05\x01\x00" + _socks_address(host) + port.to_bytes(2, "big"))
    version, reply, _, kind = await proxy.hear(4)
    if version != 5 or reply != 0:
        raise proxy.failure(f"SOCKS: {_SOCKS_REPLIES.get(reply, f'reply {reply}')}")
    lengths = {1: 4, 4: 16}
    length = lengths[kind] if kind in lengths else (await proxy.hear(1))[0]
    await proxy.hear(length + 2)


def _socks_address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        return b"\x03" + bytes([len(name)]) + name
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed
