"""The contract of sources, on real servers: over pipes, and over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chat.tool_source_contract import Example, Examples, ToolSourceContract
from tests.mcp_client.conftest import Rig, our_server, running
from tests.servers.mcp_http import McpHttp


def examples_of(rig: Rig, began: object, ended: object) -> Examples:
    (source,) = rig.servers.sources
    return Examples(
        source,
        works=Example("echo", {"text": "tea"}, "tea"),
        fails=Example("fail", says="did not work"),
        hangs=Example("wait"),
        began=began,  # type: ignore[arg-type]
        ended=ended,  # type: ignore[arg-type]
    )


class TestStdio(ToolSourceContract):
    """A server that is a process."""

    @pytest.fixture
    async def examples(self, tmp_path: Path) -> AsyncIterator[Examples]:
        async with running(tmp_path, {"own": our_server("--note")}) as rig:

            async def began() -> None:
                await rig.until(lambda: "waiting" in rig.log("own"))

            yield examples_of(rig, began, lambda: True)
            # The server heard of the call that was cancelled.
            if "waiting" in rig.log("own"):
                await rig.until(lambda: "cancelled" in rig.log("own"))


class TestHttp(ToolSourceContract):
    """A server at an address."""

    @pytest.fixture
    async def examples(self, tmp_path: Path) -> AsyncIterator[Examples]:
        with McpHttp() as server:
            async with running(tmp_path, {"far": {"url": f"{server.origin}/mcp"}}) as rig:

                async def began() -> None:
                    await asyncio.to_thread(server.waiting.wait, 20)  # noqa: TID251

                yield examples_of(rig, began, lambda: True)
