"""What a server says when it is asked whether a key works.

A value and the shape of the asking alone: the window shows it, the provider finds it out, and
neither imports the other.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from desktop_app.domain.connection import Connection
from desktop_app.domain.errors import ErrorRecord


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """The outcome of one ``GET /models``.

    Attributes:
        models: The names that the server listed; empty after an error.
        milliseconds: From asking to the end of the answer.
        error: Why it failed; ``None`` when the server answered with a list.
    """

    models: tuple[str, ...]
    milliseconds: int
    error: ErrorRecord | None = None


KeyProbe: TypeAlias = Callable[[Connection, str], Awaitable[KeyCheck]]
"""Asks one server about one key (empty for none); sends nothing anywhere else."""
