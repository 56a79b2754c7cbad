"""What a setting is: its type, its bounds, its page and its words. The rows stand in ``table``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

Value: TypeAlias = bool | int | float | str


class Page(StrEnum):
    """The page of the settings dialog on which a setting stands."""

    CONNECTION = "connection"
    MODEL = "model"
    CHAT = "chat"
    TOOLS = "tools"
    MCP = "mcp"
    APPEARANCE = "appearance"
    NETWORK = "network"
    DATA = "data"
    PRIVACY = "privacy"


PAGE_TITLES: Final[Mapping[Page, str]] = MappingProxyType(
    {
        Page.CONNECTION: QT_TRANSLATE_NOOP("Settings", "Connection"),
        Page.MODEL: QT_TRANSLATE_NOOP("Settings", "Model"),
        Page.CHAT: QT_TRANSLATE_NOOP("Settings", "Chat"),
        Page.TOOLS: QT_TRANSLATE_NOOP("Settings", "Tools and permissions"),
        Page.MCP: QT_TRANSLATE_NOOP("Settings", "MCP servers"),
        Page.APPEARANCE: QT_TRANSLATE_NOOP("Settings", "Appearance and language"),
        Page.NETWORK: QT_TRANSLATE_NOOP("Settings", "Network"),
        Page.DATA: QT_TRANSLATE_NOOP("Settings", "Data"),
        Page.PRIVACY: QT_TRANSLATE_NOOP("Settings", "Privacy"),
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a setting that has a few; ``label`` is translatable."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One row.

    Attributes:
        key: Name in the file.
        default: Value until the person sets another; its type is the setting's type.
        page: Where it stands in the dialog; ``None`` keeps it out (state, not preference).
        label: What it is called; translatable. Also the accessible name of its editor.
        help: One sentence on what it does; translatable.
        choices: The allowed values, for a text with a few.
        minimum: Least allowed number.
        maximum: Greatest allowed number.
        unit: Suffix of a number; translatable.
        problem: Says of a text why it is refused, as a translatable sentence; empty when it is not.
        is_list: Whether it is a text with an item on each line, edited by a card of its own.
    """

    key: str
    default: Value
    page: Page | None
    label: str = ""
    help: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    problem: Callable[[str], str] | None = None
    is_list: bool = False

    def accepts(self, value: object) -> bool:
        """Whether ``value`` is of this setting's type and within its bounds."""
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(value, bool) and isinstance(self.default, bool)
        if isinstance(self.default, str):
            allowed = {choice.value for choice in self.choices}
            return (
                isinstance(value, str)
                and (not allowed or value in allowed)
                and not (self.problem and self.problem(value))
            )
        if not isinstance(value, int | float) or (
            isinstance(self.default, int) and not isinstance(value, int)
        ):
            return False
        # Written so that a NaN fails.
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )
