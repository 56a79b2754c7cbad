"""Which tools the model is told of: the person may turn each of them off."""

import json
from collections.abc import Callable

from desktop_app.domain.tool import Tool
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.tool_settings import TOOLS_OFF


class ToolSwitches:
    """A switch for each tool, kept in the settings; a tool that nobody turned off is on.

    It belongs to the names of source and tool, so it outlasts a server that goes and comes back.
    """

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._listeners: list[Callable[[], None]] = []

    def is_on(self, tool: Tool) -> bool:
        """Whether the model is told of ``tool``."""
        return (tool.source, tool.name) not in self._off()

    def set_on(self, tool: Tool, on: bool) -> None:  # noqa: FBT001 - a switch
        """Turn a tool on or off, from the next request on."""
        off = self._off()
        (off.discard if on else off.add)((tool.source, tool.name))
        self._settings.set(TOOLS_OFF, json.dumps(sorted(off)) if off else "")
        for listener in tuple(self._listeners):
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after a switch was turned; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _off(self) -> set[tuple[str, str]]:
        """Return the pairs that are off; what somebody else wrote into the file counts as none."""
        try:
            pairs = json.loads(self._settings.text(TOOLS_OFF) or "[]")
        except (ValueError, RecursionError):
            return set()
        if not isinstance(pairs, list):
            return set()
        return {
            (pair[0], pair[1])
            for pair in pairs
            if isinstance(pair, list) and len(pair) == 2 and all(isinstance(p, str) for p in pair)
        }
