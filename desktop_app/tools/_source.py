"""The built-in tools as a source that the chat room can ask; knows the settings, and no single tool."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.chat.web_port import WebReader
from desktop_app.domain.message import Json
from desktop_app.domain.tool import Tool, ToolOutcome, ToolProgress
from desktop_app.settings.builtin_settings import (
    BUILTIN_SETTINGS,
    GRANTED_FOLDERS,
    PRIVATE_ADDRESSES,
    folders_in,
)
from desktop_app.settings.store import SettingsStore

if TYPE_CHECKING:
    from desktop_app.tools._previews import PreviewMemory
    from desktop_app.tools._tool import BuiltinTool, Call

SOURCE_ID: Final = "builtin"


class BuiltinSource:
    """Implements :class:`desktop_app.chat.tool_ports.ToolSource`.

    Args:
        tools: Loads all there are, when somebody asks for them first.
        settings: Say which are on, and what they may reach.
        web: Loads what reads pages, with the first call.
        private: Folders and files that no tool may touch, wherever they lie: the program's own.
    """

    def __init__(
        self,
        tools: "Callable[[], Sequence[BuiltinTool]]",
        settings: SettingsStore,
        web: Callable[[], WebReader],
        private: Sequence[Path] = (),
    ) -> None:
        self._load = tools
        self._settings = settings
        self._load_web = web
        self._private = tuple(private)
        self._listeners: list[Callable[[], None]] = []
        self._unsubscribe: Callable[[], None] | None = None

    @property
    def id(self) -> str:
        """``builtin``."""
        return SOURCE_ID

    @property
    def title(self) -> str:
        """What people call it."""
        return "Built in"

    @property
    def tools(self) -> tuple[Tool, ...]:
        """Those that are on; the ones for files only where there is a folder for them."""
        return tuple(
            Tool(
                source=SOURCE_ID,
                name=tool.name,
                description=tool.description,
                schema=tool.schema,
                risk=tool.risk,
                title=tool.setting.label,
            )
            for tool in self._load()
            if self._is_on(tool)
        )

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after a tool was switched on or off; returns how to stop that."""
        if self._unsubscribe is None:
            self._unsubscribe = self._settings.subscribe(self._on_setting_changed)
        self._listeners.append(listener)

        def stop() -> None:
            self._listeners.remove(listener)
            if not self._listeners and self._unsubscribe is not None:
                self._unsubscribe()
                self._unsubscribe = None

        return stop

    async def preview(self, tool: Tool, arguments: Json) -> str:
        """Return what the call would change, as a unified diff; empty for most tools.

        Raises:
            ToolError: When the call could not be made anyway.
        """
        found = self._find(tool)
        if found.preview is None:
            return ""
        return await found.preview(self._call(arguments, lambda _progress: None))

    async def call(
        self, tool: Tool, arguments: Json, on_progress: Callable[[ToolProgress], None]
    ) -> ToolOutcome:
        """Make the call; see :meth:`desktop_app.chat.tool_ports.ToolSource.call`.

        Raises:
            ToolError: When it cannot be made, or breaks off.
        """
        from desktop_app.tools._work import StoppedError

        found = self._find(tool)
        try:
            return await found.run(self._call(arguments, on_progress))
        except StoppedError:
            raise ToolError("The call was stopped.") from None

    # Their modules come with the first call: the start goes without them.

    @cached_property
    def _web(self) -> WebReader:
        return self._load_web()

    @cached_property
    def _previews(self) -> "PreviewMemory":
        from desktop_app.tools._previews import PreviewMemory

        return PreviewMemory()

    def _find(self, tool: Tool) -> "BuiltinTool":
        found = next((one for one in self._load() if one.name == tool.name), None)
        if found is None or tool.source != SOURCE_ID:
            raise ToolError(f"There is no built-in tool “{tool.name}”.")
        if not self._is_on(found):
            raise ToolError(f"“{found.setting.label}” is switched off in the settings.")
        return found

    def _is_on(self, tool: "BuiltinTool") -> bool:
        has_folder = bool(self._settings.text(GRANTED_FOLDERS))
        return self._settings.value(tool.setting) is True and (has_folder or not tool.needs_folder)

    def _call(self, arguments: Json, on_progress: Callable[[ToolProgress], None]) -> "Call":
        from desktop_app.tools._folders import GrantedFolders
        from desktop_app.tools._tool import Call

        return Call(
            arguments=arguments,
            folders=GrantedFolders(folders_in(self._settings.text(GRANTED_FOLDERS)), self._private),
            web=self._web,
            private_addresses=self._settings.value(PRIVATE_ADDRESSES) is True,
            previews=self._previews,
            on_progress=on_progress,
        )

    def _on_setting_changed(self, key: str) -> None:
        if key in {setting.key for setting in BUILTIN_SETTINGS}:
            for listener in tuple(self._listeners):
                listener()
