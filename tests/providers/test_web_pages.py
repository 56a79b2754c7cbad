"""Web pages over real sockets: whose address is asked, after every redirect, and how much is taken."""

import asyncio
import contextlib
import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.internet_address import Reach, reach_of
from desktop_app.domain.proxy import ProxyMode
from desktop_app.providers.openai_chat.route import Route
from desktop_app.providers.web_pages.reader import WebLimits, WebPageReader
from tests.providers.conftest import PATIENCE
from tests.servers import proxies
from tests.servers.certificates import make_authority
from tests.servers.proxies import Proxy


@dataclass
class Pages:
    """A server of pages; each is bytes that are sent as they are, or a pause."""

    port: int = 0
    pages: dict[str, list[bytes | asyncio.Event]] = field(default_factory=dict)
    heads: list[bytes] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    def page(self, path: str, body: bytes = b"", status: str = "200 OK", *more: str) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more]
        self.pages[path] = ["\r\n".join((*lines, "", "")).encode() + body]

    def redirect(self, path: str, place: str, status: str = "302 Found") -> None:
        self.page(path, b"moved", status, f"Location: {place}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.serving.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            self.asked.set()
            for part in self.pages[head.split(b" ")[1].decode()]:
                if isinstance(part, asyncio.Event):
                    await part.wait()
                else:
                    writer.write(part)
                    await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            self.left.set()
            self.serving.discard(task)

    async def close(self) -> None:
        for task in self.serving:
            task.cancel()
        await asyncio.gather(*self.serving)


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def server():
    pages = Pages()
    listener = await asyncio.start_server(pages.serve, "127.0.0.1", 0)
    pages.port = listener.sockets[0].getsockname()[1]
    yield pages
    listener.close()
    await pages.close()


class Names:
    """A server of names that a test writes itself; ``answers`` are given one after the other."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {f"{name}.test": list(given) for name, given in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host not in self.answers:
            try:
                return [str(socket.inet_ntoa(socket.inet_aton(host)))]
            except OSError:
                raise socket.gaierror(socket.EAI_NONAME, "unknown") from None
        given = self.answers[host]
        return given.pop(0) if len(given) > 1 else given[0]


def as_if_public(address: str) -> Reach:
    """Take loopback's first address for one of the internet: tests have no other."""
    return Reach.PUBLIC if address == "127.0.0.1" else reach_of(address)


def reader(
    names: Callable[[str, int], list[str]] | None = None, *, reach=as_if_public, route: Route | None = None, **limits: float
) -> WebPageReader:  # fmt: skip
    async def way() -> Route:
        return route or Route()

    return WebPageReader(
        way, limits=WebLimits(**limits), look_up=names or Names(site=[["127.0.0.1"]]), reach_of=reach,
    )  # fmt: skip


async def read(reader: WebPageReader, url: str, *, private: bool = False):
    return await reader.read(url, private_addresses=private)


# What comes


async def test_a_page_is_read_with_nothing_of_the_person_in_the_request(server):
    server.page("/a?q=1", b"<p>hi", "200 OK", "Content-Type: text/html; charset=utf-8")
    answer = await read(reader(), f"http://site.test:{server.port}/a?q=1#part")
    assert (answer.status, answer.body, answer.is_cut) == (200, b"<p>hi", False)
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.url == f"http://site.test:{server.port}/a?q=1"
    lines = server.heads[0].decode().split("\r\n")
    assert lines[0] == "GET /a?q=1 HTTP/1.1"
    names = {line.partition(":")[0].lower() for line in lines[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding"}


async def test_a_page_that_is_not_there_is_one_too(server):
    server.page("/x", b"no", "404 Not Found")
    assert (await read(reader(), f"http://site.test:{server.port}/x")).status == 404


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"packed" * 99, mtime=0)),
        ("deflate", zlib.compress(b"packed" * 99)),
        ("deflate", zlib.compress(b"packed" * 99)[2:-4]),
        ("identity", b"packed" * 99),
    ],
)
async def test_packed_pages_are_unpacked(server, coding, body):
    server.page("/", body, "200 OK", f"Content-Encoding: {coding}")
    assert (await read(reader(), f"http://site.test:{server.port}/")).body == b"packed" * 99


@pytest.mark.parametrize(
    ("coding", "body", "sentence"),
    [("br", b"x", "packed as “br”"), ("gzip, gzip", b"x", "packed as"), ("gzip", b"no gzip", "damaged"), ("deflate", b"\xff\xff", "damaged")],
)  # fmt: skip
async def test_what_cannot_be_unpacked_is_said(server, coding, body, sentence):
    server.page("/", body, "200 OK", f"Content-Encoding: {coding}")
    with pytest.raises(ToolError, match=sentence):
        await read(reader(), f"http://site.test:{server.port}/")


async def test_a_small_body_that_unpacks_without_end_takes_no_room(server):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1024 * 1024)
    bomb = b"".join(packer.compress(zeros) for _ in range(400)) + packer.flush()
    assert len(bomb) < 1024 * 1024
    server.page("/", bomb, "200 OK", "Content-Encoding: gzip")
    tracemalloc.start()
    try:
        answer = await read(reader(bytes=1_000_000), f"http://site.test:{server.port}/")
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert (len(answer.body), answer.is_cut) == (1_000_000, True)


async def test_a_body_without_end_is_cut_and_the_connection_closed(server):
    server.pages["/"] = [b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 65536] * 1_000]
    answer = await read(reader(bytes=100_000), f"http://site.test:{server.port}/")
    assert (len(answer.body), answer.is_cut) == (100_000, True)
    await asyncio.wait_for(server.left.wait(), PATIENCE)


async def test_a_body_that_fits_exactly_is_whole(server):
    server.page("/", b"x" * 1_000)
    assert not (await read(reader(bytes=1_000), f"http://site.test:{server.port}/")).is_cut


async def test_a_body_that_never_ends_coming_is_given_up(server):
    server.pages["/"] = [b"HTTP/1.1 200 OK\r\n\r\nbegin", asyncio.Event()]
    with pytest.raises(ToolError, match=r"did not come within 0.3 seconds"):
        await read(reader(seconds=0.3), f"http://site.test:{server.port}/")


async def test_stop_closes_the_connection(server):
    never = asyncio.Event()
    server.pages["/"] = [b"HTTP/1.1 200 OK\r\n\r\nbegin", never, b"x" * 10_000_000]
    task = asyncio.get_running_loop().create_task(
        read(reader(), f"http://site.test:{server.port}/")
    )
    await asyncio.wait_for(server.asked.wait(), PATIENCE)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    never.set()
    await asyncio.wait_for(server.left.wait(), PATIENCE)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [(b"SSH-2.0-OpenSSH_9.6\r\n", "no HTTP"), (b"", "no HTTP|broke off"), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "no HTTP|broke off")],
)  # fmt: skip
async def test_what_is_no_http_is_said(server, sent, sentence):
    server.pages["/"] = [sent]
    with pytest.raises(ToolError, match=sentence):
        await read(reader(), f"http://site.test:{server.port}/")


async def test_where_nobody_listens():
    with pytest.raises(ToolError, match="cannot be reached"):
        await read(reader(), "http://site.test:1/")


# Addresses


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "ftp://site.test/", "file:///etc/passwd", "javascript:alert(1)", "data:text/plain,x", "gopher://site.test/",
     "http://", "http:///x", "http://[::1", "http://site.test:99999/", "http://user:pw@site.test/", "http://user@site.test/",
     "http://site.test/" + "x" * 9_000],
)  # fmt: skip
async def test_what_is_no_address_of_a_page_is_refused(url):
    names = Names(site=[["127.0.0.1"]])
    with pytest.raises(ToolError):
        await read(reader(names), url)
    assert names.asked == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.1.1", "[fe80::1]", "[fd00::1]", "0x7f.1", "2130706433",
     "127.1", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"],
)  # fmt: skip
async def test_this_computer_and_its_network_are_not_asked(server, host):
    server.page("/", b"secret")
    careful = WebPageReader()
    with pytest.raises(ToolError, match=r"on this computer or its network|no server"):
        await read(careful, f"http://{host}:{server.port}/")
    assert server.heads == []


@pytest.mark.parametrize("private", [False, True])
async def test_where_clouds_keep_their_keys_nobody_asks(private):
    for host in ("169.254.169.254", "[::ffff:169.254.169.254]", "0.0.0.0", "[::]"):
        with pytest.raises(ToolError, match="never asked"):
            await read(WebPageReader(), f"http://{host}/latest/meta-data/", private=private)


async def test_with_leave_this_computer_is_asked(server):
    server.page("/", b"router")
    answer = await read(WebPageReader(), f"http://127.0.0.1:{server.port}/", private=True)
    assert answer.body == b"router"


async def test_a_name_that_leads_inside_is_refused_also_beside_a_good_one(server):
    for given in (["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["127.0.0.1", "::1"]):
        with pytest.raises(ToolError, match="on this computer or its network"):
            await read(reader(Names(site=[given])), f"http://site.test:{server.port}/")
    assert server.heads == []


async def test_what_was_checked_is_what_is_connected_to(server):
    """A name that answers otherwise the second time is not asked a second time."""
    server.page("/", b"checked")
    names = Names(site=[["127.0.0.1"], ["10.0.0.1"]])
    assert (await read(reader(names), f"http://site.test:{server.port}/")).body == b"checked"
    assert names.asked == ["site.test"]
    with pytest.raises(ToolError, match=r"10.0.0.1"):
        await read(reader(names), f"http://site.test:{server.port}/")


async def test_a_name_with_several_addresses_is_tried_at_each(server):
    server.page("/", b"second")
    names = Names(site=[["127.0.0.1", "127.0.0.1", "127.0.0.1"]])
    assert (await read(reader(names), f"http://site.test:{server.port}/")).body == b"second"

    def both(address: str) -> Reach:
        return Reach.PUBLIC

    # Nobody listens at the first one.
    names = Names(site=[["::1", "127.0.0.1"]])
    assert (
        await read(reader(names, reach=both), f"http://site.test:{server.port}/")
    ).body == b"second"


async def test_addresses_that_a_proxy_program_makes_up_are_named_as_such():
    with pytest.raises(ToolError, match="fake IP"):
        await read(reader(Names(site=[["198.18.0.7"]])), "http://site.test/")


async def test_a_name_that_nobody_knows_is_said():
    with pytest.raises(ToolError, match=r"There is no server nowhere.test"):
        await read(reader(), "http://nowhere.test/")


# Redirects


async def test_redirects_are_followed_and_the_last_address_is_told(server):
    server.redirect("/a", "/b?x=1#y")
    server.redirect("/b?x=1", f"http://other.test:{server.port}/c", "308 Permanent Redirect")
    server.page("/c", b"there")
    names = Names(site=[["127.0.0.1"]], other=[["127.0.0.1"]])
    answer = await read(reader(names), f"http://site.test:{server.port}/a")
    assert (answer.url, answer.body) == (f"http://other.test:{server.port}/c", b"there")
    assert names.asked == ["site.test", "site.test", "other.test"]


@pytest.mark.parametrize(
    "place",
    [
        "http://10.0.0.1/",
        "http://127.0.0.2/",
        "http://[::1]/",
        "//inside.test/",
        "http://169.254.169.254/",
        "http://2130706434/",
    ],
)
async def test_a_redirect_inside_is_refused(server, place):
    server.redirect("/", place)
    names = Names(site=[["127.0.0.1"]], inside=[["192.168.0.1"]])
    names.answers |= {"::1": [["::1"]]}
    with pytest.raises(ToolError, match=r"on this computer|never asked"):
        await read(reader(names), f"http://site.test:{server.port}/")
    assert len(server.heads) == 1


async def test_a_redirect_back_to_a_name_that_now_leads_inside_is_refused(server):
    server.redirect("/", "/again")
    server.page("/again", b"secret")
    names = Names(site=[["127.0.0.1"], ["127.0.0.2"]])
    with pytest.raises(ToolError, match=r"127.0.0.2"):
        await read(reader(names), f"http://site.test:{server.port}/")
    assert len(server.heads) == 1


@pytest.mark.parametrize(
    "place", ["ftp://site.test/", "file:///etc/passwd", "http://u:p@site.test/", "http://["]
)
async def test_a_redirect_to_what_is_no_page_is_refused(server, place):
    server.redirect("/", place)
    with pytest.raises(ToolError):
        await read(reader(), f"http://site.test:{server.port}/")


async def test_a_page_that_leads_on_for_ever_is_given_up(server):
    for number in range(9):
        server.redirect(f"/{number}", f"/{number + 1}")
    with pytest.raises(ToolError, match="after 5 redirects"):
        await read(reader(), f"http://site.test:{server.port}/0")
    assert len(server.heads) == 6


# TLS and proxies


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return make_authority(tmp_path_factory.mktemp("tls"))


async def test_over_tls_the_name_is_checked_though_the_number_is_connected_to(server, authority):
    server.page("/", b"safe")
    listener = await asyncio.start_server(
        server.serve, "127.0.0.1", 0, ssl=authority.issue("site.test")
    )
    port = listener.sockets[0].getsockname()[1]
    names = Names(site=[["127.0.0.1"]], other=[["127.0.0.1"]])
    trusting = reader(names, route=Route(ca_file=str(authority.file)))
    assert (await read(trusting, f"https://site.test:{port}/")).body == b"safe"
    for careful, host in ((trusting, "other.test"), (reader(names), "site.test")):
        with pytest.raises(ToolError, match="certificate"):
            await read(careful, f"https://{host}:{port}/")
    listener.close()


async def test_a_proxy_is_given_the_number_that_was_checked(server):
    server.page("/", b"through")
    async with proxies.running(Proxy(server.port)) as proxy:
        route = Route(ProxyMode.CUSTOM, f"http://127.0.0.1:{proxy.port}")
        by_proxy = reader(Names(site=[["93.184.216.34"]]), route=route)
        assert (await read(by_proxy, "http://site.test/")).body == b"through"
        assert proxy.asked_for == ["93.184.216.34:80"]
        with pytest.raises(ToolError, match="on this computer or its network"):
            await read(reader(Names(site=[["10.0.0.1"]]), route=route), "http://site.test/")
        with pytest.raises(ToolError, match="The proxy might"):
            await read(by_proxy, "http://inside.test/")
        # Where that is allowed, the proxy may look up what is unknown here.
        assert (await read(by_proxy, "http://inside.test/", private=True)).body == b"through"
        assert (await read(by_proxy, "http://site.test/", private=True)).body == b"through"
        assert proxy.asked_for == ["93.184.216.34:80", "inside.test:80", "site.test:80"]


async def test_a_proxy_that_refuses_is_said_in_its_sentence(server):
    async with proxies.running(Proxy(server.port, refuses=403)) as proxy:
        route = Route(ProxyMode.CUSTOM, f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(ToolError, match=r"[Pp]roxy"):
            await read(reader(Names(site=[["93.184.216.34"]]), route=route), "http://site.test/")
