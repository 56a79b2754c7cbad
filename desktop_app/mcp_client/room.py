"""The door to this room: light, so that the start of the program does not pay for what is behind it."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.chat.ports import KeyStore
from desktop_app.chat.tool_box import ToolBox

if TYPE_CHECKING:
    from desktop_app.domain.mcp_content import Sampling
    from desktop_app.mcp_client.servers import ConfiguredServers


class McpRoom:
    """The MCP servers, built when they are first wanted: their room's import costs 26 ms.

    Args:
        folder: Where they are configured.
        keys: The keyring.
        box: Where their tools go.
        sample: Lets the person's model write for a server that may ask; ``None`` refuses all.
        roots: The folders that servers are told of; ``None`` tells of none.
        network: Gives the way out for HTTP, an ``httpx2.AsyncBaseTransport``; ``None`` goes straight.
    """

    def __init__(
        self,
        folder: Path,
        keys: KeyStore,
        box: ToolBox,
        *,
        sample: "Callable[[Sampling], Awaitable[str]] | None" = None,
        roots: Callable[[], Sequence[Path]] | None = None,
        network: Callable[[], Awaitable[Any]] | None = None,
    ) -> None:
        self._folder, self._keys, self._box = folder, keys, box
        self._sample, self._roots, self._network = sample, roots, network
        self._servers: ConfiguredServers | None = None

    def __call__(self) -> "ConfiguredServers":
        """Return them; none is started by that."""
        if self._servers is None:
            from desktop_app.mcp_client.parts import Parts
            from desktop_app.mcp_client.servers import ConfiguredServers

            box = self._box
            parts = Parts(
                keys=self._keys,
                sample=self._sample,
                roots=self._roots,
                network=self._network,
                add_source=box.add,
                remove_source=box.remove,
            )
            self._servers = ConfiguredServers(self._folder, parts)
        return self._servers

    @property
    def opened(self) -> "ConfiguredServers | None":
        """They, where somebody has wanted them already; loads nothing."""
        return self._servers

    async def aclose(self) -> None:
        """Stop all of them."""
        if self._servers is not None:
            await self._servers.aclose()
