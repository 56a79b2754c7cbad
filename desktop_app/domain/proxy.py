"""A proxy's address: read from what a person, the environment or the system wrote."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

_HOST: Final = re.compile(r"[a-z0-9_.:-]{1,253}")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080}
_LONGEST_LOGIN: Final = 255
_SAME_AS: Final = {"socks5h": "socks5", "socks": "socks5"}


class ProxyMode(StrEnum):
    """How requests leave this machine."""

    SYSTEM = "system"
    NONE = "none"
    CUSTOM = "custom"


class ProxyProblem(StrEnum):
    """Why the address of a proxy is refused."""

    EMPTY = "empty"
    BAD_SCHEME = "bad_scheme"
    BAD_HOST = "bad_host"
    BAD_PORT = "bad_port"
    LOGIN = "login"


class ProxyAddressError(ValueError):
    """An address that cannot be used; ``problem`` says why and the address is not repeated."""

    def __init__(self, problem: ProxyProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that speaks HTTP's ``CONNECT`` or SOCKS 5.

    Attributes:
        scheme: ``http``, ``https`` (the way to the proxy itself is encrypted too) or ``socks5``.
        host: Name or address, without brackets.
        port: TCP port.
        user: For a proxy that asks who is there; empty for none.
        password: Belongs to ``user``.
    """

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """Host and port: what a person is told."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        """Scheme, host and port, such as ``http://proxy.example:3128``; no user, no password."""
        return f"{self.scheme}://{self.place}"

    @property
    def password_account(self) -> str:
        """The name under which the keyring holds its password; changes with the address."""
        return f"proxy {self.address}"

    def with_login(self, user: str, password: str) -> "Proxy":
        """Return the same proxy, met as ``user``."""
        return replace(self, user=user, password=password)


def proxy_at(text: str) -> Proxy:
    """Return the proxy that ``text`` names, such as ``socks5://127.0.0.1:1080`` or ``host:3128``.

    Without a scheme it is ``http``, as in the environment variables. The proxy always looks up the
    server's name, so ``socks5h`` means the same as ``socks5``.

    Raises:
        ProxyAddressError: With the reason.
    """
    text = text.strip()
    if not text:
        raise ProxyAddressError(ProxyProblem.EMPTY)
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host = parts.hostname or ""
    except ValueError:
        raise ProxyAddressError(ProxyProblem.BAD_HOST) from None
    scheme = _SAME_AS.get(parts.scheme, parts.scheme)
    if scheme not in _DEFAULT_PORTS:
        raise ProxyAddressError(ProxyProblem.BAD_SCHEME)
    unexpected = parts.path.strip("/") or parts.query or parts.fragment
    if unexpected or not _HOST.fullmatch(host):
        raise ProxyAddressError(ProxyProblem.BAD_HOST)
    try:
        port = _DEFAULT_PORTS[scheme] if parts.port is None else parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ProxyAddressError(ProxyProblem.BAD_PORT)
    return Proxy(scheme, host, port, unquote(parts.username or ""), unquote(parts.password or ""))


def problem_of_kept_address(text: str) -> ProxyProblem | None:
    """Return why ``text`` cannot be kept in the settings; an empty one can.

    The settings are a plain file, so a password has no place in them: see
    :mod:`desktop_app.chat.proxy_login`.
    """
    if not text:
        return None
    try:
        proxy = proxy_at(text)
    except ProxyAddressError as error:
        return error.problem
    return ProxyProblem.LOGIN if proxy.user or proxy.password else None


def can_be_user(text: str) -> bool:
    """Whether a proxy can be told ``text`` as the name of a user.

    A colon parts it from the password in the header that carries both (RFC 7617).
    """
    return ":" not in text and can_be_password(text)


def can_be_password(text: str) -> bool:
    """Whether a proxy can be told ``text``: no control characters, at most 255 bytes (RFC 1929)."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return False
    return size <= _LONGEST_LOGIN and not any(unicodedata.category(c) == "Cc" for c in text)
