"""Where requests go: a base URL that has been checked, and how that server likes to be spoken to."""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

_VERSION_AT_END: Final = re.compile(r"/v[0-9]\Z")
_HOST_NAME: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
_LONGEST_HOST_NAME: Final = 253


class EndpointProblem(StrEnum):
    """Why an address is refused."""

    EMPTY = "empty"
    NO_SCHEME = "no_scheme"
    BAD_SCHEME = "bad_scheme"
    PLAIN_HTTP = "plain_http"
    NO_HOST = "no_host"
    BAD_CHARACTER = "bad_character"
    USER_IN_URL = "user_in_url"
    QUERY_IN_URL = "query_in_url"
    BAD_PORT = "bad_port"


class EndpointError(ValueError):
    """An address that cannot be used; ``problem`` says why."""

    def __init__(self, problem: EndpointProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class ConnectionSource(StrEnum):
    """Where a connection was declared."""

    REGION = "region"
    CUSTOM = "custom"
    ENVIRONMENT = "environment"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Connection:
    """A server to talk to.

    Attributes:
        id: Stable word: a region's id, a custom endpoint's id, ``environment`` or ``demo``.
        name: What the header shows.
        base_url: From :func:`normalised_base_url`.
        source: Where it was declared.
        is_minimax: Whether the server speaks MiniMax's dialect: ``reasoning_details`` is sent back,
            and error numbers mean what MiniMax says they mean.
        reasoning_split: Whether to ask for thinking in a field of its own.
        needs_key: Whether a request without a key is pointless.
    """

    id: str
    name: str
    base_url: str
    source: ConnectionSource
    is_minimax: bool = True
    reasoning_split: bool = True
    needs_key: bool = True

    @property
    def origin(self) -> str:
        """Scheme, host and port, such as ``https://api.minimax.io:443``: what a key is bound to."""
        return origin_of(self.base_url)

    @property
    def host(self) -> str:
        """Host, with the port where it is not the scheme's own: what a person is told."""
        return urlsplit(self.base_url).netloc

    @property
    def key_account(self) -> str:
        """The name under which the keyring holds this connection's key; changes with the origin."""
        return f"{self.id} {self.origin}"


def normalised_base_url(text: str) -> str:
    """Return ``text`` as a base URL without trailing slash, or say why it cannot be one.

    Leading and trailing space is dropped, and so is an endpoint's path that was pasted along
    (``/chat/completions``, ``/v1/models``). A host is a plain name or an address: with other
    characters in it, HTTP libraries differ about where it ends, and a key is bound to it. Measured with the openai SDK 3.54: a missing scheme or a leading space
    gives only "Connection error.", a trailing space goes into the path, a query garbles it, a user
    name in the address replaces the key's header.

    Raises:
        EndpointError: With the reason.
    """
    text = text.strip()
    if not text:
        raise EndpointError(EndpointProblem.EMPTY)
    if not (text.isascii() and text.isprintable()) or " " in text or "\\" in text:
        raise EndpointError(EndpointProblem.BAD_CHARACTER)
    parts = _split(text)
    host = parts.hostname
    if not host:
        raise EndpointError(EndpointProblem.NO_HOST)
    if parts.username is not None or parts.password is not None:
        raise EndpointError(EndpointProblem.USER_IN_URL)
    if not _is_host(host, bracketed="[" in parts.netloc):
        raise EndpointError(EndpointProblem.BAD_CHARACTER)
    if parts.query or parts.fragment:
        raise EndpointError(EndpointProblem.QUERY_IN_URL)
    if parts.scheme == "http" and not is_loopback(host):
        raise EndpointError(EndpointProblem.PLAIN_HTTP)
    return f"{parts.scheme}://{_netloc(parts, host)}{_base_path(parts.path)}"


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address without brackets) is this machine."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> str:
    """Return scheme, host and port of ``url``, the port always written."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _split(text: str) -> SplitResult:
    if "://" not in text:
        raise EndpointError(EndpointProblem.NO_SCHEME)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise EndpointError(EndpointProblem.NO_HOST) from None
    if not parts.scheme:
        raise EndpointError(EndpointProblem.NO_SCHEME)
    if parts.scheme not in {"http", "https"}:
        raise EndpointError(EndpointProblem.BAD_SCHEME)
    try:
        port = parts.port
    except ValueError:
        raise EndpointError(EndpointProblem.BAD_PORT) from None
    if port == 0:
        raise EndpointError(EndpointProblem.BAD_PORT)
    return parts


def _base_path(path: str) -> str:
    """Return ``path`` without a trailing slash and without what was pasted along."""
    before = None
    while path != before:
        before = path
        path = path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
        # Only after a version: elsewhere it can be part of the base, as in Azure AI Foundry.
        without_list = path.removesuffix("/models").rstrip("/")
        if _VERSION_AT_END.search(without_list[-3:]):
            path = without_list
    return path


def _is_host(host: str, *, bracketed: bool) -> bool:
    if not bracketed:
        return len(host) <= _LONGEST_HOST_NAME and _HOST_NAME.fullmatch(host) is not None
    try:
        return "%" not in host and ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


def _netloc(parts: SplitResult, host: str) -> str:
    host = f"[{host}]" if ":" in host else host
    default_port = 443 if parts.scheme == "https" else 80
    return host if parts.port in {None, default_port} else f"{host}:{parts.port}"
