"""What a session needs for tools, in one piece."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.chat.permissions import Permissions
from desktop_app.chat.tool_box import ToolBox


@dataclass(frozen=True, slots=True)
class ToolLimits:
    """How far tools may go.

    Attributes:
        rounds: Requests of one turn in which the model may call tools.
        seconds: Longest time of one call.
        characters: Most characters of one result that the model is given.
    """

    rounds: int = 25
    seconds: float = 120.0
    characters: int = 48_000


@dataclass(frozen=True, slots=True)
class ToolUse:
    """The tools there are, what may be called unasked, and the limits of the moment."""

    box: ToolBox
    permissions: Permissions
    limits: Callable[[], ToolLimits] = ToolLimits
