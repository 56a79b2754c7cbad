"""What a file of this room declares, and what a call gets to work with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from desktop_app.chat.tool_ports import ToolError
from desktop_app.chat.web_port import WebReader
from desktop_app.domain.message import Json
from desktop_app.domain.tool import Risk, ToolOutcome, ToolProgress
from desktop_app.settings.setting import Setting
from desktop_app.tools._folders import GrantedFolders
from desktop_app.tools._previews import PreviewMemory


def nobody(_progress: ToolProgress) -> None:
    """Hear of progress and do nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call and what it may use.

    Attributes:
        arguments: As the schema allows them.
        folders: The only files that there are for it.
        web: Reads pages.
        private_addresses: Whether pages of this computer and its network may be read.
        previews: What the person saw before a change.
        on_progress: Takes how far it has come.
    """

    arguments: Json
    folders: GrantedFolders
    web: WebReader
    private_addresses: bool = False
    previews: PreviewMemory = field(default_factory=PreviewMemory)
    on_progress: Callable[[ToolProgress], None] = nobody

    def text(self, name: str, default: str = "") -> str:
        """Return the argument ``name``, a text.

        Raises:
            ToolError: When it is something else.
        """
        value = self.arguments.get(name, default)
        if not isinstance(value, str):
            raise ToolError(f"“{name}” has to be a text.")
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return the argument ``name``, a whole number, brought within its bounds.

        Raises:
            ToolError: When it is something else.
        """
        value = self.arguments.get(name, default)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ToolError(f"“{name}” has to be a whole number.")
        return max(least, min(most, value))


@dataclass(frozen=True, slots=True)
class BuiltinTool:
    """A tool.

    Attributes:
        name: What the model calls it.
        description: What the model is told of it.
        schema: JSON Schema of its arguments.
        risk: The worst that a call can do.
        setting: Its switch; the label is its title and the help says to people what it can do.
        run: Makes a call.
        preview: Returns what a call would change, as a unified diff.
        needs_folder: Whether it is of use only where a folder is granted.
    """

    name: str
    description: str
    schema: Json = field(hash=False)
    risk: Risk
    setting: Setting = field(hash=False)
    run: Callable[[Call], Awaitable[ToolOutcome]]
    preview: Callable[[Call], Awaitable[str]] | None = None
    needs_folder: bool = False
