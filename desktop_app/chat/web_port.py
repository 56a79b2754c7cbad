"""What tools need of whoever reads web pages for them; the providers implement it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """What a server answered, after all redirects.

    Attributes:
        url: Where the answer came from in the end.
        status: HTTP status.
        content_type: As the server says it, with its parameters; empty when it does not.
        body: Unpacked; maybe only its beginning.
        is_cut: Whether ``body`` is only the beginning.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    is_cut: bool = False


class WebReader(Protocol):
    """Reads web pages, with the program's proxy and certificates."""

    async def read(self, url: str, *, private_addresses: bool) -> WebAnswer:
        """Ask for ``url`` and read what comes.

        Every address that is connected to, also after a redirect, was checked before.

        Args:
            url: http or https.
            private_addresses: Whether this computer and its network may be asked too.

        Raises:
            ToolError: When it cannot be asked, may not be, or does not answer.
        """
        ...
