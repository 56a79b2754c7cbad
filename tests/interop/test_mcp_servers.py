"""MCP servers that others wrote: from PyPI in .venv-mcp-servers, from npm in .node-mcp-servers."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from desktop_app.domain.mcp_content import ElicitationAnswer, ElicitationChoice
from desktop_app.domain.mcp_server import ServerPhase
from desktop_app.domain.tool import ToolProgress
from tests.mcp_client.conftest import QUICK, running
from tests.servers.http_thread import served

pytestmark = pytest.mark.interop

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-mcp-servers" / ("Scripts" if os.name == "nt" else "bin")
NODE = ROOT / ".node-mcp-servers" / "node_modules" / ".bin"
PATIENT = replace(QUICK, start_seconds=60.0, call_seconds=60.0)


def from_pypi(name: str, *arguments: str) -> dict[str, Any]:
    program = shutil.which(name, path=str(PYTHON))
    if program is None:
        pytest.skip(f"{name} is not installed (make interop)")
    return {"command": program, "args": list(arguments)}


def from_npm(name: str, *arguments: str) -> dict[str, Any]:
    if shutil.which("node") is None:
        pytest.skip("node is not here")
    program = shutil.which(name, path=str(NODE))
    if program is None:
        pytest.skip(f"{name} is not installed (make interop)")
    return {"command": program, "args": list(arguments)}


async def test_time(tmp_path: Path) -> None:
    async with running(tmp_path, {"time": from_pypi("mcp-server-time")}, PATIENT) as rig:
        assert {tool.name for tool in rig.entry("time").tools} == {
            "get_current_time",
            "convert_time",
        }
        asked = {
            "source_timezone": "Asia/Shanghai",
            "target_timezone": "Asia/Tokyo",
            "time": "12:00",
        }
        outcome = await rig.call("time", "convert_time", **asked)
        assert json.loads(outcome.text)["time_difference"] == "+1.0h"
        wrong = await rig.call("time", "convert_time", **asked | {"time": "noon"})
        assert wrong.is_error


def made_repository(folder: Path) -> Path:
    folder.mkdir()
    git = ("git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@b.test")
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "Begin 喂"], check=True)
    return folder


async def test_git(tmp_path: Path) -> None:
    repository = made_repository(tmp_path / "repository")
    entry = from_pypi("mcp-server-git", "--repository", str(repository))
    async with running(tmp_path, {"git": entry}, PATIENT) as rig:
        assert "Begin 喂" in (await rig.call("git", "git_log", repo_path=str(repository))).text
        (repository / "a.txt").write_text("hello", "utf-8")
        assert "a.txt" in (await rig.call("git", "git_status", repo_path=str(repository))).text


@pytest.fixture
def web_page() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<html><body><h1>Leaves</h1><p>of <b>tea</b></p></body></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, served(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/"


async def test_fetch(tmp_path: Path, web_page: str) -> None:
    entry = from_pypi("mcp-server-fetch", "--ignore-robots-txt", "--allow-private-ips")
    async with running(tmp_path, {"fetch": entry}, PATIENT) as rig:
        # Raw, since to simplify a page it would run a script of its own with node.
        assert "<b>tea</b>" in (await rig.call("fetch", "fetch", url=web_page, raw=True)).text
        (prompt,) = await rig.servers.prompts()
        assert prompt.arguments[0].name == "url"


async def test_filesystem(tmp_path: Path) -> None:
    granted = tmp_path / "granted"
    granted.mkdir()
    (granted / "a.txt").write_text("hällo", "utf-8")
    entry = from_npm("mcp-server-filesystem", str(granted))
    async with running(tmp_path, {"fs": entry}, PATIENT) as rig:
        assert (await rig.call("fs", "read_text_file", path=str(granted / "a.txt"))).text == "hällo"
        outside = await rig.call("fs", "read_text_file", path=str(tmp_path / "mcp.json"))
        assert outside.is_error
        assert "Access denied" in outside.text
        written = await rig.call("fs", "write_file", path=str(granted / "b.txt"), content="喂")
        assert not written.is_error
        assert (granted / "b.txt").read_text("utf-8") == "喂"


async def test_filesystem_learns_of_the_granted_folders(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    entry = from_npm("mcp-server-filesystem", str(first))
    async with running(tmp_path, {"fs": entry}, PATIENT, roots=lambda: [second]) as rig:
        for _ in range(200):
            allowed = (await rig.call("fs", "list_allowed_directories")).text
            if str(second) in allowed:
                break
        assert str(second) in allowed


async def everything(rig: Any) -> None:
    """What the reference server can do, over any wire."""
    assert rig.entry("all").status.phase is ServerPhase.READY
    assert (await rig.call("all", "echo", message="hi")).text == "Echo: hi"
    assert (await rig.call("all", "get-tiny-image")).images[0].mime == "image/png"
    weather = await rig.call("all", "get-structured-content", location="Chicago")
    assert "temperature" in json.loads(weather.text)
    (source,) = rig.servers.sources
    tool = next(t for t in source.tools if t.name == "trigger-long-running-operation")
    told: list[ToolProgress] = []
    await source.call(tool, {"duration": 0.4, "steps": 4}, told.append)
    assert [progress.fraction for progress in told] == [0.25, 0.5, 0.75, 1.0]
    resources = await rig.servers.resources()
    assert (await rig.servers.read_resource(resources[0]))[0].text
    prompts = {prompt.name: prompt for prompt in await rig.servers.prompts()}
    (message,) = await rig.servers.get_prompt(prompts["args-prompt"], {"city": "Tokyo"})
    assert "Tokyo" in message.text


async def test_everything_over_pipes(tmp_path: Path) -> None:
    entry = from_npm("mcp-server-everything", "stdio")
    async with running(tmp_path, {"all": entry}, PATIENT) as rig:
        await everything(rig)


async def test_everything_asks_the_person(tmp_path: Path) -> None:
    entry = from_npm("mcp-server-everything", "stdio")
    async with running(tmp_path, {"all": entry}, PATIENT) as rig:
        asked = []

        async def ask(question):
            asked.append(question)
            return ElicitationAnswer(ElicitationChoice.ACCEPT, {"name": "Ann"})

        rig.servers.attend(ask, None)
        # It lists this tool once it has seen that the client can be asked.
        await rig.until(
            lambda: "trigger-elicitation-request" in {t.name for t in rig.entry("all").tools}
        )
        outcome = await rig.call("all", "trigger-elicitation-request")
        assert "Ann" in outcome.text
        (question,) = asked
        assert len({field.kind for field in question.fields}) >= 5


@pytest.mark.parametrize(
    ("word", "type_", "path"), [("streamableHttp", "http", "/mcp"), ("sse", "sse", "/sse")]
)
async def test_everything_over_http(
    tmp_path: Path, unused_tcp_port: int, word: str, type_: str, path: str
) -> None:
    entry = from_npm("mcp-server-everything", word)
    process = await asyncio.create_subprocess_exec(
        entry["command"],
        word,
        env={**os.environ, "PORT": str(unused_tcp_port)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60):
            while not re.search(
                rb"(running|listening) on port", line := await process.stderr.readline()
            ):
                assert line, "it ended"
        server = {"type": type_, "url": f"http://127.0.0.1:{unused_tcp_port}{path}"}
        async with running(tmp_path, {"all": server}, PATIENT) as rig:
            await everything(rig)
    finally:
        process.kill()
        await process.communicate()
