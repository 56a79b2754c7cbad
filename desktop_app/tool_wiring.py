"""Puts together what concerns tools, for :mod:`desktop_app.composition`."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.chat.permissions import Permissions
from desktop_app.chat.ports import KeyStore
from desktop_app.chat.tool_box import ToolBox
from desktop_app.chat.tool_names import BUILTIN
from desktop_app.chat.tool_ports import PermissionStore, ToolSource
from desktop_app.chat.tool_switches import ToolSwitches
from desktop_app.chat.tool_use import ToolLimits, ToolUse
from desktop_app.chat.web_port import WebReader
from desktop_app.domain.tool import Risk, Tool
from desktop_app.mcp_client.room import McpRoom
from desktop_app.model_source import ModelSource
from desktop_app.providers.openai_chat.route import Route
from desktop_app.settings.builtin_settings import GRANTED_FOLDERS, folders_in
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import DEFAULT_MODEL
from desktop_app.settings.tool_settings import (
    ALLOW_READING,
    TOOL_RESULT_CHARACTERS,
    TOOL_ROUNDS,
    TOOL_TIMEOUT,
)

if TYPE_CHECKING:
    from desktop_app.domain.mcp_content import Sampling


def build_tools(
    sources: Sequence[ToolSource],
    settings: SettingsStore,
    store: PermissionStore,
    *,
    attended: bool,
) -> ToolUse:
    """Return the tools there are, and who allows them.

    Args:
        sources: Who offers tools; one that is added to the box later is told to the next request.
        settings: Say which are on, and how far they may go.
        store: Keeps what the person allowed.
        attended: Whether somebody can be asked; without, only what reads is offered, and allowed.
    """
    switches = ToolSwitches(settings)
    return ToolUse(
        ToolBox(sources, switches.is_on if attended else partial(is_harmless, switches)),
        Permissions(store, lambda: not attended or settings.value(ALLOW_READING) is True),
        partial(tool_limits, settings),
    )


def is_harmless(switches: ToolSwitches, tool: Tool) -> bool:
    """Whether ``tool`` may be called where nobody can be asked: built in, reading, not turned off."""
    return tool.source == BUILTIN and tool.risk is Risk.READS and switches.is_on(tool)


def mcp_room(
    folder: Path, keys: KeyStore, box: ToolBox, models: ModelSource, settings: SettingsStore
) -> McpRoom:
    """Return the MCP servers; what they need of the rest is loaded when one of them needs it."""

    async def sample(sampling: "Sampling") -> str:
        from desktop_app.chat.sampling import Sampler

        return await Sampler(models, lambda: settings.text(DEFAULT_MODEL))(sampling)

    async def network() -> object:
        from desktop_app.providers.openai_chat.routed import routed_transport

        return await routed_transport(await models.route())

    def granted() -> tuple[Path, ...]:
        return tuple(map(Path, folders_in(settings.text(GRANTED_FOLDERS))))

    return McpRoom(folder, keys, box, sample=sample, roots=granted, network=network)


def tool_limits(settings: SettingsStore) -> ToolLimits:
    """Return how far tools may go, as the person set it."""
    return ToolLimits(
        rounds=int(settings.number(TOOL_ROUNDS)),
        seconds=settings.number(TOOL_TIMEOUT),
        characters=int(settings.number(TOOL_RESULT_CHARACTERS)),
    )


def web_reader(route: Callable[[], Awaitable[Route]]) -> WebReader:
    """Load what reads web pages, when a tool is called: the start goes without it."""
    from desktop_app.providers.web_pages.reader import WebPageReader

    return WebPageReader(route)
