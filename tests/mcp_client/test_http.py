"""Real servers over HTTP on loopback: both ways, limits, redirects, and where headers go."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.mcp_content import ElicitationAnswer, ElicitationChoice
from desktop_app.domain.mcp_server import ServerPhase, ServerProblem
from tests.mcp_client.conftest import QUICK, running
from tests.servers.mcp_http import McpHttp

CANARY = "Bearer canary-of-the-header"


@pytest.fixture
def server() -> Iterator[McpHttp]:
    with McpHttp() as serving:
        yield serving


def entry(server: McpHttp, path: str = "/mcp", **more: Any) -> dict[str, Any]:
    return {"url": server.origin + path, "headers": {"Authorization": CANARY}, **more}


@pytest.mark.parametrize("as_stream", [False, True])
async def test_tools_over_streamable_http(tmp_path: Path, server: McpHttp, as_stream: bool) -> None:
    server.as_stream = as_stream
    async with running(tmp_path, {"far": entry(server)}) as rig:
        assert rig.entry("far").status.phase is ServerPhase.READY
        assert (await rig.call("far", "echo", text="喂")).text == "喂"
        assert json.loads((await rig.call("far", "add", a=1, b=2)).text) == {"sum": 3}
    assert {headers["Authorization"] for _, headers in server.seen} == {CANARY}
    assert {headers["accept-encoding"] for _, headers in server.seen} == {"identity"}
    assert server.seen[-1][0] == "DELETE /mcp"


async def test_tools_over_the_older_way(tmp_path: Path, server: McpHttp) -> None:
    async with running(tmp_path, {"far": entry(server, "/sse", type="sse")}) as rig:
        assert rig.entry("far").status.phase is ServerPhase.READY
        assert (await rig.call("far", "echo", text="old")).text == "old"

        async def ask(_question):
            return ElicitationAnswer(ElicitationChoice.ACCEPT, {"name": "Ann"})

        rig.servers.attend(ask, None)
        assert json.loads((await rig.call("far", "ask")).text)["action"] == "accept"
    assert {headers["Authorization"] for _, headers in server.seen} == {CANARY}


async def test_progress_over_a_stream(tmp_path: Path, server: McpHttp) -> None:
    server.as_stream = True
    async with running(tmp_path, {"far": entry(server)}) as rig:
        (source,) = rig.servers.sources
        tool = next(tool for tool in source.tools if tool.name == "progress")
        told: list[str] = []
        await source.call(tool, {}, lambda progress: told.append(progress.note))
        assert told == ["1", "2", "4"]


@pytest.mark.parametrize(("path", "type_"), [("/mcp", "http"), ("/sse", "sse")])
async def test_a_redirect_to_another_host_gets_nothing(
    tmp_path: Path, server: McpHttp, path: str, type_: str
) -> None:
    with McpHttp() as other:
        server.redirect_to = other.origin + path
        async with running(tmp_path, {"far": entry(server, path, type=type_)}) as rig:
            status = rig.entry("far").status
            assert (status.phase, status.problem) == (
                *(ServerPhase.FAILED, ServerProblem.REDIRECTED),
            )
        assert other.seen == []


@pytest.mark.parametrize("as_stream", [False, True])
async def test_an_answer_beyond_the_limit(tmp_path: Path, server: McpHttp, as_stream: bool) -> None:
    server.as_stream = as_stream
    async with running(tmp_path, {"far": entry(server)}) as rig:
        with pytest.raises(ToolError):
            await rig.call("far", "huge")
        await rig.phase("far", ServerPhase.READY)
        assert (await rig.call("far", "echo", text="on")).text == "on"


async def test_a_compressed_answer_is_not_unpacked(tmp_path: Path, server: McpHttp) -> None:
    server.gzip = True
    async with running(tmp_path, {"far": entry(server)}) as rig:
        assert rig.entry("far").status.phase is ServerPhase.FAILED


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (401, ServerProblem.SIGN_IN_NEEDED),
        (403, ServerProblem.REFUSED),
        (500, ServerProblem.REFUSED),
    ],
)
async def test_statuses_are_named(
    tmp_path: Path, server: McpHttp, code: int, problem: ServerProblem
) -> None:
    server.status = code
    async with running(tmp_path, {"far": entry(server)}) as rig:
        status = rig.entry("far").status
        assert (status.phase, status.problem) == (ServerPhase.FAILED, problem)
        assert status.detail == f"HTTP {code}"


async def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with McpHttp() as gone:
        address = gone.origin + "/mcp"
    async with running(tmp_path, {"far": {"url": address}}) as rig:
        status = rig.entry("far").status
        assert (status.problem, status.attempt) == (ServerProblem.UNREACHABLE, 2)


async def test_a_server_that_forgot_the_session_is_begun_anew(
    tmp_path: Path, server: McpHttp
) -> None:
    async with running(tmp_path, {"far": entry(server)}) as rig:
        server.forgets = True
        with pytest.raises(ToolError, match="Session terminated"):
            await rig.call("far", "echo", text="x")
        await rig.until(lambda: "ended" in rig.log("far"))
        await rig.phase("far", ServerPhase.READY)
        assert (await rig.call("far", "echo", text="again")).text == "again"


async def test_one_that_hangs_disturbs_no_other(tmp_path: Path, server: McpHttp) -> None:
    with McpHttp("--silent") as mute:
        limits = replace(QUICK, start_seconds=1.0, leave_seconds=0.5)
        servers = {"mute": entry(mute), "far": entry(server)}
        async with running(tmp_path, servers, limits) as rig:
            assert rig.entry("mute").status.problem is ServerProblem.START_TIMED_OUT
            assert (await rig.call("far", "echo", text="on")).text == "on"
