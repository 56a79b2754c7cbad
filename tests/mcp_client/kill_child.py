"""A program with one MCP server, to be killed: prints the ids of the server and of its child."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.mcp_client.conftest import our_server, running


async def main() -> None:
    async with running(Path(sys.argv[1]), {"own": our_server("--stubborn")}) as rig:
        pids = (await rig.call("own", "grandchild")).text
        print(pids, flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
