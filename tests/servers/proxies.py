"""Real proxies on loopback: HTTP's ``CONNECT`` and SOCKS 5, with their rules and what they saw.

Whatever host is asked for, the way leads to one server on this machine: names beyond it are never
looked up. All bytes that pass are kept, as somebody who owns a proxy could.
"""

import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """What a proxy demands, where it leads to, and what it has seen.

    Attributes:
        target: Port on loopback of the server that stands for every host.
        user: Who may pass; empty lets everybody.
        password: Of that user.
        refuses: An HTTP status or a SOCKS reply with which everything is refused; 0 for none.
        says: Bytes that are sent in place of an answer.
        offers: How it wants to be told who is there, one header line each.
    """

    target: int
    user: str = ""
    password: str = ""
    refuses: int = 0
    says: bytes | None = None
    offers: tuple[str, ...] = ('Basic realm="way out"',)
    port: int = 0
    asked_for: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    passed: bytearray = field(default_factory=bytearray)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError):
                while part := await source.read(65536):
                    self.passed += part
                    target.write(part)
                    await target.drain()
            target.close()

        await asyncio.gather(copy(reader, there_writer), copy(there_reader, writer))


async def _connect(
    proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    head = await reader.readuntil(b"\r\n\r\n")
    proxy.heads.append(head)
    method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
    assert method == "CONNECT"
    proxy.asked_for.append(target)
    if proxy.says is not None:
        writer.write(proxy.says)
        return False
    wanted = base64.b64encode(f"{proxy.user}:{proxy.password}".encode())
    if proxy.user and b"Proxy-Authorization: Basic " + wanted not in head:
        offers = "".join(f"Proxy-Authenticate: {offer}\r\n" for offer in proxy.offers)
        writer.write(f"HTTP/1.1 407 Who are you\r\n{offers}Content-Length: 0\r\n\r\n".encode())
        return False
    if proxy.refuses:
        writer.write(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % proxy.refuses)
        return False
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    return True


async def _socks(proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    version, count = await reader.readexactly(2)
    assert version == 5
    methods = await reader.readexactly(count)
    if proxy.says is not None:
        writer.write(proxy.says)
        return False
    wanted = 2 if proxy.user else 0
    if wanted not in methods:
        writer.write(b"\x05\xff")
        return False
    writer.write(bytes([5, wanted]))
    if proxy.user:
        _, length = await reader.readexactly(2)
        user = await reader.readexactly(length)
        password = await reader.readexactly((await reader.readexactly(1))[0])
        good = (user.decode(), password.decode()) == (proxy.user, proxy.password)
        writer.write(b"\x01\x00" if good else b"\x01\x01")
        if not good:
            return False
    _, _, _, kind = await reader.readexactly(4)
    assert kind == 3, "names are looked up by the proxy"
    host = await reader.readexactly((await reader.readexactly(1))[0])
    port = int.from_bytes(await reader.readexactly(2), "big")
    proxy.asked_for.append(f"{host.decode()}:{port}")
    writer.write(bytes([5, proxy.refuses, 0, 1, 127, 0, 0, 1, 0, 0]))
    return not proxy.refuses


@contextlib.asynccontextmanager
async def running(
    proxy: Proxy, scheme: str = "http", context: ssl.SSLContext | None = None
) -> AsyncIterator[Proxy]:
    """Run ``proxy`` as an ``http`` or ``socks5`` one for as long as the block lasts."""
    greet = _socks if scheme == "socks5" else _connect

    open_ways: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_ways[task] = writer
        try:
            if await greet(proxy, reader, writer):
                await proxy.pass_on(reader, writer)
            else:
                # Until the client leaves: closing first could take the answer along.
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            proxy.left.set()
            writer.close()
            del open_ways[task]

    listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    proxy.port = listener.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        listener.close()
        for writer in open_ways.values():
            writer.transport.abort()
        if open_ways:
            await asyncio.wait(tuple(open_ways))
