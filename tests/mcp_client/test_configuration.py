"""The file of servers, what was agreed to, and the values that go to the keyring."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from desktop_app.chat.mcp_ports import ConfigWriteError
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.domain.mcp_server import (
    KEPT_IN_KEYRING,
    ConfigFault,
    EntryFault,
    ServerConfig,
    ServerPhase,
    ServerProblem,
    Wire,
)
from desktop_app.mcp_client.config_file import ConfigFile
from desktop_app.mcp_client.parts import Parts
from desktop_app.mcp_client.server_config import check_launch, entry_json, read_entry
from desktop_app.mcp_client.servers import ConfiguredServers
from tests.fakes.key_store import MemoryKeyStore
from tests.mcp_client.conftest import QUICK, Rig, our_server, running, write_config

FAULTS: list[tuple[Any, ConfigFault, str]] = [
    ("npx", ConfigFault.NOT_AN_OBJECT, ""),
    ({}, ConfigFault.NOTHING_TO_START, ""),
    ({"command": ""}, ConfigFault.NOTHING_TO_START, ""),
    ({"command": ["npx", "x"]}, ConfigFault.WRONG_KIND, "command"),
    ({"command": "npx", "args": "x"}, ConfigFault.WRONG_KIND, "args"),
    ({"command": "npx", "args": [1]}, ConfigFault.WRONG_KIND, "args"),
    ({"command": "npx", "env": {"A": 1}}, ConfigFault.WRONG_KIND, "env.A"),
    ({"command": "npx", "env": {"A=B": "1"}}, ConfigFault.BAD_CHARACTER, "env.A=B"),
    ({"command": "npx\0"}, ConfigFault.BAD_CHARACTER, ""),
    ({"command": "npx", "disabled": "no"}, ConfigFault.WRONG_KIND, "disabled"),
    ({"command": "npx", "timeout": -1}, ConfigFault.WRONG_KIND, "timeout"),
    ({"type": "websocket", "url": "wss://x"}, ConfigFault.UNKNOWN_TYPE, "websocket"),
    ({"url": "ftp://example.test"}, ConfigFault.BAD_ADDRESS, ""),
    ({"url": "https://user:pw@example.test"}, ConfigFault.BAD_ADDRESS, ""),
    ({"url": "http://example.test/mcp"}, ConfigFault.PLAIN_HTTP, ""),
    (
        {"url": "https://e.test", "headers": {"A": "x\r\nB: y"}},
        ConfigFault.BAD_CHARACTER,
        "headers.A",
    ),
]


@pytest.mark.parametrize(("raw", "fault", "detail"), FAULTS)
def test_what_is_wrong_with_an_entry_is_named(raw: Any, fault: ConfigFault, detail: str) -> None:
    assert read_entry("x", raw) == EntryFault("x", fault, detail)


def test_entries_in_the_usual_form() -> None:
    local = read_entry("fs", {"command": "npx", "args": ["-y", "x"], "env": {"A": "1"}, "cwd": "~"})
    assert isinstance(local, ServerConfig)
    assert (local.wire, local.argv, local.cwd) == (Wire.STDIO, ("npx", "-y", "x"), "~")
    assert local.plain_secrets == ("A",)
    far = read_entry("far", {"url": "https://e.test/mcp", "headers": {"A": KEPT_IN_KEYRING}})
    assert isinstance(far, ServerConfig)
    assert (far.wire, far.plain_secrets) == (Wire.HTTP, ())
    for word in ("streamable-http", "streamableHttp", "http"):
        assert read_entry("x", {"type": word, "url": "https://e.test"}).wire is Wire.HTTP  # type: ignore[union-attr]
    here = read_entry("x", {"type": "sse", "url": "http://localhost:1/sse"})
    assert isinstance(here, ServerConfig)
    assert here.wire is Wire.SSE


def test_what_is_not_ours_comes_back_when_an_entry_is_written() -> None:
    raw = {"command": "npx", "args": [], "autoApprove": ["a"], "x": {"y": [1]}, "timeout": 5}
    read = read_entry("x", raw)
    assert isinstance(read, ServerConfig)
    assert entry_json(read) == raw


def test_batch_files_get_nothing_that_their_shell_reads() -> None:
    for argument in ("a&b", "%PATH%", "a|b", "^", '"', "x\ny"):
        config = ServerConfig("x", Wire.STDIO, "C:\\tools\\npx.CMD", ("-y", argument))
        fault = check_launch(config, windows=True)
        assert fault is not None
        assert fault.fault is ConfigFault.SHELL_CHARACTER
        assert check_launch(config, windows=False) is None
    assert check_launch(ServerConfig("x", Wire.STDIO, "node.exe", ("a&b",)), windows=True) is None


def test_writing_keeps_the_rest_of_the_file_and_its_order(tmp_path: Path) -> None:
    path = write_config(
        tmp_path,
        {"a": {"command": "one"}, "broken": 7, "b": {"command": "two"}},
        theirs={"kept": True},
    )
    file = ConfigFile(path)
    file.load()
    assert file.entries["broken"] == EntryFault("broken", ConfigFault.NOT_AN_OBJECT)
    file.put(ServerConfig("c", Wire.STDIO, "three"), replaces="a")
    content = json.loads(path.read_text("utf-8"))
    assert list(content["mcpServers"]) == ["c", "broken", "b"]
    assert content["mcpServers"]["broken"] == 7
    assert content["theirs"] == {"kept": True}
    file.drop("broken")
    assert list(file.entries) == ["c", "b"]
    assert [child.name for child in tmp_path.iterdir()] == ["mcp.json"]
    if os.name != "nt":
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", ConfigFault.UNREADABLE),
        ("[" * 100_000, ConfigFault.UNREADABLE),
        ("[]", ConfigFault.NO_SERVERS),
        ('{"mcpServers": []}', ConfigFault.NO_SERVERS),
    ],
)
def test_a_damaged_file_is_told_and_kept(
    tmp_path: Path, text: str, fault: ConfigFault, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(text, "utf-8")
    file = ConfigFile(path)
    file.load()
    assert file.fault is not None
    assert file.fault.fault is fault
    file.put(ServerConfig("c", Wire.STDIO, "three"))
    assert file.fault is None
    (aside,) = tmp_path.glob("mcp.json.damaged-*")
    assert aside.read_text("utf-8") == text
    assert list(file.entries) == ["c"]


def test_a_file_that_cannot_be_written_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_config(tmp_path, {"a": {"command": "one"}})
    before = path.read_bytes()
    file = ConfigFile(path)
    file.load()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigWriteError, match="No space left"):
        file.put(ServerConfig("c", Wire.STDIO, "three"))
    assert path.read_bytes() == before
    assert list(file.entries) == ["a"]
    assert list(tmp_path.iterdir()) == [path]


async def test_nothing_starts_before_exactly_its_command_line_was_agreed_to(tmp_path: Path) -> None:
    marker = tmp_path / "started"
    entry = our_server("--die")
    entry["args"] = ["-c", f"open({str(marker)!r}, 'w').write('x')"]
    write_config(tmp_path, {"own": entry})
    servers = ConfiguredServers(tmp_path, Parts(keys=MemoryKeyStore(), limits=QUICK))
    rig = Rig(servers, MemoryKeyStore())
    await servers.reload()
    assert rig.entry("own").status.problem is ServerProblem.NOT_APPROVED
    config = rig.entry("own").config
    assert config is not None
    # The file changes between the look at it and the consent.
    write_config(tmp_path, {"own": {**entry, "args": [*entry["args"], "--evil"]}})
    await servers.reload()
    await servers.approve("own", config.fingerprint)
    await servers.restart("own")
    assert rig.entry("own").status.problem is ServerProblem.NOT_APPROVED
    assert not marker.exists()
    changed = rig.entry("own").config
    assert changed is not None
    await servers.approve("own", changed.fingerprint)
    await rig.phase("own", ServerPhase.FAILED)
    assert marker.exists()
    await servers.aclose()
    # Another run knows what was agreed to, and asks about a change again.
    for more, expected in (((), None), (("--more",), ServerProblem.NOT_APPROVED)):
        write_config(
            tmp_path,
            {"own": {**entry, "args": [*entry["args"], "--evil", *more], "disabled": True}},
        )
        again = ConfiguredServers(tmp_path, Parts(keys=MemoryKeyStore(), limits=QUICK))
        await again.reload()
        assert again.entries[0].status.problem is expected
        await again.aclose()


async def test_typed_values_go_to_the_keyring_and_to_the_server_alone(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as rig:
        config = read_entry("own", our_server(env={"PLAIN": "1"}))
        assert isinstance(config, ServerConfig)
        assert await rig.servers.save(config, {"TOKEN": "canary-value"})
        await rig.phase("own", ServerPhase.READY)
        seen = json.loads((await rig.call("own", "environment")).text)
        assert (seen["TOKEN"], seen["PLAIN"]) == ("canary-value", "1")
        text = (tmp_path / "mcp.json").read_text("utf-8")
        assert "canary-value" not in text + (tmp_path / "mcp-approved.json").read_text("utf-8")
        assert json.loads(text)["mcpServers"]["own"]["env"]["TOKEN"] == KEPT_IN_KEYRING
        saved = rig.entry("own").config
        assert saved is not None
        assert saved.plain_secrets == ("PLAIN",)

        # Under another name it is carried along; for another program it is not found.
        from dataclasses import replace

        await rig.servers.save(replace(saved, name="other"), {}, replaces="own")
        await rig.phase("other", ServerPhase.READY)
        seen = json.loads((await rig.call("other", "environment")).text)
        assert seen["TOKEN"] == "canary-value"
        assert list(rig.keys.items.values()) == ["canary-value"]
        config = rig.entry("other").config
        assert config is not None
        await rig.servers.save(replace(config, command="/bin/sh"), {})
        entry = await rig.phase("other", ServerPhase.FAILED)
        assert (entry.status.problem, entry.status.detail) == (
            *(ServerProblem.SECRET_MISSING, "TOKEN"),
        )
        await rig.servers.remove("other")
        assert rig.servers.entries == ()


async def test_a_value_for_one_address_does_not_go_to_another(tmp_path: Path) -> None:
    from tests.servers.mcp_http import McpHttp

    with McpHttp() as good, McpHttp() as evil:
        async with running(tmp_path, {}) as rig:
            config = ServerConfig("far", Wire.HTTP, url=f"{good.origin}/mcp")
            await rig.servers.save(config, {"Authorization": "Bearer canary-9"})
            await rig.phase("far", ServerPhase.READY)
            assert good.seen[0][1]["Authorization"] == "Bearer canary-9"
            text = (tmp_path / "mcp.json").read_text("utf-8")
            (tmp_path / "mcp.json").write_text(text.replace(good.origin, evil.origin), "utf-8")
            await rig.servers.reload()
            entry = rig.entry("far")
            assert entry.status.problem is ServerProblem.NOT_APPROVED
            assert entry.config is not None
            await rig.servers.approve("far", entry.config.fingerprint)
            await rig.phase("far", ServerPhase.FAILED)
            assert rig.entry("far").status.problem is ServerProblem.SECRET_MISSING
        assert evil.seen == []


async def test_without_a_keyring_values_live_for_this_run(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as rig:
        rig.keys.state = KeyringState.ABSENT
        config = read_entry("own", our_server())
        assert isinstance(config, ServerConfig)
        assert not await rig.servers.save(config, {"TOKEN": "canary-value"})
        await rig.phase("own", ServerPhase.READY)
        assert json.loads((await rig.call("own", "environment")).text)["TOKEN"] == "canary-value"


async def test_switching_off_and_on_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        assert len(rig.servers.sources) == 1
        await rig.servers.enable("own", on=False)
        assert rig.entry("own").status.phase is ServerPhase.OFF
        assert rig.servers.sources == ()
        content = json.loads((tmp_path / "mcp.json").read_text("utf-8"))
        assert content["mcpServers"]["own"]["disabled"] is True
        await rig.servers.enable("own", on=True)
        await rig.phase("own", ServerPhase.READY)


def test_the_library_is_not_loaded_without_servers(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import asyncio, sys, pathlib\n"
        "from desktop_app.mcp_client.servers import ConfiguredServers\n"
        "from desktop_app.mcp_client.parts import Parts\n"
        "async def main():\n"
        "    servers = ConfiguredServers(pathlib.Path(sys.argv[1]), Parts(keys=None))\n"
        "    await servers.reload()\n"
        "    await servers.aclose()\n"
        "asyncio.run(main())\n"
        "print(sorted({'mcp', 'mcp_types', 'httpx2', 'pydantic', 'anyio'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
