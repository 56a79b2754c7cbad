"""The login at a proxy in the whole program: it opens the way, and is in nothing that is written."""

import asyncio
import base64
import logging
import os
import pickle
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from desktop_app import composition, log
from desktop_app.chat.error_actions import settings_page
from desktop_app.chat.error_text import details, english
from desktop_app.chat.exchange_text import as_curl, as_json, as_python
from desktop_app.chat.proxy_login import ProxyLogin
from desktop_app.composition import Services, compose
from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.domain.message import Message, MessageState
from desktop_app.options import Options, prepare_folders
from desktop_app.providers.openai_chat import loading
from desktop_app.settings.table import CA_FILE, PROXY, PROXY_URL, PROXY_USER, Page
from tests.fakes.key_store import MemoryKeyStore
from tests.providers.conftest import RawServer, chunk, events, head
from tests.servers import proxies
from tests.servers.certificates import Authority, make_authority
from tests.servers.proxies import Proxy

HOST = "api.server.test"
USER = "ann"
PASSWORD = "canary: p@ss/wörd"
SPELLINGS = {
    PASSWORD,
    quote(PASSWORD, safe=""),
    quote(PASSWORD),
    base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(),
}
"""What would give it away."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    loading.preload()
    return make_authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def server(authority: Authority) -> AsyncIterator[RawServer]:
    raw = RawServer()
    listener = await asyncio.start_server(raw.serve, "127.0.0.1", 0, ssl=authority.issue(HOST))
    raw.port = listener.sockets[0].getsockname()[1]
    yield raw
    listener.close()


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, secrets = root.handlers[:], root.level, log._known_secrets
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    log._known_secrets = secrets


class Program:
    """The program without its window, sent through a proxy."""

    def __init__(self, services: Services, keys: MemoryKeyStore) -> None:
        self.services, self.keys = services, keys
        self.login = ProxyLogin(services.settings, keys)

    async def ask(self) -> Message:
        session = self.services.library.new_session()
        session.send("Hello")
        async with asyncio.timeout(20):
            await session.settled()
        return session.messages[-1]

    async def written(self, message: Message) -> str:
        """All that is shown, exported or put into a report of ``message``."""
        texts = [
            repr(message),
            repr(self.services.models),
            repr(await self.services.models.route()),
        ]
        if message.error is not None:
            texts += [details(message.error), english(message.error)]
            texts.append(repr(pickle.loads(pickle.dumps(message.error))))
        for record in await self.services.store.load_exchanges(message.id):
            texts += [repr(record), as_json(record), as_curl(record), as_python(record)]
        return "\n".join(texts)


@pytest.fixture
async def program(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Program]:
    keys = MemoryKeyStore()
    monkeypatch.setattr(composition, "KeyringKeyStore", lambda: keys)
    environment = {"OPENAI_BASE_URL": f"https://{HOST}/v1", "OPENAI_API_KEY": "sk-the-key"}
    services = await compose(Options(data_dir=tmp_path / "all", environment=environment))
    prepare_folders(services.paths)
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.DEBUG)
    # As far as the program lets anybody: the HTTP library stays above DEBUG.
    logging.getLogger().setLevel(logging.DEBUG)
    services.settings.set(CA_FILE, str(authority.file))
    services.settings.set(PROXY, "custom")
    yield Program(services, keys)
    await services.aclose()


def nothing_gives_it_away(folder: Path, *texts: str) -> None:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {"settings.json", "interleave.log"} <= {file.name for file in files}
    for spelling in SPELLINGS:
        assert not any(spelling.encode() in file.read_bytes() for file in files)
        assert not any(spelling in text for text in texts)
    if Path("/proc/self/cmdline").exists():
        seen = Path("/proc/self/cmdline").read_bytes() + Path("/proc/self/environ").read_bytes()
        assert not any(spelling.encode() in seen for spelling in SPELLINGS)
    assert not any(spelling in str(os.environ) for spelling in SPELLINGS)


@pytest.mark.parametrize("kept", [True, False], ids=["in the keyring", "for this run only"])
@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
async def test_a_login_opens_the_way_and_stays_secret(
    program: Program,
    server: RawServer,
    authority: Authority,
    tmp_path: Path,
    scheme: str,
    kept: bool,
) -> None:
    server.reply(head(), events(chunk({"content": "Hi"}, finish="stop")))
    program.keys.state = KeyringState.READY if kept else KeyringState.ABSENT
    proxy = Proxy(server.port, user=USER, password=PASSWORD)
    context = authority.issue("127.0.0.1") if scheme == "https" else None
    async with proxies.running(proxy, scheme, context):
        address = f"{scheme}://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{proxy.port}"
        password = program.login.take_apart(address)
        assert password == PASSWORD
        assert (await program.login.keep(password)).kept is kept
        answer = await program.ask()
        assert (answer.text, answer.state) == ("Hi", MessageState.COMPLETE)
        assert proxy.asked_for == [f"{HOST}:443"]
    assert "proxy-authorization" not in {n.lower() for n, _ in server.requests[0].headers}
    assert set(program.keys.items.values()) == ({PASSWORD} if kept else set())
    nothing_gives_it_away(tmp_path / "all", await program.written(answer))


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_refused_login_is_told_and_can_be_corrected(
    program: Program, server: RawServer, tmp_path: Path, scheme: str
) -> None:
    server.reply(head(), events(chunk({"content": "Hi"}, finish="stop")))
    proxy = Proxy(server.port, user=USER, password="another one")
    async with proxies.running(proxy, scheme):
        program.services.settings.set(PROXY_URL, f"{scheme}://127.0.0.1:{proxy.port}")
        program.services.settings.set(PROXY_USER, USER)
        await program.login.keep(PASSWORD)
        answer = await program.ask()
        assert answer.error is not None
        assert answer.error.kind is ErrorKind.PROXY_PASSWORD
        assert answer.error.host == f"127.0.0.1:{proxy.port}"
        assert "refused" in answer.error.detail
        assert settings_page(answer.error) is Page.NETWORK
        assert server.connections == 0
        nothing_gives_it_away(tmp_path / "all", await program.written(answer))
        # Another password takes effect with the next question, without a restart.
        await program.login.keep("another one")
        assert (await program.ask()).text == "Hi"


async def test_a_locked_keyring_is_told_before_anything_is_sent(
    program: Program, server: RawServer
) -> None:
    proxy = Proxy(server.port, user=USER, password=PASSWORD)
    async with proxies.running(proxy):
        program.services.settings.set(PROXY_URL, f"http://127.0.0.1:{proxy.port}")
        program.services.settings.set(PROXY_USER, USER)
        program.keys.state = KeyringState.LOCKED
        answer = await program.ask()
        assert answer.error is not None
        assert answer.error.kind is ErrorKind.KEYRING_LOCKED
        assert f"password for 127.0.0.1:{proxy.port}" in english(answer.error)
        assert proxy.heads == []


async def test_the_keyring_is_not_asked_for_a_proxy_without_a_user(
    program: Program, server: RawServer
) -> None:
    server.reply(head(), events(chunk({"content": "Hi"}, finish="stop")))
    program.keys.state = KeyringState.LOCKED
    async with proxies.running(Proxy(server.port)) as proxy:
        program.services.settings.set(PROXY_URL, f"http://127.0.0.1:{proxy.port}")
        assert (await program.ask()).text == "Hi"
        assert b"Proxy-Authorization" not in proxy.heads[0]
