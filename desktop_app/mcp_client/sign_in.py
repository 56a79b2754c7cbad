"""Signing in to an HTTP server with OAuth: the SDK's flow, tokens in the keyring, a page the person sees.

Nothing is opened unless the person asked for this server to be started, was shown the host, and
agreed; and nothing but https, or an address of this computer. Loaded late.
"""

import json
import socket
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp.client.auth import OAuthClientProvider
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from pydantic import AnyUrl, BaseModel, ValidationError

from desktop_app import APP_NAME
from desktop_app.chat.mcp_ports import OpenPage
from desktop_app.chat.ports import KeyStore
from desktop_app.domain.connection import is_loopback
from desktop_app.domain.mcp_server import ServerConfig
from desktop_app.log import remember_secret
from desktop_app.mcp_client.redirect_listener import RedirectListener
from desktop_app.mcp_client.server_secrets import token_account

Pause = Callable[[], AbstractContextManager[None]]
_PATH: Final = "/callback"
_PAGE_SECONDS: Final = 300.0
_CHALLENGES: Final = frozenset({401, 403})
_Model = TypeVar("_Model", bound=BaseModel)


class SignInError(Exception):
    """Signing in did not come to an end; one sentence in English, without secrets."""


class SignInNeededError(SignInError):
    """The person has to ask for it first."""


class SignIn:
    """Gives what signs the requests to each server.

    Args:
        keys: The keyring.
        open_page: Shows the person where they would sign in, and opens it when they agree.
        is_wanted: Whether the person asked for this server just now.
    """

    def __init__(
        self, keys: KeyStore, open_page: OpenPage, is_wanted: Callable[[str], bool]
    ) -> None:
        self._keys, self._open_page, self._is_wanted = keys, open_page, is_wanted

    async def auth(self, config: ServerConfig, person_is_asked: Pause) -> httpx2.Auth | None:
        """Return what signs requests to ``config``; ``None`` where its own headers do.

        Args:
            config: An HTTP server.
            person_is_asked: A context in which time does not count.
        """
        if any(name.casefold() == "authorization" for name in config.headers):
            return None
        storage = await _Tokens.load(self._keys, config)
        listener = RedirectListener(storage.port, _PATH)

        async def open_page(url: str) -> None:
            if not self._is_wanted(config.name):
                raise SignInNeededError("The person has not asked to sign in.")
            if not may_be_opened(url):
                raise SignInError("The server wants to open an address that is not https.")
            (state,) = parse_qs(urlsplit(url).query).get("state") or [""]
            try:
                await listener.open(state)
            except OSError as error:
                await storage.forget_registration()
                raise SignInError(f"No answer could be received: {error.strerror}") from error
            try:
                with person_is_asked():
                    agreed = await self._open_page(config.name, url)
            except BaseException:
                await listener.close()
                raise
            if not agreed:
                await listener.close()
                raise SignInError("It was declined.")

        async def wait_for_code() -> AuthorizationCodeResult:
            try:
                with person_is_asked():
                    answer = await listener.wait(_PAGE_SECONDS)
            except TimeoutError:
                raise SignInError("Nobody signed in within five minutes.") from None
            finally:
                await listener.close()
            if "error" in answer:
                raise SignInError(f"It was refused: {answer['error'][:100]}")
            return AuthorizationCodeResult(
                code=answer.get("code", ""), state=answer.get("state"), iss=answer.get("iss")
            )

        metadata = OAuthClientMetadata(
            client_name=APP_NAME,
            redirect_uris=[AnyUrl(listener.address)],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
            token_endpoint_auth_method="none",  # noqa: S106 (a way, no password)
        )
        provider = OAuthClientProvider(config.url, metadata, storage, open_page, wait_for_code)
        # Without it a token that was loaded counts as good until the server refuses it, and the
        # person would be asked where a refresh does (mcp 2.3).
        provider.context.token_expiry_time = storage.expires_at
        provider.context.current_tokens = await storage.get_tokens()
        return _WithoutQueue(provider)


def may_be_opened(url: str) -> bool:
    """Whether ``url`` is https, or leads to this computer."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if any(ord(letter) <= 0x20 for letter in url) or not parts.hostname or parts.username:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


class _WithoutQueue(httpx2.Auth):
    """Signs requests side by side, and leaves to the SDK's flow what only that can do.

    The SDK's flow holds a lock until a request is answered (mcp 2.3): one call that takes minutes would
    keep every other call waiting, and even the word that it was cancelled.
    """

    def __init__(self, provider: OAuthClientProvider) -> None:
        self._provider = provider

    @property
    def has_tokens(self) -> bool:
        """Whether somebody has signed in."""
        return self._provider.context.current_tokens is not None

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        context = self._provider.context
        tokens = context.current_tokens
        if tokens is None or context.is_token_valid():
            if tokens is not None:
                request.headers["Authorization"] = f"Bearer {tokens.access_token}"
            response = yield request
            if response.status_code not in _CHALLENGES:
                return
        flow = self._provider.async_auth_flow(request)
        try:
            outgoing = await anext(flow)
            while True:
                outgoing = await flow.asend((yield outgoing))
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()


class _Tokens:
    """The tokens of one server in the keyring, with the registration and port they belong to."""

    def __init__(self, keys: KeyStore, account: str, content: dict[str, Any]) -> None:
        self._keys, self._account, self._content = keys, account, content
        port = content.get("port")
        self.port = port if isinstance(port, int) and 1024 <= port < 65536 else _free_port()

    @property
    def expires_at(self) -> float | None:
        """When the token runs out, in seconds since the Unix epoch."""
        at = self._content.get("expires_at")
        return float(at) if isinstance(at, int) else None

    @classmethod
    async def load(cls, keys: KeyStore, config: ServerConfig) -> "_Tokens":
        account = token_account(config)
        reading = await keys.read(account)
        try:
            content = json.loads(reading.key or "{}")
        except ValueError:
            content = {}
        return cls(keys, account, content if isinstance(content, dict) else {})

    async def get_tokens(self) -> OAuthToken | None:
        return _parsed(OAuthToken, self._content.get("tokens"))

    async def set_tokens(self, tokens: OAuthToken) -> None:
        remember_secret(tokens.access_token)
        remember_secret(tokens.refresh_token or "")
        self._content.pop("expires_at", None)
        if tokens.expires_in is not None:
            self._content["expires_at"] = int(time.time()) + int(tokens.expires_in)
        await self._keep("tokens", tokens.model_dump(mode="json", exclude_none=True))

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return _parsed(OAuthClientInformationFull, self._content.get("client"))

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        remember_secret(client_info.client_secret or "")
        await self._keep("client", client_info.model_dump(mode="json", exclude_none=True))

    async def forget_registration(self) -> None:
        """The port is taken by somebody: register anew, with another one."""
        self._content.pop("client", None)
        self._content.pop("port", None)
        await self._keys.write(self._account, json.dumps(self._content))

    async def _keep(self, name: str, value: object) -> None:
        self._content |= {name: value, "port": self.port}
        await self._keys.write(self._account, json.dumps(self._content))


def _parsed(model: type[_Model], content: object) -> _Model | None:
    try:
        return model.model_validate(content) if content is not None else None
    except ValidationError:
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
