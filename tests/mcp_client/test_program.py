"""The program as a whole: when the room of the MCP servers is loaded, and that its tools are offered."""

import asyncio
import subprocess
import sys
from pathlib import Path

from desktop_app.chat.tool_box import ToolBox
from desktop_app.composition import McpRoom
from tests.fakes.key_store import MemoryKeyStore
from tests.mcp_client.conftest import our_server, write_config


def test_neither_the_room_nor_its_library_belongs_to_the_start(tmp_path: Path) -> None:
    code = (
        "import sys, desktop_app.composition, desktop_app.ui.main_window\n"
        "late = ('mcp', 'mcp_types', 'httpx2', 'pydantic', 'desktop_app.mcp_client.servers',\n"
        "        'desktop_app.chat.mcp_ports', 'desktop_app.ui.mcp_servers.servers_block')\n"
        "print([name for name in late if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_tools_come_and_go_with_their_server(tmp_path: Path) -> None:
    write_config(tmp_path, {"own": our_server()})
    box = ToolBox()
    room = McpRoom(tmp_path, MemoryKeyStore(), box)
    servers = room()
    changed = asyncio.Event()
    box.subscribe(changed.set)
    await servers.reload()
    assert box.sources == ()
    (entry,) = servers.entries
    assert entry.config is not None
    await servers.approve("own", entry.config.fingerprint)
    await servers.settled(20)
    assert changed.is_set()
    names = box.offer().names
    assert len(names) == 18
    await servers.enable("own", on=False)
    assert box.offer().names == ()
    await room.aclose()


async def test_a_room_that_was_never_wanted_has_nothing_to_close(tmp_path: Path) -> None:
    await McpRoom(tmp_path, MemoryKeyStore(), ToolBox()).aclose()
