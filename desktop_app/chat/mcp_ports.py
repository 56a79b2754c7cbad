"""What the window needs of the MCP servers, and what they need of the window, as Protocols."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from desktop_app.domain.mcp_content import (
    Elicitation,
    ElicitationAnswer,
    Prompt,
    PromptMessage,
    Resource,
    ResourceText,
    Sampling,
)
from desktop_app.domain.mcp_server import (
    EntryFault,
    ImportPreview,
    LogLine,
    ServerConfig,
    ServerEntry,
)


class McpError(Exception):
    """A server could not do what it was asked for; one sentence in English, without secrets."""


class ConfigWriteError(Exception):
    """The file of the servers cannot be written; the message is the system's word."""


Ask = Callable[[Elicitation], Awaitable[ElicitationAnswer]]
"""Shows a question to the person; cancelled when the server no longer waits."""

OpenPage = Callable[[str, str], Awaitable[bool]]
"""Called with a server's name and an address that the person is to sign in at; whether they agreed.

The address is https, or on this computer. The person sees its host first."""

Sample = Callable[[Sampling], Awaitable[str]]
"""Lets the person's model write what a server asks for."""

Roots = Callable[[], Sequence[Path]]
"""The folders that servers are told of."""


class McpServers(Protocol):
    """All configured servers. None of them keeps another one waiting."""

    @property
    def entries(self) -> tuple[ServerEntry, ...]:
        """How each stands, in the order of the file."""
        ...

    @property
    def file(self) -> Path:
        """Where they are configured."""
        ...

    @property
    def file_fault(self) -> EntryFault | None:
        """What is wrong with the file as a whole."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` soon after an entry changed; returns how to stop that."""
        ...

    def attend(self, ask: Ask | None, open_page: OpenPage | None) -> None:
        """Name who shows questions and sign-in pages to the person; ``None`` refuses them."""
        ...

    async def reload(self) -> None:
        """Read the file again and start, restart or stop what changed."""
        ...

    def log(self, name: str) -> tuple[LogLine, ...]:
        """The last lines of a server's log, the oldest first."""
        ...

    def check(self, config: ServerConfig, typed: Mapping[str, str]) -> EntryFault | None:
        """Say what is wrong with an entry as the person entered it."""
        ...

    async def save(
        self, config: ServerConfig, typed: Mapping[str, str], replaces: str = ""
    ) -> bool:
        """Write an entry; what the person typed as values goes to the keyring.

        Saving it here is agreeing to its command line or address. It is (re)started unless it is
        disabled.

        Args:
            config: The entry; of the values named in ``typed`` whatever stands in it is dropped.
            typed: Values by the name of the variable or header.
            replaces: Its name until now, where that changes.

        Returns:
            Whether the keyring keeps the values; ``False`` when they live for this run only.

        Raises:
            ConfigWriteError: When the file cannot be written.
        """
        ...

    async def remove(self, name: str) -> None:
        """Take an entry out of the file, and its values and tokens out of the keyring.

        Raises:
            ConfigWriteError: When the file cannot be written.
        """
        ...

    async def enable(self, name: str, *, on: bool) -> None:
        """Start or stop a server, now and at the next start of the program.

        Raises:
            ConfigWriteError: When the file cannot be written.
        """
        ...

    async def approve(self, name: str, fingerprint: str) -> None:
        """Agree to what the person was shown, if it still is that, and start it."""
        ...

    async def restart(self, name: str) -> None:
        """Stop and start a server at once; returns when it is ready or has failed."""
        ...

    async def sign_out(self, name: str) -> None:
        """Forget the tokens of a server."""
        ...

    def import_files(self) -> tuple[Path, ...]:
        """The files of other programs that are found on this computer."""
        ...

    async def preview_import(self, path: Path) -> ImportPreview:
        """Read another program's file; nothing is written or started."""
        ...

    async def bring_in(self, configs: Sequence[ServerConfig]) -> None:
        """Write entries of a preview, switched off and not agreed to; names that are taken change.

        Raises:
            ConfigWriteError: When the file cannot be written.
        """
        ...

    async def resources(self, server: str = "") -> tuple[Resource, ...]:
        """What the servers that are ready offer to read; one that does not answer is left out.

        Args:
            server: Asks this one alone.
        """
        ...

    async def read_resource(self, resource: Resource) -> tuple[ResourceText, ...]:
        """Read it.

        Raises:
            McpError: When it cannot be read.
        """
        ...

    async def prompts(self, server: str = "") -> tuple[Prompt, ...]:
        """The prompts of the servers that are ready; one that does not answer is left out.

        Args:
            server: Asks this one alone.
        """
        ...

    async def get_prompt(
        self, prompt: Prompt, arguments: Mapping[str, str]
    ) -> tuple[PromptMessage, ...]:
        """Fill it in.

        Raises:
            McpError: When the server refuses or does not answer.
        """
        ...


class ServersDoor(Protocol):
    """The way to the servers, whose room is loaded when they are first wanted."""

    def __call__(self) -> McpServers:
        """Return them; none is started by that."""
        ...

    @property
    def opened(self) -> McpServers | None:
        """They, where somebody has wanted them already; loads nothing."""
        ...
