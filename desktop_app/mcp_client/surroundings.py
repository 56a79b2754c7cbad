"""What the connections of all servers share. Loaded late."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from desktop_app.domain.mcp_content import Elicitation, ElicitationAnswer, Sampling
from desktop_app.domain.mcp_server import ServerConfig
from desktop_app.mcp_client.launch_environment import LaunchEnvironment
from desktop_app.mcp_client.limits import Limits
from desktop_app.mcp_client.server_secrets import ServerSecrets


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all connections of the program share.

    Attributes:
        environment: Builds the environment of processes.
        secrets: Values from the keyring.
        ask: Shows a server's question to the person.
        sample: Lets the person's model write; ``None`` refuses all servers.
        roots: The folders that servers are told of.
        auth: Gives what signs requests to an HTTP server; the second argument is a context in which
            the clock of the start stands still.
        network: Gives the way out for HTTP.
        limits: Times and sizes.
    """

    environment: LaunchEnvironment
    secrets: ServerSecrets
    ask: Callable[[Elicitation], Awaitable[ElicitationAnswer]]
    sample: Callable[[Sampling], Awaitable[str]] | None = None
    roots: Callable[[], Sequence[Path]] | None = None
    auth: Callable[[ServerConfig, Callable[[], Any]], Awaitable[httpx2.Auth | None]] | None = None
    network: Callable[[], Awaitable[Any]] | None = None
    limits: Limits = field(default_factory=Limits)
