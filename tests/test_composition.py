"""The parts as they are wired: which model is asked with which key, and what stays on the disk."""

import asyncio
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app import log
from desktop_app.catalog.regions import REGIONS
from desktop_app.chat.connections import (
    ConnectionBook,
    EnvironmentConnection,
    environment_connection,
    region_connection,
)
from desktop_app.chat.proxy_login import ProxyLogin
from desktop_app.chat.tool_ports import ToolError
from desktop_app.composition import Services, compose
from desktop_app.demo.script import End, Gate, Reply, Say, Think, Wait
from desktop_app.demo.server import DemoServer
from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.domain.message import MessageState
from desktop_app.domain.proxy import ProxyMode
from desktop_app.model_source import ModelSource
from desktop_app.options import Options, prepare_folders
from desktop_app.paths import app_paths
from desktop_app.providers.openai_chat.route import Route
from desktop_app.settings.builtin_settings import GRANTED_FOLDERS
from desktop_app.settings.endpoints import CustomEndpoint
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import (
    CA_FILE,
    CONNECT_TIMEOUT,
    FIRST_BYTE_TIMEOUT,
    IDLE_TIMEOUT,
    PROXY,
    PROXY_URL,
)
from desktop_app.storage.model_lists import ModelList, ModelLists
from tests.fakes.key_store import MemoryKeyStore
from tests.servers.program import files_below, run, run_with_window

CANARY = "sk-canary-51c0ffee9d"
INTERNATIONAL, CHINA = (region_connection(region) for region in REGIONS)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


async def test_the_built_in_tools_are_offered_and_kept_from_the_programs_own_files(
    tmp_path: Path,
) -> None:
    services = await compose(Options(data_dir=tmp_path, environment={}))
    try:
        assert services.tools.box.offer().names == ("calculator", "current_time", "fetch_url")
        services.settings.set(GRANTED_FOLDERS, str(tmp_path))
        offer = services.tools.box.offer()
        assert {"read_file", "write_file"} <= set(offer.names)
        assert "run_python" not in offer.names
        read = offer.find("read_file")
        assert read is not None
        with pytest.raises(ToolError, match="program itself"):
            await read.source.call(read.tool, {"path": "settings.json"}, lambda _progress: None)
    finally:
        await services.aclose()


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


class Source:
    """A model source over a keyring in memory."""

    def __init__(
        self,
        keys: MemoryKeyStore,
        environment: EnvironmentConnection | None = None,
        folder: Path | None = None,
    ) -> None:
        self.settings = SettingsStore(None)
        self.keys = keys
        self.book = ConnectionBook(self.settings, keys, environment)
        self.models = ModelSource(
            self.book, self.settings, ProxyLogin(self.settings, keys), ModelLists(folder)
        )


def both_regions() -> MemoryKeyStore:
    return MemoryKeyStore({INTERNATIONAL.key_account: "key-one", CHINA.key_account: "key-two"})


# -- which model ----------------------------------------------------------------------------------


async def test_one_client_for_each_connection_and_key() -> None:
    source = Source(both_regions())
    first = await source.models()
    assert await source.models() is first
    assert first.connection == INTERNATIONAL
    source.book.select("china")
    second = await source.models()
    assert second is not first
    assert second.connection == CHINA
    assert await source.models() is second
    source.keys.items[CHINA.key_account] = "another key"
    third = await source.models()
    assert third is not second
    await source.models.aclose()


async def test_no_key_is_an_error_of_its_own() -> None:
    source = Source(MemoryKeyStore())
    with pytest.raises(ChatError) as caught:
        await source.models()
    assert caught.value.record.kind is ErrorKind.NO_KEY
    assert caught.value.record.host == "api.minimax.io"


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (KeyringState.LOCKED, ErrorKind.KEYRING_LOCKED),
        (KeyringState.TIMED_OUT, ErrorKind.KEYRING_LOCKED),
        (KeyringState.ABSENT, ErrorKind.NO_KEY),
        (KeyringState.FAILED, ErrorKind.NO_KEY),
    ],
)
async def test_a_keyring_that_gives_nothing(state: KeyringState, kind: ErrorKind) -> None:
    source = Source(MemoryKeyStore({INTERNATIONAL.key_account: "key"}, state))
    with pytest.raises(ChatError) as caught:
        await source.models()
    assert caught.value.record.kind is kind


async def test_a_key_of_the_environment_needs_no_keyring() -> None:
    keys = MemoryKeyStore(state=KeyringState.LOCKED)
    source = Source(keys, environment_connection({"MINIMAX_API_KEY": " key-of-this-run\n"}))
    model = await source.models()
    assert model.connection == INTERNATIONAL
    source.book.select("china")
    assert (await source.models()).connection == CHINA
    await source.models.aclose()


async def test_another_vendors_key_alone_is_none() -> None:
    source = Source(MemoryKeyStore(), environment_connection({"OPENAI_API_KEY": CANARY}))
    assert source.book.current == INTERNATIONAL
    with pytest.raises(ChatError) as caught:
        await source.models()
    assert caught.value.record.kind is ErrorKind.NO_KEY


async def test_a_server_of_ones_own_needs_no_key() -> None:
    source = Source(MemoryKeyStore())
    endpoint = CustomEndpoint("local", "Local", "http://127.0.0.1:1/v1", reasoning_split=False)
    source.settings.set_endpoints((endpoint,))
    source.book.select("local")
    assert (await source.models()).connection == endpoint.connection
    await source.models.aclose()


async def test_time_limits_come_from_the_settings() -> None:
    source = Source(both_regions())
    before = await source.models()
    source.settings.set(CONNECT_TIMEOUT, 3)
    source.settings.set(FIRST_BYTE_TIMEOUT, 7)
    source.settings.set(IDLE_TIMEOUT, 8)
    limits = source.models.time_limits
    assert (limits.connect, limits.first_byte, limits.idle) == (3, 7, 8)
    assert await source.models() is not before
    await source.models.aclose()


async def test_the_way_out_comes_from_the_settings() -> None:
    source = Source(both_regions())
    assert await source.models.route() == Route(ProxyMode.SYSTEM)
    models = [await source.models()]
    for setting, value in (
        (PROXY, "custom"),
        (PROXY_URL, "socks5://127.0.0.1:9"),
        (CA_FILE, "/nowhere/own.pem"),
    ):
        source.settings.set(setting, value)
        models.append(await source.models())
    assert len(set(map(id, models))) == 4, "each change makes another client"
    assert await source.models.route() == Route(
        ProxyMode.CUSTOM, "socks5://127.0.0.1:9", "/nowhere/own.pem"
    )
    await source.models.aclose()


async def test_a_region_is_asked_with_its_own_key_and_at_its_own_host() -> None:
    """Two servers stand for the two regions; each keeps what it was sent."""
    with DemoServer() as one, DemoServer() as two:
        source = Source(MemoryKeyStore())
        endpoints = tuple(
            CustomEndpoint(name, name, server.base_url, reasoning_split=True)
            for name, server in (("one", one), ("two", two))
        )
        source.settings.set_endpoints(endpoints)
        for endpoint in endpoints:
            await source.keys.write(endpoint.connection.key_account, f"key-{endpoint.id}")
        for name in ("one", "two", "one"):
            source.book.select(name)
            assert "MiniMax-M2" in await source.models.list_models()
        # The list of the first is still fresh.
        for server, key in ((one, "key-one"), (two, "key-two")):
            (request,) = server.requests
            assert request.header("authorization") == f"Bearer {key}"
        await source.models.aclose()
        assert one.trouble.total == two.trouble.total == 0


async def test_models_are_known_in_the_next_run_and_asked_for_anew(tmp_path: Path) -> None:
    with DemoServer() as server:
        endpoint = CustomEndpoint("own", "Own", server.base_url)
        account = endpoint.connection.key_account

        def started() -> Source:
            source = Source(MemoryKeyStore({account: "key"}), folder=tmp_path)
            source.settings.set_endpoints((endpoint,))
            source.book.select("own")
            return source

        first = started()
        assert first.models.known_models() == ()
        names = await first.models.list_models()
        assert "MiniMax-M2" in names
        assert first.models.known_models() == names
        await first.models.aclose()

        # Minutes later: what is known is fresh enough, and nobody is asked.
        second = started()
        assert second.models.known_models() == names
        assert await second.models.list_models() == names
        assert len(server.requests) == 1

        # The next day: known at once, and asked for anew.
        ModelLists(tmp_path).keep(account, ModelList(("old-model",), time.time() - 86_400))
        third = started()
        assert third.models.known_models() == ("old-model",)
        assert await third.models.list_models() == names
        assert len(server.requests) == 2
        assert third.models.known_models() == names
        await third.models.aclose()
        ModelLists(tmp_path).keep(account, ModelList(("old-model",), time.time() - 86_400))
    offline = started()
    assert await offline.models.list_models() == ("old-model",), "better than nothing"
    await offline.models.aclose()


async def test_nothing_is_kept_of_the_connection_of_a_single_run(tmp_path: Path) -> None:
    with DemoServer() as server:
        variables = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": CANARY}
        source = Source(MemoryKeyStore(), environment_connection(variables), tmp_path / "models")
        assert "MiniMax-M2" in await source.models.list_models()
        assert not (tmp_path / "models").exists()
        await source.models.aclose()


async def test_models_that_cannot_be_listed_are_none() -> None:
    assert await Source(MemoryKeyStore()).models.list_models() == ()


# -- the whole --------------------------------------------------------------------------------------


@pytest.fixture
async def services(tmp_path: Path, server: DemoServer) -> AsyncIterator[Services]:
    environment = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": CANARY}
    made = await compose(Options(data_dir=tmp_path / "data", environment=environment))
    yield made
    await made.aclose()


async def test_keys_leave_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("MINIMAX_API_KEY", "sk-another-canary")
    options = Options(data_dir=tmp_path)
    services = await compose(options)
    assert "OPENAI_API_KEY" not in os.environ
    assert "MINIMAX_API_KEY" not in os.environ
    reading = await services.book.key(services.book.current)
    assert reading.key == "sk-another-canary"
    assert CANARY not in log.redacted(f"x {CANARY} y")
    assert CANARY not in repr(services.book.current)
    await services.aclose()


async def test_closing_stores_what_streams_and_may_be_asked_twice(
    tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Think("Hm."), Say("As far as this"), Wait(gate), Say("never")]))
    environment = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": CANARY}
    options = Options(data_dir=tmp_path, environment=environment)
    services = await compose(options)
    session = services.library.new_session()
    session.send("Go")
    await gate.reached.arrived()
    arrived = asyncio.Event()
    session.subscribe(lambda _: arrived.set() if session.messages[-1].text else None)
    if not session.messages[-1].text:
        await asyncio.wait_for(arrived.wait(), 10)
    await services.aclose()
    await services.aclose()
    await server.disconnected.arrived(1)

    again = await compose(options)
    await again.library.load()
    (conversation,) = again.library.conversations
    reopened = await again.library.open(conversation.id)
    assert [message.text for message in reopened.messages] == ["Go", "As far as this"]
    assert reopened.messages[-1].state is MessageState.STOPPED
    await again.aclose()


async def test_closing_ends_every_client_that_was_made(
    services: Services, server: DemoServer
) -> None:
    await services.models.list_models()
    services.settings.set(IDLE_TIMEOUT, 9)
    services.models._listed.clear()
    await services.models.list_models()
    assert server.accepted == 2
    assert len(services.models._retired) == 1
    await services.aclose()
    assert services.models._model is None
    assert services.models._retired == []


async def test_the_demo_starts_once_and_ends_with_the_rest(tmp_path: Path) -> None:
    services = await compose(Options(data_dir=tmp_path, environment={}))
    assert services.book.demo is None
    first, second = services.start_demo(), services.start_demo()
    assert first == second
    services.book.use_demo(first)
    assert "MiniMax-M2" in await services.models.list_models()
    await services.aclose()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", int(first.host.partition(":")[2]))


async def test_the_key_test_asks_the_server_that_it_is_given(
    services: Services, server: DemoServer
) -> None:
    other = replace(services.book.current, id="other")
    check = await services.probe(other, "sk-typed-just-now")
    assert check.error is None
    assert "MiniMax-M2" in check.models
    assert server.requests[0].header("authorization") == "Bearer sk-typed-just-now"
    assert "sk-typed" not in log.redacted("sk-typed-just-now")


def test_folders_that_cannot_be_made_are_no_reason_to_stop(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("a file")
    prepare_folders(app_paths(tmp_path / "data"))
    assert (tmp_path / "data").read_text() == "a file"


# -- what stays on the disk ---------------------------------------------------------------------------


def test_a_whole_run_writes_below_its_folder_and_the_key_nowhere(
    tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(
        Reply([Think("Hm."), Say("Fine.")]),
        Reply([Say("kept")], end=End.RST),
    )
    scenario = """
        for text in ("One", "Two"):
            window.work.page.composer.submitted.emit(text)
            await until(lambda: not window.work.page.session.is_busy)
        print([entry.text for entry in window.work.page.view.entries()])
    """
    variables = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": CANARY}
    home, data = tmp_path / "home", tmp_path / "data"
    home.mkdir()
    ended = run_with_window(scenario, "--data-dir", data, home=home, variables=variables)
    assert ended.returncode == 0, ended.stderr
    assert "'One', 'Fine.', 'Two', 'kept'" in ended.stdout
    assert server.posts[0].header("authorization") == f"Bearer {CANARY}"
    # What Qt and the C library keep for themselves is not ours to place.
    ours = [f for f in files_below(home) if f.parts[0] != ".cache"]
    assert ours == []
    written = files_below(data)
    assert Path("interleave.db") in written
    assert any(file.parts[0] == "backups" for file in written)
    assert Path("logs/interleave.log") in written
    for file in written:
        assert CANARY.encode() not in (data / file).read_bytes(), file
    assert CANARY not in ended.stdout + ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has other folders")
def test_without_a_folder_of_its_own_it_uses_the_platforms(
    tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Say("Fine.")]))
    scenario = """
        window.work.page.composer.submitted.emit("One")
        await until(lambda: not window.work.page.session.is_busy)
    """
    variables = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": CANARY}
    ended = run_with_window(scenario, home=tmp_path, variables=variables)
    assert ended.returncode == 0, ended.stderr
    folders = {file.parent for file in files_below(tmp_path) if file.parts[0] != ".cache"}
    assert {
        Path(".local/share/interleave"),
        Path(".local/share/interleave/backups"),
        Path(".config/interleave"),
        Path(".local/state/interleave/log"),
    } == folders
    for folder in folders:
        assert (tmp_path / folder).stat().st_mode & 0o077 == 0


def test_a_key_in_a_damaged_settings_file_is_not_printed(
    tmp_path: Path, server: DemoServer
) -> None:
    """Warnings of ``--ask`` go through the same filter as the window's log."""
    folder = tmp_path / "data"
    folder.mkdir()
    content = {"endpoints": [{"id": "x", "base_url": f"https://u:{CANARY}@h/"}], "zoom": CANARY}
    (folder / "settings.json").write_text(json.dumps(content))
    server.enqueue(Reply([Say("Fine.")]))
    variables = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": CANARY}
    ended = run("--data-dir", folder, "--ask", "Go", home=tmp_path, variables=variables)
    assert ended.returncode == 0
    assert " WARNING desktop_app.settings" in ended.stderr
    assert CANARY not in ended.stderr
