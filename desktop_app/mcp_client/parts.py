"""What the MCP servers are given by the composition of the program."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from desktop_app.chat.mcp_ports import Roots, Sample
from desktop_app.chat.ports import KeyStore
from desktop_app.chat.tool_ports import ToolSource
from desktop_app.mcp_client.launch_environment import LaunchEnvironment
from desktop_app.mcp_client.limits import Limits


@dataclass(frozen=True, slots=True)
class Parts:
    """What servers get from the rest of the program.

    Attributes:
        keys: The keyring.
        roots: The folders that servers are told of; ``None`` tells of none.
        sample: Lets the person's model write for servers that are allowed to ask; ``None`` refuses.
        network: Gives the way out for HTTP, an ``httpx2.AsyncBaseTransport``; ``None`` goes straight.
        add_source: Told of each source of tools that comes.
        remove_source: Told of the id of each that goes.
        environment: Builds the environment of processes.
        limits: Times and sizes.
    """

    keys: KeyStore
    roots: Roots | None = None
    sample: Sample | None = None
    network: Callable[[], Awaitable[Any]] | None = None
    add_source: Callable[[ToolSource], None] = lambda source: None  # noqa: ARG005
    remove_source: Callable[[str], None] = lambda name: None  # noqa: ARG005
    environment: LaunchEnvironment = field(default_factory=LaunchEnvironment)
    limits: Limits = field(default_factory=Limits)
