"""MCP servers at an address are reached along the person's route, with their tokens going nowhere else."""

from pathlib import Path

import httpx2

from desktop_app.domain.mcp_server import ServerPhase, ServerProblem
from desktop_app.domain.proxy import ProxyMode
from desktop_app.providers.openai_chat.route import STRAIGHT, Route
from desktop_app.providers.openai_chat.routed import routed_transport
from tests.mcp_client.conftest import running
from tests.servers.mcp_http import McpHttp


async def test_this_computer_is_reached_straight(tmp_path: Path) -> None:
    async def network() -> httpx2.AsyncBaseTransport:
        return await routed_transport(Route(ProxyMode.CUSTOM, "http://127.0.0.1:9"))

    with McpHttp() as server:
        servers = {"far": {"url": f"{server.origin}/mcp"}}
        async with running(tmp_path, servers, network=network) as rig:
            assert (await rig.call("far", "echo", text="near")).text == "near"


async def test_a_proxy_that_is_not_there_is_told_and_nothing_goes_around_it(tmp_path: Path) -> None:
    async def network() -> httpx2.AsyncBaseTransport:
        return await routed_transport(Route(ProxyMode.CUSTOM, "http://127.0.0.1:9"))

    servers = {"far": {"url": "https://example.test/mcp"}}
    async with running(tmp_path, servers, network=network) as rig:
        status = rig.entry("far").status
        assert (status.phase, status.problem) == (ServerPhase.FAILED, ServerProblem.UNREACHABLE)
        assert "proxy" in status.detail


async def test_own_certificates_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    async def network() -> httpx2.AsyncBaseTransport:
        return await routed_transport(Route(ca_file=str(tmp_path / "none.pem")))

    servers = {"far": {"url": "https://example.test/mcp"}}
    async with running(tmp_path, servers, network=network) as rig:
        assert rig.entry("far").status.problem is ServerProblem.UNREACHABLE


async def test_the_straight_way(tmp_path: Path) -> None:
    async def network() -> httpx2.AsyncBaseTransport:
        return await routed_transport(STRAIGHT)

    with McpHttp() as server:
        servers = {"far": {"url": f"{server.origin}/mcp"}}
        async with running(tmp_path, servers, network=network) as rig:
            assert rig.entry("far").status.phase is ServerPhase.READY
