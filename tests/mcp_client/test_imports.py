"""Files of other programs: what is found, and that nothing is written or started by looking."""

import json
from pathlib import Path

import pytest

from desktop_app.domain.mcp_server import ConfigFault, ServerPhase, ServerProblem, Wire
from desktop_app.mcp_client.config_imports import known_files, preview_of
from tests.mcp_client.conftest import running

CLAUDE = {
    "globalShortcut": "",
    "mcpServers": {
        "filesystem": {"command": "npx", "args": ["-y", "@scope/server", "/home/a"]},
        "bad": {"args": []},
    },
}
CURSOR = {
    "mcpServers": {
        "remote": {"url": "https://e.test/mcp", "headers": {"Authorization": "Bearer x"}},
        "older": {"url": "https://e.test/sse"},
    }
}
CHERRY = {
    "mcpServers": {
        "3fb-1": {
            "name": "Fetch",
            "type": "stdio",
            "isActive": False,
            "command": "uvx",
            "args": ["mcp-server-fetch"],
            "registryUrl": "",
            "baseUrl": "",
            "timeout": 60,
        },
        "3fb-2": {"name": "Far", "type": "streamableHttp", "baseUrl": "https://e.test/mcp"},
        "3fb-3": {"name": "@cherry/memory", "type": "inMemory", "args": []},
    }
}


def _file(folder: Path, content: object) -> Path:
    path = folder / "theirs.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_claude_desktop(tmp_path: Path) -> None:
    preview = preview_of(_file(tmp_path, CLAUDE))
    (config,) = preview.configs
    assert (config.name, config.argv) == ("filesystem", ("npx", "-y", "@scope/server", "/home/a"))
    (fault,) = preview.faults
    assert (fault.name, fault.fault) == ("bad", ConfigFault.NOTHING_TO_START)


def test_cursor(tmp_path: Path) -> None:
    remote, older = preview_of(_file(tmp_path, CURSOR)).configs
    assert (remote.wire, remote.plain_secrets) == (Wire.HTTP, ("Authorization",))
    assert older.wire is Wire.SSE


def test_cherry_studio(tmp_path: Path) -> None:
    preview = preview_of(_file(tmp_path, CHERRY))
    fetch, far = preview.configs
    assert (fetch.name, fetch.argv, fetch.disabled) == ("Fetch", ("uvx", "mcp-server-fetch"), True)
    assert fetch.unknown == {}
    assert fetch.call_seconds is None
    assert (far.name, far.wire, far.url) == ("Far", Wire.HTTP, "https://e.test/mcp")
    (fault,) = preview.faults
    assert (fault.name, fault.fault) == ("@cherry/memory", ConfigFault.NOTHING_TO_START)


@pytest.mark.parametrize("text", ["", "no", "[]", '{"mcpServers": 1}'])
def test_other_files_bring_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "theirs.json"
    path.write_text(text, "utf-8")
    assert preview_of(path).configs == ()
    assert preview_of(tmp_path / "none").faults[0].fault is ConfigFault.UNREADABLE


def test_known_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert known_files() == ()
    (tmp_path / ".cursor").mkdir()
    (tmp_path / ".cursor" / "mcp.json").write_text("{}", "utf-8")
    assert known_files() == (tmp_path / ".cursor" / "mcp.json",)


async def test_what_is_brought_in_is_off_until_it_is_agreed_to(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    async with running(tmp_path, {}) as rig:
        preview = await rig.servers.preview_import(_file(theirs, CLAUDE))
        assert rig.servers.entries == ()
        assert not (tmp_path / "mcp.json").read_text("utf-8").count("filesystem")
        await rig.servers.bring_in(preview.configs)
        await rig.servers.bring_in(preview.configs)
        names = [entry.name for entry in rig.servers.entries]
        assert names == ["filesystem", "filesystem (2)"]
        for entry in rig.servers.entries:
            assert (entry.status.phase, entry.status.problem) == (
                *(ServerPhase.OFF, ServerProblem.NOT_APPROVED),
            )
            assert entry.config is not None
            assert entry.config.disabled


async def test_their_values_go_to_the_keyring(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    async with running(tmp_path, {}) as rig:
        preview = await rig.servers.preview_import(_file(theirs, CURSOR))
        await rig.servers.bring_in(preview.configs)
        assert "Bearer x" not in (tmp_path / "mcp.json").read_text("utf-8")
        assert list(rig.keys.items.values()) == ["Bearer x"]
