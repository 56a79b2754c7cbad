"""A process that is stopped while it starts is gone with its pipes, whenever that is."""

import gc
import sys
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from desktop_app.mcp_client.server_log import ServerLog
from desktop_app.mcp_client.stdio_transport import Launch, stdio_transport

CHILDREN = Path("/proc/self/task")


def children() -> set[str]:
    """Return the numbers of the processes that this one has started."""
    return {
        number for file in CHILDREN.glob("*/children") for number in file.read_text("ascii").split()
    }


@pytest.mark.skipif(not CHILDREN.is_dir(), reason="looks at processes through /proc")
@pytest.mark.parametrize("moments", range(12))
async def test_a_start_that_is_broken_off_leaves_nothing(tmp_path: Path, moments: int) -> None:
    launch = Launch(sys.executable, ("-c", "input()"), {}, str(tmp_path), grace=0.1)
    before = children()

    async def use() -> None:
        log = ServerLog()
        async with stdio_transport(launch, log, lambda *_: None, lambda _: None):
            await anyio.sleep_forever()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(use)
        for _ in range(moments):
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()

    assert children() - before == set()
    gc.collect()  # An open pipe would complain here, and fail the test.
