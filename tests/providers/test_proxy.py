"""Through a proxy: what it sees, what it refuses, and that this machine is reached without one."""

import asyncio
import contextlib
import ssl
from pathlib import Path

import pytest

from desktop_app import log
from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.proxy import ProxyMode
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.providers.openai_chat.probe import check_key
from desktop_app.providers.openai_chat.route import Route
from tests.providers.conftest import PATIENCE, RawServer, chunk, connection_to, events, head, hear
from tests.servers import proxies
from tests.servers.certificates import make_authority
from tests.servers.proxies import Proxy

HOST = "api.server.test"
KEY = "sk-test-canary-0123456789"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return make_authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def tls_server(authority):
    raw = RawServer()
    context = authority.issue(HOST)
    listener = await asyncio.start_server(raw.serve, "127.0.0.1", 0, ssl=context)
    raw.port = listener.sockets[0].getsockname()[1]
    yield raw
    listener.close()


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def model_by(authority):
    made = []

    def make(url, *, mode=ProxyMode.CUSTOM, base_url=f"https://{HOST}/v1", limits=None, login=()):
        route = Route(mode, url, str(authority.file), **dict(login))
        model = OpenAIChatModel(
            connection_to(base_url), KEY, route=route, limits=limits or TimeLimits()
        )
        made.append(model)
        return model

    yield make
    for model in made:
        await model.aclose()


def answer(raw: RawServer) -> None:
    raw.reply(head(), events(chunk({"content": "Hi"}, finish="stop")))


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_an_answer_comes_through(tls_server, model_by, scheme):
    answer(tls_server)
    kind = "http" if scheme == "http" else "socks5"
    async with proxies.running(Proxy(tls_server.port), kind) as proxy:
        heard = await hear(model_by(f"{scheme}://127.0.0.1:{proxy.port}"))
        assert heard.error is None
        assert heard.text == "Hi"
        assert proxy.asked_for == [f"{HOST}:443"]
        assert tls_server.requests[0].header("authorization") == f"Bearer {KEY}"
        assert tls_server.requests[0].header("proxy-authorization") is None
        # What somebody who owns the proxy can read: neither the key nor the prompt.
        seen = bytes(proxy.passed) + b"".join(proxy.heads)
        assert proxy.passed
        for secret in (KEY.encode(), b"authorization", b"Authorization", b"Hello"):
            assert secret not in seen


async def test_the_way_to_the_proxy_can_be_encrypted_too(authority, tls_server, model_by):
    answer(tls_server)
    context = authority.issue("127.0.0.1")
    async with proxies.running(Proxy(tls_server.port), context=context) as proxy:
        heard = await hear(model_by(f"https://127.0.0.1:{proxy.port}"))
        assert heard.text == "Hi"
        assert proxy.asked_for == [f"{HOST}:443"]


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_the_proxys_password_goes_to_the_proxy_alone(
    tls_server, model_by, monkeypatch, scheme
):
    answer(tls_server)
    monkeypatch.setattr(log, "_known_secrets", ())
    proxy = Proxy(tls_server.port, user="ann", password="p@ss wörd")
    async with proxies.running(proxy, scheme):
        monkeypatch.setenv(
            "https_proxy", f"{scheme}://ann:p%40ss%20w%C3%B6rd@127.0.0.1:{proxy.port}"
        )
        heard = await hear(model_by("", mode=ProxyMode.SYSTEM))
    assert heard.text == "Hi"
    assert proxy.asked_for == [f"{HOST}:443"]
    assert "proxy-authorization" not in {n.lower() for n, _ in tls_server.requests[0].headers}
    assert "p@ss" not in log.redacted("connecting with p@ss wörd")


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("login", ["", "ann:wrong-password@"])
async def test_a_wrong_or_missing_password_is_told(
    tls_server, model_by, monkeypatch, scheme, login
):
    proxy = Proxy(tls_server.port, user="ann", password="right")
    async with proxies.running(proxy, scheme):
        monkeypatch.setenv("all_proxy", f"{scheme}://{login}127.0.0.1:{proxy.port}")
        heard = await hear(model_by("", mode=ProxyMode.SYSTEM))
        assert heard.error is not None
        assert heard.error.kind is ErrorKind.PROXY_PASSWORD
        assert heard.error.record.host == f"127.0.0.1:{proxy.port}"
        assert "wrong-password" not in repr(heard.error.record)
        async with asyncio.timeout(PATIENCE):
            await proxy.left.wait()
    assert tls_server.connections == 0


@pytest.mark.parametrize(
    ("login", "offers", "words"),
    [
        ({}, ('Basic realm="x"',), "no user name was sent"),
        ({"user": "ann", "password": "wrong"}, ('Basic realm="x"',), "password was refused"),
        ({"user": "ann", "password": "wrong"}, (), "password was refused"),
        ({"user": "ann"}, ("NTLM", "Negotiate"), "asks for NTLM, Negotiate"),
        ({"user": "ann", "password": "wrong"}, ('digest realm="wrong"',), "asks for Digest"),
        ({"user": "ann"}, ('Negotiate, basic realm="x"',), "password was refused"),
    ],
)
async def test_what_a_proxy_wants_instead_is_told(tls_server, model_by, login, offers, words):
    proxy = Proxy(tls_server.port, user="ann", password="right", offers=offers)
    async with proxies.running(proxy):
        heard = await hear(model_by(f"http://127.0.0.1:{proxy.port}", login=login))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.PROXY_PASSWORD
    assert words in heard.error.record.detail
    assert "wrong" not in heard.error.record.detail


@pytest.mark.parametrize(
    ("scheme", "changes", "words"),
    [
        ("http", {"refuses": 403}, "HTTP 403"),
        ("http", {"refuses": 502}, "HTTP 502"),
        ("http", {"says": b"SSH-2.0-OpenSSH_9.9\r\n\r\n"}, "does not speak HTTP"),
        ("http", {"says": b"HTTP/1.1 200 OK\r\n\r\n<html>"}, "more than an answer"),
        ("http", {"says": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000}, "does not end"),
        ("socks5", {"refuses": 2}, "not allowed by its rules"),
        ("socks5", {"refuses": 99}, "reply 99"),
        ("socks5", {"says": b"HTTP/1.1 400 Bad Request\r\n\r\n"}, "does not speak SOCKS 5"),
    ],
)
async def test_a_refusal_is_told(tls_server, model_by, scheme, changes, words):
    async with proxies.running(Proxy(tls_server.port, **changes), scheme) as proxy:
        heard = await hear(model_by(f"{scheme}://127.0.0.1:{proxy.port}"))
        assert heard.error is not None
        assert heard.error.kind is ErrorKind.PROXY
        assert words in heard.error.record.detail
        async with asyncio.timeout(PATIENCE):
            await proxy.left.wait()
    assert tls_server.connections == 0


@pytest.mark.parametrize("scheme", ["http", "socks5", "https"])
async def test_a_proxy_that_is_not_there(tls_server, model_by, scheme):
    async with proxies.running(Proxy(tls_server.port)) as proxy:
        pass
    heard = await hear(model_by(f"{scheme}://127.0.0.1:{proxy.port}"))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.PROXY_UNREACHABLE
    assert heard.error.record.host == f"127.0.0.1:{proxy.port}"


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_silent_proxy_is_given_up(server, model_by, scheme):
    gate = asyncio.Event()

    async def silent(_reader, writer):
        await gate.wait()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    limits = TimeLimits(connect=0.2)
    heard = await hear(model_by(f"{scheme}://127.0.0.1:{port}", limits=limits))
    gate.set()
    listener.close()
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.PROXY_UNREACHABLE
    assert "Timeout" in heard.error.record.detail


async def test_stop_closes_the_socket_while_the_proxy_thinks(model_by):
    greeted, left = asyncio.Event(), asyncio.Event()

    async def silent(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        greeted.set()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        left.set()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    task = asyncio.get_running_loop().create_task(hear(model_by(f"http://127.0.0.1:{port}")))
    async with asyncio.timeout(PATIENCE):
        await greeted.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await left.wait()
    listener.close()


async def test_a_redirect_through_a_proxy_is_not_followed(tls_server, model_by):
    tls_server.reply(head(307, Location="https://other.test/v1/x", Content_Length="0"))
    async with proxies.running(Proxy(tls_server.port)) as proxy:
        heard = await hear(model_by(f"http://127.0.0.1:{proxy.port}"))
        assert heard.error is not None
        assert heard.error.kind is ErrorKind.REDIRECT
        assert proxy.asked_for == [f"{HOST}:443"]
    assert len(tls_server.requests) == 1


async def test_this_machine_is_reached_without_a_proxy(server, model_by, monkeypatch):
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    for mode in ProxyMode:
        answer(server)
        model = model_by("http://127.0.0.1:9", mode=mode, base_url=server.base_url)
        assert (await hear(model)).text == "Hi"


async def test_the_key_is_tested_through_the_proxy(authority, tls_server):
    tls_server.reply(head(content_type="application/json"), b'{"data":[{"id":"m-1"}]}')
    async with proxies.running(Proxy(tls_server.port)) as proxy:
        route = Route(ProxyMode.CUSTOM, f"http://127.0.0.1:{proxy.port}", str(authority.file))
        check = await check_key(connection_to(f"https://{HOST}/v1"), KEY, route=route)
        assert check.models == ("m-1",)
        assert proxy.asked_for == [f"{HOST}:443"]


def test_the_system_says_which_proxy_and_which_exceptions(monkeypatch):
    route = Route(ProxyMode.SYSTEM)
    assert route.proxy_for(HOST) is None
    monkeypatch.setenv("http_proxy", "http://plain.test:1")
    assert route.proxy_for(HOST) is None, "that one is for http addresses"
    monkeypatch.setenv("all_proxy", "socks5://all.test:2")
    assert route.proxy_for(HOST).place == "all.test:2"
    monkeypatch.setenv("https_proxy", "secure.test:3")
    assert route.proxy_for(HOST).place == "secure.test:3"
    monkeypatch.setenv("no_proxy", "other.test,server.test")
    assert route.proxy_for(HOST) is None
    assert route.proxy_for("elsewhere.test").place == "secure.test:3"
    assert Route(ProxyMode.NONE).proxy_for("elsewhere.test") is None


def test_a_login_is_that_of_the_own_address_alone(monkeypatch):
    monkeypatch.setenv("all_proxy", "http://system.test:2")
    login = {"user": "ann", "password": "canary"}
    custom = Route(ProxyMode.CUSTOM, "http://own.test:1", **login)
    assert (custom.proxy_for(HOST).user, custom.proxy_for(HOST).password) == ("ann", "canary")
    system = Route(ProxyMode.SYSTEM, "http://own.test:1", **login)
    assert (system.proxy_for(HOST).user, system.proxy_for(HOST).password) == ("", "")
    assert "canary" not in repr(custom)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.3.2.1"])
def test_this_machine_needs_no_proxy(host):
    assert Route(ProxyMode.CUSTOM, "nonsense://x").proxy_for(host) is None


@pytest.mark.parametrize("address", ["", "ftp://proxy.test", "socks4://proxy.test:1"])
async def test_an_unusable_address_is_told_before_anything_is_sent(model_by, address):
    heard = await hear(model_by(address))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.BAD_PROXY
    assert heard.error.record.host == HOST


# Own certificates.


@pytest.fixture
async def local_server():
    listeners = []

    async def serve(context: ssl.SSLContext) -> RawServer:
        raw = RawServer()
        listener = await asyncio.start_server(raw.serve, "127.0.0.1", 0, ssl=context)
        raw.port = listener.sockets[0].getsockname()[1]
        listeners.append(listener)
        return raw

    yield serve
    for listener in listeners:
        listener.close()


async def hear_from(port: int, ca_file: object = "", host: str = "127.0.0.1"):
    model = OpenAIChatModel(
        connection_to(f"https://{host}:{port}/v1"), KEY, route=Route(ca_file=str(ca_file))
    )
    heard = await hear(model)
    await model.aclose()
    return heard


async def test_own_certificates_are_trusted_beside_the_systems(authority, local_server):
    raw = await local_server(authority.issue("127.0.0.1"))
    refused = await hear_from(raw.port)
    assert refused.error is not None
    assert refused.error.kind is ErrorKind.TLS_UNKNOWN_ISSUER
    assert raw.requests == []
    answer(raw)
    assert (await hear_from(raw.port, authority.file)).text == "Hi"


async def test_the_systems_store_stays_trusted(authority, local_server, tmp_path, monkeypatch):
    """The system's store is played by a file that OpenSSL is pointed to."""
    folder = tmp_path / "other"
    folder.mkdir()
    other = make_authority(folder)
    raw = await local_server(authority.issue("127.0.0.1"))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    answer(raw)
    assert (await hear_from(raw.port, other.file)).text == "Hi"


async def test_what_is_wrong_with_a_certificate_is_told(authority, local_server):
    expired = await local_server(authority.issue("127.0.0.1", days=(-30, -10)))
    too_early = await local_server(authority.issue("127.0.0.1", days=(10, 30)))
    other = await local_server(authority.issue("other.test"))
    kinds = []
    for raw in (expired, too_early, other):
        heard = await hear_from(raw.port, authority.file)
        assert heard.error is not None
        assert raw.requests == []
        kinds.append(heard.error.kind)
    assert kinds == [ErrorKind.TLS_EXPIRED, ErrorKind.TLS_EXPIRED, ErrorKind.TLS_OTHER_HOST]


async def test_a_file_without_certificates_is_told(tmp_path: Path):
    text = tmp_path / "notes.txt"
    text.write_text("no certificate in here")
    for file in (text, tmp_path / "nowhere.pem", tmp_path):
        heard = await hear_from(9, file)
        assert heard.error is not None
        assert heard.error.kind is ErrorKind.CA_FILE
        assert str(file) in heard.error.record.detail
